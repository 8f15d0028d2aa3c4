//! Staging, joining and throwing away.

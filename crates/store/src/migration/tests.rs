//! Every earlier schema is brought up with its rows, and a step that fails leaves the earlier one.

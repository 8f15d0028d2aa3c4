//! Intents through their states.

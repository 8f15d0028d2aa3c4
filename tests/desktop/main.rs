//! The real window, opened on a virtual display and driven as a person would, through tauri-driver.
//!
//! Linux only: there is no such driver for the web view of macOS.

#![cfg(target_os = "linux")]

mod person;

mod accessible;
mod ending;
mod failing_run;
mod first_page;
mod first_run;
mod large;
mod security;
mod shell;
mod trouble;

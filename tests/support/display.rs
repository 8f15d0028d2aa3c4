//! A display: the one that is given, else a virtual one that goes with the test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A display to open windows on.
pub struct Display {
    /// The value for DISPLAY.
    pub name: String,
    server: Option<Child>,
}

impl Display {
    /// The display of the environment, else a new one.
    ///
    /// # Panics
    /// When there is none and Xvfb is not installed.
    #[must_use]
    pub fn find_or_start() -> Self {
        match std::env::var("DISPLAY") {
            Ok(name) if !name.is_empty() => Self { name, server: None },
            _ => Self::start(),
        }
    }

    fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1920x1400x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts; `cargo xtask prepare` installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("its output is piped"))
            .read_line(&mut number)
            .expect("Xvfb tells its display number");
        Self { name: format!(":{}", number.trim()), server: Some(server) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _already_gone = server.kill();
            let _already_gone = server.wait();
        }
    }
}

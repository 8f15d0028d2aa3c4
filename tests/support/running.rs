//! A command that goes on while the test looks at it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::isthmus::{Desk, Done, done};

/// A running command; it is ended with this value.
pub struct Running(Option<Child>);

impl Desk {
    /// Starts a command and goes on.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }
}

impl Running {
    /// Starts a command with its output kept.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(Some(command.spawn().expect("the command starts")))
    }

    /// Its process id.
    ///
    /// # Panics
    /// Never before [`Running::finish`].
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.as_ref().expect("it runs").id()
    }

    /// Reads standard error up to the first line that has this text, and gives that line.
    ///
    /// # Panics
    /// When it ends without one.
    pub fn line_with(&mut self, text: &str) -> String {
        let child = self.0.as_mut().expect("it runs");
        let errors = child.stderr.as_mut().expect("its standard error is kept");
        // One byte at a time, so that nothing after the line is lost.
        let mut lines = BufReader::with_capacity(1, errors).lines();
        let mut seen = Vec::new();
        while let Some(Ok(line)) = lines.next() {
            if line.contains(text) {
                return line;
            }
            seen.push(line);
        }
        panic!("no line with {text:?}: {seen:?}");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When its output cannot be read.
    #[must_use]
    pub fn finish(mut self) -> Done {
        let child = self.0.take().expect("it is finished once");
        done(&child.wait_with_output().expect("it ends"))
    }

    /// Waits for its end and watches time and memory on the way; gives the most memory it held, in bytes.
    ///
    /// # Panics
    /// When it takes longer, or its output cannot be read.
    #[must_use]
    pub fn finish_within(mut self, limit: Duration) -> (Done, u64) {
        let child = self.0.take().expect("it is finished once");
        let id = child.id();
        // Its output is read on the side: a full pipe would hold it up.
        let waiter = std::thread::spawn(move || child.wait_with_output());
        let started = Instant::now();
        let mut peak = 0;
        while !waiter.is_finished() {
            if started.elapsed() > limit {
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
                panic!("it takes longer than {limit:?}");
            }
            peak = peak.max(peak_memory(id).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(5));
        }
        let output = waiter.join().expect("the waiting thread does not panic").expect("it ends");
        (done(&output), peak)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The most memory a process has held so far, in bytes; `None` once it has ended.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

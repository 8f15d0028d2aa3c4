//! What benches measure with: wall time and peak resident memory of one process from outside, the middle of several rounds.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the process's memory is looked at; VmHWM is a high-water mark, so nothing between two looks is missed
/// but growth in the last few milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// One process, measured.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Wall time.
    pub seconds: f64,
    /// Most memory that was resident at once.
    pub peak_megabytes: f64,
}

/// Runs a command to its end and measures it.
///
/// # Panics
/// When it does not start.
#[must_use]
pub fn measure(mut command: Command) -> Measured {
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the measured process starts");
    let mut peak_kilobytes = 0.0_f64;
    loop {
        peak_kilobytes = peak_kilobytes.max(high_water_kilobytes(child.id()));
        if child.try_wait().expect("the process can be waited for").is_some() {
            break;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Measured { seconds: started.elapsed().as_secs_f64(), peak_megabytes: peak_kilobytes / 1024.0 }
}

/// The middle value.
#[must_use]
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A number behind an option of the command line, as `--rows 1000`.
#[must_use]
pub fn option(arguments: &[String], name: &str) -> Option<u64> {
    let position = arguments.iter().position(|argument| argument == name)?;
    arguments.get(position + 1)?.parse().ok()
}

fn high_water_kilobytes(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0)
}

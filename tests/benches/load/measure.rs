//! Wall time and peak resident memory of one process, from outside.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the process's memory is looked at; VmHWM is a high-water mark, so nothing between two looks is missed
/// but growth in the last few milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// One process, measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) seconds: f64,
    pub(crate) peak_megabytes: f64,
}

/// Runs a command to its end and measures it.
pub(crate) fn measure(mut command: Command) -> Measured {
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
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

fn high_water_kilobytes(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0)
}

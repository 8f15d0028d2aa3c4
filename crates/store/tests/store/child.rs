//! Running a test of this binary again in a process of its own, where wanted on a disk of one megabyte.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set in the child: where it works.
pub(crate) const FOLDER: &str = "ISTHMUS_STORE_TEST_FOLDER";

/// A child that is killed with its test.
pub(crate) struct Child(pub(crate) std::process::Child);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The folder to work in, in the child.
pub(crate) fn inside() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Starts a test of this binary as a child.
pub(crate) fn spawn(test: &str, folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(FOLDER, folder).stdout(Stdio::piped());
    Child(command.spawn().unwrap())
}

/// Runs a test of this binary to its end with a tmpfs of one megabyte at the folder; says so where that is refused.
pub(crate) fn spawn_on_small_disk(test: &str, folder: &Path) {
    let mount = "mount -t tmpfs -o size=1m tmpfs \"$0\"";
    if !run(Command::new("unshare").args(["-rm", "sh", "-c", mount]).arg(folder)) {
        println!(
            "SKIPPED {test}: this machine gives no tmpfs of its own; a limited page count stands in elsewhere"
        );
        return;
    }
    let script = format!("{mount} && exec \"$1\" --exact \"$2\" --nocapture");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script]).arg(folder);
    command.arg(std::env::current_exe().unwrap()).arg(test).env(FOLDER, folder);
    assert!(run(&mut command), "{test} failed on its small disk");
}

fn run(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

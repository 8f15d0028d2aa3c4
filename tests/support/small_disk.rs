//! A disk that is soon full.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A tmpfs of 1 MB in a mount namespace of its own, reached through the process that holds it.
pub struct SmallDisk {
    holder: Child,
    answers: BufReader<ChildStdout>,
    /// Where it is mounted, for those that are started through its entrance.
    pub folder: PathBuf,
}

impl SmallDisk {
    /// `None` where the machine does not let ordinary users make namespaces.
    ///
    /// # Panics
    /// When the folder cannot be made.
    #[must_use]
    pub fn mount(folder: &Path) -> Option<Self> {
        std::fs::create_dir_all(folder).expect("the desk is writable");
        let script = "mount -t tmpfs -o size=1m tmpfs \"$0\" || exit; echo mounted; \
                      while read -r size; do mount -o \"remount,size=$size\" tmpfs \"$0\"; echo resized; done";
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]).arg(folder);
        let mut holder = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut answers = BufReader::new(holder.stdout.take()?);
        let mut answer = String::new();
        if answers.read_line(&mut answer).is_err() || answer.trim() != "mounted" {
            let _ = holder.wait();
            return None;
        }
        Some(Self { holder, answers, folder: folder.to_owned() })
    }

    /// What a command must be started through to see the disk. Inside it is its own user again, not the namespace's
    /// root: the session bus compares user ids.
    ///
    /// # Panics
    /// When the folder is gone.
    #[must_use]
    pub fn entrance(&self) -> Vec<String> {
        let holder = self.holder.id().to_string();
        let enter = ["nsenter", "--user", "--mount", "--preserve-credentials", "--target", &holder];
        let mut words = enter.map(str::to_owned).to_vec();
        let owner = std::fs::metadata(&self.folder).expect("the desk's folder is there");
        if owner.uid() != 0 {
            let (user, group) = (owner.uid().to_string(), owner.gid().to_string());
            let become_user = ["unshare", "--user", "--map-user", &user, "--map-group", &group];
            words.extend(become_user.map(str::to_owned));
        }
        words
    }

    /// Makes room.
    ///
    /// # Panics
    /// When the process that holds it is gone.
    pub fn grow(&mut self) {
        let stdin = self.holder.stdin.as_mut().expect("it is kept");
        stdin.write_all(b"64m\n").expect("the holder reads");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the holder answers");
        assert_eq!(answer.trim(), "resized");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

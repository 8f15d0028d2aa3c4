//! Words that must not be found where they do not belong: tokens, keys, and the values of records.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use isthmus_store::LedgerKey;
use isthmus_tests::isthmus::{Desk, Done};
use isthmus_tests::orgs::Orgs;
use secrecy::ExposeSecret;

/// Words to look for.
#[derive(Default)]
pub(crate) struct Canaries {
    /// Tokens and keys: they belong nowhere at all.
    secrets: BTreeSet<String>,
    /// Values of records: they belong where rows are shown.
    values: BTreeSet<String>,
}

impl Canaries {
    pub(crate) fn add_secret(&mut self, word: &str) {
        assert!(word.len() >= 12, "{word} could be found by chance");
        self.secrets.insert(word.to_owned());
    }

    pub(crate) fn add_value(&mut self, word: &str) {
        assert!(word.len() >= 12, "{word} could be found by chance");
        self.values.insert(word.to_owned());
    }

    /// Every token and code that the orgs know now.
    pub(crate) fn add_tokens(&mut self, orgs: &Orgs) {
        for name in ["sales", "service"] {
            for secret in orgs.org(name).oauth.secrets() {
                self.add_secret(&secret);
            }
        }
    }

    /// The recovery key as shown, without its dashes, and the ledger key that it stands for.
    pub(crate) fn add_recovery_key(&mut self, shown: &str) {
        self.add_secret(shown);
        self.add_secret(&shown.replace('-', ""));
        let key = LedgerKey::from_recovery(shown).expect("the key that was shown");
        self.add_secret(key.to_text().expose_secret());
    }

    pub(crate) fn secrets(&self) -> usize {
        self.secrets.len()
    }

    /// Fails when one of the words is in these bytes.
    pub(crate) fn assert_none_in(&self, bytes: &[u8], place: &str) {
        self.assert_no_secret_in(bytes, place);
        self.values.iter().for_each(|word| assert_lacks(bytes, word, place));
    }

    /// Fails when a secret is in these bytes, where values may be.
    pub(crate) fn assert_no_secret_in(&self, bytes: &[u8], place: &str) {
        self.secrets.iter().for_each(|word| assert_lacks(bytes, word, place));
    }

    /// Looks through what a command printed.
    pub(crate) fn assert_none_printed(&self, done: &Done, command: &str) {
        self.assert_none_in(done.stdout.as_bytes(), &format!("the output of {command}"));
        self.assert_none_in(done.stderr.as_bytes(), &format!("the errors of {command}"));
    }

    /// Looks through arguments and environment of a running process.
    pub(crate) fn assert_none_in_process(&self, process: u32) {
        for part in ["cmdline", "environ"] {
            let path = format!("/proc/{process}/{part}");
            let bytes = std::fs::read(&path).expect("the process runs and is ours");
            assert!(!bytes.is_empty(), "{path}");
            self.assert_none_in(&bytes, &path);
        }
    }

    /// Looks through every file of a desk but the ones that the test wrote or asked for; gives those it looked at.
    pub(crate) fn assert_none_in_files(&self, desk: &Desk, but: &[&str]) -> Vec<PathBuf> {
        let files = files(desk.home());
        let searched: Vec<PathBuf> =
            files.into_iter().filter(|path| !but.iter().any(|name| path.ends_with(name))).collect();
        for path in &searched {
            let bytes = std::fs::read(path).expect("the desk's files are ours");
            self.assert_none_in(&bytes, &path.display().to_string());
        }
        searched
    }
}

/// Regular files below a folder; links and sockets are left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of ours").flatten() {
        let kind = entry.file_type().expect("its kind is known");
        if kind.is_dir() {
            files.extend(self::files(&entry.path()));
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    files
}

fn assert_lacks(bytes: &[u8], word: &str, place: &str) {
    let found = bytes.windows(word.len()).position(|window| window == word.as_bytes());
    assert!(
        found.is_none(),
        "{} at byte {} of {place}",
        shortened(word),
        found.unwrap_or_default()
    );
}

/// Enough to know which word it was, without spreading it further.
fn shortened(word: &str) -> String {
    word.chars().take(12).chain("…".chars()).collect()
}

//! Speaking to the keychain on a thread of its own, with a time limit.
//!
//! A locked secret service shows a prompt and answers when it is closed. Where nobody sees a prompt that answer never
//! comes, so the caller must not be the one who waits for it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use keyring_core::CredentialStore;
use zeroize::Zeroizing;

use crate::entry::Entry;
use crate::error::{Error, Result};

/// How long a keychain is waited for: enough to type a password, short enough for a script to fail.
pub const KEYCHAIN_TIMEOUT: Duration = Duration::from_secs(20);

/// A secret's bytes, wiped when dropped.
pub(crate) type SecretBytes = Zeroizing<Vec<u8>>;

/// What is asked of the keychain.
pub(crate) enum Request {
    /// Keep these bytes, and read them back.
    Set(SecretBytes),
    /// Give the bytes.
    Get,
    /// Forget them.
    Clear,
}

/// The thread that speaks to the keychain.
pub(crate) struct Worker {
    jobs: Sender<Job>,
}

struct Job {
    service: String,
    entry: Entry,
    request: Request,
    /// Set when the caller has gone: what was given up must not be carried out later.
    withdrawn: Arc<AtomicBool>,
    answer: Sender<Result<SecretBytes>>,
}

impl Worker {
    /// Starts the thread; `open` is called on it, and again after the connection broke.
    pub(crate) fn start(
        open: impl FnMut() -> keyring_core::Result<Arc<CredentialStore>> + Send + 'static,
    ) -> Result<Self> {
        let (jobs, queue) = channel();
        let thread = std::thread::Builder::new().name("keychain".to_owned());
        thread
            .spawn(move || serve(&queue, open))
            .map_err(|error| Error::Other { reason: error.to_string() })?;
        Ok(Self { jobs })
    }

    /// Asks, and waits for the answer at most so long.
    pub(crate) fn ask(
        &self,
        service: String,
        entry: Entry,
        request: Request,
        limit: Duration,
    ) -> Result<SecretBytes> {
        let (answer, answered) = channel();
        let withdrawn = Arc::new(AtomicBool::new(false));
        let job = Job { service, entry, request, withdrawn: Arc::clone(&withdrawn), answer };
        self.jobs.send(job).map_err(|_| ended())?;
        match answered.recv_timeout(limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Disconnected) => Err(ended()),
            Err(RecvTimeoutError::Timeout) => {
                withdrawn.store(true, Ordering::SeqCst);
                tracing::warn!(seconds = limit.as_secs(), "the keychain did not answer");
                let reason = format!(
                    "it did not answer within {} s, so it waits for a password",
                    limit.as_secs_f32()
                );
                Err(Error::Locked { reason })
            }
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Worker")
    }
}

fn ended() -> Error {
    Error::Other { reason: "its thread has ended".to_owned() }
}

fn serve(
    queue: &Receiver<Job>,
    mut open: impl FnMut() -> keyring_core::Result<Arc<CredentialStore>>,
) {
    let mut store = None;
    while let Ok(job) = queue.recv() {
        if job.withdrawn.load(Ordering::SeqCst) {
            continue;
        }
        let answer = with_connection(&mut store, &mut open, &job);
        // The caller may have given up meanwhile.
        let _ = job.answer.send(answer);
    }
}

/// Carries a job out; a keychain that was restarted is connected to once more.
fn with_connection(
    store: &mut Option<Arc<CredentialStore>>,
    open: &mut impl FnMut() -> keyring_core::Result<Arc<CredentialStore>>,
    job: &Job,
) -> Result<SecretBytes> {
    if let Some(connected) = store {
        match carry_out(connected, job) {
            Err(Error::Other { .. }) => *store = None,
            answer => return answer,
        }
    }
    let connected = open().map_err(|error| Error::from_opening(&error))?;
    let answer = carry_out(&connected, job);
    *store = Some(connected);
    answer
}

fn carry_out(store: &Arc<CredentialStore>, job: &Job) -> Result<SecretBytes> {
    perform(store.as_ref(), &job.service, job.entry, &job.request)
}

/// One request against a store.
pub(crate) fn perform(
    store: &CredentialStore,
    service: &str,
    entry: Entry,
    request: &Request,
) -> Result<SecretBytes> {
    let from_keyring = |error| Error::from_keyring(error, entry);
    let credential = store.build(service, &entry.user(), None).map_err(from_keyring)?;
    let read = || credential.get_secret().map(SecretBytes::new).map_err(from_keyring);
    match request {
        Request::Get => read(),
        Request::Set(secret) => {
            credential.set_secret(secret).map_err(from_keyring)?;
            let kept = read()?;
            if kept == *secret { Ok(SecretBytes::default()) } else { Err(Error::NotKept { entry }) }
        }
        Request::Clear => match credential.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(SecretBytes::default()),
            Err(error) => Err(from_keyring(error)),
        },
    }
}

#[cfg(test)]
mod tests;

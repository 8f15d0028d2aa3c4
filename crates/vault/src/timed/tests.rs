//! The time limit, withdrawn requests and reconnecting, against stores that hang or break.

use std::any::Any;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{CredentialStore, Entry as Credential, mock};
use secrecy::ExposeSecret;
use secrecy::SecretString;

use super::{Request, SecretBytes, Worker};
use crate::entry::{Entry, WorkspaceName};
use crate::error::Error;
use crate::vault::Vault;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(10);

/// A store that waits, as behind a prompt, until the test lets each call through.
#[derive(Debug)]
struct Prompting {
    gate: Mutex<Receiver<()>>,
    inner: Arc<mock::Store>,
}

impl CredentialStoreApi for Prompting {
    fn vendor(&self) -> String {
        "prompting".to_owned()
    }

    fn id(&self) -> String {
        "prompting".to_owned()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        modifiers: Option<&HashMap<&str, &str>>,
    ) -> keyring_core::Result<Credential> {
        self.gate.lock().unwrap().recv().unwrap();
        self.inner.build(service, user, modifiers)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn prompting() -> (Worker, Sender<()>) {
    let (open_gate, gate) = channel();
    let inner = mock::Store::new().unwrap();
    let store: Arc<CredentialStore> = Arc::new(Prompting { gate: Mutex::new(gate), inner });
    (Worker::start(move || Ok(Arc::clone(&store))).unwrap(), open_gate)
}

fn ask(worker: &Worker, request: Request, limit: Duration) -> Result<SecretBytes, Error> {
    worker.ask("isthmus/test".to_owned(), Entry::LedgerKey, request, limit)
}

fn bytes(text: &str) -> SecretBytes {
    SecretBytes::new(text.as_bytes().to_vec())
}

#[test]
fn a_prompt_that_nobody_answers_is_a_locked_keychain() {
    let (worker, _gate) = prompting();
    let refused = ask(&worker, Request::Get, SHORT).unwrap_err();
    assert!(matches!(refused, Error::Locked { .. }), "{refused}");
}

#[test]
fn what_was_given_up_is_not_written_later() {
    let (worker, gate) = prompting();
    ask(&worker, Request::Get, SHORT).unwrap_err();
    ask(&worker, Request::Set(bytes("given up")), SHORT).unwrap_err();
    for _ in 0..3 {
        gate.send(()).unwrap();
    }
    let found = ask(&worker, Request::Get, LONG).unwrap_err();
    assert_eq!(found, Error::Missing { entry: Entry::LedgerKey });
}

#[test]
fn an_answered_prompt_frees_the_next_request() {
    let (worker, gate) = prompting();
    ask(&worker, Request::Get, SHORT).unwrap_err();
    for _ in 0..3 {
        gate.send(()).unwrap();
    }
    ask(&worker, Request::Set(bytes("kept")), LONG).unwrap();
    assert_eq!(ask(&worker, Request::Get, LONG).unwrap().as_slice(), b"kept");
}

#[test]
fn no_keychain_says_how_to_start_one() {
    let refuse = || Err(keyring_core::Error::PlatformFailure("no bus".into()));
    let worker = Worker::start(refuse).unwrap();
    let refused = ask(&worker, Request::Get, LONG).unwrap_err();
    assert_eq!(refused, Error::NoKeychain { reason: "no bus".to_owned() });
    assert!(refused.to_string().contains("no keychain is running (no bus)"));
}

#[test]
fn a_restarted_keychain_is_connected_to_again() {
    let store = mock::Store::new().unwrap();
    let shared = Arc::clone(&store);
    let worker = Worker::start(move || Ok(Arc::clone(&shared) as Arc<CredentialStore>)).unwrap();
    ask(&worker, Request::Set(bytes("kept")), LONG).unwrap();
    break_next_call(&store, keyring_core::Error::PlatformFailure("the bus went away".into()));
    assert_eq!(ask(&worker, Request::Get, LONG).unwrap().as_slice(), b"kept");
}

#[test]
fn errors_that_carry_secret_bytes_do_not_show_them() {
    let vault = Vault::in_memory(WorkspaceName::parse("test").unwrap());
    vault.set(Entry::LedgerKey, &SecretString::from("canary")).unwrap();
    assert_eq!(vault.get(Entry::LedgerKey).unwrap().expose_secret(), "canary");
    let error = keyring_core::Error::BadEncoding(b"canary".to_vec());
    let shown = Error::from_keyring(error, Entry::LedgerKey);
    assert!(!format!("{shown} {shown:?}").contains("canary"));
    assert!(!format!("{vault:?}").contains("canary"));
}

fn break_next_call(store: &Arc<mock::Store>, error: keyring_core::Error) {
    let credential = store.build("isthmus/test", &Entry::LedgerKey.user(), None).unwrap();
    let mock: &mock::Cred = credential.as_any().downcast_ref().unwrap();
    mock.set_error(error);
}

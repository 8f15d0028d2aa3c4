//! The real secret service, where one can be started: each test has a bus and a keyring of its own.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "test code outside test functions, too"
)]

mod session;

use std::time::{Duration, Instant};

use isthmus_model::ids::OrgId;
use isthmus_vault::{Entry, Error, Vault, WorkspaceName};
use secrecy::{ExposeSecret, SecretString};

use crate::session::{INSIDE, Keyring, PREPARES, inside_own_session, outside};

fn vault() -> Vault {
    Vault::native(WorkspaceName::parse("integration-test").unwrap()).unwrap()
}

#[test]
fn secrets_survive_in_an_unlocked_secret_service() {
    if outside() {
        return inside_own_session(
            "secrets_survive_in_an_unlocked_secret_service",
            Keyring::Unlocked,
        );
    }
    let org = OrgId::parse("00DHs00000AbCdE").unwrap();
    let entries = Entry::of_org(org).into_iter().chain([Entry::LedgerKey, Entry::AuditHead]);
    for entry in entries.clone() {
        assert!(!vault().is_set(entry).unwrap());
        vault().set(entry, &SecretString::from("first")).unwrap();
        vault().set(entry, &SecretString::from("second, with ünicode")).unwrap();
    }
    // A new connection, as another process would have.
    for entry in entries {
        assert_eq!(vault().get(entry).unwrap().expose_secret(), "second, with ünicode");
    }
    vault().clear_org(org).unwrap();
    assert!(!vault().is_set(Entry::RefreshToken(org)).unwrap());
    assert!(vault().is_set(Entry::LedgerKey).unwrap());
}

#[test]
fn another_workspace_sees_none_of_this_ones_secrets() {
    if outside() {
        return inside_own_session(
            "another_workspace_sees_none_of_this_ones_secrets",
            Keyring::Unlocked,
        );
    }
    vault().set(Entry::LedgerKey, &SecretString::from("mine")).unwrap();
    let other = Vault::native(WorkspaceName::parse("another").unwrap()).unwrap();
    assert_eq!(
        other.get(Entry::LedgerKey).unwrap_err(),
        Error::Missing { entry: Entry::LedgerKey }
    );
}

#[test]
fn a_locked_keyring_is_reported_within_its_time_limit() {
    if outside() {
        return inside_own_session(
            "a_locked_keyring_is_reported_within_its_time_limit",
            Keyring::Locked,
        );
    }
    let secret = SecretString::from("kept before");
    if std::env::var_os(PREPARES).is_some() {
        return vault().set(Entry::LedgerKey, &secret).unwrap();
    }
    let limit = Duration::from_secs(3);
    let vault = vault().with_limit(limit);
    for attempt in [
        vault.get(Entry::LedgerKey).map(|_| ()),
        vault.set(Entry::LedgerKey, &SecretString::from("never kept")),
        vault.set(Entry::AuditHead, &SecretString::from("never kept")),
    ] {
        let refused = attempt.unwrap_err();
        assert!(matches!(refused, Error::Locked { .. }), "{refused}");
    }
    let begun = Instant::now();
    vault.is_set(Entry::LedgerKey).unwrap_err();
    assert!(begun.elapsed() < limit * 2);
}

#[test]
fn without_a_bus_it_says_how_to_start_a_keychain() {
    if outside() {
        return inside_own_session("without_a_bus_it_says_how_to_start_a_keychain", Keyring::None);
    }
    let refused = vault().get(Entry::LedgerKey).unwrap_err();
    assert!(matches!(refused, Error::NoKeychain { .. }), "{refused}");
    assert!(refused.to_string().contains("gnome-keyring-daemon --unlock"));
    assert!(std::env::var_os(INSIDE).is_some());
}

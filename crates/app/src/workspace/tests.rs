//! Creating, opening and recovering: one owner, one key, nothing written over.

use std::time::Duration;

use isthmus_store::OwnerKind;
use isthmus_vault::Entry;
use secrecy::{ExposeSecret, SecretString};

use super::{WorkspacePath, create, open, recover};
use crate::error::Error;
use crate::testing::surroundings;

const NO_WAIT: Duration = Duration::ZERO;

#[tokio::test]
async fn a_new_workspace_opens_with_the_key_in_the_keychain() {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let surroundings = surroundings();
    assert!(matches!(
        open(&path, surroundings.clone(), NO_WAIT).await,
        Err(Error::NoWorkspace { .. })
    ));
    create(&path, &surroundings).unwrap();
    let workspace = open(&path, surroundings.clone(), NO_WAIT).await.unwrap();
    assert!(workspace.mark().starts_with("Isthmus-acme-"));
    workspace.close().unwrap();
    assert!(matches!(create(&path, &surroundings), Err(Error::WorkspaceExists { .. })));
}

#[tokio::test]
async fn a_second_process_is_told_who_has_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let mut surroundings = surroundings();
    create(&path, &surroundings).unwrap();
    surroundings.owner = OwnerKind::Window;
    let _window = open(&path, surroundings.clone(), NO_WAIT).await.unwrap();
    surroundings.owner = OwnerKind::Command;
    let Err(refused) = open(&path, surroundings, NO_WAIT).await else { panic!("two owners") };
    assert!(matches!(&refused, Error::Store(isthmus_store::Error::Owned { .. })));
    assert!(refused.to_string().contains("window"), "{refused}");
}

#[tokio::test]
async fn a_lost_key_is_never_replaced_and_comes_back_with_the_recovery_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let surroundings = surroundings();
    let recovery_key = create(&path, &surroundings).unwrap().recovery_key;
    let vault = surroundings.keychain.of(&path.identity().unwrap()).unwrap();
    vault.clear(Entry::LedgerKey).unwrap();

    let lost = open(&path, surroundings.clone(), NO_WAIT).await;
    assert!(matches!(lost, Err(Error::LedgerKeyMissing { .. })));
    assert!(!vault.is_set(Entry::LedgerKey).unwrap());

    let mistyped = SecretString::from(recovery_key.expose_secret().replacen('-', "-7", 1));
    assert!(recover(&path, &surroundings, &mistyped, NO_WAIT).await.is_err());
    assert!(!vault.is_set(Entry::LedgerKey).unwrap());

    // On a new machine the identity file may be missing too.
    path.remove_identity();
    recover(&path, &surroundings, &recovery_key, NO_WAIT).await.unwrap();
    open(&path, surroundings, NO_WAIT).await.unwrap().close().unwrap();
}

#[tokio::test]
async fn the_recovery_key_of_another_workspace_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let surroundings = surroundings();
    let (one, other) = ("one", "other");
    let one = WorkspacePath::below(folder.path(), one).unwrap();
    let other = WorkspacePath::below(folder.path(), other).unwrap();
    create(&one, &surroundings).unwrap();
    let foreign = create(&other, &surroundings).unwrap().recovery_key;
    let refused = recover(&one, &surroundings, &foreign, NO_WAIT).await;
    assert!(matches!(refused, Err(Error::Store(isthmus_store::Error::WrongKey))));
    open(&one, surroundings, NO_WAIT).await.unwrap();
}

#[tokio::test]
async fn an_older_copy_of_the_ledger_shows_in_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let surroundings = surroundings();
    create(&path, &surroundings).unwrap();
    let old = std::fs::read(path.ledger()).unwrap();

    let workspace = open(&path, surroundings.clone(), NO_WAIT).await.unwrap();
    let draft = isthmus_store::AuditDraft::new(
        workspace.now(),
        "tester",
        isthmus_model::audit::AuditAction::Exported,
    );
    workspace.ledger.write(|transaction| transaction.append_audit(draft)).unwrap();
    assert!(crate::audit::verify(&workspace).unwrap().verified);
    workspace.close().unwrap();

    std::fs::write(path.ledger(), old).unwrap();
    let workspace = open(&path, surroundings.clone(), NO_WAIT).await.unwrap();
    let view = crate::audit::verify(&workspace).unwrap();
    assert!(!view.verified && !view.findings.is_empty());
    // Closing does not seal over it.
    workspace.close().unwrap();
    let workspace = open(&path, surroundings, NO_WAIT).await.unwrap();
    assert!(!crate::audit::verify(&workspace).unwrap().verified);
}

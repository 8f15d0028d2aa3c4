//! Creating, opening and recovering: one owner, one key, nothing written over.

use std::time::Duration;

use isthmus_store::OwnerKind;
use isthmus_vault::Entry;
use secrecy::{ExposeSecret, SecretString};

use super::{WorkspacePath, create, create_with_recovery_file, open, recover, recover_from_file};
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

#[cfg(unix)]
#[tokio::test]
async fn a_recovery_file_is_its_owner_s_alone_and_brings_the_workspace_back() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let file = folder.path().join("recovery-key.txt");
    let surroundings = surroundings();
    create_with_recovery_file(&path, &surroundings, &file).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

    let vault = surroundings.keychain.of(&path.identity().unwrap()).unwrap();
    vault.clear(Entry::LedgerKey).unwrap();
    assert!(open(&path, surroundings.clone(), NO_WAIT).await.is_err());
    recover_from_file(&path, &surroundings, &file, NO_WAIT).await.unwrap();
    open(&path, surroundings.clone(), NO_WAIT).await.unwrap().close().unwrap();

    let words = folder.path().join("words.txt");
    std::fs::write(&words, "# nothing but words\n").unwrap();
    let refused = recover_from_file(&path, &surroundings, &words, NO_WAIT).await;
    assert!(matches!(refused, Err(Error::BadRequest { .. })));
}

#[tokio::test]
async fn a_recovery_file_is_never_written_over_and_goes_away_with_a_failed_creation() {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "acme").unwrap();
    let surroundings = surroundings();
    let file = folder.path().join("recovery-key.txt");
    std::fs::write(&file, "somebody's own").unwrap();
    let refused = create_with_recovery_file(&path, &surroundings, &file);
    assert!(matches!(&refused, Err(Error::File { reason, .. }) if reason.contains("already")));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody's own");

    let nowhere = folder.path().join("missing/recovery-key.txt");
    assert!(create_with_recovery_file(&path, &surroundings, &nowhere).is_err());
    let beside = path.folder().join("recovery-key.txt");
    assert!(create_with_recovery_file(&path, &surroundings, &beside).is_err());
    assert!(!path.folder().exists());

    // Where the folder would be there is a file: the creation fails after the key was written.
    std::fs::write(path.folder(), "no folder").unwrap();
    let new = folder.path().join("new-key.txt");
    assert!(create_with_recovery_file(&path, &surroundings, &new).is_err());
    assert!(!new.exists());
}

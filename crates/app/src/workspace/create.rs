//! Creating a workspace: the key is safe in the keychain, and read back, before there is anything it locks.

use isthmus_contract::workspace::WorkspaceView;
use isthmus_model::audit::AuditAction;
use isthmus_store::{AuditDraft, CreateInfo, Ledger, LedgerKey};
use isthmus_vault::Entry;
use rand::Rng;
use secrecy::SecretString;

use super::{BUILD, Surroundings, WorkspacePath};
use crate::error::{Error, Result};
use crate::logs::make_private_folder;

/// Letters of a workspace id: no vowels, so that no words come about.
const ID_LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxz23456789";
/// Enough that two workspaces of one name on one machine never meet in the keychain.
const ID_LENGTH: usize = 10;

/// A new workspace and the one sight of its recovery key.
#[derive(Debug)]
pub struct Created {
    /// Name and folder.
    pub workspace: WorkspaceView,
    /// Opens the ledger when the keychain cannot; shown once, kept nowhere.
    pub recovery_key: SecretString,
}

/// Creates a workspace.
///
/// # Errors
/// [`Error::WorkspaceExists`]; keychain trouble, before any file is made; [`Error::Store`] and [`Error::File`].
pub fn create(path: &WorkspacePath, surroundings: &Surroundings) -> Result<Created> {
    create_keeping(path, surroundings, |_| Ok(()))
}

/// The same, with a place for the recovery key: it is safe there before there is anything that it opens.
pub(super) fn create_keeping(
    path: &WorkspacePath,
    surroundings: &Surroundings,
    keep: impl FnOnce(&SecretString) -> Result<()>,
) -> Result<Created> {
    refuse_existing(path)?;
    let mut random = surroundings.random.draw();
    let key = LedgerKey::generate(&mut random);
    let id = new_id(path.name(), &mut random);
    let recovery_key = key.to_recovery();
    keep(&recovery_key)?;
    let vault = surroundings.keychain.of(&id)?;
    // An id of its own each time: a key in the keychain is never written over, whatever became of its ledger.
    vault.set(Entry::LedgerKey, &key.to_text())?;
    let made = make_files(path, &id, &key, surroundings);
    if made.is_err() {
        path.remove_identity();
        vault.clear(Entry::LedgerKey)?;
    }
    made?;
    tracing::info!(workspace = %id, "workspace created");
    Ok(Created { workspace: path.view(), recovery_key })
}

pub(super) fn refuse_existing(path: &WorkspacePath) -> Result<()> {
    if path.ledger().exists() {
        let folder = path.folder().display().to_string();
        return Err(Error::WorkspaceExists { name: path.name().to_owned(), folder });
    }
    Ok(())
}

fn make_files(
    path: &WorkspacePath,
    id: &str,
    key: &LedgerKey,
    surroundings: &Surroundings,
) -> Result<()> {
    make_private_folder(path.folder())?;
    path.set_identity(id)?;
    let now = surroundings.clock.now();
    let info = CreateInfo { now, build: BUILD, workspace: id, owner: surroundings.owner };
    let ledger = Ledger::create(&path.ledger(), key, info)?;
    let draft = AuditDraft::new(now, &surroundings.actor, AuditAction::WorkspaceCreated);
    ledger.write(|transaction| transaction.append_audit(draft))?;
    Ok(ledger.close()?)
}

fn new_id(name: &str, random: &mut impl Rng) -> String {
    let letters = (0..ID_LENGTH).map(|_| {
        let drawn = random.next_u32() as usize % ID_LETTERS.len();
        char::from(ID_LETTERS[drawn])
    });
    format!("{}-{}", name.to_ascii_lowercase(), letters.collect::<String>())
}

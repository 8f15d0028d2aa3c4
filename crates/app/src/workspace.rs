//! A workspace: one ledger, one keychain entry, one owner process. Everything else works on an open one.

mod create;
mod folder;
mod open;
mod recover;
mod recovery_file;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use isthmus_contract::workspace::WorkspaceView;
use isthmus_model::clock::Clock;
use isthmus_model::ids::LaneId;
use isthmus_salesforce::{Transport, TransportError};
use isthmus_store::Ledger;
use isthmus_vault::Vault;
use jiff::Timestamp;

use crate::clock::{Randomness, SystemClock};
use crate::error::{Error, Result};
use crate::keychain::Keychain;
use crate::org::Describes;

pub use isthmus_store::OwnerKind;

pub use create::{Created, create};
pub use folder::WorkspacePath;
pub use open::open;
pub use recover::recover;
pub use recovery_file::{create_with_recovery_file, recover_from_file};

/// Makes a transport with connections of its own, one per org.
pub type TransportFactory =
    Arc<dyn Fn() -> std::result::Result<Arc<dyn Transport>, TransportError> + Send + Sync>;

/// What a workspace takes from outside: clock, randomness, network, keychain, and who uses it.
#[derive(Clone)]
pub struct Surroundings {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Makes the network's transports.
    pub transports: TransportFactory,
    /// The keychain behind all workspaces.
    pub keychain: Keychain,
    /// The generator that keys, states and jitter are drawn from.
    pub random: Randomness,
    /// The operating-system user, for the audit trail.
    pub actor: String,
    /// Window or command.
    pub owner: OwnerKind,
}

impl Surroundings {
    /// The real world: the machine's clock, the network, the OS keychain.
    ///
    /// # Errors
    /// [`crate::Error::NoRandomness`].
    pub fn of_this_machine(owner: OwnerKind) -> Result<Self> {
        let transports: TransportFactory = Arc::new(|| {
            let transport = isthmus_salesforce::transport::ReqwestTransport::new()?;
            Ok(Arc::new(transport) as Arc<dyn Transport>)
        });
        Ok(Self {
            clock: Arc::new(SystemClock::from_environment()),
            transports,
            keychain: Keychain::native(),
            random: Randomness::of_this_system()?,
            actor: operating_system_user(),
            owner,
        })
    }
}

/// An open workspace. Dropping it lets go of the owner lock; [`Workspace::close`] also marks the stop as clean.
///
/// Every use case takes it shared: on one thread, short questions are answered between the awaits of a long run. No
/// transaction and no borrow is held over an await.
pub struct Workspace {
    /// Its name and folder.
    pub path: WorkspacePath,
    pub(crate) ledger: Ledger,
    pub(crate) surroundings: Surroundings,
    /// Lanes that an engine of this process is at work on; the ledger alone would call their runs interrupted.
    at_work: RefCell<BTreeSet<LaneId>>,
    /// What orgs said of their objects in the last minutes.
    pub(crate) describes: RefCell<Describes>,
}

/// A lane's turn: ends with this value.
pub(crate) struct Turn<'a> {
    workspace: &'a Workspace,
    lane: LaneId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.workspace.at_work.borrow_mut().remove(&self.lane);
    }
}

impl Workspace {
    /// Seals the audit trail's end in the keychain and closes the ledger cleanly.
    ///
    /// # Errors
    /// [`crate::Error::Store`] when the last pages cannot be written; what was committed stays.
    pub fn close(self) -> Result<()> {
        if let Err(error) = crate::audit::seal(&self) {
            // The seal lags then; the next close catches up, and nothing depends on it being fresh.
            tracing::warn!(%error, "audit trail not sealed");
        }
        Ok(self.ledger.close()?)
    }

    /// Name and folder.
    #[must_use]
    pub fn view(&self) -> WorkspaceView {
        self.path.view()
    }

    fn new(path: WorkspacePath, ledger: Ledger, surroundings: Surroundings) -> Self {
        let (at_work, describes) = (RefCell::default(), RefCell::default());
        Self { path, ledger, surroundings, at_work, describes }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.surroundings.clock.now()
    }

    /// The mark that writes carry: `Isthmus-<workspace id>`.
    pub(crate) fn mark(&self) -> String {
        format!("Isthmus-{}", self.ledger.workspace())
    }

    /// The only turn of a lane: two engines would take each other's requests for lost ones.
    pub(crate) fn take_turn(&self, lane: LaneId, sync: &str) -> Result<Turn<'_>> {
        if self.at_work.borrow_mut().insert(lane) {
            return Ok(Turn { workspace: self, lane });
        }
        Err(Error::JobAtWork(sync.to_owned()))
    }

    /// True while an engine of this process is at work on the lane.
    pub(crate) fn is_at_work(&self, lane: LaneId) -> bool {
        self.at_work.borrow().contains(&lane)
    }

    /// This workspace's entries in the keychain.
    pub(crate) fn vault(&self) -> Result<Vault> {
        self.surroundings.keychain.of(self.ledger.workspace())
    }
}

/// The version of this build, kept with runs and schema changes.
pub(crate) const BUILD: &str = env!("CARGO_PKG_VERSION");

fn operating_system_user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests;

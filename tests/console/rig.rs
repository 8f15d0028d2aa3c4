//! One workspace with a keychain in memory, and the one thread that all of the window's work happens on.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use isthmus_app::clock::{Randomness, SystemClock};
use isthmus_app::keychain::Keychain;
use isthmus_app::org::connect_session;
use isthmus_app::workspace::{
    OwnerKind, Surroundings, TransportFactory, Workspace, WorkspacePath, create, open,
};
use isthmus_contract::request::SessionRequest;
use isthmus_salesforce::Transport;
use isthmus_salesforce::transport::ReqwestTransport;
use isthmus_tests::orgs::Orgs;
use rand::SeedableRng;
use secrecy::SecretString;
use tempfile::TempDir;

/// A window without a window.
pub(crate) struct Console {
    pub(crate) workspace: Rc<Workspace>,
    pub(crate) orgs: Rc<Orgs>,
    _folder: TempDir,
}

/// Does the work as the window's engine thread does it.
pub(crate) fn on_one_thread(orgs: Orgs, work: impl AsyncFnOnce(&Console)) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // The orgs have a runtime of their own, which must not end inside of this one.
    let orgs = Rc::new(orgs);
    let console_orgs = Rc::clone(&orgs);
    tokio::task::LocalSet::new().block_on(&runtime, async move {
        let console = Console::open(console_orgs).await;
        work(&console).await;
        let Console { workspace, .. } = console;
        let workspace = Rc::into_inner(workspace).expect("nobody works any more");
        workspace.close().expect("the ledger closes");
    });
}

impl Console {
    async fn open(orgs: Rc<Orgs>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = WorkspacePath::below(folder.path(), "console").expect("a name");
        let surroundings = surroundings();
        create(&path, &surroundings).expect("a workspace");
        let workspace = open(&path, surroundings, Duration::ZERO).await.expect("it opens");
        Self { workspace: Rc::new(workspace), orgs, _folder: folder }
    }

    /// Connects an org by the session that it announces.
    pub(crate) async fn connect(&self, org: &str) {
        let announced = self.orgs.announcement(org);
        let request =
            SessionRequest { name: org.to_owned(), instance_url: announced.instance_url.clone() };
        let token = SecretString::from(announced.access_token.clone());
        let _ = connect_session(&self.workspace, &request, token).await.expect("it connects");
    }

    /// API calls that an org has answered.
    pub(crate) fn calls(&self, org: &str) -> u64 {
        self.orgs.counters(org).calls.values().sum()
    }
}

fn surroundings() -> Surroundings {
    let transports: TransportFactory =
        Arc::new(|| Ok(Arc::new(ReqwestTransport::new()?) as Arc<dyn Transport>));
    Surroundings {
        clock: Arc::new(SystemClock::default()),
        transports,
        keychain: Keychain::in_memory(),
        random: Randomness::from(rand_chacha::ChaCha20Rng::seed_from_u64(11)),
        actor: "tester".to_owned(),
        owner: OwnerKind::Window,
    }
}

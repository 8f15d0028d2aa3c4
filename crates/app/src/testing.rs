//! A workspace in a folder that goes away, with a keychain in memory and a clock that stands.

use std::sync::Arc;
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_salesforce::TransportError;
use isthmus_salesforce::transport::NotSent;
use isthmus_store::OwnerKind;
use jiff::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use tempfile::TempDir;

use crate::clock::Randomness;
use crate::keychain::Keychain;
use crate::workspace::{Surroundings, Workspace, WorkspacePath, create, open};

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }
}

/// Surroundings without a network.
pub(crate) fn surroundings() -> Surroundings {
    Surroundings {
        clock: Arc::new(StandingClock),
        transports: Arc::new(|| {
            let reason = NotSent::NoConnection("tests have no network".to_owned());
            Err(TransportError::NotSent { host: "anywhere".to_owned(), reason })
        }),
        keychain: Keychain::in_memory(),
        random: Randomness::from(ChaCha20Rng::seed_from_u64(7)),
        actor: "tester".to_owned(),
        owner: OwnerKind::Command,
    }
}

/// A new workspace, open.
pub(crate) async fn workspace() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let path = WorkspacePath::below(folder.path(), "test").unwrap();
    let surroundings = surroundings();
    create(&path, &surroundings).unwrap();
    let workspace = open(&path, surroundings, Duration::ZERO).await.unwrap();
    (folder, workspace)
}

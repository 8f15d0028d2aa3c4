//! Faults that happen by chance: the same seed and the same requests give the same faults.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::verdict::{apply, fate_of};
use super::{Call, Fate, Fault, Kind, Verdict};

/// One fault and how often it hits a request that it matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chance {
    /// The fault; its `after` and `times` say nothing here.
    pub fault: Fault,
    /// Between 0 (never) and 1 (always).
    pub probability: f64,
}

/// Faults by chance, and how far their random stream has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chances {
    /// The stream's seed.
    pub seed: u64,
    /// In the order in which they are tried.
    pub chances: Vec<Chance>,
    /// Draws that were made already.
    #[serde(default)]
    drawn: u64,
}

impl Chances {
    /// Tries every chance that matches; of those that decide the answer the first one counts.
    pub(super) fn strike(
        &mut self,
        call: &Call<'_>,
        verdict: &mut Verdict,
        gate: &watch::Sender<u64>,
    ) {
        for chance in &self.chances {
            let row_by_row = matches!(chance.fault.kind, Kind::RowLock { .. });
            if row_by_row || !chance.fault.matches(call) {
                continue;
            }
            let hit = draw(self.seed, self.drawn) < chance.probability;
            self.drawn += 1;
            let decided = verdict.fate != Fate::Execute;
            if hit && !(decided && fate_of(&chance.fault.kind).is_some()) {
                apply(&chance.fault.kind, verdict, gate);
            }
        }
    }

    /// True when a row that is written now must fail with a lock.
    pub(super) fn locks(&mut self, object: &str) -> bool {
        let mut hit = false;
        for chance in &self.chances {
            let meant = chance.fault.object.as_deref().is_none_or(|own| own == object);
            if matches!(chance.fault.kind, Kind::RowLock { .. }) && meant {
                hit |= draw(self.seed, self.drawn) < chance.probability;
                self.drawn += 1;
            }
        }
        hit
    }
}

/// Draw number `place` of a seed's stream, between 0 and 1.
fn draw(seed: u64, place: u64) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(place);
    random.random()
}

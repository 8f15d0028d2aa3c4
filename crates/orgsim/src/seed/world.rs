//! How big the world is, and the random streams its rows are made from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::seed::SeedRequest;
use crate::seed::entity::Kind;

/// Rows that only a further org has, in percent of the rows asked for.
const OWN_ROWS: u64 = 8;

/// How many rows of an object the world has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Rows of the first org; further orgs hold part of them.
    pub(super) shared: u64,
    /// Rows that each further org has alone.
    pub(super) own: u64,
}

impl Extent {
    /// All rows of the world, numbered from 0: the shared ones, then each further org's own.
    pub(super) fn total(self, orgs: usize) -> u64 {
        self.shared + self.own * (orgs.saturating_sub(1) as u64)
    }
}

/// The world behind the orgs of one server.
pub(super) struct World {
    seed: u64,
    today: Date,
    extents: BTreeMap<&'static str, Extent>,
    records: BTreeMap<String, u64>,
}

impl World {
    pub(super) fn new(request: &SeedRequest, kinds: &[Kind], orgs: usize, now: Timestamp) -> Self {
        let extents = kinds.iter().map(|kind| {
            let shared = request.records.get(kind.object).copied().unwrap_or(kind.records);
            let own = if orgs > 1 { shared * OWN_ROWS / 100 } else { 0 };
            (kind.object, Extent { shared, own })
        });
        Self {
            seed: request.seed,
            today: now.to_zoned(TimeZone::UTC).date(),
            extents: extents.collect(),
            records: request.records.clone(),
        }
    }

    /// How many rows the request asks for, where it names the object.
    pub(super) fn requested(&self, object: &str) -> Option<u64> {
        self.records.get(object).copied()
    }

    /// How many rows of an object there are.
    pub(super) fn extent(&self, object: &str) -> Extent {
        self.extents.get(object).copied().unwrap_or(Extent { shared: 0, own: 0 })
    }

    /// The only org (by position) that has a row; `None` for rows of the first org that others may have too.
    pub(super) fn home(&self, object: &str, number: u64) -> Option<usize> {
        let extent = self.extent(object);
        let beyond = number.checked_sub(extent.shared)?;
        let org = beyond.checked_div(extent.own)? + 1;
        usize::try_from(org).ok()
    }

    /// The random stream of one row; `purpose` 0 makes the row, others are free for decisions about it.
    pub(super) fn rng(&self, object: &str, number: u64, purpose: usize) -> ChaCha8Rng {
        let mut key = [0_u8; 32];
        let object = object
            .bytes()
            .fold(0_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        for (place, part) in [self.seed, object, number, purpose as u64].into_iter().enumerate() {
            key[place * 8..place * 8 + 8].copy_from_slice(&part.to_le_bytes());
        }
        ChaCha8Rng::from_seed(key)
    }

    /// A number that tells worlds apart where names are dealt out.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// A row of `parent` for row `number` of `child`, from the same home; `None` when there are none.
    pub(super) fn parent(
        &self,
        rng: &mut ChaCha8Rng,
        child: &str,
        number: u64,
        parent: &str,
    ) -> Option<u64> {
        let extent = self.extent(parent);
        let (from, count) = match self.home(child, number) {
            Some(org) if extent.own > 0 => {
                (extent.shared + extent.own * (org as u64 - 1), extent.own)
            }
            _ => (0, extent.shared),
        };
        (count > 0).then(|| from + rng.random_range(0..count))
    }

    /// The day `days` after today (before it when negative), as the REST API writes dates.
    pub(super) fn day(&self, days: i64) -> String {
        self.date(days).to_string()
    }

    /// The day `days` after today.
    pub(super) fn date(&self, days: i64) -> Date {
        self.today.saturating_add(Span::new().days(days))
    }
}

/// True with a chance of `percent`.
pub(super) fn chance(rng: &mut ChaCha8Rng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

/// One of `choices`, which must not be empty.
pub(super) fn pick<'list, T>(rng: &mut ChaCha8Rng, choices: &'list [T]) -> &'list T {
    &choices[rng.random_range(0..choices.len())]
}

/// The key of a row in the outside system of record.
pub(super) fn erp_key(letters: &str, number: u64) -> String {
    format!("{letters}-{:06}", number + 1)
}

/// Replaces each `#` of a pattern by a digit.
pub(super) fn digits(rng: &mut ChaCha8Rng, pattern: &str) -> String {
    let digit = |rng: &mut ChaCha8Rng| char::from(b'0' + rng.random_range(0..10_u8));
    pattern.chars().map(|letter| if letter == '#' { digit(rng) } else { letter }).collect()
}

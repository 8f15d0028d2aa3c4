//! Fills the orgs of one server from one world of fictional companies and people.
//!
//! The first org holds everything that was asked for: of 1,000 Accounts it has 1,000. Every other org holds part of
//! the same world under the same `ERP_Key__c`, and some rows of its own:
//!
//! - An Account is in a further org with a chance of 60 %, other objects between 60 % and 100 % where their required
//!   parents are there; the shares stand in the list of kinds below.
//! - Of the rows that overlap, 20 % drifted: a phone number, a street, a stage or the like differs from the first org.
//! - For 2 % of the overlapping Accounts, Contacts and Leads a further org has a second row of the same company or
//!   person, without ERP key and with the name in another case.
//! - Rows that only a further org has come on top: 8 % of the number asked for.
//!
//! Some rows of the first org are there to be refused by the others, so that a first run shows failures:
//!
//! - Every hundredth Account has the `Customer_Tier__c` "Legacy". The picklist is restricted in every org, and
//!   [`seed`] takes that value away from all orgs but the first.
//! - Every hundredth Contact has an e-mail address without "@", as an old import left it.
//!
//! Everything follows from [`SeedRequest::seed`] and the orgs' clocks: each row is made by its own random stream, so
//! row 17 of an object is the same company in a world of 20 and in one of 100,000. Ids are made by each org's own
//! tables and so differ between orgs. Names, places and numbers are invented: hosts end in `.example`, and telephone
//! numbers come from the ranges that numbering authorities keep free for fiction where there are such.

mod catalogue;
mod companies;
mod entity;
mod people;
mod places;
mod sales;
mod service;
mod setup;
mod target;
mod words;
mod world;

use std::collections::BTreeMap;

use crate::org::Org;
use crate::seed::entity::{Entity, Kind};
use crate::seed::target::Target;
use crate::seed::world::World;

/// Chance in percent that an overlapping row differs from its twin in the first org.
const DRIFT: u32 = 20;

/// Chance in percent that an overlapping row has a duplicate.
const DUPLICATES: u32 = 2;

/// How much to seed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedRequest {
    /// Rows of the first org by object API name. Objects left out get a sensible small number; unknown names and
    /// RecordType and Organization, whose rows follow from the schema, are ignored.
    pub records: BTreeMap<String, u64>,
    /// The world's number: the same seed gives the same orgs.
    pub seed: u64,
}

/// Fills every org of a server from one world. Rows go straight into the tables: no validation, no counters.
///
/// The orgs' schemas change a little: record types get ids of their own org, and every org but the first loses the
/// value "Legacy" of `Account.Customer_Tier__c`.
pub fn seed(orgs: &mut [Org], request: &SeedRequest) {
    let mut targets: Vec<Target<'_>> =
        orgs.iter_mut().enumerate().map(|(index, org)| Target::new(org, index)).collect();
    fill(&mut targets, request);
}

/// What is seeded, parents before children.
const KINDS: [Kind; 13] = [
    companies::ACCOUNT,
    people::CONTACT,
    people::LEAD,
    sales::CAMPAIGN,
    sales::CAMPAIGN_MEMBER,
    sales::OPPORTUNITY,
    service::CASE,
    catalogue::PRODUCT,
    catalogue::PRICEBOOK,
    catalogue::PRICEBOOK_ENTRY,
    service::SITE,
    service::ASSET_VISIT,
    service::TASK,
];

fn fill(targets: &mut [Target<'_>], request: &SeedRequest) {
    let Some(first) = targets.first() else { return };
    let world = World::new(request, &KINDS, targets.len(), first.now());
    for target in &mut *targets {
        setup::fill(target, &world);
    }
    for kind in &KINDS {
        for number in 0..world.extent(kind.object).total(targets.len()) {
            let entity = (kind.make)(&world, number);
            for target in &mut *targets {
                plant(&world, kind, number, &entity, target);
            }
        }
    }
}

/// Puts one row of the world into one org, or leaves it out there.
fn plant(world: &World, kind: &Kind, number: u64, entity: &Entity, target: &mut Target<'_>) {
    let home = world.home(kind.object, number);
    let mut rng = world.rng(kind.object, number, target.index() + 1);
    let overlaps = home.is_none() && target.index() > 0;
    let present = match home {
        Some(home) => home == target.index(),
        None => !overlaps || entity.everywhere || world::chance(&mut rng, kind.overlap),
    };
    if !present || !target.has_required_parents(entity) {
        return;
    }
    let mut facts = entity.facts.clone();
    if target.index() == 0 {
        facts.extend(entity.first_org_only.clone());
    }
    if overlaps && world::chance(&mut rng, DRIFT) {
        (kind.drift)(&mut rng, &mut facts);
    }
    let duplicate = overlaps && kind.duplicates && world::chance(&mut rng, DUPLICATES);
    let twin = duplicate.then(|| entity::duplicate(&mut rng, &facts));
    let planted = target.insert(kind.object, entity, facts, &mut rng);
    target.remember(kind.object, number, planted);
    if let Some(twin) = twin {
        target.insert(kind.object, entity, twin, &mut rng);
    }
}

#[cfg(test)]
mod tests;

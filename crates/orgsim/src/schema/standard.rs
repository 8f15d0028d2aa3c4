//! The objects every simulated org has: the standard sales and service objects and two custom ones.

mod account;
mod campaign;
mod case;
mod contact;
pub(crate) mod custom;
mod lead;
mod opportunity;
pub(crate) mod picklists;
mod product;
mod setup;
mod task;

use crate::schema::Schema;

/// The schema of a fresh org, objects in alphabetical order. Names, types, lengths and switches of the standard
/// objects are those of a real org; see the test `recorded` for how Account, Contact, Lead, Opportunity and Case are
/// held to a recorded describe.
#[must_use]
pub fn schema() -> Schema {
    let mut objects = vec![
        account::account(),
        campaign::campaign(),
        campaign::campaign_member(),
        case::case(),
        contact::contact(),
        custom::asset_visit(),
        custom::site(),
        lead::lead(),
        opportunity::opportunity(),
        product::pricebook(),
        product::pricebook_entry(),
        product::product(),
        setup::organization(),
        setup::record_type(),
        setup::user(),
        task::task(),
    ];
    objects.sort_by(|left, right| left.name.cmp(&right.name));
    Schema { objects, changed: None }
}

#[cfg(test)]
pub(crate) mod recorded;
#[cfg(test)]
mod tests;

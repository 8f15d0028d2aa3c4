//! Companies, and the Accounts they become.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::schema::standard::picklists::{LEAD_SOURCES, LEGACY_TIER, RATINGS};
use crate::seed::entity::{Entity, Facts, Kind};
use crate::seed::places::{BILLING, COUNTRIES, Country, Place, SHIPPING};
use crate::seed::words::{SURNAMES, TRADES, ascii};
use crate::seed::world::{World, chance, erp_key, pick};

/// The Accounts whose tier only the first org knows: those whose number ends in 37.
const LEGACY_REMAINDER: u64 = 37;

pub(super) const ACCOUNT: Kind = Kind {
    object: "Account",
    records: 200,
    overlap: 60,
    duplicates: true,
    make: account,
    drift: drift_account,
};

/// A company of the world.
pub(super) struct Company {
    pub(super) name: String,
    /// Letters and digits of the name, for its web and mail addresses; every company has its own.
    pub(super) host: String,
    pub(super) industry: &'static str,
    pub(super) country: &'static Country,
    pub(super) place: Place,
}

impl Company {
    /// Company `number` among those that rows of `object` are about.
    pub(super) fn of(world: &World, object: &str, number: u64) -> Self {
        let mut rng = world.rng("Company", number, object.len());
        let country = pick(&mut rng, &COUNTRIES);
        let (name, industry) = name(world.seed(), number);
        let host = format!("{}.example", ascii(&name).to_lowercase());
        let name = format!("{name} {}", pick(&mut rng, &country.forms));
        Self { name, host, industry, country, place: Place::within(country, &mut rng) }
    }
}

/// A company's name without its legal form, and its industry. Two numbers below 741,120 never share a name: within
/// each block of 3,840 numbers the pairs of surname and trade are dealt out like cards, and each block after the
/// first adds a second surname, joined by "&" in the first 96 blocks and by "and" in the next.
fn name(seed: u64, number: u64) -> (String, &'static str) {
    let (surnames, trades) = (SURNAMES.len() as u64, TRADES.len() as u64);
    let block = surnames * trades;
    // 1,237 shares no factor with 3,840, so each card comes once.
    let card = (number % block * 1_237 + seed % block) % block;
    let at = |list: u64, length: u64| usize::try_from(list % length).unwrap_or_default();
    let surname = SURNAMES[at(card, surnames)];
    let (trade, industry) = TRADES[at(card / surnames, trades)];
    let name = match number / block {
        0 => format!("{surname} {trade}"),
        partner => {
            let round = (partner - 1) / surnames;
            let partner = SURNAMES[at(partner - 1, surnames)];
            let joint = if round % 2 == 0 { " & " } else { " and " };
            format!("{surname}{joint}{partner} {trade}")
        }
    };
    (name, industry)
}

fn account(world: &World, number: u64) -> Entity {
    let company = Company::of(world, "Account", number);
    let mut rng = world.rng("Account", number, 0);
    let types = ["Prospect", "Customer - Direct", "Customer - Channel", "Technology Partner"];
    let kind = *pick(&mut rng, &types);
    let partner = kind == "Technology Partner";
    let mut account = size(&mut rng, Entity::default())
        .set("Name", company.name)
        .set("Type", kind)
        .set("Industry", company.industry)
        .set("AccountNumber", format!("CN-{:07}", number + 1_000))
        .set("Phone", company.country.phone(&mut rng))
        .set("Website", format!("https://www.{}", company.host))
        .set("Ownership", *pick(&mut rng, &["Public", "Private", "Subsidiary"]))
        .set("AccountSource", *pick(&mut rng, &LEAD_SOURCES))
        .set_if(chance(&mut rng, 70), "Rating", *pick(&mut rng, &RATINGS))
        .set("Customer_Tier__c", *pick(&mut rng, &["Strategic", "Standard", "Standard", "Small"]))
        .set("ERP_Key__c", erp_key("A", number))
        .at(&BILLING, &company.place);
    account.record_type = Some(if partner { "Partner_Account" } else { "Customer_Account" });
    account = optional(world, number, &company.place, account, &mut rng);
    if number % 100 == LEGACY_REMAINDER {
        account.first_org_only.insert("Customer_Tier__c", Value::from(LEGACY_TIER));
    }
    account
}

/// Revenue and headcount that fit each other.
fn size(rng: &mut ChaCha8Rng, account: Entity) -> Entity {
    let employees = 10_i64 << rng.random_range(0..10_u32);
    let employees = employees + rng.random_range(0..employees);
    let revenue = employees * rng.random_range(80..260_i64) * 1_000;
    account.set("NumberOfEmployees", employees).set("AnnualRevenue", whole(revenue))
}

/// Fields that only some Accounts have.
fn optional(
    world: &World,
    number: u64,
    place: &Place,
    account: Entity,
    rng: &mut ChaCha8Rng,
) -> Entity {
    let mut account = account;
    if chance(rng, 30) {
        account = account.at(&SHIPPING, place);
    }
    if chance(rng, 30) {
        let since = rng.random_range(1950..2020_u32);
        account = account
            .set("YearStarted", since.to_string())
            .set("Description", format!("Customer in {} since {since}.", place.city));
    }
    if chance(rng, 70) {
        // One in ten shares the code of its neighbour: the field is an external id, but not a unique one.
        let code = if number % 10 == 9 { number - 1 } else { number };
        account = account.set("Legacy_Code__c", format!("K{:05}", code + 10_000));
    }
    let sisters = world.home("Account", number).is_none() && number > 0 && chance(rng, 5);
    if sisters {
        account = account.beside("ParentId", "Account", rng.random_range(0..number));
    }
    account
}

fn drift_account(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    for _ in 0..rng.random_range(1..=3) {
        match rng.random_range(0..6) {
            0 => facts.insert("Phone", Value::from(pick(rng, &COUNTRIES).phone(rng))),
            1 => facts.insert("BillingStreet", Value::from(pick(rng, &COUNTRIES).street(rng))),
            2 => facts.insert("AnnualRevenue", whole(rng.random_range(200..90_000_i64) * 1_000)),
            3 => facts.insert("NumberOfEmployees", Value::from(rng.random_range(5..9_000_i64))),
            4 => facts.insert("Rating", Value::from(*pick(rng, &RATINGS))),
            _ => facts.insert("AccountSource", Value::from(*pick(rng, &LEAD_SOURCES))),
        };
    }
}

/// A whole amount as the number type that the REST API uses for currency.
#[expect(clippy::cast_precision_loss, reason = "seeded amounts stay far below 2^53")]
pub(super) fn whole(amount: i64) -> Value {
    Value::from(amount as f64)
}

//! Deals, campaigns and who takes part in them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::schema::standard::picklists::LEAD_SOURCES;
use crate::seed::companies::{Company, whole};
use crate::seed::entity::{Entity, Facts, Kind};
use crate::seed::words::PRODUCTS;
use crate::seed::world::{World, chance, erp_key, pick};

pub(super) const CAMPAIGN: Kind = Kind {
    object: "Campaign",
    records: 12,
    overlap: 80,
    duplicates: false,
    make: campaign,
    drift: drift_campaign,
};

pub(super) const CAMPAIGN_MEMBER: Kind = Kind {
    object: "CampaignMember",
    records: 80,
    overlap: 90,
    duplicates: false,
    make: campaign_member,
    drift: drift_campaign_member,
};

pub(super) const OPPORTUNITY: Kind = Kind {
    object: "Opportunity",
    records: 150,
    overlap: 80,
    duplicates: false,
    make: opportunity,
    drift: drift_opportunity,
};

/// What a stage means for a deal.
struct Stage {
    name: &'static str,
    probability: i64,
    /// Value and label of the forecast category.
    forecast: (&'static str, &'static str),
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Open,
    Won,
    Lost,
}

const fn open(name: &'static str, probability: i64) -> Stage {
    Stage { name, probability, forecast: ("Pipeline", "Pipeline"), outcome: Outcome::Open }
}

const STAGES: [Stage; 6] = [
    open("Prospecting", 10),
    open("Qualification", 10),
    open("Value Proposition", 50),
    open("Proposal/Price Quote", 75),
    Stage {
        name: "Closed Won",
        probability: 100,
        forecast: ("Closed", "Closed"),
        outcome: Outcome::Won,
    },
    Stage {
        name: "Closed Lost",
        probability: 0,
        forecast: ("Omitted", "Omitted"),
        outcome: Outcome::Lost,
    },
];

fn campaign(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Campaign", number, 0);
    let kind = *pick(&mut rng, &["Trade Show", "Webinar", "Email", "Direct Mail", "Conference"]);
    let start = rng.random_range(-300..60_i64);
    let date = world.date(start);
    let status = match start {
        ..-30 => "Completed",
        -30..=0 => "In Progress",
        _ => "Planned",
    };
    let budget = rng.random_range(2..60_i64) * 1_000;
    let (product, _) = pick(&mut rng, &PRODUCTS);
    Entity::default()
        .set("Name", format!("{product} {kind} {} #{}", date.year(), number + 1))
        .set("Type", kind)
        .set("Status", status)
        .set("StartDate", date.to_string())
        .set("EndDate", world.day(start + 30))
        .set("BudgetedCost", whole(budget))
        .set_if(status == "Completed", "ActualCost", whole(budget * 9 / 10))
        .set("ExpectedRevenue", whole(budget * 12))
        .set("ExpectedResponse", whole(rng.random_range(1..15)))
        .set("NumberSent", whole(rng.random_range(50..5_000)))
        .set("IsActive", status == "In Progress")
        .set("ERP_Key__c", erp_key("M", number))
}

/// Members are dealt out so that no Contact or Lead is in the same Campaign twice.
fn campaign_member(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("CampaignMember", number, 0);
    let campaigns = world.extent("Campaign").shared;
    let (person, people) = match number % 10 {
        9 => (("LeadId", "Lead"), world.extent("Lead").shared),
        _ => (("ContactId", "Contact"), world.extent("Contact").shared),
    };
    let campaign = number.checked_rem(campaigns).unwrap_or_default();
    let turn = number.checked_div(campaigns).unwrap_or_default() + campaign * 7;
    let member = turn.checked_rem(people).unwrap_or_default();
    Entity::default()
        .set("Status", if chance(&mut rng, 30) { "Responded" } else { "Sent" })
        .set("ERP_Key__c", erp_key("MM", number))
        .under("CampaignId", "Campaign", campaign)
        .under(person.0, person.1, member)
}

fn opportunity(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Opportunity", number, 0);
    let account = world.parent(&mut rng, "Opportunity", number, "Account");
    let company = Company::of(world, "Account", account.unwrap_or(number));
    let stage = pick(&mut rng, &STAGES);
    let (product, _) = pick(&mut rng, &PRODUCTS);
    let renewal = chance(&mut rng, 25);
    let kind = if renewal { "Existing Customer - Upgrade" } else { "New Customer" };
    let mut deal = Entity::default()
        .set("Name", format!("{} – {product} ({})", company.name, number + 1))
        .set("Type", kind)
        .set("LeadSource", *pick(&mut rng, &LEAD_SOURCES))
        .set_if(stage.outcome == Outcome::Open, "NextStep", "Call back with a quote")
        .set("ERP_Key__c", erp_key("O", number));
    deal.record_type = Some(if renewal { "Renewal" } else { "New_Business" });
    deal.facts.extend(progress(stage, rng.random_range(2..900_i64) * 500));
    deal.facts.extend(closing(world, stage, &mut rng));
    let campaign = world.parent(&mut rng, "Opportunity", number, "Campaign");
    if let Some(campaign) = campaign.filter(|_| chance(&mut rng, 20)) {
        deal = deal.beside("CampaignId", "Campaign", campaign);
    }
    match account {
        Some(account) => deal.under("AccountId", "Account", account),
        None => deal,
    }
}

/// The fields that follow from a stage and an amount.
fn progress(stage: &Stage, amount: i64) -> Facts {
    let won = stage.outcome == Outcome::Won;
    Facts::from([
        ("StageName", Value::from(stage.name)),
        ("Probability", whole(stage.probability)),
        ("ForecastCategory", Value::from(stage.forecast.0)),
        ("ForecastCategoryName", Value::from(stage.forecast.1)),
        ("IsClosed", Value::from(stage.outcome != Outcome::Open)),
        ("IsWon", Value::from(won)),
        ("Amount", whole(amount)),
        ("ExpectedRevenue", whole(amount * stage.probability / 100)),
    ])
}

/// The close date, in the past for closed deals, and the fiscal period it falls into.
fn closing(world: &World, stage: &Stage, rng: &mut ChaCha8Rng) -> Facts {
    let days = rng.random_range(1..200_i64);
    let date = world.date(if stage.outcome == Outcome::Open { days } else { -days });
    let quarter = i64::from((date.month() - 1) / 3 + 1);
    let year = i64::from(date.year());
    Facts::from([
        ("CloseDate", Value::from(date.to_string())),
        ("FiscalYear", Value::from(year)),
        ("FiscalQuarter", Value::from(quarter)),
        ("Fiscal", Value::from(format!("{year} {quarter}"))),
    ])
}

fn drift_opportunity(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    if chance(rng, 50) {
        facts.insert("NextStep", Value::from("Waiting for the customer"));
    } else {
        let stage = pick(rng, &STAGES);
        facts.extend(progress(stage, rng.random_range(2..900_i64) * 500));
    }
}

fn drift_campaign(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("NumberSent", whole(rng.random_range(50..5_000)));
}

fn drift_campaign_member(_: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Status", Value::from("Responded"));
}

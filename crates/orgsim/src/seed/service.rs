//! Cases, tasks, customers' sites and the visits there.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::schema::standard::custom::{SITE_KINDS, SITE_SERVICES, VISIT_OUTCOMES};
use crate::seed::companies::{Company, whole};
use crate::seed::entity::{Entity, Facts, Kind};
use crate::seed::people::account_of;
use crate::seed::places::{COUNTRIES, Place};
use crate::seed::words::{PRODUCTS, ascii};
use crate::seed::world::{World, chance, erp_key, pick};

pub(super) const CASE: Kind = Kind {
    object: "Case",
    records: 100,
    overlap: 80,
    duplicates: false,
    make: case,
    drift: drift_case,
};

pub(super) const SITE: Kind = Kind {
    object: "Site__c",
    records: 150,
    overlap: 90,
    duplicates: false,
    make: site,
    drift: drift_site,
};

pub(super) const ASSET_VISIT: Kind = Kind {
    object: "Asset_Visit__c",
    records: 200,
    overlap: 90,
    duplicates: false,
    make: asset_visit,
    drift: drift_asset_visit,
};

pub(super) const TASK: Kind = Kind {
    object: "Task",
    records: 100,
    overlap: 80,
    duplicates: false,
    make: task,
    drift: drift_task,
};

const TROUBLES: [&str; 8] = [
    "does not start",
    "leaks oil",
    "makes a loud noise",
    "reads too high",
    "reports error E42",
    "runs hot",
    "stops after an hour",
    "was delivered damaged",
];

fn case(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Case", number, 0);
    let (product, _) = pick(&mut rng, &PRODUCTS);
    let trouble = pick(&mut rng, &TROUBLES);
    let status = *pick(&mut rng, &["New", "Working", "Escalated", "Closed", "Closed"]);
    let warranty = chance(&mut rng, 30);
    let mut case = Entity::default()
        .set("Subject", format!("{product} {trouble}"))
        .set("Description", format!("The customer reports that the {product} {trouble}."))
        .set("Status", status)
        .set("IsClosed", status == "Closed")
        .set("IsEscalated", status == "Escalated")
        .set("Priority", *pick(&mut rng, &["High", "Medium", "Medium", "Low"]))
        .set("Origin", *pick(&mut rng, &["Phone", "Email", "Web"]))
        .set("Type", *pick(&mut rng, &["Mechanical", "Electrical", "Electronic", "Other"]))
        .set("Reason", *pick(&mut rng, &["Installation", "Performance", "Breakdown", "Other"]))
        .set("ERP_Key__c", erp_key("S", number));
    case.record_type = Some(if warranty { "Warranty" } else { "Support" });
    case.ended = (status == "Closed").then_some("ClosedDate");
    about_contact(world, "Case", number, &mut rng, case, ("ContactId", "AccountId"))
}

/// Points at a Contact and, where it has one, at its Account.
fn about_contact(
    world: &World,
    object: &str,
    number: u64,
    rng: &mut ChaCha8Rng,
    entity: Entity,
    (contact_field, account_field): (&'static str, &'static str),
) -> Entity {
    let Some(contact) = world.parent(rng, object, number, "Contact") else { return entity };
    let entity = entity.under(contact_field, "Contact", contact);
    match account_of(world, contact) {
        Some(account) => entity.under(account_field, "Account", account),
        None => entity,
    }
}

fn task(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Task", number, 0);
    let status = *pick(&mut rng, &["Not Started", "In Progress", "Completed", "Completed"]);
    let priority = *pick(&mut rng, &["High", "Normal", "Normal", "Low"]);
    let subject = *pick(&mut rng, &["Call", "Email", "Send Letter", "Send Quote"]);
    let mut task = Entity::default()
        .set("Subject", subject)
        .set("Status", status)
        .set("Priority", priority)
        .set("IsHighPriority", priority == "High")
        .set("IsClosed", status == "Completed")
        .set("ActivityDate", world.day(rng.random_range(-120..30)))
        .set_if(chance(&mut rng, 40), "Description", "Ask about the open order.")
        .set("ERP_Key__c", erp_key("T", number));
    task.ended = (status == "Completed").then_some("CompletedDateTime");
    let mut task = about_contact(world, "Task", number, &mut rng, task, ("WhoId", "WhatId"));
    // The org derives AccountId from the account that the task is about.
    let account = task.parents.iter().find(|parent| parent.field == "WhatId").cloned();
    task.parents
        .extend(account.map(|parent| crate::seed::entity::Parent { field: "AccountId", ..parent }));
    task
}

fn site(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Site__c", number, 0);
    // Without an Account there is no Site: the parent is required, and number 0 is then in no org.
    let account = world.parent(&mut rng, "Site__c", number, "Account").unwrap_or_default();
    let company = Company::of(world, "Account", account);
    let place = Place::within(company.country, &mut rng);
    let kind = *pick(&mut rng, &SITE_KINDS);
    let from = rng.random_range(0..SITE_SERVICES.len() - 1);
    let to = rng.random_range(from + 1..=SITE_SERVICES.len());
    Entity::default()
        .set("Name", format!("{} {kind} {}", place.city, number + 1))
        .set("Kind__c", kind)
        .set("Services__c", SITE_SERVICES[from..to].join(";"))
        .set("Is_Active__c", chance(&mut rng, 90))
        .set("Street__c", place.street)
        .set("City__c", place.city)
        .set("Postal_Code__c", place.postal_code)
        .set("Country__c", place.country)
        .set("Phone__c", company.country.phone(&mut rng))
        .set("Contact_Email__c", format!("{}@{}", ascii(kind).to_lowercase(), company.host))
        .set("Floor_Area__c", f64::from(rng.random_range(1_000..900_000_u32)) / 100.0)
        .set("Occupancy__c", f64::from(rng.random_range(100..1_000_u32)) / 10.0)
        .set("Opened_On__c", world.day(-rng.random_range(100..9_000)))
        .set("Opens_At__c", format!("{:02}:30:00.000Z", rng.random_range(5..10)))
        .set("Last_Inspection__c", moment(world, -rng.random_range(5..380), &mut rng))
        .set_if(chance(&mut rng, 30), "Access_Notes__c", "Report at the gate.\nSafety shoes.")
        .set("ERP_Key__c", erp_key("SI", number))
        .under("Account__c", "Account", account)
}

fn asset_visit(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Asset_Visit__c", number, 0);
    let day = rng.random_range(-360..40_i64);
    let site = world.parent(&mut rng, "Asset_Visit__c", number, "Site__c");
    let contact = world.parent(&mut rng, "Asset_Visit__c", number, "Contact");
    let quarters = rng.random_range(1..40_i64);
    let mut visit = Entity::default()
        .set("Name", format!("Visit {}", number + 1))
        .set("Visit_Date__c", world.day(day))
        .set("ERP_Key__c", erp_key("V", number));
    if day < 0 {
        visit = visit
            .set("Started_At__c", moment(world, day, &mut rng))
            .set("Hours__c", f64::from(i32::try_from(quarters).unwrap_or(1)) / 4.0)
            .set("Cost__c", whole(quarters * 30))
            .set("Outcome__c", *pick(&mut rng, &VISIT_OUTCOMES))
            .set("Report_Url__c", format!("https://reports.fieldwork.example/{}", number + 1));
    }
    if let Some(site) = site {
        visit = visit.under("Site__c", "Site__c", site);
    }
    match contact {
        Some(contact) => visit.beside("Contact__c", "Contact", contact),
        None => visit,
    }
}

/// A moment during working hours of a day.
fn moment(world: &World, days: i64, rng: &mut ChaCha8Rng) -> String {
    let (hour, minute) = (rng.random_range(7..17), rng.random_range(0..60));
    format!("{}T{hour:02}:{minute:02}:00.000+0000", world.day(days))
}

fn drift_case(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Priority", Value::from(*pick(rng, &["High", "Medium", "Low"])));
}

fn drift_task(_: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Description", Value::from("Asked about the open order."));
}

fn drift_site(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    if chance(rng, 50) {
        facts.insert("Phone__c", Value::from(pick(rng, &COUNTRIES).phone(rng)));
    } else {
        facts.insert("Street__c", Value::from(pick(rng, &COUNTRIES).street(rng)));
    }
}

fn drift_asset_visit(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Notes__c", Value::from("Changed by the dispatcher"));
    facts.insert("Cost__c", whole(rng.random_range(1..40_i64) * 30));
}

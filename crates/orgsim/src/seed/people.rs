//! People at companies (Contacts) and people who are not customers yet (Leads).

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::schema::standard::picklists::{LEAD_SOURCES, RATINGS};
use crate::seed::companies::{Company, whole};
use crate::seed::entity::{Entity, Facts, Kind};
use crate::seed::places::{COUNTRIES, LEAD as LEAD_ADDRESS, MAILING};
use crate::seed::words::{DEPARTMENTS, FIRST_NAMES, JOB_TITLES, SURNAMES, ascii};
use crate::seed::world::{World, chance, erp_key, pick};

/// The Contacts with a broken e-mail address in the first org: those whose number ends in 61.
const BROKEN_EMAIL_REMAINDER: u64 = 61;

/// Companies of Leads are numbered from here, so that a Lead's company is no customer.
const LEAD_COMPANIES: u64 = 500_000;

pub(super) const CONTACT: Kind = Kind {
    object: "Contact",
    records: 500,
    overlap: 90,
    duplicates: true,
    make: contact,
    drift: drift_contact,
};

pub(super) const LEAD: Kind = Kind {
    object: "Lead",
    records: 120,
    overlap: 60,
    duplicates: true,
    make: lead,
    drift: drift_lead,
};

/// A person of the world.
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    salutation: &'static str,
}

impl Person {
    /// Person `number` among those that rows of `object` are about.
    pub(super) fn of(world: &World, object: &str, number: u64) -> Self {
        let mut rng = world.rng("Person", number, object.len());
        Self {
            first: *pick(&mut rng, &FIRST_NAMES),
            last: *pick(&mut rng, &SURNAMES),
            salutation: *pick(&mut rng, &["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."]),
        }
    }

    /// The person's address at a company; the number keeps namesakes apart.
    fn email(&self, number: u64, host: &str) -> String {
        let local = format!("{}.{}", ascii(self.first), ascii(self.last)).to_lowercase();
        format!("{local}{number}@{host}")
    }
}

/// The Account of Contact `number`; about one Contact in fifty has none.
pub(super) fn account_of(world: &World, number: u64) -> Option<u64> {
    let mut rng = world.rng("Contact", number, usize::MAX);
    let employed = chance(&mut rng, 98);
    world.parent(&mut rng, "Contact", number, "Account").filter(|_| employed)
}

fn contact(world: &World, number: u64) -> Entity {
    let person = Person::of(world, "Contact", number);
    let account = account_of(world, number);
    let company = Company::of(world, "Account", account.unwrap_or(number));
    let mut rng = world.rng("Contact", number, 0);
    let email = person.email(number, &company.host);
    let mut contact = Entity::default()
        .set("LastName", person.last)
        .set_if(chance(&mut rng, 95), "FirstName", person.first)
        .set_if(chance(&mut rng, 60), "Salutation", person.salutation)
        .set("Title", *pick(&mut rng, &JOB_TITLES))
        .set("Department", *pick(&mut rng, &DEPARTMENTS))
        .set("Phone", company.country.phone(&mut rng))
        .set_if(chance(&mut rng, 60), "MobilePhone", company.country.phone(&mut rng))
        .set("LeadSource", *pick(&mut rng, &LEAD_SOURCES))
        .set_if(chance(&mut rng, 20), "Birthdate", birthdate(world, &mut rng))
        .set("ERP_Key__c", erp_key("C", number))
        .at(&MAILING, &company.place);
    if number % 100 == BROKEN_EMAIL_REMAINDER {
        contact.first_org_only.insert("Email", Value::from(email.replace('@', " at ")));
    }
    contact = contact.set("Email", email);
    match account {
        Some(account) => contact.under("AccountId", "Account", account),
        None => contact,
    }
}

/// A day between 22 and 64 years ago.
fn birthdate(world: &World, rng: &mut ChaCha8Rng) -> String {
    world.day(-rng.random_range(22 * 365..64 * 365_i64))
}

fn lead(world: &World, number: u64) -> Entity {
    let person = Person::of(world, "Lead", number);
    let company = Company::of(world, "Lead", LEAD_COMPANIES + number);
    let mut rng = world.rng("Lead", number, 0);
    let statuses = ["Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"];
    let employees = rng.random_range(5..2_000_i64);
    Entity::default()
        .set("LastName", person.last)
        .set("FirstName", person.first)
        .set_if(chance(&mut rng, 50), "Salutation", person.salutation)
        .set("Company", company.name)
        .set("Title", *pick(&mut rng, &JOB_TITLES))
        .set("Email", person.email(number, &company.host))
        .set("Phone", company.country.phone(&mut rng))
        .set("Website", format!("https://www.{}", company.host))
        .set("LeadSource", *pick(&mut rng, &LEAD_SOURCES))
        .set("Status", *pick(&mut rng, &statuses))
        .set("Rating", *pick(&mut rng, &RATINGS))
        .set("Industry", company.industry)
        .set("NumberOfEmployees", employees)
        .set("AnnualRevenue", whole(employees * 120_000))
        .set("ERP_Key__c", erp_key("L", number))
        .at(&LEAD_ADDRESS, &company.place)
}

fn drift_contact(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    match rng.random_range(0..4) {
        0 => facts.insert("Title", Value::from(*pick(rng, &JOB_TITLES))),
        1 => facts.insert("Phone", Value::from(pick(rng, &COUNTRIES).phone(rng))),
        2 => facts.insert("Department", Value::from(*pick(rng, &DEPARTMENTS))),
        _ => facts.insert("MailingStreet", Value::from(pick(rng, &COUNTRIES).street(rng))),
    };
}

fn drift_lead(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    match rng.random_range(0..3) {
        0 => facts.insert("Status", Value::from("Working - Contacted")),
        1 => facts.insert("Rating", Value::from(*pick(rng, &RATINGS))),
        _ => facts.insert("Phone", Value::from(pick(rng, &COUNTRIES).phone(rng))),
    };
}

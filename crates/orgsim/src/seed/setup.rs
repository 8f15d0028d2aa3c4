//! What every org has before business rows: its own record type ids, users and the organization row.

use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::ids;
use crate::rows::{Row, RowId};
use crate::schema::standard::picklists::LEGACY_TIER;
use crate::seed::target::Target;
use crate::seed::words::{JOB_TITLES, ascii};
use crate::seed::world::{World, pick};

/// Users beside the connected one when the request names no number.
const COLLEAGUES: u64 = 5;

/// A user was created so many seconds ago: 500 days, before every business row.
const USERS_CREATED: i64 = 500 * 24 * 60 * 60;

/// Makes the org's schema its own and inserts users, record types and the organization.
pub(super) fn fill(target: &mut Target<'_>, world: &World) {
    number_record_types(target);
    if target.index() > 0 {
        take_away_legacy_tier(target);
    }
    let mut rng = world.rng("User", 0, target.index() + 1);
    insert_users(target, world, &mut rng);
    insert_record_types(target, &mut rng);
    insert_organization(target, &mut rng);
}

fn number_record_types(target: &mut Target<'_>) {
    let instance = target.instance();
    let objects = target.schema().objects.iter_mut();
    let record_types = objects.flat_map(|object| &mut object.record_types);
    for (number, record_type) in (1..).zip(record_types.filter(|one| !one.master)) {
        record_type.id = ids::make("012", instance, number);
    }
}

/// The stricter picklist of the further orgs; see the module's description.
fn take_away_legacy_tier(target: &mut Target<'_>) {
    let objects = target.schema().objects.iter_mut().filter(|object| object.name == "Account");
    let fields = objects.flat_map(|object| &mut object.fields);
    for field in fields.filter(|field| field.name == "Customer_Tier__c") {
        field.picklist_values.retain(|value| value.value != LEGACY_TIER);
    }
}

fn insert_users(target: &mut Target<'_>, world: &World, rng: &mut ChaCha8Rng) {
    let user = target.user().clone();
    let (first, last) = user.name.split_once(' ').unwrap_or(("", &user.name));
    let connected = user_row(target, first, last, &user.username, &user.email);
    let mut rows = vec![with(connected, [("Id", json!(user.id))])];
    let colleagues = world.requested("User").map_or(COLLEAGUES, |count| count.saturating_sub(1));
    for number in 0..colleagues {
        let person = crate::seed::people::Person::of(world, "User", number);
        let local = format!("{}.{}", ascii(person.first), ascii(person.last)).to_lowercase();
        let email = format!("{local}.{number}@{}.example", ascii(target.name()).to_lowercase());
        let row = user_row(target, person.first, person.last, &email, &email);
        rows.push(with(row, [("Title", json!(pick(rng, &JOB_TITLES)))]));
    }
    // The connected user set the org up, so it made itself and every colleague.
    target.add_user(RowId::from(user.id.as_str()));
    for (number, mut row) in rows.into_iter().enumerate() {
        row.insert("CommunityNickname".to_owned(), json!(format!("user{number}")));
        target.complete("User", None, &mut row, rng);
        target.stamp(&mut row, USERS_CREATED, rng);
        let id = target.insert_row("User", row);
        if let Some(id) = id.filter(|_| number > 0) {
            target.add_user(id);
        }
    }
}

fn user_row(target: &Target<'_>, first: &str, last: &str, username: &str, email: &str) -> Row {
    let alias: String = ascii(last).to_lowercase().chars().take(8).collect();
    let row = with(
        Row::new(),
        [
            ("Username", json!(username)),
            ("FirstName", json!((!first.is_empty()).then_some(first))),
            ("LastName", json!(last)),
            ("Name", json!(format!("{first} {last}").trim())),
            ("Email", json!(email)),
            ("Alias", json!(alias)),
            ("IsActive", json!(true)),
        ],
    );
    with(
        row,
        [
            ("TimeZoneSidKey", json!("Europe/Berlin")),
            ("LocaleSidKey", json!("en_US")),
            ("EmailEncodingKey", json!("UTF-8")),
            ("LanguageLocaleKey", json!("en_US")),
            ("ProfileId", json!(ids::make("00e", target.instance(), 1))),
            ("UserType", json!("Standard")),
        ],
    )
}

fn insert_record_types(target: &mut Target<'_>, rng: &mut ChaCha8Rng) {
    let rows: Vec<Row> = target.schema().objects.iter().flat_map(record_type_rows).collect();
    for mut row in rows {
        target.stamp(&mut row, USERS_CREATED, rng);
        target.insert_row("RecordType", row);
    }
}

/// The record types of an object; the master record type has no row.
fn record_type_rows(object: &crate::schema::Object) -> Vec<Row> {
    let record_types = object.record_types.iter().filter(|record_type| !record_type.master);
    let row = |record_type: &crate::schema::RecordType| {
        with(
            Row::new(),
            [
                ("Id", json!(record_type.id)),
                ("Name", json!(record_type.name)),
                ("DeveloperName", json!(record_type.developer_name)),
                ("SobjectType", json!(object.name)),
                ("IsActive", json!(true)),
            ],
        )
    };
    record_types.map(row).collect()
}

fn insert_organization(target: &mut Target<'_>, rng: &mut ChaCha8Rng) {
    let instance = target.instance().to_uppercase();
    let mut row = with(
        Row::new(),
        [
            ("Id", json!(target.organization_id())),
            ("Name", json!(format!("{} (simulated)", target.name()))),
            ("Country", json!("US")),
            ("PrimaryContact", json!(target.user().name)),
            ("DefaultLocaleSidKey", json!("en_US")),
            ("TimeZoneSidKey", json!("Europe/Berlin")),
            ("LanguageLocaleKey", json!("en_US")),
            ("FiscalYearStartMonth", json!(1)),
            ("OrganizationType", json!("Developer Edition")),
            ("InstanceName", json!(format!("SIM{instance}"))),
            ("IsSandbox", json!(false)),
        ],
    );
    target.complete("Organization", None, &mut row, rng);
    target.stamp(&mut row, USERS_CREATED, rng);
    target.insert_row("Organization", row);
}

fn with<const COUNT: usize>(mut row: Row, values: [(&str, Value); COUNT]) -> Row {
    row.extend(values.into_iter().map(|(field, value)| (field.to_owned(), value)));
    row
}

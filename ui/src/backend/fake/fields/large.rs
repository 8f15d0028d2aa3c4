//! Objects at the limit: 800 fields on either side.

use isthmus_model::schema::FieldSchema;

use crate::backend::fake::fields::lines;

/// The most fields an object may have (Salesforce Help, "Custom Fields Allowed Per Object").
const MOST: usize = 800;

/// Every type a field can have, in the sizes admins choose.
const KINDS: [&str; 12] = [
    "string 80",
    "double 12,2",
    "picklist Low;Medium;High",
    "date",
    "datetime",
    "boolean",
    "currency 14,2",
    "email",
    "phone",
    "textarea 32768",
    "reference Account",
    "percent 3,2",
];

/// What every object has.
const COMMON: &str = "
    Id | Account ID | id |
    Name | Account Name | string 255 | required name
    ERP_Key__c | ERP Key | string 40 | key
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

/// The fields of the left or right object. Most of the right ones look like the left ones; every seventh has another type.
pub(super) fn fields(is_right: bool) -> Vec<FieldSchema> {
    let mut fields = lines::fields(COMMON);
    let table: Vec<String> =
        (fields.len() + 1..=MOST).map(|number| line(number, is_right)).collect();
    fields.extend(lines::fields(&table.join("\n")));
    fields
}

fn line(number: usize, is_right: bool) -> String {
    let shift = usize::from(is_right && number.is_multiple_of(7));
    let kind = KINDS[(number + shift) % KINDS.len()];
    let flags = match number {
        _ if number.is_multiple_of(97) => "required",
        _ if number.is_multiple_of(31) => "formula",
        _ if number.is_multiple_of(53) => "fixed",
        _ => "",
    };
    let name = if is_right && number.is_multiple_of(5) { "Detail" } else { "Attribute" };
    format!("{name}_{number:03}__c | {name} {number} | {kind} | {flags}")
}

//! What the org itself puts into rows: default values, owners, numbers, and fields that follow from others.

use serde_json::{Value, json};

use crate::api::input::Changes;
use crate::api::moments::read_date;
use crate::api::picklists;
use crate::api::transaction::Transaction;
use crate::rows::{Row, Table, text};
use crate::schema::{Field, FieldType, Object};

/// Where automatic numbers begin, as in a fresh org.
const FIRST_AUTO_NUMBER: usize = 1_000;

/// What a standard stage says about a deal: probability in percent and forecast category.
const STAGES: [(&str, f64, &str); 10] = [
    ("Prospecting", 10.0, "Pipeline"),
    ("Qualification", 10.0, "Pipeline"),
    ("Needs Analysis", 20.0, "Pipeline"),
    ("Value Proposition", 50.0, "Pipeline"),
    ("Id. Decision Makers", 60.0, "Pipeline"),
    ("Perception Analysis", 70.0, "Pipeline"),
    ("Proposal/Price Quote", 75.0, "Pipeline"),
    ("Negotiation/Review", 90.0, "Pipeline"),
    ("Closed Won", 100.0, "Closed"),
    ("Closed Lost", 0.0, "Omitted"),
];

/// Fills what an insert left out. An explicit null stays null where the field may be null.
pub(crate) fn fill(
    transaction: &mut Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &mut Row,
) {
    for field in &object.fields {
        let keeps_null = sent.contains_key(&field.name) && field.nillable;
        if row.contains_key(&field.name) || keeps_null {
            continue;
        }
        if let Some(value) = default_value(transaction, object, field) {
            row.insert(field.name.clone(), value);
        }
    }
}

/// Sets the fields that follow from others. `sent` are the fields of this save: what a caller sets stays.
pub(crate) fn derive(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &mut Row,
) {
    match object.name.as_str() {
        "Opportunity" => derive_opportunity(object, sent, row),
        "PricebookEntry" => derive_price(transaction, object, row),
        "Case" => {
            let closed = text(row, "Status") == Some("Closed");
            set(object, row, "IsClosed", json!(closed));
            if !closed {
                row.remove("ClosedDate");
            } else if !row.contains_key("ClosedDate") {
                set(object, row, "ClosedDate", json!(transaction.stamp));
            }
        }
        "Task" => {
            let closed = text(row, "Status") == Some("Completed");
            set(object, row, "IsClosed", json!(closed));
        }
        _ => {}
    }
}

fn derive_opportunity(object: &Object, sent: &Changes, row: &mut Row) {
    let stage = text(row, "StageName").unwrap_or_default().to_owned();
    set(object, row, "IsWon", json!(stage == "Closed Won"));
    set(object, row, "IsClosed", json!(stage.starts_with("Closed")));
    let known = STAGES.into_iter().find(|(own, _, _)| *own == stage);
    if let Some((_, probability, category)) = known
        && sent.contains_key("StageName")
    {
        if !sent.contains_key("Probability") {
            set(object, row, "Probability", json!(probability));
        }
        if !sent.contains_key("ForecastCategoryName") {
            set(object, row, "ForecastCategoryName", json!(category));
            set(object, row, "ForecastCategory", json!(category));
        }
    }
    let number = |field: &str| row.get(field).and_then(Value::as_f64);
    match number("Amount").zip(number("Probability")) {
        Some((amount, percent)) => {
            let expected = (amount * percent).round() / 100.0;
            set(object, row, "ExpectedRevenue", json!(expected));
        }
        None => {
            row.remove("ExpectedRevenue");
        }
    }
    if let Some(closes) = text(row, "CloseDate").and_then(read_date) {
        let quarter = (closes.month() + 2) / 3;
        set(object, row, "FiscalQuarter", json!(quarter));
        set(object, row, "FiscalYear", json!(closes.year()));
        set(object, row, "Fiscal", json!(format!("{} {quarter}", closes.year())));
    }
}

/// A price is named after its product.
fn derive_price(transaction: &Transaction<'_>, object: &Object, row: &mut Row) {
    let products = transaction.tables.get("Product2");
    let product = text(row, "Product2Id").and_then(|id| products?.live(id));
    for (field, source) in [("Name", "Name"), ("ProductCode", "ProductCode")] {
        if let Some(value) = product.and_then(|product| product.get(source)).cloned() {
            set(object, row, field, value);
        }
    }
}

fn set(object: &Object, row: &mut Row, field: &str, value: Value) {
    if object.field(field).is_some() {
        row.insert(field.to_owned(), value);
    }
}

fn default_value(
    transaction: &mut Transaction<'_>,
    object: &Object,
    field: &Field,
) -> Option<Value> {
    let user_id = &transaction.user.id;
    let user = || Some(Value::String(user_id.clone()));
    match (field.name.as_str(), field.kind) {
        ("OwnerId" | "CreatedById" | "LastModifiedById", _) => user(),
        ("CreatedDate" | "LastModifiedDate" | "SystemModstamp", _) => {
            Some(Value::String(transaction.stamp.clone()))
        }
        ("RecordTypeId", _) => {
            let default = object.record_types.iter().find(|own| own.default && !own.master);
            default.map(|own| Value::String(own.id.clone()))
        }
        ("CurrencyIsoCode", _) => {
            let currencies = transaction.setup.currencies.as_ref()?;
            Some(Value::String(currencies.corporate.clone()))
        }
        _ if field.auto_number => Some(auto_number(transaction, object, field)),
        (_, FieldType::Picklist | FieldType::MultiPicklist) => {
            picklists::default_value(field).or_else(|| field.default_value.clone())
        }
        (_, FieldType::Boolean) => field.default_value.clone().or(Some(Value::Bool(false))),
        _ => field.default_value.clone().filter(|value| !value.is_null()),
    }
}

fn auto_number(transaction: &mut Transaction<'_>, object: &Object, field: &Field) -> Value {
    let mut formats = transaction.setup.auto_numbers.iter_mut();
    if let Some(format) = formats.find(|own| own.object == object.name && own.field == field.name) {
        return Value::String(format.take());
    }
    let rows = transaction.tables.get(&object.name).map_or(0, Table::count);
    let mut number = FIRST_AUTO_NUMBER + rows;
    loop {
        let text = Value::String(format!("{number:08}"));
        if transaction.rows_holding(object, field, &text).is_empty() {
            return text;
        }
        number += 1;
    }
}

//! What the org's own rules say about a row before it is saved: access, locks, automations, validation, filters.

use serde_json::{Value, json};

use crate::api::error::ApiError;
use crate::api::input::Changes;
use crate::api::options::Assignment;
use crate::api::transaction::Transaction;
use crate::rows::{Row, text};
use crate::schema::Object;
use crate::setup::{Action, Automation};

/// Refuses a change of a row that the user may only read, or that an approval locked.
///
/// # Errors
/// `INSUFFICIENT_ACCESS_OR_READONLY`, `ENTITY_IS_LOCKED`.
pub(crate) fn check_access(
    transaction: &Transaction<'_>,
    object: &Object,
    id: &str,
    row: &Row,
) -> Result<(), ApiError> {
    if !transaction.may_edit(object, row) {
        let message = "insufficient access rights on object id";
        return Err(ApiError::data("INSUFFICIENT_ACCESS_OR_READONLY", message, &[]));
    }
    if transaction.setup.locked_rows.contains(id) {
        return Err(ApiError::data("ENTITY_IS_LOCKED", "the entity is locked for editing", &[]));
    }
    Ok(())
}

/// Lets the assignment rule choose the owner of a new row.
pub(crate) fn assign(transaction: &Transaction<'_>, object: &Object, row: &mut Row) {
    let wanted = &transaction.options.assignment;
    let rule = transaction.setup.assignment_rules.iter().find(|rule| {
        let meant = match wanted {
            Assignment::Active => rule.active,
            Assignment::Off => false,
            Assignment::Rule(id) => rule.id == *id,
        };
        let fits = rule.condition.as_ref().is_none_or(|condition| condition.holds(row, None));
        meant && fits && rule.object == object.name
    });
    if let Some(rule) = rule {
        row.insert("OwnerId".to_owned(), Value::from(rule.owner_id.as_str()));
    }
}

/// Runs the before-save automations of the object in their order.
///
/// # Errors
/// What an automation fails with.
pub(crate) fn automate(
    transaction: &Transaction<'_>,
    object: &Object,
    row: &mut Row,
    before: Option<&Row>,
) -> Result<(), ApiError> {
    let own = transaction.setup.automations.iter().filter(|own| {
        let runs = if before.is_some() { own.on_update } else { own.on_insert };
        own.object == object.name && own.active && runs
    });
    for automation in own {
        run(automation, row, before)?;
    }
    Ok(())
}

fn run(automation: &Automation, row: &mut Row, before: Option<&Row>) -> Result<(), ApiError> {
    match &automation.action {
        Action::UpperCase(field) => rewrite(row, field, |text| text.to_uppercase()),
        Action::NormalizePhone(field) => rewrite(row, field, normal_phone),
        Action::Copy { from, to } => {
            let value = row.get(from).cloned().unwrap_or_default();
            set(row, to, value);
        }
        Action::Set { field, value } => set(row, field, value.clone()),
        Action::Fail { when, message } => {
            if when.as_ref().is_none_or(|condition| condition.holds(row, before)) {
                let event = if before.is_some() { "BeforeUpdate" } else { "BeforeInsert" };
                let name = &automation.name;
                let message = format!(
                    "{name}: execution of {event}\n\ncaused by: {message}\n\nTrigger.{name}: line 4, column 1"
                );
                return Err(ApiError::data("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, &[]));
            }
        }
        Action::FailFlow { when, message } => {
            if when.as_ref().is_none_or(|condition| condition.holds(row, before)) {
                let message = format!(
                    "We can't save this record because the \u{201c}{}\u{201d} process failed. {message}",
                    automation.name
                );
                return Err(ApiError::data("CANNOT_EXECUTE_FLOW_TRIGGER", message, &[]));
            }
        }
    }
    Ok(())
}

fn rewrite(row: &mut Row, field: &str, change: impl Fn(&str) -> String) {
    if let Some(changed) = text(row, field).map(change) {
        set(row, field, Value::String(changed));
    }
}

fn set(row: &mut Row, field: &str, value: Value) {
    if value.is_null() || value == json!("") {
        row.remove(field);
    } else {
        row.insert(field.to_owned(), value);
    }
}

fn normal_phone(text: &str) -> String {
    let plus = if text.trim_start().starts_with('+') { "+" } else { "" };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    format!("{plus}{digits}")
}

/// Checks a row as it would be saved against lookup filters, record types and validation rules.
///
/// # Errors
/// `FIELD_FILTER_VALIDATION_EXCEPTION`, `INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST`,
/// `FIELD_CUSTOM_VALIDATION_EXCEPTION`.
pub(crate) fn check_rules(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &Row,
    before: Option<&Row>,
) -> Result<(), ApiError> {
    check_filters(transaction, object, sent, row)?;
    check_record_type(transaction, object, sent, row)?;
    let rules = transaction.setup.validation_rules.iter();
    for rule in rules.filter(|rule| rule.object == object.name && rule.active) {
        if rule.condition.holds(row, before) {
            let fields: Vec<&str> = rule.field.iter().map(String::as_str).collect();
            let message = rule.message.as_str();
            return Err(ApiError::data("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, &fields));
        }
    }
    Ok(())
}

fn check_filters(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &Row,
) -> Result<(), ApiError> {
    for filter in transaction.setup.lookup_filters.iter().filter(|own| own.object == object.name) {
        let parent = text(row, &filter.field).filter(|_| sent.contains_key(&filter.field));
        let Some(parent) = parent.and_then(|id| transaction.live_anywhere(id)) else { continue };
        if !filter.condition.holds(parent, None) {
            let message = "Value does not exist or does not match filter criteria.";
            let fields = [filter.field.as_str()];
            return Err(ApiError::data("FIELD_FILTER_VALIDATION_EXCEPTION", message, &fields));
        }
    }
    Ok(())
}

/// A restricted picklist takes only the values of the row's record type.
fn check_record_type(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &Row,
) -> Result<(), ApiError> {
    let id = text(row, "RecordTypeId");
    let Some(record_type) = object.record_types.iter().find(|own| Some(own.id.as_str()) == id)
    else {
        return Ok(());
    };
    for field in object.fields.iter().filter(|field| field.restricted_picklist) {
        let allowed = transaction.setup.values_of_record_type(
            &object.name,
            &record_type.developer_name,
            &field.name,
        );
        let value = text(row, &field.name).filter(|_| sent.contains_key(&field.name));
        let (Some(allowed), Some(value)) = (allowed, value) else { continue };
        if let Some(wrong) = value.split(';').find(|part| !allowed.iter().any(|own| own == part)) {
            let message =
                format!("{}: bad value for restricted picklist field: {wrong}", field.label);
            let code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
            return Err(ApiError::data(code, message, &[&field.name]));
        }
    }
    Ok(())
}

//! Amounts in rows of an org with several currencies.

use serde_json::{Value, json};

use crate::api::error::ApiError;
use crate::api::input::Changes;
use crate::api::transaction::Transaction;
use crate::rows::{Row, text};
use crate::schema::{FieldType, Object};

/// The field that names a row's currency.
const CURRENCY_FIELD: &str = "CurrencyIsoCode";

/// Checks the currency that a write names, and converts the amounts that the write leaves alone when it changes.
///
/// # Errors
/// `INVALID_CURRENCY_ISO` for a currency that the org does not have.
pub(crate) fn convert(
    transaction: &Transaction<'_>,
    object: &Object,
    sent: &Changes,
    row: &mut Row,
    before: Option<&Row>,
) -> Result<(), ApiError> {
    let Some(currencies) = &transaction.setup.currencies else { return Ok(()) };
    let Some(code) = sent.get(CURRENCY_FIELD).and_then(Value::as_str) else { return Ok(()) };
    if !currencies.rates.contains_key(code) {
        let message = format!("invalid currency ISO code: {code}");
        return Err(ApiError::data("INVALID_CURRENCY_ISO", message, &[CURRENCY_FIELD]));
    }
    let from = before.and_then(|before| text(before, CURRENCY_FIELD));
    let Some(from) = from.filter(|from| *from != code) else { return Ok(()) };
    let amounts = object.fields.iter().filter(|field| field.kind == FieldType::Currency);
    for field in amounts.filter(|field| !sent.contains_key(&field.name) && !field.calculated) {
        let amount = row.get(&field.name).and_then(Value::as_f64);
        if let Some(converted) = amount.and_then(|own| currencies.convert(own, from, code)) {
            let scale = 10_f64.powi(i32::try_from(field.scale).unwrap_or(0));
            row.insert(field.name.clone(), json!((converted * scale).round() / scale));
        }
    }
    Ok(())
}

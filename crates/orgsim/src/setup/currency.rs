//! Several currencies in one org.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The field that names a row's currency.
pub(crate) const CURRENCY_FIELD: &str = "CurrencyIsoCode";

/// The currencies of an org and what they are worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currencies {
    /// The corporate currency, which rows get that name none; its rate is 1.
    pub corporate: String,
    /// Units of a currency for one unit of the corporate one, by ISO code.
    pub rates: BTreeMap<String, f64>,
}

impl Currencies {
    /// An amount in another currency; `None` when a currency is not known.
    #[must_use]
    pub fn convert(&self, amount: f64, from: &str, to: &str) -> Option<f64> {
        let (from, to) = (self.rates.get(from)?, self.rates.get(to)?);
        Some(amount / from * to)
    }
}

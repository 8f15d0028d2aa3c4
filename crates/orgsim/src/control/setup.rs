//! What an administrator sets up, through the control endpoint: rules, automations, computed fields, features.
//!
//! `POST /__orgsim/setup` takes any of the members below; lists are added to what is there, a rule with the name of an
//! old one replaces it. `GET` shows the whole setup, `DELETE` takes rules and automations away (features, currencies,
//! fields and users stay).
//!
//! `{"features":["person_accounts","queues","files"], "currencies":{"corporate","rates"}, "validation_rules":[…],
//! "duplicate_rules":[…], "automations":[…], "assignment_rules":[…], "lookup_filters":[…], "formulas":[…],
//! "roll_ups":[…], "auto_numbers":[…], "record_type_values":{"Account.Customer_Account":{"Industry":["Banking"]}},
//! "locked_rows":["001…"], "unlocked_rows":[…], "cached_counts":{"Account":1}}`

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, read};
use crate::api::derived;
use crate::api::journal::Journal;
use crate::api::transaction::Transaction;
use crate::ids;
use crate::org::Org;
use crate::router::request::Request;
use crate::schema::build::{number, text};
use crate::schema::{Field, FieldType};
use crate::setup::{
    AssignmentRule, AutoNumber, Automation, Currencies, DuplicateRule, Feature, Formula,
    LookupFilter, RollUp, Setup, ValidationRule, enable, enable_currencies,
};

/// Digits of a computed number, in all and behind the point.
const COMPUTED_DIGITS: (u32, u32) = (18, 2);

/// Characters of a computed text.
const COMPUTED_CHARACTERS: u32 = 1_300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Change {
    features: Vec<Feature>,
    currencies: Option<Currencies>,
    validation_rules: Vec<ValidationRule>,
    duplicate_rules: Vec<DuplicateRule>,
    automations: Vec<Automation>,
    assignment_rules: Vec<AssignmentRule>,
    lookup_filters: Vec<LookupFilter>,
    formulas: Vec<Formula>,
    roll_ups: Vec<RollUp>,
    auto_numbers: Vec<AutoNumber>,
    record_type_values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    locked_rows: Vec<String>,
    unlocked_rows: Vec<String>,
    cached_counts: BTreeMap<String, u64>,
}

/// The whole setup.
pub(super) fn show(org: &Org) -> Value {
    json!(org.setup)
}

/// Takes rules and automations away.
pub(super) fn clear(org: &mut Org) -> Value {
    let old = std::mem::take(&mut org.setup);
    org.setup = Setup {
        validation_rules: Vec::new(),
        duplicate_rules: Vec::new(),
        automations: Vec::new(),
        assignment_rules: Vec::new(),
        lookup_filters: Vec::new(),
        record_type_values: BTreeMap::new(),
        locked_rows: std::collections::BTreeSet::new(),
        cached_counts: BTreeMap::new(),
        ..old
    };
    show(org)
}

/// Adds to the setup.
pub(super) fn change(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: Change = read(request)?;
    check_objects(org, &change)?;
    change.features.iter().for_each(|feature| enable(org, *feature));
    if let Some(currencies) = change.currencies {
        check_currencies(&currencies)?;
        enable_currencies(org, currencies);
    }
    let setup = &mut org.setup;
    put(&mut setup.validation_rules, change.validation_rules, |own| {
        (own.object.clone(), own.name.clone())
    });
    put(&mut setup.duplicate_rules, change.duplicate_rules, |own| {
        (own.object.clone(), own.name.clone())
    });
    put(&mut setup.automations, change.automations, |own| (own.object.clone(), own.name.clone()));
    put(&mut setup.assignment_rules, change.assignment_rules, |own| own.id.clone());
    put(&mut setup.lookup_filters, change.lookup_filters, |own| {
        (own.object.clone(), own.field.clone())
    });
    setup.record_type_values.extend(change.record_type_values);
    setup.cached_counts.extend(change.cached_counts);
    for id in change.locked_rows {
        setup.locked_rows.insert(ids::to_18(&id).ok_or_else(|| format!("{id} is no id"))?);
    }
    for id in change.unlocked_rows {
        setup.locked_rows.remove(&ids::to_18(&id).ok_or_else(|| format!("{id} is no id"))?);
    }
    compute(org, change.formulas, change.roll_ups, change.auto_numbers)?;
    Ok(show(org))
}

/// Puts new entries in the place of old ones with the same key, or behind them.
fn put<T, K: PartialEq>(list: &mut Vec<T>, new: Vec<T>, key: impl Fn(&T) -> K) {
    for entry in new {
        match list.iter().position(|own| key(own) == key(&entry)) {
            Some(place) => list[place] = entry,
            None => list.push(entry),
        }
    }
}

fn check_objects(org: &Org, change: &Change) -> Result<(), Refused> {
    let rules = change.validation_rules.iter().map(|own| &own.object);
    let rules = rules.chain(change.duplicate_rules.iter().map(|own| &own.object));
    let rules = rules.chain(change.automations.iter().map(|own| &own.object));
    let rules = rules.chain(change.assignment_rules.iter().map(|own| &own.object));
    let rules = rules.chain(change.lookup_filters.iter().map(|own| &own.object));
    let named = rules.chain(change.formulas.iter().map(|own| &own.object));
    let named = named.chain(change.roll_ups.iter().flat_map(|own| [&own.object, &own.child]));
    let mut named = named.chain(change.auto_numbers.iter().map(|own| &own.object));
    // Rules are compared by exact name, so the name must be spelled as the schema spells it.
    match named.find(|name| org.schema.object(name).is_none_or(|own| own.name != **name)) {
        Some(name) => Err(format!("there is no object {name}")),
        None => Ok(()),
    }
}

fn check_currencies(currencies: &Currencies) -> Result<(), Refused> {
    if currencies.rates.get(&currencies.corporate) != Some(&1.0) {
        return Err(format!(
            "the rate of the corporate currency {} must be 1",
            currencies.corporate
        ));
    }
    match currencies.rates.iter().find(|(_, rate)| !rate.is_finite() || **rate <= 0.0) {
        Some((code, _)) => Err(format!("the rate of {code} must be above 0")),
        None => Ok(()),
    }
}

/// Makes the fields that the org computes, and computes them for the rows that are there.
fn compute(
    org: &mut Org,
    formulas: Vec<Formula>,
    roll_ups: Vec<RollUp>,
    auto_numbers: Vec<AutoNumber>,
) -> Result<(), Refused> {
    if formulas.is_empty() && roll_ups.is_empty() && auto_numbers.is_empty() {
        return Ok(());
    }
    for formula in &formulas {
        let field = computed(&formula.field, formula.kind.kind());
        let field = Field { formula: Some(formula.expression.formula()), ..field };
        add_field(org, &formula.object, Field { calculated: true, ..field })?;
    }
    for roll_up in &roll_ups {
        let field = computed(&roll_up.field, FieldType::Double);
        add_field(org, &roll_up.object, Field { calculated: true, ..field })?;
    }
    for own in &auto_numbers {
        let field = text(&own.field, &label(&own.field), 30).numbered();
        add_field(org, &own.object, field)?;
    }
    let setup = &mut org.setup;
    put(&mut setup.formulas, formulas, |own| (own.object.clone(), own.field.clone()));
    put(&mut setup.roll_ups, roll_ups, |own| (own.object.clone(), own.field.clone()));
    put(&mut setup.auto_numbers, auto_numbers, |own| (own.object.clone(), own.field.clone()));
    org.schema.changed = Some(org.clock.now());
    let mut journal = Journal::default();
    derived::compute_all(&mut Transaction::begin(org, &mut journal));
    journal.commit(&mut org.counters);
    Ok(())
}

fn computed(name: &str, kind: FieldType) -> Field {
    let (precision, scale) = COMPUTED_DIGITS;
    let field = match kind {
        FieldType::String => text(name, &label(name), COMPUTED_CHARACTERS),
        _ => number(name, &label(name), precision, scale),
    };
    Field { kind, ..field.read_only() }
}

fn label(name: &str) -> String {
    name.trim_end_matches("__c").replace('_', " ")
}

fn add_field(org: &mut Org, object: &str, field: Field) -> Result<(), Refused> {
    let objects = &mut org.schema.objects;
    let object = objects.iter_mut().find(|own| own.name == object);
    let object = object.ok_or_else(|| format!("there is no object for {}", field.name))?;
    match object.fields.iter_mut().find(|own| own.name == field.name) {
        Some(own) => *own = field,
        None => object.fields.push(field),
    }
    Ok(())
}

//! Whether a link may be drawn, before it is: what the engine will refuse, and what it will hold, cut or lose.
//!
//! The same rules as the check of a mapping file, so that a link says on the way what the check would say afterwards.

use std::collections::BTreeSet;

use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::document::{Flow, SyncDocument};
use isthmus_model::schema::{FieldSchema, FieldType};

use crate::pages::map::words::type_word;

/// Most picklist values named in one explanation.
const MOST_VALUES_NAMED: usize = 6;

/// What a link between two fields would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Legality {
    /// Every value arrives.
    Legal,
    /// Allowed; some values are held, cut or lose something.
    Lossy(Reason),
    /// The engine would refuse it.
    Illegal(Reason),
}

/// Why a link is not simply legal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    /// In a few words, for a chip: `255 to 80 characters`.
    pub(crate) short: String,
    /// In one or more sentences without a final period.
    pub(crate) full: String,
}

impl Legality {
    /// The reason, where there is one.
    pub(crate) fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Legal => None,
            Self::Lossy(reason) | Self::Illegal(reason) => Some(reason),
        }
    }

    /// True where a link can be drawn.
    pub(crate) fn is_allowed(&self) -> bool {
        !matches!(self, Self::Illegal(_))
    }
}

/// What a link between two fields would be, for values that flow that way.
pub(crate) fn legality(left: &FieldSchema, right: &FieldSchema, flow: Flow) -> Legality {
    match flow {
        Flow::LeftToRight => one_way(left, right),
        Flow::RightToLeft => one_way(right, left),
        Flow::Both => worse(one_way(left, right), one_way(right, left)),
    }
}

/// The same inside a mapping: a lookup also needs its parent mapped, or the lane's own values.
pub(crate) fn legality_in(
    document: &SyncDocument,
    left: &FieldSchema,
    right: &FieldSchema,
) -> Legality {
    let own = legality(left, right, Flow::LeftToRight);
    let lookups = left.kind == FieldType::Reference && right.kind == FieldType::Reference;
    if !lookups || !own.is_allowed() || has_parent(document, left, right) {
        return own;
    }
    let parents = left.reference_to.join(" or ");
    let parent = left.reference_to.first().map_or("the parent", String::as_str);
    let unmapped = lossy(
        format!("{parent} is not mapped"),
        format!(
            "{} points to {parents}, and no object mapping of this sync covers that. Add one, or list pairs of ids under the lane's values",
            left.name
        ),
    );
    worse(unmapped, own)
}

fn has_parent(document: &SyncDocument, left: &FieldSchema, right: &FieldSchema) -> bool {
    let among = |name: &str, list: &[String]| list.iter().any(|one| one.eq_ignore_ascii_case(name));
    let mapped = document.objects.iter().any(|object| {
        among(&object.left, &left.reference_to) && among(&object.right, &right.reference_to)
    });
    let lane = document.lanes.first();
    let listed =
        lane.is_some_and(|lane| lane.values.keys().any(|one| among(one, &left.reference_to)));
    mapped || listed
}

fn worse(one: Legality, other: Legality) -> Legality {
    match (&one, &other) {
        (Legality::Illegal(_), _) | (Legality::Lossy(_), Legality::Legal) => one,
        (Legality::Lossy(first), Legality::Lossy(second)) => {
            lossy(first.short.clone(), format!("{}. {}", first.full, second.full))
        }
        _ => other,
    }
}

fn lossy(short: impl Into<String>, full: impl Into<String>) -> Legality {
    Legality::Lossy(Reason { short: short.into(), full: full.into() })
}

fn illegal(short: impl Into<String>, full: impl Into<String>) -> Legality {
    Legality::Illegal(Reason { short: short.into(), full: full.into() })
}

fn one_way(from: &FieldSchema, to: &FieldSchema) -> Legality {
    if let Some(refused) = refused(from, to) {
        return refused;
    }
    let losses = [
        of_types(from, to),
        of_length(from, to),
        of_digits(from, to),
        of_choices(from, to),
        of_uniqueness(from, to),
        of_writing(to),
    ];
    losses.into_iter().flatten().fold(Legality::Legal, worse)
}

fn refused(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    if !to.createable && !to.updateable {
        return Some(illegal("read-only", format!("{} is read only: {}", to.name, read_only(to))));
    }
    match rule(&from.kind, &to.kind) {
        Conversion::Impossible(why) => {
            let full = format!(
                "{} ({}) cannot be written to {} ({}): {why}",
                from.name,
                from.kind.as_str(),
                to.name,
                to.kind.as_str()
            );
            Some(illegal(type_word(&to.kind).to_lowercase(), full))
        }
        _ => None,
    }
}

fn read_only(field: &FieldSchema) -> &'static str {
    match field.kind {
        _ if field.calculated => "it is a formula or a roll-up",
        _ if field.auto_number => "the org numbers it",
        FieldType::Address | FieldType::Location => "it is a compound; map its parts",
        FieldType::Id => "every org gives its own ids",
        _ => "the org sets it, or field-level security hides it from editing",
    }
}

fn of_types(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    let listed = matches!(to.kind, FieldType::Picklist | FieldType::MultiPicklist);
    let text = matches!(to.kind, FieldType::String | FieldType::TextArea);
    match rule(&from.kind, &to.kind) {
        Conversion::Lossy(why) => Some(lossy(
            why.split(';').next().unwrap_or(why),
            format!("{} to {} loses something: {why}", from.name, to.name),
        )),
        // Length and listed values are looked at on their own, with their numbers.
        Conversion::Checked(_) if listed || text || from.kind == to.kind => None,
        Conversion::Checked(why) => Some(lossy(
            format!("{} to {}", type_word(&from.kind), type_word(&to.kind)).to_lowercase(),
            format!("Values are checked one by one: {why}"),
        )),
        _ => None,
    }
}

fn of_length(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    let ids = matches!(to.kind, FieldType::Reference | FieldType::Id);
    let longer = to.length > 0 && from.length > to.length;
    (longer && !ids && from.picklist_values.is_empty()).then(|| {
        lossy(
            format!("{} to {} characters", from.length, to.length),
            format!(
                "{} holds up to {} characters, {} up to {}: rows with longer text are held",
                from.name, from.length, to.name, to.length
            ),
        )
    })
}

fn of_digits(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    let (whole_from, whole_to) = (whole_digits(from), whole_digits(to));
    if whole_from == 0 || whole_to == 0 {
        return None;
    }
    if whole_from > whole_to {
        return Some(lossy(
            "may overflow",
            format!(
                "{} holds up to {whole_from} digits before the point, {} up to {whole_to}: rows with larger numbers are held",
                from.name, to.name
            ),
        ));
    }
    (from.scale > to.scale).then(|| {
        lossy(
            "decimals are cut",
            format!(
                "{} has {} decimals, {} has {}: decimals beyond that are cut",
                from.name, from.scale, to.name, to.scale
            ),
        )
    })
}

fn whole_digits(field: &FieldSchema) -> u32 {
    match field.kind {
        FieldType::Int | FieldType::Long => field.digits,
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            field.precision.saturating_sub(field.scale)
        }
        _ => 0,
    }
}

fn of_choices(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    if !to.restricted_picklist {
        return None;
    }
    if from.picklist_values.is_empty() {
        return Some(lossy(
            "listed values only",
            format!("{} takes only listed values: rows with any other value are held", to.name),
        ));
    }
    let known: BTreeSet<String> = active(to).map(str::to_lowercase).collect();
    let missing: Vec<&str> =
        active(from).filter(|value| !known.contains(&value.to_lowercase())).collect();
    let all = active(from).count();
    let more = if missing.len() > MOST_VALUES_NAMED { ", …" } else { "" };
    let named: Vec<&str> = missing.iter().copied().take(MOST_VALUES_NAMED).collect();
    (!missing.is_empty()).then(|| {
        lossy(
            format!("{} of {all} values missing", missing.len()),
            format!(
                "{} takes only listed values and lacks {} of the {all} of {} ({}{more}): rows with these are held",
                to.name,
                missing.len(),
                from.name,
                named.join(", ")
            ),
        )
    })
}

fn active(field: &FieldSchema) -> impl Iterator<Item = &str> {
    field.picklist_values.iter().filter(|value| value.active).map(|value| value.value.as_str())
}

fn of_uniqueness(from: &FieldSchema, to: &FieldSchema) -> Option<Legality> {
    (to.unique && !from.unique).then(|| {
        lossy(
            "must be unique",
            format!(
                "{} takes each value once and {} may repeat one: rows that repeat a value fail",
                to.name, from.name
            ),
        )
    })
}

fn of_writing(to: &FieldSchema) -> Option<Legality> {
    match (to.createable, to.updateable) {
        (true, false) => Some(lossy(
            "set on create only",
            format!("{} can be set when a row is created: later changes are not sent", to.name),
        )),
        (false, true) => Some(lossy(
            "set on update only",
            format!("{} cannot be set on create: new rows get it with the next run", to.name),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::Flow;
    use isthmus_model::schema::{FieldSchema, FieldType, PicklistValue};

    use super::{Legality, legality};
    use crate::pages::map::words::tests::field;

    fn short(left: &FieldSchema, right: &FieldSchema) -> String {
        match legality(left, right, Flow::LeftToRight) {
            Legality::Legal => "legal".to_owned(),
            Legality::Lossy(reason) => format!("lossy: {}", reason.short),
            Legality::Illegal(reason) => format!("illegal: {}", reason.short),
        }
    }

    fn picklist(values: &[&str], restricted: bool) -> FieldSchema {
        let value = |value: &&str| PicklistValue {
            value: (*value).to_owned(),
            label: (*value).to_owned(),
            active: true,
        };
        FieldSchema {
            picklist_values: values.iter().map(value).collect(),
            restricted_picklist: restricted,
            ..field("Tier__c", FieldType::Picklist)
        }
    }

    #[test]
    fn equal_fields_are_legal_and_longer_text_is_lossy() {
        let (wide, narrow) = (field("Name", FieldType::String), field("Name", FieldType::String));
        assert_eq!(short(&wide, &narrow), "legal");
        let narrow = FieldSchema { length: 80, ..narrow };
        assert_eq!(short(&wide, &narrow), "lossy: 255 to 80 characters");
        assert_eq!(short(&narrow, &wide), "legal");
    }

    #[test]
    fn missing_values_of_a_restricted_picklist_are_counted() {
        let left = picklist(&["A", "B", "C"], false);
        assert_eq!(short(&left, &picklist(&["a"], true)), "lossy: 2 of 3 values missing");
        assert_eq!(short(&left, &picklist(&["a"], false)), "legal");
        let text = field("Text__c", FieldType::String);
        assert_eq!(short(&text, &picklist(&["a"], true)), "lossy: listed values only");
    }

    #[test]
    fn read_only_targets_and_foreign_types_are_illegal() {
        let text = field("Name", FieldType::String);
        let formula = FieldSchema {
            createable: false,
            updateable: false,
            calculated: true,
            ..field("Score__c", FieldType::Double)
        };
        assert_eq!(short(&text, &formula), "illegal: read-only");
        assert_eq!(short(&text, &field("OwnerId", FieldType::Reference)), "illegal: lookup");
        let day = field("Founded__c", FieldType::Date);
        assert_eq!(short(&day, &field("Count__c", FieldType::Double)), "illegal: number");
    }

    #[test]
    fn several_losses_are_told_together() {
        let wide = field("Name", FieldType::String);
        let narrow = FieldSchema { length: 40, unique: true, ..field("Key__c", FieldType::String) };
        let found = legality(&wide, &narrow, Flow::LeftToRight);
        let full = &found.reason().unwrap().full;
        assert!(full.contains("up to 40") && full.contains("each value once"), "{full}");
    }
}

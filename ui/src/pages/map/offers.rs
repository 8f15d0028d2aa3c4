//! Fields to choose from: only those that fit, and of those that lose something what they lose.

use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::document::{ObjectDocument, SyncDocument};
use isthmus_model::schema::{FieldSchema, FieldType};

use crate::pages::map::legality::{Legality, legality_in};
use crate::pages::map::order::Fields;
use crate::pages::map::state::field_of;

/// How well an offered field fits; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// It looks like the other one.
    Alike,
    /// Every value arrives.
    Whole,
    /// Some values are held, cut or lose something.
    Lossy,
}

impl Fit {
    /// The words above those that fit so.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Alike => "Looks alike",
            Self::Whole => "Fits",
            Self::Lossy => "With loss",
        }
    }
}

/// A field on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its API name.
    pub(crate) name: String,
    /// The words shown.
    pub(crate) words: String,
    /// How well it fits.
    pub(crate) fit: Fit,
}

/// A field in words: `Account Name (Name)`.
pub(crate) fn field_words(field: &FieldSchema) -> String {
    if field.label == field.name {
        return field.name.clone();
    }
    format!("{} ({})", field.label, field.name)
}

/// Left fields that may fill a right one. `alike` are those that look like it.
pub(crate) fn sources(
    document: &SyncDocument,
    left: &Fields,
    right: &FieldSchema,
    alike: &[String],
) -> Vec<Offer> {
    let known = left.list.iter().take(left.known);
    let offers = known.filter_map(|field| {
        let offer = offer(field, &legality_in(document, field, right))?;
        let is_alike = alike.contains(&field.name) || field.name.eq_ignore_ascii_case(&right.name);
        let fit = if is_alike && offer.fit == Fit::Whole { Fit::Alike } else { offer.fit };
        Some(Offer { fit, ..offer })
    });
    sorted(offers.collect())
}

/// Right fields that a left one may fill, or any that can be written while none is chosen. Pairs that are linked already are
/// left out; what a link would replace is told.
pub(crate) fn targets(
    document: &SyncDocument,
    mapping: &ObjectDocument,
    left: Option<&FieldSchema>,
    right: &Fields,
) -> Vec<Offer> {
    let known = right.list.iter().take(right.known);
    let offers = known.filter_map(|field| {
        let legality = match left {
            Some(left) if field_of(mapping, &left.name, &field.name).is_some() => return None,
            Some(left) => legality_in(document, left, field),
            None if field.createable || field.updateable => Legality::Legal,
            None => return None,
        };
        let mut offer = offer(field, &legality)?;
        let is_this = |one: &&isthmus_model::document::FieldDocument| {
            one.right.eq_ignore_ascii_case(&field.name)
        };
        if let Some(former) = mapping.fields.iter().find(is_this) {
            offer.words.push_str(", replaces ");
            offer.words.push_str(&former.left);
        }
        Some(offer)
    });
    sorted(offers.collect())
}

/// Fields that can stand in a match rule on one side, beside `other` on the other side.
pub(crate) fn match_fields(
    fields: &Fields,
    other: Option<&FieldSchema>,
    is_key: bool,
) -> Vec<Offer> {
    let fits = |field: &&FieldSchema| {
        let comparable = other.is_none_or(|other| {
            !matches!(rule(&other.kind, &field.kind), Conversion::Impossible(_))
                || !matches!(rule(&field.kind, &other.kind), Conversion::Impossible(_))
        });
        let is_local = matches!(field.kind, FieldType::Id | FieldType::Reference);
        field.filterable && !is_local && comparable && (!is_key || field.is_unique_key())
    };
    let same = |field: &FieldSchema| {
        other.is_some_and(|other| other.name.eq_ignore_ascii_case(&field.name))
    };
    let offers = fields.list.iter().take(fields.known).filter(fits).map(|field| Offer {
        name: field.name.clone(),
        words: field_words(field),
        fit: if same(field) || field.is_unique_key() { Fit::Alike } else { Fit::Whole },
    });
    sorted(offers.collect())
}

fn offer(field: &FieldSchema, legality: &Legality) -> Option<Offer> {
    let words = field_words(field);
    let (words, fit) = match legality {
        Legality::Legal => (words, Fit::Whole),
        Legality::Lossy(reason) => (format!("{words}: {}", reason.short), Fit::Lossy),
        Legality::Illegal(_) => return None,
    };
    Some(Offer { name: field.name.clone(), words, fit })
}

fn sorted(mut offers: Vec<Offer>) -> Vec<Offer> {
    offers.sort_by_cached_key(|offer| (offer.fit, offer.words.to_lowercase()));
    offers
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::SyncDocument;
    use isthmus_model::ids::Side;
    use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

    use super::{Fit, match_fields, sources, targets};
    use crate::pages::map::order::Fields;
    use crate::pages::map::words::tests::field;

    fn document() -> SyncDocument {
        serde_json::from_value(serde_json::json!({
            "isthmus": 1, "sync": "s", "lanes": [{"left": "a", "right": "b"}],
            "objects": [{
                "left": "Account", "right": "Account",
                "match": {"key": {"left": "Key__c", "right": "Key__c"}},
                "fields": [{"left": "Name", "right": "Name"}],
            }],
        }))
        .unwrap()
    }

    fn fields(list: Vec<FieldSchema>) -> Fields {
        let schema = ObjectSchema {
            name: "Account".to_owned(),
            label: "Account".to_owned(),
            key_prefix: None,
            createable: true,
            updateable: true,
            deletable: true,
            queryable: true,
            replicateable: true,
            fields: list,
            record_types: Vec::new(),
        };
        Fields::of(&schema, &document().objects[0], Side::Left)
    }

    fn text(name: &str, length: u32) -> FieldSchema {
        FieldSchema { length, ..field(name, FieldType::String) }
    }

    #[test]
    fn only_fields_that_fit_are_offered_and_losses_are_told() {
        let left = fields(vec![text("Wide", 255), text("Narrow", 10), text("Tier__c", 10)]);
        let offers = sources(&document(), &left, &text("Tier__c", 40), &[]);
        let told: Vec<_> = offers.iter().map(|one| (one.words.as_str(), one.fit)).collect();
        assert_eq!(
            told,
            [
                ("Tier (Tier__c)", Fit::Alike),
                ("Narrow", Fit::Whole),
                ("Wide: 255 to 40 characters", Fit::Lossy),
            ]
        );
        let day = fields(vec![field("Founded__c", FieldType::Date)]);
        let number = field("Count__c", FieldType::Double);
        assert_eq!(sources(&document(), &day, &number, &[]), []);
    }

    #[test]
    fn a_target_says_what_it_replaces_and_a_linked_pair_is_no_offer() {
        let right = fields(vec![text("Name", 255), text("Alias", 255)]);
        let document = document();
        let names = |left: &str| -> Vec<String> {
            let left = text(left, 20);
            let offers = targets(&document, &document.objects[0], Some(&left), &right);
            offers.into_iter().map(|offer| offer.words).collect()
        };
        assert_eq!(names("Name"), ["Alias"]);
        assert_eq!(names("Other"), ["Alias", "Name, replaces Name"]);
    }

    #[test]
    fn a_key_is_unique_and_ids_match_nothing() {
        let key = FieldSchema { external_id: true, unique: true, ..text("Key__c", 18) };
        let all = fields(vec![key, text("Name", 80), field("OwnerId", FieldType::Reference)]);
        let names = |is_key: bool| -> Vec<String> {
            match_fields(&all, None, is_key).into_iter().map(|offer| offer.name).collect()
        };
        assert_eq!(names(true), ["Key__c"]);
        assert_eq!(names(false), ["Key__c", "Name"]);
    }
}

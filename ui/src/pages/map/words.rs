//! Fields in words: their type as people call it, its icon, and what else is worth knowing.

use isthmus_model::schema::{FieldSchema, FieldType};

use crate::components::icon::Shape;

/// Longest text in a `title`: names can have ten thousand characters, and a tooltip covers the page.
const LONGEST_TITLE: usize = 300;

/// The type as people call it: `Picklist`, `Number`.
pub(crate) fn type_word(kind: &FieldType) -> &str {
    match kind {
        FieldType::Id => "Record id",
        FieldType::String => "Text",
        FieldType::TextArea => "Long text",
        FieldType::Boolean => "Checkbox",
        FieldType::Int | FieldType::Long | FieldType::Double => "Number",
        FieldType::Currency => "Currency",
        FieldType::Percent => "Percent",
        FieldType::Date => "Date",
        FieldType::DateTime => "Date and time",
        FieldType::Time => "Time",
        FieldType::Reference => "Lookup",
        FieldType::Picklist => "Picklist",
        FieldType::MultiPicklist => "Multi-select picklist",
        FieldType::Combobox => "Combo box",
        FieldType::Email => "Email",
        FieldType::Phone => "Phone",
        FieldType::Url => "URL",
        FieldType::Address => "Address",
        FieldType::Location => "Geolocation",
        FieldType::Base64 => "File",
        FieldType::EncryptedString => "Encrypted text",
        FieldType::Other(name) => name,
    }
}

/// The type with its size: `Text 255`, `Number 8, 0`, `Lookup to User`, `Restricted picklist`.
pub(crate) fn type_text(field: &FieldSchema) -> String {
    let word = type_word(&field.kind);
    let text = match field.kind {
        FieldType::String | FieldType::TextArea | FieldType::EncryptedString
            if field.length > 0 =>
        {
            format!("{word} {}", crate::format::grouped(u64::from(field.length)))
        }
        FieldType::Int | FieldType::Long if field.digits > 0 => {
            format!("{word} {}, 0", field.digits)
        }
        FieldType::Double | FieldType::Currency | FieldType::Percent if field.precision > 0 => {
            format!(
                "{word} {}, {}",
                field.precision - field.scale.min(field.precision),
                field.scale
            )
        }
        FieldType::Reference if !field.reference_to.is_empty() => {
            format!("{word} to {}", field.reference_to.join(", "))
        }
        FieldType::Picklist if field.restricted_picklist => "Restricted picklist".to_owned(),
        _ => word.to_owned(),
    };
    if field.calculated { format!("Formula, {}", text.to_lowercase()) } else { text }
}

/// The icon of the type.
pub(crate) fn type_shape(field: &FieldSchema) -> Shape {
    match field.kind {
        _ if field.calculated => Shape::Formula,
        FieldType::Id => Shape::Key,
        FieldType::Boolean => Shape::Boolean,
        FieldType::Int | FieldType::Long | FieldType::Double | FieldType::Percent => Shape::Number,
        FieldType::Currency => Shape::Currency,
        FieldType::Date | FieldType::DateTime => Shape::Date,
        FieldType::Time => Shape::Clock,
        FieldType::Reference => Shape::Lookup,
        FieldType::Picklist | FieldType::MultiPicklist | FieldType::Combobox => Shape::List,
        FieldType::Email => Shape::Mail,
        FieldType::Phone => Shape::Phone,
        FieldType::Url | FieldType::Address | FieldType::Location => Shape::Globe,
        FieldType::Base64 => Shape::File,
        FieldType::EncryptedString => Shape::Lock,
        FieldType::String | FieldType::TextArea | FieldType::Other(_) => Shape::Text,
    }
}

/// What a field's row says besides its name and type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// A new row needs it.
    Required,
    /// An external id.
    ExternalId,
    /// No two rows share a value.
    Unique,
    /// Cannot be written.
    ReadOnly,
}

impl Trait {
    /// The word shown.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::ExternalId => "external id",
            Self::Unique => "unique",
            Self::ReadOnly => "read-only",
        }
    }

    /// What is worth showing of a field. What a new row needs and what can be written matters for targets alone.
    pub(crate) fn of(field: &FieldSchema, target: bool) -> Vec<Self> {
        let is_known = !matches!(field.kind, FieldType::Other(_));
        let read_only = target && is_known && !field.createable && !field.updateable;
        [
            (target && field.required_on_create(), Self::Required),
            (field.external_id, Self::ExternalId),
            (field.unique, Self::Unique),
            (read_only, Self::ReadOnly),
        ]
        .into_iter()
        .filter_map(|(shown, word)| shown.then_some(word))
        .collect()
    }
}

/// A text for a `title`, cut where it would cover the page.
pub(crate) fn title_text(text: &str) -> String {
    if text.chars().count() <= LONGEST_TITLE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_TITLE).chain(['…']).collect()
}

/// A sentence with its first letter capital; causes and remedies come without.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
pub(crate) mod tests {
    use isthmus_model::schema::{FieldSchema, FieldType};

    use super::{Trait, title_text, type_text};

    /// A writable field that may be empty.
    pub(crate) fn field(name: &str, kind: FieldType) -> FieldSchema {
        let length = if kind == FieldType::String { 255 } else { 0 };
        FieldSchema {
            label: name.trim_end_matches("__c").replace('_', " "),
            length,
            precision: 18,
            scale: 2,
            ..FieldSchema::plain(name, kind)
        }
    }

    #[test]
    fn types_are_told_with_their_size() {
        assert_eq!(type_text(&field("Name", FieldType::String)), "Text 255");
        assert_eq!(type_text(&field("Amount", FieldType::Currency)), "Currency 16, 2");
        let owner = FieldSchema {
            reference_to: vec!["User".to_owned(), "Group".to_owned()],
            ..field("OwnerId", FieldType::Reference)
        };
        assert_eq!(type_text(&owner), "Lookup to User, Group");
        let score = FieldSchema { calculated: true, ..field("Score__c", FieldType::Double) };
        assert_eq!(type_text(&score), "Formula, number 16, 2");
    }

    #[test]
    fn read_only_is_worth_knowing_of_targets_alone() {
        let formula = FieldSchema {
            createable: false,
            updateable: false,
            ..field("Score__c", FieldType::Double)
        };
        assert_eq!(Trait::of(&formula, true), [Trait::ReadOnly]);
        assert_eq!(Trait::of(&formula, false), []);
    }

    #[test]
    fn a_title_of_ten_thousand_characters_is_cut() {
        assert_eq!(title_text(&"x".repeat(10_000)).chars().count(), 301);
        assert_eq!(title_text("short"), "short");
    }
}

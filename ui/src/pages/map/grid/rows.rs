//! Which rows the grid has: required fields that nothing fills, then links.

use std::collections::BTreeSet;

use isthmus_model::document::ObjectDocument;
use isthmus_model::schema::FieldSchema;

use crate::components::table::{Order, Sort};
use crate::pages::map::order::Fields;
use crate::pages::map::state::{Link, Only, links, pair_of};

/// One row. What changes without moving it (blanks, problems) is left out, so that a row keeps the focus meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// A right field that a new row needs and nothing fills, by its API name.
    Required(String),
    /// A link with its left and right field.
    Linked(Link, String, String),
}

impl Row {
    /// What tells it from the others.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Required(right) => format!("required {right}"),
            Self::Linked(Link::Field(place), ..) => format!("field {place}"),
            Self::Linked(Link::Match(place), ..) => format!("match {place}"),
        }
    }

    /// The right field.
    pub(super) fn right(&self) -> &str {
        match self {
            Self::Required(right) | Self::Linked(_, _, right) => right,
        }
    }
}

/// What rows are made of.
pub(super) struct Facts<'a> {
    /// The object mapping.
    pub(super) mapping: &'a ObjectDocument,
    /// The left fields.
    pub(super) left: &'a Fields,
    /// The right fields.
    pub(super) right: &'a Fields,
    /// Right fields that a new row needs and nothing fills, by place.
    pub(super) required: &'a BTreeSet<usize>,
    /// Pairs with a problem, by place.
    pub(super) problems: &'a BTreeSet<(usize, usize)>,
    /// What is looked for.
    pub(super) search: &'a str,
    /// What the rows are narrowed to.
    pub(super) only: Option<Only>,
    /// By what links are sorted; document order where by nothing.
    pub(super) sort: Option<&'a Sort>,
}

impl Facts<'_> {
    /// The rows.
    pub(super) fn rows(&self) -> Vec<Row> {
        let wanted = self.search.trim().to_lowercase();
        let mut rows = self.required(&wanted);
        if self.only != Some(Only::Required) {
            rows.extend(self.linked(&wanted));
        }
        rows
    }

    fn required(&self, wanted: &str) -> Vec<Row> {
        if self.only == Some(Only::Problems) {
            return Vec::new();
        }
        let fields = self.required.iter().filter_map(|place| self.right.list.get(*place));
        let mut fields: Vec<&FieldSchema> = fields.filter(|field| fits(field, wanted)).collect();
        fields.sort_by_cached_key(|field| field.label.to_lowercase());
        fields.into_iter().map(|field| Row::Required(field.name.clone())).collect()
    }

    fn linked(&self, wanted: &str) -> Vec<Row> {
        let mut found: Vec<(Link, usize, usize)> = links(self.mapping)
            .into_iter()
            .filter_map(|link| {
                let (left, right) = pair_of(self.mapping, link)?;
                Some((link, self.left.place(left)?, self.right.place(right)?))
            })
            .filter(|(_, left, right)| self.shows((*left, *right), wanted))
            .collect();
        if let Some(sort) = self.sort {
            found.sort_by_cached_key(|(_, left, right)| self.sort_key(sort, (*left, *right)));
            if sort.order == Order::Down {
                found.reverse();
            }
        }
        let row = |(link, ..): (Link, usize, usize)| {
            let (left, right) = pair_of(self.mapping, link)?;
            Some(Row::Linked(link, left.to_owned(), right.to_owned()))
        };
        found.into_iter().filter_map(row).collect()
    }

    fn shows(&self, pair: (usize, usize), wanted: &str) -> bool {
        let (left, right) = (&self.left.list[pair.0], &self.right.list[pair.1]);
        let narrowed = self.only != Some(Only::Problems) || self.problems.contains(&pair);
        narrowed && (fits(left, wanted) || fits(right, wanted))
    }

    fn sort_key(&self, sort: &Sort, pair: (usize, usize)) -> (bool, String) {
        let (left, right) = (&self.left.list[pair.0], &self.right.list[pair.1]);
        match sort.column.as_str() {
            "right" => (false, right.label.to_lowercase()),
            // Those with a problem first.
            "fit" => (!self.problems.contains(&pair), left.label.to_lowercase()),
            _ => (false, left.label.to_lowercase()),
        }
    }
}

fn fits(field: &FieldSchema, wanted: &str) -> bool {
    wanted.is_empty()
        || field.label.to_lowercase().contains(wanted)
        || field.name.to_lowercase().contains(wanted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isthmus_model::document::ObjectDocument;
    use isthmus_model::ids::Side;
    use isthmus_model::schema::{FieldType, ObjectSchema};

    use super::{Facts, Row};
    use crate::components::table::{Order, Sort};
    use crate::pages::map::order::Fields;
    use crate::pages::map::state::{Link, Only};
    use crate::pages::map::words::tests::field;

    fn mapping() -> ObjectDocument {
        serde_json::from_value(serde_json::json!({
            "left": "Account", "right": "Account",
            "match": {"key": {"left": "Key__c", "right": "Key__c"}},
            "fields": [{"left": "Name", "right": "Title"}, {"left": "Alias", "right": "Zone"}],
        }))
        .unwrap()
    }

    fn fields(side: Side, names: &[&str]) -> Fields {
        let schema = ObjectSchema {
            name: "Account".to_owned(),
            label: "Account".to_owned(),
            key_prefix: None,
            createable: true,
            updateable: true,
            deletable: true,
            queryable: true,
            replicateable: true,
            fields: names.iter().map(|name| field(name, FieldType::String)).collect(),
            record_types: Vec::new(),
        };
        Fields::of(&schema, &mapping(), side)
    }

    fn keys(search: &str, only: Option<Only>, sort: Option<&Sort>) -> Vec<String> {
        let facts = Facts {
            mapping: &mapping(),
            left: &fields(Side::Left, &["Name", "Alias", "Key__c"]),
            right: &fields(Side::Right, &["Title", "Zone", "Key__c", "Tier"]),
            required: &BTreeSet::from([3]),
            problems: &BTreeSet::from([(1, 1)]),
            search,
            only,
            sort,
        };
        facts.rows().iter().map(Row::key).collect()
    }

    #[test]
    fn required_fields_come_first_then_match_pairs_then_links_in_document_order() {
        assert_eq!(keys("", None, None), ["required Tier", "match 0", "field 0", "field 1"]);
        let row = Row::Linked(Link::Field(0), "Name".to_owned(), "Title".to_owned());
        assert_eq!(row.right(), "Title");
    }

    #[test]
    fn a_link_is_found_by_either_field() {
        assert_eq!(keys("zon", None, None), ["field 1"]);
        assert_eq!(keys("NAME", None, None), ["field 0"]);
        assert_eq!(keys("tier", None, None), ["required Tier"]);
    }

    #[test]
    fn rows_are_narrowed_to_what_needs_a_person() {
        assert_eq!(keys("", Some(Only::Required), None), ["required Tier"]);
        assert_eq!(keys("", Some(Only::Problems), None), ["field 1"]);
    }

    #[test]
    fn links_are_sorted_below_the_required_fields() {
        let sort = |column: &str, order| Sort { column: column.to_owned(), order };
        let down = keys("", None, Some(&sort("left", Order::Down)));
        assert_eq!(down, ["required Tier", "field 0", "match 0", "field 1"]);
        let fit = keys("", None, Some(&sort("fit", Order::Up)));
        assert_eq!(fit[1], "field 1");
    }
}

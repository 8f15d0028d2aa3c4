//! Which fields a column shows and in what order: what needs a person first, and links as parallel as can be.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_contract::sync::FieldSuggestion;
use isthmus_model::document::ObjectDocument;
use isthmus_model::ids::Side;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use crate::pages::map::layout::{Group, Layout};
use crate::pages::map::state::{Only, is_target, links, pair_of};

/// The fields of one side: those of the describe, then those that the mapping names and the org does not have.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Fields {
    /// All of them; places in this list name fields everywhere on the map.
    pub(crate) list: Vec<FieldSchema>,
    /// How many the describe has.
    pub(crate) known: usize,
    by_name: BTreeMap<String, usize>,
}

/// A field that the mapping names and the org does not have: nothing can be said of it but its name.
const MISSING: &str = "no such field";

impl Fields {
    /// The fields of one side.
    pub(crate) fn of(schema: &ObjectSchema, mapping: &ObjectDocument, side: Side) -> Self {
        let mut fields = Self {
            list: schema.fields.clone(),
            known: schema.fields.len(),
            by_name: BTreeMap::new(),
        };
        for (place, field) in schema.fields.iter().enumerate() {
            fields.by_name.insert(field.name.to_lowercase(), place);
        }
        for link in links(mapping) {
            let Some((left, right)) = pair_of(mapping, link) else { continue };
            let name = if side == Side::Left { left } else { right };
            if fields.place(name).is_none() {
                fields.by_name.insert(name.to_lowercase(), fields.list.len());
                fields.list.push(missing(name));
            }
        }
        fields
    }

    /// The place of a field by its API name, without case.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_lowercase()).copied()
    }

    /// True where the org has the field.
    pub(crate) fn is_known(&self, place: usize) -> bool {
        place < self.known
    }
}

/// What the columns are narrowed to, and what they are ordered by.
pub(crate) struct View<'a> {
    /// The object mapping.
    pub(crate) mapping: &'a ObjectDocument,
    /// Both sides.
    pub(crate) left: &'a Fields,
    /// Both sides.
    pub(crate) right: &'a Fields,
    /// What is looked for.
    pub(crate) search: &'a str,
    /// What the columns are narrowed to.
    pub(crate) only: Option<Only>,
    /// Suggestions, the surest first.
    pub(crate) suggestions: &'a [FieldSuggestion],
    /// Pairs with a problem, as places.
    pub(crate) problems: &'a BTreeSet<(usize, usize)>,
}

impl View<'_> {
    /// The layout of one column.
    pub(crate) fn layout(&self, side: Side) -> Layout {
        let fields = self.fields(side);
        let shown = self.shown(side);
        let mapped = self.mapped(side);
        let is_mapped: BTreeSet<usize> = mapped.iter().copied().collect();
        let mut rank = BTreeMap::new();
        for (position, place) in self.suggested(side).into_iter().enumerate() {
            rank.entry(place).or_insert(position);
        }
        let mut rest: Vec<usize> =
            (0..fields.list.len()).filter(|place| !is_mapped.contains(place)).collect();
        // What may be linked next comes first; what can never be a target comes last.
        rest.sort_by_cached_key(|place| {
            let field = &fields.list[*place];
            let suggestion = rank.get(place).copied().unwrap_or(usize::MAX);
            let dead = side == Side::Right && !field.createable && !field.updateable;
            (dead, suggestion, field.label.to_lowercase(), *place)
        });
        let (first, is_first) = match side {
            Side::Left => (Group::Candidates, self.candidates()),
            Side::Right => (Group::Required, required(self.mapping, self.right)),
        };
        let (needed, unmapped) = rest.into_iter().partition(|place| is_first.contains(place));
        let groups = [(first, needed), (Group::Mapped, mapped), (Group::Unmapped, unmapped)];
        let groups = groups.map(|(group, mut list)| {
            list.retain(|place| shown.as_ref().is_none_or(|shown| shown.contains(place)));
            (group, list)
        });
        Layout::of(&groups, fields.list.len())
    }

    fn fields(&self, side: Side) -> &Fields {
        if side == Side::Left { self.left } else { self.right }
    }

    /// All linked pairs as places, in document order.
    fn pairs(&self) -> Vec<(usize, usize)> {
        links(self.mapping)
            .into_iter()
            .filter_map(|link| {
                let (left, right) = pair_of(self.mapping, link)?;
                Some((self.left.place(left)?, self.right.place(right)?))
            })
            .collect()
    }

    fn mapped(&self, side: Side) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let places = self.pairs().into_iter().map(|pair| of_side(pair, side));
        places.filter(|place| seen.insert(*place)).collect()
    }

    fn suggested(&self, side: Side) -> Vec<usize> {
        self.suggested_pairs().map(|pair| of_side(pair, side)).collect()
    }

    fn suggested_pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.suggestions
            .iter()
            .filter_map(|one| Some((self.left.place(&one.left)?, self.right.place(&one.right)?)))
    }

    /// The left fields that are suggested for what the target needs.
    fn candidates(&self) -> BTreeSet<usize> {
        let needed = required(self.mapping, self.right);
        self.suggested_pairs()
            .filter(|(_, right)| needed.contains(right))
            .map(|(left, _)| left)
            .collect()
    }

    /// The fields that pass search and filter; `None` for all.
    fn shown(&self, side: Side) -> Option<BTreeSet<usize>> {
        let found = self.found(side);
        let narrowed = self.narrowed(side);
        match (found, narrowed) {
            (Some(found), Some(narrowed)) => Some(&found & &narrowed),
            (found, narrowed) => found.or(narrowed),
        }
    }

    /// A field is found by its label or API name, or by those of a field it is linked to.
    fn found(&self, side: Side) -> Option<BTreeSet<usize>> {
        let wanted = self.search.trim().to_lowercase();
        if wanted.is_empty() {
            return None;
        }
        let matching = |side: Side| -> BTreeSet<usize> {
            let list = self.fields(side).list.iter().enumerate();
            let fits = |field: &FieldSchema| {
                field.label.to_lowercase().contains(&wanted)
                    || field.name.to_lowercase().contains(&wanted)
            };
            list.filter(|(_, field)| fits(field)).map(|(place, _)| place).collect()
        };
        let mut found = matching(side);
        let others = matching(side.other());
        let linked =
            self.pairs().into_iter().filter(|pair| others.contains(&of_side(*pair, side.other())));
        found.extend(linked.map(|pair| of_side(pair, side)));
        Some(found)
    }

    fn narrowed(&self, side: Side) -> Option<BTreeSet<usize>> {
        match (self.only?, side) {
            // Any left field may be what fills them.
            (Only::Required, Side::Left) => None,
            (Only::Required, Side::Right) => Some(required(self.mapping, self.right)),
            (Only::Problems, side) => {
                Some(self.problems.iter().map(|pair| of_side(*pair, side)).collect())
            }
        }
    }
}

/// The right fields that a new row needs and nothing fills.
pub(crate) fn required(mapping: &ObjectDocument, right: &Fields) -> BTreeSet<usize> {
    let all = right.list.iter().enumerate();
    all.filter(|(_, field)| field.required_on_create() && !is_target(mapping, &field.name))
        .map(|(place, _)| place)
        .collect()
}

fn of_side((left, right): (usize, usize), side: Side) -> usize {
    if side == Side::Left { left } else { right }
}

fn missing(name: &str) -> FieldSchema {
    FieldSchema {
        createable: false,
        updateable: false,
        filterable: false,
        sortable: false,
        ..FieldSchema::plain(name, FieldType::Other(MISSING.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isthmus_contract::sync::FieldSuggestion;
    use isthmus_model::document::ObjectDocument;
    use isthmus_model::ids::Side;
    use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

    use super::{Fields, View, required};
    use crate::pages::map::layout::Group;
    use crate::pages::map::state::Only;
    use crate::pages::map::words::tests::field;

    fn schema(names: &[&str]) -> ObjectSchema {
        let text = |name: &&str| field(name, FieldType::String);
        ObjectSchema {
            name: "Account".to_owned(),
            label: "Account".to_owned(),
            key_prefix: None,
            createable: true,
            updateable: true,
            deletable: true,
            queryable: true,
            replicateable: true,
            fields: names.iter().map(text).collect(),
            record_types: Vec::new(),
        }
    }

    fn mapping(fields: &[(&str, &str)]) -> ObjectDocument {
        let fields: Vec<_> = fields
            .iter()
            .map(|(left, right)| serde_json::json!({"left": left, "right": right}))
            .collect();
        serde_json::from_value(serde_json::json!({
            "left": "Account", "right": "Account", "fields": fields,
            "match": {"key": {"left": "Key__c", "right": "Key__c"}},
        }))
        .unwrap()
    }

    fn names(fields: &Fields, view: &View<'_>, side: Side) -> Vec<String> {
        view.layout(side).fields().map(|place| fields.list[place].name.clone()).collect()
    }

    fn sides(mapping: &ObjectDocument) -> (Fields, Fields) {
        let left = schema(&["Zip", "Key__c", "Name", "Alias", "Phone"]);
        let mut right = schema(&["Created", "Name", "Key__c", "Tier__c", "Note"]);
        right.fields[0] =
            FieldSchema { createable: false, updateable: false, ..right.fields[0].clone() };
        right.fields[3] = FieldSchema { nillable: false, ..right.fields[3].clone() };
        (Fields::of(&left, mapping, Side::Left), Fields::of(&right, mapping, Side::Right))
    }

    fn view<'a>(mapping: &'a ObjectDocument, left: &'a Fields, right: &'a Fields) -> View<'a> {
        static NONE: BTreeSet<(usize, usize)> = BTreeSet::new();
        View { mapping, left, right, search: "", only: None, suggestions: &[], problems: &NONE }
    }

    #[test]
    fn required_fields_come_first_then_links_in_their_order_then_the_alphabet_and_dead_ones() {
        let mapping = mapping(&[("Phone", "Note"), ("Name", "Name")]);
        let (left, right) = sides(&mapping);
        let view = view(&mapping, &left, &right);
        assert_eq!(names(&left, &view, Side::Left), ["Key__c", "Phone", "Name", "Alias", "Zip"]);
        let expected = ["Tier__c", "Key__c", "Note", "Name", "Created"];
        assert_eq!(names(&right, &view, Side::Right), expected);
        assert_eq!(required(&mapping, &right).len(), 1);
    }

    #[test]
    fn sources_suggested_for_what_is_required_stand_across_from_it() {
        let mapping = mapping(&[("Phone", "Note")]);
        let (left, right) = sides(&mapping);
        let suggestion = FieldSuggestion {
            left: "Zip".to_owned(),
            right: "Tier__c".to_owned(),
            score: 0.9,
            reason: String::new(),
            parts: Vec::new(),
        };
        let suggestions = [suggestion];
        let view = View { suggestions: &suggestions, ..view(&mapping, &left, &right) };
        assert_eq!(view.layout(Side::Left).count(Group::Candidates), 1);
        assert_eq!(names(&left, &view, Side::Left)[0], "Zip");
    }

    #[test]
    fn a_search_finds_what_is_linked_to_it_too() {
        let mapping = mapping(&[("Phone", "Note")]);
        let (left, right) = sides(&mapping);
        let view = View { search: " PHO", ..view(&mapping, &left, &right) };
        assert_eq!(names(&left, &view, Side::Left), ["Phone"]);
        assert_eq!(names(&right, &view, Side::Right), ["Note"]);
    }

    #[test]
    fn narrowing_to_required_fields_leaves_every_source() {
        let mapping = mapping(&[("Phone", "Note")]);
        let (left, right) = sides(&mapping);
        let view = View { only: Some(Only::Required), ..view(&mapping, &left, &right) };
        assert_eq!(names(&right, &view, Side::Right), ["Tier__c"]);
        assert_eq!(names(&left, &view, Side::Left).len(), 5);
    }

    #[test]
    fn a_field_that_the_org_does_not_have_has_a_row_all_the_same() {
        let mapping = mapping(&[("Gone__c", "Name")]);
        let (left, right) = sides(&mapping);
        assert_eq!(names(&left, &view(&mapping, &left, &right), Side::Left)[1], "Gone__c");
        assert!(!left.is_known(left.place("gone__C").unwrap()));
        assert!(right.is_known(right.place("name").unwrap()));
    }
}

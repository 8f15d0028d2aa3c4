//! What can be changed in a mapping, each as data: carried out on a copy, with words for undo.

use std::sync::Arc;

use isthmus_model::document::{
    FieldDocument, FieldPairDocument, Flow, LaneDocument, MatchDocument, NullPolicy,
    ObjectDocument, PoliciesDocument, SyncDocument,
};

use super::Revision;

/// One change of a mapping. Objects, fields and lanes are named by their place in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Links a left field to a right one. A right field has one source: its former link is replaced.
    AddField {
        /// The object mapping.
        object: usize,
        /// The left field's API name.
        left: String,
        /// The right field's API name.
        right: String,
    },
    /// Links several pairs in one step; right fields that have a link keep it.
    AddFields {
        /// The object mapping.
        object: usize,
        /// The pairs.
        pairs: Vec<FieldPairDocument>,
    },
    /// Takes a link away.
    RemoveField {
        /// The object mapping.
        object: usize,
        /// The field mapping.
        field: usize,
    },
    /// Says what an empty source value does.
    SetNulls {
        /// The object mapping.
        object: usize,
        /// The field mapping.
        field: usize,
        /// What it does.
        nulls: NullPolicy,
    },
    /// Says how rows are recognised.
    SetMatch {
        /// The object mapping.
        object: usize,
        /// The rule.
        rule: MatchDocument,
    },
    /// Says what may be done with rows.
    SetPolicies {
        /// The object mapping.
        object: usize,
        /// All of them.
        policies: PoliciesDocument,
    },
    /// Names an object mapping; `None` for the left object's name.
    RenameObject {
        /// The object mapping.
        object: usize,
        /// The name.
        name: Option<String>,
    },
    /// Adds an object mapping at the end.
    AddObject(ObjectDocument),
    /// Takes an object mapping away. The last one stays: a sync without any cannot be stored.
    RemoveObject(usize),
    /// Replaces a lane.
    SetLane {
        /// The lane.
        lane: usize,
        /// What it becomes.
        to: LaneDocument,
    },
    /// Says what the sync is for; `None` for nothing.
    Describe(Option<String>),
    /// Puts another document in its place, as it was written in the text view.
    ReplaceDocument {
        /// The document.
        document: SyncDocument,
        /// The text it was read from, with its comments.
        text: String,
    },
}

/// Edits that arrive letter by letter: those of one kind in a row are one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    ObjectName(usize),
    Description,
    Text,
}

impl Edit {
    /// What the mapping becomes; `None` where the edit names something that is not there.
    pub(super) fn carry_out(&self, now: &Revision) -> Option<Revision> {
        if let Self::ReplaceDocument { document, text } = self {
            let same = *document == *now.document;
            let document =
                if same { Arc::clone(&now.document) } else { Arc::new(document.clone()) };
            return Some(Revision { document, text: Some(Arc::from(text.as_str())) });
        }
        let mut document = SyncDocument::clone(&now.document);
        self.change(&mut document)?;
        if document == *now.document {
            return Some(now.clone());
        }
        Some(Revision { document: Arc::new(document), text: None })
    }

    fn change(&self, document: &mut SyncDocument) -> Option<()> {
        match self {
            Self::AddField { object, left, right } => {
                link(document.objects.get_mut(*object)?, left, right);
            }
            Self::AddFields { object, pairs } => {
                add_free(document.objects.get_mut(*object)?, pairs);
            }
            Self::RemoveField { object, field } => {
                let fields = &mut document.objects.get_mut(*object)?.fields;
                (*field < fields.len()).then(|| fields.remove(*field))?;
            }
            Self::SetNulls { object, field, nulls } => {
                field_of(document, *object, *field)?.nulls = *nulls;
            }
            Self::SetMatch { object, rule } => {
                document.objects.get_mut(*object)?.match_rule = rule.clone();
            }
            Self::SetPolicies { object, policies } => {
                document.objects.get_mut(*object)?.policies = policies.clone();
            }
            Self::RenameObject { object, name } => {
                document.objects.get_mut(*object)?.name.clone_from(name);
            }
            Self::AddObject(object) => document.objects.push(object.clone()),
            Self::RemoveObject(object) => remove_object(document, *object)?,
            Self::SetLane { lane, to } => *document.lanes.get_mut(*lane)? = to.clone(),
            Self::Describe(description) => document.description.clone_from(description),
            Self::ReplaceDocument { document: other, .. } => *document = other.clone(),
        }
        Some(())
    }

    /// The words for it, as in `Undo link Name to Name`.
    pub(super) fn label(&self, before: &SyncDocument) -> String {
        let object = |object: usize| before.objects.get(object).map_or("", object_name);
        match self {
            Self::AddField { left, right, .. } => format!("link {left} to {right}"),
            Self::AddFields { pairs, .. } => match pairs.as_slice() {
                [pair] => format!("link {} to {}", pair.left, pair.right),
                pairs => format!("add {} links", pairs.len()),
            },
            Self::RemoveField { object, field } => {
                format!("remove link {}", pair_words(before, *object, *field))
            }
            Self::SetNulls { object, field, .. } => {
                format!("blank values of {}", pair_words(before, *object, *field))
            }
            Self::SetMatch { object: place, .. } => format!("match rule of {}", object(*place)),
            Self::SetPolicies { object: place, .. } => format!("policies of {}", object(*place)),
            Self::RenameObject { object: place, .. } => format!("rename {}", object(*place)),
            Self::AddObject(added) => format!("add object {}", object_name(added)),
            Self::RemoveObject(place) => format!("remove object {}", object(*place)),
            Self::SetLane { .. } => "change the lane".to_owned(),
            Self::Describe(_) => "change the description".to_owned(),
            Self::ReplaceDocument { .. } => "edit the text".to_owned(),
        }
    }

    pub(super) fn growth(&self) -> Option<Growth> {
        match self {
            Self::RenameObject { object, .. } => Some(Growth::ObjectName(*object)),
            Self::Describe(_) => Some(Growth::Description),
            Self::ReplaceDocument { .. } => Some(Growth::Text),
            _ => None,
        }
    }
}

/// The name of an object mapping: its own, else the left object's.
pub(super) fn object_name(object: &ObjectDocument) -> &str {
    object.name.as_deref().unwrap_or(&object.left)
}

fn pair_words(document: &SyncDocument, object: usize, field: usize) -> String {
    let field = document.objects.get(object).and_then(|object| object.fields.get(field));
    field.map_or_else(String::new, |field| format!("{} to {}", field.left, field.right))
}

fn field_of(
    document: &mut SyncDocument,
    object: usize,
    field: usize,
) -> Option<&mut FieldDocument> {
    document.objects.get_mut(object)?.fields.get_mut(field)
}

/// The target keeps its place and what it does with blanks; only its source changes.
fn link(object: &mut ObjectDocument, left: &str, right: &str) {
    let former = object.fields.iter_mut().find(|field| field.right.eq_ignore_ascii_case(right));
    match former {
        Some(former) if former.left.eq_ignore_ascii_case(left) => {}
        Some(former) => {
            *former = FieldDocument { nulls: former.nulls, ..plain(left, right) };
        }
        None => object.fields.push(plain(left, right)),
    }
}

fn add_free(object: &mut ObjectDocument, pairs: &[FieldPairDocument]) {
    for pair in pairs {
        let taken = object.fields.iter().any(|field| field.right.eq_ignore_ascii_case(&pair.right));
        if !taken {
            object.fields.push(plain(&pair.left, &pair.right));
        }
    }
}

fn remove_object(document: &mut SyncDocument, object: usize) -> Option<()> {
    if document.objects.len() < 2 || object >= document.objects.len() {
        return None;
    }
    document.objects.remove(object);
    Some(())
}

/// A field mapping with nothing but its two fields.
fn plain(left: &str, right: &str) -> FieldDocument {
    FieldDocument {
        left: left.to_owned(),
        right: right.to_owned(),
        flow: Flow::default(),
        formula: None,
        value_map: std::collections::BTreeMap::new(),
        winner: None,
        nulls: NullPolicy::default(),
        sensitive: false,
    }
}

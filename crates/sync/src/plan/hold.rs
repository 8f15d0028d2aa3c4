//! Why the planner holds a row: Isthmus's own causes, each with its code, sentence and remedy.

use isthmus_model::cause::Cause;

/// Makes a cause with the fields at fault.
pub(super) fn cause(code: &str, fields: &[&str], message: String, remedy: &str) -> Cause {
    Cause {
        code: code.to_owned(),
        message,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        remedy: remedy.to_owned(),
    }
}

/// One cause for a row with several: the first code, every sentence, every field.
pub(super) fn joined(mut causes: Vec<Cause>) -> Option<Cause> {
    let mut first = if causes.is_empty() { None } else { Some(causes.remove(0)) }?;
    for other in causes {
        first.message = format!("{}; {}", first.message, other.message);
        first.fields.extend(other.fields);
        if !first.remedy.contains(&other.remedy) {
            first.remedy = format!("{}; {}", first.remedy, other.remedy);
        }
    }
    Some(first)
}

pub(super) fn key_blank(fields: &[&str]) -> Cause {
    cause(
        "key_blank",
        fields,
        format!("{} is empty on the source row, so its partner cannot be found", fields.join(", ")),
        "fill the match field on the source record, or match by other fields",
    )
}

pub(super) fn key_repeated(fields: &[&str]) -> Cause {
    cause(
        "key_repeated",
        fields,
        format!("several source rows share the same {}", fields.join(", ")),
        "give each source record its own key, or merge the duplicates",
    )
}

pub(super) fn match_ambiguous(count: usize, fields: &[&str]) -> Cause {
    cause(
        "match_ambiguous",
        fields,
        format!("{count} target rows share this {}", fields.join(", ")),
        "merge the duplicates in the target org, or match by other fields",
    )
}

pub(super) fn partner_taken(partner: &str) -> Cause {
    cause(
        "partner_taken",
        &[],
        format!("the matching target row is already linked to the source record {partner}"),
        "one of the two source records has a wrong key: correct it, or merge them",
    )
}

pub(super) fn target_missing(target: &str) -> Cause {
    cause(
        "target_missing",
        &[],
        format!(
            "the linked target record {target} cannot be read: it was deleted or the connected user may not see it"
        ),
        "restore the record in the target org or give the connected user access to it",
    )
}

pub(super) fn not_createable(object: &str) -> Cause {
    cause(
        "not_createable",
        &[],
        format!("the connected user may not create {object} records in the target org"),
        "give the connected user create permission on the object, or set the create policy to skip",
    )
}

pub(super) fn not_updateable(object: &str) -> Cause {
    cause(
        "not_updateable",
        &[],
        format!("the connected user may not edit {object} records in the target org"),
        "give the connected user edit permission on the object",
    )
}

pub(super) fn required_missing(fields: &[&str]) -> Cause {
    cause(
        "required_missing",
        fields,
        format!("the target needs a value in {}", fields.join(", ")),
        "fill the source field, map another field to it, or make it optional in the target org",
    )
}

pub(super) fn first_contact_differs(fields: &[&str]) -> Cause {
    cause(
        "first_contact_differs",
        fields,
        format!(
            "both rows hold different values in {} and have never been compared before",
            fields.join(", ")
        ),
        "choose a first-contact policy for the mapping, or make the records agree",
    )
}

pub(super) fn target_edited(fields: &[&str]) -> Cause {
    cause(
        "target_edited",
        fields,
        format!("{} was edited in the target org since both sides last agreed", fields.join(", ")),
        "copy the edit to the source record, or set the edited-target policy to overwrite or leave",
    )
}

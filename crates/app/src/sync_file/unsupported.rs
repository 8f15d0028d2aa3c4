//! Refuses by name what the document format has and this build cannot run: nothing is ever ignored in silence.

use isthmus_contract::file::FileCode;
use isthmus_model::document::{
    DeletePolicy, FieldDocument, Flow, ObjectDocument, Release, SyncDocument, Trigger, UpdatePolicy,
};

use super::problems::Problems;

/// Names every part that this build cannot run.
pub(super) fn check(document: &SyncDocument, problems: &mut Problems<'_>) {
    if document.lanes.len() > 1 {
        refuse(problems, "lanes[1]", "more than one lane", "keep one lane per sync");
    }
    if document.schedule.is_some() {
        refuse(problems, "schedule", "a schedule", "remove it, and let cron start `isthmus run`");
    }
    if document.release == Release::Unattended {
        refuse(problems, "release", "unattended release", "write `attended`, or leave it out");
    }
    if document.target.is_some() {
        refuse(problems, "target", "a promised lag or duration", "remove it");
    }
    for (position, object) in document.objects.iter().enumerate() {
        check_object(object, &format!("objects[{position}]"), problems);
    }
}

fn check_object(object: &ObjectDocument, path: &str, problems: &mut Problems<'_>) {
    if object.filters.is_some() {
        refuse(problems, &format!("{path}.filters"), "filters", "remove them: all rows take part");
    }
    if object.trigger != Trigger::Manual {
        let remedy = "write `manual`, or leave it out";
        refuse(problems, &format!("{path}.trigger"), "triggers other than manual", remedy);
    }
    if object.policies.update == UpdatePolicy::Skip {
        let remedy = "write `update`, or leave it out: rows that both orgs have follow the source";
        refuse(problems, &format!("{path}.policies.update"), "creates without updates", remedy);
    }
    if object.policies.delete == DeletePolicy::Delete {
        let remedy = "write `ignore`: the other side keeps its row";
        refuse(problems, &format!("{path}.policies.delete"), "deletes", remedy);
    }
    let conflict = format!("{path}.policies.conflict");
    if problems.says(&conflict) {
        let remedy = "remove it: one-way mappings use `edited_target`";
        refuse(problems, &conflict, "a conflict policy (it belongs to two-way flows)", remedy);
    }
    for (position, field) in object.fields.iter().enumerate() {
        check_field(field, &format!("{path}.fields[{position}]"), problems);
    }
}

fn check_field(field: &FieldDocument, path: &str, problems: &mut Problems<'_>) {
    if field.flow != Flow::LeftToRight {
        let remedy = "write `LeftToRight`, or leave it out";
        refuse(problems, &format!("{path}.flow"), "flows other than LeftToRight", remedy);
    }
    if field.formula.is_some() {
        let remedy = "remove it: the plain value is written";
        refuse(problems, &format!("{path}.formula"), "formulas", remedy);
    }
    if !field.value_map.is_empty() {
        let remedy = "remove it, and give both picklists the same API values";
        refuse(problems, &format!("{path}.value_map"), "value maps", remedy);
    }
    if field.winner.is_some() {
        let remedy = "remove it: with one flow the source wins";
        refuse(problems, &format!("{path}.winner"), "a winner per field", remedy);
    }
    if field.sensitive {
        let remedy =
            "remove the field mapping, or `sensitive` if the encrypted ledger may keep the value";
        refuse(problems, &format!("{path}.sensitive"), "sensitive fields", remedy);
    }
}

fn refuse(problems: &mut Problems<'_>, path: &str, what: &str, remedy: &str) {
    problems.refuse(
        path,
        FileCode::NotInThisBuild,
        format!("this build cannot run {what}"),
        remedy,
    );
}

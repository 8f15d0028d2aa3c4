//! What the fake plans for one row.

use isthmus_contract::plan::PlannedAction;
use isthmus_model::canonical::Fingerprint;
use isthmus_model::cause::Cause;
use isthmus_model::ids::{MappingVersion, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Expectation, FieldChange, Operation, ParentReference, RowKey};
use isthmus_model::value::Value as FieldValue;

use crate::backend::fake::Scenario;
use crate::backend::fake::rows::{Block, hostile, name, source_id, target_id};

/// Why rows are held: code, field, what happened, the next step.
pub(super) const HELD: [(&str, &str, &str, &str); 4] = [
    (
        "picklist_value_unknown",
        "Sector__c",
        "Sector__c has no active value \"Aerospace\" and takes listed values only",
        "add the value to the target's picklist, or change it on the source record",
    ),
    (
        "required_missing",
        "Email",
        "Email is required in the target org and the source value is empty",
        "fill the source field, or set its null policy to keep",
    ),
    (
        "parent_waiting",
        "AccountId",
        "the parent 001Ns0000000009AAA (Account) is not in the target org yet: its own row is held or pending",
        "settle the parent's row; this row follows in the next run",
    ),
    (
        "match_ambiguous",
        "Email",
        "2 target rows share this Email",
        "merge the duplicates in the target org, or match by other fields",
    ),
];

/// Before and after of fields that updates change.
const CHANGES: [(&str, &str, &str); 4] = [
    ("Phone", "030-0074321", "+49 30 0074321"),
    ("Sector__c", "Services", "Consumer"),
    ("Headcount__c", "", "1240"),
    ("BillingCity", "Berlin", "Hamburg"),
];

/// What a block's word plans.
pub(super) fn action_of(word: &str) -> PlannedAction {
    match word {
        "create" | "created" => PlannedAction::Create,
        "update" | "updated" | "failed" | "pending" => PlannedAction::Update,
        "link" => PlannedAction::Link,
        "hold" | "held" => PlannedAction::Hold,
        _ => PlannedAction::Unchanged,
    }
}

/// What is planned for a row; for rows of runs too.
pub(in crate::backend::fake) fn operation(
    scenario: Scenario,
    block: Block,
    ordinal: u32,
) -> Option<Operation> {
    let (source_id, target_id) =
        (source_id(block.object, ordinal)?, target_id(block.object, ordinal)?);
    let expectation = Expectation { fingerprint: Fingerprint([7; 16]), last_modified: None };
    let (action, why) = match action_of(block.word) {
        PlannedAction::Create => {
            (create(scenario, block, ordinal), "new on the left, no match by ERP_Key__c")
        }
        PlannedAction::Update => {
            let fields = changes(scenario, ordinal);
            let waits_for = Vec::new();
            let update = Action::Update { target_id, link: None, fields, expectation, waits_for };
            (update, "changed on the left only")
        }
        PlannedAction::Link => {
            (Action::Link { target_id }, "same values already; matched by ERP_Key__c")
        }
        PlannedAction::Hold => {
            let cause = cause(block.cause);
            (Action::Hold { target_id: None, cause }, HELD[block.cause % HELD.len()].2)
        }
        PlannedAction::Delete | PlannedAction::Unchanged => {
            (Action::Unchanged { target_id: Some(target_id), link: None }, "both rows agree")
        }
    };
    let why = if scenario == Scenario::Hostile { hostile(ordinal + 1) } else { why.to_owned() };
    Some(Operation {
        mapping: MappingName::new(block.object),
        mapping_version: MappingVersion(3),
        target: Side::Right,
        target_object: block.object.to_owned(),
        source_id,
        action,
        why,
    })
}

fn cause(place: usize) -> Cause {
    let (code, field, message, remedy) = HELD[place % HELD.len()];
    Cause {
        code: code.to_owned(),
        message: message.to_owned(),
        fields: vec![field.to_owned()],
        remedy: remedy.to_owned(),
    }
}

fn create(scenario: Scenario, block: Block, ordinal: u32) -> Action {
    let key = FieldValue::Text(format!("ERP-{:05}", 48_000 + ordinal));
    let change = |(field, after): (&str, FieldValue)| FieldChange {
        field: field.to_owned(),
        before: FieldValue::Null,
        after,
    };
    let name = name(scenario, block.object, ordinal);
    let mut values = vec![
        ("ERP_Key__c", key.clone()),
        (if block.object == "Contact" { "LastName" } else { "Name" }, FieldValue::Text(name)),
        ("Phone", FieldValue::from("+43 316 7675")),
        ("Active__c", FieldValue::Boolean(true)),
    ];
    let mut waits_for = Vec::new();
    if block.object == "Contact" {
        values.push(("AccountId", FieldValue::Null));
        waits_for.extend(source_id("Account", 1).map(|source_id| ParentReference {
            field: "AccountId".to_owned(),
            mapping: MappingName::new("Account"),
            source_id,
        }));
    } else {
        values.push(("Sector__c", FieldValue::from("Consumer")));
        values.push(("BillingCity", FieldValue::from("Graz")));
    }
    Action::Create {
        key: RowKey::External { field: "ERP_Key__c".to_owned(), value: key },
        fields: values.into_iter().map(change).collect(),
        waits_for,
    }
}

fn changes(scenario: Scenario, ordinal: u32) -> Vec<FieldChange> {
    let count = 1 + ordinal as usize % 3;
    let hostile_text = || FieldValue::Text(hostile(ordinal));
    let change = |(field, before, after): &(&str, &str, &str)| FieldChange {
        field: (*field).to_owned(),
        before: if before.is_empty() { FieldValue::Null } else { FieldValue::from(*before) },
        after: if scenario == Scenario::Hostile {
            hostile_text()
        } else {
            FieldValue::from(*after)
        },
    };
    CHANGES.iter().take(count).map(change).collect()
}

//! What becomes of each row: the operation that was planned, its outcome and its cause.

use isthmus_model::cause::Cause;
use isthmus_model::ids::{MappingVersion, RecordId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Expectation, FieldChange, Operation, RowKey};
use isthmus_model::run::Outcome;
use isthmus_model::value::Value;

use crate::filled::words::{company, person, phone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Account,
    Contact,
}

impl Object {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
        }
    }

    pub(super) fn record(self, org: char, number: u32) -> RecordId {
        let prefix = match self {
            Self::Account => "001",
            Self::Contact => "003",
        };
        RecordId::parse(&format!("{prefix}5{org}{number:010}")).expect("a valid id")
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Created,
    Updated,
    Unchanged,
    ParentMissing,
    Duplicates,
    Refused,
    TooLong,
    Locked,
    AnswerLost,
}

impl Fate {
    /// Of forty rows 17 are created, 10 updated, 7 unchanged, and six stopped by six causes.
    pub(super) fn of(number: u32) -> Self {
        match number % 40 {
            0..=16 => Self::Created,
            17..=26 => Self::Updated,
            27..=33 => Self::Unchanged,
            34 => Self::ParentMissing,
            35 => Self::Duplicates,
            36 => Self::Refused,
            37 => Self::TooLong,
            38 => Self::Locked,
            _ => Self::AnswerLost,
        }
    }

    pub(super) fn is_sent(self) -> bool {
        !matches!(self, Self::Unchanged | Self::ParentMissing | Self::Duplicates)
    }
}

pub(super) fn operation(object: Object, number: u32, fate: Fate) -> Operation {
    let target_id = object.record('R', number);
    let (action, why) = match fate {
        Fate::Created | Fate::Refused | Fate::TooLong => {
            (creation(object, number), "only the left org has it")
        }
        Fate::Updated | Fate::Locked | Fate::AnswerLost => {
            (update(number, target_id), "the left org changed it")
        }
        Fate::Unchanged => {
            let action = Action::Unchanged { target_id: Some(target_id), link: None };
            (action, "both orgs agree")
        }
        Fate::ParentMissing | Fate::Duplicates => {
            let action = Action::Hold { target_id: None, cause: cause(object, number, fate) };
            (action, "it cannot be written as it is")
        }
    };
    Operation {
        mapping: MappingName::new(object.name()),
        mapping_version: MappingVersion(1),
        target: Side::Right,
        target_object: object.name().to_owned(),
        source_id: object.record('L', number),
        action,
        why: why.to_owned(),
    }
}

fn creation(object: Object, number: u32) -> Action {
    let value = Value::Text(format!("ERP-{number:06}"));
    let key = RowKey::External { field: "ERP_Key__c".to_owned(), value: value.clone() };
    let mut fields = vec![change("ERP_Key__c", Value::Null, value)];
    match object {
        Object::Account => fields.push(change("Name", Value::Null, Value::Text(company(number)))),
        Object::Contact => {
            let (first, last) = person(number);
            fields.push(change("FirstName", Value::Null, Value::Text(first)));
            fields.push(change("LastName", Value::Null, Value::Text(last)));
        }
    }
    fields.push(change("Phone", Value::Null, Value::Text(phone(number))));
    Action::Create { key, fields, waits_for: Vec::new() }
}

fn update(number: u32, target_id: RecordId) -> Action {
    let before = Value::Text(phone(number + 1));
    let fields = vec![change("Phone", before, Value::Text(phone(number)))];
    let fingerprint = isthmus_model::canonical::Fingerprint([7; 16]);
    let expectation = Expectation { fingerprint, last_modified: None };
    Action::Update { target_id, link: None, fields, expectation, waits_for: Vec::new() }
}

fn change(field: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { field: field.to_owned(), before, after }
}

pub(super) fn outcome(object: Object, number: u32, fate: Fate) -> Outcome {
    let target_id = object.record('R', number);
    let cause = || cause(object, number, fate);
    match fate {
        Fate::Created => Outcome::Created { target_id },
        Fate::Updated => Outcome::Updated { target_id },
        Fate::Unchanged => Outcome::Unchanged { target_id: Some(target_id) },
        Fate::ParentMissing | Fate::Duplicates => Outcome::Held { cause: cause() },
        Fate::Refused | Fate::TooLong | Fate::Locked => Outcome::Quarantined { cause: cause() },
        Fate::AnswerLost => Outcome::Pending { cause: cause() },
    }
}

pub(super) fn cause(object: Object, number: u32, fate: Fate) -> Cause {
    let (code, message, field, remedy) = match fate {
        Fate::ParentMissing => (
            "parent_missing",
            "its parent is not in the right org and no mapping brings it there".to_owned(),
            Some("AccountId"),
            "map the parent's object, or link the parent by hand",
        ),
        Fate::Duplicates => (
            "duplicate_key",
            format!("2 rows of the left org have the key ERP-{number:06}"),
            Some("ERP_Key__c"),
            "give each row a key of its own",
        ),
        Fate::Refused => (
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            format!("\"{}\": a customer needs a tax number", called(object, number)),
            None,
            "fill what the org's rule asks for, then retry",
        ),
        Fate::TooLong => (
            "STRING_TOO_LONG",
            format!("Phone: data value too large: {} (max length=20)", phone(number).repeat(4)),
            Some("Phone"),
            "shorten the value, or map it to a longer field",
        ),
        Fate::Locked => (
            "UNABLE_TO_LOCK_ROW",
            "unable to obtain exclusive access to this record".to_owned(),
            None,
            "retry: another job held the record",
        ),
        _ => (
            "answer_pending",
            "it was sent, and the answer was lost".to_owned(),
            None,
            "run again in a few minutes; it is read back before anything is sent again",
        ),
    };
    Cause {
        code: code.to_owned(),
        message,
        fields: field.map(str::to_owned).into_iter().collect(),
        remedy: remedy.to_owned(),
    }
}

fn called(object: Object, number: u32) -> String {
    match object {
        Object::Account => company(number),
        Object::Contact => {
            let (first, last) = person(number);
            format!("{first} {last}")
        }
    }
}

//! A compact way to write down fields and objects, so that the schema files read like a table.
//!
//! A field starts as a plain nillable, writable field of its type; the methods on [`Field`] then say what is special
//! about it. Rules that hold for a whole type (a boolean is never null, long text cannot be filtered) live here.

mod switches;

use serde_json::Value;

use crate::schema::{Field, FieldType, Object, PicklistValue, RecordType};

/// Id of the master record type, which every object has in every org.
pub(crate) const MASTER_RECORD_TYPE: &str = "012000000000000AAA";

/// Longest text area that can be filtered and sorted; longer ones are "long text" in Salesforce.
const LONGEST_FILTERABLE: u32 = 255;

/// A standard object that may be created, updated and deleted; without fields.
pub(crate) fn object(name: &str, label: &str, label_plural: &str, key_prefix: &str) -> Object {
    Object {
        name: name.to_owned(),
        label: label.to_owned(),
        label_plural: label_plural.to_owned(),
        key_prefix: key_prefix.to_owned(),
        custom: name.ends_with("__c"),
        createable: true,
        updateable: true,
        deletable: true,
        replicateable: true,
        fields: Vec::new(),
        record_types: vec![RecordType {
            id: MASTER_RECORD_TYPE.to_owned(),
            name: "Master".to_owned(),
            developer_name: "Master".to_owned(),
            default: true,
            master: true,
        }],
    }
}

impl Object {
    /// Adds fields at the end.
    pub(crate) fn with(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Adds a record type before the master; the first one added is the default. The id is made unique by `number`.
    pub(crate) fn record_type(mut self, name: &str, developer_name: &str, number: u64) -> Self {
        let default = self.record_types.iter().all(|record_type| record_type.master);
        for record_type in &mut self.record_types {
            record_type.default = record_type.default && !record_type.master;
        }
        let record_type = RecordType {
            id: crate::ids::make("012", "00", number),
            name: name.to_owned(),
            developer_name: developer_name.to_owned(),
            default,
            master: false,
        };
        let before_master = self.record_types.len() - 1;
        self.record_types.insert(before_master, record_type);
        self
    }

    /// Only the org itself writes rows of this object.
    pub(crate) fn setup_only(mut self) -> Self {
        self.createable = false;
        self.updateable = false;
        self.deletable = false;
        self
    }
}

fn field(name: &str, label: &str, kind: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        kind,
        length: 0,
        precision: 0,
        scale: 0,
        digits: 0,
        nillable: true,
        createable: true,
        updateable: true,
        defaulted_on_create: false,
        default_value: None,
        unique: false,
        case_sensitive: false,
        external_id: false,
        id_lookup: false,
        picklist_values: Vec::new(),
        restricted_picklist: false,
        reference_to: Vec::new(),
        relationship_name: None,
        child_relationship_name: None,
        cascade_delete: false,
        restricted_delete: false,
        calculated: false,
        formula: None,
        auto_number: false,
        name_field: false,
        compound_field_name: None,
        extra_type_info: None,
        custom: name.ends_with("__c"),
        filterable: true,
        sortable: true,
    }
}

fn sized(name: &str, label: &str, kind: FieldType, length: u32) -> Field {
    Field { length, ..field(name, label, kind) }
}

/// A one-line text of at most `length` characters.
pub(crate) fn text(name: &str, label: &str, length: u32) -> Field {
    sized(name, label, FieldType::String, length)
}

/// A text of several lines; above 255 characters it can be neither filtered nor sorted.
pub(crate) fn text_area(name: &str, label: &str, length: u32) -> Field {
    let short = length <= LONGEST_FILTERABLE;
    Field {
        extra_type_info: Some("plaintextarea".to_owned()),
        filterable: short,
        sortable: short,
        ..sized(name, label, FieldType::TextArea, length)
    }
}

/// A checkbox: never null, false when left out.
pub(crate) fn checkbox(name: &str, label: &str) -> Field {
    Field {
        nillable: false,
        defaulted_on_create: true,
        default_value: Some(Value::Bool(false)),
        ..field(name, label, FieldType::Boolean)
    }
}

/// A whole number of at most `digits` digits.
pub(crate) fn integer(name: &str, label: &str, digits: u32) -> Field {
    Field { digits, ..field(name, label, FieldType::Int) }
}

/// A decimal number with `precision` digits in all, `scale` of them behind the point.
pub(crate) fn number(name: &str, label: &str, precision: u32, scale: u32) -> Field {
    Field { precision, scale, ..field(name, label, FieldType::Double) }
}

/// An amount of money.
pub(crate) fn currency(name: &str, label: &str, precision: u32, scale: u32) -> Field {
    Field { kind: FieldType::Currency, ..number(name, label, precision, scale) }
}

/// A percentage; 33.0 means 33 %.
pub(crate) fn percent(name: &str, label: &str, precision: u32, scale: u32) -> Field {
    Field { kind: FieldType::Percent, ..number(name, label, precision, scale) }
}

/// A day.
pub(crate) fn date(name: &str, label: &str) -> Field {
    field(name, label, FieldType::Date)
}

/// A moment.
pub(crate) fn date_time(name: &str, label: &str) -> Field {
    field(name, label, FieldType::DateTime)
}

/// A time of day.
pub(crate) fn time(name: &str, label: &str) -> Field {
    field(name, label, FieldType::Time)
}

/// Binary content: neither filtered nor sorted by.
pub(crate) fn base64(name: &str, label: &str) -> Field {
    field(name, label, FieldType::Base64).not_filterable().not_sortable()
}

/// An e-mail address of at most 80 characters.
pub(crate) fn email(name: &str, label: &str) -> Field {
    sized(name, label, FieldType::Email, 80)
}

/// A telephone number of at most 40 characters.
pub(crate) fn phone(name: &str, label: &str) -> Field {
    sized(name, label, FieldType::Phone, 40)
}

/// A link of at most 255 characters.
pub(crate) fn url(name: &str, label: &str) -> Field {
    sized(name, label, FieldType::Url, 255)
}

/// The link to a picture that the org makes itself.
pub(crate) fn photo_url() -> Field {
    url("PhotoUrl", "Photo URL").read_only().extra("imageurl")
}

/// A reference to one of `targets`, reached in SOQL as `relationship`.
pub(crate) fn lookup(name: &str, label: &str, targets: &[&str], relationship: &str) -> Field {
    Field {
        reference_to: targets.iter().map(|&target| target.to_owned()).collect(),
        relationship_name: Some(relationship.to_owned()),
        ..sized(name, label, FieldType::Reference, 18)
    }
}

/// A picklist; `length` is 255 on some objects and 40 on others.
pub(crate) fn picklist(name: &str, label: &str, length: u32, values: &[&str]) -> Field {
    let values: Vec<(&str, &str)> = values.iter().map(|&value| (value, value)).collect();
    labelled_picklist(name, label, length, &values)
}

/// A picklist whose labels differ from its values: pairs of value and label.
pub(crate) fn labelled_picklist(
    name: &str,
    label: &str,
    length: u32,
    values: &[(&str, &str)],
) -> Field {
    let picklist_values = values
        .iter()
        .map(|&(value, label)| PicklistValue {
            value: value.to_owned(),
            label: label.to_owned(),
            active: true,
            default_value: false,
        })
        .collect();
    Field { picklist_values, ..sized(name, label, FieldType::Picklist, length) }
}

/// A text with suggested values.
pub(crate) fn combobox(name: &str, label: &str, length: u32, values: &[&str]) -> Field {
    Field { kind: FieldType::Combobox, ..picklist(name, label, length, values) }
}

/// A picklist that holds several values, joined by semicolons.
pub(crate) fn multi_picklist(name: &str, label: &str, values: &[&str]) -> Field {
    Field {
        kind: FieldType::MultiPicklist,
        length: 4099,
        sortable: false,
        ..picklist(name, label, 0, values)
    }
}

/// How exact a geocode is; the same list in every org.
const GEOCODE_ACCURACY: [&str; 11] = [
    "Address",
    "NearAddress",
    "Block",
    "Street",
    "ExtendedZip",
    "Zip",
    "Neighborhood",
    "City",
    "County",
    "State",
    "Unknown",
];

/// An address: eight writable components and the read-only compound `{prefix}Address`. `prefix` is empty on Lead.
pub(crate) fn address(prefix: &str) -> Vec<Field> {
    let compound = format!("{prefix}Address");
    let name = |part: &str| format!("{prefix}{part}");
    let label = |part: &str| format!("{prefix} {part}").trim_start().to_owned();
    let accuracy = name("GeocodeAccuracy");
    let mut fields: Vec<Field> = vec![
        text_area(&name("Street"), &label("Street"), 255),
        text(&name("City"), &label("City"), 40),
        text(&name("State"), &label("State/Province"), 80),
        text(&name("PostalCode"), &label("Zip/Postal Code"), 20),
        text(&name("Country"), &label("Country"), 80),
        number(&name("Latitude"), &label("Latitude"), 18, 15),
        number(&name("Longitude"), &label("Longitude"), 18, 15),
        picklist(&accuracy, &label("Geocode Accuracy"), 40, &GEOCODE_ACCURACY).restricted(),
    ]
    .into_iter()
    .map(|component| component.part_of(&compound))
    .collect();
    let whole = field(&compound, &label("Address"), FieldType::Address).read_only();
    fields.push(Field { sortable: false, ..whole });
    fields
}

/// `Id` and `IsDeleted`.
pub(crate) fn identity(object_label: &str) -> [Field; 2] {
    [record_id(&format!("{object_label} ID")), checkbox("IsDeleted", "Deleted").system()]
}

/// `Id` alone, for objects whose rows are never deleted.
pub(crate) fn record_id(label: &str) -> Field {
    sized("Id", label, FieldType::Id, 18).system().id_lookup()
}

/// Who created and changed a row, and when.
pub(crate) fn stamps() -> [Field; 5] {
    [
        date_time("CreatedDate", "Created Date").system(),
        lookup("CreatedById", "Created By ID", &["User"], "CreatedBy").system(),
        date_time("LastModifiedDate", "Last Modified Date").system(),
        lookup("LastModifiedById", "Last Modified By ID", &["User"], "LastModifiedBy").system(),
        date_time("SystemModstamp", "System Modstamp").system(),
    ]
}

/// The owner: always set, the connected user when left out.
pub(crate) fn owner(targets: &[&str]) -> Field {
    let owner = lookup("OwnerId", "Owner ID", targets, "Owner").required();
    Field { defaulted_on_create: true, ..owner }
}

/// The last activity's day.
pub(crate) fn last_activity() -> Field {
    date("LastActivityDate", "Last Activity").read_only()
}

/// When the connected user last saw the row.
pub(crate) fn views() -> [Field; 2] {
    [
        date_time("LastViewedDate", "Last Viewed Date").read_only(),
        date_time("LastReferencedDate", "Last Referenced Date").read_only(),
    ]
}

/// The record that survived a merge.
pub(crate) fn master_record(object_name: &str) -> Field {
    lookup("MasterRecordId", "Master Record ID", &[object_name], "MasterRecord").read_only()
}

/// The reference to a record type.
pub(crate) fn record_type_id() -> Field {
    lookup("RecordTypeId", "Record Type ID", &["RecordType"], "RecordType")
}

/// The key of the outside system of record: unique, compared without case, on every business object.
pub(crate) fn erp_key() -> Field {
    text("ERP_Key__c", "ERP Key", 40).external_id().unique()
}

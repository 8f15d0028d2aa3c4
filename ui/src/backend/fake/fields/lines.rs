//! Fields written one per line: `Name | Label | type | flags`.
//!
//! A type is `string 255`, `double 8,2` (digits before and after the point), `reference Account` (several: `User+Queue`),
//! or `picklist Hot;Warm`. Flags: `required`, `name`, `key` (unique external id), `unique`, `external`, `fixed` (read
//! only), `formula`, `auto`, `restricted`, `defaulted`.

use isthmus_model::schema::{FieldSchema, FieldType, PicklistValue};

/// Reads a table of fields.
pub(super) fn fields(table: &str) -> Vec<FieldSchema> {
    table.lines().map(str::trim).filter(|line| !line.is_empty()).map(field).collect()
}

fn field(line: &str) -> FieldSchema {
    let mut parts = line.split('|').map(str::trim);
    let mut part = || parts.next().unwrap_or_default();
    let (name, label, kind, flags) = (part(), part(), part(), part());
    let (kind, size) = kind.split_once(' ').unwrap_or((kind, ""));
    let kind = FieldType::from(kind.to_owned());
    let has = |flag: &str| flags.split(' ').any(|one| one == flag);
    let fixed = has("fixed") || has("formula") || has("auto") || kind == FieldType::Id;
    let is_key = has("key");
    let (precision, scale) = decimal(size);
    FieldSchema {
        label: label.to_owned(),
        length: length(&kind, size),
        precision: if scale_applies(&kind) { precision + scale } else { 0 },
        scale: if scale_applies(&kind) { scale } else { 0 },
        digits: if kind == FieldType::Int { size.parse().unwrap_or(9) } else { 0 },
        nillable: !has("required") && kind != FieldType::Boolean && kind != FieldType::Id,
        createable: !fixed,
        updateable: !fixed,
        defaulted_on_create: has("defaulted") || kind == FieldType::Boolean,
        unique: is_key || has("unique"),
        external_id: is_key || has("external"),
        id_lookup: is_key || has("name"),
        filterable: kind != FieldType::TextArea,
        sortable: kind != FieldType::TextArea,
        calculated: has("formula"),
        auto_number: has("auto"),
        name_field: has("name"),
        restricted_picklist: has("restricted"),
        picklist_values: values(&kind, size),
        reference_to: targets(&kind, size),
        relationship_name: relationship(&kind, name),
        ..FieldSchema::plain(name, kind)
    }
}

fn scale_applies(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Double | FieldType::Currency | FieldType::Percent)
}

/// Digits before and after the point.
fn decimal(size: &str) -> (u32, u32) {
    let (before, after) = size.split_once(',').unwrap_or((size, "0"));
    (before.parse().unwrap_or(16), after.parse().unwrap_or(0))
}

fn length(kind: &FieldType, size: &str) -> u32 {
    match kind {
        FieldType::Id | FieldType::Reference => 18,
        FieldType::Email => 80,
        FieldType::Phone => 40,
        FieldType::Url | FieldType::Picklist | FieldType::MultiPicklist => 255,
        FieldType::String | FieldType::TextArea => size.parse().unwrap_or(255),
        _ => 0,
    }
}

fn values(kind: &FieldType, size: &str) -> Vec<PicklistValue> {
    if !matches!(kind, FieldType::Picklist | FieldType::MultiPicklist) {
        return Vec::new();
    }
    let value =
        |text: &str| PicklistValue { value: text.to_owned(), label: text.to_owned(), active: true };
    size.split(';').map(value).collect()
}

fn targets(kind: &FieldType, size: &str) -> Vec<String> {
    if *kind == FieldType::Reference {
        size.split('+').map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// `OwnerId` leads to `Owner`, `Site__c` to `Site__r`.
fn relationship(kind: &FieldType, name: &str) -> Option<String> {
    let custom = || name.strip_suffix("__c").map(|stem| format!("{stem}__r"));
    let standard = || name.strip_suffix("Id").map(str::to_owned);
    (*kind == FieldType::Reference).then(|| custom().or_else(standard)).flatten()
}

#[cfg(test)]
mod tests {
    use isthmus_model::schema::FieldType;

    use super::fields;

    #[test]
    fn a_line_says_what_describe_would() {
        let table = "
            ERP_Key__c | ERP Key | string 40 | key
            Score__c | Score | double 5,2 | formula
            Region__c | Region | picklist North;South | required restricted
            Site__c | Site | reference Site__c |
        ";
        let fields = fields(table);
        assert!(fields[0].is_unique_key() && fields[0].length == 40);
        assert!(fields[1].calculated && !fields[1].updateable && fields[1].precision == 7);
        assert!(fields[2].required_on_create() && fields[2].picklist_values.len() == 2);
        assert_eq!(fields[3].relationship_name.as_deref(), Some("Site__r"));
        assert_eq!(fields[3].kind, FieldType::Reference);
    }
}

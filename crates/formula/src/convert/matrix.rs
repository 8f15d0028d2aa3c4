//! The matrix of type pairs: 17 families of field types, source down, target across.

use isthmus_model::schema::FieldType;

/// What a pair of field types allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Every value arrives as it is.
    Exact,
    /// Every value arrives, in another form.
    Widening,
    /// Values are checked one by one: those that do not fit are held.
    Checked(&'static str),
    /// Every value arrives, but something of it is lost.
    Lossy(&'static str),
    /// Never converted.
    Impossible(&'static str),
}

impl Conversion {
    /// True when the pair can be mapped at all.
    #[must_use]
    pub fn is_possible(self) -> bool {
        !matches!(self, Self::Impossible(_))
    }
}

/// What the pair allows, before any value is seen.
#[must_use]
pub fn rule(from: &FieldType, to: &FieldType) -> Conversion {
    let cell = MATRIX[family(from)].as_bytes()[family(to)];
    match cell {
        b'=' => Conversion::Exact,
        b'w' => Conversion::Widening,
        b'c' => Conversion::Checked(checked(to)),
        b'l' => Conversion::Lossy(lost(from, to)),
        _ => Conversion::Impossible(impossible(from, to)),
    }
}

/// One row per source family, one letter per target family, both in the order of [`family`]:
/// `=` exact, `w` widening, `c` checked value by value, `l` lossy, `-` impossible.
const MATRIX: [&str; 17] = [
    //  text long choice choices email phone url bool whole decimal date datetime time id compound binary unknown
    "=wcccwccccccc----", // text
    "c=ccccccccccc----", // long text
    "wwccccccccccc----", // choice
    "wwccccccc--------", // choices
    "wwcc=cc----------", // email
    "wwccc=c-cc-------", // phone
    "wwcccc=----------", // url
    "wwcc---=---------", // boolean
    "wwcc-w--=w-------", // whole number
    "wwcc----l=-------", // decimal number
    "wwcc------=l-----", // date
    "wwcc------l=l----", // datetime
    "wwcc--------=----", // time
    "ww-----------=---", // id and reference
    "-----------------", // compound
    "-----------------", // binary
    "-----------------", // unknown
];

/// The family's place in the matrix.
fn family(kind: &FieldType) -> usize {
    match kind {
        FieldType::String | FieldType::Combobox | FieldType::EncryptedString => 0,
        FieldType::TextArea => 1,
        FieldType::Picklist => 2,
        FieldType::MultiPicklist => 3,
        FieldType::Email => 4,
        FieldType::Phone => 5,
        FieldType::Url => 6,
        FieldType::Boolean => 7,
        FieldType::Int | FieldType::Long => 8,
        FieldType::Double | FieldType::Currency | FieldType::Percent => 9,
        FieldType::Date => 10,
        FieldType::DateTime => 11,
        FieldType::Time => 12,
        FieldType::Id | FieldType::Reference => 13,
        FieldType::Address | FieldType::Location => 14,
        FieldType::Base64 => 15,
        FieldType::Other(_) => 16,
    }
}

fn checked(to: &FieldType) -> &'static str {
    match family(to) {
        2 | 3 => "values that the target's picklist does not have are held",
        4 => "values that are no e-mail address are held",
        7 => "values other than true and false are held",
        8 | 9 => "values that are no number are held",
        10..=12 => "values that are no date or time in the API's form are held",
        _ => "values that are too long are held",
    }
}

fn lost(from: &FieldType, to: &FieldType) -> &'static str {
    match (family(from), family(to)) {
        (9, 8) => "decimals are cut",
        (10, 11) => "the day becomes midnight UTC",
        (11, 10) => "the time of day is lost; the day is the one in UTC",
        _ => "the day is lost; the time is the one in UTC",
    }
}

fn impossible(from: &FieldType, to: &FieldType) -> &'static str {
    match (family(from), family(to)) {
        (14, _) | (_, 14) => {
            "compound fields are read only; map their parts (street, city, latitude, ...)"
        }
        (15, _) | (_, 15) => "file bodies are not field values",
        (16, _) | (_, 16) => "this build does not know the type",
        (_, 13) => "a lookup needs an id of its own org; map another lookup to it",
        (13, _) => "an id can only be kept as text or followed as a lookup",
        _ => "the two have no form in common",
    }
}

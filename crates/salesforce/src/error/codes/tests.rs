//! The table itself; what each row says stands in the tests of the errors.

use super::{CODES, UNKNOWN_REMEDY, class, remedy};
use crate::error::ErrorClass;

#[test]
fn each_code_stands_once_and_has_a_remedy() {
    for (index, entry) in CODES.iter().enumerate() {
        assert!(!entry.remedy.is_empty() && !entry.remedy.ends_with('.'), "{}", entry.code);
        assert!(!CODES[..index].iter().any(|other| other.code == entry.code), "{}", entry.code);
    }
}

#[test]
fn an_unknown_code_is_unknown() {
    assert_eq!(class("BRAND_NEW", ""), ErrorClass::Unknown);
    assert_eq!(remedy("BRAND_NEW", ""), UNKNOWN_REMEDY);
}

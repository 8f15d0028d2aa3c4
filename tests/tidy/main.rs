//! The house rules of docs/style.md and docs/architecture.md, as tests.
//!
//! Each test names every place that breaks its rule and says what to do, so that one run is enough to mend them all.

mod tree;

mod imports;
mod layout;
mod map;
mod wording;

/// Fails with every violation listed under the rule that they break.
fn hold(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}\n  {}\n", violations.join("\n  "));
}

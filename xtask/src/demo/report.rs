//! What the demo's job came to.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};

/// The counts that a run's report has for its rows; their sum is `rows_read`.
const ENDS: [&str; 6] = ["created", "updated", "unchanged", "held", "failed", "pending"];

/// Rows that the job must write and quarantine to show anything.
const FEWEST_WRITTEN: u64 = 1_000;

/// The first run's report with what the second one added.
#[derive(Debug)]
pub(super) struct Report {
    first: Map<String, Value>,
    second_run_writes: u64,
    took: Duration,
}

impl Report {
    /// Puts both runs together, and refuses counts that do not add up: a demo that shows something else than what
    /// was promised has failed.
    pub(super) fn new(first: &Value, second: &Value, took: Duration) -> Result<Self> {
        let second_run_writes = count(second, "rows_sent")?;
        let read = count(first, "rows_read")?;
        let sum: u64 = ENDS.iter().map(|end| count(first, end)).sum::<Result<u64>>()?;
        let written = count(first, "created")? + count(first, "updated")?;
        if sum != read {
            return Err(Error::check(format!("the run read {read} rows and accounts for {sum}")));
        }
        if written < FEWEST_WRITTEN || count(first, "failed")? == 0 {
            return Err(Error::check(format!(
                "the run wrote {written} rows; it must write {FEWEST_WRITTEN} and show how some fail"
            )));
        }
        let first = first.as_object().cloned().unwrap_or_default();
        Ok(Self { first, second_run_writes, took })
    }

    /// A few lines to read.
    pub(super) fn for_people(&self) -> String {
        let of = |key: &str| self.first.get(key).and_then(Value::as_u64).unwrap_or_default();
        format!(
            "\n{:>7} rows read\n{:>7} created\n{:>7} updated, field by field\n{:>7} unchanged\n\
             {:>7} held back, with the reason\n{:>7} refused by the org and quarantined\n{:>7} pending\n\
             {:>7} rows sent by a second run\n{:>7.1} seconds\n",
            of("rows_read"),
            of("created"),
            of("updated"),
            of("unchanged"),
            of("held"),
            of("failed"),
            of("pending"),
            self.second_run_writes,
            self.took.as_secs_f64(),
        )
    }

    /// One line of JSON.
    pub(super) fn for_programs(&self) -> String {
        let mut report = self.first.clone();
        report.insert("second_run_writes".to_owned(), json!(self.second_run_writes));
        report.insert("seconds".to_owned(), json!((self.took.as_secs_f64() * 10.0).round() / 10.0));
        Value::Object(report).to_string()
    }
}

fn count(report: &Value, key: &str) -> Result<u64> {
    report[key]
        .as_u64()
        .ok_or_else(|| Error::check(format!("the run's report has no number `{key}`: {report}")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::Report;

    fn run(created: u64, failed: u64) -> Value {
        json!({ "rows_read": created + failed, "created": created, "updated": 0, "unchanged": 0, "held": 0,
                "failed": failed, "pending": 0, "rows_sent": created + failed })
    }

    #[test]
    fn the_report_for_programs_is_one_line_with_every_count() {
        let report =
            Report::new(&run(1_200, 8), &run(0, 0), Duration::from_millis(12_340)).unwrap();
        let read: Value = serde_json::from_str(&report.for_programs()).unwrap();

        assert_eq!(
            (&read["failed"], &read["second_run_writes"], &read["seconds"]),
            (&json!(8), &json!(0), &json!(12.3))
        );
        assert!(!report.for_programs().contains('\n'));
    }

    #[test]
    fn counts_that_do_not_add_up_are_refused() {
        let mut first = run(1_200, 8);
        first["rows_read"] = json!(1);

        assert!(Report::new(&first, &run(0, 0), Duration::ZERO).is_err());
    }

    #[test]
    fn a_run_that_shows_too_little_is_refused() {
        assert!(Report::new(&run(12, 8), &run(0, 0), Duration::ZERO).is_err());
        assert!(Report::new(&run(1_200, 0), &run(0, 0), Duration::ZERO).is_err());
    }
}

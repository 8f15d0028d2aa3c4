//! Named checks: each tells on standard output what one operation came to, and a failure does not end the others.

use serde_json::{Value, json};

/// Why a check fails.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs one check; gives what it comes to, or `None` after a failure.
pub async fn check<T>(operation: &str, act: impl Future<Output = Result<T, Failure>>) -> Option<T> {
    match act.await {
        Ok(value) => {
            tell(&json!({ "operation": operation, "result": "passes" }));
            Some(value)
        }
        Err(failure) => {
            tell(&json!({ "operation": operation, "result": "fails", "text": whole(&*failure) }));
            None
        }
    }
}

/// A condition that a check asks for.
pub fn holds(condition: bool, otherwise: impl std::fmt::Debug) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(format!("it does not hold: {otherwise:?}").into()) }
}

/// The error of a call that must fail.
pub fn refused<T, E>(outcome: Result<T, E>) -> Result<E, Failure> {
    match outcome {
        Ok(_) => Err("it was not refused".into()),
        Err(error) => Ok(error),
    }
}

/// A column of a CSV text without line breaks in its cells.
pub fn column(csv: &str, name: &str) -> Result<Vec<String>, Failure> {
    let cells = |line: &str| -> Vec<String> {
        line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect()
    };
    let mut lines = csv.lines();
    let header = cells(lines.next().unwrap_or_default());
    let position = header.iter().position(|cell| cell == name);
    let position = position.ok_or_else(|| format!("no column {name} in {csv}"))?;
    Ok(lines.map(|line| cells(line).swap_remove(position)).collect())
}

/// A column whose rows come in no promised order.
pub fn sorted(csv: &str, name: &str) -> Result<Vec<String>, Failure> {
    let mut cells = column(csv, name)?;
    cells.sort_unstable();
    Ok(cells)
}

fn tell(outcome: &Value) {
    println!("\nCHECK {outcome}");
}

/// An error with everything below it.
fn whole(failure: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{failure} ({failure:?})");
    let mut below = failure.source();
    while let Some(cause) = below {
        text.push_str(&format!(": {cause}"));
        below = cause.source();
    }
    text
}

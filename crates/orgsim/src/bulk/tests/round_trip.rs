//! Whatever text goes in as CSV comes out as the same CSV, for every delimiter and line ending.

use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, proptest};
use serde_json::json;

use super::fixtures::{BASE, Desk};
use crate::bulk::csv::{Records, push_line};
use crate::bulk::dialect::{Delimiter, Dialect, LineEnding};

/// Text that a save does not change: no blanks at the ends, no carriage returns, and not the word that clears.
fn kept() -> impl Strategy<Value = String> {
    "[a-z\"',;|`^\t äß漢0-9\n#/-]{0,14}".prop_map(|text: String| format!("x{}x", text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_in_are_rows_out(
        values in proptest::collection::vec((kept(), proptest::option::of(kept())), 1..12),
        place in 0..6_usize,
        crlf: bool,
    ) {
        let delimiters = [Delimiter::Comma, Delimiter::Tab, Delimiter::Pipe, Delimiter::Caret, Delimiter::Semicolon, Delimiter::Backquote];
        let line_ending = if crlf { LineEnding::Crlf } else { LineEnding::Lf };
        let dialect = Dialect { delimiter: delimiters[place], line_ending };
        let in_ending = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let mut rows: Vec<(String, String)> = values
            .iter()
            .enumerate()
            .map(|(number, (name, note))| (format!("{number:02}{}", in_ending(name).replace(['\r', '\n'], " ")), note.as_deref().map(in_ending).unwrap_or_default()))
            .collect();
        let mut csv = Vec::new();
        push_line(&mut csv, dialect, ["Name", "Description"]);
        for (name, note) in &rows {
            push_line(&mut csv, dialect, [name.as_str(), note.as_str()]);
        }
        let desk = Desk::new();
        let choices = json!({ "columnDelimiter": dialect.delimiter.name(), "lineEnding": dialect.line_ending.name() });
        let mut body = choices.clone();
        body["object"] = json!("Account");
        body["operation"] = json!("insert");
        let done = desk.load(body, std::str::from_utf8(&csv).expect("text"));
        prop_assert_eq!((&done["state"], &done["numberRecordsFailed"]), (&json!("JobComplete"), &json!(0)));
        let mut query = choices;
        query["operation"] = json!("query");
        query["query"] = json!("SELECT Name, Description FROM Account");
        let id = desk.create("query", query);
        desk.pass(1_000);
        let text = desk.get(&format!("{BASE}/query/{id}/results")).text;
        let mut out: Vec<(String, String)> = Records::new(&text, 0, dialect)
            .skip(1)
            .map(|record| {
                let cells = record.expect("a record").cells;
                (cells[0].clone().into_owned(), cells[1].clone().into_owned())
            })
            .collect();
        rows.sort();
        out.sort();
        prop_assert_eq!(out, rows);
    }
}

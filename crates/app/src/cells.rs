//! CSV that spreadsheet programs open as text: no cell is taken for a formula.

use std::io::Write;

/// What makes a spreadsheet program read a cell as a formula or a command; the full-width forms count too.
const FORMULA_STARTS: [char; 13] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠', '|'];

/// The cell as text for any spreadsheet program: a leading apostrophe where it would be taken for a formula.
///
/// Plain numbers stay numbers: a minus sign alone does no harm.
#[must_use]
pub fn neutral(cell: &str) -> String {
    let cleaned: String = cell.chars().filter(|letter| *letter != '\0').collect();
    let suspicious =
        cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).starts_with(FORMULA_STARTS);
    if suspicious && cleaned.parse::<f64>().is_err() { format!("'{cleaned}") } else { cleaned }
}

/// Writes rows as CSV, every cell neutralised.
///
/// # Errors
/// What the writer says.
pub fn write_csv<R: AsRef<[String]>>(
    output: &mut dyn Write,
    columns: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(columns.iter().map(|column| neutral(column)))?;
    for row in rows {
        writer.write_record(row.as_ref().iter().map(|cell| neutral(cell)))?;
    }
    writer.flush()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{FORMULA_STARTS, neutral, write_csv};

    #[test]
    fn cells_that_start_a_formula_become_text() {
        for cell in
            ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1", "  =1", "|cmd"]
        {
            assert!(neutral(cell).starts_with('\''), "{cell:?}");
        }
    }

    #[test]
    fn plain_text_and_numbers_stay_as_they_are() {
        for cell in ["", "Acme", "-12.50", "a=b", "1e5", "2026-01-01"] {
            assert_eq!(neutral(cell), cell);
        }
    }

    #[test]
    fn quotes_and_line_breaks_survive_the_csv() {
        let mut output = Vec::new();
        let rows = [vec!["say \"hi\"".to_owned(), "two\nlines".to_owned()]];
        write_csv(&mut output, &["a", "b"], rows).unwrap();
        let mut reader = csv::Reader::from_reader(output.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), ["say \"hi\"", "two\nlines"]);
    }

    proptest! {
        #[test]
        fn no_cell_starts_with_a_formula_sign_unless_it_is_a_number(cell in ".{0,12}") {
            let safe = neutral(&cell);
            let starts = safe.starts_with(FORMULA_STARTS);
            assert!(!starts || safe.parse::<f64>().is_ok(), "{cell:?} became {safe:?}");
            assert!(!safe.contains('\0'));
        }
    }
}

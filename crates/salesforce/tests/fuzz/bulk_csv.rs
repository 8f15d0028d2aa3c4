//! Bulk results: whatever the bytes are, rows come out whole, cells can be read, and cutting the body elsewhere changes nothing.

use isthmus_salesforce::bulk::{ColumnDelimiter, CsvDecoder, CsvRow};

use crate::TEST_TIME;

/// A quote, a delimiter and a line ending meet in far fewer.
const MAX_INPUT_BYTES: usize = 4096;

fn read(bytes: &[u8], step: usize) -> Result<Vec<CsvRow>, ()> {
    let mut decoder = CsvDecoder::new(ColumnDelimiter::Comma);
    let mut rows = Vec::new();
    for piece in bytes.chunks(step.max(1)) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (taken, row) = decoder.decode(rest).map_err(|_| ())?;
            assert!(taken > 0, "each call takes something, or it would never end");
            rest = &rest[taken..];
            rows.extend(row);
        }
    }
    while let Some(row) = decoder.finish().map_err(|_| ())? {
        rows.push(row);
    }
    Ok(rows)
}

#[test]
fn fuzz_bulk_csv() {
    bolero::check!(name = "bulk_csv")
        .with_test_time(TEST_TIME)
        .with_max_len(MAX_INPUT_BYTES)
        .for_each(|bytes: &[u8]| {
            let (step, bytes) =
                bytes.split_first().map_or((1, bytes), |(step, rest)| (usize::from(*step), rest));
            // A byte order mark is told by its three bytes at once.
            let whole = read(bytes, bytes.len());
            if !bytes.starts_with(b"\xef\xbb\xbf") {
                assert_eq!(whole, read(bytes, step));
            }
            for row in whole.into_iter().flatten() {
                let length: usize = row.iter().map(str::len).sum();
                assert!(length <= bytes.len() && row.iter().count() == row.len());
            }
        });
}

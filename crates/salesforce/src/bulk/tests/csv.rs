//! The encoder against the decoder and against another reader; parts that never split a row.

use std::sync::Arc;

use futures_util::StreamExt;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::prop_assert_eq;

use super::stub::{columns, parsed, text};
use crate::bulk::csv::{CsvDecoder, CsvEncoder, CsvRow};
use crate::bulk::upload::{PartPlan, SharedProgress, part_body};
use crate::bulk::{
    Cell, ColumnDelimiter, LineEnding, MAX_CELL_CHARACTERS, MAX_ROW_BYTES, MemoryRows, NULL_CELL,
    Unloadable,
};
use crate::error::Error;
use crate::transport::Upload;

fn decoded(bytes: &[u8], delimiter: ColumnDelimiter, step: usize) -> Result<Vec<CsvRow>, Error> {
    let mut decoder = CsvDecoder::new(delimiter);
    let mut rows = Vec::new();
    for piece in bytes.chunks(step) {
        let mut rest = piece;
        while !rest.is_empty() {
            let (taken, row) = decoder.decode(rest)?;
            rest = &rest[taken..];
            rows.extend(row);
        }
    }
    while let Some(row) = decoder.finish()? {
        rows.push(row);
    }
    Ok(rows)
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Untouched),
        Just(Cell::Null),
        "[ -~\r\n\"\u{0}\t,;|^`äß漢\u{1f600}]{0,12}".prop_map(Cell::Text),
        any::<String>().prop_map(Cell::Text),
    ]
    .prop_filter("a text that says null is refused", |cell| {
        *cell != Cell::Text(NULL_CELL.to_owned())
    })
}

fn ending() -> impl Strategy<Value = LineEnding> {
    prop_oneof![Just(LineEnding::Lf), Just(LineEnding::Crlf)]
}

fn delimiter() -> impl Strategy<Value = ColumnDelimiter> {
    prop_oneof![
        Just(ColumnDelimiter::Backquote),
        Just(ColumnDelimiter::Caret),
        Just(ColumnDelimiter::Comma),
        Just(ColumnDelimiter::Pipe),
        Just(ColumnDelimiter::Semicolon),
        Just(ColumnDelimiter::Tab),
    ]
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("F{number}__c")).collect()
}

/// What a cell says after it went out and came back.
fn said(cell: &Cell, ending: LineEnding) -> String {
    let text = match cell {
        Cell::Untouched => "",
        Cell::Text(text) if !text.is_empty() => text,
        _ => NULL_CELL,
    };
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', ending.as_str())
}

proptest! {
    #[test]
    fn any_text_comes_back_as_it_went_out(
        rows in (1_usize..4).prop_flat_map(|width| vec(vec(cell(), width..=width), 1..6)),
        ending in ending(),
        delimiter in delimiter(),
        step in 1_usize..40,
    ) {
        let (mut encoder, mut bytes) = CsvEncoder::new(&names(rows[0].len()), ending, delimiter).unwrap();
        for row in &rows {
            encoder.row(row, &mut bytes).unwrap();
        }
        let back = decoded(&bytes, delimiter, step).unwrap();
        let texts = |row: &Vec<Cell>| row.iter().map(|cell| said(cell, ending)).collect::<Vec<_>>();
        let read: Vec<Vec<String>> = back[1..].iter().map(|row| row.iter().map(str::to_owned).collect()).collect();
        prop_assert_eq!(&read, &rows.iter().map(texts).collect::<Vec<_>>());
        // Another reader sees the same, and line endings are of one kind throughout.
        if delimiter == ColumnDelimiter::Comma {
            prop_assert_eq!(&parsed(&bytes).1, &read);
        }
        let text = String::from_utf8(bytes).unwrap();
        let other = match ending {
            LineEnding::Lf => text.contains('\r'),
            LineEnding::Crlf => text.replace("\r\n", "").contains(['\r', '\n']),
        };
        prop_assert_eq!(other, false);
    }

    #[test]
    fn parts_split_between_rows_and_stay_below_their_limit(
        lengths in vec(0_usize..60, 1..60),
        limit in 20_u64..200,
    ) {
        let rows: Vec<Vec<Cell>> =
            lengths.iter().enumerate().map(|(number, length)| vec![text(&format!("{number}:{}", "x".repeat(*length)))]).collect();
        let source = Arc::new(MemoryRows::new(rows.clone()));
        let (mut first, mut seen, mut refused) = (0, Vec::new(), Vec::new());
        for _ in 0..1_000 {
            let (bytes, progress) = futures_util::FutureExt::now_or_never(part(&source, first, limit)).unwrap();
            assert!(bytes.len() as u64 <= limit);
            let (header, sent) = parsed(&bytes);
            assert_eq!(header, ["Name"]);
            let progress = progress.lock();
            assert_eq!((sent.len() as u64, bytes.len() as u64), (progress.written, progress.bytes));
            refused.extend(progress.refusals.iter().map(|refusal| refusal.row));
            seen.extend(sent.into_iter().flatten());
            first += progress.taken;
            if progress.source_ended {
                break;
            }
        }
        prop_assert_eq!(first, rows.len() as u64);
        let kept: Vec<String> = rows.iter().enumerate()
            .filter(|(number, _)| !refused.contains(&(*number as u64)))
            .map(|(_, row)| said(&row[0], LineEnding::Lf)).collect();
        prop_assert_eq!(seen, kept);
        // Only rows that do not fit a part of their own are left out.
        for (_, row) in rows.iter().enumerate().filter(|(number, _)| refused.contains(&(*number as u64))) {
            assert!(said(&row[0], LineEnding::Lf).len() as u64 + 6 > limit);
        }
    }
}

async fn part(source: &Arc<MemoryRows>, first: u64, limit_bytes: u64) -> (Vec<u8>, SharedProgress) {
    let (encoder, header) =
        CsvEncoder::new(&columns(&["Name"]), LineEnding::Lf, ColumnDelimiter::Comma).unwrap();
    let progress = SharedProgress::default();
    let plan = PartPlan { header, encoder, first, limit_bytes };
    let Upload::Pieces { mut pieces, .. } = part_body(source.as_ref(), plan, &progress) else {
        panic!("a part is made while it is sent");
    };
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    (bytes, progress)
}

fn encoder(width: usize) -> CsvEncoder {
    CsvEncoder::new(&names(width), LineEnding::Lf, ColumnDelimiter::Comma).unwrap().0
}

#[test]
fn null_untouched_and_empty_are_three_things() {
    let mut out = Vec::new();
    encoder(3).row(&[Cell::Null, Cell::Untouched, text("")], &mut out).unwrap();
    assert_eq!(out, b"#N/A,,#N/A\n");
    let mut only = Vec::new();
    encoder(1).row(&[Cell::Untouched], &mut only).unwrap();
    assert_eq!(only, b"\"\"\n", "an empty line would be no row");
}

#[test]
fn what_bulk_cannot_load_is_refused_and_leaves_nothing_behind() {
    let mut out = b"before".to_vec();
    let refused =
        |cells: &[Cell], out: &mut Vec<u8>| encoder(cells.len()).row(cells, out).unwrap_err();
    assert_eq!(refused(&[text("a"), text("#N/A")], &mut out), Unloadable::SaysNull { column: 1 });
    let long = text(&"漢".repeat(MAX_CELL_CHARACTERS + 1));
    assert_eq!(refused(&[long], &mut out), Unloadable::LongCell { column: 0 });
    let wide = vec![text(&"x".repeat(MAX_CELL_CHARACTERS)); 4];
    assert_eq!(refused(&wide, &mut out), Unloadable::LongRow);
    assert_eq!(
        encoder(2).row(&[Cell::Null], &mut out),
        Err(Unloadable::Ragged { cells: 1, columns: 2 })
    );
    assert_eq!(out, b"before");
    // As many characters as allowed are taken, however many bytes they have.
    encoder(1).row(&[text(&"漢".repeat(MAX_CELL_CHARACTERS))], &mut out).unwrap();
}

#[test]
fn a_quote_that_never_closes_is_stopped_at_the_cap() {
    let mut decoder = CsvDecoder::new(ColumnDelimiter::Comma);
    decoder.decode(b"\"").unwrap();
    let piece = vec![b'x'; 1024 * 1024];
    let mut fed = 0;
    let error = loop {
        match decoder.decode(&piece) {
            Ok(_) => fed += piece.len(),
            Err(error) => break error,
        }
        assert!(fed <= MAX_ROW_BYTES, "nothing stopped it");
    };
    assert!(error.to_string().contains("larger than"), "{error}");
}

#[test]
fn a_huge_field_and_bytes_that_are_no_text() {
    let field = "漢".repeat(2 * 1024 * 1024);
    let rows =
        decoded(format!("A\n\"{field}\"\n").as_bytes(), ColumnDelimiter::Comma, 60_000).unwrap();
    assert_eq!(rows[1].get(0).map(str::len), Some(field.len()));
    assert!(decoded(b"A,B\n\"\xff\",x\n", ColumnDelimiter::Comma, 5).is_err());
    // One character, half of it in each of two cells.
    assert!(decoded(b"A,B\n\xc3,\xa4\n", ColumnDelimiter::Comma, 5).is_err());
}

#[test]
fn a_byte_order_mark_and_a_missing_last_line_ending_are_taken() {
    let rows =
        decoded(b"\xef\xbb\xbfId,Name\r\n1,a\r\n2,b", ColumnDelimiter::Comma, 4_000).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].get(0), rows[2].get(1)), (Some("Id"), Some("b")));
    assert!(decoded(b"", ColumnDelimiter::Comma, 1).unwrap().is_empty());
}

//! Texts and tables as wide as the terminal: words stay whole, numbers stand right, narrow terminals get blocks.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};
use unicode_width::UnicodeWidthStr;

use super::visible;

/// Blank columns between two cells: the padding of the left one, and the separator that the table draws as a blank.
const GAP: usize = PADDING as usize + 1;
/// Blank columns that belong to a cell.
const PADDING: u16 = 1;
/// Longest word that a column stays wide enough for: record ids have 18 letters, and error codes wrap.
const LONGEST_WHOLE_WORD: usize = 24;
/// Narrowest terminal that texts are wrapped for; below it the terminal's own wrapping is no worse.
const NARROWEST: usize = 20;

/// Wraps each line at words; what goes over stands under its line's own indent and `hang` more.
pub(crate) fn wrapped(text: &str, width: Option<usize>, hang: usize) -> String {
    let Some(width) = width.filter(|width| *width >= NARROWEST) else { return text.to_owned() };
    text.lines().map(|line| wrapped_line(line, width, hang)).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str, width: usize, hang: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let own = line.len() - line.trim_start_matches(' ').len();
    let indent = " ".repeat((own + hang).min(width / 2));
    let mut lines = vec![line[..own].to_owned()];
    let mut is_empty = true;
    for word in line[own..].split(' ') {
        let last = lines.last().map_or(0, |last| last.width());
        if !is_empty && last + 1 + word.width() > width {
            lines.push(indent.clone());
            is_empty = true;
        }
        if let Some(last) = lines.last_mut() {
            if !is_empty {
                last.push(' ');
            }
            last.push_str(word);
        }
        is_empty = false;
    }
    lines.join("\n")
}

/// A table with a header line. Without a width each row stays on its line; where not even the words fit side by side,
/// each row becomes a block of lines.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>], width: Option<usize>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| visible(cell)).collect()).collect();
    let columns: Vec<Column> = header
        .iter()
        .enumerate()
        .map(|(index, name)| Column::measure(name, index, &rows))
        .collect();
    let gaps = GAP * columns.len().saturating_sub(1);
    let widths = match width.map(|width| width.saturating_sub(gaps)) {
        None => columns.iter().map(|column| column.natural).collect(),
        Some(room) => match fitting(&columns, room) {
            Some(widths) => widths,
            None => return blocks(header, &rows, width),
        },
    };
    drawn(header, &rows, &columns, &widths)
}

struct Column {
    /// Widest line of any cell.
    natural: usize,
    /// Widest word, up to the longest that stays whole.
    least: usize,
    is_number: bool,
}

impl Column {
    fn measure(name: &str, index: usize, rows: &[Vec<String>]) -> Self {
        let cells = || rows.iter().filter_map(|row| row.get(index)).map(String::as_str);
        let texts = || std::iter::once(name).chain(cells());
        let natural = texts().flat_map(str::lines).map(UnicodeWidthStr::width).max().unwrap_or(0);
        let longest = texts().flat_map(str::split_whitespace).map(UnicodeWidthStr::width).max();
        let least = longest.unwrap_or(0).min(LONGEST_WHOLE_WORD.max(name.width()));
        let is_number = cells().any(|cell| !cell.is_empty())
            && cells().all(|cell| cell.is_empty() || is_number(cell));
        Self { natural, least, is_number }
    }
}

/// A number with or without a unit, as people align it.
fn is_number(text: &str) -> bool {
    let number = text.strip_suffix(" ms").or_else(|| text.strip_suffix(" s")).unwrap_or(text);
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|letter: char| letter.is_ascii_digit())
        && digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','))
}

/// Widths that fit: what a column needs least, and the rest where it completes most columns.
fn fitting(columns: &[Column], room: usize) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = columns.iter().map(|column| column.least).collect();
    let mut spare = room.checked_sub(widths.iter().sum())?;
    let mut wanting: Vec<usize> = (0..columns.len()).collect();
    wanting.sort_by_key(|index| columns[*index].natural - columns[*index].least);
    for (done, index) in wanting.iter().enumerate() {
        let share = spare / (wanting.len() - done);
        let more = share.min(columns[*index].natural - columns[*index].least);
        widths[*index] += more;
        spare -= more;
    }
    Some(widths)
}

fn drawn(header: &[&str], rows: &[Vec<String>], columns: &[Column], widths: &[usize]) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let gaps = GAP * columns.len().saturating_sub(1);
    let total = widths.iter().sum::<usize>() + gaps;
    table.set_width(u16::try_from(total).unwrap_or(u16::MAX));
    table.set_header(header.iter().copied());
    table.add_rows(rows.iter().map(Vec::as_slice));
    let last = columns.len().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        let padding = if index == last { 0 } else { PADDING };
        let width = widths.get(index).map_or(0, |width| width + usize::from(padding));
        column.set_padding((0, padding));
        let fixed = Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX));
        column.set_constraint(ColumnConstraint::Absolute(fixed));
        if columns.get(index).is_some_and(|column| column.is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}

/// Each row as lines of `header  cell`, for terminals that are narrower than the table.
fn blocks(header: &[&str], rows: &[Vec<String>], width: Option<usize>) -> String {
    let label = header.iter().map(|name| name.width()).max().unwrap_or(0);
    let block = |row: &Vec<String>| {
        let filled = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let lines = filled.map(|(name, cell)| {
            let cell = cell.lines().collect::<Vec<_>>().join(" ");
            let padding = " ".repeat(label - name.width() + GAP);
            wrapped(&format!("{name}{padding}{cell}"), width, label + GAP)
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::{table, wrapped};
    use unicode_width::UnicodeWidthStr;

    fn rows(cells: &[&[&str]]) -> Vec<Vec<String>> {
        cells.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn lines_wrap_at_words_under_their_own_indent() {
        let text = wrapped("  one two three four five six", Some(20), 2);
        assert_eq!(text, "  one two three four\n    five six");
        assert_eq!(wrapped("a b", None, 2), "a b");
    }

    #[test]
    fn a_table_fits_its_terminal_and_breaks_no_id() {
        let long = "both rows hold different values in Title and have never been compared before";
        let cells =
            rows(&[&["331", "0015500001QdQWaAAN", long], &["4", "0015500001QdQWaAAN", long]]);
        let text = table(&["rows", "source", "cause"], &cells, Some(60));
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");
        assert!(text.contains("0015500001QdQWaAAN"), "{text}");
        assert!(text.lines().any(|line| line.starts_with("   4  0015")), "{text}");
        assert!(text.lines().any(|line| line.width() > 55), "the room is used: {text}");
    }

    #[test]
    fn a_table_that_cannot_fit_becomes_blocks() {
        let cells = rows(&[&["0015500001QdQWaAAN", "0035500001H9cakAAB"]]);
        let text = table(&["source", "target"], &cells, Some(30));
        assert_eq!(text, "source  0015500001QdQWaAAN\ntarget  0035500001H9cakAAB");
    }
}

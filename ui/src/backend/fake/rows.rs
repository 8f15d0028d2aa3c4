//! Rows of plans and runs by the hundred thousand, made when they are asked for: none is kept.

use std::ops::Range;

use isthmus_model::ids::RecordId;

use crate::backend::fake::Scenario;
use crate::backend::fake::data::{MARKUP, RIGHT_TO_LEFT, endless};

/// Rows of one kind that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// The object mapping, and the object on either side.
    pub(super) object: &'static str,
    /// What is planned (`create`, ...), or what became of it (`created`, ...).
    pub(super) word: &'static str,
    /// The place of the cause in its table; 0 where there is none.
    pub(super) cause: usize,
    /// How many rows.
    pub(super) rows: u32,
}

impl Block {
    pub(super) fn new(object: &'static str, word: &'static str, cause: usize, rows: u32) -> Self {
        Self { object, word, cause, rows }
    }
}

/// A row by its block and its place in the whole, from 1.
pub(super) type Place<'blocks> = (&'blocks Block, u32);

/// Lets a row through.
pub(super) type RowFilter<'filter> = &'filter dyn Fn(Place<'_>) -> bool;

/// One page of the rows that pass both filters, and how many pass.
pub(super) fn page(
    blocks: &[Block],
    block_passes: impl Fn(&Block) -> bool,
    row_passes: Option<RowFilter<'_>>,
    (offset, limit): (u64, u32),
) -> (Vec<(Block, u32)>, u64) {
    let wanted = offset..offset + u64::from(limit);
    let (mut found, mut total) = (Vec::new(), 0_u64);
    for (block, ordinals) in placed(blocks).filter(|(block, _)| block_passes(block)) {
        match row_passes {
            None => {
                let count = u64::from(block.rows);
                let from = wanted.start.clamp(total, total + count) - total;
                let until = wanted.end.clamp(total, total + count) - total;
                let start = u64::from(ordinals.start);
                let rows = (start + from)..(start + until);
                found
                    .extend(rows.filter_map(|ordinal| Some((block, u32::try_from(ordinal).ok()?))));
                total += count;
            }
            Some(passes) => {
                for ordinal in ordinals.filter(|ordinal| passes((&block, *ordinal))) {
                    if wanted.contains(&total) {
                        found.push((block, ordinal));
                    }
                    total += 1;
                }
            }
        }
    }
    (found, total)
}

/// The block of a row.
pub(super) fn block_of(blocks: &[Block], ordinal: u32) -> Option<Block> {
    placed(blocks).find(|(_, ordinals)| ordinals.contains(&ordinal)).map(|(block, _)| block)
}

fn placed(blocks: &[Block]) -> impl Iterator<Item = (Block, Range<u32>)> {
    let mut next = 1;
    blocks.iter().map(move |block| {
        let start = next;
        next += block.rows;
        (*block, start..next)
    })
}

const COMPANIES: [&str; 24] = [
    "Ernst Handel",
    "Alfreds Futterkiste",
    "Berglunds snabbköp",
    "Around the Horn",
    "Blauer See Delikatessen",
    "Bólido Comidas preparadas",
    "Königlich Essen",
    "La maison d’Asie",
    "Folies gourmandes",
    "Island Trading",
    "Wartian Herkku",
    "Vins et alcools Chevalier",
    "Hungry Owl All-Night Grocers",
    "Toms Spezialitäten",
    "QUICK-Stop",
    "Antonio Moreno Taquería",
    "Chop-suey Chinese",
    "Drachenblut Delikatessen",
    "Eastern Connection",
    "Frankenversand",
    "Great Lakes Food Market",
    "Hanari Carnes",
    "Let's Stop N Shop",
    "Rattlesnake Canyon Grocery",
];

const PEOPLE: [&str; 12] = [
    "Ana Trujillo",
    "Thomas Hardy",
    "Maria Anders",
    "Howard Snyder",
    "Christina Berglund",
    "Elizabeth Lincoln",
    "Victoria Ashworth",
    "Patricio Simpson",
    "Yang Wang",
    "Pedro Afonso",
    "Ann Devon",
    "Roland Mendel",
];

/// What a row is called.
pub(super) fn name(scenario: Scenario, object: &str, ordinal: u32) -> String {
    if scenario == Scenario::Hostile {
        return hostile(ordinal);
    }
    let number = ordinal as usize;
    let of = |list: &[&str]| {
        let again = number / list.len();
        let name = list[number % list.len()];
        if again == 0 { name.to_owned() } else { format!("{name} {again}") }
    };
    match object {
        "Contact" => of(&PEOPLE),
        "Opportunity" => format!("{} renewal", of(&COMPANIES)),
        _ => of(&COMPANIES),
    }
}

/// Names that break pages which take them for anything but short text.
pub(super) fn hostile(place: u32) -> String {
    match place % 5 {
        0 => MARKUP.to_owned(),
        1 => endless(),
        2 => RIGHT_TO_LEFT.to_owned(),
        3 => "'); DROP TABLE runs; -- {{7*7}} ${7*7} &lt;script&gt;".to_owned(),
        _ => "line one\nline two\ttab \u{0007}bell \u{200b}zero".to_owned(),
    }
}

/// The record that a row's values come from.
pub(super) fn source_id(object: &str, ordinal: u32) -> Option<RecordId> {
    id(object, "Ns", ordinal)
}

/// The record that a row is written to.
pub(super) fn target_id(object: &str, ordinal: u32) -> Option<RecordId> {
    id(object, "Nv", ordinal)
}

fn id(object: &str, org: &str, ordinal: u32) -> Option<RecordId> {
    let prefix = match object {
        "Contact" => "003",
        "Opportunity" => "006",
        _ => "001",
    };
    RecordId::parse(&format!("{prefix}{org}{ordinal:010}")).ok()
}

#[cfg(test)]
mod tests {
    use super::{Block, block_of, page};

    const BLOCKS: [Block; 3] = [
        Block { object: "Account", word: "create", cause: 0, rows: 3 },
        Block { object: "Account", word: "update", cause: 0, rows: 4 },
        Block { object: "Contact", word: "create", cause: 0, rows: 5 },
    ];

    #[test]
    fn pages_go_across_blocks() {
        let (rows, total) = page(&BLOCKS, |_| true, None, (2, 6));
        let ordinals: Vec<u32> = rows.iter().map(|(_, ordinal)| *ordinal).collect();
        assert_eq!((ordinals, total), (vec![3, 4, 5, 6, 7, 8], 12));
    }

    #[test]
    fn both_filters_leave_the_places_as_they_are() {
        let odd = |(_, ordinal): (&Block, u32)| ordinal % 2 == 1;
        let (rows, total) = page(&BLOCKS, |block| block.word == "create", Some(&odd), (1, 2));
        let ordinals: Vec<u32> = rows.iter().map(|(_, ordinal)| *ordinal).collect();
        assert_eq!((ordinals, total), (vec![3, 9], 4));
        assert_eq!(block_of(&BLOCKS, 9).map(|block| block.object), Some("Contact"));
        assert_eq!(block_of(&BLOCKS, 13), None);
    }
}

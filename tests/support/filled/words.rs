//! Names and numbers of made-up companies and people, some of them hard to show.

/// Every so many rows have a name that is hard to show.
const HOSTILE: u32 = 23;
/// Characters of the longest name.
const LONGEST: usize = 10_000;

/// A company's name.
pub(super) fn company(number: u32) -> String {
    const FIRST: [&str; 12] = [
        "Northwind",
        "Aldgate",
        "Brightwater",
        "Cobalt",
        "Dunmore",
        "Elmfield",
        "Fairhaven",
        "Granite",
        "Hollybrook",
        "Ivory",
        "Juniper",
        "Kestrel",
    ];
    const KIND: [&str; 8] =
        ["Logistics", "Foods", "Energy", "Textiles", "Systems", "Paper", "Marine", "Optics"];
    hostile(number).unwrap_or_else(|| {
        format!("{} {} {number}", pick(&FIRST, number), pick(&KIND, number / 12))
    })
}

/// First and last name.
pub(super) fn person(number: u32) -> (String, String) {
    const FIRST: [&str; 10] =
        ["Mia", "Noah", "Lea", "Tomás", "Zoë", "Amir", "Ines", "Jürgen", "Keiko", "Oona"];
    const LAST: [&str; 9] =
        ["Abel", "Brandt", "Castro", "Dvořák", "Eriksen", "Fofana", "García", "Hughes", "Ito"];
    let last = hostile(number).unwrap_or_else(|| format!("{} {number}", pick(&LAST, number / 10)));
    (pick(&FIRST, number).to_owned(), last)
}

/// Names that a list must show as the text they are.
fn hostile(number: u32) -> Option<String> {
    if !number.is_multiple_of(HOSTILE) {
        return None;
    }
    let place = number / HOSTILE;
    Some(match place % 9 {
        0 => format!("<img src=x onerror=\"document.title='owned {number}'\">"),
        1 => {
            format!("Long {number} {}", "name ".repeat(LONGEST / 5)).chars().take(LONGEST).collect()
        }
        2 => format!("شركة النور للتجارة {number}"),
        3 => format!("\u{202e}gpj.exe {number}"),
        4 => format!("</td><script>alert({number})</script>"),
        5 => format!("=cmd|' /C calc'!A{number}"),
        6 => format!("unbreakable{}", "w".repeat(400)),
        7 => format!("👩‍👩‍👧‍👦 Zoë\u{301} Ｗｉｄｅ {number}"),
        _ => format!("two\nlines\tand a tab {number}"),
    })
}

/// A number that is nobody's.
pub(super) fn phone(number: u32) -> String {
    format!("+49 30 {:07}", number.wrapping_mul(7_919) % 10_000_000)
}

fn pick<'a>(words: &[&'a str], number: u32) -> &'a str {
    words[number as usize % words.len()]
}

//! Literals that cannot break out of a query, and names that are names.

use isthmus_model::ids::RecordId;
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::soql::{Comparison, Condition, Direction, Literal, Name, Select};

/// Reads a quoted SOQL literal as the reference describes it; `None` when it is not exactly one literal.
fn decoded(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut out = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => return None,
            '\\' => out.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = characters.by_ref().take(4).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                same @ ('"' | '\'' | '\\' | '_' | '%') => same,
                _ => return None,
            }),
            _ if character.is_control() => return None,
            _ => out.push(character),
        }
    }
    Some(out)
}

proptest! {
    #[test]
    fn every_text_is_exactly_one_literal_and_comes_back(text in "(?s).*") {
        let literal = Literal::Text(text.clone()).to_string();
        prop_assert_eq!(decoded(&literal), Some(text));
    }

    #[test]
    fn texts_full_of_quotes_and_backslashes_come_back(text in "['\"\\\\%_\\n\\r\\t\u{0}\u{8}’‘`]{0,40}") {
        let literal = Literal::Text(text.clone()).to_string();
        prop_assert_eq!(decoded(&literal), Some(text.clone()));
        let pattern = Literal::StartsWith(text.clone()).to_string();
        prop_assert_eq!(decoded(&pattern), Some(format!("{text}%")));
    }

    #[test]
    fn a_name_never_holds_anything_but_name_characters(text in ".{0,20}") {
        if let Ok(name) = Name::parse(&text) {
            prop_assert!(name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        }
    }
}

#[test]
fn like_marks_of_a_text_stay_plain_characters_in_a_pattern() {
    assert_eq!(Literal::StartsWith("50%_off".to_owned()).to_string(), r"'50\%\_off%'");
    assert_eq!(Literal::Contains("50%_o'ff\\".to_owned()).to_string(), r"'%50\%\_o\'ff\\%'");
}

#[test]
fn a_nul_and_a_line_separator_are_written_as_escapes() {
    let text = Literal::Text("a\u{0}b\u{2028}c".to_owned()).to_string();
    assert_eq!(text, r"'a\u0000b\u2028c'");
}

#[test]
fn a_whole_query_is_written_in_order() {
    let id = RecordId::parse("0015500001QdQWa").unwrap();
    let from = Literal::DateTime("2026-11-20T10:00:00Z".parse().unwrap());
    let query = Select::new("Account", &["Id", "Name", "Owner.Name"])
        .unwrap()
        .filter(Condition::compare("SystemModstamp", Comparison::AtLeast, from).unwrap())
        .filter(Condition::Not(Box::new(
            Condition::within("Id", vec![Literal::Id(id), Literal::Null]).unwrap(),
        )))
        .filter(Condition::Any(vec![
            Condition::compare("Name", Comparison::Like, Literal::StartsWith("O'".to_owned()))
                .unwrap(),
            Condition::compare(
                "Amount__c",
                Comparison::Greater,
                Literal::Number("1.50".parse().unwrap()),
            )
            .unwrap(),
        ]))
        .order_by("SystemModstamp", Direction::Ascending)
        .unwrap()
        .order_by("Id", Direction::Descending)
        .unwrap()
        .limit(5);
    let expected = "SELECT Id,Name,Owner.Name FROM Account WHERE (SystemModstamp >= 2026-11-20T10:00:00Z \
        AND (NOT Id IN ('0015500001QdQWaAAN',null)) AND (Name LIKE 'O\\'%' OR Amount__c > 1.5)) \
        ORDER BY SystemModstamp,Id DESC LIMIT 5";
    assert_eq!(query.to_string(), expected);
}

#[test]
fn names_with_soql_in_them_are_refused() {
    for name in ["Name FROM User", "Name'", "a-b", "Näme", "", "_Name", "1Name", "Name--", "Name\n"]
    {
        assert!(Name::parse(name).is_err(), "{name:?}");
        assert!(Select::new("Account", &[name]).is_err(), "{name:?}");
    }
    assert!(Name::parse("Account.Name").is_err());
    assert!(Name::parse_path("Account.Owner.Name").is_ok());
    assert!(Name::parse_path("A.B.C.D.E.F.G").is_err());
}

#[test]
fn an_empty_list_fits_no_row_and_an_empty_conjunction_every_row() {
    assert_eq!(Condition::within("Name", Vec::new()).unwrap().to_string(), "Id = null");
    assert_eq!(Condition::All(Vec::new()).to_string(), "Id != null");
    assert_eq!(
        Select::new::<&str>("Account", &[]).unwrap().to_string(),
        "SELECT COUNT() FROM Account"
    );
}

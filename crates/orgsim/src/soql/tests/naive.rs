//! Conditions over random rows, beside an evaluator that is written as simply as the rules are told.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;
use serde_json::{Value, json};

use crate::api::tests::fixtures::{column, org, query, seed};
use crate::soql::ast::{Condition, Expression, LiteralKind, Operator, SetOperator};
use crate::soql::literal::{escape, unescape};
use crate::soql::tests::text::{condition_text, literal, name};

/// Few values, so that conditions often hold.
const TEXTS: [&str; 8] = ["a", "A", "ab", "b%", "_b", "äB", "Äb", "it's \\ 1"];
const PATTERNS: [&str; 8] = ["a", "a%", "%B", "_", "%", r"b\%", r"\_%", "__"];
const MOMENTS: [&str; 4] = [
    "2026-11-18T08:00:00.000+0000",
    "2026-11-19T23:59:59.000+0000",
    "2026-11-20T00:00:00.000+0000",
    "2026-11-20T09:00:00.000+0000",
];

fn any_row() -> impl Strategy<Value = Value> {
    let text = || option::of(select(TEXTS.to_vec()));
    let number = || option::of(0_i32..4);
    let moment = || option::of(select(MOMENTS.to_vec()));
    (text(), text(), number(), moment(), moment()).prop_map(|(site, key, revenue, created, stamp)| {
        json!({
            "Name": "x", "Site": site, "ERP_Key__c": key, "AnnualRevenue": revenue.map(f64::from),
            "CreatedDate": created, "SystemModstamp": stamp,
        })
    })
}

fn compare(field: &str, operator: Operator, kind: LiteralKind) -> Condition {
    let left = Expression { functions: Vec::new(), path: name(field), at: 0 };
    Condition::Compare { left, operator, value: literal(kind) }
}

fn any_leaf() -> impl Strategy<Value = Condition> {
    let text = || select(TEXTS.to_vec()).prop_map(|text| LiteralKind::Text(escape(text)));
    let or_null = |kind: LiteralKind| {
        prop_oneof![
            6 => proptest::strategy::Just(kind),
            1 => proptest::strategy::Just(LiteralKind::Null),
        ]
    };
    let field = || select(vec!["Site", "ERP_Key__c"]);
    let operator = || {
        select(vec![
            Operator::Equal,
            Operator::NotEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
        ])
    };
    let moment =
        select(MOMENTS.to_vec()).prop_map(|text| LiteralKind::DateTime(text.parse().unwrap()));
    prop_oneof![
        (field(), operator(), text().prop_flat_map(or_null))
            .prop_map(|(field, operator, kind)| compare(field, operator, kind)),
        (field(), select(PATTERNS.to_vec())).prop_map(|(field, pattern)| {
            compare(field, Operator::Like, LiteralKind::Text(pattern.to_owned()))
        }),
        (
            operator(),
            (0_i32..4).prop_map(|n| LiteralKind::Number(f64::from(n))).prop_flat_map(or_null)
        )
            .prop_map(|(operator, kind)| compare("AnnualRevenue", operator, kind)),
        (select(vec!["CreatedDate", "SystemModstamp"]), operator(), moment)
            .prop_map(|(field, operator, kind)| compare(field, operator, kind)),
        (
            field(),
            select(vec![SetOperator::In, SetOperator::NotIn]),
            vec(text().prop_flat_map(or_null), 1..4)
        )
            .prop_map(|(field, operator, kinds)| {
                let left = Expression { functions: Vec::new(), path: name(field), at: 0 };
                let values = kinds.into_iter().map(literal).collect();
                Condition::Set { left, operator, values }
            }),
    ]
}

fn any_condition() -> impl Strategy<Value = Condition> {
    any_leaf().prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::And),
            vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

/// The rules as the documentation tells them.
fn holds(condition: &Condition, row: &Value) -> bool {
    match condition {
        Condition::And(parts) => parts.iter().all(|part| holds(part, row)),
        Condition::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Condition::Not(inner) => !holds(inner, row),
        Condition::Compare { left, operator, value } => {
            compared(&row[&left.path.text], *operator, &value.kind)
        }
        Condition::Set { left, operator, values } => {
            let stored = &row[&left.path.text];
            let found = values.iter().any(|value| compared(stored, Operator::Equal, &value.kind));
            found == (*operator == SetOperator::In)
        }
        Condition::SemiJoin { .. } => unreachable!("no such condition is made here"),
    }
}

fn compared(stored: &Value, operator: Operator, kind: &LiteralKind) -> bool {
    let same_or_not = |equal: bool| match operator {
        Operator::Equal => equal,
        Operator::NotEqual => !equal,
        _ => false,
    };
    if *kind == LiteralKind::Null || stored.is_null() {
        return same_or_not(*kind == LiteralKind::Null && stored.is_null());
    }
    let order = match (kind, stored) {
        (LiteralKind::Text(raw), Value::String(text)) if operator == Operator::Like => {
            let pattern: Vec<char> = raw.to_lowercase().chars().collect();
            return like(&pattern, &text.to_lowercase().chars().collect::<Vec<_>>());
        }
        (LiteralKind::Text(raw), Value::String(text)) => {
            text.to_lowercase().cmp(&unescape(raw).unwrap().to_lowercase())
        }
        (LiteralKind::Number(number), stored) => stored.as_f64().unwrap().total_cmp(number),
        (LiteralKind::DateTime(moment), Value::String(text)) => {
            text.parse::<jiff::Timestamp>().unwrap().cmp(moment)
        }
        other => panic!("{other:?}"),
    };
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Like => unreachable!("LIKE was answered above"),
    }
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skipped| like(rest, &text[skipped..])),
        ['\\', escaped, rest @ ..] => text.first() == Some(escaped) && like(rest, &text[1..]),
        ['_', rest @ ..] => !text.is_empty() && like(rest, &text[1..]),
        [own, rest @ ..] => text.first() == Some(own) && like(rest, &text[1..]),
    }
}

proptest! {
    #[test]
    fn a_query_finds_what_the_rules_say(
        rows in vec(any_row(), 0..25), conditions in vec(any_condition(), 1..8),
    ) {
        let mut org = org();
        let mut known = Vec::new();
        for (number, row) in (1..).zip(&rows) {
            let mut row = row.clone();
            row["Id"] = json!(crate::ids::make("001", "5A", number));
            seed(&mut org, "Account", row.clone());
            known.push(row);
        }
        for condition in conditions {
            let source = format!("SELECT Id FROM Account WHERE {}", condition_text(&condition));
            let found: BTreeSet<String> = column(&query(&mut org, &source), "Id").into_iter().collect();
            let expected: Vec<Value> =
                known.iter().filter(|row| holds(&condition, row)).cloned().collect();
            let expected: BTreeSet<String> = column(&expected, "Id").into_iter().collect();
            prop_assert_eq!(found, expected, "{}", source);
        }
    }
}

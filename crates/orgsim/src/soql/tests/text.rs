//! Queries as text: what the round-trip tests print, and queries to print.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use crate::soql::ast::{
    Condition, Direction, Expression, FUNCTIONS, FieldSet, Function, GroupStyle, Grouping, Literal,
    LiteralKind, Name, Nulls, Operator, Order, Query, SelectItem, SetOperator, TypeCase,
};
use crate::soql::literal::escape;

/// Prints a query so that it is read back as the same one.
pub(crate) fn query_text(query: &Query) -> String {
    let mut text = format!("SELECT {}", list(&query.select, select_text));
    let _ = write!(text, " FROM {}", query.from.text);
    if let Some(alias) = &query.alias {
        let _ = write!(text, " {}", alias.text);
    }
    for (path, alias) in &query.paths {
        let _ = write!(text, ", {} {}", path.text, alias.text);
    }
    if let Some(scope) = &query.scope {
        let _ = write!(text, " USING SCOPE {}", scope.text);
    }
    if let Some(condition) = &query.condition {
        let _ = write!(text, " WHERE {}", condition_text(condition));
    }
    if let Some(Grouping { style, by }) = &query.grouping {
        let by = list(by, expression_text);
        let _ = match style {
            GroupStyle::Plain => write!(text, " GROUP BY {by}"),
            GroupStyle::Rollup => write!(text, " GROUP BY ROLLUP({by})"),
            GroupStyle::Cube => write!(text, " GROUP BY CUBE ({by})"),
        };
    }
    if let Some(condition) = &query.having {
        let _ = write!(text, " HAVING {}", condition_text(condition));
    }
    if !query.order_by.is_empty() {
        let _ = write!(text, " ORDER BY {}", list(&query.order_by, order_text));
    }
    if let Some(limit) = query.limit {
        let _ = write!(text, " LIMIT {limit}");
    }
    if let Some(offset) = query.offset {
        let _ = write!(text, " OFFSET {offset}");
    }
    text
}

/// Prints a condition; every part that holds parts stands in parentheses.
pub(crate) fn condition_text(condition: &Condition) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let parts: Vec<String> =
            parts.iter().map(|part| format!("({})", condition_text(part))).collect();
        parts.join(word)
    };
    match condition {
        Condition::And(parts) => joined(parts, " AND "),
        Condition::Or(parts) => joined(parts, " or "),
        Condition::Not(inner) => format!("NOT ({})", condition_text(inner)),
        Condition::Compare { left, operator, value } => {
            let operator = match operator {
                Operator::Equal => "=",
                Operator::NotEqual => "!=",
                Operator::Less => "<",
                Operator::LessOrEqual => "<=",
                Operator::Greater => ">",
                Operator::GreaterOrEqual => ">=",
                Operator::Like => "LIKE",
            };
            format!("{} {operator} {}", expression_text(left), literal_text(value))
        }
        Condition::Set { left, operator, values } => {
            let values = list(values, literal_text);
            format!("{} {} ({values})", expression_text(left), set_text(*operator))
        }
        Condition::SemiJoin { left, operator, query } => {
            format!("{} {} ({})", expression_text(left), set_text(*operator), query_text(query))
        }
    }
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    items.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn names(names: &[Name]) -> String {
    list(names, |name| name.text.clone())
}

fn set_text(operator: SetOperator) -> &'static str {
    match operator {
        SetOperator::In => "IN",
        SetOperator::NotIn => "not in",
        SetOperator::Includes => "INCLUDES",
        SetOperator::Excludes => "EXCLUDES",
    }
}

fn select_text(item: &SelectItem) -> String {
    match item {
        SelectItem::Value { expression, alias } => {
            let alias = alias.as_ref().map_or(String::new(), |alias| format!(" {}", alias.text));
            format!("{}{alias}", expression_text(expression))
        }
        SelectItem::CountAll { .. } => "COUNT()".to_owned(),
        SelectItem::Fields { set, .. } => match set {
            FieldSet::All => "FIELDS(ALL)".to_owned(),
            FieldSet::Standard => "FIELDS(STANDARD)".to_owned(),
            FieldSet::Custom => "fields(custom)".to_owned(),
        },
        SelectItem::Children { query, .. } => format!("({})", query_text(query)),
        SelectItem::TypeOf { relationship, cases, otherwise } => {
            let mut text = format!("TYPEOF {}", relationship.text);
            for case in cases {
                let _ = write!(text, " WHEN {} THEN {}", case.object.text, names(&case.fields));
            }
            if !otherwise.is_empty() {
                let _ = write!(text, " ELSE {}", names(otherwise));
            }
            format!("{text} END")
        }
    }
}

fn expression_text(expression: &Expression) -> String {
    let calls: String = expression.functions.iter().map(|f| format!("{}(", f.name())).collect();
    format!("{calls}{}{}", expression.path.text, ")".repeat(expression.functions.len()))
}

fn literal_text(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Null => "null".to_owned(),
        LiteralKind::Boolean(value) => value.to_string(),
        LiteralKind::Text(raw) => format!("'{raw}'"),
        LiteralKind::Number(number) => number.to_string(),
        LiteralKind::Currency(code, amount) => format!("{code}{amount}"),
        LiteralKind::Date(day) => day.to_string(),
        LiteralKind::DateTime(moment) => moment.to_string(),
        LiteralKind::Time(time) => format!("{time}Z"),
        LiteralKind::Relative(word, None) => word.clone(),
        LiteralKind::Relative(word, Some(count)) => format!("{word}:{count}"),
    }
}

fn order_text(order: &Order) -> String {
    let direction = match order.direction {
        Direction::Ascending => "",
        Direction::Descending => " DESC",
    };
    let nulls = match order.nulls {
        Nulls::First => "",
        Nulls::Last => " NULLS LAST",
    };
    format!("{}{direction}{nulls}", expression_text(&order.expression))
}

/// A name; places are left at zero and not compared.
pub(crate) fn name(text: &str) -> Name {
    Name { text: text.to_owned(), at: 0 }
}

/// A literal without its place.
pub(crate) fn literal(kind: LiteralKind) -> Literal {
    Literal { kind, at: 0 }
}

fn any_name() -> impl Strategy<Value = Name> {
    let names =
        ["Id", "Name", "Owner.Name", "Account.Owner.Profile.Name", "Amount__c", "a.Site__r.Id"];
    proptest::sample::select(names.to_vec()).prop_map(name)
}

fn any_expression() -> impl Strategy<Value = Expression> {
    let functions: Vec<Function> = FUNCTIONS.iter().map(|(_, function)| *function).collect();
    (vec(proptest::sample::select(functions), 0..3), any_name())
        .prop_map(|(functions, path)| Expression { functions, path, at: 0 })
}

fn any_literal() -> impl Strategy<Value = Literal> {
    let seconds = -2_000_000_000_i64..4_000_000_000;
    let kinds = prop_oneof![
        Just(LiteralKind::Null),
        any::<bool>().prop_map(LiteralKind::Boolean),
        any::<String>().prop_map(|text| LiteralKind::Text(escape(&text))),
        (-1.0e12_f64..1.0e12).prop_map(LiteralKind::Number),
        (-1.0e6_f64..1.0e6).prop_map(|amount| LiteralKind::Currency("EUR".to_owned(), amount)),
        (-3_000_i64..40_000).prop_map(|days| {
            let day = jiff::civil::date(1990, 1, 1).checked_add(jiff::Span::new().days(days));
            LiteralKind::Date(day.unwrap())
        }),
        seconds.prop_map(|s| LiteralKind::DateTime(jiff::Timestamp::from_second(s).unwrap())),
        (0_i8..24, 0_i8..60).prop_map(|(h, m)| LiteralKind::Time(jiff::civil::time(h, m, 7, 0))),
        Just(LiteralKind::Relative("THIS_FISCAL_QUARTER".to_owned(), None)),
        (0_i64..1_000).prop_map(|n| LiteralKind::Relative("NEXT_N_WEEKS".to_owned(), Some(n))),
    ];
    kinds.prop_map(literal)
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let operators = proptest::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Like,
    ]);
    let sets = proptest::sample::select(vec![
        SetOperator::In,
        SetOperator::NotIn,
        SetOperator::Includes,
        SetOperator::Excludes,
    ]);
    let compare = (any_expression(), operators, any_literal())
        .prop_map(|(left, operator, value)| Condition::Compare { left, operator, value });
    let set = (any_expression(), sets, vec(any_literal(), 1..4))
        .prop_map(|(left, operator, values)| Condition::Set { left, operator, values });
    let join = any_expression().prop_map(|left| Condition::SemiJoin {
        left,
        operator: SetOperator::NotIn,
        query: Box::new(Query::of_ids("Contact")),
    });
    prop_oneof![4 => compare, 2 => set, 1 => join].prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::And),
            vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn any_item() -> impl Strategy<Value = SelectItem> {
    let case = (any_name(), vec(any_name(), 1..3))
        .prop_map(|(_, fields)| TypeCase { object: name("Order"), fields });
    prop_oneof![
        4 => (any_expression(), option::of(Just(name("total")))).prop_map(|(expression, alias)| {
            SelectItem::Value { expression, alias }
        }),
        1 => Just(SelectItem::CountAll { at: 0 }),
        1 => proptest::sample::select(vec![FieldSet::All, FieldSet::Standard, FieldSet::Custom])
            .prop_map(|set| SelectItem::Fields { set, at: 0 }),
        1 => (vec(case, 1..3), vec(any_name(), 0..2)).prop_map(|(cases, otherwise)| {
            SelectItem::TypeOf { relationship: name("What"), cases, otherwise }
        }),
        1 => any_condition().prop_map(|condition| {
            let query = Query { condition: Some(condition), ..Query::of_ids("Contacts") };
            SelectItem::Children { query: Box::new(query), at: 0 }
        }),
    ]
}

fn any_order() -> impl Strategy<Value = Order> {
    let directions = proptest::sample::select(vec![Direction::Ascending, Direction::Descending]);
    let nulls = proptest::sample::select(vec![Nulls::First, Nulls::Last]);
    (any_expression(), directions, nulls).prop_map(|(expression, direction, nulls)| Order {
        expression,
        direction,
        nulls,
    })
}

/// Any query that has a text; whether its names make sense is left open.
pub(crate) fn any_query() -> impl Strategy<Value = Query> {
    let styles =
        proptest::sample::select(vec![GroupStyle::Plain, GroupStyle::Rollup, GroupStyle::Cube]);
    let grouping =
        (styles, vec(any_expression(), 1..4)).prop_map(|(style, by)| Grouping { style, by });
    let clauses = (
        option::of(any_condition()),
        option::of(grouping),
        option::of(any_condition()),
        vec(any_order(), 0..3),
        option::of(0_usize..50_000),
        option::of(0_usize..=2_000),
    );
    let heads = (
        vec(any_item(), 1..5),
        proptest::sample::select(vec!["Account", "Group", "Site__c"]),
        any::<bool>(),
        option::of(Just(name("mine"))),
    );
    (heads, clauses).prop_map(|((select, from, aliased, scope), rest)| {
        let (condition, grouping, having, order_by, limit, offset) = rest;
        Query {
            select,
            from: name(from),
            alias: aliased.then(|| name("a")),
            paths: if aliased { vec![(name("a.Owner"), name("o"))] } else { Vec::new() },
            scope,
            condition,
            grouping,
            having,
            order_by,
            limit,
            offset,
        }
    })
}

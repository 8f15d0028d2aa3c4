//! What a query says, before names are looked up. Places are byte offsets into the text.

/// A parsed query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<SelectItem>,
    pub(crate) from: Name,
    pub(crate) alias: Option<Name>,
    pub(crate) condition: Option<Condition>,
    pub(crate) group_by: Vec<Name>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: Option<usize>,
}

/// A name or dotted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: usize,
}

/// One entry of the SELECT list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SelectItem {
    /// A field, with the alias that aggregate queries may give it.
    Field { path: Name, alias: Option<Name> },
    /// `COUNT()`.
    CountAll,
    /// `COUNT(Id) total`.
    Aggregate { function: Function, path: Name, alias: Option<Name> },
    /// `FIELDS(ALL)`.
    Fields { set: FieldSet, at: usize },
}

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Sum,
    Average,
    Minimum,
    Maximum,
}

/// What FIELDS() stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldSet {
    All,
    Standard,
    Custom,
}

/// A WHERE condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare { path: Name, operator: Operator, value: Literal },
    Set { path: Name, operator: SetOperator, values: Vec<Literal> },
    SemiJoin { path: Name, operator: SetOperator, query: Box<Query> },
}

/// A comparison with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
}

/// A comparison with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    In,
    NotIn,
    Includes,
    Excludes,
}

/// A literal and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Literal {
    pub(crate) kind: LiteralKind,
    pub(crate) at: usize,
}

/// What a literal says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LiteralKind {
    Null,
    Boolean(bool),
    /// Raw text between the quotes; its escapes were checked.
    Text(String),
    Number(f64),
    Date(jiff::civil::Date),
    DateTime(jiff::Timestamp),
    /// `TODAY`, or `LAST_N_DAYS` with its number; in capitals.
    Relative(String, Option<i64>),
}

/// One ORDER BY entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) path: Name,
    pub(crate) direction: Direction,
    pub(crate) nulls: Nulls,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Where rows without a value go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}

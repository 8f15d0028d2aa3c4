//! What a query says, before names are looked up. Places are byte offsets into the text.

/// A parsed query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<SelectItem>,
    pub(crate) from: Name,
    pub(crate) alias: Option<Name>,
    /// `FROM Contact c, c.Account a`: paths with names of their own.
    pub(crate) paths: Vec<(Name, Name)>,
    /// `USING SCOPE mine`.
    pub(crate) scope: Option<Name>,
    pub(crate) condition: Option<Condition>,
    pub(crate) grouping: Option<Grouping>,
    pub(crate) having: Option<Condition>,
    pub(crate) order_by: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: Option<usize>,
}

impl Query {
    /// `SELECT Id FROM object`.
    pub(crate) fn of_ids(object: &str) -> Self {
        let path = Name { text: "Id".to_owned(), at: 0 };
        let expression = Expression { functions: Vec::new(), path, at: 0 };
        Self {
            select: vec![SelectItem::Value { expression, alias: None }],
            from: Name { text: object.to_owned(), at: 0 },
            alias: None,
            paths: Vec::new(),
            scope: None,
            condition: None,
            grouping: None,
            having: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
        }
    }
}

/// A name or dotted path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: usize,
}

/// A field, or functions around one, the outermost first: `FORMAT(MIN(CloseDate))`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) functions: Vec<Function>,
    pub(crate) path: Name,
    pub(crate) at: usize,
}

/// One entry of the SELECT list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SelectItem {
    /// A field or function, with the alias that aggregate queries may give it.
    Value { expression: Expression, alias: Option<Name> },
    /// `COUNT()`.
    CountAll { at: usize },
    /// `FIELDS(ALL)`.
    Fields { set: FieldSet, at: usize },
    /// `(SELECT Id FROM Contacts)`.
    Children { query: Box<Query>, at: usize },
    /// `TYPEOF What WHEN Account THEN Phone ELSE Name END`.
    TypeOf { relationship: Name, cases: Vec<TypeCase>, otherwise: Vec<Name> },
}

/// One `WHEN … THEN …` of a TYPEOF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypeCase {
    pub(crate) object: Name,
    pub(crate) fields: Vec<Name>,
}

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    CountDistinct,
    Sum,
    Average,
    Minimum,
    Maximum,
    Grouping,
    Part(DatePart),
    ToLabel,
    Format,
    ConvertCurrency,
    ConvertTimezone,
}

/// What a date function takes out of a date or datetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePart {
    CalendarMonth,
    CalendarQuarter,
    CalendarYear,
    DayInMonth,
    DayInWeek,
    DayInYear,
    DayOnly,
    FiscalMonth,
    FiscalQuarter,
    FiscalYear,
    HourInDay,
    WeekInMonth,
    WeekInYear,
}

/// Every function by its name.
pub(crate) const FUNCTIONS: [(&str, Function); 24] = [
    ("COUNT", Function::Count),
    ("COUNT_DISTINCT", Function::CountDistinct),
    ("SUM", Function::Sum),
    ("AVG", Function::Average),
    ("MIN", Function::Minimum),
    ("MAX", Function::Maximum),
    ("GROUPING", Function::Grouping),
    ("CALENDAR_MONTH", Function::Part(DatePart::CalendarMonth)),
    ("CALENDAR_QUARTER", Function::Part(DatePart::CalendarQuarter)),
    ("CALENDAR_YEAR", Function::Part(DatePart::CalendarYear)),
    ("DAY_IN_MONTH", Function::Part(DatePart::DayInMonth)),
    ("DAY_IN_WEEK", Function::Part(DatePart::DayInWeek)),
    ("DAY_IN_YEAR", Function::Part(DatePart::DayInYear)),
    ("DAY_ONLY", Function::Part(DatePart::DayOnly)),
    ("FISCAL_MONTH", Function::Part(DatePart::FiscalMonth)),
    ("FISCAL_QUARTER", Function::Part(DatePart::FiscalQuarter)),
    ("FISCAL_YEAR", Function::Part(DatePart::FiscalYear)),
    ("HOUR_IN_DAY", Function::Part(DatePart::HourInDay)),
    ("WEEK_IN_MONTH", Function::Part(DatePart::WeekInMonth)),
    ("WEEK_IN_YEAR", Function::Part(DatePart::WeekInYear)),
    ("toLabel", Function::ToLabel),
    ("FORMAT", Function::Format),
    ("convertCurrency", Function::ConvertCurrency),
    ("convertTimezone", Function::ConvertTimezone),
];

impl Function {
    /// The function with this name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, own)| *own)
    }

    /// The function's name in messages.
    pub(crate) fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|(_, own)| *own == self).map_or("", |(name, _)| name)
    }

    /// True for functions over the rows of a group.
    pub(crate) fn is_aggregate(self) -> bool {
        matches!(
            self,
            Self::Count
                | Self::CountDistinct
                | Self::Sum
                | Self::Average
                | Self::Minimum
                | Self::Maximum
                | Self::Grouping
        )
    }
}

/// What FIELDS() stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldSet {
    All,
    Standard,
    Custom,
}

/// GROUP BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grouping {
    pub(crate) style: GroupStyle,
    pub(crate) by: Vec<Expression>,
}

/// Which subtotals a GROUP BY adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupStyle {
    /// None.
    Plain,
    /// `ROLLUP(a, b)`: by a and b, by a, and over all.
    Rollup,
    /// `CUBE(a, b)`: by every choice among them.
    Cube,
}

/// A WHERE or HAVING condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Compare { left: Expression, operator: Operator, value: Literal },
    Set { left: Expression, operator: SetOperator, values: Vec<Literal> },
    SemiJoin { left: Expression, operator: SetOperator, query: Box<Query> },
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
    /// `USD5000`: a currency's code in capitals and an amount.
    Currency(String, f64),
    Date(jiff::civil::Date),
    DateTime(jiff::Timestamp),
    /// `17:30:00Z`.
    Time(jiff::civil::Time),
    /// `TODAY`, or `LAST_N_DAYS` with its number; in capitals.
    Relative(String, Option<i64>),
}

/// One ORDER BY entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) expression: Expression,
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

//! A trigger's or flow's failure: the org wraps whatever happened underneath into one code and one text (wire reference
//! 3.1).

use crate::error::codes::entry;

/// The codes that wrap another failure.
const WRAPPERS: [&str; 3] =
    ["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR"];

/// A record that another transaction holds.
const LOCK: [&str; 2] = ["UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"];

/// A limit of one transaction, which fewer rows stay below.
const LIMITS: [&str; 8] = [
    "System.LimitException",
    "Apex CPU time limit exceeded",
    "Apex heap size too large",
    "Too many SOQL queries",
    "Too many DML",
    "Too many query rows",
    "QUERY_TIMEOUT",
    "REQUEST_RUNNING_TOO_LONG",
];

/// The shortest known code has seven characters; shorter words in capitals are names of fields and objects.
const SHORTEST_CODE: usize = 7;

/// What a trigger or flow of the org failed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriggerFailure {
    /// The trigger's name with its namespace, as far as the text tells.
    pub trigger: Option<String>,
    /// When it ran (`AfterUpdate`).
    pub event: Option<String>,
    /// What happened in it.
    pub underneath: Underneath,
}

/// What happened in a trigger or flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Underneath {
    /// It met a record that another transaction holds.
    Lock,
    /// It reached a limit of its transaction.
    GovernorLimit,
    /// The org refused what it wrote, with this code of its own.
    Code(String),
    /// Its own code failed, or the text does not tell.
    Unknown,
}

/// True for a code that wraps another failure.
pub(super) fn is_wrapper(code: &str) -> bool {
    WRAPPERS.contains(&code)
}

impl TriggerFailure {
    /// Looks into the text of a wrapping code.
    pub(super) fn read(code: &str, message: &str) -> Self {
        let (front, event) = match message.split_once(": execution of ") {
            Some((front, rest)) => (Some(front), rest.split_whitespace().next()),
            None => (None, None),
        };
        let trigger = front.filter(|name| !name.is_empty() && !name.contains(char::is_whitespace));
        Self {
            trigger: trigger.map(str::to_owned),
            event: event.map(str::to_owned),
            underneath: underneath(code, message),
        }
    }
}

fn underneath(code: &str, message: &str) -> Underneath {
    let says = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
    if says(&LOCK) {
        return Underneath::Lock;
    }
    if says(&LIMITS) {
        return Underneath::GovernorLimit;
    }
    // A trigger can set off another one: the innermost code is the last one in the text.
    let mut words = message.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'));
    let known = |word: &&str| {
        word.len() >= SHORTEST_CODE && *word != code && !is_wrapper(word) && entry(word).is_some()
    };
    match words.rfind(known) {
        Some(inner) => Underneath::Code(inner.to_owned()),
        None => Underneath::Unknown,
    }
}

//! What the headers of a write ask of each save (wire reference, section 3).

use crate::wire::ApiRequest;

/// The options of a save; the defaults are those of a call without headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SaveOptions {
    /// `Sforce-Duplicate-Rule-Header: allowSave=true`: rules that only alert let the row through.
    pub(crate) allow_duplicates: bool,
    /// `includeRecordDetails=true`: the duplicates are shown with their fields and not only their ids.
    pub(crate) show_duplicates: bool,
    /// `Sforce-Auto-Assign`.
    pub(crate) assignment: Assignment,
    /// The API version, for the URLs in error bodies.
    pub(crate) version: String,
}

/// Which assignment rule runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Assignment {
    /// The active one: the header is missing or `TRUE`.
    Active,
    /// None: `FALSE`.
    Off,
    /// The one with this id.
    Rule(String),
}

impl Default for SaveOptions {
    fn default() -> Self {
        Self {
            allow_duplicates: false,
            show_duplicates: false,
            assignment: Assignment::Active,
            version: format!("{}.0", crate::limits::NEWEST_API_VERSION),
        }
    }
}

impl SaveOptions {
    /// Reads the headers of a call.
    pub(crate) fn read(request: &ApiRequest) -> Self {
        let duplicates = request.header("sforce-duplicate-rule-header").unwrap_or_default();
        let asked = |name: &str| {
            duplicates.split([';', ',']).filter_map(|part| part.split_once('=')).any(
                |(own, value)| {
                    own.trim().eq_ignore_ascii_case(name)
                        && value.trim().eq_ignore_ascii_case("true")
                },
            )
        };
        let assignment = match request.header("sforce-auto-assign").map(str::trim) {
            Some(text) if text.eq_ignore_ascii_case("false") => Assignment::Off,
            Some(text) => crate::ids::to_18(text).map_or(Assignment::Active, Assignment::Rule),
            None => Assignment::Active,
        };
        Self {
            allow_duplicates: asked("allowSave"),
            show_duplicates: asked("includeRecordDetails"),
            assignment,
            version: request.version.clone(),
        }
    }
}

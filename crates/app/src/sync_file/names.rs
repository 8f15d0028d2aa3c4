//! Names in problem texts: quoted safely, and the nearest known name beside an unknown one.

/// Longest name quoted; longer ones are no API names.
const LONGEST_QUOTED: usize = 80;
/// How alike two names must be before one is proposed for the other.
const ALIKE: f64 = 0.8;

/// The name between back quotes, its control characters escaped and its length bounded.
pub(super) fn quoted(name: &str) -> String {
    let safe: String = name.chars().take(LONGEST_QUOTED).flat_map(char::escape_debug).collect();
    let cut = if name.chars().count() > LONGEST_QUOTED { "…" } else { "" };
    format!("`{safe}{cut}`")
}

/// The known name most like this one, when any is alike enough.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(name);
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&wanted, &folded(candidate)), candidate))
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|one, other| one.0.total_cmp(&other.0).then_with(|| other.1.cmp(one.1)))
        .map(|(_, candidate)| candidate)
}

/// Case, underscores and the custom suffix aside, which is how people misspell names.
fn folded(name: &str) -> String {
    let base = name.strip_suffix("__c").unwrap_or(name);
    base.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// "did you mean" in front of a remedy where a near name is known.
pub(super) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`? Otherwise {otherwise}"),
        None => otherwise.to_owned(),
    }
}

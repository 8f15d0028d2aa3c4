//! `Sforce-Limit-Info`: what the org tells of its API requests with each answer (wire reference 3).

/// Requests of the rolling 24 hours, of all clients of the org together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiUsage {
    /// Requests used.
    pub used: u64,
    /// Requests allowed.
    pub allowed: u64,
}

/// Requests of one app, where an admin has set a limit for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppUsage {
    /// The app's name.
    pub app: String,
    /// Requests used.
    pub used: u64,
    /// Requests allowed.
    pub allowed: u64,
}

/// `api-usage=18/15000; per-app-api-usage=17/250(appName=X)`: the first pair.
pub(super) fn parse_usage(text: &str) -> Option<ApiUsage> {
    let (used, allowed) = pair(part(text, "api-usage=")?)?;
    Some(ApiUsage { used, allowed })
}

/// The second pair, with the app's name.
pub(super) fn parse_app_usage(text: &str) -> Option<AppUsage> {
    let (numbers, name) = part(text, "per-app-api-usage=")?.split_once("(appName=")?;
    let (used, allowed) = pair(numbers)?;
    Some(AppUsage { app: name.trim_end_matches(')').to_owned(), used, allowed })
}

fn part<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').find_map(|part| part.trim().strip_prefix(name))
}

fn pair(text: &str) -> Option<(u64, u64)> {
    let (used, allowed) = text.trim().split_once('/')?;
    Some((used.parse().ok()?, allowed.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{ApiUsage, AppUsage, parse_app_usage, parse_usage};

    #[test]
    fn the_org_s_and_the_app_s_usage_are_told_apart() {
        let both = "api-usage=18/15000; per-app-api-usage=17/250(appName=My App)";
        assert_eq!(parse_usage(both), Some(ApiUsage { used: 18, allowed: 15000 }));
        let app = AppUsage { app: "My App".to_owned(), used: 17, allowed: 250 };
        assert_eq!(parse_app_usage(both), Some(app));
        assert_eq!(parse_app_usage("api-usage=18/15000"), None);
        for text in ["", "api-usage=", "api-usage=a/b", "api-usage=1", "per-app-api-usage=1/2"] {
            assert_eq!((parse_usage(text), parse_app_usage(text)), (None, None), "{text}");
        }
    }
}

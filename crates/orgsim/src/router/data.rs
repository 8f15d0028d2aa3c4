//! The gate of the data API: versions, session, media type, daily limit, then `api`.

use serde_json::{Value, json};

use crate::limits::Usage;
use crate::org::Org;
use crate::router::reply::{Content, Reply};
use crate::router::request::Request;
use crate::setup::as_user;
use crate::wire::ApiRequest;
use crate::{api, bulk, bulk_v1};

/// The oldest version that still answers; older ones are retired (410).
const OLDEST_API_VERSION: u16 = 31;

/// Older versions still answer, and say that they will go.
const DEPRECATED_BELOW: u16 = 41;

const DEPRECATION: &str = "299 - \"This API is deprecated and will be removed by Summer '28. Please see the API documentation for details\"";

/// A version whose season is known: 66 is Spring '26, and there are three releases a year.
const SPRING_2026: i32 = 66;

/// `GET /services/data`: needs no session and counts nowhere.
pub(crate) fn versions(org: &Org) -> Reply {
    let list: Vec<Value> = (OLDEST_API_VERSION..=org.limits.newest_api_version)
        .map(|version| {
            json!({
                "label": label(version),
                "url": format!("/services/data/v{version}.0"),
                "version": format!("{version}.0"),
            })
        })
        .collect();
    Reply::json(200, Value::Array(list))
}

/// Everything below a version.
pub(crate) fn respond(org: &mut Org, request: &Request, version: &str) -> Reply {
    let version = match check_version(&org.limits, version) {
        Ok(version) => version,
        Err(refused) => return refused,
    };
    let user_id = match check_session(org, request) {
        Ok(user_id) => user_id,
        Err(refused) => return refused,
    };
    let now = org.clock.now();
    let reply = if org.limits.is_exhausted(now) {
        Reply::error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    } else {
        org.limits.count(now, 1);
        as_user(org, user_id.as_deref(), |org| match request.segments.get(3) {
            Some(word) if word.eq_ignore_ascii_case("jobs") => {
                bulk::respond(org, request, &version)
            }
            _ => call(org, request, &version),
        })
    };
    let reply = reply.with_header("sforce-limit-info", &org.limits.header(now));
    if version_number(&version) < DEPRECATED_BELOW {
        return reply.with_header("warning", DEPRECATION);
    }
    reply
}

fn call(org: &mut Org, request: &Request, version: &str) -> Reply {
    if !is_json_or_empty(request) {
        return Reply::error(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Content type not supported, send application/json",
        );
    }
    let below_version = request.segments.get(3..).unwrap_or_default().to_vec();
    let answer = api::handle(
        org,
        &ApiRequest {
            // HEAD is GET without its body, which the reply leaves out.
            method: if request.method == "HEAD" {
                "GET".to_owned()
            } else {
                request.method.clone()
            },
            version: version.to_owned(),
            segments: below_version,
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.body.to_vec(),
        },
    );
    let headers = answer
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let body = match (answer.bytes, answer.body) {
        (Some(bytes), _) => Content::Bytes(bytes),
        (None, Some(value)) => Content::Json(value),
        (None, None) => Content::Empty,
    };
    Reply { status: answer.status, headers, body }
}

/// The version without its `v`, or the answer for one that is retired or unknown.
pub(crate) fn check_version(usage: &Usage, segment: &str) -> Result<String, Reply> {
    let number = segment
        .strip_prefix('v')
        .and_then(|text| text.strip_suffix(".0"))
        .and_then(|text| text.parse::<u16>().ok());
    match number {
        Some(number) if number > usage.newest_api_version || number == 0 => Err(not_found()),
        Some(number) if number < OLDEST_API_VERSION => Err(Reply::error(
            410,
            "UNSUPPORTED_API_VERSION",
            &format!("API version {number}.0 is retired"),
        )),
        Some(number) => Ok(format!("{number}.0")),
        None => Err(not_found()),
    }
}

fn not_found() -> Reply {
    Reply::error(404, "NOT_FOUND", "The requested resource does not exist")
}

fn version_number(version: &str) -> u16 {
    version.split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// The session's user; `None` for the connected one.
fn check_session(org: &mut Org, request: &Request) -> Result<Option<String>, Reply> {
    let now = org.clock.now();
    let Some(token) = request.bearer() else {
        return Err(Reply::error(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"));
    };
    let user_id = org.oauth.authenticate(token, now).map(|session| session.user_id.clone());
    let access = user_id.as_ref().and_then(|id| org.setup.access.get(id.as_ref()?));
    match (user_id.clone(), access) {
        (Some(_), Some(access)) if !access.api_enabled => {
            let message = "API is disabled for this user";
            Err(Reply::error(403, "API_CURRENTLY_DISABLED", message))
        }
        (Some(_), Some(access)) if !access.active => {
            Err(Reply::error(401, "INVALID_SESSION_ID", "Session expired or invalid"))
        }
        (Some(user_id), _) => Ok(user_id),
        (None, _) => Err(Reply::error(401, "INVALID_SESSION_ID", "Session expired or invalid")),
    }
}

/// The user of a live session, none for the connected one; `None` when the session is dead. For the APIs that take
/// their session from elsewhere and refuse in their own words.
pub(crate) fn session_user(org: &mut Org, token: Option<&str>) -> Option<Option<String>> {
    let now = org.clock.now();
    let user_id = org.oauth.authenticate(token?, now)?.user_id.clone();
    let access = user_id.as_ref().and_then(|id| org.setup.access.get(id));
    access.is_none_or(|access| access.active && access.api_enabled).then_some(user_id)
}

fn is_json_or_empty(request: &Request) -> bool {
    let kind = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let kind = kind.trim_start();
    // Rows with binary content may come in parts.
    let in_parts = kind.starts_with("multipart/form-data");
    request.body.is_empty() || kind.starts_with("application/json") || in_parts
}

/// `Winter '27` for 68.
fn label(version: u16) -> String {
    let releases_since = i32::from(version) - SPRING_2026;
    let year = 26 + releases_since.div_euclid(3);
    match releases_since.rem_euclid(3) {
        0 => format!("Spring '{year:02}"),
        1 => format!("Summer '{year:02}"),
        // A winter release carries the number of the year that it starts.
        _ => format!("Winter '{:02}", year + 1),
    }
}

/// The counter's name for a request: `METHOD resource`, with objects and fields but without ids and key values.
pub(crate) fn resource(org: &Org, request: &Request) -> String {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let path = match segments.as_slice() {
        ["services", "data", _, rest @ ..] => data_resource(org, rest),
        ["services", "oauth2", rest @ ..] => format!("oauth2/{}", rest.join("/")),
        ["services", "async", _, rest @ ..] => bulk_v1::resource(rest),
        ["services", "Soap", kind, ..] => format!("Soap/{kind}"),
        ["id", ..] => "id".to_owned(),
        other => other.join("/"),
    };
    format!("{} {path}", request.method)
}

fn data_resource(org: &Org, segments: &[&str]) -> String {
    let spelled = |object: &str| {
        org.schema.object(object).map_or_else(|| object.to_owned(), |known| known.name.clone())
    };
    match segments {
        [] => "resources".to_owned(),
        ["sobjects", object] => format!("sobjects/{}", spelled(object)),
        ["sobjects", object, word @ ("describe" | "updated" | "deleted")] => {
            format!("sobjects/{}/{word}", spelled(object))
        }
        ["sobjects", object, _] => format!("sobjects/{}", spelled(object)),
        ["sobjects", object, field, ..] => format!("sobjects/{}/{field}", spelled(object)),
        ["query" | "queryAll", ..] => segments[0].to_owned(),
        ["composite", "sobjects", object, field @ ..] => {
            let field: String = field.iter().map(|field| format!("/{field}")).collect();
            format!("composite/sobjects/{}{field}", spelled(object))
        }
        ["jobs", kind, _, word] => format!("jobs/{kind}/{word}"),
        other => other.iter().take(2).copied().collect::<Vec<_>>().join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_follow_the_three_releases_of_a_year() {
        assert_eq!(label(68), "Winter '27");
        assert_eq!(label(67), "Summer '26");
        assert_eq!(label(66), "Spring '26");
        assert_eq!(label(31), "Summer '14");
    }
}

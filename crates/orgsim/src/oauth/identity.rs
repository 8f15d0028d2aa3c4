//! Who is connected: the identity URL, userinfo and the OpenID configuration.

use serde_json::{Value, json};

use super::SCOPES;
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::setup::as_user;

/// The org's time zone, language and locale as every user has them.
const TIME_ZONE: &str = "America/Los_Angeles";
const LANGUAGE: &str = "en_US";
const UTC_OFFSET_MILLISECONDS: i64 = -28_800_000;

/// The absolute identity URL of the connected user.
pub(crate) fn identity_url(org: &Org) -> String {
    format!("{}/id/{}/{}", org.instance_url, org.id, org.user.id)
}

/// `GET /id/<org>/<user>`; ids may have 15 or 18 characters.
pub(super) fn identity(org: &mut Org, request: &Request, organization: &str, user: &str) -> Reply {
    let user_id = match session_user(org, request) {
        Ok(user_id) => user_id,
        Err(refused) => return *refused,
    };
    if !same_id(organization, &org.id) {
        return Reply::text(403, "Wrong_Org");
    }
    as_user(org, user_id.as_deref(), |org| {
        if same_id(user, &org.user.id) {
            Reply::json(200, identity_body(org))
        } else {
            Reply::text(404, "Bad_Id")
        }
    })
}

/// `GET` and `POST /services/oauth2/userinfo`.
pub(super) fn userinfo(org: &mut Org, request: &Request) -> Reply {
    match session_user(org, request) {
        Ok(user_id) => as_user(org, user_id.as_deref(), |org| userinfo_body(org)),
        Err(refused) => *refused,
    }
}

/// `GET /id/keys`: this org signs no tokens, so it has no keys to check them with.
pub(super) fn keys() -> Reply {
    Reply::json(200, json!({ "keys": [] }))
}

/// `GET` and `POST /services/oauth2/singleaccess`: a link that opens the org's own pages with the session.
pub(super) fn front_door(org: &mut Org, request: &Request) -> Reply {
    if let Err(refused) = session_user(org, request) {
        return *refused;
    }
    let uri = format!("{}/secur/frontdoor.jsp?otp=simulated", org.instance_url);
    Reply::json(200, json!({ "frontdoor_uri": uri }))
}

fn userinfo_body(org: &Org) -> Reply {
    let (given_name, family_name) = names(org);
    let body = json!({
        "sub": identity_url(org),
        "user_id": org.user.id,
        "organization_id": org.id,
        "preferred_username": org.user.username,
        "nickname": nick_name(org),
        "name": org.user.name,
        "email": org.user.email,
        "email_verified": true,
        "given_name": given_name,
        "family_name": family_name,
        "zoneinfo": TIME_ZONE,
        "photos": photos(org),
        "active": true,
        "user_type": "STANDARD",
        "language": LANGUAGE,
        "locale": LANGUAGE,
        "utcOffset": UTC_OFFSET_MILLISECONDS,
        "updated_at": stamp(org),
        "is_app_installed": true,
        "urls": urls(org),
    });
    Reply::json(200, body)
}

/// `GET /.well-known/openid-configuration`.
pub(super) fn configuration(org: &Org) -> Reply {
    let base = &org.instance_url;
    Reply::json(
        200,
        json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/services/oauth2/authorize"),
            "token_endpoint": format!("{base}/services/oauth2/token"),
            "revocation_endpoint": format!("{base}/services/oauth2/revoke"),
            "userinfo_endpoint": format!("{base}/services/oauth2/userinfo"),
            "scopes_supported": SCOPES,
            "response_types_supported": ["code"],
            "introspection_endpoint": format!("{base}/services/oauth2/introspect"),
            "grant_types_supported": [
                "authorization_code", "refresh_token", "client_credentials",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
            "display_values_supported": ["page", "popup", "touch"],
        }),
    )
}

/// These two resources answer a bad token with plain text and 403, unlike the data API.
/// The user of the session that the request carries; `None` for the connected one.
///
/// # Errors
/// 403 with plain text for a missing or dead token.
fn session_user(org: &mut Org, request: &Request) -> Result<Option<String>, Box<Reply>> {
    let now = org.clock.now();
    let Some(token) = request.bearer() else {
        return Err(Box::new(Reply::text(403, "Missing_OAuth_Token")));
    };
    match org.oauth.authenticate(token, now) {
        Some(session) => Ok(session.user_id.clone()),
        None => Err(Box::new(Reply::text(403, "Bad_OAuth_Token"))),
    }
}

fn identity_body(org: &Org) -> Value {
    let (first_name, last_name) = names(org);
    json!({
        "id": identity_url(org),
        "asserted_user": true,
        "user_id": org.user.id,
        "organization_id": org.id,
        "username": org.user.username,
        "nick_name": nick_name(org),
        "display_name": org.user.name,
        "email": org.user.email,
        "email_verified": true,
        "first_name": first_name,
        "last_name": last_name,
        "timezone": TIME_ZONE,
        "photos": photos(org),
        "addr_street": null,
        "addr_city": null,
        "addr_state": null,
        "addr_country": null,
        "addr_zip": null,
        "mobile_phone": null,
        "mobile_phone_verified": false,
        "is_lightning_login_user": false,
        "status": { "created_date": null, "body": null },
        "urls": urls(org),
        "active": true,
        "user_type": "STANDARD",
        "language": LANGUAGE,
        "locale": LANGUAGE,
        "utcOffset": UTC_OFFSET_MILLISECONDS,
        "last_modified_date": stamp(org),
        "is_app_installed": true,
    })
}

fn photos(org: &Org) -> Value {
    json!({
        "picture": format!("{}/profilephoto/005/F", org.instance_url),
        "thumbnail": format!("{}/profilephoto/005/T", org.instance_url),
    })
}

/// The URLs of the identity body; the API version stands in them as the literal `{version}`.
fn urls(org: &Org) -> Value {
    let base = &org.instance_url;
    let data = format!("{base}/services/data/v{{version}}");
    let short = org.id.get(..15).unwrap_or(&org.id);
    json!({
        "enterprise": format!("{base}/services/Soap/c/{{version}}/{short}"),
        "metadata": format!("{base}/services/Soap/m/{{version}}/{short}"),
        "partner": format!("{base}/services/Soap/u/{{version}}/{short}"),
        "rest": format!("{data}/"),
        "sobjects": format!("{data}/sobjects/"),
        "search": format!("{data}/search/"),
        "query": format!("{data}/query/"),
        "recent": format!("{data}/recent/"),
        "tooling_soap": format!("{base}/services/Soap/T/{{version}}/{short}"),
        "tooling_rest": format!("{data}/tooling/"),
        "profile": format!("{base}/{}", org.user.id),
        "feeds": format!("{data}/chatter/feeds"),
        "groups": format!("{data}/chatter/groups"),
        "users": format!("{data}/chatter/users"),
        "feed_items": format!("{data}/chatter/feed-items"),
        "feed_elements": format!("{data}/chatter/feed-elements"),
        "custom_domain": base,
    })
}

fn names(org: &Org) -> (Option<&str>, &str) {
    match org.user.name.rsplit_once(' ') {
        Some((first, last)) => (Some(first), last),
        None => (None, &org.user.name),
    }
}

fn nick_name(org: &Org) -> &str {
    org.user.username.split('@').next().unwrap_or(&org.user.username)
}

fn stamp(org: &Org) -> String {
    org.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Ids compare by their first 15 characters.
fn same_id(one: &str, other: &str) -> bool {
    matches!(one.len(), 15 | 18) && one.get(..15) == other.get(..15)
}

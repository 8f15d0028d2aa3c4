//! Who is connected: the identity URL, userinfo and the OpenID configuration.

use serde_json::{Value, json};

use super::SCOPES;
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;

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
    if let Some(reply) = refuse(org, request) {
        return reply;
    }
    if !same_id(organization, &org.id) {
        return Reply::text(403, "Wrong_Org");
    }
    if !same_id(user, &org.user.id) {
        return Reply::text(404, "Bad_Id");
    }
    Reply::json(200, identity_body(org))
}

/// `GET` and `POST /services/oauth2/userinfo`.
pub(super) fn userinfo(org: &mut Org, request: &Request) -> Reply {
    if let Some(reply) = refuse(org, request) {
        return reply;
    }
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
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "none"],
            "display_values_supported": ["page", "popup", "touch"],
        }),
    )
}

/// These two resources answer a bad token with plain text and 403, unlike the data API.
fn refuse(org: &mut Org, request: &Request) -> Option<Reply> {
    let now = org.clock.now();
    match request.bearer() {
        None => Some(Reply::text(403, "Missing_OAuth_Token")),
        Some(token) if org.oauth.authenticate(token, now).is_none() => {
            Some(Reply::text(403, "Bad_OAuth_Token"))
        }
        Some(_) => None,
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

//! Every error of wire reference 2.6: what it means, what to do, and whether waiting helps.

use crate::oauth::diagnosis::diagnosis;
use crate::oauth::diagnosis::entries::ENTRIES;

/// Whether a person has to act.
#[derive(Debug, PartialEq)]
enum Who {
    Person,
    Time,
}
use Who::{Person, Time};

/// Code, description, who has to act, a part of the meaning, a part of the remedy.
type Row = (&'static str, &'static str, Who, &'static str, &'static str);

/// The codes of the server's own list, in its order.
const CODES: &[Row] = &[
    ("access_denied", "end-user denied authorization", Person, "refused in the browser", "Allow"),
    ("app_blocked", "", Person, "blocked", "Unblock"),
    ("app_not_found", "", Person, "not installed", "install"),
    ("authorization_pending", "", Time, "nobody has allowed", "finish the login"),
    ("bad_jti_claim", "", Person, "used before", "try again"),
    ("app_attest_failed", "", Person, "attestation", "turn off"),
    ("app_attest_failed_retry", "", Person, "attestation", "turn off"),
    ("ecapp_policy_not_found", "", Person, "no policies", "Permitted Users"),
    ("exceeded_registration_limit", "", Person, "no more registrations", "old grants"),
    ("fail_close_app_blocked", "", Person, "policy blocks", "Connected Apps OAuth Usage"),
    ("failed_registration", "", Person, "could not be registered", "Settings"),
    ("immediate_unsuccessful", "", Person, "needs a person", "connect the org again"),
    ("installation_error", "", Person, "could not be installed", "Settings"),
    (
        "invalid_app_access",
        "user is not admin approved to access this app",
        Person,
        "may not use the app",
        "Permitted Users",
    ),
    ("invalid_assertion_type", "", Person, "kind of assertion", "Settings"),
    ("invalid_basic_auth_header", "", Person, "credentials", "Consumer Key"),
    ("invalid_dpop_proof", "", Person, "proof-of-possession", "DPoP"),
    ("invalid_client", "invalid client credentials", Person, "client id or secret", "Consumer Key"),
    ("invalid_client", "client secret required", Person, "client secret", "Consumer Secret"),
    ("invalid_client_id", "client identifier invalid", Person, "does not know", "Consumer Key"),
    ("invalid_distribution_state", "", Person, "not distributed", "Distribution State"),
    ("invalid_expid", "", Person, "login page", "own login URL"),
    ("invalid_grant", "", Person, "no longer valid", "connect the org again"),
    ("invalid_otp", "", Person, "one-time password", "connect the org again"),
    ("invalid_request", "", Person, "did not understand", "Settings"),
    ("invalid_request", "invalid code challenge", Person, "PKCE", "connect the org again"),
    ("invalid_scope", "", Person, "scopes", "refresh_token"),
    ("invalid_session_level", "", Person, "higher assurance", "multi-factor"),
    ("invalid_token", "", Person, "gone already", "connect the org again"),
    ("login_error", "", Person, "failed in the org", "Login History"),
    ("oauth_flow_disabled", "", Person, "kind of login", "web server flow"),
    ("oauth_policy_not_found", "", Person, "no policies", "Permitted Users"),
    ("otp_error", "", Person, "one-time password", "connect the org again"),
    ("redirect_uri_missing", "", Person, "no callback URL", "http://localhost:17817"),
    ("redirect_uri_mismatch", "", Person, "our callback URL", "http://localhost:17817"),
    ("registration_error", "", Person, "could not be registered", "Settings"),
    ("server_error", "", Time, "internal error", "wait"),
    ("service_unavailable", "", Time, "not available", "wait"),
    ("slow_down", "", Time, "too many logins", "wait"),
    ("system_down", "", Time, "maintenance", "wait"),
    ("unknown_error", "retry your request", Time, "unknown error", "wait"),
    ("unsupported_expid", "", Person, "not supported", "own login URL"),
    ("unsupported_grant_type", "", Person, "token request", "Settings"),
    ("unsupported_response_type", "", Person, "authorization code login", "Settings"),
    ("unsupported_token_type", "", Person, "cannot be revoked", "connect the org again"),
    ("use_dpop_nonce", "", Person, "proof-of-possession", "DPoP"),
    // Older documents have these too.
    ("inactive_user", "", Person, "not active", "activate"),
    ("inactive_org", "", Person, "locked or expired", "Support"),
    ("rate_limit_exceeded", "", Time, "too many logins", "wait"),
];

/// What follows `invalid_grant` in the wild.
const GRANTS: &[Row] = &[
    ("invalid_grant", "authentication failure", Person, "login host do not fit", "different ones"),
    (
        "invalid_grant",
        "authentication failure - Invalid Password",
        Person,
        "login host do not fit",
        "different ones",
    ),
    ("invalid_grant", "expired access/refresh token", Person, "revoked", "connect the org again"),
    ("invalid_grant", "expired authorization code", Person, "used already", "without delay"),
    ("invalid_grant", "inactive user", Person, "not active", "activate"),
    ("invalid_grant", "inactive organization", Person, "locked or expired", "Support"),
    ("invalid_grant", "ip restricted", Person, "this network", "Login IP Ranges"),
    (
        "invalid_grant",
        "user hasn't approved this consumer",
        Person,
        "not approved the app",
        "Permitted Users",
    ),
    ("invalid_grant", "invalid assertion", Person, "signature", "certificate"),
    ("invalid_grant", "audience is invalid", Person, "another login host", "test.salesforce.com"),
    (
        "invalid_grant",
        "Audience validation failed",
        Person,
        "another login host",
        "test.salesforce.com",
    ),
    ("invalid_grant", "no client credentials user enabled", Person, "no user to run as", "Run As"),
    ("invalid_grant", "request not supported on this domain", Person, "no single org", "My Domain"),
];

#[test]
fn each_error_of_the_login_host_has_its_class_its_meaning_and_its_remedy() {
    for (code, description, who, meaning, remedy) in CODES.iter().chain(GRANTS) {
        let found = diagnosis(code, description);
        let told = if found.terminal { Person } else { Time };
        assert_eq!(told, *who, "{code} {description}");
        assert!(found.meaning.contains(meaning), "{code} {description}: {}", found.meaning);
        assert!(found.remedy.contains(remedy), "{code} {description}: {}", found.remedy);
        let text = found.to_string();
        assert!(text.contains(code) && text.contains(description), "{text}");
        assert!(!text.ends_with('.'), "{text}");
    }
}

#[test]
fn no_entry_is_without_its_row() {
    // RFC 6749 has this one; Salesforce's own list does not.
    let extra = "temporarily_unavailable";
    for entry in ENTRIES {
        let shown = CODES.iter().any(|row| row.0 == entry.code) || entry.code == extra;
        assert!(shown, "{}", entry.code);
    }
}

#[test]
fn an_unknown_code_keeps_its_text_on_one_line() {
    let unknown = diagnosis("new_code\r\n", "first\nsecond\u{1b}[31m");
    assert!(unknown.terminal);
    assert_eq!(unknown.code, "new_code");
    assert!(!unknown.to_string().contains(['\n', '\u{1b}']));
}

#[test]
fn the_general_entry_of_a_code_comes_after_its_special_ones() {
    for (index, entry) in ENTRIES.iter().enumerate() {
        let hidden = ENTRIES[..index]
            .iter()
            .any(|earlier| earlier.code == entry.code && earlier.text.is_empty());
        assert!(!hidden, "{} {}", entry.code, entry.text);
    }
}

//! The known OAuth errors, as data (wire reference 2.6 and 2.7).

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// A person has to log in or change something first.
    AfterAction,
    /// It passes by itself.
    Later,
}

pub(super) struct Entry {
    pub(super) code: &'static str,
    /// Part of the description, in lower case; empty fits every description. More special entries come first.
    pub(super) text: &'static str,
    pub(super) when: When,
    pub(super) meaning: &'static str,
    pub(super) remedy: &'static str,
}

const fn action(
    code: &'static str,
    text: &'static str,
    meaning: &'static str,
    remedy: &'static str,
) -> Entry {
    Entry { code, text, when: When::AfterAction, meaning, remedy }
}

const fn later(code: &'static str, meaning: &'static str, remedy: &'static str) -> Entry {
    Entry { code, text: "", when: When::Later, meaning, remedy }
}

pub(super) const UNKNOWN: Entry = action(
    "",
    "",
    "the org refused the login with an error this build does not know",
    "look the code up in Salesforce Help under \"OAuth error codes\", then connect again",
);

const APP_SETTINGS: &str = "in the org's Setup, External Client App Manager, open the app's Settings and check client id, callback URLs, scopes and PKCE; changes take up to 10 minutes";
const APP_POLICIES: &str = "in the org's Setup, External Client App Manager, open the app's Policies, set Permitted Users and assign the user's profile or permission set";
const LOG_IN_AGAIN: &str = "connect the org again";
const WAIT: &str = "wait a few minutes and try again; see status.salesforce.com";

pub(super) const ENTRIES: &[Entry] = &[
    action(
        "access_denied",
        "",
        "the login or the consent was refused in the browser",
        "connect again and choose Allow; if no Allow is offered, the app is not approved for this user: install it in the org or assign the user in the app's Policies",
    ),
    action(
        "invalid_grant",
        "inactive user",
        "the user is not active in this org",
        "activate the user, or connect with another one",
    ),
    action(
        "invalid_grant",
        "inactive org",
        "the org is locked or expired",
        "ask Salesforce Support to open the org",
    ),
    action(
        "invalid_grant",
        "ip restricted",
        "the user may not log in from this network",
        "add this network to the profile's Login IP Ranges, or relax IP restrictions in the app's Policies",
    ),
    action("invalid_grant", "hasn't approved", "the user has not approved the app", APP_POLICIES),
    action(
        "invalid_grant",
        "authorization code",
        "the login's code was used already or is too old",
        "connect again and finish the login without delay",
    ),
    action(
        "invalid_grant",
        "access/refresh token",
        "the grant is gone: revoked, expired, or its refresh token was used by another program",
        LOG_IN_AGAIN,
    ),
    action(
        "invalid_grant",
        "code verifier",
        "the login's code belongs to another login",
        LOG_IN_AGAIN,
    ),
    action(
        "invalid_grant",
        "authentication failure",
        "user name, password or login host do not fit",
        "check whether the login URL fits: production and sandbox have different ones",
    ),
    action(
        "invalid_grant",
        "audience",
        "the assertion is for another login host",
        "check whether the login URL fits: assertions for production name login.salesforce.com, those for sandboxes test.salesforce.com",
    ),
    action(
        "invalid_grant",
        "assertion",
        "the assertion was not accepted: its signature, its times or its user do not fit",
        "check that the app has the certificate of this key, that this machine's clock is right, and that the user name exists in this org",
    ),
    action(
        "invalid_grant",
        "client credentials user",
        "the app has no user to run as",
        "in the org's Setup, External Client App Manager, open the app's Policies and name the Run As user of the Client Credentials Flow",
    ),
    action(
        "invalid_grant",
        "not supported on this domain",
        "the login host belongs to no single org",
        "give the org's My Domain address, such as https://acme.my.salesforce.com",
    ),
    action("invalid_grant", "", "the grant is not or no longer valid", LOG_IN_AGAIN),
    action(
        "inactive_user",
        "",
        "the user is not active in this org",
        "activate the user, or connect with another one",
    ),
    action(
        "inactive_org",
        "",
        "the org is locked or expired",
        "ask Salesforce Support to open the org",
    ),
    action(
        "invalid_client_id",
        "",
        "the org does not know this client id",
        "copy the Consumer Key again from the app's Settings; a new app needs up to 10 minutes, and a sandbox has its own apps",
    ),
    action(
        "invalid_client",
        "secret",
        "the client secret is wrong or missing",
        "copy the Consumer Secret again, or turn off \"Require secret for Web Server Flow\" and \"for Refresh Token Flow\" and connect without one",
    ),
    action(
        "invalid_client",
        "",
        "client id or secret are wrong",
        "copy Consumer Key and Consumer Secret again from the app's Settings",
    ),
    action(
        "invalid_basic_auth_header",
        "",
        "the client's credentials were not understood",
        "copy Consumer Key and Consumer Secret again from the app's Settings",
    ),
    action(
        "redirect_uri_mismatch",
        "",
        "the app does not list our callback URL",
        "add http://localhost:17817/oauth/callback, http://localhost:21817/oauth/callback and http://localhost:27817/oauth/callback to the app's Callback URL, exactly so",
    ),
    action(
        "redirect_uri_missing",
        "",
        "the app has no callback URL",
        "add http://localhost:17817/oauth/callback, http://localhost:21817/oauth/callback and http://localhost:27817/oauth/callback to the app's Callback URL",
    ),
    action(
        "invalid_scope",
        "",
        "the app does not allow the scopes Isthmus needs",
        "give the app the scopes \"Manage user data via APIs (api)\" and \"Perform requests at any time (refresh_token, offline_access)\"",
    ),
    action(
        "app_blocked",
        "",
        "an admin has blocked the app in this org",
        "in the org's Setup, Connected Apps OAuth Usage, choose Unblock or Install for the app",
    ),
    action(
        "app_not_found",
        "",
        "the app is not installed in this org",
        "create or install the External Client App in this org; since September 2025 users cannot approve uninstalled apps",
    ),
    action("invalid_app_access", "", "the user may not use the app", APP_POLICIES),
    action(
        "oauth_flow_disabled",
        "",
        "the app does not allow this kind of login",
        "turn on \"Enable Authorization Code and Credentials Flow\" (web server flow) in the app's Settings",
    ),
    action("oauth_policy_not_found", "", "the app has no policies in this org", APP_POLICIES),
    action(
        "ecapp_policy_not_found",
        "",
        "the External Client App has no policies in this org",
        APP_POLICIES,
    ),
    action(
        "invalid_distribution_state",
        "",
        "the External Client App is not distributed to this org",
        "set the app's Distribution State to Packaged, or create it in this org",
    ),
    action(
        "fail_close_app_blocked",
        "",
        "the org's policy blocks the app",
        "ask the org's admin to allow the app under Connected Apps OAuth Usage",
    ),
    action(
        "invalid_request",
        "code challenge",
        "the proof of the login (PKCE) does not fit",
        LOG_IN_AGAIN,
    ),
    action(
        "invalid_request",
        "code_challenge",
        "the proof of the login (PKCE) does not fit",
        LOG_IN_AGAIN,
    ),
    action(
        "invalid_request",
        "redirect_uri",
        "the app does not list our callback URL",
        APP_SETTINGS,
    ),
    action("invalid_request", "", "the org did not understand the login request", APP_SETTINGS),
    action(
        "unsupported_response_type",
        "",
        "the app does not allow the authorization code login",
        APP_SETTINGS,
    ),
    action(
        "unsupported_grant_type",
        "",
        "the app does not allow this kind of token request",
        APP_SETTINGS,
    ),
    action(
        "invalid_assertion_type",
        "",
        "the app does not take this kind of assertion",
        APP_SETTINGS,
    ),
    action(
        "bad_jti_claim",
        "",
        "the assertion was used before",
        "try again: each assertion is good for one login",
    ),
    action(
        "invalid_expid",
        "",
        "the login page of this site is not known",
        "connect through the org's own login URL instead of a site's",
    ),
    action(
        "unsupported_expid",
        "",
        "the login page of this site is not supported here",
        "connect through the org's own login URL instead of a site's",
    ),
    action("unsupported_token_type", "", "this kind of token cannot be revoked", LOG_IN_AGAIN),
    action("invalid_token", "", "the token is gone already", LOG_IN_AGAIN),
    action(
        "invalid_session_level",
        "",
        "the org wants a session of higher assurance",
        "log in with multi-factor authentication, or relax the app's session policy",
    ),
    action("immediate_unsuccessful", "", "the login needs a person", LOG_IN_AGAIN),
    action(
        "login_error",
        "",
        "the login failed in the org",
        "look at the user's Login History in Setup, then connect again",
    ),
    action(
        "exceeded_registration_limit",
        "",
        "the org takes no more registrations of this app",
        "ask the org's admin to remove old grants of the app",
    ),
    action("failed_registration", "", "the app could not be registered", APP_SETTINGS),
    action("registration_error", "", "the app could not be registered", APP_SETTINGS),
    action("installation_error", "", "the app could not be installed", APP_SETTINGS),
    action("invalid_otp", "", "the one-time password was wrong", LOG_IN_AGAIN),
    action("otp_error", "", "the one-time password was not accepted", LOG_IN_AGAIN),
    action(
        "invalid_dpop_proof",
        "",
        "the app demands proof-of-possession tokens, which Isthmus does not use",
        "turn off DPoP in the app's Settings",
    ),
    action(
        "use_dpop_nonce",
        "",
        "the app demands proof-of-possession tokens, which Isthmus does not use",
        "turn off DPoP in the app's Settings",
    ),
    action(
        "app_attest_failed",
        "",
        "the app demands device attestation, which a desktop app has not",
        "turn off app attestation in the app's Settings",
    ),
    action(
        "app_attest_failed_retry",
        "",
        "the app demands device attestation, which a desktop app has not",
        "turn off app attestation in the app's Settings",
    ),
    later(
        "authorization_pending",
        "nobody has allowed the login yet",
        "finish the login in the browser",
    ),
    later("server_error", "the org had an internal error", WAIT),
    later("service_unavailable", "the login service is not available", WAIT),
    later("system_down", "the org is down for maintenance", WAIT),
    later("slow_down", "too many logins in a short time", WAIT),
    later("rate_limit_exceeded", "too many logins in a short time", WAIT),
    later("temporarily_unavailable", "the login service is not available", WAIT),
    later("unknown_error", "the org had an unknown error", WAIT),
];

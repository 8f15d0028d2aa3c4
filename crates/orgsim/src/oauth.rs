//! The OAuth 2.0 server of one org: apps, codes, sessions, refresh tokens, consent (Help "OAuth 2.0 Web Server Flow").
//!
//! One org answers both as login host and as instance. What a test or a person with curl drives:
//!
//! | call | what it does |
//! |---|---|
//! | `GET /services/oauth2/authorize?response_type=code&client_id&redirect_uri&code_challenge&code_challenge_method=S256&state&scope&prompt&login_hint` | the login page; its form repeats these parameters as hidden fields |
//! | `POST /services/oauth2/authorize/login` | form: the hidden fields, `username`, `password`; the consent page (hidden field `ticket`), or at once the redirect where consent was given before |
//! | `POST /services/oauth2/authorize/consent` | form: `ticket`, `decision` = `allow` or `deny`; 302 to the callback |
//! | `POST /services/oauth2/token` | `authorization_code`, `refresh_token`, JWT bearer and `client_credentials` grants |
//! | `POST /services/oauth2/introspect` | what an app may know of its own tokens |
//! | `GET`, `POST /services/oauth2/revoke` | `token` = a refresh token or an access token |
//! | `GET`, `POST /services/oauth2/userinfo`, `GET /id/<org>/<user>`, `GET /.well-known/openid-configuration` | who is connected |
//!
//! The scope `openid` is not offered, so there is never an `id_token`.

mod app;
pub(crate) mod authorize;
mod grants;
mod identity;
mod introspect;
mod jwt;
mod page;
mod token;

pub use app::{App, RefreshPolicy, Standing};

pub(crate) use jwt::public_key;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use serde::{Deserialize, Serialize};

use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;

/// The callbacks that the default app registers: the ports that Isthmus documents for admins.
pub const DEFAULT_REDIRECT_URIS: [&str; 3] = [
    "http://localhost:17817/oauth/callback",
    "http://localhost:21817/oauth/callback",
    "http://localhost:27817/oauth/callback",
];

/// A session ends after this long without a call (the org's session policy; two hours is the default).
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_hours(2);

/// An authorization code, and a login or consent page that is left open, is good for this long.
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// The scopes that an app may ask for.
const SCOPES: [&str; 9] = [
    "api",
    "refresh_token",
    "offline_access",
    "id",
    "profile",
    "email",
    "web",
    "full",
    "custom_permissions",
];

/// What an app gets that asks for no scope.
const DEFAULT_SCOPES: [&str; 2] = ["api", "refresh_token"];

/// One login of one app: its current refresh token and all sessions that came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Family(u64);

/// An access token's session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Whose it is; `None` for the connected user.
    pub user_id: Option<String>,
    /// What it may be used for, as the token answer said it.
    pub scope: String,
    /// When it was opened.
    pub issued: Timestamp,
    /// The app it was issued to; `None` for the session that the server hands out at its start.
    pub client_id: Option<String>,
    /// The login it came of.
    pub family: Option<Family>,
    /// The last call.
    pub last_used: Timestamp,
}

/// A refresh token, good or already replaced.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct RefreshToken {
    client_id: String,
    user_id: Option<String>,
    scope: String,
    family: Family,
    replaced: bool,
    issued: Timestamp,
    last_used: Timestamp,
}

/// An authorization code on its way to the token endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Code {
    /// Who logged in.
    user_id: Option<String>,
    request: authorize::Authorization,
    issued: Timestamp,
}

/// Apps, codes, sessions, refresh tokens and consents of one org.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// Apps by client id.
    pub apps: BTreeMap<String, App>,
    sessions: BTreeMap<String, Session>,
    refresh_tokens: BTreeMap<String, RefreshToken>,
    codes: BTreeMap<String, Code>,
    tickets: BTreeMap<String, Code>,
    /// Logged-in browsers by cookie, and who is logged in there.
    browsers: BTreeMap<String, Option<String>>,
    consents: BTreeSet<String>,
    families: u64,
    /// Idle seconds after which a session ends; [`SESSION_IDLE`] when none are set.
    pub session_idle_s: Option<i64>,
}

impl Session {
    fn of_server(user_id: Option<String>, now: Timestamp) -> Self {
        let scope = DEFAULT_SCOPES.join(" ");
        Self { user_id, scope, issued: now, client_id: None, family: None, last_used: now }
    }
}

impl Tokens {
    /// An org that knows one app.
    #[must_use]
    pub fn with_app(app: App) -> Self {
        Self { apps: BTreeMap::from([(app.client_id.clone(), app)]), ..Self::default() }
    }

    /// The session of an access token, if it is alive; the call counts as use.
    pub fn authenticate(&mut self, access_token: &str, now: Timestamp) -> Option<&Session> {
        let idle = self.session_idle();
        let session = self.sessions.get_mut(access_token)?;
        if now.duration_since(session.last_used) >= idle {
            self.sessions.remove(access_token);
            return None;
        }
        session.last_used = now;
        self.sessions.get(access_token)
    }

    /// Opens a session without an app, as the server does at its start.
    ///
    /// The token has the documented shape `<15-character org id>!<96 characters>`.
    pub fn open_session(&mut self, rng: &mut ChaCha8Rng, org_id: &str, now: Timestamp) -> String {
        self.insert_session(rng, org_id, Session::of_server(None, now))
    }

    /// Opens a session without an app for the user with this id.
    pub fn open_session_of(
        &mut self,
        rng: &mut ChaCha8Rng,
        org_id: &str,
        user_id: &str,
        now: Timestamp,
    ) -> String {
        self.insert_session(rng, org_id, Session::of_server(Some(user_id.to_owned()), now))
    }

    /// Ends the sessions, logins and refresh tokens of one user.
    pub fn end_user(&mut self, user_id: &str) {
        let is_own = |own: &Option<String>| own.as_deref() == Some(user_id);
        self.sessions.retain(|_, session| !is_own(&session.user_id));
        self.refresh_tokens.retain(|_, token| !is_own(&token.user_id));
        self.browsers.retain(|_, user| !is_own(user));
    }

    fn session_idle(&self) -> SignedDuration {
        self.session_idle_s.map_or(SESSION_IDLE, SignedDuration::from_secs)
    }

    /// Ends all sessions; refresh tokens stay.
    pub fn end_sessions(&mut self) {
        self.sessions.clear();
    }

    /// Ends all sessions, refresh tokens and consents, as when an admin revokes the app for everyone.
    pub fn end_grants(&mut self) {
        self.sessions.clear();
        self.refresh_tokens.clear();
        self.codes.clear();
        self.consents.clear();
    }

    /// Live sessions.
    #[must_use]
    pub fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// Refresh tokens that can still be used.
    #[must_use]
    pub fn refresh_token_count(&self) -> usize {
        self.refresh_tokens.values().filter(|token| !token.replaced).count()
    }

    /// Every access token, refresh token and code that is known, for tests that look for leaks in a client's files.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let tokens = self.sessions.keys().chain(self.refresh_tokens.keys());
        tokens.chain(self.codes.keys()).cloned().collect()
    }

    fn insert_session(&mut self, rng: &mut ChaCha8Rng, org_id: &str, session: Session) -> String {
        const SECRET_LENGTH: usize = 96;
        let organization = org_id.get(..15).unwrap_or(org_id);
        let token = format!("{organization}!{}", random_text(rng, SECRET_LENGTH));
        self.sessions.insert(token.clone(), session);
        token
    }

    fn insert_refresh_token(&mut self, rng: &mut ChaCha8Rng, token: RefreshToken) -> String {
        const SECRET_LENGTH: usize = 80;
        let text = format!("5Aep861{}", random_text(rng, SECRET_LENGTH));
        self.refresh_tokens.insert(text.clone(), token);
        text
    }

    fn insert_code(&mut self, rng: &mut ChaCha8Rng, code: Code) -> String {
        const SECRET_LENGTH: usize = 40;
        // Real codes hold characters that must be decoded from the URL, so these do too.
        let text = format!(
            "aPrx{}.{}==",
            random_text(rng, SECRET_LENGTH),
            random_text(rng, SECRET_LENGTH)
        );
        self.codes.insert(text.clone(), code);
        text
    }

    fn new_family(&mut self) -> Family {
        self.families += 1;
        Family(self.families)
    }

    /// Ends a login: its refresh tokens, its sessions, and the consent when no other login of the app is left.
    fn end_family(&mut self, family: Family) {
        let client = self
            .refresh_tokens
            .values()
            .find(|token| token.family == family)
            .map(|token| token.client_id.clone());
        self.refresh_tokens.retain(|_, token| token.family != family);
        self.sessions.retain(|_, session| session.family != Some(family));
        if let Some(client) = client
            && !self
                .refresh_tokens
                .values()
                .any(|token| token.client_id == client && !token.replaced)
        {
            self.consents.remove(&client);
        }
    }
}

/// Answers everything that is not below `/services/data`; `None` for a path that OAuth does not know.
pub(crate) fn respond(org: &mut Org, request: &Request) -> Option<Reply> {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let reply = match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["services", "oauth2", "authorize"]) => authorize::begin(org, request),
        ("POST", ["services", "oauth2", "authorize", "login"]) => authorize::log_in(org, request),
        ("POST", ["services", "oauth2", "authorize", "consent"]) => authorize::decide(org, request),
        ("POST", ["services", "oauth2", "token"]) => token::grant(org, request),
        ("POST", ["services", "oauth2", "introspect"]) => introspect::introspect(org, request),
        ("GET", ["id", "keys"]) => identity::keys(),
        ("GET" | "POST", ["services", "oauth2", "singleaccess"]) => {
            identity::front_door(org, request)
        }
        ("GET" | "POST", ["services", "oauth2", "revoke"]) => token::revoke(org, request),
        ("GET" | "POST", ["services", "oauth2", "userinfo"]) => identity::userinfo(org, request),
        ("GET", ["id", organization, user]) => identity::identity(org, request, organization, user),
        ("GET", [".well-known", "openid-configuration"]) => identity::configuration(org),
        _ => return None,
    };
    Some(reply)
}

fn random_text(rng: &mut ChaCha8Rng, length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    (0..length).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::{SESSION_IDLE, Tokens};

    #[test]
    fn a_session_ends_after_two_idle_hours_and_use_keeps_it_alive() {
        let mut now: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a moment");
        let mut tokens = Tokens::default();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let token = tokens.open_session(&mut rng, "00DHs00000AbCdEMAV", now);
        assert!(token.starts_with("00DHs00000AbCdE!"));
        for _ in 0..3 {
            now += SESSION_IDLE - SignedDuration::from_secs(1);
            assert!(tokens.authenticate(&token, now).is_some());
        }
        now += SESSION_IDLE;
        assert!(tokens.authenticate(&token, now).is_none());
        assert_eq!(tokens.session_count(), 0);
    }
}

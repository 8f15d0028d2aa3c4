//! The grants of the token endpoint: who may have a session, and for what.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::token::Refused;
use super::{App, CODE_LIFETIME, Family, RefreshPolicy, RefreshToken, jwt};
use crate::org::Org;
use crate::router::request::{Request, first};

const DEAD_TOKEN: Refused = ("invalid_grant", "expired access/refresh token");
const DEAD_CODE: Refused = ("invalid_grant", "expired authorization code");

/// What a grant hands out, before it becomes tokens.
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) user_id: Option<String>,
    pub(super) scope: String,
    pub(super) family: Family,
    /// Whether the answer carries a refresh token.
    pub(super) with_refresh_token: bool,
    /// JWT bearer answers neither signature nor issued_at.
    pub(super) signed: bool,
}

/// The user that a grant stands for, when it may log in now.
fn check_user(org: &Org, user_id: Option<&String>) -> Result<(), Refused> {
    let Some(access) = user_id.and_then(|id| org.setup.access.get(id)) else { return Ok(()) };
    if !access.active {
        return Err(("invalid_grant", "inactive user"));
    }
    if access.ip_restricted {
        return Err(("invalid_grant", "ip restricted"));
    }
    Ok(())
}

/// JWT bearer: the app signs for a user who approved it.
pub(super) fn assertion(org: &mut Org, form: &[(String, String)]) -> Result<(Grant, App), Refused> {
    let text = first(form, "assertion").ok_or(("invalid_grant", "invalid assertion"))?;
    let (app, username) = jwt::check(org, text)?;
    let access = org.user_named(&username).ok_or(NOT_APPROVED)?;
    let user_id = org.other_user_id(&access.user);
    check_user(org, user_id.as_ref())?;
    if !app.pre_approved && !org.oauth.consents.contains(&app.client_id) {
        return Err(NOT_APPROVED);
    }
    let family = org.oauth.new_family();
    let grant = Grant {
        client_id: app.client_id.clone(),
        user_id,
        scope: "api".to_owned(),
        family,
        with_refresh_token: false,
        signed: false,
    };
    Ok((grant, app))
}

const NOT_APPROVED: Refused = ("invalid_grant", "user hasn't approved this consumer");

/// Client credentials: the app acts as the user that its admin chose, and only on the org's own domain.
pub(super) fn credentials(org: &mut Org, request: &Request, app: &App) -> Result<Grant, Refused> {
    let host = request.header("host").unwrap_or_default().to_ascii_lowercase();
    if host.starts_with("login.") || host.starts_with("test.") {
        return Err(("invalid_grant", "request not supported on this domain"));
    }
    let form = request.form();
    if first(&form, "client_secret").is_none() && request.header("authorization").is_none() {
        return Err(("invalid_client", "invalid client credentials"));
    }
    let run_as = app.run_as.as_deref().and_then(|username| org.user_named(username));
    let access = run_as.ok_or(("invalid_grant", "no client credentials user enabled"))?;
    let user_id = org.other_user_id(&access.user);
    check_user(org, user_id.as_ref())?;
    let family = org.oauth.new_family();
    Ok(Grant {
        client_id: app.client_id.clone(),
        user_id,
        scope: "api".to_owned(),
        family,
        with_refresh_token: false,
        signed: true,
    })
}

/// Trades an authorization code.
pub(super) fn redeem_code(
    org: &mut Org,
    form: &[(String, String)],
    app: &App,
) -> Result<Grant, Refused> {
    // A code is good for one try: whoever fails with it must start again in the browser.
    let code = org.oauth.codes.remove(first(form, "code").unwrap_or_default()).ok_or(DEAD_CODE)?;
    let authorization = &code.request;
    if org.clock.now().duration_since(code.issued) >= CODE_LIFETIME {
        return Err(DEAD_CODE);
    }
    if authorization.client_id != app.client_id {
        return Err(("invalid_grant", "authentication failure"));
    }
    match first(form, "redirect_uri") {
        None => return Err(("redirect_uri_missing", "redirect_uri must be given")),
        Some(uri) if uri != authorization.redirect_uri => {
            return Err(("redirect_uri_mismatch", "redirect_uri must match configuration"));
        }
        Some(_) => {}
    }
    let verifier =
        first(form, "code_verifier").ok_or(("invalid_grant", "missing required code verifier"))?;
    check_verifier(verifier, &authorization.code_challenge)?;
    let with_refresh_token = authorization
        .scopes
        .iter()
        .any(|scope| scope == "refresh_token" || scope == "offline_access");
    check_user(org, code.user_id.as_ref())?;
    let family = org.oauth.new_family();
    Ok(Grant {
        client_id: app.client_id.clone(),
        user_id: code.user_id.clone(),
        scope: authorization.scopes.join(" "),
        family,
        with_refresh_token,
        signed: true,
    })
}

fn check_verifier(verifier: &str, challenge: &str) -> Result<(), Refused> {
    // RFC 7636 ends at 128 characters; jsforce sends 128 random bytes in base64url, which are 171.
    const LENGTHS: std::ops::RangeInclusive<usize> = 43..=171;
    let well_formed = LENGTHS.contains(&verifier.len());
    if well_formed && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge {
        Ok(())
    } else {
        Err(("invalid_request", "invalid code verifier"))
    }
}

/// Uses a refresh token; one that was replaced already ends its whole login.
pub(super) fn refresh(
    org: &mut Org,
    form: &[(String, String)],
    app: &App,
) -> Result<Grant, Refused> {
    let text = first(form, "refresh_token").unwrap_or_default();
    let now = org.clock.now();
    let user = org.oauth.refresh_tokens.get(text).and_then(|token| token.user_id.clone());
    check_user(org, user.as_ref())?;
    let token = org.oauth.refresh_tokens.get_mut(text).ok_or(DEAD_TOKEN)?;
    if token.client_id != app.client_id {
        return Err(DEAD_TOKEN);
    }
    if token.replaced {
        // Two holders of one login: neither can be told from a thief, so the login ends for both.
        let family = token.family;
        org.oauth.end_family(family);
        return Err(DEAD_TOKEN);
    }
    if is_over(token, app.refresh_policy, now) {
        return Err(DEAD_TOKEN);
    }
    token.last_used = now;
    token.replaced = app.rotation;
    let token = token.clone();
    Ok(Grant {
        client_id: token.client_id,
        user_id: token.user_id,
        scope: token.scope,
        family: token.family,
        with_refresh_token: app.rotation,
        signed: true,
    })
}

fn is_over(token: &RefreshToken, policy: RefreshPolicy, now: Timestamp) -> bool {
    let (since, seconds) = match policy {
        RefreshPolicy::Infinite => return false,
        RefreshPolicy::Zero => return true,
        RefreshPolicy::LifetimeSeconds(seconds) => (token.issued, seconds),
        RefreshPolicy::InactivitySeconds(seconds) => (token.last_used, seconds),
    };
    now.duration_since(since).as_secs() >= seconds
}

#[cfg(test)]
mod tests {
    use super::check_verifier;

    #[test]
    fn the_verifier_of_rfc_7636_appendix_b_is_accepted_and_a_changed_one_is_not() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(check_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge).is_ok());
        assert_eq!(
            check_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXx", challenge),
            Err(("invalid_request", "invalid code verifier"))
        );
    }
}

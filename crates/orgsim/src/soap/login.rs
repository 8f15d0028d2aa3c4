//! `login()` and what it tells about the user.

use crate::oauth::SESSION_IDLE;
use crate::org::{Org, User};
use crate::rows::text;
use crate::soap::envelope::{Call, Fault, Flavour};
use crate::soap::{Answered, Login};
use crate::xml::element;

/// The last version that has `login()` (wire reference, section 1).
const LAST_VERSION: u16 = 64;

/// Opens a session for a name and a password.
pub(crate) fn login(org: &mut Org, call: &Call, flavour: Flavour, version: &str) -> Answered {
    let number = version.split('.').next().and_then(|number| number.parse::<u16>().ok());
    if number.is_none_or(|number| number > LAST_VERSION) {
        let message = format!(
            "login() is not available in version {version}; its last version is {LAST_VERSION}.0"
        );
        return Err(Fault::new("UNSUPPORTED_API_VERSION", &message));
    }
    if org.soap.login == Login::Disabled {
        let message = "SOAP API login() is disabled by default in this org.";
        return Err(Fault::new("INVALID_OPERATION", message));
    }
    let given = |name: &str| call.operation.text_of(name).unwrap_or_default();
    let known = org.user_named(given("username"));
    let known = known.filter(|own| own.active && own.user.password == given("password"));
    let user = known.map(|own| own.user).ok_or_else(|| {
        let message = "Invalid username, password, security token; or user locked out.";
        Fault::of_kind("LoginFault", "INVALID_LOGIN", message)
    })?;
    let (now, other) = (org.clock.now(), org.other_user_id(&user));
    let session = match other {
        Some(id) => org.oauth.open_session_of(&mut org.rng, &org.id, &id, now),
        None => org.oauth.open_session(&mut org.rng, &org.id, now),
    };
    let organization = org.id.get(..15).unwrap_or(&org.id);
    let url = |letter: &str| {
        format!("{}/services/Soap/{letter}/{version}/{organization}", org.instance_url)
    };
    let lines = [
        element("metadataServerUrl", url("m")),
        element("passwordExpired", false),
        element("sandbox", false),
        element("serverUrl", url(flavour.word())),
        element("sessionId", session),
        element("userId", &user.id),
        format!("<userInfo>{}</userInfo>", user_info(org, &user)),
    ];
    Ok(format!("<result>{}</result>", lines.concat()))
}

/// The inside of a `GetUserInfoResult`.
pub(crate) fn user_info(org: &Org, user: &User) -> String {
    let organization = org.tables.get("Organization").and_then(|table| table.live_rows().next());
    let name = organization.and_then(|row| text(row, "Name")).unwrap_or(&org.name);
    let row = org.tables.get("User").and_then(|table| table.live(&user.id));
    let profile = row.and_then(|row| text(row, "ProfileId"));
    let optional = |name: &str, value: Option<&str>| match value {
        Some(value) => element(name, value),
        None => format!("<{name} xsi:nil=\"true\"/>"),
    };
    [
        element("accessibilityMode", false),
        element("chatterExternal", false),
        element("currencySymbol", "€"),
        element("orgAttachmentFileSizeLimit", 26_214_400),
        element("orgDefaultCurrencyIsoCode", "EUR"),
        element("orgDefaultCurrencyLocale", "en_IE"),
        element("orgDisallowHtmlAttachments", false),
        element("orgHasPersonAccounts", false),
        element("organizationId", &org.id),
        element("organizationMultiCurrency", false),
        element("organizationName", name),
        optional("profileId", profile),
        optional("roleId", None),
        element("sessionSecondsValid", SESSION_IDLE.as_secs()),
        optional("userDefaultCurrencyIsoCode", None),
        element("userEmail", &user.email),
        element("userFullName", &user.name),
        element("userId", &user.id),
        element("userLanguage", "en_US"),
        element("userLocale", "en_US"),
        element("userName", &user.username),
        element("userTimeZone", "UTC"),
        element("userType", "Standard"),
        element("userUiSkin", "Theme3"),
    ]
    .concat()
}

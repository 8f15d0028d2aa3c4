//! JWT bearer assertions: an RS256 signature by the app's key, and the claims of the flow (RFC 7523, wire reference 2.4).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use super::App;
use super::token::{Refused, check_standing};
use crate::org::Org;

/// Audiences that stand for Salesforce itself; the org's own address is one too.
const AUDIENCES: [&str; 2] = ["https://login.salesforce.com", "https://test.salesforce.com"];

const INVALID: Refused = ("invalid_grant", "invalid assertion");

#[derive(Deserialize)]
struct Claims {
    iss: String,
    #[serde(alias = "prn")]
    sub: String,
    aud: Value,
    exp: Expiry,
}

/// Seconds since 1970. The service's documents ask for a moment within minutes, but its own command line writes
/// milliseconds and simple-salesforce a text, and both log in: only a moment that has passed is refused.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expiry {
    Number(i64),
    Text(String),
}

impl Expiry {
    fn seconds(&self) -> Option<i64> {
        match self {
            Self::Number(seconds) => Some(*seconds),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

/// Checks an assertion and gives the app that signed it and the username it speaks of.
///
/// # Errors
/// `invalid_client_id` for an unknown app, the standings of an app, and `invalid_grant` for everything else.
pub(super) fn check(org: &Org, assertion: &str) -> Result<(App, String), Refused> {
    let (signed, signature) = assertion.rsplit_once('.').ok_or(INVALID)?;
    let (header, payload) = signed.split_once('.').ok_or(INVALID)?;
    let header: Value = read(header)?;
    let claims: Claims = read(payload)?;
    if header["alg"] != "RS256" {
        return Err(INVALID);
    }
    let app = org.oauth.apps.get(&claims.iss);
    let app = app.ok_or(("invalid_client_id", "client identifier invalid"))?;
    check_standing(app.standing)?;
    let key = app.certificate.as_deref().and_then(public_key).ok_or(INVALID)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| INVALID)?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| INVALID)?;
    check_claims(org, &claims)?;
    Ok((app.clone(), claims.sub))
}

fn check_claims(org: &Org, claims: &Claims) -> Result<(), Refused> {
    let meant = |audience: &str| {
        let audience = audience.trim_end_matches('/');
        AUDIENCES.contains(&audience) || audience.eq_ignore_ascii_case(&org.instance_url)
    };
    let fits = match &claims.aud {
        Value::String(audience) => meant(audience),
        Value::Array(list) => list.iter().filter_map(Value::as_str).any(meant),
        _ => false,
    };
    if !fits {
        return Err(("invalid_grant", "audience is invalid"));
    }
    if claims.exp.seconds().ok_or(INVALID)? <= org.clock.now().as_second() {
        // The service uses the words of the web flow here.
        return Err(("invalid_grant", "expired authorization code"));
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, Refused> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| INVALID)?;
    serde_json::from_slice(&bytes).map_err(|_| INVALID)
}

/// The RSA key (PKCS #1) inside a PEM text: a certificate, a public key, or the bare RSA key. `None` for anything else.
pub(crate) fn public_key(pem: &str) -> Option<Vec<u8>> {
    let label = pem.split("-----BEGIN ").nth(1)?.split("-----").next()?.to_owned();
    let text: String = pem
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("-----") && !line.is_empty())
        .collect();
    let der = STANDARD.decode(text).ok()?;
    match label.as_str() {
        "RSA PUBLIC KEY" => Some(der),
        "PUBLIC KEY" => key_of_info(&der),
        "CERTIFICATE" => {
            let certificate = element(&der, SEQUENCE)?.0;
            let (mut body, _) = element(certificate, SEQUENCE)?;
            // tbsCertificate: version, serial, signature, issuer, validity, subject, then the key's info.
            if let Some((_, rest)) = element(body, VERSION) {
                body = rest;
            }
            for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
                body = element(body, tag)?.1;
            }
            key_of_info(body)
        }
        _ => None,
    }
}

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const VERSION: u8 = 0xa0;

/// SubjectPublicKeyInfo: an algorithm, then the key as a bit string.
fn key_of_info(der: &[u8]) -> Option<Vec<u8>> {
    let (info, _) = element(der, SEQUENCE)?;
    let (_, rest) = element(info, SEQUENCE)?;
    let (bits, _) = element(rest, BIT_STRING)?;
    // The first byte counts unused bits, of which a key has none.
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

/// The content of the DER element with this tag at the start, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = der.strip_prefix(&[tag])?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        let digits = rest.get(..count).filter(|digits| digits.len() <= 4)?;
        let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
        (length, rest.get(count..)?)
    };
    (rest.len() >= length).then(|| rest.split_at(length))
}

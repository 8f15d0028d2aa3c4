//! Secrets come from stdin alone: arguments and environment are visible to other programs.

use std::io::{IsTerminal, Read};

use isthmus_app::Error;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::output::complain;

/// Longest secret: tokens and keys have a few kilobytes at most.
const LONGEST_SECRET: u64 = 64 * 1024;

/// Reads one secret; surrounding white space is no part of it.
pub(crate) fn from_stdin(what: &str) -> isthmus_app::Result<SecretString> {
    let mut text = Zeroizing::new(String::new());
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        complain(&format!("enter {what}, then press Enter and Ctrl-D:"));
    }
    stdin.lock().take(LONGEST_SECRET).read_to_string(&mut text).map_err(|error| {
        Error::BadRequest {
            text: format!("{what} could not be read from stdin ({error})"),
            hint: "pipe it in, for example from a file that only you can read".to_owned(),
        }
    })?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(Error::BadRequest {
            text: format!("stdin holds no {what}"),
            hint: "pipe it in, for example from a file that only you can read".to_owned(),
        });
    }
    Ok(SecretString::from(secret))
}

//! Why a sign-in was refused: in a title, with the place to look at, and with the answers one may meet next.

use isthmus_contract::problem::Code;

/// A step of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GuidePart {
    /// The app itself.
    Create,
    /// What it may be used for.
    Scopes,
    /// Where the browser comes back to.
    Callback,
    /// Proof and secrets.
    Secrets,
    /// Who may use it.
    People,
    /// The consumer key.
    Key,
}

/// Where the fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A step of the guide.
    Guide(GuidePart),
    /// The name or the login address: the wizard's first step.
    Place,
    /// This machine, the network, or what the person did in the browser.
    Elsewhere,
}

/// Where to look.
pub(super) fn fault(code: Code) -> Fault {
    match code {
        Code::ClientIdUnknown => Fault::Guide(GuidePart::Key),
        Code::ClientSecretWrong => Fault::Guide(GuidePart::Secrets),
        Code::CallbackNotRegistered => Fault::Guide(GuidePart::Callback),
        Code::AppNotApproved => Fault::Guide(GuidePart::People),
        Code::OrgAlreadyConnected
        | Code::OrgNameTaken
        | Code::OrgDiffers
        | Code::OrgUnreachable
        | Code::OrgForeignHost
        | Code::OrgCertificate => Fault::Place,
        _ => Fault::Elsewhere,
    }
}

/// What happened, in a line.
pub(super) fn title(code: Code, org: &str, has_secret: bool) -> String {
    match code {
        Code::ClientIdUnknown => format!("{org} does not know this consumer key"),
        Code::ClientSecretWrong if has_secret => "The consumer secret does not fit".to_owned(),
        Code::ClientSecretWrong => format!("The app in {org} asks for a secret"),
        Code::CallbackNotRegistered => "The callback URL is not registered with the app".to_owned(),
        Code::AppNotApproved => "An admin has to allow the app first".to_owned(),
        Code::ConsentDenied => "Access was not allowed in the browser".to_owned(),
        Code::LoginTimedOut => "Nobody finished the sign-in in time".to_owned(),
        Code::LoginStateMismatch => "The browser's answer belongs to another sign-in".to_owned(),
        Code::CallbackPortTaken => "Isthmus cannot listen for the browser's answer".to_owned(),
        Code::OrgAlreadyConnected => "This org is connected already".to_owned(),
        Code::OrgNameTaken => "The name belongs to another org".to_owned(),
        Code::OrgDiffers => "You signed in to another org".to_owned(),
        Code::OrgUnreachable => format!("{org} cannot be reached"),
        Code::OrgCertificate => "The login host's certificate is not trusted".to_owned(),
        Code::OrgForeignHost => "The login led to a host that is not the org's own".to_owned(),
        Code::ClockOff => "This machine's clock is off".to_owned(),
        Code::KeychainMissing
        | Code::KeychainLocked
        | Code::KeychainEntryMissing
        | Code::KeychainFailed => "The keychain did not take the tokens".to_owned(),
        Code::OrgLimit => format!("{org} has no API calls left"),
        Code::LoginFailed | Code::OrgRefused | Code::OrgLoginExpired => {
            "Salesforce refused the sign-in".to_owned()
        }
        _ => "The org was not connected".to_owned(),
    }
}

/// What a code of a sign-in means, and what to do.
pub(super) struct Answer {
    /// The code.
    pub(super) code: Code,
    /// What it means.
    pub(super) meaning: &'static str,
    /// What to do.
    pub(super) remedy: &'static str,
}

const fn answer(code: Code, meaning: &'static str, remedy: &'static str) -> Answer {
    Answer { code, meaning, remedy }
}

/// Every answer of a sign-in that has a remedy of its own.
pub(super) const ANSWERS: &[Answer] = &[
    answer(
        Code::ClientIdUnknown,
        "The org does not know the consumer key",
        "Copy it again; a new app needs up to 10 minutes, and a sandbox has its own apps",
    ),
    answer(
        Code::CallbackNotRegistered,
        "The callback URL is not registered as sent",
        "Paste all callback URLs again: same case, no slash at the end",
    ),
    answer(
        Code::ClientSecretWrong,
        "The app asks for a secret, or got a wrong one",
        "Turn both secret switches off, or paste the secret again",
    ),
    answer(
        Code::AppNotApproved,
        "The app is blocked, or not assigned to the user",
        "Set Permitted Users in the app's policies, or unblock it under OAuth usage",
    ),
    answer(
        Code::ConsentDenied,
        "Somebody chose Deny in the browser",
        "Sign in again and choose Allow",
    ),
    answer(
        Code::LoginTimedOut,
        "No answer came back from the browser",
        "Sign in again and finish it in the browser",
    ),
    answer(
        Code::LoginStateMismatch,
        "The answer was not the one asked for",
        "Close other sign-in tabs and sign in again",
    ),
    answer(
        Code::CallbackPortTaken,
        "Other programs hold all three callback ports",
        "End one of them and sign in again",
    ),
    answer(
        Code::OrgAlreadyConnected,
        "The org is known under another name",
        "Use it under that name, or disconnect it first",
    ),
    answer(
        Code::OrgDiffers,
        "The name is pinned to another org",
        "Sign in to the org the name stands for, or choose another name",
    ),
    answer(
        Code::OrgUnreachable,
        "The login host does not answer",
        "Check the address, the network and the proxy",
    ),
    answer(
        Code::ClockOff,
        "The machine's clock is too far off",
        "Set the clock, then sign in again",
    ),
    answer(Code::KeychainLocked, "The keychain is locked", "Unlock it, then sign in again"),
    answer(
        Code::KeychainMissing,
        "The system offers no keychain",
        "Start one (on Linux a Secret Service), then sign in again",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isthmus_contract::problem::Code;

    use super::{ANSWERS, Fault, GuidePart, fault, title};

    #[test]
    fn what_the_guide_sets_up_is_marked_in_the_guide() {
        assert_eq!(fault(Code::ClientIdUnknown), Fault::Guide(GuidePart::Key));
        assert_eq!(fault(Code::CallbackNotRegistered), Fault::Guide(GuidePart::Callback));
        assert_eq!(fault(Code::OrgDiffers), Fault::Place);
        assert_eq!(fault(Code::LoginTimedOut), Fault::Elsewhere);
    }

    #[test]
    fn a_missing_secret_and_a_wrong_one_read_differently() {
        assert_ne!(
            title(Code::ClientSecretWrong, "sales", true),
            title(Code::ClientSecretWrong, "sales", false)
        );
    }

    #[test]
    fn every_answer_is_listed_once_and_has_a_title_of_its_own() {
        let codes: BTreeSet<Code> = ANSWERS.iter().map(|answer| answer.code).collect();
        assert_eq!(codes.len(), ANSWERS.len());
        for code in codes {
            assert_ne!(title(code, "sales", false), title(Code::Internal, "sales", false));
        }
    }
}

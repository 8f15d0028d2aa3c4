//! Why there is no session: the login was refused, the grant is gone, the keychain cannot be used.

use isthmus_model::ids::OrgId;

use crate::host::HostError;
use crate::oauth::diagnosis::Diagnosis;
use crate::oauth::listener::ListenerError;
use crate::session::StoreError;
use crate::transport::TransportError;

/// A login or a refresh that brought no token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AuthError {
    /// The org's authorization server refused, and why.
    #[error("{0}")]
    Refused(Diagnosis),
    /// No tokens are stored for this org.
    #[error("this org is not connected; connect it (Orgs, or `isthmus org connect`)")]
    NotConnected,
    /// The session is over and was taken as it is, without a refresh token.
    #[error("the session is over and came without a refresh token; connect the org again")]
    NoRefreshToken,
    /// A refresh was cut off (a crash, a lost answer) after the org had given the next token, and the old one is dead now.
    #[error(
        "an earlier refresh of this session was cut off before its new token could be stored, and the org has replaced the old one ({}: {}); connect the org again",
        .0.code,
        .0.description
    )]
    RefreshCutOff(Diagnosis),
    /// Somebody else has been refreshing this session for longer than a refresh takes.
    #[error(
        "another window or command is refreshing this session and does not end; close it, or try again in a minute"
    )]
    RefreshElsewhere,
    /// A login by client credentials at a host that belongs to no single org.
    #[error(
        "{host} serves every org, so an app cannot log in there by itself; give the org's My Domain address (Setup, My Domain)"
    )]
    MyDomainNeeded {
        /// The host that was given.
        host: String,
    },
    /// A login by client credentials without a secret.
    #[error(
        "a login by client credentials needs the app's Consumer Secret; copy it from the app's Settings"
    )]
    SecretNeeded,
    /// The key for assertions cannot be used.
    #[error(
        "the app's private key cannot be used: {0}; give an RSA key in PEM form whose certificate the app has"
    )]
    BadKey(&'static str),
    /// The org refuses even a fresh token.
    #[error(
        "the org refuses the session even after a refresh ({message}); check that the user may use the API, then connect the org again"
    )]
    StillRefused {
        /// The org's text.
        message: String,
    },
    /// The answer is for another organization than the pinned one.
    #[error(
        "the login is for org {answered}, but this connection is pinned to {pinned}; log in to the right org or connect the other one anew"
    )]
    OtherOrg {
        /// The org this connection belongs to.
        pinned: OrgId,
        /// The org that answered.
        answered: OrgId,
    },
    /// The token answer is incomplete or has another shape than documented.
    #[error("the login's answer could not be used: {0}")]
    BadAnswer(String),
    /// The token answer names a host that gets no token.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The authorization server was not reached, or its answer was lost.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Something other than the authorization server answered.
    #[error("the login host answered {status} without JSON ({excerpt}); try again later")]
    NotJson {
        /// The HTTP status.
        status: u16,
        /// The beginning of the text.
        excerpt: String,
    },
    /// The keychain failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The browser's answer did not come or was not ours.
    #[error(transparent)]
    Callback(#[from] ListenerError),
    /// The refresh task ended without a result: the program is shutting down.
    #[error("the refresh was interrupted ({0}); run again")]
    Interrupted(String),
}

impl AuthError {
    /// True when a person has to log in (or change the org) before anything can go on.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Refused(diagnosis) => diagnosis.terminal,
            Self::NotConnected
            | Self::NoRefreshToken
            | Self::RefreshCutOff(_)
            | Self::MyDomainNeeded { .. }
            | Self::SecretNeeded
            | Self::BadKey(_)
            | Self::StillRefused { .. }
            | Self::OtherOrg { .. }
            | Self::BadAnswer(_)
            | Self::Host(_)
            | Self::Callback(_) => true,
            Self::Transport(cause) => cause.is_permanent(),
            Self::RefreshElsewhere
            | Self::NotJson { .. }
            | Self::Store(_)
            | Self::Interrupted(_) => false,
        }
    }

    /// The code to show.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Refused(diagnosis) => &diagnosis.code,
            Self::NotConnected => "not_connected",
            Self::NoRefreshToken => "session_over",
            Self::RefreshCutOff(_) => "refresh_cut_off",
            Self::RefreshElsewhere => "refresh_elsewhere",
            Self::MyDomainNeeded { .. } => "my_domain_needed",
            Self::SecretNeeded => "client_secret_needed",
            Self::BadKey(_) => "key_unusable",
            Self::StillRefused { .. } => "session_refused",
            Self::OtherOrg { .. } => "other_org",
            Self::BadAnswer(_) => "login_answer_unreadable",
            Self::Host(_) => "foreign_host",
            Self::Transport(_) => "org_unreachable",
            Self::NotJson { .. } => "org_unavailable",
            Self::Store(_) => "keychain",
            Self::Callback(cause) => cause.code(),
            Self::Interrupted(_) => "interrupted",
        }
    }

    /// The next step for an admin.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Refused(diagnosis) => diagnosis.remedy,
            Self::NotConnected | Self::NoRefreshToken | Self::RefreshCutOff(_) => {
                "connect the org again"
            }
            Self::RefreshElsewhere => "close the other window or command, or try again in a minute",
            Self::MyDomainNeeded { .. } => {
                "give the org's My Domain address, such as https://acme.my.salesforce.com"
            }
            Self::SecretNeeded => "copy the Consumer Secret from the app's Settings",
            Self::BadKey(_) => {
                "give an RSA key of 2,048 bits or more in PEM form, without a passphrase, whose certificate the app has"
            }
            Self::StillRefused { .. } => {
                "give the user the API Enabled permission and check the app's session policy, then connect again"
            }
            Self::OtherOrg { .. } => "log in as a user of the org this connection belongs to",
            Self::BadAnswer(_) => "check the login URL, then connect the org again",
            Self::Host(_) => {
                "check the login URL; the org named a host that Isthmus does not trust"
            }
            Self::Transport(_) | Self::NotJson { .. } => {
                "check the network and status.salesforce.com, then try again"
            }
            Self::Store(_) => "unlock the keychain, then try again",
            Self::Callback(cause) => cause.remedy(),
            Self::Interrupted(_) => "run again",
        }
    }
}

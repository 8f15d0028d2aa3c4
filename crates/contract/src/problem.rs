//! Problems: a code to match and quote, what happened, and the next step.

use serde::{Deserialize, Serialize};

use crate::file::FileProblem;

/// Why something was not done, as window and command show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What programs match, and people quote.
    pub code: Code,
    /// What happened, in one sentence without a final period.
    pub text: String,
    /// The next step.
    pub hint: String,
    /// Problems in a mapping file, each with its place; empty for everything else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file: Vec<FileProblem>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The closed list of problem codes, grouped by what a person does next.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $word)] $name,)* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word shown and stored.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

codes! {
    /// A value the caller gave cannot be used.
    BadRequest = "bad_request",
    /// No workspace under this name yet.
    WorkspaceMissing = "workspace_missing",
    /// A workspace under this name exists already.
    WorkspaceExists = "workspace_exists",
    /// Another process has the workspace open.
    WorkspaceOwned = "workspace_owned",
    /// The ledger was written by a newer build.
    WorkspaceNewer = "workspace_newer",
    /// The ledger cannot be opened with this key, or is damaged.
    WorkspaceDamaged = "workspace_damaged",
    /// The recovery key does not open this ledger.
    RecoveryKeyWrong = "recovery_key_wrong",
    /// No space left for the ledger.
    DiskFull = "disk_full",
    /// A file cannot be read or written.
    FileAccess = "file_access",
    /// The operating system offers no keychain.
    KeychainMissing = "keychain_missing",
    /// The keychain is locked, or its prompt was not answered in time.
    KeychainLocked = "keychain_locked",
    /// The keychain has no entry where one must be.
    KeychainEntryMissing = "keychain_entry_missing",
    /// The keychain failed in another way.
    KeychainFailed = "keychain_failed",
    /// The login host does not know the client id.
    ClientIdUnknown = "client_id_unknown",
    /// The client secret is missing or wrong.
    ClientSecretWrong = "client_secret_wrong",
    /// The callback address is not registered with the app.
    CallbackNotRegistered = "callback_not_registered",
    /// The app is blocked or not approved for this user.
    AppNotApproved = "app_not_approved",
    /// The person pressed Deny.
    ConsentDenied = "consent_denied",
    /// The callback's state was wrong, missing or used before.
    LoginStateMismatch = "login_state_mismatch",
    /// Nobody finished the login in time.
    LoginTimedOut = "login_timed_out",
    /// Every registered callback port is in use.
    CallbackPortTaken = "callback_port_taken",
    /// The login failed in another way.
    LoginFailed = "login_failed",
    /// The same org is connected already under another name.
    OrgAlreadyConnected = "org_already_connected",
    /// The name is used by another org.
    OrgNameTaken = "org_name_taken",
    /// The login led to another org than the pinned one.
    OrgDiffers = "org_differs",
    /// No org is connected under this name.
    OrgUnknown = "org_unknown",
    /// The org's grant is gone; it must be connected again.
    OrgLoginExpired = "org_login_expired",
    /// The org cannot be reached.
    OrgUnreachable = "org_unreachable",
    /// The org's certificate is not trusted.
    OrgCertificate = "org_certificate",
    /// The org pointed at a host that is not its own, or offered plain http.
    OrgForeignHost = "org_foreign_host",
    /// The org refused the request.
    OrgRefused = "org_refused",
    /// The org's API limit is used up.
    OrgLimit = "org_limit",
    /// The org answered with something that is no API answer.
    OrgAnswerUnreadable = "org_answer_unreadable",
    /// The machine's clock and the org's differ too much.
    ClockOff = "clock_off",
    /// The mapping file is no YAML, or too large or nested too deeply.
    FileUnreadable = "file_unreadable",
    /// The mapping file has problems, listed with their places.
    FileRefused = "file_refused",
    /// No sync has this name.
    SyncUnknown = "sync_unknown",
    /// The sync is switched off.
    SyncDisabled = "sync_disabled",
    /// The mapping no longer fits the orgs' describes.
    SyncOutdated = "sync_outdated",
    /// The sync was stored anew since the draft was made from it.
    SyncChangedElsewhere = "sync_changed_elsewhere",
    /// No object has this name in the org.
    ObjectUnknown = "object_unknown",
    /// No run has this number.
    RunUnknown = "run_unknown",
    /// The run has no failed rows.
    NothingToRetry = "nothing_to_retry",
    /// No row could be read where rows were expected.
    NoRowsReadable = "no_rows_readable",
    /// The query is not one that only reads.
    QueryRefused = "query_refused",
    /// No record has this id in the org.
    RecordUnknown = "record_unknown",
    /// A step that needs a person's yes was not confirmed.
    NotConfirmed = "not_confirmed",
    /// The audit trail does not verify.
    AuditBroken = "audit_broken",
    /// Another job is at work; one at a time may plan or write.
    JobAtWork = "job_at_work",
    /// The window asks before a workspace is open.
    WorkspaceClosed = "workspace_closed",
    /// The engine has ended.
    EngineGone = "engine_gone",
    /// The address is none that the window may open.
    LinkRefused = "link_refused",
    /// A cancel arrived.
    Cancelled = "cancelled",
    /// A fault of Isthmus itself.
    Internal = "internal",
}

impl Problem {
    /// A problem without file places.
    #[must_use]
    pub fn new(code: Code, text: impl Into<String>, hint: impl Into<String>) -> Self {
        // The org's own texts end with a period; what follows here is a hint, not a sentence.
        let text = text.into().trim_end_matches('.').to_owned();
        Self { code, text, hint: hint.into(), file: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_is_written_as_its_word() {
        for code in Code::ALL {
            let written = serde_json::to_string(code).unwrap();
            assert_eq!(written, format!("\"{}\"", code.as_str()));
        }
    }
}

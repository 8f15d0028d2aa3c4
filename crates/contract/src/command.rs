//! Every command of the window, by name: what it takes, what it answers, what it tells meanwhile.
//!
//! Both sides of the window are compiled from this list: the page asks by it, the shell lists and allows exactly these
//! names, and the fake that stands in for the shell answers all of them. Nothing else crosses, and no answer has a
//! place for a secret.

use serde::Serialize;
use serde::de::DeserializeOwned;

use isthmus_model::ids::RunId;
use isthmus_model::schema::ObjectSchema;

use crate::about::About;
use crate::console::{CloseChoice, ConsoleEvent, LinkRequest};
use crate::health::OrgHealth;
use crate::map::{FieldsRequest, ObjectListing, PairRequest};
use crate::org::{
    ConnectGuide, ConnectOrder, DisconnectView, LoginStep, LoginTraceView, OrgTestView, OrgView,
};
use crate::overview::OverviewView;
use crate::plan::{PlanRows, PlanRowsRequest, PlanView};
use crate::record::{RecordSearch, RecordsView};
use crate::request::RunRequest;
use crate::run::{
    ExportOrder, ExportView, RowDetail, RowsPage, RunOrder, RunReportView, RunRowsRequest, RunView,
    RunsRequest,
};
use crate::sync::{
    CheckRequest, CheckView, FieldSuggestion, ImportView, ProposalRequest, SaveRequest,
    SuggestionView, SwitchRequest, SyncDeletedView, SyncDetail, SyncListing, SyncView,
};
use crate::workspace::{RecoveryFile, WorkspaceState, WorkspaceView};

/// One command of the window.
pub trait Command {
    /// Its name on the wire, a snake_case word.
    const NAME: &'static str;
    /// What it takes; `()` for nothing.
    type Request: Serialize + DeserializeOwned;
    /// What it answers. A refusal is a [`crate::problem::Problem`] instead.
    type Answer: Serialize + DeserializeOwned;
    /// What it tells while it works; `()` where it tells nothing.
    type Event: Serialize + DeserializeOwned;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident = $word:literal ($request:ty) -> $answer:ty, tells $event:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Command for $name {
                const NAME: &'static str = $word;
                type Request = $request;
                type Answer = $answer;
                type Event = $event;
            }
        )*

        /// The names of all commands, in the order of this list.
        pub const ALL: &[&str] = &[$($word,)*];
    };
}

commands! {
    /// What the console says about itself.
    AboutConsole = "about" (()) -> About, tells ();
    /// Everything that happens without being asked for: the job at work, a wish to close, changes elsewhere. Answers at
    /// once with the job at work, if any; events go on as long as the page lives.
    ConsoleWatch = "console_watch" (()) -> (), tells ConsoleEvent;
    /// What a person chose after wishing to close the window while a job is at work.
    ConsoleClose = "console_close" (CloseChoice) -> (), tells ();
    /// Opens an address in the system browser: https, or http towards this machine.
    LinkOpen = "link_open" (LinkRequest) -> (), tells ();

    /// The workspace as it stands; opens it where it is closed.
    WorkspaceOpen = "workspace_open" (()) -> WorkspaceState, tells ();
    /// Creates the workspace; its recovery key goes into a file and never into the page.
    WorkspaceCreate = "workspace_create" (RecoveryFile) -> WorkspaceView, tells ();
    /// Puts the ledger's key back into the keychain, from the file that the recovery key was saved to.
    WorkspaceRecover = "workspace_recover" (RecoveryFile) -> WorkspaceView, tells ();

    /// Orgs, syncs, alerts and the last thirty days at a glance, from the ledger alone.
    Overview = "overview" (()) -> OverviewView, tells ();

    /// The orgs by name.
    OrgList = "org_list" (()) -> Vec<OrgView>, tells ();
    /// What an External Client App must be set to, ready to be copied.
    OrgGuide = "org_guide" (()) -> ConnectGuide, tells ();
    /// Connects an org through the system browser; tells each step as it is taken.
    OrgConnect = "org_connect" (ConnectOrder) -> OrgView, tells LoginStep;
    /// Gives up the login that is waiting for the browser.
    OrgConnectCancel = "org_connect_cancel" (()) -> (), tells ();
    /// Tests a connection step by step.
    OrgTest = "org_test" (String) -> OrgTestView, tells ();
    /// Asks an org how it is: limits, latency, clock.
    OrgHealthCheck = "org_health" (String) -> OrgHealth, tells ();
    /// Gives an org's grant back and forgets its tokens.
    OrgDisconnect = "org_disconnect" (String) -> DisconnectView, tells ();
    /// What the last login attempt did.
    OrgLastLogin = "org_last_login" (()) -> Option<LoginTraceView>, tells ();
    /// An org's objects.
    OrgObjects = "org_objects" (String) -> Vec<ObjectListing>, tells ();
    /// An object with its fields.
    OrgFields = "org_fields" (FieldsRequest) -> ObjectSchema, tells ();

    /// The syncs by name, each with its last run.
    SyncList = "sync_list" (()) -> Vec<SyncListing>, tells ();
    /// One sync with its mapping, as document and as text.
    SyncGet = "sync_get" (String) -> SyncDetail, tells ();
    /// Proposes a whole mapping between two orgs.
    SyncPropose = "sync_propose" (ProposalRequest) -> SuggestionView, tells ();
    /// Checks a draft against both orgs and brings document and text in step.
    SyncCheck = "sync_check" (CheckRequest) -> CheckView, tells ();
    /// Stores a draft as the sync's next version, unless it was changed elsewhere meanwhile.
    SyncSave = "sync_save" (SaveRequest) -> ImportView, tells ();
    /// Lets runs of a sync happen, or keeps them from happening.
    SyncSwitch = "sync_switch" (SwitchRequest) -> SyncView, tells ();
    /// Deletes a sync with its links; no record of any org is touched.
    SyncDelete = "sync_delete" (String) -> SyncDeletedView, tells ();
    /// Fields of two objects that look alike, each pair with score and reason.
    MapSuggest = "map_suggest" (PairRequest) -> Vec<FieldSuggestion>, tells ();

    /// Plans a sync, or selected records of it; nothing is written.
    PlanMake = "plan_make" (RunRequest) -> PlanView, tells ();
    /// A plan that was made before.
    PlanGet = "plan_get" (RunId) -> PlanView, tells ();
    /// One page of a plan's rows.
    PlanRowsPage = "plan_rows" (PlanRowsRequest) -> PlanRows, tells ();

    /// Carries out a plan, runs a sync, retries or resumes a run; answers when it has ended.
    RunStart = "run_start" (RunOrder) -> RunView, tells ();
    /// Asks the job at work to stop; rows in flight are read back, the rest waits for the next run.
    RunCancel = "run_cancel" (()) -> (), tells ();
    /// Runs, newest first.
    RunList = "run_list" (RunsRequest) -> Vec<RunView>, tells ();
    /// One run: header and causes.
    RunReport = "run_report" (RunId) -> RunReportView, tells ();
    /// One page of a run's rows.
    RunRows = "run_rows" (RunRowsRequest) -> RowsPage, tells ();
    /// One row with what was sent and what the org answered.
    RunRow = "run_row" (crate::run::RowRequest) -> RowDetail, tells ();
    /// Writes a run's rows to a file.
    RunExport = "run_export" (ExportOrder) -> ExportView, tells ();

    /// Searches records of an org by name, id or SOQL condition.
    RecordSearchRows = "record_search" (RecordSearch) -> RecordsView, tells ();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn every_command_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = ALL.iter().copied().collect();
        assert_eq!(names.len(), ALL.len());
        for name in names {
            assert!(
                name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_'),
                "{name}"
            );
        }
    }
}

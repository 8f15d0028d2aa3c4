//! Selected records and a sync: planned, shown, carried out, and how it ended.

use isthmus_contract::command::{PlanMake, RunStart, SyncList};
use isthmus_contract::console::{JobView, Topic};
use isthmus_contract::plan::PlanView;
use isthmus_contract::problem::Problem;
use isthmus_contract::request::RunRequest;
use isthmus_contract::run::{RunOrder, RunView};
use isthmus_contract::sync::{SyncListing, SyncView};
use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::plan::PlanCounts;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::format::counted;
use crate::pages::records::search::Search;
use crate::state::asked::Asked;
use crate::state::console::Console;

/// Most records that are synced at once by hand; more are a run of the whole sync.
pub(super) const MOST_SELECTED: usize = 200;

/// How far it has come.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage {
    /// Nothing asked for yet.
    Choosing,
    /// A plan is being made.
    Planning,
    /// What would be done.
    Planned(PlanView),
    /// It is being done.
    Running(PlanView),
    /// How it ended.
    Ended(RunView),
    /// Why it was not done.
    Refused(Problem),
}

/// The panel's state.
#[derive(Clone, Copy)]
pub(super) struct SyncNow {
    /// The search whose records are selected.
    pub(super) search: Search,
    /// The syncs.
    pub(super) syncs: Asked<SyncList>,
    /// The sync chosen, by name.
    pub(super) sync: RwSignal<String>,
    /// How far it has come.
    pub(super) stage: RwSignal<Stage>,
    console: Console,
    backend: StoredValue<Backend>,
    announcer: Announcer,
}

impl SyncNow {
    /// Nothing asked for yet. Another selection or sync takes a shown plan away: it would no longer be true.
    pub(super) fn new(search: Search) -> Self {
        let now = Self {
            search,
            syncs: Asked::new(&[Topic::Syncs], || Some(())),
            sync: RwSignal::new(String::new()),
            stage: RwSignal::new(Stage::Choosing),
            console: Console::of_this_app(),
            backend: StoredValue::new(Backend::of_this_app()),
            announcer: Announcer::of_app(),
        };
        now.choose_sync();
        Effect::watch(
            move || (search.selected.get(), now.sync.get()),
            move |_, _, _| now.forget_plan(),
            false,
        );
        now
    }

    /// The syncs whose left org and object are those of the search.
    pub(super) fn fitting(self) -> Vec<SyncView> {
        let all = self.syncs.answer.get().and_then(Result::ok).unwrap_or_default();
        fitting(&all, &self.search.org.get(), &self.search.object.get())
    }

    /// Those of them that may run.
    pub(super) fn usable(self) -> Vec<SyncView> {
        self.fitting().into_iter().filter(|sync| sync.enabled).collect()
    }

    /// A job that is at work, unless it is the one started here.
    pub(super) fn job_elsewhere(self) -> Option<JobView> {
        let is_ours = matches!(&*self.stage.read(), Stage::Planning | Stage::Running(_));
        self.console.job.get().filter(|_| !is_ours)
    }

    /// The job started here.
    pub(super) fn job(self) -> Option<JobView> {
        let is_ours = matches!(&*self.stage.read(), Stage::Planning | Stage::Running(_));
        self.console.job.get().filter(|job| is_ours && job.sync == *self.sync.read())
    }

    /// Why no plan can be asked for now; `None` where one can.
    pub(super) fn hindrance(self) -> Option<String> {
        let count = self.search.selected.read().len();
        if self.sync.read().is_empty() {
            return Some("choose a sync".to_owned());
        }
        if count == 0 {
            return Some("select records in the table".to_owned());
        }
        if count > MOST_SELECTED {
            return Some(format!(
                "at most {MOST_SELECTED} records at once: take {} out, or run the whole sync",
                count - MOST_SELECTED
            ));
        }
        self.job_elsewhere().map(|_| "another job is at work".to_owned())
    }

    /// Plans the selected records.
    pub(super) fn plan(self) {
        if untrack(|| self.hindrance()).is_some() {
            return;
        }
        let ids = self.search.selected.read_untracked();
        let records = ids.iter().filter_map(|id| RecordId::parse(id).ok()).collect();
        let request = RunRequest { sync: self.sync.get_untracked(), records: Some(records) };
        drop(ids);
        self.stage.set(Stage::Planning);
        let backend = self.backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<PlanMake>(request).await;
            let stage = match answer {
                Ok(plan) => {
                    self.announcer.say(plan_words(&plan.counts));
                    Stage::Planned(plan)
                }
                Err(problem) => Stage::Refused(problem),
            };
            _ = self.stage.try_set(stage);
        });
    }

    /// Carries out the plan shown.
    pub(super) fn run(self) {
        let Stage::Planned(plan) = self.stage.get_untracked() else { return };
        if writes(&plan.counts) == 0 || untrack(|| self.job_elsewhere()).is_some() {
            return;
        }
        let run: RunId = plan.run;
        self.stage.set(Stage::Running(plan));
        let backend = self.backend.get_value();
        spawn_local(async move {
            let answer = backend.ask::<RunStart>(RunOrder::Plan(run)).await;
            let stage = match answer {
                Ok(view) => {
                    let end = view.end.map_or("interrupted", isthmus_model::run::RunEnd::as_str);
                    self.announcer.say(format!("Run {run} ended: {end}"));
                    Stage::Ended(view)
                }
                Err(problem) => Stage::Refused(problem),
            };
            if self.stage.try_set(stage).is_none() {
                self.search.refresh();
            }
        });
    }

    fn choose_sync(self) {
        Effect::new(move || {
            let usable = self.usable();
            let chosen = self.sync.get_untracked();
            if !usable.iter().any(|sync| sync.name == chosen) {
                self.sync.set(usable.first().map(|sync| sync.name.clone()).unwrap_or_default());
            }
        });
    }

    fn forget_plan(self) {
        self.stage.update(|stage| {
            if !matches!(stage, Stage::Planning | Stage::Running(_)) {
                *stage = Stage::Choosing;
            }
        });
    }
}

/// Rows that would be written.
pub(super) fn writes(counts: &PlanCounts) -> u64 {
    counts.creates + counts.updates + counts.deletes
}

/// A plan in one sentence.
pub(super) fn plan_words(counts: &PlanCounts) -> String {
    match (writes(counts), counts.held) {
        (0, 0) => "Nothing to do: both sides agree".to_owned(),
        (0, held) => format!("Nothing to write; {} held", counted(held, "row is", "rows are")),
        (writes, 0) => format!("Will write {}", counted(writes, "row", "rows")),
        (writes, held) => format!(
            "Will write {}; {} held",
            counted(writes, "row", "rows"),
            counted(held, "row is", "rows are")
        ),
    }
}

fn fitting(all: &[SyncListing], org: &str, object: &str) -> Vec<SyncView> {
    let fits = |sync: &SyncView| {
        sync.left == org
            && sync.objects.iter().any(|mapped| mapped.left.eq_ignore_ascii_case(object))
    };
    all.iter().map(|listing| &listing.sync).filter(|sync| fits(sync)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use isthmus_contract::sync::{ObjectView, SyncListing, SyncView};
    use isthmus_model::ids::MappingVersion;
    use isthmus_model::plan::PlanCounts;

    use super::{fitting, plan_words};

    fn listing(name: &str, left: &str, object: &str) -> SyncListing {
        let objects = vec![ObjectView {
            name: object.to_owned(),
            left: object.to_owned(),
            right: object.to_owned(),
            fields: 3,
        }];
        let sync = SyncView {
            name: name.to_owned(),
            description: None,
            enabled: true,
            version: MappingVersion(1),
            left: left.to_owned(),
            right: "service".to_owned(),
            objects,
        };
        SyncListing { sync, last_run: None, interrupted: None }
    }

    #[test]
    fn a_sync_fits_where_it_reads_the_object_from_the_org() {
        let all = [
            listing("customers", "sales", "Account"),
            listing("people", "sales", "Contact"),
            listing("back", "emea", "Account"),
        ];
        let names: Vec<String> =
            fitting(&all, "sales", "account").into_iter().map(|sync| sync.name).collect();
        assert_eq!(names, ["customers"]);
        assert!(fitting(&all, "service", "Account").is_empty());
    }

    #[test]
    fn a_plan_reads_as_one_sentence() {
        let counts = |creates, held| PlanCounts { creates, held, ..PlanCounts::default() };
        assert_eq!(plan_words(&counts(0, 0)), "Nothing to do: both sides agree");
        assert_eq!(plan_words(&counts(1, 0)), "Will write 1 row");
        assert_eq!(plan_words(&counts(2, 1)), "Will write 2 rows; 1 row is held");
    }
}

//! A run's rows into a file.

use isthmus_contract::command::{AboutConsole, RunExport};
use isthmus_contract::problem::Problem;
use isthmus_contract::run::{ExportFormat, ExportOrder, ExportView, RunReportView};
use isthmus_model::ids::RunId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::announcer::Announcer;
use crate::components::badge::Tone;
use crate::components::button::{Button, Kind};
use crate::components::copy_field::CopyField;
use crate::components::dialog::Dialog;
use crate::components::field::{Choice, Segmented, SelectField, TextField};
use crate::components::icon::Shape;
use crate::components::notice::Notice;
use crate::format::{counted, grouped};
use crate::state::asked::Asked;

/// What is written where.
#[derive(Clone, Copy)]
struct Form {
    run: RunId,
    format: RwSignal<String>,
    outcome: RwSignal<String>,
    /// What was typed; `None` while the default stands.
    path: RwSignal<String>,
    downloads: Memo<String>,
    busy: RwSignal<bool>,
    done: RwSignal<Option<Result<ExportView, Problem>>>,
}

/// The dialog.
#[component]
pub(super) fn ExportDialog(
    run: RunId,
    known: Memo<Option<RunReportView>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let about = Asked::<AboutConsole>::new(&[], || Some(()));
    let downloads = Memo::new(move |_| match &*about.answer.read() {
        Some(Ok(about)) => about.downloads.clone(),
        _ => String::new(),
    });
    let form = Form {
        run,
        format: RwSignal::new("csv".to_owned()),
        outcome: RwSignal::new(String::new()),
        path: RwSignal::new(String::new()),
        downloads,
        busy: RwSignal::new(false),
        done: RwSignal::new(None),
    };
    form.keep_default_path();
    let (backend, announcer) = (Backend::of_this_app(), Announcer::of_app());
    let write = Callback::new(move |()| form.write(backend.clone(), announcer));
    let close = move || {
        open.set(false);
        form.done.set(None);
    };
    let is_written = Memo::new(move |_| matches!(&*form.done.read(), Some(Ok(_))));
    let footer = move || {
        view! {
            <span class="push"></span>
            {move || if is_written.get() {
                view! { <Button kind=Kind::Primary on_press=close>"Done"</Button> }.into_any()
            } else {
                view! {
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=Kind::Primary icon=Shape::Download busy=form.busy on_press=write attr:data-test="write-export">
                        "Write the file"
                    </Button>
                }.into_any()
            }}
        }
    };
    view! {
        <Dialog open title=format!("Export run {run}") on_close=close footer>
            {move || match form.done.get() {
                Some(Ok(written)) => view! { <Written written/> }.into_any(),
                _ => view! { <Fill form known write/> }.into_any(),
            }}
        </Dialog>
    }
}

impl Form {
    /// The path follows the format and the downloads folder until somebody types another one.
    fn keep_default_path(self) {
        Effect::new(move |before: Option<String>| {
            let default = default_path(&self.downloads.read(), self.run, &self.format.read());
            let typed = self.path.get_untracked();
            if before.is_none_or(|before| typed == before || typed.is_empty()) {
                self.path.set(default.clone());
            }
            default
        });
    }

    fn write(self, backend: Backend, announcer: Announcer) {
        let outcome = self.outcome.get_untracked();
        let format = if self.format.get_untracked() == "json" {
            ExportFormat::Json
        } else {
            ExportFormat::Csv
        };
        let order = ExportOrder {
            run: self.run,
            outcome: (!outcome.is_empty()).then_some(outcome),
            format,
            path: self.path.get_untracked().trim().to_owned(),
        };
        self.busy.set(true);
        self.done.set(None);
        spawn_local(async move {
            let answer = backend.ask::<RunExport>(order).await;
            if let Ok(written) = &answer {
                announcer.say(format!("{} written", counted(written.rows, "row", "rows")));
            }
            _ = self.busy.try_set(false);
            _ = self.done.try_set(Some(answer));
        });
    }
}

/// The form, with what went wrong the last time.
#[component]
fn Fill(form: Form, known: Memo<Option<RunReportView>>, write: Callback<()>) -> impl IntoView {
    let formats = vec![Choice::new("csv", "CSV"), Choice::new("json", "JSON")];
    let error = move || match form.done.get() {
        Some(Err(problem)) => Some(view! {
            <Notice tone=Tone::Err title=problem.text text=problem.hint>
                <code class="small">{problem.code.as_str()}</code>
            </Notice>
        }),
        _ => None,
    };
    view! {
        <div class="export" data-test="export-form">
            <SelectField label="Rows" options=Signal::derive(move || choices(known)) value=form.outcome/>
            <div class="field">
                <span class="field__label" aria-hidden="true">"Format"</span>
                <Segmented label="Format" choices=formats value=form.format/>
            </div>
            <TextField
                label="File"
                value=form.path
                mono=true
                hint="The full path. A file that exists is never written over."
                on_enter=write
            />
            {error}
        </div>
    }
}

/// Where the rows are now.
#[component]
fn Written(written: ExportView) -> impl IntoView {
    let rows = counted(written.rows, "row", "rows");
    view! {
        <div class="export" data-test="export-done">
            <Notice tone=Tone::Ok title=format!("{rows} written")/>
            <CopyField label="Path" value=written.path/>
        </div>
    }
}

/// All rows, and each outcome that has some.
fn choices(known: Memo<Option<RunReportView>>) -> Vec<(String, String)> {
    let known = known.read();
    let Some(report) = known.as_ref() else { return Vec::new() };
    let counts = &report.header.counts;
    let outcomes = [
        ("failed", counts.failed),
        ("held", counts.held),
        ("pending", counts.pending),
        ("created", counts.created),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
    ];
    let all = (String::new(), format!("All rows ({})", grouped(report.header.rows_read)));
    let some = outcomes.into_iter().filter(|(_, rows)| *rows > 0);
    let some =
        some.map(|(word, rows)| (word.to_owned(), format!("Only {word} ({})", grouped(rows))));
    std::iter::once(all).chain(some).collect()
}

fn default_path(downloads: &str, run: RunId, format: &str) -> String {
    // Windows is the one place where a folder has no slash in it.
    let separator = if downloads.contains('\\') && !downloads.contains('/') { '\\' } else { '/' };
    let folder = downloads.trim_end_matches(separator);
    format!("{folder}{separator}isthmus-run-{run}.{format}")
}

#[cfg(test)]
mod tests {
    use isthmus_model::ids::RunId;

    use super::default_path;

    #[test]
    fn the_default_path_is_one_of_this_machine() {
        let path = |downloads| default_path(downloads, RunId(12), "csv");
        assert_eq!(path("/home/me/Downloads"), "/home/me/Downloads/isthmus-run-12.csv");
        assert_eq!(path("/home/me/Downloads/"), "/home/me/Downloads/isthmus-run-12.csv");
        assert_eq!(
            path("C:\\Users\\me\\Downloads"),
            "C:\\Users\\me\\Downloads\\isthmus-run-12.csv"
        );
    }
}

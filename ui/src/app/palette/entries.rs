//! What the palette offers, and what of it fits what is typed.

use isthmus_contract::console::JobView;
use isthmus_contract::org::OrgView;
use isthmus_contract::run::RunView;
use isthmus_contract::sync::SyncListing;
use isthmus_model::ids::RunId;

use crate::app::palette::fuzzy;
use crate::app::places;
use crate::components::icon::Shape;
use crate::route::{Route, SyncTab};
use crate::state::theme::Theme;

/// Most results shown: more than anybody reads before typing another letter.
const MOST: usize = 40;

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// Goes to a page.
    Go(Route),
    /// Chooses a theme.
    Choose(Theme),
    /// Cancels the job at work.
    Cancel,
    /// Lists the keys.
    Keys,
}

/// What entries have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// Pages of the rail.
    Pages,
    /// Things to do.
    Actions,
    /// Syncs and their tabs.
    Syncs,
    /// Orgs.
    Orgs,
    /// Runs.
    Runs,
}

impl Section {
    /// The word shown above.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Pages => "Pages",
            Self::Actions => "Actions",
            Self::Syncs => "Syncs",
            Self::Orgs => "Orgs",
            Self::Runs => "Runs",
        }
    }
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it has in common with others.
    pub(crate) section: Section,
    /// Its icon.
    pub(crate) shape: Shape,
    /// Its words; what is typed is looked for here.
    pub(crate) title: String,
    /// More about it, not looked at.
    pub(crate) hint: String,
    /// The keys that do the same; empty for none.
    pub(crate) keys: String,
    /// What it does.
    pub(crate) act: Act,
}

/// An entry that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The entry.
    pub(crate) entry: Entry,
    /// Where the typed letters are in its title, counted in characters.
    pub(crate) places: Vec<usize>,
    score: u32,
}

/// What the workspace holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Its orgs.
    pub(crate) orgs: &'a [OrgView],
    /// Its syncs.
    pub(crate) syncs: &'a [SyncListing],
    /// Its latest runs.
    pub(crate) runs: &'a [RunView],
    /// The job at work.
    pub(crate) job: Option<&'a JobView>,
}

/// Everything that can be chosen, in the order shown while nothing is typed.
pub(crate) fn entries(known: Known<'_>) -> Vec<Entry> {
    let pages = places::all().into_iter().map(|place| {
        let keys = format!("G {}", place.letter);
        let act = Act::Go(place.route);
        Entry {
            section: Section::Pages,
            shape: place.shape,
            title: place.title.to_owned(),
            hint: String::new(),
            keys,
            act,
        }
    });
    let syncs = known.syncs.iter().flat_map(of_sync);
    let orgs = known.orgs.iter().map(|org| {
        entry(
            Section::Orgs,
            Shape::Orgs,
            &org.name,
            &org.label,
            Act::Go(Route::Org(org.name.clone())),
        )
    });
    let runs = known.runs.iter().map(of_run);
    pages.chain(actions(known)).chain(syncs).chain(orgs).chain(runs).collect()
}

/// The entries that fit what is typed, the best first and those of one section together.
pub(crate) fn search(typed: &str, entries: &[Entry]) -> Vec<(Section, Vec<Found>)> {
    let mut found: Vec<Found> =
        numbered(typed).into_iter().chain(fitting(typed, entries)).collect();
    if typed.trim().is_empty() {
        found.sort_by_key(|found| found.entry.section);
    } else {
        found.sort_by_key(|found| {
            (std::cmp::Reverse(found.score), found.entry.title.chars().count())
        });
    }
    let mut seen = Vec::new();
    found.retain(|found| {
        let is_new = !seen.contains(&found.entry.act);
        seen.push(found.entry.act.clone());
        is_new
    });
    found.truncate(MOST);
    grouped(found)
}

fn fitting<'a>(typed: &'a str, entries: &'a [Entry]) -> impl Iterator<Item = Found> + 'a {
    entries.iter().filter_map(move |entry| {
        let hit = fuzzy::find(typed, &entry.title)?;
        Some(Found { entry: entry.clone(), places: hit.places, score: hit.score })
    })
}

/// `12`, `#12` and `run 12` lead to a run by its number, whether it is one of the latest or not.
fn numbered(typed: &str) -> Option<Found> {
    let typed = typed.trim().to_lowercase();
    let number = typed.strip_prefix("run").unwrap_or(&typed).trim().trim_start_matches('#');
    let run = RunId(number.parse().ok().filter(|number| *number > 0)?);
    let act = Act::Go(Route::Run(run));
    let entry = entry(Section::Runs, Shape::Runs, &format!("Run {run}"), "by its number", act);
    Some(Found { entry, places: Vec::new(), score: u32::MAX })
}

fn grouped(found: Vec<Found>) -> Vec<(Section, Vec<Found>)> {
    let mut groups: Vec<(Section, Vec<Found>)> = Vec::new();
    for found in found {
        let section = found.entry.section;
        match groups.iter_mut().find(|(of, _)| *of == section) {
            Some((_, group)) => group.push(found),
            None => groups.push((section, vec![found])),
        }
    }
    groups
}

fn actions(known: Known<'_>) -> Vec<Entry> {
    let action =
        |shape, title: &str, hint: &str, act| entry(Section::Actions, shape, title, hint, act);
    let mut actions = Vec::new();
    if let Some(job) = known.job.filter(|job| !job.cancelling) {
        actions.push(action(Shape::Stop, "Cancel the job at work", &job.sync, Act::Cancel));
    }
    actions.push(action(Shape::Plus, "Connect an org", "", Act::Go(Route::Connect(None))));
    actions.push(action(Shape::Plus, "New sync", "", Act::Go(Route::NewSync)));
    for theme in Theme::ALL {
        let title = format!("Theme: {}", theme.word());
        actions.push(action(theme.shape(), &title, "", Act::Choose(theme)));
    }
    let mut keys = action(Shape::Key, "Keyboard map", "all keys", Act::Keys);
    "?".clone_into(&mut keys.keys);
    actions.push(keys);
    actions
}

fn of_sync(listing: &SyncListing) -> [Entry; 3] {
    let sync = &listing.sync;
    let go = |tab| Act::Go(Route::Sync(sync.name.clone(), tab));
    let between = format!("{} to {}", sync.left, sync.right);
    [
        entry(Section::Syncs, Shape::ArrowRight, &sync.name, &between, go(SyncTab::Map)),
        entry(
            Section::Syncs,
            Shape::Play,
            &format!("Preview {}", sync.name),
            "plans first",
            go(SyncTab::Preview),
        ),
        entry(
            Section::Syncs,
            Shape::History,
            &format!("Runs of {}", sync.name),
            "",
            go(SyncTab::Runs),
        ),
    ]
}

fn of_run(run: &RunView) -> Entry {
    let title = format!("Run {} of {}", run.run, run.sync);
    let end = run.end.map_or("open", isthmus_model::run::RunEnd::as_str);
    entry(Section::Runs, Shape::Runs, &title, end, Act::Go(Route::Run(run.run)))
}

fn entry(section: Section, shape: Shape, title: &str, hint: &str, act: Act) -> Entry {
    Entry {
        section,
        shape,
        title: title.to_owned(),
        hint: hint.to_owned(),
        keys: String::new(),
        act,
    }
}

#[cfg(test)]
mod tests;

//! Line icons on a grid of 16, drawn for the console.

use leptos::prelude::*;

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $path:literal,)*) => {
        /// What an icon shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Shape { $($(#[$doc])* $name,)* }

        impl Shape {
            /// Every shape, in the order of the list.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)*];

            fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }
        }
    };
}

shapes! {
    /// The overview.
    Overview = "M3 2h3a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-3a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1ZM10 2h3a1 1 0 0 1 1 1v1.5a1 1 0 0 1 -1 1h-3a1 1 0 0 1 -1 -1v-1.5a1 1 0 0 1 1 -1ZM3 10.5h3a1 1 0 0 1 1 1v1.5a1 1 0 0 1 -1 1h-3a1 1 0 0 1 -1 -1v-1.5a1 1 0 0 1 1 -1ZM10 8h3a1 1 0 0 1 1 1v4a1 1 0 0 1 -1 1h-3a1 1 0 0 1 -1 -1v-4a1 1 0 0 1 1 -1Z",
    /// Orgs: a cloud.
    Orgs = "M4.6 12.5h7a2.9 2.9 0 0 0 .5-5.8 4.2 4.2 0 0 0-8-.9A3.4 3.4 0 0 0 4.6 12.5Z",
    /// Syncs: two opposite arrows.
    Syncs = "M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13",
    /// Runs: a pulse.
    Runs = "M1.5 8h3l2-5 3 10 2-5h3",
    /// The inbox: a tray.
    Inbox = "M2 9.5 4 3.2a1 1 0 0 1 .95-.7h6.1a1 1 0 0 1 .95.7L14 9.5v3a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1ZM2 9.5h3.5l1 2h3l1-2H14",
    /// Records: a table.
    Records = "M3.5 2.5h9a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-9a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5 1.5 0 0 1 1.5 -1.5ZM2 6h12M2 9.75h12M6 6v7.5",
    /// Queries: a prompt.
    Query = "M3 2.5h10a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-10a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5 1.5 0 0 1 1.5 -1.5ZM4.5 6l2 2-2 2M8.5 10.5h3",
    /// Insights: bars.
    Insights = "M2.5 13.5v-4M6.2 13.5v-8M9.8 13.5V8M13.5 13.5v-11",
    /// Audit and privacy: a shield.
    Audit = "M8 1.5 13 3.4v4.1c0 3.2-2.1 5.6-5 7-2.9-1.4-5-3.8-5-7V3.4ZM5.8 7.9l1.6 1.6 2.9-3",
    /// Settings: two sliders.
    Settings = "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M8.2 4.5a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0ZM4.2 11.5a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0Z",
    /// Search: a magnifier.
    Search = "M2.5 7a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0ZM10.5 10.5l3.5 3.5",
    /// Plus: adds, or grows.
    Plus = "M8 3v10M3 8h10",
    /// Minus: removes, or shrinks.
    Minus = "M3 8h10",
    /// A check mark.
    Check = "m3 8.5 3.2 3.2L13 4.8",
    /// A cross that closes or removes.
    Close = "m4 4 8 8M12 4l-8 8",
    /// A ring with a check mark.
    Ok = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM5.5 8.2l1.8 1.8 3.3-3.7",
    /// A triangle with an exclamation mark.
    Warn = "M7.1 2.6 1.7 12a1 1 0 0 0 .9 1.5h10.8a1 1 0 0 0 .9-1.5L8.9 2.6a1 1 0 0 0-1.8 0ZM8 6.2v3.2M8 11.5v.01",
    /// An octagon with an exclamation mark.
    Fault = "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5ZM8 5v3.5M8 11v.01",
    /// A ring with an i.
    Info = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM8 7.5V11M8 5v.01",
    /// A cloud struck through.
    Offline = "m2 2 12 12M6.5 3.7a4.2 4.2 0 0 1 5.6 3 2.9 2.9 0 0 1 1.7 4.7M4.1 5.8a3.4 3.4 0 0 0 .5 6.7h6.2",
    /// Two bars.
    Pause = "M5.5 3v10M10.5 3v10",
    /// A square.
    Stop = "M4 4h8v8h-8Z",
    /// Starts something.
    Play = "M4.5 2.8v10.4L13 8Z",
    /// Tries again, or reads again.
    Retry = "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5V4.5h-3",
    /// Two equal lines.
    Equals = "M3 6h10M3 10h10",
    /// Two links of a chain.
    Link = "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8",
    /// A key.
    Key = "M2.2 11a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0 -5.6 0ZM7 9l6-6M11 5l2 2M9 7l1.5 1.5",
    /// To the left.
    ArrowLeft = "M13.5 8h-11M6.5 4l-4 4 4 4",
    /// To the right.
    ArrowRight = "M2.5 8h11M9.5 4l4 4-4 4",
    /// Both ways.
    ArrowBoth = "M2 8h12M5 5 2 8l3 3M11 5l3 3-3 3",
    /// Opens or sorts upwards.
    ChevronUp = "m4 10 4-4 4 4",
    /// Opens or sorts downwards.
    ChevronDown = "m4 6 4 4 4-4",
    /// Back.
    ChevronLeft = "m10 4-4 4 4 4",
    /// On.
    ChevronRight = "m6 4 4 4-4 4",
    /// Two sheets.
    Copy = "M7 5.5h5a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1 -1.5 1.5h-5a1.5 1.5 0 0 1 -1.5 -1.5v-5a1.5 1.5 0 0 1 1.5 -1.5ZM10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5",
    /// Leaves the window.
    External = "M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5V12A1.5 1.5 0 0 1 10 13.5H4A1.5 1.5 0 0 1 2.5 12V6A1.5 1.5 0 0 1 4 4.5h2.5",
    /// Undoes.
    Undo = "M5.5 3 2.5 6l3 3M2.5 6H10a3.5 3.5 0 0 1 0 7H6",
    /// Does again.
    Redo = "m10.5 3 3 3-3 3M13.5 6H6a3.5 3.5 0 0 0 0 7h4",
    /// Downloads or exports.
    Download = "M8 2v8.5M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11",
    /// Uploads or imports.
    Upload = "M8 10.5V2M4.5 5.5 8 2l3.5 3.5M2.5 13.5h11",
    /// A pencil.
    Edit = "m10.5 3 2.5 2.5L5.5 13 2.5 13.5 3 10.5Z",
    /// A bin.
    Trash = "M2.5 4.5h11M6 4.5V3a.8.8 0 0 1 .8-.8h2.4A.8.8 0 0 1 10 3v1.5M4 4.5l.6 8a1 1 0 0 0 1 .9h4.8a1 1 0 0 0 1-.9l.6-8",
    /// Narrows a list.
    Filter = "M2 4h12M4.5 8h7M6.5 12h3",
    /// Chooses columns.
    Columns = "M3.5 2.5h9a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-9a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5 1.5 0 0 1 1.5 -1.5ZM6 2.5v11M10 2.5v11",
    /// A grid.
    Grid = "M4 2.5h8a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-8a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5 1.5 0 0 1 1.5 -1.5ZM2.5 8h11M8 2.5v11",
    /// Boxes and their relations.
    Graph = "M2.5 2.5h2a1 1 0 0 1 1 1v1.5a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1v-1.5a1 1 0 0 1 1 -1ZM11.5 2.5h2a1 1 0 0 1 1 1v1.5a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1v-1.5a1 1 0 0 1 1 -1ZM11.5 10h2a1 1 0 0 1 1 1v1.5a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1v-1.5a1 1 0 0 1 1 -1ZM5.5 4.2h5M5.5 4.5c3 0 2 7.2 5 7.2",
    /// Two into one.
    Merge = "M2.5 3.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0ZM2.5 12.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0ZM10.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0ZM4 5v6M4 5c0 2.5 2.5 3 6.5 3",
    /// Text in code form.
    Code = "m5 4.5-3.5 3.5L5 11.5M11 4.5l3.5 3.5-3.5 3.5",
    /// A closed lock.
    Lock = "M4.5 7h7a1.5 1.5 0 0 1 1.5 1.5v3.5a1.5 1.5 0 0 1 -1.5 1.5h-7a1.5 1.5 0 0 1 -1.5 -1.5v-3.5a1.5 1.5 0 0 1 1.5 -1.5ZM5 7V5a3 3 0 0 1 6 0v2",
    /// An eye.
    Eye = "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM6 8a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z",
    /// A bolt: at once.
    Bolt = "M9 1.5 3 9h4.5L7 14.5 13 7H8.5Z",
    /// A clock.
    Clock = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM8 4.5V8l2.5 1.5",
    /// A clock that goes back.
    History = "M2.5 8a5.5 5.5 0 1 0 1.7-4M2.5 1.5V4.5h3M8 5v3l2 1.5",
    /// Two persons.
    People = "M3.7 5.5a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0ZM1.8 13c.4-2.5 2-3.5 4.2-3.5s3.8 1 4.2 3.5M10.5 3.5a2.2 2.2 0 0 1 0 4.2M12 9.8c1.3.5 2 1.6 2.3 3.2",
    /// One person.
    Person = "M5.3 5.5a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0 -5.4 0ZM2.8 13.5c.5-2.8 2.6-4 5.2-4s4.7 1.2 5.2 4",
    /// A building.
    Building = "M3.5 13.5V3a.8.8 0 0 1 .8-.8h5.4a.8.8 0 0 1 .8.8v10.5M10.5 6.5h2a.8.8 0 0 1 .8.8v6.2M2 13.5h12M6 5h2M6 7.5h2M6 10h2",
    /// A globe.
    Globe = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM2 8h12M8 2c2 1.8 2.7 3.8 2.7 6S10 12.2 8 14c-2-1.8-2.7-3.8-2.7-6S6 3.8 8 2Z",
    /// A star.
    Star = "m8 2 1.8 3.8 4.2.6-3 2.9.7 4.2L8 11.5l-3.7 2 .7-4.2-3-2.9 4.2-.6Z",
    /// A text field.
    Text = "M3 4V3h10v1M8 3v10M6 13h4",
    /// A list of choices.
    List = "M6 4h8M6 8h8M6 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
    /// A number field.
    Number = "M6 2.5 4.5 13.5M11.5 2.5 10 13.5M2.5 6h11M2.5 10h11",
    /// An amount of money.
    Currency = "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0ZM10 6c-.3-.8-1-1.2-2-1.2-1.2 0-2 .6-2 1.5 0 2.2 4 1.2 4 3.4 0 .9-.8 1.5-2 1.5-1 0-1.7-.4-2-1.2M8 3.8v8.4",
    /// A date field.
    Date = "M4 3.5h8a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1 -1.5 1.5h-8a1.5 1.5 0 0 1 -1.5 -1.5v-7a1.5 1.5 0 0 1 1.5 -1.5ZM2.5 6.8h11M5.5 2v2.5M10.5 2v2.5",
    /// A yes or no field.
    Boolean = "M5 4.5h6a3.5 3.5 0 0 1 0 7H5a3.5 3.5 0 0 1 0-7ZM9.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0Z",
    /// A phone field.
    Phone = "M5.5 2.5H3.8A1.3 1.3 0 0 0 2.5 4c.4 5 4.5 9.1 9.5 9.5a1.3 1.3 0 0 0 1.5-1.3v-1.7L10.5 9.5 9 11A8.5 8.5 0 0 1 5 7l1.5-1.5Z",
    /// A mail field.
    Mail = "M3.5 3.5h9a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM2.8 4.5 8 8.8l5.2-4.3",
    /// A formula.
    Formula = "M9.5 2.5c-1.8-.5-2.7.4-3 2L5.2 12c-.3 1.5-1.1 2.1-2.7 1.6M4 6.5h4M9 8l4 5M13 8l-4 5",
    /// A suggestion.
    Sparkles = "M8 2v3M8 11v3M2 8h3M11 8h3M4 4l1.7 1.7M10.3 10.3 12 12M12 4l-1.7 1.7M5.7 10.3 4 12",
    /// The light theme.
    Sun = "M5.2 8a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0ZM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
    /// The dark theme.
    Moon = "M13.5 9.4A5.8 5.8 0 0 1 6.6 2.5a5.8 5.8 0 1 0 6.9 6.9Z",
    /// More choices.
    More = "M2.75 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0ZM7.5 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0ZM12.25 8a.5.5 0 1 0 1 0a.5.5 0 1 0-1 0Z",
    /// A field that points at another record.
    Lookup = "M2.5 3v6a2 2 0 0 0 2 2h8.5M10 8l3 3-3 3M5.5 3.5h8v3h-8Z",
    /// A sheet of paper.
    File = "M4.5 2h4.7L12.5 5.3V13a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1ZM9 2v3.5h3.5",
    /// A pin.
    Pin = "M8 9.8V14M4.5 9.8h7L10 7V2.5H6V7Z",
}

/// An icon beside a word, hence hidden from those who hear the word.
#[component]
pub(crate) fn Icon(
    /// What it shows.
    shape: Shape,
    /// In 12 instead of 16 pixels.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="icon" class:icon--sm=small viewBox="0 0 16 16" aria-hidden="true">
            <path d=shape.path()></path>
        </svg>
    }
}

//! Times in the person's own zone; the zone and the full date show on hover.

use std::time::Duration;

use jiff::Timestamp;
use js_sys::Date;
use leptos::prelude::*;

use crate::format::distance;

/// How often `3 min ago` is counted anew.
const TICK: Duration = Duration::from_secs(10);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The clock of the frame: one timer for all times that show how long ago they were.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ticking(ReadSignal<f64>);

impl Ticking {
    /// Starts it; once, in the frame.
    pub(crate) fn provide() {
        let (read, write) = signal(now());
        if let Ok(handle) = set_interval_with_handle(
            move || {
                let _ = write.try_set(now());
            },
            TICK,
        ) {
            on_cleanup(move || handle.clear());
        }
        provide_context(Self(read));
    }

    fn now() -> Signal<f64> {
        use_context::<Self>().map_or_else(|| Signal::stored(now()), |ticking| ticking.0.into())
    }
}

/// A time as date and clock: `14:26` today, `20 Nov 14:26` this year, else with the year.
#[component]
pub(crate) fn Time(
    /// The time.
    at: Timestamp,
    /// Shows seconds too.
    #[prop(optional)]
    seconds: bool,
) -> impl IntoView {
    let date = date(at);
    let text = short(&date, &Date::new(&now().into()), seconds);
    view! { <time datetime=at.to_string() title=full(&date)>{text}</time> }
}

/// How long ago, or how soon; the full time on hover.
#[component]
pub(crate) fn RelativeTime(
    /// The time.
    at: Timestamp,
) -> impl IntoView {
    let clock = Ticking::now();
    let ago = move || distance(whole(clock.get()) - at.as_millisecond());
    view! { <time datetime=at.to_string() title=full(&date(at))>{ago}</time> }
}

/// Milliseconds since 1970, by the machine's clock.
pub(crate) fn now() -> f64 {
    Date::now()
}

/// `14:26:40` in the person's zone.
pub(crate) fn clock_time(milliseconds: f64) -> String {
    clock(&Date::new(&milliseconds.into()), true)
}

fn short(date: &Date, today: &Date, seconds: bool) -> String {
    let clock = clock(date, seconds);
    let month = usize::try_from(date.get_month()).ok().and_then(|month| MONTHS.get(month)).copied();
    let day = format!("{} {}", date.get_date(), month.unwrap_or_default());
    if date.get_full_year() != today.get_full_year() {
        format!("{day} {} {clock}", date.get_full_year())
    } else if date.get_month() == today.get_month() && date.get_date() == today.get_date() {
        clock
    } else {
        format!("{day} {clock}")
    }
}

fn clock(date: &Date, seconds: bool) -> String {
    let minutes = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    if seconds { format!("{minutes}:{:02}", date.get_seconds()) } else { minutes }
}

/// As the engine writes it, with the zone's offset and name.
fn full(date: &Date) -> String {
    String::from(date.to_string())
}

fn date(at: Timestamp) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of every date fit 53 bits")]
    let milliseconds = at.as_millisecond() as f64;
    Date::new(&milliseconds.into())
}

fn whole(milliseconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of every date fit 53 bits")]
    let whole = milliseconds as i64;
    whole
}

//! Where everything of the chart is, in tenths of its own pixels: whole numbers, so that nothing is rounded twice.

use isthmus_contract::overview::DayRows;

/// Width of the drawing, in its own pixels.
pub(super) const WIDTH: u64 = 520;

/// Height of the drawing.
pub(super) const HEIGHT: u64 = 208;

/// Room for the numbers at the left.
pub(super) const LEFT: u64 = 34;

/// The axis from which bars of written rows rise, in tenths.
const BASE: u64 = 1_380;

/// How high the highest bar of written rows may be, in tenths.
const RISE: u64 = 1_320;

/// Where bars of failed rows begin, in tenths; they grow downwards.
const FAILED_TOP: u64 = 1_520;

/// How far down the longest bar of failed rows reaches, in tenths.
const FALL: u64 = 340;

/// The least height of a bar that stands for anything at all, in tenths.
const LEAST: u64 = 20;

/// Days from one label of the axis to the next.
const WEEK: usize = 7;

/// The whole drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plot {
    /// Horizontal lines from the axis upwards.
    pub(super) lines: Vec<Line>,
    /// One per day.
    pub(super) bars: Vec<Bar>,
    /// Words below the axis.
    pub(super) labels: Vec<Label>,
    /// Where bars of failed rows begin.
    pub(super) failed_top: u64,
}

/// A horizontal line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) value: u64,
    pub(super) y: u64,
    pub(super) label: String,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) width: u64,
    /// The room of the day, bar and gap together.
    pub(super) slot: u64,
    pub(super) written_y: u64,
    pub(super) written: u64,
    pub(super) failed: u64,
}

/// Words below the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) x: u64,
    pub(super) text: String,
    pub(super) anchor: &'static str,
}

impl Plot {
    /// The drawing of these days, each series on its own scale.
    pub(super) fn of(days: &[DayRows]) -> Self {
        let top = top(days.iter().map(|day| day.written).max().unwrap_or(0));
        let worst = days.iter().map(|day| day.failed).max().unwrap_or(0);
        let slot = (WIDTH - LEFT) * 10 / (days.len() as u64).max(1);
        let place = |number: usize| LEFT * 10 + slot * number as u64;
        let bars = days.iter().enumerate().map(|(number, day)| {
            let written = height(day.written, top, RISE);
            Bar {
                x: place(number) + slot / 8,
                width: slot * 3 / 4,
                slot,
                written_y: BASE - written,
                written,
                failed: height(day.failed, worst, FALL),
            }
        });
        Self {
            lines: lines(top),
            bars: bars.collect(),
            labels: labels(days, place),
            failed_top: FAILED_TOP,
        }
    }
}

/// Tenths as a number of SVG.
pub(super) fn px(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The end of the scale: three steps of 1, 2, 3, 5 or 10 times a power of ten that hold the largest value.
fn top(largest: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for factor in [1, 2, 3, 5] {
            let top = power.saturating_mul(factor).saturating_mul(3);
            if top >= largest {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn height(value: u64, of: u64, most: u64) -> u64 {
    if value == 0 || of == 0 {
        return 0;
    }
    let height = u128::from(value) * u128::from(most) / u128::from(of);
    u64::try_from(height).unwrap_or(most).clamp(LEAST, most)
}

fn lines(top: u64) -> Vec<Line> {
    let line = |step: u64| Line {
        value: top / 3 * step,
        y: BASE - RISE / 3 * step,
        label: short(top / 3 * step),
    };
    (0..=3).map(line).collect()
}

/// The first day of every week, and today.
fn labels(days: &[DayRows], place: impl Fn(usize) -> u64) -> Vec<Label> {
    let Some(last) = days.len().checked_sub(1) else { return Vec::new() };
    // A label that today's would touch is left out.
    let weeks = (0..days.len()).step_by(WEEK).filter(|number| number + WEEK / 2 < last);
    let mut labels: Vec<Label> = weeks
        .map(|number| Label {
            x: place(number),
            text: days[number].day.strftime("%-d %b").to_string(),
            anchor: "start",
        })
        .collect();
    labels.push(Label { x: WIDTH * 10 - 20, text: "today".to_owned(), anchor: "end" });
    labels
}

/// `0`, `300`, `10k`, `1.5M`.
fn short(number: u64) -> String {
    let (unit, word) = match number {
        0..=999 => return number.to_string(),
        1_000..=999_999 => (1_000, "k"),
        1_000_000..=999_999_999 => (1_000_000, "M"),
        _ => (1_000_000_000, "G"),
    };
    match number % unit * 10 / unit {
        0 => format!("{}{word}", number / unit),
        tenth => format!("{}.{tenth}{word}", number / unit),
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::overview::DayRows;
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::{BASE, FALL, LEAST, Plot, RISE, WIDTH, px, short, top};

    fn days(figures: &[(u64, u64)]) -> Vec<DayRows> {
        let first = date(2025, 10, 22);
        let day = |(number, (written, failed)): (i64, &(u64, u64))| DayRows {
            day: first.saturating_add(number.days()),
            written: *written,
            failed: *failed,
        };
        (0..).zip(figures).map(day).collect()
    }

    #[test]
    fn the_scale_ends_at_a_round_number_that_holds_everything() {
        assert_eq!(top(0), 3);
        assert_eq!(top(29_600), 30_000);
        assert_eq!(top(30_001), 60_000);
        assert_eq!(top(100), 150);
        assert!(top(u64::MAX) > 0);
    }

    #[test]
    fn each_series_has_its_own_scale_and_small_values_stay_visible() {
        let plot = Plot::of(&days(&[(30_000, 0), (1, 1), (0, 500)]));
        let [high, low, none] = plot.bars[..] else { panic!("three days, three bars") };
        assert_eq!((high.written, high.written_y, high.failed), (RISE, BASE - RISE, 0));
        assert_eq!((low.written, low.failed), (LEAST, LEAST));
        assert_eq!((none.written, none.failed), (0, FALL));
    }

    #[test]
    fn bars_stay_within_the_drawing_and_today_is_named() {
        let plot = Plot::of(&days(&[(5, 1); 30]));
        let last = plot.bars[29];
        assert!(last.x + last.width <= WIDTH * 10);
        let words: Vec<&str> = plot.labels.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(words, ["22 Oct", "29 Oct", "5 Nov", "12 Nov", "today"]);
        assert_eq!(Plot::of(&[]).bars, []);
    }

    #[test]
    fn numbers_beside_the_lines_are_short() {
        assert_eq!([0, 300, 10_000, 1_500_000].map(short), ["0", "300", "10k", "1.5M"]);
        assert_eq!(px(1_385), "138.5");
    }
}

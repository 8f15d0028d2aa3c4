//! What the window costs: cold start beside an empty window, size of the module, memory before and after a run of
//! 100,000 rows, and how smoothly the two big pages scroll beside an empty page.
//!
//! Every figure stands beside one of the same kind, taken in the same run on the same machine.
//! `-- --rows N --rounds N` changes the size; the last line on standard output is the result as JSON.

mod memory;
mod scroll;
mod start;

use std::path::Path;

use isthmus_tests::measure::option;
use isthmus_tests::window::tell;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let rows = option(&arguments, "--rows").unwrap_or(100_000);
    let rounds = option(&arguments, "--rounds").unwrap_or(3);
    let start = tell(start::measure(rounds));
    let scroll = tell(scroll::measure());
    let memory = memory::measure(rows);
    let module = module_kilobytes()?;
    say_figures(&start, &scroll, &memory, module);
    let result = json!({
        "bench": "window",
        "start": start,
        "scroll": scroll,
        "memory": memory,
        "module_kilobytes": module,
    });
    say(&result.to_string());
    Ok(())
}

fn say_figures(start: &Value, scroll: &Value, memory: &Value, module: u64) {
    say(&format!("module                      {module} KiB"));
    for (what, figures) in [("start", start), ("scroll", scroll), ("memory", memory)] {
        say(&format!("{what:<28}{figures}"));
    }
}

/// The console's own module, as the window loads it.
fn module_kilobytes() -> std::io::Result<u64> {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist/isthmus_ui_bg.wasm");
    Ok(std::fs::metadata(module)?.len() / 1024)
}

#[expect(clippy::print_stdout, reason = "a bench tells its figures")]
fn say(line: &str) {
    println!("{line}");
}

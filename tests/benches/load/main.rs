//! First load and unchanged re-run of 10,000 Accounts with 12 fields, beside a byte pump that makes the same calls.
//!
//! Each round serves fresh orgs, lets `isthmus` run twice while every request is recorded, serves the same orgs again
//! (same seed, same ports) and lets a pump send the recorded requests one after the other. Both are processes of
//! their own, timed from outside, so the ratio says what planning, ledger and encryption cost on top of the calls.
//! `-- --rows N --rounds N` changes the size; the last line on standard output is the result as JSON.

mod pump;
mod recorded;

use std::process::Command;

use isthmus_tests::isthmus::Desk;
use isthmus_tests::measure::{Measured, measure, median, option};
use serde_json::{Value, json};

use recorded::RecordedOrgs;

/// Twelve fields of every kind that an Account has.
const FIELDS: [&str; 12] = [
    "ERP_Key__c",
    "Name",
    "Phone",
    "Website",
    "BillingStreet",
    "BillingCity",
    "BillingPostalCode",
    "BillingCountry",
    "Industry",
    "AnnualRevenue",
    "NumberOfEmployees",
    "Description",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(position) = arguments.iter().position(|argument| argument == "--pump") {
        return pump::run(&arguments[position + 1]);
    }
    let rows = option(&arguments, "--rows").unwrap_or(10_000);
    let rounds = option(&arguments, "--rounds").unwrap_or(3);
    let rounds: Vec<Round> = (0..rounds).map(|_| round(rows)).collect();
    report(rows, &rounds)
}

/// What one round measured.
struct Round {
    load: Pair,
    again: Pair,
}

/// The product and the pump side by side.
struct Pair {
    product: Measured,
    pump: Measured,
    calls: usize,
}

fn round(rows: u64) -> Round {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let orgs = RecordedOrgs::serve(rows, None);
    let desk = desk(&orgs);
    let run = || {
        let measured = measure(desk.command(&["run", "bench", "--yes", "--json"]));
        (measured, orgs.take_log())
    };
    let _ = orgs.take_log();
    let (load, load_log) = run();
    let (again, again_log) = run();
    assert_eq!(orgs.rows_in_target(), rows, "every row arrived");
    let ports = orgs.ports();
    drop(orgs);

    let orgs = RecordedOrgs::serve(rows, Some(ports));
    let pump = |name: &str, log: &[recorded::Call]| {
        let file = folder.path().join(name);
        std::fs::write(&file, orgs.script(log)).expect("the script is written");
        let mut command =
            Command::new(std::env::current_exe().expect("a bench knows its own path"));
        command.arg("--pump").arg(file);
        measure(command)
    };
    let load_pump = pump("load.json", &load_log);
    let again_pump = pump("again.json", &again_log);
    assert_eq!(orgs.rows_in_target(), rows, "the pump wrote what the product wrote");
    Round {
        load: Pair { product: load, pump: load_pump, calls: load_log.len() },
        again: Pair { product: again, pump: again_pump, calls: again_log.len() },
    }
}

fn desk(orgs: &RecordedOrgs) -> Desk {
    let desk = Desk::with_workspace();
    for (name, announcement) in orgs.announcements() {
        let arguments = [
            "org",
            "connect",
            name,
            "--access-token-stdin",
            "--instance-url",
            &announcement.instance_url,
            "--json",
        ];
        let _ = desk.run_with_input(&arguments, &announcement.access_token).passed();
    }
    let fields: String =
        FIELDS.iter().map(|name| format!("      - {{left: {name}, right: {name}}}\n")).collect();
    let mapping = format!(
        "isthmus: 1\nsync: bench\nlanes:\n  - {{left: sales, right: service}}\nobjects:\n  - left: Account\n    \
         right: Account\n    match: {{key: {{left: ERP_Key__c, right: ERP_Key__c}}}}\n    policies: {{first_contact: left}}\n    \
         fields:\n{fields}"
    );
    let _ = desk.import(&mapping).passed();
    desk
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(rows: u64, rounds: &[Round]) -> Result<(), Box<dyn std::error::Error>> {
    let result = json!({
        "rows": rows,
        "rounds": rounds.len(),
        "first_load": summary(rows, &rounds.iter().map(|round| &round.load).collect::<Vec<_>>()),
        "unchanged_rerun": summary(rows, &rounds.iter().map(|round| &round.again).collect::<Vec<_>>()),
    });
    for name in ["first_load", "unchanged_rerun"] {
        let figures = &result[name];
        println!(
            "{name}: {} rows/s, peak {} MB, {} calls; the pump {} rows/s, peak {} MB; product/pump time {} (median of {})",
            figures["rows_per_second"],
            figures["peak_megabytes"],
            figures["calls"],
            figures["pump_rows_per_second"],
            figures["pump_peak_megabytes"],
            figures["time_ratio"],
            rounds.len(),
        );
    }
    println!("{}", serde_json::to_string(&result)?);
    Ok(())
}

fn summary(rows: u64, pairs: &[&Pair]) -> Value {
    let of = |pick: &dyn Fn(&Pair) -> f64| median(pairs.iter().map(|pair| pick(pair)).collect());
    #[expect(clippy::cast_precision_loss, reason = "row counts of a bench are small")]
    let rows = rows as f64;
    let round = |figure: f64| (figure * 100.0).round() / 100.0;
    json!({
        "rows_per_second": (rows / of(&|pair| pair.product.seconds)).round(),
        "peak_megabytes": round(of(&|pair| pair.product.peak_megabytes)),
        "pump_rows_per_second": (rows / of(&|pair| pair.pump.seconds)).round(),
        "pump_peak_megabytes": round(of(&|pair| pair.pump.peak_megabytes)),
        "time_ratio": round(of(&|pair| pair.product.seconds / pair.pump.seconds)),
        "calls": pairs.first().map(|pair| pair.calls),
    })
}

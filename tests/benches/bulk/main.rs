//! Bulk query and Bulk ingest of 1,000,000 Accounts through the client, beside a raw byte copy over the same endpoints.
//!
//! One org is served; the client and the copy are processes of their own. Each tells how long its transfer took (the org's
//! own work on the job is not counted), and its peak resident memory is read from outside. What is compared is rows that are
//! decoded or encoded one by one against bytes that are only moved. `-- --rows N --rounds N` changes the size; the last line
//! on standard output is the result as JSON.

mod child;
mod copy;

use std::path::Path;
use std::process::Command;

use isthmus_tests::measure::{Measured, measure, median, option};
use isthmus_tests::orgs::Orgs;
use orgsim::serve::ServeOptions;
use serde_json::{Value, json};

use child::{Share, Told};

/// What the client may need at most, however many rows there are.
const MEMORY_LIMIT_MEGABYTES: f64 = 100.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(position) = arguments.iter().position(|argument| argument == "--share") {
        return child::run(&arguments[position + 1]);
    }
    let rows = option(&arguments, "--rows").unwrap_or(1_000_000);
    let rounds = option(&arguments, "--rounds").unwrap_or(3);
    let orgs = serve(rows);
    let rounds: Vec<Round> = (0..rounds).map(|_| round(&orgs, rows)).collect();
    report(rows, &rounds)
}

/// The org's name.
const ORG: &str = "sales";

/// One org full of accounts.
fn serve(rows: u64) -> Orgs {
    let mut options = ServeOptions::new(&[ORG]).seed(7).records("Account", rows);
    options.daily_max = 1_000_000;
    Orgs::serve(&options)
}

fn share(orgs: &Orgs, what: &str, amount: u64, job: Option<String>) -> Share {
    let announcement = orgs.announcement(ORG);
    Share {
        what: what.to_owned(),
        instance_url: announcement.instance_url.clone(),
        token: announcement.access_token.clone(),
        amount,
        job,
    }
}

/// One direction: the client and the copy.
struct Pair {
    client: Told,
    client_process: Measured,
    copy: Told,
}

struct Round {
    query: Pair,
    ingest: Pair,
}

fn round(orgs: &Orgs, rows: u64) -> Round {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |share: Share| carry_out(folder.path(), &share);
    let (client, client_process) = run(share(orgs, "query", rows, None));
    let (copy, _) = run(share(orgs, "copy-query", rows, client.job.clone()));
    assert_eq!(client.rows, rows, "every row was read");
    let query = Pair { client, client_process, copy };
    let (client, client_process) = run(share(orgs, "ingest", rows, None));
    let (copy, _) = run(share(orgs, "copy-ingest", client.bytes, None));
    let ingest = Pair { client, client_process, copy };
    Round { query, ingest }
}

/// Runs one share of the work in a process of its own.
fn carry_out(folder: &Path, share: &Share) -> (Told, Measured) {
    let file = folder.join("share.json");
    std::fs::write(&file, serde_json::to_vec(share).expect("plain text")).expect("it is written");
    let mut command = Command::new(std::env::current_exe().expect("a bench knows its own path"));
    command.arg("--share").arg(&file);
    let measured = measure(command);
    let told = std::fs::read(file.with_extension("told")).expect("the process told its figures");
    (serde_json::from_slice(&told).expect("figures"), measured)
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(rows: u64, rounds: &[Round]) -> Result<(), Box<dyn std::error::Error>> {
    let result = json!({
        "rows": rows,
        "rounds": rounds.len(),
        "bulk_query": summary(&rounds.iter().map(|round| &round.query).collect::<Vec<_>>()),
        "bulk_ingest": summary(&rounds.iter().map(|round| &round.ingest).collect::<Vec<_>>()),
    });
    for name in ["bulk_query", "bulk_ingest"] {
        let figures = &result[name];
        println!(
            "{name}: {} MB/s, {} rows/s, peak {} MB (limit {MEMORY_LIMIT_MEGABYTES}); the copy {} MB/s; client/copy time {} (median of {})",
            figures["megabytes_per_second"],
            figures["rows_per_second"],
            figures["peak_megabytes"],
            figures["copy_megabytes_per_second"],
            figures["time_ratio"],
            rounds.len(),
        );
    }
    println!("{}", serde_json::to_string(&result)?);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "figures of a bench are rounded")]
fn summary(pairs: &[&Pair]) -> Value {
    let of = |pick: &dyn Fn(&Pair) -> f64| median(pairs.iter().map(|pair| pick(pair)).collect());
    let round = |figure: f64| (figure * 100.0).round() / 100.0;
    let speed = |told: &Told, bytes: u64| bytes as f64 / told.seconds / 1_000_000.0;
    json!({
        "megabytes_per_second": round(of(&|pair| speed(&pair.client, pair.copy.bytes))),
        "rows_per_second": of(&|pair| pair.client.rows as f64 / pair.client.seconds).round(),
        "peak_megabytes": round(of(&|pair| pair.client_process.peak_megabytes)),
        "process_seconds": round(of(&|pair| pair.client_process.seconds)),
        "copy_megabytes_per_second": round(of(&|pair| speed(&pair.copy, pair.copy.bytes))),
        "time_ratio": round(of(&|pair| pair.client.seconds / pair.copy.seconds)),
        "megabytes": round(of(&|pair| pair.copy.bytes as f64 / 1_000_000.0)),
    })
}

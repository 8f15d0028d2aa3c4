//! One call through the client, with token, headers, books and decoding, beside the same call by bare reqwest.
//!
//! Both send to the same org, over a connection that is kept open, in turns, so that what else the machine does falls on
//! both. `-- --calls N --rounds N` changes the size; the last line on standard output is the result as JSON.

use std::time::Instant;

use isthmus_salesforce::Client;
use isthmus_tests::client::client;
use isthmus_tests::measure::{median, option};
use isthmus_tests::orgs::Orgs;
use orgsim::serve::{Announcement, ServeOptions};
use serde_json::{Value, json};

/// The org's name.
const ORG: &str = "sales";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let calls = option(&arguments, "--calls").unwrap_or(2_000);
    let rounds = option(&arguments, "--rounds").unwrap_or(5);
    let mut options = ServeOptions::new(&[ORG]).seed(7);
    options.daily_max = 100_000_000;
    let orgs = Orgs::serve(&options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut figures = Vec::new();
    let bare = reqwest::Client::builder().gzip(true).build()?;
    let org = orgs.announcement(ORG);
    let client = client(&org.instance_url, &org.access_token);
    for _ in 0..rounds {
        let by_client = runtime.block_on(through_client(&client, calls))?;
        let by_bare = runtime.block_on(through_reqwest(&bare, org, calls))?;
        figures.push((by_client, by_bare));
    }
    report(calls, &figures)
}

/// Microseconds per call.
async fn through_client(client: &Client, calls: u64) -> Result<f64, Box<dyn std::error::Error>> {
    let started = Instant::now();
    for _ in 0..calls {
        client.limits().await?;
    }
    Ok(started.elapsed().as_secs_f64() * 1_000_000.0 / per(calls))
}

#[expect(clippy::cast_precision_loss, reason = "a bench makes some thousands of calls")]
fn per(calls: u64) -> f64 {
    calls as f64
}

/// Microseconds per call, the answer decoded too.
async fn through_reqwest(
    client: &reqwest::Client,
    org: &Announcement,
    calls: u64,
) -> Result<f64, Box<dyn std::error::Error>> {
    let base = org.instance_url.trim_end_matches('/');
    let address = format!("{base}/services/data/v65.0/limits");
    let started = Instant::now();
    for _ in 0..calls {
        let request = client.get(&address).bearer_auth(&org.access_token);
        let _: Value = request.send().await?.error_for_status()?.json().await?;
    }
    Ok(started.elapsed().as_secs_f64() * 1_000_000.0 / per(calls))
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(calls: u64, figures: &[(f64, f64)]) -> Result<(), Box<dyn std::error::Error>> {
    let of = |pick: &dyn Fn(&(f64, f64)) -> f64| median(figures.iter().map(pick).collect());
    let round = |figure: f64| (figure * 10.0).round() / 10.0;
    let result = json!({
        "calls": calls,
        "rounds": figures.len(),
        "client_microseconds": round(of(&|pair| pair.0)),
        "reqwest_microseconds": round(of(&|pair| pair.1)),
        "overhead_microseconds": round(of(&|pair| pair.0 - pair.1)),
    });
    println!(
        "call: {} us through the client, {} us by bare reqwest, overhead {} us (median of {})",
        result["client_microseconds"],
        result["reqwest_microseconds"],
        result["overhead_microseconds"],
        figures.len(),
    );
    println!("{}", serde_json::to_string(&result)?);
    Ok(())
}

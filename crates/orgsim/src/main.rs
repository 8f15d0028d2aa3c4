//! `orgsim serve`: simulated orgs on loopback ports, until a signal or the end of standard input.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use orgsim::limits::{DEFAULT_DAILY_MAX, NEWEST_API_VERSION};
use orgsim::serve::{self, OrgOption, ServeOptions};
use serde_json::json;

/// A simulated Salesforce org.
#[derive(Parser)]
#[command(name = "orgsim", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve orgs on localhost; prints one line of JSON, {"orgs":[{…}]}, when they are ready.
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// An org and its port, for example sales=8701; port 0 chooses a free one. May be repeated.
    #[arg(long = "org", value_name = "NAME=PORT", required = true, value_parser = parse_org)]
    orgs: Vec<OrgOption>,
    /// Rows to seed, for example Account=1000,Contact=2500.
    #[arg(long, value_name = "OBJECT=COUNT,...", value_delimiter = ',', value_parser = parse_count)]
    records: Vec<(String, u64)>,
    /// The same seed gives the same orgs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The newest API version to offer.
    #[arg(long, default_value_t = NEWEST_API_VERSION)]
    api_version_max: u16,
    /// API requests allowed in 24 hours.
    #[arg(long, default_value_t = DEFAULT_DAILY_MAX)]
    daily_limit: u64,
    /// One more callback of the default app. May be repeated.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// The default app's client id.
    #[arg(long)]
    client_id: Option<String>,
    /// The default app's secret, which clients must then send.
    #[arg(long)]
    client_secret: Option<String>,
    /// Delay of every answer.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The orgs' time at the start, for example 2026-11-20T10:00:00Z.
    #[arg(long)]
    now: Option<Timestamp>,
    /// Keep the orgs' state in this folder, so that it survives restarts; without it everything is in memory.
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// End when standard input closes, so that no server outlives its parent.
    #[arg(long)]
    until_stdin_closes: bool,
}

impl Serve {
    fn options(&self) -> ServeOptions {
        ServeOptions {
            orgs: self.orgs.clone(),
            records: self.records.iter().cloned().collect::<BTreeMap<_, _>>(),
            seed: self.seed,
            newest_api_version: self.api_version_max,
            daily_max: self.daily_limit,
            redirect_uris: self.redirect_uris.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            latency: Duration::from_millis(self.latency_ms),
            state_dir: self.state_dir.clone(),
            now: self.now,
        }
    }
}

fn main() -> ExitCode {
    let Command::Serve(arguments) = Arguments::parse().command;
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be told when standard error is closed as well.
            let _ = writeln!(io::stderr(), "orgsim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Serve) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Listening comes before the ready line: whoever reads the line may send a signal at once.
        let signalled = signalled()?;
        let served = serve::start(&arguments.options()).await?;
        let mut stdout = io::stdout();
        writeln!(stdout, "{}", json!({ "orgs": served.announcements }))?;
        stdout.flush()?;
        tokio::select! {
            biased;
            () = signalled => {}
            () = end_of_stdin(), if arguments.until_stdin_closes => {}
        }
        served.shut_down().await;
        Ok(())
    })
}

/// Listens from the call on; the future ends with the first SIGTERM or SIGINT.
#[cfg(unix)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            biased;
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signalled() -> io::Result<impl Future<Output = ()>> {
    let mut interrupted = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        let _ = interrupted.recv().await;
    })
}

/// Reads standard input to its end on a thread of its own: a runtime's thread in the middle of a read would keep the
/// process alive after a signal.
async fn end_of_stdin() {
    let (closed, waiting) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut chunk = [0_u8; 256];
        let mut stdin = io::stdin().lock();
        while matches!(stdin.read(&mut chunk), Ok(count) if count > 0) {}
        let _ = closed.send(());
    });
    let _ = waiting.await;
}

fn parse_org(text: &str) -> Result<OrgOption, String> {
    let (name, port) = text.split_once('=').ok_or("write NAME=PORT, for example sales=8701")?;
    let port = port.parse().map_err(|_| format!("{port} is no port (0 to 65535)"))?;
    Ok(OrgOption { name: name.to_owned(), port })
}

fn parse_count(text: &str) -> Result<(String, u64), String> {
    let (object, count) =
        text.split_once('=').ok_or("write OBJECT=COUNT, for example Account=1000")?;
    let count = count.parse().map_err(|_| format!("{count} is no number of rows"))?;
    Ok((object.to_owned(), count))
}

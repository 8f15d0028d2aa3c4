//! The help pages.

/// The page of one command, or of all when the name is empty or unknown.
pub(crate) fn page(command: &str) -> String {
    let text = match command {
        "prepare" => PREPARE,
        "ui" => UI,
        "demo" => DEMO,
        "test" => TEST,
        "bench" => BENCH,
        "fuzz" => FUZZ,
        "screens" => SCREENS,
        "dev" => DEV,
        "fidelity" => FIDELITY,
        "advisories" => ADVISORIES,
        _ => OVERVIEW,
    };
    text.trim_start().to_owned()
}

const OVERVIEW: &str = "
cargo xtask <command>: the build's own commands

  demo        shows Isthmus at its main job, on two simulated orgs
  test        runs the whole check, as CI does
  dev         rebuilds and restarts the console whenever its source changes
  bench       measures throughput and memory
  fidelity    writes what third-party clients do against the simulated org
  fuzz        feeds parsers input that nobody wrote, for longer than `test` does
  screens     takes pictures of every page in every state
  ui          compiles the console's pages to ui/dist
  prepare     finds and installs what building and testing need
  advisories  asks the advisory database about our dependencies

  cargo xtask help <command> explains one of them.
  --yes installs what is missing without asking; so does CI=true.

Exit codes: 0 done, 1 a check or a program failed, 2 the command line made no sense,
3 the network did not give what the check needs, 4 something is missing that may not be installed unasked.
";

const PREPARE: &str = "
cargo xtask prepare [--yes]

Finds what this machine lacks for building and testing, lists it, asks, and installs it:
  - system packages, through apt-get (with sudo where you are not root),
  - the wasm target of the toolchain, through rustup,
  - cargo-nextest, cargo-deny and tauri-driver at fixed versions, through cargo install,
  - what the third-party clients under tests/clients need, through tests/clients/prepare.

Tools go to the cache folder, never into the checkout: $ISTHMUS_CACHE, else $XDG_CACHE_HOME/isthmus,
else ~/.cache/isthmus. Deleting that folder undoes them.
Without a terminal to ask at and without --yes it says what is missing and stops with code 4.
";

const SCREENS: &str = "
cargo xtask screens [WORD]

Takes a picture of every page in every state, light and dark, into docs/screens. The pages are the console over fixed
answers, in the web view that the window uses, so the same state looks the same each time.
WORD takes only those whose name holds it: `cargo xtask screens map-full`.
";

const UI: &str = "
cargo xtask ui

Compiles the package `ui` to WebAssembly, makes its JavaScript with the wasm-bindgen library at the locked
version, and writes page, styles, script and module to ui/dist, from where the desktop shell takes them.
Does nothing when ui/dist is newer than its sources.
";

const DEMO: &str = "
cargo xtask demo [--yes] [--json]

Shows the main job from end to end: two simulated orgs are served over real HTTP, both are connected by a
real OAuth login, a mapping is imported, a plan is made and run, and a second run finds nothing to do.

With a display the console opens on the connected orgs and the imported mapping instead, one press away from the
first run. Without one the job ends when the report is printed. Either way it runs in a D-Bus session and a
keychain of its own: nothing of it touches your own keychain or folders.

  --json   the last line on stdout is the run's report as one JSON object:
           rows_read = created + updated + unchanged + held + failed + pending; failed counts quarantined rows;
           second_run_writes counts the rows that the second run sent; seconds is the time of the job.
  --yes    installs what is missing without asking.
";

const TEST: &str = "
cargo xtask test [-- <arguments of cargo nextest run>]

The whole check, in this order: format, lints, documentation, dependency rules, the console's build, doctests,
and then every suite in one run of cargo-nextest, inside a D-Bus session with an unlocked keychain and a
virtual display of its own. The last line is nextest's summary.

Arguments after `--` go to nextest: cargo xtask test -- -E 'binary(tidy)'
";

const BENCH: &str = "
cargo xtask bench [-- <arguments of the benches>]

Builds everything in release and runs the benches of the package `isthmus-tests`:
  load    rows per second and peak memory, beside a byte pump that makes the same calls to the same simulated org
  window  cold start beside an empty window, size of the module, memory before and after a run of 100,000 rows,
          and the longest gap of a heartbeat while the two big pages are scrolled, beside a page with nothing to do
";

const FUZZ: &str = "
cargo xtask fuzz [--minutes N] [-- <arguments of cargo nextest run>]

Runs every fuzz target (each test whose name holds `fuzz_`) for N minutes, 5 when nothing is said; the suites run each
for 10 seconds. A failure prints its seed (BOLERO_RANDOM_SEED repeats it) and the smallest input found: put that into
the target's folder under tests/fuzz/__fuzz__/<target>/corpus, where every later run begins with it.
";

const DEV: &str = "
cargo xtask dev

Builds the console and opens it; watches ui, crates/contract, crates/model and src-tauri, and builds and opens
it again after each change. Stop it with Ctrl+C. Needs a display.
";

const FIDELITY: &str = "
cargo xtask fidelity [--yes]

Drives every third-party client of tests/clients, unmodified and at its locked version, against the simulated org, and
writes what each operation came to into docs/fidelity.md. The whole check runs the same and fails where the page says
something else.
";

const ADVISORIES: &str = "
cargo xtask advisories

Fetches the RustSec advisory database and holds our dependencies against it. Apart from `test`, because it needs
the network and its answer changes from day to day. When the database cannot be reached it says so and ends with
code 3: nothing was checked then.
";

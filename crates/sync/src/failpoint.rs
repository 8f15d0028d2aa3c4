//! Named fail points: places where a test kills the process (or drops the engine) to see that nothing is lost or done twice.
//!
//! A debug build reads `ISTHMUS_FAILPOINT="name"` or `"name:n"` and kills itself with SIGKILL at the n-th pass.
//! A release build compiles every point to nothing.

macro_rules! fail_points {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A place in the engine where state has just changed or is about to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum FailPoint { $($(#[$doc])* $variant,)* }

        impl FailPoint {
            #[cfg_attr(not(debug_assertions), expect(dead_code, reason = "release builds have no fail points"))]
            fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        /// The names of all fail points, in the order a run passes them; what `ISTHMUS_FAILPOINT` accepts.
        #[must_use]
        pub fn names() -> &'static [&'static str] {
            &[$($name,)*]
        }
    };
}

fail_points! {
    /// A run row exists, nothing is read yet.
    RunBegun = "run.begun",
    /// Both sides are staged.
    ReadStaged = "read.staged",
    /// One page of the plan is stored, with the links and bases it settled.
    PlanPage = "plan.page_stored",
    /// The whole plan is stored.
    PlanStored = "plan.stored",
    /// The run is marked as being carried out.
    ApplyBegun = "apply.begun",
    /// A wave begins.
    ApplyWave = "apply.wave_begun",
    /// The targets of a batch were re-read.
    ApplyReread = "apply.targets_reread",
    /// The batch's intent is durable, nothing is sent yet.
    ApplyIntent = "apply.intent_durable",
    /// The answer came, nothing of it is stored yet.
    ApplyAnswered = "apply.answer_unstored",
    /// The answer is stored.
    ApplyStored = "apply.answer_stored",
    /// The answer was lost and this is noted.
    ApplyUnknown = "apply.unknown_noted",
    /// Between two batches.
    ApplyBetween = "apply.between_batches",
    /// All waves are done, open rows may wait for SETTLED.
    ApplyWaves = "apply.waves_done",
    /// Recovery found open rows and has not read them back yet.
    RecoverBegun = "recover.begun",
    /// A batch of open rows was read back, nothing of it is stored yet.
    RecoverRead = "recover.read_back",
    /// What the read-back showed is stored.
    RecoverStored = "recover.stored",
    /// Recovery is over, the unfinished run goes on.
    RecoverDone = "recover.done",
    /// The run's end is about to be stored.
    RunEnding = "run.ending",
    /// The run's end is stored.
    RunEnded = "run.ended",
}

/// Passes a fail point.
#[cfg(debug_assertions)]
pub(crate) async fn hit(point: FailPoint) {
    #[cfg(test)]
    armed::pass(point.name()).await;
    if from_environment(point.name()) {
        kill_this_process();
    }
    std::future::ready(()).await;
}

/// Passes a fail point: nothing, in a release build.
#[cfg(not(debug_assertions))]
#[inline]
pub(crate) async fn hit(_point: FailPoint) {}

/// True when the environment names this point and this is the pass it asks for.
#[cfg(debug_assertions)]
fn from_environment(name: &str) -> bool {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);

    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("ISTHMUS_FAILPOINT").ok()?;
        let (name, pass) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), pass.parse().unwrap_or(1)))
    });
    match wanted {
        Some((wanted, pass)) if wanted == name => {
            PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *pass
        }
        _ => false,
    }
}

/// Ends the process as a power cut would, as near as a process can: no destructor, no flush.
#[cfg(debug_assertions)]
fn kill_this_process() {
    #[cfg(unix)]
    {
        let own = rustix::process::getpid();
        // A process may always signal itself; should that fail, the abort below ends it too.
        let _ = rustix::process::kill_process(own, rustix::process::Signal::KILL);
    }
    std::process::abort();
}

/// The in-process form for tests: the engine stops for ever at the armed point, and the test drops it there.
#[cfg(test)]
pub(crate) mod armed {
    use std::cell::{Cell, RefCell};

    thread_local! {
        static ARMED: RefCell<Option<(String, u64)>> = const { RefCell::new(None) };
        static REACHED: Cell<bool> = const { Cell::new(false) };
    }

    /// Arms a point: its n-th pass from now on never returns.
    pub(crate) fn arm(name: &str, pass: u64) {
        ARMED.with_borrow_mut(|armed| *armed = Some((name.to_owned(), pass)));
        REACHED.set(false);
    }

    /// Forgets the armed point and says whether it was reached.
    pub(crate) fn disarm() -> bool {
        ARMED.with_borrow_mut(|armed| *armed = None);
        REACHED.replace(false)
    }

    /// True once the armed point has stopped the engine.
    pub(crate) fn reached() -> bool {
        REACHED.get()
    }

    pub(super) async fn pass(name: &'static str) {
        let stop = ARMED.with_borrow_mut(|armed| match armed {
            Some((wanted, pass)) if wanted == name => {
                *pass = pass.saturating_sub(1);
                *pass == 0
            }
            _ => false,
        });
        if stop {
            stop_here().await;
        }
    }

    /// Stops the engine here, whatever is armed.
    pub(crate) async fn stop_here() {
        REACHED.set(true);
        std::future::pending::<()>().await;
    }
}

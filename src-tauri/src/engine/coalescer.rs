//! At most so many messages a second, always the newest, and never without the last one.

use std::time::Duration;

use tokio::time::Instant;

/// Lets at most one message go per interval. It holds no message itself: whoever may go reads the newest.
#[derive(Debug)]
pub(super) struct Coalescer {
    interval: Duration,
    is_waiting: bool,
    free_at: Option<Instant>,
}

impl Coalescer {
    /// One message per `interval`; the first may go at once.
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, is_waiting: false, free_at: None }
    }

    /// There is something new to tell.
    pub(super) fn note(&mut self) {
        self.is_waiting = true;
    }

    /// How long from `now` until what waits may go; `None` when nothing waits.
    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        let wait = |at: Instant| at.saturating_duration_since(now);
        self.is_waiting.then(|| self.free_at.map_or(Duration::ZERO, wait))
    }

    /// True when something waits and may go now; it counts as gone then.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let may_go = self.due_in(now).is_some_and(|wait| wait.is_zero());
        if may_go {
            self.is_waiting = false;
            self.free_at = Some(now + self.interval);
        }
        may_go
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::Coalescer;

    const INTERVAL: Duration = Duration::from_millis(50);
    const STEP: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn a_thousand_notes_in_a_second_become_twenty_messages() {
        let mut coalescer = Coalescer::new(INTERVAL);
        let mut sent = 0;
        for _ in 0..1000 {
            coalescer.note();
            sent += usize::from(coalescer.take(Instant::now()));
            advance(STEP).await;
        }
        assert_eq!(sent, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_goes_at_once_and_the_last_is_never_lost() {
        let mut coalescer = Coalescer::new(INTERVAL);
        assert_eq!(coalescer.due_in(Instant::now()), None);
        coalescer.note();
        assert!(coalescer.take(Instant::now()));

        coalescer.note();
        coalescer.note();
        assert!(!coalescer.take(Instant::now()));
        assert_eq!(coalescer.due_in(Instant::now()), Some(INTERVAL));
        advance(INTERVAL).await;
        assert!(coalescer.take(Instant::now()));
        assert!(!coalescer.take(Instant::now()), "it goes once");
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_after_a_pause_goes_at_once() {
        let mut coalescer = Coalescer::new(INTERVAL);
        coalescer.note();
        assert!(coalescer.take(Instant::now()));
        advance(INTERVAL * 10).await;
        coalescer.note();
        assert_eq!(coalescer.due_in(Instant::now()), Some(Duration::ZERO));
    }
}

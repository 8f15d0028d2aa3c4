//! How many calls are on their way at once, and the pauses that an org asks for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::governor::Held;

/// Room for one call; given back when it is dropped.
///
/// It is held until the head of the answer is there, not while a body is read: a slow reader must not keep others waiting,
/// nor itself where it makes calls about what it reads.
#[derive(Debug)]
pub(crate) struct Permit {
    _room: Option<OwnedSemaphorePermit>,
}

#[derive(Debug)]
pub(crate) struct Gate {
    room: Arc<Semaphore>,
    /// Until when all calls wait.
    paused: Mutex<Option<Instant>>,
    /// Until when no call is tried at all.
    closed: Mutex<Option<Instant>>,
}

impl Gate {
    /// As many as anybody wants.
    pub(crate) const UNLIMITED: usize = Semaphore::MAX_PERMITS;

    pub(crate) fn new(concurrency: usize) -> Self {
        let room = Arc::new(Semaphore::new(concurrency.clamp(1, Self::UNLIMITED)));
        Self { room, paused: Mutex::default(), closed: Mutex::default() }
    }

    pub(crate) async fn enter(&self) -> Permit {
        // The semaphore is never closed; an error could only mean that, and then there is nothing to wait for.
        let room = Arc::clone(&self.room).acquire_owned().await.ok();
        // Looked at again after each wait: another call may have been refused meanwhile.
        while let Some(until) = ahead(&self.paused) {
            sleep_until(until).await;
        }
        Permit { _room: room }
    }

    pub(crate) fn pause_for(&self, pause: Duration) {
        extend(&self.paused, pause);
    }

    pub(crate) fn close_for(&self, pause: Duration) {
        extend(&self.closed, pause);
    }

    pub(crate) fn daily_pause(&self) -> Result<(), Held> {
        match ahead(&self.closed) {
            None => Ok(()),
            Some(until) => {
                let left = until.saturating_duration_since(Instant::now());
                Err(Held::DailyLimit { wait_s: left.as_secs() + 1 })
            }
        }
    }
}

/// The moment, if it is still to come.
fn ahead(moment: &Mutex<Option<Instant>>) -> Option<Instant> {
    let moment = *moment.lock().unwrap_or_else(PoisonError::into_inner);
    moment.filter(|until| *until > Instant::now())
}

fn extend(moment: &Mutex<Option<Instant>>, pause: Duration) {
    let until = Instant::now() + pause;
    let mut moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
    *moment = Some(moment.map_or(until, |earlier| earlier.max(until)));
}

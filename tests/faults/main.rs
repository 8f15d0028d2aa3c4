//! Crashes, lost answers and limits: nothing is lost, nothing is done twice.

mod answers;
mod kill;
mod simulate;

//! The tamper drill: what is done to the trail behind the ledger's back is found.

//! Creating, opening, closing and refusing ledgers.

//! Bad input: each refusal shows its cause and its remedy, and nothing is lost.

mod exits;

mod callback;
mod login;
mod state;

mod orgs;
mod unreachable;

mod hostile_file;
mod mapping_file;
mod not_yet;

mod duplicates;
mod permissions;
mod rows;

mod clock;
mod disk;
mod keychain;
mod owner;

mod canaries;
mod secrets;

//! The whole job over real sockets: connect, import, plan, run, report, and the records really there in the other org.

mod commands;
mod ends;
mod job;
mod selected;
mod trace;
mod window;

//! `advisories`: our dependencies against the advisory database.

use crate::arguments::Arguments;
use crate::error::{Error, Result};
use crate::prepare::{self, Purpose};
use crate::{console, places, process};

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Check, arguments)?;
    let path = process::path_with(&places::tools()?.join("bin"))?;
    console::step("Fetching the advisory database");
    let fetched =
        process::run_beside(process::cargo().args(["deny", "fetch", "db"]).env("PATH", &path));
    if fetched.is_err() {
        return Err(Error::Unreachable(
            "NOTHING WAS CHECKED: the advisory database could not be reached, so known holes in our dependencies \
             may go unseen; run `cargo xtask advisories` again where the network reaches it"
                .to_owned(),
        ));
    }
    console::step("Checking our dependencies");
    process::run_beside(
        process::cargo()
            .args(["deny", "--workspace", "check", "--disable-fetch", "advisories"])
            .env("PATH", &path),
    )
}

//! A browser for the demo: follows one login from the authorize page to the program that waits for its answer.
//!
//! The demo puts a program named `xdg-open` on the search path that starts this with the address it is given. It
//! does what a person would: opens the page, fills in the form that asks for a name and a password, and allows the
//! access that the next page asks about.

mod form;
mod http;

use crate::arguments::Arguments;
use crate::browser::form::Form;
use crate::browser::http::{Address, Reply};
use crate::error::{Error, Result};

/// How `xtask` is told to be the browser; not a command for people, hence not in the help.
pub(crate) const COMMAND: &str = "browser";

/// A file that lists who logs in where: login address, name and password per line, separated by tabs.
pub(crate) const PEOPLE: &str = "ISTHMUS_DEMO_PEOPLE";

/// Pages a login may take: login, consent, the way back, and some redirects between them.
const MOST_PAGES: u32 = 12;

/// Who logs in.
struct Person {
    name: String,
    password: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let [address] = arguments.operands() else {
        return Err(Error::usage("the demo's browser takes one address"));
    };
    let address = Address::parse(address)?;
    let person = person_for(&address)?;
    log_in(address, &person)
}

/// Walks page by page until one has neither a form nor a redirect: the text of the program that waited.
fn log_in(start: Address, person: &Person) -> Result<()> {
    let mut address = start;
    let mut reply = http::get(&address)?;
    for _ in 0..MOST_PAGES {
        (address, reply) = match next(&address, &reply, person)? {
            Some(next) => next,
            None if reply.status < 400 => return Ok(()),
            None => {
                return Err(Error::check(format!(
                    "{} answered {}",
                    address.origin(),
                    reply.status
                )));
            }
        };
    }
    Err(Error::check(format!(
        "the login at {} did not end after {MOST_PAGES} pages",
        address.origin()
    )))
}

fn next(address: &Address, reply: &Reply, person: &Person) -> Result<Option<(Address, Reply)>> {
    if let Some(location) = &reply.location {
        let target = address.resolve(location)?;
        let reply = http::get(&target)?;
        return Ok(Some((target, reply)));
    }
    let Some(form) = Form::first_in(&reply.body) else { return Ok(None) };
    let target = address.resolve(&form.action)?;
    let reply = http::post(&target, &form.filled_in(&person.name, &person.password))?;
    Ok(Some((target, reply)))
}

fn person_for(address: &Address) -> Result<Person> {
    let file = std::env::var_os(PEOPLE)
        .ok_or_else(|| Error::usage(format!("{PEOPLE} names no file; the demo sets it")))?;
    let people = std::fs::read_to_string(&file)
        .map_err(|source| Error::file("reading", std::path::Path::new(&file), source))?;
    for line in people.lines() {
        if let [place, name, password] = line.split('\t').collect::<Vec<_>>()[..]
            && Address::parse(place)?.origin() == address.origin()
        {
            return Ok(Person { name: name.to_owned(), password: password.to_owned() });
        }
    }
    Err(Error::check(format!("nobody is known to log in at {}", address.origin())))
}

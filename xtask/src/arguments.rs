//! The command line: one command, its switches, and what follows `--`.

use crate::error::{Error, Result};

/// A command line as given.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    command: String,
    switches: Vec<Switch>,
    operands: Vec<String>,
    passed_on: Vec<String>,
    minutes: Option<u64>,
}

/// What every command may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Switch {
    /// Install what is missing without asking.
    Yes,
    /// Print the result for a program.
    Json,
    /// Explain instead of doing.
    Help,
}

impl Arguments {
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self::default();
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" => arguments.passed_on = words.by_ref().collect(),
                "--yes" | "-y" => arguments.switches.push(Switch::Yes),
                "--json" => arguments.switches.push(Switch::Json),
                "--minutes" => arguments.minutes = Some(minutes(words.next().as_deref())?),
                "--help" | "-h" => arguments.switches.push(Switch::Help),
                unknown if unknown.starts_with('-') => {
                    return Err(Error::usage(format!(
                        "`{unknown}` is not a switch of xtask; `cargo xtask help` explains the commands"
                    )));
                }
                _ if arguments.command.is_empty() => arguments.command = word,
                _ => arguments.operands.push(word),
            }
        }
        arguments.accept_help_as_command();
        Ok(arguments)
    }

    /// The command's name, or nothing when none was given.
    pub(crate) fn command(&self) -> &str {
        &self.command
    }

    pub(crate) fn has(&self, switch: Switch) -> bool {
        self.switches.contains(&switch)
    }

    /// Words after the command that are not switches.
    pub(crate) fn operands(&self) -> &[String] {
        &self.operands
    }

    /// What stood after `--`, for the program that the command starts.
    pub(crate) fn passed_on(&self) -> &[String] {
        &self.passed_on
    }

    /// `--minutes N`.
    pub(crate) fn minutes(&self) -> Option<u64> {
        self.minutes
    }

    pub(crate) fn wants_help(&self) -> bool {
        self.command.is_empty() || self.has(Switch::Help)
    }

    /// `help demo` means `demo --help`.
    fn accept_help_as_command(&mut self) {
        if self.command == "help" {
            self.command =
                if self.operands.is_empty() { String::new() } else { self.operands.remove(0) };
            self.switches.push(Switch::Help);
        }
    }
}

fn minutes(word: Option<&str>) -> Result<u64> {
    let number = word.and_then(|word| word.parse().ok()).filter(|minutes| *minutes > 0);
    number.ok_or_else(|| Error::usage("`--minutes` needs a whole number above 0".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Switch};

    fn read(line: &str) -> Arguments {
        Arguments::read(line.split_whitespace().map(str::to_owned)).unwrap()
    }

    #[test]
    fn a_command_keeps_its_switches_and_what_it_passes_on() {
        let arguments = read("demo --json --yes -- --records 5");

        assert_eq!(arguments.command(), "demo");
        assert!(arguments.has(Switch::Json) && arguments.has(Switch::Yes));
        assert_eq!(arguments.passed_on(), ["--records", "5"]);
    }

    #[test]
    fn help_before_a_command_is_the_help_of_that_command() {
        let arguments = read("help demo");

        assert_eq!(arguments.command(), "demo");
        assert!(arguments.wants_help());
    }

    #[test]
    fn no_command_asks_for_help() {
        assert!(read("").wants_help());
    }

    #[test]
    fn minutes_are_a_number_above_zero() {
        assert_eq!(read("fuzz --minutes 3").minutes(), Some(3));
        assert_eq!(read("fuzz").minutes(), None);
        for wrong in [vec!["fuzz", "--minutes"], vec!["fuzz", "--minutes", "0"]] {
            assert!(Arguments::read(wrong.into_iter().map(str::to_owned)).is_err());
        }
    }

    #[test]
    fn an_unknown_switch_is_refused() {
        assert!(Arguments::read(["--fast".to_owned()].into_iter()).is_err());
    }
}

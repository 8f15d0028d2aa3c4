//! Why a build command stopped, and with which exit code.

use std::fmt;
use std::io;
use std::path::Path;

/// What every build command returns.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a build command stopped. Each kind has an exit code of its own, so that scripts can tell them apart.
#[derive(Debug)]
pub(crate) enum Error {
    /// The command line made no sense.
    Usage(String),
    /// Something that the machine lacks, and may not be installed unasked.
    Missing(String),
    /// A program that was started ended with an error.
    Program { line: String, code: Option<i32> },
    /// A check found something wrong.
    Check(String),
    /// The network did not give what a check needs, so that nothing is known.
    Unreachable(String),
    /// The operating system refused something.
    System { what: String, source: io::Error },
}

impl Error {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn check(text: impl Into<String>) -> Self {
        Self::Check(text.into())
    }

    /// An error of the operating system about `path`.
    pub(crate) fn file(doing: &str, path: &Path, source: io::Error) -> Self {
        Self::System { what: format!("{doing} {}", path.display()), source }
    }

    /// An error of the operating system while `doing` something.
    pub(crate) fn system(doing: impl Into<String>, source: io::Error) -> Self {
        Self::System { what: doing.into(), source }
    }

    /// The exit code of the whole command.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Program { .. } | Self::Check(_) | Self::System { .. } => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::Missing(_) => 4,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what)
            | Self::Missing(what)
            | Self::Check(what)
            | Self::Unreachable(what) => text.write_str(what),
            Self::Program { line, code: Some(code) } => {
                write!(text, "`{line}` ended with code {code}")
            }
            Self::Program { line, code: None } => write!(text, "`{line}` was ended by a signal"),
            Self::System { what, source } => write!(text, "{what}: {source}"),
        }
    }
}

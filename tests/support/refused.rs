//! What a refusal must show: an exit code, a problem code, its cause and its remedy.

use isthmus_contract::file::{FileCode, FileProblem, Severity};
use isthmus_contract::problem::Problem;

use crate::isthmus::Done;

impl Done {
    /// The problem that a command with `--json` wrote to standard error.
    ///
    /// # Panics
    /// When there is none; the text shows everything that was printed.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let begins = self.stderr.match_indices('{').map(|(position, _)| &self.stderr[position..]);
        let mut problems = begins.filter_map(|text| {
            serde_json::Deserializer::from_str(text).into_iter::<Problem>().next()?.ok()
        });
        problems.next().unwrap_or_else(|| panic!("no problem on standard error: {self:?}"))
    }

    /// The problem, after checking exit code and problem code, and that cause and remedy are sentences.
    ///
    /// # Panics
    /// When one of them is not as it must be.
    #[must_use]
    pub fn refused(&self, exit: i32, code: &str) -> Problem {
        let problem = self.problem();
        assert_eq!((problem.code.as_str(), self.code), (code, Some(exit)), "{self:?}");
        assert!(problem.text.contains(' ') && !problem.text.ends_with('.'), "{problem:?}");
        assert!(problem.hint.contains(' '), "no next step: {problem:?}");
        assert!(self.stdout.is_empty(), "a refusal prints no result: {self:?}");
        problem
    }

    /// The problems of a mapping file that stop its import, after checking that each has place and remedy.
    ///
    /// # Panics
    /// When the import was not refused, or a problem lacks its place or remedy.
    #[must_use]
    pub fn file_refused(&self) -> Vec<FileProblem> {
        let mut problems = self.refused(3, "file_refused").file;
        problems.retain(|problem| problem.severity == Severity::Refused);
        assert!(!problems.is_empty(), "{self:?}");
        for problem in &problems {
            assert!(problem.place.line > 0, "no place: {problem:?}");
            assert!(!problem.text.is_empty() && !problem.remedy.is_empty(), "{problem:?}");
        }
        problems
    }
}

/// The only problem with this code.
///
/// # Panics
/// When there is none, or more than one.
#[must_use]
pub fn only(problems: &[FileProblem], code: FileCode) -> &FileProblem {
    let found: Vec<&FileProblem> = problems.iter().filter(|problem| problem.code == code).collect();
    assert_eq!(found.len(), 1, "{code:?} in {problems:?}");
    found[0]
}

//! Where a person's files go, and which files the page may name.

use std::path::{Path, PathBuf};

use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::run::ExportFormat;

/// The user's own folders.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// Documents: where a recovery key is offered to be saved.
    pub(crate) documents: PathBuf,
    /// Downloads: where exports are offered to be saved.
    pub(crate) downloads: PathBuf,
}

impl Places {
    /// Where the recovery key of a workspace is offered to be saved.
    pub(crate) fn recovery_file(&self, workspace: &str) -> String {
        let name = format!("isthmus-recovery-key-{workspace}.txt");
        self.documents.join(name).display().to_string()
    }
}

/// A text file that the page names in full. The ending is held, so that the page cannot name a program or a setting.
///
/// # Errors
/// [`Code::BadRequest`].
pub(crate) fn text_file(path: &str) -> Result<PathBuf, Problem> {
    full_path(path, "txt")
}

/// A file for an export that the page names in full, with the ending of its form.
///
/// # Errors
/// [`Code::BadRequest`].
pub(crate) fn export_file(path: &str, format: ExportFormat) -> Result<PathBuf, Problem> {
    let ending = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    full_path(path, ending)
}

fn full_path(text: &str, ending: &str) -> Result<PathBuf, Problem> {
    let path = Path::new(text.trim());
    let ends = path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
    if path.is_absolute() && ends && !text.contains('\0') {
        return Ok(path.to_path_buf());
    }
    Err(Problem::new(
        Code::BadRequest,
        format!("`{}` is no file that can be used here", text.trim().escape_debug()),
        format!("give the full path of a file that ends in .{ending}"),
    ))
}

#[cfg(test)]
mod tests {
    use isthmus_contract::problem::Code;
    use isthmus_contract::run::ExportFormat;

    use super::{Places, export_file, text_file};

    #[test]
    fn a_file_is_named_in_full_and_by_its_ending() {
        let folder = std::env::temp_dir();
        let full = |name: &str| folder.join(name).display().to_string();
        assert_eq!(text_file(&full("key.txt")).unwrap(), folder.join("key.txt"));
        assert_eq!(text_file(&format!(" {} ", full("key.TXT"))).unwrap(), folder.join("key.TXT"));
        assert!(export_file(&full("rows.csv"), ExportFormat::Csv).is_ok());
        assert!(export_file(&full("rows.json"), ExportFormat::Json).is_ok());

        let hidden = [full(".bashrc"), full("key"), full("key.txt.sh"), full(".txt"), full("")];
        for path in hidden.iter().map(String::as_str).chain(["key.txt", "", "~/key.txt", "\0.txt"])
        {
            assert_eq!(text_file(path).unwrap_err().code, Code::BadRequest, "{path:?}");
        }
        assert!(export_file(&full("rows.csv"), ExportFormat::Json).is_err());
    }

    #[test]
    fn a_recovery_key_is_offered_a_place_of_the_workspaces_name() {
        let places = Places { documents: "/home/me/Documents".into(), downloads: "/tmp".into() };
        assert!(places.recovery_file("acme").ends_with("isthmus-recovery-key-acme.txt"));
    }
}

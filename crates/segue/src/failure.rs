//! A failure of the binary: the problems to show and the exit code to end with.

use std::path::Path;

use segue_engine::{EngineError, ErrorKind};
use segue_model::problem::Problem;

use crate::exit::Exit;

/// What a verb returns when it does not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What is wrong; at least one.
    pub(crate) problems: Vec<Problem>,
    /// The text of the file that the problems point into, for the caret.
    pub(crate) text: Option<String>,
}

impl Failure {
    /// One problem.
    pub(crate) fn new(exit: Exit, problem: Problem) -> Self {
        Self { exit, problems: vec![problem], text: None }
    }

    /// A file or folder that the operating system refused, by its name.
    pub(crate) fn of_path(path: &Path, error: &std::io::Error) -> Self {
        let message = format!("`{}` could not be read or written: {}", path.display(), crate::show::why(error));
        Self::new(
            Exit::Failed,
            Problem::new("SG-CLI-001", message)
                .safe("nothing was changed by this call")
                .help("look at its name, its folder, their permissions and the free room, then run the same command again"),
        )
    }

    /// Several problems of one file.
    pub(crate) fn of_file(exit: Exit, problems: Vec<Problem>, text: String) -> Self {
        Self { exit, problems, text: Some(text) }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let exit = match error.kind {
            ErrorKind::Connection | ErrorKind::Credentials => Exit::Connection,
            ErrorKind::Fenced => Exit::Held,
            _ => Exit::Failed,
        };
        let mut problem = Problem::new(error.code, error.message).help(error.help);
        if exit == Exit::Connection && problem.safe.is_empty() {
            problem = problem.safe("nothing was changed by this call");
        }
        if problem.help.is_empty() {
            let help = if exit == Exit::Connection {
                format!("look at the host, port, user and database of the URL; segue explain {}", problem.code)
            } else {
                format!("segue explain {}", problem.code)
            };
            problem = problem.help(help);
        }
        Self::new(exit, problem)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(
            Exit::Failed,
            Problem::new("SG-CLI-001", format!("a file could not be read or written: {error}"))
                .safe("nothing was changed by this call")
                .help("segue explain SG-CLI-001"),
        )
    }
}

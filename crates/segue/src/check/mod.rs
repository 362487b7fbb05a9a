//! `segue check`, apart from its flags: from what a person named to a report.
//!
//! `side` reads a file, a folder, a revision of git or a live database; `kind` says what it is; `compare` asks the family
//! of that kind; `remote` fetches what a document names on the web, when that is allowed; `script` lints a migration script; `spec` asks which changes
//! Segue takes; `versions` compares many. All rules are in segue-compat, all forms of
//! the result in segue-report. Must never write to anything that it looks at. Tests: `tests/it/check/`.

pub(crate) mod compare;
pub(crate) mod database;
mod files;
mod git;
pub(crate) mod kind;
pub(crate) mod remote;
mod root;
pub(crate) mod script;
pub(crate) mod side;
pub(crate) mod spec;
pub(crate) mod versions;

use segue_compat::source::{Place, Refused, Source};
use segue_model::problem::{Place as ProblemPlace, Problem};

pub(crate) use database::is_url;

use crate::exit::Exit;
use crate::failure::Failure;

/// A refusal: exit 64, nothing touched.
pub(crate) fn refuse(code: &str, message: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, Problem::new(code, message).safe("nothing was touched").help(help))
}

/// What a family refused, with places in lines, and the text of the first file for the caret.
pub(crate) fn refused(refusals: Vec<Refused>, sides: &[&Source]) -> Failure {
    let places = segue_compat::draft::Places::new(sides.iter().copied());
    let text_of = |refusal: &Refused| {
        let side = sides.iter().find(|side| side.side == refusal.side)?;
        let at = side.find(&refusal.file)?;
        Some((at, side.files.get(at as usize)?.as_text().ok()?.to_owned()))
    };
    let text = refusals.first().and_then(text_of).map(|(_, text)| text);
    let first_file = refusals.first().map(|refusal| refusal.file.clone());
    let problems = refusals
        .iter()
        .map(|refusal| {
            let problem = Problem::new(refusal.code, refusal.message.clone())
                .safe("nothing was compared")
                .help(if refusal.help.is_empty() { format!("segue explain {}", refusal.code) } else { refusal.help.clone() });
            let at = refusal.span.and_then(|span| {
                let (file, _) = text_of(refusal)?;
                places.at(refusal.side, Place { file, span })
            });
            // The caret needs the text, and there is one text: the first file's.
            match at.filter(|at| Some(&at.file) == first_file.as_ref()) {
                Some(at) => {
                    let length = match (at.end_line, at.end_column) {
                        (Some(line), Some(column)) if line == at.line => column.saturating_sub(at.column).max(1),
                        _ => 1,
                    };
                    problem.at(ProblemPlace { file: at.file, line: at.line, column: at.column, length })
                }
                None => problem,
            }
        })
        .collect();
    Failure { exit: Exit::Usage, problems, text }
}

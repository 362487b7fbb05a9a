//! Finds and reads the spec file: `-f FILE`, else `segue.yaml` here.

use std::path::{Path, PathBuf};

use segue_model::finding::Finding;
use segue_model::problem::Problem;
use segue_model::spec::Spec;

use crate::exit::Exit;
use crate::failure::Failure;

/// The default name.
pub(crate) const DEFAULT: &str = "segue.yaml";

/// The largest file that is read; the reader itself refuses much less.
const MAX_BYTES: u64 = 16 << 20;

/// A spec with the folder that its relative paths start from.
#[derive(Debug, Clone)]
pub(crate) struct SpecFile {
    /// The spec.
    pub(crate) spec: Spec,
    /// The folder of the file.
    pub(crate) base: PathBuf,
    /// What the reader of an old planner's document noted.
    pub(crate) notes: Vec<Finding>,
}

/// Reads a spec; every problem of the file comes back at once, exit 64.
pub(crate) fn read(path: Option<&Path>) -> Result<SpecFile, Failure> {
    let path = path.unwrap_or_else(|| Path::new(DEFAULT));
    let shown = path.display().to_string();
    let text = read_text(path).map_err(|why| {
        Failure::new(
            Exit::Usage,
            Problem::new("SG-CLI-002", format!("the spec `{shown}` cannot be read: {why}"))
                .safe("nothing was touched")
                .help("write one with `segue init`, or name one with -f FILE"),
        )
    })?;
    let read = if segue_model::spec::looks_like_planner_json(&text) {
        segue_model::spec::read_planner_json(&text, &shown)
    } else {
        segue_model::spec::read(&text, &shown).map(|spec| (spec, Vec::new()))
    };
    match read {
        Ok((spec, notes)) => {
            let base = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")).to_owned();
            Ok(SpecFile { spec, base, notes })
        }
        // The source line is shown beneath a problem: never with the password that it may hold.
        Err(problems) => Err(Failure::of_file(Exit::Usage, problems, segue_model::spec::concealed(&text))),
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| crate::show::why(&error))?.len();
    if size > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES >> 20));
    }
    let bytes = std::fs::read(path).map_err(|error| crate::show::why(&error))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

//! Reads files and folders for an assessment: within bounds, without following links, and saying what was left out.

use std::path::Path;

use segue_model::assessment::Assessment;
use segue_model::problem::Problem;
use segue_survey::{Cloud, Dialect, Limits, Options, Tree};

use super::Bounds;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inputs::read_text;

/// The deepest folder of a tree.
const DEPTH_MAX: u32 = 64;
/// The largest file of a tree that is opened at all; the tree's own limits are lower.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// The largest dump: its schema part is what counts, its rows are only counted.
const DUMP_BYTES_MAX: u64 = 2 << 30;
/// A folder as a source tree.
pub(crate) fn folder(path: &Path, to: Option<&str>, bounds: Bounds) -> Result<Assessment, Failure> {
    let mut tree = Tree::new(Limits::default());
    walk(&mut tree, path, "", 0)?;
    let options = Options { today: bounds.today, target_cloud: to.and_then(Cloud::of_word), code: true };
    Ok(segue_survey::tree(&tree, &options))
}

/// A dump or a schema document.
pub(crate) fn file(path: &Path, shown: &str, to: Option<&str>) -> Result<Assessment, Failure> {
    let size = std::fs::metadata(path).map_or(0, |found| found.len());
    if size > DUMP_BYTES_MAX {
        return Err(refused(shown, &format!("it is larger than {} GiB", DUMP_BYTES_MAX >> 30)));
    }
    match path.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "json" => {
            let text = read_text(path, "the schema document")?;
            segue_survey::schema_json(&text, shown).map_err(|problems| Failure::of_file(Exit::Usage, problems, text))
        }
        "sql" | "dump" | "ddl" => {
            let bytes = std::fs::read(path).map_err(|error| refused(shown, &crate::show::why(&error)))?;
            let target =
                to.map(|name| Dialect::of_engine(name).ok_or_else(|| refused(name, "it is no dialect: mysql, postgres or sqlite")));
            Ok(segue_survey::dump(&String::from_utf8_lossy(&bytes), shown, Dialect::Auto, target.transpose()?))
        }
        _ => Err(refused(shown, "it is neither a folder nor a .sql or .json file")),
    }
}

fn refused(shown: &str, why: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        Problem::new("SG-CLI-079", format!("`{shown}` cannot be assessed: {why}"))
            .safe("nothing was touched")
            .help("give a folder, an SQL dump (.sql) or a schema document (.json)"),
    )
}

/// Adds what a folder holds, in the order of its names; links are not followed.
fn walk(tree: &mut Tree, folder: &Path, inside: &str, depth: u32) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| refused(&folder.display().to_string(), &crate::show::why(&error)))?;
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            tree.leave_out(&path, "a link, not followed");
        } else if kind.is_dir() && Tree::wants_folder(&name) {
            if depth >= DEPTH_MAX {
                tree.leave_out(&path, "nested too deeply");
                continue;
            }
            walk(tree, &entry.path(), &path, depth + 1)?;
        } else if kind.is_file() && Tree::wants(&path) {
            match std::fs::metadata(entry.path()) {
                Ok(found) if found.len() > FILE_BYTES_MAX => tree.leave_out(&path, "too large"),
                _ => match std::fs::read(entry.path()) {
                    Ok(bytes) => tree.add(&path, bytes),
                    Err(error) => tree.leave_out(&path, &crate::show::why(&error)),
                },
            }
        }
    }
    Ok(())
}

//! Reads the files of a side, within bounds, links not followed.

use std::path::Path;

use segue_compat::source::File;

use super::refuse;
use crate::failure::Failure;

/// The largest file, in bytes: the largest public documents are a fifth of it.
pub(super) const BYTES_MAX: u64 = 64 << 20;
/// The most files of a side.
pub(super) const FILES_MAX: usize = 5_000;
const DEPTH_MAX: u32 = 32;

/// One file.
pub(super) fn one(path: &Path, shown: &str) -> Result<File, Failure> {
    let unreadable = |why: String| refuse("SG-CHK-001", format!("`{shown}` cannot be read: {why}"), "look at its name and permissions");
    let size = std::fs::metadata(path).map_err(|error| unreadable(crate::show::why(&error)))?.len();
    if size > BYTES_MAX {
        return Err(unreadable(format!("it is larger than {} MiB", BYTES_MAX >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(crate::show::why(&error)))?;
    Ok(File { name: shown.to_owned(), bytes: bytes.into() })
}

/// All files below a folder whose names are wanted, sorted; names are relative to the folder.
pub(super) fn folder(path: &Path, shown: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    walk(path, shown, "", wanted, &mut files, 0)?;
    Ok(files)
}

fn walk(path: &Path, shown: &str, inside: &str, wanted: &dyn Fn(&str) -> bool, files: &mut Vec<File>, depth: u32) -> Result<(), Failure> {
    let unreadable = |why: String| refuse("SG-CHK-001", format!("`{shown}` cannot be read: {why}"), "look at its name and permissions");
    if depth > DEPTH_MAX {
        return Err(unreadable(format!("folders are nested deeper than {DEPTH_MAX}")));
    }
    let mut entries: Vec<_> = std::fs::read_dir(path).map_err(|error| unreadable(crate::show::why(&error)))?.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && !name.starts_with('.') && name != "node_modules" {
            walk(&entry.path(), shown, &inner, wanted, files, depth + 1)?;
        } else if kind.is_file() && wanted(&inner) {
            if files.len() >= FILES_MAX {
                return Err(unreadable(format!("it holds more than {FILES_MAX} files")));
            }
            files.push(one(&entry.path(), &inner)?);
        }
    }
    Ok(())
}

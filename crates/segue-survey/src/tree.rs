//! A source tree as it is handed in: paths and bytes, with limits.
//!
//! The caller reads the files; this says which ones are worth reading. What was left out is remembered and told.
//! Tests: below, `tests/it/tree.rs`.

use std::collections::BTreeMap;

/// Limits of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest manifest or deployment file, in bytes (a lock file of a large project has some megabytes).
    pub file_bytes: usize,
    /// The largest file of code, in bytes: what is larger is generated or minified.
    pub code_bytes: usize,
    /// The most files.
    pub files: usize,
    /// The most bytes of all files together.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 16 << 20, code_bytes: 512 << 10, files: 100_000, bytes: 512 << 20 }
    }
}

/// Files by their relative path with `/`.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    limits: Limits,
    files: BTreeMap<String, Vec<u8>>,
    bytes: usize,
    skipped: Vec<String>,
    /// Files that were left out because there were too many.
    too_many: u64,
}

/// Folders that hold what others wrote or what a build made.
const FOREIGN: &[&str] = &[
    "node_modules",
    "vendor",
    "target",
    "dist",
    "build",
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".gradle",
    ".terraform",
    "bin",
    "obj",
    "Pods",
    "bower_components",
    ".next",
    ".nuxt",
    "coverage",
    "site-packages",
];

impl Tree {
    /// An empty tree with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Whether a folder is worth going into: not what others wrote, and not what a build made.
    pub fn wants_folder(name: &str) -> bool {
        !FOREIGN.contains(&name)
    }

    /// Whether a file is worth reading at all, by its path.
    pub fn wants(path: &str) -> bool {
        let folders: Vec<&str> = path.split('/').collect();
        let inside = &folders[..folders.len().saturating_sub(1)];
        inside.iter().all(|folder| Self::wants_folder(folder)) && crate::survey::kind(path).is_some()
    }

    /// Takes a file in; what is beyond a limit is remembered as left out.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        let path = path.replace('\\', "/");
        let path = path.trim_start_matches("./");
        let limit = if crate::code::language(path).is_some() { self.limits.code_bytes } else { self.limits.file_bytes };
        if bytes.len() > limit {
            self.leave_out(path, &format!("{} bytes, more than the {limit} that are read", bytes.len()));
        } else if self.files.len() >= self.limits.files || self.bytes + bytes.len() > self.limits.bytes {
            self.too_many += 1;
        } else {
            self.bytes += bytes.len();
            self.files.insert(path.to_owned(), bytes);
        }
    }

    /// Remembers a file that was not read, and why.
    pub fn leave_out(&mut self, path: &str, why: &str) {
        self.skipped.push(format!("{path}: {why}"));
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub(crate) fn left_out(&self) -> Vec<String> {
        let mut all = self.skipped.clone();
        if self.too_many > 0 {
            all.push(format!("{} files more than are read of one tree", self.too_many));
        }
        all.sort();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_told_and_foreign_folders_are_left() {
        let mut tree = Tree::new(Limits { file_bytes: 10, code_bytes: 5, files: 2, bytes: 100 });
        tree.add("./a/package.json", vec![0; 11]);
        tree.add("b.py", vec![0; 6]);
        tree.add("c.py", vec![0; 5]);
        tree.add("d\\package.json", vec![0; 10]);
        tree.add("e.py", vec![0; 1]);
        assert_eq!(tree.files().map(|(p, _)| p).collect::<Vec<_>>(), ["c.py", "d/package.json"]);
        assert_eq!(
            tree.left_out(),
            [
                "1 files more than are read of one tree",
                "a/package.json: 11 bytes, more than the 10 that are read",
                "b.py: 6 bytes, more than the 5 that are read"
            ]
        );
        assert!(Tree::wants("src/a.py") && Tree::wants("package.json"));
        assert!(!Tree::wants("node_modules/a/package.json") && !Tree::wants("a.png"));
    }
}

//! The file of a comparison under way: what is finished, a line a piece, only ever appended to.
//!
//! Each line begins with a hash over the line before and its own text: a line that is torn, changed, lost or from another
//! file breaks the chain. A torn end is cut off, which only loses progress; a break before the end and nothing of the file
//! is used. Writing it is never waited for by the disk and never fails a comparison. Tests: below, and `tests/verify/`.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use segue_model::verify::{DifferenceKind, TableReport};
use segue_verify::{Difference, Resume};
use serde::{Deserialize, Serialize};

/// The version of the form.
const FORMAT: u32 = 1;
/// Hexadecimal digits of a line's hash.
const DIGITS: usize = 32;

/// A line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// A run of the command began to compare: all that follows was seen at its moments.
    Session(Session),
    /// Ranges of a table are done, up to a bound.
    Range(RangeDone),
    /// A table is done.
    Table(Box<TableEnded>),
}

/// When, and by whom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    format_version: u32,
    segue: String,
    /// When it began.
    pub(super) began: String,
    /// The moments of both sides, in words.
    pub(super) moments: Vec<String>,
}

impl Session {
    /// That of this version.
    pub(super) fn new(began: String, moments: Vec<String>) -> Self {
        Self { format_version: FORMAT, segue: crate::VERSION.to_owned(), began, moments }
    }
}

/// Ranges that are done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RangeDone {
    pub(super) table: String,
    /// A hash of what is read of both sides.
    pub(super) form: String,
    pub(super) resume: Resume,
    /// Rows that differ and were not in an earlier line.
    pub(super) rows: Vec<Row>,
    /// All rows below the bound that differ and stand in no line.
    pub(super) over: u64,
    /// The length of the file of `--diff-rows`.
    pub(super) told: u64,
}

/// A table that is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TableEnded {
    pub(super) table: String,
    pub(super) form: String,
    pub(super) report: TableReport,
    pub(super) rows: Vec<Row>,
    pub(super) over: u64,
    pub(super) told: u64,
}

/// A row that differs: its key and its hashes, no value but those of its key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    kind: DifferenceKind,
    key: Vec<u8>,
    source: Option<u128>,
    target: Option<u128>,
    columns: Vec<usize>,
    pub(super) count: u64,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({:?}, {} times)", self.kind, self.count)
    }
}

impl Row {
    /// Without its values.
    pub(super) fn of(found: &Difference) -> Self {
        let Difference { kind, key, source, target, columns, count, .. } = found;
        Self { kind: *kind, key: key.clone(), source: *source, target: *target, columns: columns.clone(), count: *count }
    }

    /// It lies in what is done.
    pub(super) fn is_below(&self, bound: &[u8]) -> bool {
        self.key.as_slice() < bound
    }

    /// As it was found.
    pub(super) fn difference(&self) -> Difference {
        Difference {
            kind: self.kind,
            key: self.key.clone(),
            source: self.source,
            target: self.target,
            columns: self.columns.clone(),
            count: self.count,
            source_row: None,
            target_row: None,
        }
    }
}

/// A table that was under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Open {
    pub(super) form: String,
    pub(super) resume: Resume,
    pub(super) rows: Vec<Row>,
    pub(super) over: u64,
    /// Rows of the source that were read until the end of each session.
    pub(super) until: BTreeMap<usize, u64>,
}

/// What a file says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Before {
    pub(super) sessions: Vec<Session>,
    /// Tables that are done, each with its session.
    pub(super) ended: BTreeMap<String, (usize, TableEnded)>,
    /// Tables that are not.
    pub(super) open: BTreeMap<String, Open>,
    /// The length of the file of `--diff-rows`.
    pub(super) told: u64,
}

/// Why nothing of a file can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unusable {
    /// There is none.
    Absent,
    /// It is not as it was written.
    Damaged,
    /// Another version wrote it.
    Version,
}

impl Before {
    fn add(&mut self, record: Record) -> Result<(), Unusable> {
        match record {
            Record::Session(session) if session.format_version != FORMAT || session.segue != crate::VERSION => {
                return Err(Unusable::Version);
            }
            Record::Session(session) => self.sessions.push(session),
            Record::Range(done) => {
                let session = self.sessions.len().checked_sub(1).ok_or(Unusable::Damaged)?;
                self.told = done.told;
                let known = self.open.remove(&done.table).filter(|open| open.form == done.form && open.resume.below < done.resume.below);
                let (mut rows, mut until) = known.map(|open| (open.rows, open.until)).unwrap_or_default();
                rows.extend(done.rows);
                until.insert(session, done.resume.done.source);
                self.open.insert(done.table, Open { form: done.form, resume: done.resume, rows, over: done.over, until });
            }
            Record::Table(ended) => {
                let session = self.sessions.len().checked_sub(1).ok_or(Unusable::Damaged)?;
                self.told = ended.told;
                self.open.remove(&ended.table);
                self.ended.insert(ended.table.clone(), (session, *ended));
            }
        }
        Ok(())
    }
}

/// The file itself. Nothing is made before the first line.
pub(super) struct Log {
    path: PathBuf,
    file: Option<File>,
    chain: String,
    /// Folders that were made for it.
    made: Vec<PathBuf>,
}

impl Log {
    /// Of this comparison, in this folder.
    pub(super) fn new(folder: &Path, what: &str) -> Self {
        Self { path: folder.join(format!("{what}.ndjson")), file: None, chain: String::new(), made: Vec::new() }
    }

    /// A stopped comparison lies there.
    pub(super) fn is_there(&self) -> bool {
        self.path.is_file()
    }

    /// What lies there, and from now on lines are added to it; where it cannot be used, to an empty file.
    /// `Err(None)`: another process has it.
    pub(super) fn read(&mut self) -> Result<Result<Before, Unusable>, Option<std::io::Error>> {
        if !self.is_there() {
            return Ok(Err(Unusable::Absent));
        }
        let mut file = self.locked()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let (length, chain, before) = read(&bytes).map_or_else(|why| (0, String::new(), Err(why)), |(at, chain, all)| (at, chain, Ok(all)));
        file.set_len(length)?;
        file.seek(std::io::SeekFrom::End(0))?;
        (self.file, self.chain) = (Some(file), chain);
        Ok(before)
    }

    fn locked(&self) -> Result<File, Option<std::io::Error>> {
        let file = std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(None),
            Err(TryLockError::Error(error)) => Err(Some(error)),
        }
    }

    /// Adds a line, at once with all of it. `Err(None)`: another process has the file.
    pub(super) fn append(&mut self, record: &Record) -> Result<(), Option<std::io::Error>> {
        if self.file.is_none() {
            self.make_folder()?;
            let file = self.locked()?;
            file.set_len(0)?;
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let text = serde_json::to_string(record).map_err(std::io::Error::from)?;
        let chain = link(&self.chain, &text);
        file.write_all(format!("{chain} {text}\n").as_bytes())?;
        self.chain = chain;
        Ok(())
    }

    fn make_folder(&mut self) -> Result<(), std::io::Error> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        self.made =
            folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).map(Path::to_owned).collect();
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
    }

    /// It is not needed any more. What cannot be removed is no harm: it is never taken up unasked.
    pub(super) fn remove(self) {
        let _ = std::fs::remove_file(&self.path);
        // Only where nothing else is in it.
        for folder in self.path.parent().into_iter().chain(self.made.iter().map(PathBuf::as_path)) {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// The hash of a line that follows another.
fn link(before: &str, text: &str) -> String {
    format!("{:032x}", segue_engine::rows::hash(format!("{before}\n{text}").as_bytes()))
}

/// What bytes say: how many of them, the last hash, and what they say.
fn read(bytes: &[u8]) -> Result<(u64, String, Before), Unusable> {
    let (mut at, mut chain, mut before) = (0, String::new(), Before::default());
    while at < bytes.len() {
        let end = bytes[at..].iter().position(|byte| *byte == b'\n').map(|length| at + length);
        let line = end.and_then(|end| std::str::from_utf8(&bytes[at..end]).ok());
        let said = line.and_then(|line| line.split_at_checked(DIGITS)).and_then(|(hash, rest)| Some((hash, rest.strip_prefix(' ')?)));
        let Some((hash, text)) = said.filter(|(hash, text)| *hash == link(&chain, text)) else {
            // Nothing behind it: it was being written. Something behind it: somebody else wrote here.
            let last = end.is_none_or(|end| end + 1 == bytes.len());
            return if last && at > 0 { Ok((at as u64, chain, before)) } else { Err(Unusable::Damaged) };
        };
        hash.clone_into(&mut chain);
        before.add(serde_json::from_str(text).map_err(|_| Unusable::Version)?)?;
        at = end.map_or(bytes.len(), |end| end + 1);
    }
    if before.sessions.is_empty() { Err(Unusable::Damaged) } else { Ok((at as u64, chain, before)) }
}

#[cfg(test)]
mod tests {
    use segue_verify::Progress;

    use super::*;

    fn range(below: u8, rows: Vec<Row>) -> Record {
        let resume = Resume { below: vec![1, below], done: Progress { source: u64::from(below), ..Progress::default() } };
        Record::Range(RangeDone { table: "t".to_owned(), form: "f".to_owned(), resume, rows, over: 0, told: 0 })
    }

    fn row(key: u8) -> Row {
        Row { kind: DifferenceKind::Changed, key: vec![1, key], source: Some(u128::MAX), target: Some(7), columns: vec![2], count: 1 }
    }

    fn written(folder: &Path) -> (PathBuf, Vec<u8>) {
        let mut log = Log::new(folder, "what");
        for record in [
            Record::Session(Session::new("then".to_owned(), vec!["source: then".to_owned()])),
            range(10, vec![row(3)]),
            range(20, vec![row(12)]),
            range(30, Vec::new()),
        ] {
            log.append(&record).expect("written");
        }
        let path = log.path.clone();
        let bytes = std::fs::read(&path).expect("read");
        (path, bytes)
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, _) = written(folder.path());
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
        let before = Log::new(folder.path(), "what").read().expect("ours").expect("whole");
        let open = &before.open["t"];
        assert_eq!(
            (open.resume.below.as_slice(), open.rows.as_slice(), &open.until),
            (&[1, 30][..], &[row(3), row(12)][..], &[(0, 30)].into())
        );
        assert_eq!(Log::new(folder.path(), "other").read().expect("ours"), Err(Unusable::Absent));
    }

    #[test]
    fn two_processes_never_write_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        written(folder.path());
        let mut first = Log::new(folder.path(), "what");
        first.read().expect("ours").expect("whole");
        assert!(matches!(Log::new(folder.path(), "what").read(), Err(None)));
        assert!(matches!(Log::new(folder.path(), "what").append(&range(9, Vec::new())), Err(None)));
    }

    #[test]
    fn every_cut_reads_as_less_and_never_as_something_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, bytes) = written(folder.path());
        let lines: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
        for cut in 0..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).expect("cut");
            let whole = lines.iter().filter(|end| **end <= cut).count();
            match Log::new(folder.path(), "what").read().expect("ours") {
                Ok(before) => {
                    let below = before.open.get("t").map_or(0, |open| usize::from(open.resume.below[1]) / 10);
                    assert_eq!(below + 1, whole, "cut at {cut}");
                    assert_eq!(std::fs::read(&path).expect("read").len(), lines[whole - 1], "the torn end is cut off");
                }
                Err(why) => assert_eq!((why, whole), (Unusable::Damaged, 0), "cut at {cut}"),
            }
        }
    }

    #[test]
    fn every_changed_byte_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, bytes) = written(folder.path());
        let last = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("lines") + 1;
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).expect("damaged");
            let seen = Log::new(folder.path(), "what").read().expect("ours");
            match seen {
                // What is wrong in the last line is what a torn one looks like: it is left away.
                Ok(before) if at >= last => assert_eq!(before.open["t"].resume.below, [1, 20], "byte {at}"),
                // Two lines that have become one are a last line too.
                Ok(before) => assert!(at + 1 == last && before.open["t"].resume.below == [1, 10], "byte {at}: {before:?}"),
                Err(why) => assert!(at < last && why == Unusable::Damaged, "byte {at}: {why:?}"),
            }
        }
    }

    #[test]
    fn lines_in_another_order_are_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, bytes) = written(folder.path());
        let text = String::from_utf8(bytes).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        std::fs::write(&path, [lines[0], lines[2], lines[1], lines[3], ""].join("\n")).expect("written");
        assert_eq!(Log::new(folder.path(), "what").read().expect("ours"), Err(Unusable::Damaged));
        std::fs::write(&path, [lines[0], lines[2], lines[3], ""].join("\n")).expect("written");
        assert_eq!(Log::new(folder.path(), "what").read().expect("ours"), Err(Unusable::Damaged));
    }
}

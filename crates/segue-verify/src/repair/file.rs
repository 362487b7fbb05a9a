//! The two files of a repair: the rows as they shall be, and the undo file with the rows as they are.
//!
//! Lines of JSON (`docs/repair-files.md`): a head, a line a correction, and an end with the count and the SHA-256 of all
//! bytes before it. They hold values: only their owner may read them (mode 0600), and they are on the disk before a
//! row is changed. A file that is torn, or not the one that a plan names, is never used. Tests: below.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use segue_engine::rows::apply::hex;
use segue_engine::rows::{Class, Copies, Read, ReadColumn};
use segue_model::ident::TableName;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Correction, Repair, RepairError};

/// The version of the form.
pub const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    segue_rows: u32,
    /// `repair` or `undo`.
    kind: String,
    shapes: Vec<Shape>,
}

#[derive(Serialize, Deserialize)]
struct Shape {
    table: TableName,
    columns: Vec<Column>,
    key: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Column {
    name: String,
    class: Class,
}

#[derive(Serialize, Deserialize)]
struct Line {
    shape: usize,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copies: Option<(u64, u64)>,
}

#[derive(Serialize, Deserialize)]
struct End {
    corrections: usize,
    sha256: String,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name, without the folder.
    pub name: String,
    /// The SHA-256 of all but its last line.
    pub digest: String,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// `repair` or `undo`.
    pub kind: String,
    /// How rows are read and written.
    pub shapes: Vec<Read>,
    /// The corrections; `old` rows are not in it.
    pub corrections: Vec<Correction>,
    /// The SHA-256 of all but the last line.
    pub digest: String,
}

/// Writes a repair (`kind`: `repair` or `undo`) into a new file of the folder, durably. It replaces no file, and leaves
/// nothing of one that could not be written whole.
pub fn write(folder: &Path, name: &str, kind: &str, repair: &Repair) -> Result<Written, RepairError> {
    let failed = |why: std::io::Error| RepairError::File { name: name.to_owned(), why: format!("it could not be written: {}", why.kind()) };
    let path = folder.join(name);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
    let digest = fill(file, kind, repair).and_then(|digest| File::open(folder)?.sync_all().map(|()| digest));
    let digest = digest.inspect_err(|_| {
        // The error that is told is the first one.
        let _ = std::fs::remove_file(&path);
    });
    Ok(Written { name: name.to_owned(), digest: digest.map_err(failed)? })
}

/// Writes the lines, and gives the digest of all but the last.
fn fill(file: File, kind: &str, repair: &Repair) -> std::io::Result<String> {
    let mut out = BufWriter::new(file);
    let mut sum = Sha256::new();
    let mut line = |text: String| -> std::io::Result<()> {
        sum.update(text.as_bytes());
        sum.update(b"\n");
        writeln!(out, "{text}")
    };
    line(text(&head(kind, repair)))?;
    for correction in &repair.corrections {
        line(text(&Line {
            shape: correction.shape,
            key: hex(&correction.key),
            before: correction.before.map(|hash| format!("{hash:032x}")),
            after: correction.after.map(|hash| format!("{hash:032x}")),
            row: correction.new.as_deref().map(hex),
            copies: correction.copies.map(|copies| (copies.before, copies.after)),
        }))?;
    }
    let digest = hex(&sum.finalize());
    let end = End { corrections: repair.corrections.len(), sha256: digest.clone() };
    writeln!(out, "{}", text(&end))?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(digest)
}

fn head(kind: &str, repair: &Repair) -> Head {
    let shape = |read: &Read| Shape {
        table: read.table.clone(),
        columns: read.columns.iter().map(|column| Column { name: column.name.clone(), class: column.class.clone() }).collect(),
        key: read.key.clone(),
        filter: read.filter.clone(),
    };
    Head { segue_rows: FORMAT, kind: kind.to_owned(), shapes: repair.shapes.iter().map(shape).collect() }
}

/// Reads a file whole. `digest`: the one that a plan names.
pub fn load(folder: &Path, name: &str, digest: Option<&str>) -> Result<Loaded, RepairError> {
    let bad = |why: &str| RepairError::File { name: name.to_owned(), why: why.to_owned() };
    let failed = |why: std::io::Error| bad(&format!("it could not be read: {}", why.kind()));
    let mut lines = BufReader::new(File::open(folder.join(name)).map_err(failed)?);
    let mut sum = Sha256::new();
    let mut next = || -> Result<Option<(String, String)>, RepairError> {
        let mut line = String::new();
        let so_far = hex(&sum.clone().finalize());
        if lines.read_line(&mut line).map_err(failed)? == 0 {
            return Ok(None);
        }
        sum.update(line.as_bytes());
        Ok(Some((line, so_far)))
    };
    let (first, _) = next()?.ok_or_else(|| bad("it is empty"))?;
    let head: Head = serde_json::from_str(&first).map_err(|_| bad("its head is not one that Segue wrote"))?;
    if head.segue_rows != FORMAT {
        return Err(bad(&format!("its form is version {}, and this Segue reads version {FORMAT}", head.segue_rows)));
    }
    let shapes: Vec<Read> = head.shapes.into_iter().map(shape).collect();
    let mut corrections = Vec::new();
    loop {
        let (line, so_far) = next()?.ok_or_else(|| bad("it has no end: it was cut off"))?;
        if let Ok(end) = serde_json::from_str::<End>(&line) {
            if end.corrections != corrections.len() || end.sha256 != so_far || !line.ends_with('\n') || next()?.is_some() {
                return Err(bad("its checksum is not that of its lines: it was changed or damaged"));
            }
            if digest.is_some_and(|digest| digest != so_far) {
                return Err(bad("it is whole, but not the file that the plan was made for"));
            }
            return Ok(Loaded { kind: head.kind, shapes, corrections, digest: so_far });
        }
        let line: Line = serde_json::from_str(&line).map_err(|_| bad("a line of it is not one that Segue wrote"))?;
        corrections.push(correction(line, shapes.len()).ok_or_else(|| bad("a line of it is not one that Segue wrote"))?);
    }
}

fn shape(shape: Shape) -> Read {
    let column = |column: Column| ReadColumn { name: column.name, expression: None, class: column.class };
    let mut read = Read::new(shape.table, shape.columns.into_iter().map(column).collect(), shape.key);
    read.filter = shape.filter;
    read
}

fn correction(line: Line, shapes: usize) -> Option<Correction> {
    let hash = |text: Option<String>| text.map_or(Some(None), |text| u128::from_str_radix(&text, 16).ok().map(Some));
    let row = line.row.map_or(Some(None), |row| unhex(&row).map(Some))?;
    let copies = line.copies.map(|(before, after)| Copies { before, after });
    (line.shape < shapes).then_some(())?;
    let (key, before, after) = (unhex(&line.key)?, hash(line.before)?, hash(line.after)?);
    Some(Correction { shape: line.shape, key, before, after, old: None, new: row, copies })
}

/// A structure of ours always has a JSON form.
fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some((digit(*high)? * 16 + digit(*low)?) as u8) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn example() -> Repair {
        let column = |name: &str, class| ReadColumn { name: name.to_owned(), expression: None, class };
        let mut keyless = Read::new(TableName::bare("k\"'\n😀"), vec![column("a", Class::Text)], vec![]);
        keyless.filter = Some("a > 'x'".to_owned());
        let array = Class::Array(Box::new(Class::Integer));
        let keyed = Read::new(TableName::new("s", "t"), vec![column("id", Class::Integer), column("x", array)], vec![0]);
        let one = Correction {
            shape: 0,
            key: vec![1, 2, 0x83, 1],
            before: Some(u128::MAX),
            after: Some(7),
            old: Some(vec![0]),
            new: Some(vec![0xff, 0]),
            copies: None,
        };
        let gone = Correction { after: None, new: None, ..one.clone() };
        let copied = Correction { shape: 1, key: vec![], copies: Some(Copies { before: 3, after: 1 }), ..one.clone() };
        Repair { shapes: vec![keyed, keyless], corrections: vec![one, gone, copied], ..Repair::default() }
    }

    #[test]
    fn what_is_written_reads_back_and_nobody_else_may_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = write(folder.path(), "a.rows", "repair", &example()).expect("written");
        let mode = std::fs::metadata(folder.path().join("a.rows")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let loaded = load(folder.path(), "a.rows", Some(&written.digest)).expect("whole");
        let mut expected = example();
        expected.corrections.iter_mut().for_each(|correction| correction.old = None);
        assert_eq!((loaded.kind.as_str(), &loaded.shapes, &loaded.corrections), ("repair", &expected.shapes, &expected.corrections));
        assert!(write(folder.path(), "a.rows", "repair", &example()).is_err(), "no file is replaced");
        assert_eq!(load(folder.path(), "a.rows", Some("0")).expect_err("another").code(), "SG-FIX-003");
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "a.rows", "undo", &example()).expect("written");
        let whole = std::fs::read(folder.path().join("a.rows")).expect("read");
        let damaged = folder.path().join("b.rows");
        for length in 0..whole.len() {
            std::fs::write(&damaged, &whole[..length]).expect("cut");
            assert!(load(folder.path(), "b.rows", None).is_err(), "cut at {length}");
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 1;
            std::fs::write(&damaged, &other).expect("flipped");
            assert!(load(folder.path(), "b.rows", None).is_err(), "flipped at {at}");
        }
    }

    #[test]
    fn the_inverse_of_the_inverse_is_the_repair() {
        assert_eq!(example().inverse().inverse().corrections, example().corrections);
    }
}

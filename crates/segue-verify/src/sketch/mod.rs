//! A linear, invertible sketch of a set of rows: two sketches subtracted give the rows that differ, in memory that
//! grows with the differences and not with the table.
//!
//! An element is a row: the bytes of its key and the 128-bit hash of the whole row. Each element is *added* to one cell
//! in each of four subtables; a cell holds how many elements it has, and sums of their keys, their hashes and a check
//! hash. The source adds, the target subtracts: what both have is gone, exactly, whatever the order. A cell that is left
//! with copies of one element alone says which (`decode.rs`), and that element is taken out of its other three cells,
//! until nothing is left. What does not come out to nothing is [`NotDecoded`]: never equal, never a guess.
//!
//! **Why nothing cancels by chance.** Sums, not XOR: a row that is there twice counts twice, and a row of hash zero
//! still counts. Two rows whose values were swapped have two other hashes than before, so four elements are left and
//! none cancels: a row's hash covers all its columns with the key, and the check hash is not linear in it.
//! A changed row is two elements, one of each side, with one key.
//!
//! **The update rule.** The sketch of a table after a change is the sketch before it, less the row as it was, plus the
//! row as it is now: [`Sketch::apply`]. So a stream of changes keeps a sketch current without reading the table again,
//! and at any moment two current sketches answer whether both sides are the same. Proved in `tests/it/sketch.rs` on
//! the memory engine.
//!
//! Sums are of 32-bit limbs in 64-bit words, so that the sum of up to 2^31 copies divides exactly. The layout of cells
//! follows the invertible Bloom lookup table (Goodrich and Mitzenmacher 2011); with four subtables it decodes while
//! cells are more than 1.3 for each element. A sketch must never be written to a file: its cells can hold key bytes.

mod current;
mod decode;

pub use current::{Current, Now};
pub use decode::{Element, NotDecoded};

/// Subtables, and so the cells of an element.
const TABLES: usize = 4;
/// Words before the key's: the count, the check hash, four limbs of the row's hash.
const HEAD: usize = 6;
/// The longest key that a cell takes. Longer ones are compared in another way.
pub const KEY_BYTES_MAX: usize = 1024;
/// Bytes that stand before a key: its length.
const LENGTH_BYTES: usize = 2;
/// Odd constants without meaning: digits of pi.
const SALT: [u64; 6] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7345,
    0xa409_3822_299f_31d1,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6d,
];

/// A change of one row, as a stream of changes brings it.
#[derive(Clone, Copy)]
pub struct RowChange<'a> {
    /// The row as it was: its key and its hash. `None` for an insert.
    pub before: Option<(&'a [u8], u128)>,
    /// The row as it is now. `None` for a delete.
    pub after: Option<(&'a [u8], u128)>,
}

/// The sketch.
#[derive(Clone, PartialEq, Eq)]
pub struct Sketch {
    seed: u64,
    /// Cells of one subtable.
    cells: usize,
    /// Limbs of a key in a cell.
    key_limbs: usize,
    words: Vec<u64>,
    /// Bytes that it may take; it does not widen beyond.
    bytes_max: usize,
    /// The words of the element under way, kept to use their room again.
    element: Vec<u64>,
}

impl std::fmt::Debug for Sketch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sketch({} cells, {} bytes)", self.cells * TABLES, self.bytes())
    }
}

/// A key is too long for the cells, or for the memory that the sketch may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is too long for a sketch of this size")]
pub struct TooWide;

impl Sketch {
    /// A sketch that decodes about so many differing elements (a changed row is two), in at most so many bytes, with
    /// at least one cell in each subtable. Both sides need the same numbers.
    pub fn new(elements: usize, key_bytes: usize, seed: u64, bytes_max: usize) -> Self {
        let key_limbs = limbs(key_bytes.min(KEY_BYTES_MAX));
        let stride = HEAD + key_limbs;
        let wanted = (elements + elements / 2).div_ceil(TABLES) + 24;
        let cells = wanted.min(bytes_max / (8 * stride * TABLES)).max(1);
        Self { seed, cells, key_limbs, words: vec![0; cells * TABLES * stride], bytes_max, element: Vec::new() }
    }

    /// How many elements a sketch decodes that takes so many bytes.
    pub fn fits(bytes: usize, key_bytes: usize) -> usize {
        let cells = bytes / (8 * (HEAD + limbs(key_bytes.min(KEY_BYTES_MAX))));
        cells.saturating_sub(24 * TABLES) * 2 / 3
    }

    /// The bytes of its cells.
    pub fn bytes(&self) -> usize {
        self.words.len() * 8
    }

    /// The longest key that fits into its cells as they are.
    pub fn key_bytes(&self) -> usize {
        (self.key_limbs * 4).saturating_sub(LENGTH_BYTES)
    }

    /// Adds a row.
    pub fn add(&mut self, key: &[u8], hash: u128) -> Result<(), TooWide> {
        self.put(key, hash, 1)
    }

    /// Takes a row away.
    pub fn remove(&mut self, key: &[u8], hash: u128) -> Result<(), TooWide> {
        self.put(key, hash, -1)
    }

    /// Keeps it current: what a change makes of the table, it makes of the sketch.
    pub fn apply(&mut self, change: &RowChange<'_>) -> Result<(), TooWide> {
        if let Some((key, hash)) = change.before {
            self.remove(key, hash)?;
        }
        if let Some((key, hash)) = change.after {
            self.add(key, hash)?;
        }
        Ok(())
    }

    /// Takes everything of another sketch away. It must have been made with the same numbers.
    pub fn subtract(&mut self, other: &Self) -> Result<(), TooWide> {
        assert_eq!((self.cells, self.seed), (other.cells, other.seed), "sketches of two sizes have nothing in common");
        self.widen(other.key_limbs)?;
        let (wide, narrow) = (HEAD + self.key_limbs, HEAD + other.key_limbs);
        for (cell, less) in self.words.chunks_exact_mut(wide).zip(other.words.chunks_exact(narrow)) {
            for (word, less) in cell.iter_mut().zip(less) {
                *word = word.wrapping_sub(*less);
            }
        }
        Ok(())
    }

    /// Nothing is in it: what was added was taken away.
    pub fn is_zero(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// About how many elements are in it, each counted once for each copy and side: the spread of the cells' counts.
    /// Good to a few percent, also when there are far too many to decode.
    pub fn estimate(&self) -> u64 {
        let stride = HEAD + self.key_limbs;
        let mut all = 0.0;
        for table in self.words.chunks_exact(self.cells * stride) {
            let counts = || table.chunks_exact(stride).map(|cell| cell[0] as i64 as f64);
            let mean = counts().sum::<f64>() / self.cells as f64;
            let spread: f64 = counts().map(|count| (count - mean) * (count - mean)).sum();
            // With a single cell there is no spread; its count is all that is known.
            let known = if self.cells > 1 { spread * self.cells as f64 / (self.cells - 1) as f64 } else { mean.abs() };
            all += known;
        }
        (all / TABLES as f64).ceil() as u64
    }

    fn put(&mut self, key: &[u8], hash: u128, sign: i64) -> Result<(), TooWide> {
        let needed = limbs(key.len());
        if needed > self.key_limbs {
            if key.len() > KEY_BYTES_MAX {
                return Err(TooWide);
            }
            self.widen(needed)?;
        }
        let mut element = std::mem::take(&mut self.element);
        let places = self.spread(key, hash, &mut element);
        if sign < 0 {
            for word in &mut element {
                *word = word.wrapping_neg();
            }
        }
        for (table, place) in places.into_iter().enumerate() {
            let start = (table * self.cells + place) * element.len();
            for (word, more) in self.words[start..start + element.len()].iter_mut().zip(&element) {
                *word = word.wrapping_add(*more);
            }
        }
        self.element = element;
        Ok(())
    }

    /// The words of an element, and its cell in each subtable.
    fn spread(&self, key: &[u8], hash: u128, out: &mut Vec<u64>) -> [usize; TABLES] {
        out.clear();
        let (low, high) = (hash as u64, (hash >> 64) as u64);
        out.extend_from_slice(&[1, 0, low & 0xffff_ffff, low >> 32, high & 0xffff_ffff, high >> 32]);
        if self.key_limbs > 0 {
            write_key(key, out);
            out.resize(HEAD + self.key_limbs, 0);
        }
        let (check, places) = self.places(&out[HEAD..], low, high);
        out[1] = check;
        places
    }

    /// The check hash and the cells: of the key's limbs and the row's hash.
    fn places(&self, key: &[u64], low: u64, high: u64) -> (u64, [usize; TABLES]) {
        // Zero limbs at the end change nothing, so that a key has one place in a narrow and in a wide sketch.
        let used = key.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
        let of_key = key[..used].chunks(2).fold(SALT[4], |mixed, pair| {
            let both = pair[0] | pair.get(1).map_or(0, |limb| limb << 32);
            mix(mixed ^ both, SALT[5])
        });
        let first = mix(low ^ of_key ^ SALT[0], high ^ self.seed ^ SALT[1]);
        let second = mix(first ^ SALT[2], high ^ SALT[3]);
        let check = mix(second ^ of_key ^ SALT[4], low ^ first ^ SALT[5]);
        let place = |bits: u64| (((bits & 0xffff_ffff) * self.cells as u64) >> 32) as usize;
        (check, [place(first), place(first >> 32), place(second), place(second >> 32)])
    }

    /// Makes the cells wide enough for keys of so many limbs: all that was added stays.
    fn widen(&mut self, limbs: usize) -> Result<(), TooWide> {
        if limbs <= self.key_limbs {
            return Ok(());
        }
        let (narrow, wide) = (HEAD + self.key_limbs, HEAD + limbs);
        let words = self.words.len() / narrow * wide;
        if words * 8 > self.bytes_max {
            return Err(TooWide);
        }
        let mut wider = vec![0; words];
        for (to, from) in wider.chunks_exact_mut(wide).zip(self.words.chunks_exact(narrow)) {
            to[..narrow].copy_from_slice(from);
        }
        (self.words, self.key_limbs) = (wider, limbs);
        Ok(())
    }
}

/// Limbs of the cells for keys of so many bytes: none without a key, then 16 bytes and its doubles.
fn limbs(key_bytes: usize) -> usize {
    if key_bytes == 0 { 0 } else { ((key_bytes + LENGTH_BYTES).next_power_of_two().max(16) / 4).min((KEY_BYTES_MAX + 16) / 4) }
}

/// The length and the bytes of a key as limbs.
fn write_key(key: &[u8], out: &mut Vec<u64>) {
    let two = |at: usize| u64::from(key.get(at).copied().unwrap_or(0)) | u64::from(key.get(at + 1).copied().unwrap_or(0)) << 8;
    out.push(key.len() as u64 | two(0) << 16);
    let mut rest = key.get(2..).unwrap_or_default();
    while let Some((four, after)) = rest.split_first_chunk::<4>() {
        out.push(u64::from(u32::from_le_bytes(*four)));
        rest = after;
    }
    if !rest.is_empty() {
        let mut four = [0; 4];
        four[..rest.len()].copy_from_slice(rest);
        out.push(u64::from(u32::from_le_bytes(four)));
    }
}

/// The key that limbs say; `None` where they say none.
fn read_key(limbs: &[u64]) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| (*limb as u32).to_le_bytes()).collect();
    let Some((length, bytes)) = bytes.split_first_chunk::<LENGTH_BYTES>() else { return Some(Vec::new()) };
    let length = usize::from(u16::from_le_bytes(*length));
    if length > bytes.len() || bytes[length..].iter().any(|byte| *byte != 0) {
        return None;
    }
    Some(bytes[..length].to_vec())
}

/// Both halves of a product, folded.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Which of `of` parts a hash belongs to, where a table is compared in several passes.
pub fn part(hash: u128, of: u64) -> u64 {
    let mixed = mix(hash as u64 ^ SALT[3], (hash >> 64) as u64 ^ SALT[2]);
    ((u128::from(mixed) * u128::from(of)) >> 64) as u64
}

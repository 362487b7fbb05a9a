//! Reading the elements out of a sketch that was subtracted from another.
//!
//! It must never give an element that is not there: a cell counts as one element only if every sum divides by its
//! count, the check hash fits, and the element belongs into that very cell; and in the end nothing may be left.

use super::{HEAD, Sketch, TABLES, read_key};

/// A row that one side has more often than the other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Element {
    /// The bytes of its key; empty for a table without one.
    pub key: Vec<u8>,
    /// The hash of the row.
    pub hash: u128,
    /// How many more of it were added than taken away; below zero, fewer.
    pub count: i64,
}

impl std::fmt::Debug for Element {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({:032x}, {:+})", self.hash, self.count)
    }
}

/// There is more in it than it can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more rows differ than the sketch can name: about {estimate}")]
pub struct NotDecoded {
    /// About how many elements are in it.
    pub estimate: u64,
}

impl Sketch {
    /// The elements in it, by key and hash.
    pub fn decode(mut self) -> Result<Vec<Element>, NotDecoded> {
        let estimate = self.estimate();
        let all = self.cells * TABLES;
        let mut found = Vec::new();
        let mut open: Vec<usize> = (0..all).collect();
        while let Some(cell) = open.pop() {
            let Some(element) = self.single(cell) else { continue };
            if found.len() > all {
                return Err(NotDecoded { estimate });
            }
            self.take_out(&element, &mut open);
            found.push(element);
        }
        if !self.is_zero() {
            return Err(NotDecoded { estimate });
        }
        found.sort();
        // A cell that looked like one element by chance was put right by a second one: together they are nothing.
        let mut out: Vec<Element> = Vec::with_capacity(found.len());
        for element in found {
            match out.last_mut() {
                Some(last) if last.key == element.key && last.hash == element.hash => last.count += element.count,
                _ => out.push(element),
            }
        }
        out.retain(|element| element.count != 0);
        Ok(out)
    }

    /// The element whose copies alone are in a cell.
    fn single(&self, cell: usize) -> Option<Element> {
        let stride = HEAD + self.key_limbs;
        let words = &self.words[cell * stride..(cell + 1) * stride];
        let count = words[0] as i64;
        if count == 0 || count == i64::MIN {
            return None;
        }
        let mut limbs = Vec::with_capacity(stride - 2);
        for sum in &words[2..] {
            let sum = *sum as i64;
            let limb = sum.checked_div(count)?;
            if limb * count != sum || !(0..=i64::from(u32::MAX)).contains(&limb) {
                return None;
            }
            limbs.push(limb as u64);
        }
        let (low, high) = (limbs[0] | limbs[1] << 32, limbs[2] | limbs[3] << 32);
        let (check, places) = self.places(&limbs[4..], low, high);
        if check.wrapping_mul(count as u64) != words[1] || places[cell / self.cells] != cell % self.cells {
            return None;
        }
        Some(Element { key: read_key(&limbs[4..])?, hash: u128::from(high) << 64 | u128::from(low), count })
    }

    fn take_out(&mut self, element: &Element, open: &mut Vec<usize>) {
        let mut words = Vec::new();
        let places = self.spread(&element.key, element.hash, &mut words);
        for (table, place) in places.into_iter().enumerate() {
            let cell = table * self.cells + place;
            let start = cell * words.len();
            for (word, less) in self.words[start..start + words.len()].iter_mut().zip(&words) {
                *word = word.wrapping_sub(less.wrapping_mul(element.count as u64));
            }
            open.push(cell);
        }
    }
}

//! The binary form of `COPY … TO`: signature, header, rows, trailer.
//!
//! Rows are read where they lie; what a piece of the answer ends in the middle of waits for the next piece. An answer
//! is whole only with its trailer, and nothing may follow it: an answer that was cut must never look like one that
//! ended. Tests: below, and `tests/it/rows/faults.rs`.

use segue_engine::rows::{Batch, Class};
use segue_engine::{EngineError, ErrorKind};

use super::kind::Wire;
use super::wire;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Signature, flags, length of what extends the header.
const HEADER_BYTES: usize = 19;
/// Flags from here on are not to be ignored.
const CRITICAL_FLAGS: u32 = 0xffff_0000;
const NULL: i32 = -1;
const TRAILER: i16 = -1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Rows,
    End,
}

/// Decodes an answer, piece by piece.
pub(super) struct Decoder {
    columns: Vec<(Wire, Class)>,
    key: Vec<usize>,
    place: Place,
    /// The beginning of a row whose end is not there yet.
    carry: Vec<u8>,
    /// Where each value of the row at hand lies; `None` is NULL.
    fields: Vec<Option<(usize, usize)>>,
    digits: Vec<u8>,
}

impl Decoder {
    pub(super) fn new(columns: Vec<(Wire, Class)>, key: Vec<usize>) -> Self {
        Self { columns, key, place: Place::Header, carry: Vec::new(), fields: Vec::new(), digits: Vec::new() }
    }

    /// Takes the next piece; whole rows go into the batch.
    pub(super) fn feed(&mut self, piece: &[u8], batch: &mut Batch) -> Result<(), EngineError> {
        if self.carry.is_empty() {
            let used = self.rows(piece, batch)?;
            self.carry.extend_from_slice(&piece[used..]);
            return Ok(());
        }
        let mut held = std::mem::take(&mut self.carry);
        held.extend_from_slice(piece);
        let used = self.rows(&held, batch)?;
        held.drain(..used);
        self.carry = held;
        Ok(())
    }

    /// The answer ended here: was it whole?
    pub(super) fn end(&self) -> Result<(), EngineError> {
        if self.place == Place::End {
            return Ok(());
        }
        Err(EngineError::new("SG-PG-150", ErrorKind::Connection, "the server's answer ended in the middle of the rows"))
    }

    /// Reads as far as there are whole rows; gives the bytes used.
    fn rows(&mut self, bytes: &[u8], batch: &mut Batch) -> Result<usize, EngineError> {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            let used = match self.place {
                Place::Header => header(rest)?.inspect(|_| self.place = Place::Rows),
                Place::Rows => self.row(rest, batch)?,
                Place::End if rest.is_empty() => None,
                Place::End => return Err(misread("something follows its end")),
            };
            match used {
                Some(used) => at += used,
                None => return Ok(at),
            }
        }
    }

    /// One row, or the trailer; `None`: its end is not there yet.
    fn row(&mut self, bytes: &[u8], batch: &mut Batch) -> Result<Option<usize>, EngineError> {
        let Some((count, _)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
        let count = i16::from_be_bytes(*count);
        if count == TRAILER {
            self.place = Place::End;
            return Ok(Some(2));
        }
        if usize::try_from(count) != Ok(self.columns.len()) {
            return Err(misread("a row has another number of values"));
        }
        self.fields.clear();
        let mut at = 2;
        for _ in 0..self.columns.len() {
            let Some((length, _)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk::<4>()) else { return Ok(None) };
            let length = i32::from_be_bytes(*length);
            at += 4;
            if length == NULL {
                self.fields.push(None);
                continue;
            }
            let length = usize::try_from(length).map_err(|_| misread("a value's length is below zero"))?;
            self.fields.push(Some((at, at + length)));
            at += length;
        }
        if at > bytes.len() {
            return Ok(None);
        }
        for (index, field) in self.fields.iter().enumerate() {
            let (form, class) = &self.columns[index];
            match field {
                None => batch.value(&segue_engine::rows::Value::Null, class),
                Some((from, to)) => wire::put(batch, form, class, &bytes[*from..*to], &mut self.digits)
                    .map_err(|wire::Misread| misread(&format!("value {} of a row is not of its type's form", index + 1)))?,
            }
        }
        batch.end_row(&self.key);
        Ok(Some(at))
    }
}

/// The header's length; `None`: its end is not there yet.
fn header(bytes: &[u8]) -> Result<Option<usize>, EngineError> {
    let begun = bytes.len().min(SIGNATURE.len());
    if bytes[..begun] != SIGNATURE[..begun] {
        return Err(misread("it does not begin as it should"));
    }
    let Some((flags, rest)) = bytes.get(SIGNATURE.len()..).and_then(|rest| rest.split_first_chunk::<4>()) else { return Ok(None) };
    let Some((length, _)) = rest.split_first_chunk::<4>() else { return Ok(None) };
    if u32::from_be_bytes(*flags) & CRITICAL_FLAGS != 0 {
        return Err(misread("it has a form that is not known"));
    }
    let length = usize::try_from(i32::from_be_bytes(*length)).map_err(|_| misread("its header's length is below zero"))?;
    Ok(bytes.get(..HEADER_BYTES + length).map(<[u8]>::len))
}

/// The answer is not what was asked for. Nothing of it is shown.
pub(super) fn misread(why: &str) -> EngineError {
    EngineError::new("SG-PG-151", ErrorKind::Other, format!("the server's rows are not understood: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        out.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 3, 9, 9, 9]);
        for (number, text) in [(7_i32, Some("seven")), (-8, None)] {
            out.extend_from_slice(&[0, 2, 0, 0, 0, 4]);
            out.extend_from_slice(&number.to_be_bytes());
            match text {
                None => out.extend_from_slice(&(-1_i32).to_be_bytes()),
                Some(text) => {
                    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
                    out.extend_from_slice(text.as_bytes());
                }
            }
        }
        out.extend_from_slice(&[0xff, 0xff]);
        out
    }

    fn decoder() -> Decoder {
        Decoder::new(vec![(Wire::Int4, Class::Integer), (Wire::Text, Class::Text)], vec![0])
    }

    fn read(pieces: &[&[u8]]) -> Result<Batch, EngineError> {
        let (mut decoder, mut batch) = (decoder(), Batch::default());
        for piece in pieces {
            decoder.feed(piece, &mut batch)?;
        }
        decoder.end()?;
        Ok(batch)
    }

    #[test]
    fn an_answer_may_be_cut_into_any_pieces() {
        let answer = answer();
        let whole: Vec<_> = read(&[&answer]).expect("whole").iter().map(|(key, row)| (key.to_vec(), row.to_vec())).collect();
        assert_eq!(whole.len(), 2);
        for first in 0..answer.len() {
            for second in first..answer.len() {
                let pieces = [&answer[..first], &answer[first..second], &answer[second..]];
                let batch = read(&pieces).expect("whole");
                assert!(batch.iter().map(|(key, row)| (key.to_vec(), row.to_vec())).eq(whole.iter().cloned()), "{first} {second}");
            }
        }
    }

    #[test]
    fn an_answer_that_ends_too_soon_is_no_end() {
        let answer = answer();
        for length in 0..answer.len() {
            let error = read(&[&answer[..length]]).expect_err("cut");
            assert_eq!((error.code, error.kind), ("SG-PG-150", ErrorKind::Connection), "{length}");
        }
    }

    #[test]
    fn what_is_not_the_form_is_refused() {
        let refused = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = answer();
            change(&mut bytes);
            let error = read(&[&bytes]).expect_err("refused");
            assert_eq!(error.code, "SG-PG-151", "{error}");
        };
        refused(&|bytes| bytes[0] = b'Q');
        refused(&|bytes| bytes[12] = 1);
        refused(&|bytes| bytes[15] = 0x80);
        refused(&|bytes| bytes[23] = 3);
        refused(&|bytes| bytes[23] = 1);
        refused(&|bytes| bytes[22] = 0x80);
        refused(&|bytes| bytes[24..28].copy_from_slice(&(-2_i32).to_be_bytes()));
        refused(&|bytes| bytes.push(0));
        let mut wider = Decoder::new(vec![(Wire::Int8, Class::Integer), (Wire::Text, Class::Text)], vec![]);
        assert_eq!(wider.feed(&answer(), &mut Batch::default()).expect_err("four bytes are not eight").code, "SG-PG-151");
    }
}

//! The bytes of a key: ordered as the values are, and readable back into values.
//!
//! A key is its columns one after the other: a zero for NULL, else a one, the value's tag and its payload. A payload
//! that does not end by itself is escaped (`00` becomes `00 ff`) and ended by `00 00`, so that a longer key never
//! sorts between a shorter one and its successor. No collation has a say. Tests: `canonical/tests.rs`.

use super::canonical::{Torn, split, tag};
use super::datum::Datum;

/// Appends the key column of a canonical value.
pub fn write(out: &mut Vec<u8>, value: &[u8]) -> Result<(), Torn> {
    let (value, _) = split(value)?;
    let Some((tag, payload)) = value else {
        out.push(0);
        return Ok(());
    };
    out.extend_from_slice(&[1, tag]);
    if tag == tag::INTEGER {
        out.extend_from_slice(payload);
        return Ok(());
    }
    let mut rest = payload;
    while let Some(at) = rest.iter().position(|byte| *byte == 0) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(&[0, 0xff]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(&[0, 0]);
    Ok(())
}

/// The values of a key.
pub fn read(key: &[u8]) -> Result<Vec<Datum>, Torn> {
    let (mut rest, mut out) = (key, Vec::new());
    while let Some((present, after)) = rest.split_first() {
        if *present == 0 {
            out.push(Datum::Null);
            rest = after;
            continue;
        }
        let (tag, after) = after.split_first().ok_or(Torn)?;
        if *tag == tag::INTEGER {
            let first = *after.first().ok_or(Torn)?;
            let length = usize::from(first.abs_diff(0x80));
            let payload = after.get(..=length).ok_or(Torn)?;
            out.push(Datum::read(*tag, payload)?);
            rest = &after[length + 1..];
            continue;
        }
        let (payload, end) = unescape(after)?;
        out.push(Datum::read(*tag, &payload)?);
        rest = &after[end..];
    }
    Ok(out)
}

fn unescape(bytes: &[u8]) -> Result<(Vec<u8>, usize), Torn> {
    let (mut out, mut at) = (Vec::new(), 0);
    loop {
        match (bytes.get(at).ok_or(Torn)?, bytes.get(at + 1)) {
            (0, Some(0)) => return Ok((out, at + 2)),
            (0, Some(0xff)) => {
                out.push(0);
                at += 2;
            }
            (0, _) => return Err(Torn),
            (byte, _) => {
                out.push(*byte);
                at += 1;
            }
        }
    }
}

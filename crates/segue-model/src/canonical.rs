//! Canonical bytes and digests: the same value always gives the same bytes.
//!
//! Used for the plan's digest and for the journal's hash chain. Keys are sorted, there is no white space, and
//! floats are refused, because two machines may print one float in two ways.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Why a value has no canonical form.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CanonicalError {
    /// The value could not be turned into JSON.
    #[error("a value that has no JSON form")]
    Json(#[from] serde_json::Error),
    /// The value holds a floating point number.
    #[error("a floating point number has no canonical form")]
    Float,
}

/// The canonical JSON bytes of `value`: sorted keys, no white space, integers only.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value)?;
    let mut out = Vec::new();
    write(&value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Number(n) if n.is_f64() => return Err(CanonicalError::Float),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort();
            out.push(b'{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, key)?;
                out.push(b':');
                write(&map[key], out)?;
            }
            out.push(b'}');
        }
        scalar => serde_json::to_writer(&mut *out, scalar)?,
    }
    Ok(())
}

/// SHA-256 of some bytes, as 64 lower-case hex digits.
pub fn digest_bytes(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let mut text = String::with_capacity(64);
    for byte in hash {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    text
}

/// The digest of a value's canonical bytes.
pub fn digest<T: Serialize + ?Sized>(value: &T) -> Result<String, CanonicalError> {
    Ok(digest_bytes(&to_bytes(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let bytes = to_bytes(&json!({"b": {"z": 1, "a": [true, null]}, "a": "é\"\n"})).expect("canonical");
        assert_eq!(String::from_utf8(bytes).expect("utf-8"), "{\"a\":\"é\\\"\\n\",\"b\":{\"a\":[true,null],\"z\":1}}");
    }

    #[test]
    fn floats_are_refused() {
        assert!(matches!(to_bytes(&json!({"a": 1.5})), Err(CanonicalError::Float)));
    }

    #[test]
    fn the_digest_is_the_published_one_of_sha_256() {
        assert_eq!(digest_bytes(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

//! The wire format of protobuf: numbers and what stands behind them. Tests: below.

/// What is wrong with the bytes.
pub(super) type Bad = &'static str;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// Four or eight bytes, or a group's tag: nothing here asks for them.
    Other,
}

impl<'a> Value<'a> {
    pub(super) fn bytes(self) -> Result<&'a [u8], Bad> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err("a number stands where a message or text should") }
    }

    pub(super) fn text(self) -> Result<&'a str, Bad> {
        std::str::from_utf8(self.bytes()?).map_err(|_| "a text that is no UTF-8")
    }

    /// A whole number as `int32` and `int64` write it.
    pub(super) fn whole(self) -> Result<i64, Bad> {
        if let Self::Varint(bits) = self { Ok(bits as i64) } else { Err("something else stands where a number should") }
    }
}

/// Reads fields one by one.
pub(super) struct Wire<'a> {
    rest: &'a [u8],
}

impl<'a> Wire<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next field's number and value; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Bad> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(usize::try_from(length).map_err(|_| "a length beyond the file")?)?)
            }
            3 | 4 => Value::Other,
            5 => self.take(4).map(|_| Value::Other)?,
            _ => return Err("a wire type that is none"),
        };
        match tag >> 3 {
            0 => Err("a field with the number 0"),
            number => Ok(Some((number, value))),
        }
    }

    fn varint(&mut self) -> Result<u64, Bad> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let (byte, rest) = self.rest.split_first().ok_or("the bytes end in a number")?;
            self.rest = rest;
            if shift < 64 {
                value |= u64::from(byte & 0x7f) << shift;
            }
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err("a number of more than ten bytes")
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Bad> {
        if count > self.rest.len() {
            return Err("a length beyond the end of the file");
        }
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_torn_ones_refused() {
        let mut wire = Wire::new(&[0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 2, 3, 4]);
        assert_eq!(wire.next(), Ok(Some((1, Value::Varint(150)))));
        assert_eq!(wire.next().map(|field| field.map(|field| field.1.text())), Ok(Some(Ok("hi"))));
        assert_eq!((wire.next(), wire.next()), (Ok(Some((3, Value::Other))), Ok(None)));
        for torn in
            [&[0x08][..], &[0x12, 5, 1], &[0x0f], &[0x00, 0], &[0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], &[0x19, 1]]
        {
            assert!(Wire::new(torn).next().is_err(), "{torn:?}");
        }
    }
}

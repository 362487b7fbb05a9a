//! Decimal numbers of any length, exactly: sums of two servers are compared by their value, never through a float.
//!
//! Tests: below.

use std::cmp::Ordering;

use segue_model::spec::program::Tolerance;

/// Digits of an exponent that are believed; a number beyond is none.
const POWER_MAX: i32 = 400;

/// A decimal number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    negative: bool,
    /// Each 0 to 9, the most significant first.
    digits: Vec<u8>,
    /// How many of them stand after the point.
    scale: usize,
}

impl Exact {
    /// Reads `-12.50`, `1e3`. `None` for anything else, NaN and infinities among it.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, power) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().ok().filter(|power| power.abs() <= POWER_MAX)?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
        let mut scale = i32::try_from(fraction.len()).ok()? - power;
        while scale < 0 {
            digits.push(0);
            scale += 1;
        }
        Some(Self { negative, digits, scale: usize::try_from(scale).ok()? }.trimmed())
    }

    fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits.last() == Some(&0) {
            self.digits.pop();
            self.scale -= 1;
        }
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        if self.digits.is_empty() {
            (self.negative, self.scale) = (false, 0);
        }
        self
    }

    /// Without its sign.
    fn magnitude(&self) -> Self {
        Self { negative: false, ..self.clone() }
    }

    /// The digits of both, of one length and scale.
    fn aligned(&self, other: &Self) -> (Vec<u8>, Vec<u8>, usize) {
        let scale = self.scale.max(other.scale);
        let stretch = |number: &Self| {
            let mut digits = number.digits.clone();
            digits.extend(std::iter::repeat_n(0, scale - number.scale));
            digits
        };
        let (mut a, mut b) = (stretch(self), stretch(other));
        let length = a.len().max(b.len());
        for digits in [&mut a, &mut b] {
            let missing = length - digits.len();
            digits.splice(0..0, std::iter::repeat_n(0, missing));
        }
        (a, b, scale)
    }

    /// How far two numbers are apart.
    pub fn apart(&self, other: &Self) -> Self {
        let (a, b, scale) = self.aligned(other);
        let digits = if self.negative == other.negative { if a >= b { minus(&a, &b) } else { minus(&b, &a) } } else { plus(&a, &b) };
        Self { negative: false, digits, scale }.trimmed()
    }

    /// So many times as large.
    pub fn times(&self, factor: u64) -> Self {
        let (mut digits, mut carry) = (Vec::new(), 0_u128);
        for digit in self.digits.iter().rev() {
            carry += u128::from(*digit) * u128::from(factor);
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
        digits.reverse();
        Self { negative: self.negative, digits, scale: self.scale }.trimmed()
    }

    /// Whether the target's number is as far from the source's as is allowed, or less.
    pub fn within(source: &Self, target: &Self, tolerance: Option<Tolerance>) -> bool {
        let apart = source.apart(target);
        match tolerance {
            None => apart.digits.is_empty(),
            Some(Tolerance::PercentMilli(share)) => apart.times(100_000) <= source.magnitude().times(share),
            Some(Tolerance::Milli(most)) => apart.times(1000) <= Self::from(most),
        }
    }

    /// As people write it.
    pub fn show(&self) -> String {
        let mut text: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        while text.len() <= self.scale {
            text.insert(0, '0');
        }
        if self.scale > 0 {
            text.insert(text.len() - self.scale, '.');
        }
        if self.negative { format!("-{text}") } else { text }
    }
}

impl From<u64> for Exact {
    fn from(number: u64) -> Self {
        let digits = number.to_string().bytes().map(|byte| byte - b'0').collect();
        Self { negative: false, digits, scale: 0 }.trimmed()
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(other);
        match (self.negative, other.negative) {
            (false, false) => a.cmp(&b),
            (true, true) => b.cmp(&a),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Of digits of one length, the first the larger.
fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = a.to_vec();
    let mut borrow = 0;
    for at in (0..out.len()).rev() {
        let take = b[at] + borrow;
        borrow = u8::from(out[at] < take);
        out[at] = out[at] + 10 * borrow - take;
    }
    out
}

fn plus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let (mut out, mut carry) = (vec![0; a.len() + 1], 0);
    for at in (0..a.len()).rev() {
        let sum = a[at] + b[at] + carry;
        out[at + 1] = sum % 10;
        carry = sum / 10;
    }
    out[0] = carry;
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn numbers_are_read_by_value() {
        for (a, b) in [("1.50", "1.5"), ("-0", "0"), ("1e3", "1000"), ("12e-1", "1.2"), (".5", "0.50"), ("+7", "007")] {
            assert_eq!(n(a), n(b), "{a} {b}");
        }
        for none in ["", "-", ".", "1.2.3", "NaN", "Infinity", "0x1", "1e", "1e999", "1 "] {
            assert_eq!(Exact::parse(none), None, "{none}");
        }
        assert_eq!(n("-0012.340").show(), "-12.34");
        assert_eq!(n("0.05").show(), "0.05");
        assert_eq!(n("0").show(), "0");
    }

    #[test]
    fn distances_are_exact() {
        let long = "123456789012345678901234567890.12";
        assert_eq!(n(long).apart(&n("123456789012345678901234567890.1")).show(), "0.02");
        assert_eq!(n("-1.5").apart(&n("2")).show(), "3.5");
        assert_eq!(n("10").apart(&n("0.001")).show(), "9.999");
        assert_eq!(n("-2").apart(&n("-10")).show(), "8");
        assert_eq!(n("99").times(99).show(), "9801");
        assert!(n("-2") < n("-1") && n("-1") < n("0.5") && n("9.99") < n("10"));
    }

    #[test]
    fn tolerance_is_of_the_source_and_has_an_edge() {
        let percent = Some(Tolerance::PercentMilli(1000));
        assert!(Exact::within(&n("1000"), &n("1010"), percent) && Exact::within(&n("-1000"), &n("-990"), percent));
        assert!(!Exact::within(&n("1000"), &n("1010.0001"), percent));
        assert!(Exact::within(&n("0"), &n("0"), percent) && !Exact::within(&n("0"), &n("0.0001"), percent));
        let half = Some(Tolerance::Milli(500));
        assert!(Exact::within(&n("1"), &n("1.5"), half) && !Exact::within(&n("1"), &n("1.501"), half));
        assert!(Exact::within(&n("1"), &n("1.000"), None) && !Exact::within(&n("1"), &n("1.001"), None));
    }
}

//! Exact decimal numbers, so that no digit of an `int64` is lost. Tests: below.

use std::cmp::Ordering;

/// `mantissa × 10^-scale`, with the fewest digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    mantissa: i128,
    scale: i32,
}

/// The digits of a whole part and a fraction as one number.
fn mantissa(whole: &str, fraction: &str) -> Option<i128> {
    let mut digits = whole.bytes().chain(fraction.bytes());
    digits.try_fold(0_i128, |all, byte| {
        let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
        all.checked_mul(10)?.checked_add(digit)
    })
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// A whole number.
    pub fn whole(value: i128) -> Self {
        Self { mantissa: value, scale: 0 }.fewest()
    }

    /// `mantissa × 10^-scale`.
    pub fn scaled(mantissa: i128, scale: i32) -> Self {
        Self { mantissa, scale }.fewest()
    }

    /// Reads the text of a JSON number; `None` when it has more than 38 digits or an exponent beyond ±400.
    pub fn read(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits.strip_prefix('+').unwrap_or(digits)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() && fraction.is_empty() || exponent.abs() > 400 {
            return None;
        }
        let mantissa = mantissa(whole, fraction)?;
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.fewest())
    }

    fn fewest(mut self) -> Self {
        if self.mantissa == 0 {
            return Self::ZERO;
        }
        // Most numbers are short, and dividing them so is several times faster.
        if let Ok(mut short) = i64::try_from(self.mantissa) {
            while short % 10 == 0 {
                short /= 10;
                self.scale -= 1;
            }
            return Self { mantissa: short.into(), ..self };
        }
        while self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// It has no fraction.
    pub fn is_whole(self) -> bool {
        self.scale <= 0
    }

    /// Both as whole multiples of one power of ten; `None` when that does not fit.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let scale = self.scale.max(other.scale);
        let lift = |number: Self| 10_i128.checked_pow(u32::try_from(scale - number.scale).ok()?)?.checked_mul(number.mantissa);
        Some((lift(self)?, lift(other)?, scale))
    }

    /// The sum, if it fits.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { mantissa: a.checked_add(b)?, scale }.fewest())
    }

    /// The product, if it fits.
    pub fn times(self, other: Self) -> Option<Self> {
        Some(Self { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale: self.scale.checked_add(other.scale)? }.fewest())
    }

    /// The same with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// It is a whole multiple of the other; `None` when that cannot be told.
    pub fn is_multiple_of(self, other: Self) -> Option<bool> {
        let (a, b, _) = self.aligned(other)?;
        (b != 0).then(|| a % b == 0)
    }

    /// The largest whole number that is not above it.
    pub fn floor(self) -> Option<i128> {
        if self.scale <= 0 {
            return 10_i128.checked_pow(self.scale.unsigned_abs())?.checked_mul(self.mantissa);
        }
        match 10_i128.checked_pow(self.scale.unsigned_abs()) {
            Some(power) => Some(self.mantissa.div_euclid(power)),
            None => Some(if self.mantissa < 0 { -1 } else { 0 }),
        }
    }

    /// As JSON writes it.
    pub fn json(self) -> serde_json::Value {
        if let Some(whole) = self.floor().filter(|_| self.is_whole()).and_then(|whole| i64::try_from(whole).ok()) {
            return whole.into();
        }
        self.to_string().parse::<serde_json::Number>().map_or(serde_json::Value::Null, serde_json::Value::Number)
    }

    /// The sign: -1, 0 or 1.
    pub fn signum(self) -> i32 {
        self.mantissa.signum() as i32
    }

    /// How many digits stand before the point.
    fn magnitude(self) -> i64 {
        let digits = self.mantissa.unsigned_abs().checked_ilog10().map_or(0, |log| i64::from(log) + 1);
        digits - i64::from(self.scale)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.signum() != other.signum() {
            return self.signum().cmp(&other.signum());
        }
        if let Some((a, b, _)) = self.aligned(*other) {
            return a.cmp(&b);
        }
        let by_size = self.magnitude().cmp(&other.magnitude());
        if self.signum() < 0 { by_size.reverse() } else { by_size }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = self.mantissa.unsigned_abs().to_string();
        if self.scale <= 0 {
            if self.scale < -40 {
                return write!(f, "{sign}{digits}e{}", -self.scale);
            }
            return write!(f, "{sign}{digits}{}", "0".repeat(self.scale.unsigned_abs() as usize));
        }
        if self.scale > 40 {
            return write!(f, "{sign}{digits}e-{}", self.scale);
        }
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        write!(f, "{sign}{}.{}", &digits[..digits.len() - scale], &digits[digits.len() - scale..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::read(text).unwrap_or_else(|| panic!("{text} reads"))
    }

    #[test]
    fn numbers_are_exact() {
        for (text, shown) in
            [("1.50", "1.5"), ("-0", "0"), ("1e3", "1000"), ("12e-4", "0.0012"), ("9223372036854775807", "9223372036854775807")]
        {
            assert_eq!(n(text).to_string(), shown);
        }
        assert!(n("9223372036854775807") > n("9223372036854775806"));
        assert!(n("-2") < n("-1.5") && n("1e300") > n("2") && n("-1e300") < n("-2") && n("1e-300") > Number::ZERO);
        assert_eq!(n("0.3").is_multiple_of(n("0.1")), Some(true));
        assert_eq!(n("0.35").is_multiple_of(n("0.1")), Some(false));
        assert_eq!((n("-1.5").floor(), n("1.5").floor(), n("200").floor()), (Some(-2), Some(1), Some(200)));
        assert_eq!(n("1.5").plus(n("-0.5")), Some(Number::ONE));
        assert!(n("2.0").is_whole() && !n("2.5").is_whole());
        assert!(Number::read("").is_none() && Number::read("1e999").is_none());
    }
}

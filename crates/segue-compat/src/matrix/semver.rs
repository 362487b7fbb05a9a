//! Semantic versions, as far as they tell whether a change may break: major, minor, patch and whether it is a
//! pre-release. A date is none. Tests: below.

/// A semantic version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Semver {
    major: u64,
    minor: u64,
    patch: u64,
    pre: bool,
}

impl Semver {
    /// `1.4.0`, `v2`, `1.0.0-rc.1+build`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (core, pre) = match text.find(['-', '+']) {
            Some(at) => (text.get(..at)?, text.get(at..)?.starts_with('-')),
            None => (text, false),
        };
        let mut numbers = core.split('.').map(number);
        let major = numbers.next()??;
        let minor = numbers.next().map_or(Some(0), |one| one)?;
        let patch = numbers.next().map_or(Some(0), |one| one)?;
        // `2024-01-01` is a day.
        let day = pre && !core.contains('.') && major >= 1_000;
        (numbers.next().is_none() && !day).then_some(Self { major, minor, patch, pre })
    }

    /// The next version at which a change may break, when `new` is not such a version.
    pub(super) fn hides(&self, new: &Self) -> Option<String> {
        // What is called a pre-release promises nothing yet.
        if self.pre {
            return None;
        }
        let admitted = match (self.major, self.minor) {
            (0, 0) => new.major > 0 || new.minor > 0 || new.patch > self.patch,
            (0, minor) => new.major > 0 || new.minor > minor,
            (major, _) => new.major > major,
        };
        (!admitted).then(|| match (self.major, self.minor) {
            (0, 0) => format!("0.0.{}", self.patch + 1),
            (0, minor) => format!("0.{}.0", minor + 1),
            (major, _) => format!("{}.0.0", major + 1),
        })
    }
}

fn number(text: &str) -> Option<u64> {
    // No sign, at most nine digits: no version has more.
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::Semver;

    fn hides(old: &str, new: &str) -> Option<String> {
        Semver::read(old).expect("a version").hides(&Semver::read(new).expect("a version"))
    }

    #[test]
    fn only_a_higher_major_admits_a_breaking_change() {
        assert_eq!(hides("1.4.0", "1.5.0").as_deref(), Some("2.0.0"));
        assert_eq!(hides("1.4.0", "1.4.0").as_deref(), Some("2.0.0"), "the same number twice");
        assert_eq!(hides("2.0.0", "1.9.0").as_deref(), Some("3.0.0"), "numbers that fall admit nothing");
        assert_eq!(hides("1.4.0", "2.0.0"), None);
        assert_eq!(hides("1.4.0", "2.0.0-rc.1"), None);
    }

    #[test]
    fn before_1_the_minor_does_and_a_pre_release_promises_nothing() {
        assert_eq!(hides("0.4.1", "0.4.2").as_deref(), Some("0.5.0"));
        assert_eq!(hides("0.4.1", "0.5.0"), None);
        assert_eq!(hides("0.4.1", "1.0.0"), None);
        assert_eq!(hides("0.0.1", "0.0.2"), None);
        assert_eq!(hides("0.0.1", "0.0.1").as_deref(), Some("0.0.2"));
        assert_eq!(hides("1.0.0-beta.1", "1.0.0-beta.2"), None);
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", "latest", "2024-01-01", "1.2.3.4", "1..2", "1.2.x", "-1", "99999999999999999999"] {
            assert_eq!(Semver::read(text), None, "{text}");
        }
        assert_eq!(Semver::read("v2"), Semver::read("2.0.0"));
        assert_eq!(Semver::read("1.2.3+build"), Semver::read("1.2.3"));
    }
}

//! Names: the nearest known one for a mistake, free physical names for twins, and generated constraint names.
//!
//! Never quotes anything; a name is data here. Tests: below.

use std::collections::BTreeSet;

use segue_model::canonical;

/// The longest physical name that Segue makes, in bytes: PostgreSQL's limit, kept on every engine.
pub(super) const LONGEST: usize = 63;

/// ` Did you mean `x`?`, or nothing where no known name is near.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    match near {
        Some((distance, name)) if distance <= 2.max(wrong.chars().count() / 3) => format!("Did you mean `{name}`?"),
        _ => String::new(),
    }
}

/// The name cut to [`LONGEST`] bytes at a character's end; what was cut is told apart by a hash of the whole.
pub(super) fn fit(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let hash = &canonical::digest_bytes(name.as_bytes())[..8];
    let mut end = LONGEST - 1 - hash.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}", &name[..end])
}

/// Hands out physical names that clash neither with a column that is there nor with each other.
pub(super) struct Physical {
    taken: BTreeSet<String>,
    tag: String,
    folds_case: bool,
}

impl Physical {
    /// Starts from the names that are there.
    pub(super) fn new<'a>(taken: impl IntoIterator<Item = &'a str>, tag: &str, folds_case: bool) -> Self {
        let mut physical = Self { taken: BTreeSet::new(), tag: tag.to_owned(), folds_case };
        for name in taken {
            physical.take(name);
        }
        // The helper column of the engines.
        physical.take(&format!("segue_side_{tag}"));
        physical
    }

    fn key(&self, name: &str) -> String {
        if self.folds_case { name.to_ascii_lowercase() } else { name.to_owned() }
    }

    /// Takes a name as it is; false where somebody has it.
    pub(super) fn take(&mut self, name: &str) -> bool {
        let key = self.key(name);
        self.taken.insert(key)
    }

    /// The wished name where it is free and fits, else one made of `base` and the tag.
    pub(super) fn twin(&mut self, wished: Option<&str>, base: &str) -> String {
        if let Some(name) = wished
            && name.len() <= LONGEST
            && self.take(name)
        {
            return name.to_owned();
        }
        let mut number = 1u32;
        loop {
            let suffix = if number == 1 { String::new() } else { format!("_{number}") };
            let name = fit(&format!("{base}__{}{suffix}", self.tag));
            if self.take(&name) {
                return name;
            }
            number += 1;
        }
    }
}

/// `<table>_<column>_check`, as PostgreSQL would call it.
pub(super) fn constraint(table: &str, column: &str, kind: &str) -> String {
    fit(&format!("{table}_{column}_{kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_when_near() {
        assert_eq!(did_you_mean("emial", ["id", "email", "name"]), "Did you mean `email`?");
        assert_eq!(did_you_mean("EMAIL", ["id", "email"]), "Did you mean `email`?");
        assert_eq!(did_you_mean("total_amount", ["id", "x"]), "");
        assert_eq!(did_you_mean("a", []), "");
    }

    #[test]
    fn a_long_name_is_cut_at_a_character_and_stays_distinct() {
        let one = fit(&format!("{}a", "é".repeat(40)));
        let other = fit(&format!("{}b", "é".repeat(40)));
        assert!(one.len() <= LONGEST && other.len() <= LONGEST);
        assert_ne!(one, other);
        assert_eq!(fit("short"), "short");
    }

    #[test]
    fn physical_names_never_clash() {
        let mut names = Physical::new(["total", "total__t"], "t", false);
        assert_eq!(names.twin(None, "total"), "total__t_2");
        assert_eq!(names.twin(Some("sum"), "total"), "sum");
        assert_eq!(names.twin(Some("sum"), "sum"), "sum__t");
        assert_eq!(names.twin(Some("Total"), "Total"), "Total");
        assert_eq!(names.twin(Some("segue_side_t"), "x"), "x__t");
        let mut folding = Physical::new(["total"], "t", true);
        assert_eq!(folding.twin(Some("Total"), "Total"), "Total__t");
    }

    #[test]
    fn long_twins_stay_within_the_limit_and_distinct() {
        let long = "x".repeat(63);
        let mut names = Physical::new([long.as_str()], "run", false);
        let first = names.twin(None, &long);
        let second = names.twin(None, &long);
        assert!(first.len() <= LONGEST && second.len() <= LONGEST && first != second);
    }
}

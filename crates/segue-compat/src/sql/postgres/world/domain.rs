//! Types that a schema makes: which of them have a condition of their own, and which are not known at all.

use super::World;

/// Types of extensions that are no domains, by their bare names.
const OF_EXTENSIONS: &[&str] = &[
    "citext",
    "cube",
    "earth",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "isbn",
    "ltree",
    "ltxtquery",
    "lquery",
    "raster",
    "seg",
    "sparsevec",
    "vector",
];

/// Domains over domains are followed so far.
const DEPTH_MAX: usize = 32;

impl World {
    /// A value of the type must pass a check: of the domain, or of one below it. An array of a domain is no domain.
    pub(crate) fn constrained(&self, data_type: &str) -> bool {
        let mut name = data_type;
        for _ in 0..DEPTH_MAX {
            match self.domains.get(name) {
                Some(domain) if domain.constrained => return true,
                Some(domain) => name = &domain.base,
                None => return false,
            }
        }
        true
    }

    /// Somebody's own type, of which nobody said what it is: it may be a domain with a check.
    pub(crate) fn may_be_domain(&self, data_type: &str) -> bool {
        let Some((_, bare)) = data_type.rsplit_once('.') else { return false };
        let known = self.domains.contains_key(data_type) || self.types.contains(data_type);
        // An array is none, and a modifier stands behind base types alone.
        !known && !data_type.ends_with(']') && !data_type.ends_with(')') && !OF_EXTENSIONS.contains(&bare)
            // A table's row type is none either.
            && !self.tables.keys().any(|table| super::constraint::full(table) == data_type)
    }
}

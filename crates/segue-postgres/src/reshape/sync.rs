//! What the sync triggers know of a change: which column is computed from which, resolved to physical columns.
//!
//! A renamed column has a twin that mirrors it; everything else is said over the original, so that a conversion
//! never reads a mirror. It must never leave out a read that the change names. Tests: `tests/reshape/`.

use std::collections::BTreeMap;

use segue_model::reshape::{Role, TableChange};

use crate::reshape::compose;
use crate::reshape::names::Names;

/// A new column computed from the old form.
#[derive(Debug)]
pub(crate) struct Up {
    pub(crate) column: String,
    pub(crate) physical: String,
    /// There is something to compute: `up` is not plainly NULL.
    pub(crate) computes: bool,
    /// The new form takes no NULL here.
    pub(crate) not_null: bool,
    /// A column that only the new form has.
    pub(crate) added: bool,
    /// Its bit in the helper column: it stood in the SET list of an UPDATE.
    pub(crate) flag: i64,
    /// Indexes into [`Sync::downs`] of the old columns that it reads.
    pub(crate) reads: Vec<usize>,
    /// Indexes into [`Sync::shared`] of the columns of both forms that it reads.
    pub(crate) reads_shared: Vec<usize>,
    /// The old column that it takes the place of, an index into [`Sync::downs`].
    pub(crate) original: Option<usize>,
}

/// An old column computed from the new form.
#[derive(Debug)]
pub(crate) struct Down {
    pub(crate) column: String,
    pub(crate) physical: String,
    pub(crate) computes: bool,
    /// The old form takes no NULL here.
    pub(crate) not_null: bool,
    /// It has no place in the new form: computed for new rows only.
    pub(crate) dropped: bool,
    /// Its type in the old form.
    pub(crate) data_type: String,
    /// The base table's default, as the server deparses it.
    pub(crate) default: Option<String>,
    /// Indexes into [`Sync::ups`] of the new columns that it reads.
    pub(crate) reads: Vec<usize>,
    pub(crate) reads_shared: Vec<usize>,
}

/// A renamed column and its twin.
#[derive(Debug)]
pub(crate) struct Mirror {
    pub(crate) original: String,
    pub(crate) twin: String,
    pub(crate) data_type: String,
    pub(crate) default: Option<String>,
    pub(crate) flag: i64,
}

/// A change as the triggers see it.
pub(crate) struct Sync<'a> {
    pub(crate) change: &'a TableChange,
    pub(crate) names: Names,
    pub(crate) run: &'a str,
    pub(crate) ups: Vec<Up>,
    pub(crate) downs: Vec<Down>,
    pub(crate) mirrors: Vec<Mirror>,
    /// Columns of both forms that some conversion reads.
    pub(crate) shared: Vec<String>,
    /// Generated columns of the table with their expressions: empty in a BEFORE trigger, so computed there.
    pub(crate) generated: BTreeMap<String, String>,
    /// The other columns of the table, over which those expressions are.
    pub(crate) plain: Vec<String>,
    /// Users' BEFORE triggers stand between our first and our last.
    pub(crate) two_passes: bool,
    /// After `shift`: what `up` cannot convert is refused.
    pub(crate) strict: bool,
}

/// How many twins fit in a `smallint` helper column, above the three bits of its state.
const SMALL_FLAGS_MAX: usize = 12;
/// How many fit in a `bigint`: more are refused by the survey.
pub(crate) const FLAGS_MAX: usize = 59;

/// The type of the helper column.
pub(crate) fn side_type(change: &TableChange) -> &'static str {
    if change.up.len() <= SMALL_FLAGS_MAX { "smallint" } else { "bigint" }
}

impl<'a> Sync<'a> {
    /// Resolves the change. `defaults` are the base table's, by physical column.
    pub(crate) fn of(change: &'a TableChange, run: &'a str, defaults: &BTreeMap<String, String>) -> Self {
        let mut sync = Self {
            change,
            names: Names::of(change),
            run,
            ups: Vec::new(),
            downs: Vec::new(),
            mirrors: Vec::new(),
            shared: Vec::new(),
            generated: BTreeMap::new(),
            plain: Vec::new(),
            two_passes: false,
            strict: false,
        };
        for (at, derived) in change.up.iter().enumerate() {
            let flag = 8_i64 << at.min(FLAGS_MAX - 1);
            let form = change.new.iter().find(|column| column.name == derived.column);
            match &derived.role {
                Role::Renamed { original, .. } => sync.mirrors.push(Mirror {
                    original: original.clone(),
                    twin: derived.physical.clone(),
                    data_type: form.map(|column| column.data_type.clone()).unwrap_or_default(),
                    default: defaults.get(original).cloned(),
                    flag,
                }),
                role => sync.ups.push(Up {
                    column: derived.column.clone(),
                    physical: derived.physical.clone(),
                    computes: !compose::up_is_null(change, &derived.column),
                    not_null: form.is_some_and(|column| !column.nullable),
                    added: *role == Role::Added,
                    flag,
                    reads: Vec::new(),
                    reads_shared: Vec::new(),
                    original: None,
                }),
            }
        }
        for derived in &change.down {
            if sync.mirrors.iter().any(|mirror| mirror.original == derived.physical) {
                continue;
            }
            let form = change.old.iter().find(|column| column.name == derived.column);
            sync.downs.push(Down {
                column: derived.column.clone(),
                physical: derived.physical.clone(),
                computes: !compose::down_is_null(change, &derived.column),
                not_null: form.is_some_and(|column| !column.nullable),
                dropped: derived.role == Role::Dropped,
                data_type: form.map(|column| column.data_type.clone()).unwrap_or_default(),
                default: defaults.get(&derived.physical).cloned(),
                reads: Vec::new(),
                reads_shared: Vec::new(),
            });
        }
        sync.link();
        sync
    }

    fn link(&mut self) {
        for derived in &self.change.up {
            let Some(at) = self.ups.iter().position(|up| up.physical == derived.physical) else { continue };
            for read in &derived.reads {
                if let Some(down) = self.downs.iter().position(|down| down.physical == *read) {
                    self.ups[at].reads.push(down);
                } else {
                    let shared = self.shared_column(read);
                    self.ups[at].reads_shared.push(shared);
                }
            }
            if let Role::Converted { original, .. } = &derived.role {
                self.ups[at].original = self.downs.iter().position(|down| down.physical == *original);
            }
        }
        for derived in &self.change.down {
            let Some(at) = self.downs.iter().position(|down| down.physical == derived.physical) else { continue };
            for read in &derived.reads {
                if let Some(up) = self.ups.iter().position(|up| up.physical == *read) {
                    self.downs[at].reads.push(up);
                } else {
                    let shared = self.shared_column(read);
                    self.downs[at].reads_shared.push(shared);
                }
            }
        }
        for up in &mut self.ups {
            up.reads_shared.sort_unstable();
            up.reads_shared.dedup();
        }
    }

    fn shared_column(&mut self, physical: &str) -> usize {
        let column = self.mirrors.iter().find(|mirror| mirror.twin == physical).map_or(physical, |mirror| &mirror.original).to_owned();
        self.shared.iter().position(|known| *known == column).unwrap_or_else(|| {
            self.shared.push(column);
            self.shared.len() - 1
        })
    }

    /// Every physical column that the triggers look at, without doubles.
    pub(crate) fn watched(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        let mirrors = self.mirrors.iter().flat_map(|mirror| [mirror.original.as_str(), mirror.twin.as_str()]);
        let columns = self.ups.iter().map(|up| up.physical.as_str()).chain(self.downs.iter().map(|down| down.physical.as_str()));
        for column in mirrors.chain(columns).chain(self.shared.iter().map(String::as_str)) {
            if !out.contains(&column) {
                out.push(column);
            }
        }
        out
    }
}

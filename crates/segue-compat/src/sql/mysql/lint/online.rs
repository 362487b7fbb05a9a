//! How the server performs an action of ALTER TABLE: at once, online, or by a copy that writers wait for.
//!
//! MariaDB: "InnoDB Online DDL Overview" and its pages for INSTANT, NOCOPY and INPLACE; MySQL: "15.12.1 Online DDL
//! Operations". What MariaDB 10.11 really does is in `tests/cases/sql-online-ddl/`, asked of a server by `ALGORITHM=` and
//! `LOCK=`. Must never name a cheaper way than the server takes. Tests: `tests/it/sql/script_lint.rs`.

use segue_model::catalog::Column;

use super::super::super::Dialect;
use super::super::super::compare::Kind;
use super::super::super::ddl::alter::Action;
use super::super::super::ddl::column::Read;
use super::super::super::ddl::key::{Key, KeyKind};
use super::super::super::ddl::script::Seen;

/// From the cheapest to the dearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// Only the definition changes.
    Instant,
    /// Online, without writing the table anew.
    NoCopy,
    /// Online, and the table is written anew.
    Rebuild,
    /// Written anew while writers wait.
    RebuildBlocking,
    /// Copied row by row while writers wait.
    Copy,
}

/// Which server: 100000 and above is MariaDB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Server(pub(crate) Option<u32>);

impl Server {
    fn known_mariadb(self) -> bool {
        self.0.is_some_and(|version| version >= 100_000)
    }

    /// A MariaDB or MySQL of at least these versions; without a version the oldest that both still serve (10.6, 8.0.29).
    fn since(self, mariadb: u32, mysql: u32) -> bool {
        self.0.is_none_or(|version| if version >= 100_000 { version >= mariadb } else { version >= mysql })
    }
}

/// The dearest of all actions.
pub(crate) fn way(seen: &Seen<'_>, table: &str, actions: &[Action], server: Server) -> Way {
    let adds_column = actions.iter().any(|action| matches!(action, Action::AddColumn(_)));
    let adds_key = actions.iter().any(|action| matches!(action, Action::AddKey(_)));
    let dearest = actions.iter().map(|action| one(seen, table, action, server)).max().unwrap_or(Way::Instant);
    // An index over a column of the same statement has the table written anew.
    if adds_column && adds_key { dearest.max(Way::Rebuild) } else { dearest }
}

fn one(seen: &Seen<'_>, table: &str, action: &Action, server: Server) -> Way {
    match action {
        Action::AddColumn(read) => added(read, server),
        Action::DropColumn(name) => dropped(seen, table, name, server),
        Action::Modify(old, read) => modified(seen, table, old, read, server),
        Action::RenameColumn(..) => {
            if server.since(100_302, 80_028) {
                Way::Instant
            } else {
                Way::NoCopy
            }
        }
        Action::AddKey(key) => keyed(seen, key),
        Action::Force => Way::Rebuild,
        Action::Option(name, value) => option(seen, table, name, value),
        Action::DropIndex(_) | Action::DropConstraint(_) => Way::NoCopy,
        Action::Default(..)
        | Action::DropForeign(_)
        | Action::RenameTable(_)
        | Action::RenameIndex(..)
        | Action::Algorithm(_)
        | Action::Lock(_)
        | Action::Nothing => Way::Instant,
        Action::DropPrimary | Action::Convert(..) | Action::Partition(_) | Action::Other(_) => Way::Copy,
    }
}

fn added(read: &Read, server: Server) -> Way {
    let stored = read.marks.iter().any(|mark| mark == "stored generated");
    let computed = read.column.default.as_deref().is_some_and(is_computed);
    if computed
        || read.column.identity.is_some()
        || stored
        || read.keys.iter().any(|key| matches!(key.kind, KeyKind::Check | KeyKind::Foreign))
    {
        return Way::Copy;
    }
    if read.keys.iter().any(|key| matches!(key.kind, KeyKind::Unique | KeyKind::Primary)) {
        return Way::Rebuild;
    }
    let anywhere = server.since(100_400, 80_029);
    if anywhere || (read.place.is_none() && server.since(100_302, 80_012)) { Way::Instant } else { Way::Rebuild }
}

/// `(uuid())`, `(a + 1)`: a default that is worked out for each row, so that the rows that are there must be written.
fn is_computed(default: &str) -> bool {
    let text = default.trim().to_lowercase();
    let same_for_all = ["current_timestamp", "now(", "localtime"].iter().any(|word| text.starts_with(word));
    !same_for_all && text.contains('(') && !text.starts_with('\'') && !text.starts_with('"')
}

fn dropped(seen: &Seen<'_>, table: &str, name: &str, server: Server) -> Way {
    if !server.since(100_400, 80_029) {
        return Way::Rebuild;
    }
    let indexed =
        seen.table(table).is_some_and(|table| table.indexes.iter().any(|i| i.columns.iter().any(|c| c.eq_ignore_ascii_case(name))));
    if indexed { Way::NoCopy } else { Way::Instant }
}

fn modified(seen: &Seen<'_>, table: &str, old: &str, read: &Read, server: Server) -> Way {
    let Some(before) = seen.type_of(table, old) else { return Way::Copy };
    let column = seen.column(table, old);
    let typed = type_way(before, &read.column.data_type, width(seen, table, column, read), server);
    let collation = match (&read.charset, &read.column.collation) {
        (Some(_), _) => Way::Copy,
        // Another collation of the same letters: the indexes are built anew.
        (None, Some(collation)) if column.and_then(|c| c.collation.as_ref()) != Some(collation) => Way::NoCopy,
        _ => Way::Instant,
    };
    let nullable = match column {
        Some(column) if column.nullable != read.column.nullable => Way::Rebuild,
        None if !read.column.nullable => Way::Rebuild,
        _ => Way::Instant,
    };
    // MySQL writes the table anew for another order, and a server that is not known is taken for MySQL.
    let moved = if read.place.is_some() && !(server.known_mariadb() && server.since(100_400, 0)) { Way::Rebuild } else { Way::Instant };
    typed.max(collation).max(nullable).max(moved)
}

/// The most bytes that a character of the column takes; `None` when the character set is not known.
fn width(seen: &Seen<'_>, table: &str, column: Option<&Column>, read: &Read) -> Option<u64> {
    let of_table = || seen.table(table)?.options.iter().find_map(|option| option.strip_prefix("collation="));
    let charset = read.charset.as_deref().or_else(|| column?.collation.as_deref()).or_else(of_table);
    let name = charset?.to_lowercase();
    let name = name.strip_prefix("charset ").unwrap_or(&name);
    match name.split('_').next().unwrap_or_default() {
        "utf8mb4" | "utf16" | "utf32" | "gb18030" | "uca1400" => Some(4),
        "utf8" | "utf8mb3" | "eucjpms" | "ujis" => Some(3),
        "ucs2" | "gbk" | "gb2312" | "big5" | "sjis" | "cp932" | "euckr" => Some(2),
        "latin1" | "latin2" | "latin5" | "latin7" | "ascii" | "binary" | "koi8r" | "koi8u" | "cp1250" | "cp1251" | "cp1256" | "cp1257"
        | "hebrew" | "greek" => Some(1),
        _ => None,
    }
}

fn type_way(before: &str, after: &str, width: Option<u64>, server: Server) -> Way {
    let (old, new) = (Kind::parse(before, Dialect::Mysql), Kind::parse(after, Dialect::Mysql));
    if old == new {
        return Way::Instant;
    }
    match (&old, &new) {
        (Kind::Text { max: Some(a), bytes: false, padded: false }, Kind::Text { max: Some(b), bytes: false, padded: false }) if b >= a => {
            // MySQL keeps a length in one byte up to 255 bytes; without a character set any width may be the one that crosses.
            let crosses = |width: u64| a * width <= 255 && b * width > 255;
            let copies = width.map_or_else(|| (1..=4).any(crosses), crosses);
            // MariaDB does not care from 10.4.3 on; a server that is not known is taken for MySQL.
            if server.known_mariadb() {
                if server.since(100_403, 0) { Way::Instant } else { Way::NoCopy }
            } else if copies {
                Way::Copy
            } else {
                Way::Instant
            }
        }
        (Kind::Enum(a), Kind::Enum(b)) | (Kind::Set(a), Kind::Set(b)) if b.starts_with(a) => {
            // The number of a label takes one byte up to 255 labels.
            if a.len() <= 255 && b.len() > 255 { Way::Copy } else { Way::Instant }
        }
        _ => Way::Copy,
    }
}

fn keyed(seen: &Seen<'_>, key: &Key) -> Way {
    match key.kind {
        KeyKind::Plain | KeyKind::Unique => Way::NoCopy,
        KeyKind::Fulltext | KeyKind::Spatial => Way::RebuildBlocking,
        KeyKind::Primary => Way::Rebuild,
        KeyKind::Foreign => {
            let off = seen.before.settings.get("foreign_key_checks").is_some_and(|value| value == "0" || value == "off");
            if off { Way::NoCopy } else { Way::Copy }
        }
        KeyKind::Check => Way::Copy,
    }
}

fn option(seen: &Seen<'_>, table: &str, name: &str, value: &str) -> Way {
    match name {
        "engine" => {
            let now = seen.table(table).and_then(|table| table.options.iter().find_map(|option| option.strip_prefix("engine=")));
            if now.is_none_or(|engine| engine.eq_ignore_ascii_case(value)) && value.eq_ignore_ascii_case("innodb") {
                Way::Rebuild
            } else {
                Way::Copy
            }
        }
        "row_format" | "key_block_size" | "page_compressed" | "encrypted" => Way::Rebuild,
        _ => Way::Instant,
    }
}

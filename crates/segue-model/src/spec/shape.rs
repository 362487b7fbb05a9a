//! What a key takes, as data: one table that the reader walks by and the JSON Schema is printed from.
//!
//! So the two cannot drift apart. Must never know YAML or JSON. Tests: `tests/it/agreement.rs`.

/// What a value may be.
#[derive(Debug)]
pub(super) enum Shape {
    /// A text.
    Text(Words),
    /// `true` or `false`.
    Bool,
    /// A whole number from 0.
    Count,
    /// A whole number within bounds.
    Range {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// A number from 0 with at most so many decimals.
    Decimal {
        /// How many.
        places: usize,
    },
    /// The format's number: 1.
    Format,
    /// A duration; with `none` also the word for zero.
    Duration {
        /// Whether `none` is taken.
        none: bool,
    },
    /// A size in bytes.
    Size,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A list with at least `least` and at most `most` items.
    List {
        /// What each is.
        of: &'static Shape,
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// One value, or a list of at least one.
    OneOrList(&'static Shape),
    /// A mapping whose keys the user names.
    Map {
        /// What a key is, for people: `column`.
        key: &'static str,
        /// What each value is.
        of: &'static Shape,
        /// The fewest entries.
        least: usize,
    },
    /// A mapping with known keys.
    Record(&'static Record),
    /// A mapping with exactly one of its known keys: `rename_column: {…}`.
    Tagged(&'static Record),
    /// The short form, a text, or the long form.
    Short(Words, &'static Record),
}

/// What a text may be. NUL is refused in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// Anything, even nothing.
    Any,
    /// The name of a database object: anything but nothing.
    Name,
    /// `table` or `schema.table`.
    Table,
    /// SQL: not blank; a number or a boolean is taken as SQL writes it.
    Sql,
    /// A type in the engine's words: not blank.
    Type,
    /// `[A-Za-z0-9-]{1,40}`.
    Id,
    /// A PostgreSQL URL or a reference to one.
    Url,
    /// A MySQL URL or a reference to one.
    MysqlUrl,
    /// A web address or a reference to one.
    Web,
    /// A path or a reference to one.
    Path,
    /// A text that is not blank.
    Line,
    /// A file, a folder or an address: not blank, and no password in it.
    File,
    /// A version: a text, or a number as people write it.
    Version,
    /// `2027-01-11`.
    Date,
    /// `2026-12-20/2027-01-04`.
    Dates,
    /// `08:30`.
    Clock,
    /// `UTC`, `Europe/Berlin`.
    Zone,
    /// `EUR`.
    Currency,
    /// `50MiB/s`, `20000 rows/s`.
    Rate,
    /// `25%`.
    Percent,
    /// A percentage or a number.
    Tolerance,
    /// `none`, a duration, `100 rows`.
    Loss,
    /// `daily`, or a duration.
    Every,
    /// `express@4`.
    Module,
    /// `null` or a date.
    ZeroDates,
    /// `error_rate(new) > 1% for 2m`.
    Condition,
}

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct Record {
    /// What it is, in one sentence.
    pub(super) about: &'static str,
    /// What it takes, in the order of the documentation.
    pub(super) keys: &'static [Key],
    /// Keys of the format that this version does not run yet.
    pub(super) later: &'static [&'static str],
    /// What must hold between its keys.
    pub(super) rules: &'static [Rule],
    /// Whether keys that nobody knows are passed over, and null is no way to leave one out: the JSON of old scripts.
    pub(super) open: bool,
}

/// A key of a record.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// Whether it may not be left out.
    pub(super) required: bool,
    /// What it takes.
    pub(super) shape: Shape,
    /// What it means, in one sentence.
    pub(super) about: &'static str,
}

/// What must hold between the keys of a record.
#[derive(Debug)]
pub(super) enum Rule {
    /// Exactly one of these is there.
    ExactlyOne(&'static [&'static str]),
    /// At least one of these is there.
    AtLeastOne(&'static [&'static str]),
    /// Where the first key is there, the second is too.
    Needs(&'static str, &'static str),
    /// Where the key is `false`, at least one of these is there.
    FalseNeeds(&'static str, &'static [&'static str]),
    /// The list and `references.columns` have the same length. JSON Schema cannot say this.
    SameCount(&'static str),
}

impl Record {
    /// A record without rules or later keys.
    pub(super) const fn new(about: &'static str, keys: &'static [Key]) -> Self {
        Self { about, keys, later: &[], rules: &[], open: false }
    }

    /// A record that passes over keys that nobody knows.
    pub(super) const fn open(about: &'static str, keys: &'static [Key]) -> Self {
        Self { about, keys, later: &[], rules: &[], open: true }
    }

    /// With keys that come later.
    pub(super) const fn later(mut self, later: &'static [&'static str]) -> Self {
        self.later = later;
        self
    }

    /// With rules.
    pub(super) const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }

    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// For people: `{table, from, to}`, the required keys first and the optional ones with a `?`.
    pub(super) fn sketch(&self) -> String {
        let (required, optional): (Vec<&Key>, Vec<&Key>) = self.keys.iter().partition(|key| key.required);
        let required = required.iter().map(|key| key.name.to_owned());
        let all: Vec<String> = required.chain(optional.iter().map(|key| format!("{}?", key.name))).collect();
        format!("{{{}}}", all.join(", "))
    }
}

/// A key that may not be left out.
pub(super) const fn must(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, required: true, shape, about }
}

/// A key that may be left out.
pub(super) const fn may(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, required: false, shape, about }
}

/// A list of any length from `least`.
pub(super) const fn list(of: &'static Shape, least: usize) -> Shape {
    Shape::List { of, least, most: usize::MAX }
}

/// A mapping whose keys the user names.
pub(super) const fn map(key: &'static str, of: &'static Shape, least: usize) -> Shape {
    Shape::Map { key, of, least }
}

impl Shape {
    /// For people: which keys a mapping takes exactly one of.
    pub(super) fn describe_tagged(record: &Record) -> String {
        let names: Vec<&str> = record.keys.iter().map(|key| key.name).collect();
        format!("a mapping with one of the keys `{}`", names.join("`, `"))
    }

    /// For people: what the value should be.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Text(words) => words.describe().to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Count => "a whole number from 0".to_owned(),
            Self::Range { least, most } => format!("a whole number from {least} to {most}"),
            Self::Decimal { places } => format!("a number from 0 with at most {places} decimals"),
            Self::Format => "the number 1".to_owned(),
            Self::Duration { none: false } => "a duration with its unit, such as `5s`".to_owned(),
            Self::Duration { none: true } => "`none` or a duration with its unit, such as `5s`".to_owned(),
            Self::Size => "a size with its unit, such as `10GiB`".to_owned(),
            Self::Choice(words) => format!("one of `{}`", words.join("`, `")),
            Self::List { of, .. } => format!("a list, each item {}", of.describe()),
            Self::OneOrList(of) => format!("{}, or a list of such", of.describe()),
            Self::Map { key, of, .. } => format!("a mapping from each {key} to {}", of.describe()),
            Self::Record(record) => format!("a mapping {}", record.sketch()),
            Self::Tagged(record) => Self::describe_tagged(record),
            Self::Short(words, record) => format!("{} or a mapping {}", words.describe(), record.sketch()),
        }
    }
}

impl Words {
    fn describe(self) -> &'static str {
        match self {
            Self::Any | Self::Id | Self::Line => "a text",
            Self::Name => "a name",
            Self::Table => "a table's name",
            Self::Sql => "an SQL text",
            Self::Type => "a type",
            Self::Url | Self::MysqlUrl | Self::Web => "a URL or `env:NAME`",
            Self::Path => "a path",
            Self::File => "a path or an address",
            Self::Version => "a version, such as `15.4`",
            Self::Date => "a date, such as `2027-01-11`",
            Self::Dates => "two dates, such as `2026-12-20/2027-01-04`",
            Self::Clock => "a time of day, such as `08:30`",
            Self::Zone => "a time zone, such as `UTC` or `Europe/Berlin`",
            Self::Currency => "a currency of three capital letters, such as `EUR`",
            Self::Rate => "a rate, such as `50MiB/s` or `20000 rows/s`",
            Self::Percent => "a percentage, such as `25%`",
            Self::Tolerance => "a percentage such as `0.1%`, or a number",
            Self::Loss => "`none`, a duration such as `5s`, or a number of rows such as `100 rows`",
            Self::Every => "`hourly`, `daily`, `weekly`, `monthly` or a duration, such as `3d`",
            Self::Module => "a name with its version, such as `express@4`",
            Self::ZeroDates => "`null` or a date, such as `1970-01-01`",
            Self::Condition => "a condition, such as `error_rate(new) > 1% for 2m`",
        }
    }
}

//! Two sides of one kind: asks the family, makes the report.

use segue_compat::draft::{self, Outcome};
use segue_compat::policy::Policy;
use segue_compat::source::Source;
use segue_compat::sql::{CatalogRead, Dialect};
use segue_compat::{asyncapi, avro, code, config, graphql, json_schema, openapi, proto, sql};
use segue_model::check::{CheckReport, CheckStep, Side};

use super::kind::Kind;
use super::remote::Remote;
use super::side::{self, Gathering, Loaded};
use super::spec::Ground;
use super::{refuse, refused};
use crate::failure::Failure;

/// How to compare.
#[derive(Debug, Clone)]
pub(crate) struct How {
    /// The kind, where it was said.
    pub(crate) kind: Option<Kind>,
    /// The policy.
    pub(crate) policy: Policy,
    /// The dialect of SQL, where it was said.
    pub(crate) dialect: Option<Dialect>,
    /// The day on which it is checked, `2026-11-21`, for sunset dates.
    pub(crate) today: String,
    /// Which documents of the web may be fetched.
    pub(crate) remote: Remote,
    /// The JSON Schemas of configurations: of the old side, of the new one.
    pub(crate) schemas: (Option<String>, Option<String>),
}

/// What a comparison of schemas knows besides its report.
pub(crate) struct Compared {
    /// The report.
    pub(crate) report: CheckReport,
    /// The dialect, for schemas.
    pub(crate) dialect: Option<Dialect>,
    /// The schema that the change begins with.
    pub(crate) ground: Option<Ground>,
    /// Of a script: each statement that changes something, as steps; of two sides the report's steps are all.
    pub(crate) steps: Option<Vec<CheckStep>>,
}

impl Compared {
    fn of(report: CheckReport, dialect: Option<Dialect>, old: Option<CatalogRead>) -> Self {
        Self { report, dialect, ground: old.map(|read| Ground { catalog: read.catalog, version: None }), steps: None }
    }
}

/// Compares what two arguments name.
pub(crate) fn arguments(old: &str, new: &str, how: &How) -> Result<Compared, Failure> {
    let loaded_old = side::load(old, Side::Old, how.kind, how.remote)?;
    let loaded_new = side::load(new, Side::New, how.kind, how.remote)?;
    match (loaded_old, loaded_new) {
        (Loaded::Files(mut old_source), Loaded::Files(mut new_source)) => {
            let kind = match how.kind {
                Some(kind) => kind,
                None => Kind::of_both(&old_source, &new_source)?,
            };
            let mut with = Gathering::new(how.remote);
            side::gather(&mut old_source, kind, old, &mut with)?;
            side::gather(&mut new_source, kind, new, &mut with)?;
            let mut compared = texts(&old_source, &new_source, kind, how)?;
            add_gaps(&mut compared.report, with.gaps);
            Ok(compared)
        }
        (old_side, new_side) => databases(old_side, new_side, how),
    }
}

/// What was not read while the sides were gathered.
pub(super) fn add_gaps(report: &mut CheckReport, mut gaps: Vec<String>) {
    if !gaps.is_empty() {
        report.not_checked.append(&mut gaps);
        report.not_checked.sort();
        report.not_checked.dedup();
    }
}

/// Compares two documents of a kind.
pub(crate) fn texts(old: &Source, new: &Source, kind: Kind, how: &How) -> Result<Compared, Failure> {
    let policy = &how.policy;
    if how.schemas.0.is_some() || how.schemas.1.is_some() {
        return configured(old, new, kind, how);
    }
    if matches!(kind, Kind::Sql | Kind::Database) {
        return schemas(old, new, kind, how);
    }
    let outcome = match kind {
        Kind::Openapi => openapi::check_on(old, new, policy, Some(&how.today)),
        Kind::Api => openapi::api_json(old, new, policy),
        Kind::Graphql => graphql::check(old, new, policy),
        Kind::Proto => proto::check(old, new, policy),
        Kind::Avro => avro::check(old, new, policy),
        Kind::JsonSchema => json_schema::check(old, new, policy),
        Kind::Asyncapi => asyncapi::check(old, new, policy),
        Kind::Config => config::check(old, new, policy),
        Kind::Python | Kind::Typescript => code::check(old, new, policy),
        Kind::Sql | Kind::Database => Ok(Outcome::default()),
    };
    let outcome = outcome.map_err(|refusals| refused(refusals, &[old, new]))?;
    Ok(Compared::of(draft::report(kind.word(), policy, &[old, new], outcome), None, None))
}

/// Two configurations, each held against the schemas of both sides.
fn configured(old: &Source, new: &Source, kind: Kind, how: &How) -> Result<Compared, Failure> {
    if kind != Kind::Config {
        return Err(refuse(
            "SG-CHK-008",
            format!("--schema is for configurations, not for {}", kind.word()),
            "leave it away, or say --type config",
        ));
    }
    let read = |argument: &Option<String>, side: Side| -> Result<Option<Source>, Failure> {
        let Some(argument) = argument else { return Ok(None) };
        match side::load(argument, side, Some(Kind::JsonSchema), how.remote)? {
            Loaded::Files(mut source) => {
                side::gather(&mut source, Kind::JsonSchema, argument, &mut Gathering::new(how.remote))?;
                Ok(Some(source))
            }
            Loaded::Database(_) => Err(refuse("SG-CHK-008", "a database is no JSON Schema", "give a file of JSON or YAML")),
        }
    };
    let (old_schema, new_schema) = (read(&how.schemas.0, Side::Old)?, read(&how.schemas.1, Side::New)?);
    let sides = [config::joined(old, old_schema.as_ref()), config::joined(new, new_schema.as_ref())];
    let outcome = config::check_with_schema(old, old_schema.as_ref(), new, new_schema.as_ref(), &how.policy)
        .map_err(|refusals| refused(refusals, &[&sides[0], &sides[1]]))?;
    Ok(Compared::of(draft::report(kind.word(), &how.policy, &[&sides[0], &sides[1]], outcome), None, None))
}

/// Two schemas of files: SQL of one dialect, or the JSON of schemas.
fn schemas(old: &Source, new: &Source, kind: Kind, how: &How) -> Result<Compared, Failure> {
    if kind == Kind::Database {
        let outcome = sql::schema_json::check(old, new, &how.policy).map_err(|refusals| refused(refusals, &[old, new]))?;
        let (read, dialect) = schema_json(old)?;
        return Ok(Compared::of(draft::report(kind.word(), &how.policy, &[old, new], outcome), Some(dialect), Some(read)));
    }
    let dialect = match how.dialect {
        Some(dialect) => dialect,
        None => dialect_of_both(old, new)?,
    };
    let (old_read, new_read) = (catalog(old, kind, dialect)?, catalog(new, kind, dialect)?);
    let outcome = compared(&old_read, &new_read, dialect, &how.policy);
    Ok(Compared::of(draft::report(kind.word(), &how.policy, &[old, new], outcome), Some(dialect), Some(old_read)))
}

fn compared(old: &CatalogRead, new: &CatalogRead, dialect: Dialect, policy: &Policy) -> Outcome {
    let mut outcome = sql::compare::check(old, new, dialect, policy);
    for (side, read) in [("old", old), ("new", new)] {
        outcome.not_checked.extend(read.not_read.iter().map(|sentence| format!("{side}: {sentence}")));
    }
    outcome
}

/// The catalog that texts of SQL or JSON describe.
pub(crate) fn catalog(source: &Source, kind: Kind, dialect: Dialect) -> Result<CatalogRead, Failure> {
    if kind == Kind::Database {
        return Ok(schema_json(source)?.0);
    }
    let text = text_of(source)?;
    let read = match dialect {
        Dialect::Postgres => sql::postgres::catalog(&text),
        Dialect::Mysql => sql::mysql::catalog(&text),
        Dialect::Sqlite => sql::sqlite::catalog(&text),
    };
    if read.catalog.tables.is_empty() && read.catalog.views.is_empty() {
        let name = source.files.first().map_or("-", |file| file.name.as_str());
        return Err(refuse(
            "SG-CHK-003",
            format!("no table could be read from `{name}`: it is no schema"),
            "give the output of pg_dump --schema-only, mysqldump --no-data or .schema; a script alone: segue check FILE.sql",
        ));
    }
    Ok(read)
}

/// The text of a side; several files of SQL follow each other in the order of their names.
pub(crate) fn text_of(source: &Source) -> Result<String, Failure> {
    let mut whole = String::new();
    for file in &source.files {
        let text = file
            .as_text()
            .map_err(|at| refuse("SG-CHK-003", format!("`{}` is not UTF-8 from byte {at} on", file.name), "convert it: iconv -t UTF-8"))?;
        whole.push_str(text);
        if !text.ends_with('\n') {
            whole.push('\n');
        }
    }
    Ok(whole)
}

fn schema_json(source: &Source) -> Result<(CatalogRead, Dialect), Failure> {
    sql::schema_json::catalog(source).map_err(|refusal| refused(vec![refusal], &[source]))
}

fn dialect_of_both(old: &Source, new: &Source) -> Result<Dialect, Failure> {
    let (old, new) = (sql::detect::dialect_of(&text_of(old)?), sql::detect::dialect_of(&text_of(new)?));
    match (old, new) {
        (Some(old), Some(new)) if old != new => Err(refuse(
            "SG-CHK-002",
            format!("old is SQL of {}, new of {}: these cannot be compared", word(old), word(new)),
            "to move between engines: segue assess, segue plan; if both are of one: --dialect NAME",
        )),
        (Some(one), _) | (None, Some(one)) => Ok(one),
        (None, None) => Ok(Dialect::Postgres),
    }
}

/// The name of a dialect.
pub(crate) fn word(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "PostgreSQL",
        Dialect::Mysql => "MySQL",
        Dialect::Sqlite => "SQLite",
    }
}

/// At least one side is a live database.
fn databases(old: Loaded, new: Loaded, how: &How) -> Result<Compared, Failure> {
    let dialect = match (&old, &new) {
        (Loaded::Database(old), Loaded::Database(new)) if old.dialect != new.dialect => {
            return Err(refuse(
                "SG-CHK-002",
                format!("old is {}, new is {}: these cannot be compared", word(old.dialect), word(new.dialect)),
                "to move between engines: segue assess, segue plan",
            ));
        }
        (Loaded::Database(one), _) | (_, Loaded::Database(one)) => one.dialect,
        _ => how.dialect.unwrap_or(Dialect::Postgres),
    };
    let mut gaps = Vec::new();
    let mut sources = Vec::new();
    let mut read = |side: Loaded, name: &str| -> Result<CatalogRead, Failure> {
        match side {
            Loaded::Database(live) => {
                gaps.extend(live.not_checked.into_iter().map(|gap| format!("{name}: {gap}")));
                Ok(live.read)
            }
            Loaded::Files(source) => {
                let kind = how.kind.or_else(|| source.files.first().and_then(Kind::of)).unwrap_or(Kind::Sql);
                if !matches!(kind, Kind::Sql | Kind::Database) {
                    return Err(refuse(
                        "SG-CHK-002",
                        format!("{name} is {}, the other side a database", kind.word()),
                        "give a schema in SQL, or a URL",
                    ));
                }
                let read = catalog(&source, kind, dialect)?;
                sources.push(source);
                Ok(read)
            }
        }
    };
    let (old_read, new_read) = (read(old, "old")?, read(new, "new")?);
    let mut outcome = compared(&old_read, &new_read, dialect, &how.policy);
    outcome.not_checked.extend(gaps);
    let sides: Vec<&Source> = sources.iter().collect();
    Ok(Compared::of(draft::report(Kind::Database.word(), &how.policy, &sides, outcome), Some(dialect), Some(old_read)))
}

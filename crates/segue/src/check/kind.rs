//! Which kind of contract a document is: by `--type`, by its ending, else by what it holds.

use clap::ValueEnum;
use segue_compat::source::{File, Source};
use segue_compat::{asyncapi, avro, config, graphql, json_schema, openapi, proto, sql};

use super::refuse;
use crate::failure::Failure;

/// A kind of contract, in the words of the JSON document and of `--type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Kind {
    /// OpenAPI 3.0 and 3.1, Swagger 2.0
    #[value(alias = "swagger")]
    Openapi,
    /// GraphQL SDL, or the answer to an introspection
    Graphql,
    /// Protocol Buffers: files, folders, descriptor sets
    #[value(alias = "protobuf")]
    Proto,
    /// Avro schemas
    Avro,
    /// JSON Schema, draft 4 to 2020-12
    JsonSchema,
    /// AsyncAPI 2 and 3
    Asyncapi,
    /// SQL: two schemas, or a migration script
    Sql,
    /// A live database, or a schema in JSON
    #[value(alias = "schema")]
    Database,
    /// Configuration: JSON, YAML, TOML, .env
    Config,
    /// The public signatures of Python modules
    Python,
    /// The public signatures of TypeScript modules
    Typescript,
    /// The API document of the scripts that come with requirement document 000
    Api,
}

const ENDINGS: &[(Kind, &[&str])] = &[
    (Kind::Proto, &["proto", "binpb", "desc", "protoset"]),
    (Kind::Graphql, &["graphql", "graphqls", "gql"]),
    (Kind::Avro, &["avsc"]),
    (Kind::Sql, &["sql", "ddl"]),
    (Kind::Python, &["py", "pyi"]),
    (Kind::Typescript, &["ts", "tsx", "mts", "cts"]),
    (Kind::Config, &["toml", "env", "ini", "properties", "cfg", "conf"]),
];

impl Kind {
    /// As `--type` takes it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Openapi => "openapi",
            Self::Graphql => "graphql",
            Self::Proto => "proto",
            Self::Avro => "avro",
            Self::JsonSchema => "json-schema",
            Self::Asyncapi => "asyncapi",
            Self::Sql => "sql",
            Self::Database => "database",
            Self::Config => "config",
            Self::Python => "python",
            Self::Typescript => "typescript",
            Self::Api => "api",
        }
    }

    /// The kind that the ending of a file in a folder stands for, where there is one for it alone.
    pub(crate) fn of_folder_ending(name: &str) -> Option<Self> {
        let ending = ending(name)?;
        ENDINGS.iter().find(|(kind, endings)| *kind != Self::Config && endings.contains(&ending.as_str())).map(|(kind, _)| *kind)
    }

    /// A file of that name in a folder may be of this kind.
    pub(crate) fn has_ending(self, name: &str) -> bool {
        let ending = ending(name).unwrap_or_default();
        let documents = ["json", "yaml", "yml"];
        match self {
            Self::Openapi | Self::JsonSchema | Self::Asyncapi | Self::Api | Self::Database => documents.contains(&ending.as_str()),
            Self::Graphql | Self::Avro if ending == "json" => true,
            Self::Config
                if documents.contains(&ending.as_str()) || name.rsplit('/').next().is_some_and(|name| name.starts_with(".env")) =>
            {
                true
            }
            _ => ENDINGS.iter().any(|(kind, endings)| *kind == self && endings.contains(&ending.as_str())),
        }
    }

    /// What a file is.
    pub(crate) fn of(file: &File) -> Option<Self> {
        let name = file.name.rsplit('/').next().unwrap_or_default();
        if name.starts_with(".env") {
            return Some(Self::Config);
        }
        let by_ending = ending(&file.name).and_then(|ending| ENDINGS.iter().find(|(_, endings)| endings.contains(&ending.as_str())));
        if let Some((kind, _)) = by_ending {
            return Some(*kind);
        }
        type Looks = fn(&File) -> bool;
        let looks: [(Self, Looks); 9] = [
            (Self::Openapi, openapi::looks_like),
            (Self::Asyncapi, asyncapi::looks_like),
            (Self::Database, sql::schema_json::looks_like),
            (Self::Graphql, graphql::looks_like),
            (Self::Avro, avro::looks_like),
            (Self::JsonSchema, json_schema::looks_like),
            (Self::Proto, proto::looks_like),
            (Self::Api, openapi::looks_like_api_json),
            (Self::Config, config::looks_like),
        ];
        looks.iter().find(|(_, looks)| looks(file)).map(|(kind, _)| *kind)
    }

    /// The kind of both sides: as it was said, else what both look like.
    pub(crate) fn of_both(old: &Source, new: &Source) -> Result<Self, Failure> {
        let one = |source: &Source| {
            source.files.first().and_then(Self::of).ok_or_else(|| {
                let name = source.files.first().map_or("-", |file| file.name.as_str());
                refuse("SG-CHK-002", format!("`{name}` looks like no kind of contract that Segue knows"), "say what it is: --type KIND")
            })
        };
        let (old_kind, new_kind) = (one(old)?, one(new)?);
        if old_kind == new_kind {
            return Ok(old_kind);
        }
        Err(refuse(
            "SG-CHK-002",
            format!("old is {}, new is {}: these cannot be compared", old_kind.word(), new_kind.word()),
            "give two documents of one kind; if both are, say which: --type KIND",
        ))
    }

    /// The documents on the web that a file of this kind refers to, without what it names itself.
    pub(crate) fn remote_references(self, file: &File) -> Vec<String> {
        match self {
            Self::Openapi | Self::Api | Self::JsonSchema | Self::Asyncapi => segue_compat::json_schema::remote_references(file),
            _ => Vec::new(),
        }
    }

    /// Files of this kind are a contract each, with what they refer to; of the others all files of a folder are one.
    pub(crate) fn is_one_document(self) -> bool {
        matches!(self, Self::Openapi | Self::Api | Self::JsonSchema | Self::Asyncapi | Self::Database)
    }

    /// The file says by what is in it that it is a whole document of this kind.
    pub(crate) fn says_so(self, file: &File) -> bool {
        match self {
            Self::Openapi => openapi::looks_like(file),
            Self::Api => openapi::looks_like_api_json(file) || openapi::looks_like(file),
            Self::Asyncapi => asyncapi::looks_like(file),
            Self::JsonSchema => json_schema::looks_like(file),
            Self::Database => sql::schema_json::looks_like(file),
            _ => false,
        }
    }

    /// The files that a file of this kind refers to.
    pub(crate) fn references(self, file: &File) -> Vec<String> {
        match self {
            Self::Openapi | Self::Api => openapi::references(file),
            Self::JsonSchema => json_schema::references(file),
            Self::Asyncapi => asyncapi::references(file),
            Self::Proto => proto::references(file),
            Self::Graphql => graphql::references(file),
            _ => Vec::new(),
        }
    }
}

fn ending(name: &str) -> Option<String> {
    let name = name.rsplit('/').next()?;
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

//! The keys of the kinds of migration: `move`, `code`, `api`, `service`, `auth`, `infra`.
//!
//! `schema` is in the module above. Tests: `tests/it/agreement.rs`.

use super::{FILE, LINE, NAME};
use crate::spec::shape::{Record, Shape, Words, list, map, may, must};

const MODULE: Shape = Shape::Text(Words::Module);

/// `move`.
pub(super) const MOVE: Record = Record::new(
    "A whole database from one system to another.",
    &[
        must("from", NAME, "The source, one of `systems`."),
        must("to", NAME, "The target, one of `systems`."),
        may("include", list(&NAME, 0), "Tables, with `*` for any part of a name; default all."),
        may("exclude", list(&NAME, 0), "Tables that stay, with `*` for any part of a name."),
        may("convert", Shape::Record(&CONVERT), "What becomes another type."),
        may("pattern", LINE, "A pattern that you insist on; else it is chosen."),
    ],
);

const CONVERT: Record = Record::new(
    "What becomes another type.",
    &[
        may("types", map("source type", &Shape::Text(Words::Type), 0), "Target types by source type."),
        may("zero_dates", Shape::Text(Words::ZeroDates), "What `0000-00-00` becomes: `null` or a date."),
        may("columns", map("column", &Shape::Record(&COLUMN), 0), "Single columns, as `table.column`."),
    ],
);

const COLUMN: Record = Record::new(
    "What one column becomes.",
    &[
        may("to", Shape::Text(Words::Type), "The target type."),
        may("from_text", Shape::Choice(&["json"]), "What the text holds."),
        may("from_epoch", Shape::Choice(&["seconds", "milliseconds"]), "What the number counts since 1970."),
        may("zone", Shape::Text(Words::Zone), "The time zone of times without one."),
        may(
            "on_error",
            Shape::Choice(&["reject"]),
            "What happens to a value that does not convert; default `reject`, its row is kept aside.",
        ),
    ],
);

/// `code`.
pub(super) const CODE: Record = Record::new(
    "What changes in a source tree.",
    &[must("path", FILE, "The source tree."), must("change", list(&Shape::Tagged(&CODE_CHANGE), 1), "What changes, in order.")],
);

const CODE_CHANGE: Record = Record::new(
    "One thing that source code is built on.",
    &[
        must("framework", Shape::Record(&FROM_TO), "A framework."),
        must("runtime", Shape::Record(&FROM_TO), "A runtime."),
        must("language", Shape::Record(&FROM_TO), "A language."),
        must("library", Shape::Record(&FROM_TO), "A library."),
        must("driver", Shape::Record(&FROM_TO), "A driver of a database."),
    ],
);

const FROM_TO: Record = Record::new(
    "From one to another.",
    &[must("from", MODULE, "What is there: `name` or `name@version`."), must("to", MODULE, "What shall be: `name` or `name@version`.")],
);

/// `api`.
pub(super) const API: Record = Record::new(
    "From one contract to another.",
    &[
        must("old", FILE, "The file of the old contract."),
        must("new", FILE, "The file of the new contract."),
        may("clients", Shape::Count, "The number of clients."),
    ],
);

/// `service`.
pub(super) const SERVICE: Record = Record::new(
    "Services that are taken out of a larger one.",
    &[
        must("from", NAME, "What they are taken out of."),
        must("extract", map("service", &Shape::Record(&EXTRACT), 1), "The services, by name."),
    ],
);

const EXTRACT: Record = Record::new(
    "What belongs to a service.",
    &[may("tables", list(&NAME, 0), "Its tables."), may("routes", list(&NAME, 0), "Its routes, with `*` for any part.")],
);

/// `auth`.
pub(super) const AUTH: Record = Record::new(
    "From one way of signing in to another.",
    &[
        must("change", Shape::Choice(&["auth_system", "oauth_provider", "sso"]), "What changes."),
        may("from", NAME, "What is there."),
        may("to", NAME, "What shall be."),
        may("users", Shape::Count, "The number of users."),
    ],
);

/// `infra`.
pub(super) const INFRA: Record = Record::new(
    "From one place or platform to another.",
    &[
        must("from", NAME, "What is there: `aws/eu-west-1`, `on-prem`, `vm`, `self-hosted`."),
        must("to", NAME, "What shall be: `gcp/europe-west1`, `cloud`, `kubernetes`, `managed`."),
        may("terraform", FILE, "A folder of Terraform files."),
        may("data", Shape::Size, "Data that is carried over."),
    ],
);

//! MySQL → PostgreSQL: JSON, places on the earth, addresses, vectors. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

const SHAPES: &[&str] = &[
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
];

pub(super) const RULES: &[Rule] = &[
    warn(
        "mysql.json",
        5,
        On::Column(|c, _, _| c.is(&["json"])),
        "jsonb; MariaDB kept the text as written (order of keys, doubles), which jsonb does not; `->` and JSON_ functions are written anew",
    ),
    warn(
        "mysql.json-check",
        5,
        On::Check(|c, _| c.expression.to_lowercase().contains(" json_valid (")),
        "MariaDB's JSON is a text with this check: jsonb needs no check, and invalid values of older rows are refused on the way",
    ),
    manual(
        "mysql.geometry",
        60,
        On::Column(|c, _, _| c.is(SHAPES)),
        "needs PostGIS: the format on the wire, the order of axes and the names of functions differ; without PostGIS a `point` or two numbers",
    ),
    warn("mysql.srid", 5, On::Column(|c, _, _| c.srid), "the reference system becomes part of PostGIS's type"),
    warn("mysql.inet", 5, On::Column(|c, _, _| c.is(&["inet6", "inet4"])), "inet; IPv4 addresses inside inet6 are shown otherwise"),
    auto("mysql.uuid", On::Column(|c, _, _| c.is(&["uuid"])), "uuid; MariaDB sorts it by its time part, PostgreSQL by its bytes"),
    manual(
        "mysql.vector",
        60,
        On::Column(|c, _, _| c.is(&["vector"])),
        "needs the extension pgvector; distance functions have other names",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.json", "(a json)"),
    ("mysql.json-check", "(a longtext character set utf8mb4 collate utf8mb4_bin default null check (json_valid(`a`)))"),
    ("mysql.geometry", "(a point not null)"),
    ("mysql.srid", "(a point not null srid 4326)"),
    ("mysql.inet", "(a inet6)"),
    ("mysql.uuid", "(a uuid)"),
    ("mysql.vector", "(a vector(3))"),
];

//! Which of the peers' kinds of incompatibility ours answer. Tests: `tests/it/avro/coverage.rs`.

/// The kinds of incompatibility that Avro's own check knows, which Confluent's registry uses as well.
pub const AVRO: &[&str] = &[
    "NAME_MISMATCH",
    "FIXED_SIZE_MISMATCH",
    "MISSING_ENUM_SYMBOLS",
    "READER_FIELD_MISSING_DEFAULT_VALUE",
    "TYPE_MISMATCH",
    "MISSING_UNION_BRANCH",
];

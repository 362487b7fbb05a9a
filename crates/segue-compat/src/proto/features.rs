//! What a file, message, field or enum inherits: the defaults of its syntax, then each `features.*` on the way down.
//!
//! Defaults: <https://protobuf.dev/editions/features/>. Tests: `tests/it/proto/`, cases `edition-*`.

use super::ast::{Options, Syntax};
use super::model::Presence;

/// The features that the comparison asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Features {
    pub(crate) presence: Presence,
    pub(crate) closed: bool,
    pub(crate) packed: bool,
    pub(crate) utf8: bool,
    pub(crate) delimited: bool,
    pub(crate) json: bool,
    /// `pb.cpp.string_type` and the older `ctype`.
    pub(crate) cpp_string: Box<str>,
    /// `pb.java.utf8_validation` and the older `java_string_check_utf8`.
    pub(crate) java_utf8: Box<str>,
}

impl Features {
    /// What the language gives when nobody says anything.
    pub(crate) fn of(syntax: Syntax) -> Self {
        let proto2 = syntax == Syntax::Proto2;
        Self {
            presence: if syntax == Syntax::Proto3 { Presence::Implicit } else { Presence::Explicit },
            closed: proto2,
            packed: !proto2,
            utf8: !proto2,
            delimited: false,
            json: !proto2,
            // From 2024 on the C++ accessor returns a view where nothing is said.
            cpp_string: if matches!(syntax, Syntax::Edition(2024..)) { "VIEW".into() } else { "STRING".into() },
            java_utf8: "DEFAULT".into(),
        }
    }

    /// With what these options say.
    pub(crate) fn with(&self, options: &Options) -> Self {
        let mut now = self.clone();
        for option in options {
            let value = &*option.value;
            match &*option.name {
                "features.field_presence" => {
                    now.presence = match value {
                        "IMPLICIT" => Presence::Implicit,
                        "LEGACY_REQUIRED" => Presence::Required,
                        _ => Presence::Explicit,
                    }
                }
                "features.enum_type" => now.closed = value == "CLOSED",
                "features.repeated_field_encoding" => now.packed = value == "PACKED",
                "features.utf8_validation" => now.utf8 = value == "VERIFY",
                "features.message_encoding" => now.delimited = value == "DELIMITED",
                "features.json_format" => now.json = value == "ALLOW",
                "features.(pb.cpp).string_type" | "features.pb.cpp.string_type" | "ctype" => now.cpp_string = value.into(),
                "features.(pb.java).utf8_validation" | "features.pb.java.utf8_validation" => now.java_utf8 = value.into(),
                "java_string_check_utf8" => now.java_utf8 = if value == "true" { "VERIFY".into() } else { "DEFAULT".into() },
                _ => {}
            }
        }
        now
    }
}

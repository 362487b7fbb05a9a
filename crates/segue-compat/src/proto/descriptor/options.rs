//! Options of a descriptor set by their numbers, as the names and values that text would have.

use super::wire::{Bad, Wire};
use crate::proto::ast::{OptionAst, Options};
use crate::source::Span;

/// How an option's value is written.
pub(super) enum How {
    Text,
    Truth,
    /// By these words, from the first number on.
    Words(i64, &'static [&'static str]),
    /// A message of further options.
    Inner(&'static [Known]),
}

/// An option: its number, its name, how it is written.
pub(super) type Known = (u64, &'static str, How);

const FEATURES: &[Known] = &[
    (1, "features.field_presence", How::Words(1, &["EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"])),
    (2, "features.enum_type", How::Words(1, &["OPEN", "CLOSED"])),
    (3, "features.repeated_field_encoding", How::Words(1, &["PACKED", "EXPANDED"])),
    (4, "features.utf8_validation", How::Words(2, &["VERIFY", "NONE"])),
    (5, "features.message_encoding", How::Words(1, &["LENGTH_PREFIXED", "DELIMITED"])),
    (6, "features.json_format", How::Words(1, &["ALLOW", "LEGACY_BEST_EFFORT"])),
    (1000, "", How::Inner(&[(2, "features.(pb.cpp).string_type", How::Words(1, &["VIEW", "CORD", "STRING"]))])),
    (1001, "", How::Inner(&[(2, "features.(pb.java).utf8_validation", How::Words(1, &["DEFAULT", "VERIFY"]))])),
];

/// `FileOptions`.
pub(super) const FILE: &[Known] = &[
    (1, "java_package", How::Text),
    (8, "java_outer_classname", How::Text),
    (9, "optimize_for", How::Words(1, &["SPEED", "CODE_SIZE", "LITE_RUNTIME"])),
    (10, "java_multiple_files", How::Truth),
    (11, "go_package", How::Text),
    (16, "cc_generic_services", How::Truth),
    (17, "java_generic_services", How::Truth),
    (18, "py_generic_services", How::Truth),
    (23, "deprecated", How::Truth),
    (27, "java_string_check_utf8", How::Truth),
    (31, "cc_enable_arenas", How::Truth),
    (36, "objc_class_prefix", How::Text),
    (37, "csharp_namespace", How::Text),
    (39, "swift_prefix", How::Text),
    (40, "php_class_prefix", How::Text),
    (41, "php_namespace", How::Text),
    (44, "php_metadata_namespace", How::Text),
    (45, "ruby_package", How::Text),
    (50, "", How::Inner(FEATURES)),
];

/// `MessageOptions`.
pub(super) const MESSAGE: &[Known] = &[
    (1, "message_set_wire_format", How::Truth),
    (2, "no_standard_descriptor_accessor", How::Truth),
    (3, "deprecated", How::Truth),
    (7, "map_entry", How::Truth),
    (12, "", How::Inner(FEATURES)),
];

/// `FieldOptions`.
pub(super) const FIELD: &[Known] = &[
    (1, "ctype", How::Words(0, &["STRING", "CORD", "STRING_PIECE"])),
    (2, "packed", How::Truth),
    (3, "deprecated", How::Truth),
    (6, "jstype", How::Words(0, &["JS_NORMAL", "JS_STRING", "JS_NUMBER"])),
    (21, "", How::Inner(FEATURES)),
];

/// `OneofOptions`.
pub(super) const ONEOF: &[Known] = &[(1, "", How::Inner(FEATURES))];
/// `EnumOptions`.
pub(super) const ENUM: &[Known] = &[(2, "allow_alias", How::Truth), (3, "deprecated", How::Truth), (7, "", How::Inner(FEATURES))];
/// `EnumValueOptions`.
pub(super) const ENUM_VALUE: &[Known] = &[(1, "deprecated", How::Truth)];
/// `ServiceOptions`.
pub(super) const SERVICE: &[Known] = &[(33, "deprecated", How::Truth)];
/// `MethodOptions`.
pub(super) const METHOD: &[Known] = &[
    (33, "deprecated", How::Truth),
    (34, "idempotency_level", How::Words(0, &["IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT"])),
    (72_295_728, "", How::Inner(HTTP)),
];
/// `google.api.HttpRule`, of `google/api/http.proto`, as its text gives it.
const HTTP: &[Known] = &[
    (2, "(google.api.http).get", How::Text),
    (3, "(google.api.http).put", How::Text),
    (4, "(google.api.http).post", How::Text),
    (5, "(google.api.http).delete", How::Text),
    (6, "(google.api.http).patch", How::Text),
    (7, "(google.api.http).body", How::Text),
    (8, "", How::Inner(&[(1, "(google.api.http).custom.kind", How::Text), (2, "(google.api.http).custom.path", How::Text)])),
    (11, "", How::Inner(HTTP_MORE)),
    (12, "(google.api.http).response_body", How::Text),
];
/// Its further bindings, which have none themselves.
const HTTP_MORE: &[Known] = &[
    (2, "(google.api.http).additional_bindings.get", How::Text),
    (3, "(google.api.http).additional_bindings.put", How::Text),
    (4, "(google.api.http).additional_bindings.post", How::Text),
    (5, "(google.api.http).additional_bindings.delete", How::Text),
    (6, "(google.api.http).additional_bindings.patch", How::Text),
    (7, "(google.api.http).additional_bindings.body", How::Text),
    (12, "(google.api.http).additional_bindings.response_body", How::Text),
];

/// The known options of a message of options; the tables nest four deep and no deeper.
pub(super) fn read_options(bytes: &[u8], known: &[Known]) -> Result<Options, Bad> {
    let mut options = Options::new();
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        let Some((_, name, how)) = known.iter().find(|option| option.0 == number) else { continue };
        let value: Box<str> = match how {
            How::Inner(inner) => {
                options.extend(read_options(value.bytes()?, inner)?);
                continue;
            }
            How::Text => value.text()?.into(),
            How::Truth => if value.whole()? == 0 { "false" } else { "true" }.into(),
            How::Words(first, words) => {
                let word = usize::try_from(value.whole()?.saturating_sub(*first)).ok().and_then(|at| words.get(at));
                let Some(word) = word else { continue };
                (*word).into()
            }
        };
        options.push(OptionAst { name: (*name).into(), value, span: Span::default() });
    }
    Ok(options)
}

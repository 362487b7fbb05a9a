//! A tree of protobuf files with the shape of a large public API: many services, a package each, shared types, long comments.
//!
//! Deterministic: the same numbers give the same bytes, and no clock, seed from outside or dependency is asked. Used by the
//! bench and, by path, by the tests of segue-compat. Must never change silently: figures would no longer compare.

/// The path and the text of every file of one version; every seventh package of the second version differs from the first.
pub(crate) fn files(packages: usize, second: bool) -> Vec<(String, String)> {
    let mut files = vec![("common/v1/types.proto".to_owned(), shared())];
    for number in 0..packages {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ (number as u64 + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mut next = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let resources: Vec<u64> = (0..3 + next(3)).map(|_| 8 + next(14)).collect();
        files.push((format!("service{number}/v1/service.proto"), package(number, &resources, second && number % 7 == 0)));
    }
    files
}

fn shared() -> String {
    "syntax = \"proto3\";\npackage common.v1;\nmessage Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }\n\
     message Status { int32 code = 1; string message = 2; repeated string details = 3; }\nenum View { VIEW_UNSPECIFIED = 0; BASIC = 1; FULL = 2; }\n"
        .to_owned()
}

fn package(number: usize, resources: &[u64], changed: bool) -> String {
    let mut text = format!(
        "// Copyright of nobody in particular; a generated file.\nsyntax = \"proto3\";\npackage service{number}.v1;\n\
         import \"common/v1/types.proto\";\nimport \"google/protobuf/timestamp.proto\";\nimport \"google/protobuf/field_mask.proto\";\n\
         option java_package = \"com.example.service{number}.v1\";\noption java_multiple_files = true;\noption go_package = \"example/service{number}/v1\";\n\n\
         // Manages the resources of service {number}.\nservice Service{number} {{\n"
    );
    for resource in 0..resources.len() {
        for (verb, answer) in
            [("Get", format!("Resource{resource}")), ("List", format!("List{resource}Response")), ("Update", format!("Resource{resource}"))]
        {
            text.push_str(&comment(4));
            text.push_str(&format!("  rpc {verb}{resource} ({verb}{resource}Request) returns ({answer}) {{\n"));
            text.push_str(&format!(
                "    option (google.api.http) = {{ get: \"/v1/{{name=projects/*/resources{resource}/*}}\" body: \"*\" }};\n  }}\n"
            ));
        }
    }
    text.push_str("}\n\n");
    for (resource, fields) in resources.iter().enumerate() {
        text.push_str(&messages(resource, *fields, changed));
    }
    text
}

fn messages(resource: usize, fields: u64, changed: bool) -> String {
    let narrow = if changed { "int32" } else { "int64" };
    let mut text = comment(6);
    text.push_str(&format!("message Resource{resource} {{\n  enum State {{ STATE_UNSPECIFIED = 0; ACTIVE = 1; DELETED = 2;"));
    text.push_str(if changed { " FAILED = 3; }\n" } else { " }\n" });
    text.push_str(
        "  message Part { string key = 1; bytes payload = 2; repeated Part parts = 3; }\n  string name = 1;\n  State state = 2;\n",
    );
    text.push_str(&format!(
        "  {narrow} generation = 3;\n  map<string, string> labels = 4;\n  google.protobuf.Timestamp create_time = 5;\n"
    ));
    text.push_str("  oneof source { string uri = 6; Part inline_part = 7; common.v1.Money price = 8; }\n");
    for field in 0..fields {
        let kind =
            ["string", "int64", "bool", "double", "repeated string", "Part", "common.v1.Status", "uint32", "bytes"][(field % 9) as usize];
        text.push_str(&comment(3));
        text.push_str(&format!("  {kind} field_{field} = {};\n", field + 20));
    }
    if !changed {
        text.push_str("  string retired = 90;\n");
    }
    text.push_str(&format!("}}\n\nmessage Get{resource}Request {{ string name = 1; common.v1.View view = 2; }}\n"));
    text.push_str(&format!(
        "message List{resource}Request {{ string parent = 1; int32 page_size = 2; string page_token = 3; string filter = 4; }}\n"
    ));
    text.push_str(&format!("message List{resource}Response {{ repeated Resource{resource} items = 1; string next_page_token = 2; }}\n"));
    text.push_str(&format!(
        "message Update{resource}Request {{ Resource{resource} item = 1; google.protobuf.FieldMask update_mask = 2; }}\n\n"
    ));
    text
}

fn comment(lines: usize) -> String {
    "  // Says at some length what this is for, what it may be, and who may set it to what and when.\n".repeat(lines)
}

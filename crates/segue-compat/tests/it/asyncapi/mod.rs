//! AsyncAPI documents compared: the cases, both versions, hostile inputs.

use segue_compat::asyncapi;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Source};
use segue_model::check::Side;

use crate::case_file;

#[test]
fn cases() {
    let count = case_file::check_all("asyncapi", asyncapi::check, &|_| "\nx-quite-unrelated: zebra\n".to_owned());
    assert!(count >= 25, "{count} cases");
}

#[test]
fn documents_are_told_and_their_files_named() {
    let file = File::text(
        "a.yaml",
        "asyncapi: 3.0.0\nchannels:\n  a: {$ref: 'b/c.yaml#/x'}\n  d: {$ref: '#/channels/a'}\n  e: {$ref: 'https://a.example/x.yaml'}\n",
    );
    assert!(asyncapi::looks_like(&file));
    assert!(!asyncapi::looks_like(&File::text("a.yaml", "openapi: 3.0.0\n")));
    assert_eq!(asyncapi::references(&file), ["b/c.yaml"]);
}

#[test]
fn hostile_documents_are_refused_or_bounded() {
    let code = |text: &str| {
        let (old, new) = (Source::one(Side::Old, "a.yaml", "asyncapi: 3.0.0\nchannels: {}\n"), Source::one(Side::New, "a.yaml", text));
        asyncapi::check(&old, &new, &DEFAULT).map(|outcome| outcome.drafts.len()).map_err(|stops| stops[0].code)
    };
    assert_eq!(code(&"[".repeat(100_000)), Err("SG-CHK-087"));
    assert_eq!(code("{}"), Err("SG-CHK-088"));
    assert_eq!(code("asyncapi: 1.2.0\nchannels: {}\n"), Err("SG-CHK-088"));
    assert_eq!(code("asyncapi: 3.0.0\nchannels: []\n"), Err("SG-CHK-088"));
    assert_eq!(code("asyncapi: 3.0.0\n"), Err("SG-CHK-088"));
    // References in a circle end.
    assert!(code("asyncapi: 3.0.0\nchannels:\n  a: {$ref: '#/channels/b'}\n  b: {$ref: '#/channels/a'}\n").is_ok());
    let many: String =
        (0..20_000).map(|at| format!("  c{at}: {{publish: {{message: {{payload: {{type: string}}}}}}}}\n")).collect::<Vec<_>>().concat();
    assert_eq!(code(&format!("asyncapi: 2.6.0\nchannels:\n{many}")), Ok(20_000));
}

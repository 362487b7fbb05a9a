//! Real data beside the repository; a test that needs it is skipped where it is missing, except with `CI` set.

use std::path::Path;

/// A file of `../shared/data`.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn read(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(text);
    }
    assert!(std::env::var_os("CI").is_none(), "CI is set and ../shared/data/{name} is not there");
    println!("skipped: ../shared/data/{name} is not there (with CI set this would fail)");
    None
}

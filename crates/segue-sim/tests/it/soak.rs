//! Wider loops under `SEGUE_SOAK=1`, and the figures that `RELIABILITY.md` is made of.

use std::io::Write as _;

/// The number of rounds: few in CI, many in the soak.
pub(crate) fn widen(ci: u64, soak: u64) -> u64 {
    if soaking() { soak } else { ci }
}

pub(crate) fn soaking() -> bool {
    std::env::var_os("SEGUE_SOAK").is_some_and(|value| value == "1")
}

/// Appends a figure where the soak collects them; does nothing in CI.
pub(crate) fn say(suite: &str, name: &str, value: u64, total: u64) {
    if !soaking() {
        return;
    }
    let dir = std::env::var_os("SEGUE_SOAK_DIR")
        .map_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/soak"), std::path::PathBuf::from);
    std::fs::create_dir_all(&dir).expect("the soak's folder");
    let path = dir.join(format!("{suite}.jsonl"));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the soak's file");
    let line = serde_json::json!({"suite": suite, "name": name, "value": value, "total": total});
    writeln!(file, "{line}").expect("a figure is written");
}

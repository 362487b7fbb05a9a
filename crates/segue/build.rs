//! Embeds the pages of `docs/codes/`, `docs/steps/` and `docs/rules/`, so that `segue explain` needs no files.

use std::fmt::Write as _;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut code = String::new();
    for (constant, folder) in [("CODES", "docs/codes"), ("STEPS", "docs/steps"), ("RULES", "docs/rules")] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
        println!("cargo::rerun-if-changed={}", root.display());
        let mut pages: Vec<_> =
            std::fs::read_dir(&root).map(|entries| entries.filter_map(Result::ok).map(|entry| entry.path()).collect()).unwrap_or_default();
        pages.retain(|page| page.extension().is_some_and(|ending| ending == "md") && !page.ends_with("README.md"));
        pages.sort();
        let _ = writeln!(code, "/// Name → page.\npub(crate) const {constant}: &[(&str, &str)] = &[");
        for page in pages {
            let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&page)?;
            let _ = writeln!(code, "    ({name:?}, {text:?}),");
        }
        code.push_str("];\n");
    }
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("pages.rs"), code)
}

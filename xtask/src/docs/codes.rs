//! The index of error codes: each code with the title of its page.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::tidy;

/// `docs/codes/README.md`.
pub(crate) fn index(root: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for path in tidy::tracked(root, &["docs/codes"])? {
        let name = path.rsplit('/').next().unwrap_or_default();
        let Some(code) = name.strip_suffix(".md").filter(|stem| *stem != "README") else {
            continue;
        };
        let page = fs::read_to_string(root.join(&path)).with_context(|| path.clone())?;
        rows.push(row(code, &page));
    }
    Ok(format!(
        "# Error codes\n\n\
         `segue explain CODE` shows a page on the terminal. Codes are append-only: a code never \
         changes its meaning.\n\n\
         | code | what happened |\n|---|---|\n{}",
        rows.concat()
    ))
}

fn row(code: &str, page: &str) -> String {
    // A page that does not open as it must is told by `tidy`; the index stays whole meanwhile.
    let title = page.lines().next().unwrap_or_default();
    let title = title.split_once(": ").map_or(title, |(_, title)| title);
    format!("| [{code}]({code}.md) | {} |\n", title.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_links_the_page_and_tells_its_title() {
        let page = "# SG-PG-001: the server said `a|b`\n\n## Cause\n";
        assert_eq!(row("SG-PG-001", page), "| [SG-PG-001](SG-PG-001.md) | the server said `a\\|b` |\n");
    }
}

//! Files that say which version of a runtime is used. Tests: `tests/it/tree.rs`.

use super::{lines, runtime_version};
use crate::document::json;
use crate::gather::Gather;

pub(super) fn read(text: &str, gather: &mut Gather) {
    let file = gather.path().rsplit('/').next().unwrap_or_default().to_owned();
    match file.as_str() {
        ".tool-versions" => tool_versions(text, gather),
        "setup.py" | "setup.cfg" => python_requires(text, gather),
        "global.json" => sdk(text, gather),
        "rust-toolchain.toml" => {
            for (line, text) in lines(text) {
                if let Some(version) = text.trim().strip_prefix("channel").map(|v| v.trim_start_matches([' ', '='])) {
                    runtime_version("rust", version.trim_matches('"'), line, gather);
                }
            }
        }
        _ => {
            let name = match file.as_str() {
                ".nvmrc" | ".node-version" => "node",
                ".ruby-version" => "ruby",
                ".java-version" => "java",
                ".php-version" => "php",
                ".go-version" => "go",
                "rust-toolchain" => "rust",
                _ => "python",
            };
            if let Some((line, text)) = lines(text).find(|(_, text)| !text.trim().is_empty() && !text.starts_with('#')) {
                // `python-3.9.1` of runtime.txt, `ruby-3.1.2`.
                let version = text.trim().trim_start_matches("python-").trim_start_matches("ruby-");
                runtime_version(name, version, line, gather);
            }
        }
    }
}

fn tool_versions(text: &str, gather: &mut Gather) {
    for (line, text) in lines(text) {
        let mut words = text.split('#').next().unwrap_or_default().split_whitespace();
        if let (Some(tool), Some(version)) = (words.next(), words.next()) {
            let tool = match tool {
                "nodejs" => "node",
                "golang" => "go",
                "dotnet-core" => "dotnet",
                tool => tool,
            };
            let version = version.trim_start_matches(|c: char| c.is_alphabetic() || c == '-');
            runtime_version(tool, version, line, gather);
        }
    }
}

fn python_requires(text: &str, gather: &mut Gather) {
    for (line, text) in lines(text) {
        if let Some((_, rest)) = text.split_once("python_requires") {
            let version = rest.trim_start_matches([' ', '=']).trim_matches([',', ' ', '"', '\'']);
            runtime_version("python", version, line, gather);
        }
    }
}

fn sdk(text: &str, gather: &mut Gather) {
    match json::read(text) {
        Ok(node) => {
            if let Some(version) = node.at(&["sdk", "version"])
                && let Some(text) = version.text()
            {
                runtime_version("dotnet", text, version.line, gather);
            }
        }
        Err(stop) => gather.not_read(stop.line, &stop.what),
    }
}

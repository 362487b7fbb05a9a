//! An earlier report: what stood in it already is not news.
//!
//! Only a check document of this version is one; anything else is refused. Tests: `tests/it/ignore.rs`.

use segue_model::check::{CheckReport, FORMAT_VERSION, Side};

use crate::source::{File, Refused};

/// Reads the JSON that `segue check --format json` wrote.
pub fn baseline(file: &File) -> Result<CheckReport, Refused> {
    let refuse = |message: String| Refused {
        code: "SG-CHK-073",
        side: Side::Old,
        file: file.name.clone(),
        span: None,
        message,
        help: "Write one by `segue check OLD NEW --format json -o FILE`.".to_owned(),
    };
    // The parser's own words could show a value of the file.
    let report: CheckReport = serde_json::from_slice(&file.bytes).map_err(|error| {
        refuse(format!("the baseline is no report of `segue check` (line {}, column {})", error.line(), error.column()))
    })?;
    if report.format_version != FORMAT_VERSION {
        return Err(refuse(format!("the baseline has form {}, and this Segue reads form {FORMAT_VERSION}", report.format_version)));
    }
    Ok(report)
}

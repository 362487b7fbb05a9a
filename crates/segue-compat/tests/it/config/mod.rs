//! Configurations compared: the cases, schemas, hostile inputs.

use segue_compat::config::{self, check_with_schema};
use segue_compat::draft;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{File, Source};
use segue_model::check::{Side, Verdict};

use crate::case_file;

/// One key more on both sides, in the format of the file.
fn unrelated(file: &File) -> String {
    let text = file.as_text().unwrap_or_default();
    let name = file.name.rsplit('/').next().unwrap_or_default();
    if name.contains(".yaml") && !text.contains("---") {
        "\nquite_unrelated: zebra\n".to_owned()
    } else if name.starts_with(".env") {
        "\nQUITE_UNRELATED=zebra\n".to_owned()
    } else if name.contains(".properties") {
        "\nquite.unrelated=zebra\n".to_owned()
    } else {
        String::new()
    }
}

#[test]
fn cases() {
    let count = case_file::check_all("config", config::check, &unrelated);
    assert!(count >= 25, "{count} cases");
}

#[test]
fn no_secret_is_in_any_report() {
    for case in case_file::all("config") {
        let text = case_file::lines(&case_file::compare(config::check, &case.old, &case.new)).join("\n");
        for secret in ["hunter", "12345", "67890", "u:p", "abc", "ghi"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

fn schemas(old: (&str, &str), new: (&str, &str)) -> Vec<String> {
    let of = |side: Side, name: &str, text: &str| Source::one(side, name, text);
    let (a, b) = (of(Side::Old, "app.yaml", old.0), of(Side::New, "app.yaml", new.0));
    let (sa, sb) = (of(Side::Old, "schema.json", old.1), of(Side::New, "schema.json", new.1));
    let outcome = check_with_schema(&a, Some(&sa), &b, Some(&sb), &DEFAULT).expect("it compares");
    let (x, y) = (config::joined(&a, Some(&sa)), config::joined(&b, Some(&sb)));
    case_file::lines(&Ok(draft::report("config", &DEFAULT, &[&x, &y], outcome)))
}

#[test]
fn configurations_are_held_against_both_schemas() {
    let before = r#"{"type":"object","required":["url"],"properties":{"url":{"type":"string"},"pool":{"type":"integer","maximum":100}}}"#;
    let after = r#"{"type":"object","required":["url","region"],"properties":{"url":{"type":"string"},"region":{"type":"string"},"pool":{"type":"integer","maximum":10}}}"#;
    let found = schemas(("url: a\npool: 50\n", before), ("url: a\nregion: eu\npool: 5\n", after));
    let refuses: Vec<&String> = found.iter().filter(|line| line.contains("config-schema-refuses")).collect();
    assert_eq!(refuses.len(), 1, "{found:#?}");
    assert!(refuses[0].starts_with("high deploy,rolling config-schema-refuses region"), "{found:#?}");
    assert!(found.iter().any(|line| line.contains("data-") && line.contains("region")), "the schemas are compared too: {found:#?}");
    // The other way round the same stands as a way back that fails.
    let back = schemas(("url: a\nregion: eu\npool: 5\n", after), ("url: a\npool: 50\n", before));
    assert!(back.iter().any(|line| line.contains("rollback,rolling config-schema-refuses region")), "{back:#?}");
    assert!(schemas(("url: a\n", before), ("url: a\n", before)).is_empty());
    // A value that does not fit is named by its place and never shown.
    let wrong = schemas(("url: a\npool: 5\n", before), ("url: a\npool: 987654\n", before));
    assert!(wrong.iter().any(|line| line.contains("config-schema-refuses pool") && !line.contains("987654")), "{wrong:#?}");
}

#[test]
fn hostile_configurations_are_refused_or_bounded() {
    let of = |name: &str, old: &str, new: &str| {
        let (old, new) = (Source::one(Side::Old, name, old), Source::one(Side::New, name, new));
        config::check(&old, &new, &DEFAULT)
            .map(|outcome| draft::report("config", &DEFAULT, &[&old, &new], outcome).deploy)
            .map_err(|stops| stops[0].code)
    };
    assert_eq!(of("a.json", "{}", &"[".repeat(100_000)), Err("SG-CHK-084"));
    assert_eq!(of("a.yaml", "a: 1", &format!("{}1", "a: {".repeat(100_000))), Err("SG-CHK-084"));
    assert_eq!(of("a.toml", "a = 1", &format!("a = {}", "[".repeat(100_000))), Err("SG-CHK-084"));
    assert_eq!(of("a.md", "a", "b"), Err("SG-CHK-085"));
    let many = |prefix: &str| (0..20_000).map(|at| format!("{prefix}{at}={at}\n")).collect::<Vec<_>>().concat();
    assert_eq!(of("a.env", &many("A"), &many("B")), Ok(Verdict::Breaking));
    let wide = format!("[{}]", (0..50_000).map(|at| at.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(of("a.json", &wide, &wide), Ok(Verdict::Compatible));
    let (old, new) = (
        Source { side: Side::Old, files: vec![File { name: "a.yaml".to_owned(), bytes: vec![0xff].into() }] },
        Source::one(Side::New, "a.yaml", "a: 1"),
    );
    assert_eq!(config::check(&old, &new, &DEFAULT).expect_err("refused")[0].code, "SG-CHK-083");
}

#[test]
fn a_refusal_names_the_line_and_never_shows_it() {
    for (name, text, line) in [
        (".env", "PW=x\nNOT A LINE hunter2secret\n", "line 2: "),
        ("a.toml", "pw = hunter2secret\n", "line 1: "),
        ("a.json", "{\"pw\": \"hunter2secret\" \"x\":1}", "line 1: "),
        ("a.yaml", "a: 1\npw: \"hunter2secret\n", "line "),
    ] {
        let (old, new) = (Source::one(Side::Old, name, text), Source::one(Side::New, name, ""));
        let stop = config::check(&old, &new, &DEFAULT).expect_err("refused").remove(0);
        assert_eq!((stop.code, stop.span), ("SG-CHK-084", None), "{name}");
        assert!(stop.message.starts_with(line) && !stop.message.contains("hunter2"), "{name}: {}", stop.message);
    }
    let whole = Source::one(Side::Old, "app.yaml", "a: 1\n");
    let schema = Source::one(Side::Old, "schema.json", "{\n\"default\": \"hunter2secret\" 1}");
    let stop = check_with_schema(&whole, Some(&schema), &whole, None, &DEFAULT).expect_err("refused").remove(0);
    assert!(stop.span.is_none() && stop.message.contains("line 2: "), "{}", stop.message);
}

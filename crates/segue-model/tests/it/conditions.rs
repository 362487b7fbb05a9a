//! Conditions: what is printed reads back, whatever is measured; and nothing is compared that nobody measures.

use segue_model::problem::Problem;
use segue_model::spec;
use segue_model::spec::program::{MetricCondition, MetricValue};

use crate::dice::Dice;

fn any(dice: &mut Dice) -> MetricCondition {
    let names = ["error_rate", "p95", "my-query", "_x", "for", "s", "Z9"];
    let sides = ["old", "new", "source", "target"];
    let side = |dice: &mut Dice| (dice.roll(2) == 0).then(|| sides[dice.roll(4)].to_owned());
    let number = |dice: &mut Dice| {
        let digits = dice.roll(16) as u32;
        (dice.roll(usize::MAX) as u64 % 10_u64.pow(digits)).min(1_000_000_000_000_000)
    };
    let value = match dice.roll(5) {
        0 => MetricValue::Milli(number(dice)),
        1 => MetricValue::PercentMilli(number(dice)),
        2 => MetricValue::Ms(number(dice)),
        3 => MetricValue::Bytes(number(dice)),
        _ => MetricValue::Times { factor_milli: number(dice), metric: names[dice.roll(7)].to_owned(), side: side(dice) },
    };
    MetricCondition {
        metric: names[dice.roll(7)].to_owned(),
        side: side(dice),
        op: ["<", "<=", ">", ">=", "=="][dice.roll(5)].to_owned(),
        value,
        for_ms: if dice.roll(2) == 0 { 0 } else { number(dice) },
    }
}

#[test]
fn what_is_printed_reads_back() {
    let mut dice = Dice::new();
    for _ in 0..20_000 {
        let condition = any(&mut dice);
        let text = condition.to_string();
        assert_eq!(text.parse::<MetricCondition>().as_ref(), Ok(&condition), "{text}");
    }
}

#[test]
fn no_text_breaks_the_reader_and_what_reads_prints_and_reads_the_same() {
    let pieces = [
        "p95",
        "(",
        ")",
        "new",
        " ",
        "  ",
        ">",
        "<=",
        "==",
        "=",
        "1",
        "9999999999999999",
        "0.5",
        ".",
        "%",
        "ms",
        "GiB",
        "w",
        "*",
        "for",
        "é",
        "-",
        "\t",
        "\0",
    ];
    let mut dice = Dice::new();
    let mut right = 0;
    for _ in 0..100_000 {
        let mut text = if dice.roll(2) == 0 { any(&mut dice).to_string() } else { String::new() };
        for _ in 0..dice.roll(6) {
            let at = (0..=dice.roll(text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.insert_str(at, pieces[dice.roll(pieces.len())]);
        }
        match text.parse::<MetricCondition>() {
            Ok(condition) => {
                right += 1;
                assert_eq!(condition.to_string().parse::<MetricCondition>().as_ref(), Ok(&condition), "{text:?}");
            }
            Err(error) => {
                assert!(error.at.start <= error.at.end && text.get(error.at.clone()).is_some(), "{text:?} {error:?}");
                assert!(!error.message.is_empty() && !error.help.is_empty());
            }
        }
    }
    assert!(right > 1_000, "{right}");
}

/// The problems of a spec with that condition on these systems.
fn problems(systems: &str, condition: &str) -> Vec<Problem> {
    let text = format!(
        "segue: 1\nid: a\nkind: auth\n{systems}checks: {{revenue: select 1}}\nrollback_when:\n  - {}\n",
        serde_json::to_string(condition).expect("json")
    );
    spec::read(&text, "segue.yaml").err().unwrap_or_default()
}

const DATABASE: &str = "systems: {a: {sqlite: {path: a}}}\n";
const HTTP: &str = "systems: {a: {http: {old: http://a, new: http://b}}}\n";
const PROMETHEUS: &str = "systems: {a: {prometheus: {url: http://a, queries: {carts: x, p95: y}}}}\n";

#[track_caller]
fn refused(systems: &str, condition: &str, code: &str, message: &str, help: &str, column: u32, length: u32) {
    let problems = problems(systems, condition);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let problem = &problems[0];
    assert_eq!((problem.code.as_str(), problem.message.as_str(), problem.help.as_str()), (code, message, help));
    let at = problem.at.as_ref().expect("a place");
    assert_eq!((at.column, at.length), (column, length), "{problem:?}");
}

#[test]
fn what_something_measures_is_taken() {
    for (systems, conditions) in [
        (
            DATABASE,
            vec![
                "lag > 1s",
                "lag(target) <= 1.5h",
                "mismatches == 0",
                "rows_rejected > 0",
                "disk_free < 10%",
                "disk_free < 1GiB",
                "revenue > 1%",
            ],
        ),
        (
            HTTP,
            vec![
                "error_rate > 1%",
                "error_rate > 0.01",
                "p50(new) > 1s",
                "p95 > 2 * p95(old)",
                "p99 > 0.5 * p50",
                "throughput < 5",
                "availability < 99.9%",
            ],
        ),
        (PROMETHEUS, vec!["carts > 5", "carts > 5GiB", "p95 > 7", "revenue < 2 * carts"]),
        ("", vec!["revenue == 0"]),
    ] {
        for condition in conditions {
            assert_eq!(problems(systems, condition), [], "{condition}");
        }
    }
}

#[test]
fn what_nothing_measures_is_refused_with_what_could() {
    const NOBODY: &str = "SG-SPEC-033";
    let query = "add an `http` system to `systems`, or a `prometheus` system with a query of the name `error_rate`";
    refused(DATABASE, "error_rate > 1%", NOBODY, "nothing in this spec measures `error_rate`", query, 6, 10);
    refused(PROMETHEUS, "error_rate > 1%", NOBODY, "nothing in this spec measures `error_rate`", query, 6, 10);
    let database = "add a database to `systems`, or a `prometheus` system with a query of the name `lag`";
    refused(HTTP, "lag > 1s", NOBODY, "nothing in this spec measures `lag`", database, 6, 3);
    refused(HTTP, "p95 > 2 * lag", NOBODY, "nothing in this spec measures `lag`", database, 16, 3);
    refused(HTTP, "eror_rate > 1%", NOBODY, "nothing in this spec measures `eror_rate`", "did you mean `error_rate`?", 6, 9);
    refused(HTTP, "revenu > 1%", NOBODY, "nothing in this spec measures `revenu`", "did you mean `revenue`?", 6, 6);
    refused(
        HTTP,
        "xyzzy > 1%",
        NOBODY,
        "nothing in this spec measures `xyzzy`",
        "add a query `xyzzy` to a `prometheus` system, or a check of that name",
        6,
        5,
    );
    assert_eq!(problems("", "p95(new) > 2 * p99(old)").len(), 2);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let unit = |metric: &str| format!("`{metric}` is not counted in that unit");
    refused(HTTP, "p95 > 200", "SG-SPEC-033", &unit("p95"), "write a duration with its unit, such as `200ms`", 12, 3);
    refused(HTTP, "error_rate > 5s for 1m", "SG-SPEC-033", &unit("error_rate"), "write a percentage up to `100%`", 19, 2);
    refused(HTTP, "error_rate > 101%", "SG-SPEC-033", &unit("error_rate"), "write a percentage up to `100%`", 19, 4);
    refused(DATABASE, "mismatches > 1%", "SG-SPEC-033", &unit("mismatches"), "write a number", 19, 2);
    refused(DATABASE, "disk_free < 5s", "SG-SPEC-033", &unit("disk_free"), "write a size such as `10GiB`, or a percentage", 18, 2);
    refused(
        HTTP,
        "p95 > 2 * error_rate",
        "SG-SPEC-033",
        "`p95` and `error_rate` are not counted in the same unit",
        "compare a metric with itself on the other side",
        12,
        14,
    );
}

#[test]
fn problems_of_words_point_into_the_text() {
    let message = "`rollback_when[0]` is not a condition: here should be a comparison";
    refused(HTTP, "p95 = 5s", "SG-SPEC-032", message, "write `==`", 10, 1);
    let message = "`rollback_when[0]` is not a condition: the comparison is missing";
    refused(HTTP, "p95", "SG-SPEC-032", message, "write one of `<`, `<=`, `>`, `>=`, `==`", 9, 1);
    let message = "`rollback_when[0]` is not a condition: this is finer than what is measured";
    refused(HTTP, "p95 > 0.5ms", "SG-SPEC-036", message, "write a value that a measurement can have", 12, 3);
    // In plain style too, and in a mapping; a folded text is underlined from its beginning.
    for (written, column) in
        [("p95 = 5s", 9), ("'p95 = 5s'", 10), ("{when: p95 = 5s}", 16), ("\"p95 \\x3D 5s\"", 5), (">-\n    p95\n    = 5s", 5)]
    {
        let text = format!("segue: 1\nid: a\nkind: auth\nrollback_when:\n  - {written}\n");
        let problems = spec::read(&text, "f").expect_err("a problem");
        assert_eq!(problems.iter().map(|problem| problem.at.as_ref().map_or(0, |at| at.column)).collect::<Vec<_>>(), [column], "{written}");
    }
}

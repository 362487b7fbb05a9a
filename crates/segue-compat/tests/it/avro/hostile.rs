//! Schemas that no library would take, and schemas that mean harm.

use segue_compat::avro;
use segue_compat::policy::DEFAULT;
use segue_compat::source::{Refused, Source};
use segue_model::check::Side;

fn check(old: &str, new: &str) -> Result<usize, Vec<Refused>> {
    avro::check(&Source::one(Side::Old, "a.avsc", old), &Source::one(Side::New, "a.avsc", new), &DEFAULT)
        .map(|outcome| outcome.drafts.len())
}

#[test]
fn what_is_no_schema_is_refused_with_a_code() {
    let record = |fields: &str| format!("{{\"type\": \"record\", \"name\": \"A\", \"fields\": [{fields}]}}");
    for (text, code) in [
        (String::new(), "SG-CHK-045"),
        ("{}".to_owned(), "SG-CHK-045"),
        ("[]".to_owned(), "SG-CHK-045"),
        ("7".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"record\", \"name\": \"A\"}".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"record\", \"name\": \"A\", \"fields\": {}}".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"record\", \"name\": \"9A\", \"fields\": []}".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"array\"}".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"fixed\", \"name\": \"F\", \"size\": -1}".to_owned(), "SG-CHK-045"),
        ("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"a-b\"]}".to_owned(), "SG-CHK-045"),
        ("[\"int\", [\"null\"]]".to_owned(), "SG-CHK-045"),
        (record("{\"name\": \"x\", \"type\": \"Missing\"}"), "SG-CHK-046"),
        (record("{\"name\": \"x\", \"type\": \"int\"}, {\"name\": \"x\", \"type\": \"int\"}"), "SG-CHK-047"),
        (record("{\"name\": \"x\", \"type\": {\"type\": \"fixed\", \"name\": \"A\", \"size\": 1}}"), "SG-CHK-047"),
        ("[\"int\", \"int\"]".to_owned(), "SG-CHK-047"),
        ("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"a\", \"a\"]}".to_owned(), "SG-CHK-047"),
        (record("{\"name\": \"x\", \"type\": \"int\", \"default\": \"1\"}"), "SG-CHK-048"),
        (record("{\"name\": \"x\", \"type\": \"int\", \"default\": 3000000000}"), "SG-CHK-048"),
        (record("{\"name\": \"x\", \"type\": [\"null\", \"int\"], \"default\": \"no\"}"), "SG-CHK-048"),
        ("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"a\"], \"default\": \"b\"}".to_owned(), "SG-CHK-048"),
    ] {
        let refused = check("\"int\"", &text).expect_err(&text);
        assert!(!refused.is_empty() && refused.iter().all(|one| one.code == code && one.side == Side::New), "{text}: {refused:?}");
    }
}

#[test]
fn depth_width_and_cycles_are_bounded() {
    assert!(check(&"{\"type\": \"array\", \"items\": ".repeat(100_000), "\"int\"").is_err());
    let deep = |inner: &str| format!("{}\"{inner}\"{}", "{\"type\": \"array\", \"items\": ".repeat(400), "}".repeat(400));
    assert_eq!(check(&deep("long"), &deep("int")), Ok(1));
    let symbols = |from: usize| (from..from + 50_000).map(|at| format!("\"S{at}\"")).collect::<Vec<_>>().join(",");
    let wide = |from| format!("{{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [{}]}}", symbols(from));
    assert_eq!(check(&wide(0), &wide(10)), Ok(2));
    // A ring in which every record holds every other: pairs are looked at once.
    let ring = |kind: &str| {
        let records: Vec<String> = (0..60)
            .map(|at| {
                let others: Vec<String> =
                    (0..60).map(|other| format!("{{\"name\": \"f{other}\", \"type\": [\"null\", \"R{other}\"]}}")).collect();
                format!(
                    "{{\"type\": \"record\", \"name\": \"R{at}\", \"fields\": [{}, {{\"name\": \"v\", \"type\": \"{kind}\"}}]}}",
                    others.join(",")
                )
            })
            .collect();
        format!("[{}]", records.join(","))
    };
    assert_eq!(check(&ring("long"), &ring("int")), Ok(60));
    // Sixteen levels of records of sixteen fields have no small value: the finding has no proof, and takes no time.
    let mut bush = "\"long\"".to_owned();
    for level in 0..12 {
        let name = format!("\"B{level}\"");
        let more = (0..15).map(|at| format!(", {{\"name\": \"g{at}\", \"type\": {name}}}")).collect::<String>();
        bush = format!(
            "{{\"type\": \"record\", \"name\": \"C{level}\", \"fields\": [{{\"name\": \"f\", \"type\": {{\"type\": \"record\", \"name\": {name}, \"fields\": [{{\"name\": \"h\", \"type\": {bush}}}]}}}}{more}]}}"
        );
    }
    assert_eq!(check(&bush, &bush.replace("\"long\"", "\"int\"")), Ok(1));
}

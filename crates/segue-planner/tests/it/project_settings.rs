//! Settings that a plan renders for programs of others: each is parsed as that program parses it.
//!
//! JSON by a parser; nginx's settings by its grammar and by what its directives allow, and by `nginx -t` where it is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use segue_model::plan::Plan;

use crate::project_summary::{cases, good};
use crate::recipe_case;

/// Each text of settings, forward and back, of every case of every recipe.
fn settings() -> Vec<(String, String)> {
    let mut plans: Vec<(String, Plan)> = cases().into_iter().map(|(name, spec)| (name, good(&spec, None))).collect();
    let recipes = ["framework-switch", "framework-upgrade", "language", "library", "runtime", "api", "auth-provider", "auth-sso"];
    let places = ["onprem", "clouds", "region", "containers", "managed"];
    for name in recipes.iter().chain(&places) {
        let name = format!("recipe-{name}");
        let plan = recipe_case::planned(&name, None);
        plans.push((name, plan));
    }
    let mut out = Vec::new();
    for (case, plan) in plans {
        for step in plan.phases.iter().flat_map(|phase| &phase.steps) {
            for command in step.outside.command.iter().chain(&step.undo.command).filter(|command| command.language == "config") {
                out.push((format!("{case}: {}", step.id), command.text.clone()));
            }
        }
    }
    out
}

/// A directive of nginx.
#[derive(Debug)]
struct Directive {
    words: Vec<String>,
    inside: Option<Vec<Directive>>,
}

/// Words, quoted or not; `{`, `}` and `;` by themselves.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '{' | '}' | ';' => out.push(c.to_string()),
            '"' => {
                let mut word = String::from("\"");
                loop {
                    match chars.next().ok_or("a quotation mark without its end")? {
                        '"' => break,
                        '\\' => word.extend(['\\', chars.next().ok_or("an end after a backslash")?]),
                        c => word.push(c),
                    }
                }
                out.push(word);
            }
            c => {
                let mut word = c.to_string();
                while let Some(next) = chars.next_if(|next| !next.is_whitespace() && !matches!(next, '{' | '}' | ';' | '"')) {
                    word.push(next);
                }
                out.push(word);
            }
        }
    }
    Ok(out)
}

fn block(words: &mut impl Iterator<Item = String>, nested: bool) -> Result<Vec<Directive>, String> {
    let (mut out, mut own) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            ";" if own.is_empty() => return Err("an empty directive".to_owned()),
            ";" => out.push(Directive { words: std::mem::take(&mut own), inside: None }),
            "{" => {
                let words_before = std::mem::take(&mut own);
                out.push(Directive { words: words_before, inside: Some(block(words, true)?) });
            }
            "}" if nested && own.is_empty() => return Ok(out),
            "}" => return Err(format!("`}}` after {own:?}")),
            _ => own.push(word),
        }
    }
    if nested || !own.is_empty() { Err(format!("it ends inside of something: {own:?}")) } else { Ok(out) }
}

fn parse(text: &str) -> Result<Vec<Directive>, String> {
    block(&mut words(text)?.into_iter(), false)
}

/// Which directives may stand where, and how many words they take.
fn allowed(place: &str, directive: &Directive) -> Result<(), String> {
    let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
    let fine = match (place, words.as_slice(), directive.inside.is_some()) {
        ("http", ["map" | "split_clients", from, to], true) => from.contains('$') && to.starts_with('$'),
        ("map", [_, _], false)
        | ("http", ["server"], true)
        | ("server", ["location", _], true)
        | ("location", ["proxy_pass" | "mirror", _] | ["internal"], false)
        | ("location", ["if", ..], true)
        | ("if", ["return", _], false) => true,
        ("server", ["location", how, _], true) => matches!(*how, "=" | "~" | "~*" | "^~"),
        ("split_clients", [share, _], false) => *share == "*" || share.strip_suffix('%').is_some_and(percent),
        _ => false,
    };
    if fine { Ok(()) } else { Err(format!("{words:?} may not stand in `{place}`")) }
}

/// At most two digits after the point, above 0 and below 100.
fn percent(share: &str) -> bool {
    share.split_once('.').is_none_or(|(_, small)| small.len() <= 2) && share.parse::<f64>().is_ok_and(|share| share > 0.0 && share < 100.0)
}

fn check(place: &str, directives: &[Directive]) -> Result<(), String> {
    for directive in directives {
        allowed(place, directive)?;
        if let Some(inside) = &directive.inside {
            check(&directive.words[0], inside)?;
        }
    }
    if place == "split_clients" && directives.last().is_none_or(|last| last.words[0] != "*") {
        return Err("the rest has no side".to_owned());
    }
    Ok(())
}

fn every<'a>(directives: &'a [Directive], out: &mut Vec<&'a Directive>) {
    for directive in directives {
        out.push(directive);
        every(directive.inside.as_deref().unwrap_or_default(), out);
    }
}

/// Names of ours that are used are defined, and only the two sides are asked.
fn names(directives: &[Directive]) -> Result<(), String> {
    let mut all = Vec::new();
    every(directives, &mut all);
    let made: BTreeSet<&str> =
        all.iter().filter(|one| matches!(one.words[0].as_str(), "map" | "split_clients")).map(|one| one.words[2].as_str()).collect();
    let places: BTreeSet<&str> =
        all.iter().filter(|one| one.words[0] == "location").filter_map(|one| one.words.last()).map(String::as_str).collect();
    for one in &all {
        for word in one.words.iter().filter(|_| !matches!(one.words[0].as_str(), "map" | "location")) {
            for used in word.split('$').skip(1) {
                let end = used.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(used.len());
                let name = format!("${}", &used[..end]);
                if name.starts_with("$segue_") && !made.contains(name.as_str()) {
                    return Err(format!("{name} is not defined"));
                }
            }
        }
        match one.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["mirror", to] if !places.contains(to) => return Err(format!("nothing answers at {to}")),
            ["proxy_pass", to]
                if !["http://segue_old", "http://segue_new", "http://$segue_side_"].iter().any(|known| to.starts_with(known)) =>
            {
                return Err(format!("{to} is neither side"));
            }
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn every_text_of_settings_is_what_its_program_reads() {
    let (mut json, mut proxies) = (0, 0);
    for (place, text) in settings() {
        if text.starts_with('{') {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{place}: {error}\n{text}"));
            let document = value.as_object().unwrap_or_else(|| panic!("{place}: no document"));
            // The worker takes texts alone, each key once, and needs a class.
            assert!(document.contains_key("connector.class"), "{place}");
            assert!(document.values().all(serde_json::Value::is_string), "{place}: {text}");
            assert_eq!(document.len(), text.lines().count() - 2, "{place}: a key stands twice");
            json += 1;
        } else {
            let read = parse(&text).and_then(|directives| check("http", &directives).and_then(|()| names(&directives)));
            read.unwrap_or_else(|why| panic!("{place}: {why}\n{text}"));
            proxies += 1;
        }
    }
    assert!(json >= 4 && proxies >= 20, "{json} of a connector, {proxies} of a proxy");
}

#[test]
fn the_grammar_refuses_what_nginx_refuses() {
    for (text, why) in [
        ("server {\n  location / {\n    proxy_pass http://segue_old;\n  }\n", "it ends"),
        ("server {\n  location / {\n    proxy_pass http://segue_old\n  }\n}", "`}`"),
        ("server {\n  location ~ \"^/a {\n  }\n}", "a quotation mark"),
        ("proxy_pass http://segue_old;", "may not stand"),
        ("split_clients $a $segue_b {\n  200%  x;\n  *  y;\n}", "may not stand"),
        ("split_clients $a $segue_b {\n  2%  x;\n}", "the rest"),
        ("server {\n  location / {\n    proxy_pass http://$segue_side_x;\n  }\n}", "is not defined"),
    ] {
        let read = parse(text).and_then(|directives| check("http", &directives).and_then(|()| names(&directives)));
        assert!(read.as_ref().is_err_and(|said| said.contains(why)), "{read:?}: {text}");
    }
}

#[test]
fn nginx_itself_takes_every_text() {
    let program = std::env::var_os("SEGUE_TEST_NGINX").unwrap_or_else(|| "nginx".into());
    if Command::new(&program).arg("-v").output().is_err() {
        // The grammar above stands in for it.
        return;
    }
    let folder = std::env::temp_dir().join(format!("segue-nginx-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut seen = BTreeSet::new();
    for (place, text) in settings().into_iter().filter(|(_, text)| !text.starts_with('{')) {
        if seen.insert(text.clone()) {
            taken(&program, &folder, &place, &text);
        }
    }
    std::fs::remove_dir_all(&folder).expect("gone");
    assert!(seen.len() > 10, "{}", seen.len());
}

fn taken(program: &std::ffi::OsStr, folder: &Path, place: &str, text: &str) {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|name| format!("{name}_temp_path {name};\n")).concat();
    let sides = "upstream segue_old { server 127.0.0.1:8081; }\nupstream segue_new { server 127.0.0.1:8082; }\n";
    // Not the port of the system: nobody may be asked for it here.
    let own = text.replacen("server {", "server {\n  listen 127.0.0.1:8089;", 1);
    let whole = format!("pid own.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{sides}{own}\n}}\n");
    std::fs::write(folder.join("nginx.conf"), whole).expect("written");
    let output = Command::new(program).args(["-t", "-p"]).arg(folder).args(["-c", "nginx.conf"]).output().expect("it runs");
    assert!(output.status.success(), "{place}: {}\n{text}", String::from_utf8_lossy(&output.stderr));
}

//! Every page that the binary writes, opened in a real browser with the network blocked: no request, no word on the
//! console, nothing wider than the window, words that can be read in light and in dark.

#[path = "../../../segue-report/tests/it/browser/chromium.rs"]
mod chromium;
#[path = "../../../segue-report/tests/it/browser/page.rs"]
mod page;

use chromium::Chromium;
use page::check;

use crate::documents::service;
use crate::fixture::Folder;

#[test]
fn the_pages_of_the_binary_need_no_network() {
    let Some(program) = chromium::program() else { return };
    let mut browser = Chromium::start(program);
    let mut look = |folder: &Folder, name: &str, words: &[&str], code: i32| {
        let words: Vec<&str> = words.iter().chain(&["--format", "html", "-o", "page.html"]).copied().collect();
        folder.segue(&words).expect(code);
        let page = folder.read("page.html");
        assert!(page.starts_with("<!doctype html>") && page.len() < 2_000_000, "{name}: {}", page.len());
        check(&mut browser, name, &page);
        std::fs::remove_file(folder.file("page.html")).expect("removed");
    };
    // A plan that people carry out, and its report.
    let folder = service();
    look(&folder, "binary-plan", &["plan", "--offline", "--today", "2026-11-21"], 0);
    look(&folder, "binary-report", &["report", "--offline", "--today", "2026-11-21"], 0);
    // A run by Segue itself: what is there, before and after, and what its journal tells.
    let shop = Folder::shop(50);
    look(&shop, "binary-assess", &["assess"], 0);
    shop.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(0);
    look(&shop, "binary-run", &["report"], 0);
    // Two databases, and two schemas.
    shop.write("old.sql", "create table a (id integer primary key, name text);");
    shop.write("new.sql", "create table a (id integer primary key);");
    look(&shop, "binary-check", &["check", "old.sql", "new.sql", "--type", "sql"], 3);
    let copy = rusqlite::Connection::open(shop.file("copy.db")).expect("opens");
    copy.execute_batch("create table t (id integer primary key, a text); insert into t values (1, 'x'), (2, 'y');").expect("rows");
    let other = rusqlite::Connection::open(shop.file("other.db")).expect("opens");
    other.execute_batch("create table t (id integer primary key, a text); insert into t values (1, 'x'), (2, 'z');").expect("rows");
    look(&shop, "binary-verify", &["verify", "--source", "sqlite:copy.db", "--target", "sqlite:other.db"], 4);
}

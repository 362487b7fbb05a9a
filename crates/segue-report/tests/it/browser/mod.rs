//! Every page in a real browser with the network blocked: no console error, no request, nothing wider than the page,
//! words that can be read on their ground in light and in dark.

mod chromium;
mod page;

use segue_report::html::{Extra, report};

use crate::{check_matrix, check_sample, html, html_hostile, sample};
use chromium::Chromium;
use page::{CONTRAST, STRUCTURE, check, complaints};

#[test]
fn every_page_is_whole_in_a_browser_without_a_network() {
    let Some(program) = chromium::program() else { return };
    let mut browser = Chromium::start(program);
    for (name, plan) in sample::all() {
        check(&mut browser, name, &report(&plan, &Extra::default()));
    }
    check(&mut browser, "run", &html::with_a_run());
    check(&mut browser, "hostile", &report(&html_hostile::plan(), &Extra::default()));
    check(&mut browser, "hybrid", &report(&sample::hybrid(), &Extra::default()));
    check(&mut browser, "large", &report(&sample::shop_of(&[], 300), &Extra::default()));
}

#[test]
fn every_page_of_a_check_is_whole_in_a_browser_without_a_network() {
    let Some(program) = chromium::program() else { return };
    let mut browser = Chromium::start(program);
    for (name, report) in check_sample::all().into_iter().chain([("check-hostile", check_sample::hostile())]) {
        check(&mut browser, name, &segue_report::check::html(&report));
    }
    let names = ["orders-1.yaml", "orders-2.yaml", "orders-3.yaml", "orders-4.yaml"];
    check(&mut browser, "matrix", &segue_report::check::matrix::html(&check_matrix::matrix(&names)));
    check(&mut browser, "matrix-hostile", &segue_report::check::matrix::html(&check_matrix::matrix(&check_sample::NAMES)));
}

#[test]
fn the_browser_sees_what_is_wrong() {
    let Some(program) = chromium::program() else { return };
    let mut browser = Chromium::start(program);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.html");
    let bad = "<!doctype html><title>x</title><h1>a</h1><h3>b</h3><p style='color:#999;background:#fff'>pale</p><a href='#no'>x</a>\
               <div style='width:3000px'>wide</div><img src='http://127.0.0.1:9/a.png'><script>console.error('x')</script>";
    std::fs::write(&file, bad).expect("written");
    browser.open(&file, 390, "light");
    let structure = browser.evaluate(STRUCTURE).to_string();
    for wrong in ["wide", "#no", "H3 after H1", "no main", "not ours"] {
        assert!(structure.contains(wrong), "{wrong}: {structure}");
    }
    assert!(browser.evaluate(CONTRAST).to_string().contains("pale"));
    let complaints = complaints(&browser.events).join("\n");
    assert!(complaints.contains("asked for http://127.0.0.1:9/a.png") && complaints.contains("console"), "{complaints}");
}

//! What a page must keep to in a browser: it asks for nothing, complains of nothing, is not wider than the window, can be
//! read on its ground. Used here, and by the tests of the binary.

use serde_json::{Value, json};

use super::chromium::Chromium;

/// What is wrong with a page: what it asked for, what it complained of.
pub(crate) fn complaints(events: &[Value]) -> Vec<String> {
    let complaint = |event: &Value| {
        let params = &event["params"];
        match event["method"].as_str()? {
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                (!url.starts_with("file://") && !url.starts_with("data:")).then(|| format!("it asked for {url}"))
            }
            "Runtime.exceptionThrown" => Some(format!("an exception: {params}")),
            "Runtime.consoleAPICalled" => Some(format!("it wrote to the console: {params}")),
            "Log.entryAdded" => Some(format!("the browser complains: {}", params["entry"]["text"])),
            _ => None,
        }
    };
    events.iter().filter_map(complaint).collect()
}

/// Elements that stand out of the page on the right, ids that are not unique, links that lead nowhere, headings that
/// leave a level out, charts without a name.
pub(crate) const STRUCTURE: &str = r"(() => {
  const wrong = [], root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth > width) {
    wrong.push(`the page is ${root.scrollWidth} wide, not ${width}`);
    for (const e of document.querySelectorAll('body *')) {
      if (e.getBoundingClientRect().right > width + 1 && !e.closest('pre, nav')) wrong.push(`${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
      if (wrong.length > 5) break;
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => wrong.push(`id ${id} stands twice`));
  for (const a of document.querySelectorAll('a')) {
    const to = a.getAttribute('href');
    if (!to.startsWith('#') || !document.getElementById(to.slice(1))) wrong.push(`a link to ${to}`);
  }
  let last = 0;
  for (const h of document.querySelectorAll('h1,h2,h3,h4,h5')) {
    const level = +h.tagName[1];
    if (level > last + 1) wrong.push(`${h.tagName} after H${last}: ${h.textContent}`);
    last = level;
  }
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  for (const e of document.querySelectorAll('svg:not([aria-hidden])')) {
    const name = document.getElementById(e.getAttribute('aria-labelledby'));
    if (!name || !name.textContent) wrong.push('a chart without a name');
  }
  for (const svg of document.querySelectorAll('svg.chart')) {
    const words = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
    words.forEach(([a, one], at) => words.slice(at + 1).forEach(([b, two]) => {
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left), down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (across > 2 && down > 4) wrong.push(`${a} stands on ${b}`);
    }));
  }
  for (const tag of ['header', 'nav', 'main', 'footer']) if (!document.querySelector(tag)) wrong.push(`no ${tag}`);
  if (document.scripts.length || document.querySelector('img, iframe, object, embed, form, base')) wrong.push('something that is not ours');
  return wrong;
})()";

/// Words that stand out too little from what is behind them (WCAG 2: 4.5, large ones 3).
pub(crate) const CONTRAST: &str = r"(() => {
  const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => { const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const wrong = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || e.closest('svg, title, .skip')) continue;
    let ground = null, up = e;
    while (up && !ground) { const c = parse(getComputedStyle(up).backgroundColor); if (c.length && c[3] !== 0) ground = c; up = up.parentElement; }
    const style = getComputedStyle(e), a = light(parse(style.color)), b = light(ground || [255, 255, 255]);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) wrong.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}: ${e.textContent.slice(0, 30)}`);
  }
  return [...wrong];
})()";

pub(crate) fn check(browser: &mut Chromium, name: &str, page: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.html");
    std::fs::write(&file, page).expect("written");
    for (width, scheme) in [(1280, "light"), (390, "dark")] {
        browser.open(&file, width, scheme);
        for opened in [false, true] {
            browser.evaluate(&format!("document.querySelectorAll('details').forEach(details => details.open = {opened})"));
            assert_eq!(browser.evaluate(STRUCTURE), json!([]), "{name} at {width}, all open: {opened}");
            assert_eq!(browser.evaluate(CONTRAST), json!([]), "{name} in {scheme}, all open: {opened}");
            if let Some(folder) = std::env::var_os("SEGUE_PAGES") {
                let open = if opened { "open" } else { "shut" };
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}-{width}-{open}.b64")), browser.picture())
                    .expect("written");
            }
        }
        assert_eq!(complaints(&browser.events), Vec::<String>::new(), "{name} at {width}");
    }
}

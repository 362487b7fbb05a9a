//! The syntax tree of a file, as both readers walk it.
//!
//! Walks are bounded: readers go down only where declarations stand, never through expressions. Tests: the readers'.

use std::ops::ControlFlow;

use ast_grep_core::tree_sitter::{LanguageExt, StrDoc};
use ast_grep_core::{AstGrep, Node};
use ast_grep_language::SupportLang;
use tree_sitter::{ParseOptions, ParseState, Parser};

use crate::source::{Place, Span};

/// A node of the tree.
pub(super) type Syntax<'r> = Node<'r, StrDoc<SupportLang>>;

/// A larger file is not read: generated code, which nobody calls by hand.
pub(super) const BYTES_MAX: usize = 2 * 1024 * 1024;
/// The parser keeps what is open, hundreds of bytes for each bracket: text that opens more than this is no program.
const OPEN_MAX: usize = 2_000;
/// The parser looks up every hundred steps; ordinary code needs one look for some fifty bytes.
const BYTES_A_LOOK: usize = 2;
const LOOKS_MIN: usize = 1_000;
/// Declarations are not looked for deeper than this.
pub(super) const NESTING_MAX: usize = 24;

/// From the root through a statement and its definition to its parameters.
const DECLARATION_DEPTH: usize = 5;

/// Parses; `None` when the parser gives up. Text without any order can cost the parser a time that grows with its square, so
/// it stops after a number of looks that follows from the length.
pub(super) fn parse(text: &str, grammar: SupportLang) -> Option<AstGrep<StrDoc<SupportLang>>> {
    if opens_without_end(text) {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(&grammar.get_ts_language()).ok()?;
    let mut looks = 0_usize;
    let most = LOOKS_MIN + text.len() / BYTES_A_LOOK;
    let mut count = |_: &ParseState| {
        looks += 1;
        if looks > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let bytes = text.as_bytes();
    let mut rest = |at: usize, _| bytes.get(at..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut rest, None, Some(ParseOptions::new().progress_callback(&mut count)))?;
    Some(AstGrep::doc(StrDoc { src: text.to_owned(), lang: grammar, tree }))
}

/// Far more brackets are open at once than close again, wherever they stand.
fn opens_without_end(text: &str) -> bool {
    let mut open = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > OPEN_MAX
    })
}

/// Where a node stands.
pub(super) fn place(file: u32, node: &Syntax<'_>) -> Place {
    let range = node.range();
    Place { file, span: Span::new(range.start, range.end) }
}

/// The line of the first place that could not be parsed, and how many there are at the levels of declarations.
pub(super) fn mistakes(root: &Syntax<'_>) -> Option<(usize, usize)> {
    let mut first = None;
    let mut count = 0;
    for node in root.dfs() {
        if node.is_error() || node.is_missing() {
            first.get_or_insert(node.start_pos().line() + 1);
            count += 1;
        }
    }
    first.map(|line| (line, count))
}

/// The first place that could not be parsed outside of bodies and above expressions: a declaration is lost there. `bodies` are
/// the kinds of nodes that are not looked into.
pub(super) fn broken(root: &Syntax<'_>, bodies: &[&str]) -> Option<Span> {
    let mut open: Vec<(Syntax<'_>, usize)> = vec![(root.clone(), 0)];
    while let Some((node, depth)) = open.pop() {
        if node.is_error() || node.is_missing() {
            let range = node.range();
            return Some(Span::new(range.start, range.end.max(range.start + 1)));
        }
        if depth < DECLARATION_DEPTH && !bodies.contains(&node.kind().as_ref()) {
            let children: Vec<_> = node.children().collect();
            open.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        }
    }
    None
}

/// The text of a field of a node.
pub(super) fn field_text(node: &Syntax<'_>, field: &str) -> Option<String> {
    node.field(field).map(|found| found.text().into_owned())
}

/// A direct child of that kind is there.
pub(super) fn has(node: &Syntax<'_>, kind: &str) -> bool {
    node.children().any(|child| child.kind() == kind)
}

/// The text of a literal value, `None` for anything that is computed. Long ones are cut by what they are.
pub(super) fn literal(node: &Syntax<'_>) -> Option<String> {
    let kind = node.kind();
    let simple = matches!(
        kind.as_ref(),
        "string"
            | "integer"
            | "float"
            | "number"
            | "true"
            | "false"
            | "none"
            | "null"
            | "undefined"
            | "unary_operator"
            | "unary_expression"
            | "template_string"
            | "concatenated_string"
    );
    let computed = !simple
        || node.children().any(|child| matches!(child.kind().as_ref(), "interpolation" | "template_substitution" | "identifier" | "call"));
    (!computed).then(|| node.text().into_owned())
}

/// `1 place`, `3 places`.
pub(crate) fn places(count: usize) -> String {
    if count == 1 { "1 place".to_owned() } else { format!("{count} places") }
}

//! Words and paths (`std::fs::read`) in code whose comments and literals are blanked.
//!
//! `use` trees are written out, so that `use std::{fs, env::var}` gives `std::fs` and
//! `std::env::var`. Renames are followed no further: what hides behind `as` was named before it.

/// A path or a single word, and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// From one.
    pub(crate) line: usize,
    /// Joined by `::`, without white space.
    pub(crate) path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Mark(char),
    Colons,
}

/// Every word of the code, keywords too.
pub(crate) fn words(code: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (token, line) in tokens(code) {
        if let Token::Word(path) = token {
            found.push(Found { line, path });
        }
    }
    found
}

/// Every path of the code, `use` trees written out.
pub(crate) fn paths(code: &str) -> Vec<Found> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            (Token::Word(word), _) if word == "use" => {
                at += 1;
                tree(&tokens, &mut at, "", &mut found);
            }
            (Token::Word(word), line) => {
                let mut path = word.clone();
                at += 1;
                while let (Some((Token::Colons, _)), Some((Token::Word(next), _))) = (tokens.get(at), tokens.get(at + 1)) {
                    path.push_str("::");
                    path.push_str(next);
                    at += 2;
                }
                found.push(Found { line: *line, path });
            }
            _ => at += 1,
        }
    }
    found
}

/// One branch of a `use` tree: `a::b`, `a::{b, c::*}`, `a as b`.
fn tree(tokens: &[(Token, usize)], at: &mut usize, prefix: &str, found: &mut Vec<Found>) {
    let mut path = prefix.to_owned();
    let mut line = tokens.get(*at).map_or(0, |(_, line)| *line);
    while let Some((token, here)) = tokens.get(*at) {
        match token {
            Token::Word(word) if word == "as" => *at += 1, // the new name is skipped as a word below
            Token::Word(word) => {
                let after_as = *at > 0 && matches!(&tokens[*at - 1].0, Token::Word(before) if before == "as");
                if !after_as {
                    if path.is_empty() {
                        line = *here;
                    } else if !path.ends_with("::") {
                        path.push_str("::");
                    }
                    path.push_str(word);
                }
                *at += 1;
            }
            Token::Mark('{') => {
                *at += 1;
                while let Some((token, _)) = tokens.get(*at) {
                    match token {
                        Token::Mark('}') => break,
                        Token::Mark(',') => *at += 1,
                        _ => tree(tokens, at, &path, found),
                    }
                }
                *at += 1;
                return;
            }
            Token::Colons | Token::Mark('*') => *at += 1,
            Token::Mark(_) => break,
        }
    }
    if path != prefix {
        found.push(Found { line, path });
    }
    // `;` ends the tree; `,` and `}` belong to the level above. Anything else is no tree: go on.
    if let Some((Token::Mark(mark), _)) = tokens.get(*at)
        && !matches!(mark, ',' | '}')
    {
        *at += 1;
    }
}

fn tokens(code: &str) -> Vec<(Token, usize)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut chars = code.chars().peekable();
    while let Some(next) = chars.next() {
        match next {
            '\n' => line += 1,
            ':' if chars.peek() == Some(&':') => {
                chars.next();
                found.push((Token::Colons, line));
            }
            _ if next.is_alphanumeric() || next == '_' => {
                let mut word = String::from(next);
                while let Some(more) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(more);
                }
                found.push((Token::Word(word), line));
            }
            _ if next.is_whitespace() => {}
            _ => found.push((Token::Mark(next), line)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expect: &[&str]) {
        let found = paths(code);
        let found: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(found, expect, "{code}");
    }

    #[test]
    fn use_trees_are_written_out() {
        check("use std::fs;", &["std::fs"]);
        check("use std::{env::{self, var}, fs as files, io::*}; x", &["std::env::self", "std::env::var", "std::fs", "std::io", "x"]);
        check("use {std::fs, tokio::net};\nf()", &["std::fs", "tokio::net", "f"]);
    }

    #[test]
    fn paths_in_code_are_joined_over_lines() {
        check("std::fs::\n read(a)", &["std::fs::read", "a"]);
        check("Instant :: now()", &["Instant::now"]);
        assert_eq!(paths("a;\nb::c")[1].line, 2);
    }
}

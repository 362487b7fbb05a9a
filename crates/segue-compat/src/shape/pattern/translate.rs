//! ECMA-262's syntax to that of `regex-syntax`, by the meaning: `\d` is ten digits, `.` knows four ends of line, `[` in a class
//! is itself. What has no counterpart gives `None`. Tests: `pattern.rs`.

const SPACE: &str = r"\t\n\x0B\x0C\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";

/// The same expression for `regex-automata`.
pub(super) fn to_rust(ecma: &str) -> Option<String> {
    let mut out = String::with_capacity(ecma.len() + 16);
    let mut chars = ecma.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = chars.next() {
        match letter {
            '\\' => escape(&mut chars, in_class, &mut out)?,
            '[' if in_class => out.push_str("\\["),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                if chars.next_if_eq(&']').is_some() {
                    // `[^]` is any character, `[]` none.
                    out.push_str(if negated { "(?s:.)" } else { "[^\\x{0}-\\x{10ffff}]" });
                    continue;
                }
                in_class = true;
                out.push_str(if negated { "[^" } else { "[" });
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(letter);
            }
            // Two in a row are an operator of sets there, and a range or itself here.
            '-' if in_class && chars.peek() == Some(&'-') => return None,
            '.' if !in_class => out.push_str("[^\\n\\r\\x{2028}\\x{2029}]"),
            '(' if !in_class && chars.peek() == Some(&'?') => {
                let rest: String = chars.clone().skip(1).take(2).collect();
                let named = rest.starts_with('<') && !rest.starts_with("<=") && !rest.starts_with("<!");
                if !rest.starts_with(':') && !named {
                    return None;
                }
                out.push('(');
            }
            letter => out.push(letter),
        }
    }
    Some(out)
}

fn escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, in_class: bool, out: &mut String) -> Option<()> {
    let letter = chars.next()?;
    let mut class = |positive: &str, negated: bool| {
        if in_class && !negated {
            out.push_str(positive);
        } else {
            out.push_str(if negated { "[^" } else { "[" });
            out.push_str(positive);
            out.push(']');
        }
    };
    match letter {
        'd' => class("0-9", false),
        'D' => class("0-9", true),
        'w' => class("0-9A-Za-z_", false),
        'W' => class("0-9A-Za-z_", true),
        's' => class(SPACE, false),
        'S' => class(SPACE, true),
        'b' if in_class => out.push_str("\\x08"),
        'b' => out.push_str("(?-u:\\b)"),
        'B' if !in_class => out.push_str("(?-u:\\B)"),
        't' | 'n' | 'r' => {
            out.push('\\');
            out.push(letter);
        }
        'f' => out.push_str("\\x0C"),
        'v' => out.push_str("\\x0B"),
        '0' if !chars.peek().is_some_and(char::is_ascii_digit) => out.push_str("\\x00"),
        'c' => {
            let control = chars.next().filter(char::is_ascii_alphabetic)?;
            out.push_str(&format!("\\x{:02X}", u32::from(control) % 32));
        }
        'x' => code(chars, 2, out)?,
        'u' => {
            if chars.next_if_eq(&'{').is_some() {
                let digits: String = chars.by_ref().take_while(|digit| *digit != '}').collect();
                push_code(&digits, out)?;
            } else {
                code(chars, 4, out)?;
            }
        }
        'p' | 'P' => {
            chars.next_if_eq(&'{')?;
            let name: String = chars.by_ref().take_while(|digit| *digit != '}').collect();
            out.push_str(&format!("\\{letter}{{{name}}}"));
        }
        letter if letter.is_ascii_alphanumeric() || !letter.is_ascii() => return None,
        '/' | '"' | '\'' | '`' | ',' | ':' | ';' | '<' | '>' | '=' | '!' | '@' | '%' | '_' | ' ' => out.push(letter),
        letter => {
            out.push('\\');
            out.push(letter);
        }
    }
    Some(())
}

fn code(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, digits: usize, out: &mut String) -> Option<()> {
    let digits: String = chars.by_ref().take(digits).collect();
    push_code(&digits, out)
}

fn push_code(digits: &str, out: &mut String) -> Option<()> {
    let letter = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    out.push_str(&format!("\\x{{{:x}}}", u32::from(letter)));
    Some(())
}

//! Settings of a proxy that divides requests between two sides: the same user on the same side each time, by the proxy's
//! own stable hash.
//!
//! Written for nginx; the upstreams `segue_old` and `segue_new` are the team's. Nothing here is applied. Tests: below.

use segue_model::plan::program::Command;

/// What a proxy divides.
#[derive(Debug, Clone)]
pub(crate) struct Rule<'a> {
    /// A word for names inside the settings: letters, digits and `_`.
    pub(crate) name: &'a str,
    /// Globs; empty means every request.
    pub(crate) routes: &'a [String],
    /// What names the user: `user_id` is read from the header `X-User-Id`.
    pub(crate) sticky: &'a str,
}

const BEFORE: &str = "the upstreams segue_old and segue_new are defined; the gateway sets the named header for each signed-in user, others are told apart by their address; another proxy takes the same shares by a hash of the same key";

/// Gives the new side a share in thousandths of a per cent.
pub(crate) fn share(rule: &Rule<'_>, milli: u64) -> Command {
    let name = word(rule.name);
    let header = word(rule.sticky);
    let split = if milli == 0 {
        "  *  segue_old;".to_owned()
    } else if milli >= 100_000 {
        "  *  segue_new;".to_owned()
    } else {
        format!("  {}  segue_new;\n  *  segue_old;", percent(milli))
    };
    let text = format!(
        "map $http_x_{header} $segue_key_{name} {{\n  \"\"       $remote_addr;\n  default  $http_x_{header};\n}}\nsplit_clients $segue_key_{name} $segue_side_{name} {{\n{split}\n}}\nserver {{\n{}}}",
        locations(rule.routes, &format!("proxy_pass http://$segue_side_{name};"))
    );
    Command {
        language: "config".to_owned(),
        dialect: String::new(),
        text,
        precondition: BEFORE.to_owned(),
        expected: format!("`nginx -t` says ok; after `nginx -s reload` the new side serves {}", percent(milli)),
    }
}

/// Every request goes on to the old side, through the proxy.
pub(crate) fn pass(rule: &Rule<'_>) -> Command {
    Command {
        language: "config".to_owned(),
        dialect: String::new(),
        text: format!("server {{\n{}}}", locations(rule.routes, "proxy_pass http://segue_old;")),
        precondition: "the upstream segue_old is the old side".to_owned(),
        expected: "`nginx -t` says ok; after `nginx -s reload` the old side serves every request, and its p95 grew by no more than the hop"
            .to_owned(),
    }
}

/// A share of requests that only read is sent to the new side as well; its answers reach nobody.
pub(crate) fn shadow(rule: &Rule<'_>, milli: u64) -> Command {
    let name = word(rule.name);
    let text = format!(
        "split_clients $request_id $segue_shadow_{name} {{\n  {}  1;\n  *  0;\n}}\nserver {{\n{}  location = /segue-shadow-{name} {{\n    internal;\n    if ($segue_shadow_{name} = 0) {{ return 204; }}\n    if ($request_method !~ ^(GET|HEAD)$) {{ return 204; }}\n    proxy_pass http://segue_new$request_uri;\n  }}\n}}",
        percent(milli.min(99_990)),
        locations(rule.routes, &format!("mirror /segue-shadow-{name};\n    proxy_pass http://segue_old;"))
    );
    Command {
        language: "config".to_owned(),
        dialect: String::new(),
        text,
        precondition: "the upstreams segue_old and segue_new are defined; a request that changes something is never sent twice".to_owned(),
        expected: format!("`nginx -t` says ok; both sides log the same request id for {} of the reads", percent(milli)),
    }
}

fn locations(routes: &[String], inside: &str) -> String {
    let one = |location: &str| format!("  location {location} {{\n    {inside}\n  }}\n");
    if routes.is_empty() {
        return one("/");
    }
    let named: String = routes.iter().map(|route| one(&format!("~ \"{}\"", regex(route)))).collect();
    // Everything else goes on to the old side: a proxy in front of it must not drop what is not moved.
    format!("{named}  location / {{\n    proxy_pass http://segue_old;\n  }}\n")
}

/// A glob as a regular expression inside quotation marks.
fn regex(route: &str) -> String {
    let mut out = "^".to_owned();
    let last = route.chars().count().saturating_sub(1);
    for (at, c) in route.chars().enumerate() {
        match c {
            '*' if at == last => out.push_str(".*"),
            '*' => out.push_str("[^/]+"),
            '/' | '_' | '-' => out.push(c),
            // A quotation mark or a line end would leave the setting's text.
            '"' | '\\' | '$' | '{' | '}' => out.push('.'),
            c if c.is_control() => out.push('.'),
            c if c.is_ascii_punctuation() => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push('$');
    out
}

/// A word of letters, digits and `_`.
fn word(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if word.is_empty() { "all".to_owned() } else { word }
}

fn percent(milli: u64) -> String {
    crate::recipe::ground::share(milli)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_become_patterns_that_stay_in_their_quotes() {
        assert_eq!(regex("/api/orders/*"), "^/api/orders/.*$");
        assert_eq!(regex("/api/*/items"), "^/api/[^/]+/items$");
        assert_eq!(regex("/a.b\"; } server {"), "^/a\\.b.\\; . server .$");
    }

    #[test]
    fn shares_are_written_as_nginx_takes_them() {
        let rule = Rule { name: "orders", routes: &["/api/orders/*".to_owned()], sticky: "user_id" };
        let text = share(&rule, 500).text;
        assert!(text.contains("  0.5%  segue_new;\n  *  segue_old;"), "{text}");
        assert!(text.contains("split_clients $segue_key_orders $segue_side_orders {"), "{text}");
        assert!(share(&rule, 100_000).text.contains("*  segue_new;"));
        // What is not moved still reaches the old side.
        assert!(text.contains("location / {\n    proxy_pass http://segue_old;"), "{text}");
        assert!(!share(&rule, 0).text.contains("segue_new;"));
        assert!(shadow(&rule, 10_000).text.contains("mirror /segue-shadow-orders;"));
    }
}

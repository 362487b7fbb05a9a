//! Servers, or `schemes`, `host` and `basePath` of Swagger 2.0 as servers.
//!
//! Variables of an address are put in by their defaults; what else they may be is kept. Tests: `tests/it/openapi/`.

use std::collections::BTreeMap;

use super::Reader;
use crate::openapi::library::Spot;
use crate::openapi::model::{Dialect, Server, without_user};

impl<'a> Reader<'a> {
    /// The servers of the document, of a path or of an operation.
    pub(super) fn servers(&mut self, spot: &Spot<'a>) -> Vec<Server> {
        if self.dialect == Dialect::Swagger2 {
            return if spot.object.is_empty() { self.old_servers(spot) } else { Vec::new() };
        }
        let mut found = Vec::new();
        for item in self.list(spot, "servers") {
            if !item.at.is_map() {
                self.skip(&item, "a map");
                continue;
            }
            let Some(mut url) = self.text(&item, "url") else { continue };
            let mut variables = BTreeMap::new();
            url = without_user(&url);
            for (name, variable) in self.entries(&item, "variables") {
                let default = self.text(&variable, "default").unwrap_or_default();
                let mut choices = self.words(&variable, "enum");
                choices.sort();
                let place = format!("{{{name}}}");
                // What stands only in the user information is a secret, and gone with it.
                if url.contains(&place) {
                    url = url.replace(&place, &default);
                    variables.insert(name, (without_user(&default), choices.iter().map(|one| without_user(one)).collect()));
                }
            }
            let place = item.get("url").map_or_else(|| item.place(), |at| at.place());
            found.push(Server { url: without_user(&url), variables, place });
        }
        found
    }

    fn old_servers(&mut self, root: &Spot<'a>) -> Vec<Server> {
        let host = self.text(root, "host");
        let base = self.text(root, "basePath").unwrap_or_default();
        let base = if base.is_empty() || base.starts_with('/') { base } else { format!("/{base}") };
        let place = ["basePath", "host", "schemes"].iter().find_map(|key| root.get(key)).map_or_else(|| root.place(), |at| at.place());
        let schemes = self.words(root, "schemes");
        let one = |url: String| Server { url: without_user(&url), variables: BTreeMap::new(), place };
        match (host, schemes.is_empty()) {
            (None, _) if base.is_empty() => Vec::new(),
            (None, _) => vec![one(base)],
            (Some(host), true) => vec![one(format!("//{host}{base}"))],
            (Some(host), false) => schemes.iter().map(|scheme| one(format!("{scheme}://{host}{base}"))).collect(),
        }
    }
}

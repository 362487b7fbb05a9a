//! Security requirements and schemes.
//!
//! `basic` of Swagger 2.0 is HTTP's, and its flows get the names of OpenAPI 3, so that a new specification is no new security.
//! Tests: `tests/it/openapi/`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reader, anchor};
use crate::openapi::library::Spot;
use crate::openapi::model::{Dialect, Flow, Requirement, Scheme, Security};

/// How many alternatives of one place are read.
const ALTERNATIVES_MAX: usize = 100;

impl<'a> Reader<'a> {
    /// `security` of an operation or of the document; `None` where it says nothing.
    pub(super) fn requirements(&mut self, spot: &Spot<'a>) -> Option<Security> {
        let found = spot.get("security")?;
        if !found.at.is_list() {
            self.skip(&found, "a list");
            return None;
        }
        let mut alternatives = BTreeSet::new();
        for (index, item) in self.list(spot, "security").into_iter().enumerate() {
            if index >= ALTERNATIVES_MAX {
                self.skip(&item, "none of more than 100 alternatives");
                break;
            }
            if !item.at.is_map() {
                self.skip(&item, "a map");
                continue;
            }
            let names = item.at.entries().map(|(name, _, at)| {
                let scopes = at.items().filter_map(|scope| scope.text().map(str::to_owned)).collect();
                (name.to_owned(), scopes)
            });
            alternatives.insert(names.collect::<Requirement>());
        }
        Some(Security { anchor: anchor(&found), alternatives })
    }

    /// The schemes of the document.
    pub(super) fn schemes(&mut self, root: &Spot<'a>) -> BTreeMap<String, Scheme> {
        let entries = if self.dialect == Dialect::Swagger2 {
            self.entries(root, "securityDefinitions")
        } else {
            self.map(root, "components").map(|components| self.entries(&components, "securitySchemes")).unwrap_or_default()
        };
        let mut schemes = BTreeMap::new();
        for (name, entry) in entries {
            if let Some(entry) = self.followed(entry) {
                let scheme = self.scheme(&entry);
                schemes.insert(name, scheme);
            }
        }
        schemes
    }

    fn scheme(&mut self, spot: &Spot<'a>) -> Scheme {
        let mut kind = self.text(spot, "type").unwrap_or_default();
        let mut details = BTreeMap::new();
        for key in ["in", "name", "scheme", "bearerFormat", "openIdConnectUrl"] {
            if let Some(text) = self.text(spot, key) {
                let text = if key == "scheme" { text.to_ascii_lowercase() } else { text };
                details.insert(key, text);
            }
        }
        if kind == "basic" {
            "http".clone_into(&mut kind);
            details.insert("scheme", "basic".to_owned());
        }
        let mut flows = BTreeMap::new();
        if let Some(name) = self.text(spot, "flow") {
            let name = match name.as_str() {
                "application" => "clientCredentials",
                "accessCode" => "authorizationCode",
                other => other,
            };
            flows.insert(name.to_owned(), self.flow(spot));
        }
        for (name, entry) in self.entries(spot, "flows") {
            flows.insert(name, self.flow(&entry));
        }
        Scheme { anchor: anchor(spot), kind, details, flows }
    }

    fn flow(&mut self, spot: &Spot<'a>) -> Flow {
        let mut addresses = BTreeMap::new();
        for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
            if let Some(text) = self.text(spot, key) {
                addresses.insert(key, text);
            }
        }
        let scopes = self.map(spot, "scopes").map(|map| map.at.entries().map(|(name, _, _)| name.to_owned()).collect()).unwrap_or_default();
        Flow { addresses, scopes }
    }
}

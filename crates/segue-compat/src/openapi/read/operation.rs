//! Paths, their methods, and what is sent to subscribers.
//!
//! Callbacks may name each other in a circle; they are read two levels deep. Tests: `tests/it/openapi/`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Reader, anchor};
use crate::openapi::library::Spot;
use crate::openapi::model::{Location, Operation, Parameter};
use crate::shape::Literal;
use crate::source::Place;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// How deep callbacks of callbacks are read.
const CALLBACK_DEPTH_MAX: usize = 2;

/// Parts of the names of extensions that say something of behaviour.
const BEHAVIOUR: &[&str] =
    &["rate", "throttl", "quota", "pagina", "idempoten", "timeout", "retry", "sort", "ordering", "cache", "consisten"];

impl<'a> Reader<'a> {
    /// Reads every method of a path.
    pub(super) fn path_item(&mut self, path: &str, item: &Spot<'a>, depth: usize, found: &mut Vec<Operation>) {
        let written = item.clone();
        let Some(item) = self.followed(item.clone()) else { return };
        let item = Spot { object: written.object.clone(), ..item };
        let shared = self.parameters(&item, path);
        let servers = self.servers(&item);
        for method in METHODS {
            let Some(spot) = written.get(method).or_else(|| item.get(method)) else { continue };
            if !spot.at.is_map() {
                self.skip(&spot, "a map");
                continue;
            }
            let mut operation = self.operation(path, method, (&spot, &item), &shared, depth);
            if operation.servers.is_empty() {
                operation.servers.clone_from(&servers);
            }
            found.push(operation);
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        (spot, item): (&Spot<'a>, &Spot<'a>),
        shared: &[Parameter],
        depth: usize,
    ) -> Operation {
        let own = self.parameters(spot, path);
        let mut parameters: Vec<Parameter> = own;
        let names: BTreeSet<(Location, String)> = parameters.iter().map(|own| (own.location, own.name.clone())).collect();
        parameters.extend(shared.iter().filter(|one| !names.contains(&(one.location, one.name.clone()))).cloned());
        parameters.sort_by(|a, b| (a.location, &a.name).cmp(&(b.location, &b.name)));
        let id = self.text(spot, "operationId").map(|id| (id, spot.get("operationId").map_or_else(|| spot.place(), |at| at.place())));
        Operation {
            anchor: anchor(spot),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            id,
            tags: self.words(spot, "tags").into_iter().collect::<BTreeSet<String>>(),
            life: self.life(spot),
            body: self.body(spot, item),
            responses: self.responses(spot),
            callbacks: self.callbacks(spot, depth),
            security: self.requirements(spot).map_or_else(|| Rc::clone(&self.security), Rc::new),
            servers: self.servers(spot),
            behaviour: behaviour(spot),
            parameters,
        }
    }

    fn callbacks(&mut self, spot: &Spot<'a>, depth: usize) -> BTreeMap<String, Vec<Operation>> {
        let mut callbacks = BTreeMap::new();
        for (name, callback) in self.entries(spot, "callbacks") {
            let Some(callback) = self.followed(callback) else { continue };
            if depth >= CALLBACK_DEPTH_MAX {
                self.skip(&callback, "no further level of callbacks");
                continue;
            }
            let mut found = Vec::new();
            for (expression, _, at) in callback.at.entries() {
                let item = callback.step(expression, at);
                if item.at.is_map() {
                    self.path_item(&format!("callback {name} {expression}"), &item, depth + 1, &mut found);
                }
            }
            callbacks.insert(name, found);
        }
        callbacks
    }

    fn parameters(&mut self, spot: &Spot<'a>, path: &str) -> Vec<Parameter> {
        let mut found: Vec<Parameter> = Vec::new();
        let names = templates(path);
        for item in self.list(spot, "parameters") {
            if !item.at.is_map() {
                self.skip(&item, "a map");
                continue;
            }
            let Some(item) = self.followed(item) else { continue };
            let Some(mut parameter) = self.parameter(&item) else { continue };
            if parameter.location == Location::Path {
                parameter.index = names.iter().position(|name| *name == parameter.name);
            }
            found.push(parameter);
        }
        found.shrink_to_fit();
        found
    }
}

/// The names between braces.
pub(in crate::openapi) fn templates(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

fn behaviour(spot: &Spot<'_>) -> BTreeMap<String, (Literal, Place)> {
    let of_behaviour = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.starts_with("x-") && BEHAVIOUR.iter().any(|part| name.contains(part))
    };
    let entries = spot.at.entries().filter(|(name, _, _)| of_behaviour(name));
    entries.map(|(name, _, at)| (name.to_owned(), (Literal::of(at), Place { file: spot.file, span: at.span() }))).collect()
}

//! Which root fields reach a type, and whether clients give or get its values.
//!
//! A graph of types and root fields; the root fields behind a type are counted on demand, once for each strongly connected
//! part, within a budget. Types that nothing reaches cannot be noticed. Must never recurse. Tests: below.

use std::collections::{BTreeMap, BTreeSet};

use segue_model::check;

use super::schema::{Schema, TypeKind, used};

/// How many edges are walked at most for the counts of one side.
const BUDGET: usize = 60_000_000;

/// Where values of a type go, as far as an operation reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// Servers give them.
    pub(super) output: bool,
    /// Clients give them.
    pub(super) input: bool,
}

/// The graph of one side.
#[derive(Debug)]
pub(super) struct Reach<'a> {
    numbers: BTreeMap<&'a str, usize>,
    names: Vec<&'a str>,
    positions: Vec<Position>,
    reached: Vec<bool>,
    /// Whatever leads to a node.
    back: Vec<Vec<u32>>,
    /// For an interface: who implements it.
    implementors: BTreeMap<&'a str, Vec<usize>>,
    /// For an object: the unions and interfaces that have it.
    abstracts: BTreeMap<&'a str, Vec<&'a str>>,
    schema: &'a Schema<'a>,
    /// The names of root fields, numbered behind the types.
    roots: Vec<String>,
    first_root: usize,
    /// There is no root type: everything counts as reached, and nothing is counted.
    partial: bool,
    spent: usize,
    known: BTreeMap<usize, Option<check::Reach>>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(schema: &'a Schema<'a>) -> Self {
        let numbers: BTreeMap<&str, usize> = schema.types.keys().enumerate().map(|(at, name)| (*name, at)).collect();
        let names: Vec<&str> = schema.types.keys().copied().collect();
        let mut reach = Self {
            names,
            positions: vec![Position::default(); numbers.len()],
            reached: vec![false; numbers.len()],
            back: vec![Vec::new(); numbers.len()],
            implementors: BTreeMap::new(),
            abstracts: BTreeMap::new(),
            schema,
            roots: Vec::new(),
            first_root: numbers.len(),
            partial: schema.roots.first().copied().flatten().is_none_or(|(name, _)| !schema.types.contains_key(name)),
            spent: 0,
            known: BTreeMap::new(),
            numbers,
        };
        reach.edges(schema);
        reach.forward(schema);
        reach
    }

    /// Adds the edges `from` → names.
    fn edge(&mut self, from: usize, names: impl Iterator<Item = &'a str>) {
        for name in names {
            if let Some(to) = self.numbers.get(name)
                && let Some(back) = self.back.get_mut(*to)
                && back.last() != Some(&(from as u32))
            {
                back.push(from as u32);
            }
        }
    }

    fn edges(&mut self, schema: &'a Schema<'a>) {
        for (at, def) in schema.types.values().enumerate() {
            for named in &def.interfaces {
                self.implementors.entry(named.name).or_default().push(at);
                self.abstracts.entry(def.name).or_default().push(named.name);
                if let Some(interface) = self.numbers.get(named.name).copied() {
                    self.edge(interface, std::iter::once(def.name));
                }
            }
            for member in &def.members {
                self.abstracts.entry(member.name).or_default().push(def.name);
            }
            self.edge(at, def.members.iter().map(|one| one.name));
            self.edge(at, def.inputs.iter().map(|one| one.takes.name));
            for field in &def.fields {
                self.edge(at, std::iter::once(field.gives.name).chain(field.arguments.iter().map(|one| one.takes.name)));
            }
        }
        for (_, root) in schema.root_types() {
            let Some(def) = schema.types.get(root) else { continue };
            for field in &def.fields {
                let from = self.root(format!("{root}.{}", field.name));
                self.edge(from, std::iter::once(field.gives.name).chain(field.arguments.iter().map(|one| one.takes.name)));
            }
        }
        for directive in schema.directives.values().filter(|directive| directive.is_executable()) {
            let from = self.root(format!("@{}", directive.name));
            self.edge(from, directive.arguments.iter().map(|one| one.takes.name));
        }
        for def in schema.types.values().filter(|def| used(&def.uses, "key").is_some()) {
            let from = self.root(format!("Query._entities({})", def.name));
            self.edge(from, std::iter::once(def.name));
        }
    }

    fn root(&mut self, name: String) -> usize {
        self.roots.push(name);
        self.back.push(Vec::new());
        self.back.len() - 1
    }

    /// Marks what operations reach, and in which positions.
    fn forward(&mut self, schema: &'a Schema<'a>) {
        let mut open: Vec<&'a str> = Vec::new();
        let roots: BTreeSet<&str> = schema.root_types().map(|(_, name)| name).collect();
        for def in schema.types.values() {
            if self.partial || roots.contains(def.name) || used(&def.uses, "key").is_some() {
                self.mark(def.name, false, false, &mut open);
            }
        }
        for directive in schema.directives.values().filter(|directive| directive.is_executable()) {
            for argument in &directive.arguments {
                self.mark(argument.takes.name, false, true, &mut open);
            }
        }
        while let Some(name) = open.pop() {
            let Some(def) = schema.types.get(name) else { continue };
            for field in &def.fields {
                self.mark(field.gives.name, true, false, &mut open);
                for argument in &field.arguments {
                    self.mark(argument.takes.name, false, true, &mut open);
                }
            }
            for input in &def.inputs {
                self.mark(input.takes.name, false, true, &mut open);
            }
            for member in &def.members {
                self.mark(member.name, true, false, &mut open);
            }
            for interface in &def.interfaces {
                // A fragment may name it, though nothing gives it.
                self.mark(interface.name, true, false, &mut open);
            }
            if def.kind == TypeKind::Interface {
                let objects: Vec<&str> =
                    self.implementors.get(name).into_iter().flatten().filter_map(|at| self.names.get(*at).copied()).collect();
                for object in objects {
                    self.mark(object, true, false, &mut open);
                }
            }
        }
    }

    fn mark(&mut self, name: &'a str, output: bool, input: bool, open: &mut Vec<&'a str>) {
        let Some(at) = self.numbers.get(name).copied() else { return };
        if let Some(position) = self.positions.get_mut(at) {
            position.output |= output;
            position.input |= input;
        }
        if let Some(reached) = self.reached.get_mut(at)
            && !*reached
        {
            *reached = true;
            open.push(name);
        }
    }

    /// An operation can reach the type.
    pub(super) fn is_reached(&self, name: &str) -> bool {
        self.partial || self.numbers.get(name).is_none_or(|at| self.reached.get(*at).copied().unwrap_or(true))
    }

    /// The unions and interfaces that have an object.
    pub(super) fn parents(&self, object: &str) -> Vec<&'a str> {
        self.abstracts.get(object).cloned().unwrap_or_default()
    }

    /// The objects that a union or interface may be, at most so many.
    pub(super) fn objects(&self, name: &str, most: usize) -> Vec<&'a str> {
        let Some(def) = self.schema.types.get(name) else { return Vec::new() };
        if def.kind == TypeKind::Union {
            return def.members.iter().take(most).map(|one| one.name).collect();
        }
        let all = self.implementors.get(name).into_iter().flatten().filter_map(|at| self.names.get(*at).copied());
        all.filter(|name| self.schema.types.get(name).is_some_and(|def| def.kind == TypeKind::Object)).take(most).collect()
    }

    /// The fields of a root type, which are operations themselves.
    pub(super) fn of_root(&self, root: &str) -> Option<check::Reach> {
        let mut names: Vec<&String> = self.roots.iter().filter(|name| name.split('.').next() == Some(root)).collect();
        names.sort_unstable();
        (!names.is_empty()).then(|| check::Reach { count: names.len(), examples: names.into_iter().take(3).cloned().collect() })
    }

    /// Where its values go.
    pub(super) fn position(&self, name: &str) -> Position {
        self.numbers.get(name).and_then(|at| self.positions.get(*at)).copied().unwrap_or_default()
    }

    /// The root fields from which the type is reached; `None` when there are none, or too many to count.
    pub(super) fn of(&mut self, name: &str) -> Option<check::Reach> {
        let at = self.numbers.get(name).copied()?;
        if self.partial {
            return None;
        }
        if let Some(known) = self.known.get(&at) {
            return known.clone();
        }
        let mut start = vec![at as u32];
        start.extend(self.implementors.get(name).into_iter().flatten().map(|at| *at as u32));
        let found = self.walk(start);
        self.known.insert(at, found.clone());
        found
    }

    fn walk(&mut self, mut open: Vec<u32>) -> Option<check::Reach> {
        let mut seen = vec![false; self.back.len()];
        let mut roots = Vec::new();
        for at in &open {
            if let Some(seen) = seen.get_mut(*at as usize) {
                *seen = true;
            }
        }
        self.spent += self.back.len() / 16;
        while let Some(at) = open.pop() {
            if self.spent > BUDGET {
                return None;
            }
            let at = at as usize;
            if at >= self.first_root {
                roots.push(at - self.first_root);
                continue;
            }
            let back = self.back.get(at).map_or(&[][..], |back| back);
            self.spent += back.len() + 1;
            for from in back {
                if let Some(seen) = seen.get_mut(*from as usize)
                    && !*seen
                {
                    *seen = true;
                    open.push(*from);
                }
            }
        }
        let mut examples: Vec<&String> = roots.iter().filter_map(|at| self.roots.get(*at)).collect();
        examples.sort_unstable();
        (!roots.is_empty()).then(|| check::Reach { count: roots.len(), examples: examples.into_iter().take(3).cloned().collect() })
    }

    /// Counting was given up.
    pub(super) fn gave_up(&self) -> bool {
        self.spent > BUDGET
    }
}

//! Which type of the new side is which of the old: by name, by a package that changed its name, by what is inside.
//!
//! A type that went, beside one that came with nearly the same fields, is proposed as renamed, with what speaks for it;
//! never silently a removal and an addition. Tests: `tests/it/proto/`, cases `*-renamed`.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{EnumId, Field, MessageId, Model, Type, TypeId};

/// Types without a partner beyond which no renames are looked for.
const CANDIDATES_MAX: usize = 400;

/// Partners.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) files: Vec<(usize, usize)>,
    pub(crate) messages: BTreeMap<MessageId, MessageId>,
    pub(crate) enums: BTreeMap<EnumId, EnumId>,
    pub(crate) services: BTreeMap<usize, usize>,
    /// Old and new name of what is proposed as renamed, with the share of what is the same, in percent.
    pub(crate) renamed: BTreeMap<String, (String, u32)>,
    /// Old package and new, of files that are the same.
    pub(crate) packages: BTreeMap<String, String>,
}

impl Pairs {
    pub(crate) fn of(old: &Model, new: &Model) -> Self {
        let mut pairs = Self::default();
        pairs.pair_files(old, new);
        pairs.by_name(old, new);
        pairs.messages_by_inside(old, new);
        pairs.enums_by_inside(old, new);
        pairs.pair_services(old, new);
        pairs
    }

    fn pair_files(&mut self, old: &Model, new: &Model) {
        let by_key: BTreeMap<&str, usize> = new.files.iter().enumerate().map(|(at, file)| (file.key.as_str(), at)).collect();
        let mut taken = BTreeSet::new();
        for (at, file) in old.files.iter().enumerate() {
            if let Some(partner) = by_key.get(file.key.as_str()).filter(|partner| taken.insert(**partner)) {
                self.files.push((at, *partner));
            }
        }
        // The files that a person named are partners whatever their names are.
        let first_is_free = self.files.iter().all(|(at, partner)| *at != 0 && *partner != 0);
        if first_is_free && !old.files.is_empty() && !new.files.is_empty() {
            self.files.insert(0, (0, 0));
        }
        for (at, partner) in &self.files {
            let (from, to) = (&old.files[*at].package.text, &new.files[*partner].package.text);
            if from != to {
                self.packages.entry(from.to_string()).or_insert_with(|| to.to_string());
            }
        }
    }

    /// The name that a type of the old side has on the new side.
    fn expected(&self, old: &Model, id: TypeId, full: &str, new: &Model) -> Option<TypeId> {
        let same_kind =
            |found: &TypeId| matches!((found, id), (TypeId::Message(_), TypeId::Message(_)) | (TypeId::Enum(_), TypeId::Enum(_)));
        if let Some(found) = new.types.get(full).copied().filter(same_kind) {
            return Some(found);
        }
        let (around, short) = full.rsplit_once('.').unwrap_or(("", full));
        let parent = match old.types.get(around) {
            Some(TypeId::Message(parent)) => self.messages.get(parent).map(|new_parent| new.message(*new_parent).name.to_string()),
            _ => self.packages.get(around).cloned(),
        }?;
        let name = if parent.is_empty() { short.to_owned() } else { format!("{parent}.{short}") };
        new.types.get(name.as_str()).copied().filter(same_kind)
    }

    fn by_name(&mut self, old: &Model, new: &Model) {
        // Messages stand before what is nested in them.
        for (id, message) in (0_u32..).zip(&old.messages) {
            if let Some(TypeId::Message(partner)) = self.expected(old, TypeId::Message(id), &message.name, new) {
                self.messages.insert(id, partner);
            }
        }
        for (id, enumeration) in (0_u32..).zip(&old.enums) {
            if let Some(TypeId::Enum(partner)) = self.expected(old, TypeId::Enum(id), &enumeration.name, new) {
                self.enums.insert(id, partner);
            }
        }
    }

    fn messages_by_inside(&mut self, old: &Model, new: &Model) {
        let taken: BTreeSet<MessageId> = self.messages.values().copied().collect();
        let gone: Vec<MessageId> = (0..old.messages.len() as u32).filter(|id| !self.messages.contains_key(id)).collect();
        let came: Vec<MessageId> = (0..new.messages.len() as u32).filter(|id| !taken.contains(id)).collect();
        let inside = |model: &Model, id: MessageId| {
            let message = model.message(id);
            marks(message.fields.iter().map(|field| format!("{}={}:{}", field.name, field.number, short(&field.shown(model)))))
        };
        let found = best(&gone, &came, |id| inside(old, id), |id| inside(new, id));
        for (gone, came, percent) in found {
            self.messages.insert(gone, came);
            self.renamed.insert(old.message(gone).name.to_string(), (new.message(came).name.to_string(), percent));
        }
        // What is nested in a renamed message goes with it.
        let mut taken: BTreeSet<MessageId> = self.messages.values().copied().collect();
        for (id, message) in (0_u32..).zip(&old.messages) {
            if !self.messages.contains_key(&id)
                && let Some(TypeId::Message(partner)) = self.expected(old, TypeId::Message(id), &message.name, new)
                && taken.insert(partner)
            {
                self.messages.insert(id, partner);
            }
        }
    }

    fn enums_by_inside(&mut self, old: &Model, new: &Model) {
        for (id, enumeration) in (0_u32..).zip(&old.enums) {
            if !self.enums.contains_key(&id)
                && let Some(TypeId::Enum(partner)) = self.expected(old, TypeId::Enum(id), &enumeration.name, new)
            {
                self.enums.insert(id, partner);
            }
        }
        let taken: BTreeSet<EnumId> = self.enums.values().copied().collect();
        let gone: Vec<EnumId> = (0..old.enums.len() as u32).filter(|id| !self.enums.contains_key(id)).collect();
        let came: Vec<EnumId> = (0..new.enums.len() as u32).filter(|id| !taken.contains(id)).collect();
        let inside =
            |model: &Model, id: EnumId| marks(model.enumeration(id).values.iter().map(|value| format!("{}={}", value.name, value.number)));
        for (gone, came, percent) in best(&gone, &came, |id| inside(old, id), |id| inside(new, id)) {
            self.enums.insert(gone, came);
            self.renamed.insert(old.enumeration(gone).name.to_string(), (new.enumeration(came).name.to_string(), percent));
        }
    }

    fn pair_services(&mut self, old: &Model, new: &Model) {
        let by_name: BTreeMap<&str, usize> = new.services.iter().enumerate().map(|(at, service)| (&*service.name, at)).collect();
        for (at, service) in old.services.iter().enumerate() {
            let (package, short) = service.name.rsplit_once('.').unwrap_or(("", &service.name));
            let moved = self.packages.get(package).map(|to| if to.is_empty() { short.to_owned() } else { format!("{to}.{short}") });
            let found = by_name.get(&*service.name).or_else(|| by_name.get(moved.as_deref()?));
            if let Some(partner) = found {
                self.services.insert(at, *partner);
            }
        }
        let taken: BTreeSet<usize> = self.services.values().copied().collect();
        let gone: Vec<u32> = (0..old.services.len()).filter(|at| !self.services.contains_key(at)).map(|at| at as u32).collect();
        let came: Vec<u32> = (0..new.services.len()).filter(|at| !taken.contains(at)).map(|at| at as u32).collect();
        let inside = |model: &Model, at: u32| marks(model.services[at as usize].methods.iter().map(|method| method.name.to_string()));
        for (gone, came, percent) in best(&gone, &came, |at| inside(old, at), |at| inside(new, at)) {
            self.services.insert(gone as usize, came as usize);
            self.renamed.insert(old.services[gone as usize].name.to_string(), (new.services[came as usize].name.to_string(), percent));
        }
    }

    /// The same type, under whatever name.
    pub(crate) fn same_type(&self, old: (&Model, &Type), new: (&Model, &Type)) -> bool {
        match (old.1, new.1) {
            (Type::Message(one), Type::Message(other)) => self.messages.get(one) == Some(other),
            (Type::Enum(one), Type::Enum(other)) => self.enums.get(one) == Some(other),
            (Type::Map(key, value), Type::Map(new_key, new_value)) => key == new_key && self.same_type((old.0, value), (new.0, new_value)),
            (Type::Elsewhere(name), other) => **name == *new.0.shown(other),
            (other, Type::Elsewhere(name)) => **name == *old.0.shown(other),
            (one, other) => one == other,
        }
    }
}

fn short(shown: &str) -> &str {
    shown.rsplit(['.', ' ']).next().unwrap_or(shown)
}

/// What is inside, as sorted numbers (FNV-1a of each text), so that many candidates are compared quickly.
fn marks(of: impl Iterator<Item = String>) -> Vec<u64> {
    let hash =
        |text: String| text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut marks: Vec<u64> = of.take(2_000).map(hash).collect();
    marks.sort_unstable();
    marks
}

fn shared(one: &[u64], other: &[u64]) -> usize {
    let (mut at, mut count) = (0, 0);
    for mark in one {
        while other.get(at).is_some_and(|other| other < mark) {
            at += 1;
        }
        if other.get(at) == Some(mark) {
            count += 1;
            at += 1;
        }
    }
    count
}

/// The pairs that have most in common: at least seven tenths, and more than any other candidate.
fn best(gone: &[u32], came: &[u32], old: impl Fn(u32) -> Vec<u64>, new: impl Fn(u32) -> Vec<u64>) -> Vec<(u32, u32, u32)> {
    if gone.is_empty() || came.is_empty() || gone.len() > CANDIDATES_MAX || came.len() > CANDIDATES_MAX {
        return Vec::new();
    }
    let came: Vec<(u32, Vec<u64>)> = came.iter().map(|id| (*id, new(*id))).collect();
    let mut scored = Vec::new();
    for id in gone {
        let inside = old(*id);
        for (other, other_inside) in &came {
            let sum = inside.len() + other_inside.len();
            // At most twice the smaller can be shared.
            if inside.is_empty() || 200 * inside.len().min(other_inside.len()) < 70 * sum {
                continue;
            }
            let percent = (200 * shared(&inside, other_inside) / sum) as u32;
            if percent >= 70 {
                scored.push((percent, *id, *other));
            }
        }
    }
    scored.sort_by_key(|(percent, id, other)| (std::cmp::Reverse(*percent), *id, *other));
    // Where everything is like everything else, nothing is a rename.
    if scored.len() > 4 * CANDIDATES_MAX {
        return Vec::new();
    }
    let (mut used_old, mut used_new, mut found) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (at, (percent, id, other)) in scored.iter().enumerate() {
        if used_old.contains(id) || used_new.contains(other) {
            continue;
        }
        let rivals = scored.iter().enumerate().filter(|(rival, (score, a, b))| {
            *rival != at && score == percent && (a == id && !used_new.contains(b) || b == other && !used_old.contains(a))
        });
        if rivals.count() == 0 {
            found.push((*id, *other, *percent));
        }
        used_old.insert(*id);
        used_new.insert(*other);
    }
    found
}

/// Two fields of one message that a reader could take for each other.
pub(crate) fn alike(old: &Field, new: &Field) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace('_', "");
    let (one, other) = (plain(&old.name), plain(&new.name));
    one == other || (one.len() > 2 && other.contains(&one)) || (other.len() > 2 && one.contains(&other))
}

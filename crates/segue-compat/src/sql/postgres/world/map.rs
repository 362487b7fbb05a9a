//! A map of which a copy costs nothing: what a copy changes stands beside what it shares.
//!
//! The actions of one statement are tried on copies of a world that may have thousands of tables. A map that nobody shares
//! is changed in place; a shared one never is. Tests: below, and `tests/it/sql/script_hostile.rs`.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An ordered map.
#[derive(Debug, Clone)]
pub(crate) struct Map<K, V> {
    shared: Arc<BTreeMap<K, V>>,
    /// What changed while the rest was shared; `None`: it is gone.
    own: BTreeMap<K, Option<V>>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { shared: Arc::default(), own: BTreeMap::new() }
    }
}

impl<K, V> From<BTreeMap<K, V>> for Map<K, V> {
    fn from(map: BTreeMap<K, V>) -> Self {
        Self { shared: Arc::new(map), own: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, V: Clone> Map<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self.own.get(key) {
            Some(own) => own.as_ref(),
            None => self.shared.get(key),
        }
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if self.is_alone() {
            return self.whole().get_mut(key);
        }
        if !self.own.contains_key(key) {
            let copy = self.shared.get(key)?.clone();
            self.own.insert(key.clone(), Some(copy));
        }
        self.own.get_mut(key)?.as_mut()
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.is_alone() {
            self.whole().insert(key, value);
        } else {
            self.own.insert(key, Some(value));
        }
    }

    /// Takes it away; what it was.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        if self.is_alone() {
            return self.whole().remove(key);
        }
        let was = self.get(key).cloned()?;
        self.own.insert(key.clone(), None);
        Some(was)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        if self.is_alone() {
            self.whole().retain(|key, value| keep(key, value));
            return;
        }
        let gone: Vec<K> = self.iter().filter(|(key, value)| !keep(key, value)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.own.insert(key, None);
        }
    }

    /// In the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let kept = self.shared.iter().filter(|(key, _)| !self.own.contains_key(*key));
        let own = self.own.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
        let mut all: Vec<(&K, &V)> = kept.chain(own).collect();
        if !self.own.is_empty() {
            all.sort_by_key(|(key, _)| *key);
        }
        all.into_iter()
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Each of them, to be changed: a shared map is copied whole for it.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.whole().values_mut()
    }

    /// How many there are, where nobody shares it; at most one too many for each change of a copy.
    pub(crate) fn len(&self) -> usize {
        self.shared.len() + self.own.len()
    }

    pub(crate) fn into_map(mut self) -> BTreeMap<K, V> {
        self.whole();
        Arc::unwrap_or_clone(self.shared)
    }

    fn is_alone(&mut self) -> bool {
        Arc::get_mut(&mut self.shared).is_some()
    }

    /// The map with everything in it.
    fn whole(&mut self) -> &mut BTreeMap<K, V> {
        let shared = Arc::make_mut(&mut self.shared);
        for (key, value) in std::mem::take(&mut self.own) {
            match value {
                Some(value) => drop(shared.insert(key, value)),
                None => drop(shared.remove(&key)),
            }
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(map: &Map<i32, String>) -> Vec<(i32, String)> {
        map.iter().map(|(key, value)| (*key, value.clone())).collect()
    }

    /// The same deeds on a map of the standard library, on a map alone and on one that is shared.
    #[test]
    fn a_copy_changes_and_what_it_shares_does_not() {
        let start: BTreeMap<i32, String> = (0..6).map(|n| (n, n.to_string())).collect();
        let first = Map::from(start.clone());
        let mut copy = first.clone();
        let mut alone = Map::from(start.clone());
        let mut plain = start.clone();
        plain.insert(9, "nine".to_owned());
        plain.remove(&2);
        plain.get_mut(&3).expect("there").push('!');
        plain.retain(|key, _| *key != 5);
        plain.insert(2, "again".to_owned());
        for map in [&mut copy, &mut alone] {
            map.insert(9, "nine".to_owned());
            assert_eq!(map.remove(&2), Some("2".to_owned()));
            assert_eq!((map.remove(&2), map.get_mut(&2).is_some(), map.contains_key(&2)), (None, false, false));
            map.get_mut(&3).expect("there").push('!');
            map.retain(|key, _| *key != 5);
            map.insert(2, "again".to_owned());
        }
        let wanted: Vec<(i32, String)> = plain.clone().into_iter().collect();
        assert_eq!((all(&copy), all(&alone)), (wanted.clone(), wanted));
        assert_eq!(all(&first), start.into_iter().collect::<Vec<_>>());
        // What a copy changed is in it when it is alone again.
        drop(first);
        copy.values_mut().for_each(|value| value.push('?'));
        let shown: Vec<String> = plain.values().map(|value| format!("{value}?")).collect();
        assert_eq!(copy.into_map().into_values().collect::<Vec<_>>(), shown);
    }
}

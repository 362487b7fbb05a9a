//! Who uses a message or an enum: which methods, and whether as request, as response or only as data.
//!
//! Roles are found once for all; the users of one message are looked for only when it has a finding, by walking back, and
//! remembered. Walks are bounded. Tests: `tests/it/proto/`, cases `role-*`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use segue_model::check::Reach;

use super::model::{MessageId, Model, Type};
use crate::policy::Role;

/// Messages that one walk looks at.
const WALK_MAX: usize = 5_000;
/// Steps of all walks of one side.
const STEPS_MAX: usize = 400_000;

/// The users of one side's types.
pub(super) struct Users {
    request: Vec<bool>,
    response: Vec<bool>,
    /// Who holds a message in a field.
    held_by: Vec<Vec<MessageId>>,
    enum_held_by: Vec<Vec<MessageId>>,
    methods: BTreeMap<MessageId, Vec<String>>,
    walked: RefCell<BTreeMap<MessageId, BTreeSet<String>>>,
    /// Steps that all walks together may still take; behind that nobody is named.
    steps: Cell<usize>,
}

impl Users {
    pub(super) fn of(model: &Model) -> Self {
        let mut users = Self {
            request: vec![false; model.messages.len()],
            response: vec![false; model.messages.len()],
            held_by: vec![Vec::new(); model.messages.len()],
            enum_held_by: vec![Vec::new(); model.enums.len()],
            methods: BTreeMap::new(),
            walked: RefCell::default(),
            steps: Cell::new(STEPS_MAX),
        };
        let mut holds: Vec<Vec<MessageId>> = vec![Vec::new(); model.messages.len()];
        let extended = model.extensions.iter().filter_map(|extension| match model.types.get(&extension.extendee) {
            Some(super::model::TypeId::Message(id)) => Some((*id, &extension.field)),
            _ => None,
        });
        let fields = (0_u32..).zip(&model.messages).flat_map(|(id, message)| message.fields.iter().map(move |field| (id, field)));
        for (id, field) in fields.chain(extended) {
            let kind = if let Type::Map(_, value) = &field.kind { value } else { &field.kind };
            match kind {
                Type::Message(held) => {
                    holds[id as usize].push(*held);
                    users.held_by[*held as usize].push(id);
                }
                Type::Enum(held) => users.enum_held_by[*held as usize].push(id),
                _ => {}
            }
        }
        for service in &model.services {
            for method in &service.methods {
                let name = format!("{}/{}", service.name, method.name);
                for (end, seen) in [(&method.input, &mut users.request), (&method.output, &mut users.response)] {
                    let Type::Message(id) = end else { continue };
                    users.methods.entry(*id).or_default().push(name.clone());
                    flood(*id, &holds, seen);
                }
            }
        }
        users
    }

    /// The roles of a message on this side; none where no method has to do with it.
    pub(super) fn roles(&self, id: MessageId) -> BTreeSet<Role> {
        let mut roles = BTreeSet::new();
        if self.request.get(id as usize) == Some(&true) {
            roles.insert(Role::Request);
        }
        if self.response.get(id as usize) == Some(&true) {
            roles.insert(Role::Response);
        }
        roles
    }

    /// No field holds the message and no method takes or gives it.
    pub(super) fn is_root(&self, id: MessageId) -> bool {
        self.held_by.get(id as usize).is_none_or(Vec::is_empty) && !self.methods.contains_key(&id)
    }

    /// The messages that hold an enum.
    pub(super) fn holders(&self, id: u32) -> &[MessageId] {
        self.enum_held_by.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// The methods that have to do with a message.
    pub(super) fn methods(&self, id: MessageId) -> BTreeSet<String> {
        if let Some(known) = self.walked.borrow().get(&id) {
            return known.clone();
        }
        let (mut seen, mut stack, mut found) = (BTreeSet::from([id]), vec![id], BTreeSet::new());
        while let (Some(at), Some(left)) = (stack.pop(), self.steps.get().checked_sub(1)) {
            self.steps.set(left);
            found.extend(self.methods.get(&at).into_iter().flatten().cloned());
            for holder in self.held_by.get(at as usize).into_iter().flatten() {
                if seen.len() < WALK_MAX && seen.insert(*holder) {
                    stack.push(*holder);
                }
            }
        }
        self.walked.borrow_mut().insert(id, found.clone());
        found
    }
}

fn flood(id: MessageId, holds: &[Vec<MessageId>], seen: &mut [bool]) {
    let mut stack = vec![id];
    while let Some(at) = stack.pop() {
        if !std::mem::replace(&mut seen[at as usize], true) {
            stack.extend(&holds[at as usize]);
        }
    }
}

/// As the report tells it.
pub(super) fn shown(users: &BTreeSet<String>) -> Option<Reach> {
    (!users.is_empty()).then(|| Reach { count: users.len(), examples: users.iter().take(3).cloned().collect() })
}

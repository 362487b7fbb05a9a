//! Calls: which ones a signature takes, and the call that one side takes and the other refuses.
//!
//! This is the proof of every parameter rule: a call is bound as Python's data model says (positions, then names, then what is
//! left), and a rule claims a break only with a call that shows it. For TypeScript all parameters are positions. Tests: below,
//! and each case's witness was called on a real interpreter.

use super::model::{Binding, Callable, Language, Passing, Signature};
use super::model::{last, owner};
use super::typing::Type;

/// A call: how many positions, and which names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) positions: usize,
    pub(crate) names: Vec<String>,
}

/// A call with more arguments is not made.
pub(crate) const ARGUMENTS_MAX: usize = 256;

impl Signature {
    /// Where each argument lands: the index of the parameter, positions first; `None` when the call is refused.
    pub(crate) fn bind(&self, call: &Call) -> Option<Vec<usize>> {
        let mut landed = Vec::new();
        let mut taken = vec![false; self.parameters.len()];
        let positional: Vec<usize> = self.indexes(Passing::by_position);
        let rest = self.index_of(Passing::Rest);
        for at in 0..call.positions {
            let index = positional.get(at).copied().or(rest)?;
            taken[index] = true;
            landed.push(index);
        }
        for name in &call.names {
            let named = self.parameters.iter().position(|parameter| parameter.passing.by_name() && parameter.name == *name);
            let index = match named {
                Some(index) if taken[index] => return None,
                Some(index) => index,
                None => self.index_of(Passing::Keywords)?,
            };
            taken[index] = true;
            landed.push(index);
        }
        let missing = self.parameters.iter().zip(&taken).any(|(parameter, taken)| parameter.is_required() && !taken);
        (!missing).then_some(landed)
    }

    fn indexes(&self, which: impl Fn(Passing) -> bool) -> Vec<usize> {
        self.parameters.iter().enumerate().filter(|(_, parameter)| which(parameter.passing)).map(|(at, _)| at).collect()
    }

    pub(crate) fn index_of(&self, passing: Passing) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.passing == passing)
    }

    /// The shortest calls: by positions where that goes, and by names where that goes.
    pub(crate) fn shortest(&self) -> Vec<Call> {
        self.calls(&[])
    }

    /// The shortest calls that give this parameter, by position and by name.
    pub(crate) fn giving(&self, index: usize) -> Vec<Call> {
        let Some(parameter) = self.parameters.get(index) else { return Vec::new() };
        match parameter.passing {
            Passing::Rest => {
                let mut calls = self.calls(&[]);
                let positions = self.indexes(Passing::by_position);
                calls.retain(|call| call.names.iter().all(|name| !positions.iter().any(|at| self.parameters[*at].name == *name)));
                for call in &mut calls {
                    call.positions = positions.len() + 1;
                }
                calls
            }
            Passing::Keywords => {
                let mut calls = self.calls(&[]);
                for call in &mut calls {
                    call.names.push(self.free_name());
                }
                calls
            }
            _ => self.calls(&[index]),
        }
    }

    /// A name that no parameter has.
    fn free_name(&self) -> String {
        (0..=self.parameters.len())
            .map(|at| if at == 0 { "extra".to_owned() } else { format!("extra_{at}") })
            .find(|name| self.parameters.iter().all(|p| p.name != *name))
            .unwrap_or_default()
    }

    fn calls(&self, given: &[usize]) -> Vec<Call> {
        let wanted = |at: usize| self.parameters[at].is_required() || given.contains(&at);
        let mut calls = Vec::new();
        for by_name in [false, true] {
            let positional = self.indexes(Passing::by_position);
            let count = if by_name {
                // Only what has no name goes by position.
                positional.iter().rposition(|at| wanted(*at) && !self.parameters[*at].passing.by_name()).map_or(0, |at| at + 1)
            } else {
                positional.iter().rposition(|at| wanted(*at)).map_or(0, |at| at + 1)
            };
            let by_position = &positional[..count];
            let names = (0..self.parameters.len())
                .filter(|at| wanted(*at) && !by_position.contains(at) && self.parameters[*at].passing.by_name())
                .map(|at| self.parameters[at].name.clone())
                .collect();
            let call = Call { positions: count, names };
            if call.positions + call.names.len() <= ARGUMENTS_MAX && !calls.contains(&call) {
                calls.push(call);
            }
        }
        calls
    }

    /// The first of the calls that this signature takes and the other refuses.
    pub(crate) fn refused_by(&self, calls: Vec<Call>, other: &Signature) -> Option<Call> {
        calls.into_iter().find(|call| self.bind(call).is_some() && other.bind(call).is_none())
    }
}

impl super::model::Parameter {
    pub(crate) fn is_required(&self) -> bool {
        !self.optional && self.default.is_none() && !self.passing.collects()
    }
}

/// The call as a person writes it, with values that fit the signature that takes it.
pub(crate) fn shown(path: &str, callable: &Callable, signature: &Signature, call: &Call, language: Language) -> String {
    let python = language == Language::Python;
    let value = |index: Option<usize>, at: usize| {
        let parameter = index.and_then(|index| signature.parameters.get(index));
        let written = parameter.and_then(|p| match (&p.annotation, p.passing) {
            // A rest parameter of TypeScript is written as the list of what is given.
            (Some(Type::Named(name, inner)), Passing::Rest) if name == "array" => inner.first(),
            (written, _) => written.as_ref(),
        });
        written.and_then(|one| one.sample(python)).filter(|text| text != "1").unwrap_or_else(|| (at + 1).to_string())
    };
    let landed = signature.bind(call).unwrap_or_default();
    let mut arguments: Vec<String> = (0..call.positions).map(|at| value(landed.get(at).copied(), at)).collect();
    for (at, name) in call.names.iter().enumerate() {
        let at = call.positions + at;
        arguments.push(format!("{name}={}", value(landed.get(at).copied(), at)));
    }
    let name = match callable.binding {
        Binding::Constructor => {
            let class = owner(path).unwrap_or(path);
            if python { class.to_owned() } else { format!("new {class}") }
        }
        Binding::Instance => {
            let class = owner(path).unwrap_or(path);
            format!("{}.{}", last(class).to_lowercase(), last(path))
        }
        _ => path.to_owned(),
    };
    let prefix = if signature.is_async { "await " } else { "" };
    format!("{prefix}{name}({})", arguments.join(", "))
}

/// The signature as a person writes it.
pub(crate) fn written(path: &str, signature: &Signature) -> String {
    let mut text = String::new();
    if signature.is_async {
        text.push_str("async ");
    }
    text.push_str(path);
    text.push('(');
    let mut before = None;
    let mut parts: Vec<String> = Vec::new();
    let has_positional = signature.parameters.iter().any(|p| p.passing == Passing::Either || p.passing.by_name());
    for parameter in &signature.parameters {
        if before == Some(Passing::Positional) && parameter.passing != Passing::Positional && has_positional {
            parts.push("/".to_owned());
        }
        if parameter.passing == Passing::Keyword && !matches!(before, Some(Passing::Keyword | Passing::Rest)) {
            parts.push("*".to_owned());
        }
        before = Some(parameter.passing);
        let star = match parameter.passing {
            Passing::Rest => "*",
            Passing::Keywords => "**",
            _ => "",
        };
        let mark = if parameter.optional && parameter.default.is_none() { "?" } else { "" };
        let annotation = parameter.annotation.as_ref().map(|one| format!(": {}", one.shown())).unwrap_or_default();
        let default = if parameter.default.is_some() { " = …" } else { "" };
        parts.push(format!("{star}{}{mark}{annotation}{default}", parameter.name));
    }
    text.push_str(&parts.join(", "));
    text.push(')');
    if let Some(returns) = &signature.returns {
        text.push_str(&format!(" -> {}", returns.shown()));
    }
    if text.chars().count() > 160 { text.chars().take(157).chain("...".chars()).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::model::Parameter;
    use crate::source::Place;

    fn signature(parameters: &[(&str, Passing, bool)]) -> Signature {
        let parameters = parameters
            .iter()
            .map(|(name, passing, optional)| Parameter {
                name: (*name).to_owned(),
                passing: *passing,
                annotation: None,
                default: None,
                optional: *optional,
                at: Place::default(),
            })
            .collect();
        Signature {
            parameters,
            returns: None,
            seen_returns: None,
            is_async: false,
            yields: false,
            generics: Vec::new(),
            at: Place::default(),
        }
    }

    #[test]
    fn calls_bind_as_in_python() {
        use Passing::{Either, Keyword, Keywords, Positional, Rest};
        let f = signature(&[("a", Positional, false), ("b", Either, false), ("c", Either, true), ("d", Keyword, false)]);
        let call = |positions: usize, names: &[&str]| Call { positions, names: names.iter().map(|n| (*n).to_owned()).collect() };
        assert_eq!(f.bind(&call(2, &["d"])), Some(vec![0, 1, 3]));
        assert_eq!(f.bind(&call(1, &["d", "b"])), Some(vec![0, 3, 1]));
        assert_eq!(f.bind(&call(0, &["a", "b", "d"])), None);
        assert_eq!(f.bind(&call(2, &["b", "d"])), None);
        assert_eq!(f.bind(&call(4, &["d"])), None);
        assert_eq!(f.bind(&call(2, &[])), None);
        assert_eq!(f.shortest(), vec![call(2, &["d"]), call(1, &["b", "d"])]);
        assert_eq!(f.giving(2), vec![call(3, &["d"]), call(1, &["b", "c", "d"])]);
        let g = signature(&[("args", Rest, true), ("kwargs", Keywords, true)]);
        assert_eq!(g.bind(&call(3, &["x"])), Some(vec![0, 0, 0, 1]));
        assert_eq!(g.refused_by(g.giving(1), &f), Some(call(0, &["extra"])));
    }
}

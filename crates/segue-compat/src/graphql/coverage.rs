//! Which names of peers' lists the rules answer, and which they do not, with the reason. Tests: below.

use super::rule::RULES;

/// Every change type of graphql-inspector 8 and of its later sources.
pub const GRAPHQL_INSPECTOR: &[&str] = &[
    "DIRECTIVE_ADDED",
    "DIRECTIVE_ARGUMENT_ADDED",
    "DIRECTIVE_ARGUMENT_DEFAULT_VALUE_CHANGED",
    "DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED",
    "DIRECTIVE_ARGUMENT_REMOVED",
    "DIRECTIVE_ARGUMENT_TYPE_CHANGED",
    "DIRECTIVE_DESCRIPTION_CHANGED",
    "DIRECTIVE_LOCATION_ADDED",
    "DIRECTIVE_LOCATION_REMOVED",
    "DIRECTIVE_REMOVED",
    "DIRECTIVE_REPEATABLE_ADDED",
    "DIRECTIVE_REPEATABLE_REMOVED",
    "DIRECTIVE_USAGE_ARGUMENT_ADDED",
    "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_ADDED",
    "DIRECTIVE_USAGE_ARGUMENT_DEFINITION_REMOVED",
    "DIRECTIVE_USAGE_ARGUMENT_REMOVED",
    "DIRECTIVE_USAGE_ENUM_ADDED",
    "DIRECTIVE_USAGE_ENUM_REMOVED",
    "DIRECTIVE_USAGE_ENUM_VALUE_ADDED",
    "DIRECTIVE_USAGE_ENUM_VALUE_REMOVED",
    "DIRECTIVE_USAGE_FIELD_ADDED",
    "DIRECTIVE_USAGE_FIELD_DEFINITION_ADDED",
    "DIRECTIVE_USAGE_FIELD_DEFINITION_REMOVED",
    "DIRECTIVE_USAGE_FIELD_REMOVED",
    "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_ADDED",
    "DIRECTIVE_USAGE_INPUT_FIELD_DEFINITION_REMOVED",
    "DIRECTIVE_USAGE_INPUT_OBJECT_ADDED",
    "DIRECTIVE_USAGE_INPUT_OBJECT_REMOVED",
    "DIRECTIVE_USAGE_INTERFACE_ADDED",
    "DIRECTIVE_USAGE_INTERFACE_REMOVED",
    "DIRECTIVE_USAGE_OBJECT_ADDED",
    "DIRECTIVE_USAGE_OBJECT_REMOVED",
    "DIRECTIVE_USAGE_SCALAR_ADDED",
    "DIRECTIVE_USAGE_SCALAR_REMOVED",
    "DIRECTIVE_USAGE_SCHEMA_ADDED",
    "DIRECTIVE_USAGE_SCHEMA_REMOVED",
    "DIRECTIVE_USAGE_UNION_MEMBER_ADDED",
    "DIRECTIVE_USAGE_UNION_MEMBER_REMOVED",
    "ENUM_VALUE_ADDED",
    "ENUM_VALUE_DEPRECATION_REASON_ADDED",
    "ENUM_VALUE_DEPRECATION_REASON_CHANGED",
    "ENUM_VALUE_DEPRECATION_REASON_REMOVED",
    "ENUM_VALUE_DESCRIPTION_CHANGED",
    "ENUM_VALUE_REMOVED",
    "FIELD_ADDED",
    "FIELD_ARGUMENT_ADDED",
    "FIELD_ARGUMENT_DEFAULT_CHANGED",
    "FIELD_ARGUMENT_DEPRECATION_ADDED",
    "FIELD_ARGUMENT_DEPRECATION_REASON_ADDED",
    "FIELD_ARGUMENT_DEPRECATION_REASON_CHANGED",
    "FIELD_ARGUMENT_DEPRECATION_REASON_REMOVED",
    "FIELD_ARGUMENT_DEPRECATION_REMOVED",
    "FIELD_ARGUMENT_DESCRIPTION_CHANGED",
    "FIELD_ARGUMENT_REMOVED",
    "FIELD_ARGUMENT_TYPE_CHANGED",
    "FIELD_DEPRECATION_ADDED",
    "FIELD_DEPRECATION_REASON_ADDED",
    "FIELD_DEPRECATION_REASON_CHANGED",
    "FIELD_DEPRECATION_REASON_REMOVED",
    "FIELD_DEPRECATION_REMOVED",
    "FIELD_DESCRIPTION_ADDED",
    "FIELD_DESCRIPTION_CHANGED",
    "FIELD_DESCRIPTION_REMOVED",
    "FIELD_REMOVED",
    "FIELD_TYPE_CHANGED",
    "INPUT_FIELD_ADDED",
    "INPUT_FIELD_DEFAULT_VALUE_CHANGED",
    "INPUT_FIELD_DEPRECATION_ADDED",
    "INPUT_FIELD_DEPRECATION_REASON_ADDED",
    "INPUT_FIELD_DEPRECATION_REASON_CHANGED",
    "INPUT_FIELD_DEPRECATION_REASON_REMOVED",
    "INPUT_FIELD_DEPRECATION_REMOVED",
    "INPUT_FIELD_DESCRIPTION_ADDED",
    "INPUT_FIELD_DESCRIPTION_CHANGED",
    "INPUT_FIELD_DESCRIPTION_REMOVED",
    "INPUT_FIELD_REMOVED",
    "INPUT_FIELD_TYPE_CHANGED",
    "OBJECT_TYPE_INTERFACE_ADDED",
    "OBJECT_TYPE_INTERFACE_REMOVED",
    "SCHEMA_MUTATION_TYPE_CHANGED",
    "SCHEMA_QUERY_TYPE_CHANGED",
    "SCHEMA_SUBSCRIPTION_TYPE_CHANGED",
    "TYPE_ADDED",
    "TYPE_DESCRIPTION_ADDED",
    "TYPE_DESCRIPTION_CHANGED",
    "TYPE_DESCRIPTION_REMOVED",
    "TYPE_KIND_CHANGED",
    "TYPE_REMOVED",
    "UNION_MEMBER_ADDED",
    "UNION_MEMBER_REMOVED",
];

/// Every breaking and dangerous change of graphql-js 16.
pub const GRAPHQL_JS: &[&str] = &[
    "ARG_CHANGED_KIND",
    "ARG_DEFAULT_VALUE_CHANGE",
    "ARG_REMOVED",
    "DIRECTIVE_ARG_REMOVED",
    "DIRECTIVE_LOCATION_REMOVED",
    "DIRECTIVE_REMOVED",
    "DIRECTIVE_REPEATABLE_REMOVED",
    "FIELD_CHANGED_KIND",
    "FIELD_REMOVED",
    "IMPLEMENTED_INTERFACE_ADDED",
    "IMPLEMENTED_INTERFACE_REMOVED",
    "OPTIONAL_ARG_ADDED",
    "OPTIONAL_INPUT_FIELD_ADDED",
    "REQUIRED_ARG_ADDED",
    "REQUIRED_DIRECTIVE_ARG_ADDED",
    "REQUIRED_INPUT_FIELD_ADDED",
    "TYPE_ADDED_TO_UNION",
    "TYPE_CHANGED_KIND",
    "TYPE_REMOVED",
    "TYPE_REMOVED_FROM_UNION",
    "VALUE_ADDED_TO_ENUM",
    "VALUE_REMOVED_FROM_ENUM",
];

/// What no rule answers, and why: descriptions are for people, and no operation can depend on them.
pub const NOT_ANSWERED: &[(&str, &str)] = &[
    ("graphql-inspector:DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:DIRECTIVE_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:ENUM_VALUE_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:FIELD_ARGUMENT_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:FIELD_DESCRIPTION_ADDED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:FIELD_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:FIELD_DESCRIPTION_REMOVED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:INPUT_FIELD_DESCRIPTION_ADDED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:INPUT_FIELD_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:INPUT_FIELD_DESCRIPTION_REMOVED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:TYPE_DESCRIPTION_ADDED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:TYPE_DESCRIPTION_CHANGED", "a description is for people; nothing can depend on it"),
    ("graphql-inspector:TYPE_DESCRIPTION_REMOVED", "a description is for people; nothing can depend on it"),
];

/// The rules that answer a peer's name, sorted.
pub fn answered_by(name: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = RULES.iter().filter(|rule| rule.answers.contains(&name)).map(|rule| rule.id).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_is_answered_or_listed_as_not() {
        let not: BTreeSet<&str> = NOT_ANSWERED.iter().map(|(name, _)| *name).collect();
        for (peer, names) in [("graphql-inspector", GRAPHQL_INSPECTOR), ("graphql-js", GRAPHQL_JS)] {
            for name in names {
                let full = format!("{peer}:{name}");
                assert_ne!(answered_by(&full).is_empty(), !not.contains(full.as_str()), "{full}");
            }
        }
        let known: BTreeSet<String> = GRAPHQL_INSPECTOR
            .iter()
            .map(|name| format!("graphql-inspector:{name}"))
            .chain(GRAPHQL_JS.iter().map(|name| format!("graphql-js:{name}")))
            .collect();
        for rule in RULES {
            for answer in rule.answers {
                assert!(known.contains(*answer), "{} answers {answer}, which no peer has", rule.id);
            }
        }
        assert!(not.iter().all(|name| known.contains(*name)));
    }

    #[test]
    fn rules_have_one_name_each() {
        let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        assert!(ids.iter().all(|id| id.starts_with("graphql-")));
    }
}

//! Cloud resources and what stands for them elsewhere. Tests: below, `tests/it/tree.rs`.

use std::sync::LazyLock;

use segue_model::assessment::{Resource, Verdict};
use segue_model::finding::{Finding, Severity};

use crate::gather::Gather;

const TABLE: &str = include_str!("../../data/cloud.tsv");

/// A cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud Platform.
    Gcp,
    /// Microsoft Azure.
    Azure,
}

impl Cloud {
    /// The cloud of a word such as `aws`, `gcp`, `azure`, or of `aws/eu-west-1`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word.split('/').next().unwrap_or_default().to_lowercase().as_str() {
            "aws" | "amazon" => Some(Self::Aws),
            "gcp" | "google" => Some(Self::Gcp),
            "azure" | "azurerm" => Some(Self::Azure),
            _ => None,
        }
    }

    /// The cloud of a kind of resource; `None` for what belongs to no cloud.
    pub fn of_kind(kind: &str) -> Option<Self> {
        [("aws_", Self::Aws), ("google_", Self::Gcp), ("azurerm_", Self::Azure)]
            .into_iter()
            .find(|(prefix, _)| kind.starts_with(prefix))
            .map(|(_, cloud)| cloud)
    }

    fn title(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Gcp => "GCP",
            Self::Azure => "Azure",
        }
    }
}

struct Row {
    concept: &'static str,
    /// AWS, GCP, Azure; empty where there is none.
    kinds: [Vec<&'static str>; 3],
    differs: &'static str,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| TABLE.lines().filter_map(row).collect());

fn row(line: &'static str) -> Option<Row> {
    let kinds = |field: &'static str| if field == "-" { Vec::new() } else { field.split(',').collect() };
    match line.split('\t').collect::<Vec<_>>().as_slice() {
        [concept, aws, gcp, azure, differs] => Some(Row { concept, kinds: [kinds(aws), kinds(gcp), kinds(azure)], differs }),
        _ => None,
    }
}

/// Gives each resource its equivalent in the target cloud, with what differs; `None` where there is none, with what to do.
///
/// A resource that is of the target already, or of no cloud, keeps its kind.
pub fn equivalents(resources: &[Resource], target: Cloud) -> Vec<Resource> {
    resources.iter().map(|resource| equivalent(resource, target)).collect()
}

fn equivalent(resource: &Resource, target: Cloud) -> Resource {
    let mut out = resource.clone();
    let Some(source) = Cloud::of_kind(&resource.kind) else {
        out.equivalent = Some(resource.kind.clone());
        "belongs to no cloud of its own: applies there too, with other addresses and rights".clone_into(&mut out.note);
        return out;
    };
    if source == target {
        out.equivalent = Some(resource.kind.clone());
        "is of the target already; regions and quotas remain".clone_into(&mut out.note);
        return out;
    }
    let Some(row) = ROWS.iter().find(|row| row.kinds[source as usize].contains(&resource.kind.as_str())) else {
        out.equivalent = None;
        out.note = format!(
            "not in the table of common kinds: look for it by what it does, or leave it at {} and reach it from there",
            source.title()
        );
        return out;
    };
    out.equivalent = proposal(row, target, resource);
    out.note = match out.equivalent {
        Some(_) => format!("{}: {}", row.concept, row.differs),
        None => format!("{}: no equivalent in {}: {}", row.concept, target.title(), row.differs),
    };
    out
}

/// The first kind of the row, but one that speaks of the same engine if its name says so.
fn proposal(row: &Row, target: Cloud, resource: &Resource) -> Option<String> {
    let kinds = &row.kinds[target as usize];
    let spoken = format!("{} {}", resource.kind, resource.address).to_lowercase();
    let same = ["mysql", "mssql", "windows", "postgresql", "memcache"]
        .into_iter()
        .filter(|word| spoken.contains(word))
        .find_map(|word| kinds.iter().find(|k| k.contains(word)));
    same.or_else(|| kinds.first()).map(|kind| (*kind).to_owned())
}

/// Maps the resources of a tree, with an object for each and a finding for each without equivalent.
pub(crate) fn judge(gather: &mut Gather, target: Cloud) {
    gather.resources = equivalents(&gather.resources, target);
    let resources = gather.resources.clone();
    for resource in &resources {
        let moves = Cloud::of_kind(&resource.kind).is_some_and(|source| source != target);
        let (verdict, rule, effort) = match (&resource.equivalent, moves) {
            (Some(_), false) => (Verdict::Auto, "cloud.stays", 0),
            (Some(_), true) => (Verdict::Manual, "cloud.equivalent", 60),
            (None, _) => (Verdict::Blocked, "cloud.no-equivalent", 240),
        };
        let reason = match &resource.equivalent {
            Some(kind) => format!("{kind}: {}", resource.note),
            None => resource.note.clone(),
        };
        gather.objects.push(segue_model::assessment::Object {
            system: String::new(),
            kind: "resource".to_owned(),
            name: resource.address.clone(),
            verdict,
            rule: rule.to_owned(),
            reason,
            effort_min: effort,
            place: resource.place.clone(),
        });
        if resource.equivalent.is_none() {
            gather.findings.push(Finding {
                code: "SG-SUR-030".to_owned(),
                severity: Severity::High,
                object: format!("{} ({})", resource.address, resource.place),
                message: format!("`{}` has no equivalent in {}", resource.kind, target.title()),
                fix: resource.note.clone(),
            });
        }
    }
    gather.objects.sort();
    gather.findings.sort_by(|a, b| (&a.code, &a.object, &a.message).cmp(&(&b.code, &b.object, &b.message)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, target: Cloud) -> (Option<String>, String) {
        let resource = Resource { kind: kind.to_owned(), address: format!("{kind}.x"), count: 1, ..Resource::default() };
        let found = equivalents(&[resource], target).remove(0);
        (found.equivalent, found.note)
    }

    #[test]
    fn forty_kinds_are_mapped_in_every_direction() {
        assert!(ROWS.len() >= 40, "{}", ROWS.len());
        let lines = TABLE.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(ROWS.len(), lines, "a line was not understood");
        let clouds = [Cloud::Aws, Cloud::Gcp, Cloud::Azure];
        for row in ROWS.iter() {
            assert!(row.differs.len() > 20, "{}", row.concept);
            for source in clouds {
                for kind in &row.kinds[source as usize] {
                    assert_eq!(Cloud::of_kind(kind), Some(source), "{kind} stands in the wrong column");
                    for target in clouds.into_iter().filter(|t| *t != source) {
                        let (equivalent, note) = of(kind, target);
                        assert!(
                            !note.is_empty() && equivalent.as_deref().is_none_or(|e| Cloud::of_kind(e) == Some(target)),
                            "{kind}: {equivalent:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_has_none_says_so_and_what_to_do() {
        let (equivalent, note) = of("aws_opensearch_domain", Cloud::Gcp);
        assert_eq!(equivalent, None);
        assert!(note.starts_with("search: no equivalent in GCP: none in GCP: run OpenSearch"), "{note}");
        let (equivalent, note) = of("aws_quicksight_data_source", Cloud::Azure);
        assert!(equivalent.is_none() && note.contains("not in the table"), "{note}");
        assert_eq!(of("aws_db_instance", Cloud::Gcp).0.as_deref(), Some("google_sql_database_instance"));
        assert_eq!(of("google_sql_database_instance", Cloud::Aws).0.as_deref(), Some("aws_db_instance"));
        assert_eq!(of("azurerm_mysql_flexible_server", Cloud::Aws).0.as_deref(), Some("aws_db_instance"));
        assert_eq!(of("kubernetes_deployment", Cloud::Aws).0.as_deref(), Some("kubernetes_deployment"));
        assert_eq!(Cloud::of_word("gcp/europe-west1"), Some(Cloud::Gcp));
    }
}

//! Kubernetes manifests: workloads, images, probes, resources, secrets by name. Tests: `tests/it/tree.rs`.

use segue_model::assessment::Verdict;
use segue_model::finding::Severity;

use super::docker::open_secret;
use super::image;
use crate::document::{Node, yaml};
use crate::gather::{Gather, Judged, is_secret_name};

/// Reads any YAML file; only documents with `apiVersion` and `kind` count.
pub(crate) fn read(text: &str, gather: &mut Gather) {
    let claims = text.contains("apiVersion:") && text.contains("kind:");
    if !claims {
        return;
    }
    if text.contains("{{") {
        gather.not_read(1, "a template: render it first, and survey what comes out");
        return;
    }
    let (documents, stop) = yaml::read(text);
    if let Some(stop) = stop {
        gather.not_read(stop.line, &stop.what);
    }
    for document in &documents {
        object(document, gather);
        if document.text_at("kind") == Some("List") {
            document.get("items").map(Node::items).unwrap_or_default().iter().for_each(|item| object(item, gather));
        }
    }
}

fn object(node: &Node, gather: &mut Gather) {
    let (Some(_), Some(kind)) = (node.text_at("apiVersion"), node.text_at("kind")) else { return };
    let name = node.at(&["metadata", "name"]).and_then(Node::text).unwrap_or_default();
    let title = format!("{kind}/{name}");
    let spec = match kind {
        "CronJob" => node.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Pod" => node.get("spec"),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" => node.at(&["spec", "template", "spec"]),
        _ => None,
    };
    let judged = verdict(kind);
    if !judged.rule.is_empty() {
        gather.object("resource", &title, judged, node.line);
    }
    let serves = matches!(kind, "Deployment" | "StatefulSet");
    if serves && node.at(&["spec", "replicas"]).and_then(Node::text).is_none_or(|n| n == "1") {
        let message = "one replica: each restart of it is a pause that users notice";
        gather.finding(
            "SG-SUR-022",
            Severity::Medium,
            &title,
            message,
            "two replicas and a disruption budget, or a stated pause",
            node.line,
        );
    }
    let Some(spec) = spec else { return };
    for list in ["initContainers", "containers"] {
        for container in spec.get(list).map(Node::items).unwrap_or_default() {
            self::container(&title, container, serves && list == "containers", gather);
        }
    }
    for volume in spec.get("volumes").map(Node::items).unwrap_or_default() {
        if let Some(secret) = volume.at(&["secret", "secretName"]) {
            needs(&title, "secret", secret, gather);
        }
        if let Some(claim) = volume.at(&["persistentVolumeClaim", "claimName"]) {
            needs(&title, "volume", claim, gather);
        }
        if let Some(config) = volume.at(&["configMap", "name"]) {
            needs(&title, "config", config, gather);
        }
    }
}

/// What a move of that kind costs; an empty rule for what follows by itself.
fn verdict(kind: &str) -> Judged<'static> {
    let (verdict, rule, reason, effort_min) = match kind {
        "StatefulSet" | "PersistentVolumeClaim" | "PersistentVolume" => {
            (Verdict::Manual, "kubernetes.state", "keeps data in volumes, which do not move with the manifest: copy or replicate it", 120)
        }
        "Deployment" | "DaemonSet" | "Pod" | "ReplicaSet" => {
            (Verdict::AutoWithWarning, "kubernetes.workload", "starts anywhere; what it talks to must be reachable from there", 20)
        }
        "CronJob" | "Job" => (Verdict::AutoWithWarning, "kubernetes.job", "must run on one side only while both exist", 20),
        "Ingress" | "Gateway" | "HTTPRoute" => {
            (Verdict::Manual, "kubernetes.entry", "names, certificates and annotations belong to the controller that is there", 45)
        }
        "Service" => (Verdict::AutoWithWarning, "kubernetes.service", "a load balancer gets another address, so names must follow", 10),
        "Secret" | "SealedSecret" | "ExternalSecret" => {
            (Verdict::Manual, "kubernetes.secret", "secrets are made anew at the target, by its own store", 15)
        }
        "StorageClass" => (Verdict::Manual, "kubernetes.storage-class", "belongs to the provider: choose the target's", 15),
        "ConfigMap"
        | "ServiceAccount"
        | "HorizontalPodAutoscaler"
        | "PodDisruptionBudget"
        | "NetworkPolicy"
        | "Namespace"
        | "Role"
        | "RoleBinding"
        | "ClusterRole"
        | "ClusterRoleBinding" => (Verdict::Auto, "kubernetes.plain", "applies as it is", 0),
        "List" | "Kustomization" => (Verdict::Auto, "", "", 0),
        _ => (Verdict::Manual, "kubernetes.other", "a kind of an operator or an extension, which must be at the target first", 30),
    };
    Judged { verdict, rule, reason, effort_min }
}

fn needs(title: &str, kind: &str, node: &Node, gather: &mut Gather) {
    if let Some(name) = node.text() {
        gather.depends(title, name, kind, true, "it does not start without it", node.line);
    }
}

fn container(title: &str, node: &Node, serves: bool, gather: &mut Gather) {
    let line = node.line;
    if let Some(found) = node.get("image")
        && let Some(text) = found.text()
    {
        image::take(text, true, found.line, gather);
    }
    if serves && node.get("readinessProbe").is_none() {
        let message = "no readiness probe: traffic arrives before it can answer, and a rollout cannot tell good from bad";
        gather.finding("SG-SUR-021", Severity::Medium, title, message, "give it a `readinessProbe` before traffic is shifted", line);
    }
    if serves && node.at(&["resources", "requests"]).is_none() {
        let message = "no requests for processor and memory: nobody can say how large the target must be";
        gather.finding("SG-SUR-024", Severity::Low, title, message, "measure it, and write `resources.requests`", line);
    }
    for variable in node.get("env").map(Node::items).unwrap_or_default() {
        let name = variable.text_at("name").unwrap_or_default();
        if let Some(secret) = variable.at(&["valueFrom", "secretKeyRef", "name"]) {
            needs(title, "secret", secret, gather);
        } else if is_secret_name(name) && variable.text_at("value").is_some_and(|value| !value.is_empty()) {
            open_secret(name, variable.line, gather);
        }
    }
    for from in node.get("envFrom").map(Node::items).unwrap_or_default() {
        if let Some(secret) = from.at(&["secretRef", "name"]) {
            needs(title, "secret", secret, gather);
        }
    }
}

//! Names of container images. Tests: below.

use segue_model::finding::Severity;

use crate::gather::{Gather, Seen};

/// Registry, name and tag of an image; what stands before an `@` in front of the name is never kept.
fn parts(image: &str) -> (String, String) {
    let image = image.trim().trim_matches(['"', '\'']);
    let (image, digest) = image.split_once("@sha256:").map_or((image, ""), |(image, digest)| (image, digest));
    let image = image.rsplit_once('@').map_or(image, |(_, rest)| rest);
    let last = image.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match image[last..].split_once(':') {
        Some((name, tag)) => (format!("{}{name}", &image[..last]), tag.to_owned()),
        None => (image.to_owned(), String::new()),
    };
    let tag = if tag.is_empty() && !digest.is_empty() { format!("sha256:{}", digest.chars().take(12).collect::<String>()) } else { tag };
    (name, tag)
}

/// The name by which everybody knows it: `postgres` of `docker.io/library/postgres`.
pub(super) fn short(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or(name);
    match name {
        _ if name.starts_with("mcr.microsoft.com/dotnet/") => "dotnet",
        _ => last,
    }
}

/// Takes an image in: a component, and a finding when its version is not fixed.
pub(super) fn take(image: &str, runtime: bool, line: u32, gather: &mut Gather) {
    if image.contains("${") || image.contains("$(") || image.contains("{{") || image.starts_with('$') {
        gather.not_read(line, "an image whose name is put together by variables");
        return;
    }
    let (name, tag) = parts(image);
    if name.is_empty() || name == "scratch" {
        return;
    }
    let shown =
        if name.matches('/').count() == 0 || name.starts_with("docker.io/library/") { short(&name).to_owned() } else { name.clone() };
    let known = crate::facts::product("image", short(&name)).is_some();
    gather.component(Seen { name: if known { short(&name) } else { &shown }, ecosystem: "image", version: &tag, runtime, why: "", line });
    if tag.is_empty() || tag == "latest" {
        let message = "the image has no fixed version: what runs tomorrow may be another one, and a way back may not exist";
        gather.finding("SG-SUR-020", Severity::Medium, &shown, message, "give it the tag or digest that runs today", line);
    }
    if let Some(engine) = database(short(&name)) {
        gather.component(Seen { name: engine, ecosystem: "database", version: &tag, runtime, why: "", line });
    }
}

/// Images that are databases, queues or caches.
pub(super) fn database(name: &str) -> Option<&'static str> {
    Some(match name {
        "postgres" | "postgresql" | "postgis" | "pgvector" | "timescaledb" => "postgres",
        "mysql" | "percona" => "mysql",
        "mariadb" => "mariadb",
        "mongo" | "mongodb" => "mongodb",
        "redis" | "valkey" | "keydb" => "redis",
        "elasticsearch" | "opensearch" => "elasticsearch",
        "cassandra" => "cassandra",
        "rabbitmq" => "rabbitmq",
        "kafka" | "cp-kafka" => "kafka",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart() {
        let check = |image: &str, name: &str, tag: &str| assert_eq!(parts(image), (name.to_owned(), tag.to_owned()), "{image}");
        check("postgres:14.9-alpine", "postgres", "14.9-alpine");
        check("registry.example:5000/a/b", "registry.example:5000/a/b", "");
        check("user:pw@registry.example:5000/a/b:1", "registry.example:5000/a/b", "1");
        check("node@sha256:0123456789abcdef", "node", "sha256:0123456789ab");
        assert_eq!(short("docker.io/library/mysql"), "mysql");
    }
}

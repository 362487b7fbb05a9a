//! What a fresh Debian 12 machine with Rust lacks, and how it gets it.
//!
//! Only what is missing is installed, quietly, and only by root. Where something cannot be had, one
//! line says so and the work goes on without it. What never happens here: starting a system-wide
//! PostgreSQL cluster (Debian's package would; see [`without_a_cluster`]) or a MariaDB service.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::postgres;
use crate::shell::{self, Workshop};

/// Where Debian's `postgresql-15` puts its programs.
pub(crate) const DEBIAN_POSTGRES_BIN: &str = "/usr/lib/postgresql/15/bin";

/// The variable by which the tests are told where PostgreSQL's programs are: folders, each with
/// `initdb` and `postgres`, joined by `:`.
pub(crate) const POSTGRES_BINS: &str = "SEGUE_TEST_PG_BINS";

/// What the tests need to know of this machine.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    /// Folders with PostgreSQL's programs, one a major version.
    pub(crate) postgres_bins: Vec<String>,
}

impl Machine {
    /// The value of [`POSTGRES_BINS`].
    pub(crate) fn postgres_bins(&self) -> String {
        self.postgres_bins.join(":")
    }
}

/// Installs what is missing for the given PostgreSQL majors and says what there is.
pub(crate) fn ensure(workshop: &Workshop, majors: &[u32]) -> Result<Machine> {
    toolchain(workshop)?;
    if let Err(reason) = programs(workshop) {
        eprintln!("   programs that some tests need are missing: {reason:#}");
    }
    if let Err(reason) = browser(workshop) {
        eprintln!("   pages are not tested in a browser here: {reason:#}");
    }
    if let Err(reason) = mariadb(workshop) {
        eprintln!("   MariaDB is not tested here: {reason:#}");
    }
    if let Some(bins) = std::env::var_os(POSTGRES_BINS) {
        // A person who names the servers is taken at their word.
        let bins = bins.into_string().ok().context("the folders are UTF-8")?;
        return Ok(Machine { postgres_bins: bins.split(':').map(str::to_owned).collect() });
    }
    let mut postgres_bins = Vec::new();
    for &major in majors {
        match server(workshop, major) {
            Ok(bin) => postgres_bins.push(bin),
            Err(reason) => eprintln!("   PostgreSQL {major} is not tested here: {reason:#}"),
        }
    }
    if postgres_bins.is_empty() && std::env::var_os("CI").is_some() {
        bail!("no PostgreSQL could be had, and a CI run without one proves too little");
    }
    Ok(Machine { postgres_bins })
}

/// The folder with the programs of one major: Debian's own where there is one, else npm's.
fn server(workshop: &Workshop, major: u32) -> Result<String> {
    let debian = format!("/usr/lib/postgresql/{major}/bin");
    if Path::new(&debian).join("initdb").is_file() {
        return Ok(debian);
    }
    if debian == DEBIAN_POSTGRES_BIN && shell::has_program("apt-get") {
        match debian_server(workshop) {
            Ok(()) => return Ok(debian),
            Err(reason) => eprintln!("   postgresql-15 by apt-get: {reason:#}; trying npm"),
        }
    }
    postgres::from_npm(workshop, major)
}

/// Where Debian's `mariadb-server-core` puts the server.
const MARIADB: &str = "/usr/sbin/mariadbd";

/// The variable by which the tests are told where MariaDB is: the folder above its `bin` or `sbin`, and `share`.
const MARIADB_HOME: &str = "SEGUE_TEST_MARIADB";

/// The server of MariaDB, without a service: Debian's `-core` package has the programs, and neither unit nor script
/// that would start one. Its tests are skipped where it cannot be had.
fn mariadb(workshop: &Workshop) -> Result<()> {
    if std::env::var_os(MARIADB_HOME).is_some() || Path::new(MARIADB).is_file() || shell::has_program("mariadbd") {
        return Ok(());
    }
    if !shell::has_program("apt-get") {
        bail!("`mariadbd` is not installed");
    }
    apt_install(workshop, &["mariadb-server-core"])
}

/// Small programs from Debian that tests run: `strace` counts the syncs of the journal, `shellcheck` reads the shell of
/// runbooks.
fn programs(workshop: &Workshop) -> Result<()> {
    let missing: Vec<&str> = ["strace", "shellcheck"].into_iter().filter(|name| !shell::has_program(name)).collect();
    if missing.is_empty() || !shell::has_program("apt-get") { Ok(()) } else { apt_install(workshop, &missing) }
}

/// Chromium, in which the tests open each page of ours, with a font to draw its words.
fn browser(workshop: &Workshop) -> Result<()> {
    if ["chromium", "chromium-browser", "google-chrome"].into_iter().any(shell::has_program) {
        return Ok(());
    }
    if !shell::has_program("apt-get") {
        bail!("`chromium` is not installed");
    }
    apt_install(workshop, &["chromium", "fonts-dejavu-core"])
}

/// One program of a Debian package, for a bench that compares with it.
pub(crate) fn program(workshop: &Workshop, name: &str, package: &str) -> Result<()> {
    if shell::has_program(name) {
        return Ok(());
    }
    if !shell::has_program("apt-get") {
        bail!("`{name}` is not installed");
    }
    apt_install(workshop, &[package])
}

/// `postgresql-15` from Debian, without a cluster.
fn debian_server(workshop: &Workshop) -> Result<()> {
    without_a_cluster(Path::new("/etc/postgresql-common"))?;
    apt_install(workshop, &["postgresql-15"])?;
    if !Path::new(DEBIAN_POSTGRES_BIN).join("initdb").is_file() {
        bail!("apt-get succeeded, but {DEBIAN_POSTGRES_BIN}/initdb is not there");
    }
    Ok(())
}

/// Debian's package creates and starts a cluster on installation unless this file says no. A file
/// that exists belongs to somebody and is left alone.
fn without_a_cluster(folder: &Path) -> Result<()> {
    let file = folder.join("createcluster.conf");
    if file.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    fs::write(&file, "create_main_cluster = false\n").with_context(|| format!("writing {}", file.display()))
}

/// Installs Debian packages, with one `update` when the lists do not know them.
fn apt_install(workshop: &Workshop, packages: &[&str]) -> Result<()> {
    let install = || {
        let mut command = workshop.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
        shell::read(&mut command)
    };
    if install().is_ok() {
        return Ok(());
    }
    shell::read(workshop.command("apt-get").args(["update", "-qq"]))?;
    install().map(|_| ())
}

/// `cargo fmt` and `cargo clippy` are components that a minimal toolchain lacks.
fn toolchain(workshop: &Workshop) -> Result<()> {
    for (verb, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if shell::read(&mut workshop.cargo(&[verb, "--version"])).is_ok() {
            continue;
        }
        if !shell::has_program("rustup") {
            bail!("`cargo {verb}` is missing; install the toolchain's component `{component}`");
        }
        shell::must(workshop.command("rustup").args(["component", "add", component]))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_file_that_exists_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("segue-setup-{}", std::process::id()));
        without_a_cluster(&folder).expect("the first time writes");
        let file = folder.join("createcluster.conf");
        let written = fs::read_to_string(&file).expect("it is there");
        assert_eq!(written, "create_main_cluster = false\n");
        fs::write(&file, "# mine\n").expect("a person edits it");
        without_a_cluster(&folder).expect("the second time looks");
        assert_eq!(fs::read_to_string(&file).expect("still there"), "# mine\n");
        fs::remove_dir_all(&folder).expect("it goes");
    }
}

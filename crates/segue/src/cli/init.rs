//! `segue init`: writes a commented `segue.yaml`, and the JSON Schema beside it for editors.

use std::path::PathBuf;

use clap::Args;
use segue_model::problem::Problem;
use segue_model::secret::Reference;
use segue_model::spec::{self, System};

use super::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;

/// Arguments of `segue init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The database: `postgres://user@host/db`, `env:DB_URL`, `sqlite:shop.db`, or a path
    #[arg(value_name = "URL", default_value = "env:DB_URL")]
    url: String,
    /// The id of the migration, [A-Za-z0-9-]{1,40}
    #[arg(long, value_name = "ID", default_value = "MIG-001")]
    id: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = crate::specfile::DEFAULT)]
    file: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

/// How a URL may begin; `file:` names a file that holds one.
const KNOWN: [&str; 4] = ["postgres", "postgresql", "sqlite", "file"];

impl Init {
    pub(crate) fn run(&self, _: &Global, show: &Show) -> Result<Exit, Failure> {
        if self.file.exists() && !self.force {
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-020", format!("`{}` is there already", self.file.display()))
                    .safe("it was not changed")
                    .help("name another file with --file, or use --force"),
            ));
        }
        let text = spec::template(&self.system()?, &self.id);
        if let Err(problems) = spec::read(&text, &self.file.display().to_string()) {
            return Err(Failure::of_file(Exit::Usage, problems, text));
        }
        super::check::write(&self.file, &text)?;
        let schema = self.file.with_file_name("segue.schema.json");
        super::check::write(&schema, &format!("{:#}\n", spec::schema()))?;
        show.told(&format!("wrote {} and {}", self.file.display(), schema.display()))?;
        if self.url.contains("://") && !text.contains(&self.url) && !self.url.starts_with("sqlite:") {
            show.say("the URL holds a password and was not written down: export it as DATABASE_URL");
        }
        show.say("next: say under `schema.changes` what should be, then `segue plan`");
        Ok(Exit::Ok)
    }

    /// What the URL names: nothing for an engine on which Segue changes no form.
    fn system(&self) -> Result<System, Failure> {
        // A command may hold a URL, too: only what is one from its first letter is judged.
        let scheme =
            self.url.split_once("://").map(|(scheme, _)| scheme).filter(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
        if let Some(scheme) = scheme.filter(|scheme| !KNOWN.contains(scheme)) {
            return Err(Failure::new(
                Exit::Usage,
                Problem::new("SG-CLI-084", format!("`init` writes a spec for PostgreSQL or SQLite, and `{scheme}://` is neither"))
                    .safe("no file was written")
                    .help("name where the new form will live: postgres://…, env:NAME or sqlite:FILE; other systems stand in the comments"),
            ));
        }
        let sqlite = self.url.strip_prefix("sqlite://").or_else(|| self.url.strip_prefix("sqlite:"));
        let file = ["db", "sqlite", "sqlite3"].iter().any(|ending| self.url.rsplit_once('.').is_some_and(|(_, last)| last == *ending));
        Ok(match sqlite {
            Some(path) => System::Sqlite { path: Reference::Plain(path.to_owned()) },
            None if file && !self.url.contains("://") => System::Sqlite { path: Reference::from(self.url.clone()) },
            None => System::Postgres { url: Reference::from(self.url.clone()) },
        })
    }
}

//! What each kind is made of. The templates are files under `xtask/templates/`.

/// Where a row goes.
#[derive(Debug)]
pub(crate) enum Anchor {
    /// Before the first line that contains this.
    Before(&'static str),
    /// After the last line that contains this.
    AfterLast(&'static str),
}

/// A row of a registry.
#[derive(Debug)]
pub(crate) struct Row {
    /// The registry.
    pub(crate) file: &'static str,
    /// Where in it.
    pub(crate) anchor: Anchor,
    /// The row.
    pub(crate) text: &'static str,
}

/// One kind of thing that the house can have more of.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The word on the command line.
    pub(crate) name: &'static str,
    /// Files that hold the registry and are made once, when they are missing.
    pub(crate) rooms: &'static [(&'static str, &'static str)],
    /// Files that are made each time.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// Rows that are added each time.
    pub(crate) rows: &'static [Row],
    /// What the author does next.
    pub(crate) next: &'static str,
}

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[STEP, RULE, REPORT, VERB, ENGINE];

/// A step on one table; the author changes what its action holds.
const STEP: Kind = Kind {
    name: "step",
    rooms: &[],
    files: &[
        ("crates/segue-steps/src/kind/{{name}}.rs", include_str!("../../templates/step.rs.txt")),
        ("docs/steps/{{name}}.md", include_str!("../../templates/step_page.md.txt")),
    ],
    rows: &[
        Row {
            file: "crates/segue-model/src/action.rs",
            anchor: Anchor::Before("/// The control table remembers that this spec was applied"),
            text: "/// Say what it does.\n{{Name}} {\n    /// The base table.\n    table: TableName,\n},",
        },
        Row {
            file: "crates/segue-model/src/action.rs",
            anchor: Anchor::Before("Self::FinishRun =>"),
            text: "Self::{{Name}} { .. } => \"{{name}}\",",
        },
        Row { file: "crates/segue-steps/src/kind/mod.rs", anchor: Anchor::Before("// xtask:new mod"), text: "pub mod {{name}};" },
        Row { file: "crates/segue-steps/src/registry.rs", anchor: Anchor::Before("// xtask:new step"), text: "(\"{{name}}\", 1)," },
        Row {
            file: "crates/segue-steps/src/registry.rs",
            anchor: Anchor::Before("// xtask:new build"),
            text: "Action::{{Name}} { table } => Box::new(kind::{{name}}::{{Name}} { desk, table: table.clone() }),",
        },
        // The memory engine proves every kind that there is; its test fails until a plan there has a step of it.
        Row {
            file: "crates/segue-sim/tests/it/proof_memory.rs",
            anchor: Anchor::Before("install_control, create_table"),
            text: "{{name}},",
        },
    ],
    next: "write its five functions until its proof passes, give a recipe its action, and run `cargo xtask docs`",
};

/// A rule over two whole documents of OpenAPI; the other lists of that file, and other families, are filled by hand.
const RULE: Kind = Kind {
    name: "rule",
    rooms: &[],
    files: &[("crates/segue-compat/src/openapi/rule/{{name}}.rs", include_str!("../../templates/rule.rs.txt"))],
    rows: &[
        Row { file: "crates/segue-compat/src/openapi/rule/mod.rs", anchor: Anchor::AfterLast("mod "), text: "mod {{name}};" },
        Row {
            file: "crates/segue-compat/src/openapi/rule/mod.rs",
            anchor: Anchor::Before("// xtask:new rule card"),
            text: "&{{name}}::RULE,",
        },
        Row {
            file: "crates/segue-compat/src/openapi/rule/mod.rs",
            anchor: Anchor::Before("// xtask:new document rule"),
            text: "{{name}}::check,",
        },
    ],
    next: "write its words and its check, a case in tests/cases/openapi/ that names it (tidy asks for one), and run `cargo xtask docs`",
};

const REPORT: Kind = Kind {
    name: "report",
    rooms: &[],
    files: &[
        ("crates/segue-report/src/{{name}}.rs", include_str!("../../templates/report.rs.txt")),
        ("docs/reports/{{name}}.md", include_str!("../../templates/report_page.md.txt")),
    ],
    rows: &[Row { file: "crates/segue-report/src/lib.rs", anchor: Anchor::AfterLast("mod "), text: "pub mod {{name}};" }],
    next: "give `render` what it needs of plan, journal and findings, and write its golden text",
};

const VERB: Kind = Kind {
    name: "verb",
    rooms: &[],
    files: &[
        ("crates/segue/src/cli/{{name}}.rs", include_str!("../../templates/verb.rs.txt")),
        ("crates/segue/tests/it/verbs/{{name}}.rs", include_str!("../../templates/verb_test.rs.txt")),
    ],
    rows: &[
        Row { file: "crates/segue/src/cli/mod.rs", anchor: Anchor::AfterLast("pub(crate) mod "), text: "pub(crate) mod {{name}};" },
        Row {
            file: "crates/segue/src/cli/mod.rs",
            anchor: Anchor::Before("// xtask:new verb"),
            text: "/// Say here what it answers, in one line\n{{Name}}({{name}}::{{Name}}),",
        },
        Row {
            file: "crates/segue/src/cli/mod.rs",
            anchor: Anchor::AfterLast("=> verb.run(global, show),"),
            text: "Verb::{{Name}}(verb) => verb.run(global, show),",
        },
        Row {
            file: "crates/segue/src/exit.rs",
            anchor: Anchor::Before("// xtask:new verb"),
            text: "(\"{{name-with-hyphens}}\", &[Ok, Failed, Usage]),",
        },
        Row { file: "crates/segue/tests/it/verbs/mod.rs", anchor: Anchor::Before("mod explain;"), text: "mod {{name}};" },
    ],
    next: "write what it answers and its exit codes in exit.rs, accept the whole output of each, and run `cargo xtask docs`",
};

const ENGINE: Kind = Kind {
    name: "engine",
    rooms: &[],
    files: &[
        ("crates/segue-{{name-with-hyphens}}/Cargo.toml", include_str!("../../templates/engine_cargo.toml.txt")),
        ("crates/segue-{{name-with-hyphens}}/src/lib.rs", include_str!("../../templates/engine_lib.rs.txt")),
        ("crates/segue-{{name-with-hyphens}}/tests/it/main.rs", include_str!("../../templates/engine_test.rs.txt")),
        ("docs/engines/{{name}}.md", include_str!("../../templates/engine_page.md.txt")),
    ],
    rows: &[
        Row {
            file: "Cargo.toml",
            anchor: Anchor::AfterLast("segue-sqlite = {"),
            text: "segue-{{name-with-hyphens}} = { path = \"crates/segue-{{name-with-hyphens}}\" }",
        },
        Row {
            file: "xtask/src/tidy/arrows.rs",
            anchor: Anchor::Before("// xtask:new engine"),
            text: "(\"segue-{{name-with-hyphens}}\", &[\"segue-model\", \"segue-engine\"]),",
        },
        Row {
            file: "xtask/src/tidy/sql_text.rs",
            anchor: Anchor::Before("// xtask:new engine"),
            text: "\"crates/segue-{{name-with-hyphens}}/\",",
        },
    ],
    next: "implement segue_engine::Engine and run segue_sim::conformance in the crate's test",
};

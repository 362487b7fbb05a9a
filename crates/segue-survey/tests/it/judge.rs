//! A live catalog is judged by the same rules as a dump of it.

use std::collections::BTreeSet;

use segue_model::catalog::{Catalog, Column, Constraint, ConstraintKind, Index, Named, Table, TableKind, View};
use segue_model::ident::TableName;
use segue_survey::{Dialect, dump, judge};

fn column(name: &str, data_type: &str, nullable: bool) -> Column {
    Column { nullable, ..Column::new(name.to_owned(), data_type.to_owned()) }
}

fn index(name: &str, definition: &str, columns: &[&str], unique: bool, primary: bool) -> Index {
    Index {
        name: name.to_owned(),
        definition: definition.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        unique,
        primary,
        valid: true,
        constraint: None,
        partial_or_expression: false,
    }
}

fn table(schema: &str, name: &str) -> Table {
    Table::new(TableName::new(schema, name), TableKind::Ordinary)
}

fn constraint(name: &str, kind: ConstraintKind, definition: &str, columns: &[&str]) -> Constraint {
    Constraint {
        name: name.to_owned(),
        kind,
        definition: definition.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        validated: true,
        references: None,
    }
}

fn postgres() -> Catalog {
    let mut orders = table("public", "orders");
    let mut id = column("id", "bigint", false);
    id.identity = Some("always".to_owned());
    let mut at = column("at", "timestamp with time zone", false);
    at.default = Some("now()".to_owned());
    orders.columns = vec![id, at, column("tags", "text[]", true), column("total", "numeric(10,2)", false)];
    orders.indexes = vec![
        index("orders_pkey", "CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id)", &["id"], true, true),
        index("orders_tags", "CREATE INDEX orders_tags ON public.orders USING gin (tags) WHERE (total > 0)", &["tags"], false, false),
    ];
    orders.constraints = vec![
        constraint("orders_pkey", ConstraintKind::PrimaryKey, "PRIMARY KEY (id)", &["id"]),
        constraint("orders_total_check", ConstraintKind::Check, "CHECK ((total >= (0)::numeric))", &["total"]),
        constraint(
            "orders_user",
            ConstraintKind::ForeignKey,
            "FOREIGN KEY (id) REFERENCES users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            &["id"],
        ),
    ];
    orders.triggers = vec![Named {
        name: "audit".to_owned(),
        definition: "CREATE TRIGGER audit AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION f()".to_owned(),
    }];
    orders.row_security = true;
    let view = View {
        name: TableName::new("public", "totals"),
        definition: " SELECT DISTINCT ON (id) id FROM orders;".to_owned(),
        materialized: true,
        reads: Vec::new(),
    };
    Catalog { tables: vec![orders], views: vec![view], default_schema: "public".to_owned() }
}

#[test]
fn a_catalog_of_postgres_gives_what_its_dump_gives() {
    let sql = "CREATE TABLE public.orders (id bigint NOT NULL, at timestamp with time zone DEFAULT now() NOT NULL, tags text[], total numeric(10,2) NOT NULL,
          CONSTRAINT orders_total_check CHECK ((total >= (0)::numeric)));
        ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.orders_id_seq START WITH 1);
        ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
        CREATE INDEX orders_tags ON public.orders USING gin (tags) WHERE (total > 0);
        ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_user FOREIGN KEY (id) REFERENCES users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
        CREATE TRIGGER audit AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
        CREATE MATERIALIZED VIEW public.totals AS SELECT DISTINCT ON (id) id FROM orders;";
    let rules = |objects: &[segue_model::assessment::Object]| -> BTreeSet<String> { objects.iter().map(|o| o.rule.clone()).collect() };
    let live = judge("shop", &postgres(), Dialect::Postgres, Dialect::Mysql);
    let dumped = dump(sql, "shop", Dialect::Postgres, Some(Dialect::Mysql)).objects;
    assert_eq!(rules(&live), rules(&dumped));
    assert!(live.iter().all(|o| o.system == "shop" && o.place.is_empty()));
    for rule in [
        "postgres.array",
        "postgres.index-gin",
        "postgres.deferrable",
        "postgres.row-security",
        "postgres.materialized-view",
        "postgres.identity-always",
    ] {
        assert!(rules(&live).contains(rule), "{rule}: {live:#?}");
    }
}

#[test]
fn a_catalog_of_mysql_is_judged() {
    let mut users = table("shop", "users");
    let mut id = column("id", "int(10) unsigned", false);
    id.identity = Some("by default".to_owned());
    let mut born = column("born", "datetime", true);
    born.default = Some("'0000-00-00 00:00:00'".to_owned());
    users.columns = vec![id, born, column("kind", "enum('a','b')", false)];
    users.indexes = vec![index("PRIMARY", "", &["id"], true, true), index("kind", "FULLTEXT KEY `kind` (`kind`)", &["kind"], false, false)];
    users.constraints = vec![constraint("PRIMARY", ConstraintKind::PrimaryKey, "PRIMARY KEY (`id`)", &["id"])];
    users.options = vec!["engine=MyISAM".to_owned()];
    let catalog = Catalog { tables: vec![users], views: Vec::new(), default_schema: "shop".to_owned() };
    let rules: BTreeSet<String> =
        judge("shop", &catalog, Dialect::Mysql, Dialect::Postgres).into_iter().map(|o| format!("{} {}", o.name, o.rule)).collect();
    for rule in [
        "users.id mysql.unsigned",
        "users.id mysql.auto-increment",
        "users.born mysql.zero-date-default",
        "users.kind mysql.enum",
        "users.kind mysql.fulltext",
        "users mysql.engine-myisam",
    ] {
        assert!(rules.contains(rule), "{rule}: {rules:#?}");
    }
}

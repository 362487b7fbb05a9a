//! The catalog: everything that a table can have comes out as the server has it.

use mysql_async::prelude::Queryable as _;
use segue_engine::inspect::Inspect as _;
use segue_model::catalog::{ConstraintKind, TableKind};

use crate::database::{database, table};

const PARENT: &str = "create table parent (a int unsigned not null, b varchar(20) not null, primary key (a, b)) comment 'it''s'";

const ALL: &str = "create table `all` (
    id bigint(20) unsigned not null auto_increment primary key,
    e enum('a','it''s') not null default 'it''s' comment 'a; comment',
    s set('x','y'),
    z datetime(6) default current_timestamp(6) on update current_timestamp(6),
    n decimal(10,2) unsigned zerofill default 1.50,
    t text character set latin1 collate latin1_bin,
    y year, b bit(3) default b'101', g geometry,
    v varchar(100) as (concat(e, '!')) virtual,
    w int as (y + 1) stored,
    i int invisible default 7,
    j json, d int default (1 + 1),
    pa int unsigned, pb varchar(20),
    unique key u (t(10)), key d_first (n desc, y), key gone (y) ignored, fulltext key ft (t), key fk (pa, pb),
    constraint positive check (n > 0),
    constraint to_parent foreign key (pa, pb) references parent (a, b) on delete set null on update cascade)";

#[tokio::test]
async fn a_table_reads_whole() {
    let Some(db) = database(&[PARENT, ALL]).await else { return };
    let seen = db.engine.catalog_all().await.expect("a catalog");
    assert_eq!(seen.not_checked, Vec::<String>::new());
    let all = table(&seen.catalog, "all");
    let column = |name: &str| all.column(name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(all.columns[0].name, "id");
    assert_eq!((column("id").data_type.as_str(), column("id").identity.as_deref()), ("bigint(20) unsigned", Some("auto_increment")));
    assert_eq!(column("e").data_type, "enum('a','it''s')");
    assert_eq!(
        (column("e").default.as_deref(), column("e").comment.as_deref(), column("e").nullable),
        (Some("'it''s'"), Some("a; comment"), false)
    );
    assert_eq!(column("z").default.as_deref(), Some("current_timestamp(6)"));
    assert_eq!((column("n").data_type.as_str(), column("n").default.as_deref()), ("decimal(10,2) unsigned zerofill", Some("00000001.50")));
    assert_eq!((column("t").collation.as_deref(), column("t").default.as_deref()), (Some("latin1_bin"), None));
    assert_eq!((column("b").default.as_deref(), column("d").default.as_deref()), (Some("b'101'"), Some("(1 + 1)")));
    assert_eq!(column("v").generated.as_deref(), Some("concat(`e`,'!')"));
    assert_eq!((column("w").generated.as_deref(), column("w").default.as_deref()), (Some("`y` + 1"), None));
    for line in [
        "column `z`: on update current_timestamp(6)",
        "column `v`: virtual generated",
        "column `w`: stored generated",
        "column `i`: invisible",
    ] {
        assert!(all.options.iter().any(|option| option == line), "{line}: {:?}", all.options);
    }
    assert!(all.options.contains(&"engine=InnoDB".to_owned()));
    let definition = |name: &str| {
        let index = all.indexes.iter().find(|index| index.name == name).unwrap_or_else(|| panic!("{name}: {:?}", all.indexes));
        (index.definition.as_str(), index.valid, index.partial_or_expression)
    };
    assert_eq!(definition("PRIMARY"), ("PRIMARY KEY (`id`)", true, false));
    assert_eq!(definition("u"), ("UNIQUE KEY `u` (`t`(10))", true, true));
    assert_eq!(definition("d_first"), ("KEY `d_first` (`n` DESC, `y`)", true, false));
    assert_eq!(definition("gone"), ("KEY `gone` (`y`) INVISIBLE", false, false));
    assert_eq!(definition("ft"), ("FULLTEXT KEY `ft` (`t`)", true, true));
    let constraints: Vec<_> = all.constraints.iter().map(|c| (c.name.as_str(), c.kind, c.definition.as_str())).collect();
    assert!(constraints.contains(&("positive", ConstraintKind::Check, "CHECK (`n` > 0)")), "{constraints:?}");
    let key = "FOREIGN KEY (`pa`, `pb`) REFERENCES `parent` (`a`, `b`) ON DELETE SET NULL ON UPDATE CASCADE";
    assert!(constraints.contains(&("to_parent", ConstraintKind::ForeignKey, key)), "{constraints:?}");
    let parent = table(&seen.catalog, "parent");
    assert_eq!((parent.primary_key(), parent.comment.as_deref()), (vec!["a".to_owned(), "b".to_owned()], Some("it's")));
    assert_eq!(parent.referenced_by[0].columns, ["a", "b"]);
}

#[tokio::test]
async fn what_hangs_on_tables_is_read() {
    let setup = [
        "create table t (a int, b int)",
        "create table parted (id int not null, at date not null) partition by range (year(at)) \
         (partition p0 values less than (2020), partition `p``1` values less than maxvalue)",
        "create view v as select a from t where a > 1 with local check option",
        "create view vv as select a from v",
        "create trigger tr before insert on t for each row set new.b = new.a",
        "create trigger segue_ours before update on t for each row set new.b = new.a",
        "create sequence seq",
        "create event ev on schedule every 1 day disable do delete from t",
        "create table old_rows (a int) with system versioning",
        "create table aria (a int) engine=aria",
    ];
    let Some(mut db) = database(&setup).await else { return };
    let other = format!("other{}", db.name.rsplit(' ').next().unwrap_or_default());
    let name = segue_engine::quote::backtick(&db.name);
    for sql in [
        format!("alter table {name}.t add unique key (a)"),
        format!("create database {other}"),
        format!("create table {other}.child (a int, constraint from_elsewhere foreign key (a) references {name}.t (a))"),
        "create or replace user reader@'%' identified by 'pw'".to_owned(),
        format!("grant select, insert on {name}.t to reader@'%'"),
        format!("grant update (b) on {name}.t to reader@'%'"),
    ] {
        db.client.query_drop(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let catalog = db.engine.catalog_all().await.expect("a catalog").catalog;
    let names: Vec<_> = catalog.tables.iter().map(|table| table.name.name.as_str()).collect();
    assert_eq!(names, ["aria", "old_rows", "parted", "t"]);
    let t = table(&catalog, "t");
    assert_eq!(t.triggers.len(), 1, "ours is not theirs");
    assert_eq!(t.triggers[0].definition, "CREATE DEFINER=`root`@`%` TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW set new.b = new.a");
    assert_eq!(t.grants, ["INSERT to 'reader'@'%'", "SELECT to 'reader'@'%'"]);
    assert_eq!(t.column("b").expect("b").grants, ["UPDATE to 'reader'@'%'"]);
    assert_eq!((t.referenced_by.len(), t.referenced_by[0].table.to_string()), (1, format!("{other}.child")));
    let parted = table(&catalog, "parted");
    assert_eq!((parted.kind, parted.partition_key.as_deref()), (TableKind::Partitioned, Some("RANGE (year(`at`))")));
    for line in ["partition `p0` values less than (2020)", "partition `p``1` values less than (MAXVALUE)"] {
        assert!(parted.options.iter().any(|option| option == line), "{:?}", parted.options);
    }
    assert!(table(&catalog, "old_rows").options.contains(&"system versioned".to_owned()));
    assert!(table(&catalog, "aria").options.contains(&"engine=Aria".to_owned()));
    let views: Vec<_> = catalog.views.iter().map(|view| (view.name.name.as_str(), view.reads[0].0.name.as_str())).collect();
    assert_eq!(views, [("v", "t"), ("vv", "v")]);
    assert!(
        catalog.views[0].definition.starts_with("CREATE DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW `v` AS select "),
        "{:?}",
        catalog.views[0]
    );
    assert!(catalog.views[0].definition.ends_with(" WITH LOCAL CHECK OPTION"));
    let only = db.engine.catalog_of(&[segue_model::ident::TableName::bare("parted")]).await.expect("one").catalog;
    assert_eq!((only.tables.len(), only.views.len()), (1, 0));
}

#[tokio::test]
async fn what_the_account_may_not_see_is_said() {
    let setup =
        ["create table t (a int)", "create trigger tr before insert on t for each row set new.a = 1", "create view v as select a from t"];
    let Some(mut db) = database(&setup).await else { return };
    let reader = db.account("narrow", "select").await;
    let seen = reader.catalog_all().await.expect("what it may see");
    assert_eq!(table(&seen.catalog, "t").triggers.len(), 0, "the server hides them without a word");
    let said = seen.not_checked.join("\n");
    assert!(said.contains("no TRIGGER on the whole database: triggers may be there that were not seen"), "{said}");
    assert!(said.contains("no SHOW VIEW on the whole database"), "{said}");
    assert!(!said.contains("no SELECT"), "{said}");
    let wide = db.account("wide", "select, trigger, show view, event, execute").await;
    assert_eq!(wide.catalog_all().await.expect("all of it").not_checked, Vec::<String>::new());
}

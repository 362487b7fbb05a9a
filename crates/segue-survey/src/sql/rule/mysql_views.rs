//! MySQL → PostgreSQL: views. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, manual, warn};

const VIEW: &[&str] = &["view"];

/// Functions and words that PostgreSQL does not have under that name, or that mean something else there.
pub(super) const VENDOR: &[&str] = &[
    " group_concat (",
    " ifnull (",
    " if (",
    " date_format (",
    " str_to_date (",
    " find_in_set (",
    " field (",
    " elt (",
    " convert (",
    " unix_timestamp (",
    " from_unixtime (",
    " date_add (",
    " date_sub (",
    " datediff (",
    " timestampdiff (",
    " timestampadd (",
    " curdate (",
    " curtime (",
    " sysdate (",
    " last_insert_id (",
    " found_rows (",
    " sql_calc_found_rows ",
    " straight_join ",
    " ucase (",
    " lcase (",
    " mid (",
    " inet_aton (",
    " inet_ntoa (",
    " json_extract (",
    " json_unquote (",
    " json_arrayagg (",
    " regexp ",
    " rlike ",
    " xor ",
    " div ",
    " match (",
    " isnull (",
    " yearweek (",
    " hex (",
    " unhex (",
    " uuid (",
    " rand (",
    " any_value (",
    " with rollup ",
    " _utf8",
    " <=> ",
];

pub(super) const RULES: &[Rule] = &[
    warn(
        "mysql.view",
        10,
        On::Thing(VIEW, |_, _| true),
        "its text is translated and tried: quotes, functions and grouping (MySQL may select columns that it does not group by)",
    ),
    manual(
        "mysql.view-vendor",
        20,
        On::Thing(VIEW, |t, _| VENDOR.iter().any(|v| t.words.contains(v))),
        "uses functions or words that PostgreSQL lacks or reads otherwise (GROUP_CONCAT, IF, DATE_FORMAT, …): written anew and compared row for row",
    ),
    warn(
        "mysql.view-definer",
        3,
        On::Thing(VIEW, |t, _| t.words.contains(" definer =") && !t.words.contains(" sql security invoker ")),
        "runs with the rights of its definer: in PostgreSQL with those of its owner, so the owner is chosen with care",
    ),
    warn(
        "mysql.view-invoker",
        3,
        On::Thing(VIEW, |t, _| t.words.contains(" sql security invoker ")),
        "runs with the caller's rights: `security_invoker`, from PostgreSQL 15 on",
    ),
    auto(
        "mysql.view-algorithm",
        On::Thing(VIEW, |t, _| t.words.contains(" algorithm =")),
        "how it is run is the planner's matter; left out",
    ),
    auto("mysql.view-check-option", On::Thing(VIEW, |t, _| t.words.contains(" check option ")), "kept; PostgreSQL has both forms"),
    manual(
        "mysql.view-order",
        5,
        On::Thing(VIEW, |t, _| t.words.contains(" order by ") && !t.words.contains(" limit ") && !t.words.contains(" over (")),
        "sorted inside of the view: who reads it and relies on the order must ask for it",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("mysql.view", "create view v as select 1 as a"),
    ("mysql.view-vendor", "create view v as select group_concat(a separator ', ') from t"),
    (
        "mysql.view-definer",
        "/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 AS `a` */;",
    ),
    ("mysql.view-invoker", "create definer=current_user sql security invoker view v as select 1 as a"),
    ("mysql.view-algorithm", "create algorithm=temptable view v as select 1 as a"),
    ("mysql.view-check-option", "create view v as select a from t where a > 1 with cascaded check option"),
    ("mysql.view-order", "create view v as select a from t order by a"),
];

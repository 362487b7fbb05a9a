//! The text of the trigger functions that keep both forms of a row in step.
//!
//! States of the helper column: 0 not converted, 1 an insert of the new side (the hidden view's default), 2
//! converted, 3 kept aside, 4 the backfill computed it; above them one bit for each twin that stood in the SET
//! list of an UPDATE. The functions run as the role of the run, with a fixed `search_path` and fixed formats, so
//! that a conversion gives the same whoever writes. They must never guess: where both forms of a row are written
//! and disagree, the statement is refused. Tests: `tests/reshape/`.
//!
//! One pass decides in this order: mirrors of renamed columns; which new columns were written; new columns from
//! the old form; old columns from the new one. With a user's BEFORE triggers between, a second pass (`after`)
//! takes what they changed as one more write over what the first pass left.

use segue_engine::quote::{name, table, text};

use crate::reshape::compose::{self, Source};
use crate::reshape::sync::{Down, Mirror, Sync, Up};

/// Fixed for each function, so that neither a text form nor the reading of an expression depends on the client's
/// session. Each costs some tenths of a microsecond a row; `lc_*` and the text search configuration would cost ten,
/// and are left to the session.
const SETTINGS: &str = "set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres' set extra_float_digits = '1' \
     set bytea_output = 'hex' set standard_conforming_strings = on set transform_null_equals = off";

pub(crate) fn changed(column: &str, before: &str) -> String {
    differ(&format!("new.{}", name(column)), &format!("{before}.{}", name(column)))
}

/// Two values of one type differ, byte by byte: works for types without an equality too.
fn differ(a: &str, b: &str) -> String {
    format!("row({a})::record operator(pg_catalog.*<>) row({b})::record")
}

pub(crate) fn any(conditions: impl IntoIterator<Item = String>) -> String {
    let list: Vec<String> = conditions.into_iter().collect();
    if list.is_empty() { "false".to_owned() } else { format!("({})", list.join(" or ")) }
}

impl Sync<'_> {
    /// All functions of the table, each `create or replace`, with nobody's right to call them.
    pub(crate) fn functions(&self, path: &str) -> String {
        let mut bodies = vec![("flag", self.flag_body()), ("insert", self.insert_body()), ("update", self.update_body())];
        if self.two_passes {
            bodies.push(("after", self.after_body()));
        }
        let mut sql = String::new();
        for (what, body) in bodies {
            let function = table(&self.names.function(what));
            sql.push_str(&format!(
                "create or replace function {function}() returns trigger language plpgsql security definer \
                 set search_path = {path} {SETTINGS} as {};\nrevoke all on function {function}() from public;\n",
                text(&body)
            ));
        }
        sql.push_str(&self.convert_function(path));
        sql
    }

    fn side(&self) -> String {
        format!("new.{}", name(&self.names.side))
    }

    /// A physical column of a row variable. A generated one is empty in a BEFORE trigger: its expression, then.
    fn leaf(&self, row: &str, physical: &str) -> String {
        let Some(expression) = self.generated.get(physical) else { return format!("{row}.{}", name(physical)) };
        let plain: Vec<String> = self.plain.iter().map(|column| format!("{row}.{0} as {0}", name(column))).collect();
        format!("(select (\n{expression}\n) from (select {}) as {})", plain.join(", "), name(&self.change.table.name))
    }

    /// The new form's column over a row variable.
    pub(crate) fn up_value(&self, up: &Up, row: &str) -> String {
        let leaf = |physical: &str| self.leaf(row, physical);
        let form = compose::new_form(self.change, &Source { leaf: &leaf, tail: "", extra: &[] });
        format!("(select {} from ({form}) as {})", name(&up.column), name(&self.change.table.name))
    }

    fn down_value(&self, down: &Down, row: &str) -> String {
        let leaf = |physical: &str| self.leaf(row, physical);
        let form = compose::old_form(self.change, &Source { leaf: &leaf, tail: "", extra: &[] });
        format!("(select {} from ({form}) as {})", name(&down.column), name(&self.change.table.name))
    }

    fn flag_body(&self) -> String {
        let side = self.side();
        format!("begin\n{side} := {side}::bigint | tg_argv[0]::bigint;\nreturn new;\nend")
    }

    fn head(&self) -> String {
        let mut out = "#variable_conflict use_column\ndeclare\nprior record;\nprobe record;\nseen text[];\nfresh boolean := false;\n\
                       was_aside boolean := false;\nflags bigint := 0;\nbad boolean := false;\nreason text;\nagree boolean;\n"
            .to_owned();
        for at in 0..self.ups.len() {
            out.push_str(&format!("w_{at} boolean := false;\nover_{at} boolean := false;\n"));
        }
        for at in 0..self.downs.len() {
            out.push_str(&format!("need_{at} boolean := false;\ncd_{at} boolean := false;\n"));
        }
        for at in 0..self.shared.len() {
            out.push_str(&format!("cs_{at} boolean := false;\n"));
        }
        for at in 0..self.mirrors.len() {
            out.push_str(&format!("given_{at} boolean := false;\n"));
        }
        out + "begin\n"
    }

    fn refuse(&self, what: &str) -> String {
        let message = format!("segue: {what} of table \"{}\" were both written and do not agree", self.change.table.name);
        format!("raise exception using errcode = '22023', message = {}, hint = 'write one form of the row';", text(&message))
    }

    fn refuse_null(&self, up: &Up) -> String {
        let message = format!("null value in column \"{}\" of table \"{}\": the new form takes none", up.column, self.change.table.name);
        format!(
            "raise exception using errcode = '23502', message = {}, column = {}, table = {}, schema = {};",
            text(&message),
            text(&up.column),
            text(&self.change.table.name),
            text(&self.change.table.schema)
        )
    }

    /// Computes a new column from the old form. Before `shift` a failure keeps the row aside; errors that say
    /// nothing of the value (locks, resources, cancellation) always go through.
    fn compute_up(&self, up: &Up, row: &str) -> String {
        let target = format!("{row}.{}", name(&up.physical));
        if !up.computes {
            return "null;\n".to_owned();
        }
        let assign = format!("{target} := {};\n", self.up_value(up, row));
        if self.strict {
            return assign;
        }
        let failed = text(&format!("`up` of column {} failed, SQLSTATE ", up.column));
        let mut out = format!(
            "begin\n{assign}exception when others then\n\
             if pg_catalog.left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then raise; end if;\n\
             {target} := null; bad := true; reason := {failed} || sqlstate;\nend;\n"
        );
        if up.not_null {
            let none = text(&format!("`up` of column {} gave NULL, which the new form does not take", up.column));
            out.push_str(&format!("if {target} is not distinct from null and not bad then bad := true; reason := {none}; end if;\n"));
        }
        out
    }

    fn key(&self, row: &str) -> String {
        let parts = self.change.key.iter().map(|column| format!("{row}.{}::text", name(column)));
        format!("pg_catalog.jsonb_build_array({})", parts.collect::<Vec<_>>().join(", "))
    }

    /// How a pass ends: the state, the list of rows kept aside, and what a second pass must know.
    fn tail(&self, last: bool) -> String {
        let (side, run, relation) = (self.side(), text(self.run), text(&table(&self.change.table)));
        let key = self.key("new");
        let mut out = format!("{side} := case when bad then 3 else 2 end;\n");
        if last {
            out.push_str(&format!(
                "if bad then perform segue.reject({run}, {relation}, {key}, reason);\n\
                 elsif was_aside then perform segue.accept({run}, {relation}, {key}); end if;\n"
            ));
        } else {
            out.push_str(&self.remember());
        }
        out + "return new;\nend"
    }

    /// What the first pass leaves, for the pass after the users' triggers.
    fn remember(&self) -> String {
        let watched: Vec<String> = self.watched().iter().map(|column| format!("new.{}::text", name(column))).collect();
        format!(
            "perform pg_catalog.set_config('segue.seen_' || pg_catalog.pg_trigger_depth(), array[{}]::text, true);\n",
            watched.join(", ")
        )
    }

    fn insert_body(&self) -> String {
        let side = self.side();
        let mut out = self.head();
        out.push_str(&format!("if ({side} & 7) = 1 then\n"));
        for mirror in &self.mirrors {
            out.push_str(&format!("new.{} := new.{};\n", name(&mirror.twin), name(&mirror.original)));
        }
        for up in self.ups.iter().filter(|up| up.not_null) {
            out.push_str(&format!("if new.{} is not distinct from null then {} end if;\n", name(&up.physical), self.refuse_null(up)));
        }
        for down in self.downs.iter().filter(|down| down.computes) {
            out.push_str(&format!("new.{} := {};\n", name(&down.physical), self.down_value(down, "new")));
        }
        out.push_str("else\n");
        out.push_str(&self.insert_by_base());
        out.push_str("end if;\n");
        out + &self.tail(!self.two_passes)
    }

    /// An insert through the old view or the table itself: a new column that is not NULL is a write of the new form.
    fn insert_by_base(&self) -> String {
        let mut out = String::new();
        for (at, mirror) in self.mirrors.iter().enumerate() {
            out.push_str(&self.insert_mirror(at, mirror));
        }
        for (at, up) in self.ups.iter().enumerate() {
            out.push_str(&format!("w_{at} := {};\n", given_at_all(&format!("new.{}", name(&up.physical)))));
        }
        // Not of a column that goes: its default may be a sequence, and asking it would move what `currval` gives.
        for (at, down) in self.downs.iter().enumerate().filter(|(_, down)| !down.dropped) {
            out.push_str(&format!("cd_{at} := {};\n", given(&down.physical, &down.data_type, down.default.as_deref())));
            out.push_str(&format!("need_{at} := {};\n", any(down.reads.iter().map(|up| format!("w_{up}")))));
        }
        let touched = |up: &Up| any(up.reads.iter().map(|down| format!("need_{down}")));
        for (at, up) in self.ups.iter().enumerate() {
            let own = up.original.map_or("false".to_owned(), |down| format!("cd_{down}"));
            out.push_str(&format!("if not w_{at} and (not {} or {own}) then\n{}end if;\n", touched(up), self.compute_up(up, "new")));
        }
        out.push_str(&self.derive_downs());
        for (at, up) in self.ups.iter().enumerate().filter(|(_, up)| up.added && !up.reads.is_empty()) {
            out.push_str(&format!("if not w_{at} and {} then\n{}end if;\n", touched(up), self.compute_up(up, "new")));
        }
        let by_new = any((0..self.ups.len()).map(|at| format!("w_{at}")).chain((0..self.mirrors.len()).map(|at| format!("given_{at}"))));
        for down in self.downs.iter().filter(|down| down.dropped && down.computes) {
            let column = name(&down.physical);
            let condition = if down.not_null { "true" } else { by_new.as_str() };
            out.push_str(&format!(
                "if new.{column} is not distinct from null and {condition} then new.{column} := {}; end if;\n",
                self.down_value(down, "new")
            ));
        }
        out
    }

    fn insert_mirror(&self, at: usize, mirror: &Mirror) -> String {
        let (original, twin) = (format!("new.{}", name(&mirror.original)), format!("new.{}", name(&mirror.twin)));
        let original_given = given(&mirror.original, &mirror.data_type, mirror.default.as_deref());
        format!(
            "given_{at} := {};\n\
             if given_{at} then\nif {original_given} and {} then {} end if;\n{original} := {twin};\nelse\n{twin} := {original};\nend if;\n",
            given_at_all(&twin),
            differ(&original, &twin),
            self.refuse(&format!("columns \"{}\" and \"{}\"", mirror.original, mirror.twin)),
        )
    }

    fn update_body(&self) -> String {
        let side = name(&self.names.side);
        let mut out = self.head();
        // The backfill computed this row itself, in a session whose role may not switch triggers off.
        let done = if self.two_passes { self.remember() } else { format!("new.{side} := 2;\n") };
        out.push_str(&format!("if (new.{side} & 7) = 4 then\n{done}return new;\nend if;\n"));
        out.push_str(&format!(
            "prior := old;\nfresh := (old.{side} & 7) in (0, 3);\nwas_aside := (old.{side} & 7) = 3;\nflags := (new.{side}::bigint >> 3) << 3;\n"
        ));
        out.push_str(&self.refuse_unseen());
        out.push_str(&self.change_pass());
        out + &self.tail(!self.two_passes)
    }

    /// The pass after the users' triggers: what they changed is a write over what the first pass left.
    fn after_body(&self) -> String {
        let side = name(&self.names.side);
        let mut out = self.head();
        out.push_str("seen := pg_catalog.current_setting('segue.seen_' || pg_catalog.pg_trigger_depth())::text[];\nprior := new;\n");
        for (at, column) in self.watched().iter().enumerate() {
            let column = name(column);
            out.push_str(&format!("if seen[{0}] is distinct from new.{column}::text then prior.{column} := seen[{0}]; end if;\n", at + 1));
        }
        out.push_str(&format!("fresh := (new.{side} & 7) = 3;\n"));
        out.push_str(&format!("if tg_op = 'UPDATE' then\nwas_aside := (old.{side} & 7) = 3;\nend if;\n"));
        out.push_str(&self.change_pass());
        out + &self.tail(true)
    }

    /// The heart: `prior` is the row before, `new` the row with what the statement (or a user's trigger) wrote.
    fn change_pass(&self) -> String {
        let mut out = String::new();
        for mirror in &self.mirrors {
            out.push_str(&self.change_mirror(mirror));
        }
        for (at, column) in self.shared.iter().enumerate() {
            out.push_str(&format!("cs_{at} := {};\n", changed(column, "prior")));
        }
        for (at, down) in self.downs.iter().enumerate() {
            out.push_str(&format!("cd_{at} := {};\n", changed(&down.physical, "prior")));
        }
        for (at, up) in self.ups.iter().enumerate() {
            let partners = self.downs.iter().enumerate().filter(|(_, down)| down.reads.contains(&at)).map(|(down, _)| format!("cd_{down}"));
            out.push_str(&format!(
                "w_{at} := {} or (fresh and (flags & {}) <> 0 and not {});\n",
                changed(&up.physical, "prior"),
                up.flag,
                any(partners)
            ));
            if up.not_null {
                out.push_str(&format!(
                    "if w_{at} and new.{} is not distinct from null then {} end if;\n",
                    name(&up.physical),
                    self.refuse_null(up)
                ));
            }
        }
        for (at, up) in self.ups.iter().enumerate() {
            out.push_str(&self.change_up(at, up));
        }
        for (at, down) in self.downs.iter().enumerate().filter(|(_, down)| !down.dropped) {
            let written = any(down.reads.iter().map(|up| format!("w_{up}")));
            let overridden = any(down.reads.iter().filter(|up| !self.ups[**up].added).map(|up| format!("over_{up}")));
            let shared = any(down.reads_shared.iter().map(|shared| format!("cs_{shared}")));
            out.push_str(&format!("need_{at} := {written} or ({shared} and {overridden} and not cd_{at});\n"));
        }
        out + &self.derive_downs()
    }

    fn change_mirror(&self, mirror: &Mirror) -> String {
        let (original, twin) = (format!("new.{}", name(&mirror.original)), format!("new.{}", name(&mirror.twin)));
        let (original_changed, twin_changed) = (changed(&mirror.original, "prior"), changed(&mirror.twin, "prior"));
        format!(
            "if {twin_changed} or (fresh and (flags & {}) <> 0 and not {original_changed}) then\n\
             if {original_changed} and {} then {} end if;\n{original} := {twin};\nelse\n{twin} := {original};\nend if;\n",
            mirror.flag,
            differ(&original, &twin),
            self.refuse(&format!("columns \"{}\" and \"{}\"", mirror.original, mirror.twin)),
        )
    }

    /// A new column that was not written: again from the old form when what it reads was written there. Where only
    /// a column of both forms was written nobody knows which side did: a value that `up` gives is computed again,
    /// one that the new side gave itself stays (and the old form follows it).
    fn change_up(&self, at: usize, up: &Up) -> String {
        if !up.computes {
            return String::new();
        }
        let column = name(&up.physical);
        let direct = any(up.reads.iter().map(|down| format!("cd_{down}")));
        let compute = self.compute_up(up, "new");
        let mut out = format!("if not w_{at} and ({direct} or (fresh and new.{column} is not distinct from null)) then\n{compute}");
        if !up.reads_shared.is_empty() {
            let shared = any(up.reads_shared.iter().map(|shared| format!("cs_{shared}")));
            let value = self.up_value(up, "prior");
            out.push_str(&format!(
                "elsif not w_{at} and {shared} then\nprobe := prior;\nbegin\nprobe.{column} := {value};\nover_{at} := {};\n\
                 exception when others then\nif pg_catalog.left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then raise; end if;\n\
                 over_{at} := true;\nend;\nif not over_{at} then\n{compute}end if;\n",
                differ(&format!("probe.{column}"), &format!("prior.{column}"))
            ));
        }
        out + "end if;\n"
    }

    /// Old columns whose new form was written. One that was written as well must agree, in either direction.
    fn derive_downs(&self) -> String {
        let mut out = String::new();
        for (at, down) in self.downs.iter().enumerate().filter(|(_, down)| !down.dropped && down.computes) {
            let column = name(&down.physical);
            let value = self.down_value(down, "new");
            let mut other_way = String::new();
            for (up_at, up) in down.reads.iter().map(|up_at| (*up_at, &self.ups[*up_at])).filter(|(_, up)| up.computes) {
                let up_column = name(&up.physical);
                other_way.push_str(&format!(
                    "if w_{up_at} then\nprobe.{up_column} := {};\nif {} then agree := false; end if;\nend if;\n",
                    self.up_value(up, "new"),
                    differ(&format!("probe.{up_column}"), &format!("new.{up_column}"))
                ));
            }
            let written: Vec<String> = down.reads.iter().map(|up| format!("\"{}\"", self.ups[*up].column)).collect();
            let refuse = self.refuse(&format!("columns \"{}\" and {}", down.column, written.join(", ")));
            out.push_str(&format!(
                "if need_{at} then\nif cd_{at} then\nprobe := new;\nprobe.{column} := {value};\nif {} then\nagree := {};\n{other_way}\
                 if not agree then {refuse} end if;\nend if;\nelse\nnew.{column} := {value};\nend if;\nend if;\n",
                differ(&format!("probe.{column}"), &format!("new.{column}")),
                if other_way.is_empty() { "false" } else { "true" },
            ));
        }
        out
    }

    /// `segue.…_convert(row)`: what the backfill uses for the rows of a batch in which some value cannot be
    /// converted. Lenient also after `shift`.
    fn convert_function(&self, path: &str) -> String {
        let function = table(&self.names.function("convert"));
        let base = table(&self.change.table);
        let lenient = Self {
            ups: Vec::new(),
            downs: Vec::new(),
            mirrors: Vec::new(),
            shared: Vec::new(),
            generated: self.generated.clone(),
            plain: self.plain.clone(),
            names: self.names.clone(),
            strict: false,
            ..*self
        };
        let mut body = "#variable_conflict use_column\ndeclare\nbad boolean := false;\nbegin\n".to_owned();
        for mirror in &self.mirrors {
            body.push_str(&format!("whole.{} := whole.{};\n", name(&mirror.twin), name(&mirror.original)));
        }
        for up in &self.ups {
            body.push_str(&lenient.compute_up(up, "whole"));
        }
        body.push_str(&format!("whole.{} := case when bad then 3 else 2 end;\nend", name(&self.names.side)));
        format!(
            "create or replace function {function}(inout whole {base}, out reason text) language plpgsql set search_path = {path} {SETTINGS} as {};\n\
             revoke all on function {function}({base}) from public;\n",
            text(&body)
        )
    }

    /// The triggers, each `create or replace`, so that making them again changes nothing.
    pub(crate) fn triggers(&self, always: bool) -> String {
        let base = table(&self.change.table);
        let mut list: Vec<(String, String, &str, String)> = Vec::new();
        let twins = self.mirrors.iter().map(|mirror| (&mirror.twin, mirror.flag)).chain(self.ups.iter().map(|up| (&up.physical, up.flag)));
        for (at, (physical, flag)) in twins.enumerate() {
            let when = format!("update of {}", name(physical));
            let condition = format!(" when ((old.{} & 7) <> 2)", name(&self.names.side));
            list.push((self.names.first_trigger(&format!("f{at:02}")), when, "flag", format!("{condition}\u{0}{flag}")));
        }
        if self.two_passes {
            list.push((self.names.first_trigger("insert"), "insert".to_owned(), "insert", String::new()));
            list.push((self.names.first_trigger("update"), "update".to_owned(), "update", String::new()));
            list.push((self.names.last_trigger("after"), "insert or update".to_owned(), "after", String::new()));
        } else {
            list.push((self.names.last_trigger("insert"), "insert".to_owned(), "insert", String::new()));
            list.push((self.names.last_trigger("update"), "update".to_owned(), "update", String::new()));
        }
        let mut sql = String::new();
        for (trigger, event, function, rest) in list {
            let (condition, flag) = rest.split_once('\0').unwrap_or((rest.as_str(), ""));
            let argument = if flag.is_empty() { String::new() } else { text(flag) };
            sql.push_str(&format!(
                "create or replace trigger {} before {event} on {base} for each row{condition} execute function {}({argument});\n",
                name(&trigger),
                table(&self.names.function(function))
            ));
            if always {
                sql.push_str(&format!("alter table {base} enable always trigger {};\n", name(&trigger)));
            }
        }
        sql
    }

    /// The names of the triggers, in the order in which they fire.
    pub(crate) fn trigger_names(&self) -> Vec<String> {
        let mut out: Vec<String> =
            (0..self.mirrors.len() + self.ups.len()).map(|at| self.names.first_trigger(&format!("f{at:02}"))).collect();
        if self.two_passes {
            out.extend([self.names.first_trigger("insert"), self.names.first_trigger("update"), self.names.last_trigger("after")]);
        } else {
            out.extend([self.names.last_trigger("insert"), self.names.last_trigger("update")]);
        }
        out
    }
}

/// A value that is not NULL itself. `is not null` would ask each field of a composite one.
fn given_at_all(value: &str) -> String {
    format!("({value} is distinct from null)")
}

/// An old column was given by the insert: it is not NULL and not what the default gives.
fn given(physical: &str, data_type: &str, default: Option<&str>) -> String {
    let column = format!("new.{}", name(physical));
    match default {
        Some(default) => {
            let default = format!("((\n{default}\n)::{})", compose::assignable(data_type));
            format!("({} and {column}::text is distinct from {default}::text)", given_at_all(&column))
        }
        None => given_at_all(&column),
    }
}

//! Definitions and extensions of SDL. An extension of a type is merged into it, wherever it stands. Tests:
//! `tests/it/graphql/read.rs`.

use super::lex::Kind;
use super::sdl::{Broken, Parser, ROOM_OF_TYPE};
use crate::graphql::schema::{BUILT_IN_SCALARS, DirectiveDef, Members, NamedAt, OPERATIONS, TypeDef, TypeKind};

impl<'a> Parser<'a, '_> {
    /// One definition or extension.
    pub(super) fn definition(&mut self) -> Result<(), Broken> {
        self.description();
        let (keyword, word) = self.name("a definition should be here")?;
        let (keyword, extends) = if keyword == "extend" { (self.name("a definition should be here")?.0, true) } else { (keyword, false) };
        let kind = match keyword {
            "schema" => return self.schema_definition(extends),
            "directive" => return self.directive_definition(),
            "scalar" => TypeKind::Scalar,
            "type" => TypeKind::Object,
            "interface" => TypeKind::Interface,
            "union" => TypeKind::Union,
            "enum" => TypeKind::Enum,
            "input" => TypeKind::Input,
            _ => return Err(Broken { at: word.span(), what: "a definition should be here", fatal: false }),
        };
        let (name, word) = self.name("the name of a type should be here")?;
        let mut def = TypeDef::new(name, kind, self.place(word));
        match self.type_parts(&mut def) {
            Ok(whole) => {
                if !whole {
                    self.schema.unread.insert(name);
                }
                self.merge(def, extends);
                Ok(())
            }
            Err(stop) => {
                self.schema.unread.insert(name);
                Err(stop)
            }
        }
    }

    /// What stands behind a type's name; `false` when a part was skipped.
    fn type_parts(&mut self, def: &mut TypeDef<'a>) -> Result<bool, Broken> {
        if matches!(def.kind, TypeKind::Object | TypeKind::Interface) {
            let interfaces = self.interfaces()?;
            def.interfaces.add(interfaces);
        }
        def.uses = self.uses()?;
        self.keep(ROOM_OF_TYPE)?;
        match def.kind {
            TypeKind::Scalar => Ok(true),
            TypeKind::Union => {
                let members = if self.take(b'=') { self.named_list(b'|')? } else { Vec::new() };
                let twice = def.members.add(members);
                self.twice(def.name, &twice);
                Ok(true)
            }
            TypeKind::Object | TypeKind::Interface => {
                let (fields, whole) = self.block(Self::field)?;
                let twice = def.fields.add(fields);
                self.twice(def.name, &twice);
                Ok(whole)
            }
            TypeKind::Input => {
                let (inputs, whole) = self.block(Self::input)?;
                let twice = def.inputs.add(inputs);
                self.twice(def.name, &twice);
                Ok(whole)
            }
            TypeKind::Enum => {
                let (values, whole) = self.block(Self::enum_value)?;
                let twice = def.values.add(values);
                self.twice(def.name, &twice);
                Ok(whole)
            }
        }
    }

    /// `implements A & B`; the commas and spaces of older texts are fine too.
    fn interfaces(&mut self) -> Result<Vec<NamedAt<'a>>, Broken> {
        let mut found = Vec::new();
        if !self.is_keyword("implements") {
            return Ok(found);
        }
        self.next();
        self.take(b'&');
        loop {
            let (name, word) = self.name("the name of an interface should be here")?;
            found.push(NamedAt { name, place: self.place(word) });
            if !self.take(b'&') && (self.word.kind != Kind::Name || self.begins_line()) {
                return Ok(found);
            }
        }
    }

    /// `| A | B`.
    fn named_list(&mut self, mark: u8) -> Result<Vec<NamedAt<'a>>, Broken> {
        self.take(mark);
        let mut found = Vec::new();
        loop {
            if self.begins_definition() {
                return self.stop("a name should be here");
            }
            let (name, word) = self.name("a name should be here")?;
            found.push(NamedAt { name, place: self.place(word) });
            if !self.take(mark) {
                return Ok(found);
            }
        }
    }

    fn schema_definition(&mut self, extends: bool) -> Result<(), Broken> {
        let uses = self.uses()?;
        self.schema.uses.extend(uses);
        if !self.take(b'{') {
            return Ok(());
        }
        while !self.take(b'}') {
            self.description();
            let (operation, _) = self.name("query, mutation or subscription should be here")?;
            self.expect(b':', "a colon should be here")?;
            let (name, word) = self.name("the name of a type should be here")?;
            let place = self.place(word);
            if let Some(at) = OPERATIONS.iter().position(|one| *one == operation)
                && let Some(root) = self.schema.roots.get_mut(at)
            {
                *root = Some((name, place));
                self.schema.named_roots |= !extends;
            }
        }
        Ok(())
    }

    fn directive_definition(&mut self) -> Result<(), Broken> {
        self.expect(b'@', "@ should be here")?;
        let (name, word) = self.name("a directive's name should be here")?;
        let place = self.place(word);
        let mut arguments = Members::default();
        if self.is(b'(') {
            arguments.add(self.arguments()?);
        }
        let repeatable = self.is_keyword("repeatable");
        if repeatable {
            self.next();
        }
        if !self.is_keyword("on") {
            return self.stop("the word on should be here");
        }
        self.next();
        let mut locations = Members::default();
        locations.add(self.named_list(b'|')?);
        let def = DirectiveDef { name, place, arguments, repeatable, locations };
        if self.schema.directives.insert(name, def).is_some() {
            self.schema.not_checked.push(format!("@{name} is defined more than once; the last definition was compared"));
        }
        Ok(())
    }

    /// Joins a type with what is known of it.
    fn merge(&mut self, def: TypeDef<'a>, extends: bool) {
        let name = def.name;
        if name.starts_with("__") || def.kind == TypeKind::Scalar && BUILT_IN_SCALARS.contains(&name) {
            return;
        }
        let Some(known) = self.schema.types.get_mut(name) else {
            self.schema.types.insert(name, def);
            return;
        };
        if known.kind != def.kind {
            self.schema.unread.insert(name);
            self.schema.skipped = true;
            self.schema.not_checked.push(format!(
                "{name} is defined as {} and as {}; the first was compared",
                known.kind.a(),
                def.kind.a()
            ));
            return;
        }
        let mut twice = known.fields.add(def.fields.into_vec());
        twice.extend(known.inputs.add(def.inputs.into_vec()));
        twice.extend(known.values.add(def.values.into_vec()));
        known.members.add(def.members.into_vec());
        known.interfaces.add(def.interfaces.into_vec());
        known.uses.extend(def.uses);
        if !extends && known.kind != TypeKind::Scalar && !twice.is_empty() {
            self.twice(name, &twice);
        }
    }

    fn twice(&mut self, owner: &str, names: &[String]) {
        for name in names.iter().take(3) {
            self.schema.not_checked.push(format!("{owner}.{name} is defined more than once; the first definition was compared"));
        }
    }
}

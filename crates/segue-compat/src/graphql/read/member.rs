//! Fields, input fields, arguments and enum values of SDL. Tests: `tests/it/graphql/read.rs`.

use super::lex::Kind;
use super::sdl::{Broken, Parser, ROOM_OF_FIELD};
use crate::graphql::schema::{EnumValue, Field, Input, Members};

impl<'a> Parser<'a, '_> {
    /// `{ member … }`, or nothing; `false` when a member was skipped.
    pub(super) fn block<T>(&mut self, member: fn(&mut Self) -> Result<T, Broken>) -> Result<(Vec<T>, bool), Broken> {
        let mut found = Vec::new();
        let mut whole = true;
        if !self.take(b'{') {
            return Ok((found, whole));
        }
        let depth = self.depth();
        while !self.take(b'}') {
            match member(self) {
                Ok(one) => found.push(one),
                Err(stop) if stop.fatal => return Err(stop),
                Err(stop) => {
                    whole = false;
                    if self.word.kind == Kind::End {
                        return self.stop("a block that does not close");
                    }
                    self.broken.push(stop.clone());
                    if !self.skip_member(depth) {
                        self.broken.pop();
                        return Err(stop);
                    }
                }
            }
        }
        Ok((found, whole))
    }

    pub(super) fn field(&mut self) -> Result<Field<'a>, Broken> {
        self.description();
        let (name, word) = self.name("the name of a field should be here")?;
        let mut arguments = Members::default();
        if self.is(b'(') {
            for again in arguments.add(self.arguments()?) {
                self.schema
                    .not_checked
                    .push(format!("the argument {again} of {name} is defined more than once; the first definition was compared"));
            }
        }
        self.expect(b':', "a colon and a type should be here")?;
        let gives = self.type_ref()?;
        self.keep(ROOM_OF_FIELD)?;
        let uses = self.uses()?.into_boxed_slice();
        Ok(Field { name, place: self.place(word), gives, arguments, uses })
    }

    /// `(a: Int = 1, b: String)`.
    pub(super) fn arguments(&mut self) -> Result<Vec<Input<'a>>, Broken> {
        self.expect(b'(', "arguments should be here")?;
        let mut found = Vec::new();
        while !self.take(b')') {
            found.push(self.input()?);
        }
        Ok(found)
    }

    pub(super) fn input(&mut self) -> Result<Input<'a>, Broken> {
        self.description();
        let (name, word) = self.name("the name of an argument or input field should be here")?;
        self.expect(b':', "a colon and a type should be here")?;
        let takes = self.type_ref()?;
        self.keep(ROOM_OF_FIELD)?;
        let default = if self.take(b'=') { Some(Box::new(self.value()?)) } else { None };
        let uses = self.uses()?.into_boxed_slice();
        Ok(Input { name, place: self.place(word), takes, default, uses })
    }

    pub(super) fn enum_value(&mut self) -> Result<EnumValue<'a>, Broken> {
        self.description();
        let (name, word) = self.name("the name of an enum value should be here")?;
        let uses = self.uses()?.into_boxed_slice();
        Ok(EnumValue { name, place: self.place(word), uses })
    }
}

//! From texts to a [`Schema`](super::schema::Schema): SDL and introspection results.
//!
//! An own reader, because the one that the field has keeps a whole tree of the text (`apollo-parser`): the work and memory of a
//! second copy, without the places where a reader may go on. Must never recurse with the depth of a document, and never drop
//! a part in silence: what is skipped is listed. Tests: beside each reader, `tests/it/graphql/hostile.rs`.

mod definition;
mod detect;
mod introspection;
mod lex;
mod member;
mod sdl;
mod value;

pub(super) use detect::{imports, looks_like};
pub(super) use introspection::{is_introspection, read as read_introspection};
pub(super) use sdl::{TOO_MANY, read as read_sdl};

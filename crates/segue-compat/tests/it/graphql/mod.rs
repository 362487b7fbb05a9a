//! Checks of the GraphQL family over whole schemas.

mod case;
mod cases;
mod hostile;
mod introspection;
mod large;
mod values;
mod witness;
mod words;

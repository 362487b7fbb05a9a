//! Two schemas related, and an independent validator to judge what was said.

use jsonschema::{Draft, Resource, Validator};
use segue_compat::doc::Doc;
use segue_compat::policy::{Relation, Role};
use segue_compat::shape::relate::{Comparison, Difference, Options};
use segue_compat::shape::schema::{Dialect, FileIndex, Reader};
use segue_compat::shape::{ShapeId, Shapes};
use segue_compat::source::Source;
use segue_model::check::Side;
use serde_json::{Value, json};

pub(crate) const OPEN: Options = Options { closed_world: false, formats_bind: true };

/// A schema's shapes.
pub(crate) fn shapes(schema: &Value) -> (Shapes, ShapeId) {
    shapes_of(schema, Dialect::Draft2020)
}

pub(crate) fn shapes_of(schema: &Value, dialect: Dialect) -> (Shapes, ShapeId) {
    let text = schema.to_string();
    let source = Source::one(Side::Old, "a.json", &text);
    let docs = [Some(Doc::json(&text).expect("it reads"))];
    let mut reader = Reader::new(dialect, FileIndex::new(&source, &docs).resolver());
    let at = docs[0].as_ref().expect("it is there").root();
    let root = reader.root(at, 0, "#");
    (reader.finish().0, root)
}

pub(crate) fn relate(old: &Value, new: &Value, role: Role, options: Options) -> (Relation, Vec<Difference>) {
    let ((old, a), (new, b)) = (shapes(old), shapes(new));
    let mut comparison = Comparison::new(&old, &new, options);
    let relation = comparison.relate(a, b, role, "data", "user");
    (relation, comparison.finish())
}

/// The independent validator of a part of a document.
pub(crate) fn validator(document: &Value, pointer: &str) -> Option<Validator> {
    let resource = Resource::from_contents(document.clone());
    let fragment: String = pointer.replace('^', "%5E").replace(' ', "%20");
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_resource("urn:document", resource)
        .build(&json!({"$ref": format!("urn:document#{fragment}")}))
        .ok()
}

/// The witness proves the difference at its place or at a whole around it.
pub(crate) fn is_proved(old: &Value, new: &Value, difference: &Difference) -> bool {
    let Some(witness) = &difference.witness else { return true };
    let path = difference.object.trim_start_matches('#').trim_start_matches('/');
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let whole: String = parts.iter().map(|part| format!("/{part}")).collect();
    if old.pointer(&whole).is_none() || new.pointer(&whole).is_none() {
        // Only one side has the place, so that the other cannot be asked at it: the value itself was judged there.
        parts.truncate(parts.len().saturating_sub(2));
        if !matches!(difference.rule.id, "property-removed" | "property-added" | "required" | "any-of" | "one-of") {
            return true;
        }
    }
    let shows = |pointer: &str| {
        let (Some(old), Some(new)) = (validator(old, pointer), validator(new, pointer)) else { return false };
        let (takes, refuses) = if witness.accepted_by == Side::Old { (old, new) } else { (new, old) };
        takes.is_valid(&witness.value) && !refuses.is_valid(&witness.value)
    };
    loop {
        if shows(&parts.iter().map(|part| format!("/{part}")).collect::<String>()) {
            return true;
        }
        if parts.pop().is_none() {
            break;
        }
    }
    // What stands in a definition counts where the definition is used, together with what stands there.
    let mut pointers = Vec::new();
    places(old, new, String::new(), &mut pointers);
    pointers.iter().any(|pointer| shows(pointer))
}

/// Every place that both documents have.
fn places(old: &Value, new: &Value, at: String, out: &mut Vec<String>) {
    let inner = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, old) in old {
                if let Some(new) = new.get(key) {
                    places(old, new, inner(key), out);
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).enumerate().for_each(|(n, (old, new))| places(old, new, inner(&n.to_string()), out));
        }
        _ => {}
    }
    out.push(at);
}

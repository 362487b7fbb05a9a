//! Reads a document of version 2 or 3 into the model; `$ref` is followed wherever an object may stand.
//!
//! What is not understood is told and makes the answer undecided. Tests: `tests/it/asyncapi/`.

use std::collections::BTreeMap;

use super::model::{Api, Channel, Direction, Message, Operation, Server};
use crate::doc::{At, Doc, Value};
use crate::shape::schema::{Dialect, FileIndex, Reader};
use crate::source::{Place, Refused, Source, Span};

/// References of references.
const HOPS_MAX: usize = 32;

/// The trees of a side; the first must be AsyncAPI 2 or 3.
pub(super) fn documents(source: &Source) -> Result<Vec<Option<Doc>>, Vec<Refused>> {
    let mut docs = Vec::new();
    let mut stops = Vec::new();
    let refuse = |file: usize, code: &'static str, span: Option<Span>, message: String, help: &str| Refused {
        code,
        side: source.side,
        file: source.files.get(file).map(|file| file.name.clone()).unwrap_or_default(),
        span,
        message,
        help: help.to_owned(),
    };
    for (index, file) in source.files.iter().enumerate() {
        let read = match file.as_text() {
            Ok(text) => Doc::read(text).map_err(|stop| (stop.at, stop.what)),
            Err(at) => Err((Span::new(at, at + 1), "it is not UTF-8 from here on".to_owned())),
        };
        match read {
            Ok(doc) => docs.push(Some(doc)),
            Err((at, what)) => {
                stops.push(refuse(index, "SG-CHK-087", Some(at), what, "mend the document at this place"));
                docs.push(None);
            }
        }
    }
    if !stops.is_empty() {
        return Err(stops);
    }
    let root = docs.first().and_then(Option::as_ref).map(Doc::root);
    let version = root.and_then(|root| root.get("asyncapi")).and_then(|at| at.text().or_else(|| at.number())).unwrap_or_default();
    let channels = root.is_some_and(|root| root.get("channels").is_none_or(At::is_map) && root.is_map());
    if !(version.starts_with("2.") || version.starts_with("3.")) {
        let help = "`asyncapi` must name version 2 or 3";
        return Err(vec![refuse(0, "SG-CHK-088", None, "it says no version of AsyncAPI that is read".to_owned(), help)]);
    }
    if !channels || root.is_some_and(|root| root.get("channels").is_none() && root.get("operations").is_none()) {
        return Err(vec![refuse(0, "SG-CHK-088", None, "it has no map of channels".to_owned(), "`channels` must be a map of channels")]);
    }
    Ok(docs)
}

struct Side<'a> {
    index: FileIndex<'a>,
    reader: Reader<'a>,
    not_checked: Vec<String>,
    incomplete: bool,
    content_type: String,
}

/// An object and the file in which it stands.
type Found<'a> = (At<'a>, u32, String);

/// The document as the model.
pub(super) fn api(source: &Source, docs: &[Option<Doc>]) -> Api {
    let mut api = Api::default();
    let Some(Some(doc)) = docs.first() else { return api };
    let root = doc.root();
    let index = FileIndex::new(source, docs);
    let reader = Reader::new(Dialect::Draft7, index.clone().resolver());
    let content_type = root.text_at("defaultContentType").unwrap_or("application/json").to_owned();
    let mut side = Side { index, reader, not_checked: Vec::new(), incomplete: false, content_type };
    for (name, span, at) in root.get("servers").into_iter().flat_map(At::entries) {
        let (at, file, _) = side.found(at, 0, name);
        let host = at.text_at("url").or_else(|| at.text_at("host")).unwrap_or_default();
        let address = format!("{host}{}", at.text_at("pathname").unwrap_or_default());
        let protocol = at.text_at("protocol").unwrap_or_default().to_ascii_lowercase();
        let address = address.split_once("://").map_or(address.clone(), |(_, rest)| rest.to_owned());
        let security = Side::security(at, file);
        api.servers.insert(name.to_owned(), Server { at: Place { file: 0, span }, protocol, address, security });
    }
    let is_log = api.servers.values().any(|server| server.protocol.starts_with("kafka"));
    let two = root.get("asyncapi").is_some_and(|at| at.text().or_else(|| at.number()).is_some_and(|text| text.starts_with("2.")));
    let mut by_pointer: BTreeMap<String, String> = BTreeMap::new();
    for (name, span, at) in root.get("channels").into_iter().flat_map(At::entries) {
        let (at, file, _) = side.found(at, 0, name);
        let address = if two { name } else { at.text_at("address").unwrap_or(name) };
        by_pointer.insert(format!("channels/{}", name.replace('~', "~0").replace('/', "~1")), address.to_owned());
        let mut channel = side.channel(at, file, Place { file: 0, span }, is_log);
        if two {
            for (key, direction) in [("publish", Direction::Receives), ("subscribe", Direction::Sends)] {
                if let Some((span, operation)) = at.entry(key) {
                    let operation = side.operation(operation, file, Place { file, span }, operation.get("message"), name);
                    channel.operations.insert(direction, Box::new(operation));
                }
            }
        }
        api.channels.insert(address.to_owned(), Box::new(channel));
    }
    for (name, span, at) in root.get("operations").into_iter().flat_map(At::entries).filter(|_| !two) {
        let (at, file, _) = side.found(at, 0, name);
        let direction = if at.text_at("action") == Some("send") { Direction::Sends } else { Direction::Receives };
        let target = at.get("channel").map(|one| side.found(one, file, ""));
        let pointer = at
            .get("channel")
            .and_then(|one| one.text_at("$ref"))
            .and_then(|text| text.split_once("#/"))
            .map(|(_, pointer)| pointer.to_owned());
        let address = pointer.and_then(|pointer| by_pointer.get(&pointer).cloned());
        let (Some((channel_at, channel_file, _)), Some(address)) = (target, address) else {
            side.not_checked.push(format!("operation `{name}`: its channel is not one of the document"));
            side.incomplete = true;
            continue;
        };
        let messages = at.get("messages").or_else(|| channel_at.get("messages"));
        let from = if at.get("messages").is_some() { file } else { channel_file };
        let mut operation = side.operation(at, from, Place { file: 0, span }, messages, &address);
        operation.reply = at.get("reply").map(|reply| side.reply(reply, file));
        if let Some(channel) = api.channels.get_mut(&address) {
            match channel.operations.get_mut(&direction) {
                // Two operations of one direction on one channel: their messages together.
                Some(known) => known.messages.extend(operation.messages),
                None => {
                    channel.operations.insert(direction, Box::new(operation));
                }
            }
        }
    }
    api.incomplete = side.incomplete || side.reader.has_lost();
    let (shapes, more) = side.reader.finish();
    api.shapes = shapes;
    api.not_checked = [side.not_checked, more].concat();
    api
}

impl<'a> Side<'a> {
    /// The object behind references, with its file and the name by which it was reached last.
    fn found(&mut self, at: At<'a>, file: u32, name: &str) -> Found<'a> {
        let mut here = (at, file, name.to_owned());
        for _ in 0..HOPS_MAX {
            let Some(text) = here.0.text_at("$ref") else { return here };
            let Some(target) = self.index.find(here.1, text) else {
                self.not_checked.push(format!("`{text}` is not among the files"));
                self.incomplete = true;
                return here;
            };
            let last = text.rsplit('/').next().unwrap_or_default().to_owned();
            here = (target.at, target.file, last);
        }
        here
    }

    fn channel(&mut self, at: At<'a>, file: u32, place: Place, is_log: bool) -> Channel {
        let mut parameters = BTreeMap::new();
        for (name, span, one) in at.get("parameters").into_iter().flat_map(At::entries) {
            let (one, inner, _) = self.found(one, file, name);
            let schema = one.get("schema").map_or(one, |schema| self.found(schema, inner, name).0);
            let members = schema.get("enum").map(|list| list.items().filter_map(At::text).map(str::to_owned).collect());
            parameters.insert(name.to_owned(), (Place { file, span }, members));
        }
        let bindings = self.bindings(at, file);
        let is_log = is_log || bindings.keys().any(|key| key.starts_with("kafka"));
        Channel { at: place, parameters, bindings, operations: BTreeMap::new(), is_log }
    }

    fn operation(&mut self, at: At<'a>, file: u32, place: Place, messages: Option<At<'a>>, address: &str) -> Operation {
        let mut all = BTreeMap::new();
        if let Some(one) = messages {
            let list: Vec<(String, At<'a>)> = if let Some(members) = one.get("oneOf") {
                members.items().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
            } else if one.is_list() {
                one.items().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
            } else if one.get("payload").is_some()
                || one.get("$ref").is_some()
                || one.get("name").is_some()
                || one.get("messageId").is_some()
            {
                vec![("message".to_owned(), one)]
            } else {
                one.entries().map(|(name, _, item)| (name.to_owned(), item)).collect()
            };
            for (name, item) in list {
                let (item, inner, reached) = self.found(item, file, &name);
                let said = item.text_at("messageId").or_else(|| item.text_at("name")).map(str::to_owned);
                let name = said.unwrap_or(reached);
                let message = self.message(item, inner, &format!("{address}/messages/{name}"));
                all.insert(name, Box::new(message));
            }
        }
        let deprecated = at.get("deprecated").and_then(At::bool) == Some(true);
        Operation {
            at: place,
            messages: all,
            bindings: self.bindings(at, file),
            security: Self::security(at, file),
            reply: None,
            deprecated,
        }
    }

    fn message(&mut self, at: At<'a>, file: u32, name: &str) -> Message {
        let mut language = at.text_at("schemaFormat").unwrap_or_default().to_owned();
        let mut schema = at.get("payload").map(|one| (one, file));
        // Version 3 has the language inside.
        if let Some((one, inner)) = schema {
            let (one, inner, _) = self.found(one, inner, name);
            if let (Some(format), Some(deeper)) = (one.text_at("schemaFormat"), one.get("schema")) {
                format.clone_into(&mut language);
                schema = Some((deeper, inner));
            }
        }
        let plain = language.is_empty() || ["asyncapi", "schema+json", "schema+yaml"].iter().any(|word| language.contains(word));
        let foreign = (!plain).then(|| language.clone());
        let payload = match (schema, plain) {
            (Some((one, file)), true) => Some(self.reader.root(one, file, &format!("{name}/payload"))),
            _ => None,
        };
        if let Some(language) = &foreign {
            self.not_checked.push(format!("`{name}`: its payload is written in `{language}`, which is not compared here"));
            self.incomplete = true;
        }
        for (index, one) in at.get("traits").into_iter().flat_map(At::items).enumerate() {
            let (one, _, _) = self.found(one, file, name);
            if one.get("headers").is_some() || one.get("contentType").is_some() {
                self.not_checked.push(format!("`{name}`: trait {index} has headers or a content type, which are not compared"));
                self.incomplete = true;
            }
        }
        let headers = at.get("headers").map(|one| self.reader.root(one, file, &format!("{name}/headers")));
        let correlation =
            at.get("correlationId").map(|one| self.found(one, file, name).0).and_then(|one| one.text_at("location")).map(str::to_owned);
        let content_type = at.text_at("contentType").unwrap_or(&self.content_type).to_ascii_lowercase();
        let place = Place { file, span: at.span() };
        Message { at: place, content_type, correlation, payload, headers, foreign, bindings: self.bindings(at, file) }
    }

    /// Bindings as paths and words: `kafka.partitions` → `3`.
    fn bindings(&mut self, at: At<'a>, file: u32) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let Some(one) = at.get("bindings") else { return found };
        let (one, _, _) = self.found(one, file, "bindings");
        let mut open: Vec<(String, At<'a>)> = one.entries().map(|(key, _, inner)| (key.to_owned(), inner)).collect();
        while let Some((path, at)) = open.pop() {
            if path.ends_with("bindingVersion") || found.len() > 10_000 {
                continue;
            }
            let text = match at.value() {
                Value::Null => "null".to_owned(),
                Value::Bool(is) => is.to_string(),
                Value::Number(text) => text.to_owned(),
                Value::Text(text) => text.chars().take(64).collect(),
                Value::List(_) | Value::Map => {
                    open.extend(at.entries().map(|(key, _, inner)| (format!("{path}.{key}"), inner)));
                    open.extend(at.items().enumerate().map(|(index, inner)| (format!("{path}[{index}]"), inner)));
                    continue;
                }
            };
            found.insert(path, text);
        }
        found
    }

    fn security(at: At<'a>, file: u32) -> BTreeMap<String, Place> {
        let mut found = BTreeMap::new();
        for one in at.get("security").into_iter().flat_map(At::items) {
            let place = Place { file, span: one.span() };
            match one.text_at("$ref") {
                Some(text) => {
                    found.insert(text.rsplit('/').next().unwrap_or_default().to_owned(), place);
                }
                None if one.get("type").is_some() => {
                    found.insert(one.text_at("type").unwrap_or_default().to_owned(), place);
                }
                None => found.extend(one.entries().map(|(name, _, _)| (name.to_owned(), place))),
            }
        }
        found
    }

    fn reply(&mut self, at: At<'a>, file: u32) -> String {
        let (at, _, _) = self.found(at, file, "reply");
        let place = at.get("address").and_then(|one| one.text_at("location")).unwrap_or_default();
        let channel = at.get("channel").and_then(|one| one.text_at("$ref")).unwrap_or_default();
        format!("{channel} {place}").trim().to_owned()
    }
}

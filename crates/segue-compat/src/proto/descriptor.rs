//! A binary `FileDescriptorSet` to the same [`FileAst`]s as text gives.
//!
//! The numbers are those of `google/protobuf/descriptor.proto`. What is not known there is passed over, as every reader of
//! protobuf does. Depth is bounded by the nesting of messages. Tests: `tests/it/proto/descriptor.rs`, with sets that protoc made.

mod options;
mod wire;

use super::ast::{
    EnumAst, ExtendAst, FieldAst, FileAst, ImportAst, Label, MessageAst, MethodAst, Name, OneofAst, OptionAst, Options, Range, Reserved,
    ServiceAst, Syntax, TypeAst, ValueAst,
};
use super::model::ALL_SCALARS;
use crate::source::Span;
use options::read_options;
use wire::{Bad, Wire};

const DEPTH_MAX: usize = 64;
const DECLARATIONS_MAX: usize = 1_000_000;

/// The bytes look like a descriptor set: the first field of the first file is its name.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    if bytes.first() != Some(&0x0a) {
        return false;
    }
    let mut wire = Wire::new(bytes);
    let Ok(Some((1, file))) = wire.next() else { return false };
    let Ok(file) = file.bytes() else { return false };
    let Ok(Some((1, name))) = Wire::new(file).next() else { return false };
    name.text().is_ok_and(|name| !name.is_empty() && !name.contains(['\n', '{', '\0']))
}

/// The files of a set; what is wrong with it otherwise.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<FileAst>, &'static str> {
    let mut reader = Reader { declarations: 0 };
    let mut files = Vec::new();
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        if number == 1 {
            files.push(reader.file(value.bytes()?)?);
        }
    }
    if files.is_empty() { Err("a descriptor set without files") } else { Ok(files) }
}

struct Reader {
    declarations: usize,
}

fn name(text: &str) -> Name {
    Name { text: text.into(), span: Span::default() }
}

impl Reader {
    fn count(&mut self) -> Result<(), Bad> {
        self.declarations += 1;
        if self.declarations > DECLARATIONS_MAX { Err("more declarations than are read") } else { Ok(()) }
    }

    fn file(&mut self, bytes: &[u8]) -> Result<FileAst, Bad> {
        let mut file = FileAst {
            path: String::new(),
            source: None,
            syntax: Syntax::Proto2,
            syntax_at: Span::default(),
            package: name(""),
            imports: Vec::new(),
            options: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            services: Vec::new(),
            extends: Vec::new(),
        };
        let mut public = Vec::new();
        let mut edition = 0;
        let mut wire = Wire::new(bytes);
        while let Some((number, value)) = wire.next()? {
            match number {
                1 => value.text()?.clone_into(&mut file.path),
                2 => file.package = name(value.text()?),
                3 => file.imports.push(ImportAst { path: name(value.text()?), public: false }),
                4 => file.messages.push(self.message(value.bytes()?, 0)?),
                5 => file.enums.push(self.enumeration(value.bytes()?)?),
                6 => file.services.push(self.service(value.bytes()?)?),
                7 => file.extends.push(self.extension(value.bytes()?, &[])?),
                8 => file.options = read_options(value.bytes()?, options::FILE)?,
                10 => public.push(value.whole()? as usize),
                12 if value.text()? == "proto3" => file.syntax = Syntax::Proto3,
                14 => edition = value.whole()?,
                _ => {}
            }
        }
        match edition {
            1000..=1099 => file.syntax = Syntax::Edition(2023 + (edition - 1000) as u16),
            999 => file.syntax = Syntax::Proto3,
            _ => {}
        }
        for index in public {
            if let Some(import) = file.imports.get_mut(index) {
                import.public = true;
            }
        }
        Ok(file)
    }

    fn message(&mut self, bytes: &[u8], depth: usize) -> Result<MessageAst, Bad> {
        self.count()?;
        if depth > DEPTH_MAX {
            return Err("messages in messages, deeper than is read");
        }
        let mut message = MessageAst::default();
        let (mut fields, mut extensions, mut maps) = (Vec::new(), Vec::new(), Vec::new());
        let mut wire = Wire::new(bytes);
        while let Some((number, value)) = wire.next()? {
            match number {
                1 => message.name = Some(name(value.text()?)),
                2 => fields.push(value.bytes()?),
                3 => match map_entry(value.bytes()?)? {
                    Some(map) => maps.push(map),
                    None => message.messages.push(self.message(value.bytes()?, depth + 1)?),
                },
                4 => message.enums.push(self.enumeration(value.bytes()?)?),
                5 => message.extension_ranges.push(range(value.bytes()?, 1)?),
                6 => extensions.push(value.bytes()?),
                7 => message.options = read_options(value.bytes()?, options::MESSAGE)?,
                8 => message.oneofs.push(oneof(value.bytes()?)?),
                9 => message.reserved.ranges.push(range(value.bytes()?, 1)?),
                10 => message.reserved.names.push(name(value.text()?)),
                _ => {}
            }
        }
        for field in fields {
            message.fields.push(self.field(field, &maps)?.0);
        }
        for extension in extensions {
            message.extends.push(self.extension(extension, &maps)?);
        }
        // An `optional` of proto3 stands in a oneof of its own that nobody wrote; those come last.
        let real = message.fields.iter().filter_map(|field| field.oneof).max().map_or(0, |last| last as usize + 1);
        message.oneofs.truncate(real);
        Ok(message)
    }

    fn extension(&mut self, bytes: &[u8], maps: &[MapEntry]) -> Result<ExtendAst, Bad> {
        let (field, extendee) = self.field(bytes, maps)?;
        Ok(ExtendAst { extendee: name(&extendee), fields: vec![field] })
    }

    fn field(&mut self, bytes: &[u8], maps: &[MapEntry]) -> Result<(FieldAst, String), Bad> {
        self.count()?;
        let (mut kind, mut type_name, mut extendee, mut proto3_optional) = (0, String::new(), String::new(), false);
        let mut field = FieldAst {
            name: name(""),
            number: 0,
            number_at: Span::default(),
            label: Label::None,
            kind: TypeAst::Named("".into()),
            kind_at: Span::default(),
            oneof: None,
            options: Vec::new(),
        };
        let mut wire = Wire::new(bytes);
        while let Some((number, value)) = wire.next()? {
            match number {
                1 => field.name = name(value.text()?),
                2 => value.text()?.clone_into(&mut extendee),
                3 => field.number = value.whole()?,
                4 => {
                    field.label = match value.whole()? {
                        2 => Label::Required,
                        3 => Label::Repeated,
                        _ => Label::None,
                    }
                }
                5 => kind = value.whole()?,
                6 => value.text()?.clone_into(&mut type_name),
                7 => field.options.push(leaf("default", value.text()?)),
                8 => field.options.extend(read_options(value.bytes()?, options::FIELD)?),
                9 => field.oneof = u32::try_from(value.whole()?).ok(),
                10 => field.options.push(leaf("json_name", value.text()?)),
                17 => proto3_optional = value.whole()? != 0,
                _ => {}
            }
        }
        if proto3_optional {
            field.label = Label::Optional;
            field.oneof = None;
        }
        if kind == 10 {
            field.options.push(leaf("features.message_encoding", "DELIMITED"));
        }
        let short = type_name.rsplit('.').next().unwrap_or_default();
        let map = maps.iter().find(|map| map.name == short && field.label == Label::Repeated);
        field.kind = match (map, scalar_word(kind)) {
            (Some(map), _) => {
                field.label = Label::None;
                TypeAst::Map(map.key.clone(), map.value.clone())
            }
            (None, Some(word)) => TypeAst::Named(word.into()),
            (None, None) => TypeAst::Named(type_name.into()),
        };
        Ok((field, extendee))
    }

    fn enumeration(&mut self, bytes: &[u8]) -> Result<EnumAst, Bad> {
        self.count()?;
        let mut read = EnumAst { name: name(""), values: Vec::new(), reserved: Reserved::default(), options: Vec::new() };
        let mut wire = Wire::new(bytes);
        while let Some((number, value)) = wire.next()? {
            match number {
                1 => read.name = name(value.text()?),
                2 => {
                    self.count()?;
                    read.values.push(enum_value(value.bytes()?)?);
                }
                3 => read.options = read_options(value.bytes()?, options::ENUM)?,
                4 => read.reserved.ranges.push(range(value.bytes()?, 0)?),
                5 => read.reserved.names.push(name(value.text()?)),
                _ => {}
            }
        }
        Ok(read)
    }

    fn service(&mut self, bytes: &[u8]) -> Result<ServiceAst, Bad> {
        self.count()?;
        let mut read = ServiceAst { name: name(""), methods: Vec::new(), options: Vec::new() };
        let mut wire = Wire::new(bytes);
        while let Some((number, value)) = wire.next()? {
            match number {
                1 => read.name = name(value.text()?),
                2 => {
                    self.count()?;
                    read.methods.push(method(value.bytes()?)?);
                }
                3 => read.options = read_options(value.bytes()?, options::SERVICE)?,
                _ => {}
            }
        }
        Ok(read)
    }
}

fn leaf(name: &str, value: &str) -> OptionAst {
    OptionAst { name: name.into(), value: value.into(), span: Span::default() }
}

/// The word of a scalar by its number in `FieldDescriptorProto.Type`.
fn scalar_word(kind: i64) -> Option<&'static str> {
    let at = match kind {
        1..=9 => kind - 1,
        12 => 9,
        13 => 10,
        15..=18 => kind - 4,
        _ => return None,
    };
    ALL_SCALARS.get(usize::try_from(at).ok()?).map(|scalar| scalar.1)
}

struct MapEntry {
    name: String,
    key: Box<str>,
    value: Box<str>,
}

/// The entry of a map, if a nested message is one.
fn map_entry(bytes: &[u8]) -> Result<Option<MapEntry>, Bad> {
    let (mut entry, mut options) = (MapEntry { name: String::new(), key: "".into(), value: "".into() }, Options::new());
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        match number {
            1 => value.text()?.clone_into(&mut entry.name),
            2 => {
                let (field, _) = Reader { declarations: 0 }.field(value.bytes()?, &[])?;
                if let TypeAst::Named(kind) = field.kind {
                    *(if field.number == 1 { &mut entry.key } else { &mut entry.value }) = kind;
                }
            }
            7 => options = read_options(value.bytes()?, options::MESSAGE)?,
            _ => {}
        }
    }
    Ok((super::ast::truth(&options, "map_entry") == Some(true)).then_some(entry))
}

/// A range; `behind`: by how much its written end is behind its last number.
fn range(bytes: &[u8], behind: i64) -> Result<Range, Bad> {
    let mut range = Range { start: 0, end: 0, span: Span::default() };
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        match number {
            1 => range.start = value.whole()?,
            2 => range.end = value.whole()?.saturating_sub(behind),
            _ => {}
        }
    }
    Ok(range)
}

fn oneof(bytes: &[u8]) -> Result<OneofAst, Bad> {
    let mut oneof = OneofAst { name: name(""), options: Vec::new() };
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        match number {
            1 => oneof.name = name(value.text()?),
            2 => oneof.options = read_options(value.bytes()?, options::ONEOF)?,
            _ => {}
        }
    }
    Ok(oneof)
}

fn enum_value(bytes: &[u8]) -> Result<ValueAst, Bad> {
    let mut read = ValueAst { name: name(""), number: 0, options: Vec::new() };
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        match number {
            1 => read.name = name(value.text()?),
            2 => read.number = value.whole()?,
            3 => read.options = read_options(value.bytes()?, options::ENUM_VALUE)?,
            _ => {}
        }
    }
    Ok(read)
}

fn method(bytes: &[u8]) -> Result<MethodAst, Bad> {
    let mut read = MethodAst {
        name: name(""),
        input: name(""),
        client_streaming: false,
        output: name(""),
        server_streaming: false,
        options: Vec::new(),
    };
    let mut wire = Wire::new(bytes);
    while let Some((number, value)) = wire.next()? {
        match number {
            1 => read.name = name(value.text()?),
            2 => read.input = name(value.text()?),
            3 => read.output = name(value.text()?),
            4 => read.options = read_options(value.bytes()?, options::METHOD)?,
            5 => read.client_streaming = value.whole()? != 0,
            6 => read.server_streaming = value.whole()? != 0,
            _ => {}
        }
    }
    Ok(read)
}

//! The bytes of a [`Parsed`], as they pass from the child and as they are kept on disk.
//!
//! Reading trusts nothing: what is too long, out of order or not known is refused.

use std::collections::HashMap;

use super::{
    Breakage, CHAIN_BYTES, DEFINITIONS, IMPORTS, Import, LINES_PER_NAME, NAME_BYTES, NAMES, Parsed,
    Reference, SIGNATURE_CHARS, SYNTAX_VERSION, Syntax,
};
use crate::domain::repository::LineRange;
use crate::repository::{Definition, DefinitionKind};

use super::scene::MAX_NAMES;

/// All kinds of definitions; the position is the code.
pub(super) const KINDS: [DefinitionKind; 21] = [
    "function",
    "method",
    "class",
    "struct",
    "union",
    "enum",
    "trait",
    "interface",
    "record",
    "type",
    "constant",
    "static",
    "variable",
    "module",
    "namespace",
    "macro",
    "property",
    "delegate",
    "concept",
    "object",
    "value",
];

/// Longest signature, in bytes.
const SIGNATURE_BYTES: usize = SIGNATURE_CHARS * 4;

/// Longest container: a chain, and what qualifies the name where it is written.
const CONTAINER_BYTES: usize = CHAIN_BYTES + NAME_BYTES * 2 + 2;

impl Parsed {
    /// The value as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![SYNTAX_VERSION];
        match self {
            Self::Done(syntax) => {
                bytes.push(u8::from(syntax.is_broken));
                encode_syntax(syntax, &mut bytes);
            }
            Self::Broken(breakage) => bytes.push(code_of(*breakage)),
        }
        bytes
    }

    /// The value of such bytes; `None` when they are not what [`Self::encode`] of this version
    /// makes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader { bytes };
        if reader.byte()? != SYNTAX_VERSION {
            return None;
        }
        let parsed = match reader.byte()? {
            code @ (0 | 1) => Self::Done(reader.syntax(code == 1)?),
            code => Self::Broken(breakage_of(code)?),
        };
        reader.bytes.is_empty().then_some(parsed)
    }
}

/// The codes behind 0 and 1, which are texts that were read.
const BREAKAGES: [Breakage; 5] = [
    Breakage::TooLarge,
    Breakage::LongLine,
    Breakage::TooSlow,
    Breakage::Crashed,
    Breakage::Unavailable,
];

fn code_of(breakage: Breakage) -> u8 {
    let codes = BREAKAGES.iter().zip(2_u8..);
    codes
        .into_iter()
        .find(|(known, _)| **known == breakage)
        .map_or(u8::MAX, |(_, code)| code)
}

fn breakage_of(code: u8) -> Option<Breakage> {
    BREAKAGES.get(usize::from(code.checked_sub(2)?)).copied()
}

fn encode_syntax(syntax: &Syntax, bytes: &mut Vec<u8>) {
    let mut positions = HashMap::new();
    let mut containers: Vec<&str> = Vec::new();
    for definition in &syntax.definitions {
        positions.entry(&*definition.container).or_insert_with(|| {
            containers.push(&definition.container);
            containers.len() - 1
        });
    }
    put_texts(containers.iter().copied(), bytes);
    put_count(syntax.definitions.len(), bytes);
    for definition in &syntax.definitions {
        put_count(
            positions.get(&*definition.container).copied().unwrap_or(0),
            bytes,
        );
        let kind = KINDS.iter().position(|kind| *kind == definition.kind);
        put_count(kind.unwrap_or(0), bytes);
        put_number(definition.lines.start(), bytes);
        put_number(definition.lines.end() - definition.lines.start(), bytes);
        put_text(&definition.name, bytes);
        put_text(&definition.signature, bytes);
    }
    let names = syntax
        .references
        .chunk_by(|one, other| one.name == other.name);
    put_count(names.clone().count(), bytes);
    for uses in names {
        put_text(uses.first().map_or("", |first| &first.name), bytes);
        put_count(uses.len(), bytes);
        uses.iter().for_each(|used| put_number(used.line, bytes));
    }
    put_count(syntax.imports.len(), bytes);
    for import in &syntax.imports {
        put_number(import.line, bytes);
        put_text(&import.module, bytes);
        put_texts(import.names.iter().map(String::as_str), bytes);
    }
}

fn put_texts<'a>(texts: impl ExactSizeIterator<Item = &'a str>, bytes: &mut Vec<u8>) {
    put_count(texts.len(), bytes);
    texts.for_each(|text| put_text(text, bytes));
}

fn put_text(text: &str, bytes: &mut Vec<u8>) {
    put_count(text.len(), bytes);
    bytes.extend_from_slice(text.as_bytes());
}

fn put_count(count: usize, bytes: &mut Vec<u8>) {
    put_number(u32::try_from(count).unwrap_or(u32::MAX), bytes);
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn syntax(&mut self, is_broken: bool) -> Option<Syntax> {
        let containers = self.texts(DEFINITIONS, CONTAINER_BYTES)?;
        let count = self.count(DEFINITIONS)?;
        let definitions = (0..count).map(|_| self.definition(&containers));
        let definitions = definitions.collect::<Option<_>>()?;
        let mut references = Vec::new();
        for _ in 0..self.count(NAMES)? {
            let name = self.text(NAME_BYTES)?;
            for _ in 0..self.count(LINES_PER_NAME)? {
                references.push(Reference {
                    name: name.clone(),
                    line: self.line()?,
                });
            }
        }
        let count = self.count(IMPORTS)?;
        let imports = (0..count).map(|_| self.import()).collect::<Option<_>>()?;
        Some(Syntax {
            definitions,
            references,
            imports,
            is_broken,
        })
    }

    fn definition(&mut self, containers: &[String]) -> Option<Definition> {
        let container = containers.get(self.count(DEFINITIONS)?)?.clone();
        let kind = *KINDS.get(self.count(KINDS.len())?)?;
        let start = self.line()?;
        let lines = LineRange::new(start, start.checked_add(self.number()?)?);
        Some(Definition {
            name: self.text(NAME_BYTES).filter(|name| !name.is_empty())?,
            container,
            kind,
            lines,
            signature: self.text(SIGNATURE_BYTES)?,
        })
    }

    fn import(&mut self) -> Option<Import> {
        Some(Import {
            line: self.line()?,
            module: self.text(NAME_BYTES)?,
            names: self.texts(MAX_NAMES, NAME_BYTES)?,
        })
    }

    fn texts(&mut self, most: usize, longest: usize) -> Option<Vec<String>> {
        let count = self.count(most)?;
        (0..count).map(|_| self.text(longest)).collect()
    }

    fn text(&mut self, longest: usize) -> Option<String> {
        let length = self.count(longest)?;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(ToOwned::to_owned)
    }

    fn line(&mut self) -> Option<u32> {
        self.number().filter(|line| *line > 0)
    }

    fn count(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|count| *count <= most)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }
}

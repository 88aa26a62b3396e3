//! What many blobs define, with every string once. Of the definitions of thousands of files a plan
//! looks at some hundreds: only these are ever made.

use super::dictionary::{Dictionary, Strings, number};
use crate::domain::repository::LineRange;
use crate::repository::{Definition, DefinitionKind};

/// The definitions of many blobs.
#[derive(Debug, Default, Clone)]
pub(super) struct Outlines {
    /// Names, containers and kinds.
    names: Strings,
    signatures: Strings,
    /// Kinds by their number among the names; the languages have some fifty.
    kinds: Vec<(u32, DefinitionKind)>,
    rows: Vec<Row>,
}

/// A definition as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Its name, among the names.
    pub(super) name: u32,
    /// Its container, among the names.
    pub(super) container: u32,
    /// Its kind, among the names.
    pub(super) kind: u32,
    /// Its first line and its last.
    pub(super) lines: (u32, u32),
    /// Its signature, among the signatures.
    pub(super) signature: u32,
}

/// The rows of one blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// How many rows there are.
    pub(super) fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }
}

impl Outlines {
    /// Takes strings that rows refer to, the kinds among them included.
    pub(super) fn new(
        names: Strings,
        signatures: Strings,
        kinds: Vec<(u32, DefinitionKind)>,
    ) -> Self {
        Self {
            names,
            signatures,
            kinds,
            rows: Vec::new(),
        }
    }

    /// Appends the rows of a blob.
    pub(super) fn push(&mut self, rows: impl Iterator<Item = Row>) -> Span {
        let start = number(self.rows.len());
        self.rows.extend(rows);
        let end = number(self.rows.len());
        Span { start, end }
    }

    /// All names, containers and kinds.
    pub(super) fn names(&self) -> &Strings {
        &self.names
    }

    /// The rows of a blob.
    pub(super) fn rows(&self, span: Span) -> &[Row] {
        let rows = self.rows.get(span.start as usize..span.end as usize);
        rows.unwrap_or_default()
    }

    /// The signature of a row.
    pub(super) fn signature(&self, row: &Row) -> &str {
        self.signatures.get(row.signature)
    }

    /// Makes the definitions of a blob.
    pub(super) fn definitions(&self, span: Span) -> Vec<Definition> {
        let rows = self.rows(span).iter();
        rows.map(|row| Definition {
            name: self.names.get(row.name).to_owned(),
            container: self.names.get(row.container).to_owned(),
            kind: self.kind(row.kind),
            lines: LineRange::new(row.lines.0, row.lines.1),
            signature: self.signature(row).to_owned(),
        })
        .collect()
    }

    fn kind(&self, number: u32) -> DefinitionKind {
        let mut kinds = self.kinds.iter();
        let kind = kinds.find(|(known, _)| *known == number);
        kind.map_or("", |(_, kind)| kind)
    }
}

/// Outlines in the making.
#[derive(Debug, Default)]
pub(super) struct Outliner {
    names: Dictionary,
    outlines: Outlines,
}

impl Outliner {
    /// Takes the definitions of a blob.
    pub(super) fn add(&mut self, definitions: &[Definition]) -> Span {
        let mut rows = Vec::with_capacity(definitions.len());
        for definition in definitions {
            let (name, _) = self.names.intern(&definition.name);
            let (container, _) = self.names.intern(&definition.container);
            rows.push(Row {
                name,
                container,
                kind: self.kind(definition.kind),
                lines: (definition.lines.start(), definition.lines.end()),
                signature: self.sign(&definition.signature),
            });
        }
        self.outlines.push(rows.into_iter())
    }

    /// Takes those of a blob in other outlines.
    pub(super) fn take_over(&mut self, other: &Outlines, span: Span) -> Span {
        let mut rows = Vec::with_capacity(span.len());
        for row in other.rows(span) {
            let (name, _) = self.names.intern(other.names.get(row.name));
            let (container, _) = self.names.intern(other.names.get(row.container));
            rows.push(Row {
                name,
                container,
                kind: self.kind(other.kind(row.kind)),
                lines: row.lines,
                signature: self.sign(other.signature(row)),
            });
        }
        self.outlines.push(rows.into_iter())
    }

    /// The outlines.
    pub(super) fn finish(self) -> Outlines {
        Outlines {
            names: self.names.into_strings(),
            ..self.outlines
        }
    }

    fn kind(&mut self, kind: DefinitionKind) -> u32 {
        let (number, _) = self.names.intern(kind);
        let kinds = &mut self.outlines.kinds;
        if !kinds.iter().any(|(known, _)| *known == number) {
            kinds.push((number, kind));
        }
        number
    }

    fn sign(&mut self, signature: &str) -> u32 {
        let next = number(self.outlines.signatures.len());
        self.outlines.signatures.push(signature);
        next
    }
}

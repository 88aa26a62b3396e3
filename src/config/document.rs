//! The keys of one TOML text, with their lines.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::Value;
use toml::de::DeArray;
use toml::de::DeTable;
use toml::de::DeValue;

/// Most syntax errors that one text is told of; the rest follow from the first ones.
const MAX_SYNTAX_ERRORS: usize = 5;

/// Something at a line, from 1.
#[derive(Debug, PartialEq)]
pub(super) struct At<T> {
    /// The line.
    pub line: usize,
    /// What is there.
    pub item: T,
}

/// What a TOML text holds on its first two levels, in the order of its lines.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// `[name]`
    Section(String),
    /// `[[list]]`, by its place in the list, from 0.
    Entry {
        /// The list's name.
        list: String,
        /// The place.
        place: usize,
    },
    /// A value within a section.
    Setting {
        /// `section.key`, or `list.place.key` within an entry of a list.
        key: String,
        /// Its value.
        value: Value,
    },
    /// A value before the first section.
    Stray(String),
}

/// The items of `text`, or what is wrong with its syntax.
pub(super) fn parse(text: &str) -> Result<Vec<At<Item>>, Vec<At<String>>> {
    let (document, mut errors) = DeTable::parse_recoverable(text);
    let mut items = Vec::new();
    if errors.is_empty() {
        for (name, value) in document.into_inner() {
            let line = line_at(text, name.span().start);
            let name = name.into_inner().into_owned();
            match value.into_inner() {
                DeValue::Table(section) => {
                    items.push(At {
                        line,
                        item: Item::Section(name.clone()),
                    });
                    add_settings(text, &name, section, (&mut items, &mut errors));
                }
                DeValue::Array(list) if is_list_of_tables(&list) => {
                    add_entries(text, &name, list, (&mut items, &mut errors));
                }
                _ => items.push(At {
                    line,
                    item: Item::Stray(name),
                }),
            }
        }
    }
    if errors.is_empty() {
        items.sort_by_key(|at| at.line);
        return Ok(items);
    }
    errors.truncate(MAX_SYNTAX_ERRORS);
    Err(errors
        .iter()
        .map(|error| At {
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            item: error.message().to_owned(),
        })
        .collect())
}

fn is_list_of_tables(list: &DeArray<'_>) -> bool {
    !list.is_empty() && list.iter().all(|item| item.get_ref().is_table())
}

fn add_entries(
    text: &str,
    list: &str,
    entries: DeArray<'_>,
    (items, errors): (&mut Vec<At<Item>>, &mut Vec<toml::de::Error>),
) {
    for (place, entry) in entries.into_iter().enumerate() {
        items.push(At {
            line: line_at(text, entry.span().start),
            item: Item::Entry {
                list: list.to_owned(),
                place,
            },
        });
        if let DeValue::Table(settings) = entry.into_inner() {
            add_settings(text, &format!("{list}.{place}"), settings, (items, errors));
        }
    }
}

fn add_settings(
    text: &str,
    section: &str,
    settings: DeTable<'_>,
    (items, errors): (&mut Vec<At<Item>>, &mut Vec<toml::de::Error>),
) {
    for (name, value) in settings {
        let line = line_at(text, name.span().start);
        let key = format!("{section}.{}", name.get_ref());
        match plain(value) {
            Ok(value) => items.push(At {
                line,
                item: Item::Setting { key, value },
            }),
            Err(error) => errors.push(error),
        }
    }
}

fn plain(value: Spanned<DeValue<'_>>) -> Result<Value, toml::de::Error> {
    Value::deserialize(value.into_deserializer())
}

/// The line of the byte at `offset`.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

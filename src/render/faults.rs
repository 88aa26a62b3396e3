//! What is wrong with a repository's own settings, and which settings hold.

use crate::domain::narrowing::{EffectiveSetting, Fault, REPOSITORY_FILE, Source, Wrong};
use crate::render::code;
use crate::render::limit::{Kind, Section};
use crate::render::messages::settings;

/// Most allowed values that one fault names; operators may have many labels.
const SHOWN_VALUES: usize = 12;

/// Most characters shown of one of them.
const VALUE_CHARACTERS: usize = 60;

/// The faults of a file that a thread has not been told of; nothing where there are none.
pub(super) fn section(faults: &[Fault]) -> Section {
    let mut section = Section::bare();
    add(&mut section, Kind::Fixed, faults);
    section
}

/// Adds the faults of a file, an item each.
pub(super) fn add(section: &mut Section, kind: Kind, faults: &[Fault]) {
    if !faults.is_empty() {
        section.block(kind, |out| out.push_str(&settings::faulty(faults.len())));
    }
    for fault in faults {
        section.item(kind, |out| push(out, fault));
    }
}

/// One fault: its line, its key, and what would be right.
fn push(out: &mut String, fault: &Fault) {
    let wanted = wanted(&fault.wrong);
    let key = (!fault.key.is_empty()).then(|| span(&fault.key));
    out.push_str(&settings::fault(fault.line, key.as_deref(), &wanted));
}

fn wanted(wrong: &Wrong) -> String {
    match wrong {
        Wrong::TooLarge { most_bytes } => settings::file_too_large(*most_bytes),
        Wrong::NotText => settings::FILE_NOT_TEXT.to_owned(),
        Wrong::NotToml => settings::NOT_TOML.to_owned(),
        Wrong::Unknown { allowed } => {
            settings::unknown_key(&spans(allowed.iter().map(String::as_str)))
        }
        Wrong::OperatorOnly => settings::OPERATOR_ONLY.to_owned(),
        Wrong::Kind(kind) => settings::wanted_kind(*kind).to_owned(),
        Wrong::Range { least, most } => settings::wanted_range(*least, *most),
        Wrong::OneOf { allowed } => {
            let shown = allowed.iter().take(SHOWN_VALUES);
            let shown: Vec<_> = shown.map(|value| shorten(value)).collect();
            let shown = shown.iter().map(String::as_str);
            settings::wanted_one_of(&spans(shown), allowed.len().saturating_sub(SHOWN_VALUES))
        }
        Wrong::Pattern => settings::WANTED_PATTERN.to_owned(),
        Wrong::Language => settings::WANTED_LANGUAGE.to_owned(),
        Wrong::Length { most } => settings::wanted_length(*most),
        Wrong::Count { most } => settings::wanted_count(*most),
    }
}

/// Adds an item for each setting, with where it comes from.
pub(super) fn add_settings(section: &mut Section, effective: &[EffectiveSetting]) {
    for setting in effective {
        section.item(Kind::Background, |out| {
            code::span(out, &format!("{} = {}", setting.key, setting.value));
            out.push_str(": ");
            out.push_str(&match setting.source {
                Source::Default => settings::FROM_DEFAULT.to_owned(),
                Source::Operator => settings::FROM_OPERATOR.to_owned(),
                Source::Repository { line } => {
                    settings::from_repository(&span(REPOSITORY_FILE), line)
                }
            });
        });
    }
}

fn shorten(value: &str) -> String {
    value.chars().take(VALUE_CHARACTERS).collect()
}

fn span(text: &str) -> String {
    let mut shown = String::new();
    code::span(&mut shown, text);
    shown
}

fn spans<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.map(span).collect()
}

//! Why a file is in the list, in plain words.

use super::mentions::Named;
use super::question::Question;
use super::score::{Feature, Scored};
use crate::repository::index::Index;

/// Reasons told of one file.
const REASONS: usize = 5;

/// Names told in one reason.
const NAMES: usize = 3;

/// Less than this share of what the best reason adds is not worth a sentence.
const WORTH: f64 = 0.15;

/// The reasons for a file, strongest first.
pub(super) fn explain(
    index: &Index,
    question: &Question,
    named: &Named,
    scored: &Scored,
) -> Vec<String> {
    let mut parts: Vec<(f64, Feature)> = Feature::ALL
        .into_iter()
        .zip(scored.row)
        .map(|(feature, value)| (value * feature.weight(), feature))
        .filter(|(added, feature)| *added != 0.0 && *feature != Feature::Size)
        .collect();
    parts.sort_by(|left, right| right.0.abs().total_cmp(&left.0.abs()));
    let most = parts.first().map_or(0.0, |(added, _)| added.abs());
    let mut reasons = Vec::new();
    for (_, feature) in parts
        .iter()
        .filter(|(added, _)| added.abs() >= most * WORTH)
    {
        if let Some(reason) = sentence(index, question, named, scored.file, *feature)
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    reasons.truncate(REASONS);
    reasons
}

fn sentence(
    index: &Index,
    question: &Question,
    named: &Named,
    file: usize,
    feature: Feature,
) -> Option<String> {
    match feature {
        Feature::Mention => {
            let mut places = named.places.iter();
            let place = places.find(|place| place.files.iter().any(|found| found.file == file))?;
            Some(match place.line {
                Some(line) => format!("path named in the request, line {line}"),
                None => "path named in the request".to_owned(),
            })
        }
        Feature::Names | Feature::DefinesIdentifier => {
            let names = defined(index, question, file);
            (!names.is_empty()).then(|| format!("defines {}", names.join(", ")))
        }
        Feature::RareIdentifier => used(index, question, file),
        Feature::TitleContents | Feature::TitleWindow => {
            let words = title_words(index, question, file);
            (!words.is_empty()).then(|| format!("matches the title: {}", words.join(", ")))
        }
        Feature::Path | Feature::TitlePath => Some("its path matches the request".to_owned()),
        Feature::Contents => Some("its text matches the request".to_owned()),
        Feature::Test => Some("test code, ranked lower".to_owned()),
        Feature::Aside if index.standing(file).is_code() => {
            Some("documentation or example, ranked lower".to_owned())
        }
        Feature::Aside => Some("not code, ranked lower".to_owned()),
        Feature::Support => Some("supporting code, ranked lower".to_owned()),
        Feature::Derived => Some("mostly generated, ranked lower".to_owned()),
        Feature::Size => None,
    }
}

/// Identifiers of the request that the file defines.
fn defined(index: &Index, question: &Question, file: usize) -> Vec<String> {
    let definitions = index.definitions(file);
    let names = question.identifiers.iter().filter(|name| {
        definitions
            .iter()
            .any(|definition| definition.name == **name)
    });
    names.take(NAMES).map(|name| format!("`{name}`")).collect()
}

/// The rarest identifier of the request that the file uses.
fn used(index: &Index, question: &Question, file: usize) -> Option<String> {
    let users = question.identifiers.iter().filter_map(|name| {
        let users = index.find_users(name);
        users.binary_search(&file).ok().map(|_| (users.len(), name))
    });
    let (count, name) = users.min_by_key(|(count, _)| *count)?;
    Some(match count {
        1 => format!("the only file that uses `{name}`"),
        2..=9 => format!("uses `{name}`, which only {count} files do"),
        _ => format!("uses `{name}`"),
    })
}

/// Words of the title that the file has, rarest first.
fn title_words(index: &Index, question: &Question, file: usize) -> Vec<String> {
    let mut found: Vec<(f64, &str)> = Vec::new();
    for asked in &question.title {
        let scores = index.score_contents(std::slice::from_ref(asked));
        let Some(word) = question.title_words.get(&asked.term) else {
            continue;
        };
        let score = scores.get(file).copied().unwrap_or(0.0);
        if score > 0.0 && !found.iter().any(|(_, known)| known == word) {
            found.push((score, word));
        }
    }
    found.sort_by(|left, right| right.0.total_cmp(&left.0));
    let words = found.into_iter().take(NAMES);
    words.map(|(_, word)| word.to_owned()).collect()
}

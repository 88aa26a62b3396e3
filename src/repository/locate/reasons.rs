//! Why a file is in the list, in plain words.

use super::feature::{Feature, Table};
use super::mentions::Named;
use super::question::Question;
use super::score::Scored;
use crate::repository::index::Index;

/// Reasons told of one file.
const REASONS: usize = 5;

/// Names told in one reason.
const NAMES: usize = 3;

/// Less than this share of what the best reason adds is not worth a sentence.
const WORTH: f64 = 0.15;

/// What reasons are told from, looked up once for a request.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    index: &'a Index,
    question: &'a Question,
    named: &'a Named,
    /// Identifiers of the request with the files that use them, rarest first.
    users: Vec<(&'a str, Vec<usize>)>,
    /// Words of the title with their score in every file.
    title: Vec<(&'a str, Vec<f64>)>,
}

impl<'a> Evidence<'a> {
    /// Looks up the names and the title's words of a request.
    pub(super) fn new(index: &'a Index, question: &'a Question, named: &'a Named) -> Self {
        let names = question.identifiers.iter();
        let mut users: Vec<(&str, Vec<usize>)> = names
            .map(|name| (name.as_str(), index.find_users(name)))
            .filter(|(_, files)| !files.is_empty())
            .collect();
        users.sort_by_key(|(_, files)| files.len());
        let title = question.title.iter().filter_map(|asked| {
            let word = question.title_words.get(&asked.term)?;
            Some((
                word.as_str(),
                index.score_contents(std::slice::from_ref(asked)),
            ))
        });
        Self {
            index,
            question,
            named,
            users,
            title: title.collect(),
        }
    }

    /// The reasons for a file: what is particular to it, then likeness, each strongest first.
    pub(super) fn explain(&self, scored: &Scored) -> Vec<String> {
        let mut parts: Vec<(f64, Feature)> = Feature::ALL
            .into_iter()
            .zip(scored.row)
            .map(|(feature, value)| (value * Table::last().of(feature), feature))
            .filter(|(added, _)| *added != 0.0)
            .collect();
        parts.sort_by(|left, right| right.0.abs().total_cmp(&left.0.abs()));
        let most = parts.first().map_or(0.0, |(added, _)| added.abs());
        // Likeness is true of nearly every file shown; what is particular to this one comes first.
        parts.sort_by_key(|(_, feature)| feature.is_likeness());
        let mut reasons = Vec::new();
        for (_, feature) in parts
            .iter()
            .filter(|(added, _)| added.abs() >= most * WORTH)
        {
            if let Some(reason) = self.sentence(scored.file, *feature)
                && !reasons.contains(&reason)
            {
                reasons.push(reason);
            }
        }
        reasons.truncate(REASONS);
        reasons
    }

    fn sentence(&self, file: usize, feature: Feature) -> Option<String> {
        match feature {
            Feature::Mention => {
                let mut places = self.named.places.iter();
                let place = places.find(|place| place.leads_to(file))?;
                Some(match place.line {
                    Some(line) => format!("path named in the request, line {line}"),
                    None => "path named in the request".to_owned(),
                })
            }
            Feature::Names | Feature::DefinedIdentifier | Feature::CoveredName => {
                let names = self.defined(file);
                (!names.is_empty()).then(|| format!("defines {}", names.join(", ")))
            }
            Feature::RareIdentifier => self.used(file),
            Feature::TitleContents | Feature::TitleWindow | Feature::TitleWords => {
                let words = self.title_words(file);
                (!words.is_empty()).then(|| format!("matches the title: {}", words.join(", ")))
            }
            Feature::Path | Feature::TitlePath => Some("its path matches the request".to_owned()),
            Feature::Contents | Feature::Window => Some("its text matches the request".to_owned()),
            Feature::Phrases => Some("shares wording with the request".to_owned()),
            Feature::Reached => Some("defines what better matches use".to_owned()),
            Feature::Feedback | Feature::Folder => Some("is close to better matches".to_owned()),
            Feature::Test => Some("test code, ranked lower".to_owned()),
            Feature::Aside if self.index.standing(file).is_code() => {
                Some("documentation or example, ranked lower".to_owned())
            }
            Feature::Aside => Some("not code, ranked lower".to_owned()),
            Feature::Support => Some("supporting code, ranked lower".to_owned()),
            Feature::Derived => Some("mostly generated, ranked lower".to_owned()),
            Feature::TitleNames | Feature::Definitions | Feature::Bytes => None,
        }
    }

    /// Identifiers of the request that the file defines.
    fn defined(&self, file: usize) -> Vec<String> {
        let definitions = self.index.definitions(file);
        let defines = |name: &&String| definitions.iter().any(|known| known.name == **name);
        let names = self.question.identifiers.iter().filter(defines);
        names.take(NAMES).map(|name| format!("`{name}`")).collect()
    }

    /// The rarest identifier of the request that the file uses.
    fn used(&self, file: usize) -> Option<String> {
        let mut users = self.users.iter();
        let (name, files) = users.find(|(_, files)| files.binary_search(&file).is_ok())?;
        Some(match files.len() {
            1 => format!("the only file that uses `{name}`"),
            count @ 2..=9 => format!("uses `{name}`, which only {count} files do"),
            _ => format!("uses `{name}`"),
        })
    }

    /// Words of the title that the file has, those that say most first.
    fn title_words(&self, file: usize) -> Vec<&str> {
        let mut found: Vec<(f64, &str)> = Vec::new();
        for (word, scores) in &self.title {
            let score = scores.get(file).copied().unwrap_or(0.0);
            if score > 0.0 && !found.iter().any(|(_, known)| known == word) {
                found.push((score, word));
            }
        }
        found.sort_by(|left, right| right.0.total_cmp(&left.0));
        found
            .into_iter()
            .take(NAMES)
            .map(|(_, word)| word)
            .collect()
    }
}

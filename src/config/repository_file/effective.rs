//! What holds for one repository: the operator's settings, narrowed by the repository's file.

use std::collections::BTreeMap;

use crate::config::choices::Profile;
use crate::config::repository_file::paths::{PathFilter, PathPattern};
use crate::config::settings::{Budgets, Settings};
use crate::config::show::quote;
use crate::domain::narrowing::{EffectiveSetting, Fault, LanguageTag, Source};
use crate::domain::policy::Labels;
use crate::domain::repository::{BlobId, RepoPath};
use crate::domain::thread::Role;

/// Longest line on expertise, in characters.
pub(super) const MAX_EXPERTISE: usize = 300;

/// Comparisons of patterns with the places that a request is about.
const MOST_STEPS: u64 = 1_000_000;

/// The expertise that a repository's file names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expertise {
    /// For the repository as a whole; it takes the place of what follows from its manifests.
    pub general: Option<String>,
    /// For some of its paths, in addition.
    pub by_path: Vec<(Vec<PathPattern>, String)>,
}

impl Expertise {
    /// The line for a request that is about `places`: the general expertise, or else `derived`, then
    /// what is named for these paths.
    pub fn line<'a>(&self, derived: &str, places: impl Iterator<Item = &'a RepoPath>) -> String {
        let places: Vec<_> = places.collect();
        let mut parts = vec![self.general.as_deref().unwrap_or(derived)];
        let mut steps = 0;
        for (patterns, text) in &self.by_path {
            let is_about = places.iter().any(|path| {
                let mut patterns = patterns.iter();
                steps < MOST_STEPS && patterns.any(|pattern| pattern.matches(path, &mut steps))
            });
            if is_about && !parts.contains(&text.as_str()) {
                parts.push(text);
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join("; ").chars().take(MAX_EXPERTISE).collect()
    }
}

/// The settings that hold for one repository. None of them is wider than the operator's.
#[derive(Debug, Clone)]
pub struct Effective {
    /// Labels that ask for a plan.
    pub labels: Labels,
    /// The weakest role that may ask.
    pub minimum_role: Role,
    /// Limits of one plan.
    pub budgets: Budgets,
    /// Which paths are read.
    pub paths: PathFilter,
    /// The language of a model's texts; `None` leaves it to the model.
    pub language: Option<LanguageTag>,
    /// What an expert of this repository knows.
    pub expertise: Expertise,
    /// The repository's file; `None` when there is none that can be read.
    pub file: Option<BlobId>,
    /// What of the repository's file cannot be used, in the order of its lines.
    pub faults: Vec<Fault>,
    /// The line of each key that the repository's file sets.
    pub(super) lines: BTreeMap<String, usize>,
}

impl Effective {
    /// What holds for a repository without a file.
    pub fn of_operator(settings: &Settings) -> Self {
        Self {
            labels: settings.triggers.label_policy(),
            minimum_role: settings.policy.minimum_role,
            budgets: settings.budgets.clone(),
            paths: PathFilter::OPEN,
            language: None,
            expertise: Expertise::default(),
            file: None,
            faults: Vec::new(),
            lines: BTreeMap::new(),
        }
    }

    /// The settings with their sources, in a fixed order: those that a repository may narrow and
    /// nothing else, so no address, path or secret. `is_set` tells which keys the operator has set.
    pub fn shown(&self, is_set: impl Fn(&str) -> bool) -> Vec<EffectiveSetting> {
        let setting = |key: &str, own: &[&str], value: String| EffectiveSetting {
            key: key.to_owned(),
            value,
            source: match own.iter().find_map(|own| self.lines.get(*own)) {
                Some(line) => Source::Repository { line: *line },
                None if is_set(key) => Source::Operator,
                None => Source::Default,
            },
        };
        let labels = |list: &[String]| quote_list(list.iter().map(String::as_str));
        let Labels {
            asking,
            one_shot,
            excluding,
        } = &self.labels;
        let own_labels = ["labels.include", "labels.exclude"];
        let role = quote(self.minimum_role.as_str());
        let mut shown = vec![
            setting("triggers.labels", &own_labels, labels(asking)),
            setting("triggers.one_shot_labels", &own_labels, labels(one_shot)),
            setting("triggers.exclude_labels", &[], labels(excluding)),
            setting("policy.minimum_role", &["minimum_role"], role),
            setting(
                "budgets.profile",
                &["profile"],
                quote(self.budgets.profile.as_str()),
            ),
        ];
        let mut budgets = self.budgets.clone();
        for name in Budgets::AMOUNTS {
            let key = format!("budgets.{name}");
            if let Some(amount) = budgets.amount(name) {
                shown.push(setting(&key, &[key.as_str()], amount.value().to_string()));
            }
        }
        let patterns = |list: &[PathPattern]| quote_list(list.iter().map(PathPattern::as_str));
        let language = self.language.as_ref().map_or("", LanguageTag::as_str);
        let expertise = self.expertise.general.as_deref().unwrap_or_default();
        let by_path = self.expertise.by_path.iter();
        let own = [
            ("paths.include", patterns(&self.paths.include)),
            ("paths.exclude", patterns(&self.paths.exclude)),
            ("language", quote(language)),
            ("expertise", quote(expertise)),
            (
                "expertise_for",
                quote_list(by_path.map(|(_, text)| text.as_str())),
            ),
        ];
        shown.extend(own.map(|(key, value)| setting(key, &[key], value)));
        shown
    }
}

/// A number among the limits of one plan.
pub(super) enum Amount<'a> {
    Wide(&'a mut u64),
    Small(&'a mut u32),
    Seconds(&'a mut std::time::Duration),
}

impl Amount<'_> {
    pub(super) fn value(&self) -> u64 {
        match self {
            Self::Wide(number) => **number,
            Self::Small(number) => u64::from(**number),
            Self::Seconds(time) => time.as_secs(),
        }
    }

    pub(super) fn set(self, value: u64) {
        match self {
            Self::Wide(number) => *number = value,
            Self::Small(number) => *number = u32::try_from(value).unwrap_or(u32::MAX),
            Self::Seconds(time) => *time = std::time::Duration::from_secs(value),
        }
    }
}

impl Budgets {
    /// The names of the numbers, in the order of the example.
    pub(super) const AMOUNTS: [&'static str; 10] = [
        "repository_files",
        "repository_bytes",
        "file_bytes",
        "blob_requests",
        "request_bytes",
        "model_calls",
        "input_tokens",
        "output_tokens",
        "plan_cents",
        "plan_seconds",
    ];

    /// The number of that name.
    pub(super) fn amount(&mut self, name: &str) -> Option<Amount<'_>> {
        Some(match name {
            "repository_files" => Amount::Wide(&mut self.repository_files),
            "repository_bytes" => Amount::Wide(&mut self.repository_bytes),
            "file_bytes" => Amount::Wide(&mut self.file_bytes),
            "blob_requests" => Amount::Wide(&mut self.blob_requests),
            "request_bytes" => Amount::Wide(&mut self.request_bytes),
            "model_calls" => Amount::Small(&mut self.model_calls),
            "input_tokens" => Amount::Wide(&mut self.input_tokens),
            "output_tokens" => Amount::Wide(&mut self.output_tokens),
            "plan_cents" => Amount::Wide(&mut self.plan_cents),
            "plan_seconds" => Amount::Seconds(&mut self.plan_time),
            _ => return None,
        })
    }
}

impl Profile {
    /// All profiles, those that cost least first. `auto` never costs more than `standard`, nor less
    /// than `single` where it has the choice.
    pub(super) const BY_COST: [Self; 6] = [
        Self::Outline,
        Self::Small,
        Self::Single,
        Self::Auto,
        Self::Standard,
        Self::Deep,
    ];

    /// Those that cost no more than this one.
    pub(super) fn affordable(self) -> impl Iterator<Item = Self> {
        let position = Self::BY_COST.iter().position(|profile| *profile == self);
        let count = position.map_or(0, |position| position + 1);
        Self::BY_COST.into_iter().take(count)
    }
}

fn quote_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.map(quote).collect();
    format!("[{}]", texts.join(", "))
}

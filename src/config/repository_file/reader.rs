//! Reading a repository's file key by key.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::effective::{Effective, MAX_EXPERTISE};
use super::paths::PathPattern;
use super::{KEYS, MAX_FAULTS, MAX_KEY_CHARACTERS};
use crate::config::choices::Profile;
use crate::config::document::line_at;
use crate::config::layers::is_operators;
use crate::config::ranges::find_range;
use crate::config::settings::{Budgets, Settings};
use crate::domain::narrowing::{Fault, Kind, LanguageTag, Wrong};
use crate::domain::policy::{self, Labels};
use crate::domain::thread::Role;
use crate::text::clean;

/// Most entries of one list, and most sections of one kind.
const MAX_ENTRIES: usize = 50;

/// A value where it stands.
type Value<'t> = Spanned<DeValue<'t>>;

/// A file being read.
pub(super) struct Reader<'a> {
    text: &'a str,
    operator: &'a Settings,
    effective: &'a mut Effective,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, operator: &'a Settings, effective: &'a mut Effective) -> Self {
        Self {
            text,
            operator,
            effective,
            faults: Vec::new(),
        }
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// `expertise = "…"`
    pub(super) fn expertise(&mut self, at: usize, value: &Value<'_>) {
        if let Some(line) = self.line_of_text("expertise", at, value) {
            self.effective.expertise.general = Some(line);
            self.set("expertise", at);
        }
    }

    /// `language = "de"`
    pub(super) fn language(&mut self, at: usize, value: &Value<'_>) {
        let Some(text) = self.text_of("language", at, value) else {
            return;
        };
        match LanguageTag::find(text) {
            Some(tag) => {
                self.effective.language = Some(tag);
                self.set("language", at);
            }
            None => self.report("language", at, Wrong::Language),
        }
    }

    /// `profile = "single"`
    pub(super) fn profile(&mut self, at: usize, value: &Value<'_>) {
        let Some(text) = self.text_of("profile", at, value) else {
            return;
        };
        let most = self.operator.budgets.profile;
        match most.affordable().find(|profile| profile.as_str() == text) {
            Some(profile) => {
                self.effective.budgets.profile = profile;
                self.set("profile", at);
            }
            None => {
                let allowed = most.affordable().map(Profile::as_str);
                self.report("profile", at, one_of(allowed));
            }
        }
    }

    /// `minimum_role = "maintain"`
    pub(super) fn minimum_role(&mut self, at: usize, value: &Value<'_>) {
        let Some(text) = self.text_of("minimum_role", at, value) else {
            return;
        };
        let least = self.operator.policy.minimum_role;
        match Role::find(text).filter(|role| *role >= least) {
            Some(role) => {
                self.effective.minimum_role = role;
                self.set("minimum_role", at);
            }
            None => {
                let allowed = Role::ALL.into_iter().filter(|role| *role >= least);
                self.report("minimum_role", at, one_of(allowed.map(Role::as_str)));
            }
        }
    }

    /// A section whose keys `take` reads.
    pub(super) fn section(
        &mut self,
        name: &str,
        at: usize,
        value: Value<'_>,
        take: fn(&mut Self, &str, usize, Value<'_>),
    ) {
        match value.into_inner() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    let at = key.span().start;
                    take(self, key.get_ref(), at, value);
                }
            }
            _ => self.report(name, at, Wrong::Kind(Kind::Section)),
        }
    }

    /// `include` or `exclude` of `[labels]`.
    pub(super) fn label_list(&mut self, name: &str, at: usize, value: Value<'_>) {
        let key = format!("labels.{name}");
        if !matches!(name, "include" | "exclude") {
            return self.unknown("labels", name, (at, &["include", "exclude"]));
        }
        let Labels {
            mut asking,
            one_shot,
            ..
        } = self.operator.triggers.label_policy();
        asking.extend(one_shot);
        let Some(texts) = self.texts_of(&key, at, value) else {
            return;
        };
        let is_known = |text: &Cow<'_, str>| policy::is_trigger_label(text, &asking);
        let (known, unknown): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|(_, text)| is_known(text));
        for (at, _) in &unknown {
            self.report(&key, *at, one_of(asking.iter().map(String::as_str)));
        }
        // A list of nothing but mistakes is not the same as an empty one.
        if known.is_empty() && !unknown.is_empty() {
            return;
        }
        let named: Vec<_> = known
            .into_iter()
            .map(|(_, text)| text.into_owned())
            .collect();
        let wanted = name == "include";
        let keep = |label: &String| policy::is_trigger_label(label, &named) == wanted;
        self.effective.labels.asking.retain(keep);
        self.effective.labels.one_shot.retain(keep);
        self.set(&key, at);
    }

    /// `include` or `exclude` of `[paths]`.
    pub(super) fn path_list(&mut self, name: &str, at: usize, value: Value<'_>) {
        let key = format!("paths.{name}");
        if !matches!(name, "include" | "exclude") {
            return self.unknown("paths", name, (at, &["include", "exclude"]));
        }
        let Some(patterns) = self.patterns_of(&key, at, value) else {
            return;
        };
        if patterns.is_empty() {
            return;
        }
        match name {
            "include" => self.effective.paths.include = patterns,
            _ => self.effective.paths.exclude = patterns,
        }
        self.set(&key, at);
    }

    /// A number of `[budgets]`.
    pub(super) fn amount(&mut self, name: &str, at: usize, value: Value<'_>) {
        let key = format!("budgets.{name}");
        let mut operators = self.operator.budgets.clone();
        let Some(most) = operators.amount(name).map(|amount| amount.value()) else {
            return self.unknown("budgets", name, (at, &Budgets::AMOUNTS));
        };
        let range = find_range(&key);
        let bound = |end: Option<&i64>| end.and_then(|end| u64::try_from(*end).ok());
        let least = bound(range.as_ref().map(RangeInclusive::start)).unwrap_or(0);
        let largest = bound(range.as_ref().map(RangeInclusive::end)).unwrap_or(u64::MAX);
        // Nothing is not a small amount of money: it means that there is no limit.
        let (least, most) = match (name, most) {
            ("plan_cents", 0) => (1, largest),
            ("plan_cents", most) => (1, most),
            (_, most) => (least.min(most), most),
        };
        let DeValue::Integer(number) = value.into_inner() else {
            return self.report(&key, at, Wrong::Kind(Kind::Number));
        };
        let number = u64::from_str_radix(number.as_str(), number.radix()).ok();
        match number.filter(|number| (least..=most).contains(number)) {
            Some(number) => {
                if let Some(amount) = self.effective.budgets.amount(name) {
                    amount.set(number);
                }
                self.set(&key, at);
            }
            None => self.report(&key, at, Wrong::Range { least, most }),
        }
    }

    /// `[[expertise_for]]`, each with `paths` and `expertise`.
    pub(super) fn expertise_for(&mut self, at: usize, value: Value<'_>) {
        let key = "expertise_for";
        let DeValue::Array(entries) = value.into_inner() else {
            return self.report(key, at, Wrong::Kind(Kind::Sections));
        };
        if entries.len() > MAX_ENTRIES {
            self.report(key, at, Wrong::Count { most: MAX_ENTRIES });
        }
        for entry in entries.into_iter().take(MAX_ENTRIES) {
            let at = entry.span().start;
            match entry.into_inner() {
                DeValue::Table(table) => self.expertise_entry(at, table),
                _ => self.report(key, at, Wrong::Kind(Kind::Sections)),
            }
        }
    }

    fn expertise_entry(&mut self, at: usize, table: DeTable<'_>) {
        let (mut paths, mut expertise) = (None, None);
        for (name, value) in table {
            let at = name.span().start;
            match name.get_ref().as_ref() {
                "paths" => paths = Some(self.patterns_of("expertise_for.paths", at, value)),
                "expertise" => {
                    expertise = Some(self.line_of_text("expertise_for.expertise", at, &value));
                }
                other => self.unknown("expertise_for", other, (at, &["paths", "expertise"])),
            }
        }
        for (name, is_missing) in [
            ("expertise_for.paths", paths.is_none()),
            ("expertise_for.expertise", expertise.is_none()),
        ] {
            if is_missing {
                let kind = match name {
                    "expertise_for.paths" => Kind::Texts,
                    _ => Kind::Text,
                };
                self.report(name, at, Wrong::Kind(kind));
            }
        }
        if let (Some(paths), Some(line)) = (paths.flatten(), expertise.flatten()) {
            self.effective.expertise.by_path.push((paths, line));
            self.effective
                .lines
                .entry("expertise_for".to_owned())
                .or_insert(line_at(self.text, at));
        }
    }

    /// A key that is not known here, or that only the operator has.
    pub(super) fn unknown(
        &mut self,
        section: &str,
        name: &str,
        (at, allowed): (usize, &[&'static str]),
    ) {
        let name: String = name.chars().take(MAX_KEY_CHARACTERS).collect();
        let wrong = match is_operators(&name) && !KEYS.contains(&name.as_str()) {
            true => Wrong::OperatorOnly,
            false => Wrong::Unknown {
                allowed: allowed.iter().map(|key| (*key).to_owned()).collect(),
            },
        };
        let key = match section {
            "" => name,
            section => format!("{section}.{name}"),
        };
        self.report(&key, at, wrong);
    }

    fn patterns_of(&mut self, key: &str, at: usize, value: Value<'_>) -> Option<Vec<PathPattern>> {
        let texts = self.texts_of(key, at, value)?;
        let mut patterns = Vec::new();
        for (at, text) in texts {
            match PathPattern::parse(&text) {
                Some(pattern) => patterns.push(pattern),
                None => self.report(key, at, Wrong::Pattern),
            }
        }
        Some(patterns)
    }

    /// Visible text on one line.
    fn line_of_text(&mut self, key: &str, at: usize, value: &Value<'_>) -> Option<String> {
        let text = clean::clean(self.text_of(key, at, value)?).into_owned();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if (1..=MAX_EXPERTISE).contains(&line.chars().count()) {
            return Some(line);
        }
        let most = MAX_EXPERTISE;
        self.report(key, at, Wrong::Length { most });
        None
    }

    fn text_of<'v>(&mut self, key: &str, at: usize, value: &'v Value<'_>) -> Option<&'v str> {
        match value.get_ref() {
            DeValue::String(text) => Some(text),
            _ => {
                self.report(key, at, Wrong::Kind(Kind::Text));
                None
            }
        }
    }

    fn texts_of<'t>(
        &mut self,
        key: &str,
        at: usize,
        value: Value<'t>,
    ) -> Option<Vec<(usize, DeString<'t>)>> {
        let DeValue::Array(items) = value.into_inner() else {
            self.report(key, at, Wrong::Kind(Kind::Texts));
            return None;
        };
        if items.len() > MAX_ENTRIES {
            self.report(key, at, Wrong::Count { most: MAX_ENTRIES });
        }
        let mut texts = Vec::new();
        for item in items.into_iter().take(MAX_ENTRIES) {
            let at = item.span().start;
            match item.into_inner() {
                DeValue::String(text) => texts.push((at, text)),
                _ => self.report(key, at, Wrong::Kind(Kind::Texts)),
            }
        }
        Some(texts)
    }

    fn set(&mut self, key: &str, at: usize) {
        let line = line_at(self.text, at);
        self.effective.lines.insert(key.to_owned(), line);
    }

    fn report(&mut self, key: &str, at: usize, wrong: Wrong) {
        if self.faults.len() >= MAX_FAULTS {
            return;
        }
        self.faults.push(Fault {
            line: line_at(self.text, at),
            key: key.to_owned(),
            wrong,
        });
    }
}

fn one_of<'a>(allowed: impl Iterator<Item = &'a str>) -> Wrong {
    Wrong::OneOf {
        allowed: allowed.map(str::to_owned).collect(),
    }
}

//! The headings and labels of a comment, in the languages that there are: what a model writes between them
//! is in the language that the repository asks for, too. Sentences of ours are English everywhere.

mod chinese;
mod english;
mod french;
mod german;
mod italian;
mod japanese;
mod korean;
mod portuguese;
mod spanish;

use crate::domain::narrowing::LanguageTag;
use crate::domain::plan::Operation;

/// The headings and labels of a comment, without marks of Markdown.
#[derive(Debug)]
pub(in crate::render) struct Words {
    /// Title of a plan.
    pub(in crate::render) plan: &'static str,
    /// Title of an outline.
    pub(in crate::render) outline: &'static str,
    /// Heading over what the code does.
    pub(in crate::render) findings: &'static str,
    /// Heading over decisions.
    pub(in crate::render) decisions: &'static str,
    /// Heading over both.
    pub(in crate::render) decisions_and_questions: &'static str,
    /// Heading over questions that only people can answer.
    pub(in crate::render) open_questions: &'static str,
    /// Heading over the steps.
    pub(in crate::render) steps: &'static str,
    /// Heading over what is affected.
    pub(in crate::render) impact: &'static str,
    /// Heading over the request, in an outline.
    pub(in crate::render) points: &'static str,
    /// Heading over what the request names.
    pub(in crate::render) mentions: &'static str,
    /// Heading over what search found.
    pub(in crate::render) places: &'static str,
    /// Heading over users of what was found.
    pub(in crate::render) users: &'static str,
    /// Heading over what a plan would have to answer.
    pub(in crate::render) questions: &'static str,
    /// Heading over the repository's habits.
    pub(in crate::render) conventions: &'static str,
    /// Summary of what stands behind a plan.
    pub(in crate::render) background: &'static str,
    /// Summary of risks.
    pub(in crate::render) risks: &'static str,
    /// Summary of the prompt.
    pub(in crate::render) prompt: &'static str,
    /// Summary of the receipt.
    pub(in crate::render) receipt: &'static str,
    /// Summary of the log.
    pub(in crate::render) revision_log: &'static str,
    /// Before the request in the model's words.
    pub(in crate::render) request: &'static str,
    /// Before the approach.
    pub(in crate::render) approach: &'static str,
    /// Before a recommendation.
    pub(in crate::render) recommended: &'static str,
    /// Before what is taken for granted.
    pub(in crate::render) until_answered: &'static str,
    /// Before a reason.
    pub(in crate::render) why: &'static str,
    /// Before why no file at hand will do.
    pub(in crate::render) why_new: &'static str,
    /// Before the places of a change.
    pub(in crate::render) place: &'static str,
    /// Before the new name of a file.
    pub(in crate::render) new_path: &'static str,
    /// Before a data structure.
    pub(in crate::render) data_structure: &'static str,
    /// Before imports.
    pub(in crate::render) imports: &'static str,
    /// Before a setting.
    pub(in crate::render) setting: &'static str,
    /// Before what is built on.
    pub(in crate::render) reuses: &'static str,
    /// Before an effect elsewhere.
    pub(in crate::render) side_effect: &'static str,
    /// Before what to do about it.
    pub(in crate::render) action: &'static str,
    /// Before places that show it.
    pub(in crate::render) evidence: &'static str,
    /// Before the points that a change serves.
    pub(in crate::render) serves: &'static str,
    /// Before the changes that come first.
    pub(in crate::render) after: &'static str,
    /// A file is changed.
    pub(in crate::render) modify: &'static str,
    /// A file is new.
    pub(in crate::render) add: &'static str,
    /// A file goes.
    pub(in crate::render) delete: &'static str,
    /// A file gets another name.
    pub(in crate::render) rename: &'static str,
    /// An interface breaks its callers.
    pub(in crate::render) breaking: &'static str,
    /// The same, where there is room.
    pub(in crate::render) callers_change: &'static str,
    /// Over changes of no step.
    pub(in crate::render) no_step: &'static str,
    /// Over the points of the request.
    pub(in crate::render) request_points: &'static str,
    /// Over findings that are not shown above.
    pub(in crate::render) more_findings: &'static str,
    /// Over assumptions.
    pub(in crate::render) assumptions: &'static str,
    /// Before what follows when one is wrong.
    pub(in crate::render) if_wrong: &'static str,
    /// Over what is left alone.
    pub(in crate::render) out_of_scope: &'static str,
    /// Before why a library is wanted.
    pub(in crate::render) why_not_existing: &'static str,
    /// Before why it is not written here.
    pub(in crate::render) why_not_own: &'static str,
    /// Before what helps against a risk.
    pub(in crate::render) mitigation: &'static str,
    /// Before why a note is one on the architecture.
    pub(in crate::render) why_here: &'static str,
    /// Before the expertise that was assumed.
    pub(in crate::render) expertise: &'static str,
    /// Before what was not read.
    pub(in crate::render) skipped: &'static str,
    /// Over what the checks changed.
    pub(in crate::render) notes: &'static str,
    /// Before names that do not exist.
    pub(in crate::render) not_named: &'static str,
    /// Summary of the details of so many changes.
    pub(in crate::render) details: fn(usize) -> String,
}

impl Words {
    /// What is done to a file.
    pub(in crate::render) fn operation(&self, operation: Operation) -> &'static str {
        match operation {
            Operation::Modify => self.modify,
            Operation::Add => self.add,
            Operation::Delete => self.delete,
            Operation::Rename => self.rename,
        }
    }
}

/// The words where no other language is asked for, and those of texts for machines.
pub(in crate::render) static ENGLISH: Words = english::WORDS;

/// The languages beside English, by the first part of their tags.
static OTHERS: [(&str, Words); 8] = [
    ("de", german::WORDS),
    ("es", spanish::WORDS),
    ("fr", french::WORDS),
    ("it", italian::WORDS),
    ("ja", japanese::WORDS),
    ("ko", korean::WORDS),
    ("pt", portuguese::WORDS),
    ("zh", chinese::WORDS),
];

/// Parts of tags that say Chinese is written in traditional characters, for which there are no words.
const TRADITIONAL: [&str; 4] = ["hant", "tw", "hk", "mo"];

/// The words of a language; English ones where there are none of it, or none is asked for.
pub(in crate::render) fn words(language: Option<&LanguageTag>) -> &'static Words {
    let Some(tag) = language.map(|tag| tag.as_str().to_ascii_lowercase()) else {
        return &ENGLISH;
    };
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    if parts.any(|part| TRADITIONAL.contains(&part)) {
        return &ENGLISH;
    }
    let found = OTHERS.iter().find(|(one, _)| *one == first);
    found.map_or(&ENGLISH, |(_, words)| words)
}

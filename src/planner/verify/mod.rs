//! Every claim of a draft against the repository, without a model.
//!
//! The letter of a check tells what it is about: G for claims about the repository, S for the plan's own
//! structure, C for coverage of the request, I for the impact on others, R for the rules of plans, O for
//! what acts on readers.

mod allowance;
mod anchors;
mod claims;
mod dependencies;
mod fields;
mod impact;
mod imports;
mod log;
mod lookup;
pub(in crate::planner) mod nearest;
mod output;
mod own;
mod paths;
mod prose;
mod quotes;
mod reviews;
mod rules;
mod signatures;
mod snippets;
mod structure;
mod symbols;
mod words;

pub(in crate::planner) use fields::visit_sentences;
pub(in crate::planner) use rules::without_rollout;

use crate::domain::document::References;
use crate::domain::plan::Plan;
use crate::domain::request::Brief;
use crate::planner::assemble::assemble;
use crate::planner::draft::{Draft, PlanFile, Resolved};
use crate::planner::pack::EvidencePack;
use crate::registry::Lookups;
use crate::repository::index::Index;
use log::Log;

/// Most candidates of one finding.
const MAX_CANDIDATES: usize = 5;

/// What a failed check means for the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingClass {
    /// The claim is false: it is repaired, dropped or marked.
    Hard,
    /// It was wrong and could be put right by us.
    Fixed,
    /// It deserves a note.
    Soft,
}

impl FindingClass {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Fixed => "fixed",
            Self::Soft => "soft",
        }
    }
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's id, such as `G1`.
    pub check: &'static str,
    /// What it means.
    pub class: FindingClass,
    /// Where in `plan.json`, as a JSON pointer.
    pub at: String,
    /// What is wrong; our words with raw names inside.
    pub message: String,
    /// The nearest things that do exist, best first, at most five.
    pub candidates: Vec<String>,
}

/// A draft after all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What was found wrong, in the order of the draft.
    pub findings: Vec<Finding>,
    /// How many references were made and found.
    pub references: References,
    /// The same for paths, symbols and quotes alone, which decide on publication.
    pub located: References,
    /// The same for names in sentences, which no look-up can decide for sure.
    pub prose: References,
    /// The draft with what could be put right put right, and the places that were found.
    pub file: PlanFile,
    /// The plan with everything resolved that could be.
    pub plan: Plan,
}

impl Verification {
    /// How many findings are hard.
    pub fn hard_count(&self) -> usize {
        let hard = |finding: &&Finding| finding.class == FindingClass::Hard;
        self.findings.iter().filter(hard).count()
    }
}

/// What a draft is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The repository at the pinned commit.
    pub index: &'a Index,
    /// The evidence that the model was shown. Without it evidence ids are taken when they have the
    /// right form, and count neither as found nor as made.
    pub pack: Option<&'a EvidencePack>,
    /// The request. Without it nothing is compared with its words.
    pub brief: Option<&'a Brief>,
    /// What registries said of the proposed libraries. Without it they are unverified.
    pub lookups: Option<&'a Lookups>,
}

impl<'a> Ground<'a> {
    /// The repository alone, as for a plan that somebody wrote by hand.
    pub fn bare(index: &'a Index) -> Self {
        Self {
            index,
            pack: None,
            brief: None,
            lookups: None,
        }
    }
}

/// Checks every claim of `draft` against `ground`. A draft beyond the limits of its lists and texts is
/// refused as a whole, and nothing else of it is checked.
pub fn verify(draft: &Draft, ground: &Ground<'_>) -> Verification {
    let mut check = Check::new(ground);
    let mut draft = draft.clone();
    if let Err(error) = draft.check_limits() {
        for problem in error.problems() {
            let message = format!("{problem}; nothing else was checked");
            check.log.hard("S2", "/", message, Vec::new());
        }
        return check.log.finish(draft, ground.index);
    }
    reviews::check_reviews(&mut draft, &mut check);
    output::check_output(&mut draft, &mut check);
    dependencies::check_dependencies(&mut draft, &mut check);
    structure::check_ids(&draft, &mut check.log);
    claims::check_findings(&draft, &mut check);
    let added = paths::check_paths(&mut draft, &mut check);
    for position in 0..draft.changes.len() {
        anchors::check_anchors(&mut draft, position, &mut check);
    }
    let mut own = own::Own::of(&draft, &added);
    claims::check_changes(&draft, &own, &mut check);
    imports::check_imports(&draft, &own, &mut check);
    prose::check_prose(&mut draft, &mut own, &mut check);
    impact::check_impact(&draft, &mut check);
    check_rules(&mut draft, &mut check);
    structure::check_order(&mut draft, &mut check.log);
    structure::check_coverage(&draft, &mut check.log);
    structure::check_scope(&draft, &mut check.log);
    for problem in check.allowance.exhausted() {
        check.log.soft("S2", "/", problem);
    }
    check.log.finish(draft, ground.index)
}

/// Checks what a plan may and must say, whatever the repository holds.
fn check_rules(draft: &mut Draft, check: &mut Check<'_>) {
    snippets::check_snippets(draft, check);
    signatures::check_signatures(draft, check);
    rules::check_rollout(draft, check);
    rules::check_reuse(draft, check);
    rules::check_decisions(draft, check);
    rules::check_risks(draft, check);
    rules::check_restatement(draft, check);
}

/// Checks a plan file as [`verify`] does. Places and counts that it brings are never believed: they are
/// computed anew, and a finding says so where they differ.
pub fn verify_file(file: &PlanFile, ground: &Ground<'_>) -> Verification {
    let mut verification = verify(&file.draft, ground);
    let computed = verification.file.resolved.as_ref();
    if let (Some(given), Some(computed)) = (&file.resolved, computed)
        && given.is_beyond(computed)
    {
        verification.findings.push(Finding {
            check: "S2",
            class: FindingClass::Fixed,
            at: "/resolved".to_owned(),
            message:
                "what came with the plan as found is not what is found at this commit; it was \
                      computed anew"
                    .to_owned(),
            candidates: Vec::new(),
        });
    }
    verification
}

/// The plan of a draft that nobody looks up here: places are those of `resolved`, if there are any,
/// and every other reference is unverified.
pub fn unchecked(draft: &Draft, resolved: Option<&Resolved>) -> Plan {
    match resolved {
        Some(resolved) => assemble(draft, resolved),
        None => assemble(draft, &Resolved::default()),
    }
}

/// What all checks work with.
struct Check<'a> {
    index: &'a Index,
    pack: Option<&'a EvidencePack>,
    brief: Option<&'a Brief>,
    lookups: Option<&'a Lookups>,
    files: lookup::Files<'a>,
    quotes: quotes::FoldedFiles,
    allowance: allowance::Allowance,
    log: Log,
}

impl<'a> Check<'a> {
    fn new(ground: &Ground<'a>) -> Self {
        Self {
            index: ground.index,
            pack: ground.pack,
            brief: ground.brief,
            lookups: ground.lookups,
            files: lookup::Files::of(ground.index),
            quotes: quotes::FoldedFiles::default(),
            allowance: allowance::Allowance::default(),
            log: Log::default(),
        }
    }

    /// Whether another search through the whole repository is bearable.
    fn may_search(&self) -> bool {
        self.allowance.take_search()
    }

    /// Files whose path resembles `claimed`; none when too much was searched for already.
    fn nearest_paths(&self, claimed: &str) -> Vec<String> {
        match self.may_search() {
            true => nearest::nearest_files(&self.files, claimed),
            false => Vec::new(),
        }
    }

    /// Names of definitions that resemble `claimed`; none when too much was searched for already.
    fn nearest_definitions(&self, claimed: &str) -> Vec<String> {
        match self.may_search() {
            true => nearest::nearest_definitions(self.index, claimed),
            false => Vec::new(),
        }
    }
}

/// What kind of reference is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference {
    /// A path, a symbol or a quote.
    Located,
    /// Evidence, a reuse or a side effect.
    Other,
}

#[cfg(test)]
mod tests;

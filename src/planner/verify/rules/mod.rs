//! R2, R3, R5 to R7: what a plan of this kind says, and what it leaves out.

mod decisions;
mod paths;
mod phrases;
mod reuse;
mod rollout;

pub(super) use decisions::check_decisions;
pub(super) use reuse::check_reuse;
pub(super) use rollout::check_rollout;

use std::collections::HashSet;

use crate::planner::draft::{Draft, RiskCategory};
use crate::planner::verify::Check;

pub(in crate::planner) use rollout::without_rollout;

/// Fewest words that show that a request was understood.
const MIN_RESTATEMENT_WORDS: usize = 25;

/// Words that are compared together.
const GRAM: usize = 4;

/// Share of a restatement that may be the request's own words, in percent.
const MAX_OVERLAP_PERCENT: usize = 60;

/// Kinds of risks that every plan has a word on.
const DUE: [RiskCategory; 3] = [
    RiskCategory::Security,
    RiskCategory::Performance,
    RiskCategory::Robustness,
];

/// Words that say that there is no risk and not why.
const SAYING_NOTHING: &[&str] = &[
    "no",
    "none",
    "nothing",
    "not",
    "n",
    "a",
    "na",
    "any",
    "applicable",
    "risk",
    "risks",
    "concern",
    "concerns",
    "impact",
    "issue",
    "issues",
    "effect",
    "identified",
    "known",
    "expected",
    "relevant",
    "significant",
    "security",
    "performance",
    "robustness",
    "compatibility",
    "data",
    "here",
    "at",
    "all",
    "there",
    "is",
    "are",
    "needed",
    "required",
    "tbd",
];

/// R6: security, performance and robustness each have a risk, or a reason why there is none.
pub(super) fn check_risks(draft: &Draft, check: &mut Check<'_>) {
    let missing: Vec<_> = (DUE.iter())
        .filter(|due| !draft.risks.iter().any(|risk| risk.category == **due))
        .map(|due| due.as_str())
        .collect();
    if !missing.is_empty() {
        let message = format!("says nothing on {}", missing.join(" and "));
        check.log.soft("R6", "/risks", message);
    }
    for (i, risk) in draft.risks.iter().enumerate() {
        let said = lower_words(&format!("{} {}", risk.risk, risk.mitigation));
        if said.iter().all(|word| SAYING_NOTHING.contains(&&**word)) {
            let message = format!(
                "says nothing on {} and gives no reason",
                risk.category.as_str()
            );
            check.log.soft("R6", &format!("/risks/{i}/risk"), message);
        }
    }
}

/// R7: the request is restated, in other words than its own. Nothing is compared without a request.
pub(super) fn check_restatement(draft: &Draft, check: &mut Check<'_>) {
    let at = "/understanding/restatement";
    let restated = lower_words(&draft.understanding.restatement);
    if restated.len() < MIN_RESTATEMENT_WORDS {
        let message = format!(
            "restates the request in {} words; {MIN_RESTATEMENT_WORDS} or more show that it was understood",
            restated.len()
        );
        check.log.soft("R7", at, message);
        return;
    }
    let Some(brief) = check.brief else { return };
    let asked = lower_words(&brief.full_text());
    let asked: HashSet<&[String]> = asked.windows(GRAM).collect();
    let grams = restated.windows(GRAM);
    let all = grams.len();
    let copied = grams.filter(|gram| asked.contains(gram)).count();
    if all > 0 && copied * 100 >= all * MAX_OVERLAP_PERCENT {
        let message = "repeats the request word by word".to_owned();
        check.log.soft("R7", at, message);
    }
}

fn lower_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests;

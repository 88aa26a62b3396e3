//! R5: a decision has options, and recommends one of them.

use std::collections::HashSet;

use crate::planner::draft::{Decision, Draft};
use crate::planner::verify::Check;

/// Checks all decisions. A recommendation that says the name of one option among other words becomes
/// that name.
pub(in crate::planner::verify) fn check_decisions(draft: &mut Draft, check: &mut Check<'_>) {
    for (i, decision) in draft.decisions.iter_mut().enumerate() {
        let at = format!("/decisions/{i}");
        let names: Vec<_> = decision
            .options
            .iter()
            .map(|option| option.name.clone())
            .collect();
        let different: HashSet<_> = (names.iter().map(|name| fold(name)))
            .filter(|name| !name.is_empty())
            .collect();
        if different.len() < 2 {
            let message = "a decision needs two options that differ".to_owned();
            check
                .log
                .hard("R5", &format!("{at}/options"), message, Vec::new());
            continue;
        }
        let at = format!("{at}/recommendation");
        match recommended(decision) {
            Some(name) if name == decision.recommendation => {}
            Some(name) => {
                let message = format!("`{}` was read as `{name}`", decision.recommendation);
                decision.recommendation = name;
                check.log.fixed("R5", &at, message);
            }
            None => {
                let message = format!("`{}` is none of the options", decision.recommendation);
                check.log.hard("R5", &at, message, names);
            }
        }
    }
}

/// The one option that the recommendation names: as it is written, or as a part of more words.
fn recommended(decision: &Decision) -> Option<String> {
    let wanted = fold(&decision.recommendation);
    let names = || decision.options.iter().map(|option| &option.name);
    if let Some(same) = names().find(|name| fold(name) == wanted) {
        return Some(same.clone());
    }
    let words = format!(" {wanted} ");
    let mut named = names().filter(|name| {
        let name = fold(name);
        !name.is_empty() && words.contains(&format!(" {name} "))
    });
    let first = named.next()?;
    named.next().is_none().then(|| first.clone())
}

fn fold(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

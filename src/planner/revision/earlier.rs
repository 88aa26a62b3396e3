//! The earlier plan in short for the model, and its places and those of reviewers as evidence.

use crate::domain::change_set::ChangeSet;
use crate::domain::plan::{Anchor, Change, Decision, Plan, PlanId, Step};
use crate::planner::marks::one_line;
use crate::planner::pack::Pick;
use crate::planner::places::{around, best_place, find_file, find_line, last_segment};
use crate::repository::index::Index;
use crate::text::shorten;

/// Most characters of one text; what is longer is told by its beginning.
const MAX_TEXT: usize = 500;

/// Most places of the earlier plan that are shown for certain; its other files stand in the ranking.
const MAX_PLACES: usize = 16;

/// Most names of one line.
const MAX_NAMES: usize = 12;

/// The plan in at most `bytes`, a line for each part, the ones that are talked about first. What does not
/// fit is told.
pub(in crate::planner) fn list(plan: &Plan, bytes: usize) -> String {
    let mut text = String::new();
    let mut left_out = 0;
    for line in lines(plan) {
        if left_out == 0 && text.len() + line.len() < bytes {
            text.push_str(&line);
            text.push('\n');
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        text.push_str(&format!("[{left_out} more lines left out]"));
    }
    text.trim_end().to_owned()
}

fn lines(plan: &Plan) -> Vec<String> {
    let points = plan.request_points.iter();
    let points = points.map(|point| format!("{} {}", point.id.as_str(), short(&point.text)));
    let questions = (1..).zip(&plan.open_questions).map(|(i, open)| {
        let (question, taken) = (short(&open.question), short(&open.default_taken));
        format!("Q{i} {question} Until answered: {taken}")
    });
    let excluded = plan.out_of_scope.iter();
    let excluded = excluded.map(|text| format!("left alone: {}", short(text)));
    (plan.steps.iter().map(step))
        .chain(plan.changes.iter().map(change))
        .chain(plan.decisions.iter().map(decision))
        .chain(questions)
        .chain(points)
        .chain(excluded)
        .collect()
}

fn step(step: &Step) -> String {
    let (title, detail) = (short(&step.title), short(&step.detail));
    let changes = names(&step.changes);
    format!("{} {title} ({changes}): {detail}", step.id.as_str())
}

fn change(change: &Change) -> String {
    let symbols: Vec<_> = (change.anchors.iter())
        .map(|anchor| one_line(&anchor.symbol))
        .filter(|symbol| !symbol.is_empty())
        .take(MAX_NAMES)
        .collect();
    format!(
        "{} {} {} [{}], covers {}: {}",
        change.id.as_str(),
        change.operation.as_str(),
        one_line(change.target.text()),
        symbols.join(", "),
        names(&change.covers),
        short(&change.what)
    )
}

fn decision(decision: &Decision) -> String {
    let options: Vec<_> = (decision.options.iter())
        .take(MAX_NAMES)
        .map(|option| short(&option.name))
        .collect();
    format!(
        "{} {} Options: {}. Recommended: {}",
        decision.id.as_str(),
        short(&decision.question),
        options.join(" | "),
        short(&decision.recommendation)
    )
}

fn names(ids: &[PlanId]) -> String {
    let ids: Vec<_> = ids.iter().take(MAX_NAMES).map(PlanId::as_str).collect();
    ids.join(", ")
}

fn short(text: &str) -> String {
    let line = one_line(text);
    shorten::to_chars(&line, MAX_TEXT).into_owned()
}

/// The places that reviewers talk about, in the code at the head.
pub(in crate::planner) fn reviewed_places(index: &Index, changes: &ChangeSet) -> Vec<Pick> {
    let places = changes.reviews.iter().filter_map(|thread| {
        let file = find_file(index, &thread.path)?;
        let (_, beginning) = best_place(index, file, &[]);
        Some(Pick {
            file,
            lines: thread.line.map_or(beginning, around),
            symbol: String::new(),
            reason: format!("review thread {}", thread.name().as_str()),
        })
    });
    places.take(MAX_PLACES).collect()
}

/// Where the changes of the earlier plan are in the code as it is: what they quote, else the symbol that
/// they name, else the beginning of the file. Files that are gone have no place.
pub(in crate::planner) fn places(index: &Index, plan: &Plan) -> Vec<Pick> {
    let mut picks: Vec<Pick> = Vec::new();
    for change in &plan.changes {
        let Some(file) = find_file(index, change.target.text()) else {
            continue;
        };
        let mut add = |anchor: Option<&Anchor>| {
            let symbol = anchor.map_or("", |anchor| anchor.symbol.trim());
            let quoted = anchor.and_then(|anchor| find_line(index, file, &anchor.quote));
            let name = [last_segment(symbol).to_owned()];
            let named = || best_place(index, file, &name).1;
            let pick = Pick {
                file,
                lines: quoted.unwrap_or_else(named),
                symbol: symbol.to_owned(),
                reason: format!("{} of the plan so far changes it", change.id.as_str()),
            };
            if !picks
                .iter()
                .any(|known| (known.file, known.lines) == (file, pick.lines))
            {
                picks.push(pick);
            }
        };
        match change.anchors.as_slice() {
            [] => add(None),
            anchors => anchors.iter().for_each(|anchor| add(Some(anchor))),
        }
    }
    picks.truncate(MAX_PLACES);
    picks
}

//! C3: what reviewers wait for is asked like everything else.

use crate::planner::draft::{Draft, PointKind, RequestPoint};
use crate::planner::verify::Check;

/// Where the points of the request are.
const POINTS: &str = "/understanding/request_points";

/// Every conversation that nobody resolved is a point of the request under its own name; one that is
/// missing is added, and so has to be covered or declined. Where nobody knows what is resolved, the plan
/// may leave out what it finds done.
pub(super) fn check_reviews(draft: &mut Draft, check: &mut Check<'_>) {
    let Some(changes) = check.brief.and_then(|brief| brief.changes.as_ref()) else {
        return;
    };
    let points = &mut draft.understanding.request_points;
    for thread in &changes.reviews {
        let name = thread.name();
        let known = points.iter().position(|point| point.id == name.as_str());
        let position = match known {
            Some(position) => position,
            None if !changes.knows_resolved => continue,
            None => {
                let at = format!("{POINTS}/{}", points.len());
                let name = name.as_str();
                points.push(RequestPoint {
                    id: name.to_owned(),
                    text: format!("What the review thread {name} asks for."),
                    kind: PointKind::Behaviour,
                });
                let message = format!("the open review thread `{name}` was no point; it was added");
                check.log.fixed("C3", &at, message);
                points.len() - 1
            }
        };
        check
            .log
            .review(&format!("{POINTS}/{position}"), &thread.link());
    }
}

#[cfg(test)]
mod tests;

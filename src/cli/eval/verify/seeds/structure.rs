//! Parts of a plan that do not fit together.

use super::{Kind, hard, told};
use crate::cli::eval::verify::scene::{Scene, Seeded, append};
use crate::planner::draft::{PointKind, RequestPoint};

pub(super) const KINDS: &[Kind] = &[
    hard("request point dropped", &["C1"], dropped_point),
    hard("no request points", &["C1", "S3"], no_points),
    told("change that serves nothing", &["C2"], orphan),
    hard("dependencies in a circle", &["S3"], cycle),
    hard("step before what it needs", &["S3"], step_order),
    hard("change without a step", &["S3"], stepless),
    hard("id used twice", &["S2"], duplicate_id),
    hard("text that is no id", &["S2"], odd_id),
    hard("reference to nothing", &["S3"], dangling),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "it fits every plan, but others of its kind do not"
)]
fn dropped_point(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let points = &mut draft.understanding.request_points;
    let position = points.len();
    points.push(RequestPoint {
        id: format!("R{}", position + 1),
        text: "The outcome can be told apart in the log".to_owned(),
        kind: PointKind::Behaviour,
    });
    let at = format!("/understanding/request_points/{position}");
    Some(Seeded::new(draft, at))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it fits every plan, but others of its kind do not"
)]
fn no_points(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    draft.understanding.request_points.clear();
    Some(Seeded::new(draft, "/understanding/request_points"))
}

fn orphan(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let source = scene.modified()?;
    let model = scene.change(source)?;
    let mut change = model.clone();
    change.id = format!("C{}", draft.changes.len() + 1);
    change.covers.clear();
    change.depends_on.clear();
    let position = draft.changes.len();
    append(&mut draft, change);
    Some(Seeded::new(draft, format!("/changes/{position}")))
}

fn cycle(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let last = draft.changes.last()?.id.clone();
    draft.changes.first_mut()?.depends_on.push(last);
    Some(Seeded::new(draft, "/changes"))
}

fn step_order(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    if draft.steps.len() < 2 {
        return None;
    }
    draft.steps.reverse();
    Some(Seeded::new(draft, "/steps"))
}

fn stepless(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let mut draft = scene.draft();
    let id = draft.changes.get(position)?.id.clone();
    draft.steps.retain(|step| !step.changes.contains(&id));
    Some(Seeded::new(draft, format!("/changes/{position}")))
}

fn duplicate_id(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let at = match scene.dice.below(3) {
        0 => {
            let mut again = draft.understanding.assumptions.first()?.clone();
            again.text = "The order of the inputs does not matter.".to_owned();
            draft.understanding.assumptions.push(again);
            "/understanding/assumptions/1/id".to_owned()
        }
        1 => {
            draft.decisions.first_mut()?.id = draft.steps.first()?.id.clone();
            "/".to_owned()
        }
        _ => {
            let again = draft.changes.first()?.clone();
            draft.changes.push(again);
            format!("/changes/{}/id", draft.changes.len() - 1)
        }
    };
    Some(Seeded::new(draft, at))
}

fn odd_id(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let odd = ["", "first decision", "@everyone", "D-1 or D-2"];
    draft.decisions.first_mut()?.id = (*scene.dice.pick(&odd)?).to_owned();
    Some(Seeded::new(draft, "/decisions/0/id"))
}

fn dangling(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let at = match scene.dice.below(4) {
        0 => {
            draft.steps.first_mut()?.changes.push("C77".to_owned());
            "/steps/0/changes"
        }
        1 => {
            draft.risks.first_mut()?.changes.push("C77".to_owned());
            "/risks/0/changes"
        }
        2 => {
            draft.changes.first_mut()?.covers.push("R77".to_owned());
            "/changes/0/covers"
        }
        _ => {
            draft.changes.first_mut()?.depends_on.push("C77".to_owned());
            "/changes/0/depends_on"
        }
    };
    Some(Seeded::new(draft, at))
}

//! The names of a plan's parts: what stays keeps its own, and no name is ever given to two things.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::plan::{Plan, PlanId};
use crate::domain::revision::similar::{ChangeView, DecisionView, StepView, Words, pairs};

/// The highest numbers ever given to parts of a thread's plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Highest {
    /// Of steps, `T…`.
    pub steps: usize,
    /// Of changes, `C…`.
    pub changes: usize,
    /// Of decisions, `D…`.
    pub decisions: usize,
}

impl Highest {
    /// The same, or higher where `plan` has higher numbers.
    #[must_use]
    pub fn with(self, plan: &Plan) -> Self {
        let highest = |prefix, ids: &mut dyn Iterator<Item = &PlanId>| {
            ids.filter_map(|id| number(id, prefix)).max().unwrap_or(0)
        };
        self.max(Self {
            steps: highest('T', &mut plan.steps.iter().map(|step| &step.id)),
            changes: highest('C', &mut plan.changes.iter().map(|change| &change.id)),
            decisions: highest('D', &mut plan.decisions.iter().map(|one| &one.id)),
        })
    }

    /// The higher number of each kind.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            steps: self.steps.max(other.steps),
            changes: self.changes.max(other.changes),
            decisions: self.decisions.max(other.decisions),
        }
    }
}

/// Another name for parts of a plan, by the name that they have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(BTreeMap<PlanId, PlanId>);

impl Names {
    /// The new name of the part called `text`; `None` when it has none.
    pub fn find(&self, text: &str) -> Option<&PlanId> {
        self.0.get(&PlanId::find(text)?)
    }

    /// Gives a part another name.
    pub fn add(&mut self, old: PlanId, new: PlanId) {
        self.0.insert(old, new);
    }
}

/// The names for the parts of `new`, a plan in which no name stands for two things: what `earlier` has
/// too is called as it is there, and the rest gets numbers above `used`. The order of the plan stays.
pub fn choose_names(earlier: &Plan, new: &Plan, used: Highest) -> Names {
    let used = used.with(earlier);
    let changes = kept_changes(earlier, new);
    let steps = kept_steps(earlier, new, &changes);
    let decisions = kept_decisions(earlier, new);
    let mut names = Names::default();
    let ids = new.steps.iter().map(|step| &step.id);
    name_all(&mut names, ids, &steps, ('T', used.steps));
    let ids = new.changes.iter().map(|change| &change.id);
    name_all(&mut names, ids, &changes, ('C', used.changes));
    let ids = new.decisions.iter().map(|decision| &decision.id);
    name_all(&mut names, ids, &decisions, ('D', used.decisions));
    name_points(&mut names, new);
    names
}

/// Earlier names by the position of what has them in the new plan.
type Kept = BTreeMap<usize, PlanId>;

fn kept_changes(earlier: &Plan, new: &Plan) -> Kept {
    let views = |plan: &Plan| plan.changes.iter().map(ChangeView::of).collect::<Vec<_>>();
    let (before, after) = (views(earlier), views(new));
    let pairs = pairs((before.len(), after.len()), |i, j| {
        before.get(i)?.likeness(after.get(j)?)
    });
    let id = |i: usize| earlier.changes.get(i).map(|change| &change.id);
    kept(&pairs, id)
}

/// Steps are told by their words and by what they change.
fn kept_steps(earlier: &Plan, new: &Plan, changes: &Kept) -> Kept {
    let earlier_name = |id: &PlanId| {
        let position = new.changes.iter().position(|change| change.id == *id)?;
        changes.get(&position).cloned()
    };
    let views = |plan: &Plan, name: &dyn Fn(&PlanId) -> String| {
        let steps = plan.steps.iter().map(|step| StepView {
            title: Words::of(&step.title),
            detail: Words::of(&step.detail),
            changes: step.changes.iter().map(name).collect(),
        });
        steps.collect::<Vec<_>>()
    };
    let before = views(earlier, &|id| id.as_str().to_owned());
    // A change that was not there before is like no other: no name has a `+` in it.
    let after = views(new, &|id| match earlier_name(id) {
        Some(name) => name.as_str().to_owned(),
        None => format!("+{}", id.as_str()),
    });
    let pairs = pairs((before.len(), after.len()), |i, j| {
        before.get(i)?.likeness(after.get(j)?)
    });
    kept(&pairs, |i| earlier.steps.get(i).map(|step| &step.id))
}

fn kept_decisions(earlier: &Plan, new: &Plan) -> Kept {
    let views = |plan: &Plan| {
        let views = plan.decisions.iter().map(DecisionView::of);
        views.collect::<Vec<_>>()
    };
    let (before, after) = (views(earlier), views(new));
    let pairs = pairs((before.len(), after.len()), |i, j| {
        before.get(i)?.likeness(after.get(j)?)
    });
    kept(&pairs, |i| earlier.decisions.get(i).map(|one| &one.id))
}

fn kept<'p>(pairs: &[(usize, usize)], id: impl Fn(usize) -> Option<&'p PlanId>) -> Kept {
    let pairs = pairs.iter();
    pairs
        .filter_map(|(i, j)| Some((*j, id(*i)?.clone())))
        .collect()
}

/// Names parts in their order. Earlier names of another form are not carried on.
fn name_all<'p>(
    names: &mut Names,
    ids: impl Iterator<Item = &'p PlanId>,
    kept: &Kept,
    (prefix, used): (char, usize),
) {
    let mut next = used + 1;
    for (position, id) in ids.enumerate() {
        let known = kept.get(&position);
        let name = match known.filter(|name| number(name, prefix).is_some()) {
            Some(name) => name.clone(),
            None => {
                next += 1;
                PlanId::numbered(prefix, next - 1)
            }
        };
        names.add(id.clone(), name);
    }
}

/// Request points keep their names as long as these are of their own kind: `R…`, or `V…` for what
/// reviewers wait for.
fn name_points(names: &mut Names, new: &Plan) {
    let is_own = |id: &PlanId| number(id, 'R').or(number(id, 'V')).is_some();
    let ids = new.request_points.iter().map(|point| &point.id);
    let taken: BTreeSet<PlanId> = ids.clone().filter(|id| is_own(id)).cloned().collect();
    let mut free = (1..)
        .map(|number| PlanId::numbered('R', number))
        .filter(|id| !taken.contains(id));
    for id in ids.filter(|id| !is_own(id)) {
        if let Some(name) = free.next() {
            names.add(id.clone(), name);
        }
    }
}

/// The number in a name such as `T12`; `None` for names of another form.
fn number(id: &PlanId, prefix: char) -> Option<usize> {
    let digits = id.as_str().strip_prefix(prefix)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    is_plain.then(|| digits.parse().ok()).flatten()
}

//! What one plan has that another has not, by the names of their parts.

use std::collections::BTreeMap;

use crate::domain::plan::{Change, Decision, Plan, PlanId};
use crate::domain::revision::similar::{Place, folded};

/// What of a part is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Where it takes place: operation, file or symbol.
    Place,
    /// Its title, or the question of a decision.
    Title,
    /// What it says in full.
    Detail,
    /// What a decision recommends.
    Recommendation,
}

impl Aspect {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Place, Self::Title, Self::Detail, Self::Recommendation];
}

/// A part that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub id: PlanId,
    /// What of it, each once and in order.
    pub aspects: Vec<Aspect>,
}

/// How a plan differs from the one before: steps, then changes, then decisions, each in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Parts that were not there.
    pub added: Vec<PlanId>,
    /// Parts that are not as they were.
    pub changed: Vec<Changed>,
    /// Parts that are gone.
    pub dropped: Vec<PlanId>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.dropped.is_empty()
    }
}

/// What `new` has that `earlier` had not, and the other way round. Lines that only moved, and the ids of
/// evidence, make no difference.
pub fn find_differences(earlier: &Plan, new: &Plan) -> Difference {
    let mut found = Difference::default();
    compare(&mut found, &steps(earlier), &steps(new));
    compare(&mut found, &changes(earlier), &changes(new));
    compare(&mut found, &decisions(earlier), &decisions(new));
    found
}

/// A part as the texts that stand for its aspects.
struct Facets<'p> {
    id: &'p PlanId,
    texts: [String; Aspect::ALL.len()],
}

impl<'p> Facets<'p> {
    fn new(id: &'p PlanId, place: String, title: &str, detail: String) -> Self {
        Self {
            id,
            texts: [place, folded(title), detail, String::new()],
        }
    }

    fn differing(&self, other: &Self) -> Vec<Aspect> {
        let texts = self.texts.iter().zip(&other.texts);
        let differing = Aspect::ALL.into_iter().zip(texts);
        differing
            .filter(|(_, (one, other))| one != other)
            .map(|(aspect, _)| aspect)
            .collect()
    }
}

fn compare(found: &mut Difference, earlier: &[Facets<'_>], new: &[Facets<'_>]) {
    let of = |parts: &[Facets<'_>], id: &PlanId| parts.iter().position(|part| part.id == id);
    for part in new {
        match of(earlier, part.id).and_then(|position| earlier.get(position)) {
            None => found.added.push(part.id.clone()),
            Some(before) => {
                let aspects = before.differing(part);
                if !aspects.is_empty() {
                    let id = part.id.clone();
                    found.changed.push(Changed { id, aspects });
                }
            }
        }
    }
    let gone = earlier.iter().filter(|part| of(new, part.id).is_none());
    found.dropped.extend(gone.map(|part| part.id.clone()));
}

fn steps(plan: &Plan) -> Vec<Facets<'_>> {
    let by_id: BTreeMap<_, _> = (plan.changes.iter())
        .map(|change| (&change.id, change))
        .collect();
    let facets = plan.steps.iter().map(|step| {
        let changes = step.changes.iter().filter_map(|id| by_id.get(id));
        let changes: Vec<_> = changes.collect();
        let places: Vec<_> = changes.iter().map(|change| place(change)).collect();
        let mut details = vec![folded(&step.detail)];
        details.extend(changes.iter().map(|change| detail(change)));
        Facets::new(&step.id, places.join("\n"), &step.title, details.join("\n"))
    });
    facets.collect()
}

fn changes(plan: &Plan) -> Vec<Facets<'_>> {
    let facets = plan
        .changes
        .iter()
        .map(|change| Facets::new(&change.id, place(change), "", detail(change)));
    facets.collect()
}

fn decisions(plan: &Plan) -> Vec<Facets<'_>> {
    plan.decisions.iter().map(decision).collect()
}

fn decision(decision: &Decision) -> Facets<'_> {
    let options = decision.options.iter().map(|option| {
        let (name, trade_off) = (folded(&option.name), folded(&option.trade_off));
        format!("{name}: {trade_off}")
    });
    let mut detail: Vec<_> = options.collect();
    detail.push(folded(&decision.rationale));
    let mut facets = Facets::new(
        &decision.id,
        String::new(),
        &decision.question,
        detail.join("\n"),
    );
    let [.., recommendation] = &mut facets.texts;
    *recommendation = folded(&decision.recommendation);
    facets
}

fn place(change: &Change) -> String {
    let place = Place::of(change);
    let symbols: Vec<_> = place.symbols.iter().map(String::as_str).collect();
    format!(
        "{} {} {} {}",
        place.operation.as_str(),
        place.path,
        place.new_path,
        symbols.join(" ")
    )
}

/// What a change says beside its place. What it covers and needs is left out: these are names.
fn detail(change: &Change) -> String {
    let Change {
        id: _,
        operation: _,
        target: _,
        anchors: _,
        new_path: _,
        evidence: _,
        what,
        why,
        interfaces,
        data_structures,
        imports,
        config,
        snippet,
        reuses,
        why_new,
        side_effects,
        covers: _,
        depends_on: _,
    } = change;
    let effects = side_effects.iter().map(|effect| {
        let at = effect.target.text();
        format!("{at} {} {} {}", effect.symbol, effect.effect, effect.action)
    });
    let effects: Vec<_> = effects.collect();
    folded(&format!(
        "{what}\n{why}\n{why_new}\n{interfaces:?}\n{data_structures:?}\n{imports:?}\n{config:?}\n\
         {snippet:?}\n{reuses:?}\n{effects:?}"
    ))
}

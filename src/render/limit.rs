//! One comment within the forge's limit: what does not fit is left out in a stated order.
//!
//! Nothing is cut out of finished Markdown. A comment that is too long is rendered again to a
//! smaller extent, so that fences and folded parts stay whole. First the snippets go, then details
//! of the last steps, then whole folded parts, then the ends of long texts, then the last steps.

use crate::render::messages;

/// Most bytes of a comment. GitHub refuses 65,536 characters and does not say which unit it counts;
/// GitLab takes a million, but nobody reads that.
pub(super) const MAX_BYTES: usize = 60_000;

/// Characters of one text, entries of one list: in full, then twice less when even the visible part
/// is too long, and at last what fits whatever the texts are.
const TEXTS: [(usize, usize); 4] = [(2_000, 40), (400, 12), (160, 6), (80, 3)];

/// The folded parts besides the details, by the order in which they are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fold {
    Prompt,
    Notes,
    Findings,
    Risks,
    Assumptions,
    Dependencies,
    Receipt,
}

impl Fold {
    const ALL: [Self; 7] = [
        Self::Prompt,
        Self::Notes,
        Self::Findings,
        Self::Risks,
        Self::Assumptions,
        Self::Dependencies,
        Self::Receipt,
    ];

    /// What is written on it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Prompt => messages::PROMPT,
            Self::Notes => messages::NOTES,
            Self::Findings => messages::FINDINGS,
            Self::Risks => messages::RISKS,
            Self::Assumptions => messages::ASSUMPTIONS,
            Self::Dependencies => messages::DEPENDENCIES,
            Self::Receipt => messages::RECEIPT,
        }
    }
}

/// How much of a document is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Whether code snippets are shown.
    pub(super) snippets: bool,
    /// How many steps are shown in detail.
    pub(super) detailed_steps: usize,
    /// How many kinds of folded parts are left out.
    dropped_folds: usize,
    /// How many steps are shown.
    pub(super) steps: usize,
    /// Most characters of one foreign text.
    pub(super) characters: usize,
    /// Most entries of one list.
    pub(super) entries: usize,
}

impl Extent {
    fn full(steps: usize) -> Self {
        let [(characters, entries), ..] = TEXTS;
        Self {
            snippets: true,
            detailed_steps: steps,
            dropped_folds: 0,
            steps,
            characters,
            entries,
        }
    }

    /// Whether a folded part is shown.
    pub(super) fn has(&self, fold: Fold) -> bool {
        !Fold::ALL
            .iter()
            .take(self.dropped_folds)
            .any(|dropped| *dropped == fold)
    }

    /// All extents of a document with that many steps, each smaller than the one before it.
    fn ladder(steps: usize) -> Vec<Self> {
        let mut extent = Self::full(steps);
        let mut ladder = vec![extent];
        extent.snippets = false;
        ladder.push(extent);
        for detailed_steps in (0..steps).rev() {
            extent.detailed_steps = detailed_steps;
            ladder.push(extent);
        }
        for dropped_folds in 1..=Fold::ALL.len() {
            extent.dropped_folds = dropped_folds;
            ladder.push(extent);
        }
        let [_, long, middle, short] = TEXTS;
        for (characters, entries) in [long, middle] {
            extent.characters = characters;
            extent.entries = entries;
            ladder.push(extent);
        }
        for shown in (0..steps).rev() {
            extent.steps = shown;
            ladder.push(extent);
        }
        (extent.characters, extent.entries) = short;
        ladder.push(extent);
        ladder
    }

    /// What is left out, in a sentence; `None` when nothing is. `present` tells whether the
    /// document has a folded part at all.
    pub(super) fn notice(&self, steps: usize, present: impl Fn(Fold) -> bool) -> Option<String> {
        let full = Self::full(steps);
        let mut parts = Vec::new();
        if !self.snippets {
            parts.push(messages::WITHOUT_SNIPPETS.to_owned());
        }
        if self.detailed_steps < steps {
            parts.push(messages::without_details(steps - self.detailed_steps));
        }
        let dropped = Fold::ALL.into_iter().take(self.dropped_folds);
        let dropped = dropped.filter(|fold| present(*fold));
        parts.extend(dropped.map(|fold| messages::without_section(fold.title())));
        if self.characters < full.characters {
            parts.push(messages::CUT_TEXTS.to_owned());
        }
        if self.steps < steps {
            parts.push(messages::without_steps(steps - self.steps));
        }
        (!parts.is_empty()).then(|| messages::shortened(&parts))
    }
}

/// The fullest rendering of a document with that many steps that stays within `limit` bytes, or
/// the smallest one there is.
pub(super) fn fit(steps: usize, limit: usize, render: impl Fn(Extent) -> String) -> String {
    let ladder = Extent::ladder(steps);
    let smallest = ladder.last().copied().unwrap_or(Extent::full(steps));
    let too_long = ladder.partition_point(|extent| render(*extent).len() > limit);
    // The notice grows while the rest shrinks, so what the search points at is checked again.
    let mut candidates = ladder.into_iter().skip(too_long).map(&render);
    let fitting = candidates.find(|markdown| markdown.len() <= limit);
    fitting.unwrap_or_else(|| render(smallest))
}

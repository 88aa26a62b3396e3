//! What comes of a planning: a document, its place in the thread's log, and what it took.

use std::time::Duration;

use crate::domain::document::{Content, Document, OutlineReason, Receipt};
use crate::domain::plan::Plan;
use crate::domain::revision::{
    Highest, RevisionEntry, RevisionResult, Spending, find_differences, log_with,
};
use crate::planner::outline;
use crate::planner::revision::name_parts;
use crate::planner::settle::Settled;
use crate::planner::{Job, Outcome, Study};
use crate::repository::drift;

/// A planning that has come to its end.
pub(super) struct Conclusion<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) study: &'a Study,
    /// What was read and spent.
    pub(super) receipt: Receipt,
}

impl Job<'_> {
    /// The plan that stands in the thread.
    pub(super) fn standing_plan(&self) -> Option<&Plan> {
        match &self.previous?.content {
            Content::Plan { plan, .. } => Some(plan),
            Content::Outline(_) => None,
        }
    }
}

impl Conclusion<'_> {
    /// A plan: its parts are named as they were before, and the log says what is different.
    pub(super) fn planned(self, mut settled: Settled) -> Outcome {
        let earlier = self.job.standing_plan();
        let nothing = Plan::default();
        name_parts(&mut settled, earlier.unwrap_or(&nothing), self.used());
        let verification = settled.verification;
        let result = match earlier {
            Some(earlier) => RevisionResult::Revised(find_differences(earlier, &verification.plan)),
            None => RevisionResult::First {
                steps: verification.plan.steps.len(),
            },
        };
        let content = Content::Plan {
            plan: Box::new(verification.plan),
            references: verification.references,
        };
        let receipt = Receipt {
            notes: settled.notes,
            ..self.receipt.clone()
        };
        Outcome {
            file: Some(verification.file),
            ..self.outcome(content, receipt, result)
        }
    }

    /// No plan. An outline says less than a plan, so it never takes the place of one: the plan that stands
    /// goes on standing, and its log says why.
    pub(super) fn outlined(self, reason: OutlineReason, retry_after: Option<Duration>) -> Outcome {
        let kept = self.job.previous;
        if let Some(standing) = kept.filter(|_| self.job.standing_plan().is_some()) {
            let entry = self.entry(RevisionResult::Kept { reason }, Highest::default());
            return Outcome {
                document: Document {
                    history: log_with(entry, &standing.history),
                    ..standing.clone()
                },
                file: None,
                retry_after,
                trouble: None,
                spending: self.spending(),
            };
        }
        let content = Content::Outline(outline::outline(
            &self.study.brief,
            &self.job.index,
            &self.study.location,
            &self.study.facts,
            reason,
        ));
        let receipt = self.receipt.clone();
        Outcome {
            retry_after,
            ..self.outcome(content, receipt, RevisionResult::Outline { reason })
        }
    }

    fn outcome(&self, content: Content, receipt: Receipt, result: RevisionResult) -> Outcome {
        let named = match &content {
            Content::Plan { plan, .. } => Highest::default().with(plan),
            Content::Outline(_) => Highest::default(),
        };
        let history = self
            .job
            .previous
            .map(|document| document.history.as_slice());
        Outcome {
            document: Document {
                commit: self.job.index.snapshot().commit.clone(),
                revision: self.job.revision,
                language: self.job.language.cloned(),
                sources: drift::sources(&content, self.job.index.snapshot()),
                content,
                receipt,
                age: None,
                history: log_with(self.entry(result, named), history.unwrap_or_default()),
            },
            file: None,
            retry_after: None,
            trouble: None,
            spending: self.spending(),
        }
    }

    fn entry(&self, result: RevisionResult, named: Highest) -> RevisionEntry {
        RevisionEntry {
            revision: self.job.revision,
            commit: self.job.index.snapshot().commit.clone(),
            cause: self.job.cause.shortened(),
            result,
            spending: self.spending(),
            highest: self.used().max(named),
        }
    }

    /// The highest numbers that the thread has used: a plan that nobody logged counts too.
    fn used(&self) -> Highest {
        let log = self.job.previous.into_iter().flat_map(|one| &one.history);
        let used = log.fold(Highest::default(), |used, entry| used.max(entry.highest));
        match self.job.standing_plan() {
            Some(plan) => used.with(plan),
            None => used,
        }
    }

    fn spending(&self) -> Spending {
        Spending {
            calls: self.receipt.model_calls,
            input_tokens: self.receipt.input_tokens,
            output_tokens: self.receipt.output_tokens,
            cost: self.receipt.cost.clone(),
        }
    }
}

//! From a request and a snapshot to a document: outline, draft, verification.
//!
//! The planner never posts, and what a model says leaves it only as a verified plan.

mod answer;
mod assemble;
pub mod draft;
mod engine;
mod intake;
pub mod outline;
pub mod pack;
mod prompt;
pub mod proposals;
mod repair;
pub mod report;
mod session;
mod settle;
pub mod verify;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::document::{Content, Document, OutlineReason, Receipt};
use crate::domain::request::Brief;
use crate::model::Model;
use crate::planner::draft::PlanFile;
use crate::planner::engine::{Ending, Engine, Spent};
use crate::planner::pack::{EvidencePack, PACK_TOKENS};
use crate::registry::Registry;
use crate::repository::facts::{self, Facts};
use crate::repository::index::Index;
use crate::repository::locate::{Location, Search};

/// Files that are ranked for the pack; the outline shows the first few.
const RANKED_FILES: usize = 60;

/// How far planning has come, for progress displays and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Finding the places that the request is about.
    Locating,
    /// Waiting for the model.
    Writing,
    /// Checking the model's claims.
    Verifying,
}

/// What the planner works with.
pub struct Job<'a> {
    /// The request.
    pub brief: &'a Brief,
    /// The repository at the pinned commit.
    pub index: Arc<Index>,
    /// What [`search`] found there for the request, when that was done before; else it is done anew.
    pub search: Option<Arc<Search>>,
    /// The model; `None` makes an outline.
    pub model: Option<&'a dyn Model>,
    /// Who is asked about proposed libraries; without it they are unverified.
    pub registry: Option<&'a dyn Registry>,
    /// Most calls to the model.
    pub model_calls: u32,
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// Most bytes of the request that are used.
    pub request_bytes: u64,
    /// Which revision of the thread's plan this is, from 1.
    pub revision: u32,
}

/// What came of planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What to show.
    pub document: Document,
    /// The plan as a file, with what was found for it; `None` for an outline.
    pub file: Option<PlanFile>,
    /// When planning again makes sense because the model was busy or out of reach; `None` when the
    /// document is as good as it gets.
    pub retry_after: Option<Duration>,
}

/// What search found for a request, before any model is asked.
#[derive(Debug)]
pub struct Study {
    /// The request as it is used: visible parts only, within its budget.
    pub brief: Brief,
    /// Where it leads.
    pub location: Location,
    /// What kind of repository it is.
    pub facts: Facts,
    /// What a model would be shown.
    pub pack: EvidencePack,
}

/// Searches `index` for what is used of `brief`: its visible parts, in at most `request_bytes`. Runs for
/// a while on large repositories: call it where blocking is allowed.
pub fn search(brief: &Brief, index: &Arc<Index>, request_bytes: u64) -> Search {
    Search::new(index, &intake::take_in(brief, request_bytes))
}

impl Study {
    /// Gathers what a [`search`] found. Runs for a while, too.
    pub fn of(search: &Search) -> Self {
        let index = search.index();
        let location = search.location(RANKED_FILES);
        let facts = facts::gather(index);
        let pack = EvidencePack::compile(index, &location, &facts, PACK_TOKENS);
        Self {
            brief: search.brief().clone(),
            location,
            facts,
            pack,
        }
    }
}

/// Plans: a verified plan when a model is given and its draft passes, an outline otherwise.
///
/// Never fails: what goes wrong with the model is told in the outcome. Never asks the model more than
/// [`Job::model_calls`] times.
pub async fn plan(job: &Job<'_>, progress: &(dyn Fn(Stage) + Sync)) -> Outcome {
    progress(Stage::Locating);
    let study = study(job).await;
    let mut receipt = receipt(&job.index, &study.facts);
    let Some(model) = job.model else {
        return outlined(job, &study, receipt, OutlineReason::NoModel);
    };
    let engine = Engine {
        job,
        study: &study,
        model,
        progress,
    };
    let (ending, spent) = engine.run().await;
    charge(&mut receipt, model.name(), spent);
    match ending {
        Ending::Plan { settled } => {
            receipt.notes = settled.notes;
            let verification = settled.verification;
            Outcome {
                document: Document {
                    commit: job.index.snapshot().commit.clone(),
                    revision: job.revision,
                    content: Content::Plan {
                        plan: Box::new(verification.plan),
                        references: verification.references,
                    },
                    receipt,
                },
                file: Some(verification.file),
                retry_after: None,
            }
        }
        Ending::Rejected { unknown, total } => {
            let reason = OutlineReason::DraftRejected { unknown, total };
            outlined(job, &study, receipt, reason)
        }
        Ending::Unavailable { retry_after } => Outcome {
            retry_after,
            ..outlined(job, &study, receipt, OutlineReason::ModelUnavailable)
        },
    }
}

/// Searching takes long on large repositories, so it runs where blocking is allowed.
async fn study(job: &Job<'_>) -> Study {
    let (index, brief) = (Arc::clone(&job.index), job.brief.clone());
    let (found, request_bytes) = (job.search.clone(), job.request_bytes);
    let work = move || match found {
        Some(found) => Study::of(&found),
        None => Study::of(&search(&brief, &index, request_bytes)),
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(study) => study,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is shutting down cancels blocking work; it drops this task too.
            Err(_) => std::future::pending().await,
        },
    }
}

fn outlined(job: &Job<'_>, study: &Study, receipt: Receipt, reason: OutlineReason) -> Outcome {
    let content = Content::Outline(outline::outline(
        &study.brief,
        &job.index,
        &study.location,
        &study.facts,
        reason,
    ));
    Outcome {
        document: Document {
            commit: job.index.snapshot().commit.clone(),
            revision: job.revision,
            content,
            receipt,
        },
        file: None,
        retry_after: None,
    }
}

fn receipt(index: &Index, facts: &Facts) -> Receipt {
    let snapshot = index.snapshot();
    let read = snapshot.files.iter().filter(|file| file.text.is_some());
    Receipt {
        expertise: facts.expertise.clone(),
        files: snapshot.files.len(),
        files_read: read.count(),
        bytes_read: snapshot.bytes_read,
        skipped: snapshot.skipped.clone(),
        ..Receipt::default()
    }
}

fn charge(receipt: &mut Receipt, model: &str, spent: Spent) {
    model.clone_into(&mut receipt.model);
    receipt.model_calls = spent.calls;
    receipt.input_tokens = spent.usage.input_tokens;
    receipt.output_tokens = spent.usage.output_tokens;
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

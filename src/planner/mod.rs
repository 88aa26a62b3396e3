//! From a request and a snapshot to a document: outline, draft, verification.
//!
//! The planner never posts, and what a model says leaves it only as a verified plan.

pub mod draft;
pub mod outline;
pub mod verify;

use std::sync::Arc;

use crate::domain::document::{Content, Document, OutlineReason, Receipt};
use crate::domain::request::Brief;
use crate::model::Model;
use crate::repository;
use crate::repository::index::Index;

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
    /// The model; `None` makes an outline.
    pub model: Option<&'a dyn Model>,
    /// Most calls to the model.
    pub model_calls: u32,
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// Most bytes of the request that are used.
    pub request_bytes: u64,
    /// Which revision of the thread's plan this is, from 1.
    pub revision: u32,
}

/// Plans: a verified plan when a model is given and its draft passes, an outline otherwise. Never
/// fails: what goes wrong with the model is told in the document.
pub async fn plan(job: &Job<'_>, progress: &(dyn Fn(Stage) + Sync)) -> Document {
    progress(Stage::Locating);
    let location = repository::locate::locate(&job.index, job.brief, 10);
    Document {
        commit: job.index.snapshot().commit.clone(),
        revision: job.revision,
        content: Content::Outline(outline::outline(
            job.brief,
            &job.index,
            &location,
            OutlineReason::NoModel,
        )),
        receipt: Receipt::default(),
    }
}

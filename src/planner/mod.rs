//! From a request and a snapshot to a document: outline, draft, verification.
//!
//! The planner never posts, and what a model says leaves it only as a verified plan.

mod answer;
mod assemble;
pub mod budget;
mod critic;
pub mod draft;
mod engine;
mod explore;
mod guidelines;
mod intake;
mod marks;
pub mod outline;
pub mod pack;
mod profile;
mod prompt;
pub mod proposals;
mod repair;
pub mod report;
mod select;
mod session;
mod settle;
mod sketch;
mod tools;
pub mod verify;

use std::sync::Arc;
use std::time::Duration;

use crate::config::repository_file::Expertise;
use crate::config::{Budgets, Profile};
use crate::domain::document::{Content, Document, OutlineReason, Receipt};
use crate::domain::narrowing::LanguageTag;
use crate::domain::request::Brief;
use crate::model::{Cost, Model};
use crate::planner::budget::Allowance;
use crate::planner::draft::PlanFile;
use crate::planner::engine::{Account, Ending, Engine};
use crate::planner::pack::{EvidencePack, PACK_TOKENS};
use crate::registry::Registry;
use crate::repository::drift;
use crate::repository::facts::{self, Facts};
use crate::repository::index::Index;
use crate::repository::locate::{Location, Search};

/// Files that are ranked for the pack; the outline shows the first few.
const RANKED_FILES: usize = 60;

/// Files that a request is probably about: at least one of those edited in the end is among the first
/// five for five requests of six.
const PROBABLE_FILES: usize = 5;

/// Millionths of a currency in a hundredth of it.
const MICROS_PER_CENT: u64 = 10_000;

/// How far planning has come, for progress displays and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Finding the places that the request is about.
    Locating,
    /// The model chooses among them or looks around.
    Exploring,
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
    /// How thoroughly to plan.
    pub profile: Profile,
    /// The expertise that the repository's own settings name.
    pub expertise: &'a Expertise,
    /// The language of the texts, when the repository's own settings name one.
    pub language: Option<&'a LanguageTag>,
    /// The most that it may cost.
    pub allowance: Allowance,
    /// Tells the time since some moment in the past.
    pub clock: &'a (dyn Fn() -> Duration + Sync),
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// Most bytes of the request that are used.
    pub request_bytes: u64,
    /// Whether the repository's own guidelines count: they do where somebody who may push has put
    /// them, and not at the head of a stranger's change request.
    pub heeds_guidelines: bool,
    /// Which revision of the thread's plan this is, from 1.
    pub revision: u32,
}

impl From<&Budgets> for Allowance {
    fn from(budgets: &Budgets) -> Self {
        let cents = budgets.plan_cents;
        Self {
            calls: budgets.model_calls,
            input_tokens: budgets.input_tokens,
            output_tokens: budgets.output_tokens,
            cost_micros: (cents > 0).then(|| cents.saturating_mul(MICROS_PER_CENT)),
            time: budgets.plan_time,
        }
    }
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
    /// Why the model gave no answer, in our words; `None` when it did, or when none was asked.
    pub trouble: Option<String>,
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
    /// What the repository asks of changes; empty where that does not count.
    pub guidelines: String,
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
            guidelines: String::new(),
            pack,
        }
    }

    /// Assumes the expertise that the repository names for what the request is probably about.
    fn assume(&mut self, named: &Expertise, index: &Index) {
        let files = &index.snapshot().files;
        let places = self.location.files.iter().take(PROBABLE_FILES);
        let places = places.filter_map(|located| files.get(located.file));
        let places = places.map(|file| &file.path);
        self.facts.expertise = named.line(&self.facts.expertise, places);
    }
}

/// Plans: a verified plan when a model is given and its draft passes, an outline otherwise.
///
/// Never fails: what goes wrong with the model is told in the outcome. Never spends more calls than
/// [`Job::allowance`] grants.
pub async fn plan(job: &Job<'_>, progress: &(dyn Fn(Stage) + Sync)) -> Outcome {
    progress(Stage::Locating);
    let study = study(job).await;
    let mut receipt = receipt(&job.index, &study);
    let model = job.model.filter(|_| engine::wants_model(job.profile));
    let Some(model) = model else {
        return outlined(job, &study, receipt, OutlineReason::NoModel);
    };
    let engine = Engine {
        job,
        study: &study,
        model,
        progress,
    };
    let route = engine::route(job, model, &study);
    receipt.profile = route.profile.as_str().to_owned();
    let (ending, mut account) = engine.run(route).await;
    let trouble = account.trouble.take();
    charge(&mut receipt, model.name(), account);
    match ending {
        Ending::Plan { settled } => {
            receipt.notes = settled.notes;
            let verification = settled.verification;
            let content = Content::Plan {
                plan: Box::new(verification.plan),
                references: verification.references,
            };
            Outcome {
                document: document(job, content, receipt),
                file: Some(verification.file),
                retry_after: None,
                trouble: None,
            }
        }
        Ending::Rejected { unknown, total } => {
            let reason = OutlineReason::DraftRejected { unknown, total };
            outlined(job, &study, receipt, reason)
        }
        Ending::Unavailable { retry_after } => Outcome {
            retry_after,
            trouble,
            ..outlined(job, &study, receipt, OutlineReason::ModelUnavailable)
        },
    }
}

/// Searching takes long on large repositories, so it runs where blocking is allowed.
async fn study(job: &Job<'_>) -> Study {
    let (index, brief) = (Arc::clone(&job.index), job.brief.clone());
    let found = job.search.clone();
    let is_small = job
        .model
        .is_some_and(|model| profile::is_small(model.limits()))
        || job.profile == Profile::Small;
    let request_bytes = match is_small {
        true => job.request_bytes.min(profile::SMALL_REQUEST_BYTES),
        false => job.request_bytes,
    };
    let (heeds_guidelines, expertise) = (job.heeds_guidelines, job.expertise.clone());
    let work = move || {
        let mut study = match found {
            Some(found) => Study::of(&found),
            None => Study::of(&search(&brief, &index, request_bytes)),
        };
        if is_small {
            study.brief = intake::take_in(&study.brief, request_bytes);
        }
        study.assume(&expertise, &index);
        if heeds_guidelines {
            study.guidelines = guidelines::gather(&index);
        }
        study
    };
    run_blocking(work).await
}

/// Runs `work` where blocking is allowed.
async fn run_blocking<T, F>(work: F) -> T
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
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
        document: document(job, content, receipt),
        file: None,
        retry_after: None,
        trouble: None,
    }
}

fn document(job: &Job<'_>, content: Content, receipt: Receipt) -> Document {
    let snapshot = job.index.snapshot();
    Document {
        commit: snapshot.commit.clone(),
        revision: job.revision,
        sources: drift::sources(&content, snapshot),
        content,
        receipt,
        age: None,
    }
}

fn receipt(index: &Index, study: &Study) -> Receipt {
    let snapshot = index.snapshot();
    let read = snapshot.files.iter().filter(|file| file.text.is_some());
    Receipt {
        expertise: study.facts.expertise.clone(),
        files: snapshot.files.len(),
        files_read: read.count(),
        bytes_read: snapshot.bytes_read,
        skipped: snapshot.skipped.clone(),
        profile: Profile::Outline.as_str().to_owned(),
        hidden_parts: study.brief.hidden_parts,
        ..Receipt::default()
    }
}

/// Writes down what was spent, and by which model: the one that answered, else the one that was asked.
fn charge(receipt: &mut Receipt, asked: &str, account: Account) {
    receipt.model = match account.model.as_str() {
        "" => asked.to_owned(),
        _ => account.model,
    };
    receipt.model_calls = account.spent.calls;
    receipt.input_tokens = account.spent.usage.input_tokens;
    receipt.cached_tokens = account.spent.usage.cached_tokens;
    receipt.output_tokens = account.spent.usage.output_tokens;
    if !account.currency.is_empty() {
        let cost = Cost {
            micros: account.spent.cost_micros,
            currency: account.currency,
        };
        receipt.cost = cost.to_string();
    }
    receipt.tools = account.tools;
    receipt.excerpts_sent = account.excerpts_sent;
    receipt.excerpts_cited = account.excerpts_cited;
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

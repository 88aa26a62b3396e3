//! The session's hands: asks the model, reads its answers, runs its tools and the checks.

mod desk;
mod hearing;

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::config::Profile;
use crate::domain::document::ToolUse;
use crate::domain::narrowing::LanguageTag;
use crate::model::{Model, ModelError, Reply, Turn};
use crate::planner::budget::Spent;
use crate::planner::marks::CANARY;
use crate::planner::profile::{Route, Terrain};
use crate::planner::prompt::{Prompter, VERSION};
use crate::planner::proposals::look_up;
use crate::planner::session::{Ask, Event, Next, Session};
use crate::planner::settle::{Settled, is_publishable, settle};
use crate::planner::verify::{Ground, Verification, verify};
use crate::planner::{Job, Stage, Study};
use desk::Desk;

/// One planning with a model.
pub(in crate::planner) struct Engine<'a> {
    pub(in crate::planner) job: &'a Job<'a>,
    pub(in crate::planner) study: &'a Study,
    pub(in crate::planner) model: &'a dyn Model,
    pub(in crate::planner) progress: &'a (dyn Fn(Stage) + Sync),
}

/// How it ended.
pub(in crate::planner) enum Ending {
    /// A plan may be shown.
    Plan { settled: Box<Settled> },
    /// There was a draft, but too much of it was false.
    Rejected { unknown: usize, total: usize },
    /// There was no draft.
    Unavailable { retry_after: Option<Duration> },
}

/// What was done on the way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::planner) struct Account {
    pub(in crate::planner) spent: Spent,
    /// The model that answered last; empty when none did.
    pub(in crate::planner) model: String,
    /// The currency of its prices; empty when none are known.
    pub(in crate::planner) currency: String,
    pub(in crate::planner) tools: Vec<ToolUse>,
    pub(in crate::planner) excerpts_sent: usize,
    pub(in crate::planner) excerpts_cited: usize,
    /// Why the model gave no answer when it was asked last; `None` when it did.
    pub(in crate::planner) trouble: Option<String>,
}

impl Engine<'_> {
    /// Talks to the model until there is nothing more to gain or nothing left to spend.
    pub(in crate::planner) fn run(&self, route: Route) -> BoxFuture<'_, (Ending, Account)> {
        self.converse(route).boxed()
    }

    async fn converse(&self, route: Route) -> (Ending, Account) {
        let began = (self.job.clock)();
        let mut session = Session::new(route, self.job.allowance);
        let mut desk = Desk::new(self.study, route);
        let mut next = session.start();
        let ending = loop {
            let event = match next {
                Next::Ask(ask) => self.ask(&ask, &mut session, &mut desk).await,
                Next::Verify(draft) => {
                    (self.progress)(Stage::Verifying);
                    let known = &mut desk.lookups;
                    look_up(self.job.registry, &draft, &self.job.index, known).await;
                    Event::Verified(Box::new(verify(&draft, &self.ground(&desk))))
                }
                Next::Settle(verification) => break self.end(*verification, &mut desk),
                Next::GiveUp { retry_after } => break Ending::Unavailable { retry_after },
            };
            session.pass((self.job.clock)().saturating_sub(began));
            next = session.on(event);
        };
        if let Some(limit) = session.obstacle() {
            tracing::info!(budget.limit = ?limit, "the budget of a plan was spent before it was done");
        }
        desk.account.spent = session.spent();
        (ending, desk.account)
    }

    /// Puts one question, and says what came of it.
    async fn ask(&self, ask: &Ask, session: &mut Session, desk: &mut Desk) -> Event {
        (self.progress)(stage(ask));
        let turn = match self.turn(ask, session, desk) {
            Ok(turn) => turn,
            Err(error) => {
                tracing::error!(prompt.version = VERSION, %error, "a prompt could not be made");
                return Event::Failed(ModelError::Refused);
            }
        };
        let reply = match self.model.reply(&turn).await {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(prompt.version = VERSION, %error, "the model gave no answer");
                desk.account.trouble = Some(error.to_string());
                return Event::Failed(error);
            }
        };
        session.charge(
            reply.usage,
            reply.cost.as_ref().map_or(0, |cost| cost.micros),
        );
        if let Some(cost) = &reply.cost {
            desk.account.currency.clone_from(&cost.currency);
        }
        desk.account.model.clone_from(&reply.model);
        desk.account.trouble = None;
        if repeats_instructions(&reply) {
            tracing::warn!(
                prompt.version = VERSION,
                "the model repeated its instructions; its answer was dropped"
            );
            return Event::Leaked;
        }
        self.hear(ask, reply, session, desk).await
    }

    fn turn(
        &self,
        ask: &Ask,
        session: &Session,
        desk: &mut Desk,
    ) -> Result<Turn, minijinja::Error> {
        let points = desk.points.clone();
        let small;
        let brief = match session.is_small() {
            true => {
                small = desk.small_brief(&self.study.brief);
                &small
            }
            false => &self.study.brief,
        };
        let prompter = Prompter {
            brief,
            commit: self.job.index.snapshot().commit.as_str(),
            language: self.job.language.map_or("", LanguageTag::as_str),
            expertise: &self.study.facts.expertise,
            consequences: &self.study.facts.consequences,
            guidelines: &self.study.guidelines,
            points: &points,
            max_output_tokens: self.output_tokens(session),
        };
        desk.turn(ask, session, &prompter, (&self.job.index, self.study))
    }

    /// The usual length of an answer, or twice that, as far as the model can.
    fn output_tokens(&self, session: &Session) -> u32 {
        let wished = self.job.max_output_tokens;
        let wished = wished.saturating_mul(session.length_factor());
        let most = self.model.limits().max_output;
        most.map_or(wished, |most| wished.min(most))
    }

    fn ground<'g>(&'g self, desk: &'g Desk) -> Ground<'g> {
        Ground {
            index: &self.job.index,
            pack: Some(desk.pack()),
            brief: Some(&self.study.brief),
            lookups: desk.lookups.as_ref(),
        }
    }

    fn end(&self, verification: Verification, desk: &mut Desk) -> Ending {
        let made = verification.references;
        let settled = settle(verification, &self.ground(desk));
        desk.count_excerpts(&settled.verification.file.draft);
        if is_publishable(&settled.verification) {
            Ending::Plan {
                settled: Box::new(settled),
            }
        } else {
            Ending::Rejected {
                unknown: made.total - made.verified,
                total: made.total,
            }
        }
    }
}

/// The way for a job whose study is done.
pub(in crate::planner) fn route(job: &Job<'_>, model: &dyn Model, study: &Study) -> Route {
    let files = job.index.snapshot().files.len();
    let terrain = Terrain::of(&study.location, files);
    Route::choose(job.profile, model.limits(), terrain)
}

/// Whether a model is to be asked at all.
pub(in crate::planner) fn wants_model(profile: Profile) -> bool {
    profile != Profile::Outline
}

fn stage(ask: &Ask) -> Stage {
    match ask {
        Ask::Select | Ask::Explore => Stage::Exploring,
        Ask::Write { .. } | Ask::Sketch | Ask::Fill { .. } | Ask::Repair | Ask::Criticise => {
            Stage::Writing
        }
    }
}

/// Whether a word of the rules is in the answer that no honest answer has.
fn repeats_instructions(reply: &Reply) -> bool {
    let mut arguments = reply.calls.iter().map(|call| &call.arguments);
    reply.text.contains(CANARY) || arguments.any(|text| text.contains(CANARY))
}

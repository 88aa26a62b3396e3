//! The session's hands: asks the model, reads its answers, runs the checks.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::model::{Model, ModelError, Reply, Turn, Usage};
use crate::planner::answer::read_answer;
use crate::planner::draft::{Draft, DraftError};
use crate::planner::pack::{EvidencePack, SMALL_PACK_TOKENS};
use crate::planner::prompt::{Prompter, VERSION};
use crate::planner::proposals::look_up;
use crate::planner::repair::read_repair;
use crate::planner::session::{Ask, Next, Session};
use crate::planner::settle::{Settled, is_publishable, settle};
use crate::planner::verify::{Ground, Verification, verify};
use crate::planner::{Job, Stage, Study};
use crate::registry::Lookups;

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

/// What it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::planner) struct Spent {
    pub(in crate::planner) calls: u32,
    pub(in crate::planner) usage: Usage,
}

impl Engine<'_> {
    /// Talks to the model until there is nothing more to gain or nothing left to spend.
    pub(in crate::planner) fn run(&self) -> BoxFuture<'_, (Ending, Spent)> {
        self.converse().boxed()
    }

    async fn converse(&self) -> (Ending, Spent) {
        let mut session = Session::new(self.job.model_calls);
        let mut spent = Spent::default();
        let mut small_pack = None;
        let mut lookups = None;
        let mut next = session.start();
        let ending = loop {
            next = match next {
                Next::Ask(ask) => {
                    (self.progress)(Stage::Writing);
                    if session.small_pack() && small_pack.is_none() {
                        small_pack = Some(self.small_pack());
                    }
                    let pack = small_pack.as_ref().unwrap_or(&self.study.pack);
                    let Some(turn) = self.turn(&ask, &session, pack) else {
                        break Ending::Unavailable { retry_after: None };
                    };
                    let reply = self.model.reply(&turn).await;
                    spent.add(&reply);
                    match reply {
                        Ok(reply) => {
                            let read = read(&ask, &session, &reply);
                            session.answered(read)
                        }
                        Err(error) => {
                            log_failure(&error);
                            session.failed(&error)
                        }
                    }
                }
                Next::Verify(draft) => {
                    (self.progress)(Stage::Verifying);
                    let pack = small_pack.as_ref().unwrap_or(&self.study.pack);
                    look_up(self.job.registry, &draft, &self.job.index, &mut lookups).await;
                    session.verified(verify(&draft, &self.ground(pack, lookups.as_ref())))
                }
                Next::Settle(verification) => {
                    let pack = small_pack.as_ref().unwrap_or(&self.study.pack);
                    break self.end(*verification, &self.ground(pack, lookups.as_ref()));
                }
                Next::GiveUp { retry_after } => break Ending::Unavailable { retry_after },
            };
        };
        (ending, spent)
    }

    fn turn(&self, ask: &Ask, session: &Session, pack: &EvidencePack) -> Option<Turn> {
        let prompter = Prompter {
            brief: &self.study.brief,
            commit: self.job.index.snapshot().commit.as_str(),
            expertise: &self.study.facts.expertise,
            max_output_tokens: self.job.max_output_tokens,
        };
        let turn = match (ask, session.best()) {
            (Ask::Repair, Some(best)) => prompter.repair(best, pack, session.schema()),
            (Ask::Repair, None) => prompter.write(pack, session.schema(), &[]),
            (Ask::Write { problems }, _) => prompter.write(pack, session.schema(), problems),
        };
        turn.inspect_err(|error| {
            tracing::error!(prompt.version = VERSION, %error, "a prompt could not be made");
        })
        .ok()
    }

    fn small_pack(&self) -> EvidencePack {
        let Study {
            location, facts, ..
        } = self.study;
        EvidencePack::compile(&self.job.index, location, facts, SMALL_PACK_TOKENS)
    }

    fn ground<'g>(&'g self, pack: &'g EvidencePack, lookups: Option<&'g Lookups>) -> Ground<'g> {
        Ground {
            index: &self.job.index,
            pack: Some(pack),
            brief: Some(&self.study.brief),
            lookups,
        }
    }

    fn end(&self, verification: Verification, ground: &Ground<'_>) -> Ending {
        let made = verification.references;
        let settled = settle(verification, ground);
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

impl Spent {
    fn add(&mut self, reply: &Result<Reply, ModelError>) {
        self.calls += 1;
        if let Ok(reply) = reply {
            self.usage.add(reply.usage);
        }
    }
}

/// A cut answer that happens to read well is taken; one that does not is told to be shorter.
fn read(ask: &Ask, session: &Session, reply: &Reply) -> Result<Draft, DraftError> {
    let read = match (ask, session.best()) {
        (Ask::Repair, Some(best)) => read_repair(&best.file.draft, &reply.text),
        _ => read_answer(&reply.text),
    };
    read.map_err(|error| match reply.truncated {
        true => DraftError::Syntax {
            why: "the answer was cut at the limit of its length; write less".to_owned(),
        },
        false => error,
    })
}

fn log_failure(error: &ModelError) {
    tracing::warn!(prompt.version = VERSION, %error, "the model gave no answer");
}

//! What a model's answer to a question is worth.

use std::sync::Arc;

use super::{Desk, Engine};
use crate::model::Reply;
use crate::planner::answer::{read_answer, read_prefix};
use crate::planner::critic::Criticism;
use crate::planner::draft::{Draft, DraftError};
use crate::planner::explore::Turned;
use crate::planner::pack::BYTES_PER_TOKEN;
use crate::planner::repair::read_repair;
use crate::planner::run_blocking;
use crate::planner::select::{Selection, widen};
use crate::planner::session::{Ask, Event, Session};
use crate::planner::sketch::Sketch;

/// Bytes of rules and tools beside a transcript.
const EXPLORE_OVERHEAD_BYTES: usize = 6_000;

impl Engine<'_> {
    /// Reads an answer, and does what it asks for.
    pub(super) async fn hear(
        &self,
        ask: &Ask,
        reply: Reply,
        session: &Session,
        desk: &mut Desk,
    ) -> Event {
        match ask {
            Ask::Select => self.hear_selection(&reply, desk).await,
            Ask::Explore => self.hear_exploring(reply, desk).await,
            Ask::Write { .. } => drafted(&reply, read_answer(&reply.text)),
            Ask::Sketch => {
                let read = read_answer(&reply.text);
                drafted(&reply, read.map(Sketch::into_draft))
            }
            Ask::Fill { .. } => corrected(&reply, session.sketched()),
            Ask::Repair => corrected(&reply, session.best().map(|best| &best.file.draft)),
            Ask::Criticise => {
                let criticism: Criticism = read_answer(&reply.text).unwrap_or_default();
                let draft = session.best().map(|best| &best.file.draft);
                Event::Criticised(draft.map_or_else(Vec::new, |draft| criticism.blockers(draft)))
            }
        }
    }

    /// An unreadable choice is none.
    async fn hear_selection(&self, reply: &Reply, desk: &mut Desk) -> Event {
        let Ok(selection) = read_answer::<Selection>(&reply.text) else {
            return Event::Selected;
        };
        desk.points = selection.points();
        let index = Arc::clone(&self.job.index);
        let (brief, before) = (self.study.brief.clone(), desk.take_location());
        let work = move || widen(&index, &brief, &before, &selection);
        desk.set_location(run_blocking(work).await);
        Event::Selected
    }

    async fn hear_exploring(&self, reply: Reply, desk: &mut Desk) -> Event {
        let Some(mut exploration) = desk.exploration.take() else {
            return Event::Explored {
                onward: false,
                next_tokens: 0,
            };
        };
        let index = Arc::clone(&self.job.index);
        let work = move || {
            let turned = exploration.heard(&index, reply);
            (exploration, turned)
        };
        let (exploration, turned) = run_blocking(work).await;
        let bytes = exploration.size() + EXPLORE_OVERHEAD_BYTES;
        desk.exploration = Some(exploration);
        Event::Explored {
            onward: turned == Turned::Onward,
            next_tokens: u64::try_from(bytes.div_ceil(BYTES_PER_TOKEN)).unwrap_or(u64::MAX),
        }
    }
}

/// Changes or corrections, worked into the draft that they are for.
fn corrected(reply: &Reply, draft: Option<&Draft>) -> Event {
    let read = match draft {
        Some(draft) => read_repair(draft, &reply.text),
        None => read_answer(&reply.text),
    };
    drafted(reply, read)
}

/// A cut answer that happens to read well is taken; of one that does not, what is whole is kept.
fn drafted(reply: &Reply, read: Result<Draft, DraftError>) -> Event {
    match read {
        Err(_) if reply.truncated => Event::Cut(read_prefix(&reply.text).map(Box::new)),
        read => Event::Drafted(read.map(Box::new)),
    }
}

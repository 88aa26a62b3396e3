//! What lies on the desk while one plan is made: where the request leads by now, what was found out,
//! and the evidence that the model was shown.

use std::collections::BTreeSet;

use super::Account;
use crate::domain::request::Brief;
use crate::model::Turn;
use crate::planner::Study;
use crate::planner::draft::Draft;
use crate::planner::explore::Exploration;
use crate::planner::intake;
use crate::planner::pack::{BYTES_PER_TOKEN, Discovery, EvidencePack, SMALL_PACK_TOKENS, shorten};
use crate::planner::profile::{Route, SMALL_REQUEST_BYTES};
use crate::planner::prompt::{Failure, Prompter};
use crate::planner::repair;
use crate::planner::select;
use crate::planner::session::{Ask, Session};
use crate::planner::verify::{Finding, FindingClass};
use crate::registry::Lookups;
use crate::repository::index::Index;
use crate::repository::locate::Location;

/// Tokens of the evidence that a looking around begins with: it finds the rest itself.
const FIRST_LOOK_TOKENS: usize = 10_000;

/// Most findings sent back: a draft with more is beyond repair.
const MAX_FINDINGS: usize = 40;

/// Most bytes of code shown anew for a repair: four thousand tokens.
const REPAIR_BYTES: usize = 12_000;

/// Most bytes of an earlier plan in a small prompt: one thousand tokens.
const SMALL_EARLIER_BYTES: usize = 3_000;

/// The state of one planning that is not the session's.
pub(super) struct Desk {
    route: Route,
    location: Location,
    /// Points that a first reading found.
    pub(super) points: String,
    /// The looking around, while it goes on.
    pub(super) exploration: Option<Exploration>,
    discovery: Discovery,
    pack: Option<EvidencePack>,
    nothing: EvidencePack,
    /// What is known of libraries that were proposed.
    pub(super) lookups: Option<Lookups>,
    /// What was done.
    pub(super) account: Account,
}

/// What is shown of the plan that is to be revised; empty when none is.
pub(super) fn earlier_for(study: &Study, session: &Session) -> String {
    let mut earlier = study.earlier.clone();
    if session.is_small() {
        shorten(&mut earlier, SMALL_EARLIER_BYTES);
    }
    earlier
}

impl Desk {
    pub(super) fn new(study: &Study, route: Route) -> Self {
        Self {
            route,
            location: study.location.clone(),
            points: String::new(),
            exploration: None,
            discovery: Discovery::default(),
            pack: None,
            nothing: EvidencePack::default(),
            lookups: None,
            account: Account::default(),
        }
    }

    pub(super) fn take_location(&mut self) -> Location {
        std::mem::take(&mut self.location)
    }

    pub(super) fn set_location(&mut self, location: Location) {
        self.location = location;
    }

    /// What the writer was shown; nothing before it was asked.
    pub(super) fn pack(&self) -> &EvidencePack {
        self.pack.as_ref().unwrap_or(&self.nothing)
    }

    /// The request for a model with little room.
    pub(super) fn small_brief(&self, brief: &Brief) -> Brief {
        intake::take_in(brief, SMALL_REQUEST_BYTES)
    }

    /// The turn for a question.
    pub(super) fn turn(
        &mut self,
        ask: &Ask,
        session: &Session,
        prompter: &Prompter<'_>,
        (index, study): (&Index, &Study),
    ) -> Result<Turn, minijinja::Error> {
        match (ask, session.best(), session.sketched()) {
            (Ask::Select, _, _) => {
                prompter.select(&study.pack, &select::list(index, &self.location))
            }
            (Ask::Explore, _, _) => self.explore(prompter, (index, study)),
            (Ask::Repair, Some(best), _) => {
                let draft = &best.file.draft;
                let hard = best
                    .findings
                    .iter()
                    .filter(|one| one.class == FindingClass::Hard);
                let findings: Vec<&Finding> = hard
                    .chain(session.objections())
                    .take(MAX_FINDINGS)
                    .collect();
                let places = repair::places(index, draft, &findings);
                let mut pack = self.pack.take().unwrap_or_default();
                let excerpts = pack.extend(index, &places, REPAIR_BYTES);
                let failure = Failure {
                    draft,
                    findings: &findings,
                    excerpts: &excerpts,
                    is_criticised: !session.objections().is_empty(),
                };
                let turn = prompter.repair(&pack, &failure);
                self.pack = Some(pack);
                turn
            }
            (Ask::Criticise, Some(best), _) => prompter.criticise(self.pack(), &best.file.draft),
            (Ask::Fill { changes }, _, Some(draft)) => prompter.fill(self.pack(), draft, changes),
            (Ask::Sketch, _, _) => {
                self.compile(session, (index, study));
                prompter.sketch(self.pack())
            }
            (Ask::Write { problems }, _, _) => {
                self.compile(session, (index, study));
                prompter.write(self.pack(), problems)
            }
            (Ask::Repair | Ask::Criticise | Ask::Fill { .. }, _, _) => {
                self.compile(session, (index, study));
                prompter.write(self.pack(), &[])
            }
        }
    }

    fn explore(
        &mut self,
        prompter: &Prompter<'_>,
        (index, study): (&Index, &Study),
    ) -> Result<Turn, minijinja::Error> {
        if self.exploration.is_none() {
            let standing = Discovery {
                picks: study.standing.clone(),
                ..Discovery::default()
            };
            let found = (&self.location, &standing);
            let tokens = FIRST_LOOK_TOKENS;
            let pack = EvidencePack::compile_with(index, found, &study.facts, tokens);
            let rounds = self.route.rounds;
            let first = prompter.begin_exploring(&pack, rounds)?;
            self.exploration = Some(Exploration::new(first, prompter.own_marks(), rounds));
        }
        let messages = self.exploration.as_ref().map(Exploration::messages);
        Ok(prompter.explore(messages.unwrap_or_default()))
    }

    /// Compiles the evidence from scratch: of a looking around, only its notes and places stay.
    fn compile(&mut self, session: &Session, (index, study): (&Index, &Study)) {
        if let Some(exploration) = self.exploration.take() {
            self.account.tools = exploration.tools_used();
            self.discovery = exploration.conclude(index);
        }
        let mut discovery = self.discovery.clone();
        discovery.picks.splice(0..0, study.standing.iter().cloned());
        let tokens = match session.is_small() {
            true => SMALL_PACK_TOKENS,
            false => self.route.pack_tokens,
        };
        // What is shown of an earlier plan takes room that the evidence would have.
        let earlier = earlier_for(study, session).len().div_ceil(BYTES_PER_TOKEN);
        let tokens = tokens.saturating_sub(earlier);
        let found = (&self.location, &discovery);
        let pack = EvidencePack::compile_with(index, found, &study.facts, tokens);
        self.pack = Some(pack);
    }

    /// Counts what was shown, and what of it a plan cites.
    pub(super) fn count_excerpts(&mut self, draft: &Draft) {
        let cited = (draft.findings.iter())
            .flat_map(|finding| &finding.evidence)
            .chain(draft.changes.iter().flat_map(|change| &change.evidence));
        let cited: BTreeSet<&String> = cited.collect();
        let pack = self.pack();
        let known = cited
            .into_iter()
            .filter(|id| pack.find(id).is_some())
            .count();
        self.account.excerpts_sent = pack.excerpts.len();
        self.account.excerpts_cited = known;
    }
}

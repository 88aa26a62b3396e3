//! What each event leads to.

use std::time::Duration;

use super::{
    Ask, Criticism, Length, MAX_FORMS, MAX_REPAIRS, Next, OUTAGE_PAUSE, REPAIR_TOKENS, Session,
};
use crate::model::ModelError;
use crate::planner::budget::Need;
use crate::planner::draft::{Draft, DraftError};
use crate::planner::sketch;
use crate::planner::verify::{Finding, FindingClass, Verification};

impl Session {
    pub(super) fn look_around(&mut self) -> Next {
        match self.can_look_around() {
            true => self.ask(Ask::Explore),
            false => self.write(),
        }
    }

    pub(super) fn write(&mut self) -> Next {
        if self.route.sketches {
            self.length = Length::Split;
            return self.ask(Ask::Sketch);
        }
        let problems = Vec::new();
        self.ask(Ask::Write { problems })
    }

    /// The model gave no answer.
    pub(super) fn failed(&mut self, error: &ModelError) -> Next {
        match error {
            ModelError::RateLimited { retry_after } => self.stop(Some(*retry_after)),
            ModelError::Unavailable { .. } => self.stop(Some(OUTAGE_PAUSE)),
            ModelError::Denied { .. } => self.stop(None),
            ModelError::SchemaRejected if self.forms_refused < MAX_FORMS => {
                // The model's client has moved on to the next form that it knows.
                self.forms_refused += 1;
                self.ask(self.pending.clone())
            }
            ModelError::ToolsRejected => self.write(),
            ModelError::TooLong | ModelError::PromptCut { .. } if !self.small => {
                self.small = true;
                match self.pending.clone() {
                    Ask::Select => self.look_around(),
                    Ask::Explore => self.write(),
                    again => self.ask(again),
                }
            }
            ModelError::Unusable { .. } => self.misunderstood(Vec::new()),
            ModelError::Refused
            | ModelError::SchemaRejected
            | ModelError::TooLong
            | ModelError::PromptCut { .. } => {
                match self.pending {
                    // The plan itself may yet be granted.
                    Ask::Select | Ask::Explore => self.write(),
                    Ask::Criticise => self.criticised(Vec::new()),
                    _ => self.stop(None),
                }
            }
        }
    }

    /// The model wrote something, and this is the draft that it makes. What cannot be read is asked for
    /// again once.
    pub(super) fn drafted(&mut self, read: Result<Box<Draft>, DraftError>) -> Next {
        match (read, &self.pending) {
            (Ok(draft), Ask::Sketch) => {
                self.unfilled = sketch::groups(&draft).into();
                self.sketched = Some(draft);
                self.fill()
            }
            (Ok(draft), Ask::Fill { .. }) => {
                self.sketched = Some(draft);
                self.fill()
            }
            (Ok(draft), _) => Next::Verify(draft),
            (Err(error), _) => self.misunderstood(error.problems()),
        }
    }

    /// An answer was of no use: a plan is asked for again once, everything else is done without.
    fn misunderstood(&mut self, problems: Vec<String>) -> Next {
        match self.pending {
            Ask::Select => self.look_around(),
            Ask::Explore => self.write(),
            Ask::Fill { .. } => self.fill(),
            Ask::Criticise => self.criticised(Vec::new()),
            Ask::Repair => self.conclude(),
            Ask::Write { .. } | Ask::Sketch if self.corrected => self.stop(None),
            Ask::Write { .. } => {
                self.corrected = true;
                self.ask(Ask::Write { problems })
            }
            Ask::Sketch => {
                self.corrected = true;
                self.ask(Ask::Sketch)
            }
        }
    }

    /// An answer was cut off: it may be twice as long, then it comes in two passes, then its whole
    /// changes have to do.
    pub(super) fn cut(&mut self, saved: Option<Box<Draft>>) -> Next {
        let more = |draft: &Draft| {
            let before = self.saved.as_ref().map_or(0, |saved| saved.changes.len());
            draft.changes.len() > before
        };
        if let Some(draft) = saved.filter(|draft| more(draft)) {
            self.saved = Some(draft);
        }
        match (&self.pending, self.length) {
            (Ask::Write { .. }, Length::Usual) => {
                self.length = Length::Doubled;
                let problems = vec![
                    "it was cut off at the limit of its length; it may be longer now, but say less"
                        .to_owned(),
                ];
                self.ask(Ask::Write { problems })
            }
            (Ask::Repair, Length::Usual) => {
                self.length = Length::Doubled;
                self.ask(Ask::Repair)
            }
            (Ask::Write { .. }, Length::Doubled) if self.can_split() => {
                self.length = Length::Split;
                self.ask(Ask::Sketch)
            }
            (Ask::Write { .. } | Ask::Sketch, _) => self.stop(None),
            _ => self.misunderstood(Vec::new()),
        }
    }

    /// Whether a sketch can be paid for, and one pass that fills it in.
    fn can_split(&self) -> bool {
        let pass = self.write_need();
        self.can_afford(pass.and(pass))
    }

    /// The next changes of a sketch in full; what cannot be had any longer stays as thin as it is.
    fn fill(&mut self) -> Next {
        if let Some(changes) = self.unfilled.pop_front()
            && self.can_afford(self.write_need())
        {
            return self.ask(Ask::Fill { changes });
        }
        match self.sketched.take() {
            Some(draft) => Next::Verify(draft),
            None => self.stop(None),
        }
    }

    /// A draft was checked. What is false in it is sent back, as long as every round leaves less of it;
    /// of two drafts the one with fewer false claims is kept.
    pub(super) fn verified(&mut self, verification: Box<Verification>) -> Next {
        let false_claims = verification.hard_count();
        let before = self.best.as_ref().map(|best| best.hard_count());
        let objected = matches!(self.criticism, Criticism::Raised(_));
        let is_better = match before {
            None => true,
            Some(before) if objected => false_claims <= before,
            Some(before) => false_claims < before,
        };
        if is_better {
            self.best = Some(verification);
        }
        if objected {
            self.criticism = Criticism::Closed;
            return self.conclude();
        }
        let mendable = self.best.as_deref().is_some_and(is_mendable);
        let worth_it = is_better && mendable && self.repairs < MAX_REPAIRS;
        if worth_it && self.can_afford(Need::call(REPAIR_TOKENS)) {
            self.repairs += 1;
            return self.ask(Ask::Repair);
        }
        self.conclude()
    }

    /// There is a draft as good as checks can make it: the critic may see it once.
    fn conclude(&mut self) -> Next {
        let call = self.write_need();
        let criticises = self.route.criticises && self.criticism == Criticism::Open;
        if criticises && self.best.is_some() && self.can_afford(call) {
            return self.ask(Ask::Criticise);
        }
        self.stop(None)
    }

    /// What a critic finds to stand in the way is repaired once.
    pub(super) fn criticised(&mut self, blockers: Vec<Finding>) -> Next {
        if blockers.is_empty() || !self.can_afford(Need::call(REPAIR_TOKENS)) {
            self.criticism = Criticism::Closed;
            return self.stop(None);
        }
        self.criticism = Criticism::Raised(blockers);
        self.ask(Ask::Repair)
    }

    /// Every question of the machine goes this way: none is put that the budget does not grant.
    pub(super) fn ask(&mut self, ask: Ask) -> Next {
        let need = match ask {
            Ask::Select => Need::call(super::SELECT_TOKENS),
            Ask::Explore => Need::call(self.look_tokens),
            Ask::Repair => Need::call(REPAIR_TOKENS),
            _ => self.write_need(),
        };
        if let Some(limit) = self.budget.find_obstacle(need) {
            self.obstacle = Some(limit);
            return self.stop(None);
        }
        self.budget.call();
        self.pending = ask.clone();
        Next::Ask(ask)
    }

    /// What was reached so far counts: a checked draft, or one that was saved of an answer cut off.
    /// Without either, nothing was reached.
    pub(super) fn stop(&mut self, retry_after: Option<Duration>) -> Next {
        if let Some(best) = self.best.take() {
            return Next::Settle(best);
        }
        let draft = self.sketched.take().or_else(|| self.saved.take());
        match draft {
            Some(draft) if retry_after.is_none() => Next::Verify(draft),
            _ => Next::GiveUp { retry_after },
        }
    }
}

/// Whether corrections could mend anything of what is false: they replace changes and steps and add open
/// questions. False evidence of findings and the like is only left out.
fn is_mendable(verification: &Verification) -> bool {
    const PARTS: [&str; 3] = ["/changes", "/steps", "/understanding"];
    (verification.findings.iter())
        .filter(|finding| finding.class == FindingClass::Hard)
        .any(|finding| PARTS.iter().any(|part| finding.at.starts_with(part)))
}

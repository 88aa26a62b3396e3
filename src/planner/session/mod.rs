//! One planning as a machine without input or output: what happened goes in, what to do next comes out.
//!
//! The way is: choose, look around, write, check and repair, criticise, settle. Every ask costs one of
//! the calls that the budget grants, whatever comes of it; what is reached when something runs out
//! counts.

mod steps;

use std::collections::VecDeque;
use std::time::Duration;

use crate::model::{ModelError, Usage};
use crate::planner::budget::{Allowance, Budget, Limit, Need, Spent};
use crate::planner::draft::{Draft, DraftError};
use crate::planner::profile::Route;
use crate::planner::verify::{Finding, Verification};

/// How long to wait before trying again after an outage that named no time.
const OUTAGE_PAUSE: Duration = Duration::from_secs(120);

/// Most rounds of repairs: what two do not mend, a third one hardly does.
const MAX_REPAIRS: u32 = 2;

/// How often a provider may refuse the form in which an answer is asked for: it has no more forms.
const MAX_FORMS: u32 = 4;

/// Estimated tokens of a prompt beside its pack, and of prompts that have no full pack.
const AROUND_PACK: u64 = 8_000;
const SELECT_TOKENS: u64 = 9_000;
const LOOK_TOKENS: u64 = 16_000;
const REPAIR_TOKENS: u64 = 14_000;

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::planner) enum Next {
    /// Ask the model.
    Ask(Ask),
    /// Check this draft.
    Verify(Box<Draft>),
    /// Take out of this checked draft what is still wrong, and see whether it may be published.
    Settle(Box<Verification>),
    /// Nothing can be had from the model now.
    GiveUp {
        /// When trying again makes sense; `None` when it does not.
        retry_after: Option<Duration>,
    },
}

/// What to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::planner) enum Ask {
    /// A choice among the candidates.
    Select,
    /// The next turn of looking around.
    Explore,
    /// A whole plan.
    Write {
        /// What was wrong with the previous answer.
        problems: Vec<String>,
    },
    /// A plan of which the changes are only named.
    Sketch,
    /// These changes of [`Session::sketched`] in full.
    Fill {
        /// Their ids.
        changes: Vec<String>,
    },
    /// Corrections to [`Session::best`].
    Repair,
    /// What is wrong with [`Session::best`] beside what was checked.
    Criticise,
}

/// What happened.
#[derive(Debug)]
pub(in crate::planner) enum Event {
    /// The model gave no answer.
    Failed(ModelError),
    /// It chose, or said something else; the candidates are in their final order.
    Selected,
    /// It looked around and its calls were answered.
    Explored {
        /// Whether it may go on.
        onward: bool,
        /// Tokens that the next turn would send.
        next_tokens: u64,
    },
    /// It wrote a plan, a sketch, changes or corrections; this is the draft that they make.
    Drafted(Result<Box<Draft>, DraftError>),
    /// What it wrote was cut off; this much of a plan can be saved.
    Cut(Option<Box<Draft>>),
    /// It repeated its instructions, which is what models do that obey somebody else.
    Leaked,
    /// A draft was checked.
    Verified(Box<Verification>),
    /// The critic answered; these things stand in the way.
    Criticised(Vec<Finding>),
}

/// The state of one planning.
#[derive(Debug)]
pub(in crate::planner) struct Session {
    route: Route,
    budget: Budget,
    pending: Ask,
    small: bool,
    look_tokens: u64,
    forms_refused: u32,
    corrected: bool,
    repairs: u32,
    length: Length,
    saved: Option<Box<Draft>>,
    sketched: Option<Box<Draft>>,
    unfilled: VecDeque<Vec<String>>,
    best: Option<Box<Verification>>,
    criticism: Criticism,
    obstacle: Option<Limit>,
}

/// What was done about answers that were cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// Nothing.
    Usual,
    /// They may be twice as long.
    Doubled,
    /// They come in two passes.
    Split,
}

/// Where the critic stands.
#[derive(Debug, PartialEq, Eq)]
enum Criticism {
    /// Nobody asked.
    Open,
    /// What is in the way is being repaired.
    Raised(Vec<Finding>),
    /// It is over.
    Closed,
}

impl Session {
    /// A planning that goes by `route` within `allowance`.
    pub(in crate::planner) fn new(route: Route, allowance: Allowance) -> Self {
        Self {
            route,
            budget: Budget::new(allowance),
            pending: Ask::Select,
            small: false,
            look_tokens: LOOK_TOKENS,
            forms_refused: 0,
            corrected: false,
            repairs: 0,
            length: Length::Usual,
            saved: None,
            sketched: None,
            unfilled: VecDeque::new(),
            best: None,
            criticism: Criticism::Open,
            obstacle: None,
        }
    }

    /// How it begins.
    pub(in crate::planner) fn start(&mut self) -> Next {
        if self.route.selects && self.can_afford_before_writing(Need::call(SELECT_TOKENS)) {
            return self.ask(Ask::Select);
        }
        self.look_around()
    }

    /// Takes in what happened.
    pub(in crate::planner) fn on(&mut self, event: Event) -> Next {
        match event {
            Event::Failed(error) => self.failed(&error),
            Event::Selected => self.look_around(),
            Event::Explored {
                onward,
                next_tokens,
            } => {
                self.look_tokens = next_tokens;
                match onward {
                    true => self.look_around(),
                    false => self.write(),
                }
            }
            Event::Drafted(read) => self.drafted(read),
            Event::Cut(saved) => self.cut(saved),
            Event::Leaked => self.stop(None),
            Event::Verified(verification) => self.verified(verification),
            Event::Criticised(blockers) => self.criticised(blockers),
        }
    }

    /// Tells how much time has passed since the beginning.
    pub(in crate::planner) fn pass(&mut self, time: Duration) {
        self.budget.pass(time);
    }

    /// Tells what an answer cost.
    pub(in crate::planner) fn charge(&mut self, usage: Usage, cost_micros: u64) {
        self.budget.charge(usage, cost_micros);
    }

    /// What was spent so far.
    pub(in crate::planner) fn spent(&self) -> Spent {
        self.budget.spent()
    }

    /// The limit that kept a question from being put, if one did.
    pub(in crate::planner) fn obstacle(&self) -> Option<Limit> {
        self.obstacle
    }

    /// Whether the prompt must be a small one.
    pub(in crate::planner) fn is_small(&self) -> bool {
        self.small
    }

    /// How often the usual length an answer may have.
    pub(in crate::planner) fn length_factor(&self) -> u32 {
        match self.length {
            Length::Usual => 1,
            Length::Doubled | Length::Split => 2,
        }
    }

    /// The draft that is being repaired or criticised, and what is wrong with it.
    pub(in crate::planner) fn best(&self) -> Option<&Verification> {
        self.best.as_deref()
    }

    /// The draft that is being filled in.
    pub(in crate::planner) fn sketched(&self) -> Option<&Draft> {
        self.sketched.as_deref()
    }

    /// What a critic found to stand in the way of [`Self::best`].
    pub(in crate::planner) fn objections(&self) -> &[Finding] {
        match &self.criticism {
            Criticism::Raised(objections) => objections,
            Criticism::Open | Criticism::Closed => &[],
        }
    }

    fn write_need(&self) -> Need {
        let pack = u64::try_from(self.route.pack_tokens).unwrap_or(u64::MAX);
        Need::call(pack.saturating_add(AROUND_PACK))
    }

    /// Whether `need` leaves enough for a plan and its repair: what is found out is worth nothing when no
    /// plan comes of it.
    fn can_afford_before_writing(&self, need: Need) -> bool {
        let later = self.write_need().and(Need::call(REPAIR_TOKENS));
        self.can_afford(need.and(later))
    }

    fn can_afford(&self, need: Need) -> bool {
        self.budget.find_obstacle(need).is_none()
    }

    fn can_look_around(&self) -> bool {
        let need = Need::call(self.look_tokens);
        self.route.rounds > 0 && self.can_afford_before_writing(need)
    }
}

#[cfg(test)]
mod tests;

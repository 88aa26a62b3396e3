//! The switchboard of faults: what goes wrong, on which route, how often.

use std::time::Duration;

use http::Method;
use tokio::sync::watch;

use crate::sandbox::world::World;

/// Rules that may wait at one time.
const MOST_RULES: usize = 100;

/// Something that goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The answer takes this much longer.
    Delay(Duration),
    /// The request waits at a gate until it is opened.
    Hold(Gate),
    /// Nothing happens and the connection ends without an answer.
    Drop,
    /// What was asked is done, and the connection ends without an answer.
    CommitThenDrop,
    /// What was asked is done, and the answer says 502.
    CommitThenBadGateway,
    /// Nothing happens and the answer has this status, between 500 and 599.
    ServerError(u16),
    /// The secondary rate limit, with or without `Retry-After`.
    SecondaryLimit {
        /// What `Retry-After` says.
        retry_after: Option<Duration>,
    },
    /// The primary rate limit, which ends after this long.
    PrimaryLimit {
        /// How far ahead `x-ratelimit-reset` lies.
        reset_after: Duration,
    },
    /// The token that the request carries stops working for good, from this request on.
    RevokedToken,
}

/// A door that requests wait at, so that a test can act while one of them is under way.
#[derive(Debug, Clone)]
pub struct Gate {
    waiting: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            waiting: watch::Sender::new(0),
            open: watch::Sender::new(false),
        }
    }
}

impl Gate {
    /// Returns once a request has come to the gate.
    pub async fn reached(&self) {
        let mut waiting = self.waiting.subscribe();
        // The sender lives in `self`, so the wait ends only when a request comes.
        let _reached = waiting.wait_for(|count| *count > 0).await.is_ok();
    }

    /// Lets through all who wait and all who come later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    pub(crate) async fn pass(&self) {
        self.waiting.send_modify(|count| *count += 1);
        let mut open = self.open.subscribe();
        let _opened = open.wait_for(|open| *open).await.is_ok();
    }
}

/// A fault on one route.
#[derive(Debug, Clone)]
struct Rule {
    method: Method,
    template: String,
    fault: Fault,
    times: usize,
}

/// The faults that wait for their requests.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
}

impl Faults {
    /// Takes the fault that the next request on a route is to meet.
    pub(crate) fn take(&mut self, method: &Method, template: &str) -> Option<Fault> {
        let at = self
            .rules
            .iter()
            .position(|rule| rule.method == *method && rule.template == template)?;
        let rule = self.rules.get_mut(at)?;
        let fault = rule.fault.clone();
        rule.times = rule.times.saturating_sub(1);
        if rule.times == 0 {
            self.rules.remove(at);
        }
        Some(fault)
    }
}

impl World {
    /// Makes the next `times` requests on a route meet `fault`, after the faults already waiting
    /// there. `template` is spelled as in GitHub's API description, such as
    /// `/repos/{owner}/{repo}/issues/{issue_number}/comments`. At most 100 rules wait.
    pub fn fail(&self, method: Method, template: &str, fault: Fault, times: usize) {
        self.change(|state| {
            let rules = &mut state.faults.rules;
            if times > 0 && rules.len() < MOST_RULES {
                rules.push(Rule {
                    method,
                    template: template.to_owned(),
                    fault,
                    times,
                });
            }
        });
    }

    /// How many times faults are still to strike; a test that planned them ends with none.
    pub fn faults_left(&self) -> usize {
        self.read(|state| state.faults.rules.iter().map(|rule| rule.times).sum())
    }
}

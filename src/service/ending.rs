//! How an attempt ends that did not publish: another one later, or a visible failure.

use std::time::Duration;

use crate::domain::request::Lane;
use crate::domain::thread::Reaction;
use crate::forge::{ForgeError, Glance};
use crate::render::Notice;
use crate::service::work::{Attempt, Stop};
use crate::store::{Progress, Settlement, StoreError};

/// The pause before the second attempt; each further one waits twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// How long a job waits whose installation is suspended; it may stay so for weeks.
const SUSPENSION_PAUSE: Duration = Duration::from_hours(24);

/// How often a job waits for its model; people wait for the answer.
const MODEL_PAUSES: u32 = 3;

impl Attempt<'_> {
    /// What follows from the cause of an end.
    pub(super) async fn settle_stop(&self, stop: Stop) -> Result<Settlement, StoreError> {
        match stop {
            Stop::Store(error) => Err(error),
            Stop::Model(pause) => Ok(self.retry(pause, "the model is busy".to_owned())),
            Stop::Broken(why) => self.retry_or_tell(why.to_owned()).await,
            Stop::Settled(settlement) => Ok(settlement),
            Stop::Forge(error) => match error {
                ForgeError::Denied { .. } => {
                    // Where no comment may be written, a reaction may still be.
                    self.react(Reaction::Confused).await;
                    Ok(Settlement::Abandoned {
                        reason: error.to_string(),
                    })
                }
                ForgeError::NotFound { .. }
                | ForgeError::Uninstalled { .. }
                | ForgeError::Empty => Ok(Settlement::Abandoned {
                    reason: error.to_string(),
                }),
                ForgeError::Suspended { .. } => {
                    self.begin_anew().await?;
                    Ok(self.retry(SUSPENSION_PAUSE, error.to_string()))
                }
                ForgeError::RateLimited { retry_after, .. } => {
                    Ok(self.retry(retry_after, error.to_string()))
                }
                ForgeError::Unavailable { .. }
                | ForgeError::TooLarge { .. }
                | ForgeError::Unexpected { .. } => self.retry_or_tell(error.to_string()).await,
            },
        }
    }

    /// Lets go of what was made: by the time that it may be posted, nobody may want it any more, and the
    /// code will be another. Only whether a post was begun is never forgotten.
    async fn begin_anew(&self) -> Result<(), StoreError> {
        self.save(&nothing_but_a_post()).await
    }

    /// Another attempt while some are left, else a visible failure.
    pub(super) async fn retry_or_tell(&self, reason: String) -> Result<Settlement, StoreError> {
        if self.has_attempts_left() {
            let attempt = self.claim.attempt;
            let doubled = 1_u32 << (attempt.saturating_sub(1)).min(8);
            return Ok(self.retry(FIRST_PAUSE * doubled, reason));
        }
        self.tell_failure(reason).await
    }

    /// A model that is busy or out of reach is waited for a few times; then there is an outline.
    pub(super) fn may_wait_for_the_model(&self) -> bool {
        self.claim.attempt <= MODEL_PAUSES && self.has_attempts_left()
    }

    fn has_attempts_left(&self) -> bool {
        self.claim.attempt < self.app.settings.worker.max_attempts
    }

    /// Says in the thread that what was asked will not come, and ends the job. What nobody asked for
    /// fails in silence, and so does what comes beside a plan that stands: it is not lost for that.
    pub(super) async fn tell_failure(&self, reason: String) -> Result<Settlement, StoreError> {
        let request = &self.claim.request;
        if request.trigger.lane() != Lane::Plan {
            self.react(Reaction::Confused).await;
            return Ok(Settlement::Failed { reason });
        }
        let notice = Notice::Failed {
            job: self.claim.lease.job.0,
        };
        self.react(Reaction::Confused).await;
        let published = self.published().await?;
        // This attempt may have begun a post, of whose outcome nothing is known here.
        let mut progress = nothing_but_a_post();
        let so_far = (&Glance::default(), &mut progress);
        match self.answer(&notice, so_far, published).await {
            Ok(Settlement::Done { .. }) => Ok(Settlement::Failed { reason }),
            Ok(settlement) => Ok(settlement),
            Err(Stop::Store(error)) => Err(error),
            Err(Stop::Settled(settlement)) => Ok(settlement),
            Err(Stop::Forge(_) | Stop::Model(_) | Stop::Broken(_)) => {
                Ok(Settlement::Failed { reason })
            }
        }
    }

    fn retry(&self, after: Duration, reason: String) -> Settlement {
        Settlement::Retry {
            at: (self.clock)().plus(after),
            reason,
        }
    }
}

/// Nothing made so far, and perhaps a post of whose outcome nobody knows.
fn nothing_but_a_post() -> Progress {
    Progress {
        posting: true,
        ..Progress::default()
    }
}

//! Checks of a plan's age.

use crate::domain::repository::CommitSha;
use crate::service::work::{Attempt, Stop};
use crate::store::Settlement;

impl Attempt<'_> {
    pub(super) async fn check_asked(&self) -> Result<Settlement, Stop> {
        Err(Stop::abandoned("stub"))
    }
    pub(super) async fn check_unasked(&self, _tip: &CommitSha) -> Result<Settlement, Stop> {
        Err(Stop::abandoned("stub"))
    }
}

//! The use-cases, where forges, models and the store meet.
//!
//! `intake` turns what a webhook told into a saved request; `work` does what a saved request asks,
//! after `admission` has let it in: a plan (`planning`, from what `study` gathers), an answer or an end
//! (`telling`). `publish` sees to it that a thread has one comment. What may be decided
//! over plain values is decided in `domain::policy`; nothing here listens, spawns or reads a clock.

mod admission;
mod age;
mod checking;
pub mod comment;
pub mod effective;
mod ending;
pub mod intake;
mod planning;
mod publish;
mod status;
pub mod study;
mod telling;
pub mod work;

use std::sync::Arc;

use crate::config::{SetKeys, Settings};
use crate::domain::repository::ForgeKind;
use crate::domain::thread::RepositoryAddress;
use crate::forge::Forge;
use crate::model::Guarded;
use crate::redact::Redactor;
use crate::registry::Registry;
use crate::service::study::Tools;
use crate::store::Store;
use crate::telemetry::Metrics;

/// The forges that this process serves.
#[derive(Clone, Default)]
pub struct Forges {
    /// GitHub, when it is configured.
    pub github: Option<Arc<dyn Forge>>,
}

impl Forges {
    /// The forge that an address belongs to, if it is served.
    pub fn find(&self, address: &RepositoryAddress) -> Option<&dyn Forge> {
        match address.forge {
            ForgeKind::GitHub => self.github.as_deref(),
            ForgeKind::GitLab => None,
        }
    }
}

/// Everything that the use-cases work with.
pub struct App {
    /// The forges served.
    pub forges: Forges,
    /// Where deliveries and jobs are kept.
    pub store: Arc<dyn Store>,
    /// What reading a repository makes use of.
    pub tools: Tools,
    /// The model; `None` makes outlines.
    pub model: Option<Guarded>,
    /// What takes secrets out of all that is posted or saved.
    pub redactor: Arc<Redactor>,
    /// Who is asked about proposed libraries; `None` when lookups are switched off.
    pub registry: Option<Arc<dyn Registry>>,
    /// What operators can count.
    pub metrics: Arc<Metrics>,
    /// The settings.
    pub settings: Settings,
    /// The keys of the settings that the operator has set.
    pub set_keys: SetKeys,
}

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
pub mod setup;
mod status;
pub mod study;
pub mod sweep;
mod telling;
pub mod work;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

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

/// A forge that this process serves.
#[derive(Clone)]
pub struct Served {
    /// What kind it is.
    pub kind: ForgeKind,
    /// The host of its web pages, under which its repositories are known.
    pub host: String,
    /// Where its web pages begin.
    pub web_url: Url,
    /// The way to it.
    pub forge: Arc<dyn Forge>,
    /// How often to look for deliveries of it that did not arrive; `None` for never.
    pub sweep_every: Option<Duration>,
}

/// All forges that this process serves, no two of one kind on one host.
#[derive(Clone, Default)]
pub struct Forges(pub Vec<Served>);

impl Forges {
    /// The forge that an address belongs to, if it is served.
    pub fn find(&self, address: &RepositoryAddress) -> Option<&dyn Forge> {
        self.served(address).map(|served| served.forge.as_ref())
    }

    /// Where the web pages begin of the forge that an address belongs to.
    pub fn web_url(&self, address: &RepositoryAddress) -> Option<&Url> {
        self.served(address).map(|served| &served.web_url)
    }

    fn served(&self, address: &RepositoryAddress) -> Option<&Served> {
        let mut all = self.0.iter();
        all.find(|served| served.kind == address.forge && served.host == address.host)
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

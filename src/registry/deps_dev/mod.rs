//! deps.dev: one source for most registries, over version 3 of its API.

mod wire;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use reqwest::header::ACCEPT;
use reqwest::{Client, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use crate::config::Dependencies;
use crate::domain::day::Day;
use crate::domain::package::Ecosystem;
use crate::http::{self, AddressError, ApiBase};
use crate::registry::cache::Cache;
use crate::registry::version::{self, Choice};
use crate::registry::{Lookup, Lookups, Proposal, Record, Registry, Unknown};

/// Proposals looked up at one time: enough to hide waiting, too few to look like a flood.
const CONCURRENCY: usize = 4;

/// Most bytes of an answer. The longest lists of versions have some three million.
const MAX_ANSWER_BYTES: u64 = 8 * 1024 * 1024;

/// Longest name asked for, in bytes; the registries allow 214 and less.
const MAX_NAME_BYTES: usize = 256;

/// deps.dev as a registry.
#[derive(Debug)]
pub struct DepsDev {
    client: Client,
    base: ApiBase,
    /// What the answers say who was asked.
    source: String,
    /// How long all questions of one plan may take together.
    timeout: Duration,
    /// Most proposals of one plan; each one costs up to three requests.
    max_lookups: usize,
    now: fn() -> SystemTime,
    cache: Cache,
}

impl DepsDev {
    /// deps.dev, or a service that speaks like it, at the configured address. `client` must follow no
    /// redirects.
    ///
    /// # Errors
    /// When the address is none that requests may go to.
    pub fn new(
        client: Client,
        settings: &Dependencies,
        now: fn() -> SystemTime,
    ) -> Result<Self, AddressError> {
        Ok(Self {
            client,
            base: ApiBase::new(&settings.api_url)?,
            source: source(&settings.api_url),
            timeout: settings.timeout,
            max_lookups: settings.max_lookups,
            now,
            cache: Cache::default(),
        })
    }
}

/// `deps.dev` for its own address, else the host.
fn source(api_url: &Url) -> String {
    let host = api_url.host_str().unwrap_or_default();
    host.strip_prefix("api.").unwrap_or(host).to_owned()
}

#[async_trait]
impl Registry for DepsDev {
    async fn look_up(&self, proposals: &[Proposal]) -> Lookups {
        let since = (self.now)().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = since.as_secs();
        let today = Day::of_unix_seconds(i64::try_from(now).unwrap_or(i64::MAX));
        let mut lookups = Lookups::new(&self.source, today);
        let mut asked: Vec<Proposal> = Vec::new();
        for proposal in proposals {
            if lookups.find(proposal).is_some() || asked.contains(proposal) {
                continue;
            }
            if let Some(kept) = self.cache.find(proposal, now) {
                lookups.add(proposal.clone(), kept);
            } else if lookups.len() + asked.len() < self.max_lookups {
                asked.push(proposal.clone());
            } else {
                lookups.add(proposal.clone(), Lookup::Unknown(Unknown::TooMany));
            }
        }
        let until = Instant::now() + self.timeout;
        let mut answers = stream::iter(asked)
            .map(|proposal| async move {
                let lookup = self.ask_until(&proposal, until).await;
                (proposal, lookup)
            })
            .buffer_unordered(CONCURRENCY);
        while let Some((proposal, lookup)) = answers.next().await {
            self.cache.keep(&proposal, &lookup, now);
            lookups.add(proposal, lookup);
        }
        lookups
    }
}

impl DepsDev {
    async fn ask_until(&self, proposal: &Proposal, until: Instant) -> Lookup {
        let asked = tokio::time::timeout_at(until, self.ask(proposal)).await;
        match asked.unwrap_or(Err(Failure::Unknown(Unknown::Unavailable))) {
            Ok(record) => Lookup::Known(Box::new(record)),
            Err(Failure::NotFound) => Lookup::Missing,
            Err(Failure::Unknown(why)) => {
                tracing::info!(
                    why = why.why(),
                    "a proposed dependency could not be looked up"
                );
                Lookup::Unknown(why)
            }
        }
    }

    async fn ask(&self, proposal: &Proposal) -> Result<Record, Failure> {
        let system = system(proposal.ecosystem).ok_or(Failure::Unknown(Unknown::Uncovered))?;
        let name = askable(proposal).ok_or(Failure::Unknown(Unknown::Unaskable))?;
        let path = ["v3", "systems", system, "packages", &name];
        let package: wire::Package = self.get(&path).await?;
        let names: Vec<&str> = package.versions.iter().map(wire::Listed::version).collect();
        let choice = version::choose(&names, &proposal.version);
        let default = package
            .versions
            .iter()
            .position(|version| version.is_default);
        let latest = default.or_else(|| version::newest(&names));
        let judged = match choice {
            Choice::Release(position) => Some(position),
            Choice::Any | Choice::Missing => latest,
        };
        let mut record = package.record(&name, latest);
        record.has_version = choice != Choice::Missing;
        if let Some(judged) = judged.and_then(|position| package.versions.get(position)) {
            let version = judged.version();
            let path = [path.as_slice(), &["versions", version]].concat();
            // The list has just named it: that it is not found is no statement about it.
            let details: wire::Version = self.get(&path).await.map_err(Failure::unreadable)?;
            judged.version().clone_into(&mut record.version);
            details.complete(&mut record, judged.is_deprecated);
            self.add_project(&mut record).await;
        }
        Ok(record)
    }

    /// What is known of the repository. That nothing is known says nothing against the package.
    async fn add_project(&self, record: &mut Record) {
        let Some(repository) = &record.repository else {
            return;
        };
        let found = self
            .get::<wire::Project>(&["v3", "projects", repository])
            .await;
        if let Ok(project) = found {
            record.stars = project.stars();
            record.archived = project.archived();
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Failure> {
        let url = self.base.join(path, &[]);
        let mut url = url.map_err(|_| Failure::Unknown(Unknown::Unaskable))?;
        // A `:` in the last part of a path could be taken for the name of another method.
        let path = url.path().replace(':', "%3A").replace('@', "%40");
        url.set_path(&path);
        let request = self.client.get(url).header(ACCEPT, "application/json");
        let unavailable = |_| Failure::Unknown(Unknown::Unavailable);
        let answer = request.send().await.map_err(unavailable)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Err(Failure::NotFound),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => {
                return Err(Failure::Unknown(Unknown::Refused));
            }
            _ => return Err(Failure::Unknown(Unknown::Unavailable)),
        }
        let body = http::read_bounded(answer, MAX_ANSWER_BYTES).await;
        let body = body.map_err(|error| match error {
            http::HttpError::TooLarge { .. } => Failure::Unknown(Unknown::Unreadable),
            _ => Failure::Unknown(Unknown::Unavailable),
        })?;
        let unreadable = Failure::Unknown(Unknown::Unreadable);
        // A list would be read as the fields in their order.
        match body.trim_ascii_start().starts_with(b"{") {
            true => serde_json::from_slice(&body).map_err(|_| unreadable),
            false => Err(unreadable),
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    NotFound,
    Unknown(Unknown),
}

impl Failure {
    fn unreadable(self) -> Self {
        match self {
            Self::NotFound => Self::Unknown(Unknown::Unreadable),
            other @ Self::Unknown(_) => other,
        }
    }
}

/// What deps.dev calls an ecosystem that it covers.
fn system(ecosystem: Ecosystem) -> Option<&'static str> {
    Some(match ecosystem {
        Ecosystem::Cargo => "cargo",
        Ecosystem::Npm => "npm",
        Ecosystem::Pypi => "pypi",
        Ecosystem::Go => "go",
        Ecosystem::Maven => "maven",
        Ecosystem::Nuget => "nuget",
        Ecosystem::Rubygems => "rubygems",
        Ecosystem::Hex | Ecosystem::Packagist | Ecosystem::Native | Ecosystem::Other => {
            return None;
        }
    })
}

/// The name to ask for, when it could be one at all.
fn askable(proposal: &Proposal) -> Option<String> {
    let name = proposal.name.trim();
    let sign = |c: char| c.is_ascii_alphanumeric() || "-_./@:~+".contains(c);
    let fine = (1..=MAX_NAME_BYTES).contains(&name.len())
        && name.chars().all(sign)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@' || c == '_')
        && !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    fine.then(|| match proposal.ecosystem {
        Ecosystem::Pypi => proposal.ecosystem.normalise(name),
        _ => name.to_owned(),
    })
}

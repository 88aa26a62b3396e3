//! What of deps.dev's answers is read. Everything may be missing; what has another type makes the
//! answer unreadable. Texts are cut to what a comment can bear.

use serde::Deserialize;

use crate::domain::day::Day;
use crate::registry::Record;

/// Longest version, licence or id taken, in bytes.
const MAX_TEXT_BYTES: usize = 120;

/// Most licences and advisories taken.
const MAX_ITEMS: usize = 20;

/// The check of a scorecard that tells of archived projects, and what it says then.
const MAINTAINED: &str = "Maintained";
const ARCHIVED: &str = "archived";

/// What a relation or link to the source code is called.
const SOURCE: &str = "SOURCE_REPO";

/// A package with its versions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package {
    #[serde(default)]
    package_key: Key,
    #[serde(default)]
    pub(super) versions: Vec<Listed>,
}

#[derive(Debug, Default, Deserialize)]
struct Key {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

/// A version in the list of a package.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    #[serde(default)]
    version_key: Key,
    #[serde(default)]
    published_at: Option<String>,
    #[serde(default)]
    pub(super) is_default: bool,
    #[serde(default)]
    pub(super) is_deprecated: bool,
}

impl Listed {
    /// Its name; empty when it is none that could be asked for.
    pub(super) fn version(&self) -> &str {
        let version = &*self.version_key.version;
        match version.len() <= MAX_TEXT_BYTES && is_plain(version) {
            true => version,
            false => "",
        }
    }
}

impl Package {
    /// What the list of versions tells.
    pub(super) fn record(&self, asked: &str, latest: Option<usize>) -> Record {
        let days = self.versions.iter();
        let days = days.filter_map(|version| Day::find(version.published_at.as_deref()?));
        let latest = latest.and_then(|position| self.versions.get(position));
        let named = text(&self.package_key.name);
        Record {
            name: if named.is_empty() {
                asked.to_owned()
            } else {
                named
            },
            releases: self.versions.len(),
            first_release: days.clone().min(),
            last_release: days.max(),
            latest: latest
                .map(|latest| latest.version().to_owned())
                .unwrap_or_default(),
            latest_deprecated: latest.is_some_and(|latest| latest.is_deprecated),
            ..Record::default()
        }
    }
}

/// One version in full.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    #[serde(default)]
    is_deprecated: bool,
    #[serde(default)]
    licenses: Vec<String>,
    #[serde(default)]
    advisory_keys: Vec<Id>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    related_projects: Vec<Related>,
}

#[derive(Debug, Default, Deserialize)]
struct Id {
    #[serde(default)]
    id: String,
}

#[derive(Debug, Deserialize)]
struct Link {
    #[serde(default)]
    label: String,
    #[serde(default)]
    url: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Related {
    #[serde(default)]
    project_key: Id,
    #[serde(default)]
    relation_type: String,
}

impl Version {
    /// Adds what is told of the version to `record`.
    pub(super) fn complete(self, record: &mut Record, deprecated: bool) {
        let bounded = |texts: Vec<String>| {
            let texts = texts.iter().take(MAX_ITEMS).map(|one| text(one));
            texts.filter(|text| !text.is_empty()).collect()
        };
        record.deprecated = deprecated || self.is_deprecated;
        record.repository = self.repository();
        record.licences = bounded(self.licenses);
        record.advisories = bounded(self.advisory_keys.into_iter().map(|key| key.id).collect());
    }

    /// The project that holds the source, or the address that the package gives for it.
    fn repository(&self) -> Option<String> {
        let related = self.related_projects.iter();
        let sources = related.filter(|project| project.relation_type == SOURCE);
        let mut ids = sources.map(|project| project.project_key.id.clone());
        let links = self.links.iter().filter(|link| link.label == SOURCE);
        let mut links = links.filter_map(|link| project_of(&link.url));
        let found = ids.find(|id| is_project(id)).or_else(|| links.next());
        found.filter(|project| is_project(project))
    }
}

/// `github.com/owner/name` of `git+https://github.com/owner/name.git#main`.
fn project_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let known = [
        "https",
        "http",
        "git",
        "git+https",
        "git+http",
        "ssh",
        "git+ssh",
    ];
    let rest = rest.split(['#', '?']).next()?;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let (host, owner, name) = (parts.next()?, parts.next()?, parts.next()?);
    let name = name.strip_suffix(".git").unwrap_or(name);
    let host = host.strip_prefix("www.").unwrap_or(host);
    known
        .contains(&scheme)
        .then(|| format!("{host}/{owner}/{name}"))
}

/// Whether `id` is a host, an owner and a name.
fn is_project(id: &str) -> bool {
    let part = |part: &str| {
        let sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !matches!(part, "" | "." | "..") && part.chars().all(sign)
    };
    let parts = id.split('/').count();
    id.len() <= MAX_TEXT_BYTES
        && (3..=6).contains(&parts)
        && id.split('/').all(part)
        && id.split('/').next().is_some_and(|host| host.contains('.'))
}

/// A project.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Project {
    #[serde(default)]
    stars_count: Option<i64>,
    #[serde(default)]
    scorecard: Option<Scorecard>,
}

#[derive(Debug, Deserialize)]
struct Scorecard {
    #[serde(default)]
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct Check {
    #[serde(default)]
    name: String,
    #[serde(default)]
    score: i64,
    #[serde(default)]
    reason: String,
}

impl Project {
    /// How many people have starred it.
    pub(super) fn stars(&self) -> Option<u64> {
        u64::try_from(self.stars_count?).ok()
    }

    /// Whether it is archived; only scorecards tell.
    pub(super) fn archived(&self) -> Option<bool> {
        let mut checks = self.scorecard.as_ref()?.checks.iter();
        let maintained = checks.find(|check| check.name == MAINTAINED)?;
        let archived = maintained.reason.to_lowercase().contains(ARCHIVED);
        Some(maintained.score <= 0 && archived)
    }
}

/// `text`, cut where it is too long, without what is no visible ASCII.
fn text(text: &str) -> String {
    let plain = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
    plain.take(MAX_TEXT_BYTES).collect()
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic())
}

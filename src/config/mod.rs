//! Settings: the embedded example, a file over it, the environment over both.
//!
//! This module reads files and the environment and checks what they say. It knows no component:
//! components take their part of [`Settings`].

pub mod address;
mod app_file;
mod check;
mod choices;
mod document;
mod folder;
mod kinds;
mod layers;
mod lists;
mod nearest;
mod problem;
mod ranges;
pub mod repository_file;
mod schema;
mod secrets;
mod settings;
mod show;
mod validate;
mod values;
mod workflow;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use crate::config::layers::Layers;
use crate::config::layers::VARIABLE_PREFIX;
use crate::config::show::Entry;
use crate::config::validate::find_broken;

pub use app_file::{RegisteredApp, save_app};
pub use check::{check, check_for_serve, load_private_key};
pub use choices::{
    LogFormat, ModelApi, ModelProvider, Profile, SchemaSupport, StoreUrl, ToolSupport,
};
pub use problem::{ConfigError, Origin, Problem, Severity};
pub use schema::schema;
pub use secrets::own_secrets;
pub use settings::{
    Budgets, Cache, Checks, Dependencies, GitHub, GitLab, Http, Log, ModelSettings, Policy,
    Redaction, Server, Settings, Setup, Store, Triggers, Worker,
};
pub use show::show;
pub use workflow::WorkflowRun;

/// The file that is read when none is named, if it exists.
const DEFAULT_FILE: &str = "planwright.toml";

/// Largest configuration file; the example has 10,000 bytes.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Settings, and where each one comes from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    entries: Vec<Entry>,
    /// Secrets that are no settings.
    further_secrets: Vec<SecretString>,
}

/// Keys that the operator has set, in a file or by a variable.
#[derive(Debug, Clone, Default)]
pub struct SetKeys(BTreeSet<String>);

impl SetKeys {
    /// Whether `key`, such as `triggers.labels`, is among them.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains(key)
    }
}

impl Loaded {
    /// Every key, such as `server.listen`, in the example's order, with where its value comes from.
    pub fn origins(&self) -> impl Iterator<Item = (&str, &Origin)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_str(), &entry.origin))
    }

    /// The keys that a file or a variable sets.
    pub fn set_keys(&self) -> SetKeys {
        let set = self
            .origins()
            .filter(|(_, origin)| **origin != Origin::Default);
        SetKeys(set.map(|(key, _)| key.to_owned()).collect())
    }

    /// Where the value of `key` comes from; [`Origin::Default`] for what is no key.
    pub fn origin(&self, key: &str) -> Origin {
        self.origins()
            .find(|(known, _)| *known == key)
            .map_or(Origin::Default, |(_, origin)| origin.clone())
    }
}

/// Loads the settings from `file`, or from `planwright.toml` in the working directory if that exists.
///
/// This process's `PLANWRIGHT_…` variables override it, and the file of a registered App is read when
/// no App is set. Fails with everything that is wrong.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    let text = match file {
        Some(file) => Some(read_file(file).map_err(|error| unreadable(file, &error))?),
        None => find_text(path)?,
    };
    let variables = read_variables()?;
    let mut layers = layers(text.as_deref().map(|text| (path, text)), variables);
    if let Some(path) = layers.app_file()
        && let Some(text) = find_text(&path)?
    {
        layers.put_app(&path, &text);
    }
    finish(layers)
}

/// Loads the settings of a step in a run of a workflow, and what its runner tells. Only a `file` that is
/// named is read: what lies in the working directory may be a stranger's.
///
/// # Errors
/// Everything that is wrong with either.
pub fn load_for_workflow(file: Option<&Path>) -> Result<(Loaded, WorkflowRun), ConfigError> {
    let text = match file.map(|path| (path, read_file(path))) {
        None => None,
        Some((path, Ok(text))) => Some((path, text)),
        Some((path, Err(error))) => return Err(unreadable(path, &error)),
    };
    let variables = read_variables()?;
    let run = workflow::read(&variables)?;
    let variables = workflow::with_addresses(variables);
    let file = text.as_ref().map(|(path, text)| (*path, text.as_str()));
    let mut loaded = load_from(file, variables)?;
    loaded.further_secrets.push(run.token.clone());
    loaded.further_secrets.extend(run.marker_secret.clone());
    Ok((loaded, run))
}

/// Does what [`load`] does, from the text of a file and from variables that the caller gives, without
/// a registered App.
pub fn load_from(
    file: Option<(&Path, &str)>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    finish(layers(file, variables))
}

fn layers(
    file: Option<(&Path, &str)>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Layers {
    let mut layers = Layers::of_example();
    if let Some((path, text)) = file {
        layers.put_file(path, text);
    }
    layers.put_variables(variables);
    layers
}

fn finish(mut layers: Layers) -> Result<Loaded, ConfigError> {
    let settings = layers.settings();
    for (key, message) in settings.iter().flat_map(find_broken) {
        let origin = layers.origin(&key);
        layers.report(origin, format!("`{key}` {message}"));
    }
    match settings {
        Some(settings) if layers.problems.is_empty() => Ok(Loaded {
            settings,
            entries: layers.leaves.into_iter().map(Entry::from).collect(),
            further_secrets: Vec::new(),
        }),
        _ => Err(ConfigError::new(layers.problems)),
    }
}

/// The text of a file; `None` when it is not there.
fn find_text(path: &Path) -> Result<Option<String>, ConfigError> {
    match read_file(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ConfigError {
    let path = path.to_string_lossy();
    let message = format!("`{}` cannot be read: {error}", path.escape_debug());
    Problem::error(Origin::Default, message).into()
}

fn read_file(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MAX_FILE_BYTES + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}

fn read_variables() -> Result<Vec<(String, String)>, ConfigError> {
    let mut variables = Vec::new();
    let mut problems = Vec::new();
    for (name, value) in std::env::vars_os() {
        // Every name that matters is plain ASCII.
        let Ok(name) = name.into_string() else {
            continue;
        };
        match value.into_string() {
            Ok(value) => variables.push((name, value)),
            Err(_) if name.starts_with(VARIABLE_PREFIX) => {
                let message = "the value of this variable is not UTF-8";
                problems.push(Problem::error(Origin::Variable { name }, message));
            }
            Err(_) => {}
        }
    }
    if problems.is_empty() {
        return Ok(variables);
    }
    Err(ConfigError::new(problems))
}

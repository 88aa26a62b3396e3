//! What the runner of a workflow tells a step, by variables that it sets.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::config::problem::{ConfigError, Origin, Problem};

/// Who comments with the token that a run gets by itself.
const DEFAULT_LOGIN: &str = "github-actions[bot]";

/// Longest login taken; GitHub's have at most 39 characters, and `[bot]`.
const MAX_LOGIN: usize = 60;

/// Variables of the runner that stand for settings of ours.
const SETTINGS: [(&str, &str); 2] = [
    ("GITHUB_API_URL", "PLANWRIGHT_GITHUB__API_URL"),
    ("GITHUB_SERVER_URL", "PLANWRIGHT_GITHUB__WEB_URL"),
];

/// A run of a workflow.
#[derive(Clone)]
pub struct WorkflowRun {
    /// The event that started it.
    pub event_name: String,
    /// The file with the event's payload.
    pub event_path: PathBuf,
    /// Owner and name of the repository that the workflow belongs to.
    pub repository: String,
    /// The token to read and comment with.
    pub token: SecretString,
    /// The login that comments made with the token have.
    pub login: String,
    /// What comments are marked with, beside what everybody knows; `None` when nobody set it.
    pub marker_secret: Option<SecretString>,
    /// The folder for what later runs of the same thread are to know; `None` when nothing is to be kept.
    pub memory: Option<PathBuf>,
    /// The file whose Markdown the run's page shows.
    pub summary: Option<PathBuf>,
    /// The file that later steps read results from.
    pub output: Option<PathBuf>,
}

impl fmt::Debug for WorkflowRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WorkflowRun")
            .field("event_name", &self.event_name)
            .field("repository", &self.repository)
            .finish_non_exhaustive()
    }
}

/// Reads what the runner tells out of `variables`.
pub(super) fn read(variables: &[(String, String)]) -> Result<WorkflowRun, ConfigError> {
    let find = |name: &str| {
        let mut found = variables.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.trim().to_owned());
        value.filter(|value| !value.is_empty())
    };
    let mut problems = Vec::new();
    let mut demand = |name: &str, hint: &str| {
        find(name).unwrap_or_else(|| {
            let message = format!("`{name}` must be set\nhint: {hint}");
            problems.push(Problem::error(Origin::Default, message));
            String::new()
        })
    };
    let runner = "runners of workflows set it; `planwright plan --issue` works without one";
    let run = WorkflowRun {
        event_name: demand("GITHUB_EVENT_NAME", runner),
        event_path: demand("GITHUB_EVENT_PATH", runner).into(),
        repository: demand("GITHUB_REPOSITORY", runner),
        token: demand(
            "GITHUB_TOKEN",
            "give the step `env: GITHUB_TOKEN: ${{ github.token }}`, or use `action.yml`, which does",
        )
        .into(),
        login: find("INPUT_BOT_LOGIN").unwrap_or_else(|| DEFAULT_LOGIN.to_owned()),
        marker_secret: find("INPUT_MARKER_SECRET").map(SecretString::from),
        memory: find("INPUT_MEMORY").map(PathBuf::from),
        summary: find("GITHUB_STEP_SUMMARY").map(PathBuf::from),
        output: find("GITHUB_OUTPUT").map(PathBuf::from),
    };
    if !is_login(&run.login) {
        let message = "`INPUT_BOT_LOGIN` must be a login such as `github-actions[bot]`";
        problems.push(Problem::error(Origin::Default, message));
    }
    match problems.is_empty() {
        true => Ok(run),
        false => Err(ConfigError::new(problems)),
    }
}

fn is_login(text: &str) -> bool {
    let name = text.strip_suffix("[bot]").unwrap_or(text);
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && text.len() <= MAX_LOGIN && name.bytes().all(fine)
}

/// The same variables, with those of the runner under the names of the settings that they stand for,
/// unless these are set themselves.
pub(super) fn with_addresses(mut variables: Vec<(String, String)>) -> Vec<(String, String)> {
    for (theirs, ours) in SETTINGS {
        let find = |name: &str| variables.iter().find(|(known, _)| known == name);
        let told = find(theirs).map(|(_, value)| value.clone());
        if let (Some(value), None) = (told.filter(|value| !value.is_empty()), find(ours)) {
            variables.push((ours.to_owned(), value));
        }
    }
    variables
}

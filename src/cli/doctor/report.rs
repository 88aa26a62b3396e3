//! What was found, for people and for scripts.

use std::fmt::Write;
use std::process::ExitCode;

use serde::Serialize;

/// What came of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// Whose doing a failure is; the exit status follows from the first that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// The settings cannot be used: 2.
    Settings,
    /// Something is not as it must be: 1.
    State,
    /// Something could not be asked: 3.
    Environment,
}

#[derive(Debug, Serialize)]
struct Finding {
    topic: String,
    verdict: Verdict,
    message: String,
    /// What to do; empty where there is nothing to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

/// All findings, in the order of the checks.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    checks: Vec<Finding>,
    #[serde(skip)]
    causes: Vec<Cause>,
}

impl Report {
    /// Everything is as it should be.
    pub(super) fn ok(&mut self, topic: impl Into<String>, message: impl Into<String>) {
        self.add(topic.into(), Verdict::Ok, (message.into(), String::new()));
    }

    /// Somebody should look at it.
    pub(super) fn warn(
        &mut self,
        topic: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.add(topic.into(), Verdict::Warn, (message.into(), hint.into()));
    }

    /// The bot cannot work like this.
    pub(super) fn fail(
        &mut self,
        topic: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.causes.push(Cause::State);
        self.add(topic.into(), Verdict::Fail, (message.into(), hint.into()));
    }

    /// The settings cannot be used.
    pub(super) fn unusable(&mut self, topic: &str, message: String, hint: String) {
        self.causes.push(Cause::Settings);
        self.add(topic.to_owned(), Verdict::Fail, (message, hint));
    }

    /// It could not be found out.
    pub(super) fn unknown(
        &mut self,
        topic: impl Into<String>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.causes.push(Cause::Environment);
        self.add(topic.into(), Verdict::Fail, (message.into(), hint.into()));
    }

    fn add(&mut self, topic: String, verdict: Verdict, (message, hint): (String, String)) {
        self.checks.push(Finding {
            topic,
            verdict,
            message,
            hint,
        });
    }

    /// One line for each finding, and what to do below it.
    pub(super) fn text(&self) -> String {
        let topics = self.checks.iter().map(|one| one.topic.chars().count());
        let width = topics.max().unwrap_or_default();
        let mut text = String::new();
        for finding in &self.checks {
            let verdict = match finding.verdict {
                Verdict::Ok => "ok  ",
                Verdict::Warn => "warn",
                Verdict::Fail => "fail",
            };
            let Finding {
                topic,
                message,
                hint,
                ..
            } = finding;
            // Writing to a `String` cannot fail.
            writeln!(text, "{verdict}  {topic:width$}  {message}").unwrap_or_default();
            for line in hint.lines() {
                writeln!(text, "      {:width$}  → {line}", "").unwrap_or_default();
            }
        }
        text
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.status())
    }

    pub(super) fn status(&self) -> u8 {
        match self.causes.iter().min() {
            None => 0,
            Some(Cause::Settings) => 2,
            Some(Cause::State) => 1,
            Some(Cause::Environment) => 3,
        }
    }
}

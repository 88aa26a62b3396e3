//! An App as GitHub sees it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::cli::compose::github::{AppSection, github};
use crate::cli::doctor::report::Report;
use crate::config::Loaded;
use crate::config::address::is_loopback;
use crate::forge::github::{AppFacts, EVENTS, GitHub, InstallationFacts, PERMISSIONS};
use crate::forge::{Forge, ForgeError};

/// Difference of clocks from which on logins are made by GitHub's.
const TOLERATED_SKEW: Duration = Duration::from_secs(30);

/// How far back deliveries are looked at.
const LOOK_BACK: Duration = Duration::from_hours(24);

/// Where our listener takes webhooks.
const HOOK_PATH: &str = "/webhooks/github";

pub(super) async fn examine(loaded: &Loaded, report: &mut Report) {
    for app in loaded.settings.set_apps() {
        let adapter = match github(loaded, std::slice::from_ref(&app)) {
            Ok(adapter) => adapter,
            Err(failure) => {
                let message = format!("the App cannot be used: {failure}");
                report.unusable(&app.0, message, String::new());
                continue;
            }
        };
        let checks = Checks {
            section: &app.0,
            app: &app,
            adapter: &adapter,
        };
        checks.examine(report).await;
    }
}

struct Checks<'a> {
    section: &'a str,
    app: &'a AppSection<'a>,
    adapter: &'a GitHub,
}

impl Checks<'_> {
    fn topic(&self, what: &str) -> String {
        format!("{} {what}", self.section)
    }

    async fn examine(&self, report: &mut Report) {
        if !self.examine_clock(report).await {
            return;
        }
        let facts = match self.adapter.app_facts().await {
            Ok(facts) => facts,
            Err(error) => return self.refuse("app", &error, report),
        };
        let id = self.app.1.app_id.as_deref().unwrap_or_default();
        report.ok(self.topic("app"), format!("App {id} is `{}`", facts.slug));
        self.examine_permissions(&facts, report);
        self.examine_events(&facts, report);
        self.examine_hook(report).await;
        self.examine_deliveries(report).await;
        self.examine_installations(&facts, report).await;
    }

    /// Whether GitHub can be reached, and what time it is there.
    async fn examine_clock(&self, report: &mut Report) -> bool {
        let topic = self.topic("clock");
        let theirs = match self.adapter.time_of_day().await {
            Ok(theirs) => theirs,
            Err(error) => {
                self.refuse("clock", &error, report);
                return false;
            }
        };
        let ours = SystemTime::now();
        let (apart, word) = match theirs.duration_since(ours) {
            Ok(apart) => (apart, "ahead of"),
            Err(behind) => (behind.duration(), "behind"),
        };
        let seconds = apart.as_secs();
        if apart <= TOLERATED_SKEW {
            report.ok(topic, format!("within {seconds} s of GitHub's"));
        } else {
            report.warn(
                topic,
                format!("GitHub's clock is {seconds} s {word} ours; logins are made by GitHub's"),
                "have this machine's clock set by NTP",
            );
        }
        true
    }

    fn examine_permissions(&self, facts: &AppFacts, report: &mut Report) {
        let topic = self.topic("permissions");
        let missing = missing(&facts.permissions);
        let beyond = beyond(&facts.permissions);
        let where_to = "in the App's settings, under *Permissions & events*";
        if !missing.is_empty() {
            report.fail(
                topic,
                format!("the App does not ask for {}", missing.join(", ")),
                format!("set them {where_to}; whoever installed it has to accept that"),
            );
        } else if !beyond.is_empty() {
            report.warn(
                topic,
                format!("the App has more than it needs: {}", beyond.join(", ")),
                format!("take them away {where_to}"),
            );
        } else {
            report.ok(topic, "the four that are needed, and no other");
        }
    }

    fn examine_events(&self, facts: &AppFacts, report: &mut Report) {
        let topic = self.topic("events");
        let told = |event: &&&str| facts.events.iter().any(|known| known == **event);
        let missing: Vec<_> = EVENTS
            .iter()
            .filter(|event| !told(event))
            .copied()
            .collect();
        if missing.is_empty() {
            report.ok(topic, "subscribed to all that are used");
            return;
        }
        let message = format!("the App is not told of {}", missing.join(", "));
        let hint = "subscribe to them in the App's settings, under *Permissions & events*";
        // Without these two nobody can ask for anything.
        if missing.contains(&"issues") && missing.contains(&"issue_comment") {
            report.fail(topic, message, hint);
        } else {
            report.warn(topic, message, hint);
        }
    }

    async fn examine_hook(&self, report: &mut Report) {
        let topic = self.topic("webhook");
        let hook = match self.adapter.hook_facts().await {
            Ok(hook) => hook,
            Err(error) => return self.refuse("webhook", &error, report),
        };
        let settings = "in the App's settings, under *Webhook*";
        let Some(url) = hook.url.filter(|url| !url.as_str().is_empty()) else {
            let hint = format!("set it {settings}: https://YOUR-HOST{HOOK_PATH}");
            return report.fail(topic, "the App has no webhook address", hint);
        };
        if !url.path().ends_with(HOOK_PATH) {
            let message = format!("webhooks go to `{url}`, and are taken at `{HOOK_PATH}`");
            return report.fail(topic, message, format!("change the address {settings}"));
        }
        if !hook.has_secret {
            let hint = format!("set one of `{}.webhook_secrets` {settings}", self.section);
            return report.fail(topic, "webhooks are not signed: there is no secret", hint);
        }
        let own = is_loopback(&self.app.1.web_url);
        if is_loopback(&url) && !own {
            let hint = format!("set an address that GitHub can reach {settings}");
            return report.fail(
                topic,
                format!("`{url}` is this machine only for itself"),
                hint,
            );
        }
        if url.scheme() != "https" && !own || !hook.checks_certificate {
            let message = format!("webhooks to `{url}` can be read or changed on the way");
            return report.warn(
                topic,
                message,
                format!("use https and check certificates {settings}"),
            );
        }
        if hook.is_json {
            report.ok(topic, format!("signed JSON to `{url}`"));
        } else {
            report.warn(
                topic,
                format!("signed forms to `{url}`; they work, and are larger than JSON"),
                format!("choose `application/json` {settings}"),
            );
        }
    }

    async fn examine_deliveries(&self, report: &mut Report) {
        let topic = self.topic("deliveries");
        let since = SystemTime::now().checked_sub(LOOK_BACK);
        let since = since.unwrap_or(SystemTime::UNIX_EPOCH);
        match self.adapter.missed_deliveries(since).await {
            Ok(missed) if missed.is_empty() => report.ok(topic, "none was missed in 24 hours"),
            Ok(missed) => {
                let hint = if self.app.1.sweep_minutes > 0 {
                    "look at *Advanced* in the App's settings for the reason; `planwright serve` asks \
                     for them again"
                } else {
                    "look at *Advanced* in the App's settings for the reason, and have them sent again \
                     there: `sweep_minutes` is 0"
                };
                let message = format!("{} did not arrive in 24 hours", missed.len());
                report.warn(topic, message, hint);
            }
            Err(ForgeError::NotFound { .. }) => {
                report.ok(topic, "this forge keeps no list of them");
            }
            Err(error) => self.refuse("deliveries", &error, report),
        }
    }

    async fn examine_installations(&self, facts: &AppFacts, report: &mut Report) {
        let topic = self.topic("installations");
        let all = match self.adapter.installations().await {
            Ok(all) => all,
            Err(error) => return self.refuse("installations", &error, report),
        };
        if all.is_empty() {
            let web = self.app.1.web_url.as_str().trim_end_matches('/');
            let page = format!("install it at {web}/apps/{}/installations/new", facts.slug);
            return report.warn(topic, "the App is installed nowhere", page);
        }
        let suspended = names(&all, |one| one.is_suspended);
        if !suspended.is_empty() {
            report.warn(
                topic.clone(),
                format!("suspended: {}", suspended.join(", ")),
                "its owner can end that in the installation's settings; jobs wait until then",
            );
        }
        let lacking = names(&all, |one| !missing(&one.permissions).is_empty());
        if !lacking.is_empty() {
            report.warn(
                topic.clone(),
                format!("not all permissions are granted by {}", lacking.join(", ")),
                "its owner has to accept the App's new permissions in the installation's settings",
            );
        }
        if suspended.is_empty() && lacking.is_empty() {
            report.ok(topic, format!("{}, none suspended", all.len()));
        }
    }

    /// Notes that GitHub did not say what was asked.
    fn refuse(&self, what: &str, error: &ForgeError, report: &mut Report) {
        let topic = self.topic(what);
        let message = error.to_string();
        let section = self.section;
        match error {
            ForgeError::Denied { .. } => report.fail(
                topic,
                message,
                format!(
                    "see that `{section}.app_id` and the private key are of one App, and of the \
                     GitHub at `{section}.api_url`"
                ),
            ),
            ForgeError::NotFound { .. } | ForgeError::Unexpected { .. } => report.fail(
                topic,
                message,
                format!("see that `{section}.api_url` is the address of a GitHub API"),
            ),
            _ => report.unknown(
                topic,
                message,
                format!("see that this machine can reach `{}`", self.app.1.api_url),
            ),
        }
    }
}

fn names(all: &[InstallationFacts], fits: impl Fn(&InstallationFacts) -> bool) -> Vec<String> {
    let fitting = all.iter().filter(|one| fits(one));
    fitting
        .map(|one| format!("`{}`", one.account.escape_debug()))
        .collect()
}

fn rank(level: &str) -> usize {
    let levels = ["read", "write", "admin"];
    let place = levels.iter().position(|known| *known == level);
    place.map_or(0, |place| place + 1)
}

/// What is needed and not there.
fn missing(granted: &BTreeMap<String, String>) -> Vec<String> {
    let has = |name: &str| granted.get(name).map_or(0, |level| rank(level));
    let missing = PERMISSIONS
        .iter()
        .filter(|(name, level)| has(name) < rank(level));
    missing
        .map(|(name, level)| format!("{name}: {level}"))
        .collect()
}

/// What is there and not needed.
fn beyond(granted: &BTreeMap<String, String>) -> Vec<String> {
    let needed = |name: &str| PERMISSIONS.iter().find(|(known, _)| *known == name);
    let beyond = granted
        .iter()
        .filter(|(name, level)| rank(level) > needed(name).map_or(0, |(_, level)| rank(level)));
    beyond
        .map(|(name, level)| format!("{name}: {level}"))
        .collect()
}

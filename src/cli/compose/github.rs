//! Every GitHub that is configured: its adapter, and what its webhooks are checked against.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::cli::compose::{client, random};
use crate::cli::failure::Failure;
use crate::config::{self, Loaded, Settings, WorkflowRun};
use crate::domain::repository::ForgeKind;
use crate::forge::github::webhook::Secrets;
use crate::forge::github::{AppKeys, AppLogin, Credentials, GitHub, Origins, Timing};
use crate::service::{Forges, Served};
use crate::web::GitHubHook;

/// An App's section of the settings: what its keys begin with, and what they say.
pub(in crate::cli) type AppSection<'a> = (String, &'a config::GitHub);

/// All forges that are configured, one for each host: Apps of one GitHub share its adapter.
pub(in crate::cli) fn forges(loaded: &Loaded) -> Result<Forges, Failure> {
    let mut hosts: Vec<Vec<AppSection<'_>>> = Vec::new();
    for app in loaded.settings.set_apps() {
        let same = |host: &&mut Vec<AppSection<'_>>| {
            host.iter().any(|(_, other)| other.web_url == app.1.web_url)
        };
        match hosts.iter_mut().find(same) {
            Some(host) => host.push(app),
            None => hosts.push(vec![app]),
        }
    }
    let served = hosts.iter().map(|apps| served(loaded, apps));
    Ok(Forges(served.collect::<Result<_, _>>()?))
}

/// The same, when there has to be one.
pub(in crate::cli) fn needed_forges(loaded: &Loaded) -> Result<Forges, Failure> {
    let forges = forges(loaded)?;
    if forges.0.is_empty() {
        let message = "no GitHub App is configured: `github.app_id` and its private key are needed";
        return Err(Failure::wrong(message).hint(HINT));
    }
    Ok(forges)
}

const HINT: &str = "run `planwright config check` to see everything that is wrong";

fn served(loaded: &Loaded, apps: &[AppSection<'_>]) -> Result<Served, Failure> {
    let Some((_, first)) = apps.first() else {
        return Err(Failure::wrong("no GitHub App is configured").hint(HINT));
    };
    Ok(Served {
        kind: ForgeKind::GitHub,
        host: origins(first)?.host(),
        web_url: first.web_url.clone(),
        forge: Arc::new(github(loaded, apps)?),
        sweep_every: apps
            .iter()
            .map(|(_, app)| app.sweep_minutes)
            .filter(|minutes| *minutes > 0)
            .min()
            .map(Duration::from_mins),
    })
}

/// The adapter of one GitHub, as the Apps that are configured for it.
pub(in crate::cli) fn github(loaded: &Loaded, apps: &[AppSection<'_>]) -> Result<GitHub, Failure> {
    let logins = apps.iter().map(|app| login(loaded, app));
    let logins = logins.collect::<Result<Vec<_>, _>>()?;
    let (_, first) = apps
        .first()
        .ok_or_else(|| Failure::wrong("no GitHub App is configured").hint(HINT))?;
    let settings = &loaded.settings;
    let client = client(settings, &first.api_url, settings.http.request_timeout)?;
    let credentials = Credentials::Apps(logins);
    Ok(GitHub::new(client, origins(first)?, credentials, timing()))
}

/// The GitHub of `[github]`, as whoever the token of a workflow's run stands for.
pub(in crate::cli) fn forges_of_run(loaded: &Loaded, run: &WorkflowRun) -> Result<Forges, Failure> {
    let settings = &loaded.settings;
    let app = &settings.github;
    let client = client(settings, &app.api_url, settings.http.request_timeout)?;
    let credentials = Credentials::Workflow {
        token: run.token.clone(),
        login: run.login.clone(),
    };
    let origins = origins(app)?;
    Ok(Forges(vec![Served {
        kind: ForgeKind::GitHub,
        host: origins.host(),
        web_url: app.web_url.clone(),
        forge: Arc::new(GitHub::new(client, origins, credentials, timing())),
        sweep_every: None,
    }]))
}

/// How time and chance come to an adapter.
pub(in crate::cli) fn timing() -> Timing {
    Timing {
        now: SystemTime::now,
        random,
        pause: Duration::from_secs(1),
    }
}

fn login(loaded: &Loaded, (section, app): &AppSection<'_>) -> Result<AppLogin, Failure> {
    let keys = config::load_private_key(loaded, section, app)
        .map_err(|problem| Failure::wrong(problem.to_string()))?;
    let (Some(id), Some(keys)) = (app.app_id.clone(), keys) else {
        let message = format!("`{section}.app_id` and its private key are needed");
        return Err(Failure::wrong(message).hint(HINT));
    };
    let keys = AppKeys::parse(&keys).map_err(|error| {
        Failure::usage(error, format!("the `[{section}]` settings cannot be used"))
    })?;
    Ok(AppLogin { id, keys })
}

/// Where the GitHub of an App is.
pub(in crate::cli) fn origins(app: &config::GitHub) -> Result<Origins, Failure> {
    Origins::parse(app.api_url.as_str(), app.web_url.as_str())
        .map_err(|error| Failure::usage(error, "the addresses of a GitHub cannot be used"))
}

/// What webhooks are checked against: one set of secrets for each App.
pub(super) fn hooks(settings: &Settings) -> Result<Vec<GitHubHook>, Failure> {
    settings
        .set_apps()
        .map(|(_, app)| {
            Ok(GitHubHook {
                secrets: Secrets::new(&app.webhook_secrets),
                host: origins(app)?.host(),
                app_id: app.app_id.as_ref().and_then(|id| id.parse().ok()),
            })
        })
        .collect()
}

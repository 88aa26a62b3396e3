//! Rules that concern more than one setting.

use std::borrow::Cow;

use secrecy::ExposeSecret;
use url::Url;

use crate::config::address::is_loopback;
use crate::config::choices::ModelProvider;
use crate::config::settings::GitHub;
use crate::config::settings::ModelSettings;
use crate::config::settings::Settings;

/// Fewest characters of a token that stands between the admin pages and strangers.
const MIN_ADMIN_TOKEN: usize = 16;

/// A broken rule: the key to blame, and what is wrong with it, to be read after the key.
pub(super) type Broken = (Cow<'static, str>, String);

/// All rules that `settings` break.
pub(super) fn find_broken(settings: &Settings) -> Vec<Broken> {
    let mut broken = Vec::new();
    check_server(settings, &mut broken);
    check_addresses(settings, &mut broken);
    check_apps(settings, &mut broken);
    check_models(settings, &mut broken);
    check_unsupported(settings, &mut broken);
    if settings.budgets.file_bytes > settings.budgets.repository_bytes {
        let message = "must not be more than `budgets.repository_bytes`";
        broken.push((Cow::Borrowed("budgets.file_bytes"), message.to_owned()));
    }
    broken
}

fn check_server(settings: &Settings, broken: &mut Vec<Broken>) {
    let server = &settings.server;
    let token = server
        .admin_token
        .as_ref()
        .map(|token| token.expose_secret().len());
    if token.is_none() && !server.admin_listen.ip().to_canonical().is_loopback() {
        let message = "must be set, because `server.admin_listen` can be reached from other \
                       machines\nhint: make a token with `openssl rand -hex 32`, or let the admin \
                       listener listen on `127.0.0.1`";
        broken.push((Cow::Borrowed("server.admin_token"), message.to_owned()));
    }
    if token.is_some_and(|length| length < MIN_ADMIN_TOKEN) {
        let message = format!(
            "must have at least {MIN_ADMIN_TOKEN} characters\nhint: make one with `openssl rand \
             -hex 32`"
        );
        broken.push((Cow::Borrowed("server.admin_token"), message));
    }
    if server.listen == server.admin_listen && server.listen.port() != 0 {
        let message = "must differ from `server.listen`";
        broken.push((Cow::Borrowed("server.admin_listen"), message.to_owned()));
    }
    if server.max_body_bytes > server.max_in_flight_bytes {
        let message = "must not be less than `server.max_body_bytes`";
        broken.push((
            Cow::Borrowed("server.max_in_flight_bytes"),
            message.to_owned(),
        ));
    }
}

fn check_addresses(settings: &Settings, broken: &mut Vec<Broken>) {
    let apps = settings.apps().flat_map(|(section, app)| {
        [
            (format!("{section}.api_url"), Some(&app.api_url)),
            (format!("{section}.web_url"), Some(&app.web_url)),
        ]
    });
    let others = [
        ("gitlab.url", Some(&settings.gitlab.url)),
        ("model.base_url", settings.model.base_url.as_ref()),
        (
            "fallback_model.base_url",
            settings.fallback_model.base_url.as_ref(),
        ),
        ("dependencies.api_url", Some(&settings.dependencies.api_url)),
    ];
    let others = others.map(|(key, url)| (key.to_owned(), url));
    for (key, url) in apps.chain(others) {
        let Some(url) = url else { continue };
        let host = url.host_str().unwrap_or_default();
        if !may_be_spoken_to(url, &settings.http.allow_insecure_hosts) {
            let message = format!(
                "must start with `https://`: plain http would show tokens and code to the \
                 network\nhint: if `{host}` can only be reached that way, put it into \
                 `http.allow_insecure_hosts`"
            );
            broken.push((key.into(), message));
        }
    }
}

/// Apps of one GitHub must agree on where it is, and none may be there twice.
fn check_apps(settings: &Settings, broken: &mut Vec<Broken>) {
    let apps: Vec<_> = settings.set_apps().collect();
    for (place, (section, app)) in apps.iter().enumerate() {
        let mut before = apps.iter().take(place);
        if let Some((other, _)) = before
            .clone()
            .find(|(_, other)| other.web_url == app.web_url && other.api_url != app.api_url)
        {
            let message = format!("must be that of `{other}`, which has the same `web_url`");
            broken.push((format!("{section}.api_url").into(), message));
        }
        let same = |other: &GitHub| other.web_url == app.web_url && other.app_id == app.app_id;
        if let Some((other, _)) = before.find(|(_, other)| same(other)) {
            let message = format!("must not be that of `{other}`: each App stands once");
            broken.push((format!("{section}.app_id").into(), message));
        }
    }
}

fn may_be_spoken_to(url: &Url, allow_insecure_hosts: &[String]) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https"
        || is_loopback(url)
        || allow_insecure_hosts.iter().any(|allowed| allowed == host)
}

/// The keys of one model's section that these rules blame.
struct ModelKeys {
    provider: &'static str,
    name: &'static str,
    timeout: &'static str,
    price_input: &'static str,
    price_output: &'static str,
}

fn check_models(settings: &Settings, broken: &mut Vec<Broken>) {
    let model = ModelKeys {
        provider: "model.provider",
        name: "model.name",
        timeout: "model.timeout_seconds",
        price_input: "model.price_input",
        price_output: "model.price_output",
    };
    let fallback = ModelKeys {
        provider: "fallback_model.provider",
        name: "fallback_model.name",
        timeout: "fallback_model.timeout_seconds",
        price_input: "fallback_model.price_input",
        price_output: "fallback_model.price_output",
    };
    check_model(settings, (&settings.model, &model), broken);
    check_model(settings, (&settings.fallback_model, &fallback), broken);
    let has = |model: &ModelSettings| model.provider != ModelProvider::None;
    if has(&settings.fallback_model) && !has(&settings.model) {
        let message = "must be `none`, because `model.provider` is: there is nothing to fall back \
                       from";
        broken.push((fallback.provider.into(), message.to_owned()));
    }
}

fn check_model(
    settings: &Settings,
    (model, keys): (&ModelSettings, &ModelKeys),
    broken: &mut Vec<Broken>,
) {
    if model.provider == ModelProvider::None {
        return;
    }
    if model.name.trim().is_empty() {
        let message = format!("must name the model, because `{}` is set", keys.provider);
        broken.push((keys.name.into(), message));
    }
    if model.timeout > settings.worker.job_timeout {
        let message = "must not be more than `worker.job_timeout_seconds`";
        broken.push((keys.timeout.into(), message.to_owned()));
    }
    let (input, output) = (keys.price_input, keys.price_output);
    let half = match (model.price_input, model.price_output) {
        (Some(_), None) => Some((output, input)),
        (None, Some(_)) => Some((input, output)),
        _ => None,
    };
    if let Some((missing, set)) = half {
        broken.push((missing.into(), format!("must be set, because `{set}` is")));
    }
}

fn check_unsupported(settings: &Settings, broken: &mut Vec<Broken>) {
    let gitlab = &settings.gitlab;
    let set = [
        ("gitlab.token", gitlab.token.is_some()),
        ("gitlab.webhook_secrets", !gitlab.webhook_secrets.is_empty()),
        ("gitlab.signing_tokens", !gitlab.signing_tokens.is_empty()),
    ];
    for (key, _) in set.into_iter().filter(|(_, set)| *set) {
        let message = "must stay empty: GitLab is not supported by this version yet";
        broken.push((key.into(), message.to_owned()));
    }
}

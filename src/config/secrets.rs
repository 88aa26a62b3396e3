//! Everything in the settings that nobody else is to know.

use secrecy::SecretString;

use crate::config::Loaded;
use crate::config::check::load_private_key;
use crate::config::settings::GitHub;
use crate::config::settings::GitLab;
use crate::config::settings::ModelSettings;
use crate::config::settings::Server;

/// The secrets that are set, the App's private key included if it can be read.
pub fn own_secrets(loaded: &Loaded) -> Vec<SecretString> {
    let settings = &loaded.settings;
    let Server { admin_token, .. } = &settings.server;
    let GitHub {
        webhook_secrets, ..
    } = &settings.github;
    let GitLab {
        token,
        webhook_secrets: tokens_of_hooks,
        signing_tokens,
        ..
    } = &settings.gitlab;
    let ModelSettings { api_key, .. } = &settings.model;
    let second_key = &settings.fallback_model.api_key;
    let private_key = load_private_key(loaded).ok().flatten();
    let single = [admin_token, token, api_key, second_key]
        .into_iter()
        .flatten();
    let several = [webhook_secrets, tokens_of_hooks, signing_tokens];
    (single.chain(&private_key))
        .chain(several.into_iter().flatten())
        .chain(&loaded.further_secrets)
        .cloned()
        .collect()
}

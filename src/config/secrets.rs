//! Everything in the settings that nobody else is to know.

use secrecy::SecretString;

use crate::config::Loaded;
use crate::config::check::load_private_key;
use crate::config::settings::GitHub;
use crate::config::settings::GitLab;
use crate::config::settings::ModelSettings;
use crate::config::settings::Server;

/// The secrets that are set, the Apps' private keys included if they can be read.
pub fn own_secrets(loaded: &Loaded) -> Vec<SecretString> {
    let settings = &loaded.settings;
    let Server { admin_token, .. } = &settings.server;
    let GitLab {
        token,
        webhook_secrets: tokens_of_hooks,
        signing_tokens,
        ..
    } = &settings.gitlab;
    let ModelSettings { api_key, .. } = &settings.model;
    let second_key = &settings.fallback_model.api_key;
    let single = [admin_token, token, api_key, second_key]
        .into_iter()
        .flatten();
    let several = [tokens_of_hooks, signing_tokens].into_iter().flatten();
    let mut own: Vec<_> = single.chain(several).cloned().collect();
    for (section, app) in settings.apps() {
        let GitHub {
            webhook_secrets, ..
        } = app;
        own.extend(webhook_secrets.iter().cloned());
        own.extend(load_private_key(loaded, &section, app).ok().flatten());
    }
    own.extend(loaded.further_secrets.iter().cloned());
    own
}

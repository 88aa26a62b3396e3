//! Registering the App anew, from a manifest: first somebody agrees, then a code is traded for it.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::sandbox::world::State;
use crate::sandbox::world::app::{Level, Permissions};
use crate::sandbox::world::deliveries::HookFormat;

/// What a manifest asks for.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) name: String,
    #[serde(rename = "url")]
    _url: Url,
    redirect_url: Url,
    hook_attributes: HookAttributes,
    #[serde(default)]
    default_permissions: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    default_events: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct HookAttributes {
    url: Url,
}

/// A manifest that somebody was shown.
#[derive(Debug)]
pub(crate) struct Registration {
    manifest: Manifest,
    state: String,
    /// What the App can be had for, once; made when somebody agreed.
    code: Option<String>,
}

impl Manifest {
    pub(crate) fn permissions(&self) -> Permissions {
        let known = self.default_permissions.iter();
        known
            .filter_map(|(name, level)| Some((name.clone(), Level::find(level)?)))
            .collect()
    }
}

impl State {
    /// Shows a manifest to somebody, who may agree.
    pub(crate) fn propose(&mut self, manifest: Manifest, state: String) {
        self.registration = Some(Registration {
            manifest,
            state,
            code: None,
        });
    }

    /// What happens when somebody agrees: where the browser goes, with a code. `None` when nothing was
    /// proposed.
    pub(crate) fn agree(&mut self) -> Option<Url> {
        let code = self.texts.letters(40);
        let registration = self.registration.as_mut()?;
        registration.code = Some(code.clone());
        let mut back = registration.manifest.redirect_url.clone();
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("state", &registration.state);
        Some(back)
    }

    /// Makes the App what the manifest of that code asks for, and returns the secret of its webhook if
    /// it comes with one. `false` when the code is not good. A new webhook sends forms, as GitHub's
    /// description of the API says.
    pub(crate) fn convert(&mut self, code: &str) -> bool {
        let fits = |one: &Registration| one.code.as_deref() == Some(code);
        let Some(registration) = self.registration.take_if(|one| fits(one)) else {
            return false;
        };
        let manifest = registration.manifest;
        self.apps.first.permissions = manifest.permissions();
        self.apps.first.events = manifest.default_events;
        self.apps.first.hook.url = Some(manifest.hook_attributes.url);
        self.apps.first.hook.format = HookFormat::Form;
        self.apps.first.hook.secret = SecretString::from(self.texts.letters(40));
        self.apps.first.hook.has_secret = self.limits.gives_webhook_secret;
        true
    }
}

//! Sections that may stand several times: `[[github_apps]]` has the keys of `[github]`.
//!
//! Within the settings' layers a key of an entry is written `github_apps.0.app_id`, and so it is in
//! variables: `PLANWRIGHT_GITHUB_APPS__0__APP_ID`.

use std::borrow::Cow;

use crate::config::settings::{GitHub, Settings};

/// The list of further Apps.
pub(super) const APPS: &str = "github_apps";

/// The section whose keys each entry has.
pub(super) const APP: &str = "github";

impl Settings {
    /// The sections that an App may be in, each with what its keys begin with: `[github]` first, which
    /// may hold none, and then every `[[github_apps]]`.
    pub fn apps(&self) -> impl Iterator<Item = (String, &GitHub)> {
        let further = self.github_apps.iter().enumerate();
        let further = further.map(|(place, app)| (section(place), app));
        std::iter::once((APP.to_owned(), &self.github)).chain(further)
    }

    /// The Apps that are set.
    pub fn set_apps(&self) -> impl Iterator<Item = (String, &GitHub)> {
        self.apps().filter(|(_, app)| app.app_id.is_some())
    }
}

/// The key under which `key` is documented and has its default: that of the section for an entry of a
/// list, itself for all others.
pub(super) fn documented(key: &str) -> Cow<'_, str> {
    match find_entry(key) {
        Some((_, name)) => Cow::Owned(format!("{APP}.{name}")),
        None => Cow::Borrowed(key),
    }
}

/// The place and the name of a key of an entry.
pub(super) fn find_entry(key: &str) -> Option<(usize, &str)> {
    let inside = key.strip_prefix(APPS)?.strip_prefix('.')?;
    let (place, name) = inside.split_once('.')?;
    Some((place.parse().ok()?, name))
}

/// The section that the keys of an entry begin with.
pub(super) fn section(place: usize) -> String {
    format!("{APPS}.{place}")
}

/// The key that a path within the settings belongs to: `github_apps[0].webhook_secrets[1]` is of
/// `github_apps.0.webhook_secrets`.
pub(super) fn key_of_path(path: &str) -> String {
    let entry = path
        .strip_prefix(APPS)
        .and_then(|rest| rest.strip_prefix('[')?.split_once("]."));
    let (section, rest) = match entry {
        Some((place, rest)) => (format!("{APPS}.{place}."), rest),
        None => (String::new(), path),
    };
    let name = rest.split('[').next().unwrap_or_default();
    format!("{section}{name}")
}

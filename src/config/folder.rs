//! Where the cache is when nobody says.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::settings::Cache;

/// What the folder is called in a place that programs share.
const NAME: &str = "planwright";

impl Cache {
    /// The folder: the one that is set, or else the user's usual place, if this process has one.
    #[expect(
        clippy::disallowed_methods,
        reason = "these two name the user's folders for all programs and are no settings of ours"
    )]
    pub fn folder(&self) -> Option<PathBuf> {
        self.dir.clone().or_else(|| {
            let (shared, home) = (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME"));
            usual_folder(shared, home)
        })
    }
}

/// `planwright` in the folder of caches, which is `.cache` in the home folder unless it is named.
/// Relative names do not count.
pub(super) fn usual_folder(shared: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |name: OsString| Some(PathBuf::from(name)).filter(|path| path.is_absolute());
    let shared = shared.and_then(absolute);
    let folder = shared.or_else(|| Some(home.and_then(absolute)?.join(".cache")));
    Some(folder?.join(NAME))
}

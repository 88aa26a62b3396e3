//! The page that registers an App, while there is none.

use std::net::SocketAddr;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;

use crate::cli::compose::{github, now};
use crate::cli::failure::Failure;
use crate::config::{Loaded, Origin};
use crate::service::setup::{Place, Setup};
use crate::web::setup::SetupPage;

/// How the page is opened, and when it has done its work.
pub(crate) struct Opening {
    /// The address to open, which works once.
    pub(crate) link: SecretString,
    /// Told once an App was registered.
    pub(crate) done: Arc<Notify>,
}

/// The page, when there is no App and one may be registered.
pub(super) fn page(
    loaded: &Loaded,
    admin: SocketAddr,
) -> Result<Option<(SetupPage, Opening)>, Failure> {
    let settings = &loaded.settings;
    let Some(app_file) = settings.setup.app_file.clone() else {
        return Ok(None);
    };
    if settings.set_apps().next().is_some() {
        return Ok(None);
    }
    let random = || fresh().ok_or_else(|| Failure::failed("the system gives no random bytes"));
    let setup = Setup {
        http: settings.http.clone(),
        timing: github::timing(),
        app_file,
        spare_secret: random()?,
    };
    let token = random()?;
    let link = format!("http://{admin}/setup?token={}", token.expose_secret());
    let page = SetupPage::new(setup, place(loaded), (now, fresh), token);
    let done = Arc::clone(&page.done);
    let link = SecretString::from(link);
    Ok(Some((page, Opening { link, done })))
}

/// Where an App has to be registered: where somebody has set that GitHub is.
fn place(loaded: &Loaded) -> Option<Place> {
    let is_set = |key: &str| loaded.origin(key) != Origin::Default;
    let github = &loaded.settings.github;
    (is_set("github.api_url") || is_set("github.web_url")).then(|| Place {
        api_url: github.api_url.clone(),
        web_url: github.web_url.clone(),
    })
}

/// A secret of 256 bits.
fn fresh() -> Option<SecretString> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(SecretString::from(hex::encode(bytes)))
}

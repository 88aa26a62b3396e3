//! `/setup`: a page that registers an App, while there is none.
//!
//! Unlike all other handlers, the one that GitHub sends the browser back to asks a forge for something,
//! as the code that it brings is good for a short time only.

mod gate;
mod page;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::header::{COOKIE, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Notify;
use url::Url;

use crate::config::address::is_loopback;
use crate::forge::ForgeError;
use crate::forge::github::Manifest;
use crate::service::setup::{Place, Setup, SetupError};
use crate::service::work::Clock;
use crate::web::setup::gate::Gate;
use crate::web::setup::page::{Answers, Page, show};

/// The cookie that a session lives in.
const COOKIE_NAME: &str = "planwright_setup";

/// Seconds that a browser keeps it.
const COOKIE_SECONDS: u32 = 3600;

/// Longest name of an App; GitHub takes 34 characters.
const LONGEST_NAME: usize = 34;

/// What the page needs.
#[derive(Debug)]
pub struct SetupPage {
    /// Does the registering.
    pub setup: Setup,
    /// Where an App has to be registered; `None` leaves it to whoever registers it.
    pub place: Option<Place>,
    /// Tells the time.
    pub clock: Clock,
    /// Makes a secret that nobody can guess.
    pub random: fn() -> Option<SecretString>,
    /// Told once an App was registered.
    pub done: Arc<Notify>,
    gate: Mutex<Gate>,
}

impl SetupPage {
    /// A page that opens for `token`.
    pub fn new(
        setup: Setup,
        place: Option<Place>,
        (clock, random): (Clock, fn() -> Option<SecretString>),
        token: SecretString,
    ) -> Self {
        Self {
            setup,
            place,
            clock,
            random,
            done: Arc::new(Notify::new()),
            gate: Mutex::new(Gate::new(token, clock())),
        }
    }

    fn gate<T>(&self, act: impl FnOnce(&mut Gate) -> T) -> T {
        let gate = self.gate.lock();
        act(&mut gate.unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a request is of the one session that there is.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let session = find_cookie(headers).unwrap_or_default();
        self.gate(|gate| gate.admits(session, (self.clock)()))
    }
}

/// The routes: `GET` and `POST /setup`, and `GET /setup/done`, to which GitHub leads back.
pub(super) fn router(page: SetupPage) -> Router {
    Router::new()
        .route("/setup", get(form).post(submit))
        .route("/setup/done", get(done))
        .with_state(Arc::new(page))
}

#[derive(Debug, Deserialize)]
struct Entry {
    token: Option<SecretString>,
}

/// `GET /setup`: the form, for whoever has the token or a session.
async fn form(
    State(page): State<Arc<SetupPage>>,
    headers: HeaderMap,
    Query(entry): Query<Entry>,
) -> Response {
    let Some(token) = entry.token else {
        return match page.admits(&headers) {
            true => ask(&page, &Answers::default(), ""),
            false => refuse(),
        };
    };
    let Some(fresh) = (page.random)() else {
        return show(StatusCode::INTERNAL_SERVER_ERROR, &Page::NoRandom);
    };
    let now = (page.clock)();
    let entered = page.gate(|gate| gate.enter(token.expose_secret(), fresh.clone(), now));
    if !entered && !page.admits(&headers) {
        return refuse();
    }
    let mut response = Redirect::to("/setup").into_response();
    if entered {
        let cookie = format!(
            "{COOKIE_NAME}={}; Path=/setup; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax",
            fresh.expose_secret()
        );
        if let Ok(cookie) = cookie.parse() {
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
    }
    response
}

/// `POST /setup`: what is to be registered, shown with a button that leads to GitHub.
async fn submit(
    State(page): State<Arc<SetupPage>>,
    headers: HeaderMap,
    Form(answers): Form<Answers>,
) -> Response {
    if !page.admits(&headers) {
        return refuse();
    }
    let Some(origin) = find_origin(&headers) else {
        return ask(
            &page,
            &answers,
            "the browser did not say where this page is",
        );
    };
    let Some(state) = (page.random)() else {
        return show(StatusCode::INTERNAL_SERVER_ERROR, &Page::NoRandom);
    };
    match prepare(&page, &answers, &origin, &state) {
        Ok((place, target, manifest)) => {
            page.gate(|gate| gate.begin(place, state));
            show(StatusCode::OK, &Page::Confirm { target, manifest })
        }
        Err(problem) => ask(&page, &answers, &problem),
    }
}

#[derive(Debug, Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// `GET /setup/done`: GitHub led somebody back, with a code.
async fn done(
    State(page): State<Arc<SetupPage>>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    if !page.admits(&headers) {
        return refuse();
    }
    let Some(place) = page.gate(|gate| gate.finish(&back.state)) else {
        let problem = "GitHub's answer does not belong to this form; send it once more";
        return ask(&page, &Answers::default(), problem);
    };
    match page.setup.complete(&place, &back.code).await {
        Ok(registered) => {
            page.gate(Gate::close);
            tracing::info!(host = place.web_url.host_str(), "an App was registered");
            page.done.notify_one();
            show(StatusCode::OK, &Page::Done(registered))
        }
        Err(error) => {
            tracing::error!(%error, "an App was not taken over: {error}");
            ask(&page, &Answers::default(), explain(&error))
        }
    }
}

fn ask(page: &SetupPage, answers: &Answers, problem: &str) -> Response {
    let status = match problem {
        "" => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let place = page.place.as_ref().map(|place| place.web_url.clone());
    let form = Page::Form {
        place,
        answers: answers.clone(),
        problem: problem.to_owned(),
    };
    show(status, &form)
}

fn refuse() -> Response {
    show(StatusCode::FORBIDDEN, &Page::Closed)
}

/// What of an error a browser is shown; the log has the rest.
fn explain(error: &SetupError) -> &'static str {
    match error {
        SetupError::Forge(ForgeError::NotFound { .. }) => {
            "GitHub does not know the code any more; send the form once more"
        }
        SetupError::Forge(_) | SetupError::Client { .. } => {
            "GitHub did not hand the App out; the log says why. Delete the App in its settings before \
             you register it once more"
        }
        SetupError::Key(_) | SetupError::File { .. } => {
            "the App could not be kept; the log says why. Delete the App in its settings before you \
             register it once more"
        }
    }
}

/// Checks the answers and returns where the App is registered, the page that takes its manifest, and
/// the manifest; or what is wrong.
fn prepare(
    page: &SetupPage,
    answers: &Answers,
    origin: &Url,
    state: &SecretString,
) -> Result<(Place, Url, String), String> {
    let place = match &page.place {
        Some(place) => place.clone(),
        None => Place::parse(&answers.host).map_err(|error| error.to_string())?,
    };
    let target = place
        .registration_page(answers.organization.trim(), state.expose_secret())
        .map_err(|error| error.to_string())?;
    let name = answers.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(format!("the name must have 1 to {LONGEST_NAME} characters"));
    }
    let manifest = Manifest {
        name: name.to_owned(),
        hook_url: hook_url(&answers.address, &place)?,
        redirect_url: origin
            .join("/setup/done")
            .map_err(|_| "this page has no address".to_owned())?,
    };
    Ok((place, target, manifest.to_json()))
}

/// Where webhooks go, at the address that the bot is reached by from outside.
fn hook_url(address: &str, place: &Place) -> Result<Url, String> {
    let wanted =
        "the address must be one that GitHub can reach, such as `https://planwright.example.com`";
    let text = address.trim().trim_end_matches('/');
    let text = text.strip_suffix("/webhooks/github").unwrap_or(text);
    let url = Url::parse(&format!("{text}/webhooks/github")).map_err(|_| wanted.to_owned())?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    // A forge on this machine can reach this machine.
    let own = is_loopback(&place.web_url);
    let is_reachable = url.scheme() == "https" && !is_loopback(&url);
    let is_own = own && matches!(url.scheme(), "http" | "https");
    match is_plain && (is_reachable || is_own) {
        true => Ok(url),
        false => Err(wanted.to_owned()),
    }
}

/// Where the browser says that this page is.
fn find_origin(headers: &HeaderMap) -> Option<Url> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    let url = Url::parse(origin).ok()?;
    (url.has_host() && matches!(url.scheme(), "http" | "https")).then_some(url)
}

fn find_cookie(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(COOKIE).iter();
    values.find_map(|value| {
        let mut pairs = value.to_str().ok()?.split(';');
        pairs.find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
    })
}

//! The pages of issues, and what their forms do.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;

use crate::sandbox::api::Context;
use crate::sandbox::page::progress::Progress;
use crate::sandbox::page::template::{Page, Template, notice, render};
use crate::sandbox::page::view::{self, USER_COOKIE, Visitor};
use crate::sandbox::world::{IssueFate, Refusal};

/// Issues shown in the list.
const MOST_LINES: usize = 200;

/// Where an issue is.
#[derive(Debug, Deserialize)]
pub(crate) struct At {
    number: u64,
}

/// `GET /{owner}/{repo}/issues`
pub(crate) async fn list(State(context): State<Context>, visitor: Visitor) -> Response {
    let lines: Vec<_> = context.world.read(|state| {
        let issues = state.issues.values().rev();
        let issues = issues.filter(|issue| issue.fate == IssueFate::Present);
        let lines = issues.map(|issue| view::line(state, issue));
        lines.take(MOST_LINES).collect()
    });
    let path = format!("/{}/issues", visitor.repository);
    let page = Page {
        title: "Issues",
        visitor: &visitor,
        path: &path,
        refresh: false,
    };
    render(
        &page,
        Template::Issues,
        context! { issues => Value::from(Serde(lines)) },
    )
}

/// `GET /{owner}/{repo}/issues/new`
pub(crate) async fn form(visitor: Visitor) -> Response {
    let path = format!("/{}/issues/new", visitor.repository);
    let page = Page {
        title: "New issue",
        visitor: &visitor,
        path: &path,
        refresh: false,
    };
    render(&page, Template::NewIssue, context! {})
}

/// `GET /{owner}/{repo}/issues/{number}`
pub(crate) async fn show(
    State(context): State<Context>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Response {
    let found = context.world.read(|state| {
        let issue = state.issue(at.number)?;
        let bot = state.apps.first.bot_login();
        let progress = Progress::of(state, issue, &state.bot_labels);
        let values = context! {
            number => issue.number,
            title => issue.title.clone(),
            open => issue.closed_at.is_none(),
            locked => issue.locked,
            version => issue.version,
            posts => Value::from(Serde(view::posts(state, issue))),
            labels => Value::from(Serde(view::labels(state, issue))),
            progress => context! {
                class => progress.class(),
                text => progress.describe(&bot, &state.bot_labels),
            },
        };
        Ok::<_, Refusal>((issue.title.clone(), progress.is_pending(), values))
    });
    let (title, refresh, values) = match found {
        Ok(found) => found,
        Err(refusal) => return refused(&visitor, &refusal),
    };
    let path = format!("/{}/issues/{}", visitor.repository, at.number);
    let page = Page {
        title: &title,
        visitor: &visitor,
        path: &path,
        refresh,
    };
    render(&page, Template::Issue, values)
}

/// `GET /{owner}/{repo}/issues/{number}/version`: a number that changes with the thread.
pub(crate) async fn version(State(context): State<Context>, Path(at): Path<At>) -> String {
    let version = context
        .world
        .read(|state| state.issue(at.number).map_or(0, |issue| issue.version));
    version.to_string()
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewIssue {
    title: String,
    body: String,
}

/// `POST /{owner}/{repo}/issues`
pub(crate) async fn open(
    State(context): State<Context>,
    visitor: Visitor,
    Form(new): Form<NewIssue>,
) -> Response {
    let now = (context.clock)();
    let opened = context.world.change(|state| {
        let actor = state.actor(&visitor.login)?;
        state.open_issue(&actor, &new.title, &unix(&new.body), now)
    });
    match opened {
        Ok(number) => back(&visitor, number),
        Err(refusal) => refused(&visitor, &refusal),
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct NewComment {
    body: String,
}

/// `POST /{owner}/{repo}/issues/{number}/comments`
pub(crate) async fn comment(
    State(context): State<Context>,
    Path(at): Path<At>,
    visitor: Visitor,
    Form(new): Form<NewComment>,
) -> Response {
    let now = (context.clock)();
    let done = context.world.change(|state| {
        let actor = state.actor(&visitor.login)?;
        state.add_comment(&actor, at.number, &unix(&new.body), now)
    });
    answer(&visitor, at.number, done.map(|_comment| ()))
}

/// A label and what to do with it.
#[derive(Debug, Deserialize)]
pub(crate) struct LabelChange {
    name: String,
    action: LabelAction,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LabelAction {
    Add,
    Remove,
}

/// `POST /{owner}/{repo}/issues/{number}/labels`
pub(crate) async fn label(
    State(context): State<Context>,
    Path(at): Path<At>,
    visitor: Visitor,
    Form(change): Form<LabelChange>,
) -> Response {
    let now = (context.clock)();
    let done = context.world.change(|state| {
        let actor = state.actor(&visitor.login)?;
        match change.action {
            LabelAction::Add => state.add_label(&actor, at.number, &change.name, now),
            LabelAction::Remove => state.remove_label(&actor, at.number, &change.name, now),
        }
    });
    answer(&visitor, at.number, done)
}

#[derive(Debug, Deserialize)]
pub(crate) struct StateChange {
    open: bool,
}

/// `POST /{owner}/{repo}/issues/{number}/state`
pub(crate) async fn set_state(
    State(context): State<Context>,
    Path(at): Path<At>,
    visitor: Visitor,
    Form(change): Form<StateChange>,
) -> Response {
    let now = (context.clock)();
    let done = context.world.change(|state| {
        let actor = state.actor(&visitor.login)?;
        state.set_open(&actor, at.number, change.open, now)
    });
    answer(&visitor, at.number, done)
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    login: String,
    path: String,
}

/// `POST /-/user`: acts as somebody else from here on.
pub(crate) async fn choose_user(
    State(context): State<Context>,
    Form(choice): Form<Choice>,
) -> Response {
    let known = context.world.read(|state| state.actor(&choice.login));
    // Only a path of this site leads back; `//host` would lead away.
    let inside = choice.path.starts_with('/')
        && !choice.path.starts_with("//")
        && !choice.path.contains(['\\', '\r', '\n']);
    let path = if inside { choice.path.as_str() } else { "/" };
    let redirect = Redirect::to(path);
    match known {
        Ok(actor) => {
            let login = actor.login;
            let cookie = format!("{USER_COOKIE}={login}; Path=/; HttpOnly; SameSite=Strict");
            ([(SET_COOKIE, cookie)], redirect).into_response()
        }
        Err(_) => redirect.into_response(),
    }
}

/// Browsers send the line ends of forms in the old way.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn back(visitor: &Visitor, number: u64) -> Response {
    Redirect::to(&format!("/{}/issues/{number}", visitor.repository)).into_response()
}

fn answer(visitor: &Visitor, number: u64, done: Result<(), Refusal>) -> Response {
    match done {
        Ok(()) => back(visitor, number),
        Err(refusal) => refused(visitor, &refusal),
    }
}

fn refused(visitor: &Visitor, refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::NotFound(_) => StatusCode::NOT_FOUND,
        Refusal::Deleted | Refusal::Transferred { .. } => StatusCode::GONE,
        Refusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Locked | Refusal::Archived | Refusal::NotAllowed { .. } | Refusal::Full(_) => {
            StatusCode::FORBIDDEN
        }
    };
    notice(visitor, status, &refusal.to_string())
}

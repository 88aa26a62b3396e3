//! Who looks at a page, and what the templates are told.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::header::COOKIE;
use http::request::Parts;
use minijinja::value::Value;
use serde::Serialize;

use crate::domain::thread::Role;
use crate::sandbox::api::Context;
use crate::sandbox::clock::iso;
use crate::sandbox::page::markdown;
use crate::sandbox::world::State;
use crate::sandbox::world::genesis::MAINTAINER;
use crate::sandbox::world::issues::Issue;
use crate::sandbox::world::people::AccountKind;
use crate::sandbox::world::reactions::{REACTIONS, Reaction};

/// The cookie that remembers as whom the visitor acts.
pub(crate) const USER_COOKIE: &str = "sandbox_user";

/// The person in front of the browser, acting as somebody of the world.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Visitor {
    /// As whom they act.
    pub(crate) login: String,
    /// Whether they may label and close.
    pub(crate) may_triage: bool,
    /// `owner/name`
    pub(crate) repository: String,
    pub(crate) users: Vec<User>,
}

/// Somebody whom the visitor may act as.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct User {
    login: String,
    role: &'static str,
}

impl FromRequestParts<Context> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Infallible> {
        let cookies = parts
            .headers
            .get(COOKIE)
            .and_then(|value| value.to_str().ok());
        let wanted = cookies.unwrap_or_default().split(';').find_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == USER_COOKIE).then_some(value)
        });
        let wanted = wanted.unwrap_or(MAINTAINER);
        Ok(context.world.read(|state| Self::acting(state, wanted)))
    }
}

impl Visitor {
    /// A visitor acting as the person of that login, or as the maintainer when there is none.
    fn acting(state: &State, login: &str) -> Self {
        let people = || {
            let accounts = state.accounts.iter();
            accounts.filter(|account| account.kind == AccountKind::User)
        };
        let account = people()
            .find(|account| account.login == login)
            .or_else(|| people().next());
        let users = people().map(|account| User {
            login: account.login.clone(),
            role: state.effective_role(account).as_str(),
        });
        Self {
            login: account.map_or(String::new(), |account| account.login.clone()),
            may_triage: account
                .is_some_and(|account| state.effective_role(account) >= Role::Triage),
            repository: state.repository.name.to_string(),
            users: users.collect(),
        }
    }
}

/// A label to show.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LabelView {
    name: String,
    /// The part of its class that gives it its colour.
    color: &'static str,
    /// Whether the issue has it.
    on: bool,
}

/// A post of a thread: the issue's own text or a comment.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PostView {
    anchor: String,
    login: String,
    initial: String,
    bot: bool,
    at: String,
    edited: bool,
    html: Value,
    reactions: Vec<ReactionView>,
}

/// Reactions of one kind.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReactionView {
    picture: &'static str,
    word: &'static str,
    count: usize,
    /// Who reacted so.
    by: String,
}

/// An issue as a line of the list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct IssueLine {
    number: u64,
    title: String,
    open: bool,
    login: String,
    at: String,
    comments: usize,
    labels: Vec<LabelView>,
}

/// An issue as a line of the list.
pub(crate) fn line(state: &State, issue: &Issue) -> IssueLine {
    let mut labels = labels(state, issue);
    labels.retain(|label| label.on);
    IssueLine {
        number: issue.number,
        title: issue.title.clone(),
        open: issue.closed_at.is_none(),
        login: login(state, issue.author),
        at: moment(&iso(issue.created_at)),
        comments: issue.comments.len(),
        labels,
    }
}

/// All labels of the repository, those of the bot first, with those of the issue marked.
pub(crate) fn labels(state: &State, issue: &Issue) -> Vec<LabelView> {
    let labels = state.labels.iter().map(|label| LabelView {
        name: label.name.clone(),
        color: label.color,
        on: issue.labels.contains(&label.name),
    });
    let mut labels: Vec<_> = labels.collect();
    labels.sort_by_key(|label| !state.bot_labels.contains(&label.name));
    labels
}

/// The issue's own text, then its comments.
pub(crate) fn posts(state: &State, issue: &Issue) -> Vec<PostView> {
    let post = |anchor: String, author: u64, body: &str| {
        let login = login(state, author);
        PostView {
            anchor,
            initial: login.chars().take(1).collect::<String>().to_uppercase(),
            bot: login.ends_with("[bot]"),
            login,
            at: String::new(),
            edited: false,
            html: Value::from_safe_string(markdown::to_html(body)),
            reactions: Vec::new(),
        }
    };
    let body = issue
        .body
        .as_deref()
        .unwrap_or("*No description provided.*");
    let first = PostView {
        at: moment(&iso(issue.created_at)),
        reactions: reactions(state, &issue.reactions),
        ..post(format!("issue-{}", issue.id), issue.author, body)
    };
    let comments = issue.comments.iter().map(|comment| PostView {
        at: moment(&iso(comment.created_at)),
        edited: comment.updated_at > comment.created_at,
        reactions: reactions(state, &comment.reactions),
        ..post(
            format!("issuecomment-{}", comment.id),
            comment.author,
            &comment.body,
        )
    });
    std::iter::once(first).chain(comments).collect()
}

fn reactions(state: &State, reactions: &[Reaction]) -> Vec<ReactionView> {
    let kinds = REACTIONS.iter().filter_map(|(word, picture)| {
        let same = reactions.iter().filter(|one| one.content == *word);
        let by: Vec<_> = same.map(|one| login(state, one.account)).collect();
        (!by.is_empty()).then(|| ReactionView {
            picture,
            word,
            count: by.len(),
            by: by.join(", "),
        })
    });
    kinds.collect()
}

fn login(state: &State, account: u64) -> String {
    let account = state.account(account);
    account.map_or_else(|| "ghost".to_owned(), |account| account.login.clone())
}

/// A time for people, such as `2026-04-27 09:30 UTC`.
fn moment(iso: &str) -> String {
    let text = iso.replace('T', " ");
    let minutes: String = text.chars().take(16).collect();
    format!("{minutes} UTC")
}

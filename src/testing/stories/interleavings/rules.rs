//! What has to hold, whatever happened.

use http::Method;
use serde_json::Value;

use crate::domain::command;
use crate::domain::thread::{Role, ThreadNumber};
use crate::sandbox::world::people::RoleTold;
use crate::sandbox::world::{DeliveryStatus, RequestOrigin, RequestRecord};
use crate::store::{JobState, JobSummary};
use crate::testing::stories::interleavings::play::{Ask, Play};
use crate::text::spoken::spoken_lines;

const COMMENTS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const COMMENT: &str = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/// No thread has two comments of ours; true at every moment.
pub(super) fn one_comment(play: &Play) {
    for thread in play.threads() {
        let comments = play.story().bot_comments(thread);
        assert!(comments.len() <= 1, "#{}: {comments:#?}", thread.0);
    }
}

/// Everything that can be told from the log of requests and the jobs, once all is calm.
pub(super) fn all(play: &Play, jobs: &[JobSummary]) {
    one_comment(play);
    every_job_has_its_end(jobs);
    every_delivery_was_taken(play);
    let world = play.story().sandbox.world();
    let mut requests = world.requests();
    let told: Vec<_> = world.read(|state| state.roles_told.iter().cloned().collect());
    for (position, request) in (0..).zip(&requests) {
        if request.origin == RequestOrigin::Person {
            continue;
        }
        stays_at_home(request, &play.names);
        is_asked_for(play, (position, request), &told);
        asks_for_nothing(request);
    }
    requests.retain(|request| request.origin != RequestOrigin::Person);
    nothing_says_that_it_works(play);
    tries_once(&requests, jobs);
    keeps_what_is_private(&requests);
}

fn every_job_has_its_end(jobs: &[JobSummary]) {
    for job in jobs {
        let ended = !matches!(job.state, JobState::Ready | JobState::Running);
        assert!(ended, "no end: {job:?}");
        let told = matches!(job.state, JobState::Published) || !job.reason.is_empty();
        assert!(told, "no reason: {job:?}");
    }
}

fn every_delivery_was_taken(play: &Play) {
    for delivery in play.story().sandbox.world().deliveries() {
        let fine = match delivery.status {
            DeliveryStatus::Answered { status, .. } => (200..300).contains(&status),
            // The bot was between two lives.
            DeliveryStatus::Failed => true,
            _ => false,
        };
        assert!(fine, "{delivery:?}");
    }
}

/// A thread that moved is not followed.
fn stays_at_home(request: &RequestRecord, names: &[String]) {
    let path = request.path.as_str();
    let mut roots = ["/app", "/graphql", "/repositories/"].into_iter();
    let is_of = |name: &String| {
        let rest = path.strip_prefix("/repos/");
        let rest = rest.and_then(|path| path.strip_prefix(name.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let at_home = roots.any(|root| path.starts_with(root)) || names.iter().any(is_of);
    assert!(at_home, "{request:?}");
}

/// Whatever is written was asked for by somebody of whom the forge told, after they asked and before it
/// was written, that they have the role.
fn is_asked_for(play: &Play, (position, request): (u64, &RequestRecord), told: &[RoleTold]) {
    if !request.is_write() || request.path.starts_with("/app/") {
        return;
    }
    let segments: Vec<_> = request.path.split('/').collect();
    // An address by the repository's id is shorter by one.
    let first = if segments[1] == "repositories" { 4 } else { 5 };
    let of_comment = segments.get(first) == Some(&"comments");
    let id: u64 = segments[first + usize::from(of_comment)].parse().unwrap();
    let is_reaction = request.path.ends_with("/reactions");
    let refuses = is_reaction && content(request) == "confused";
    let fits = |ask: &&Ask| match (is_reaction, of_comment) {
        (true, true) => ask.comment == Some(id),
        (true, false) => ask.comment.is_none() && ask.thread == id,
        (false, false) => ask.thread == id,
        (false, true) => request.thread.is_none_or(|thread| ask.thread == thread),
    };
    let mut asks = play.asks.iter().filter(fits);
    let allowed = asks.any(|ask| refuses || is_proven(ask, position, told));
    assert!(
        allowed,
        "{position}: {request:?} after {:#?}, {told:#?}",
        play.asks
    );
}

/// Whether the forge told that who asked may, between their asking and the request at `position`. What is
/// told without a thread may be for any.
fn is_proven(ask: &Ask, position: u64, told: &[RoleTold]) -> bool {
    let mut told = told.iter().filter(|told| {
        told.login == ask.who
            && (ask.after..=position).contains(&told.after)
            && told.thread.is_none_or(|thread| thread == ask.thread)
    });
    told.any(|told| told.role >= Role::Write)
}

fn content(request: &RequestRecord) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body["content"].as_str().unwrap_or_default().to_owned()
}

/// The text of a comment that is written; `None` for all other requests.
fn written(request: &RequestRecord) -> Option<String> {
    let template = request.template.as_deref()?;
    let posts = request.method == Method::POST && template == COMMENTS;
    let edits = request.method == Method::PATCH && template == COMMENT;
    if !posts && !edits {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    Some(body["body"].as_str().unwrap().to_owned())
}

/// Whatever we write would start nothing if we read it.
fn asks_for_nothing(request: &RequestRecord) {
    let Some(text) = written(request) else {
        return;
    };
    let names = ["planwright".to_owned()];
    assert_eq!(command::parse(&spoken_lines(&text), &names), None, "{text}");
    let commands = text.lines().filter(|line| line.starts_with(['/', '@']));
    assert_eq!(commands.count(), 0, "{text}");
}

/// Where work has ended, nothing says that it goes on.
fn nothing_says_that_it_works(play: &Play) {
    let archived = play
        .story()
        .sandbox
        .world()
        .read(|it| it.repository.archived);
    for thread in play.threads() {
        let locked = is_locked(play, thread);
        for comment in play.story().bot_comments(thread) {
            let works = comment.body.contains("**Planning** at");
            assert!(
                !works || locked || archived,
                "#{}: {}",
                thread.0,
                comment.body
            );
        }
    }
}

pub(super) fn is_locked(play: &Play, thread: ThreadNumber) -> bool {
    let world = play.story().sandbox.world();
    world.read(|state| state.issue(thread.0).is_ok_and(|issue| issue.locked))
}

/// A comment that the forge refuses is not tried again: for each job at most one such write.
fn tries_once(requests: &[RequestRecord], jobs: &[JobSummary]) {
    let refused = |request: &&RequestRecord| {
        written(request).is_some() && matches!(request.status, Some(301 | 403 | 404 | 410))
    };
    let mut refusals: Vec<_> = requests
        .iter()
        .filter(refused)
        .filter_map(|one| one.thread)
        .collect();
    refusals.sort_unstable();
    for thread in refusals.chunk_by(|one, other| one == other) {
        let suffix = format!("#{}", thread[0]);
        let attempts = jobs
            .iter()
            .filter(|job| job.subject.ends_with(&suffix))
            .count();
        assert!(
            thread.len() <= attempts,
            "{} refusals in {suffix}: {jobs:#?}",
            thread.len()
        );
    }
}

/// What was read while the repository was private is not shown after it was made public, unless that
/// happened after the last look.
fn keeps_what_is_private(requests: &[RequestRecord]) {
    for (at, request) in requests.iter().enumerate() {
        let shows_plan = written(request).is_some_and(|text| text.contains("## Outline"));
        let committed = request
            .status
            .is_none_or(|status| status < 300 || status == 502);
        let Some(thread) = request.thread.filter(|_| shows_plan && committed) else {
            continue;
        };
        if request.private != Some(false) {
            continue;
        }
        let before = &requests[..at];
        // A job reads a pull request once more, later on.
        let seen = before.iter().rposition(|one| shows_eyes(one, thread));
        let mut looks = before.iter().enumerate();
        let Some(glance) = looks.rposition(|(position, one)| {
            let is_early = seen.is_none_or(|seen| position < seen);
            begins(one, thread) || (is_early && reads_pull(one, thread))
        }) else {
            continue;
        };
        if before[glance].private != Some(true) {
            continue;
        }
        let tried = before.iter().rposition(|one| {
            one.thread == Some(thread) && written(one).is_some() && one.status != Some(404)
        });
        let since = glance.max(tried.unwrap_or(0));
        let mut looks = before[since + 1..]
            .iter()
            .filter(|one| looks_at_visibility(one));
        let seen = looks.any(|one| one.private != Some(false));
        assert!(seen, "made in private, shown in public: {request:?}");
    }
}

fn looks_at_visibility(request: &RequestRecord) -> bool {
    let template = request.template.as_deref().unwrap_or_default();
    template == "/repos/{owner}/{repo}" || asks_graphql(request).is_some()
}

/// The variables of a query for what is known of a thread.
fn asks_graphql(request: &RequestRecord) -> Option<Value> {
    if request.template.as_deref() != Some("/graphql") {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    let asks = body["query"].as_str()?.contains("isPrivate");
    asks.then(|| body["variables"].clone())
}

fn reads_pull(request: &RequestRecord, thread: u64) -> bool {
    request.method == Method::GET
        && request.template.as_deref() == Some("/repos/{owner}/{repo}/pulls/{pull_number}")
        && request.thread == Some(thread)
}

fn shows_eyes(request: &RequestRecord, thread: u64) -> bool {
    let is_reaction = request.path.ends_with("/reactions") && request.method == Method::POST;
    is_reaction
        && request.thread == Some(thread)
        && request.body.windows(4).any(|word| word == b"eyes")
}

/// Whether a request is the first look at a thread by a job.
fn begins(request: &RequestRecord, thread: u64) -> bool {
    let is_read = request.method == Method::GET
        && request.template.as_deref() == Some("/repos/{owner}/{repo}/issues/{issue_number}");
    match asks_graphql(request) {
        Some(variables) => variables["number"] == thread,
        None => is_read && request.thread == Some(thread),
    }
}

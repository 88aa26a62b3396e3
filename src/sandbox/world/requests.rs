//! The log of API requests, for tests that count calls or look for writes that must not happen.

use bytes::Bytes;
use http::Method;
use serde_json::Value;

use crate::sandbox::clock::epoch_seconds;
use crate::sandbox::world::{State, World};
use crate::store::Millis;

/// Requests remembered; the count goes on beyond.
const MOST_REQUESTS: usize = 10_000;

/// Calls that GitHub allows an installation in an hour. The sandbox counts and never refuses.
pub(crate) const CALLS_PER_HOUR: u64 = 5_000;

const HOUR_SECONDS: i64 = 3_600;

/// How much of the hour's calls is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Usage {
    pub(crate) used: u64,
    /// When counting starts anew, in seconds since 1970.
    pub(crate) reset_seconds: i64,
}

/// Who a request claimed to come from, and rightly so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOrigin {
    /// The App: its JSON web token, or a token of its installation.
    App,
    /// A person's token.
    Person,
    /// Nobody, or somebody with credentials that do not work.
    Unknown,
}

/// A request to the API and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// When it came in.
    pub at: Millis,
    /// Its method.
    pub method: Method,
    /// Its path below the API's root.
    pub path: String,
    /// The path as GitHub's API description spells it; `None` where the sandbox serves nothing.
    pub template: Option<String>,
    /// Its query, raw and without the question mark; empty without one.
    pub query: String,
    /// Its body.
    pub body: Bytes,
    /// Who sent it.
    pub origin: RequestOrigin,
    /// The id of the App that sent it.
    pub app: Option<u64>,
    /// The status of the answer; `None` when the connection was dropped instead.
    pub status: Option<u16>,
    /// The number of the issue or pull request that its path names, or whose comment it names, as long
    /// as that is there.
    pub thread: Option<u64>,
    /// Whether only some could see the repository; `None` when that changed while it was answered.
    pub private: Option<bool>,
}

/// The route of GraphQL's queries.
pub(crate) const GRAPHQL: &str = "/graphql";

/// The only writes that Planwright makes.
const EXPECTED_WRITES: [(Method, &str); 8] = [
    (
        Method::POST,
        "/app/installations/{installation_id}/access_tokens",
    ),
    (Method::POST, "/app/hook/deliveries/{delivery_id}/attempts"),
    (
        Method::POST,
        "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    ),
    (
        Method::PATCH,
        "/repos/{owner}/{repo}/issues/comments/{comment_id}",
    ),
    (
        Method::POST,
        "/repos/{owner}/{repo}/issues/{issue_number}/reactions",
    ),
    (
        Method::POST,
        "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
    ),
    (
        Method::POST,
        "/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions",
    ),
    (
        Method::DELETE,
        "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
    ),
];

impl RequestRecord {
    /// Whether it may have changed something.
    pub fn is_write(&self) -> bool {
        let safe = matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS);
        !safe && !self.is_query()
    }

    /// Whether it cost nothing of the hour's calls: the caller had what it asked for.
    pub fn is_free(&self) -> bool {
        self.status == Some(304)
    }

    /// Whether it is a read in GraphQL, which is sent like a write.
    fn is_query(&self) -> bool {
        let sent: Option<Value> = serde_json::from_slice(&self.body).ok();
        let text = sent.as_ref().and_then(|sent| sent.get("query")?.as_str());
        self.template.as_deref() == Some(GRAPHQL)
            && text.is_some_and(|text| text.trim_start().starts_with("query"))
    }

    /// Whether it is one of the writes that Planwright is there to make.
    fn is_expected_write(&self) -> bool {
        EXPECTED_WRITES
            .iter()
            .any(|(method, path)| *method == self.method && self.template.as_deref() == Some(*path))
    }
}

impl World {
    /// The requests so far, oldest first, at most the last 10,000.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.read(|state| state.requests.iter().cloned().collect())
    }

    /// How many requests there were in all.
    pub fn request_count(&self) -> u64 {
        self.read(|state| state.request_count)
    }

    /// Writes that the App tried and that Planwright has no business making, refused or not.
    pub fn unexpected_writes(&self) -> Vec<RequestRecord> {
        let mut requests = self.requests();
        requests.retain(|request| {
            request.origin != RequestOrigin::Person
                && request.is_write()
                && !request.is_expected_write()
        });
        requests
    }
}

impl State {
    /// Writes a request down.
    pub(crate) fn record(&mut self, request: RequestRecord) {
        self.usage = self.usage(request.at);
        self.usage.used += u64::from(!request.is_free());
        if self.requests.len() >= MOST_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
        self.request_count += 1;
    }

    /// The number of the issue or pull request that a path of the API names, or whose comment it names;
    /// `None` when it names neither, or a comment that was deleted.
    pub(crate) fn find_thread(&self, path: &str) -> Option<u64> {
        let mut segments = path.split('/');
        segments.find(|segment| matches!(*segment, "issues" | "pulls"))?;
        let named = segments.next()?;
        if named != "comments" {
            return named.parse().ok();
        }
        let comment = segments.next()?.parse().ok()?;
        let found = self.comment(comment);
        let found = found.or_else(|_| self.review_comment(comment));
        found.ok().map(|(number, _)| number)
    }

    /// How much of the hour's calls is used up at `now`.
    pub(crate) fn usage(&self, now: Millis) -> Usage {
        let now = epoch_seconds(now);
        if now < self.usage.reset_seconds {
            return self.usage;
        }
        Usage {
            used: 0,
            reset_seconds: now + HOUR_SECONDS,
        }
    }
}

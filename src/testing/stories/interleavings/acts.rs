//! What people, owners and the forge do, as values that can be drawn at random and played again.

use std::time::Duration;

use http::Method;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use crate::domain::thread::Role;
use crate::sandbox::world::Fault;
use crate::testing::story::{MAINTAINER, OUTSIDER};

/// A person whose role comes and goes.
pub(super) const WANDERER: &str = "wanderer";

/// A label that asks once, and one that forbids.
pub(super) const ONCE: &str = "plan once";
pub(super) const NEVER: &str = "no plan";

const REPOSITORY: &str = "/repos/{owner}/{repo}";
const COMMENTS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const COMMENT: &str = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
const THREAD_REACTIONS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/reactions";
const COMMENT_REACTIONS: &str = "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions";
const LABEL: &str = "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}";
const TREE: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";
const TOKENS: &str = "/app/installations/{installation_id}/access_tokens";

/// One thing that happens. Threads and the like are numbered by what is there when it happens, modulo
/// their number, so that every act can be played in every state; what the forge refuses is no act.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Open {
        who: &'static str,
        body: &'static str,
    },
    Describe {
        thread: usize,
        who: &'static str,
        body: &'static str,
    },
    Label {
        thread: usize,
        label: &'static str,
        who: &'static str,
    },
    Unlabel {
        thread: usize,
        label: &'static str,
    },
    Say {
        thread: usize,
        who: &'static str,
        body: &'static str,
    },
    Edit {
        comment: usize,
        who: &'static str,
        body: &'static str,
    },
    /// Says something about a line of the pull request's diff.
    Review {
        line: u32,
        who: &'static str,
        body: &'static str,
    },
    /// Submits a review of the pull request.
    Submit {
        who: &'static str,
        body: &'static str,
    },
    /// Somebody asks who may, and may no longer a moment later.
    AskAndLose {
        thread: usize,
    },
    /// Deletes what a person said.
    Delete {
        comment: usize,
    },
    /// Deletes what the bot said.
    DeleteAnswer {
        thread: usize,
    },
    Stand {
        thread: usize,
        open: bool,
    },
    Lock {
        thread: usize,
        locked: bool,
    },
    /// Deletes an issue or moves it elsewhere; pull requests cannot go.
    Go {
        thread: usize,
        moved: bool,
    },
    Archive(bool),
    Private(bool),
    /// Suspends the installation, or ends that.
    Suspend(bool),
    /// Gives the repository another name.
    Rename(&'static str),
    Role(Role),
    Push {
        number: u8,
    },
    Hold(bool),
    Release {
        delivery: usize,
    },
    Redeliver {
        delivery: usize,
        twin: bool,
    },
    Fail {
        method: Method,
        route: &'static str,
        fault: Fault,
    },
    Wait(u64),
    Settle,
    Restart,
}

/// Everything that one case needs.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    /// Whether the forge has GraphQL.
    pub(super) has_graphql: bool,
    /// Whether the bot tells soon that it works.
    pub(super) tells: bool,
    pub(super) acts: Vec<Act>,
}

pub(super) fn plots() -> impl Strategy<Value = Plot> {
    let acts = vec(acts(), 8..48);
    (any::<bool>(), any::<bool>(), acts).prop_map(|(has_graphql, tells, acts)| Plot {
        has_graphql,
        tells,
        acts,
    })
}

fn people() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(MAINTAINER), 2 => Just(WANDERER), 1 => Just(OUTSIDER)]
}

fn words() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just("/plan"),
        2 => Just("/plan look at `drain_queue`"),
        2 => Just("@planwright plan revise keep `send_file` as it is"),
        1 => Just("/plan revise"),
        2 => Just("/plan check"),
        2 => Just("/plan cancel"),
        2 => Just("/plan help"),
        1 => Just("/plan config"),
        1 => Just("/plan --base-url https://collect.example"),
        1 => Just("/plan chek"),
        1 => Just("> /plan\n\nI think not."),
        1 => Just("It happens here, too."),
    ]
}

/// Names that the repository may be given.
fn names() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("uploads"), Just("uploader"), Just("Up.load_er-2")]
}

fn labels() -> impl Strategy<Value = &'static str> {
    prop_oneof![5 => Just("plan"), 3 => Just(ONCE), 1 => Just(NEVER), 1 => Just("bug")]
}

fn roles() -> impl Strategy<Value = Role> {
    prop_oneof![
        2 => Just(Role::None),
        1 => Just(Role::Triage),
        2 => Just(Role::Write),
    ]
}

fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        2 => Just(Fault::Delay(Duration::from_millis(300))),
        2 => Just(Fault::Drop),
        3 => Just(Fault::CommitThenDrop),
        3 => Just(Fault::CommitThenBadGateway),
        2 => Just(Fault::ServerError(502)),
        1 => Just(Fault::SecondaryLimit { retry_after: None }),
        2 => Just(Fault::SecondaryLimit { retry_after: Some(Duration::from_secs(1)) }),
        1 => Just(Fault::RevokedToken),
    ]
}

fn routes() -> impl Strategy<Value = (Method, &'static str)> {
    prop_oneof![
        4 => Just((Method::POST, COMMENTS)),
        3 => Just((Method::PATCH, COMMENT)),
        1 => Just((Method::GET, COMMENTS)),
        1 => Just((Method::POST, THREAD_REACTIONS)),
        1 => Just((Method::POST, COMMENT_REACTIONS)),
        1 => Just((Method::DELETE, LABEL)),
        2 => Just((Method::GET, TREE)),
        1 => Just((Method::GET, REPOSITORY)),
        1 => Just((Method::POST, "/graphql")),
        1 => Just((Method::POST, TOKENS)),
    ]
}

fn acts() -> impl Strategy<Value = Act> {
    let at = 0..64_usize;
    prop_oneof![
        14 => asking(),
        4 => (at.clone(), people(), words())
            .prop_map(|(comment, who, body)| Act::Edit { comment, who, body }),
        2 => at.clone().prop_map(|comment| Act::Delete { comment }),
        2 => at.clone().prop_map(|thread| Act::DeleteAnswer { thread }),
        8 => owning(),
        8 => delivering(),
        4 => (routes(), faults()).prop_map(|((method, route), fault)| Act::Fail {
            method,
            route,
            fault,
        }),
        4 => (5..120_u64).prop_map(Act::Wait),
        2 => Just(Act::Settle),
        1 => Just(Act::Restart),
        1 => (0..4_u8).prop_map(|number| Act::Push { number }),
    ]
}

fn asking() -> impl Strategy<Value = Act> {
    let at = 0..64_usize;
    prop_oneof![
        1 => (people(), words()).prop_map(|(who, body)| Act::Open { who, body }),
        1 => (at.clone(), people(), words())
            .prop_map(|(thread, who, body)| Act::Describe { thread, who, body }),
        4 => (at.clone(), labels(), people())
            .prop_map(|(thread, label, who)| Act::Label { thread, label, who }),
        2 => (at.clone(), labels()).prop_map(|(thread, label)| Act::Unlabel { thread, label }),
        8 => (at.clone(), people(), words())
            .prop_map(|(thread, who, body)| Act::Say { thread, who, body }),
        2 => (1..4_u32, people(), words())
            .prop_map(|(line, who, body)| Act::Review { line, who, body }),
        1 => (people(), words()).prop_map(|(who, body)| Act::Submit { who, body }),
        2 => at.prop_map(|thread| Act::AskAndLose { thread }),
    ]
}

fn owning() -> impl Strategy<Value = Act> {
    let at = 0..64_usize;
    prop_oneof![
        2 => (at.clone(), any::<bool>()).prop_map(|(thread, open)| Act::Stand { thread, open }),
        2 => (at.clone(), any::<bool>()).prop_map(|(thread, locked)| Act::Lock { thread, locked }),
        1 => (at, any::<bool>()).prop_map(|(thread, moved)| Act::Go { thread, moved }),
        2 => any::<bool>().prop_map(Act::Archive),
        3 => any::<bool>().prop_map(Act::Private),
        2 => any::<bool>().prop_map(Act::Suspend),
        2 => names().prop_map(Act::Rename),
        3 => roles().prop_map(Act::Role),
    ]
}

fn delivering() -> impl Strategy<Value = Act> {
    let at = 0..64_usize;
    prop_oneof![
        2 => any::<bool>().prop_map(Act::Hold),
        4 => at.clone().prop_map(|delivery| Act::Release { delivery }),
        3 => (at, any::<bool>()).prop_map(|(delivery, twin)| Act::Redeliver { delivery, twin }),
    ]
}

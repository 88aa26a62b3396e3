//! How many calls to the forge each request takes: how many it counts, how many it answers for nothing,
//! and how many write.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::repository::CommitSha;
use crate::domain::thread::ThreadNumber;
use crate::sandbox::world::{Limits, RequestRecord};
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, OUTSIDER, Story};

/// Calls of one step; minting a token is a call and no write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Count {
    /// Those that the forge counts.
    counted: usize,
    /// Those that it answers with "not modified", which cost nothing.
    free: usize,
    writes: usize,
}

/// Counts the calls of one step after the other.
struct Counter {
    story: Story,
    seen: usize,
    counts: BTreeMap<&'static str, Count>,
}

impl Counter {
    async fn begin(has_graphql: bool) -> Self {
        let repository = upload_repository();
        repository.git(&["switch", "--quiet", "--create", "pauses"]);
        repository.commit(&[("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n")]);
        repository.git(&["switch", "--quiet", "main"]);
        let story = Story::begin_with(repository, |settings| {
            settings.checks.delay = Duration::ZERO;
        })
        .await;
        story.sandbox.world().set_limits(Limits {
            has_graphql,
            ..Limits::default()
        });
        Self {
            story,
            seen: 0,
            counts: BTreeMap::new(),
        }
    }

    async fn count(&mut self, step: &'static str) {
        self.story.settle().await;
        let requests = self.story.sandbox.world().requests();
        let made = &requests[self.seen..];
        let is_write =
            |one: &&RequestRecord| one.is_write() && !one.path.ends_with("/access_tokens");
        let writes = made.iter().filter(is_write).count();
        let free = made.iter().filter(|one| one.is_free()).count();
        println!("{step}: {:#?}", self.story.calls(self.seen));
        let count = Count {
            counted: made.len() - free,
            free,
            writes,
        };
        self.counts.insert(step, count);
        self.seen = requests.len();
    }

    async fn ask(&mut self, step: &'static str, thread: ThreadNumber, words: &str) {
        self.story.comment(thread, MAINTAINER, words);
        self.count(step).await;
    }

    /// Changes a file and tells it.
    async fn push(&mut self, step: &'static str) {
        let repository = self.story.repository();
        let before = CommitSha::parse(repository.git(&["rev-parse", "HEAD"]).trim()).unwrap();
        repository.commit(&[("src/more.rs", "pub fn more() {}\n")]);
        let told = self.story.sandbox.announce_push(MAINTAINER, &before);
        told.await.unwrap();
        self.count(step).await;
    }
}

/// The whole life of an issue and of a pull request.
async fn counts(has_graphql: bool) -> BTreeMap<&'static str, Count> {
    let mut counter = Counter::begin(has_graphql).await;
    let issue = counter
        .story
        .open_issue("Uploads are lost", "In `send_file`.");
    counter.ask("issue, cold", issue, "/plan").await;
    counter.ask("issue, again", issue, "/plan again").await;
    counter.push("push").await;
    counter.ask("issue, pushed to", issue, "/plan anew").await;
    counter
        .ask("revise", issue, "/plan revise keep `send_file`")
        .await;
    counter.ask("check", issue, "/plan check").await;
    counter.ask("help", issue, "/plan help").await;
    let texts = ("Pause between uploads", "Adds `pause_upload`.");
    let pull = counter
        .story
        .sandbox
        .open_pull_request(OUTSIDER, texts, "pauses");
    let pull = pull.await.unwrap();
    counter.ask("pull request, cold", pull, "/plan").await;
    counter
        .ask("pull request, again", pull, "/plan again")
        .await;
    let Counter { story, counts, .. } = counter;
    story.end().await;
    counts
}

/// Asserts that no step takes more counted calls, or more calls in all, than `most` says, or more than
/// three writes. The figures are printed for `docs/MEASUREMENTS.md`.
fn require_at_most(counts: &BTreeMap<&str, Count>, most: &[(&str, usize, usize)]) {
    println!("{counts:#?}");
    for (step, counted, all) in most {
        let made = counts[step];
        assert!(made.counted <= *counted, "{step}: {made:?}");
        assert!(made.counted + made.free <= *all, "{step}: {made:?}");
        assert!(made.writes <= 3, "{step}: {made:?}");
    }
    assert_eq!(counts.len(), most.len(), "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_takes_eight_calls_at_most_and_six_later() {
    let most = [
        ("issue, cold", 7, 7),
        ("issue, again", 4, 4),
        ("issue, pushed to", 5, 5),
        ("revise", 4, 4),
        ("pull request, cold", 8, 8),
        // The list of files and the reviewers' conversations come on top.
        ("pull request, again", 5, 6),
        ("push", 1, 1),
        ("check", 3, 3),
        ("help", 4, 4),
    ];
    require_at_most(&counts(true).await, &most);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_graphql_a_plan_takes_thirteen_calls_at_most_and_six_later() {
    let most = [
        ("issue, cold", 13, 13),
        ("issue, again", 5, 8),
        // The thread, its comments, the repository, its tip and what changed: all of that is new.
        ("issue, pushed to", 8, 9),
        ("revise", 5, 8),
        ("pull request, cold", 10, 12),
        ("pull request, again", 6, 10),
        ("push", 1, 1),
        ("check", 3, 6),
        ("help", 5, 7),
    ];
    require_at_most(&counts(false).await, &most);
}

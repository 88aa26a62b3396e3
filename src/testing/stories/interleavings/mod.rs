//! Random interleavings of what people, owners and the forge do, and what holds in all of them.
//!
//! Each case plays a plot against the whole bot, with deliveries held back, reordered and repeated and
//! requests that go wrong, and then judges the log of the forge. At the end a maintainer asks in every
//! thread that is left, and is answered: whatever happened, the bot still works.

mod acts;
mod play;
mod rules;

use proptest::test_runner::{Config, TestRunner};

use crate::testing::stories::interleavings::acts::{Plot, plots};
use crate::testing::stories::interleavings::play::Play;
use crate::testing::story::MAINTAINER;

/// Cases when `PROPTEST_CASES` does not ask for another number: each takes seconds.
const CASES: u32 = 3;

/// Attempts to make a failing plot shorter; each takes as long as a case.
const SHORTENINGS: u32 = 64;

fn runner() -> TestRunner {
    let usual = Config::default();
    let is_chosen = usual.cases != 256;
    TestRunner::new(Config {
        cases: if is_chosen { usual.cases } else { CASES },
        max_shrink_iters: SHORTENINGS,
        source_file: Some(file!()),
        ..usual
    })
}

async fn play(plot: &Plot) {
    let mut play = Play::begin(plot).await;
    for act in &plot.acts {
        play.act(act).await;
        rules::one_comment(&play);
    }
    let jobs = play.calm().await;
    rules::all(&play, &jobs);
    still_works(&mut play).await;
    let jobs = play.calm().await;
    rules::all(&play, &jobs);
    play.end().await;
}

/// Whoever may ask is answered in every thread that can be answered in.
async fn still_works(play: &mut Play) {
    play.story().sandbox.set_archived(false);
    let threads: Vec<_> = play.threads().collect();
    let mut asked = Vec::new();
    for (index, thread) in threads.into_iter().enumerate() {
        if play.story().sandbox.set_locked(thread, false).is_err() {
            continue;
        }
        let act = acts::Act::Say {
            thread: index,
            who: MAINTAINER,
            body: "/plan once more",
        };
        play.act(&act).await;
        asked.push(thread);
    }
    play.calm().await;
    for thread in asked {
        let comments = play.story().bot_comments(thread);
        let planned = comments
            .iter()
            .filter(|one| one.body.contains("## Outline"));
        assert_eq!(planned.count(), 1, "#{}: {comments:#?}", thread.0);
    }
}

#[test]
fn whatever_happens_the_rules_hold() {
    let played = runner().run(&plots(), |plot| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(play(&plot));
        Ok(())
    });
    if let Err(failure) = played {
        panic!("{failure}");
    }
}

use super::*;
use crate::planner::fixture::{gold, index};
use crate::planner::verify::{Ground, verify};

const WRITE: Ask = Ask::Write {
    problems: Vec::new(),
};

fn good() -> Verification {
    verify(&gold(), &Ground::bare(&index()))
}

/// A check with that many false paths.
fn bad(wrong: usize) -> Verification {
    let mut draft = gold();
    for change in draft
        .changes
        .iter_mut()
        .filter(|it| it.id != "C2")
        .take(wrong)
    {
        change.path = "nowhere/at_all.rs".to_owned();
    }
    let verification = verify(&draft, &Ground::bare(&index()));
    assert_eq!(verification.hard_count(), wrong);
    verification
}

fn unreadable() -> Result<Draft, DraftError> {
    Err(DraftError::Syntax {
        why: "prose".to_owned(),
    })
}

fn started(calls: u32) -> Session {
    let mut session = Session::new(calls);
    assert_eq!(session.start(), Next::Ask(WRITE));
    session
}

#[test]
fn true_draft_is_settled_after_one_call() {
    let mut session = started(4);
    let verify = session.answered(Ok(gold()));
    assert_eq!(verify, Next::Verify(Box::new(gold())));
    assert_eq!(session.verified(good()), Next::Settle(Box::new(good())));
}

#[test]
fn no_calls_means_no_question() {
    assert_eq!(Session::new(0).start(), Next::GiveUp { retry_after: None });
}

#[test]
fn false_claims_are_sent_back_once() {
    let mut session = started(9);
    assert_eq!(session.verified(bad(2)), Next::Ask(Ask::Repair));
    assert_eq!(session.best(), Some(&bad(2)));
    assert_eq!(session.verified(bad(1)), Next::Settle(Box::new(bad(1))));
}

#[test]
fn repair_that_makes_things_worse_is_forgotten() {
    let mut session = started(9);
    session.verified(bad(1));
    assert_eq!(session.verified(bad(2)), Next::Settle(Box::new(bad(1))));
}

#[test]
fn false_claims_are_settled_when_no_call_is_left() {
    let mut session = started(1);
    assert_eq!(session.verified(bad(1)), Next::Settle(Box::new(bad(1))));
}

#[test]
fn unreadable_answer_is_asked_for_again_once_with_the_problem() {
    let mut session = started(9);
    let problems = vec!["not JSON: prose".to_owned()];
    assert_eq!(
        session.answered(unreadable()),
        Next::Ask(Ask::Write { problems })
    );
    assert_eq!(
        session.answered(unreadable()),
        Next::GiveUp { retry_after: None }
    );
}

#[test]
fn unreadable_repair_leaves_the_draft() {
    let mut session = started(9);
    session.verified(bad(1));
    assert_eq!(
        session.answered(unreadable()),
        Next::Settle(Box::new(bad(1)))
    );
}

#[test]
fn refused_schema_moves_into_the_prompt_once() {
    let mut session = started(9);
    assert_eq!(session.schema(), SchemaPlace::Native);
    assert_eq!(
        session.failed(&ModelError::SchemaRejected),
        Next::Ask(WRITE)
    );
    assert_eq!(session.schema(), SchemaPlace::Prompt);
    let next = session.failed(&ModelError::SchemaRejected);
    assert_eq!(next, Next::GiveUp { retry_after: None });
}

#[test]
fn refused_schema_of_a_repair_is_tried_again_as_a_repair() {
    let mut session = started(9);
    session.verified(bad(1));
    assert_eq!(
        session.failed(&ModelError::SchemaRejected),
        Next::Ask(Ask::Repair)
    );
}

#[test]
fn long_prompt_is_made_short_once() {
    let mut session = started(9);
    assert!(!session.small_pack());
    assert_eq!(session.failed(&ModelError::TooLong), Next::Ask(WRITE));
    assert!(session.small_pack());
    let next = session.failed(&ModelError::TooLong);
    assert_eq!(next, Next::GiveUp { retry_after: None });
}

#[test]
fn rate_limit_and_outage_say_when_to_try_again() {
    let retry_after = Duration::from_secs(7);
    let next = started(9).failed(&ModelError::RateLimited { retry_after });
    assert_eq!(
        next,
        Next::GiveUp {
            retry_after: Some(retry_after)
        }
    );
    let why = "no connection".to_owned();
    let next = started(9).failed(&ModelError::Unavailable { why });
    assert_eq!(
        next,
        Next::GiveUp {
            retry_after: Some(OUTAGE_PAUSE)
        }
    );
}

#[test]
fn refusals_are_final() {
    for error in [ModelError::Denied { status: 401 }, ModelError::Refused] {
        let next = started(9).failed(&error);
        assert_eq!(next, Next::GiveUp { retry_after: None });
    }
}

#[test]
fn failure_during_a_repair_leaves_the_draft() {
    for error in [
        ModelError::Refused,
        ModelError::RateLimited {
            retry_after: Duration::from_secs(7),
        },
        ModelError::Unusable { why: String::new() },
    ] {
        let mut session = started(9);
        session.verified(bad(1));
        assert_eq!(session.failed(&error), Next::Settle(Box::new(bad(1))));
    }
}

/// Everything that can happen, in every order, for a while: the budget always holds.
#[test]
fn no_order_of_events_asks_more_often_than_allowed() {
    const EVENTS: usize = 7;
    for calls in 0..4 {
        for order in 0..EVENTS.pow(5) {
            let mut session = Session::new(calls);
            let mut next = session.start();
            let (mut asked, mut order) = (0, order);
            for _ in 0..20 {
                next = match next {
                    Next::Ask(_) => {
                        asked += 1;
                        order /= EVENTS;
                        happen(&mut session, order % EVENTS)
                    }
                    Next::Verify(_) => Next::GiveUp { retry_after: None },
                    end @ (Next::Settle(_) | Next::GiveUp { .. }) => end,
                };
            }
            assert!(asked <= calls, "{asked} of {calls}");
            assert!(!matches!(next, Next::Ask(_)), "it ends");
        }
    }
}

fn happen(session: &mut Session, event: usize) -> Next {
    match event {
        0 => session.answered(unreadable()),
        1 => session.failed(&ModelError::SchemaRejected),
        2 => session.failed(&ModelError::TooLong),
        3 => session.failed(&ModelError::Unusable { why: String::new() }),
        4 => session.failed(&ModelError::Refused),
        5 => session.failed(&ModelError::Unavailable { why: String::new() }),
        _ => session.answered(Ok(gold())),
    }
}

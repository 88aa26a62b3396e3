use super::*;
use crate::config::Profile;
use crate::planner::fixture::{gold, index};
use crate::planner::verify::{FindingClass, Ground, verify};

const ALLOWANCE: Allowance = Allowance {
    calls: 20,
    input_tokens: 10_000_000,
    output_tokens: 100_000,
    cost_micros: None,
    time: Duration::from_secs(240),
};

const SINGLE: Route = Route {
    profile: Profile::Single,
    selects: false,
    rounds: 0,
    criticises: false,
    pack_tokens: 28_000,
    sketches: false,
};

const DEEP: Route = Route {
    profile: Profile::Deep,
    selects: true,
    rounds: 12,
    criticises: true,
    ..SINGLE
};

const WRITE: Ask = Ask::Write {
    problems: Vec::new(),
};

const FOR_GOOD: Next = Next::GiveUp { retry_after: None };

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
    verify(&draft, &Ground::bare(&index()))
}

fn unreadable() -> Event {
    Event::Drafted(Err(DraftError::Syntax {
        why: "prose".to_owned(),
    }))
}

fn drawn() -> Event {
    Event::Drafted(Ok(Box::new(gold())))
}

fn onward(onward: bool) -> Event {
    Event::Explored {
        onward,
        next_tokens: 20_000,
    }
}

fn objection() -> Finding {
    Finding {
        check: "critic",
        class: FindingClass::Soft,
        at: "/changes/0".to_owned(),
        message: "It breaks callers.".to_owned(),
        candidates: Vec::new(),
    }
}

fn settle(verification: Verification) -> Next {
    Next::Settle(Box::new(verification))
}

fn started(calls: u32) -> Session {
    let mut session = Session::new(SINGLE, Allowance { calls, ..ALLOWANCE });
    assert_eq!(session.start(), Next::Ask(WRITE));
    session
}

/// A session that waits for the answer to a repair of `draft`.
fn repairing(calls: u32, draft: Verification) -> Session {
    let mut session = started(calls);
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(draft))),
        Next::Ask(Ask::Repair)
    );
    session
}

#[test]
fn whole_way_goes_from_choosing_to_the_critic() {
    let mut session = Session::new(DEEP, ALLOWANCE);
    let way = [
        session.start(),
        session.on(Event::Selected),
        session.on(onward(true)),
        session.on(onward(false)),
        session.on(drawn()),
        session.on(Event::Verified(Box::new(good()))),
        session.on(Event::Criticised(Vec::new())),
    ];
    let expected = [
        Next::Ask(Ask::Select),
        Next::Ask(Ask::Explore),
        Next::Ask(Ask::Explore),
        Next::Ask(WRITE),
        Next::Verify(Box::new(gold())),
        Next::Ask(Ask::Criticise),
        settle(good()),
    ];
    assert_eq!(way, expected);
    assert_eq!(session.spent().calls, 5);
}

#[test]
fn true_draft_is_settled_after_one_call() {
    let mut session = started(4);
    assert_eq!(session.on(drawn()), Next::Verify(Box::new(gold())));
    assert_eq!(
        session.on(Event::Verified(Box::new(good()))),
        settle(good())
    );
}

#[test]
fn no_calls_means_no_question() {
    let none = Allowance {
        calls: 0,
        ..ALLOWANCE
    };
    let mut session = Session::new(SINGLE, none);
    assert_eq!(session.start(), FOR_GOOD);
    assert_eq!(session.obstacle(), Some(Limit::Calls));
}

#[test]
fn false_claims_are_sent_back_while_they_become_fewer_and_twice_at_most() {
    let mut session = repairing(9, bad(2));
    assert_eq!(session.best(), Some(&bad(2)));
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(bad(1)))),
        Next::Ask(Ask::Repair)
    );
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(good()))),
        settle(good())
    );

    let mut stubborn = repairing(9, bad(2));
    stubborn.on(drawn());
    stubborn.on(Event::Verified(Box::new(bad(1))));
    stubborn.on(drawn());
    assert_eq!(
        stubborn.on(Event::Verified(Box::new(bad(1)))),
        settle(bad(1))
    );
}

#[test]
fn repair_that_mends_nothing_ends_it_at_once() {
    let mut session = repairing(9, bad(1));
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(bad(1)))),
        settle(bad(1))
    );
    assert_eq!(session.spent().calls, 2);
}

#[test]
fn repair_that_makes_things_worse_is_forgotten() {
    let mut session = repairing(9, bad(1));
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(bad(2)))),
        settle(bad(1))
    );
}

#[test]
fn false_claims_are_settled_when_no_call_is_left() {
    let mut session = started(1);
    session.on(drawn());
    assert_eq!(
        session.on(Event::Verified(Box::new(bad(1)))),
        settle(bad(1))
    );
}

#[test]
fn unreadable_answer_is_asked_for_again_once_with_the_problem() {
    let mut session = started(9);
    let problems = vec!["not JSON: prose".to_owned()];
    assert_eq!(session.on(unreadable()), Next::Ask(Ask::Write { problems }));
    assert_eq!(session.on(unreadable()), FOR_GOOD);
}

#[test]
fn unreadable_repair_leaves_the_draft() {
    let mut session = repairing(9, bad(1));
    assert_eq!(session.on(unreadable()), settle(bad(1)));
}

#[test]
fn refused_form_is_asked_for_in_another_one_as_long_as_there_are_some() {
    let mut session = started(20);
    let refuse = || Event::Failed(ModelError::SchemaRejected);
    for _ in 0..MAX_FORMS {
        assert_eq!(session.on(refuse()), Next::Ask(WRITE));
    }
    assert_eq!(session.on(refuse()), FOR_GOOD);
    let mut session = repairing(9, bad(1));
    assert_eq!(session.on(refuse()), Next::Ask(Ask::Repair));
}

#[test]
fn long_or_cut_prompt_is_made_small_once() {
    let cut = || ModelError::PromptCut {
        reported: 1,
        least: 9,
    };
    for error in [ModelError::TooLong, cut()] {
        let mut session = started(9);
        assert!(!session.is_small());
        assert_eq!(session.on(Event::Failed(error)), Next::Ask(WRITE));
        assert!(session.is_small());
        assert_eq!(session.on(Event::Failed(cut())), FOR_GOOD);
    }
}

#[test]
fn rate_limit_and_outage_say_when_to_try_again() {
    let retry_after = Duration::from_secs(7);
    let limited = Event::Failed(ModelError::RateLimited { retry_after });
    let retry_after = Some(retry_after);
    assert_eq!(started(9).on(limited), Next::GiveUp { retry_after });
    let why = "no connection".to_owned();
    let outage = Event::Failed(ModelError::Unavailable { why });
    let retry_after = Some(OUTAGE_PAUSE);
    assert_eq!(started(9).on(outage), Next::GiveUp { retry_after });
}

#[test]
fn refusals_and_leaks_are_final() {
    for event in [
        Event::Failed(ModelError::Denied { status: 401 }),
        Event::Failed(ModelError::Refused),
        Event::Leaked,
    ] {
        assert_eq!(started(9).on(event), FOR_GOOD);
    }
}

#[test]
fn failure_during_a_repair_leaves_the_draft() {
    for event in [
        Event::Failed(ModelError::Refused),
        Event::Failed(ModelError::RateLimited {
            retry_after: Duration::from_secs(7),
        }),
        Event::Failed(ModelError::Unusable { why: String::new() }),
        Event::Leaked,
    ] {
        assert_eq!(repairing(9, bad(1)).on(event), settle(bad(1)));
    }
}

#[test]
fn trouble_while_choosing_or_looking_around_leads_to_writing() {
    let trouble: [fn() -> ModelError; 3] = [
        || ModelError::Refused,
        || ModelError::Unusable { why: String::new() },
        || ModelError::ToolsRejected,
    ];
    for error in trouble {
        let mut session = Session::new(DEEP, ALLOWANCE);
        session.start();
        session.on(Event::Selected);
        assert_eq!(session.on(Event::Failed(error())), Next::Ask(WRITE));
    }
    let mut session = Session::new(DEEP, ALLOWANCE);
    session.start();
    let next = session.on(Event::Failed(ModelError::Unusable { why: String::new() }));
    assert_eq!(next, Next::Ask(Ask::Explore));
}

#[test]
fn looking_around_leaves_enough_for_a_plan_and_its_repair() {
    let calls = |calls| Allowance { calls, ..ALLOWANCE };
    let mut session = Session::new(DEEP, calls(3));
    assert_eq!(session.start(), Next::Ask(Ask::Select));
    assert_eq!(session.on(Event::Selected), Next::Ask(WRITE));
    let tokens = Allowance {
        input_tokens: 60_000,
        ..ALLOWANCE
    };
    let mut session = Session::new(DEEP, tokens);
    session.start();
    session.charge(
        Usage {
            input_tokens: 9_000,
            ..Usage::default()
        },
        0,
    );
    assert_eq!(session.on(Event::Selected), Next::Ask(WRITE));
}

#[test]
fn cut_answer_may_be_longer_then_comes_in_two_passes() {
    let mut session = started(20);
    assert_eq!(session.length_factor(), 1);
    let Next::Ask(Ask::Write { problems }) = session.on(Event::Cut(None)) else {
        panic!("another way");
    };
    assert!(problems[0].contains("cut off"));
    assert_eq!(session.length_factor(), 2);
    assert_eq!(session.on(Event::Cut(None)), Next::Ask(Ask::Sketch));
    let changes = ["C1", "C2", "C3"].map(ToOwned::to_owned).to_vec();
    assert_eq!(session.on(drawn()), Next::Ask(Ask::Fill { changes }));
    assert_eq!(session.sketched(), Some(&gold()));
    assert_eq!(session.on(drawn()), Next::Verify(Box::new(gold())));
}

#[test]
fn what_was_whole_of_cut_answers_is_used_when_nothing_else_comes() {
    let part = |changes: usize| {
        let mut draft = gold();
        draft.changes.truncate(changes);
        draft
    };
    let mut session = started(20);
    session.on(Event::Cut(Some(Box::new(part(2)))));
    session.on(Event::Cut(Some(Box::new(part(1)))));
    let next = session.on(Event::Cut(None));
    assert_eq!(next, Next::Verify(Box::new(part(2))));
    session.on(Event::Verified(Box::new(good())));
    let mut poor = started(1);
    let next = poor.on(Event::Cut(Some(Box::new(part(2)))));
    assert_eq!(next, Next::Verify(Box::new(part(2))));
}

#[test]
fn changes_that_cannot_be_filled_in_stay_thin() {
    let mut session = Session::new(
        Route {
            sketches: true,
            ..SINGLE
        },
        ALLOWANCE,
    );
    assert_eq!(session.start(), Next::Ask(Ask::Sketch));
    session.on(drawn());
    assert_eq!(session.on(unreadable()), Next::Verify(Box::new(gold())));
}

#[test]
fn cut_repair_may_be_longer_once() {
    let mut session = repairing(9, bad(1));
    assert_eq!(session.on(Event::Cut(None)), Next::Ask(Ask::Repair));
    assert_eq!(session.on(Event::Cut(None)), settle(bad(1)));
}

#[test]
fn critic_is_heard_once_and_its_repair_must_not_do_harm() {
    let criticised = || {
        let mut session = Session::new(DEEP, ALLOWANCE);
        session.start();
        session.on(Event::Selected);
        session.on(onward(false));
        session.on(drawn());
        assert_eq!(
            session.on(Event::Verified(Box::new(good()))),
            Next::Ask(Ask::Criticise)
        );
        let next = session.on(Event::Criticised(vec![objection()]));
        assert_eq!(next, Next::Ask(Ask::Repair));
        assert_eq!(session.objections(), [objection()]);
        session.on(drawn());
        session
    };
    assert_eq!(
        criticised().on(Event::Verified(Box::new(bad(1)))),
        settle(good())
    );
    assert_eq!(
        criticised().on(Event::Verified(Box::new(good()))),
        settle(good())
    );
}

#[test]
fn each_limit_ends_the_asking_and_keeps_what_there_is() {
    let usage = |input_tokens, output_tokens| Usage {
        input_tokens,
        output_tokens,
        ..Usage::default()
    };
    type Spend = fn(&mut Session, Usage, Usage);
    let spend: [(Spend, Limit); 4] = [
        (
            |session, much, _| session.charge(much, 0),
            Limit::InputTokens,
        ),
        (
            |session, _, much| session.charge(much, 0),
            Limit::OutputTokens,
        ),
        (
            |session, _, _| session.charge(Usage::default(), 7),
            Limit::Cost,
        ),
        (
            |session, _, _| session.pass(Duration::from_secs(240)),
            Limit::Time,
        ),
    ];
    for (spend, limit) in spend {
        let allowance = Allowance {
            cost_micros: Some(7),
            ..ALLOWANCE
        };
        let mut session = Session::new(SINGLE, allowance);
        session.start();
        spend(&mut session, usage(9_999_999, 0), usage(0, 100_000));
        assert_eq!(session.on(unreadable()), FOR_GOOD, "{limit:?}");
        assert_eq!(session.obstacle(), Some(limit));
        let mut session = Session::new(SINGLE, allowance);
        session.start();
        session.on(drawn());
        spend(&mut session, usage(9_999_999, 0), usage(0, 100_000));
        assert_eq!(
            session.on(Event::Verified(Box::new(bad(1)))),
            settle(bad(1))
        );
    }
}

/// Kinds of events that [`happen`] makes.
const EVENTS: usize = 9;

/// Everything that can happen, in every order, for a while: the budget always holds and it ends.
#[test]
fn no_order_of_events_asks_more_often_than_allowed() {
    let checks = [good(), bad(1)];
    for route in [SINGLE, DEEP] {
        for calls in [0, 1, 3, 9] {
            for order in 0..EVENTS.pow(3) {
                let allowance = Allowance { calls, ..ALLOWANCE };
                let asked = play(Session::new(route, allowance), order, &checks);
                assert!(asked <= calls, "{asked} of {calls}");
            }
        }
    }
}

/// Plays one order of events until the end, which must come; how often the model was asked.
fn play(mut session: Session, mut order: usize, checks: &[Verification; 2]) -> u32 {
    let mut asked = 0;
    let mut next = session.start();
    for _ in 0..60 {
        let event = match next {
            Next::Ask(_) => {
                asked += 1;
                let event = happen(order % EVENTS);
                order /= EVENTS;
                event
            }
            Next::Verify(_) => Event::Verified(Box::new(checks[order % 2].clone())),
            Next::Settle(_) | Next::GiveUp { .. } => return asked,
        };
        next = session.on(event);
    }
    panic!("it does not end");
}

fn happen(event: usize) -> Event {
    match event {
        0 => unreadable(),
        1 => Event::Failed(ModelError::SchemaRejected),
        2 => Event::Failed(ModelError::TooLong),
        3 => Event::Failed(ModelError::Unusable { why: String::new() }),
        4 => Event::Failed(ModelError::Refused),
        5 => Event::Failed(ModelError::ToolsRejected),
        6 => Event::Cut(None),
        7 => onward(true),
        _ => drawn(),
    }
}

use super::*;

const ALLOWANCE: Allowance = Allowance {
    calls: 3,
    input_tokens: 1_000,
    output_tokens: 100,
    cost_micros: Some(50),
    time: Duration::from_secs(60),
};

fn usage(input_tokens: u64, output_tokens: u64) -> Usage {
    Usage {
        input_tokens,
        output_tokens,
        ..Usage::default()
    }
}

fn obstacle(budget: &Budget, input_tokens: u64) -> Option<Limit> {
    budget.find_obstacle(Need::call(input_tokens))
}

#[test]
fn fresh_account_pays_for_what_it_holds_and_no_more() {
    let budget = Budget::new(ALLOWANCE);
    assert_eq!(obstacle(&budget, 1_000), None);
    assert_eq!(obstacle(&budget, 1_001), Some(Limit::InputTokens));
    let calls = |calls| Need {
        calls,
        input_tokens: 0,
    };
    assert_eq!(budget.find_obstacle(calls(3)), None);
    assert_eq!(budget.find_obstacle(calls(4)), Some(Limit::Calls));
}

#[test]
fn calls_run_out_even_when_none_was_answered() {
    let mut budget = Budget::new(ALLOWANCE);
    for _ in 0..3 {
        assert_eq!(obstacle(&budget, 1), None);
        budget.call();
    }
    assert_eq!(obstacle(&budget, 1), Some(Limit::Calls));
}

#[test]
fn tokens_sent_before_count() {
    let mut budget = Budget::new(ALLOWANCE);
    budget.charge(usage(900, 0), 0);
    assert_eq!(obstacle(&budget, 100), None);
    assert_eq!(obstacle(&budget, 101), Some(Limit::InputTokens));
}

#[test]
fn tokens_received_run_out() {
    let mut budget = Budget::new(ALLOWANCE);
    budget.charge(usage(0, 99), 0);
    assert_eq!(obstacle(&budget, 1), None);
    budget.charge(usage(0, 1), 0);
    assert_eq!(obstacle(&budget, 1), Some(Limit::OutputTokens));
}

#[test]
fn money_runs_out_unless_there_is_no_limit() {
    let mut budget = Budget::new(ALLOWANCE);
    budget.charge(usage(0, 0), 49);
    assert_eq!(obstacle(&budget, 1), None);
    budget.charge(usage(0, 0), 1);
    assert_eq!(obstacle(&budget, 1), Some(Limit::Cost));
    let mut endless = Budget::new(Allowance {
        cost_micros: None,
        ..ALLOWANCE
    });
    endless.charge(usage(0, 0), u64::MAX);
    assert_eq!(obstacle(&endless, 1), None);
}

#[test]
fn time_runs_out_and_never_goes_back() {
    let mut budget = Budget::new(ALLOWANCE);
    budget.pass(Duration::from_secs(59));
    assert_eq!(obstacle(&budget, 1), None);
    budget.pass(Duration::from_secs(60));
    budget.pass(Duration::from_secs(1));
    assert_eq!(obstacle(&budget, 1), Some(Limit::Time));
    assert_eq!(budget.spent().time, Duration::from_secs(60));
}

#[test]
fn needs_add_up() {
    let both = Need::call(600).and(Need::call(401));
    assert_eq!(
        Budget::new(ALLOWANCE).find_obstacle(both),
        Some(Limit::InputTokens)
    );
    let endless = Need::call(u64::MAX).and(Need::call(u64::MAX));
    assert_eq!(endless.input_tokens, u64::MAX);
}

use super::*;
use crate::planner::fixture::{brief, index};

fn begun(rounds: u32) -> Exploration {
    let marks = Marks::of_request(1, "c0ffee", &brief());
    Exploration::new(Message::user("Look around.".to_owned()), marks, rounds)
}

fn call(name: &str, arguments: &str) -> ToolCall {
    ToolCall {
        id: format!("{name} {arguments}"),
        name: name.to_owned(),
        arguments: arguments.to_owned(),
    }
}

fn calls(calls: Vec<ToolCall>) -> Reply {
    Reply {
        calls,
        ..Reply::default()
    }
}

fn last_results(exploration: &Exploration) -> &[ToolResult] {
    match exploration.messages().last() {
        Some(Message::Results(results)) => results,
        other => panic!("no results: {other:?}"),
    }
}

fn read(lines: &str) -> ToolCall {
    call(
        "read_file",
        &format!("{{\"path\": \"src/client.rs\", {lines}}}"),
    )
}

#[test]
fn transcript_only_grows_and_each_call_has_its_result() {
    let index = index();
    let mut exploration = begun(3);
    let first = exploration.messages().to_vec();
    let asked = vec![
        call("list_dir", "{}"),
        call("outline", "{\"path\": \"src/config.rs\"}"),
    ];
    assert_eq!(
        exploration.heard(&index, calls(asked.clone())),
        Turned::Onward
    );
    assert_eq!(exploration.messages()[..1], first);
    assert_eq!(exploration.messages().len(), 3);
    let results = last_results(&exploration);
    let ids: Vec<_> = results.iter().map(|result| &result.id).collect();
    assert_eq!(ids, asked.iter().map(|call| &call.id).collect::<Vec<_>>());
    assert!(
        results[1]
            .text
            .starts_with("⟦src id=result-2 kind=outline trust=untrusted code=")
    );
    assert!(results[1].text.contains("load_settings"));
}

#[test]
fn finish_ends_it_and_leaves_notes_and_places() {
    let index = index();
    let mut exploration = begun(3);
    exploration.heard(&index, calls(vec![read("\"start\": 18, \"end\": 25")]));
    let arguments = "{\"notes\": \"Both fetches loop.\", \"files\": [{\"path\": \"src/config.rs\", \"symbol\": \"load_settings\", \"why\": \"reads it\"}, {\"path\": \"src/ghost.rs\"}, \"src/main.rs\"], \"unknowns\": [\"a timer\"]}";
    let finish = calls(vec![call("finish", arguments)]);
    assert_eq!(exploration.heard(&index, finish), Turned::Over);
    let used = exploration.tools_used();
    let used: Vec<_> = used
        .iter()
        .map(|tool| (tool.name.as_str(), tool.count))
        .collect();
    assert_eq!(used, [("read_file", 1), ("finish", 1)]);
    let discovery = exploration.conclude(&index);
    assert_eq!(discovery.notes, "Both fetches loop.\nNot found: a timer");
    let picks: Vec<_> = (discovery.picks.iter())
        .map(|pick| {
            let file = &index.snapshot().files[pick.file];
            let (start, end) = (pick.lines.start(), pick.lines.end());
            format!(
                "{}:{start}-{end} {} — {}",
                file.path, pick.symbol, pick.reason
            )
        })
        .collect();
    assert_eq!(
        picks,
        [
            "src/config.rs:6-10 load_settings — reads it",
            "src/main.rs:1-60  — named while looking around",
            "src/client.rs:18-25  — read while looking around",
        ]
    );
}

#[test]
fn words_instead_of_calls_end_it_and_are_kept_as_notes() {
    let mut exploration = begun(3);
    let reply = Reply {
        text: format!(" It is in the client.{} ", "é".repeat(9_000)),
        ..Reply::default()
    };
    assert_eq!(exploration.heard(&index(), reply), Turned::Over);
    let notes = exploration.conclude(&index()).notes;
    assert!(notes.starts_with("It is in the client.") && notes.len() <= MAX_WORD_BYTES);
}

#[test]
fn silence_ends_it() {
    let mut exploration = begun(3);
    assert_eq!(exploration.heard(&index(), Reply::default()), Turned::Over);
    assert_eq!(exploration.conclude(&index()), Discovery::default());
}

#[test]
fn rounds_run_out() {
    let index = index();
    let mut exploration = begun(2);
    let ask = |i: u32| calls(vec![read(&format!("\"start\": {i}"))]);
    assert_eq!(exploration.heard(&index, ask(1)), Turned::Onward);
    assert_eq!(exploration.heard(&index, ask(2)), Turned::Over);
}

#[test]
fn calls_run_out_within_a_turn_and_every_one_is_answered() {
    let index = index();
    let mut exploration = begun(2);
    let many: Vec<_> = (1..=20).map(|i| read(&format!("\"start\": {i}"))).collect();
    assert_eq!(exploration.heard(&index, calls(many)), Turned::Over);
    let results = last_results(&exploration);
    assert_eq!(results.len(), 20);
    assert_eq!(results.iter().filter(|result| result.is_error).count(), 14);
    assert_eq!(results[6].text, "no call is left; finish");
}

#[test]
fn same_call_is_warned_once_then_it_is_over() {
    let index = index();
    let mut exploration = begun(9);
    let same = |arguments: &str| calls(vec![call("search", arguments)]);
    exploration.heard(&index, same("{\"query\": \"retries\", \"regex\": false}"));
    let again = exploration.heard(&index, same("{ \"regex\":false, \"query\":\"retries\" }"));
    assert_eq!(again, Turned::Onward);
    let warning = "this was asked and answered before; ask something else or finish";
    assert_eq!(last_results(&exploration)[0].text, warning);
    let third = exploration.heard(&index, same("{\"query\": \"retries\", \"regex\": false}"));
    assert_eq!(third, Turned::Over);
}

#[test]
fn wrong_calls_run_out() {
    let index = index();
    let mut exploration = begun(9);
    let mut turned = Turned::Onward;
    for i in 0..3 {
        assert_eq!(turned, Turned::Onward);
        turned = exploration.heard(&index, calls(vec![call(&format!("shell_{i}"), "{}")]));
    }
    assert_eq!(turned, Turned::Over);
    assert_eq!(exploration.tools_used(), []);
}

#[test]
fn results_of_all_calls_have_one_budget() {
    let line = "let value = compute_something_long_enough();\n".repeat(390);
    let files: Vec<_> = (0..30)
        .map(|i| (format!("src/file_{i}.rs"), line.clone()))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), Some(text.as_str())))
        .collect();
    let index = Index::build(crate::planner::fixture::snapshot(&files));
    let mut exploration = begun(12);
    let mut turns = 0;
    loop {
        let first = turns * 3;
        let asked = (first..first + 3)
            .map(|i| call("read_file", &format!("{{\"path\": \"src/file_{i}.rs\"}}")));
        turns += 1;
        if exploration.heard(&index, calls(asked.collect())) == Turned::Over {
            break;
        }
    }
    assert!(turns < 12, "the bytes end it before the rounds do");
    assert!(
        exploration.size() < MAX_RESULT_BYTES + 15_000,
        "{}",
        exploration.size()
    );
}

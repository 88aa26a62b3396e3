//! `planwright jobs` and `planwright replay`, run as operators run them.

use std::path::Path;

use serde_json::{Value, json};

use crate::program::{run, run_reading};

fn payload(comment: u64, body: &str) -> Value {
    let ada = json!({"id": 5, "login": "ada", "type": "User"});
    json!({
        "action": "created",
        "issue": {"number": 7},
        "comment": {"id": comment, "body": body, "user": ada},
        "repository": {"id": 1, "name": "engine", "owner": {"login": "acme"}},
        "sender": ada,
    })
}

/// Replays a comment in `folder`; what the program says and its exit status.
fn replay(folder: &Path, comment: u64, body: &str) -> (String, Option<i32>) {
    let text = payload(comment, body).to_string();
    let arguments = ["replay", "-", "--event", "issue_comment"];
    let run = run_reading(folder, &arguments, text.as_bytes());
    (run.out, run.status)
}

fn jobs(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let all = [&["jobs"], arguments, &["--format", "json"]].concat();
    let out = run(folder, &all).data();
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_replayed_delivery_is_queued_once_and_what_asks_nothing_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let queued = ("queued\n".to_owned(), Some(0));
    assert_eq!(replay(folder.path(), 1, "/plan the queue"), queued);
    let known = ("known already\n".to_owned(), Some(0));
    assert_eq!(replay(folder.path(), 1, "/plan the queue"), known);
    let nothing = ("nothing to do: no command\n".to_owned(), Some(1));
    assert_eq!(replay(folder.path(), 2, "Me too"), nothing);
    let listed = jobs(folder.path(), &["list"]);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["thread"], "github:github.com:1#7");
    assert_eq!(listed[0]["state"], "ready");
}

#[test]
fn a_job_is_shown_cancelled_and_retried() {
    let folder = tempfile::tempdir().unwrap();
    replay(folder.path(), 1, "/plan");
    let state = |arguments: &[&str]| {
        let job = jobs(folder.path(), arguments).pop().unwrap();
        (job["state"].clone(), job["reason"].clone())
    };
    let ready = (json!("ready"), json!(""));
    let cancelled = (json!("abandoned"), json!("cancelled by an operator"));
    assert_eq!(state(&["show", "1"]), ready);
    assert_eq!(state(&["cancel", "1"]), cancelled);
    let refusal = run(folder.path(), &["jobs", "cancel", "1"]).refusal(1);
    assert_eq!(
        refusal,
        "error: job 1 is abandoned and has nothing to cancel\n"
    );
    assert_eq!(
        jobs(folder.path(), &["list", "--state", "ready"]),
        Vec::<Value>::new()
    );
    assert_eq!(state(&["retry", "1"]), ready);
    let refusal = run(folder.path(), &["jobs", "show", "2"]).refusal(1);
    insta::assert_snapshot!(refusal, @r"
    error: there is no job 2
    hint: `planwright jobs list` shows those that are kept
    ");
}

#[test]
fn without_a_store_there_are_no_jobs_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = run(folder.path(), &["jobs", "list"]).refusal(3);
    assert!(
        refusal.starts_with("error: there is no store at"),
        "{refusal}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_delivery_that_cannot_be_understood_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["replay", "-"];
    for (text, said) in [("{}", "which event it is"), ("{", "not JSON")] {
        let refusal = run_reading(folder.path(), &arguments, text.as_bytes()).refusal(2);
        assert!(refusal.contains(said), "{refusal}");
    }
}

//! `verify` asks a registry about proposed libraries, and does without one.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::git::upload_repository;
use crate::plans::true_plan;
use crate::program::{command, finish};

/// A registry that answers every request with `status` and `body`, until the test ends.
fn registry(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines
                .next()
                .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
            {}
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream
                .write_all(format!("{head}{body}").as_bytes())
                .unwrap();
        }
    });
    address
}

/// What R4 finds in a plan that proposes `exponential-pauses`, with these settings.
fn findings(settings: &[(&str, &str)]) -> (Option<i32>, Vec<String>) {
    let repository = upload_repository();
    let mut plan = true_plan();
    plan["dependencies"] = json!([{
        "name": "exponential-pauses", "registry": "cargo", "version": "1", "purpose": "pauses",
        "why_not_existing": "nothing here computes them", "why_not_own_code": "jitter is hard",
        "used_by": ["C1"]
    }]);
    std::fs::write(repository.path().join("plan.json"), plan.to_string()).unwrap();
    let mut command = command(repository.path());
    command.args(["verify", "--plan", "plan.json", "--format", "json"]);
    let run = finish(command.envs(settings.iter().copied()));
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let found = report["findings"].as_array().unwrap().iter();
    let found = found.filter(|finding| finding["check"] == "R4");
    let lines = found.map(|finding| format!("{} {}", finding["class"], finding["message"]));
    (run.status, lines.collect())
}

const API: &str = "PLANWRIGHT_DEPENDENCIES__API_URL";

#[test]
fn a_package_that_nobody_published_fails_the_plan() {
    let (status, found) = findings(&[(API, &registry("404 Not Found", "package not found"))]);
    let expected = "\"hard\" \"no package `exponential-pauses` is published\"";
    assert_eq!((status, found), (Some(1), vec![expected.to_owned()]));
}

#[test]
fn a_registry_that_is_down_leaves_the_package_unverified() {
    let (status, found) = findings(&[(API, "http://127.0.0.1:1")]);
    let expected = "\"soft\" \"`exponential-pauses` is unverified: no answer came in time\"";
    assert_eq!((status, found), (Some(0), vec![expected.to_owned()]));
}

#[test]
fn without_lookups_nobody_is_asked() {
    let address = registry("404 Not Found", "");
    let (status, found) = findings(&[
        (API, &address),
        ("PLANWRIGHT_DEPENDENCIES__LOOKUP", "false"),
    ]);
    let expected = "\"soft\" \"`exponential-pauses` is unverified: it was not looked up\"";
    assert_eq!((status, found), (Some(0), vec![expected.to_owned()]));
}

#[test]
fn a_silent_registry_holds_nothing_up() {
    // Connections are taken by the system, and nobody ever answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let begun = Instant::now();
    let (status, found) = findings(&[
        (API, &address),
        ("PLANWRIGHT_DEPENDENCIES__LOOKUP_TIMEOUT_SECONDS", "1"),
    ]);
    assert_eq!((status, found.len()), (Some(0), 1));
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

//! The contract of the command line: exit statuses, what goes where, and the shapes of its JSON.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::git::{TestRepository, upload_repository};
use crate::plans::{plan_with_an_invented_path, true_plan};
use crate::program::{Run, command, finish, run, run_reading};

const UPLOADS: &str = "Uploads fail\n\n`send_file` should be tried again.";

/// A folder without anything, least of all a `planwright.toml`.
fn nowhere() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap();
    object.keys().map(String::as_str).collect()
}

fn json_of(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "one document on one line");
    serde_json::from_str(text).unwrap()
}

fn verify_json(repository: &TestRepository, plan: &Value) -> (Option<i32>, Value) {
    let arguments = ["verify", "--plan", "-", "--format", "json"];
    let run = run_reading(repository.path(), &arguments, plan.to_string().as_bytes());
    assert_eq!(run.err, "");
    (run.status, json_of(&run.out))
}

fn render(forge: &str, plan: &Value) -> Run {
    let folder = nowhere();
    let commit = "c0ffee00".repeat(5);
    let url = "https://forge.example.com/team/uploader";
    let arguments = [
        "render",
        "--plan",
        "-",
        "--forge",
        forge,
        "--repository-url",
        url,
        "--commit",
        &commit,
    ];
    run_reading(folder.path(), &arguments, plan.to_string().as_bytes())
}

fn verified_plan() -> Value {
    let (_, mut report) = verify_json(&upload_repository(), &true_plan());
    report["plan"].take()
}

/// What `verify` says about a text that should be a plan.
fn complaint_about(plan: &[u8]) -> String {
    let repository = upload_repository();
    let run = run_reading(repository.path(), &["verify", "--plan", "-"], plan);
    assert_eq!((run.status, run.err.as_str()), (Some(1), ""));
    run.out
}

#[test]
fn help_of_every_command_is_data_and_has_an_example() {
    let folder = nowhere();
    let commands = [
        vec!["demo"],
        vec!["serve"],
        vec!["plan"],
        vec!["locate"],
        vec!["verify"],
        vec!["render"],
        vec!["config"],
        vec!["config", "show"],
        vec!["config", "check"],
    ];
    for mut arguments in commands {
        let example = format!("\n  planwright {}", arguments.join(" "));
        arguments.push("--help");
        let help = run(folder.path(), &arguments).data();
        assert!(help.contains(&example), "{arguments:?}: {help}");
    }
}

#[test]
fn version_is_data() {
    let version = run(nowhere().path(), &["--version"]).data();
    assert_eq!(
        version,
        concat!("planwright ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn wrong_options_are_wrong_usage() {
    let folder = nowhere();
    let wrong: &[&[&str]] = &[
        &[],
        &["fly"],
        &["plan"],
        &["plan", "--text", "a", "--text-file", "b"],
        &["plan", "--text", "a", "--format", "pdf"],
        &["locate"],
        &["locate", "--text-file", "-", "--top", "0"],
        &["locate", "--text-file", "-", "--top", "many"],
        &["verify"],
        &["render", "--plan", "-"],
        &["render", "--plan", "-", "--forge", "sourceforge"],
        &["config"],
        &["config", "destroy"],
        &["demo", "--port", "70000"],
        &["serve", "--verbose"],
    ];
    for arguments in wrong {
        let complaint = run(folder.path(), arguments).refusal(2);
        assert!(complaint.contains("--help"), "{arguments:?}: {complaint}");
    }
}

#[test]
fn plan_prints_an_outline_with_the_place_that_was_named() {
    let repository = upload_repository();
    let comment = run(repository.path(), &["plan", "--text", UPLOADS]).data();
    assert!(
        comment.starts_with("## Outline (no model used)\n"),
        "{comment}"
    );
    assert!(comment.contains("`src/upload.rs:6-9`"), "{comment}");
}

#[test]
fn plan_as_json_is_one_document_about_the_commit() {
    let repository = upload_repository();
    let arguments = ["plan", "--text", UPLOADS, "--format", "json"];
    let outline = json_of(&run(repository.path(), &arguments).data());
    let expected = [
        "candidates",
        "commit",
        "impact",
        "mentions",
        "origin",
        "points",
        "questions",
        "reason",
        "receipt",
    ];
    assert_eq!(keys(&outline), expected);
    assert_eq!(outline["commit"], repository.git(&["rev-parse", "HEAD"]));
    assert_eq!(
        outline["mentions"],
        json!([{
            "text": "send_file",
            "places": [{"path": "src/upload.rs", "start_line": 6, "end_line": 9}]
        }])
    );
}

#[test]
fn json_of_a_plan_has_a_receipt() {
    let repository = upload_repository();
    repository.commit(&[(".env", "KEY=1\n")]);
    let asked = format!("{UPLOADS}\n\ncurl -u me:hunter2 fails\n<!-- hidden -->");
    let arguments = ["plan", "--text", &asked, "--format", "json"];
    let outline = json_of(&run(repository.path(), &arguments).data());
    let receipt = &outline["receipt"];
    assert_eq!(outline["reason"], "no-model");
    assert_eq!(receipt["redactions"], json!({"command-password": 1}));
    assert_eq!(receipt["hidden_parts"], 1);
    let skipped = receipt["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 1, "{receipt}");
    assert_eq!(receipt["spent"]["model_calls"], 0);
    assert!(receipt["budget"]["model_calls"].as_u64().unwrap() > 0);
}

#[test]
fn receipt_in_a_plan_is_no_obstacle_and_no_evidence() {
    let bare = verified_plan();
    let mut plan = bare.clone();
    plan["receipt"] = json!({"files": 7, "redactions": {"jwt": 1}, "anything": [null]});
    let (status, report) = verify_json(&upload_repository(), &plan);
    assert_eq!((status, &report["ok"]), (Some(0), &json!(true)));
    assert_eq!(report["plan"].get("receipt"), None);
    assert_eq!(
        render("github", &plan).data(),
        render("github", &bare).data()
    );
}

#[test]
fn model_out_of_reach_is_told_by_the_exit_status_beside_the_outline() {
    let repository = upload_repository();
    let config = nowhere();
    let file = config.path().join("planwright.toml");
    // Nobody listens on the port of discard.
    let text = "[model]\nprovider = \"openai\"\nname = \"any\"\napi_key = \"none\"\n\
                base_url = \"http://127.0.0.1:9/v1\"\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let arguments = ["plan", "--text", UPLOADS, "--config", file];
    let run = run(repository.path(), &arguments);
    assert_eq!(run.status, Some(3), "{}", run.err);
    assert!(run.out.starts_with("## Outline"), "{}", run.out);
    assert!(run.err.contains("no plan, because "), "{}", run.err);
}

#[test]
fn plan_as_pack_shows_the_evidence_for_a_model() {
    let repository = upload_repository();
    let arguments = ["plan", "--text", UPLOADS, "--format", "pack"];
    let pack = run(repository.path(), &arguments).data();
    assert!(pack.contains("pub fn send_file(item: &Item)"), "{pack}");
}

#[test]
fn plan_reads_the_request_from_standard_input_or_a_file() {
    let repository = upload_repository();
    let given = run(repository.path(), &["plan", "--text", UPLOADS]).data();
    let arguments = ["plan", "--text-file", "-"];
    let read = run_reading(repository.path(), &arguments, UPLOADS.as_bytes()).data();
    assert_eq!(read, given);
    let folder = nowhere();
    let file = folder.path().join("issue.md");
    fs::write(&file, UPLOADS).unwrap();
    let arguments = ["plan", "--text-file", file.to_str().unwrap()];
    assert_eq!(run(repository.path(), &arguments).data(), given);
}

#[test]
fn plan_twice_is_the_same_plan() {
    let repository = upload_repository();
    let arguments = ["plan", "--text", UPLOADS];
    assert_eq!(
        run(repository.path(), &arguments),
        run(repository.path(), &arguments)
    );
}

#[test]
fn plan_for_an_earlier_commit_does_not_see_later_files() {
    let repository = upload_repository();
    repository.commit(&[("src/later.rs", "pub fn send_file_again() {}\n")]);
    let arguments = ["plan", "--at", "HEAD~1", "--text", "send_file_again"];
    let comment = run(repository.path(), &arguments).data();
    assert!(!comment.contains("src/later.rs"), "{comment}");
}

#[test]
fn plan_needs_a_request() {
    let complaint = run(upload_repository().path(), &["plan", "--text", " \n"]).refusal(2);
    assert_snapshot!(complaint, @r"
    error: the request is empty
    hint: say in a sentence what is to be changed
    ");
}

#[test]
fn plan_with_a_named_model_needs_a_provider() {
    let arguments = ["plan", "--text", "x", "--model", "large"];
    let complaint = run(upload_repository().path(), &arguments).refusal(2);
    assert_snapshot!(complaint, @r"
    error: no model provider is configured
    hint: set `model.provider` and its key in the configuration
    ");
}

#[test]
fn request_that_is_not_text_is_wrong_usage() {
    let arguments = ["plan", "--text-file", "-"];
    let complaint =
        run_reading(upload_repository().path(), &arguments, b"uploads \xff fail").refusal(2);
    assert_snapshot!(complaint, @r"
    error: `-` is not UTF-8 text
      because: invalid utf-8 sequence of 1 bytes from index 8
    ");
}

#[test]
fn locate_as_json_ranks_files_with_reasons_and_symbols() {
    let repository = upload_repository();
    let arguments = ["locate", "--text-file", "-", "--format", "json"];
    let run = run_reading(repository.path(), &arguments, UPLOADS.as_bytes());
    let ranking = json_of(&run.data());
    assert_eq!(keys(&ranking), ["commit", "files"]);
    assert_eq!(ranking["commit"], repository.git(&["rev-parse", "HEAD"]));
    let files = ranking["files"].as_array().unwrap();
    for file in files {
        assert_eq!(keys(file), ["path", "reasons", "score", "symbols"]);
    }
    let scores: Vec<_> = files
        .iter()
        .map(|file| file["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "best first: {scores:?}");
    let best = &files[0];
    assert_eq!(best["path"], "src/upload.rs");
    assert!(best["reasons"][0].is_string(), "{best}");
    assert!(
        best["symbols"].as_array().unwrap().contains(&json!({
            "name": "send_file",
            "container": "",
            "kind": "function",
            "start_line": 6,
            "end_line": 9,
            "signature": "pub fn send_file(item: &Item) -> Result<String, UploadError>"
        })),
        "{best}"
    );
}

#[test]
fn locate_prints_no_more_files_than_asked() {
    let repository = upload_repository();
    let arguments = [
        "locate",
        "--text-file",
        "-",
        "--top",
        "1",
        "--format",
        "json",
    ];
    let run = run_reading(repository.path(), &arguments, UPLOADS.as_bytes());
    let ranking = json_of(&run.data());
    assert_eq!(ranking["files"].as_array().unwrap().len(), 1);
}

#[test]
fn locate_without_a_text_file_names_it() {
    let arguments = ["locate", "--text-file", "missing.md"];
    let complaint = run(upload_repository().path(), &arguments).refusal(2);
    assert_snapshot!(complaint, @r"
    error: `missing.md` could not be read
      because: No such file or directory (os error 2)
    ");
}

#[test]
fn verify_says_yes_to_a_true_plan() {
    let (status, report) = verify_json(&upload_repository(), &true_plan());
    assert_eq!(status, Some(0), "{report}");
    assert_eq!(keys(&report), ["findings", "ok", "plan", "references"]);
    assert_eq!(report["ok"], true);
    let (verified, total) = (
        &report["references"]["verified"],
        &report["references"]["total"],
    );
    assert_eq!(keys(&report["references"]), ["total", "verified"]);
    assert_eq!(verified, total);
    assert!(
        total.as_u64().unwrap() >= 2,
        "the path and the anchor: {report}"
    );
    let anchor = &report["plan"]["resolved"]["places"]["/changes/0/anchors/0"];
    let expected = json!({"path": "src/queue.rs", "start": 14, "end": 14, "new": false});
    assert_eq!(anchor, &expected);
}

#[test]
fn verify_says_no_to_an_invented_path_and_where() {
    let (status, report) = verify_json(&upload_repository(), &plan_with_an_invented_path());
    assert_eq!(status, Some(1), "{report}");
    assert_eq!(report["ok"], false);
    let findings = report["findings"].as_array().unwrap();
    let expected = ["at", "candidates", "check", "class", "message"];
    for finding in findings {
        assert_eq!(keys(finding), expected);
    }
    let invented = findings
        .iter()
        .find(|one| one["at"] == "/changes/0/path")
        .unwrap();
    assert_eq!(invented["class"], "hard");
    assert!(
        invented["message"]
            .as_str()
            .unwrap()
            .contains("src/retry_queue.rs"),
        "{invented}"
    );
    assert_eq!(report["plan"]["changes"][0]["path"], "src/retry_queue.rs");
}

#[test]
fn verify_as_text_says_the_same_with_the_same_status() {
    let repository = upload_repository();
    let plan = plan_with_an_invented_path().to_string();
    let run = run_reading(
        repository.path(),
        &["verify", "--plan", "-"],
        plan.as_bytes(),
    );
    assert_eq!((run.status, run.err.as_str()), (Some(1), ""));
    assert!(run.out.starts_with("not ok: "), "{}", run.out);
    assert!(
        run.out.contains(" hard at /changes/0/path: "),
        "{}",
        run.out
    );
}

#[test]
fn verified_plan_is_verified_again_with_the_same_answer() {
    let repository = upload_repository();
    let (_, first) = verify_json(&repository, &true_plan());
    let (status, second) = verify_json(&repository, &first["plan"]);
    assert_eq!((status, &second), (Some(0), &first));
}

#[test]
fn places_in_a_plan_are_looked_up_anew() {
    let mut forged = verified_plan();
    let place = &mut forged["resolved"]["places"]["/changes/0/anchors/0"];
    *place = json!({"path": "src/queue.rs", "start": 1, "end": 2, "new": false});
    let (_, report) = verify_json(&upload_repository(), &forged);
    let place = &report["plan"]["resolved"]["places"]["/changes/0/anchors/0"];
    assert_eq!(place["start"], 14);
}

#[test]
fn text_that_is_no_json_is_refused_with_line_and_column() {
    assert_snapshot!(complaint_about(b"{\n  \"understanding\": }"), @r"
    not ok: 0 of 0 references verified
    S1 hard at /: not JSON: expected value at line 2 column 20
    ");
}

#[test]
fn key_that_plans_do_not_have_is_named_with_its_place() {
    let mut plan = true_plan();
    plan["changes"][0]["urgency"] = json!("high");
    let complaint = complaint_about(plan.to_string().as_bytes());
    assert!(
        complaint.contains("`/changes/0/urgency`: unknown field `urgency`"),
        "{complaint}"
    );
}

#[test]
fn value_of_a_wrong_type_is_named_with_its_place() {
    let mut plan = true_plan();
    plan["changes"][0]["anchors"][0]["line_hint"] = json!("fourteen");
    let complaint = complaint_about(plan.to_string().as_bytes());
    let expected = "`/changes/0/anchors/0/line_hint`: invalid type: string \"fourteen\"";
    assert!(complaint.contains(expected), "{complaint}");
}

#[test]
fn missing_key_is_named() {
    let mut plan = true_plan();
    plan.as_object_mut().unwrap().remove("steps");
    let complaint = complaint_about(plan.to_string().as_bytes());
    assert!(complaint.contains("missing field `steps`"), "{complaint}");
}

#[test]
fn hostile_plan_texts_are_refused() {
    let deep = "[".repeat(200_000);
    let huge = format!("\"{}\"", "x".repeat(9 * 1024 * 1024));
    let texts: &[&[u8]] = &[
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        deep.as_bytes(),
        huge.as_bytes(),
    ];
    for text in texts {
        let repository = upload_repository();
        let run = run_reading(repository.path(), &["verify", "--plan", "-"], text);
        match run.status {
            Some(1) => assert!(run.out.starts_with("not ok: 0 of 0 "), "{}", run.out),
            _ => assert!(run.refusal(2).starts_with("error: `-` is ")),
        }
    }
}

#[test]
fn verified_plan_renders_with_links_to_its_lines() {
    let commit = "c0ffee00".repeat(5);
    let github = render("github", &verified_plan()).data();
    let link = format!("https://forge.example.com/team/uploader/blob/{commit}/src/queue.rs#L14");
    assert!(github.contains(&link), "{github}");
    let gitlab = render("gitlab", &verified_plan()).data();
    let link = format!("https://forge.example.com/team/uploader/-/blob/{commit}/src/queue.rs#L14");
    assert!(gitlab.contains(&link), "{gitlab}");
}

#[test]
fn plan_that_nobody_verified_renders_without_links() {
    let comment = render("github", &true_plan()).data();
    assert!(comment.contains("src/queue.rs"), "{comment}");
    assert!(!comment.contains("/blob/"), "{comment}");
}

#[test]
fn render_refuses_addresses_and_commits_that_links_cannot_stand_on() {
    let folder = nowhere();
    let sha = "c0ffee00".repeat(5);
    let fine = "https://github.com/owner/name";
    let wrong = [
        ("javascript:alert(1)", sha.as_str(), "--repository-url"),
        ("https://user:word@github.com/a/b", &sha, "--repository-url"),
        ("https://github.com/a/b?x", &sha, "--repository-url"),
        ("github.com/a/b", &sha, "--repository-url"),
        (fine, "main", "--commit"),
        (fine, "c0ffee", "--commit"),
    ];
    for (url, commit, named) in wrong {
        let arguments = [
            "render",
            "--plan",
            "-",
            "--forge",
            "github",
            "--repository-url",
            url,
            "--commit",
            commit,
        ];
        let plan = true_plan().to_string();
        let complaint = run_reading(folder.path(), &arguments, plan.as_bytes()).refusal(2);
        assert!(complaint.contains(named), "{complaint}");
    }
}

#[test]
fn config_show_prints_settings_with_their_sources_and_no_secrets() {
    let folder = nowhere();
    fs::write(
        folder.path().join("planwright.toml"),
        "[worker]\nconcurrency = 3\n",
    )
    .unwrap();
    let mut command = command(folder.path());
    command.args(["config", "show"]);
    command.env("PLANWRIGHT_MODEL__API_KEY", "canary-of-a-key");
    let shown = finish(&mut command).data();
    assert!(
        shown.contains("concurrency = 3  # from planwright.toml:2\n"),
        "{shown}"
    );
    assert!(
        shown.contains("api_key = \"…\"  # from PLANWRIGHT_MODEL__API_KEY\n"),
        "{shown}"
    );
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn config_check_says_what_serve_waits_for_while_nothing_is_set() {
    let run = run(nowhere().path(), &["config", "check"]);
    assert_eq!((run.status, run.err.as_str()), (Some(0), ""));
    assert_snapshot!(run.out, @r"
    warning: no GitHub App is set
    hint: `planwright serve` prints the address of a page that registers one; `planwright demo` shows the bot at work without one
    `planwright serve` can start
    ");
}

#[test]
fn config_check_answers_no_while_an_app_is_half_set() {
    let folder = nowhere();
    let file = folder.path().join("planwright.toml");
    fs::write(file, "[github]\nprivate_key_file = \"absent.pem\"\n").unwrap();
    let run = run(folder.path(), &["config", "check"]);
    assert_eq!((run.status, run.err.as_str()), (Some(1), ""));
    assert!(
        run.out.contains("`github.app_id` must be set"),
        "{}",
        run.out
    );
}

#[test]
fn configuration_that_cannot_be_read_is_wrong_usage_for_every_command() {
    let folder = nowhere();
    fs::write(
        folder.path().join("planwright.toml"),
        "[wroker]\nconcurrency = 3\n",
    )
    .unwrap();
    let repository = upload_repository();
    let repo = repository.path().to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["config", "show"],
        &["config", "check"],
        &["serve"],
        &["plan", "--repo", repo, "--text", "x"],
        &["demo", "--repo", repo, "--once"],
    ];
    for arguments in commands {
        let complaint = run(folder.path(), arguments).refusal(2);
        assert!(
            complaint.contains("planwright.toml:1"),
            "{arguments:?}: {complaint}"
        );
        assert!(
            complaint.contains("worker"),
            "a hint at the name: {complaint}"
        );
    }
}

#[test]
fn serve_without_a_forge_is_wrong_configuration() {
    let folder = nowhere();
    let file = folder.path().join("planwright.toml");
    fs::write(file, "[setup]\napp_file = \"\"\n").unwrap();
    let complaint = run(folder.path(), &["serve"]).refusal(2);
    assert!(
        complaint.contains("`github.app_id` must be set"),
        "{complaint}"
    );
}

#[test]
fn demo_once_prints_the_comment_and_nothing_else() {
    let repository = upload_repository();
    let repo = repository.path().to_str().unwrap();
    let before = fingerprint(repository.path());
    let comment = run(nowhere().path(), &["demo", "--once", "--repo", repo]).data();
    assert!(comment.contains("## Outline (no model used)"), "{comment}");
    assert_eq!(fingerprint(repository.path()), before, "nothing is written");
}

/// Names of all entries of a folder.
fn fingerprint(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            names.push(path.display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    names.sort();
    names
}

#[test]
fn reader_that_went_away_is_no_error() {
    let repository = upload_repository();
    for arguments in [
        ["plan", "--text", UPLOADS].as_slice(),
        &["config", "show"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = command(repository.path())
            .args(arguments)
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut complaint = String::new();
        let mut stderr = child.stderr.take().unwrap();
        std::io::Read::read_to_string(&mut stderr, &mut complaint).unwrap();
        let status = child.wait().unwrap().code();
        assert_eq!((status, complaint.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn full_disk_at_standard_output_is_a_failed_environment() {
    let repository = upload_repository();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = command(repository.path());
    command.args(["plan", "--text", UPLOADS]).stdout(full);
    let complaint = finish(&mut command).refusal(3);
    assert_snapshot!(complaint, @r"
    error: standard output could not be written
      because: No space left on device (os error 28)
    ");
}

#[test]
fn missing_git_is_a_failed_environment_that_names_git() {
    let repository = upload_repository();
    let empty = nowhere();
    let mut command = command(repository.path());
    command
        .args(["plan", "--text", UPLOADS])
        .env("PATH", empty.path());
    let complaint = finish(&mut command).refusal(3);
    assert!(complaint.contains("`git`"), "{complaint}");
}

use insta::assert_snapshot;

use super::*;
use crate::planner::fixture::{index, snapshot};

fn call(name: &str, arguments: &str) -> ToolCall {
    ToolCall {
        id: "1".to_owned(),
        name: name.to_owned(),
        arguments: arguments.to_owned(),
    }
}

fn ask(name: &str, arguments: &str) -> Answer {
    run(&index(), &call(name, arguments))
}

fn text(name: &str, arguments: &str) -> String {
    let answer = ask(name, arguments);
    assert!(!answer.is_error, "{}", answer.text);
    answer.text
}

fn wrong(name: &str, arguments: &str) -> String {
    let answer = ask(name, arguments);
    assert!(answer.is_error, "{}", answer.text);
    answer.text
}

#[test]
fn folders_are_listed_with_their_files() {
    assert_snapshot!(text("list_dir", "{\"path\": \"\"}"), @r"
    assets/ (1 file)
    src/ (3 files)
    tests/ (1 file)
    Cargo.toml
    README.md
    ");
    assert_eq!(
        text("list_dir", "{\"path\": \"./src/\"}"),
        "client.rs\nconfig.rs\nmain.rs"
    );
    assert_eq!(
        wrong("list_dir", "{\"path\": \"source\"}"),
        "there is no file `source`"
    );
}

#[test]
fn files_are_found_by_glob_and_by_part() {
    let find = |pattern: &str| text("find_files", &format!("{{\"pattern\": \"{pattern}\"}}"));
    assert_eq!(
        find("src/**/c*.rs"),
        "2 files\nsrc/client.rs\nsrc/config.rs"
    );
    assert_eq!(find("*.{md,toml}"), "2 files\nCargo.toml\nREADME.md");
    assert_eq!(find("CLIENT"), "2 files\nsrc/client.rs\ntests/client.rs");
    assert_eq!(find("**/m?in.rs"), "1 files\nsrc/main.rs");
    assert_eq!(
        wrong("find_files", "{\"pattern\": \"src/clients.rs\"}"),
        "no file matches `src/clients.rs`; there is: src/client.rs, tests/client.rs"
    );
}

#[test]
fn lines_are_found_with_the_symbol_around_them() {
    assert_snapshot!(text("search", "{\"query\": \"self.retries\"}"), @r"
    2 lines in 1 files
    src/client.rs
      19 (Client.fetch_page): for attempt in 0..self.retries {
      28 (Client.fetch_head): for attempt in 0..self.retries {
    ");
    let narrowed =
        "{\"query\": \"RETRIES: *u32\", \"regex\": \"true\", \"path_glob\": \"src/con*\"}";
    assert_eq!(
        wrong("search", narrowed),
        "nothing matches `RETRIES: *u32` in `src/con*`"
    );
    assert_snapshot!(text("search", &narrowed.replace("RETRIES", "retries")), @r"
    1 lines in 1 files
    src/config.rs
      3 (Settings): pub retries: u32,
    ");
}

#[test]
fn bad_and_costly_patterns_are_refused_and_none_runs_away() {
    assert!(
        wrong("search", "{\"query\": \"(unclosed\", \"regex\": true}")
            .starts_with("the pattern cannot be used")
    );
    let huge = "{\"query\": \"(((a{1000}){1000}){1000})\", \"regex\": true}";
    assert!(wrong("search", huge).starts_with("the pattern cannot be used"));
    let line = format!("{}b", "a".repeat(30_000));
    let index = Index::build(snapshot(&[("a.txt", Some(line.as_str()))]));
    let evil = run(
        &index,
        &call("search", "{\"query\": \"(a+)+$\", \"regex\": true}"),
    );
    assert!(evil.is_error, "nothing matches, and at once");
    assert_eq!(
        wrong("search", "{\"query\": \"x\"}"),
        "the query has fewer than 2 characters"
    );
}

#[test]
fn definitions_are_found_also_by_a_qualified_name() {
    let expected = "1 definitions\nsrc/client.rs:18-25 method Client.fetch_page — pub fn fetch_page(&self, address: &str) -> Result<String, FetchError> {";
    for name in ["fetch_page", "Client::fetch_page()", "Nonsense.fetch_page"] {
        let found = text("find_symbol", &format!("{{\"name\": \"{name}\"}}"));
        assert_eq!(found, expected, "{name}");
    }
    assert_eq!(
        wrong("find_symbol", "{\"name\": \"fetch_pages\"}"),
        "`fetch_pages` is not defined here; there is: fetch_page"
    );
}

#[test]
fn references_are_whole_words_and_can_be_narrowed() {
    assert_snapshot!(text("find_references", "{\"symbol\": \"Client::open\", \"path\": \"src\"}"), @r"
    2 lines in 2 files
    src/client.rs
      11 (Client.open): pub fn open(settings: &Settings) -> Self {
    src/main.rs
      6 (main): let client = client::Client::open(&settings);
    ");
    assert_eq!(
        wrong(
            "find_references",
            "{\"symbol\": \"open\", \"path\": \"tests\"}"
        ),
        "nothing in `tests` names `open`"
    );
}

#[test]
fn outline_lists_definitions() {
    assert_snapshot!(text("outline", "{\"file\": \"src/config.rs\"}"), @r"
    src/config.rs, 10 lines
    2-4 struct Settings — pub struct Settings {
    6-10 function load_settings — pub fn load_settings(text: &str) -> Settings {
    ");
    assert_snapshot!(text("outline", "{\"path\": \"README.md\"}"), @r"
    README.md, 3 lines
    no definitions are known; read it by lines
    ");
}

#[test]
fn lines_of_files_are_read_and_remembered() {
    let answer = ask(
        "read_file",
        "{\"path\": \"src/config.rs\", \"start\": \"2\", \"end\": 4}",
    );
    assert_snapshot!(answer.text, @r"
    src/config.rs:2-4 of 10 lines
    pub struct Settings {
        pub retries: u32,
    }
    ");
    let (file, lines) = answer.shown.unwrap();
    assert_eq!(
        (index().snapshot().files[file].path.as_str(), lines),
        ("src/config.rs", LineRange::new(2, 4))
    );
    assert_eq!(
        wrong("read_file", "{\"path\": \"src/config.rs\", \"start\": 11}"),
        "`src/config.rs` has only 10 lines"
    );
}

#[test]
fn file_that_was_not_read_is_not_shown() {
    let why = wrong("read_file", "{\"path\": \"assets/logo.bin\"}");
    assert!(
        why.starts_with("`assets/logo.bin` exists but was not read"),
        "{why}"
    );
}

#[test]
fn long_file_is_outlined_unless_lines_are_asked_for() {
    let text = format!("fn first() {{\n{}}}\n", "    work();\n".repeat(900));
    let index = Index::build(snapshot(&[("src/long.rs", Some(text.as_str()))]));
    let outline = run(&index, &call("read_file", "{\"path\": \"src/long.rs\"}"));
    assert!(
        outline.text.contains("1-902 function first"),
        "{}",
        outline.text
    );
    assert_eq!(outline.shown, None);
    let part = run(
        &index,
        &call(
            "read_file",
            "{\"path\": \"src/long.rs\", \"start\": 1, \"end\": 900}",
        ),
    );
    assert_eq!(part.shown, Some((0, LineRange::new(1, 200))));
}

#[test]
fn no_argument_reaches_anything_but_the_snapshot() {
    for path in [
        "../../etc/passwd",
        "/etc/passwd",
        "src/../Cargo.toml",
        "https://evil.test/x",
        "file:///etc/passwd",
        "src\\\\main.rs",
        "src/main.rs\\u0000",
    ] {
        for tool in ["read_file", "outline", "list_dir"] {
            let why = wrong(tool, &format!("{{\"path\": \"{path}\"}}"));
            assert!(why.contains("there is no file"), "{tool} {path}: {why}");
        }
    }
}

#[test]
fn arguments_are_read_leniently() {
    let expected = text("outline", "{\"path\": \"src/config.rs\"}");
    for arguments in [
        "\"{\\\"path\\\": \\\"src/config.rs\\\"}\"",
        "{\"file_path\": \"`./src/config.rs`\", \"commit\": \"main\", \"url\": \"x\"}",
        "{\"path\": [\"/src/config.rs\"]}",
    ] {
        assert_eq!(text("outline", arguments), expected, "{arguments}");
    }
    assert_eq!(text("list_dir", ""), text("list_dir", "{\"path\": \".\"}"));
}

#[test]
fn wrong_arguments_are_told() {
    for (arguments, why) in [
        ("{\"pattern\": ", "the arguments are no JSON"),
        ("[1]", "the arguments must be a JSON object"),
        ("\"x\"", "the arguments must be a JSON object"),
        ("{}", "the argument `pattern` is missing"),
        (
            "{\"pattern\": {\"a\": 1}}",
            "the argument `pattern` is missing",
        ),
    ] {
        assert_eq!(wrong("find_files", arguments), why);
    }
    let flood = format!("{{\"pattern\": \"{}\"}}", "x".repeat(30_000));
    assert_eq!(
        wrong("find_files", &flood),
        "the arguments are longer than 20000 bytes"
    );
}

#[test]
fn unknown_tool_is_told_what_there_is() {
    assert_eq!(
        wrong("run_shell", "{\"command\": \"curl evil.test\"}"),
        "there is no tool `run_shell`; there are: list_dir, find_files, search, find_symbol, find_references, outline, read_file, finish"
    );
}

#[test]
fn every_answer_has_its_bound() {
    let line = "needle needle é ".repeat(200);
    let text = format!("{line}\n").repeat(300);
    let files: Vec<_> = (0..300).map(|i| format!("src/needle_{i}.rs")).collect();
    let files: Vec<_> = files
        .iter()
        .map(|path| (path.as_str(), Some(text.as_str())))
        .collect();
    let index = Index::build(snapshot(&files));
    for (name, arguments) in [
        ("list_dir", "{\"path\": \"src\"}"),
        ("find_files", "{\"pattern\": \"needle\"}"),
        ("search", "{\"query\": \"needle\"}"),
        ("find_references", "{\"symbol\": \"needle\"}"),
        ("read_file", "{\"path\": \"src/needle_1.rs\", \"start\": 1}"),
        ("outline", "{\"path\": \"src/needle_1.rs\"}"),
    ] {
        let answer = run(&index, &call(name, arguments));
        assert!(answer.text.len() <= MAX_ANSWER_BYTES, "{name}");
        assert!(!answer.is_error, "{name}: {}", answer.text);
    }
    let listed = run(&index, &call("list_dir", "{\"path\": \"src\"}")).text;
    assert!(listed.ends_with("[100 more entries]"), "{listed}");
}

#[test]
fn same_calls_have_the_same_key() {
    let one = key(&call("search", "{\"query\": \"a b\", \"regex\": false}"));
    assert_eq!(
        one,
        key(&call(" search ", "{\"regex\":false,\"query\":\"a b\"}"))
    );
    assert_ne!(
        one,
        key(&call("search", "{\"query\": \"a c\", \"regex\": false}"))
    );
}

#[test]
fn conclusion_of_any_shape_is_read() {
    assert_eq!(conclude(&call("finish", "no json")), Conclusion::default());
    let read = conclude(&call(
        "finish",
        "{\"notes\": 7, \"files\": [{\"path\": \"./a.rs\", \"name\": \"x\"}, \"b.rs\", 3, {\"why\": \"none\"}], \"unknowns\": [\"u\", 2, \" \"]}",
    ));
    let place = |path: &str, symbol: &str| NamedPlace {
        path: path.to_owned(),
        symbol: symbol.to_owned(),
        why: String::new(),
    };
    let expected = Conclusion {
        notes: String::new(),
        places: vec![place("a.rs", "x"), place("b.rs", "")],
        unknowns: vec!["u".to_owned()],
    };
    assert_eq!(read, expected);
}

#[test]
fn tools_have_schemas_and_none_takes_more_than_the_snapshot_has() {
    for tool in &TOOLS {
        let schema: serde_json::Value = serde_json::from_str(tool.arguments).unwrap();
        assert_eq!(schema["type"], "object", "{}", tool.name);
        for name in schema["properties"].as_object().unwrap().keys() {
            let forbidden = [
                "ref", "commit", "url", "host", "branch", "command", "content",
            ];
            assert!(!forbidden.contains(&name.as_str()), "{}.{name}", tool.name);
        }
    }
}

use crate::planner::draft::{Draft, Interface, InterfaceKind, Operation, Relation};
use crate::planner::fixture::anchor;
use crate::planner::verify::tests::{check_in, found, plan_for};
use crate::planner::verify::words::has_word;

const FILES: &[(&str, &str)] = &[
    ("src/lib.rs", "mod wire;\nmod shop;\nmod till;\n"),
    (
        "src/wire.rs",
        "pub struct WireFormat;\n\npub fn send_parcel(weight: u32) -> bool {\n    weight > 0\n}\n\npub fn send(weight: u32) -> bool {\n    send_parcel(weight)\n}\n",
    ),
    (
        "src/shop.rs",
        "use crate::wire::send_parcel;\n\npub fn sell() -> bool {\n    send_parcel(3)\n}\n",
    ),
    (
        "src/till.rs",
        "// send_parcel is not called here.\npub fn pay() -> &'static str {\n    let send = 1;\n    \"send_parcel\"\n}\n",
    ),
    (
        "tests/wire.rs",
        "fn parcels_are_sent() {\n    send_parcel(1);\n}\n",
    ),
    ("docs/guide.md", "Call `send_parcel`.\n"),
];

/// A plan that removes a symbol of `src/wire.rs`.
fn removing(symbol: &str, quote: &str) -> Draft {
    plan_for("src/wire.rs", |change| {
        change.anchors = vec![anchor(symbol, quote)];
        change.anchors[0].relation = Relation::Remove;
    })
}

fn interface(signature: &str, breaking: bool) -> Interface {
    Interface {
        kind: InterfaceKind::Function,
        name: "send_parcel".to_owned(),
        signature: signature.to_owned(),
        params: Vec::new(),
        returns: String::new(),
        breaking,
    }
}

fn impact(draft: &Draft) -> Vec<(String, Vec<String>)> {
    let verification = check_in(FILES, draft);
    (verification.findings.into_iter())
        .filter(|finding| finding.check.starts_with('I'))
        .map(|finding| {
            let what = format!(
                "{} {} {}",
                finding.check,
                finding.class.as_str(),
                finding.at
            );
            (what, finding.candidates)
        })
        .collect()
}

fn missing(class: &str, path: &str) -> Vec<(String, Vec<String>)> {
    vec![(
        format!("{class} /changes/0/side_effects"),
        vec![path.to_owned()],
    )]
}

#[test]
fn users_of_a_removed_symbol_must_be_in_the_plan() {
    for quote in ["", "pub fn send_parcel(weight: u32) -> bool {"] {
        assert_eq!(
            impact(&removing("send_parcel", quote)),
            missing("I1 hard", "src/shop.rs")
        );
    }
    let found = found(&check_in(FILES, &removing("send_parcel", "")), "I1");
    assert_eq!(
        found,
        [
            "hard /changes/0/side_effects: `send_parcel` goes or breaks its users; there is 1 more file with it of which neither `changes` nor `side_effects` say anything"
        ]
    );
}

/// The users that are missed when `name` goes from the first file, by the line that is quoted.
fn missed_without(name: &str, quote: &str, files: &[(&str, &str)]) -> Vec<String> {
    let draft = plan_for(files[0].0, |change| {
        change.anchors = vec![anchor(name, quote)];
        change.anchors[0].relation = Relation::Remove;
    });
    let findings = check_in(files, &draft).findings.into_iter();
    let users = findings.filter(|finding| finding.check == "I1");
    users.flat_map(|finding| finding.candidates).collect()
}

#[test]
fn head_is_the_line_with_the_name_whatever_stands_above_it() {
    let head = "void for_each_item(List list, F visit) {";
    let text = format!("template <typename F>\n{head}\n  visit(list);\n}}\n");
    let files = [
        ("include/list.h", text.as_str()),
        (
            "src/print.cc",
            "void print(List list) {\n  for_each_item(list, show);\n}\n",
        ),
    ];
    assert_eq!(
        missed_without("for_each_item", head, &files),
        ["src/print.cc"]
    );
    assert_eq!(
        missed_without("for_each_item", "  visit(list);", &files),
        [""; 0]
    );
    let told = text.replace(
        "template",
        "// Visits all.\nconstexpr int most = 7;\n\n// In order.\ntemplate",
    );
    let told = told.replace("void", "CONSTEXPR void");
    let files = [("include/list.h", told.as_str()), files[1]];
    let head = "CONSTEXPR void for_each_item(List list, F visit) {";
    let missed = missed_without("for_each_item", head, &files);
    assert_eq!(missed, ["src/print.cc"]);
}

#[test]
fn code_that_calls_itself_by_a_keyword_is_a_user() {
    let head = "    private static function copyUnits($from, $to): void";
    let text = format!("<?php\nclass Span\n{{\n{head}\n    {{\n    }}\n}}\n");
    let mixed = "<?php\ntrait Mixed\n{\n    public function mix($a, $b)\n    {\n        self::copyUnits($a, $b);\n    }\n}\n";
    let files = [("src/Span.php", text.as_str()), ("src/Mixed.php", mixed)];
    assert_eq!(missed_without("copyUnits", head, &files), ["src/Mixed.php"]);
}

#[test]
fn lines_removed_inside_of_a_symbol_leave_it_there() {
    assert_eq!(impact(&removing("send_parcel", "    weight > 0")), []);
}

#[test]
fn user_named_as_changed_or_affected_is_enough() {
    let mut draft = removing("send_parcel", "");
    let mut effect = crate::planner::fixture::gold().changes[0].side_effects[0].clone();
    effect.path = "src/shop.rs".to_owned();
    effect.symbol = "sell".to_owned();
    draft.changes[0].side_effects.push(effect);
    assert_eq!(impact(&draft), []);
}

#[test]
fn symbol_that_the_plan_brings_back_is_not_gone() {
    let mut draft = removing("send_parcel", "");
    draft.changes[0].interfaces = vec![interface("", false)];
    assert_eq!(impact(&draft), []);
}

#[test]
fn users_of_a_breaking_interface_must_be_in_the_plan() {
    let draft = plan_for("src/wire.rs", |change| {
        change.interfaces = vec![interface("pub fn send_parcel(weight: u32) -> bool", true)];
    });
    assert_eq!(impact(&draft), missing("I1 hard", "src/shop.rs"));
}

#[test]
fn users_of_other_parameters_are_noted() {
    let altered = |signature: &str| {
        plan_for("src/wire.rs", |change| {
            change.interfaces = vec![interface(signature, false)];
        })
    };
    let draft = altered("pub fn send_parcel(weight: u32, fast: bool) -> bool");
    assert_eq!(impact(&draft), missing("I2 soft", "src/shop.rs"));
    assert_eq!(
        impact(&altered("pub fn send_parcel(kilos: u32) -> bool")),
        []
    );
}

#[test]
fn heads_of_several_lines_and_several_of_one_name_are_compared_too() {
    let files = |wire: &'static str| {
        vec![
            ("src/wire.java", wire),
            (
                "src/Shop.java",
                "class Shop { void run() { sendParcel(1); } }\n",
            ),
        ]
    };
    let found = |wire, signature: &str| {
        let draft = plan_for("src/wire.java", |change| {
            let mut altered = interface(signature, false);
            altered.name = "sendParcel".to_owned();
            change.interfaces = vec![altered];
        });
        found(&check_in(&files(wire), &draft), "I2").len()
    };
    let long = "class Wire {\n  static boolean sendParcel(\n      int weight, // grams, not kilos\n      int floor) {\n    return true;\n  }\n}\n";
    assert_eq!(
        found(long, "static boolean sendParcel(int weight, int floor)"),
        0
    );
    assert_eq!(found(long, "static boolean sendParcel(int weight)"), 1);
    let twice = "class Wire {\n  static boolean sendParcel(int weight) {\n    return true;\n  }\n  \
                 static boolean sendParcel(int weight, boolean fast) {\n    return true;\n  }\n}\n";
    assert_eq!(
        found(twice, "static boolean sendParcel(int weight, boolean fast)"),
        0
    );
    assert_eq!(
        found(twice, "static boolean sendParcel(int weight, String rule)"),
        1
    );
}

#[test]
fn constructor_is_compared_though_its_class_has_the_name() {
    let files = [
        (
            "src/Wire.java",
            "public class Wire {\n  public Wire(int weight) {\n    this.weight = weight;\n  }\n}\n",
        ),
        (
            "src/Shop.java",
            "class Shop { Object run() { return new Wire(1); } }\n",
        ),
    ];
    let draft = plan_for("src/Wire.java", |change| {
        let mut altered = interface("public Wire(String rule, int weight)", false);
        altered.name = "Wire".to_owned();
        change.interfaces = vec![altered];
    });
    assert_eq!(found(&check_in(&files, &draft), "I2").len(), 1);
}

#[test]
fn renaming_in_words_counts() {
    let draft = plan_for("src/wire.rs", |change| {
        change.what = "Rename `send_parcel` to `ship_parcel`.".to_owned();
    });
    assert_eq!(impact(&draft), missing("I1 hard", "src/shop.rs"));
}

#[test]
fn plain_word_counts_only_where_it_is_called() {
    assert_eq!(impact(&removing("send", "")), []);
}

#[test]
fn deleted_file_is_missed_by_users_and_importers() {
    let draft = plan_for("src/wire.rs", |change| change.op = Operation::Delete);
    let hard = "I1 hard /changes/0/side_effects".to_owned();
    assert_eq!(
        impact(&draft),
        [
            (hard.clone(), vec!["src/shop.rs".to_owned()]),
            (hard, vec!["src/lib.rs".to_owned()]),
        ]
    );
}

#[test]
fn moved_file_is_missed_by_importers() {
    let draft = plan_for("src/wire.rs", |change| {
        change.op = Operation::Rename;
        change.new_path = "src/cable.rs".to_owned();
    });
    assert_eq!(impact(&draft), missing("I1 hard", "src/lib.rs"));
}

/// Files that must be named when the first of `files` goes.
fn importers(files: &[(&str, &str)]) -> Vec<String> {
    let draft = plan_for(files[0].0, |change| change.op = Operation::Delete);
    let findings = check_in(files, &draft).findings.into_iter();
    let impact = findings.filter(|finding| finding.check == "I1");
    impact.flat_map(|finding| finding.candidates).collect()
}

#[test]
fn importers_are_known_in_every_language() {
    let cases: [&[(&str, &str)]; 8] = [
        &[
            ("src/till.js", ""),
            ("src/app.js", "import { pay } from './till';\n"),
        ],
        &[
            ("src/till/index.ts", ""),
            ("src/app.ts", "const t = require(\"./till\");\n"),
        ],
        &[
            ("shop/till.py", ""),
            ("shop/app.py", "from shop.till import pay\n"),
        ],
        &[
            ("shop/till.py", ""),
            ("shop/app.py", "from shop import cart, till\n"),
        ],
        &[("lib/till.h", ""), ("lib/app.c", "#include \"till.h\"\n")],
        &[
            ("lib/till.rb", ""),
            ("lib/app.rb", "require_relative './till'\n"),
        ],
        &[
            ("src/shop/Till.java", ""),
            ("src/app/App.java", "import org.shop.Till;\n"),
        ],
        &[
            ("src/Shop/Till.php", ""),
            ("src/App.php", "<?php\nuse Acme\\Shop\\Till;\n"),
        ],
    ];
    for files in cases {
        assert_eq!(importers(files), [files[1].0]);
    }
}

#[test]
fn comments_and_namesakes_are_no_importers() {
    let cases: [&[(&str, &str)]; 4] = [
        &[
            ("src/till.js", ""),
            ("src/app.js", "// import { pay } from './till';\n"),
        ],
        &[
            ("src/till.js", ""),
            ("lib/app.js", "import { pay } from './till';\n"),
        ],
        &[
            ("shop/till.py", ""),
            ("bank/app.py", "from bank.till import pay\n"),
        ],
        &[("lib/till.h", ""), ("lib/app.c", "int till;\n")],
    ];
    for files in cases {
        assert_eq!(importers(files), Vec::<String>::new(), "{files:?}");
    }
}

#[test]
fn many_missing_users_make_several_findings_and_too_many_a_note() {
    let users = |count: usize| -> Vec<(String, String)> {
        let user = |i| {
            (
                format!("src/u{i}.rs"),
                "fn f() { send_parcel(1) }\n".to_owned(),
            )
        };
        (0..count).map(user).collect()
    };
    let found_for = |count: usize| {
        let users = users(count);
        let mut files = FILES.to_vec();
        files.extend(
            users
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        );
        let verification = check_in(&files, &removing("send_parcel", ""));
        let findings = verification.findings.into_iter();
        let impact = findings.filter(|finding| finding.check == "I1");
        impact
            .map(|finding| (finding.class.as_str(), finding.candidates.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(found_for(11), [("hard", 5), ("hard", 5), ("hard", 2)]);
    assert_eq!(found_for(60), [("soft", 0)]);
}

#[test]
fn code_inside_of_strings_uses_what_it_names() {
    let user = |path: &str, text: &str| {
        let home = if path.ends_with("ts") { "a.ts" } else { "a.py" };
        let definition = match home {
            "a.ts" => "export function sendParcel(weight: number) {}\n",
            _ => "def send_parcel(weight):\n    pass\n",
        };
        let name = if home == "a.ts" {
            "sendParcel"
        } else {
            "send_parcel"
        };
        let draft = plan_for(home, |change| {
            change.anchors = vec![anchor(name, definition.lines().next().unwrap())];
            change.anchors[0].relation = Relation::Remove;
        });
        let files = [(home, definition), (path, text)];
        !found(&check_in(&files, &draft), "I1").is_empty()
    };
    for (path, text) in [
        ("b.ts", "const a = `it ${sendParcel(1)}`;\n"),
        (
            "b.ts",
            "const a = `it ${list.map((x) => { return sendParcel(x) }).join(\"|\")} is`;\n",
        ),
        ("b.ts", "const a = `a ${`b ${sendParcel(1)}`}`;\n"),
        ("b.py", "a = f\"it {send_parcel(1)}\"\n"),
    ] {
        assert!(user(path, text), "{text}");
    }
    for (path, text) in [
        ("b.ts", "const a = `it sendParcel(1)`; // ${sendParcel}\n"),
        ("b.ts", "const a = \"${sendParcel(1)}\";\n"),
        ("b.py", "a = \"it {send_parcel(1)}\"\n"),
        ("b.py", "a = f\"it {{send_parcel(1)}}\"\n"),
    ] {
        assert!(!user(path, text), "{text}");
    }
}

#[test]
fn namesakes_in_the_languages_own_library_are_no_users() {
    let draft = plan_for("src/kind.rs", |change| {
        change.anchors = vec![anchor("ErrorKind", "pub enum ErrorKind { Cut, Slow }")];
        change.anchors[0].relation = Relation::Remove;
    });
    let users = |text: &str| {
        let files = [
            ("src/kind.rs", "pub enum ErrorKind { Cut, Slow }\n"),
            ("src/user.rs", text),
        ];
        found(&check_in(&files, &draft), "I1").len()
    };
    assert_eq!(users("fn f() { io::ErrorKind::NotFound; }\n"), 0);
    assert_eq!(users("fn f() { kind::ErrorKind::Cut; }\n"), 1);
    assert_eq!(
        users("use crate::kind::ErrorKind;\nfn f() { io::ErrorKind::Cut; }\n"),
        1
    );
}

#[test]
fn words_are_whole() {
    assert!(has_word(b"a.send(1)", "send"));
    for code in [&b"resend(1)"[..], b"sender", b"send_all", b"", b"sen"] {
        assert!(!has_word(code, "send"));
    }
}

use insta::assert_snapshot;

use super::*;
use crate::domain::document::Convention;
use crate::domain::request::Remark;
use crate::planner::fixture::{self, index};
use crate::repository::Located;

fn located(index: &Index, path: &str, symbol: Option<&str>) -> Located {
    let (file, _) = index.find(&RepoPath::parse(path).unwrap()).unwrap();
    let definitions = index.definitions(file).iter();
    Located {
        file,
        score: 1.0,
        reasons: (1..9).map(|i| format!("reason {i}")).collect(),
        symbols: definitions
            .filter(|it| Some(&*it.name) == symbol)
            .cloned()
            .collect(),
    }
}

fn path(text: &str, lines: Option<(u32, u32)>) -> Target {
    Target::Verified {
        path: RepoPath::parse(text).unwrap(),
        lines: lines.map(|(start, end)| LineRange::new(start, end)),
    }
}

fn ask(title: &str, body: &str) -> Brief {
    Brief {
        title: title.to_owned(),
        body: body.to_owned(),
        ..Brief::default()
    }
}

#[test]
fn outline_tells_what_search_found() {
    let index = index();
    let mentions = vec![Mention {
        text: "fetch_page".to_owned(),
        targets: Vec::new(),
    }];
    let location = Location {
        mentions: mentions.clone(),
        files: vec![
            located(&index, "src/client.rs", Some("fetch_page")),
            located(&index, "README.md", None),
        ],
    };
    let facts = Facts {
        conventions: vec![Convention {
            topic: "errors".to_owned(),
            target: path("src/client.rs", None),
        }],
        ..Facts::default()
    };
    let outline = outline(
        &fixture::brief(),
        &index,
        &location,
        &facts,
        OutlineReason::NoModel,
    );
    let expected = Outline {
        reason: OutlineReason::NoModel,
        points: points::quote(&fixture::brief()),
        mentions,
        candidates: expected_candidates(),
        impact: vec![Impact {
            symbol: "fetch_page".to_owned(),
            target: path("src/client.rs", Some((18, 25))),
            users: vec![path("src/main.rs", None)],
            user_count: 1,
        }],
        questions: kinds::questions(&fixture::brief()),
        conventions: facts.conventions,
    };
    assert_eq!(outline, expected);
}

fn expected_candidates() -> Vec<Candidate> {
    let reasons: Vec<_> = (1..5).map(|i| format!("reason {i}")).collect();
    let signature = "pub fn fetch_page(&self, address: &str) -> Result<String, FetchError> {";
    vec![
        Candidate {
            target: path("src/client.rs", Some((18, 25))),
            symbol: "fetch_page".to_owned(),
            signature: signature.to_owned(),
            reasons: reasons.clone(),
        },
        Candidate {
            target: path("README.md", None),
            symbol: String::new(),
            signature: String::new(),
            reasons,
        },
    ]
}

#[test]
fn the_title_goes_first_and_list_items_before_sentences() {
    assert_eq!(
        points::quote(&fixture::brief()),
        [
            "fetch_page should wait between attempts",
            "The pause between attempts must grow",
            "The first pause should come from the settings file",
            "Please do not touch the tests.",
        ]
    );
}

#[test]
fn outline_has_at_most_ten_candidates() {
    let index = index();
    let files = vec![located(&index, "src/client.rs", None); 30];
    let location = Location {
        mentions: Vec::new(),
        files,
    };
    let outline = outline(
        &fixture::brief(),
        &index,
        &location,
        &Facts::default(),
        OutlineReason::NoModel,
    );
    assert_eq!(outline.candidates.len(), 10);
}

#[test]
fn points_are_items_and_demands_in_their_own_words() {
    let body = "We run this nightly. It is slow. The job should stop after an hour. e.g. at one.\n\
        \n\
        ## Acceptance\n\
        1. [ ] A limit can be   set\n\
        2) Stops *cleanly* at the limit\n\
        + [x] Logs how long it took\n\
        \n\
        > You must quote nothing of this\n\
        ```\n- must not be read as a point\n```\n\
        | table | should be left out |\n\
        Nobody can't say\nwhen it ends.";
    let points = points::quote(&ask("Nightly job", body));
    assert_snapshot!(points.join("\n"), @r"
    A limit can be set
    Stops *cleanly* at the limit
    Logs how long it took
    The job should stop after an hour. e.g. at one.
    Nobody can't say when it ends.
    ");
}

#[test]
fn focus_comes_first_and_remarks_last() {
    let brief = Brief {
        focus: "only the retry loop".to_owned(),
        discussion: vec![Remark {
            login: "ada".to_owned(),
            speaker: crate::domain::request::Speaker::Other,
            text: "It must also work offline.".to_owned(),
        }],
        ..ask("Fix the loop please", "")
    };
    assert_eq!(
        points::quote(&brief),
        [
            "only the retry loop",
            "Fix the loop please",
            "It must also work offline."
        ]
    );
}

#[test]
fn title_is_the_point_when_nothing_else_is() {
    assert_eq!(
        points::quote(&ask("Dark mode", "It is bright.")),
        ["Dark mode"]
    );
    assert_eq!(points::quote(&ask("", "")), Vec::<String>::new());
}

#[test]
fn points_are_few_short_and_different() {
    let body = (0..40)
        .map(|i| {
            format!(
                "- item {i} {}\n- the same item again\n",
                "wörter ".repeat(60)
            )
        })
        .collect::<String>();
    let points = points::quote(&ask("Title", &body));
    assert_eq!(points.len(), 8);
    assert!(points.iter().all(|point| point.chars().count() <= 220));
    assert!(points[0].ends_with("wörter…"));
    assert_eq!(
        points
            .iter()
            .filter(|point| *point == "the same item again")
            .count(),
        1
    );
}

#[test]
fn each_kind_of_request_has_its_questions() {
    let first = |title: &str, body: &str| kinds::questions(&ask(title, body))[0].clone();
    let all = [
        first("Panic", "thread 'main' panicked at src/x.rs"),
        first("Store the owner", "Needs a column and a migration"),
        first("List users", "A new endpoint for it"),
        first("Bump serde", "It is outdated"),
        first("Rename Foo to Bar", ""),
        first("Startup is slow", "Too much memory"),
        first("Add a flag", "to skip the check"),
        first("Sum is wrong", "It should be 3"),
        first("Dark mode", "like at night"),
    ];
    assert_snapshot!(all.join("\n"), @r"
    Which input or state leads to the failing frame, and can it be reproduced at this commit?
    What happens to rows that exist already?
    Who may call it, and where is that checked for its neighbours?
    Which breaking changes lie between the two versions, and which calls do they meet?
    Is the old name part of a public interface, a file format, a setting or a log that others read?
    Which measurement shows it, on which input, and what would be good enough?
    What is the default, and does it leave today's behaviour as it is?
    What exactly happens, what should happen, and since when?
    How will it be visible that this is done?
    ");
}

#[test]
fn questions_are_questions_and_few() {
    let everything = "traceback migration endpoint bump rename slow option bug";
    let questions = kinds::questions(&ask(everything, everything));
    assert_eq!(questions.len(), 8);
    assert!(questions.iter().all(|question| question.ends_with('?')));
}

#[test]
fn words_inside_of_words_show_no_kind() {
    let questions = kinds::questions(&ask("Restable debugging of prerouted tablets", ""));
    assert_eq!(questions.len(), 3);
    assert!(questions[0].starts_with("How will it be visible"));
}

#[test]
fn dependencies_that_the_request_names_lead_to_their_manifest() {
    let index = index();
    let facts = Facts {
        manifests: vec!["Cargo.toml".to_owned(), "gone/Cargo.toml".to_owned()],
        dependencies: ["anyhow", "serde", "tokio"].map(ToOwned::to_owned).to_vec(),
        ..Facts::default()
    };
    let brief = ask(
        "Bump Serde.",
        "It is what anyhow needs; `serde_json` is not.",
    );
    let outline = outline(
        &brief,
        &index,
        &Location::default(),
        &facts,
        OutlineReason::NoModel,
    );
    let expected = Mention {
        text: "serde".to_owned(),
        targets: vec![path("Cargo.toml", Some((6, 6)))],
    };
    assert_eq!(outline.mentions, [expected]);
}

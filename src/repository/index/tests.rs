//! Words and terms, and what an index knows of small repositories.

use super::terms::{is_compound, parts, stem, terms, words};
use super::{Asked, Index};
use crate::domain::repository::RepoPath;
use crate::repository::tests::index_of;

fn small() -> Index {
    index_of(&[
        ("README.md", "How retrying works."),
        (
            "src/client.rs",
            "pub struct Client;\nimpl Client {\n    fn retry_after(&self) {}\n}\n",
        ),
        (
            "src/lib.rs",
            "mod client;\nfn main() { Client.retry_after(); a.b(); }\n",
        ),
        ("tests/client.rs", "fn retry_after() {}\n"),
    ])
}

#[test]
fn words_are_identifiers_and_long_numbers() {
    let text = "let x_1 = foo.bar(404, 12, 0x1F) // größe 日本 HTTP/2 __init__ 1234567890";
    let found: Vec<_> = words(text).collect();
    let expected = [
        "let", "x_1", "foo", "bar", "404", "größe", "日本", "HTTP", "__init__",
    ];
    assert_eq!(found, expected);
}

#[test]
fn words_longer_than_any_name_are_data() {
    assert_eq!(words(&"x".repeat(101)).count(), 0);
    assert_eq!(words(&"x".repeat(100)).count(), 1);
}

#[test]
fn words_split_at_case_and_underscores() {
    let split = |word: &str| parts(word).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(split("HTTPServerError2"), ["HTTP", "Server", "Error2"]);
    assert_eq!(split("__retry_after__"), ["retry", "after"]);
    assert_eq!(split("aB"), Vec::<String>::new());
    assert_eq!(split("sha256"), ["sha256"]);
    assert_eq!(split("größeÄndern"), ["größeÄndern"]);
    assert!(is_compound("retryAfter") && is_compound("retry_after") && !is_compound("Retry"));
}

#[test]
fn spellings_of_one_name_share_their_joined_term() {
    for word in ["retry_after", "retryAfter", "RetryAfter", "RETRY_AFTER"] {
        assert!(terms(word).contains(&"retryafter".to_owned()), "{word}");
    }
}

#[test]
fn endings_of_one_word_share_their_stem() {
    for family in [
        ["serialize", "serializes", "serialized", "serializing"],
        ["retry", "retries", "retry", "retrying"],
        ["stop", "stops", "stopped", "stopping"],
        ["class", "class", "class", "class"],
        ["parse", "parses", "parsed", "parsing"],
    ] {
        let stems: std::collections::BTreeSet<_> = family.iter().map(|word| stem(word)).collect();
        assert_eq!(stems.len(), 1, "{stems:?}");
    }
    for word in ["status", "ring", "bed", "its", "the", "this"] {
        assert!(stem(word).len() >= 2, "{word}");
    }
}

#[test]
fn definitions_are_found_by_their_exact_name() {
    let index = small();
    let found: Vec<_> = index
        .find_definitions("retry_after")
        .into_iter()
        .map(|(file, definition)| {
            (
                file,
                definition.container.as_str(),
                definition.lines.start(),
            )
        })
        .collect();
    assert_eq!(found, [(1, "Client", 3), (3, "", 1)]);
    assert_eq!(index.find_definitions("retry"), []);
    assert_eq!(index.find_definitions(""), []);
}

#[test]
fn users_are_the_files_whose_text_has_the_identifier() {
    let index = small();
    assert_eq!(index.find_users("Client"), [1, 2]);
    assert_eq!(index.find_users("client"), [2]);
    assert_eq!(index.find_users("Client.retry_after"), [2]);
    assert_eq!(index.find_users("a.b"), [2]);
    assert_eq!(index.find_users("nowhere"), Vec::<usize>::new());
    assert_eq!(index.find_users("::"), Vec::<usize>::new());
}

#[test]
fn files_are_found_by_their_exact_path() {
    let index = small();
    let find = |path: &str| {
        index
            .find(&RepoPath::parse(path).unwrap())
            .map(|(at, _)| at)
    };
    assert_eq!(find("src/lib.rs"), Some(2));
    assert_eq!(find("src/Lib.rs"), None);
}

#[test]
fn a_text_that_says_a_rare_thing_more_often_scores_higher() {
    let index = index_of(&[
        ("a.rs", "retry retry retry filler filler filler"),
        ("b.rs", "retry filler filler filler filler filler"),
        ("c.rs", "filler filler filler filler filler filler"),
        ("d.rs", "filler"),
    ]);
    let asked = |word: &str| Asked {
        term: index.term(&stem(word)).unwrap(),
        weight: 1.0,
    };
    let rare = index.score_contents(&[asked("retries")]);
    assert!(rare[0] > rare[1] && rare[1] > 0.0);
    assert_eq!(&rare[2..], [0.0, 0.0]);
    let common = index.score_contents(&[asked("filler")]);
    assert!(common[1] < rare[1]);
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let index = index_of(&[]);
    assert_eq!(index.find_users("a"), Vec::<usize>::new());
    assert_eq!(index.score_contents(&[]), Vec::<f64>::new());
    assert_eq!(index.definitions(0), []);
}

#[test]
fn thousands_of_files_keep_their_own_words_and_definitions() {
    let texts: Vec<(String, String)> = (0..3000)
        .map(|at| {
            (
                format!("src/f{at:04}.rs"),
                format!("fn shared() {{}}\nfn own_{at}() {{}}\n"),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    let index = index_of(&files);
    assert_eq!(index.find_users("shared").len(), 3000);
    for at in [0, 1499, 1500, 2999] {
        let name = format!("own_{at}");
        assert_eq!(index.find_users(&name), [at]);
        assert_eq!(index.find_definitions(&name)[0].0, at);
    }
}

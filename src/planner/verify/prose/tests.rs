use super::spans::{Mention, mentions};
use crate::planner::draft::Draft;
use crate::planner::verify::tests::{found, mutated};

/// What is found for a sentence of a change to the fixture's repository.
fn said(sentence: &str) -> Vec<String> {
    let verification = mutated(|draft: &mut Draft| draft.changes[2].why = sentence.to_owned());
    (found(&verification, "G7").iter())
        .map(|line| line.replace("soft /changes/2/why: ", ""))
        .collect()
}

#[test]
fn names_of_the_repository_the_plan_and_the_language_are_known() {
    for sentence in [
        "`Client::fetch_page` calls `try_once`.",
        "`fetch_page(&self, address)` returns `Result<String, FetchError>`.",
        "See `src/client.rs`, `client.rs`, `src/` and `./src/config.rs:3`.",
        "`src/client.rs::fetch_page` and `src/config.rs#load_settings` differ.",
        "The new file is `src/backoff.rs`, with `Backoff` and `pause_ms` in it.",
        "`first_pause_ms` comes from the settings.",
        "`std::thread::sleep_until` and `HashMap::extract_if` are of the language.",
        "`serde` is there, `Cargo.toml` names it.",
        "`JSON_ERROR_NONE`, `E_USER_DEPRECATED` and `trigger_error()` are PHP's.",
        "Add a helper `wait_politely` for it; `wait_politely` is small.",
        "Rename `try_once` to `try_it_once`.",
        "It answers `404` or `true`, as `GET /pages/{id}` does, with `text/plain`.",
        "`--retries 3`, `retry-after`, `$HOME`, `a + b`, `…` and `**/*.rs` are no names.",
        "Either/or, and/or, i.e. nothing; see e.g. https://example.test/a.rs.",
        "``a ` b`` and ```unclosed",
        "",
    ] {
        assert_eq!(said(sentence), Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn names_that_are_nowhere_are_found() {
    for (sentence, unknown) in [
        ("It calls `retry_with_grace`.", "retry_with_grace"),
        ("It calls `Client::reopen_all(url, n)`.", "reopen_all"),
        ("`GhostClient` does it already.", "GhostClient"),
        ("`Ghost::open` does it already.", "Ghost"),
        ("`linger()` does it already.", "linger"),
        ("See `src/ghost.rs`.", "src/ghost.rs"),
        ("See `src/in folder/ghost.rs`.", "src/in folder/ghost.rs"),
        ("See `src/net/ghost_client` for it.", "src/net/ghost_client"),
        ("See src/net/ghost.rs, which does it.", "src/net/ghost.rs"),
        ("There retry_with_grace() does it.", "retry_with_grace"),
        ("Add a call to `retry_with_grace`.", "retry_with_grace"),
        ("See `src/client.rs::retry_with_grace`.", "retry_with_grace"),
    ] {
        let found = said(sentence);
        assert_eq!(found.len(), 1, "{sentence}: {found:?}");
        assert!(found[0].contains(&format!("`{unknown}`")), "{found:?}");
    }
}

#[test]
fn nearest_names_are_told() {
    let verification = mutated(|draft| draft.changes[2].why = "As `fetch_pages` does.".to_owned());
    let finding = verification.findings.first().unwrap();
    assert_eq!((finding.check, &*finding.at), ("G7", "/changes/2/why"));
    assert_eq!(finding.candidates, ["fetch_page"]);
}

#[test]
fn names_in_sentences_are_counted_apart() {
    let verification = mutated(|draft| {
        draft.changes[2].why = "`try_once`, `try_once` and `try_never_again`.".to_owned();
    });
    // The fixture's sentences name two files that exist.
    assert_eq!(
        (verification.prose.verified, verification.prose.total),
        (3, 4)
    );
    assert_eq!(
        verification.references.verified,
        verification.references.total
    );
}

#[test]
fn mentions_are_told_apart_by_their_marks() {
    let marked = |text| Mention {
        text,
        is_marked: true,
        is_introduced: false,
    };
    let plain = |text| Mention {
        text,
        is_marked: false,
        is_introduced: false,
    };
    assert_eq!(
        mentions("Use `a` in src/b.rs, (src/c.py) and ``d`e`` but not //f.rs or b.rs."),
        [
            marked("a"),
            plain("src/b.rs"),
            plain("src/c.py"),
            marked("d`e")
        ]
    );
    let introduced: Vec<_> = mentions("Add the field `a`, extract the loop into `b`, use `c`.")
        .iter()
        .map(|mention| mention.is_introduced)
        .collect();
    assert_eq!(introduced, [true, true, false]);
}

#[test]
fn floods_of_names_are_cut_with_a_note() {
    let flood = |i: usize| {
        (0..90)
            .map(|j| format!("`ghost_{i}_{j}` "))
            .collect::<String>()
    };
    let verification = mutated(|draft| {
        draft.out_of_scope = (0..90).map(flood).collect();
        draft.out_of_scope.push("R3".to_owned());
    });
    assert!(
        found(&verification, "G7").contains(
            &"soft /: names more than 3000 things; the rest was not looked up".to_owned()
        )
    );
    assert!(
        found(&verification, "S2")
            .iter()
            .any(|line| line.contains("150 searches"))
    );
}

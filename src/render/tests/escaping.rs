//! How single texts come out.

use crate::domain::repository::ForgeKind;
use crate::render::code::{self, Code};
use crate::render::escape::inline;

fn line(text: &str) -> String {
    let mut out = String::new();
    inline(&mut out, text);
    out
}

fn block(forge: ForgeKind, language: &str, text: &str) -> String {
    let mut out = String::new();
    let code = Code {
        language,
        text,
        max_lines: 12,
    };
    code::block(&mut out, forge, &code);
    out
}

#[test]
fn prose_stays_readable() {
    let prose = "Retries (at most 3, i.e. \"a few\") double the pause: 50% more load; don't they? It's 12:30!";
    assert_eq!(line(prose), prose);
}

#[test]
fn words_that_a_forge_acts_on_become_code() {
    let words = [
        "cc @octocat, please",
        "Fixes #12, closes other/repo#99.",
        "see GH-7 and !42 and &1 and ~wontfix and %v1 and $5",
        "at 6113728 or 6113728f27ae82c7b1a177c8d03f9e96e0adf246",
        "(see https://x.example/a_b), www.x.example; //x.example",
        "mail ops@x.example now",
        "std::fmt and :tada: and ABC-12 and UTF-8",
        "Summary /close",
        "\u{ff20}octocat",
        "[vulnerability:1] and *iteration:2",
    ]
    .map(line);
    insta::assert_snapshot!(words.join("\n"), @r"
    cc `@octocat`, please
    Fixes `#12`, closes `other/repo#99`.
    see `GH-7` and `!42` and `&1` and `~wontfix` and `%v1` and `$5`
    at `6113728` or `6113728f27ae82c7b1a177c8d03f9e96e0adf246`
    (see `https://x.example/a_b`), `www.x.example`; `//x.example`
    mail `ops@x.example` now
    `std::fmt` and `:tada`: and `ABC-12` and `UTF-8`
    Summary `/close`
    `＠octocat`
    `[vulnerability:1]` and `*iteration:2`
    ");
}

#[test]
fn code_like_words_become_code() {
    let words = line("call foo_bar() with Vec<u8> from src/a.rs or /api/v1, a -> b, C:\\x, x|y");
    insta::assert_snapshot!(words, @r"call `foo_bar()` with `Vec<u8>` from `src/a.rs` or `/api/v1`, a `->` b, `C:\x`, `x|y`");
}

#[test]
fn ordinary_words_stay_words() {
    let prose = "and/or, read/write, C# and F#, R2D2, state-of-the-art, 2024-05-01, e.g. x = y";
    assert_eq!(line(prose), prose);
}

#[test]
fn markup_is_shown_as_typed() {
    let words = [
        "**bold** _it_ ~~x~~",
        "[a link](https://x.example)",
        "a < b > c | d ^ e \\ f * g",
        "<b>x</b> <!-- y -->",
        "&amp; &#64;",
    ]
    .map(line);
    insta::assert_snapshot!(words.join("\n"), @r"
    \*\*bold\*\* \_it\_ `~~x~~`
    \[a `link](https://x.example)`
    a \< b \> c \| d \^ e \\ f \* g
    `<b>x</b>` `<!--` y `-->`
    `&amp`; `&#64`;
    ");
}

#[test]
fn the_start_of_a_line_begins_no_block() {
    let starts = [
        "- x", "+ x", "* x", "# x", "> x", "1. x", "12) x", "=== x", "--- x", "/ x", ": x", "| x",
        "    x", "``` x", "~~~ x", "[x] y", "...",
    ]
    .map(line);
    insta::assert_snapshot!(starts.join("\n"), @r"
    \- x
    \+ x
    \* x
    \# x
    \> x
    1\. x
    12\) x
    \=== x
    \--- x
    \/ x
    \: x
    \| x
    x
    &#96;&#96;&#96; x
    `~~~` x
    `[x]` y
    ...
    ");
}

#[test]
fn balanced_backticks_stay_code() {
    let words = [
        "use `a b`, ``c`d`` and `e`f",
        "`a``b` ` c",
        "`#1`#2`@x`",
        "``` `` `",
    ]
    .map(line);
    insta::assert_snapshot!(words.join("\n"), @r"
    use `a b`, ``c`d`` and `e`f
    ```a``b``` &#96; c
    `#1` `#2` `@x`
    &#96;&#96;&#96; &#96;&#96; &#96;
    ");
}

#[test]
fn a_field_is_one_line() {
    assert_eq!(line("  one\r\n\r\ntwo\u{2028}\tthree  "), "one two three");
}

#[test]
fn a_long_field_is_cut_visibly() {
    let out = line(&"word ".repeat(1_000));
    assert!(out.ends_with('…') && out.chars().count() <= 2_000);
}

#[test]
fn a_code_span_holds_any_backticks() {
    let spans = ["a", "`", "a`b", "``a``", " a\nb "].map(|text| {
        let mut out = String::new();
        code::span(&mut out, text);
        out
    });
    assert_eq!(
        spans,
        ["`a`", "`` ` ``", "``a`b``", "``` ``a`` ```", "`a b`"]
    );
}

#[test]
fn code_spans_never_touch() {
    let mut out = String::new();
    code::span(&mut out, "a");
    code::span(&mut out, "b");
    assert_eq!(out, "`a` `b`");
}

#[test]
fn a_blank_code_span_is_nothing() {
    let mut out = String::new();
    code::span(&mut out, " \u{200b}\n");
    assert_eq!(out, "");
}

#[test]
fn github_fences_are_longer_than_any_run_inside() {
    assert_eq!(
        block(ForgeKind::GitHub, "Rust", "\n\n    ````\n/close\n"),
        "`````rust\n    ````\n /close\n`````\n"
    );
}

#[test]
fn gitlab_fences_are_three_backticks_and_hold_no_command() {
    assert_eq!(
        block(ForgeKind::GitLab, "", "````\n/close\n//x\n"),
        "```\n`` ``\n /close\n//x\n```\n"
    );
}

#[test]
fn languages_that_run_are_left_out() {
    let languages = [
        "mermaid",
        "suggestion",
        "math",
        "plantuml",
        "rust\n# x",
        "geojson",
    ];
    let blocks = languages.map(|language| block(ForgeKind::GitHub, language, "x"));
    assert_eq!(blocks, ["```\nx\n```\n"; 6]);
}

#[test]
fn long_snippets_are_cut() {
    let out = block(ForgeKind::GitHub, "", &"x\n".repeat(20));
    assert_eq!(out, format!("```\n{}…\n```\n", "x\n".repeat(12)));
}

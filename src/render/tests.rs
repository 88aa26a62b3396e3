use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::{ProptestConfig, Strategy, prop, proptest};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use regex::RegexSet;

use super::{CommentBody, Notice, Site, document, marker, notice};
use crate::domain::document::{
    Candidate, Content, Convention, Document, Impact, Mention, Outline, OutlineReason, Receipt,
    References, Skipped,
};
use crate::domain::plan::{
    Anchor, ArchitectureNote, Assumption, Change, ConfigEntry, DataStructure, Decision,
    DecisionOption, Dependency, Finding, Interface, OpenQuestion, Operation, Parameter, Plan,
    PlanId, Relation, RequestPoint, Risk, SideEffect, Snippet, Step, Target,
};
use crate::domain::repository::{CommitSha, ForgeKind, LineRange, RepoPath};
use crate::text::clean::clean;

const FORGES: [ForgeKind; 2] = [ForgeKind::GitHub, ForgeKind::GitLab];
const COMMIT: &str = "4f2a91c07bd3e65818f09a7c2d4b6e1350fa9c8d";
const KEY: [u8; 32] = [7; 32];
const SUBJECT: &str = "github:github.com:42#7";

// What is rendered.

fn site(forge: ForgeKind) -> Site {
    Site {
        forge,
        repository_url: "https://forge.test/acme/engine".to_owned(),
        marker: marker::marker(&KEY, SUBJECT),
    }
}

fn of_plan(plan: Plan, references: References) -> Document {
    Document {
        commit: CommitSha::parse(COMMIT).unwrap(),
        revision: 2,
        content: Content::Plan {
            plan: Box::new(plan),
            references,
        },
        receipt: Receipt::default(),
    }
}

fn of_outline(outline: Outline) -> Document {
    Document {
        commit: CommitSha::parse(COMMIT).unwrap(),
        revision: 1,
        content: Content::Outline(outline),
        receipt: Receipt::default(),
    }
}

fn checked(verified: usize, total: usize) -> References {
    References {
        verified,
        total,
        checked: true,
    }
}

fn verified(path: &str, start: u32, end: u32) -> Target {
    Target::Verified {
        path: RepoPath::parse(path).unwrap(),
        lines: Some(LineRange::new(start, end)),
    }
}

fn whole(path: &str) -> Target {
    Target::Verified {
        path: RepoPath::parse(path).unwrap(),
        lines: None,
    }
}

/// A change of which every text is `text`.
fn change(id: &str, text: &str) -> Change {
    let owned = || text.to_owned();
    Change {
        id: PlanId::find(id).unwrap(),
        operation: Operation::Rename,
        target: place(text),
        new_path: owned(),
        anchors: vec![Anchor {
            symbol: owned(),
            quote: owned(),
            relation: Relation::Inside,
            target: unverified(text),
        }],
        evidence: vec![unverified(text)],
        what: owned(),
        why: owned(),
        interfaces: vec![Interface {
            kind: owned(),
            name: owned(),
            signature: owned(),
            params: vec![Parameter {
                name: owned(),
                type_name: owned(),
                meaning: owned(),
            }],
            returns: owned(),
            breaking: true,
        }],
        data_structures: vec![DataStructure {
            name: owned(),
            change: owned(),
        }],
        imports: vec![owned(), owned()],
        config: vec![ConfigEntry {
            key: owned(),
            value: owned(),
            purpose: owned(),
        }],
        snippet: Some(Snippet {
            language: owned(),
            code: owned(),
        }),
        reuses: vec![owned()],
        why_new: owned(),
        side_effects: vec![SideEffect {
            target: new(text),
            symbol: owned(),
            effect: owned(),
            action: owned(),
        }],
        covers: Vec::new(),
        depends_on: Vec::new(),
    }
}

/// The text as a verified path with lines, where it can be one.
fn place(text: &str) -> Target {
    RepoPath::parse(text).map_or_else(
        |_| unverified(text),
        |path| Target::Verified {
            path,
            lines: Some(LineRange::new(3, 9)),
        },
    )
}

fn new(text: &str) -> Target {
    RepoPath::parse(text).map_or_else(|_| unverified(text), |path| Target::New { path })
}

fn unverified(text: &str) -> Target {
    Target::Unverified {
        claimed: text.to_owned(),
    }
}

fn step(id: &str, text: &str, changes: &[&str]) -> Step {
    Step {
        id: PlanId::find(id).unwrap(),
        title: text.to_owned(),
        detail: text.to_owned(),
        changes: changes.iter().map(|id| PlanId::find(id).unwrap()).collect(),
    }
}

/// A plan of which every text is `text`.
fn plan_of(text: &str) -> Plan {
    let owned = || text.to_owned();
    let point = |id| RequestPoint {
        id: PlanId::find(id).unwrap(),
        text: owned(),
        kind: owned(),
    };
    Plan {
        restatement: owned(),
        request_points: vec![point("abcdef1"), point("R_2_")],
        assumptions: vec![Assumption {
            text: owned(),
            if_wrong: owned(),
        }],
        open_questions: vec![OpenQuestion {
            question: owned(),
            why: owned(),
            default_taken: owned(),
        }],
        findings: vec![Finding {
            statement: owned(),
            evidence: vec![place(text), new(text), unverified(text)],
        }],
        decisions: vec![Decision {
            question: owned(),
            options: vec![DecisionOption {
                name: owned(),
                trade_off: owned(),
            }],
            recommendation: owned(),
            rationale: owned(),
        }],
        changes: vec![change("C1", text), change("C2", text), change("C3", text)],
        steps: vec![
            step("0123456789abcdef", text, &["C1"]),
            step("T2", text, &["C1", "C2", "C9"]),
        ],
        dependencies: vec![Dependency {
            name: owned(),
            registry: owned(),
            version: owned(),
            purpose: owned(),
            why_not_existing: owned(),
            why_not_own_code: owned(),
        }],
        risks: vec![Risk {
            category: owned(),
            risk: owned(),
            mitigation: owned(),
        }],
        architecture_notes: vec![ArchitectureNote {
            topic: owned(),
            note: owned(),
            why_architectural: owned(),
        }],
        out_of_scope: vec![owned()],
    }
}

/// An outline of which every text is `text`.
fn outline_of(text: &str) -> Outline {
    let owned = || text.to_owned();
    Outline {
        reason: OutlineReason::ModelUnavailable,
        points: vec![owned(), owned()],
        mentions: vec![
            Mention {
                text: owned(),
                targets: vec![place(text), unverified(text)],
            },
            Mention {
                text: owned(),
                targets: Vec::new(),
            },
        ],
        candidates: vec![Candidate {
            target: place(text),
            symbol: owned(),
            signature: owned(),
            reasons: vec![owned(), owned()],
        }],
        impact: vec![Impact {
            symbol: owned(),
            target: place(text),
            users: vec![place(text), new(text)],
            user_count: 9,
        }],
        questions: vec![owned()],
        conventions: vec![Convention {
            topic: owned(),
            target: place(text),
        }],
    }
}

fn receipt_of(text: &str) -> Receipt {
    Receipt {
        expertise: text.to_owned(),
        files: 120,
        files_read: 110,
        bytes_read: 1_234_567,
        skipped: vec![Skipped {
            reason: "binary",
            count: 10,
        }],
        model: text.to_owned(),
        model_calls: 2,
        input_tokens: 20_000,
        output_tokens: 1_500,
        notes: vec![text.to_owned()],
    }
}

/// A plan and an outline full of `text`.
fn documents_of(text: &str) -> [Document; 2] {
    let plan = of_plan(plan_of(text), checked(1, 9));
    [plan, of_outline(outline_of(text))].map(|document| Document {
        receipt: receipt_of(text),
        ..document
    })
}

// What may be in a comment.

/// Headings and summaries of the templates, in their order.
const TITLES: [&str; 20] = [
    "Plan",
    "Outline (no model used)",
    "Decisions for you",
    "Steps",
    "Impact",
    "What was asked",
    "Names in the request",
    "Places to look at",
    "Who uses them",
    "Questions worth asking",
    "How this repository does it",
    "Details of the steps",
    "What the code does today",
    "Assumptions and open questions",
    "Dependencies proposed",
    "Risks",
    "Architecture notes and what is left out",
    "Prompt for a coding agent",
    "What this was made from",
    "No plan",
];

/// What is wrong with a comment, in words; empty when nothing is.
fn offences(body: &str, site: &Site) -> Vec<String> {
    let mut seen = Seen::of(body);
    let mut found = Vec::new();
    let root = match site.forge {
        ForgeKind::GitHub => site.repository_url.clone(),
        ForgeKind::GitLab => format!("{}/-", site.repository_url),
    };
    let blob = format!("{root}/blob/{COMMIT}/");
    let commit = format!("{root}/commit/{COMMIT}");
    let is_ours = |link: &String| link.starts_with(&blob) || *link == commit;
    found.extend(
        seen.links
            .iter()
            .filter(|link| !is_ours(link))
            .map(|link| format!("link {link}")),
    );
    found.append(&mut seen.forbidden);
    found.extend(foreign_html(&seen.html, &site.marker));
    found.extend(misplaced_titles(&seen.titles));
    for text in &seen.texts {
        let hits: Vec<_> = ACTIVE.matches(text).into_iter().collect();
        let patterns = hits.iter().filter_map(|hit| ACTIVE.patterns().get(*hit));
        found.extend(patterns.map(|pattern| format!("{pattern} in {text:?}")));
    }
    found.extend(bad_lines(body, site.forge));
    if clean(body) != body {
        found.push("invisible characters".to_owned());
    }
    if body.len() > 60_000 {
        found.push(format!("{} bytes", body.len()));
    }
    if !body.ends_with(&format!("\n{}\n", site.marker)) {
        found.push("the marker is not last".to_owned());
    }
    found
}

/// What forges and browsers act on in rendered text; a code span is shown as U+1.
static ACTIVE: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"[@\u{FF20}\u{FE6B}]\w",
        r"[#!&$^][0-9]",
        r"[~%][\w\x22]",
        r"(?i)\bgh-[0-9]",
        r"[A-Z]{2,}-[0-9]",
        r"(?i)(https?|ftp|javascript|data|mailto|smb|wss|xmpp):\S",
        r"//",
        r"(?i)www\.",
        r"\b[0-9a-f]{7,64}\b",
        r":[a-z+]\w*:",
        r"::\w",
        r"\[\[",
        r"\{[+-]|\[[+-]",
        r"\$",
        r"<!--|-->",
    ])
    .unwrap()
});

/// What a parser finds in a comment.
#[derive(Default)]
struct Seen {
    links: Vec<String>,
    html: String,
    titles: Vec<String>,
    /// Text of each block outside of code.
    texts: Vec<String>,
    forbidden: Vec<String>,
}

impl Seen {
    fn of(body: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_GFM
            | Options::ENABLE_MATH;
        let mut seen = Self::default();
        let mut text = String::new();
        let mut in_code = false;
        let parser = Parser::new_ext(body, options);
        let definitions = parser.reference_definitions().iter();
        seen.forbidden
            .extend(definitions.map(|(label, _)| format!("definition {label}")));
        for event in parser {
            match event {
                Event::Start(Tag::List(None) | Tag::Item) => {
                    seen.texts.push(std::mem::take(&mut text));
                }
                Event::Start(Tag::Link {
                    dest_url, title, ..
                }) => {
                    seen.links.push(format!("{dest_url}{title}"));
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    in_code = true;
                    let plain = ["", "rust", "sql"].contains(&language.as_ref());
                    seen.forbid(!plain, "language", &language);
                }
                Event::End(TagEnd::CodeBlock) => in_code = false,
                Event::End(TagEnd::Heading(_)) => seen.titles.push(std::mem::take(&mut text)),
                Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                    seen.texts.push(std::mem::take(&mut text));
                }
                Event::Text(part) if !in_code => text.push_str(&part),
                Event::Text(_) => {}
                Event::Code(_) => text.push('\u{1}'),
                Event::SoftBreak => text.push(' '),
                Event::Html(html) => seen.html.push_str(&html),
                Event::Start(
                    Tag::Heading { .. }
                    | Tag::Paragraph
                    | Tag::Strong
                    | Tag::HtmlBlock
                    | Tag::BlockQuote(None),
                )
                | Event::End(_) => {}
                other => seen.forbid(true, "construct", &format!("{other:?}")),
            }
        }
        seen.texts.push(text);
        seen
    }

    fn forbid(&mut self, wrong: bool, what: &str, detail: &str) {
        if wrong {
            self.forbidden.push(format!("{what} {detail}"));
        }
    }
}

fn foreign_html(html: &str, marker: &str) -> Vec<String> {
    let mut open = 0_i32;
    let mut foreign = Vec::new();
    for line in html.lines().filter(|line| !line.is_empty()) {
        let summary = line
            .strip_prefix("<details><summary>")
            .and_then(|line| line.strip_suffix("</summary>"));
        match (summary, line) {
            (Some(summary), _) if TITLES.contains(&summary) => open += 1,
            (_, "</details>") => open -= 1,
            _ if line == marker => {}
            _ => foreign.push(format!("html {line}")),
        }
    }
    if open != 0 {
        foreign.push("unbalanced details".to_owned());
    }
    foreign
}

fn misplaced_titles(titles: &[String]) -> Vec<String> {
    let position = |title: &String| TITLES.iter().position(|known| known == title);
    let positions: Vec<_> = titles.iter().map(position).collect();
    if positions.is_sorted() && positions.iter().all(Option::is_some) {
        let distinct: BTreeSet<_> = positions.iter().collect();
        if distinct.len() == positions.len() {
            return Vec::new();
        }
    }
    vec![format!("headings {titles:?}")]
}

/// Lines that a forge reads as commands, and fences that older versions do not understand.
fn bad_lines(body: &str, forge: ForgeKind) -> Vec<String> {
    let command = |line: &str| {
        let mut bytes = line.bytes();
        bytes.next() == Some(b'/') && bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
    };
    let mut open: Option<&str> = None;
    let mut bad = Vec::new();
    for line in body.lines() {
        let ticks = fence(line);
        match (open, ticks) {
            (None, Some(ticks)) => open = Some(ticks),
            (Some(opening), Some(ticks)) if opening == ticks => open = None,
            _ => {}
        }
        let strict = forge == ForgeKind::GitLab;
        if (strict || open.is_none()) && command(line) {
            bad.push(format!("command {line}"));
        }
        if strict && ticks.is_some_and(|ticks| ticks.len() != 3) {
            bad.push(format!("fence {line}"));
        }
    }
    if open.is_some() {
        bad.push("unclosed fence".to_owned());
    }
    bad
}

/// The backticks of a line that opens or closes a fence.
fn fence(line: &str) -> Option<&str> {
    let language = line.trim_start_matches('`');
    let ticks = line.strip_suffix(language)?;
    (ticks.len() > 2 && !language.contains([' ', '`'])).then_some(ticks)
}

#[derive(serde::Deserialize)]
struct HostileText {
    id: String,
    text: String,
}

fn hostile_texts() -> Vec<HostileText> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/output_texts.jsonl");
    let lines = std::fs::read_to_string(path).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

// The rules.

#[test]
fn hostile_texts_are_harmless_in_every_field() {
    let mut found = Vec::new();
    for hostile in hostile_texts() {
        for (forge, document) in each_forge(&hostile.text) {
            let site = site(forge);
            let body = super::document(&document, &site);
            for offence in offences(body.as_str(), &site) {
                found.push(format!("{} on {forge}: {offence}", hostile.id));
            }
        }
    }
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn each_forge(text: &str) -> Vec<(ForgeKind, Document)> {
    let documents = documents_of(text);
    let pairs = FORGES
        .into_iter()
        .flat_map(|forge| documents.clone().map(|it| (forge, it)));
    pairs.collect()
}

#[test]
fn the_oracle_sees_what_a_careless_renderer_would_do() {
    let site = site(ForgeKind::GitHub);
    let blind: Vec<_> = hostile_texts()
        .into_iter()
        .filter(|hostile| {
            let careless = format!("## Plan\n\n{}\n\n{}\n", hostile.text, site.marker);
            offences(&careless, &site).is_empty()
        })
        .map(|hostile| hostile.id)
        .collect();
    let harmless = [
        "break-long",
        "break-nothing",
        "break-long-fence",
        "break-unbalanced",
        "break-backslash",
        "text-plain",
        "text-scripts",
        "text-code",
        "text-path",
    ];
    let unexpected: Vec<_> = blind
        .iter()
        .filter(|id| !harmless.contains(&id.as_str()))
        .collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
}

/// A plan as a maintainer likes it: one file, nothing to decide.
fn small_plan() -> Plan {
    let mut plan = Plan {
        restatement: "Make `--depth 0` an error instead of an endless walk.".to_owned(),
        ..Plan::default()
    };
    plan.changes = vec![Change {
        id: PlanId::numbered('C', 1),
        operation: Operation::Modify,
        target: whole("src/cli/walk.rs"),
        new_path: String::new(),
        anchors: vec![Anchor {
            symbol: "parse_depth".to_owned(),
            quote: String::new(),
            relation: Relation::Inside,
            target: verified("src/cli/walk.rs", 41, 48),
        }],
        evidence: Vec::new(),
        what: "Refuse 0 with the message that `parse_width` gives.".to_owned(),
        why: "`Walker::new` reads 0 as no limit.".to_owned(),
        interfaces: Vec::new(),
        data_structures: Vec::new(),
        imports: Vec::new(),
        config: Vec::new(),
        snippet: Some(Snippet {
            language: "Rust".to_owned(),
            code: "let depth = NonZeroU32::new(depth).ok_or(Refused::Zero)?;".to_owned(),
        }),
        reuses: vec!["`Refused::Zero`".to_owned()],
        why_new: String::new(),
        side_effects: Vec::new(),
        covers: Vec::new(),
        depends_on: Vec::new(),
    }];
    plan.steps = vec![Step {
        id: PlanId::numbered('T', 1),
        title: "Refuse a depth of 0".to_owned(),
        detail: "Parse the value as a number that is not zero.".to_owned(),
        changes: vec![PlanId::numbered('C', 1)],
    }];
    plan
}

fn small_outline() -> Outline {
    Outline {
        reason: OutlineReason::DraftRejected {
            unknown: 4,
            total: 9,
        },
        points: vec!["The walker must not follow links out of the root.".to_owned()],
        mentions: vec![
            Mention {
                text: "Walker".to_owned(),
                targets: vec![verified("src/walk.rs", 12, 90)],
            },
            Mention {
                text: "follow_links".to_owned(),
                targets: Vec::new(),
            },
        ],
        candidates: vec![
            Candidate {
                target: verified("src/walk.rs", 33, 61),
                symbol: "step".to_owned(),
                signature: "fn step(&mut self) -> Option<Entry>".to_owned(),
                reasons: vec![
                    "defines `Walker`, named in the request".to_owned(),
                    "holds `link` 7 times".to_owned(),
                ],
            },
            Candidate {
                target: whole("docs/walking.md"),
                symbol: String::new(),
                signature: String::new(),
                reasons: Vec::new(),
            },
        ],
        impact: vec![Impact {
            symbol: "step".to_owned(),
            target: verified("src/walk.rs", 33, 61),
            users: vec![whole("src/main.rs")],
            user_count: 3,
        }],
        questions: vec!["What should happen with a link that leads nowhere?".to_owned()],
        conventions: vec![Convention {
            topic: "Errors".to_owned(),
            target: verified("src/error.rs", 5, 5),
        }],
    }
}

fn rendered(document: &Document, forge: ForgeKind) -> String {
    let site = Site {
        marker: "<!-- marker -->".to_owned(),
        ..site(forge)
    };
    super::document(document, &site)
        .as_str()
        .replace(COMMIT, "COMMIT")
}

#[test]
fn a_small_plan_is_short() {
    let document = of_plan(small_plan(), checked(3, 3));
    insta::assert_snapshot!(rendered(&document, ForgeKind::GitHub), @"
    ## Plan

    Revision 2 · commit [`4f2a91c`](https://forge.test/acme/engine/commit/COMMIT) · 3 of 3 references verified

    Make `--depth 0` an error instead of an endless walk.

    ### Steps

    - **T1** Refuse a depth of 0 — [`src/cli/walk.rs:41-48`](https://forge.test/acme/engine/blob/COMMIT/src/cli/walk.rs#L41-L48)

    <details><summary>Details of the steps</summary>

    **T1 · Refuse a depth of 0**

    Parse the value as a number that is not zero.

    Modify [`src/cli/walk.rs`](https://forge.test/acme/engine/blob/COMMIT/src/cli/walk.rs)

    - **What:** Refuse 0 with the message that `parse_width` gives.
    - **Why:** `Walker::new` reads 0 as no limit.
    - **Where:** inside `parse_depth` at [`src/cli/walk.rs:41-48`](https://forge.test/acme/engine/blob/COMMIT/src/cli/walk.rs#L41-L48)
    - **Builds on:** `Refused::Zero`

    ```rust
    let depth = NonZeroU32::new(depth).ok_or(Refused::Zero)?;
    ```

    </details>

    <details><summary>Prompt for a coding agent</summary>

    ```
    Make the change below in this repository. The plan was made at commit
    COMMIT; look at each place before you edit it, because the code
    may have moved on. Reuse what is there, add no library that the plan does not name, and stop and ask
    where a decision is open.

    Request:
    Make `--depth 0` an error instead of an endless walk.

    Steps:
    T1. Refuse a depth of 0
      Parse the value as a number that is not zero.
      - Modify src/cli/walk.rs (lines 41 to 48): Refuse 0 with the message that `parse_width` gives.
    ```

    </details>

    <!-- marker -->
    ");
}

#[test]
fn an_outline_is_a_map_of_places() {
    let document = Document {
        receipt: receipt_of("Rust command line tools"),
        ..of_outline(small_outline())
    };
    insta::assert_snapshot!(rendered(&document, ForgeKind::GitHub), @"
    ## Outline (no model used)

    This is search output at commit [`4f2a91c`](https://forge.test/acme/engine/commit/COMMIT); it proposes no design.

    There is no plan because the model's draft did not pass the checks: 4 of its 9 references were not found in the repository.

    ### What was asked

    > - The walker must not follow links out of the root.

    ### Names in the request

    - `Walker` → [`src/walk.rs:12-90`](https://forge.test/acme/engine/blob/COMMIT/src/walk.rs#L12-L90)
    - **Not found in the repository:** `follow_links`

    ### Places to look at

    - [`src/walk.rs:33-61`](https://forge.test/acme/engine/blob/COMMIT/src/walk.rs#L33-L61) — `fn step(&mut self) -> Option<Entry>`
      - defines `Walker`, named in the request; holds `link` 7 times
    - [`docs/walking.md`](https://forge.test/acme/engine/blob/COMMIT/docs/walking.md)

    ### Who uses them

    - `step` at [`src/walk.rs:33-61`](https://forge.test/acme/engine/blob/COMMIT/src/walk.rs#L33-L61): named in 3 other files: [`src/main.rs`](https://forge.test/acme/engine/blob/COMMIT/src/main.rs)

    ### Questions worth asking

    - What should happen with a link that leads nowhere?

    ### How this repository does it

    - Errors: [`src/error.rs:5`](https://forge.test/acme/engine/blob/COMMIT/src/error.rs#L5)

    <details><summary>What this was made from</summary>

    - Expertise assumed: Rust command line tools
    - Searched 110 of 120 files (1.2 MB)
    - Left out 10 files: binary
    - Model `Rust command line tools`: 2 calls, 20000 tokens sent, 1500 received
    - Checks: Rust command line tools

    </details>

    <!-- marker -->
    ");
}

/// A plan with one of each, in three parts: visible, details, other folded parts.
fn full_plan() -> [String; 3] {
    let plan = Plan {
        changes: vec![change("C1", "Some words")],
        steps: vec![step("T1", "Some words", &["C1"])],
        ..plan_of("Some words")
    };
    let body = rendered(&of_plan(plan, checked(1, 9)), ForgeKind::GitLab);
    let (visible, folded) = body.split_once("<details>").unwrap();
    let (details, others) = folded.split_once("</details>").unwrap();
    [visible, details, others].map(str::to_owned)
}

#[test]
fn the_visible_part_has_request_decisions_steps_and_impact() {
    let [visible, ..] = full_plan();
    insta::assert_snapshot!(visible, @"
    ## Plan

    Revision 2 · commit [`4f2a91c`](https://forge.test/acme/engine/-/commit/COMMIT) · 1 of 9 references verified

    Some words

    - **`abcdef1`** Some words
    - **`R_2_`** Some words

    ### Decisions for you

    - **Some words**
      - **Recommended:** Some words — Some words
      - Some words: Some words

    ### Steps

    - **T1** Some words — [`Some words:3-9`](https://forge.test/acme/engine/-/blob/COMMIT/Some%20words#L3-9) → `Some words`

    ### Impact

    - **Breaking:** Some words `Some words` in [`Some words:3-9`](https://forge.test/acme/engine/-/blob/COMMIT/Some%20words#L3-9)
    - `Some words` (new file) `Some words`: Some words **To do:** Some words
    ");
}

#[test]
fn the_details_have_every_field_of_a_change() {
    let [_, details, _] = full_plan();
    insta::assert_snapshot!(details, @"
    <summary>Details of the steps</summary>

    **T1 · Some words**

    Some words

    Rename [`Some words:3-9`](https://forge.test/acme/engine/-/blob/COMMIT/Some%20words#L3-9) → `Some words`

    - **What:** Some words
    - **Why:** Some words
    - **Why a new file:** Some words
    - **Where:** inside `Some words` at `Some words` (**not found in the repository**)
    - **Interface:** `Some words` (Some words, breaking); `Some words`: `Some words` Some words; returns `Some words`
    - **Data structure:** `Some words`: Some words
    - **Imports:** `Some words`, `Some words`
    - **Setting:** `Some words` = `Some words`: Some words
    - **Builds on:** Some words
    - **Side effect:** `Some words` (new file) `Some words`: Some words **To do:** Some words

    ```
    Some words
    ```
    ");
}

#[test]
fn the_other_folds_have_what_surrounds_the_plan() {
    let [.., others] = full_plan();
    insta::assert_snapshot!(others, @"
    <details><summary>What the code does today</summary>

    - Some words — [`Some words:3-9`](https://forge.test/acme/engine/-/blob/COMMIT/Some%20words#L3-9), `Some words` (new file)

    </details>

    <details><summary>Assumptions and open questions</summary>

    - Some words **If wrong:** Some words
    - **Question:** Some words Some words **Until answered:** Some words

    </details>

    <details><summary>Dependencies proposed</summary>

    Existence and upkeep not checked: look each one up before adding it.

    - `Some words` `Some words` (Some words): Some words **Why nothing at hand would do:** Some words **Why own code would not do:** Some words

    </details>

    <details><summary>Risks</summary>

    - **Some words** · Some words **Remedy:** Some words

    </details>

    <details><summary>Architecture notes and what is left out</summary>

    - **Some words** · Some words **Why:** Some words
    - **Left out on purpose:** Some words

    </details>

    <details><summary>Prompt for a coding agent</summary>

    ```
    Make the change below in this repository. The plan was made at commit
    COMMIT; look at each place before you edit it, because the code
    may have moved on. Reuse what is there, add no library that the plan does not name, and stop and ask
    where a decision is open.

    Request:
    Some words

    Steps:
    T1. Some words
      Some words
      - Rename Some words -> Some words (lines 3 to 9): Some words

    Open decisions:
    - Some words
    ```

    </details>

    <!-- marker -->
    ");
}

#[test]
fn a_failure_says_what_to_do() {
    let body = notice(&Notice::Failed { job: 12 }, &site(ForgeKind::GitHub));
    let shown = body.as_str().replace(&site(ForgeKind::GitHub).marker, "");
    insta::assert_snapshot!(shown.trim(), @"
    ## No plan

    Something went wrong on the bot's side, and it gave up after several attempts. Nothing in the repository was touched. You can ask again; if that fails too, whoever runs this bot finds the cause in its log under job 12.
    ");
}

#[test]
fn an_empty_repository_says_what_to_do() {
    let body = notice(&Notice::RepositoryEmpty, &site(ForgeKind::GitHub));
    let shown = body.as_str().replace(&site(ForgeKind::GitHub).marker, "");
    insta::assert_snapshot!(shown.trim(), @"
    ## No plan

    This repository has no commit yet, so there is nothing to plan against. Push a first commit, then ask again.
    ");
}

#[test]
fn without_an_address_there_are_no_links() {
    let site = Site {
        repository_url: String::new(),
        ..site(ForgeKind::GitHub)
    };
    let body = document(&of_plan(small_plan(), checked(3, 3)), &site);
    let step = body
        .as_str()
        .lines()
        .find(|line| line.starts_with("- **T1**"));
    assert_eq!(
        step,
        Some("- **T1** Refuse a depth of 0 — `src/cli/walk.rs:41-48`")
    );
    assert!(!body.as_str().contains("]("), "{}", body.as_str());
}

fn step_with(target: &Target, references: References, forge: ForgeKind) -> String {
    let mut plan = small_plan();
    for change in &mut plan.changes {
        change.anchors.clear();
        change.target = target.clone();
    }
    let body = rendered(&of_plan(plan, references), forge);
    let step = body.lines().find_map(|line| line.strip_prefix("- **T1** "));
    let link = step
        .unwrap()
        .strip_prefix("Refuse a depth of 0 — ")
        .unwrap();
    link.replace("https://forge.test/acme/engine", "")
}

#[test]
fn links_have_the_forms_of_their_forge() {
    let links = [
        (verified("src/a b.rs", 3, 9), ForgeKind::GitHub),
        (verified("src/a b.rs", 3, 9), ForgeKind::GitLab),
        (verified("docs/(ä)#?.MD", 3, 3), ForgeKind::GitHub),
        (verified("docs/(ä)#?.MD", 3, 3), ForgeKind::GitLab),
        (whole("README.md"), ForgeKind::GitHub),
        (whole("Makefile"), ForgeKind::GitLab),
    ]
    .map(|(target, forge)| step_with(&target, checked(1, 1), forge));
    assert_eq!(
        links,
        [
            "[`src/a b.rs:3-9`](/blob/COMMIT/src/a%20b.rs#L3-L9)",
            "[`src/a b.rs:3-9`](/-/blob/COMMIT/src/a%20b.rs#L3-9)",
            "[`docs/(ä)#?.MD:3`](/blob/COMMIT/docs/%28%C3%A4%29%23%3F.MD?plain=1#L3)",
            "[`docs/(ä)#?.MD:3`](/-/blob/COMMIT/docs/%28%C3%A4%29%23%3F.MD#L3)",
            "[`README.md`](/blob/COMMIT/README.md)",
            "[`Makefile`](/-/blob/COMMIT/Makefile)",
        ]
    );
}

#[test]
fn places_that_were_not_found_are_marked_and_never_linked() {
    let forge = ForgeKind::GitHub;
    let shown = [
        step_with(&unverified("src/[ghost](x).rs"), checked(0, 1), forge),
        step_with(&unverified("src/ghost.rs"), References::default(), forge),
        step_with(&new("src/added.rs"), checked(1, 1), forge),
    ];
    assert_eq!(
        shown,
        [
            "`src/[ghost](x).rs` (**not found in the repository**)",
            "`src/ghost.rs`",
            "`src/added.rs` (new file)",
        ]
    );
}

#[test]
fn a_plan_that_nobody_checked_says_so() {
    let body = rendered(
        &of_plan(small_plan(), References::default()),
        ForgeKind::GitHub,
    );
    let status = body.lines().nth(2).unwrap();
    assert!(status.ends_with(" · references not checked"), "{status}");
}

/// What one escaped text looks like.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    super::escape::inline(&mut out, text, 2_000);
    out
}

#[test]
fn prose_stays_readable() {
    let seen = [
        "Keep it as it is (3 of 4 callers rely on it), please!",
        "A well-known half-open range; see e.g. the docs. Done?",
        "Use `Config::load`, not Config::new.",
        "It's \"quoted\", 50% done & more",
        "1. First, at 10:30, on 2026-01-02",
        "- # + = > start",
        "Fixes #12 for @someone at www.leak.example",
        "a * b _ c [d] <e>",
        "`open and ``closed``",
        "two\n\nparagraphs\r\nand /close",
    ]
    .map(escaped);
    assert_eq!(
        seen,
        [
            "Keep it as it is (3 of 4 callers rely on it), please!",
            "A well-known half-open range; see e.g. the docs. Done?",
            "Use `Config::load`, not `Config::new`.",
            "It's \"quoted\", 50% done &amp; more",
            "1\\. First, at 10:30, on 2026-01-02",
            "\\- \\# + = &gt; start",
            "Fixes `#12` for `@someone` at `www.leak.example`",
            "a \\* b \\_ c `[d]` `<e>`",
            "&#96;open and `closed`",
            "two paragraphs and `/close`",
        ]
    );
}

#[test]
fn code_of_strangers_stays_in_its_block() {
    let code = |forge| {
        let mut out = String::new();
        let code = super::code::Code {
            language: "Mermaid",
            text: "\n\n/close\n```\n  /merge\n````x\n\n",
            max_lines: 9,
        };
        super::code::block(&mut out, forge, &code);
        out
    };
    assert_eq!(
        code(ForgeKind::GitHub),
        "`````\n/close\n```\n  /merge\n````x\n`````\n"
    );
    assert_eq!(
        code(ForgeKind::GitLab),
        "```\n /close\n`` `\n  /merge\n`` ``x\n```\n"
    );
}

#[test]
fn snippets_are_cut_at_twelve_lines() {
    let mut plan = small_plan();
    for change in &mut plan.changes {
        change.snippet = Some(Snippet {
            language: "toml".to_owned(),
            code: "line\n".repeat(40),
        });
    }
    let body = rendered(&of_plan(plan, checked(1, 1)), ForgeKind::GitHub);
    let block = format!("```toml\n{}…\n```\n", "line\n".repeat(12));
    assert!(body.contains(&block), "{body}");
}

/// A plan with many long parts.
fn giant_plan(text: &str, parts: usize) -> Plan {
    let mut plan = plan_of(text);
    let id = |number| format!("{number}");
    plan.changes = (0..parts).map(|number| change(&id(number), text)).collect();
    plan.steps = (0..parts)
        .map(|number| step(&id(number), text, &[&id(number)]))
        .collect();
    plan.decisions = vec![plan.decisions.swap_remove(0); parts];
    plan.risks = vec![plan.risks.swap_remove(0); parts];
    plan.request_points = vec![plan.request_points.swap_remove(0); parts];
    plan
}

fn notice_of(body: &str) -> &str {
    let notice = body.lines().find(|line| line.starts_with("Shortened"));
    notice.unwrap_or_default()
}

#[test]
fn a_giant_plan_stays_one_harmless_comment() {
    let words = "word ".repeat(300);
    let texts = [
        words.as_str(),
        &"`".repeat(900),
        &"@ ".repeat(700),
        &"<".repeat(999),
        &"𝒳".repeat(800),
    ];
    for text in texts {
        for forge in FORGES {
            let site = site(forge);
            let document = of_plan(giant_plan(text, 30), checked(1, 9));
            let body = super::document(&document, &site);
            let found = offences(body.as_str(), &site);
            assert!(found.is_empty(), "{}", found.join("\n"));
            assert!(!notice_of(body.as_str()).is_empty());
        }
    }
}

#[test]
fn a_giant_outline_stays_one_harmless_comment() {
    let site = site(ForgeKind::GitHub);
    let mut outline = outline_of(&"`".repeat(900));
    outline.candidates = vec![outline.candidates.swap_remove(0); 90];
    outline.mentions = vec![outline.mentions.swap_remove(0); 90];
    let body = document(&of_outline(outline), &site);
    let found = offences(body.as_str(), &site);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(!notice_of(body.as_str()).is_empty());
}

#[test]
fn what_does_not_fit_is_left_out_in_order() {
    let words = "word ".repeat(60);
    let notices = [1, 6, 15, 60].map(|parts| {
        let body = rendered(
            &of_plan(giant_plan(words.trim(), parts), checked(1, 9)),
            ForgeKind::GitHub,
        );
        notice_of(&body).to_owned()
    });
    insta::assert_snapshot!(notices.join("\n"), @"
    Shortened to fit into one comment; left out: code snippets; details of the last 6 steps.
    Shortened to fit into one comment; left out: code snippets; details of the last 15 steps; the section “Prompt for a coding agent”; the section “Architecture notes and what is left out”; the section “What the code does today”; the section “Risks”; the section “Assumptions and open questions”.
    Shortened to fit into one comment; left out: code snippets; details of the last 60 steps; the section “Prompt for a coding agent”; the section “Architecture notes and what is left out”; the section “What the code does today”; the section “Risks”; the section “Assumptions and open questions”; the section “Dependencies proposed”; the ends of long texts and lists; the last 18 steps.
    ");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let [first, second] = [(); 2].map(|()| {
        let document = of_plan(giant_plan("Some words", 40), checked(1, 9));
        rendered(&document, ForgeKind::GitLab)
    });
    assert_eq!(first, second);
}

#[test]
fn a_marker_is_found_whatever_the_forge_does_to_lines() {
    let site = site(ForgeKind::GitHub);
    let body = document(&of_plan(small_plan(), checked(1, 1)), &site);
    let stored = format!("{}\r\nEdited.", body.as_str().replace('\n', "\r\n"));
    assert!(marker::is_valid(&KEY, SUBJECT, &stored));
}

#[test]
fn foreign_markers_are_worth_nothing() {
    let own = marker::marker(&KEY, SUBJECT);
    let foreign = [
        marker::marker(&[8; 32], SUBJECT),
        marker::marker(&KEY, "github:github.com:42#8"),
        own.replace("mac=", "mac=00"),
        own.replace(" -->", ""),
        format!("> {own}"),
        "<!-- planwright:v1 kind=plan mac= -->".to_owned(),
        String::new(),
    ];
    let valid = foreign
        .iter()
        .filter(|body| marker::is_valid(&KEY, SUBJECT, body));
    assert_eq!(valid.count(), 0);
}

#[test]
fn the_marker_is_one_line_of_a_known_form() {
    let own = marker::marker(&KEY, SUBJECT);
    let code = own
        .strip_prefix("<!-- planwright:v1 kind=plan mac=")
        .and_then(|rest| rest.strip_suffix(" -->"))
        .unwrap();
    assert!(code.len() == 64 && code.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn a_sealed_body_comes_back_whole() {
    let body = document(
        &of_plan(small_plan(), checked(1, 1)),
        &site(ForgeKind::GitLab),
    );
    assert_eq!(CommentBody::restore(&KEY, &body.seal(&KEY)), Some(body));
}

#[test]
fn a_changed_seal_is_refused() {
    let body = document(
        &of_plan(small_plan(), checked(1, 1)),
        &site(ForgeKind::GitLab),
    );
    let sealed = body.seal(&KEY);
    let own = marker::marker(&KEY, SUBJECT);
    let (_, code) = own.split_once("mac=").unwrap();
    let code = code.trim_end_matches(" -->");
    let changed = [
        format!("{sealed} "),
        sealed.replace("Plan", "Plot"),
        sealed.replacen(|c: char| c.is_ascii_digit(), "x", 1),
        sealed.replace('\n', ""),
        format!("{code}\n{SUBJECT}"),
        String::new(),
    ];
    let accepted = changed
        .iter()
        .filter(|sealed| CommentBody::restore(&KEY, sealed).is_some());
    assert_eq!(accepted.count(), 0);
    assert_eq!(CommentBody::restore(&[8; 32], &sealed), None);
}

/// Pieces that mean something to Markdown or to a forge.
const PIECES: &[&str] = &[
    "`",
    "``",
    "```",
    "~~~",
    "\n",
    "\r",
    " ",
    "  ",
    "\\",
    "*",
    "**",
    "_",
    "[",
    "]",
    "](",
    "(",
    ")",
    "<",
    ">",
    "!",
    "![",
    "#",
    "@",
    "&",
    "$",
    "%",
    "~",
    "|",
    "-",
    "+",
    "=",
    ":",
    "/",
    "//",
    ".",
    "\"",
    "'",
    "{",
    "}",
    "^",
    "0",
    "12",
    "1.",
    "a",
    "word",
    "www",
    "www.",
    "http",
    "://",
    "x.io",
    "abcdef1",
    "GH-",
    "/close",
    "<!--",
    "-->",
    "<b>",
    "</details>",
    "&#64;",
    "&lt;",
    "\u{200b}",
    "\u{2028}",
    "\u{e0041}",
    "\u{301}",
    "é",
    "漢",
    "\t",
    "rust",
    "---",
    "> ",
    "- ",
];

fn hostile_strategy() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES);
    prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn made_up_texts_are_harmless_in_every_field(text in hostile_strategy()) {
        for (forge, document) in each_forge(&text) {
            let site = site(forge);
            let body = super::document(&document, &site);
            let found = offences(body.as_str(), &site);
            proptest::prop_assert!(found.is_empty(), "{text:?}\n{}\n{}", found.join("\n"), body.as_str());
        }
    }
}

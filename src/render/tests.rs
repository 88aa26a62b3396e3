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
    found.extend(seen.links.iter().filter(|link| !is_ours(link)).map(|link| format!("link {link}")));
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
        r"(?i)(https?|ftp|javascript|data|mailto|smb|wss|xmpp):",
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
        seen.forbidden.extend(definitions.map(|(label, _)| format!("definition {label}")));
        for event in parser {
            match event {
                Event::Start(Tag::List(None) | Tag::Item) => {
                    seen.texts.push(std::mem::take(&mut text));
                }
                Event::Start(Tag::Link { dest_url, title, .. }) => {
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
    let ticks = &line[..line.len() - language.len()];
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
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
    let pairs = FORGES.into_iter().flat_map(|forge| documents.clone().map(|it| (forge, it)));
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
        "break-unbalanced",
        "break-backslash",
        "text-plain",
        "text-scripts",
        "text-code",
        "text-path",
    ];
    let unexpected: Vec<_> = blind.iter().filter(|id| !harmless.contains(&id.as_str())).collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
}

/// Pieces that mean something to Markdown or to a forge.
fn hostile_strategy() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "`", "``", "```", "~~~", "\n", "\r", " ", "  ", "\\", "*", "**", "_", "[", "]", "](", "(",
        ")", "<", ">", "!", "![", "#", "@", "&", "$", "%", "~", "|", "-", "+", "=", ":", "/", "//",
        ".", "\"", "'", "{", "}", "^", "0", "12", "1.", "a", "word", "www", "www.", "http", "://",
        "x.io", "abcdef1", "GH-", "/close", "<!--", "-->", "<b>", "</details>", "&#64;", "&lt;",
        "\u{200b}", "\u{2028}", "\u{e0041}", "\u{301}", "é", "漢", "\t", "rust", "---", "> ", "- ",
    ]);
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

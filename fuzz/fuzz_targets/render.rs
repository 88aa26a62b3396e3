//! Whatever stands in the texts of a plan: its comment has no heading, element, link or image that is not the renderer's.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use planwright::domain::document::{Content, Document, Receipt, References};
use planwright::domain::repository::{CommitSha, ForgeKind};
use planwright::planner::draft::PlanFile;
use planwright::planner::verify::unchecked;
use planwright::redact::Redactor;
use planwright::render::Site;
use planwright::service::comment;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;

/// A plan with something in every field.
const PLAN: &str = include_str!("plan.json");

const ADDRESS: &str = "https://forge.example/group/engine";

/// Fields whose words are the schema's or the plan's own.
const WORDS: [&str; 10] = [
    "id",
    "kind",
    "op",
    "relation",
    "registry",
    "category",
    "topic",
    "covers",
    "depends_on",
    "used_by",
];

/// Making one takes longer than any comment.
static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(&[]));

fuzz_target!(|texts: (&str, &str)| {
    let Ok(plain) = serde_json::from_str::<Value>(PLAN) else {
        panic!("the plan is no JSON");
    };
    for forge in [ForgeKind::GitHub, ForgeKind::GitLab] {
        let Some(template) = comment(&plain, forge) else {
            panic!("the plan is none");
        };
        let mut plan = plain.clone();
        replace(&mut plan, texts, 0);
        // Texts beyond the limits make no plan.
        if let Some(body) = comment(&plan, forge) {
            let known = headings(&template);
            let mut known = known.iter();
            for heading in headings(&body) {
                assert!(known.any(|one| *one == heading), "{heading} in {body}");
            }
            judge(&body);
        }
    }
});

/// Puts the texts in place of all others, in turn.
fn replace(value: &mut Value, texts: (&str, &str), turn: usize) {
    match value {
        Value::String(old) => {
            *old = if turn % 2 == 0 { texts.0 } else { texts.1 }.to_owned();
        }
        Value::Array(items) => {
            for item in items {
                replace(item, texts, turn);
            }
        }
        Value::Object(fields) => {
            for (turn, (name, field)) in fields.iter_mut().enumerate() {
                let is_reference = name == "changes" && field.get(0).is_some_and(Value::is_string);
                if !WORDS.contains(&name.as_str()) && !is_reference {
                    replace(field, texts, turn);
                }
            }
        }
        _ => {}
    }
}

fn comment(plan: &Value, forge: ForgeKind) -> Option<String> {
    let file = PlanFile::parse(&plan.to_string()).ok()?;
    let document = Document {
        commit: CommitSha::parse(&"a".repeat(40)).ok()?,
        revision: 1,
        language: None,
        content: Content::Plan {
            plan: Box::new(unchecked(&file.draft, None)),
            references: References::default(),
        },
        receipt: Receipt::default(),
        sources: Vec::new(),
        age: None,
        history: Vec::new(),
    };
    let site = Site {
        forge,
        repository_url: ADDRESS.to_owned(),
        marker: String::new(),
    };
    let body = comment::render(document, &REDACTOR, &site);
    Some(body.as_str().to_owned())
}

fn parse(body: &str) -> Parser<'_> {
    let gfm = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    Parser::new_ext(body, gfm)
}

fn headings(body: &str) -> Vec<String> {
    let mut headings = Vec::new();
    let mut current: Option<String> = None;
    for event in parse(body) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => current = Some(format!("{level} ")),
            Event::End(TagEnd::Heading(_)) => headings.extend(current.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut current {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    headings
}

/// Panics on what no comment may have.
fn judge(body: &str) {
    let mut open = 0_i32;
    for event in parse(body) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::Table(_) | Tag::FootnoteDefinition(_)) => {
                panic!("an active block: {body}");
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                assert!(
                    dest_url.starts_with(ADDRESS),
                    "a link to {dest_url}: {body}"
                );
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {
                panic!("an active mark: {body}");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.trim();
                let is_summary = html.starts_with("<summary>") && html.ends_with("</summary>");
                open += i32::from(html == "<details>") - i32::from(html == "</details>");
                assert!(
                    is_summary || matches!(html, "" | "<details>" | "</details>"),
                    "an element {html}: {body}"
                );
            }
            _ => {}
        }
    }
    assert_eq!(open, 0, "a folded part is not closed: {body}");
}

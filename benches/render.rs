//! How fast comments are made: bytes of foreign text that go in, per second. Plans of three sizes, of
//! harmless and of hostile texts; the best of a few rounds counts, because others use the machine too.
//!
//! Run with `cargo bench --bench render`.

#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use planwright::domain::document::{Content, Document, Receipt, References};
use planwright::domain::repository::{CommitSha, ForgeKind};
use planwright::planner::draft::PlanFile;
use planwright::planner::verify;
use planwright::render::{self, Site};
use serde_json::{Value, json};

/// How long one round of one plan is measured.
const ROUND: Duration = Duration::from_millis(400);

/// Rounds of which the best counts.
const ROUNDS: usize = 5;

const PROSE: &str = "The queue of waiting tasks has no limit, so `spawn_task` accepts work until memory ends. \
    Compare its length under the lock that guards it, and return an error that callers can tell apart.";

const HOSTILE: &str = "@everyone look at #12, GH-7 and !3: <img src=//x> [a](http://b) `c` ``d`` \
    /close $x$ :::: www.example.org 0123abc ~label | **bold** &lt; fixes acme/engine#1";

fn change(number: usize, text: &str) -> Value {
    json!({
        "id": format!("C{number}"), "op": "modify", "path": format!("src/part{number}.rs"), "new_path": "",
        "anchors": [{"symbol": "Queue::push", "quote": "fn push(&mut self) {", "line_hint": 0, "relation": "inside"}],
        "evidence": [], "what": text, "why": text,
        "interfaces": [{"kind": "method", "name": "Queue::push", "signature": "fn push(&mut self, task: Task) -> Result<(), Full>",
            "params": [{"name": "task", "type": "Task", "meaning": text}], "returns": text, "breaking": true}],
        "data_structures": [{"name": "Queue", "change": text}], "imports": ["use std::num::NonZeroUsize;"],
        "config": [{"key": "queue.limit", "value": "100", "purpose": text}],
        "snippet": {"language": "rust", "code": "if self.tasks.len() >= limit {\n    return Err(Full);\n}\n"},
        "reuses": ["src/queue.rs::Queue"], "why_new": "",
        "side_effects": [{"path": "src/lib.rs", "symbol": "run", "effect": text, "action": text}],
        "covers": ["R1"], "depends_on": []
    })
}

fn plan(changes: usize, text: &str) -> Value {
    let step = |number: usize| json!({"id": format!("T{number}"), "title": text, "detail": text, "changes": [format!("C{number}")]});
    json!({
        "understanding": {
            "restatement": text, "request_points": [{"id": "R1", "text": text, "kind": "behaviour"}],
            "assumptions": [{"id": "A1", "text": text, "if_wrong": text}],
            "open_questions": [{"id": "Q1", "question": text, "why": text, "default_taken": text}]
        },
        "findings": [{"statement": text, "evidence": []}, {"statement": text, "evidence": []}],
        "decisions": [{"id": "D1", "question": text, "options": [{"name": "a", "trade_off": text}, {"name": "b", "trade_off": text}], "recommendation": "a", "rationale": text}],
        "changes": (1..=changes).map(|number| change(number, text)).collect::<Vec<_>>(),
        "steps": (1..=changes).map(step).collect::<Vec<_>>(),
        "dependencies": [], "risks": [{"category": "security", "risk": text, "mitigation": text, "changes": []}],
        "architecture_notes": [], "out_of_scope": [text]
    })
}

/// Bytes of all texts in a plan.
fn texts(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(texts).sum(),
        Value::Object(fields) => fields.values().map(texts).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn document(plan: &Value) -> Result<Document> {
    let file = PlanFile::parse(&plan.to_string()).context("reading the plan")?;
    Ok(Document {
        commit: CommitSha::parse(&"a1".repeat(20)).context("the commit")?,
        revision: 1,
        language: None,
        content: Content::Plan {
            plan: Box::new(verify::unchecked(&file.draft, None)),
            references: References::default(),
        },
        receipt: Receipt::default(),
        sources: Vec::new(),
        age: None,
        history: Vec::new(),
    })
}

/// Bytes of comment that one plan makes, and how long making it takes.
fn measure(document: &Document, site: &Site) -> (usize, Duration) {
    let mut best = Duration::MAX;
    let mut length = 0;
    for _ in 0..ROUNDS {
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < ROUND {
            length = render::document(document, site).as_str().len();
            count += 1;
        }
        best = best.min(start.elapsed() / count);
    }
    (length, best)
}

fn main() -> Result<()> {
    println!(
        "{:<10} {:>8} {:>12} {:>12} {:>10} {:>10}",
        "texts", "changes", "bytes in", "bytes out", "time", "MB/s in"
    );
    for (name, text) in [("harmless", PROSE), ("hostile", HOSTILE)] {
        for changes in [1, 8, 40] {
            for forge in [ForgeKind::GitHub, ForgeKind::GitLab] {
                let site = Site {
                    forge,
                    repository_url: "https://forge.example/acme/engine".to_owned(),
                    marker: String::new(),
                };
                let plan = plan(changes, text);
                let (out, time) = measure(&document(&plan)?, &site);
                let bytes = texts(&plan);
                let speed = bytes as f64 / time.as_secs_f64() / 1e6;
                println!(
                    "{name:<10} {changes:>8} {bytes:>12} {out:>12} {time:>10.1?} {speed:>10.1}"
                );
            }
        }
    }
    Ok(())
}

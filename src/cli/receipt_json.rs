//! What was read, left out and spent for a document, for scripts.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::Budgets;
use crate::domain::document::{ChangesRead, Receipt, Skipped, ToolUse};

/// The receipt beside a plan or an outline.
#[derive(Serialize)]
pub(super) struct ReceiptJson<'a> {
    expertise: &'a str,
    profile: &'a str,
    files: usize,
    files_read: usize,
    bytes_read: u64,
    skipped: Vec<CountJson<'a>>,
    hidden_parts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangesJson>,
    redactions: &'a BTreeMap<String, u64>,
    model: &'a str,
    spent: SpentJson<'a>,
    budget: BudgetJson,
    tools: Vec<CountJson<'a>>,
    excerpts_sent: usize,
    excerpts_cited: usize,
    notes: &'a [String],
}

#[derive(Serialize)]
struct CountJson<'a> {
    name: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct ChangesJson {
    files: u64,
    named: usize,
    cut: usize,
    withheld: usize,
    reviews: usize,
    more_reviews: usize,
}

#[derive(Serialize)]
struct SpentJson<'a> {
    model_calls: u32,
    input_tokens: u64,
    cached_tokens: u64,
    output_tokens: u64,
    cost: &'a str,
}

/// The most that could have been spent; money is left out where it has no limit.
#[derive(Serialize)]
struct BudgetJson {
    model_calls: u32,
    input_tokens: u64,
    output_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cents: Option<u64>,
    seconds: u64,
}

impl<'a> ReceiptJson<'a> {
    /// What `receipt` says, beside what `budgets` would have granted.
    pub(super) fn of(receipt: &'a Receipt, budgets: &Budgets) -> Self {
        Self {
            expertise: &receipt.expertise,
            profile: &receipt.profile,
            files: receipt.files,
            files_read: receipt.files_read,
            bytes_read: receipt.bytes_read,
            skipped: receipt.skipped.iter().map(skipped).collect(),
            hidden_parts: receipt.hidden_parts,
            changes: receipt.changes.as_ref().map(changes),
            redactions: &receipt.redactions,
            model: &receipt.model,
            spent: SpentJson {
                model_calls: receipt.model_calls,
                input_tokens: receipt.input_tokens,
                cached_tokens: receipt.cached_tokens,
                output_tokens: receipt.output_tokens,
                cost: &receipt.cost,
            },
            budget: BudgetJson {
                model_calls: budgets.model_calls,
                input_tokens: budgets.input_tokens,
                output_tokens: budgets.output_tokens,
                cents: (budgets.plan_cents > 0).then_some(budgets.plan_cents),
                seconds: budgets.plan_time.as_secs(),
            },
            tools: receipt.tools.iter().map(tool).collect(),
            excerpts_sent: receipt.excerpts_sent,
            excerpts_cited: receipt.excerpts_cited,
            notes: &receipt.notes,
        }
    }
}

fn skipped(skipped: &Skipped) -> CountJson<'_> {
    CountJson {
        name: &skipped.reason,
        count: skipped.count,
    }
}

fn tool(tool: &ToolUse) -> CountJson<'_> {
    CountJson {
        name: &tool.name,
        count: tool.count,
    }
}

fn changes(read: &ChangesRead) -> ChangesJson {
    ChangesJson {
        files: read.files,
        named: read.named,
        cut: read.cut,
        withheld: read.withheld,
        reviews: read.reviews,
        more_reviews: read.more_reviews,
    }
}

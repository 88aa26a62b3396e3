//! How much a model takes: estimates before asking, and what its count says afterwards.

use crate::model::{Message, Turn};

/// Context windows by the start of a model's name, as their makers state them; the smallest of each
/// family, because a guess that is too large is found out by the provider only. Configuration wins.
const KNOWN_WINDOWS: [(&str, u32); 8] = [
    ("claude-", 200_000),
    ("gemini-", 1_000_000),
    ("gpt-4o", 128_000),
    ("gpt-4.1", 1_000_000),
    ("gpt-5", 128_000),
    ("gpt-6", 128_000),
    ("o3", 128_000),
    ("o4-mini", 128_000),
];

/// A prompt has been cut when fewer than this many percent of the fewest possible tokens were read:
/// the rest is room for tokenizers that we do not know.
const CUT_PERCENT: u64 = 90;

/// A server that says it has read fewer tokens than this does not count those that it had kept: no
/// context window is that small.
const SMALLEST_WINDOW: u64 = 1_024;

/// What a model can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Tokens of a question and its answer together; `None` when nobody said.
    pub context_tokens: Option<u32>,
    /// Most tokens of one answer.
    pub max_output: Option<u32>,
    /// Whether it may be given tools.
    pub tools: bool,
}

/// What a text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Source code.
    Code,
    /// JSON.
    Json,
    /// English.
    Prose,
}

impl TextKind {
    /// Tenths of a byte that one token has, a little fewer than measured for current tokenizers.
    const fn token_tenths(self) -> usize {
        match self {
            Self::Code => 30,
            Self::Json => 26,
            Self::Prose => 36,
        }
    }
}

/// How many tokens a text of `bytes` bytes has, estimated on the high side.
pub fn estimate_tokens(bytes: usize, kind: TextKind) -> u64 {
    let tokens = bytes.saturating_mul(10).div_ceil(kind.token_tenths());
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

/// How many tokens `turn` has, estimated on the high side: all of its messages count as code.
pub(super) fn estimate_turn(turn: &Turn) -> u64 {
    let ours: u64 = (turn.messages.iter().flat_map(Message::texts))
        .map(|text| estimate_tokens(text.len(), TextKind::Code))
        .sum();
    let theirs: u64 = (turn.messages.iter())
        .filter_map(|message| match message {
            Message::Model(verbatim) => Some(verbatim),
            Message::User { .. } | Message::Results(_) => None,
        })
        .flat_map(|verbatim| {
            let arguments = verbatim.calls.iter().map(|call| call.arguments.len());
            arguments.chain([verbatim.text.len()])
        })
        .map(|bytes| estimate_tokens(bytes, TextKind::Json))
        .sum();
    let schema = turn.schema.map_or(0, |schema| schema.json.len());
    let tools = turn.tools.iter();
    let tools: usize = tools
        .map(|tool| tool.description.len() + tool.arguments.len())
        .sum();
    ours + theirs
        + estimate_tokens(turn.system.len(), TextKind::Prose)
        + estimate_tokens(schema + tools, TextKind::Json)
}

/// The fewest tokens that `turn` can have. Tokenizers cut texts between letters and other signs before
/// they join anything, so that each run of letters and digits is a token at least. What a model said
/// itself is left out: providers drop its thoughts.
pub(super) fn fewest_tokens(turn: &Turn) -> u64 {
    let texts = turn.messages.iter().flat_map(Message::texts);
    texts.chain([turn.system.as_str()]).map(count_runs).sum()
}

/// Whether a server that says it has read `reported` tokens cannot have read all of a prompt that has
/// `fewest` at least.
pub(super) fn is_cut(reported: u64, fewest: u64) -> bool {
    reported >= SMALLEST_WINDOW && reported.saturating_mul(100) < fewest.saturating_mul(CUT_PERCENT)
}

/// The context window of a well-known model; `None` for others.
pub(super) fn find_window(model: &str) -> Option<u32> {
    let name = model.rsplit('/').next().unwrap_or(model);
    (KNOWN_WINDOWS.iter())
        .find(|(start, _)| name.starts_with(start))
        .map(|(_, tokens)| *tokens)
}

fn count_runs(text: &str) -> u64 {
    let mut inside = false;
    let mut runs = 0;
    for letter in text.chars() {
        let is_part = letter.is_alphanumeric();
        runs += u64::from(is_part && !inside);
        inside = is_part;
    }
    runs
}

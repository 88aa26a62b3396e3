//! One model at one address, whatever its provider's format.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use crate::model::exchange::{Answer, Exchange};
use crate::model::failure::Failure;
use crate::model::ladder::Ladder;
use crate::model::limits::{estimate_turn, fewest_tokens, is_cut};
use crate::model::pace::Pace;
use crate::model::price::Price;
use crate::model::question::Question;
use crate::model::wire::{Ask, Assembled, Wire};
use crate::model::{Limits, Model, ModelError, Reply, Rung, Turn, Verbatim};

/// Sizes of context windows that are asked for where that is ours to choose: few, because a server
/// loads the model again for another size.
const WINDOW_STEP: u32 = 16_384;

/// An answer that has less than one part in this many of a small window is not worth asking for.
const LEAST_ANSWER_SHARE: u32 = 4;

/// Why an answer without words and calls is of no use.
const NO_ANSWER: &str = "an empty answer";

/// What the settings say of a model.
#[derive(Debug)]
pub(super) struct Traits {
    pub(super) name: String,
    pub(super) price: Option<Price>,
    pub(super) effort: Option<String>,
    /// From sending to the last byte.
    pub(super) timeout: Duration,
    pub(super) tools: bool,
    pub(super) configured_window: Option<u32>,
    /// The window that the model's maker states.
    pub(super) known_window: Option<u32>,
    pub(super) max_output_tokens: u32,
    /// Whether the model does better when it sees the schema that it is held to.
    pub(super) schema_in_prompt_too: bool,
}

/// A model, and what was learned of its server.
pub(super) struct Client {
    traits: Traits,
    exchange: Exchange,
    ladder: Ladder,
    pace: Pace,
    /// The formats to speak, the preferred one first; never empty.
    wires: Vec<Box<dyn Wire>>,
    wire: AtomicUsize,
    omitted: Mutex<BTreeSet<&'static str>>,
    refuses_tools: AtomicBool,
    /// Whether the server was asked for its window, and the window; 0 while unknown.
    inquired: AtomicBool,
    learned_window: AtomicU32,
    /// The largest window that was asked for.
    used_window: AtomicU32,
}

impl Client {
    /// Speaks the first of `wires`, and the next one when the server does not know it.
    pub(super) fn new(
        traits: Traits,
        exchange: Exchange,
        ladder: Ladder,
        wires: Vec<Box<dyn Wire>>,
    ) -> Self {
        Self {
            traits,
            exchange,
            ladder,
            pace: Pace::default(),
            wires,
            wire: AtomicUsize::new(0),
            omitted: Mutex::default(),
            refuses_tools: AtomicBool::new(false),
            inquired: AtomicBool::new(false),
            learned_window: AtomicU32::new(0),
            used_window: AtomicU32::new(0),
        }
    }

    async fn converse(&self, turn: &Turn) -> Result<Reply, ModelError> {
        self.inquire().await;
        let room = self.room_for(turn)?;
        self.pace.wait().await?;
        let rung = turn.schema.map(|_| self.ladder.rung());
        let question = Question {
            room,
            ..Question::new(turn, rung, self.traits.schema_in_prompt_too)
        };
        let (wire, assembled) = match self.ask(&question).await {
            Err(ModelError::SchemaRejected) if !self.step_down(rung) => {
                return Err(ModelError::Denied { status: 400 });
            }
            other => other?,
        };
        let fewest = fewest_tokens(turn);
        if is_cut(assembled.usage.input_tokens, fewest) {
            return Err(ModelError::PromptCut {
                reported: assembled.usage.input_tokens,
                least: fewest,
            });
        }
        self.reply_of(&question, assembled, wire)
    }

    /// Asks until the server has understood the question: each round leaves out one more parameter
    /// that it refused, or speaks the next format, so that there is an end.
    async fn ask(&self, question: &Question<'_>) -> Result<(&dyn Wire, Assembled), ModelError> {
        loop {
            let wire = self.current_wire()?;
            let omitted = self.omitted();
            let prepared = wire.prepare(&self.put(question, wire, &omitted))?;
            let answer = self
                .exchange
                .send(&prepared, |headers| self.pace.learn(headers));
            let failure = match answer.await? {
                Answer::Fine(response) => {
                    let most = question.room;
                    let assembly = wire.assembly(question.asked());
                    let assembled = self.exchange.read(response, assembly, most).await;
                    return match assembled {
                        Ok(assembled) => Ok((wire, assembled)),
                        Err(error) => Err(self.noted(error)),
                    };
                }
                Answer::Failed(failure) => failure,
            };
            if !self.adapts(wire, &failure, &omitted) {
                if let Some(pause) = failure.named_pause() {
                    self.pace.hold(pause);
                }
                return Err(self.noted(failure.error(question.asked())));
            }
        }
    }

    /// Whether there is another way to put the question to a server that failed in this way.
    fn adapts(&self, wire: &dyn Wire, failure: &Failure, omitted: &BTreeSet<&str>) -> bool {
        let left = wire.optional().iter();
        let left = left.filter(|parameter| !omitted.contains(parameter.name));
        if let Some(name) = failure.refuses(left) {
            return (self.omitted.lock()).is_ok_and(|mut omitted| omitted.insert(name));
        }
        let spoken = self.wire.load(Ordering::Relaxed);
        let has_next = spoken + 1 < self.wires.len();
        if has_next && failure.is_missing_address() {
            self.wire.store(spoken + 1, Ordering::Relaxed);
            return true;
        }
        false
    }

    fn noted(&self, error: ModelError) -> ModelError {
        if error == ModelError::ToolsRejected {
            self.refuses_tools.store(true, Ordering::Relaxed);
        }
        error
    }

    fn step_down(&self, rung: Option<Rung>) -> bool {
        let stepped = rung.is_some_and(|rung| self.ladder.refused(rung));
        if stepped {
            let rung = self.ladder.rung();
            tracing::info!(
                ?rung,
                "the model's provider refused the schema; it is put another way"
            );
        }
        stepped
    }

    fn current_wire(&self) -> Result<&dyn Wire, ModelError> {
        let spoken = self.wires.get(self.wire.load(Ordering::Relaxed));
        let wire = spoken.ok_or_else(|| ModelError::unavailable("no format to speak"))?;
        Ok(wire.as_ref())
    }

    fn omitted(&self) -> BTreeSet<&'static str> {
        let omitted = self.omitted.lock();
        omitted.map(|omitted| omitted.clone()).unwrap_or_default()
    }

    fn put<'a>(
        &'a self,
        question: &'a Question<'_>,
        wire: &dyn Wire,
        omitted: &'a BTreeSet<&'static str>,
    ) -> Ask<'a> {
        let turn = question.turn;
        Ask {
            model: &self.traits.name,
            author: self.author(wire),
            system: &turn.system,
            messages: question.messages.as_ref().unwrap_or(&turn.messages),
            tools: turn.tools.iter().chain(&question.tool).collect(),
            format: question.format(),
            max_output_tokens: question.room,
            effort: self.traits.effort.as_deref(),
            context_tokens: self.window_for(turn),
            omitted,
        }
    }

    /// Formats differ in their messages, and models in their signatures.
    fn author(&self, wire: &dyn Wire) -> String {
        format!("{}/{}", wire.kind(), self.traits.name)
    }

    fn window(&self) -> Option<u32> {
        let learned = self.learned_window.load(Ordering::Relaxed);
        let learned = (learned > 0).then_some(learned);
        let traits = &self.traits;
        traits.configured_window.or(learned).or(traits.known_window)
    }

    /// The window to ask for where that is ours to choose: what is configured, or as much as the
    /// question and its answer need, in steps, and never less than before.
    fn window_for(&self, turn: &Turn) -> Option<u32> {
        if self.traits.configured_window.is_some() {
            return self.traits.configured_window;
        }
        let needed = estimate_turn(turn).saturating_add(u64::from(turn.max_output_tokens));
        let needed = u32::try_from(needed).unwrap_or(u32::MAX);
        let stepped = needed.div_ceil(WINDOW_STEP).saturating_mul(WINDOW_STEP);
        let most = self.window().unwrap_or(u32::MAX);
        let before = self
            .used_window
            .fetch_max(stepped.min(most), Ordering::Relaxed);
        Some(before.max(stepped).min(most))
    }

    /// Asks the server for the model's window, once, where nobody has said it.
    async fn inquire(&self) {
        if self.traits.configured_window.is_some() || self.inquired.swap(true, Ordering::Relaxed) {
            return;
        }
        let Some((wire, inquiry)) =
            (self.wires.first()).and_then(|wire| Some((wire, wire.inquiry()?)))
        else {
            return;
        };
        let answer = self.exchange.inquire(inquiry).await;
        if let Some(window) = answer.and_then(|answer| wire.read_window(&answer)) {
            self.learned_window.store(window, Ordering::Relaxed);
        }
    }

    /// Most tokens of the answer to `turn`: what the window leaves of what is wanted. A question that
    /// leaves no room for an answer of use is not asked; the estimate is high, so that the provider's
    /// own count has the last word on what is near the limit.
    fn room_for(&self, turn: &Turn) -> Result<u32, ModelError> {
        let Some(window) = self.window() else {
            return Ok(turn.max_output_tokens);
        };
        let least = turn.max_output_tokens.min(window / LEAST_ANSWER_SHARE);
        let needed = u32::try_from(estimate_turn(turn)).unwrap_or(u32::MAX);
        match window.checked_sub(needed) {
            Some(left) if left >= least => Ok(left.min(turn.max_output_tokens)),
            _ => Err(ModelError::TooLong),
        }
    }

    fn reply_of(
        &self,
        question: &Question<'_>,
        assembled: Assembled,
        wire: &dyn Wire,
    ) -> Result<Reply, ModelError> {
        let Assembled {
            mut text,
            mut calls,
            mut message,
            truncated,
            usage,
        } = assembled;
        let mut author = self.author(wire);
        if let Some(tool) = &question.tool {
            let answer = calls.iter().position(|call| call.name == tool.name);
            if let Some(answer) = answer.map(|position| calls.remove(position)) {
                // The call has no result, so that nobody may be shown it as a call again.
                text = answer.arguments;
                (author, message) = (String::new(), serde_json::Value::Null);
            }
        }
        if text.trim().is_empty() && calls.is_empty() && !truncated {
            return Err(ModelError::unusable(NO_ANSWER));
        }
        if let Some(rung) = question.rung
            && calls.is_empty()
            && !truncated
            && !is_json(&text)
        {
            self.ladder.ignored(rung);
        }
        Ok(Reply {
            verbatim: Verbatim {
                author,
                message,
                text: text.clone(),
                calls: calls.clone(),
            },
            text,
            calls,
            truncated,
            usage,
            model: self.traits.name.clone(),
            cost: self.traits.price.as_ref().map(|price| price.cost(usage)),
        })
    }
}

#[async_trait]
impl Model for Client {
    fn name(&self) -> &str {
        &self.traits.name
    }

    fn limits(&self) -> Limits {
        Limits {
            context_tokens: self.window(),
            max_output: Some(self.traits.max_output_tokens),
            tools: self.traits.tools && !self.refuses_tools.load(Ordering::Relaxed),
        }
    }

    fn schema_support(&self) -> Rung {
        self.ladder.rung()
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        let limit = self.traits.timeout;
        tokio::time::timeout(limit, self.converse(turn))
            .await
            .unwrap_or_else(|_| {
                Err(ModelError::Unavailable {
                    why: format!("no complete answer within {}s", limit.as_secs()),
                })
            })
    }
}

/// Whether a provider that holds its models to JSON can have let this through.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

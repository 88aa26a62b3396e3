//! A model behind redaction: the only way in which the program asks one.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use async_trait::async_trait;

use crate::model::{Limits, Message, Model, ModelError, Reply, Rung, ToolResult, Turn};
use crate::redact::{Redactor, Tally};

/// A model that is told no secret. Whoever wants to ask it opens a [`Conversation`].
#[derive(Clone)]
pub struct Guarded {
    model: Arc<dyn Model>,
    redactor: Arc<Redactor>,
}

impl Guarded {
    /// Puts `redactor` before `model`.
    pub fn new(model: Arc<dyn Model>, redactor: Arc<Redactor>) -> Self {
        Self { model, redactor }
    }

    /// Begins to ask, and to count what is kept back.
    pub fn converse(&self) -> Conversation<'_> {
        Conversation {
            guarded: self,
            kept_back: Mutex::new(Tally::default()),
        }
    }
}

/// The questions of one job to a [`Guarded`] model.
pub struct Conversation<'g> {
    guarded: &'g Guarded,
    kept_back: Mutex<Tally>,
}

impl Conversation<'_> {
    /// The secrets that the model was not told so far; one that stood in several turns counts once.
    pub fn kept_back(&self) -> Tally {
        let kept_back = self.kept_back.lock();
        kept_back.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `turn` without secrets. The model's own messages go back as they came: their provider wrote
    /// them, and may refuse others.
    fn clean(&self, turn: &Turn) -> Turn {
        let mut tally = Tally::default();
        let mut clean = |text: &str| self.guarded.redactor.redact_into(text, &mut tally);
        let turn = Turn {
            system: clean(&turn.system),
            messages: turn
                .messages
                .iter()
                .map(|one| clean_message(one, &mut clean))
                .collect(),
            tools: turn.tools,
            schema: turn.schema,
            max_output_tokens: turn.max_output_tokens,
        };
        let kept_back = self.kept_back.lock();
        kept_back
            .unwrap_or_else(PoisonError::into_inner)
            .merge(tally);
        turn
    }
}

fn clean_message(message: &Message, clean: &mut impl FnMut(&str) -> String) -> Message {
    match message {
        Message::User { parts } => Message::User {
            parts: parts.iter().map(|part| clean(part)).collect(),
        },
        Message::Model(verbatim) => Message::Model(verbatim.clone()),
        Message::Results(results) => Message::Results(
            results
                .iter()
                .map(|result| ToolResult {
                    id: result.id.clone(),
                    name: result.name.clone(),
                    text: clean(&result.text),
                    is_error: result.is_error,
                })
                .collect(),
        ),
    }
}

#[async_trait]
impl Model for Conversation<'_> {
    fn name(&self) -> &str {
        self.guarded.model.name()
    }

    fn limits(&self) -> Limits {
        self.guarded.model.limits()
    }

    fn schema_support(&self) -> Rung {
        self.guarded.model.schema_support()
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        let turn = self.clean(turn);
        self.guarded.model.reply(&turn).await
    }
}

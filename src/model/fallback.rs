//! A second model for when the first one cannot answer.

use std::sync::Arc;

use async_trait::async_trait;

use crate::model::{Limits, Model, ModelError, Reply, Rung, Turn};

/// `first`, and `second` in its place for each turn that `first` refuses or cannot take now.
pub fn with_fallback(first: Arc<dyn Model>, second: Arc<dyn Model>) -> Arc<dyn Model> {
    Arc::new(Fallback { first, second })
}

struct Fallback {
    first: Arc<dyn Model>,
    second: Arc<dyn Model>,
}

#[async_trait]
impl Model for Fallback {
    fn name(&self) -> &str {
        self.first.name()
    }

    /// What both can take: a conversation may change over to the second at any turn.
    fn limits(&self) -> Limits {
        let (first, second) = (self.first.limits(), self.second.limits());
        Limits {
            context_tokens: least(first.context_tokens, second.context_tokens),
            max_output: first.max_output,
            tools: first.tools && second.tools,
        }
    }

    fn schema_support(&self) -> Rung {
        self.first.schema_support()
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        let error = match self.first.reply(turn).await {
            Err(error) if is_hopeless(&error) => error,
            other => return other,
        };
        tracing::warn!(model = self.second.name(), %error, "the fallback model is asked");
        let most = self.second.limits().max_output;
        let turn = Turn {
            max_output_tokens: least(most, Some(turn.max_output_tokens))
                .unwrap_or(turn.max_output_tokens),
            ..turn.clone()
        };
        match self.second.reply(&turn).await {
            // Of two failures the one counts that says when to come back.
            Err(other) if is_hopeless(&other) && (passes(&error) || !passes(&other)) => Err(error),
            other => other,
        }
    }
}

fn least(left: Option<u32>, right: Option<u32>) -> Option<u32> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (known, other) => known.or(other),
    }
}

/// Whether waiting helps.
fn passes(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::RateLimited { .. } | ModelError::Unavailable { .. }
    )
}

/// Whether the same model would give no answer to another question either, or none to this one.
fn is_hopeless(error: &ModelError) -> bool {
    match error {
        ModelError::Denied { .. }
        | ModelError::RateLimited { .. }
        | ModelError::Unavailable { .. }
        | ModelError::Refused => true,
        ModelError::TooLong
        | ModelError::PromptCut { .. }
        | ModelError::SchemaRejected
        | ModelError::ToolsRejected
        | ModelError::Unusable { .. } => false,
    }
}

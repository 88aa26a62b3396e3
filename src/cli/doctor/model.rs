//! The model: one short question.

use crate::cli::compose;
use crate::cli::doctor::report::Report;
use crate::config::{Loaded, ModelProvider, ModelSettings};
use crate::model::{Message, Model, ModelError, Turn};

/// Most tokens of the answer: enough for two letters, and for a model that thinks first.
const ANSWER_TOKENS: u32 = 256;

const QUESTION: &str = "Answer with the two letters OK.";

pub(super) async fn examine(loaded: &Loaded, report: &mut Report) {
    let settings = &loaded.settings;
    if settings.model.provider == ModelProvider::None {
        return report.ok("model", "none is set; the bot posts outlines");
    }
    examine_one(loaded, ("model", &settings.model), report).await;
    if settings.fallback_model.provider != ModelProvider::None {
        examine_one(loaded, ("fallback_model", &settings.fallback_model), report).await;
    }
}

async fn examine_one(
    loaded: &Loaded,
    (section, chosen): (&'static str, &ModelSettings),
    report: &mut Report,
) {
    let model = match compose::one_model(&loaded.settings, chosen, section) {
        Ok(Some(model)) => model,
        Ok(None) => return,
        Err(failure) => return report.unusable(section, failure.to_string(), String::new()),
    };
    let name = model.name().to_owned();
    match ask(model.as_ref()).await {
        Ok(tokens) => {
            let message = format!("`{name}` answers; it was sent `{QUESTION}` ({tokens} tokens)");
            report.ok(section, message);
        }
        Err(error @ ModelError::Denied { status }) => {
            let hint = match status {
                404 => format!("see that `{section}.name` and `{section}.base_url` are right"),
                _ => format!(
                    "see that `{section}.api_key` is valid and its account may use `{name}`"
                ),
            };
            report.fail(section, error.to_string(), hint);
        }
        Err(error @ ModelError::RateLimited { .. }) => {
            report.warn(
                section,
                error.to_string(),
                "plans wait, or become outlines, meanwhile",
            );
        }
        Err(error @ ModelError::Unavailable { .. }) => {
            let hint = format!("see that this machine can reach `{section}.base_url`");
            report.unknown(section, error.to_string(), hint);
        }
        Err(error) => {
            let hint =
                format!("see that `{section}.provider` is the format that the server speaks");
            report.fail(section, error.to_string(), hint);
        }
    }
}

/// Asks, and returns how many tokens it took.
async fn ask(model: &dyn Model) -> Result<u64, ModelError> {
    let turn = Turn {
        system: "You are asked whether you can be reached.".to_owned(),
        messages: vec![Message::user(QUESTION.to_owned())],
        tools: &[],
        schema: None,
        max_output_tokens: ANSWER_TOKENS,
    };
    let reply = model.reply(&turn).await?;
    Ok(reply.usage.input_tokens + reply.usage.output_tokens)
}

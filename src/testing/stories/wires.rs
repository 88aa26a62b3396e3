//! The same model through every provider's format: what is posted does not tell them apart.

use crate::config::{ModelApi, ModelProvider};
use crate::testing::git::upload_repository;
use crate::testing::scripted_model::personalities::gold;
use crate::testing::scripted_model::{Answer, ScriptedModel};
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, Story, use_model};

/// All formats, with the path at which they are asked.
const WIRES: [(ModelProvider, ModelApi, &str); 5] = [
    (ModelProvider::OpenAi, ModelApi::Chat, "chat"),
    (ModelProvider::OpenAi, ModelApi::Responses, "responses"),
    (ModelProvider::Anthropic, ModelApi::Auto, "messages"),
    (ModelProvider::Gemini, ModelApi::Auto, "generateContent"),
    (ModelProvider::Ollama, ModelApi::Auto, "ollama"),
];

async fn ask(model: &ScriptedModel, (provider, api): (ModelProvider, ModelApi)) -> String {
    let address = model.address().clone();
    let story = Story::begin_with(upload_repository(), |settings| {
        use_model(settings, &address);
        settings.model.provider = provider;
        settings.model.api = api;
        settings.worker.max_attempts = 1;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "`send_file` should try again.");
    story.label(issue, MAINTAINER);
    story.settle().await;
    let body = story.bot_comments(issue)[0].body.clone();
    story.end().await;
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_leads_to_a_verified_plan() {
    for (provider, api, name) in WIRES {
        let model = ScriptedModel::with_mind(gold(&true_plan())).await;
        let body = ask(&model, (provider, api)).await;
        assert!(body.starts_with("## Plan\n"), "{name}: {body}");
        assert!(body.contains("src/upload.rs#L6"), "{name}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_is_no_plan_in_any_format() {
    for (provider, api, name) in WIRES {
        let cut = Answer::IsCut(true_plan().to_string(), 900);
        let model = ScriptedModel::with_mind(move |_| cut.clone()).await;
        let body = ask(&model, (provider, api)).await;
        assert!(body.starts_with("## Outline"), "{name}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_an_outline_in_any_format() {
    for (provider, api, name) in WIRES {
        let model = ScriptedModel::with_mind(|_| Answer::Refuses).await;
        let body = ask(&model, (provider, api)).await;
        assert!(body.starts_with("## Outline"), "{name}: {body}");
        assert!(!body.contains("cannot help"), "{name}: {body}");
    }
}

use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::domain::document::References;
use crate::domain::plan::Target;
use crate::model::{ModelError, Reply, Turn, Usage};
use crate::planner::draft::Draft;
use crate::planner::fixture::{FILES, anchor, brief, gold, index, snapshot, texts};

type Answer = fn() -> Result<Reply, ModelError>;

/// A model that says what it was told to say, and keeps what it was asked.
struct Scripted {
    answers: Mutex<VecDeque<Result<Reply, ModelError>>>,
    turns: Mutex<Vec<Turn>>,
    /// What it says when nothing is left.
    endless: Answer,
}

impl Scripted {
    fn new(answers: impl IntoIterator<Item = Result<Reply, ModelError>>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            turns: Mutex::default(),
            endless: || panic!("asked more often than expected"),
        }
    }

    fn endless(endless: Answer) -> Self {
        Self {
            endless,
            ..Self::new([])
        }
    }

    /// What it was asked; it must have said everything.
    fn turns(self) -> Vec<Turn> {
        assert!(
            self.answers.into_inner().unwrap().is_empty(),
            "unused answers"
        );
        self.turns.into_inner().unwrap()
    }
}

#[async_trait]
impl Model for Scripted {
    fn name(&self) -> &'static str {
        "scripted-1"
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        self.turns.lock().unwrap().push(turn.clone());
        let next = self.answers.lock().unwrap().pop_front();
        next.unwrap_or_else(self.endless)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "scripts are lists of results")]
fn says(text: &str) -> Result<Reply, ModelError> {
    Ok(Reply {
        text: text.to_owned(),
        usage: Usage {
            input_tokens: 1_000,
            output_tokens: 10,
            ..Usage::default()
        },
        ..Reply::default()
    })
}

fn draws(draft: &Draft) -> Result<Reply, ModelError> {
    says(&serde_json::to_string(draft).unwrap())
}

/// The gold plan after `mutate`.
fn wrong(mutate: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = gold();
    mutate(&mut draft);
    draft
}

/// A draft that has invented nearly everything.
fn hallucination() -> Draft {
    wrong(|d| {
        d.changes[0].path = "src/settings/loader.rs".to_owned();
        d.changes[2].path = "src/http/client_pool.rs".to_owned();
        d.changes[2].reuses = texts(&["src/retry.rs::Retry"]);
        d.findings[0].evidence = texts(&["E41", "E42"]);
    })
}

async fn run_with(model: Option<&dyn Model>, model_calls: u32) -> Outcome {
    let brief = brief();
    let job = Job {
        brief: &brief,
        index: Arc::new(index()),
        search: None,
        model,
        registry: None,
        model_calls,
        max_output_tokens: 8_000,
        request_bytes: 20_000,
        revision: 3,
    };
    plan(&job, &|_| {}).await
}

async fn run(model: &Scripted) -> Outcome {
    run_with(Some(model), 4).await
}

fn reason(outcome: &Outcome) -> OutlineReason {
    match &outcome.document.content {
        Content::Outline(outline) => outline.reason,
        Content::Plan { .. } => panic!("a plan"),
    }
}

fn repair(json: &serde_json::Value) -> Result<Reply, ModelError> {
    let mut whole =
        serde_json::json!({"replace": [], "drop": [], "steps": [], "open_questions": []});
    for (key, value) in json.as_object().unwrap() {
        whole[key] = value.clone();
    }
    says(&whole.to_string())
}

#[tokio::test]
async fn no_model_makes_an_outline() {
    let outcome = run_with(None, 4).await;
    assert_eq!(reason(&outcome), OutlineReason::NoModel);
    assert_eq!((&outcome.file, outcome.retry_after), (&None, None));
    let document = outcome.document;
    assert_eq!((document.revision, document.commit.short()), (3, "c0ffee0"));
    let bytes = FILES
        .iter()
        .map(|(_, text)| text.map_or(0, str::len) as u64)
        .sum();
    let receipt = document.receipt;
    assert_eq!(
        receipt,
        Receipt {
            expertise: receipt.expertise.clone(),
            files: 7,
            files_read: 6,
            bytes_read: bytes,
            ..Receipt::default()
        }
    );
}

#[tokio::test]
async fn true_draft_becomes_the_plan_with_one_call() {
    let model = Scripted::new([draws(&gold())]);
    let outcome = run(&model).await;
    let Content::Plan { plan, references } = &outcome.document.content else {
        panic!("an outline: {:?}", reason(&outcome));
    };
    let all = References {
        verified: 20,
        total: 20,
        checked: true,
    };
    assert_eq!(*references, all);
    let verified = |target: &Target| !matches!(target, Target::Unverified { .. });
    assert!(plan.changes.iter().all(|change| verified(&change.target)));
    assert_eq!(outcome.file.as_ref().unwrap().draft, gold());
    let receipt = &outcome.document.receipt;
    assert_eq!(
        (receipt.model.as_str(), receipt.model_calls),
        ("scripted-1", 1)
    );
    assert_eq!((receipt.input_tokens, receipt.output_tokens), (1_000, 10));
    assert_eq!(receipt.notes, Vec::<String>::new());
    let turns = model.turns();
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0].max_output_tokens, 8_000);
    assert!(
        turns[0].user_text().contains("hammers the server")
            && turns[0].user_text().contains("E1 src/")
    );
}

#[tokio::test]
async fn same_inputs_give_the_same_document() {
    let answers = || [draws(&hallucination()), draws(&gold())];
    let (first, second) = (Scripted::new(answers()), Scripted::new(answers()));
    assert_eq!(run(&first).await, run(&second).await);
    assert_eq!(first.turns(), second.turns());
}

#[tokio::test]
async fn stages_are_told_in_order() {
    let stages = Mutex::new(Vec::new());
    let (brief, model) = (brief(), Scripted::new([draws(&gold())]));
    let job = Job {
        brief: &brief,
        index: Arc::new(index()),
        search: None,
        model: Some(&model),
        registry: None,
        model_calls: 4,
        max_output_tokens: 8_000,
        request_bytes: 20_000,
        revision: 1,
    };
    plan(&job, &|stage| stages.lock().unwrap().push(stage)).await;
    let expected = vec![Stage::Locating, Stage::Writing, Stage::Verifying];
    assert_eq!(stages.into_inner().unwrap(), expected);
}

#[tokio::test]
async fn invented_places_are_repaired_from_what_there_is() {
    let fixed = serde_json::json!({"replace": [gold().changes[0], gold().changes[2]]});
    let model = Scripted::new([draws(&hallucination()), repair(&fixed)]);
    let outcome = run(&model).await;
    // The forged evidence took its finding along; everything else is as it should be.
    let mut expected = gold();
    expected.findings.clear();
    assert_eq!(outcome.file.unwrap().draft, expected);
    let receipt = outcome.document.receipt;
    assert_eq!((receipt.model_calls, receipt.input_tokens), (2, 2_000));
    assert_eq!(
        receipt.notes,
        [
            "left out: no evidence with the id `E41` was given",
            "left out: no evidence with the id `E42` was given",
        ]
    );
    let turns = model.turns();
    let asked = &turns[1].user_text();
    assert!(asked.contains("`src/settings/loader.rs` does not exist at this commit"));
    assert_eq!(turns[1].schema.unwrap().name, "repair");
}

#[tokio::test]
async fn stubborn_hallucination_becomes_an_outline() {
    let model = Scripted::new([draws(&hallucination()), draws(&hallucination())]);
    let outcome = run(&model).await;
    let OutlineReason::DraftRejected { unknown, total } = reason(&outcome) else {
        panic!("another reason");
    };
    assert_eq!((unknown, total), (13, 21));
    assert_eq!(outcome.document.receipt.model_calls, 2);
    assert_eq!((outcome.file, outcome.retry_after), (None, None));
    assert_eq!(model.turns().len(), 2);
}

#[tokio::test]
async fn small_falsehood_that_stays_is_left_out_with_a_note() {
    let draft = wrong(|d| d.changes[2].anchors[1] = anchor("Client::reopen", ""));
    let model = Scripted::new([draws(&draft), repair(&serde_json::json!({}))]);
    let outcome = run(&model).await;
    let Content::Plan { plan, references } = &outcome.document.content else {
        panic!("an outline");
    };
    assert_eq!(plan.changes[2].anchors.len(), 2);
    assert_eq!(references.verified, references.total);
    assert_eq!(
        outcome.document.receipt.notes,
        ["left out: `src/client.rs` has no `Client::reopen`"]
    );
}

#[tokio::test]
async fn uncovered_point_may_be_left_open_in_the_repair() {
    let draft = wrong(|d| d.out_of_scope.clear());
    let question = serde_json::json!({
        "id": "Q1", "question": "May R3 change?", "why": "They are slow.", "default_taken": "No.",
    });
    let model = Scripted::new([
        draws(&draft),
        repair(&serde_json::json!({"open_questions": [question]})),
    ]);
    let outcome = run(&model).await;
    let file = outcome.file.expect("a plan");
    assert_eq!(file.draft.understanding.open_questions[1].id, "Q2");
}

#[tokio::test]
async fn wrapped_answer_is_read() {
    let json = serde_json::to_string_pretty(&gold()).unwrap();
    let model = Scripted::new([says(&format!(
        "Here you are:\n```json\n{json}\n```\nGood luck!"
    ))]);
    assert!(run(&model).await.file.is_some());
}

#[tokio::test]
async fn prose_is_asked_for_again_once_with_the_problem() {
    let model = Scripted::new([
        says("Sure! First I would look at the client."),
        draws(&gold()),
    ]);
    assert!(run(&model).await.file.is_some());
    let turns = model.turns();
    assert!(
        turns[1]
            .user_text()
            .contains("- not JSON: the answer holds no JSON object")
    );
    assert_eq!(turns[1].schema, turns[0].schema);
}

#[tokio::test]
async fn cut_answer_is_asked_for_in_shorter_form() {
    let json = serde_json::to_string(&gold()).unwrap();
    let cut = Reply {
        text: json.get(..json.len() / 2).unwrap().to_owned(),
        truncated: true,
        ..Reply::default()
    };
    let model = Scripted::new([Ok(cut), draws(&gold())]);
    assert!(run(&model).await.file.is_some());
    let turns = model.turns();
    assert!(
        turns[1]
            .user_text()
            .contains("cut at the limit of its length; write less")
    );
}

#[tokio::test]
async fn refused_schema_is_written_into_the_prompt() {
    let model = Scripted::new([Err(ModelError::SchemaRejected), draws(&gold())]);
    let outcome = run(&model).await;
    assert!(outcome.file.is_some());
    assert_eq!(outcome.document.receipt.model_calls, 2);
    let turns = model.turns();
    assert_eq!(turns[1].schema, None);
    assert!(
        turns[1]
            .user_text()
            .contains("\"additionalProperties\":false")
    );
}

#[tokio::test]
async fn prompt_that_is_too_long_is_shortened_once() {
    let line = "    settings_file().first_pause_between_attempts().grow();\n".repeat(56);
    let long: Vec<_> = (0..40)
        .map(|i| {
            let text = format!("pub fn pause_between_attempts_{i}() {{\n{line}}}\n");
            (format!("lib/pause_{i}.rs"), text)
        })
        .collect();
    let files = long
        .iter()
        .map(|(name, text)| (name.as_str(), Some(text.as_str())));
    let files: Vec<_> = files.chain(FILES).collect();
    let (brief, model) = (brief(), Scripted::endless(|| Err(ModelError::TooLong)));
    let job = Job {
        brief: &brief,
        index: Arc::new(Index::build(snapshot(&files))),
        search: None,
        model: Some(&model),
        registry: None,
        model_calls: 9,
        max_output_tokens: 8_000,
        request_bytes: 20_000,
        revision: 1,
    };
    assert_eq!(
        reason(&plan(&job, &|_| {}).await),
        OutlineReason::ModelUnavailable
    );
    let lengths: Vec<_> = model
        .turns()
        .iter()
        .map(|turn| turn.user_text().len())
        .collect();
    assert_eq!(lengths.len(), 2);
    assert!(lengths[1] < lengths[0] * 2 / 3, "{lengths:?}");
}

#[tokio::test]
async fn rate_limit_makes_an_outline_that_says_when_to_come_back() {
    let retry_after = Duration::from_secs(42);
    let model = Scripted::new([Err(ModelError::RateLimited { retry_after })]);
    let outcome = run(&model).await;
    assert_eq!(reason(&outcome), OutlineReason::ModelUnavailable);
    assert_eq!(outcome.retry_after, Some(retry_after));
    assert_eq!(outcome.document.receipt.model_calls, 1);
}

#[tokio::test]
async fn rate_limit_during_the_repair_leaves_what_stands() {
    let draft = wrong(|d| d.changes[2].anchors[1] = anchor("Ghost", ""));
    let retry_after = Duration::from_secs(42);
    let model = Scripted::new([draws(&draft), Err(ModelError::RateLimited { retry_after })]);
    let outcome = run(&model).await;
    assert!(outcome.file.is_some());
    assert_eq!(outcome.retry_after, None);
}

#[tokio::test]
async fn refusal_and_denial_make_an_outline_for_good() {
    for error in [ModelError::Refused, ModelError::Denied { status: 401 }] {
        let model = Scripted::new([Err(error)]);
        let outcome = run(&model).await;
        assert_eq!(reason(&outcome), OutlineReason::ModelUnavailable);
        assert_eq!(outcome.retry_after, None);
    }
}

#[tokio::test]
async fn budget_of_calls_holds_whatever_the_model_does() {
    let endless: [Answer; 9] = [
        || says("I would rather talk."),
        || says(""),
        || says("{\"understanding\": "),
        || draws(&hallucination()),
        || Err(ModelError::SchemaRejected),
        || Err(ModelError::TooLong),
        || Err(ModelError::Refused),
        || Err(ModelError::Unusable { why: String::new() }),
        || Err(ModelError::Unavailable { why: String::new() }),
    ];
    for calls in 0..4 {
        for (i, answer) in endless.iter().enumerate() {
            let model = Scripted::endless(*answer);
            let outcome = run_with(Some(&model), calls).await;
            assert_eq!(outcome.file, None, "model {i}");
            let asked = u32::try_from(model.turns().len()).unwrap();
            assert!(asked <= calls, "model {i}: {asked} of {calls}");
            assert_eq!(outcome.document.receipt.model_calls, asked, "model {i}");
        }
    }
}

#[tokio::test]
async fn nothing_of_a_rejected_draft_is_shown() {
    const SECRET: &str = "call-me-at-evil.example";
    let draft = wrong(|d| {
        d.changes[0].path = format!("src/{SECRET}.rs");
        d.changes[2].path = format!("lib/{SECRET}.rs");
        d.understanding.restatement = SECRET.to_owned();
    });
    let model = Scripted::new([draws(&draft), says(SECRET)]);
    let outcome = run(&model).await;
    assert!(matches!(
        reason(&outcome),
        OutlineReason::DraftRejected { .. }
    ));
    assert!(!format!("{outcome:?}").contains(SECRET));
}

#[tokio::test]
async fn places_cannot_be_forged_by_a_model() {
    let mut forged =
        serde_json::to_value(wrong(|d| d.changes[2].path = "src/ghost.rs".to_owned())).unwrap();
    forged["resolved"] = serde_json::json!({
        "commit": "", "references": {"verified": 9, "total": 9},
        "places": {"/changes/2/path": {"path": "src/ghost.rs", "start": 0, "end": 0, "new": false}},
    });
    let model = Scripted::new([says(&forged.to_string()), draws(&gold())]);
    assert_eq!(run(&model).await.file.unwrap().draft, gold());
    let turns = model.turns();
    assert!(turns[1].user_text().contains("unknown field `resolved`"));
}

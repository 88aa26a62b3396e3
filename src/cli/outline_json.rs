//! An outline as JSON, for scripts.

use serde::Serialize;

use crate::cli::receipt_json::ReceiptJson;
use crate::domain::document::{Candidate, Document, Impact, Mention, Outline, OutlineReason};
use crate::domain::plan::Target;
use crate::domain::repository::LineRange;

/// What `planwright plan --format json` prints when there is no plan.
#[derive(Serialize)]
pub(super) struct OutlineJson<'a> {
    origin: &'static str,
    reason: &'static str,
    commit: &'a str,
    points: &'a [String],
    mentions: Vec<MentionJson<'a>>,
    candidates: Vec<CandidateJson<'a>>,
    impact: Vec<ImpactJson<'a>>,
    questions: &'a [String],
    receipt: ReceiptJson<'a>,
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
}

#[derive(Serialize)]
struct MentionJson<'a> {
    text: &'a str,
    places: Vec<PlaceJson<'a>>,
}

#[derive(Serialize)]
struct CandidateJson<'a> {
    place: PlaceJson<'a>,
    symbol: &'a str,
    signature: &'a str,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct ImpactJson<'a> {
    symbol: &'a str,
    place: PlaceJson<'a>,
    users: Vec<PlaceJson<'a>>,
    user_count: usize,
}

impl<'a> OutlineJson<'a> {
    /// The outline of a document.
    pub(super) fn of(
        document: &'a Document,
        outline: &'a Outline,
        receipt: ReceiptJson<'a>,
    ) -> Self {
        Self {
            origin: "outline",
            reason: match outline.reason {
                OutlineReason::NoModel => "no-model",
                OutlineReason::ModelUnavailable => "model-unavailable",
                OutlineReason::DraftRejected { .. } => "draft-rejected",
            },
            commit: document.commit.as_str(),
            points: &outline.points,
            mentions: outline.mentions.iter().map(mention).collect(),
            candidates: outline.candidates.iter().map(candidate).collect(),
            impact: outline.impact.iter().map(impact).collect(),
            questions: &outline.questions,
            receipt,
        }
    }
}

fn place(target: &Target) -> PlaceJson<'_> {
    let lines = match target {
        Target::Verified { lines, .. } => *lines,
        Target::New { .. } | Target::Unverified { .. } => None,
    };
    PlaceJson {
        path: target.text(),
        start_line: lines.map(LineRange::start),
        end_line: lines.map(LineRange::end),
    }
}

fn mention(mention: &Mention) -> MentionJson<'_> {
    MentionJson {
        text: &mention.text,
        places: mention.targets.iter().map(place).collect(),
    }
}

fn candidate(candidate: &Candidate) -> CandidateJson<'_> {
    CandidateJson {
        place: place(&candidate.target),
        symbol: &candidate.symbol,
        signature: &candidate.signature,
        reasons: &candidate.reasons,
    }
}

fn impact(impact: &Impact) -> ImpactJson<'_> {
    ImpactJson {
        symbol: &impact.symbol,
        place: place(&impact.target),
        users: impact.users.iter().map(place).collect(),
        user_count: impact.user_count,
    }
}

//! What `planwright verify` prints: as JSON for scripts, as text for people.

use std::fmt::Write as _;

use serde::Serialize;

use crate::planner::draft::{DraftError, PlanFile, ResolvedReferences};
use crate::planner::verify::{Finding, FindingClass, Verification};
use crate::text::clean::printable;

/// The answer of `verify` for scripts; its keys are a contract.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    ok: bool,
    references: ResolvedReferences,
    findings: Vec<ReportedFinding>,
    /// The plan with what was found for it; none when it could not be read.
    plan: Option<&'a PlanFile>,
}

#[derive(Debug, Serialize)]
struct ReportedFinding {
    check: &'static str,
    class: &'static str,
    at: String,
    message: String,
    candidates: Vec<String>,
}

impl From<&Finding> for ReportedFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            check: finding.check,
            class: finding.class.as_str(),
            at: finding.at.clone(),
            message: finding.message.clone(),
            candidates: finding.candidates.clone(),
        }
    }
}

impl<'a> Report<'a> {
    /// The report of `verification`; it is `ok` when nothing hard was found.
    pub fn of(verification: &'a Verification) -> Self {
        Self {
            ok: verification.hard_count() == 0,
            references: ResolvedReferences {
                verified: verification.references.verified,
                total: verification.references.total,
            },
            findings: verification.findings.iter().map(Into::into).collect(),
            plan: Some(&verification.file),
        }
    }

    /// The report of a text that is no plan: S1 when it is not JSON or too large, S2 when it has another
    /// shape than a plan.
    pub fn refused(error: &DraftError) -> Self {
        let check = match error {
            DraftError::TooLarge { .. } | DraftError::Syntax { .. } => "S1",
            DraftError::Shape { .. } | DraftError::Oversized(_) => "S2",
        };
        let findings = error.problems().into_iter().map(|problem| ReportedFinding {
            check,
            class: FindingClass::Hard.as_str(),
            at: place_of(&problem),
            message: problem,
            candidates: Vec::new(),
        });
        Self {
            ok: false,
            references: ResolvedReferences::default(),
            findings: findings.collect(),
            plan: None,
        }
    }

    /// Whether nothing hard was found.
    pub fn is_ok(&self) -> bool {
        self.ok
    }

    /// The report for people: a line for the whole, a few for each finding. Control characters of the
    /// plan are shown as escapes, so that a terminal does not obey them.
    pub fn text(&self) -> String {
        let ResolvedReferences { verified, total } = self.references;
        let verdict = if self.ok { "ok" } else { "not ok" };
        let mut text = format!("{verdict}: {verified} of {total} references verified\n");
        for finding in &self.findings {
            // Writing to a `String` does not fail.
            let _ = writeln!(
                text,
                "{} {} at {}: {}",
                finding.check,
                finding.class,
                printable(&finding.at),
                printable(&finding.message)
            );
            for candidate in &finding.candidates {
                let _ = writeln!(text, "  candidate: {}", printable(candidate));
            }
        }
        text
    }
}

/// The JSON pointer that a problem begins with; `/` for the whole.
fn place_of(problem: &str) -> String {
    let quoted = problem
        .strip_prefix('`')
        .and_then(|rest| rest.split('`').next());
    let pointer = quoted.filter(|text| text.starts_with('/'));
    pointer.unwrap_or("/").to_owned()
}

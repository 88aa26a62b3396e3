//! What `planwright verify` prints: as JSON for scripts, as text for people.

use std::fmt::Write as _;

use serde::Serialize;

use crate::planner::draft::{PlanFile, ResolvedReferences};
use crate::planner::verify::{Finding, Verification};
use crate::text::clean::printable;

/// The answer of `verify` for scripts; its keys are a contract.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    ok: bool,
    references: ResolvedReferences,
    findings: Vec<ReportedFinding<'a>>,
    plan: &'a PlanFile,
}

#[derive(Debug, Serialize)]
struct ReportedFinding<'a> {
    check: &'static str,
    class: &'static str,
    at: &'a str,
    message: &'a str,
    candidates: &'a [String],
}

impl<'a> Report<'a> {
    /// The report of `verification`; it is `ok` when nothing hard was found.
    pub fn of(verification: &'a Verification) -> Self {
        let reported = |finding: &'a Finding| ReportedFinding {
            check: finding.check,
            class: finding.class.as_str(),
            at: &finding.at,
            message: &finding.message,
            candidates: &finding.candidates,
        };
        Self {
            ok: verification.hard_count() == 0,
            references: ResolvedReferences {
                verified: verification.references.verified,
                total: verification.references.total,
            },
            findings: verification.findings.iter().map(reported).collect(),
            plan: &verification.file,
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
                printable(finding.at),
                printable(finding.message)
            );
            for candidate in finding.candidates {
                let _ = writeln!(text, "  candidate: {}", printable(candidate));
            }
        }
        text
    }
}

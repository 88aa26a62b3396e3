//! The folded parts behind the details: what was found, assumed, proposed and left out.

use crate::domain::plan::Dependency;
use crate::render::messages;
use crate::render::page::{Frame, join, labelled};
use crate::render::plan::Planned;
use crate::render::plan::summary::bold;

/// Most places shown behind a finding.
const EVIDENCE: usize = 5;

impl Planned<'_> {
    pub(super) fn findings(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        page.list(self.plan.findings.iter().map(|finding| {
            let evidence = frame.places(finding.evidence.iter(), EVIDENCE);
            join(&[&frame.text(&finding.statement), &evidence], " — ")
        }));
        page.into_markdown()
    }

    pub(super) fn assumptions(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        let assumptions = self.plan.assumptions.iter().map(|assumption| {
            let if_wrong = labelled(messages::IF_WRONG, &frame.text(&assumption.if_wrong));
            join(&[&frame.text(&assumption.text), &if_wrong], " ")
        });
        let questions = self.plan.open_questions.iter().map(|question| {
            let asked = labelled(messages::QUESTION, &frame.text(&question.question));
            let taken = labelled(messages::TAKEN, &frame.text(&question.default_taken));
            join(&[&asked, &frame.text(&question.why), &taken], " ")
        });
        page.list(assumptions.chain(questions));
        page.into_markdown()
    }

    pub(super) fn dependencies(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        if !self.plan.dependencies.is_empty() {
            page.paragraph(messages::DEPENDENCIES_UNCHECKED);
        }
        let dependencies = self.plan.dependencies.iter();
        page.list(dependencies.map(|dependency| dependency_item(frame, dependency)));
        page.into_markdown()
    }

    pub(super) fn risks(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        page.list(self.plan.risks.iter().map(|risk| {
            let category = bold(&frame.text(&risk.category));
            let remedy = labelled(messages::MITIGATION, &frame.text(&risk.mitigation));
            let risk = join(&[&category, &frame.text(&risk.risk)], " · ");
            join(&[&risk, &remedy], " ")
        }));
        page.into_markdown()
    }

    pub(super) fn notes(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        let notes = self.plan.architecture_notes.iter().map(|note| {
            let topic = bold(&frame.text(&note.topic));
            let text = join(&[&topic, &frame.text(&note.note)], " · ");
            let why = labelled(messages::WHY, &frame.text(&note.why_architectural));
            join(&[&text, &why], " ")
        });
        let left_out = self.plan.out_of_scope.iter();
        let left_out = left_out.map(|text| labelled(messages::OUT_OF_SCOPE, &frame.text(text)));
        page.list(notes.chain(left_out));
        page.into_markdown()
    }
}

fn dependency_item(frame: &Frame<'_>, dependency: &Dependency) -> String {
    let version = join(
        &[
            &frame.code(&dependency.name),
            &frame.code(&dependency.version),
        ],
        " ",
    );
    let registry = match frame.text(&dependency.registry).as_str() {
        "" => String::new(),
        registry => format!("({registry})"),
    };
    let named = join(&[&version, &registry], " ");
    let existing = frame.text(&dependency.why_not_existing);
    let own = frame.text(&dependency.why_not_own_code);
    join(
        &[
            &join(&[&named, &frame.text(&dependency.purpose)], ": "),
            &labelled(messages::NOT_EXISTING, &existing),
            &labelled(messages::NOT_OWN_CODE, &own),
        ],
        " ",
    )
}

//! Secrets out of a document, field by field, before it is rendered.
//!
//! Every field is named here: one that is added to the domain does not compile until somebody has
//! said whether foreign text can be in it.

mod around;

use crate::domain::age::{Age, Fate, Place};
use crate::domain::document::{Content, Document};
use crate::domain::package::{Evidence, Upkeep};
use crate::domain::plan::{
    Anchor, ArchitectureNote, Assumption, Change, ConfigEntry, DataStructure, Decision,
    DecisionOption, Dependency, Finding, Interface, OpenQuestion, Parameter, Plan, RequestPoint,
    ReviewLink, Risk, SideEffect, Snippet, Step, Target,
};
use crate::domain::repository::RepoPath;
use crate::redact::{Redactor, Tally};

impl Redactor {
    /// Takes secrets out of all foreign text of `document`, and adds what they were to its receipt,
    /// beside what `sent` says was kept from the model. Doing it twice changes nothing more.
    pub fn redact_document(&self, document: &mut Document, sent: Tally) {
        let mut clean = Cleaner {
            redactor: self,
            tally: sent,
        };
        let Document {
            commit: _,
            revision: _,
            language: _,
            content,
            receipt,
            sources,
            age,
            history,
        } = document;
        match content {
            Content::Plan {
                plan,
                references: _,
            } => clean.plan(plan),
            Content::Outline(outline) => clean.outline(outline),
        }
        clean.receipt(receipt);
        sources.retain(|source| clean.is_clean(&source.path));
        if let Some(Age { commit: _, places }) = age {
            places.retain(|place| clean.is_clean_place(place));
        }
        history
            .iter_mut()
            .for_each(|entry| clean.entry_of_log(entry));
        for (kind, secrets) in clean.tally.secrets() {
            *receipt.redactions.entry(kind).or_default() += secrets;
        }
    }
}

struct Cleaner<'r> {
    redactor: &'r Redactor,
    tally: Tally,
}

impl Cleaner<'_> {
    fn text(&mut self, text: &mut String) {
        let redacted = self.redactor.redact(text);
        if !redacted.tally.is_empty() {
            let clean = redacted.text.into_owned();
            self.tally.merge(redacted.tally);
            *text = clean;
        }
    }

    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t mut String>) {
        for text in texts {
            self.text(text);
        }
    }

    /// A path that holds a secret is shown without it, and so can no longer be linked.
    fn target(&mut self, target: &mut Target) {
        let mut shown = target.text().to_owned();
        self.text(&mut shown);
        if shown != target.text() {
            *target = Target::Unverified { claimed: shown };
        }
    }

    /// Whether a path that is only compared holds no secret; what is named by one that does is
    /// [`Self::target`]'s to count.
    fn is_clean(&self, path: &RepoPath) -> bool {
        self.redactor.redact(path.as_str()).tally.is_empty()
    }

    fn is_clean_place(&self, place: &Place) -> bool {
        let Place { target, fate } = place;
        let named = self.redactor.redact(target.text()).tally.is_empty();
        let now = match fate {
            Fate::Moved { path, lines: _ } => self.is_clean(path),
            Fate::Same | Fate::Changed | Fate::Gone | Fate::Taken | Fate::Unknown => true,
        };
        named && now
    }

    fn targets<'t>(&mut self, targets: impl IntoIterator<Item = &'t mut Target>) {
        for target in targets {
            self.target(target);
        }
    }

    fn plan(&mut self, plan: &mut Plan) {
        let Plan {
            restatement,
            request_points,
            assumptions,
            open_questions,
            findings,
            decisions,
            changes,
            steps,
            dependencies,
            risks,
            architecture_notes,
            out_of_scope,
        } = plan;
        self.text(restatement);
        request_points.iter_mut().for_each(|one| self.point(one));
        for Assumption { text, if_wrong } in assumptions {
            self.texts([text, if_wrong]);
        }
        for open in open_questions {
            let OpenQuestion {
                question,
                why,
                default_taken,
            } = open;
            self.texts([question, why, default_taken]);
        }
        for Finding {
            statement,
            evidence,
        } in findings
        {
            self.text(statement);
            self.targets(evidence);
        }
        decisions.iter_mut().for_each(|one| self.decision(one));
        changes.iter_mut().for_each(|one| self.change(one));
        for step in steps {
            let Step {
                id: _,
                title,
                detail,
                changes: _,
            } = step;
            self.texts([title, detail]);
        }
        dependencies.iter_mut().for_each(|one| self.dependency(one));
        risks.iter_mut().for_each(|one| self.risk(one));
        architecture_notes.iter_mut().for_each(|one| self.note(one));
        self.texts(out_of_scope);
    }

    fn point(&mut self, point: &mut RequestPoint) {
        let RequestPoint {
            id: _,
            text,
            kind,
            review,
        } = point;
        self.texts([text, kind]);
        if let Some(ReviewLink {
            change_request: _,
            comment: _,
            author,
            path,
            line: _,
        }) = review
        {
            self.texts([author, path]);
        }
    }

    fn risk(&mut self, risk: &mut Risk) {
        let Risk {
            category,
            risk,
            mitigation,
        } = risk;
        self.texts([category, risk, mitigation]);
    }

    fn note(&mut self, note: &mut ArchitectureNote) {
        let ArchitectureNote {
            topic,
            note,
            why_architectural,
        } = note;
        self.texts([topic, note, why_architectural]);
    }

    fn decision(&mut self, decision: &mut Decision) {
        let Decision {
            id: _,
            question,
            options,
            recommendation,
            rationale,
        } = decision;
        self.texts([question, recommendation, rationale]);
        for DecisionOption { name, trade_off } in options {
            self.texts([name, trade_off]);
        }
    }

    fn dependency(&mut self, dependency: &mut Dependency) {
        let Dependency {
            name,
            registry,
            version,
            purpose,
            why_not_existing,
            why_not_own_code,
            evidence,
        } = dependency;
        self.texts([
            name,
            registry,
            version,
            purpose,
            why_not_existing,
            why_not_own_code,
        ]);
        match evidence {
            Evidence::Unverified { why } => self.texts([why]),
            Evidence::Verified(upkeep) => {
                let Upkeep {
                    version,
                    releases: _,
                    first_release: _,
                    last_release: _,
                    licences,
                    advisories,
                    repository,
                    source,
                    checked: _,
                    notes,
                } = upkeep.as_mut();
                self.texts([version, source]);
                self.texts(repository);
                self.texts(licences.iter_mut().chain(advisories).chain(notes));
            }
        }
    }

    fn change(&mut self, change: &mut Change) {
        let Change {
            id: _,
            operation: _,
            target,
            new_path,
            anchors,
            evidence,
            what,
            why,
            interfaces,
            data_structures,
            imports,
            config,
            snippet,
            reuses,
            why_new,
            side_effects,
            covers: _,
            depends_on: _,
        } = change;
        self.target(target);
        self.texts([new_path, what, why, why_new]);
        for anchor in anchors {
            let Anchor {
                symbol,
                quote,
                relation: _,
                target,
            } = anchor;
            self.texts([symbol, quote]);
            self.target(target);
        }
        self.targets(evidence);
        interfaces.iter_mut().for_each(|one| self.interface(one));
        for DataStructure { name, change } in data_structures {
            self.texts([name, change]);
        }
        self.texts(imports);
        config.iter_mut().for_each(|one| self.entry(one));
        if let Some(Snippet { language, code }) = snippet {
            self.texts([language, code]);
        }
        self.texts(reuses);
        for effect in side_effects {
            let SideEffect {
                target,
                symbol,
                effect,
                action,
            } = effect;
            self.target(target);
            self.texts([symbol, effect, action]);
        }
    }

    fn interface(&mut self, interface: &mut Interface) {
        let Interface {
            kind,
            name,
            signature,
            params,
            returns,
            breaking: _,
        } = interface;
        self.texts([kind, name, signature, returns]);
        for parameter in params {
            let Parameter {
                name,
                type_name,
                meaning,
            } = parameter;
            self.texts([name, type_name, meaning]);
        }
    }

    /// A key and its value tell more together than apart.
    fn entry(&mut self, entry: &mut ConfigEntry) {
        let ConfigEntry {
            key,
            value,
            purpose,
        } = entry;
        let together = format!("{key} = \"{value}\"");
        let redacted = self.redactor.redact(&together);
        let clean = redacted.text.strip_prefix(&format!("{key} = \""));
        if let Some(clean) = clean
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|clean| clean != value)
        {
            *value = clean.to_owned();
            self.tally.merge(redacted.tally);
        }
        self.texts([key, value, purpose]);
    }
}

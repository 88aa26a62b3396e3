//! What a document has beside a plan: an outline, a receipt, a log.

use crate::domain::document::{
    Candidate, Convention, Impact, Mention, Outline, OwnSettings, Receipt,
};
use crate::domain::narrowing::{Fault, Wrong};
use crate::domain::revision::{Cause, RevisionEntry};
use crate::redact::document::Cleaner;

impl Cleaner<'_> {
    pub(super) fn outline(&mut self, outline: &mut Outline) {
        let Outline {
            reason: _,
            points,
            mentions,
            candidates,
            impact,
            questions,
            conventions,
        } = outline;
        self.texts(points);
        for Mention { text, targets } in mentions {
            self.text(text);
            self.targets(targets);
        }
        for candidate in candidates {
            let Candidate {
                target,
                symbol,
                signature,
                reasons,
            } = candidate;
            self.target(target);
            self.texts([symbol, signature]);
            self.texts(reasons);
        }
        for one in impact {
            let Impact {
                symbol,
                target,
                users,
                user_count: _,
            } = one;
            self.text(symbol);
            self.target(target);
            self.targets(users);
        }
        self.texts(questions);
        for Convention { topic, target } in conventions {
            self.text(topic);
            self.target(target);
        }
    }

    pub(super) fn entry_of_log(&mut self, entry: &mut RevisionEntry) {
        let RevisionEntry {
            revision: _,
            commit: _,
            cause,
            result: _,
            spending: _,
            highest: _,
        } = entry;
        self.text(match cause {
            Cause::Label { name } => name,
            Cause::Plan { focus } | Cause::Operator { focus } => focus,
            Cause::Revise { feedback } => feedback,
        });
    }

    pub(super) fn receipt(&mut self, receipt: &mut Receipt) {
        let Receipt {
            expertise,
            files: _,
            files_read: _,
            bytes_read: _,
            skipped: _,
            model,
            model_calls: _,
            input_tokens: _,
            cached_tokens: _,
            output_tokens: _,
            cost: _,
            profile: _,
            hidden_parts: _,
            changes: _,
            tools: _,
            excerpts_sent: _,
            excerpts_cited: _,
            notes,
            redactions: _,
            own_settings:
                OwnSettings {
                    file: _,
                    faults,
                    is_news: _,
                },
        } = receipt;
        self.texts([expertise, model]);
        for Fault {
            line: _,
            key,
            wrong,
        } in faults
        {
            self.text(key);
            if let Wrong::OneOf { allowed } = wrong {
                self.texts(allowed);
            }
        }
        self.texts(notes);
    }
}

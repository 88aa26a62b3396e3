//! Secrets out of a request, before it is searched for.

use crate::domain::change_set::{ChangeSet, ChangedFile, ReviewThread};
use crate::domain::request::{Brief, Remark};
use crate::redact::{Redactor, Tally};

impl Redactor {
    /// Takes secrets out of what the planner is told of a request, and returns what they were. It has to
    /// be done before words are picked from the texts: half a secret has no form any more.
    pub fn redact_brief(&self, brief: &mut Brief) -> Tally {
        let Brief {
            title,
            body,
            discussion,
            focus,
            feedback,
            changes,
            hidden_parts: _,
        } = brief;
        let mut texts = vec![title, body, focus, feedback];
        texts.extend(discussion.iter_mut().flat_map(remark_texts));
        if let Some(changes) = changes {
            texts.extend(change_texts(changes));
        }
        let mut tally = Tally::default();
        for text in texts {
            *text = self.redact_into(text, &mut tally);
        }
        tally
    }
}

fn remark_texts(remark: &mut Remark) -> [&mut String; 2] {
    let Remark {
        login,
        speaker: _,
        text,
    } = remark;
    [login, text]
}

fn change_texts(changes: &mut ChangeSet) -> Vec<&mut String> {
    let ChangeSet {
        files,
        file_count: _,
        head: _,
        reviews,
        more_reviews: _,
        knows_resolved: _,
    } = changes;
    let mut texts = Vec::new();
    for file in files {
        let ChangedFile {
            path,
            previous_path,
            status: _,
            added_lines: _,
            removed_lines: _,
            patch,
            is_cut: _,
        } = file;
        texts.push(path);
        texts.extend(previous_path);
        texts.extend(patch);
    }
    for review in reviews {
        let ReviewThread {
            number: _,
            change_request: _,
            comment: _,
            path,
            line: _,
            remarks,
        } = review;
        texts.push(path);
        texts.extend(remarks.iter_mut().flat_map(remark_texts));
    }
    texts
}

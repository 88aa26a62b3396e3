//! Marks around the text of strangers, so that a model can tell it from ours.
//!
//! Marks carry a code that the writers of the text cannot know; and whatever they write, no mark begins
//! in it. What models of some makers take for the border of a message is broken up as well.

use sha2::{Digest, Sha256};

use crate::domain::request::Brief;

/// Stands in the rules and nowhere else. An answer that holds it repeats its instructions, which is
/// what answers do that obey somebody else.
pub(in crate::planner) const CANARY: &str = "quill-7f3a91c4-harbour";

/// Digits of the code in the marks: 128 bits.
const CODE_DIGITS: usize = 32;

/// Longest name between `<|` and `|>` that is taken for a border.
const BORDER_BYTES: usize = 40;

/// Marks with one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::planner) struct Marks {
    code: String,
}

impl Marks {
    /// Marks for text that was committed: nobody can write the id of a commit into it. All requests at
    /// one commit share them, so that providers may keep what stands between.
    pub(in crate::planner) fn of_commit(version: u32, commit: &str) -> Self {
        Self::new(version, [commit])
    }

    /// Marks that also depend on every word of a request, so that no part of it can hold the code.
    pub(in crate::planner) fn of_request(version: u32, commit: &str, brief: &Brief) -> Self {
        let texts = [
            commit,
            &brief.title,
            &brief.body,
            &brief.focus,
            &brief.feedback,
        ];
        let remarks = brief.discussion.iter().map(|remark| remark.text.as_str());
        let changes = brief.changes.iter();
        let patches = changes
            .clone()
            .flat_map(|changes| &changes.files)
            .filter_map(|file| file.patch.as_deref());
        let reviews = changes
            .flat_map(|changes| &changes.reviews)
            .flat_map(|thread| &thread.remarks)
            .map(|remark| remark.text.as_str());
        let all = texts.into_iter().chain(remarks).chain(patches);
        Self::new(version, all.chain(reviews))
    }

    fn new<'a>(version: u32, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        hash.update(version.to_be_bytes());
        for text in texts {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        let mut code = hex::encode(hash.finalize());
        code.truncate(CODE_DIGITS);
        Self { code }
    }

    /// `text` between marks that say what it is.
    pub(in crate::planner) fn enclose(&self, id: &str, kind: &str, text: &str) -> String {
        let code = &self.code;
        let (id, kind) = (one_line(id), one_line(kind));
        let text = break_marks(text);
        format!("⟦src id={id} kind={kind} trust=untrusted code={code}⟧\n{text}\n⟦/src {code}⟧")
    }

    /// The same, or nothing where there is no text.
    pub(in crate::planner) fn enclose_any(&self, kind: &str, text: &str) -> String {
        match text {
            "" => String::new(),
            text => self.enclose(kind, kind, text),
        }
    }
}

/// `text` in which no mark and no border of a message begins.
pub(in crate::planner) fn break_marks(text: &str) -> String {
    break_borders(&text.replace("⟦src", "⟦ src").replace("⟦/src", "⟦ /src"))
}

/// `text` on one line, with nothing that begins a mark.
pub(in crate::planner) fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    break_marks(&line)
}

/// `<|name|>` becomes `<| name|>`; operators of that look stay.
fn break_borders(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<|") {
        whole.push_str(before);
        whole.push_str("<|");
        let name = after
            .bytes()
            .take(BORDER_BYTES)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        let closes = after.get(name..).is_some_and(|rest| rest.starts_with("|>"));
        if name > 0 && closes {
            whole.push(' ');
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests;

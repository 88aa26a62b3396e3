//! What a commit object says.

use crate::sandbox::clock::iso;
use crate::store::Millis;

/// Who did something and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) email: String,
    /// In UTC, such as `2026-04-27T09:30:00Z`.
    pub(crate) date: String,
}

/// The parts of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitDetails {
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) author: Signature,
    pub(crate) committer: Signature,
    pub(crate) message: String,
}

impl CommitDetails {
    /// Reads a commit object; `None` when it lacks a tree, an author or a committer.
    pub(crate) fn parse(object: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(object);
        let (header, message) = text.split_once("\n\n").unwrap_or((&text, ""));
        let values = |name: &'static str| {
            header.lines().filter_map(move |line| {
                let (word, value) = line.split_once(' ')?;
                (word == name).then_some(value)
            })
        };
        Some(Self {
            tree: values("tree").next()?.to_owned(),
            parents: values("parent").map(str::to_owned).collect(),
            author: signature(values("author").next()?)?,
            committer: signature(values("committer").next()?)?,
            message: message.trim_end().to_owned(),
        })
    }
}

/// Reads `Name <address> seconds zone`.
fn signature(text: &str) -> Option<Signature> {
    let (name, rest) = text.split_once('<')?;
    let (email, when) = rest.rsplit_once('>')?;
    let seconds: i64 = when.split_whitespace().next()?.parse().ok()?;
    Some(Signature {
        name: name.trim().to_owned(),
        email: email.to_owned(),
        date: iso(Millis(seconds.saturating_mul(1_000))),
    })
}

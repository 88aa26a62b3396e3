//! Reactions to issues and comments.

use crate::sandbox::world::people::Actor;
use crate::sandbox::world::{Refusal, State};
use crate::store::Millis;

/// GitHub's reactions: the word of the API and the picture of the page.
pub(crate) const REACTIONS: [(&str, &str); 8] = [
    ("+1", "👍"),
    ("-1", "👎"),
    ("laugh", "😄"),
    ("confused", "😕"),
    ("heart", "❤️"),
    ("hooray", "🎉"),
    ("rocket", "🚀"),
    ("eyes", "👀"),
];

/// A reaction of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reaction {
    pub(crate) id: u64,
    pub(crate) account: u64,
    pub(crate) content: &'static str,
    pub(crate) created_at: Millis,
}

/// What a reaction is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The issue of that number.
    Issue(u64),
    /// The comment of that id.
    Comment(u64),
    /// The comment of that id at a line of a diff.
    ReviewComment(u64),
}

/// A reaction and whether it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reacted {
    pub(crate) reaction: Reaction,
    pub(crate) created: bool,
}

impl State {
    /// The reactions to `subject`.
    ///
    /// # Errors
    /// When the issue or comment is not there.
    pub(crate) fn reactions(&self, subject: Subject) -> Result<&[Reaction], Refusal> {
        match subject {
            Subject::Issue(number) => Ok(&self.issue(number)?.reactions),
            Subject::Comment(id) => Ok(&self.comment(id)?.1.reactions),
            Subject::ReviewComment(id) => Ok(&self.review_comment(id)?.1.reactions),
        }
    }

    /// Puts a reaction; the same one of the same account again changes nothing.
    ///
    /// # Errors
    /// When the issue or comment is not there, or there is no such reaction.
    pub(crate) fn react(
        &mut self,
        actor: &Actor,
        subject: Subject,
        content: &str,
        now: Millis,
    ) -> Result<Reacted, Refusal> {
        self.require_writable()?;
        let content = REACTIONS
            .iter()
            .map(|(word, _)| *word)
            .find(|word| *word == content)
            .ok_or(Refusal::Invalid {
                resource: "Reaction",
                field: "content",
                code: "invalid",
                message: "content is not one of GitHub's reactions".to_owned(),
            })?;
        let same = |one: &&Reaction| one.account == actor.account && one.content == content;
        if let Some(reaction) = self.reactions(subject)?.iter().find(same).cloned() {
            return Ok(Reacted {
                reaction,
                created: false,
            });
        }
        let reaction = Reaction {
            id: self.next_id(),
            account: actor.account,
            content,
            created_at: now,
        };
        let number = match subject {
            Subject::Issue(number) => number,
            Subject::Comment(id) => self.comment(id)?.0,
            Subject::ReviewComment(id) => self.review_comment(id)?.0,
        };
        match subject {
            Subject::Issue(number) => &mut self.issue_mut(number)?.reactions,
            Subject::Comment(id) => &mut self.comment_mut(id)?.reactions,
            Subject::ReviewComment(id) => &mut self.review_comment_mut(id)?.reactions,
        }
        .push(reaction.clone());
        // Reactions do not move `updated_at`; the page shows them all the same.
        self.issue_mut(number)?.version += 1;
        Ok(Reacted {
            reaction,
            created: true,
        })
    }
}

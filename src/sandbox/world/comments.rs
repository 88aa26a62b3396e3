//! Comments on issues.

use crate::domain::thread::Role;
use crate::sandbox::hooks::payloads;
use crate::sandbox::world::issues::{MOST_BODY_CHARACTERS, missing};
use crate::sandbox::world::people::Actor;
use crate::sandbox::world::reactions::Reaction;
use crate::sandbox::world::{Refusal, State};
use crate::store::Millis;

/// Comments that one issue may have, as on GitHub.
const MOST_COMMENTS: usize = 2_500;

/// A comment.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) author: u64,
    pub(crate) body: String,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

impl State {
    /// The comment of that id with its issue's number.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none, or its issue is gone.
    pub(crate) fn comment(&self, id: u64) -> Result<(u64, &Comment), Refusal> {
        let mut comments = self.issues.values().flat_map(|issue| {
            let comments = issue.comments.iter();
            comments.map(|comment| (issue.number, comment))
        });
        comments
            .find(|(_, comment)| comment.id == id)
            .filter(|(number, _)| self.issue(*number).is_ok())
            .ok_or(Refusal::NotFound("comment"))
    }

    pub(crate) fn comment_mut(&mut self, id: u64) -> Result<&mut Comment, Refusal> {
        self.issues
            .values_mut()
            .flat_map(|issue| issue.comments.iter_mut())
            .find(|comment| comment.id == id)
            .ok_or(Refusal::NotFound("comment"))
    }

    /// Adds a comment and returns its id.
    ///
    /// # Errors
    /// [`Refusal::Locked`] for everybody who may not push and for Apps, [`Refusal::Full`] at 2,500
    /// comments, [`Refusal::Invalid`] for texts that are empty or too long.
    pub(crate) fn add_comment(
        &mut self,
        actor: &Actor,
        number: u64,
        body: &str,
        now: Millis,
    ) -> Result<u64, Refusal> {
        self.require_writable()?;
        let issue = self.issue(number)?;
        if issue.locked && (actor.role < Role::Write || self.is_bot(actor.account)) {
            return Err(Refusal::Locked);
        }
        if issue.comments.len() >= MOST_COMMENTS {
            return Err(Refusal::Full(
                "Commenting is disabled on issues with more than 2500 comments",
            ));
        }
        check_body(body)?;
        let id = self.next_id();
        let issue = self.issue_mut(number)?;
        issue.comments.push(Comment {
            id,
            author: actor.account,
            body: body.to_owned(),
            reactions: Vec::new(),
            created_at: now,
            updated_at: now,
        });
        issue.touch(now);
        let payload = payloads::comment(self, "created", id, actor);
        self.emit("issue_comment", Some("created"), &payload, now);
        Ok(id)
    }

    /// Replaces the text of a comment.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] for others than its author who may not push; else as adding one.
    pub(crate) fn edit_comment(
        &mut self,
        actor: &Actor,
        id: u64,
        body: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        let number = self.require_comment_writable(actor, id)?;
        check_body(body)?;
        let comment = self.comment_mut(id)?;
        let before = std::mem::replace(&mut comment.body, body.to_owned());
        comment.updated_at = now;
        self.issue_mut(number)?.touch(now);
        let payload = payloads::edited_comment(self, id, &before, actor);
        self.emit("issue_comment", Some("edited"), &payload, now);
        Ok(())
    }

    /// Removes a comment.
    ///
    /// # Errors
    /// As [`State::edit_comment`].
    pub(crate) fn delete_comment(
        &mut self,
        actor: &Actor,
        id: u64,
        now: Millis,
    ) -> Result<(), Refusal> {
        let number = self.require_comment_writable(actor, id)?;
        let payload = payloads::comment(self, "deleted", id, actor);
        let issue = self.issue_mut(number)?;
        issue.comments.retain(|comment| comment.id != id);
        issue.touch(now);
        self.emit("issue_comment", Some("deleted"), &payload, now);
        Ok(())
    }

    /// The number of the comment's issue, when `actor` may change the comment.
    fn require_comment_writable(&self, actor: &Actor, id: u64) -> Result<u64, Refusal> {
        self.require_writable()?;
        let (number, comment) = self.comment(id)?;
        if comment.author != actor.account {
            actor.require(Role::Write, "change the comments of others")?;
        }
        Ok(number)
    }
}

pub(super) fn check_body(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(missing("IssueComment", "body"));
    }
    if body.chars().count() > MOST_BODY_CHARACTERS {
        return Err(Refusal::Invalid {
            resource: "IssueComment",
            field: "data",
            code: "unprocessable",
            message: format!("Body is too long (maximum is {MOST_BODY_CHARACTERS} characters)"),
        });
    }
    Ok(())
}

//! What people do on the forge, for the demo and for stories of tests.

use std::time::Duration;

use crate::domain::thread::{
    Author, AuthorKind, Comment, CommentId, ReactionTarget, ThreadNumber, UserId,
};
use crate::sandbox::world::people::{Account, AccountKind};
use crate::sandbox::world::reactions::Subject;
use crate::sandbox::world::{Refusal, State, comments};
use crate::sandbox::{Sandbox, SandboxError};
use crate::store::Millis;

impl Sandbox {
    pub(super) fn now(&self) -> Millis {
        (self.clock.0)()
    }

    /// Opens an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user, or the forge does not take the texts.
    pub fn open_issue(&self, user: &str, title: &str, body: &str) -> Result<ThreadNumber, Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            let number = state.open_issue(&actor, title, body, now)?;
            Ok(ThreadNumber(number))
        })
    }

    /// Replaces the description of an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user or issue, or the user may not edit it.
    pub fn describe(&self, issue: ThreadNumber, user: &str, body: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.describe(&actor, issue.0, body, now)
        })
    }

    /// Puts a label on an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user or issue, or the user may not label.
    pub fn label(&self, issue: ThreadNumber, label: &str, user: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.add_label(&actor, issue.0, label, now)
        })
    }

    /// Takes a label off an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user, issue or label, or the user may not label.
    pub fn unlabel(&self, issue: ThreadNumber, label: &str, user: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.remove_label(&actor, issue.0, label, now)
        })
    }

    /// Comments on an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user or issue, or the forge does not take the comment.
    pub fn comment(
        &self,
        issue: ThreadNumber,
        user: &str,
        body: &str,
    ) -> Result<CommentId, Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            let id = state.add_comment(&actor, issue.0, body, now)?;
            Ok(CommentId(id))
        })
    }

    /// Replaces the text of a comment as `user`.
    ///
    /// # Errors
    /// When there is no such user or comment, or the user may not edit it.
    pub fn edit(&self, comment: CommentId, user: &str, body: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.edit_comment(&actor, comment.0, body, now)
        })
    }

    /// Deletes a comment as `user`.
    ///
    /// # Errors
    /// When there is no such user or comment, or the user may not delete it.
    pub fn delete(&self, comment: CommentId, user: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.delete_comment(&actor, comment.0, now)
        })
    }

    /// Closes an issue as `user`.
    ///
    /// # Errors
    /// When there is no such user or issue, or the user may not close it.
    pub fn close(&self, issue: ThreadNumber, user: &str) -> Result<(), Refusal> {
        self.set_open(issue, user, false)
    }

    /// Opens an issue again as `user`.
    ///
    /// # Errors
    /// As [`Sandbox::close`].
    pub fn reopen(&self, issue: ThreadNumber, user: &str) -> Result<(), Refusal> {
        self.set_open(issue, user, true)
    }

    fn set_open(&self, issue: ThreadNumber, user: &str, open: bool) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.set_open(&actor, issue.0, open, now)
        })
    }

    /// The comments of an issue, oldest first; none when there is no such issue.
    pub fn comments(&self, issue: ThreadNumber) -> Vec<Comment> {
        self.world.read(|state| comments_of(state, issue))
    }

    /// Who reacted to something and how, in GitHub's words, oldest first.
    pub fn reactions(
        &self,
        issue: ThreadNumber,
        target: ReactionTarget,
    ) -> Vec<(String, &'static str)> {
        let subject = match target {
            ReactionTarget::Thread => Subject::Issue(issue.0),
            ReactionTarget::Comment(id) => Subject::Comment(id.0),
            ReactionTarget::ReviewComment(id) => Subject::ReviewComment(id.0),
        };
        self.world.read(|state| {
            let reactions = state.reactions(subject).unwrap_or_default().iter();
            let named = reactions.map(|one| {
                let account = state.account(one.account);
                let login = account.map_or(String::new(), |account| account.login.clone());
                (login, one.content)
            });
            named.collect()
        })
    }

    /// The bot's first comment on an issue, as soon as there is one.
    ///
    /// # Errors
    /// [`SandboxError::NoComment`] after `patience`.
    pub async fn wait_for_bot_comment(
        &self,
        issue: ThreadNumber,
        patience: Duration,
    ) -> Result<Comment, SandboxError> {
        let found = self.world.wait_for(|state| {
            let mut comments = comments_of(state, issue).into_iter();
            comments.find(|comment| comment.own)
        });
        let found = tokio::time::timeout(patience, found).await;
        found.map_err(|_elapsed| SandboxError::NoComment {
            issue: issue.0,
            waited: patience,
        })
    }
}

fn comments_of(state: &State, issue: ThreadNumber) -> Vec<Comment> {
    let Ok(issue) = state.issue(issue.0) else {
        return Vec::new();
    };
    let bot = state.bot().account;
    let shown = |comment: &comments::Comment| Comment {
        id: CommentId(comment.id),
        author: state.account(comment.author).map(author),
        body: comment.body.clone(),
        own: comment.author == bot,
    };
    issue.comments.iter().map(shown).collect()
}

fn author(account: &Account) -> Author {
    Author {
        id: UserId(account.id),
        login: account.login.clone(),
        kind: match account.kind {
            AccountKind::Bot => AuthorKind::Bot,
            AccountKind::User | AccountKind::Organization => AuthorKind::Human,
        },
    }
}

//! What people and owners do on the forge, for the demo and for stories of tests.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::domain::repository::{Malformed, RepositoryName};
use crate::domain::thread::{
    Author, AuthorKind, Comment, CommentId, ReactionTarget, Role, ThreadNumber, UserId,
};
use crate::sandbox::hooks::payloads;
use crate::sandbox::world::people::{Account, AccountKind};
use crate::sandbox::world::reactions::Subject;
use crate::sandbox::world::{
    Delivery, HookFormat, InstallationStatus, IssueFate, MOST_ACCOUNTS, Refusal, State, comments,
};
use crate::sandbox::{Sandbox, SandboxError};
use crate::store::Millis;

impl Sandbox {
    pub(in crate::sandbox) fn now(&self) -> Millis {
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
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.set_open(&actor, issue.0, false, now)
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

    /// Returns once every webhook so far was answered or has failed.
    pub async fn wait_for_deliveries(&self) {
        let settled = |state: &State| {
            let mut deliveries = state.deliveries.iter();
            deliveries.all(Delivery::is_settled).then_some(())
        };
        self.world.wait_for(settled).await;
    }

    /// Sends a delivery again under the same id, as GitHub does when its owner asks; returns the
    /// id of the attempt, or `None` when there is no such delivery.
    pub fn redeliver(&self, delivery: u64) -> Option<u64> {
        let now = self.now();
        self.world
            .change(|state| state.repeat(delivery, false, now))
    }

    /// Sends the same event under another id, as a second hook would; else as
    /// [`Sandbox::redeliver`].
    pub fn deliver_twin(&self, delivery: u64) -> Option<u64> {
        let now = self.now();
        self.world.change(|state| state.repeat(delivery, true, now))
    }

    /// Sends a `ping`.
    pub fn ping(&self) {
        let now = self.now();
        self.world.change(|state| {
            let payload = payloads::ping(state);
            state.emit("ping", None, &payload, now);
        });
    }

    /// Sends webhooks to `url` from here on.
    pub fn set_webhook_url(&self, url: Url) {
        self.world.change(|state| state.hook.url = Some(url));
    }

    /// Writes the bodies of webhooks in another way from here on.
    pub fn set_webhook_format(&self, format: HookFormat) {
        self.world.change(|state| state.hook.format = format);
    }

    /// Gives a person a role; who is not known yet joins the forge, up to 1,000 accounts.
    pub fn set_role(&self, login: &str, role: Role) {
        self.world.change(|state| {
            if state.accounts.len() < MOST_ACCOUNTS || state.find_account(login).is_some() {
                state.set_role(login, role);
            }
        });
    }

    /// A person's access token for the API; `None` when there is no such person.
    pub fn user_token(&self, login: &str) -> Option<SecretString> {
        self.world
            .read(|state| Some(state.find_account(login)?.token.clone()))
    }

    /// Makes the installation active, suspended or removed; its tokens work only while active.
    pub fn set_installation(&self, status: InstallationStatus) {
        self.world.change(|state| state.app.status = status);
    }

    /// Makes the repository visible to all, or to its people only.
    pub fn set_private(&self, private: bool) {
        self.world
            .change(|state| state.repository.private = private);
    }

    /// Gives the repository another name under its owner; its former name redirects.
    ///
    /// # Errors
    /// When `name` cannot be a repository's.
    pub fn rename(&self, name: &str) -> Result<(), Malformed> {
        self.world.change(|state| {
            let repository = &mut state.repository;
            let name = RepositoryName::new(repository.name.owner(), name)?;
            let former = std::mem::replace(&mut repository.name, name);
            repository.former_name = Some(former);
            Ok(())
        })
    }

    /// Makes the repository read-only, or undoes that.
    pub fn set_archived(&self, archived: bool) {
        self.world
            .change(|state| state.repository.archived = archived);
    }

    /// Locks or unlocks the conversation of an issue.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_locked(&self, issue: ThreadNumber, locked: bool) -> Result<(), Refusal> {
        self.world.change(|state| {
            state.issue_mut(issue.0)?.locked = locked;
            Ok(())
        })
    }

    /// Deletes an issue, or moves it to another repository.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_fate(&self, issue: ThreadNumber, fate: IssueFate) -> Result<(), Refusal> {
        self.world.change(|state| {
            state.issue_mut(issue.0)?.fate = fate;
            Ok(())
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

//! Issues and their labels.

use crate::domain::thread::Role;
use crate::sandbox::hooks::payloads;
use crate::sandbox::world::comments::Comment;
use crate::sandbox::world::people::Actor;
use crate::sandbox::world::pulls::Pull;
use crate::sandbox::world::reactions::Reaction;
use crate::sandbox::world::{Refusal, State};
use crate::store::Millis;

/// Characters that a body may have, as on GitHub.
pub(crate) const MOST_BODY_CHARACTERS: usize = 65_536;

/// Characters that a title may have, as on GitHub.
const MOST_TITLE_CHARACTERS: usize = 256;

/// Issues that one world holds.
const MOST_ISSUES: usize = 1_000;

/// Labels that one issue may have, as on GitHub.
const MOST_LABELS: usize = 100;

/// What became of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueFate {
    /// It is there.
    Present,
    /// It was deleted; GitHub answers 410.
    Deleted,
    /// It was moved to another repository; GitHub answers 301.
    Transferred,
}

/// A label of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) color: &'static str,
    pub(crate) description: String,
}

/// An issue or a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub(crate) number: u64,
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) author: u64,
    pub(crate) closed_at: Option<Millis>,
    pub(crate) locked: bool,
    pub(crate) fate: IssueFate,
    /// Names of its labels, in the order they were put on.
    pub(crate) labels: Vec<String>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) reactions: Vec<Reaction>,
    /// What makes it a pull request.
    pub(crate) pull: Option<Pull>,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
    /// Counts every change that a reader of the page would see.
    pub(crate) version: u64,
}

impl Issue {
    pub(crate) fn touch(&mut self, now: Millis) {
        self.updated_at = now;
        self.version += 1;
    }
}

impl State {
    /// The issue of that number, as long as it is there.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::Deleted`] or [`Refusal::Transferred`].
    pub(crate) fn issue(&self, number: u64) -> Result<&Issue, Refusal> {
        let issue = self.issues.get(&number).ok_or(Refusal::NotFound("issue"))?;
        match issue.fate {
            IssueFate::Present => Ok(issue),
            IssueFate::Deleted => Err(Refusal::Deleted),
            IssueFate::Transferred => Err(Refusal::Transferred {
                to: format!("{}-archive/issues/{number}", self.repository_url()),
            }),
        }
    }

    pub(crate) fn issue_mut(&mut self, number: u64) -> Result<&mut Issue, Refusal> {
        self.issue(number)?;
        self.issues
            .get_mut(&number)
            .ok_or(Refusal::NotFound("issue"))
    }

    /// Opens an issue and returns its number.
    ///
    /// # Errors
    /// [`Refusal::Archived`], [`Refusal::Invalid`] or [`Refusal::Full`].
    pub(crate) fn open_issue(
        &mut self,
        actor: &Actor,
        title: &str,
        body: &str,
        now: Millis,
    ) -> Result<u64, Refusal> {
        let number = self.add_issue(actor, (title, body), None, now)?;
        let payload = payloads::issue(self, "opened", number, actor);
        self.emit("issues", Some("opened"), &payload, now);
        Ok(number)
    }

    /// Adds an issue or a pull request, without a word to anybody.
    pub(super) fn add_issue(
        &mut self,
        actor: &Actor,
        (title, body): (&str, &str),
        pull: Option<Pull>,
        now: Millis,
    ) -> Result<u64, Refusal> {
        self.require_writable()?;
        check_length("Issue", "title", title, MOST_TITLE_CHARACTERS)?;
        check_length("Issue", "body", body, MOST_BODY_CHARACTERS)?;
        if title.trim().is_empty() {
            return Err(missing("Issue", "title"));
        }
        if self.issues.len() >= MOST_ISSUES {
            return Err(Refusal::Full("the sandbox holds no more issues"));
        }
        let number = self.issues.keys().next_back().copied().unwrap_or(0) + 1;
        let issue = Issue {
            number,
            id: self.next_id(),
            title: title.trim().to_owned(),
            body: (!body.is_empty()).then(|| body.to_owned()),
            author: actor.account,
            closed_at: None,
            locked: false,
            fate: IssueFate::Present,
            labels: Vec::new(),
            comments: Vec::new(),
            reactions: Vec::new(),
            pull,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        self.issues.insert(number, issue);
        Ok(number)
    }

    /// Replaces the description of an issue.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] for others than its author who may not push; else as opening one.
    pub(crate) fn describe(
        &mut self,
        actor: &Actor,
        number: u64,
        body: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.require_writable()?;
        check_length("Issue", "body", body, MOST_BODY_CHARACTERS)?;
        let issue = self.issue_mut(number)?;
        if issue.author != actor.account {
            actor.require(Role::Write, "change the descriptions of others")?;
        }
        let body = (!body.is_empty()).then(|| body.to_owned());
        let before = std::mem::replace(&mut issue.body, body).unwrap_or_default();
        issue.touch(now);
        let payload = payloads::described(self, number, &before, actor);
        self.emit(self.event_of(number), Some("edited"), &payload, now);
        Ok(())
    }

    /// Puts a label on an issue; a label that the repository lacks is made on the way.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] below triage, and those of [`State::issue`].
    pub(crate) fn add_label(
        &mut self,
        actor: &Actor,
        number: u64,
        name: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.require_writable()?;
        self.issue(number)?;
        actor.require(Role::Triage, "label issues")?;
        if name.trim().is_empty() {
            return Err(missing("Label", "name"));
        }
        check_length("Label", "name", name, 50)?;
        let name = self.label_named(name);
        let issue = self.issue_mut(number)?;
        if issue.labels.contains(&name) {
            return Ok(());
        }
        if issue.labels.len() >= MOST_LABELS {
            return Err(Refusal::Full("issues cannot have more than 100 labels"));
        }
        issue.labels.push(name.clone());
        issue.touch(now);
        let payload = payloads::label(self, "labeled", number, &name, actor);
        self.emit(self.event_of(number), Some("labeled"), &payload, now);
        Ok(())
    }

    /// Takes a label off an issue.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when it is not on the issue, else as [`State::add_label`].
    pub(crate) fn remove_label(
        &mut self,
        actor: &Actor,
        number: u64,
        name: &str,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.require_writable()?;
        let issue = self.issue(number)?;
        actor.require(Role::Triage, "label issues")?;
        let name = issue
            .labels
            .iter()
            .find(|label| label.eq_ignore_ascii_case(name))
            .cloned()
            .ok_or(Refusal::NotFound("label"))?;
        let issue = self.issue_mut(number)?;
        issue.labels.retain(|label| *label != name);
        issue.touch(now);
        let payload = payloads::label(self, "unlabeled", number, &name, actor);
        self.emit(self.event_of(number), Some("unlabeled"), &payload, now);
        Ok(())
    }

    /// Closes or reopens an issue.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`] for others than its author below triage.
    pub(crate) fn set_open(
        &mut self,
        actor: &Actor,
        number: u64,
        open: bool,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.require_writable()?;
        let issue = self.issue_mut(number)?;
        if issue.author != actor.account {
            actor.require(Role::Triage, "close or reopen this issue")?;
        }
        if issue.closed_at.is_none() == open {
            return Ok(());
        }
        issue.closed_at = (!open).then_some(now);
        issue.touch(now);
        let action = if open { "reopened" } else { "closed" };
        let payload = payloads::issue(self, action, number, actor);
        self.emit(self.event_of(number), Some(action), &payload, now);
        Ok(())
    }

    /// Locks or unlocks the conversation of an issue, as the repository's owner.
    ///
    /// # Errors
    /// Those of [`State::issue`].
    pub(crate) fn set_locked(
        &mut self,
        number: u64,
        locked: bool,
        now: Millis,
    ) -> Result<(), Refusal> {
        let issue = self.issue_mut(number)?;
        if issue.locked != locked {
            issue.locked = locked;
            issue.touch(now);
            let action = if locked { "locked" } else { "unlocked" };
            self.tell_of(number, action, now);
        }
        Ok(())
    }

    /// Deletes an issue or moves it to another repository, as the repository's owner.
    ///
    /// # Errors
    /// Those of [`State::issue`].
    pub(crate) fn set_fate(
        &mut self,
        number: u64,
        fate: IssueFate,
        now: Millis,
    ) -> Result<(), Refusal> {
        self.issue_mut(number)?.fate = fate;
        match fate {
            IssueFate::Present => {}
            IssueFate::Deleted => self.tell_of(number, "deleted", now),
            IssueFate::Transferred => self.tell_of(number, "transferred", now),
        }
        Ok(())
    }

    /// Tells what the owner did with an issue.
    fn tell_of(&mut self, number: u64, action: &'static str, now: Millis) {
        let payload = payloads::issue(self, action, number, &self.owner());
        self.emit(self.event_of(number), Some(action), &payload, now);
    }

    /// The event that tells of changes to an issue, or to a pull request.
    fn event_of(&self, number: u64) -> &'static str {
        match self.pull(number) {
            Ok(_) => "pull_request",
            Err(_) => "issues",
        }
    }

    /// The repository's own spelling of a label, which is made when there is none.
    fn label_named(&mut self, name: &str) -> String {
        let same = |label: &&Label| label.name.eq_ignore_ascii_case(name);
        if let Some(label) = self.labels.iter().find(same) {
            return label.name.clone();
        }
        self.add_repository_label(name, "ededed", "");
        name.to_owned()
    }

    pub(crate) fn add_repository_label(
        &mut self,
        name: &str,
        color: &'static str,
        description: &str,
    ) {
        let id = self.next_id();
        self.labels.push(Label {
            id,
            name: name.to_owned(),
            color,
            description: description.to_owned(),
        });
    }
}

/// Refuses a text of more than `limit` characters in GitHub's words.
pub(crate) fn check_length(
    resource: &'static str,
    field: &'static str,
    text: &str,
    limit: usize,
) -> Result<(), Refusal> {
    if text.chars().count() <= limit {
        return Ok(());
    }
    Err(Refusal::Invalid {
        resource,
        field,
        code: "custom",
        message: format!("{field} is too long (maximum is {limit} characters)"),
    })
}

/// The refusal of a field that is empty or absent.
pub(crate) fn missing(resource: &'static str, field: &'static str) -> Refusal {
    Refusal::Invalid {
        resource,
        field,
        code: "missing_field",
        message: format!("{field} is missing"),
    }
}

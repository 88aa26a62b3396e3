//! Whether a request is served: may its sender ask, and may anything be said in its thread?

use crate::config::repository_file::Effective;
use crate::domain::narrowing::{MAX_REPOSITORY_FILE_BYTES, REPOSITORY_FILE};
use crate::domain::policy;
use crate::domain::request::{Lane, Trigger};
use crate::domain::thread::{CommentPlace, Reaction, Role, Thread, ThreadKind};
use crate::forge::{ForgeError, Glance, TipFile};
use crate::render::Notice;
use crate::repository::Limits;
use crate::repository::snapshot::Reader;
use crate::service::work::{Attempt, Stop};
use crate::service::{effective, study};

/// A request that is served, with what was learned on the way.
pub(super) struct Admitted {
    pub(super) thread: Thread,
    pub(super) glance: Glance,
    /// The settings that hold for its repository.
    pub(super) effective: Effective,
    /// Whether the forge refused our reaction: it may refuse a comment as well.
    pub(super) is_refused: bool,
}

/// Why nothing is to be posted in a thread.
struct Obstacle {
    reason: String,
    /// Whether who asked is told by reaction that nothing will come.
    is_told: bool,
}

impl Obstacle {
    fn silent(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_told: false,
        }
    }
}

impl Attempt<'_> {
    /// Lets a request in, and shows by reaction that it was seen. Whoever may not ask gets a reaction
    /// and no work.
    pub(super) async fn admit(&self) -> Result<Admitted, Stop> {
        let mut glance = self.glance().await?;
        let role = self.find_role(glance.role).await?;
        // The operator's word comes first, so that strangers cost no further call.
        self.require_role(role, self.app.settings.policy.minimum_role)
            .await?;
        let thread = match glance.thread.take() {
            Some(thread) => thread,
            None => self.forge.thread(self.thread()).await?,
        };
        if let Some(obstacle) = self.find_obstacle(&thread) {
            if obstacle.is_told {
                self.react(Reaction::Confused).await;
            }
            return Err(Stop::abandoned(obstacle.reason));
        }
        self.add_place(&mut glance).await?;
        let effective = self.find_effective(&mut glance).await?;
        if effective::is_label_switched_off(&effective, &self.claim.request.trigger) {
            // To this repository it is a label like any other.
            let reason = "the repository's own settings do not serve this label";
            return Err(Stop::abandoned(reason));
        }
        self.require_role(role, effective.minimum_role).await?;
        let is_refused = self.acknowledge().await?;
        Ok(Admitted {
            thread,
            glance,
            effective,
            is_refused,
        })
    }

    /// Shows that the request was seen, and returns whether the forge refused us that. A comment that
    /// takes no reaction because it is gone takes its request along.
    async fn acknowledge(&self) -> Result<bool, Stop> {
        match self.try_react(Reaction::Eyes).await {
            Err(ForgeError::NotFound { .. }) if self.is_comment_gone().await? => {
                Err(Stop::abandoned("the comment that asked is gone"))
            }
            Err(error) => {
                tracing::debug!(job.id = self.claim.lease.job.0, %error, "reaction was not put");
                Ok(matches!(error, ForgeError::Denied { .. }))
            }
            Ok(()) => Ok(false),
        }
    }

    /// Whether the comment that took no reaction is gone. Forges without reactions answer the same, so
    /// that a comment of the discussion is looked for.
    async fn is_comment_gone(&self) -> Result<bool, Stop> {
        let Trigger::Command { comment, place, .. } = &self.claim.request.trigger else {
            return Ok(false);
        };
        match place {
            CommentPlace::Diff => Ok(true),
            CommentPlace::Description | CommentPlace::Review => Ok(false),
            CommentPlace::Discussion => {
                let comments = self.load_comments().await?;
                Ok(comments.iter().all(|one| one.id != *comment))
            }
        }
    }

    /// Passes when somebody with that role may ask.
    async fn require_role(&self, role: Option<Role>, minimum: Role) -> Result<(), Stop> {
        match role.and_then(|role| effective::refuse_role(role, minimum)) {
            None => Ok(()),
            Some(reason) => {
                self.react(Reaction::Confused).await;
                Err(Stop::abandoned(reason))
            }
        }
    }

    /// Finds out what was not told of the repository: who sees it and, where it will be read, at which
    /// commit.
    async fn add_place(&self, glance: &mut Glance) -> Result<(), Stop> {
        if glance.tip.is_none() && self.reads_repository() {
            // What goes wrong here is met again, and told, by whoever cannot do without the commit.
            if let Ok(pinned) = study::pin(self.forge, self.thread()).await {
                glance.tip = Some(pinned.commit);
                glance.private = glance.private.or(pinned.private);
            }
        }
        if glance.private.is_none() {
            glance.private = self.forge.is_private(&self.thread().repository).await?;
        }
        Ok(())
    }

    /// What holds here beside the operator's settings. The repository's can only ask for more.
    async fn find_effective(&self, glance: &mut Glance) -> Result<Effective, Stop> {
        let told = match glance.settings.take() {
            Some(told) => Some(told),
            None => self.find_settings(glance).await,
        };
        let (repository, operator) = (&self.thread().repository, &self.app.settings);
        Ok(effective::load(self.forge, repository, told, operator).await?)
    }

    /// The repository's own settings by way of the listing, where that is of the default branch and is
    /// needed anyway; `None` where they have to be asked for.
    async fn find_settings(&self, glance: &Glance) -> Option<TipFile> {
        let thread = self.thread();
        if thread.kind != ThreadKind::Issue || !self.reads_repository() {
            return None;
        }
        let limits = Limits::from(&self.app.settings.budgets);
        let reader = Reader {
            forge: self.forge,
            repository: &thread.repository,
            limits: &limits,
            shelf: self.shelf().await.ok()?,
        };
        let (name, most_bytes) = (REPOSITORY_FILE, MAX_REPOSITORY_FILE_BYTES);
        reader
            .file_at_root(glance.tip.as_ref()?, name, most_bytes)
            .await
    }

    /// Whether what was asked is answered from the repository's files.
    fn reads_repository(&self) -> bool {
        matches!(self.claim.request.trigger.lane(), Lane::Plan | Lane::Check)
    }

    /// What the sender may do, which is asked for unless it is `known`; `None` where nobody's right is
    /// to be judged.
    async fn find_role(&self, known: Option<Role>) -> Result<Option<Role>, Stop> {
        let request = &self.claim.request;
        if !request.trigger.is_asked() {
            return Ok(None);
        }
        Ok(Some(match known {
            Some(role) => role,
            None => {
                let repository = &request.thread.repository;
                self.forge.role(repository, &request.sender).await?
            }
        }))
    }

    /// Why nothing is to be posted in this thread; `None` when it may be. Words are heeded in closed
    /// threads as well: whoever writes them sees that.
    fn find_obstacle(&self, thread: &Thread) -> Option<Obstacle> {
        if thread.locked {
            return Some(Obstacle::silent("the thread is locked"));
        }
        let request = &self.claim.request;
        if thread.merged && !request.trigger.is_asked() && request.trigger.lane() == Lane::Plan {
            return Some(Obstacle::silent("the pull request is merged"));
        }
        let Trigger::Label { name } = &request.trigger else {
            return None;
        };
        let labels = self.app.settings.triggers.label_policy();
        if !policy::has_label(&thread.labels, name) {
            return Some(Obstacle::silent(
                "the label was taken off before the work began",
            ));
        }
        if let Some(label) = labels.find_excluding(&thread.labels) {
            let reason = format!("the thread has the label `{label}`, which forbids it");
            return Some(Obstacle::silent(reason));
        }
        (!thread.open).then(|| Obstacle {
            reason: "the thread is closed".to_owned(),
            is_told: true,
        })
    }

    /// Passes when what was true of the thread at the beginning still is, as far as that matters to
    /// what is about to be posted: what was planned while only few could read the repository is not
    /// shown to everybody.
    pub(super) async fn require_unchanged(&self, glance: &Glance) -> Result<(), Stop> {
        if glance.private != Some(true) {
            return Ok(());
        }
        match self.forge.is_private(&self.thread().repository).await? {
            Some(false) => {
                self.mend(&Notice::MadePublic).await?;
                let reason = "the repository was made public while its plan was made";
                Err(Stop::abandoned(reason))
            }
            _ => Ok(()),
        }
    }
}

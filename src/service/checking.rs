//! Checks of a plan's age, asked for by somebody or made because the code moved.
//!
//! Nothing is planned anew and no model is asked: the comment tells what became of the places that it
//! cites. A check that nobody asked for writes only when a reader learns something by it, and only
//! into the plan's own comment.

use crate::domain::document::Document;
use crate::domain::repository::CommitSha;
use crate::domain::thread::{Reaction, Thread};
use crate::forge::Glance;
use crate::render::CommentBody;
use crate::repository::Limits;
use crate::service::admission::Admitted;
use crate::service::work::{Attempt, Stop};
use crate::service::{age, comment, study};
use crate::store::{Published, Settlement};

/// A thread's comment, and the document that it shows.
struct Shown {
    published: Published,
    document: Document,
}

impl Attempt<'_> {
    /// Checks the plan of a thread because somebody asked, and says in its comment what was found.
    pub(super) async fn check_asked(&self) -> Result<Settlement, Stop> {
        let Admitted { glance, .. } = self.admit().await?;
        let Some(mut shown) = self.find_shown().await? else {
            self.react(Reaction::Confused).await;
            return Err(Stop::abandoned("there is no plan to check"));
        };
        let tip = match &glance.tip {
            Some(tip) => tip.clone(),
            None => study::pin(self.forge, self.thread()).await?.commit,
        };
        let settlement = match self.look(&mut shown.document, &tip).await? {
            None => Settlement::Done {
                what: "the plan was checked at this commit already".to_owned(),
            },
            Some(_) => self.tell_age(shown, &glance).await?,
        };
        self.react(Reaction::Rocket).await;
        Ok(settlement)
    }

    /// Checks the plan of a thread because the code moved to `tip`.
    pub(super) async fn check_unasked(&self, tip: &CommitSha) -> Result<Settlement, Stop> {
        let Some(mut shown) = self.find_shown().await? else {
            return Err(Stop::abandoned("there is no plan to check"));
        };
        if self.look(&mut shown.document, tip).await? != Some(News::Some) {
            return Ok(Settlement::Done {
                what: "what the plan cites stands as its comment says".to_owned(),
            });
        }
        let mut glance = self.glance().await?;
        let thread = match glance.thread.take() {
            Some(thread) => thread,
            None => self.forge.thread(self.thread()).await?,
        };
        let Thread { open, locked, .. } = thread;
        if !open || locked {
            return Err(Stop::abandoned("the thread is closed or locked"));
        }
        self.edit_age(shown).await
    }

    async fn find_shown(&self) -> Result<Option<Shown>, Stop> {
        let Some(published) = self.published().await? else {
            return Ok(None);
        };
        let document = self.shown(&published).await?;
        Ok(document.map(|document| Shown {
            published,
            document,
        }))
    }

    /// Puts what became of the places at `tip` into the document; `None` when it says that already.
    async fn look(&self, document: &mut Document, tip: &CommitSha) -> Result<Option<News>, Stop> {
        let at = (&self.thread().repository, tip);
        let limits = Limits::from(&self.app.settings.budgets);
        let means = (&limits, &self.app.tools);
        let Some(age) = age::look(self.forge, at, document, means).await? else {
            return Ok(None);
        };
        let news = match document.tells_more(&age) {
            true => News::Some,
            false => News::None,
        };
        document.age = Some(age);
        Ok(Some(news))
    }

    /// Edits the plan's comment for somebody who asked. It is not posted anew when it was deleted: what it
    /// showed may have been for fewer people than can read the thread now.
    async fn tell_age(&self, shown: Shown, glance: &Glance) -> Result<Settlement, Stop> {
        self.require_unchanged(glance).await?;
        let told = self.edit_age(shown).await;
        if let Err(Stop::Settled(_)) = told {
            self.react(Reaction::Confused).await;
        }
        told
    }

    /// Edits the plan's comment and nothing else.
    async fn edit_age(&self, shown: Shown) -> Result<Settlement, Stop> {
        let (body, document) = self.aged(shown.document).await?;
        let published = Published {
            document,
            ..shown.published
        };
        let edited = self.edit_standing(&body, published).await?;
        edited.ok_or_else(|| Stop::abandoned("the plan's comment is gone"))
    }

    /// The comment with its document as it is kept.
    async fn aged(&self, document: Document) -> Result<(CommentBody, Option<String>), Stop> {
        let key = self.app.store.marker_key().await?;
        let kept = self.keep(&document, &key);
        let body = comment::render(document, &self.app.redactor, &self.site(&key));
        Ok((body, kept))
    }
}

/// Whether a reader learns something that the comment does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    /// The comment would name a later commit, and say the same.
    None,
    /// Something changed, moved, went or came back.
    Some,
}

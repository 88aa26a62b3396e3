//! Answers about the bot itself, and ends to work that somebody asked for.

use crate::domain::command::Command;
use crate::domain::request::Withdrawn;
use crate::domain::thread::Reaction;
use crate::forge::Glance;
use crate::render::{self, CommentBody, Notice};
use crate::service::admission::Admitted;
use crate::service::comment;
use crate::service::effective::effective_settings;
use crate::service::work::{Attempt, Stop};
use crate::store::{Change, Progress, Published, Settlement};

impl Attempt<'_> {
    /// Answers a question about the bot: above the plan where one stands, else in a comment of its own
    /// that the plan takes the place of later. What was not understood gets a reaction, and an answer
    /// only where a comment of ours stands.
    pub(super) async fn tell(&self, command: &Command) -> Result<Settlement, Stop> {
        let Admitted {
            glance, effective, ..
        } = self.admit().await?;
        let published = self.published().await?;
        let (notice, reaction) = match command {
            Command::Unknown { word } => {
                let word = word.clone();
                (Notice::UnknownWord { word }, Reaction::Confused)
            }
            Command::Config => {
                let notice = effective_settings(&effective, &self.app.set_keys);
                (notice, Reaction::Rocket)
            }
            _ => (Notice::Help, Reaction::Rocket),
        };
        if reaction == Reaction::Confused && published.is_none() {
            self.react(reaction).await;
            return Ok(done("it was shown that the command is not understood"));
        }
        let mut progress = self.claim.progress.clone();
        let so_far = (&glance, &mut progress);
        let settlement = self.answer(&notice, so_far, published).await?;
        self.react(reaction).await;
        Ok(settlement)
    }

    /// Puts a notice into the thread's comment without losing the plan that stands there. Where somebody
    /// deleted that, it has a comment of its own, unless it is a word about one that stands.
    pub(super) async fn answer(
        &self,
        notice: &Notice,
        (glance, progress): (&Glance, &mut Progress),
        published: Option<Published>,
    ) -> Result<Settlement, Stop> {
        let key = self.app.store.marker_key().await?;
        let site = self.site(&key);
        if let Some(published) = published {
            let body = match self.shown(&published).await? {
                Some(document) => {
                    comment::render_below(notice, document, &self.app.redactor, &site)
                }
                None if published.revision == 0 => render::notice(notice, &site),
                None => {
                    return Ok(done(
                        "the plan that stands there was not kept, and is left alone",
                    ));
                }
            };
            let replaced = self.replace(&body, published).await?;
            let is_gone = matches!(replaced, Settlement::Done { .. });
            if !is_gone || matches!(notice, Notice::UnknownWord { .. }) {
                return Ok(replaced);
            }
        }
        progress.revision = Some(0);
        let body = render::notice(notice, &site);
        self.publish(&body, glance, progress).await
    }

    /// Edits the comment that stands in the thread, which shows the same document afterwards.
    pub(super) async fn replace(
        &self,
        body: &CommentBody,
        published: Published,
    ) -> Result<Settlement, Stop> {
        let edited = self.edit_standing(body, published).await?;
        // One that somebody deleted is not made again for this.
        Ok(edited.unwrap_or_else(|| done("the comment was deleted")))
    }

    /// Ends the work on the thread that waits or is under way.
    pub(super) async fn cancel(&self) -> Result<Settlement, Stop> {
        self.admit().await?;
        let all = Change::Withdraw {
            thread: self.thread().clone(),
            which: Withdrawn::All,
        };
        let ended = self.app.store.follow(&all, (self.clock)()).await?;
        self.react(match ended {
            0 => Reaction::Confused,
            _ => Reaction::Rocket,
        })
        .await;
        Ok(done(&format!("{ended} jobs were ended")))
    }

    /// Says with `notice` that the work has ended where the thread's comment says that it goes on.
    pub(super) async fn mend(&self, notice: &Notice) -> Result<Settlement, Stop> {
        let published = self.published().await?;
        let comment = match &published {
            Some(published) if published.revision > 0 => None,
            Some(published) => Some(published.comment),
            None => self.find_own_comment(&Glance::default(), true).await?,
        };
        let Some(comment) = comment else {
            return Ok(done("nothing was said that is to be mended"));
        };
        let key = self.app.store.marker_key().await?;
        let body = render::notice(notice, &self.site(&key));
        let standing = Published {
            comment,
            revision: 0,
            document: None,
        };
        self.replace(&body, standing).await
    }
}

fn done(what: &str) -> Settlement {
    Settlement::Done {
        what: what.to_owned(),
    }
}

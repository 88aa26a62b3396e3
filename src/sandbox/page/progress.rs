//! How far the bot is with a thread, told from what it shows to everybody: reactions and comments.

use crate::sandbox::world::State;
use crate::sandbox::world::issues::Issue;
use crate::sandbox::world::reactions::Reaction;

/// How far the bot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// Nobody asked.
    Idle,
    /// The bot could not help.
    Declined,
    /// The answer is there.
    Answered,
    /// Somebody asked and the bot has not shown that it knows.
    Asked,
    /// The bot shows that it is at work.
    Reading,
}

impl Progress {
    /// Tells how far the bot is with `issue`; `labels` are those that it acts on.
    pub(crate) fn of(state: &State, issue: &Issue, labels: &[String]) -> Self {
        let bot = state.bot().account;
        let labelled = issue.labels.iter().any(|label| labels.contains(label));
        let by_label = labelled.then(|| Self::shown(bot, &issue.reactions));
        let commands = issue.comments.iter().filter(|comment| {
            comment.author != bot && comment.body.lines().any(|line| line.starts_with("/plan"))
        });
        let by_command = commands.map(|comment| Self::shown(bot, &comment.reactions));
        let latest = by_label.into_iter().chain(by_command).max();
        latest.unwrap_or(Self::Idle)
    }

    fn shown(bot: u64, reactions: &[Reaction]) -> Self {
        let has = |word: &str| {
            let mut own = reactions.iter().filter(|one| one.account == bot);
            own.any(|one| one.content == word)
        };
        if has("rocket") {
            Self::Answered
        } else if has("confused") {
            Self::Declined
        } else if has("eyes") {
            Self::Reading
        } else {
            Self::Asked
        }
    }

    /// Whether something is about to change by itself.
    pub(crate) fn is_pending(self) -> bool {
        matches!(self, Self::Asked | Self::Reading)
    }

    /// The same for people.
    pub(crate) fn describe(self, bot: &str, labels: &[String]) -> String {
        match self {
            Self::Idle => match labels.first() {
                Some(label) => {
                    format!("To ask for a plan, add the label “{label}” or comment “/plan”.")
                }
                None => "To ask for a plan, comment “/plan”.".to_owned(),
            },
            Self::Asked => format!("Waiting for {bot} to notice…"),
            Self::Reading => format!("{bot} is reading the repository…"),
            Self::Answered => format!("{bot} has answered."),
            Self::Declined => format!("{bot} looked at this and could not help."),
        }
    }

    /// The part of the class that gives it its colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Asked | Self::Reading => "pending",
            Self::Answered => "done",
            Self::Declined => "failed",
        }
    }
}

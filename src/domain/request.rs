//! A request: who asked, where, and what for.

use std::slice;

use aws_lc_rs::digest;

use crate::domain::change_set::ChangeSet;
use crate::domain::command::Command;
use crate::domain::policy;
use crate::domain::repository::CommitSha;
use crate::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, ReactionTarget, ThreadAddress, UserId,
};

/// Most characters that the words of requests have which were joined into one.
const MAX_JOINED_CHARACTERS: usize = 4_000;

/// What made somebody's wish known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// A configured label was put on the thread.
    Label {
        /// The label's name.
        name: String,
    },
    /// A command was written in the thread.
    Command {
        /// The comment that holds the command; 0 for the thread's description.
        comment: CommentId,
        /// Where it was written.
        place: CommentPlace,
        /// What it asks for.
        command: Command,
    },
    /// Whoever runs the bot asked at its command line, where nobody's role is to be judged.
    Operator {
        /// What to focus on; empty for everything. Raw text.
        focus: String,
    },
    /// The code moved under a plan, so that its age is to be checked. Nobody asked, and nobody is
    /// answered: at most the plan's own comment changes.
    Push {
        /// The commit that the default branch is at.
        tip: CommitSha,
    },
    /// A request was taken back while its work was under way, and what was said of it is to be mended.
    Withdrawn,
}

/// Which wishes of a thread were taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawn {
    /// Those that a label told.
    Label {
        /// Its name.
        name: String,
    },
    /// Those that stand in a comment.
    Command {
        /// The comment.
        comment: CommentId,
        /// Where it stood.
        place: CommentPlace,
    },
    /// All of them.
    All,
}

impl Withdrawn {
    /// Whether the wish behind `trigger` is one of them.
    pub fn covers(&self, trigger: &Trigger) -> bool {
        match (self, trigger) {
            (Self::All, _) => true,
            (Self::Label { name }, Trigger::Label { name: asked }) => {
                policy::has_label(slice::from_ref(asked), name)
            }
            (
                Self::Command { comment, place },
                Trigger::Command {
                    comment: asked,
                    place: there,
                    ..
                },
            ) => comment == asked && place == there,
            _ => false,
        }
    }
}

/// Jobs of one thread that wait for the same sender take each other's place within a lane only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Plans.
    Plan,
    /// Checks of a plan's age.
    Check,
    /// Answers about the bot itself.
    Tell,
    /// Ends to other work, which do not wait for it.
    Cancel,
}

impl Lane {
    /// The word that the store uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Check => "check",
            Self::Tell => "tell",
            Self::Cancel => "cancel",
        }
    }
}

impl Trigger {
    /// The words to heed: those after the command or of the command line, empty for all others.
    pub fn words(&self) -> &str {
        match self {
            Self::Label { .. } | Self::Push { .. } | Self::Withdrawn => "",
            Self::Command { command, .. } => command.words(),
            Self::Operator { focus } => focus,
        }
    }

    /// The same trigger with other words; what has none stays as it is.
    #[must_use]
    pub fn with_words(self, words: String) -> Self {
        match self {
            Self::Command {
                comment,
                place,
                command,
            } => Self::Command {
                comment,
                place,
                command: command.with_words(words),
            },
            Self::Operator { .. } => Self::Operator { focus: words },
            other => other,
        }
    }

    /// Where its job waits.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Label { .. } | Self::Operator { .. } => Lane::Plan,
            Self::Push { .. } => Lane::Check,
            Self::Withdrawn => Lane::Cancel,
            Self::Command { command, .. } => match command {
                Command::Plan { .. } | Command::Revise { .. } => Lane::Plan,
                Command::Check => Lane::Check,
                Command::Help | Command::Config | Command::Unknown { .. } => Lane::Tell,
                Command::Cancel => Lane::Cancel,
            },
        }
    }

    /// Whether somebody on the forge asked, whose right to ask is to be judged.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Label { .. } | Self::Command { .. })
    }

    /// Where to show, by reaction, that the request was seen; `None` when nobody on the forge asked.
    pub fn reaction_target(&self) -> Option<ReactionTarget> {
        match self {
            Self::Label { .. } => Some(ReactionTarget::Thread),
            Self::Command { comment, place, .. } => Some(match place {
                CommentPlace::Description => ReactionTarget::Thread,
                CommentPlace::Discussion => ReactionTarget::Comment(*comment),
                CommentPlace::Diff => ReactionTarget::ReviewComment(*comment),
                // Reviews themselves take no reactions.
                CommentPlace::Review => ReactionTarget::Thread,
            }),
            Self::Operator { .. } | Self::Push { .. } | Self::Withdrawn => None,
        }
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The thread that it is about, and to answer in.
    pub thread: ThreadAddress,
    /// Who asked; their right to ask is judged when the work begins.
    pub sender: Author,
    /// How they asked.
    pub trigger: Trigger,
}

impl Request {
    /// What is to be done about `thread` because of something that nobody asked for.
    pub fn of_nobody(thread: ThreadAddress, trigger: Trigger) -> Self {
        let sender = Author {
            id: UserId(0),
            login: String::new(),
            kind: AuthorKind::Bot,
        };
        Self {
            thread,
            sender,
            trigger,
        }
    }

    /// The same wish told twice has the same key: a command in its comment, or somebody's label or
    /// the operator's wish while it waits.
    pub fn semantic_key(&self) -> String {
        let subject = self.thread.subject();
        match &self.trigger {
            Trigger::Label { name } => format!("{subject}/label/{name}/{}", self.sender.id.0),
            Trigger::Command {
                comment,
                place,
                command,
            } => {
                let place = place.as_str();
                format!("{subject}/{place}/{}/{}", comment.0, fingerprint(command))
            }
            Trigger::Operator { .. } => format!("{subject}/operator"),
            Trigger::Push { .. } => format!("{subject}/push"),
            Trigger::Withdrawn => format!("{subject}/withdrawn"),
        }
    }

    /// This request in place of one of the same lane and sender that waits: what was said with either
    /// is heeded.
    #[must_use]
    pub fn instead_of(self, waiting: &Self) -> Self {
        let (earlier, later) = (waiting.trigger.words(), self.trigger.words());
        let takes_words = !matches!(self.trigger, Trigger::Label { .. });
        let words = match (earlier.is_empty(), later.is_empty()) {
            (true, _) => return self,
            // A label says nothing, so that the words of the command stay in force.
            (false, true) if !takes_words => {
                return Self {
                    trigger: waiting.trigger.clone(),
                    ..self
                };
            }
            (false, _) if later.contains(earlier) => return self,
            (false, true) => earlier.to_owned(),
            (false, false) => format!("{earlier}\n\n{later}"),
        };
        let words = words.chars().take(MAX_JOINED_CHARACTERS).collect();
        Self {
            trigger: self.trigger.with_words(words),
            ..self
        }
    }
}

/// Sixteen hexadecimal digits by which one command is told from another in the same comment.
fn fingerprint(command: &Command) -> String {
    let verb = command.verb().map_or("", |verb| verb.form());
    let word = match command {
        Command::Unknown { word } => word,
        other => other.words(),
    };
    let digest = digest::digest(&digest::SHA256, format!("{verb}\n{word}").as_bytes());
    hex::encode(digest.as_ref().get(..8).unwrap_or_default())
}

/// What the planner is told of a request; all texts are raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief {
    /// The title of the thread, or the first line of a request from the command line.
    pub title: String,
    /// The description.
    pub body: String,
    /// The discussion that follows it, oldest first, automation's comments left out.
    pub discussion: Vec<Remark>,
    /// The words after `/plan`.
    pub focus: String,
    /// What a change request changes so far; `None` for issues and for requests from the command line.
    pub changes: Option<ChangeSet>,
    /// How many parts that a page does not show were taken out of these texts.
    pub hidden_parts: usize,
}

/// Who speaks in a discussion, as far as it matters to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Speaker {
    /// Somebody who may change the repository.
    Maintainer,
    /// Whoever opened the thread.
    Author,
    /// Anybody else, or nobody knows.
    #[default]
    Other,
}

impl Speaker {
    /// The word for models.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Maintainer => "maintainer",
            Self::Author => "author",
            Self::Other => "other",
        }
    }
}

/// One comment of a discussion, as the planner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The login of its author; raw text.
    pub login: String,
    /// What they are in this thread.
    pub speaker: Speaker,
    /// What it says; raw text.
    pub text: String,
}

impl Brief {
    /// Splits a request written as one text: its first line that is not blank is the title.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        Self {
            title: title.trim().to_owned(),
            body: body.trim().to_owned(),
            ..Self::default()
        }
    }

    /// Everything that was asked, as one text: title, description, focus, then the discussion.
    pub fn full_text(&self) -> String {
        let mut parts = vec![self.title.as_str(), &self.body, &self.focus];
        parts.extend(self.discussion.iter().map(|remark| remark.text.as_str()));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Request, Trigger};
    use crate::domain::repository::{ForgeKind, RepositoryId, RepositoryName};
    use crate::domain::thread::{
        Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
        ThreadNumber, UserId,
    };

    fn request(trigger: Trigger) -> Request {
        Request {
            thread: ThreadAddress {
                repository: RepositoryAddress {
                    forge: ForgeKind::GitHub,
                    host: "github.com".to_owned(),
                    id: RepositoryId(5),
                    name: RepositoryName::new("octo", "plans").unwrap(),
                    installation: None,
                },
                kind: ThreadKind::Issue,
                number: ThreadNumber(7),
            },
            sender: Author {
                id: UserId(3),
                login: "mona".to_owned(),
                kind: AuthorKind::Human,
            },
            trigger,
        }
    }

    fn command(comment: u64, command: Command) -> Request {
        request(Trigger::Command {
            comment: CommentId(comment),
            place: CommentPlace::Discussion,
            command,
        })
    }

    fn focused(comment: u64, focus: &str) -> Request {
        let focus = focus.to_owned();
        command(comment, Command::Plan { focus })
    }

    fn revised(feedback: &str) -> Request {
        let feedback = feedback.to_owned();
        command(2, Command::Revise { feedback })
    }

    fn label() -> Request {
        request(Trigger::Label {
            name: "plan".to_owned(),
        })
    }

    #[test]
    fn a_command_is_one_wish_per_comment_and_wording() {
        let key = focused(1, "the parser").semantic_key();
        assert_eq!(focused(1, "the parser").semantic_key(), key);
        assert_ne!(focused(1, "the lexer").semantic_key(), key);
        assert_ne!(focused(2, "the parser").semantic_key(), key);
        assert_ne!(
            command(1, Command::Check).semantic_key(),
            command(1, Command::Cancel).semantic_key()
        );
    }

    #[test]
    fn what_was_said_with_a_request_that_waits_is_not_lost() {
        let words = |request: Request| request.trigger.words().to_owned();
        assert_eq!(
            words(label().instead_of(&focused(1, "the parser"))),
            "the parser"
        );
        assert_eq!(words(revised("b").instead_of(&revised("a"))), "a\n\nb");
        assert_eq!(words(focused(3, "").instead_of(&focused(1, "a"))), "a");
        assert_eq!(words(focused(3, "a").instead_of(&label())), "a");
        assert_eq!(
            words(focused(3, "a, b").instead_of(&focused(1, "a"))),
            "a, b"
        );
    }

    #[test]
    fn the_later_request_says_where_it_was_made() {
        let joined = focused(9, "").instead_of(&focused(1, "a"));
        assert_eq!(joined, focused(9, "a"));
    }
}

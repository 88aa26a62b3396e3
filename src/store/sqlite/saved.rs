//! The saved shape of a request, with its version; nothing else in the store knows it.

use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
use crate::domain::repository::{
    CommitSha, ForgeKind, InstallationId, RepositoryId, RepositoryName,
};
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
    ThreadNumber, UserId,
};

/// A request as the `request` column holds it, as JSON. A later shape gets a later version, and
/// this one is still read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "version")]
pub(super) enum Saved {
    /// The first shape.
    #[serde(rename = "1")]
    V1(SavedRequest),
}

/// The first shape of a request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SavedRequest {
    forge: String,
    host: String,
    repository_id: u64,
    repository: String,
    installation: Option<u64>,
    change_request: bool,
    number: u64,
    sender_id: u64,
    sender: String,
    sender_is_bot: bool,
    trigger: SavedTrigger,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum SavedTrigger {
    Label {
        name: String,
    },
    Command {
        comment: u64,
        /// Requests saved by earlier versions were all made in discussions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<String>,
        /// The words of the command. Requests saved by earlier versions all asked for plans.
        focus: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verb: Option<String>,
    },
    Operator {
        focus: String,
    },
    Push {
        tip: String,
    },
    Withdrawn,
}

/// Writes a request down.
pub(super) fn write(request: &Request) -> Result<String, String> {
    let thread = &request.thread;
    let repository = &thread.repository;
    let saved = Saved::V1(SavedRequest {
        forge: repository.forge.as_str().to_owned(),
        host: repository.host.clone(),
        repository_id: repository.id.0,
        repository: repository.name.to_string(),
        installation: repository.installation.map(|installation| installation.0),
        change_request: thread.kind == ThreadKind::ChangeRequest,
        number: thread.number.0,
        sender_id: request.sender.id.0,
        sender: request.sender.login.clone(),
        sender_is_bot: request.sender.kind == AuthorKind::Bot,
        trigger: match &request.trigger {
            Trigger::Label { name } => SavedTrigger::Label { name: name.clone() },
            Trigger::Command {
                comment,
                place,
                command,
            } => write_command(*comment, *place, command),
            Trigger::Operator { focus } => SavedTrigger::Operator {
                focus: focus.clone(),
            },
            Trigger::Push { tip } => SavedTrigger::Push {
                tip: tip.as_str().to_owned(),
            },
            Trigger::Withdrawn => SavedTrigger::Withdrawn,
        },
    });
    serde_json::to_string(&saved).map_err(|error| error.to_string())
}

/// Reads a request back.
pub(super) fn read(text: &str) -> Result<Request, String> {
    let Saved::V1(saved) = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let forge = match saved.forge.as_str() {
        "github" => ForgeKind::GitHub,
        "gitlab" => ForgeKind::GitLab,
        _ => return Err("the forge's kind is unknown".to_owned()),
    };
    let name = RepositoryName::parse(&saved.repository).map_err(|error| error.to_string())?;
    Ok(Request {
        thread: ThreadAddress {
            repository: RepositoryAddress {
                forge,
                host: saved.host,
                id: RepositoryId(saved.repository_id),
                name,
                installation: saved.installation.map(InstallationId),
            },
            kind: if saved.change_request {
                ThreadKind::ChangeRequest
            } else {
                ThreadKind::Issue
            },
            number: ThreadNumber(saved.number),
        },
        sender: Author {
            id: UserId(saved.sender_id),
            login: saved.sender,
            kind: if saved.sender_is_bot {
                AuthorKind::Bot
            } else {
                AuthorKind::Human
            },
        },
        trigger: read_trigger(saved.trigger)?,
    })
}

fn write_command(comment: CommentId, place: CommentPlace, command: &Command) -> SavedTrigger {
    let verb = match command {
        Command::Plan { .. } => None,
        Command::Revise { .. } => Some("revise"),
        Command::Check => Some("check"),
        Command::Cancel => Some("cancel"),
        Command::Config => Some("config"),
        Command::Help => Some("help"),
        Command::Unknown { .. } => Some("unknown"),
    };
    let words = match command {
        Command::Unknown { word } => word,
        other => other.words(),
    };
    SavedTrigger::Command {
        comment: comment.0,
        place: (place != CommentPlace::Discussion).then(|| place.as_str().to_owned()),
        focus: words.to_owned(),
        verb: verb.map(str::to_owned),
    }
}

fn read_trigger(saved: SavedTrigger) -> Result<Trigger, String> {
    Ok(match saved {
        SavedTrigger::Label { name } => Trigger::Label { name },
        SavedTrigger::Command {
            comment,
            place,
            focus,
            verb,
        } => Trigger::Command {
            comment: CommentId(comment),
            place: match place {
                Some(word) => CommentPlace::find(&word).ok_or("the comment's place is unknown")?,
                None => CommentPlace::Discussion,
            },
            command: read_command(verb.as_deref(), focus)?,
        },
        SavedTrigger::Operator { focus } => Trigger::Operator { focus },
        SavedTrigger::Push { tip } => Trigger::Push {
            tip: CommitSha::parse(&tip).map_err(|error| error.to_string())?,
        },
        SavedTrigger::Withdrawn => Trigger::Withdrawn,
    })
}

fn read_command(verb: Option<&str>, words: String) -> Result<Command, String> {
    Ok(match verb {
        None => Command::Plan { focus: words },
        Some("revise") => Command::Revise { feedback: words },
        Some("check") => Command::Check,
        Some("cancel") => Command::Cancel,
        Some("config") => Command::Config,
        Some("help") => Command::Help,
        Some("unknown") => Command::Unknown { word: words },
        Some(_) => return Err("the command is unknown".to_owned()),
    })
}

//! Short comments that are no plan: what happened, why, and what to do next.

use crate::domain::command::Verb;
use crate::domain::narrowing::{EffectiveSetting, Fault};
use crate::domain::repository::CommitSha;
use crate::render::Site;
use crate::render::body::CommentBody;
use crate::render::code;
use crate::render::faults;
use crate::render::limit::{Kind, Page, Section};
use crate::render::links::Links;
use crate::render::messages;

/// Something that a thread is told instead of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The work has begun.
    Working {
        /// The commit that is read.
        commit: CommitSha,
        /// How far it is.
        progress: Progress,
    },
    /// The work was ended because the request was taken back.
    Cancelled,
    /// The repository was made public while its plan was made.
    MadePublic,
    /// The work failed on our side, finally.
    Failed {
        /// The job's number, for the operator.
        job: i64,
    },
    /// There is no commit to read.
    RepositoryEmpty,
    /// The repository's contents may not be read.
    NotReadable {
        /// Why, as far as the forge tells it; raw text.
        why: String,
    },
    /// The repository is larger than what the operator allows.
    TooLarge,
    /// What the pull request changes is part of the code already.
    Merged,
    /// How to ask.
    Help,
    /// What follows `/plan` is no command, such as a setting.
    UnknownWord {
        /// The word; raw text.
        word: String,
    },
    /// Which settings hold for the repository.
    Config {
        /// All of them, with where they come from.
        settings: Vec<EffectiveSetting>,
        /// What of the repository's own file cannot be used.
        faults: Vec<Fault>,
    },
}

/// How far a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The code is read and searched.
    Reading,
    /// The plan is written.
    Writing,
    /// What it says is looked up in the code.
    Verifying,
}

/// Renders a notice as a comment.
pub fn notice(notice: &Notice, site: &Site) -> CommentBody {
    let mut page = Page::new(String::new());
    page.add(section(notice, site));
    page.into_body(&site.marker)
}

/// A notice as a part of a comment.
pub(super) fn section(notice: &Notice, site: &Site) -> Section {
    let mut section = Section::bare();
    section.block(Kind::Fixed, |out| push_message(out, notice, site));
    if matches!(notice, Notice::Help | Notice::UnknownWord { .. }) {
        add_usage(&mut section);
    }
    if let Notice::Config { settings, faults } = notice {
        faults::add_settings(&mut section, settings);
        faults::add(&mut section, Kind::Background, faults);
    }
    section
}

fn push_message(out: &mut String, notice: &Notice, site: &Site) {
    match notice {
        Notice::Working { commit, progress } => {
            let mut link = String::new();
            Links::new(site, commit).commit(&mut link, commit);
            let step = match progress {
                Progress::Reading => messages::READING,
                Progress::Writing => messages::WRITING,
                Progress::Verifying => messages::VERIFYING,
            };
            out.push_str(&messages::working(&link, step));
        }
        Notice::Cancelled => out.push_str(messages::CANCELLED),
        Notice::MadePublic => out.push_str(messages::MADE_PUBLIC),
        Notice::Failed { job } => out.push_str(&messages::failed(*job)),
        Notice::RepositoryEmpty => out.push_str(messages::REPOSITORY_EMPTY),
        Notice::NotReadable { why } => {
            let mut shown = String::new();
            code::span(&mut shown, why);
            out.push_str(&messages::not_readable(&shown));
        }
        Notice::TooLarge => out.push_str(messages::TOO_LARGE),
        Notice::Merged => out.push_str(messages::MERGED),
        Notice::Help => out.push_str(&messages::help(site.forge)),
        Notice::Config { .. } => out.push_str(messages::settings::CONFIG),
        Notice::UnknownWord { word } => {
            let mut shown = String::new();
            code::span(&mut shown, word);
            out.push_str(&messages::unknown_word(&shown));
        }
    }
}

fn add_usage(section: &mut Section) {
    for verb in Verb::ALL {
        section.item(Kind::Fixed, |out| {
            code::span(out, verb.form());
            out.push_str(": ");
            out.push_str(verb.meaning());
        });
    }
}

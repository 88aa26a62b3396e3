//! The settings that hold for one repository: the operator's, as far as the repository's own file on
//! its default branch leaves them.
//!
//! The file is never read from anywhere else, so a change request cannot bring its own.

use crate::config::repository_file::{self, Effective, PathFilter};
use crate::config::{SetKeys, Settings};
use crate::domain::change_set::ChangeSet;
use crate::domain::document::OwnSettings;
use crate::domain::narrowing::{MAX_REPOSITORY_FILE_BYTES, Wrong};
use crate::domain::policy;
use crate::domain::repository::{BlobId, RepoPath};
use crate::domain::request::Trigger;
use crate::domain::thread::{RepositoryAddress, Role};
use crate::forge::{Forge, ForgeError, TipFile};
use crate::render::Notice;

/// Comparisons with the patterns of left-out paths for the files of one change request.
const MOST_STEPS: u64 = 10_000_000;

/// What holds for `repository`. The forge is asked for its file unless that was `told` already.
///
/// # Errors
/// What the forge says, except that there is no such file.
pub async fn load(
    forge: &dyn Forge,
    repository: &RepositoryAddress,
    told: Option<TipFile>,
    operator: &Settings,
) -> Result<Effective, ForgeError> {
    let file = match told {
        Some(file) => file,
        None => forge.settings_file(repository).await?,
    };
    Ok(match file {
        TipFile::Missing => Effective::of_operator(operator),
        TipFile::TooLarge => {
            let most_bytes = MAX_REPOSITORY_FILE_BYTES;
            repository_file::unreadable(operator, Wrong::TooLarge { most_bytes })
        }
        TipFile::NotText => repository_file::unreadable(operator, Wrong::NotText),
        TipFile::Found(bytes) => repository_file::narrow(operator, &bytes),
    })
}

/// Whether the request came by a label that the operator serves and this repository does not.
pub(super) fn is_label_switched_off(effective: &Effective, trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Label { name } => !effective.labels.asks(name),
        _ => false,
    }
}

/// Why somebody with `role` may not ask where at least `minimum` is demanded; `None` when they may.
pub(super) fn refuse_role(role: Role, minimum: Role) -> Option<String> {
    (!policy::may_ask(role, minimum)).then(|| {
        format!(
            "the sender has the role `{}`, and `{}` is asked for",
            role.as_str(),
            minimum.as_str()
        )
    })
}

/// Takes out of a change request what the repository leaves out; how many files it has stays known.
pub fn leave_out(changes: &mut ChangeSet, paths: &PathFilter) {
    let mut steps_left = MOST_STEPS;
    let mut allows = |path: &str| {
        // What is no path of a file cannot be judged, and nothing of it is shown.
        let path = RepoPath::parse(path).ok();
        path.is_some_and(|path| paths.allows(&path, &mut steps_left))
    };
    if paths.is_open() {
        return;
    }
    changes.files.retain(|file| {
        let previous = file.previous_path.as_deref();
        allows(&file.path) && previous.is_none_or(&mut allows)
    });
    changes.reviews.retain(|thread| allows(&thread.path));
}

/// What a receipt says of the repository's file; `told` is the one whose faults the thread was told of
/// before.
pub fn receipt(effective: &Effective, told: Option<&BlobId>) -> OwnSettings {
    OwnSettings {
        is_news: !effective.faults.is_empty()
            && (effective.file.is_none() || effective.file.as_ref() != told),
        file: effective.file.clone(),
        faults: effective.faults.clone(),
    }
}

/// The answer to `/plan config`: what holds here and where it comes from. `operators` are the keys that
/// the operator has set. It tells no address, path or secret.
pub fn effective_settings(effective: &Effective, operators: &SetKeys) -> Notice {
    Notice::Config {
        settings: effective.shown(|key| operators.has(key)),
        faults: effective.faults.clone(),
    }
}

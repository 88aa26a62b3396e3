//! From a document to a comment: the one place where Markdown is made, and secrets are taken out of
//! what is posted or told.

use crate::domain::document::Document;
use crate::forge::ForgeError;
use crate::model::Conversation;
use crate::redact::{Redactor, Tally};
use crate::render::{self, CommentBody, Notice, Site};
use crate::service::work::Stop;
use crate::store::Settlement;

/// Takes secrets out of a document, whose receipt then counts them together with those that were taken
/// out of the request and those that the model was not told.
pub fn clean(
    document: &mut Document,
    redactor: &Redactor,
    (mut kept_back, conversation): (Tally, Option<Conversation<'_>>),
) {
    kept_back.merge(
        conversation
            .map(|model| model.kept_back())
            .unwrap_or_default(),
    );
    redactor.redact_document(document, kept_back);
}

/// The comment that `document` becomes at `site`, without secrets in any field.
pub fn render(document: Document, redactor: &Redactor, site: &Site) -> CommentBody {
    render::document(&without_new_secrets(document, redactor), site)
}

/// The same below a notice.
pub fn render_below(
    notice: &Notice,
    document: Document,
    redactor: &Redactor,
    site: &Site,
) -> CommentBody {
    render::document_below(notice, &without_new_secrets(document, redactor), site)
}

fn without_new_secrets(mut document: Document, redactor: &Redactor) -> Document {
    redactor.redact_document(&mut document, Tally::default());
    document
}

/// The settlement with no secret in its reason, which is saved and shown to operators.
pub(super) fn without_secrets(mut settlement: Settlement, redactor: &Redactor) -> Settlement {
    match &mut settlement {
        Settlement::Published { .. } => {}
        Settlement::Done { what: reason }
        | Settlement::Abandoned { reason }
        | Settlement::Retry { reason, .. }
        | Settlement::Failed { reason } => *reason = redactor.redact(reason).text.into_owned(),
    }
    settlement
}

/// What to say in the thread when its repository cannot be planned for and waiting does not help.
pub(super) fn find_notice(stop: &Stop) -> Option<Notice> {
    match stop {
        Stop::Forge(ForgeError::Empty) => Some(Notice::RepositoryEmpty),
        Stop::Forge(ForgeError::Denied { why, .. }) => {
            let why = why.clone();
            Some(Notice::NotReadable { why })
        }
        Stop::Forge(ForgeError::TooLarge { .. }) => Some(Notice::TooLarge),
        _ => None,
    }
}

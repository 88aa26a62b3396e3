//! What is said of a change request: its diff as far as it was read, and what its reviewers wait for.

use crate::domain::document::ChangesRead;
use crate::render::messages::counted;
use crate::render::numbers::thousands;

/// Before the conversations that a step answers.
pub(in crate::render) const ANSWERS: &str = "Answers the ";

/// A conversation of reviewers.
pub(in crate::render) fn thread(author: &str, place: &str) -> String {
    match author.trim() {
        "" => format!("review thread at {place}"),
        author => format!("review thread by {author} at {place}"),
    }
}

/// How much of the diff was read.
pub(in crate::render) fn diff(read: &ChangesRead) -> String {
    let named = thousands(read.named as u64);
    let files = counted(
        usize::try_from(read.files).unwrap_or(usize::MAX),
        "file",
        "files",
    );
    let mut missing = Vec::new();
    if read.cut > 0 {
        let cut = counted(read.cut, "file", "files");
        missing.push(format!("hunks of {cut} cut for lack of room"));
    }
    if read.withheld > 0 {
        let withheld = counted(read.withheld, "file", "files");
        missing.push(format!("hunks of {withheld} not given by the forge"));
    }
    let missing = match missing.is_empty() {
        true => "all hunks read".to_owned(),
        false => missing.join(", "),
    };
    match read.named as u64 == read.files {
        true => format!("Diff of {files}: {missing}"),
        false => format!("Diff of {files}, the first {named} of them looked at: {missing}"),
    }
}

/// How many conversations of reviewers were read; nothing where there are none.
pub(in crate::render) fn threads(read: &ChangesRead) -> String {
    if read.reviews + read.more_reviews == 0 {
        return String::new();
    }
    let count = counted(read.reviews, "review thread", "review threads");
    let mut text = match read.knows_resolved {
        true => format!("{count} read, those that are resolved left aside"),
        false => format!("{count} read; the forge does not tell which of them are resolved"),
    };
    if read.more_reviews > 0 {
        let more = thousands(read.more_reviews as u64);
        text.push_str(&format!("; at least {more} more not looked at"));
    }
    text
}

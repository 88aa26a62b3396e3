//! Answers that are asked for again and again, with the tags by which GitHub says that they still hold.
//!
//! Nothing here is ever used by itself: GitHub is asked each time, with the credentials of the moment,
//! and only when it says "not modified" does the kept answer stand. Such an answer costs nothing of an
//! hour's calls. One of these belongs to one host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK};
use http::{HeaderMap, HeaderValue};
use serde::de::IgnoredAny;

use crate::domain::repository::{InstallationId, RepositoryId};
use crate::domain::thread::RepositoryAddress;
use crate::forge::github::transport::{Answer, Keeps, Request};

/// Longest answer that is kept: a page of long comments is asked for anew.
const LONGEST_BYTES: usize = 256 * 1024;

/// Bytes of one generation; two of them are kept. That is some thousand answers of usual length.
const GENERATION_BYTES: usize = 2 * 1024 * 1024;

/// What an answer takes beside its text: its key, its headers, its place in the map.
const ENTRY_BYTES: usize = 512;

/// Longest tag that is kept; GitHub's have 68 signs.
const LONGEST_TAG: usize = 256;

/// Headers of an answer that somebody reads.
const READ_HEADERS: [http::HeaderName; 2] = [CONTENT_TYPE, LINK];

/// What was asked, and by whom: what one installation was told is never told to another, nor of one
/// repository what was told of another that had its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    installation: Option<InstallationId>,
    repository: RepositoryId,
    path: String,
    accept: &'static str,
}

impl Question {
    /// The question that a request is; `None` when its answers are not kept.
    pub(super) fn of(repository: &RepositoryAddress, request: &Request) -> Option<Self> {
        (request.keeps != Keeps::Nothing).then(|| Self {
            installation: repository.installation,
            repository: repository.id,
            path: request.path.clone(),
            accept: request.accept,
        })
    }
}

/// An answer that is kept.
#[derive(Debug)]
pub(super) struct Kept {
    /// What it is asked again with, exactly as it was told.
    pub(super) tag: HeaderValue,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Kept {
    /// The part of an answer that is worth keeping; `None` for an answer that cannot be asked for by its
    /// tag, or would not tell by it all that may change.
    fn of(answer: &Answer, keeps: Keeps) -> Option<Self> {
        let fits = answer.body.len() <= LONGEST_BYTES && !forbids_keeping(&answer.headers);
        let is_told_whole = match keeps {
            Keeps::Nothing => false,
            Keeps::Always => true,
            Keeps::UnlessFull(page_size) => {
                let items = serde_json::from_slice::<Vec<IgnoredAny>>(&answer.body);
                items.is_ok_and(|items| items.len() < page_size)
            }
        };
        let tag = answer.headers.get(ETAG).filter(|tag| is_tag(tag))?;
        (fits && is_told_whole).then(|| Self {
            tag: tag.clone(),
            headers: READ_HEADERS
                .into_iter()
                .filter_map(|name| Some((name.clone(), answer.headers.get(name)?.clone())))
                .collect(),
            body: answer.body.clone(),
        })
    }

    /// Whether an answer that nothing was modified is about this: it may name the tag that it means.
    pub(super) fn is_meant(&self, headers: &HeaderMap) -> bool {
        let named = headers.get(ETAG);
        named.is_none_or(|named| strong_part(named) == strong_part(&self.tag))
    }

    /// The answer as it was.
    pub(super) fn answer(&self) -> Answer {
        Answer {
            headers: self.headers.clone(),
            body: self.body.clone(),
        }
    }
}

/// The part of a tag by which tags are compared, whether they are weak or not.
fn strong_part(tag: &HeaderValue) -> &[u8] {
    let bytes = tag.as_bytes();
    bytes.strip_prefix(b"W/").unwrap_or(bytes)
}

fn is_tag(tag: &HeaderValue) -> bool {
    let quoted = strong_part(tag);
    let is_quoted = quoted.len() > 2 && quoted.starts_with(b"\"") && quoted.ends_with(b"\"");
    is_quoted && tag.len() <= LONGEST_TAG && tag.to_str().is_ok()
}

fn forbids_keeping(headers: &HeaderMap) -> bool {
    let told = headers.get_all(CACHE_CONTROL).iter();
    told.filter_map(|value| value.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("no-store"))
}

/// The answers that are kept, in two generations: when the younger one is full, the older one is
/// forgotten.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Question, Arc<Kept>>,
    old: HashMap<Question, Arc<Kept>>,
    young_bytes: usize,
}

impl Remembered {
    /// What was last told. It stays whole for whoever holds it, forgotten or not.
    pub(super) fn find(&self, question: &Question) -> Option<Arc<Kept>> {
        self.with(|all| {
            let found = all.remove(question)?;
            all.put(question.clone(), Arc::clone(&found));
            Some(found)
        })
    }

    /// Keeps what was told in place of what was told before.
    pub(super) fn keep(&self, question: Question, answer: &Answer, keeps: Keeps) {
        let kept = Kept::of(answer, keeps);
        self.with(|all| {
            all.remove(&question);
            if let Some(kept) = kept {
                all.put(question, Arc::new(kept));
            }
        });
    }

    /// Forgets what does not hold.
    pub(super) fn forget(&self, question: &Question) {
        self.with(|all| all.remove(question));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Generations) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generations {
    fn put(&mut self, question: Question, kept: Arc<Kept>) {
        if self.young_bytes >= GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += bytes_of(&kept);
        self.young.insert(question, kept);
    }

    fn remove(&mut self, question: &Question) -> Option<Arc<Kept>> {
        if let Some(kept) = self.young.remove(question) {
            self.young_bytes -= bytes_of(&kept);
            return Some(kept);
        }
        self.old.remove(question)
    }
}

fn bytes_of(kept: &Kept) -> usize {
    kept.body.len() + ENTRY_BYTES
}

#[cfg(test)]
mod tests;

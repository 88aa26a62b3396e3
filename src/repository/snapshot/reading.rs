//! A snapshot in the making: what is listed, what is wanted, what has come.

use std::collections::HashMap;

use super::attributes::{self, Attributes};
use super::filter::{Reason, Tally, judge_path};
use super::known::Known;
use super::listing::Listing;
use super::text::is_generated;
use crate::domain::repository::{BlobId, CommitSha, RepoPath};
use crate::repository::priors::Standing;
use crate::repository::{File, Limits, Snapshot, Text};

/// Files of attributes that are read, those next to the root first. Each may cost a request.
const MOST_ATTRIBUTE_FILES: usize = 20;

/// A file whose contents are to be fetched.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Its position among the snapshot's files.
    pub(super) index: usize,
    /// Its path.
    pub(super) path: RepoPath,
    /// Its blob.
    pub(super) blob: BlobId,
    /// Its size, where the tree tells it.
    pub(super) size_bytes: Option<u64>,
}

/// What a blob turned out to be.
pub(super) type Verdict = Result<Readable, Reason>;

/// A text, and whether tools wrote it.
#[derive(Debug, Clone)]
pub(super) struct Readable {
    /// The text.
    pub(super) text: Text,
    /// It says itself that it was generated, or nobody could read it.
    pub(super) is_generated: bool,
}

impl From<String> for Readable {
    fn from(text: String) -> Self {
        Self {
            is_generated: is_generated(&text),
            text: text.into(),
        }
    }
}

/// A snapshot in the making.
pub(super) struct Reading<'a> {
    files: Vec<File>,
    sizes: Vec<Option<u64>>,
    special: Vec<RepoPath>,
    tally: Tally,
    attributes: Attributes,
    known: Known,
    limits: &'a Limits,
    bytes_left: u64,
    bytes_read: u64,
}

impl<'a> Reading<'a> {
    /// Begins with all that is listed, of which only so much is kept as `limits` allow.
    pub(super) fn new(mut listing: Listing, limits: &'a Limits, known: Known) -> Self {
        listing.cut();
        let mut special = listing.special;
        special.sort();
        special.dedup();
        let mut reading = Self {
            files: Vec::with_capacity(listing.files.len()),
            sizes: Vec::with_capacity(listing.files.len()),
            special,
            tally: listing.tally,
            attributes: Attributes::default(),
            known,
            limits,
            bytes_left: limits.bytes,
            bytes_read: 0,
        };
        for (path, listed) in listing.files {
            let (blob, text) = (listed.blob, None);
            reading.files.push(File { path, blob, text });
            reading.sizes.push(listed.size_bytes);
        }
        reading
    }

    /// Bytes of all listed files, as far as the tree tells them.
    pub(super) fn listed_bytes(&self) -> u64 {
        self.sizes.iter().flatten().sum()
    }

    /// The files whose rules say which others are read, those next to the root first.
    pub(super) fn attribute_files(&self) -> Vec<Wanted> {
        let named = self
            .wants(|file| file.path.file_name() == attributes::FILE_NAME)
            .filter(|file| !self.is_too_large(file));
        let mut files: Vec<_> = named.collect();
        files.sort_by_key(|file| file.path.as_str().matches('/').count());
        files.truncate(MOST_ATTRIBUTE_FILES);
        files
    }

    /// Takes the rules of such files, as far as they have come.
    pub(super) fn add_attributes(&mut self, files: &[Wanted]) {
        for file in files {
            if let Some(Ok(found)) = self.known.find(&file.blob) {
                self.attributes.add(&file.path, &found.text);
            }
        }
    }

    /// Those of `files` whose contents are not known.
    pub(super) async fn unknown(&mut self, files: &[Wanted]) -> Vec<Wanted> {
        self.look_up(files).await;
        let unknown = files
            .iter()
            .filter(|file| self.known.find(&file.blob).is_none());
        unknown.cloned().collect()
    }

    /// Decides which files are read, best first: not those whose path, attributes or size speak
    /// against it, nor those that the budget cannot pay for.
    pub(super) fn choose(&mut self) -> Vec<Wanted> {
        let all: Vec<_> = self.wants(|_| true).collect();
        let mut wanted = Vec::with_capacity(all.len());
        for file in all {
            let marks = self.attributes.marks(&file.path);
            let reason = judge_path(&file.path, marks);
            match reason.or(self.is_too_large(&file).then_some(Reason::TooLarge)) {
                Some(reason) => self.tally.add(reason),
                None => wanted.push(file),
            }
        }
        wanted.sort_by_cached_key(|file| Standing::of(&file.path).reading_order());
        let mut left = self.limits.bytes;
        wanted.retain(|file| {
            let cost = file.size_bytes.unwrap_or(0);
            let affordable = cost <= left;
            if affordable {
                left -= cost;
            } else {
                self.tally.add(Reason::Budget);
            }
            affordable
        });
        wanted
    }

    async fn look_up(&mut self, files: &[Wanted]) {
        let ids = files.iter().map(|file| file.blob.clone()).collect();
        self.known.look_up(ids).await;
    }

    /// Accepts what is known already and returns the rest.
    pub(super) async fn take_known(&mut self, wanted: Vec<Wanted>) -> Vec<Wanted> {
        self.look_up(&wanted).await;
        let mut missing = Vec::new();
        for file in wanted {
            match self.known.find(&file.blob) {
                Some(verdict) => self.accept(&file, verdict),
                None => missing.push(file),
            }
        }
        missing
    }

    /// Accepts what a wanted file turned out to be, and remembers it.
    pub(super) fn learn(&mut self, file: &Wanted, verdict: Verdict) {
        self.remember(file, &verdict);
        self.accept(file, verdict);
    }

    /// Puts what was learned on the shelf as it comes, and not all of it at the end.
    pub(super) fn put_learned(&mut self) {
        self.known.put();
    }

    /// Remembers what a file turned out to be.
    pub(super) fn remember(&mut self, file: &Wanted, verdict: &Verdict) {
        self.known.remember(&file.blob, verdict);
    }

    /// Keeps the text of a wanted file, or counts why it has none.
    fn accept(&mut self, file: &Wanted, verdict: Verdict) {
        let Readable { text, is_generated } = match verdict {
            Ok(found) => found,
            Err(reason) => return self.tally.add(reason),
        };
        let length = text.len() as u64;
        let marked = self.attributes.marks(&file.path).generated;
        if marked.unwrap_or(is_generated) {
            self.tally.add(Reason::Generated);
        } else if length > self.bytes_left {
            self.tally.add(Reason::Budget);
        } else if let Some(file) = self.files.get_mut(file.index) {
            self.bytes_left -= length;
            self.bytes_read += length;
            file.text = Some(text);
        }
    }

    /// The snapshot as it is now. What was learned for it is kept for the next one.
    pub(super) async fn finish(self, commit: &CommitSha) -> Snapshot {
        let positions = self.files.iter().enumerate();
        let by_path: HashMap<RepoPath, usize> = positions
            .map(|(index, file)| (file.path.clone(), index))
            .collect();
        self.known.save().await;
        Snapshot {
            commit: commit.clone(),
            files: self.files,
            by_path,
            special: self.special,
            skipped: self.tally.skipped(),
            bytes_read: self.bytes_read,
        }
    }

    fn wants(&self, is_one: impl Fn(&File) -> bool) -> impl Iterator<Item = Wanted> {
        let files = self.files.iter().zip(&self.sizes).enumerate();
        let files = files.filter(move |(_, (file, _))| is_one(file));
        files.map(|(index, (file, size_bytes))| Wanted {
            index,
            path: file.path.clone(),
            blob: file.blob.clone(),
            size_bytes: *size_bytes,
        })
    }

    fn is_too_large(&self, file: &Wanted) -> bool {
        file.size_bytes
            .is_some_and(|size| size > self.limits.file_bytes)
    }
}

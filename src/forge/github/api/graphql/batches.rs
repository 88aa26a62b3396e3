//! Many blobs in one call.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::domain::repository::BlobId;
use crate::domain::thread::RepositoryAddress;
use crate::forge::github::api::GitHub;
use crate::forge::github::api::graphql::{Query, QueryError, Support};
use crate::forge::github::wire::graphql::{Blob, Blobs};
use crate::forge::{Batch, BlobWish, ForgeError};

/// Blobs in the first query. GitHub ends queries after ten seconds; 250 blobs are known to pass.
const FIRST_BLOBS: usize = 100;

/// Most blobs in a query.
const MOST_BLOBS: usize = 200;

/// A query that is too much with so few blobs is not tried with fewer.
const FEWEST_BLOBS: usize = 10;

/// How much larger the next query is after one that went well.
const GROWTH: usize = 25;

/// Most bytes of contents in a query, by the sizes in the tree; JSON makes up to six times of it.
const MOST_BYTES: u64 = 3 * 1024 * 1024;

/// What a blob of unknown size counts as.
const USUAL_BYTES: u64 = 16 * 1024;

/// Where GitHub cuts the text of a blob.
const LONGEST_TEXT_BYTES: u64 = 512_000;

/// How queries for blobs have gone so far.
#[derive(Debug)]
pub(in crate::forge::github::api) struct Batches {
    support: Support,
    size: AtomicUsize,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            support: Support::default(),
            size: AtomicUsize::new(FIRST_BLOBS),
        }
    }
}

impl Batches {
    /// How many blobs the next query asks for.
    pub(in crate::forge::github::api) fn per_request(&self) -> usize {
        match self.support.is_missing() {
            true => 1,
            false => self.size.load(Ordering::Relaxed),
        }
    }

    /// Whether such queries can be asked.
    pub(super) fn support(&self) -> &Support {
        &self.support
    }

    /// The first wishes that fit into one query, one at least.
    fn choose<'w>(&self, wanted: &'w [BlobWish]) -> &'w [BlobWish] {
        let mut bytes = 0_u64;
        let fitting = wanted.iter().take(self.per_request()).take_while(|wish| {
            bytes += match wish.size_bytes {
                Some(size) if is_long(wish) => size.min(1),
                size => size.unwrap_or(USUAL_BYTES),
            };
            bytes <= MOST_BYTES
        });
        let count = fitting.count().max(1);
        wanted.get(..count).unwrap_or(wanted)
    }

    fn grow(&self, asked: usize) {
        let size = self.size.load(Ordering::Relaxed);
        if asked >= size {
            let larger = size.saturating_add(GROWTH).min(MOST_BLOBS);
            self.size.store(larger, Ordering::Relaxed);
        }
    }

    /// Makes the next query half as large; `false` when it is small enough as it is.
    fn shrink(&self, asked: usize) -> bool {
        self.size
            .store((asked / 2).max(FEWEST_BLOBS), Ordering::Relaxed);
        asked > FEWEST_BLOBS
    }
}

/// Whether GitHub would cut its text.
fn is_long(wish: &BlobWish) -> bool {
    wish.size_bytes
        .is_some_and(|size| size > LONGEST_TEXT_BYTES)
}

impl GitHub {
    pub(in crate::forge::github::api) async fn load_blobs(
        &self,
        repository: &RepositoryAddress,
        wanted: &[BlobWish],
    ) -> Result<Batch, ForgeError> {
        let mut requests = 0;
        loop {
            if self.batches.support.is_missing() {
                return Ok(all_alone(wanted, requests));
            }
            let chosen = self.batches.choose(wanted);
            let short: Vec<_> = chosen.iter().filter(|wish| !is_long(wish)).collect();
            // For a single blob REST is as good, and its bytes are not text.
            if short.len() < 2 {
                return Ok(all_alone(chosen, requests));
            }
            requests += 1;
            match self.query_blobs(repository, &short).await {
                Ok(found) => {
                    self.batches.grow(chosen.len());
                    return Ok(sort(chosen, found, requests));
                }
                Err(QueryError::Forge(error)) => return Err(error),
                // The next round finds that out.
                Err(QueryError::Unsupported) => {}
                Err(QueryError::TooMuch) if !self.batches.shrink(chosen.len()) => {
                    return Ok(all_alone(chosen, requests));
                }
                Err(QueryError::TooMuch) => self.transport.pause(1).await,
            }
        }
    }

    async fn query_blobs(
        &self,
        repository: &RepositoryAddress,
        wishes: &[&BlobWish],
    ) -> Result<Blobs, QueryError> {
        let mut text = "query($owner:String!,$name:String!){repository(owner:$owner,name:$name)\
                        {databaseId"
            .to_owned();
        for BlobWish { id, .. } in wishes {
            let (name, id) = (name(id), id.as_str());
            // Writing to a string cannot fail.
            write!(text, " {name}:object(oid:\"{id}\"){{...b}}").ok();
        }
        text.push_str("}} fragment b on Blob{text isTruncated}");
        let query = Query {
            text,
            variables: json!({}),
            what: format!("files of `{}`", repository.name),
            support: &self.batches.support,
        };
        let (blobs, _) = self.query(repository, query).await?;
        Ok(blobs)
    }
}

/// What a blob is called in the query and its answer.
fn name(id: &BlobId) -> String {
    format!("b{}", id.as_str())
}

fn all_alone(chosen: &[BlobWish], requests: u64) -> Batch {
    Batch {
        blobs: Vec::new(),
        alone: chosen.iter().map(|wish| wish.id.clone()).collect(),
        requests,
    }
}

/// Keeps the texts that are what their ids say. All others, binary, cut off or changed on their
/// way into text, are left to be fetched as bytes.
fn sort(chosen: &[BlobWish], mut found: Blobs, requests: u64) -> Batch {
    let mut batch = Batch {
        requests,
        ..Batch::default()
    };
    for BlobWish { id, .. } in chosen {
        match found.by_name.remove(&name(id)).flatten() {
            Some(Blob {
                text: Some(text),
                is_truncated: false,
            }) if id.is_of(text.as_bytes()) => batch.blobs.push((id.clone(), text.into())),
            _ => batch.alone.push(id.clone()),
        }
    }
    batch
}

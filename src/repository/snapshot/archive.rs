//! Unpacking a gzipped tar as it arrives, trusting nothing in it: a member counts only when its
//! path is wanted and its contents have the very blob id that the tree promises.

use std::collections::HashMap;
use std::io::Read;

use bytes::{Buf, Bytes};
use flate2::read::MultiGzDecoder;
use tar::{Archive, Entry, EntryType};
use tokio::sync::mpsc::Receiver;

use super::filter::Reason;
use super::reading::{Verdict, Wanted};
use super::text::decode;
use crate::repository::Limits;

/// What of an archive is looked at before giving up on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Most bytes as they arrive.
    packed_bytes: u64,
    /// Most bytes unpacked, members that nobody wants included.
    unpacked_bytes: u64,
    /// Most members.
    members: u64,
    /// Largest member that is read.
    file_bytes: u64,
    /// Most bytes of text kept.
    text_bytes: u64,
}

/// An archive also holds what is not wanted: pictures, lock files, folders.
const UNWANTED_FACTOR: u64 = 4;

/// Source code packs to a quarter; a thousandfold growth is gzip's own limit and a bomb's mark.
const GROWTH_FACTOR: u64 = 100;

/// Growth is judged from here on, so that a small repetitive repository passes.
const GROWTH_GRACE_BYTES: u64 = 32 * 1024 * 1024;

/// Most bytes of a record that only names the next member.
const NAME_BYTES: u64 = 64 * 1024;

impl Bounds {
    /// The bounds that follow from the snapshot's own.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            packed_bytes: limits.bytes,
            unpacked_bytes: limits.bytes.saturating_mul(UNWANTED_FACTOR),
            members: limits.files.saturating_mul(UNWANTED_FACTOR),
            file_bytes: limits.file_bytes,
            text_bytes: limits.bytes,
        }
    }
}

/// What an archive gave.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// Files with what they are.
    pub(super) verdicts: Vec<(Wanted, Verdict)>,
    /// What the archive did not hold as the tree has it, in the order asked.
    pub(super) rest: Vec<Wanted>,
}

/// Reads the archive from `chunks`; where it breaks or passes a bound, the rest stays wanted.
/// Blocks: call it where that is allowed.
pub(super) fn unpack(chunks: Receiver<Bytes>, wanted: Vec<Wanted>, bounds: &Bounds) -> Unpacked {
    let packed = Chunks {
        chunks,
        current: Bytes::new(),
        bytes: 0,
        limit: bounds.packed_bytes,
    };
    let unpacked = Growth {
        inner: MultiGzDecoder::new(packed),
        bytes: 0,
        limit: bounds.unpacked_bytes,
    };
    let positions = wanted.iter().enumerate();
    let mut members = Members {
        by_path: positions
            .map(|(position, file)| (file.path.as_str(), position))
            .collect(),
        wanted: &wanted,
        found: vec![None; wanted.len()],
        file_bytes: bounds.file_bytes,
        bytes_left: bounds.text_bytes,
    };
    // A broken archive ends here as well: what came before it is proven by its blob ids.
    members.read(unpacked, bounds.members).ok();
    let mut found = members.found;
    let mut unpacked = Unpacked::default();
    for (file, verdict) in wanted.into_iter().zip(found.drain(..)) {
        match verdict {
            Some(verdict) => unpacked.verdicts.push((file, verdict)),
            None => unpacked.rest.push(file),
        }
    }
    unpacked
}

struct Members<'a> {
    by_path: HashMap<&'a str, usize>,
    wanted: &'a [Wanted],
    /// What was found of each, so far.
    found: Vec<Option<Verdict>>,
    file_bytes: u64,
    bytes_left: u64,
}

impl Members<'_> {
    fn read(&mut self, unpacked: impl Read, limit: u64) -> std::io::Result<()> {
        let mut archive = Archive::new(unpacked);
        let mut long_name = None;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // Raw entries: the crate would read records of any size into memory.
        for entry in archive.entries()?.raw(true).take(limit) {
            let mut entry = entry?;
            match entry.header().entry_type() {
                EntryType::GNULongName => long_name = read_name(&mut entry)?,
                EntryType::XHeader => {
                    long_name = read_name(&mut entry)?.and_then(|record| pax_path(&record));
                }
                EntryType::Regular | EntryType::Continuous => {
                    let name = match long_name.take() {
                        Some(name) => name,
                        None => entry.path_bytes().into_owned(),
                    };
                    self.take(&name, &mut entry)?;
                }
                EntryType::XGlobalHeader | EntryType::GNULongLink => {}
                _ => long_name = None,
            }
        }
        Ok(())
    }

    /// Takes a member that is wanted and is what the tree says it is.
    fn take(&mut self, name: &[u8], entry: &mut impl Read) -> std::io::Result<()> {
        let position = std::str::from_utf8(name)
            .ok()
            .and_then(|name| name.split_once('/'))
            .and_then(|(_top, path)| self.by_path.get(path).copied());
        let Some((position, file)) =
            position.and_then(|position| Some((position, self.wanted.get(position)?)))
        else {
            return Ok(());
        };
        let mut bytes = Vec::new();
        entry.take(self.file_bytes + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.file_bytes {
            // Without a size in the tree, this is where a file turns out to be too large.
            self.settle(position, Err(Reason::TooLarge));
        } else if file.blob.is_of(&bytes) {
            self.settle(position, decode(bytes).map(Into::into));
        }
        Ok(())
    }

    fn settle(&mut self, position: usize, verdict: Verdict) {
        if let Some(found @ None) = self.found.get_mut(position) {
            let length = verdict.as_ref().map_or(0, |found| found.text.len() as u64);
            let affordable = length <= self.bytes_left;
            self.bytes_left -= if affordable { length } else { 0 };
            *found = Some(if affordable {
                verdict
            } else {
                Err(Reason::Budget)
            });
        }
    }
}

fn read_name(entry: &mut Entry<'_, impl Read>) -> std::io::Result<Option<Vec<u8>>> {
    if entry.header().size()? > NAME_BYTES {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    entry.take(NAME_BYTES).read_to_end(&mut bytes)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(Some(bytes))
}

/// The path in a pax record, whose lines are `<length> <key>=<value>\n`.
fn pax_path(record: &[u8]) -> Option<Vec<u8>> {
    let mut rest = record;
    while let Some(space) = rest.iter().position(|byte| *byte == b' ') {
        let (digits, _) = rest.split_at_checked(space)?;
        let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
        let (line, next) = rest.split_at_checked(length)?;
        if let Some(path) = line.get(space + 1..)?.strip_prefix(b"path=") {
            return Some(path.strip_suffix(b"\n").unwrap_or(path).to_vec());
        }
        rest = next;
    }
    None
}

/// The arriving bytes as something to read; ends with the sender.
struct Chunks {
    chunks: Receiver<Bytes>,
    current: Bytes,
    bytes: u64,
    limit: u64,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.current.is_empty() {
            let Some(chunk) = self.chunks.blocking_recv() else {
                return Ok(0);
            };
            self.bytes += chunk.len() as u64;
            if self.bytes > self.limit {
                return Err(std::io::Error::other("the archive is too large"));
            }
            self.current = chunk;
        }
        let count = buffer.len().min(self.current.len());
        let (taken, _) = buffer.split_at_mut(count);
        self.current.copy_to_slice(taken);
        Ok(count)
    }
}

/// Ends reading where the unpacked bytes are too many, by themselves or for the packed ones.
struct Growth {
    inner: MultiGzDecoder<Chunks>,
    bytes: u64,
    limit: u64,
}

impl Read for Growth {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        let packed = self.inner.get_ref().bytes;
        let grown = packed.saturating_mul(GROWTH_FACTOR) + GROWTH_GRACE_BYTES;
        if self.bytes > self.limit.min(grown) {
            return Err(std::io::Error::other("the archive unpacks to too much"));
        }
        Ok(count)
    }
}

//! One file of values: written once, never changed, with an index at its end.
//!
//! ```text
//! magic                                     8 bytes
//! values, one after the other
//! index: key, place, lengths, checksum      60 bytes each
//! place of the index, entries, checksum, magic
//! ```
//! The index has a checksum, and each value has one of its own over the key and the bytes. So a file
//! that was cut off or damaged is noticed whatever was lost, and nothing has to be flushed to the
//! disk before it is renamed: a machine that loses its power loses a cache.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use bytes::Bytes;

use super::key::{KEY_BYTES, Key};
use super::memory::Packed;

/// First and last bytes of a file; the last sign is the version of this format.
const MAGIC: [u8; 8] = *b"pwshelf2";

const ENTRY_BYTES: usize = KEY_BYTES + 20;

const FOOTER_BYTES: usize = 24;

/// Values are read together with what stands between them, up to so many bytes.
const GAP_BYTES: u64 = 16 * 1024;

/// Most bytes read together.
const TOGETHER_BYTES: u64 = 4 * 1024 * 1024;

/// Largest index: ten million entries are more than any repository has.
const INDEX_BYTES: u64 = 640 * 1024 * 1024;

/// Marks an entry that takes its key back, in place of a length.
const REMOVED: u32 = u32::MAX;

/// Where a value stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    offset: u64,
    length: u32,
    unpacked: u32,
    checksum: u32,
    mark: u8,
}

impl Place {
    /// Whether the key is taken back.
    pub(super) fn is_removal(self) -> bool {
        self.length == REMOVED
    }

    /// The value, from bytes of the file that begin at `start`.
    fn cut(self, key: &Key, start: u64, bytes: &Bytes) -> Option<Packed> {
        let from = usize::try_from(self.offset.checked_sub(start)?).ok()?;
        let to = from.checked_add(usize::try_from(self.length).ok()?)?;
        let bytes = (to <= bytes.len()).then(|| bytes.slice(from..to))?;
        let key = key.to_bytes_with(self.mark);
        (checksum(&key, &bytes) == self.checksum).then_some(Packed {
            bytes,
            unpacked: self.unpacked,
            mark: self.mark,
        })
    }

    fn end(self) -> u64 {
        self.offset.saturating_add(u64::from(self.length))
    }

    /// Where its bytes begin.
    pub(super) fn offset(self) -> u64 {
        self.offset
    }
}

/// A file that was opened and whose index was read.
#[derive(Debug)]
pub(super) struct Segment {
    file: Source,
    /// Where it was when it was opened.
    pub(super) path: PathBuf,
}

/// Writes a segment of values and of keys taken back; returns a name that follows from what it holds.
pub(super) fn write(
    file: &File,
    contents: impl Iterator<Item = (Key, Option<Packed>)>,
) -> std::io::Result<String> {
    let mut writer = BufWriter::with_capacity(256 * 1024, file);
    writer.write_all(&MAGIC)?;
    let mut offset = MAGIC.len() as u64;
    let mut index = Vec::new();
    for (key, value) in contents {
        let key = key.to_bytes_with(value.as_ref().map_or(0, |value| value.mark));
        let bytes = value.as_ref().map_or(&[][..], |value| &value.bytes);
        let (length, unpacked) = match &value {
            Some(value) => (
                u32::try_from(bytes.len()).map_err(std::io::Error::other)?,
                value.unpacked,
            ),
            None => (REMOVED, 0),
        };
        writer.write_all(bytes)?;
        index.extend_from_slice(&key);
        index.extend_from_slice(&offset.to_le_bytes());
        index.extend_from_slice(&length.to_le_bytes());
        index.extend_from_slice(&unpacked.to_le_bytes());
        index.extend_from_slice(&checksum(&key, bytes).to_le_bytes());
        offset += bytes.len() as u64;
    }
    writer.write_all(&index)?;
    let entries = u32::try_from(index.len() / ENTRY_BYTES).map_err(std::io::Error::other)?;
    writer.write_all(&offset.to_le_bytes())?;
    writer.write_all(&entries.to_le_bytes())?;
    writer.write_all(&crc32fast::hash(&index).to_le_bytes())?;
    writer.write_all(&MAGIC)?;
    writer.flush()?;
    let name = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &index);
    Ok(hex::encode(name.as_ref().get(..16).unwrap_or_default()))
}

/// Where a file's values lie, by key.
pub(super) type Entries = Vec<(Key, Place)>;

impl Segment {
    /// Reads the index of a file; `Ok(None)` when it is cut off or damaged.
    pub(super) fn open(mut file: File, path: PathBuf) -> std::io::Result<Option<(Self, Entries)>> {
        file.rewind()?;
        let bytes = file.metadata()?.len();
        let Some(entries) = read_index(&mut file, bytes)? else {
            return Ok(None);
        };
        let file = Source::new(file);
        Ok(Some((Self { file, path }, entries)))
    }

    /// A value; `None` when it cannot be read or is damaged.
    pub(super) fn value(&self, key: &Key, place: Place) -> Option<Packed> {
        self.values(&[(*key, place)]).into_iter().next().flatten()
    }

    /// The values at places in the order of the file; `None` for those that cannot be read or are
    /// damaged. What stands close together is read together.
    pub(super) fn values(&self, places: &[(Key, Place)]) -> Vec<Option<Packed>> {
        let mut values = Vec::with_capacity(places.len());
        let mut rest = places;
        while let Some((_, first)) = rest.first() {
            let start = first.offset;
            let mut end = start;
            let fits = |(_, place): &&(Key, Place)| {
                let fits = place.offset.saturating_sub(end) <= GAP_BYTES
                    && place.end().saturating_sub(start) <= TOGETHER_BYTES;
                end = end.max(place.end());
                fits
            };
            let count = rest.iter().take_while(fits).count().max(1);
            let (group, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let end = group.iter().map(|(_, place)| place.end()).max();
            let bytes = self.read(start, end.unwrap_or(start));
            let cut = |(key, place): &(Key, Place)| place.cut(key, start, bytes.as_ref()?);
            values.extend(group.iter().map(cut));
            rest = later;
        }
        values
    }

    fn read(&self, start: u64, end: u64) -> Option<Bytes> {
        let mut bytes = vec![0; usize::try_from(end.checked_sub(start)?).ok()?];
        self.file.read_at(&mut bytes, start).ok()?;
        Some(Bytes::from(bytes))
    }
}

fn checksum(key: &[u8; KEY_BYTES], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(bytes);
    hasher.finalize()
}

fn read_index(file: &mut File, bytes: u64) -> std::io::Result<Option<Entries>> {
    let least = (MAGIC.len() + FOOTER_BYTES) as u64;
    if bytes < least {
        return Ok(None);
    }
    let mut head = [0; MAGIC.len()];
    file.read_exact(&mut head)?;
    let mut footer = [0; FOOTER_BYTES];
    file.seek(SeekFrom::Start(bytes - FOOTER_BYTES as u64))?;
    file.read_exact(&mut footer)?;
    let mut footer = Fields(&footer);
    let (start, entries, sum) = (footer.u64(), footer.u32(), footer.u32());
    let length = u64::from(entries) * ENTRY_BYTES as u64;
    let fits = start.checked_add(length + FOOTER_BYTES as u64) == Some(bytes);
    if head != MAGIC || footer.0 != MAGIC || !fits || length > INDEX_BYTES {
        return Ok(None);
    }
    let mut index = vec![0; usize::try_from(length).unwrap_or(0)];
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(&mut index)?;
    if crc32fast::hash(&index) != sum {
        return Ok(None);
    }
    Ok(index
        .chunks_exact(ENTRY_BYTES)
        .map(|entry| read_entry(entry, start))
        .collect())
}

/// Reads an entry; `None` when its value would reach beyond the values.
fn read_entry(entry: &[u8], end: u64) -> Option<(Key, Place)> {
    let (key, rest) = entry.split_first_chunk::<KEY_BYTES>()?;
    let mut rest = Fields(rest);
    let place = Place {
        offset: rest.u64(),
        length: rest.u32(),
        unpacked: rest.u32(),
        checksum: rest.u32(),
        mark: Key::mark(key),
    };
    let fits = place.offset.checked_add(u64::from(place.length))? <= end;
    (fits || place.is_removal()).then(|| (Key::from_bytes(key), place))
}

/// Numbers one after the other; zero beyond the end.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u64(&mut self) -> u64 {
        self.0
            .split_off(..8)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_le_bytes)
    }

    fn u32(&mut self) -> u32 {
        self.0
            .split_off(..4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes)
    }
}

/// A file that many threads read at places of their own.
#[derive(Debug)]
#[cfg(unix)]
struct Source(File);

#[cfg(unix)]
impl Source {
    fn new(file: File) -> Self {
        Self(file)
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.0.read_exact_at(bytes, offset)
    }
}

/// A file that one thread after the other reads: not every system can read at a place.
#[derive(Debug)]
#[cfg(not(unix))]
struct Source(std::sync::Mutex<File>);

#[cfg(not(unix))]
impl Source {
    fn new(file: File) -> Self {
        Self(std::sync::Mutex::new(file))
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
        let mut file = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }
}

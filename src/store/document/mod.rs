//! A published document as a text to keep, so that it can be rendered anew, compared and revised.
//!
//! The text is sealed with the store's key for the thread it was published in: whoever can write to
//! the store alone cannot make up a verified place, nor have one thread's plan shown in another. What
//! is in a document is none of this module's business.

mod mirror;
mod plan;
mod settings;
mod shape;
#[cfg(test)]
mod tests;

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
use crate::render::seal::{self, Purpose};
use crate::store::document::mirror::Mirror as _;
use crate::store::document::shape::SavedDocument;

/// Largest document, as JSON. The largest plans that models write have some 200 kB.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Larger ones are packed: a plan of usual size shrinks to a quarter.
const PACKED_FROM_BYTES: usize = 4 * 1024;

/// Stands before what is packed.
const PACKED: &str = "deflate:";

/// Why a document is not kept or not given back.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It cannot be written down.
    #[error("the document cannot be kept: {0}")]
    NotKept(String),
    /// What was kept is no document of that thread, or one of a version that is not known.
    #[error("the document that was kept cannot be used: {0}")]
    Unusable(String),
}

/// The versions. A later shape gets a later version, and the earlier ones are still read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "version")]
enum Saved {
    /// The first shape.
    #[serde(rename = "1")]
    V1(SavedDocument),
}

/// Writes down the document that is published in the thread of that subject key.
///
/// # Errors
/// [`DocumentError::NotKept`] when it is larger than 4 MiB.
pub fn write(document: &Document, key: &[u8; 32], subject: &str) -> Result<String, DocumentError> {
    let saved = Saved::V1(SavedDocument::of(document));
    let not_kept = |why: String| DocumentError::NotKept(why);
    let json = serde_json::to_string(&saved).map_err(|error| not_kept(error.to_string()))?;
    if json.len() > MAX_BYTES {
        return Err(not_kept(format!("it has {} bytes", json.len())));
    }
    let text = if json.len() < PACKED_FROM_BYTES {
        json
    } else {
        pack(&json).map_err(|error| not_kept(error.to_string()))?
    };
    Ok(seal::seal(key, Purpose::Document(subject), &text))
}

/// Reads back what was written for the thread of that subject key.
///
/// # Errors
/// [`DocumentError::Unusable`] for a text that was not written with this key for this thread, and
/// for versions that are not known.
pub fn read(text: &str, key: &[u8; 32], subject: &str) -> Result<Document, DocumentError> {
    let unusable = |why: String| DocumentError::Unusable(why);
    let text = seal::open(key, Purpose::Document(subject), text)
        .ok_or_else(|| unusable("its seal is not ours".to_owned()))?;
    let unpacked = match text.strip_prefix(PACKED) {
        Some(packed) => Some(unpack(packed).map_err(unusable)?),
        None => None,
    };
    let json = unpacked.as_deref().unwrap_or(text);
    let Saved::V1(saved) =
        serde_json::from_str(json).map_err(|error| unusable(error.to_string()))?;
    saved.back().map_err(unusable)
}

fn pack(json: &str) -> std::io::Result<String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(json.as_bytes())?;
    let packed = encoder.finish()?;
    Ok(format!("{PACKED}{}", STANDARD_NO_PAD.encode(packed)))
}

fn unpack(packed: &str) -> Result<String, String> {
    let bytes = STANDARD_NO_PAD.decode(packed);
    let bytes = bytes.map_err(|error| error.to_string())?;
    let limit = MAX_BYTES as u64 + 1;
    let mut json = String::new();
    let read = DeflateDecoder::new(bytes.as_slice())
        .take(limit)
        .read_to_string(&mut json);
    read.map_err(|error| error.to_string())?;
    if json.len() > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    Ok(json)
}

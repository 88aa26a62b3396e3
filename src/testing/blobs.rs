//! Blob ids of contents made up in tests.

use crate::domain::repository::BlobId;

/// The id of a blob with these contents.
pub(crate) fn blob_id(contents: &[u8]) -> BlobId {
    let mut object = format!("blob {}\0", contents.len()).into_bytes();
    object.extend_from_slice(contents);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &object);
    BlobId::parse(&hex::encode(hash)).unwrap()
}

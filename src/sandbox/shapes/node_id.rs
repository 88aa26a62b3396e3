//! GitHub's opaque global ids: a prefix for the kind, then the numeric ids packed and encoded.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The node id of a thing, such as `I_kwDO…` for an issue: `ids` name it from the outside in
/// (repository, then issue), at most 14 of them.
pub(crate) fn node_id(prefix: &str, ids: &[u64]) -> String {
    // An array in MessagePack's short form, which opens with a zero, then 32- or 64-bit numbers.
    let length = u8::try_from(ids.len().min(14)).unwrap_or_default() + 1;
    let mut packed = vec![0x90 | length, 0];
    for id in ids.iter().take(14) {
        if let Ok(small) = u32::try_from(*id) {
            packed.push(0xce);
            packed.extend(small.to_be_bytes());
        } else {
            packed.push(0xcf);
            packed.extend(id.to_be_bytes());
        }
    }
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(packed))
}

//! The text of a file, which stays packed until somebody looks at it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::OnceLock;

use crate::repository::cache::Packed;

/// A file's text. Of thousands of files that a snapshot knows from a cache, a plan looks at some
/// dozens: only these are unpacked, once, by whoever is first. Clones share it.
#[derive(Clone)]
pub struct Text(Arc<Inner>);

struct Inner {
    packed: Option<Packed>,
    length: usize,
    text: OnceLock<String>,
}

impl Text {
    /// A text from a cache.
    pub fn packed(packed: Packed) -> Self {
        Self(Arc::new(Inner {
            length: packed.length(),
            packed: Some(packed),
            text: OnceLock::new(),
        }))
    }

    /// Its bytes, which are known without unpacking it.
    pub fn len(&self) -> usize {
        self.0.length
    }

    /// Whether somebody has looked at it, or nothing was ever packed.
    #[cfg(test)]
    fn is_unpacked(&self) -> bool {
        self.0.text.get().is_some()
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Inner {
    /// The cache keeps a checksum of what it was given, which was a text.
    fn unpack(&self) -> String {
        let bytes = self.packed.as_ref().and_then(Packed::unpack);
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.unwrap_or_else(|| {
            tracing::error!("a text in the cache is none, though its checksum is right");
            String::new()
        })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.text.get_or_init(|| self.0.unpack())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::new(Inner {
            packed: None,
            length: text.len(),
            text: OnceLock::from(text),
        }))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && **self == **other
    }
}

impl Eq for Text {}

#[cfg(test)]
mod tests;

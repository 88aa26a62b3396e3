//! How values of the domain and their saved shapes are turned into each other.

use std::collections::BTreeMap;

use crate::domain::day::Day;
use crate::domain::narrowing::LanguageTag;
use crate::domain::plan::PlanId;
use crate::domain::repository::{BlobId, CommitSha, LineRange, RepoPath};
use crate::domain::thread::{CommentId, ThreadNumber};

/// A saved shape of a value.
pub(super) trait Mirror: Sized {
    /// The value.
    type Of;

    /// The shape of `value`.
    fn of(value: &Self::Of) -> Self;

    /// The value of this shape, or what is wrong with it.
    fn back(self) -> Result<Self::Of, String>;
}

/// A struct that mirrors one of the domain, field by field: a field that is added there does not
/// compile until it is added here.
macro_rules! mirror {
    ($saved:ident of $module:ident::$domain:ident { $($field:ident: $shape:ty,)+ }) => {
        #[derive(Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $saved {
            $($field: $shape,)+
        }

        impl Mirror for $saved {
            type Of = $module::$domain;

            fn of(value: &Self::Of) -> Self {
                let $module::$domain { $($field),+ } = value;
                Self { $($field: Mirror::of($field),)+ }
            }

            fn back(self) -> Result<Self::Of, String> {
                Ok($module::$domain { $($field: self.$field.back()?,)+ })
            }
        }
    };
}

/// An enumeration without fields, saved as words.
macro_rules! words {
    ($saved:ident of $module:ident::$domain:ident { $($variant:ident = $word:literal,)+ }) => {
        #[derive(Debug, Serialize, Deserialize)]
        pub(super) enum $saved {
            $(#[serde(rename = $word)] $variant,)+
        }

        impl Mirror for $saved {
            type Of = $module::$domain;

            fn of(value: &Self::Of) -> Self {
                match value {
                    $($module::$domain::$variant => Self::$variant,)+
                }
            }

            fn back(self) -> Result<Self::Of, String> {
                Ok(match self {
                    $(Self::$variant => $module::$domain::$variant,)+
                })
            }
        }
    };
}

pub(super) use mirror;
pub(super) use words;

/// Values that are saved as they are.
macro_rules! plain {
    ($($plain:ty),+) => {
        $(impl Mirror for $plain {
            type Of = Self;

            fn of(value: &Self) -> Self {
                value.clone()
            }

            fn back(self) -> Result<Self, String> {
                Ok(self)
            }
        })+
    };
}

plain!(String, bool, u32, u64, usize, BTreeMap<String, u64>);

impl<M: Mirror> Mirror for Vec<M> {
    type Of = Vec<M::Of>;

    fn of(value: &Self::Of) -> Self {
        value.iter().map(M::of).collect()
    }

    fn back(self) -> Result<Self::Of, String> {
        self.into_iter().map(M::back).collect()
    }
}

impl<M: Mirror> Mirror for Option<M> {
    type Of = Option<M::Of>;

    fn of(value: &Self::Of) -> Self {
        value.as_ref().map(M::of)
    }

    fn back(self) -> Result<Self::Of, String> {
        self.map(M::back).transpose()
    }
}

impl<M: Mirror> Mirror for Box<M> {
    type Of = Box<M::Of>;

    fn of(value: &Self::Of) -> Self {
        Self::new(M::of(value))
    }

    fn back(self) -> Result<Self::Of, String> {
        (*self).back().map(Box::new)
    }
}

/// A type of the domain that is saved as a text and checked when it is read.
macro_rules! text {
    ($saved:ident of $domain:ty, $write:expr, $read:expr) => {
        /// Saved as a text.
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub(super) struct $saved(String);

        impl Mirror for $saved {
            type Of = $domain;

            fn of(value: &Self::Of) -> Self {
                let write: fn(&$domain) -> String = $write;
                Self(write(value))
            }

            fn back(self) -> Result<Self::Of, String> {
                let read: fn(&str) -> Option<$domain> = $read;
                let refused = || format!("`{}` is no {}", self.0, stringify!($domain));
                read(&self.0).ok_or_else(refused)
            }
        }
    };
}

text!(SavedId of PlanId, |id| id.as_str().to_owned(), PlanId::find);
text!(SavedPath of RepoPath, |path| path.as_str().to_owned(), |text| RepoPath::parse(text).ok());
text!(SavedCommit of CommitSha, |sha| sha.as_str().to_owned(), |text| CommitSha::parse(text).ok());
text!(SavedBlob of BlobId, |blob| blob.as_str().to_owned(), |text| BlobId::parse(text).ok());
text!(SavedLanguage of LanguageTag, |tag| tag.as_str().to_owned(), LanguageTag::find);
text!(SavedDay of Day, |day| day.to_string(), Day::find);

/// A number of the domain that is saved as it is.
macro_rules! number {
    ($saved:ident of $domain:ident) => {
        /// Saved as its number.
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub(super) struct $saved(u64);

        impl Mirror for $saved {
            type Of = $domain;

            fn of(value: &Self::Of) -> Self {
                Self(value.0)
            }

            fn back(self) -> Result<Self::Of, String> {
                Ok($domain(self.0))
            }
        }
    };
}

number!(SavedNumber of ThreadNumber);
number!(SavedComment of CommentId);

/// The first line and the last.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct SavedLines([u32; 2]);

impl Mirror for SavedLines {
    type Of = LineRange;

    fn of(value: &Self::Of) -> Self {
        Self([value.start(), value.end()])
    }

    fn back(self) -> Result<Self::Of, String> {
        let [start, end] = self.0;
        Ok(LineRange::new(start, end))
    }
}

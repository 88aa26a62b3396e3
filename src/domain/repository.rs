//! Names of things in a repository: hosts, repositories, commits, blobs, paths and line ranges.

use std::fmt;

use aws_lc_rs::digest;

/// The kind of forge that an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ForgeKind {
    /// github.com, Enterprise Cloud with data residency, or Enterprise Server.
    GitHub,
    /// gitlab.com or self-managed GitLab.
    GitLab,
}

impl ForgeKind {
    /// The lower-case word that stands for this kind in logs, the store and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
        }
    }
}

impl fmt::Display for ForgeKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A value that did not have the form its type demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not {expected}")]
pub struct Malformed {
    /// The refused text, shortened to 80 characters.
    pub value: String,
    /// What was expected, as a noun phrase with its article.
    pub expected: &'static str,
}

impl Malformed {
    /// Builds the error for `value`, which is shortened.
    pub fn new(value: &str, expected: &'static str) -> Self {
        let value = value.chars().take(80).collect();
        Self { value, expected }
    }
}

/// The forge's own numeric id of a repository; it survives renames and transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryId(pub u64);

/// The forge's numeric id of an App installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstallationId(pub u64);

/// A repository's owner (user, organisation or group path) and name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName {
    owner: String,
    name: String,
}

impl RepositoryName {
    /// Checks and takes an owner and a name, as the forge spells them.
    ///
    /// # Errors
    /// When either is empty, longer than 255 bytes, or holds a character that cannot stand in a
    /// path segment of a forge (control characters, spaces, `?`, `#`, `%`, `\`; `/` in the name).
    pub fn new(owner: &str, name: &str) -> Result<Self, Malformed> {
        let fine = |text: &str, slash: bool| {
            !text.is_empty()
                && text.len() <= 255
                && !matches!(text, "." | "..")
                && text.chars().all(|c| {
                    c.is_alphanumeric() || matches!(c, '-' | '_' | '.') || (slash && c == '/')
                })
        };
        if fine(owner, true) && fine(name, false) {
            Ok(Self {
                owner: owner.to_owned(),
                name: name.to_owned(),
            })
        } else {
            Err(Malformed::new(
                &format!("{owner}/{name}"),
                "a repository name",
            ))
        }
    }

    /// Parses `owner/name`; the owner may hold further `/` (GitLab groups).
    ///
    /// # Errors
    /// When there is no `/`, or a part has a character that [`Self::new`] refuses.
    pub fn parse(full_name: &str) -> Result<Self, Malformed> {
        match full_name.rsplit_once('/') {
            Some((owner, name)) => Self::new(owner, name),
            None => Err(Malformed::new(full_name, "a repository name")),
        }
    }

    /// The owner.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The name without its owner.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

/// Whether `text` is a full git object id: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.
fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The full id of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitSha(String);

impl CommitSha {
    /// Takes 40 or 64 hex digits of either case.
    ///
    /// # Errors
    /// When `text` is anything else; abbreviations are refused.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let lower = text.trim().to_ascii_lowercase();
        if is_object_id(&lower) {
            Ok(Self(lower))
        } else {
            Err(Malformed::new(text, "a full commit id"))
        }
    }

    /// All hex digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl fmt::Display for CommitSha {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The full id of a blob: the hash of its contents behind git's `blob <size>\0` header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(String);

impl BlobId {
    /// Takes 40 or 64 hex digits of either case.
    ///
    /// # Errors
    /// When `text` is anything else.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let lower = text.to_ascii_lowercase();
        if is_object_id(&lower) {
            Ok(Self(lower))
        } else {
            Err(Malformed::new(text, "a blob id"))
        }
    }

    /// All hex digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl BlobId {
    /// The id that `bytes` have in most repositories, whose ids are SHA-1.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hash(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes))
    }

    /// Whether `bytes` are the very contents that this id stands for.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        let algorithm = match self.0.len() {
            40 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            _ => &digest::SHA256,
        };
        hash(algorithm, bytes) == self.0
    }
}

/// The hash of `bytes` behind git's header for a blob, in hex digits.
fn hash(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> String {
    let mut hash = digest::Context::new(algorithm);
    hash.update(format!("blob {}\0", bytes.len()).as_bytes());
    hash.update(bytes);
    hex::encode(hash.finish())
}

/// The full id of a tree: one folder and all that is below it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TreeId(String);

impl TreeId {
    /// Takes 40 or 64 hex digits of either case.
    ///
    /// # Errors
    /// When `text` is anything else.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let lower = text.to_ascii_lowercase();
        if is_object_id(&lower) {
            Ok(Self(lower))
        } else {
            Err(Malformed::new(text, "a tree id"))
        }
    }

    /// All hex digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A clean path of a file inside a repository: relative, `/` between segments, no `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(String);

impl RepoPath {
    /// Takes a path as git spells it.
    ///
    /// # Errors
    /// When `text` is empty, longer than 4,096 bytes (Linux' `PATH_MAX`), absolute, or has an
    /// empty segment, `.`, `..` or a NUL.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let clean = !text.is_empty()
            && text.len() <= 4096
            && !text.contains('\0')
            && text
                .split('/')
                .all(|segment| !matches!(segment, "" | "." | ".."));
        if clean {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new(text, "a path inside a repository"))
        }
    }

    /// The path as git spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder that holds the file, without a trailing `/`; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The part of the file name after its last dot, in lower case; `None` without one.
    pub fn extension(&self) -> Option<String> {
        match self.file_name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Some(extension.to_ascii_lowercase()),
            _ => None,
        }
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A range of lines in a file; both ends count from 1 and are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineRange {
    start: u32,
    end: u32,
}

impl LineRange {
    /// The range from `start` to `end`; ends in the wrong order are swapped and 0 becomes 1.
    pub fn new(start: u32, end: u32) -> Self {
        let (start, end) = (start.max(1), end.max(1));
        Self {
            start: start.min(end),
            end: start.max(end),
        }
    }

    /// The first line.
    pub fn start(self) -> u32 {
        self.start
    }

    /// The last line.
    pub fn end(self) -> u32 {
        self.end
    }

    /// Whether `line` lies inside.
    pub fn contains(self, line: u32) -> bool {
        (self.start..=self.end).contains(&line)
    }
}

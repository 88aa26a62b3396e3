//! Which paths of a repository are looked at.

use crate::domain::repository::RepoPath;
use crate::text::pattern::Pattern;

/// Longest pattern, in bytes.
const MAX_PATTERN_BYTES: usize = 200;

/// A pattern of paths as `.gitignore` has them: without a slash inside it is a name anywhere, and what
/// it says of a folder holds for all that is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    pattern: Pattern,
    only_folders: bool,
}

impl PathPattern {
    /// Reads a pattern; `None` for what can match nothing, for `!` at its beginning, and for what is
    /// longer than two hundred bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let inside = trimmed.strip_suffix('/').unwrap_or(trimmed);
        let fine = trimmed.len() <= MAX_PATTERN_BYTES && !trimmed.contains(char::is_control);
        let pattern = fine.then(|| Pattern::parse(inside.as_bytes())).flatten()?;
        Some(Self {
            only_folders: inside.len() < trimmed.len(),
            text: trimmed.to_owned(),
            pattern,
        })
    }

    /// The pattern as it was written; raw text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches `path` or a folder above it. Each comparison is counted in `steps`.
    pub fn matches(&self, path: &RepoPath, steps: &mut u64) -> bool {
        if !self.only_folders && self.pattern.matches(path.as_str(), steps) {
            return true;
        }
        let mut folders = path.as_str().match_indices('/');
        folders.any(|(end, _)| {
            let folder = path.as_str().get(..end).unwrap_or_default();
            self.pattern.matches(folder, steps)
        })
    }
}

/// Which paths of a repository are read and shown to models. By default all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathFilter {
    /// When there are any, a path must match one of them.
    pub include: Vec<PathPattern>,
    /// A path that matches one of these is left out.
    pub exclude: Vec<PathPattern>,
}

impl PathFilter {
    /// The filter that leaves nothing out.
    pub const OPEN: Self = Self {
        include: Vec::new(),
        exclude: Vec::new(),
    };

    /// Whether `path` may be looked at. Comparisons are taken off `steps_left`; when none are left, a
    /// path that would have to be compared is left out.
    pub fn allows(&self, path: &RepoPath, steps_left: &mut u64) -> bool {
        if self.is_open() {
            return true;
        }
        let mut steps = 0;
        let mut any = |patterns: &[PathPattern]| {
            let mut patterns = patterns.iter();
            patterns.any(|pattern| pattern.matches(path, &mut steps))
        };
        let included = self.include.is_empty() || any(&self.include);
        let allowed = included && !any(&self.exclude);
        let was_left = *steps_left > 0;
        // Each path costs something, whatever its comparisons are.
        *steps_left = steps_left.saturating_sub(steps.saturating_add(1));
        allowed && was_left
    }

    /// Whether every path may be looked at.
    pub fn is_open(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }
}

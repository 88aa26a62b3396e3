//! The outline: everything that can be said of a request without a model.

use crate::domain::document::{Outline, OutlineReason};
use crate::domain::request::Brief;
use crate::repository::index::Index;
use crate::repository::locate::Location;

/// Makes the outline of `brief`; the same inputs give the same outline.
pub fn outline(
    _brief: &Brief,
    _index: &Index,
    _location: &Location,
    reason: OutlineReason,
) -> Outline {
    Outline {
        reason,
        points: Vec::new(),
        mentions: Vec::new(),
        candidates: Vec::new(),
        impact: Vec::new(),
        questions: Vec::new(),
        conventions: Vec::new(),
    }
}

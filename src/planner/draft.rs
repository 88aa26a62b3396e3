//! `plan.json`: the shape that a model fills and people may write by hand.

use serde::{Deserialize, Serialize};

/// A plan as written, before anything of it was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {}

//! How much the forge gives in one answer.

use crate::sandbox::world::World;

/// What one answer holds at most.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a feature that a server may lack by itself"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries of a recursive listing.
    pub tree_entries: usize,
    /// Bytes of a recursive listing.
    pub tree_bytes: usize,
    /// Objects in a GraphQL query.
    pub query_blobs: usize,
    /// Whether there is GraphQL at all.
    pub has_graphql: bool,
    /// Whether deliveries are listed and repeated.
    pub has_delivery_log: bool,
    /// Whether an App that is registered comes with a secret for its webhook.
    pub gives_webhook_secret: bool,
    /// Whether there are reactions at all.
    pub has_reactions: bool,
}

impl Default for Limits {
    /// GitHub's own, as far as they are known.
    fn default() -> Self {
        Self {
            tree_entries: 100_000,
            tree_bytes: 7_000_000,
            query_blobs: 250,
            has_graphql: true,
            has_delivery_log: true,
            gives_webhook_secret: true,
            has_reactions: true,
        }
    }
}

impl World {
    /// Sets other limits, as servers that imitate GitHub have them.
    pub fn set_limits(&self, limits: Limits) {
        self.change(|state| state.limits = limits);
    }
}

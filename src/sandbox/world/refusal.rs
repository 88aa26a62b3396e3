//! Why the world does not do what somebody asks.

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The thing does not exist, or may not be seen.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The issue was deleted.
    #[error("this issue was deleted")]
    Deleted,
    /// The issue lives elsewhere since.
    #[error("this issue was transferred")]
    Transferred {
        /// The API's address of its place.
        to: String,
    },
    /// The conversation is locked.
    #[error("unable to create comment because issue is locked")]
    Locked,
    /// The repository takes no changes.
    #[error("repository was archived so is read-only")]
    Archived,
    /// The actor has too weak a role.
    #[error("`{login}` may not {action}")]
    NotAllowed {
        /// Who asked.
        login: String,
        /// What for.
        action: &'static str,
    },
    /// A limit of the forge was reached.
    #[error("{0}")]
    Full(&'static str),
    /// A value was not acceptable.
    #[error("{message}")]
    Invalid {
        /// GitHub's name of the thing, such as `IssueComment`.
        resource: &'static str,
        /// Its field.
        field: &'static str,
        /// GitHub's code, such as `missing_field`.
        code: &'static str,
        /// The same in words.
        message: String,
    },
}

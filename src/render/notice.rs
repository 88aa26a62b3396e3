//! Short comments that tell why there is neither a plan nor an outline.

use crate::render::messages;

/// Why there is no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The repository has no commit.
    RepositoryEmpty,
    /// The work failed, and no further attempt is made.
    Failed {
        /// The job's number, by which an operator finds its log.
        job: i64,
    },
}

impl Notice {
    /// The comment without its marker.
    pub(super) fn render(self) -> String {
        let text = match self {
            Self::RepositoryEmpty => messages::REPOSITORY_EMPTY.to_owned(),
            Self::Failed { job } => messages::failed(job),
        };
        format!("## {}\n\n{text}\n", messages::NO_PLAN)
    }
}

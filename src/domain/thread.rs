//! Threads of a forge: issues and change requests, who wrote them, and what they say.

use crate::domain::repository::{ForgeKind, InstallationId, RepositoryId, RepositoryName};

/// An issue, or a change request (pull request on GitHub, merge request on GitLab).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThreadKind {
    /// An issue.
    Issue,
    /// A pull request or merge request.
    ChangeRequest,
}

/// The number that people see behind `#` or `!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThreadNumber(pub u64);

/// The forge's id of a comment (GitHub) or note (GitLab).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommentId(pub u64);

/// The forge's numeric id of a user; it survives renames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub u64);

/// Where a repository is: which forge, which host, which repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepositoryAddress {
    /// The kind of forge.
    pub forge: ForgeKind,
    /// Host name of the forge's web pages, such as `github.com`, with its port if it has one.
    pub host: String,
    /// The forge's id of the repository.
    pub id: RepositoryId,
    /// Owner and name as last heard; they may have changed since.
    pub name: RepositoryName,
    /// The App installation that the delivery came from; `None` where there are no Apps.
    pub installation: Option<InstallationId>,
}

impl RepositoryAddress {
    /// The key under which the repository is known: forge, host, id. Renames do not change it.
    pub fn key(&self) -> String {
        format!("{}:{}:{}", self.forge, self.host, self.id.0)
    }
}

/// Where a thread is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ThreadAddress {
    /// The repository it belongs to.
    pub repository: RepositoryAddress,
    /// Issue or change request.
    pub kind: ThreadKind,
    /// Its number.
    pub number: ThreadNumber,
}

impl ThreadAddress {
    /// The key under which all requests of one thread are put in order: forge, host, repository
    /// id, number. Renames do not change it.
    pub fn subject(&self) -> String {
        format!("{}#{}", self.repository.key(), self.number.0)
    }
}

/// Whether an account acts by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthorKind {
    /// A person.
    Human,
    /// A bot, an App or any other automation.
    Bot,
}

/// An account of the forge.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Author {
    /// Its numeric id.
    pub id: UserId,
    /// Its login; raw text.
    pub login: String,
    /// Person or automation.
    pub kind: AuthorKind,
}

/// What an account may do in a repository, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// No access of its own.
    None,
    /// May read.
    Read,
    /// May label and close issues.
    Triage,
    /// May push.
    Write,
    /// May manage the repository, but not its access.
    Maintain,
    /// May do everything.
    Admin,
}

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Self; 6] = [
        Self::None,
        Self::Read,
        Self::Triage,
        Self::Write,
        Self::Maintain,
        Self::Admin,
    ];

    /// The lower-case name used by configuration and by GitHub's `role_name`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// The role of that name, if there is one.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// An issue or change request as the forge shows it; all texts are raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its title.
    pub title: String,
    /// Its description; empty when there is none.
    pub body: String,
    /// Who opened it; `None` for deleted accounts.
    pub author: Option<Author>,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is a change request whose changes are part of the code already.
    pub merged: bool,
    /// Whether commenting is restricted.
    pub locked: bool,
    /// Names of its labels.
    pub labels: Vec<String>,
}

/// A comment (GitHub) or note (GitLab) in a thread; the body is raw text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Who wrote it; `None` for deleted accounts.
    pub author: Option<Author>,
    /// What it says.
    pub body: String,
    /// Whether this bot itself wrote it, judged by the forge's identity and never by the text.
    pub own: bool,
}

/// Where in a thread something was said. Forges number what is said in each place by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommentPlace {
    /// In the thread's own description, which has no id of its own.
    Description,
    /// In the discussion.
    Discussion,
    /// At a line of a change request's diff.
    Diff,
    /// In the summary of a review.
    Review,
}

impl CommentPlace {
    /// The word that keys and saved requests use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Discussion => "comment",
            Self::Diff => "review-comment",
            Self::Review => "review",
        }
    }

    /// The place of that word.
    pub fn find(word: &str) -> Option<Self> {
        let all = [
            Self::Description,
            Self::Discussion,
            Self::Diff,
            Self::Review,
        ];
        all.into_iter().find(|place| place.as_str() == word)
    }
}

/// What a reaction is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReactionTarget {
    /// The thread's own description.
    Thread,
    /// A comment in the thread.
    Comment(CommentId),
    /// A comment at a line of a change request's diff.
    ReviewComment(CommentId),
}

/// The reactions that Planwright uses; they notify nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// The request was seen and work has begun.
    Eyes,
    /// The plan is there.
    Rocket,
    /// The request was not understood, not allowed, or could not be served.
    Confused,
}

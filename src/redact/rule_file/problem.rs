//! What is wrong with a file of rules, in words for the operator.

/// Why a file of rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFileError {
    /// The file did not come.
    #[error("`{path}` cannot be read: {why}\nhint: name a file of rules that this user can read")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        why: String,
    },
    /// It is no TOML, or not of the form of Gitleaks' configuration.
    #[error(
        "{path}:{line}: this is no file of rules: {why}\nhint: rules look like [[rules]] with `id` and `regex`"
    )]
    Shape {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The cause.
        why: String,
    },
    /// A rule cannot work.
    #[error("{path}:{line}: rule `{rule}`: {why}\nhint: {hint}")]
    Rule {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The rule's id, or what stands in for one.
        rule: String,
        /// The cause.
        why: String,
        /// What to do.
        hint: &'static str,
    },
}

//! What the scanner remembers between lines.

use crate::repository::symbols::heads::Head;
use crate::repository::symbols::language::Role;

/// An open brace.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub(super) definition: Option<usize>,
    pub(super) role: Option<Role>,
    /// Its own name, which constructors have too.
    pub(super) name: String,
    /// The container of what it holds; empty when it has no name to lend.
    pub(super) chain: String,
    /// Position in the stack of the nearest brace that lends a name, itself included.
    pub(super) named: Option<usize>,
    /// Round and square brackets open before it.
    pub(super) parens: usize,
    pub(super) name_behind: Option<Head>,
    pub(super) line: u32,
}

/// A list of Go definitions in brackets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) kind: &'static str,
    /// Braces open around it.
    pub(super) depth: usize,
}

/// A head whose body has not come yet.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) head: Head,
    pub(super) container: String,
    pub(super) line: u32,
    pub(super) depth: usize,
    /// Where its name begins in its line; what is before it belongs to attributes.
    pub(super) column: usize,
    /// Whether its parameter list was closed.
    pub(super) closed: bool,
    /// Whether a type follows its parameter list.
    pub(super) typed: bool,
    pub(super) in_type: bool,
}

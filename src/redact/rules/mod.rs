//! What secrets look like, as tables: one line for each form.

mod clouds;
mod commands;
mod commerce;
mod connections;
mod forges;
mod messengers;
mod models;
mod operations;
mod packages;
mod work;

/// Where a rule's pattern is tried, once one of its keywords was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// From the keyword on, which begins the secret and nothing else.
    Sharp,
    /// From the keyword on, unless a letter or digit stands before it.
    Word,
    /// From so many bytes before the keyword, which stands within the secret, unless a letter or digit
    /// stands before them.
    Back(usize),
    /// From the keyword on, which names what is assigned; the pattern is that of the value.
    Assigned,
    /// From the keyword on, which begins the words that lead to a secret. What a person thought up may
    /// be as short and as orderly as words, so only the words of examples are left alone.
    Command,
}

/// One form of secrets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// What markers call it: lower-case letters, digits and `-`.
    pub(super) kind: &'static str,
    /// Lower-case texts of which each secret of this form has one, in any case.
    pub(super) keywords: &'static [&'static str],
    /// A regular expression over ASCII. Its first group that takes part is the secret, or else its whole
    /// match is.
    pub(super) pattern: &'static str,
    pub(super) place: Place,
    /// Least entropy, in bits for each character.
    pub(super) entropy: f64,
}

impl Shape {
    /// A secret that its first characters betray wherever they stand.
    const fn sharp(
        kind: &'static str,
        keywords: &'static [&'static str],
        pattern: &'static str,
    ) -> Self {
        Self {
            kind,
            keywords,
            pattern,
            place: Place::Sharp,
            entropy: 0.0,
        }
    }

    /// A secret that its first characters betray where a word begins.
    const fn word(
        kind: &'static str,
        keywords: &'static [&'static str],
        pattern: &'static str,
    ) -> Self {
        Self {
            place: Place::Word,
            ..Self::sharp(kind, keywords, pattern)
        }
    }

    /// A secret with its mark `back` bytes behind its beginning.
    const fn back(
        kind: &'static str,
        back: usize,
        keywords: &'static [&'static str],
        pattern: &'static str,
    ) -> Self {
        Self {
            place: Place::Back(back),
            ..Self::sharp(kind, keywords, pattern)
        }
    }

    /// A value that only the name it is assigned to betrays.
    const fn assigned(
        kind: &'static str,
        keywords: &'static [&'static str],
        pattern: &'static str,
    ) -> Self {
        Self {
            place: Place::Assigned,
            entropy: 2.5,
            ..Self::sharp(kind, keywords, pattern)
        }
    }

    /// A value that the words before it betray.
    const fn command(
        kind: &'static str,
        keywords: &'static [&'static str],
        pattern: &'static str,
    ) -> Self {
        Self {
            place: Place::Command,
            ..Self::sharp(kind, keywords, pattern)
        }
    }

    /// The same, unless it is as orderly as words are.
    const fn random(self, entropy: f64) -> Self {
        Self { entropy, ..self }
    }
}

/// All forms. Where a text fits several, the one that comes first names the kind.
pub(super) fn shapes() -> impl Iterator<Item = Shape> {
    let tables = [
        forges::SHAPES,
        models::SHAPES,
        clouds::SHAPES,
        packages::SHAPES,
        messengers::SHAPES,
        commerce::SHAPES,
        work::SHAPES,
        operations::SHAPES,
        commands::SHAPES,
        connections::SHAPES,
    ];
    tables.into_iter().flatten().copied()
}

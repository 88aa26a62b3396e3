//! The head of a definition that a keyword announces.

use super::language::{Calls, Keyword, Language, Role};
use super::token::{Token, skip_brackets};

/// A definition that a line begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    /// What qualifies the name where it is written, with its `::` but without its dot: `Outer::`,
    /// `Outer`; empty otherwise.
    pub(super) container: String,
    pub(super) kind: &'static str,
    pub(super) role: Role,
    pub(super) shape: Shape,
}

/// What must follow for a head to be a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing: a block is its body if one comes.
    Open,
    /// A block; without one it was something else.
    Block,
    /// A parameter list, then a block.
    Call,
    /// Nothing: it ends with its line.
    Line,
    /// A block, with the name behind it (`typedef struct { … } name;`).
    NameBehind,
}

/// The head that the first tokens of a line are, if they are one.
pub(super) fn keyword_head(tokens: &[Token<'_>], language: &Language) -> Option<Head> {
    let rest = skip_modifiers(tokens, language);
    let (first, rest) = rest.split_first()?;
    let mut keyword = language.keyword(first.word()?)?;
    let mut rest = rest;
    if language.calls == Calls::C {
        return c_type(
            keyword,
            rest,
            tokens.first().is_some_and(|token| token.is("typedef")),
        );
    }
    if language.name == "Go" {
        return go_head(keyword, rest);
    }
    if keyword.2 == Role::Extension {
        return extension(rest);
    }
    // `record struct Name`, `fun interface Name`: the second word decides.
    if let [Token::Word(second), Token::Word(_), ..] = rest
        && let Some(other) = language.keyword(second)
    {
        keyword = other;
        rest = rest.get(1..)?;
    }
    named(keyword, rest, language)
}

/// The tokens behind attributes, annotations and modifiers.
pub(super) fn skip_modifiers<'t, 'a>(
    tokens: &'t [Token<'a>],
    language: &Language,
) -> &'t [Token<'a>] {
    let mut rest = tokens;
    loop {
        let after = match rest {
            [Token::Sign("@"), Token::Word(word), after @ ..] if *word != "interface" => {
                skip_annotation(after)
            }
            [Token::Sign("@"), after @ ..] => after,
            [Token::Sign("#"), after @ ..] if starts(after, "[") => skip_brackets(after, "[", "]"),
            [Token::Sign("["), ..] if language.name == "C#" => skip_brackets(rest, "[", "]"),
            [Token::Word("template"), after @ ..] if starts(after, "<") => {
                skip_brackets(after, "<", ">")
            }
            [Token::Word(word), after @ ..] if is_modifier(word, after, language) => {
                skip_scope(after)
            }
            _ => return rest,
        };
        if after.len() >= rest.len() {
            return rest;
        }
        rest = after;
    }
}

fn starts(tokens: &[Token<'_>], sign: &str) -> bool {
    tokens.first().is_some_and(|token| token.is(sign))
}

/// Whether a word only modifies what follows; some are keywords or names in other places.
fn is_modifier(word: &str, after: &[Token<'_>], language: &Language) -> bool {
    if !language.modifiers.contains(&word) {
        return false;
    }
    match after.first() {
        Some(Token::Word(next)) => {
            language.keyword(word).is_none()
                || language.keyword(next).is_some()
                || language.modifiers.contains(next)
        }
        Some(Token::Sign("(")) => matches!(word, "pub" | "private" | "fileprivate" | "internal"),
        Some(Token::Sign("*" | "#" | "@" | "~" | "[" | "<")) => true,
        _ => false,
    }
}

/// Skips `(crate)` of `pub(crate)` and `[this]` of `private[this]`.
fn skip_scope<'t, 'a>(after: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match after.first() {
        Some(Token::Sign("(")) => skip_brackets(after, "(", ")"),
        Some(Token::Sign("[")) => skip_brackets(after, "[", "]"),
        _ => after,
    }
}

fn skip_annotation<'t, 'a>(mut after: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let [Token::Sign("." | ":"), Token::Word(_), rest @ ..] = after {
        after = rest;
    }
    match after.first() {
        Some(Token::Sign("(")) => skip_brackets(after, "(", ")"),
        _ => after,
    }
}

/// A keyword and the name behind it, perhaps behind a receiver or an outer name.
fn named(keyword: &Keyword, mut rest: &[Token<'_>], language: &Language) -> Option<Head> {
    let (word, kind, role) = *keyword;
    while let Some(Token::Sign("*" | "&" | "!")) = rest.first() {
        rest = rest.get(1..)?;
    }
    if word == "delegate" {
        let open = rest.iter().position(|token| token.is("("))?;
        rest = rest.get(open.checked_sub(1)?..)?;
    }
    if starts(rest, "<") {
        rest = skip_brackets(rest, "<", ">");
    }
    if word == "object" && (starts(rest, "{") || starts(rest, ":")) {
        rest = &[Token::Word("Companion")];
    }
    let (Path { owner, name }, mut rest) = path(rest)?;
    let mut name = name.to_owned();
    if let Some(Token::Sign(mark @ ("?" | "!"))) = rest.first()
        && language.name == "Ruby"
    {
        name.push_str(mark);
        rest = rest.get(1..)?;
    }
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(name.as_str(), "extends" | "implements" | "with");
    if !is_name || !is_plausible(word, rest, language) {
        return None;
    }
    let is_function = language.calls == Calls::Script
        && matches!(word, "const" | "let" | "var")
        && super::calls::assigns_function(rest);
    Some(Head {
        name,
        container: if owner == "self" {
            String::new()
        } else {
            owner
        },
        kind: if is_function { "function" } else { kind },
        role: if is_function { Role::Function } else { role },
        shape: Shape::Open,
    })
}

/// Words that are names elsewhere need what only a definition has behind its name.
fn is_plausible(word: &str, rest: &[Token<'_>], language: &Language) -> bool {
    let next = |signs: &[&str]| {
        rest.first()
            .is_none_or(|token| signs.iter().any(|sign| token.is(sign)))
    };
    match (language.name, word) {
        ("TypeScript", "type") => next(&["=", "<"]),
        ("Java", "record") => next(&["(", "<"]),
        ("Rust", "union") => next(&["{", "<", "where"]),
        _ => true,
    }
}

/// A name and what qualifies it, as [`Head::container`] has it.
struct Path<'a> {
    owner: String,
    name: &'a str,
}

/// `a`, `A.b`, `A::B`, `List<T>.b`, and what follows.
fn path<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(Path<'a>, &'t [Token<'a>])> {
    let (first, mut rest) = tokens.split_first()?;
    let mut name = first.word()?;
    let mut owner = String::new();
    loop {
        let mut after = rest;
        if after.first().is_some_and(|token| token.is("<")) {
            after = skip_brackets(after, "<", ">");
        }
        if after.first().is_some_and(|token| token.is("?")) {
            after = after.get(1..)?;
        }
        match after {
            [
                Token::Sign(sign @ ("." | "::")),
                Token::Word(word),
                next @ ..,
            ] => {
                owner.push_str(name);
                owner.push_str(sign);
                name = word;
                rest = next;
            }
            _ => {
                if owner.ends_with('.') {
                    owner.pop();
                }
                return Some((Path { owner, name }, rest));
            }
        }
    }
}

/// `impl<T> Trait for Type` or `extension Type`: the type lends its name.
fn extension(tokens: &[Token<'_>]) -> Option<Head> {
    let mut rest = tokens;
    if rest.first()?.is("<") {
        rest = skip_brackets(rest, "<", ">");
    }
    if let Some(position) = rest.iter().position(|token| token.is("for")) {
        rest = rest.get(position + 1..)?;
    }
    while let Some(Token::Sign(_) | Token::Word("mut" | "dyn")) = rest.first() {
        rest = rest.get(1..)?;
    }
    let (path, _) = path(rest)?;
    Some(Head {
        name: path.name.to_owned(),
        container: path.owner,
        kind: "",
        role: Role::Extension,
        shape: Shape::Block,
    })
}

fn go_head(keyword: &Keyword, rest: &[Token<'_>]) -> Option<Head> {
    let (word, mut kind, role) = *keyword;
    let mut rest = rest;
    let mut container = String::new();
    if word == "func" && rest.first()?.is("(") {
        let after = skip_brackets(rest, "(", ")");
        let receiver = rest.get(..rest.len().checked_sub(after.len())?)?;
        let receiver = receiver.split(|token| token.is("[")).next()?;
        let name = receiver.iter().rev().find_map(|token| token.word())?;
        container = name.to_owned();
        kind = "method";
        rest = after;
    }
    let (name, rest) = rest.split_first()?;
    let name = name.word()?;
    if word == "type" {
        kind = match skip_brackets(rest, "[", "]").first() {
            Some(Token::Word("struct")) => "struct",
            Some(Token::Word("interface")) => "interface",
            _ => "type",
        };
    }
    Some(Head {
        name: name.to_owned(),
        container,
        kind,
        role,
        shape: Shape::Open,
    })
}

/// `class MACRO Name final : …`, `enum class Name`, `namespace a::b`, `typedef struct`.
fn c_type(keyword: &Keyword, rest: &[Token<'_>], is_typedef: bool) -> Option<Head> {
    let (word, kind, role) = *keyword;
    let rest = match rest {
        [Token::Word("class" | "struct"), after @ ..] if word == "enum" => after,
        _ => rest,
    };
    let end = rest
        .iter()
        .position(|token| matches!(token, Token::Sign(sign) if *sign != "::"));
    let (before, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    let continues = match after.first() {
        None | Some(Token::Sign("{" | ":")) => true,
        Some(Token::Sign("<")) => role == Role::Type,
        Some(Token::Sign("=")) => word == "concept",
        _ => false,
    };
    let before = match before {
        [before @ .., Token::Word("final")] => before,
        _ => before,
    };
    let (name, outer) = match before.split_last() {
        Some((name, outer)) => (name.word(), qualifier(outer)),
        None => (None, String::new()),
    };
    // What a template is specialised for is part of its name.
    let arguments = match after.first() {
        Some(Token::Sign("<")) => after.len() - skip_brackets(after, "<", ">").len(),
        _ => 0,
    };
    let shape = match (name, is_typedef) {
        (_, true) => Shape::NameBehind,
        (None, false) if role != Role::Namespace => return None,
        _ if word == "concept" => Shape::Open,
        _ => Shape::Block,
    };
    continues.then(|| Head {
        name: format!(
            "{}{}",
            name.unwrap_or_default(),
            spelled(after.get(..arguments).unwrap_or_default())
        ),
        container: outer,
        kind,
        role,
        shape,
    })
}

/// The `A::` of `int A::name(`, the `A<int, T>::B::` of `A<int, T>::B::name(`; empty without one.
pub(super) fn qualifier(before: &[Token<'_>]) -> String {
    let mut start = before.len();
    while let Some((rest, sign)) = before.get(..start).and_then(split_last)
        && sign.is("::")
        && let Some(position) = word_behind(rest)
    {
        start = position;
    }
    spelled(before.get(start..).unwrap_or_default())
}

fn split_last<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<(&'t [Token<'a>], Token<'a>)> {
    tokens.split_last().map(|(last, rest)| (rest, *last))
}

/// Where the last word of `tokens` stands, which may have brackets behind it.
fn word_behind(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate().rev() {
        match token {
            Token::Sign(">") => depth += 1,
            Token::Sign("<") => depth = depth.checked_sub(1)?,
            Token::Word(_) if depth == 0 => return Some(position),
            Token::Sign(_) if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Tokens as people write them: a space behind a comma, none elsewhere.
pub(super) fn spelled(tokens: &[Token<'_>]) -> String {
    let mut text = String::new();
    for token in tokens {
        let (Token::Word(part) | Token::Sign(part)) = token;
        text.push_str(part);
        if *part == "," {
            text.push(' ');
        }
    }
    text
}

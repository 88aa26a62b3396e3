//! Which definition a line stands in, told by keywords and indentation alone.
//!
//! The gold plans must not get their symbols from the code that checks them, or both would be wrong
//! in the same way and nobody would see it. This one knows little, and says nothing when in doubt.

/// Words that may stand before what makes a definition.
const MODIFIERS: &[&str] = &[
    "pub",
    "export",
    "default",
    "declare",
    "abstract",
    "async",
    "unsafe",
    "const",
    "static",
    "final",
    "private",
    "protected",
    "public",
    "internal",
    "sealed",
    "partial",
    "override",
    "extern",
    "virtual",
    "readonly",
    "inline",
];

/// Words that make a definition of the name behind them.
const KEYWORDS: &[&str] = &[
    "fn",
    "func",
    "def",
    "class",
    "struct",
    "enum",
    "trait",
    "interface",
    "function",
    "type",
];

/// Words that begin statements which look like functions.
const STATEMENTS: &[&str] = &[
    "if",
    "for",
    "while",
    "switch",
    "catch",
    "return",
    "else",
    "do",
    "synchronized",
    "using",
    "lock",
    "foreach",
    "new",
    "await",
    "throw",
    "case",
    "yield",
    "match",
    "loop",
    "try",
    "when",
    "unless",
    "elif",
    "elseif",
    "goto",
    "delete",
    "typeof",
    "sizeof",
    "var",
    "let",
    "with",
    "function",
    "fn",
    "select",
    "defer",
    "go",
    "and",
    "or",
    "not",
    "super",
    "this",
    "describe",
    "it",
    "constructor",
    "get",
    "set",
];

/// Endings of languages in which a function is `type name(…) {`.
const C_LIKE: &[&str] = &[
    "c", "h", "cc", "cpp", "cxx", "hh", "hpp", "java", "cs", "js", "jsx", "mjs", "cjs", "ts", "tsx",
];

/// Endings of languages in which a method is `name(…) {`.
const SCRIPT: &[&str] = &["js", "jsx", "mjs", "cjs", "ts", "tsx"];

/// A line that begins a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// What it defines.
    pub(super) name: &'a str,
    /// Whether it is a function or method.
    pub(super) is_function: bool,
    /// Its number, from 1.
    pub(super) number: u32,
    /// The line, trimmed.
    pub(super) line: &'a str,
}

impl Head<'_> {
    /// Whether the name is made of several words, so that whoever has it means this.
    pub(super) fn is_telling(&self) -> bool {
        let inner = self.name.trim_matches('_');
        let plain = inner.chars().all(|c| c.is_alphanumeric() || c == '_');
        let compound = inner.contains('_') || inner.chars().skip(1).any(char::is_uppercase);
        plain && compound && inner.len() > 7 && !self.name.starts_with('_')
    }
}

/// All heads of a file that are told by one line.
pub(super) fn heads<'a>(text: &'a str, extension: &str) -> Vec<Head<'a>> {
    (1_u32..)
        .zip(text.lines())
        .filter_map(|(number, line)| head(line, extension, number))
        .collect()
}

/// The innermost head around a line, or the line's own; `None` when it cannot be told.
pub(super) fn enclosing<'a>(text: &'a str, extension: &str, number: u32) -> Option<Head<'a>> {
    let position = usize::try_from(number).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = text.lines().take(position + 1).collect();
    let (own, above) = lines.split_last()?;
    if let Some(head) = head(own, extension, number) {
        return Some(head);
    }
    above_line(above, extension, indentation(own))
}

/// The head around another head: a type or module that holds it. In Rust also the type of an `impl`.
pub(super) fn container<'a>(text: &'a str, extension: &str, number: u32) -> Option<&'a str> {
    let position = usize::try_from(number).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = text.lines().take(position + 1).collect();
    let (own, above) = lines.split_last()?;
    let limit = indentation(own);
    if extension == "rs" {
        let mut outer = above.iter().rev().filter(|line| {
            !line.trim().is_empty() && indentation(line) < limit && !is_aside(line.trim())
        });
        return implemented(outer.next()?);
    }
    let head = above_line(above, extension, limit)?;
    (!head.is_function).then_some(head.name)
}

/// `Name` of `impl<T> Trait for Name<T> {`, where it is a plain one.
fn implemented(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("impl ")?;
    let rest = rest.strip_suffix('{')?.trim();
    let name = rest.rsplit_once(" for ").map_or(rest, |(_, name)| name);
    let name = name.split('<').next()?.trim();
    (identifier(name) == Some(name)).then_some(name)
}

/// The nearest head above that is indented less than `limit`.
fn above_line<'a>(above: &[&'a str], extension: &str, mut limit: usize) -> Option<Head<'a>> {
    let numbered = (1_u32..).zip(above).collect::<Vec<_>>().into_iter().rev();
    for (number, line) in numbered {
        let trimmed = line.trim();
        let indent = indentation(line);
        if trimmed.is_empty() || is_aside(trimmed) || indent >= limit {
            continue;
        }
        if let Some(head) = head(line, extension, number) {
            return Some(head);
        }
        if trimmed.starts_with("impl") || trimmed.starts_with("extension") {
            return None;
        }
        // The head of what these lines close or continue may be indented as they are.
        let continues = trimmed.starts_with([')', '{', ']']) || trimmed.starts_with("where");
        limit = if continues { indent + 1 } else { indent };
        if limit == 0 {
            return None;
        }
    }
    None
}

/// Whether a trimmed line is a comment.
pub(super) fn is_comment(line: &str) -> bool {
    ["//", "/*", "*", "#", "--", "\"\"\"", "'''", "<!--"]
        .iter()
        .any(|mark| line.starts_with(mark))
        && !line.starts_with("#include")
}

/// Comments, preprocessor lines and labels, whose indentation says nothing.
fn is_aside(line: &str) -> bool {
    is_comment(line) || line.starts_with('#') || (line.ends_with(':') && !line.contains(' '))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn head<'a>(line: &'a str, extension: &str, number: u32) -> Option<Head<'a>> {
    let line = line.trim();
    if is_comment(line) {
        return None;
    }
    let found = by_keyword(line, extension)
        .or_else(|| by_value(line, extension))
        .or_else(|| by_call(line, extension).map(|name| (name, true)));
    let (name, is_function) = found?;
    Some(Head {
        name,
        is_function,
        number,
        line,
    })
}

fn by_keyword<'a>(line: &'a str, extension: &str) -> Option<(&'a str, bool)> {
    let rest = without_modifiers(line);
    let (word, rest) = rest.split_once(' ')?;
    let is_function = matches!(word, "fn" | "func" | "def" | "function");
    let foreign = match word {
        "fn" | "trait" => extension != "rs" && extension != "php",
        "func" => extension != "go",
        "def" => extension != "py" && extension != "rb",
        "function" => matches!(
            extension,
            "rs" | "go" | "py" | "rb" | "java" | "c" | "h" | "cs"
        ),
        "type" => !matches!(extension, "go" | "ts" | "tsx" | "rs"),
        "class" => matches!(extension, "rs" | "go" | "c" | "h"),
        _ => false,
    };
    if foreign || !KEYWORDS.contains(&word) {
        return None;
    }
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('(') {
        // The receiver of a method in Go.
        Some(receiver) if word == "func" => receiver.split_once(')')?.1.trim_start(),
        _ => rest.strip_prefix("self.").unwrap_or(rest),
    };
    let name = identifier(rest)?;
    let after = rest.get(name.len()..)?.trim_start_matches(['?', '!']);
    let name = rest.get(..rest.len() - after.len())?;
    let behind = after.trim_start();
    let fits = if is_function {
        behind.starts_with(['(', '<', '[']) || (extension == "rb" && after.is_empty())
    } else {
        behind.is_empty()
            || behind.starts_with(['(', '{', ':', '<', '='])
            || [
                "extends",
                "implements",
                "where",
                "struct",
                "interface",
                "final",
            ]
            .iter()
            .any(|word| behind.starts_with(word))
    };
    // What ends here only declares.
    (fits && (word == "type" || !line.ends_with(';'))).then_some((name, is_function))
}

fn without_modifiers(line: &str) -> &str {
    let mut rest = line;
    loop {
        let Some((word, behind)) = rest.split_once(' ') else {
            return rest;
        };
        let plain = word.split('(').next().unwrap_or(word);
        let is_linkage = word.starts_with('"') && word.ends_with('"');
        if !is_linkage && !MODIFIERS.contains(&plain) {
            return rest;
        }
        rest = behind.trim_start();
    }
}

/// `const name = (…) => {` and `const name = function (…) {`.
fn by_value<'a>(line: &'a str, extension: &str) -> Option<(&'a str, bool)> {
    if !SCRIPT.contains(&extension) {
        return None;
    }
    let rest = line.strip_prefix("export ").unwrap_or(line);
    let rest = ["const ", "let ", "var "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let name = identifier(rest)?;
    let value = rest
        .get(name.len()..)?
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let value = value.strip_prefix("async ").unwrap_or(value);
    let arrow = value.starts_with('(') && value.ends_with("=> {");
    (arrow || value.starts_with("function")).then_some((name, true))
}

/// `type name(…) {` on one line.
fn by_call<'a>(line: &'a str, extension: &str) -> Option<&'a str> {
    if !C_LIKE.contains(&extension) || !line.ends_with('{') {
        return None;
    }
    let (before, behind) = line.split_once('(')?;
    let odd = [
        "\"", "'", "`", "=>", "function", ";", "=", "->", " < ", " > ", "!", "|",
    ];
    if odd.iter().any(|sign| line.contains(sign)) {
        return None;
    }
    let name_start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_alphanumeric() || *c == '_')
        .last()?
        .0;
    let (types, name) = before.split_at_checked(name_start)?;
    let mut words = types.split_whitespace();
    let is_statement = |word: &str| STATEMENTS.contains(&word);
    let constant = name
        .chars()
        .all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit());
    let open = types.is_empty() && !SCRIPT.contains(&extension);
    let glued = !types.is_empty() && !types.ends_with([' ', '*', '&']);
    if is_statement(name)
        || words.any(is_statement)
        || constant
        || open
        || glued
        || types.contains(['(', ')', '{', '}', ',', '"', ':'])
        || identifier(name) != Some(name)
    {
        return None;
    }
    // Whatever follows the parameters is short: `const`, `noexcept`, `throws X`, `: T`.
    let (_, tail) = behind.rsplit_once(')')?;
    (tail.len() < 60 && !tail.contains('.')).then_some(name)
}

fn identifier(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    let name = text.get(..end)?;
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

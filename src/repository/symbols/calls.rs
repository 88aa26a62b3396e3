//! Heads without a keyword of their own: functions told by their parameter list, aliases, macros.

use super::heads::{Head, Shape, qualifier, skip_modifiers, spelled};
use super::language::{Calls, Language, Role};
use super::token::{Token, skip_brackets};

/// Where a line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Outside of everything but namespaces.
    Outside,
    /// Directly inside the type of this name.
    Type(&'a str),
    /// Among statements or values.
    Inside,
}

/// The head that the first tokens of a line are at this place, if they are one.
pub(super) fn call_head(
    tokens: &[Token<'_>],
    language: &Language,
    place: &Place<'_>,
) -> Option<Head> {
    match (language.calls, place) {
        (Calls::C, Place::Outside | Place::Type(_)) => c_macro(tokens)
            .or_else(|| c_alias(tokens))
            .or_else(|| c_function(tokens, place)),
        (Calls::C, Place::Inside) => c_macro(tokens),
        (Calls::Java, Place::Type(owner)) => java_method(tokens, language, owner),
        (Calls::Script, _) => script_method(tokens, language)
            .or_else(|| script_assignment(skip_modifiers(tokens, language))),
        (Calls::Shell, _) => match tokens {
            [Token::Word(name), Token::Sign("("), Token::Sign(")"), ..] => {
                Some(function(name, "", Shape::Call))
            }
            _ => None,
        },
        _ => None,
    }
}

fn function(name: &str, container: &str, shape: Shape) -> Head {
    Head {
        name: name.to_owned(),
        container: container.to_owned(),
        kind: "function",
        role: Role::Function,
        shape,
    }
}

fn line_only(name: &str, kind: &'static str) -> Head {
    Head {
        kind,
        role: Role::Value,
        ..function(name, "", Shape::Line)
    }
}

/// Words that stand before `(` and call or control something.
const CONTROL: &[&str] = &[
    "if",
    "for",
    "while",
    "switch",
    "return",
    "catch",
    "do",
    "else",
    "new",
    "delete",
    "throw",
    "throws",
    "sizeof",
    "alignof",
    "decltype",
    "case",
    "goto",
    "using",
    "await",
    "typeof",
    "with",
    "function",
    "synchronized",
    "try",
    "assert",
    "foreach",
    "lock",
    "fixed",
    "when",
    "until",
    "elif",
    "super",
    "static_assert",
    "defined",
    "import",
    "require",
    "yield",
    "default",
];

fn c_macro(tokens: &[Token<'_>]) -> Option<Head> {
    match tokens {
        [
            Token::Sign("#"),
            Token::Word("define"),
            Token::Word(name),
            ..,
        ] => Some(line_only(name, "macro")),
        _ => None,
    }
}

/// `typedef … name;`, `typedef … (*name)(…);` and `using name = …;`.
fn c_alias(tokens: &[Token<'_>]) -> Option<Head> {
    match tokens {
        [
            Token::Word("using"),
            Token::Word(name),
            Token::Sign("="),
            ..,
        ] => Some(line_only(name, "type")),
        [Token::Word("typedef"), rest @ ..] => {
            let pointer = rest.windows(3).find_map(|window| match window {
                [Token::Sign("("), Token::Sign("*"), Token::Word(name)] => Some(*name),
                _ => None,
            });
            let last = rest.windows(2).rev().find_map(|window| match window {
                [Token::Word(name), Token::Sign(";")] => Some(*name),
                _ => None,
            });
            Some(line_only(pointer.or(last)?, "type"))
        }
        _ => None,
    }
}

fn c_function(tokens: &[Token<'_>], place: &Place<'_>) -> Option<Head> {
    let tokens = match tokens {
        [Token::Word("template"), after @ ..] => skip_brackets(after, "<", ">"),
        _ => tokens,
    };
    let operator = tokens.iter().position(|token| token.is("operator"));
    let open = tokens
        .iter()
        .enumerate()
        .skip(operator.map_or(1, |position| position + 2))
        .find(|(position, token)| token.is("(") && !is_attribute(tokens, *position))
        .map(|(position, _)| position)?;
    let (before, _) = tokens.split_at_checked(open)?;
    let (name, before) = match operator {
        Some(position) => {
            let (before, name) = before.split_at_checked(position)?;
            (spelled(name), before)
        }
        None => {
            let (name, before) = before.split_last()?;
            ((*name).word()?.to_owned(), before)
        }
    };
    let (is_destructor, before) = match before {
        [before @ .., Token::Sign("~")] => (true, before),
        _ => (false, before),
    };
    let refused = |token: &Token<'_>| match token {
        Token::Word(word) => CONTROL.contains(word),
        Token::Sign(sign) => matches!(*sign, "=" | "." | "{" | "}" | ";" | "?" | "!" | "#" | "->"),
    };
    if CONTROL.contains(&name.as_str()) || before.iter().any(refused) {
        return None;
    }
    let owner = qualifier(before);
    let is_constructor = *place == Place::Type(&name);
    // A lone call at the start of a line is a macro's use, or a name whose type is one line above.
    let shape = match (before.is_empty(), place) {
        (true, Place::Type(_)) if !is_constructor && !is_destructor => return None,
        _ => Shape::Call,
    };
    let name = if is_destructor {
        format!("~{name}")
    } else {
        name
    };
    Some(function(&name, &owner, shape))
}

/// Whether the bracket belongs to `__attribute__((…))` and the like.
fn is_attribute(tokens: &[Token<'_>], open: usize) -> bool {
    let before = open.checked_sub(1).and_then(|before| tokens.get(before));
    before.is_none_or(|token| {
        let known = [
            "__attribute__",
            "__declspec",
            "alignas",
            "noexcept",
            "explicit",
            "(",
        ];
        known.iter().any(|word| token.is(word))
    })
}

fn java_method(tokens: &[Token<'_>], language: &Language, owner: &str) -> Option<Head> {
    let rest = skip_modifiers(tokens, language);
    let Some(open) = rest.iter().position(|token| token.is("(")) else {
        return property(rest, language);
    };
    let (before, _) = rest.split_at_checked(open)?;
    let refused = |token: &Token<'_>| match token {
        Token::Word(word) => CONTROL.contains(word),
        Token::Sign(sign) => matches!(*sign, "=" | "{" | ";" | "+" | "-" | "=>" | "->"),
    };
    if before.iter().any(refused) {
        return property(rest, language);
    }
    // `name<T>(` in C#.
    let mut before = before;
    if before.last()?.is(">") && before.iter().filter_map(|token| token.word()).count() > 1 {
        let open = before.iter().rposition(|token| token.is("<"))?;
        before = before.get(..open)?;
    }
    let (name, types) = before.split_last()?;
    let name = name.word()?;
    let is_method = types.iter().any(|token| token.word().is_some()) || name == owner;
    is_method.then(|| function(name, "", Shape::Call))
}

/// `type Name {` or `type Name =>` of C#.
fn property(rest: &[Token<'_>], language: &Language) -> Option<Head> {
    if language.name != "C#" {
        return None;
    }
    let end = rest
        .iter()
        .position(|token| token.is("{") || token.is("=>"))?;
    let (before, _) = rest.split_at_checked(end)?;
    let (name, types) = before.split_last()?;
    let plain = !before
        .iter()
        .any(|token| token.is("=") || token.is(";") || token.is("("));
    (plain && !types.is_empty()).then_some(())?;
    Some(Head {
        kind: "property",
        role: Role::Value,
        ..function(name.word()?, "", Shape::Open)
    })
}

/// `name(…)`, `async name(…)`, `get name()`, `*name()`, `#name()`.
fn script_method(tokens: &[Token<'_>], language: &Language) -> Option<Head> {
    let rest = skip_modifiers(tokens, language);
    let rest = match rest {
        [Token::Sign("*" | "#"), rest @ ..] => rest,
        _ => rest,
    };
    let (name, mut after) = rest.split_first()?;
    let name = name.word()?;
    if after.first()?.is("<") {
        after = skip_brackets(after, "<", ">");
    }
    let is_call = after.first()?.is("(") && !CONTROL.contains(&name);
    is_call.then(|| function(name, "", Shape::Call))
}

/// `a.b = function`, `a.prototype.b = (…) =>`, `b: function`, `b: async (…) =>`.
fn script_assignment(tokens: &[Token<'_>]) -> Option<Head> {
    let mut names = Vec::new();
    let mut rest = tokens;
    while let [Token::Word(word), after @ ..] = rest {
        names.push(*word);
        rest = after;
        match rest {
            [Token::Sign("."), after @ ..] => rest = after,
            _ => break,
        }
    }
    let is_property = names.len() == 1 && rest.first()?.is(":");
    let value = match rest {
        [Token::Sign("="), ..] => rest,
        [Token::Sign(":"), after @ ..] if is_property => after,
        _ => return None,
    };
    let is_function = assigns_function(value) || (is_property && is_function(value));
    let (name, owners) = names.split_last()?;
    is_function.then(|| function(name, &owners.join("."), Shape::Open))
}

/// Whether what follows a name is `= <function>`, perhaps behind a type.
pub(super) fn assigns_function(rest: &[Token<'_>]) -> bool {
    let value = rest
        .iter()
        .position(|token| token.is("="))
        .and_then(|equals| rest.get(equals + 1..));
    value.is_some_and(is_function)
}

fn is_function(value: &[Token<'_>]) -> bool {
    let value = match value {
        [Token::Word("async"), rest @ ..] => rest,
        _ => value,
    };
    match value {
        [Token::Word("function"), ..] | [Token::Word(_), Token::Sign("=>"), ..] => true,
        [Token::Sign("("), ..] => {
            let after = skip_brackets(value, "(", ")");
            let is_open = after.is_empty() && !value.last().is_some_and(|token| token.is(")"));
            let is_arrow = after.first().is_some_and(|token| token.is("=>"));
            let is_typed = after.first().is_some_and(|token| token.is(":"))
                && after.iter().any(|token| token.is("=>"));
            is_open || is_arrow || is_typed
        }
        _ => false,
    }
}

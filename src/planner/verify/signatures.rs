//! R8: example signatures can be read, and say what the fields beside them say.

use crate::planner::draft::{Draft, Interface, InterfaceKind};
use crate::planner::verify::Check;
use crate::planner::verify::own::words;
use crate::planner::verify::symbols::segments;
use crate::planner::verify::words::words_at;

/// Parameters that stand for the thing itself, or for no parameter at all.
const RECEIVERS: &[&str] = &[
    "",
    "self",
    "&self",
    "&mut self",
    "mut self",
    "cls",
    "*",
    "/",
    "...",
    "void",
    "&'a self",
];

/// Checks the signatures of all functions and methods.
pub(super) fn check_signatures(draft: &Draft, check: &mut Check<'_>) {
    for (i, change) in draft.changes.iter().enumerate() {
        for (j, interface) in change.interfaces.iter().enumerate() {
            let is_function = matches!(
                interface.kind,
                InterfaceKind::Function | InterfaceKind::Method
            );
            if !is_function {
                continue;
            }
            if let Some(message) = what_is_wrong(interface) {
                let at = format!("/changes/{i}/interfaces/{j}/signature");
                check.log.soft("R8", &at, message);
            }
        }
    }
}

fn what_is_wrong(interface: &Interface) -> Option<String> {
    let signature = &interface.signature;
    if signature.trim().is_empty() {
        return Some(format!("`{}` has no signature", interface.name.trim()));
    }
    if !is_balanced(signature) {
        return Some("the signature does not close its brackets".to_owned());
    }
    let name = segments(&interface.name).pop()?;
    let known: Vec<_> = words(signature).collect();
    let is_constructor = [
        "new",
        "constructor",
        "init",
        "__init__",
        "initialize",
        "__construct",
    ]
    .iter()
    .any(|word| known.contains(word));
    if !known.contains(&&*name) && !is_constructor && !name.starts_with("operator") {
        return Some(format!("the signature is not one of `{name}`"));
    }
    let stranger = interface.params.iter().find(|parameter| {
        let name = parameter.name.trim();
        let is_self = words(name).all(|word| matches!(word, "self" | "this" | "cls" | "mut"));
        !is_self && !words(name).all(|word| known.contains(&word))
    });
    if let Some(stranger) = stranger {
        let name = &stranger.name;
        return Some(format!("the signature has no parameter `{name}`"));
    }
    let listed = interface.params.iter().filter(|parameter| {
        !RECEIVERS.contains(&parameter.name.trim()) && parameter.name.trim() != "this"
    });
    let (listed, written) = (listed.count(), parameters(&name, signature)?);
    let is_split = written.iter().any(|one| one.contains(['{', '[']));
    (listed != written.len() && !is_split).then(|| {
        format!(
            "of {} in the signature, {listed} are listed",
            match written.len() {
                1 => "1 parameter".to_owned(),
                count => format!("{count} parameters"),
            }
        )
    })
}

/// The parameters between the brackets of the signature of `name`, as written, without receivers; `None`
/// where there are none that end.
pub(super) fn parameters(name: &str, signature: &str) -> Option<Vec<String>> {
    let plain = signature.replace("->", "  ").replace("=>", "  ");
    let list = behind_name(&plain, name).unwrap_or_else(|| behind_prefix(plain.trim_start()));
    let mut depth = 0_usize;
    let mut parameters = Vec::new();
    let mut current = String::new();
    let mut is_inside = false;
    for c in list.chars() {
        if !is_inside {
            match c {
                '<' | '[' => depth += 1,
                '>' | ']' => depth = depth.saturating_sub(1),
                '(' if depth == 0 => is_inside = true,
                _ => {}
            }
            continue;
        }
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' if depth == 0 => {
                parameters.push(current);
                return Some(without_receivers(parameters));
            }
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parameters.push(std::mem::take(&mut current));
                continue;
            }
            _ => {}
        }
        current.push(c);
    }
    None
}

/// What follows the name where it stands before brackets, or before those of its type parameters: brackets
/// before it are those of a visibility, an attribute or a receiver.
fn behind_name<'s>(signature: &'s str, name: &str) -> Option<&'s str> {
    words_at(signature.as_bytes(), name).find_map(|(_, end)| {
        let rest = signature.get(end..)?.trim_start();
        let rest = behind_types(rest).trim_start();
        rest.starts_with('(').then_some(rest)
    })
}

/// What follows the type parameters that `rest` may begin with.
fn behind_types(rest: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let taken = if at == 0 { 0 } else { at + c.len_utf8() };
            return rest.get(taken..).unwrap_or_default();
        }
    }
    rest
}

/// What follows brackets that come before those of the parameters: Go's receiver, Rust's visibility.
fn behind_prefix(signature: &str) -> &str {
    let mut prefixes = ["func (", "pub(", "pub ("].into_iter();
    match prefixes.find_map(|prefix| signature.strip_prefix(prefix)) {
        Some(rest) => rest.split_once(')').map_or(rest, |(_, rest)| rest),
        None => signature,
    }
}

fn without_receivers(parameters: Vec<String>) -> Vec<String> {
    let kept = parameters.into_iter().filter(|parameter| {
        let parameter = parameter.trim();
        let is_typed_self = ["self:", "this:", "mut self:", "this "]
            .iter()
            .any(|start| parameter.starts_with(start));
        !RECEIVERS.contains(&parameter) && !is_typed_self && !parameter.ends_with(" self")
    });
    kept.collect()
}

/// Whether round, square and curly brackets close; angles are also operators.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    // The brace that begins a body may be all that is shown of it.
    open.is_empty() || open == ['}']
}

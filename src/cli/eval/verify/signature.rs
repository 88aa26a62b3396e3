//! Parameters of a function head, where one line tells them beyond doubt.

use crate::planner::draft::{Interface, InterfaceKind, Parameter};

/// A function as its head tells it; `None` when its parameters are not plain.
pub(super) fn interface(head: &str, name: &str, extension: &str) -> Option<Interface> {
    let signature = head.trim_end_matches(['{', ':', ' ']);
    Some(Interface {
        kind: InterfaceKind::Function,
        name: name.to_owned(),
        signature: signature.to_owned(),
        params: parameters(signature, name, extension)?,
        returns: String::new(),
        breaking: false,
    })
}

/// The parameters in the first parentheses behind `name`; `None` when they are not plain.
pub(super) fn parameters(head: &str, name: &str, extension: &str) -> Option<Vec<Parameter>> {
    let start = head.find(&format!("{name}("))? + name.len() + 1;
    let rest = head.get(start..)?;
    let end = closing(rest)?;
    let inside = rest.get(..end)?.trim();
    if inside.contains(['{', '[', '"', '\'', '|', '#', '@', '\\']) || inside.contains("=>") {
        return None;
    }
    let pieces = split_top(inside);
    let mut parameters = Vec::new();
    for piece in pieces {
        let piece = piece.trim();
        let own = piece.trim_start_matches(['&', ' ']);
        let own = own.strip_prefix("mut ").unwrap_or(own);
        if matches!(own, "" | "self" | "cls" | "void") {
            continue;
        }
        let (name, type_name) = parameter(piece, extension)?;
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !plain || name.is_empty() {
            return None;
        }
        parameters.push(Parameter {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            meaning: "as it is today".to_owned(),
        });
    }
    Some(parameters)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (position, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(position),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn split_top(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|c: char| {
        match c {
            '(' | '<' => depth += 1,
            ')' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
    .collect()
}

fn parameter<'a>(piece: &'a str, extension: &str) -> Option<(&'a str, &'a str)> {
    match extension {
        "rs" => {
            let (name, kind) = piece.split_once(':')?;
            let name = name.trim();
            Some((name.strip_prefix("mut ").unwrap_or(name), kind.trim()))
        }
        "py" | "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" => {
            let (left, _) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, kind) = left.split_once(':').unwrap_or((left, ""));
            Some((name.trim().trim_end_matches('?'), kind.trim()))
        }
        "rb" => (!piece.contains([':', '*', '&'])).then(|| {
            let (name, _) = piece.split_once('=').unwrap_or((piece, ""));
            (name.trim(), "")
        }),
        "go" => {
            let (name, kind) = piece.split_once(' ')?;
            Some((name, kind.trim()))
        }
        "java" | "cs" | "c" | "h" | "cc" | "cpp" | "hpp" => {
            let (left, _) = piece.split_once('=').unwrap_or((piece, ""));
            let (kind, name) = left.trim().rsplit_once(' ')?;
            Some((name.trim_start_matches(['*', '&']), kind.trim()))
        }
        "php" => {
            let (left, _) = piece.split_once('=').unwrap_or((piece, ""));
            let (kind, name) = left.split_once('$')?;
            (!kind.contains(['&', '.'])).then_some((name.trim(), kind.trim()))
        }
        _ => None,
    }
}

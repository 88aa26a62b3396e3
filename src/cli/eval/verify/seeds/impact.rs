//! Symbols that go or change while their users are forgotten.

use super::{Kind, hard, told};
use crate::cli::eval::verify::gold::is_tested;
use crate::cli::eval::verify::heads::{Head, heads, is_comment};
use crate::cli::eval::verify::imports::first_import;
use crate::cli::eval::verify::scene::{Scene, Seeded, ending};
use crate::planner::draft::{
    Anchor, Draft, Interface, InterfaceKind, Operation, Parameter, Relation, SideEffect,
};

pub(super) const KINDS: &[Kind] = &[
    hard(
        "breaking change, one user left out",
        &["I1"],
        one_user_left_out,
    ),
    hard("breaking change, no user named", &["I1"], no_user_named),
    hard("symbol taken away, no user named", &["I1"], removed_symbol),
    hard("file deleted, no user named", &["I1"], deleted_file),
    told(
        "another parameter, called harmless",
        &["I2", "I1"],
        wrong_breaking,
    ),
];

/// Most users of a symbol that is taken as an example.
const MAX_USERS: usize = 12;

/// A definition that others use, in a file that the plan modifies.
struct Used<'a> {
    position: usize,
    head: Head<'a>,
    users: Vec<String>,
}

/// A function of a modified file that no other file defines and that other source files call.
fn used<'a>(scene: &mut Scene<'a>) -> Option<Used<'a>> {
    let position = scene.modified()?;
    let path = scene.change(position)?.path.as_str();
    let extension = ending(path);
    let mut found = heads(scene.text(path)?, &extension);
    found.retain(|head| head.is_function && head.is_telling());
    scene.dice.shuffle(&mut found);
    found.into_iter().find_map(|head| {
        let users = callers(scene, path, head.name)?;
        Some(Used {
            position,
            head,
            users,
        })
    })
}

/// Files that call `name`, written as `name(` in a line that is no comment. `None` unless `path` is
/// the only file that defines it, and in doubt.
fn callers(scene: &Scene<'_>, path: &str, name: &str) -> Option<Vec<String>> {
    let own_ending = ending(path);
    let mut callers = Vec::new();
    for user in scene.index.find_users(name) {
        let file = scene.index.snapshot().files.get(user)?;
        let other = file.path.as_str();
        let text = file.text.as_deref().unwrap_or_default();
        if other == path || is_tested(other) {
            continue;
        }
        let extension = ending(other);
        if heads(text, &extension).iter().any(|head| head.name == name) {
            return None;
        }
        // Examples in texts over several lines call nothing.
        let mut is_text = false;
        let calls = text.lines().any(|line| {
            let was_text = is_text;
            is_text ^= line.matches("\"\"\"").count() % 2 == 1;
            !was_text && is_call(line.trim(), name)
        });
        if calls
            && extension == own_ending
            && crate::cli::eval::verify::commits::is_source(&file.path)
        {
            callers.push(other.to_owned());
        }
    }
    let planned = scene.gold.draft.changes.iter().map(|change| &change.path);
    let planned: Vec<_> = planned.collect();
    callers.retain(|caller| !planned.contains(&caller));
    let defined_once = scene.index.find_definitions(name);
    let mut files: Vec<usize> = defined_once.iter().map(|(file, _)| *file).collect();
    files.dedup();
    (files.len() == 1 && (1..=MAX_USERS).contains(&callers.len())).then_some(callers)
}

/// Whether a line calls `name`: what follows the arguments is code, and no sentence of a text.
fn is_call(line: &str, name: &str) -> bool {
    let call = format!("{name}(");
    let Some((_, arguments)) = line.split_once(&call) else {
        return false;
    };
    let behind = arguments.split_once(')').map_or("", |(_, behind)| behind);
    !is_comment(line) && !behind.trim_start().starts_with(char::is_alphabetic)
}

fn broken(head: &Head<'_>) -> Interface {
    Interface {
        kind: InterfaceKind::Function,
        name: head.name.to_owned(),
        signature: head.line.trim_end_matches(['{', ':', ' ']).to_owned(),
        params: Vec::new(),
        returns: String::new(),
        breaking: true,
    }
}

fn effects(users: &[String]) -> Vec<SideEffect> {
    let effect = |path: &String| SideEffect {
        path: path.clone(),
        symbol: String::new(),
        effect: "It meets the changed outcome.".to_owned(),
        action: "Follow it.".to_owned(),
    };
    users.iter().map(effect).collect()
}

/// The gold plan in which `used` breaks, with these files named as affected.
fn breaking(scene: &Scene<'_>, used: &Used<'_>, named: &[String]) -> Option<Seeded> {
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(used.position)?;
    change.interfaces = vec![broken(&used.head)];
    change.side_effects = effects(named);
    Some(Seeded::new(draft, format!("/changes/{}", used.position)))
}

fn one_user_left_out(scene: &mut Scene<'_>) -> Option<Seeded> {
    let used = used(scene)?;
    let (_, named) = used.users.split_last()?;
    breaking(scene, &used, named)
}

fn no_user_named(scene: &mut Scene<'_>) -> Option<Seeded> {
    let used = used(scene)?;
    breaking(scene, &used, &[])
}

fn removed_symbol(scene: &mut Scene<'_>) -> Option<Seeded> {
    let used = used(scene)?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(used.position)?;
    change.interfaces.clear();
    change.side_effects.clear();
    change.anchors = vec![Anchor {
        symbol: used.head.name.to_owned(),
        quote: used.head.line.to_owned(),
        line_hint: i64::from(used.head.number),
        relation: Relation::Remove,
    }];
    Some(Seeded::new(draft, format!("/changes/{}", used.position)))
}

fn deleted_file(scene: &mut Scene<'_>) -> Option<Seeded> {
    let used = used(scene)?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(used.position)?;
    change.op = Operation::Delete;
    change.interfaces.clear();
    change.side_effects.clear();
    Some(Seeded::new(draft, format!("/changes/{}", used.position)))
}

fn wrong_breaking(scene: &mut Scene<'_>) -> Option<Seeded> {
    let used = used(scene)?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(used.position)?;
    let mut interface = broken(&used.head);
    interface.breaking = false;
    let (before, rest) = interface
        .signature
        .split_once(&format!("{}(", used.head.name))?;
    let (name, type_name, text) = parameter(&ending(&change.path))?;
    let (comma, opened) = if rest.trim_start().starts_with(')') {
        ("", rest)
    } else {
        (", ", rest)
    };
    if opened.trim_start().starts_with(['&', 's', 'c', '*']) && rest.contains("self") {
        return None;
    }
    interface.signature = format!("{before}{}({text}{comma}{opened}", used.head.name);
    let balanced =
        interface.signature.matches('(').count() == interface.signature.matches(')').count();
    let known = crate::cli::eval::verify::signature::parameters(
        &interface.signature,
        used.head.name,
        &ending(&change.path),
    )?;
    interface.params = known;
    interface.params.retain(|parameter| parameter.name != name);
    interface.params.insert(
        0,
        Parameter {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            meaning: "which rule applies".to_owned(),
        },
    );
    change.interfaces = vec![interface];
    change.side_effects.clear();
    let at = format!("/changes/{}", used.position);
    balanced.then(|| Seeded::new(draft, at))
}

/// A further parameter: its name, its type, and both as the language writes them.
fn parameter(extension: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match extension {
        "rs" => ("rule", "Rule", "rule: Rule"),
        "ts" | "tsx" => ("rule", "string", "rule: string"),
        "py" | "js" | "jsx" | "rb" => ("rule", "", "rule"),
        "go" => ("rule", "string", "rule string"),
        "java" => ("rule", "String", "String rule"),
        "c" | "cc" | "cpp" | "h" | "hpp" | "cs" => ("rule", "int", "int rule"),
        "php" => ("rule", "string", "string $rule"),
        _ => return None,
    })
}

/// The gold plan in which a function breaks and all its users are named: nothing is wrong with it.
pub(in crate::cli::eval::verify) fn all_users_named(scene: &mut Scene<'_>) -> Option<Draft> {
    let used = used(scene)?;
    let path = &scene.change(used.position)?.path;
    let every = scene.index.find_users(used.head.name).into_iter();
    let files = every.filter_map(|user| scene.index.snapshot().files.get(user));
    let named: Vec<String> = files
        .map(|file| file.path.as_str().to_owned())
        .filter(|other| other != path && !is_tested(other))
        .collect();
    let known = crate::cli::eval::verify::signature::parameters(
        used.head.line,
        used.head.name,
        &ending(path),
    )?;
    let mut seeded = breaking(scene, &used, &named)?;
    let change = seeded.draft.changes.get_mut(used.position)?;
    change.interfaces.first_mut()?.params = known;
    change.imports = first_import(scene.text(path)?, &ending(path))
        .map(ToOwned::to_owned)
        .into_iter()
        .collect();
    (named.len() < 60).then_some(seeded.draft)
}

//! Files that are not there, and places that are not free.

use super::{Kind, hard};
use crate::cli::eval::verify::scene::{Scene, Seeded, append, ending};
use crate::planner::draft::{Draft, Operation};

pub(super) const KINDS: &[Kind] = &[
    hard("invented sibling path", &["G1"], invented_sibling),
    hard("right name, wrong folder", &["G1"], wrong_folder),
    hard("other ending", &["G1"], other_ending),
    hard("path in other letter case", &["G1"], case_flip),
    hard("folder as a file", &["G1"], folder),
    hard("path outside of the repository", &["G1"], outside),
    hard("delete of nothing", &["G1"], delete_nothing),
    hard("rename of nothing", &["G1"], rename_nothing),
    hard("rename onto a file", &["G2"], rename_onto),
    hard("add onto a file", &["G2"], add_onto),
    hard("add of a case twin", &["G2"], case_twin),
    hard("add below a file", &["G2"], below_a_file),
    hard("add into git's folder", &["G2"], into_git),
    hard("one file added twice", &["G2"], added_twice),
];

/// The gold plan with another path for a change that modifies a file.
fn with_path(scene: &Scene<'_>, position: usize, path: String) -> Option<Seeded> {
    let mut draft = scene.draft();
    draft.changes.get_mut(position)?.path = path;
    Some(Seeded::new(draft, format!("/changes/{position}/path")))
}

fn invented_sibling(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = scene.free_sibling(&scene.change(position)?.path)?;
    with_path(scene, position, path)
}

fn wrong_folder(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = scene.misplaced(&scene.change(position)?.path)?;
    with_path(scene, position, path)
}

fn other_ending(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = &scene.change(position)?.path;
    let (stem, ending) = path.rsplit_once('.')?;
    let other = match ending {
        "ts" => "js",
        "js" => "ts",
        "c" => "cpp",
        "py" => "pyx",
        "rs" => "rs.in",
        _ => "txt",
    };
    let path = format!("{stem}.{other}");
    if scene.is_taken(&path) {
        return None;
    }
    with_path(scene, position, path)
}

/// The path with one letter of its name in the other case.
fn flipped(scene: &mut Scene<'_>, path: &str) -> Option<String> {
    let letters: Vec<usize> = path
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphabetic())
        .map(|(at, _)| at)
        .collect();
    let at = *scene.dice.pick(&letters)?;
    let flip = |c: char| {
        if c.is_ascii_uppercase() {
            c.to_ascii_lowercase()
        } else {
            c.to_ascii_uppercase()
        }
    };
    let flipped: String = path
        .char_indices()
        .map(|(i, c)| if i == at { flip(c) } else { c })
        .collect();
    let exists = scene.text(&flipped).is_some();
    (!exists).then_some(flipped)
}

fn case_flip(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = flipped(scene, &scene.change(position)?.path)?;
    with_path(scene, position, path)
}

fn folder(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let (folder, _) = scene.change(position)?.path.rsplit_once('/')?;
    with_path(scene, position, folder.to_owned())
}

fn outside(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = &scene.change(position)?.path;
    let depth = path.matches('/').count() + 1;
    let options = [
        format!("{}etc/passwd", "../".repeat(depth)),
        "/etc/passwd".to_owned(),
        format!("../other/{path}"),
    ];
    let path = scene.dice.pick(&options)?.clone();
    with_path(scene, position, path)
}

fn delete_nothing(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = scene.free_sibling(&scene.change(position)?.path)?;
    let mut seeded = with_path(scene, position, path)?;
    let change = seeded.draft.changes.get_mut(position)?;
    change.op = Operation::Delete;
    change.anchors.clear();
    Some(seeded)
}

fn rename_nothing(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let old = scene.change(position)?.path.clone();
    let path = scene.free_sibling(&old)?;
    let new_path = format!("{path}.{}", ending(&old));
    let mut seeded = with_path(scene, position, path)?;
    let change = seeded.draft.changes.get_mut(position)?;
    change.op = Operation::Rename;
    change.new_path = new_path;
    Some(seeded)
}

fn rename_onto(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let taken = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    change.op = Operation::Rename;
    change.new_path = taken;
    Some(Seeded::new(draft, format!("/changes/{position}/new_path")))
}

/// The gold plan with a further file added at `path`.
fn added(scene: &mut Scene<'_>, path: String) -> Option<Seeded> {
    let (mut draft, position) = scene.with_added()?;
    draft.changes.get_mut(position)?.path = path;
    Some(Seeded::new(draft, format!("/changes/{position}/path")))
}

fn add_onto(scene: &mut Scene<'_>) -> Option<Seeded> {
    let path = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
    added(scene, path)
}

fn case_twin(scene: &mut Scene<'_>) -> Option<Seeded> {
    let path = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
    let path = flipped(scene, &path)?;
    added(scene, path)
}

fn below_a_file(scene: &mut Scene<'_>) -> Option<Seeded> {
    let path = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
    let path = format!("{path}/parts.{}", ending(&path));
    added(scene, path)
}

fn into_git(scene: &mut Scene<'_>) -> Option<Seeded> {
    let paths = [".git/hooks/pre-commit", ".git/config", "src/.git/config"];
    let path = (*scene.dice.pick(&paths)?).to_owned();
    added(scene, path)
}

fn added_twice(scene: &mut Scene<'_>) -> Option<Seeded> {
    let (mut draft, position) = scene.with_added()?;
    let mut twin = draft.changes.get(position)?.clone();
    twin.id = format!("C{}", draft.changes.len() + 1);
    append(&mut draft, twin);
    let last = last_change(&draft)?;
    Some(Seeded::new(draft, format!("/changes/{last}/path")))
}

fn last_change(draft: &Draft) -> Option<usize> {
    draft.changes.len().checked_sub(1)
}

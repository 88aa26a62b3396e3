//! What becomes of cited places under edits.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, proptest};
use proptest::{prop_assert, prop_assert_eq};

use crate::domain::age::{Fate, Source};
use crate::domain::plan::Target;
use crate::domain::repository::{BlobId, LineRange, RepoPath};
use crate::repository::drift::align::Alignment;
use crate::repository::drift::{Comparison, Texts, Tree};
use crate::testing::blobs::blob_id;
use crate::testing::git::TestRepository;

type Files<'a> = &'a [(&'a str, &'a str)];

fn path(text: &str) -> RepoPath {
    RepoPath::parse(text).unwrap()
}

/// `src/a.rs:3-4`, `src/a.rs` for the whole file, `+src/a.rs` for one to be added.
fn place(text: &str) -> Target {
    if let Some(new) = text.strip_prefix('+') {
        return Target::New { path: path(new) };
    }
    let Some((file, lines)) = text.split_once(':') else {
        return Target::Verified {
            path: path(text),
            lines: None,
        };
    };
    let (start, end) = lines.split_once('-').unwrap();
    Target::Verified {
        path: path(file),
        lines: Some(LineRange::new(start.parse().unwrap(), end.parse().unwrap())),
    }
}

fn told(fate: &Fate) -> String {
    match fate {
        Fate::Same => "same".to_owned(),
        Fate::Moved { path, lines: None } => path.to_string(),
        Fate::Moved {
            path,
            lines: Some(lines),
        } => format!("{path}:{}-{}", lines.start(), lines.end()),
        Fate::Changed => "changed".to_owned(),
        Fate::Gone => "gone".to_owned(),
        Fate::Taken => "taken".to_owned(),
        Fate::Unknown => "unknown".to_owned(),
    }
}

fn texts(files: Files<'_>) -> Texts {
    let files = files.iter();
    files
        .map(|(_, text)| (blob_id(text.as_bytes()), (*text).into()))
        .collect()
}

fn sources(files: Files<'_>) -> Vec<Source> {
    let files = files.iter();
    files
        .map(|(file, text)| Source {
            path: path(file),
            blob: blob_id(text.as_bytes()),
        })
        .collect()
}

fn tree(files: Files<'_>) -> Tree {
    let files = sources(files).into_iter();
    let files: BTreeMap<_, _> = files.map(|file| (file.path, file.blob)).collect();
    Tree::new(files, Vec::new())
}

/// What became of `places`, when all that is wanted is at hand and nothing else.
fn fates(before: Files<'_>, now: Files<'_>, places: &[&str]) -> Vec<String> {
    let places: Vec<_> = places.iter().map(|text| place(text)).collect();
    let (sources, earlier, tree) = (sources(before), tree(before), tree(now));
    let comparison = Comparison::new(&places, &sources, &tree).since(Some(&earlier));
    let mut all = texts(before);
    all.extend(texts(now));
    let wanted = comparison.wanted();
    all.retain(|blob, _| wanted.iter().any(|source| source.blob == *blob));
    comparison.judge(&all).iter().map(told).collect()
}

const OLD: &str = "use std::fs;\n\nfn read_all() {\n    open_file();\n}\n\nfn write_all() {\n    sync_file();\n}\n";

#[test]
fn places_of_untouched_files_are_the_same_and_read_nothing() {
    let files = [("a.rs", OLD), ("b.rs", "fn b() {}\n")];
    let edited = [("a.rs", OLD), ("b.rs", "fn c() {}\n")];
    let places = [place("a.rs:3-5"), place("a.rs")];
    let (sources, tree) = (sources(&files), tree(&edited));
    let comparison = Comparison::new(&places, &sources, &tree);
    assert_eq!(comparison.wanted(), []);
    assert_eq!(comparison.judge(&Texts::new()), [Fate::Same, Fate::Same]);
}

#[test]
fn lines_below_an_edit_move_and_edited_ones_change() {
    let now = OLD.replace("use std::fs;\n", "use std::fs;\nuse std::io;\n");
    let now = now.replace("sync_file", "flush_file");
    let found = fates(
        &[("a.rs", OLD)],
        &[("a.rs", &now)],
        &["a.rs:1-1", "a.rs:3-5", "a.rs:7-9", "a.rs:3-9", "a.rs:7-7"],
    );
    assert_eq!(
        found,
        ["same", "a.rs:4-6", "changed", "changed", "a.rs:8-8"]
    );
}

#[test]
fn lines_that_were_taken_elsewhere_are_found_there() {
    let read = "fn read_all() {\n    open_file();\n}\n";
    let now = format!("{}{read}", OLD.replace(&format!("{read}\n"), ""));
    let found = fates(&[("a.rs", OLD)], &[("a.rs", &now)], &["a.rs:3-5"]);
    assert_eq!(found, ["a.rs:6-8"]);
}

#[test]
fn line_ends_and_trailing_blanks_do_not_count_but_indentation_does() {
    let windows = OLD.replace('\n', "\r\n");
    let blanks = OLD.replace("{\n", "{  \t\n");
    let tabs = OLD.replace("    open", "\topen");
    let places = ["a.rs:3-5", "a.rs:7-9"];
    let found = |now: &str| fates(&[("a.rs", OLD)], &[("a.rs", now)], &places);
    assert_eq!(found(&windows), ["same", "same"]);
    assert_eq!(found(&blanks), ["same", "same"]);
    assert_eq!(found(&tabs), ["changed", "same"]);
    assert_eq!(found(OLD.trim_end()), ["same", "same"]);
}

#[test]
fn whole_files_change_with_their_contents_unless_their_lines_are_cited() {
    let now = format!("// note\n{OLD}");
    let (before, now) = ([("a.rs", OLD)], [("a.rs", now.as_str())]);
    assert_eq!(fates(&before, &now, &["a.rs"]), ["changed"]);
    let both = fates(&before, &now, &["a.rs", "a.rs:3-5"]);
    assert_eq!(both, ["same", "a.rs:4-6"]);
}

#[test]
fn renamed_files_take_their_places_along() {
    let places = ["old/a.rs:3-5", "old/a.rs"];
    let before = [("old/a.rs", OLD)];
    assert_eq!(
        fates(&before, &[("new/b.rs", OLD)], &places),
        ["new/b.rs:3-5", "new/b.rs"]
    );
    let edited = format!("// moved\n{OLD}");
    assert_eq!(
        fates(&before, &[("new/A.rs", &edited)], &places),
        ["new/A.rs:4-6", "new/A.rs"]
    );
    assert_eq!(
        fates(&before, &[("new/b.rs", &edited)], &places),
        ["new/b.rs:4-6", "new/b.rs"]
    );
}

#[test]
fn files_that_came_are_looked_through_only_where_it_is_known_that_they_came() {
    let places = [place("a.rs:3-5")];
    let edited = format!("// moved\n{OLD}");
    let now = tree(&[("b.rs", &edited)]);
    let sources = sources(&[("a.rs", OLD)]);
    let comparison = Comparison::new(&places, &sources, &now);
    assert!(comparison.has_missing());
    let comparison = comparison.since(None);
    assert_eq!(comparison.wanted(), []);
    assert_eq!(comparison.judge(&Texts::new()), [Fate::Gone]);
    let both = tree(&[("a.rs", OLD), ("b.rs", &edited)]);
    let comparison = comparison.since(Some(&both));
    assert_eq!(comparison.wanted(), [], "it was there before");
}

/// A history in a real repository: what a commit has, as the forge would list it.
struct History {
    repository: TestRepository,
}

impl History {
    fn new(files: Files<'_>) -> Self {
        let repository = TestRepository::with_files(files);
        Self { repository }
    }

    /// The files of a commit, with their texts.
    fn at(&self, revision: &str) -> (Tree, Vec<Source>, Texts) {
        let listing = self.repository.git(&["ls-tree", "-r", revision]);
        let (mut files, mut texts) = (BTreeMap::new(), Texts::new());
        for line in listing.lines() {
            let (facts, name) = line.split_once('\t').unwrap();
            let id = facts.rsplit(' ').next().unwrap();
            let blob = BlobId::parse(id).unwrap();
            let bytes = self.repository.git(&["cat-file", "blob", id]);
            // The helper takes the last line end off.
            texts.insert(blob.clone(), format!("{bytes}\n").as_str().into());
            files.insert(path(name), blob);
        }
        let sources = files.iter().map(|(path, blob)| Source {
            path: path.clone(),
            blob: blob.clone(),
        });
        let sources = sources.collect();
        (Tree::new(files, Vec::new()), sources, texts)
    }

    /// What became of places of the first commit in the last one.
    fn fates(&self, places: &[&str]) -> Vec<String> {
        let places: Vec<_> = places.iter().map(|text| place(text)).collect();
        let (earlier, sources, mut texts) = self.at("HEAD~1");
        let (now, _, later) = self.at("HEAD");
        texts.extend(later);
        let comparison = Comparison::new(&places, &sources, &now).since(Some(&earlier));
        let wanted = comparison.wanted();
        texts.retain(|blob, _| wanted.iter().any(|source| source.blob == *blob));
        comparison.judge(&texts).iter().map(told).collect()
    }
}

/// A module of several functions.
fn module(names: &[&str]) -> String {
    let functions = names.iter().map(|name| {
        format!("/// Does what `{name}` says.\npub fn {name}(queue: &mut Queue) {{\n    queue.push(\"{name}\");\n}}\n\n")
    });
    functions.collect()
}

#[test]
fn a_file_renamed_and_edited_in_its_folder_is_followed() {
    let before = module(&["open", "send", "retry", "close"]);
    let history = History::new(&[("src/upload.rs", &before), ("src/lib.rs", "mod upload;\n")]);
    history
        .repository
        .git(&["mv", "src/upload.rs", "src/transfer.rs"]);
    let now = before.replace("queue.push(\"send\")", "queue.push_front(\"send\")");
    let now = format!("//! One transfer.\n\n{now}");
    history
        .repository
        .commit(&[("src/transfer.rs", &now), ("src/lib.rs", "mod transfer;\n")]);
    assert_eq!(
        history.fates(&[
            "src/upload.rs",
            "src/upload.rs:1-4",
            "src/upload.rs:6-9",
            "src/upload.rs:11-14"
        ]),
        [
            "src/transfer.rs",
            "src/transfer.rs:3-6",
            "changed",
            "src/transfer.rs:13-16"
        ]
    );
}

#[test]
fn a_file_that_was_rewritten_under_another_name_is_gone() {
    let before = module(&["open", "send", "retry", "close"]);
    let history = History::new(&[("src/upload.rs", &before)]);
    history.repository.git(&["rm", "--quiet", "src/upload.rs"]);
    let now = module(&["open", "connect", "resume", "finish", "report"]);
    history.repository.commit(&[("src/transfer.rs", &now)]);
    let found = history.fates(&["src/upload.rs", "src/upload.rs:6-9"]);
    assert_eq!(found, ["gone", "gone"]);
}

#[test]
fn the_likest_of_several_files_that_came_is_the_one_that_went() {
    let before = module(&["open", "send", "retry", "close"]);
    let history = History::new(&[
        ("src/upload.rs", &before),
        // It is like it, too, and was there before.
        (
            "src/download.rs",
            &module(&["open", "send", "retry", "stop"]),
        ),
    ]);
    history.repository.git(&["rm", "--quiet", "src/upload.rs"]);
    history.repository.commit(&[
        (
            "src/transfer.rs",
            &module(&["open", "send", "retry", "shut"]),
        ),
        ("src/other.rs", &module(&["open", "send", "pause", "halt"])),
        ("docs/upload.md", &before.replace("pub", "the")),
    ]);
    let found = history.fates(&["src/upload.rs:6-9", "src/upload.rs:16-19"]);
    assert_eq!(found, ["src/transfer.rs:6-9", "changed"]);
}

#[test]
fn folders_that_were_renamed_while_their_files_were_edited_are_followed() {
    let names: Vec<_> = (0..12).map(|number| format!("step_{number}")).collect();
    let files: Vec<_> = names
        .iter()
        .map(|name| {
            (
                format!("old/{name}.rs"),
                module(&[name, "begin", "end", "check"]),
            )
        })
        .collect();
    let borrowed: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let history = History::new(&borrowed);
    history.repository.git(&["mv", "old", "new"]);
    let edited: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.replace("old/", "new/"), format!("//! Moved.\n{text}")))
        .collect();
    let borrowed: Vec<_> = edited
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    history.repository.commit(&borrowed);
    let found = history.fates(&["old/step_3.rs:1-4", "old/step_3.rs", "old/step_11.rs:1-4"]);
    assert_eq!(
        found,
        ["new/step_3.rs:2-5", "new/step_3.rs", "new/step_11.rs:2-5"]
    );
}

#[test]
fn a_file_cited_as_a_whole_that_was_renamed_and_edited_is_changed() {
    let before = module(&["open", "send", "retry", "close"]);
    let history = History::new(&[("src/upload.rs", &before)]);
    history
        .repository
        .git(&["mv", "src/upload.rs", "src/transfer.rs"]);
    history
        .repository
        .commit(&[("src/transfer.rs", &format!("//! More.\n{before}"))]);
    assert_eq!(history.fates(&["src/upload.rs"]), ["changed"]);
}

#[test]
fn two_files_that_could_be_the_renamed_one_are_none() {
    let places = ["a.rs:3-5", "a.rs"];
    let before = [("a.rs", OLD)];
    let twins = [("x.rs", OLD), ("y.rs", OLD)];
    assert_eq!(fates(&before, &twins, &places), ["gone", "gone"]);
    let edited = format!("// moved\n{OLD}");
    let namesakes = [("x/a.rs", edited.as_str()), ("y/a.rs", edited.as_str())];
    assert_eq!(fates(&before, &namesakes, &places), ["gone", "gone"]);
}

#[test]
fn names_that_differ_in_case_are_two_files() {
    let before = [("a.rs", OLD), ("A.rs", "fn other() {}\n")];
    let now = [("A.rs", "fn other() {}\n"), ("b.rs", "")];
    let found = fates(&before, &now, &["a.rs:3-5", "A.rs:1-1", "A.rs"]);
    assert_eq!(found, ["gone", "same", "same"]);
    let renamed = fates(&[("a.rs", OLD)], &[("A.rs", OLD)], &["a.rs:3-5"]);
    assert_eq!(renamed, ["A.rs:3-5"]);
}

#[test]
fn free_places_may_be_taken() {
    let now = [("src/new.rs", "fn one() {}\n"), ("folder/inside.rs", "")];
    let found = fates(
        &[],
        &now,
        &["+src/new.rs", "+src/newer.rs", "+folder", "+src/ne"],
    );
    assert_eq!(found, ["taken", "same", "taken", "same"]);
}

#[test]
fn what_cannot_be_read_is_not_called_changed() {
    let places = [place("a.rs:3-5"), place("a.rs"), place("ghost.rs")];
    let (sources, tree) = (sources(&[("a.rs", OLD)]), tree(&[("a.rs", "fn x() {}\n")]));
    let comparison = Comparison::new(&places, &sources, &tree);
    assert_eq!(comparison.wanted().len(), 2);
    let found = comparison.judge(&Texts::new());
    assert_eq!(found, [Fate::Unknown, Fate::Same, Fate::Unknown]);
}

#[test]
fn folders_that_were_not_listed_are_unknown() {
    let places = [place("src/a.rs:1-1"), place("+src/new.rs"), place("lib.rs")];
    let sources = sources(&[("src/a.rs", OLD), ("lib.rs", OLD)]);
    let tree = Tree::new(BTreeMap::new(), vec!["src".to_owned()]);
    let found = Comparison::new(&places, &sources, &tree).judge(&Texts::new());
    assert_eq!(found, [Fate::Unknown, Fate::Unknown, Fate::Gone]);
}

#[test]
fn a_brace_elsewhere_is_not_the_brace_that_was_cited() {
    let before = "fn a() {\n}\n";
    let now = "fn a() -> u8 {\n    1 }\nmod m {\n}\n";
    let found = fates(
        &[("a.rs", before)],
        &[("a.rs", now)],
        &["a.rs:1-2", "a.rs:2-2"],
    );
    assert_eq!(found, ["changed", "a.rs:4-4"]);
    let repeated = "x\n}\ny\n}\nz\n";
    let gone = "x\ny\n}\nz\n";
    let found = fates(
        &[("a.rs", repeated)],
        &[("a.rs", gone)],
        &["a.rs:2-2", "a.rs:4-4"],
    );
    assert_eq!(found, ["changed", "a.rs:3-3"]);
}

#[test]
fn large_texts_of_equal_lines_end_in_time() {
    let before = "same line of text\n".repeat(20_000);
    let now = format!("first\n{before}last\n");
    let alignment = Alignment::new(&before, &now);
    let whole = LineRange::new(1, 20_000);
    assert_eq!(alignment.find(whole), Some(LineRange::new(2, 20_001)));
    assert_eq!(alignment.find(LineRange::new(20_000, 20_001)), None);
}

/// An edit at a line: a fresh line before it, a fresh one in its place, or none in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    Insert(usize),
    Replace(usize),
    Delete(usize),
}

impl Edit {
    fn line(self) -> usize {
        match self {
            Self::Insert(line) | Self::Replace(line) | Self::Delete(line) => line,
        }
    }

    /// Whether it leaves `first..end` as it is.
    fn is_outside(self, first: usize, end: usize) -> bool {
        match self {
            Self::Insert(line) => line <= first || line >= end,
            Self::Replace(line) | Self::Delete(line) => line < first || line >= end,
        }
    }
}

/// The lines after all edits, and where each old line that was kept is now. At most one edit of a kind
/// counts for each line.
fn edited(old: &[String], edits: &[Edit]) -> (Vec<String>, Vec<Option<usize>>) {
    let (mut now, mut places) = (Vec::new(), Vec::new());
    for (line, text) in old.iter().enumerate() {
        if edits.contains(&Edit::Insert(line)) {
            now.push(format!("fresh before {line}"));
        }
        if edits.contains(&Edit::Replace(line)) {
            places.push(None);
            now.push(format!("fresh instead of {line}"));
        } else if edits.contains(&Edit::Delete(line)) {
            places.push(None);
        } else {
            places.push(Some(now.len()));
            now.push(text.clone());
        }
    }
    if edits.contains(&Edit::Insert(old.len())) {
        now.push("fresh at the end".to_owned());
    }
    (now, places)
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Lines of few kinds, some of them empty, so that many are repeated.
fn old_lines() -> impl Strategy<Value = Vec<String>> {
    let line = (0_u8..6).prop_map(|kind| match kind {
        0 => String::new(),
        1 => "}".to_owned(),
        kind => format!("    let line_of_kind = {kind};"),
    });
    vec(line, 1..40)
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = (0_usize..41, 0_u8..3).prop_map(|(line, kind)| match kind {
        0 => Edit::Insert(line),
        1 => Edit::Replace(line),
        _ => Edit::Delete(line),
    });
    vec(edit, 0..12)
}

/// A block inside of `lines`, from two numbers.
fn block(lines: &[String], (at, length): (usize, usize)) -> (usize, usize) {
    let first = at % lines.len();
    let end = first + 1 + length % (lines.len() - first);
    (first, end)
}

fn find(old: &[String], now: &[String], (first, end): (usize, usize)) -> Option<usize> {
    let range = |first: usize, end: usize| {
        LineRange::new(
            u32::try_from(first + 1).unwrap(),
            u32::try_from(end).unwrap(),
        )
    };
    let found = Alignment::new(&joined(old), &joined(now)).find(range(first, end))?;
    let start = usize::try_from(found.start()).unwrap() - 1;
    assert_eq!(
        found,
        range(start, start + end - first),
        "as long as before"
    );
    Some(start)
}

proptest! {
    #[test]
    fn what_is_found_is_what_was_cited(old in old_lines(), now in old_lines(), at in any::<(usize, usize)>()) {
        let (first, end) = block(&old, at);
        if let Some(start) = find(&old, &now, (first, end)) {
            prop_assert_eq!(&now[start..start + end - first], &old[first..end]);
        }
    }

    #[test]
    fn edits_elsewhere_never_change_lines_that_stand_once(
        mut old in old_lines(), edits in edits(), at in any::<(usize, usize)>(),
    ) {
        let (first, end) = block(&old, at);
        old[first] = "    a line that is its own".to_owned();
        let mut edits = edits;
        edits.retain(|edit| edit.is_outside(first, end));
        let (now, places) = edited(&old, &edits);
        prop_assert_eq!(find(&old, &now, (first, end)), places[first]);
    }

    #[test]
    fn one_edit_elsewhere_never_changes_lines_that_are_repeated(
        old in old_lines(), hunk in any::<(usize, usize)>(), at in any::<(usize, usize)>(),
    ) {
        let (first, end) = block(&old, at);
        let (from, to) = block(&old, hunk);
        let mut edits = vec![Edit::Replace(from)];
        edits.extend((from + 1..to).map(Edit::Delete));
        if edits.iter().all(|edit| edit.is_outside(first, end)) {
            let (now, places) = edited(&old, &edits);
            prop_assert_eq!(find(&old, &now, (first, end)), places[first]);
        }
    }

    #[test]
    fn fresh_lines_inside_always_change_them(
        old in old_lines(), edits in edits(), at in any::<(usize, usize)>(), inside in any::<usize>(),
    ) {
        let (first, end) = block(&old, at);
        let inside = first + inside % (end - first);
        let mut edits = edits;
        // What is deleted elsewhere may bring lines together that look like those cited.
        edits.retain(|edit| !matches!(edit, Edit::Delete(_)));
        edits.push(if inside > first { Edit::Insert(inside) } else { Edit::Replace(inside) });
        let (now, _) = edited(&old, &edits);
        prop_assert_eq!(find(&old, &now, (first, end)), None, "{}", joined(&now));
    }

    #[test]
    fn lines_that_stood_once_and_were_deleted_are_changed(
        mut old in old_lines(), edits in edits(), at in any::<(usize, usize)>(),
    ) {
        let (first, end) = block(&old, at);
        old[first] = "    a line that is its own".to_owned();
        let mut edits = edits;
        edits.retain(|edit| edit.line() != first);
        edits.push(Edit::Delete(first));
        let (now, _) = edited(&old, &edits);
        prop_assert!(find(&old, &now, (first, end)).is_none());
    }
}

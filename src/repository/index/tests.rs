//! Words and terms, and what an index knows of small repositories.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use super::codec;
use super::pack::{Analysis, Pack, Packer, key};
use super::terms::{is_compound, parts, stem, terms, words};
use super::{Asked, Index};
use crate::domain::repository::{LineRange, RepoPath};
use crate::domain::request::Brief;
use crate::repository::cache::{Cache, Key, Kind, Shelf};
use crate::repository::locate::locate;
use crate::repository::syntax::{Import, Reference, Syntax};
use crate::repository::tests::{index_of, snapshot_of};
use crate::repository::{Definition, Snapshot};

fn small() -> Index {
    index_of(&[
        ("README.md", "How retrying works."),
        (
            "src/client.rs",
            "pub struct Client;\nimpl Client {\n    fn retry_after(&self) {}\n}\n",
        ),
        (
            "src/lib.rs",
            "mod client;\nfn main() { Client.retry_after(); a.b(); }\n",
        ),
        ("tests/client.rs", "fn retry_after() {}\n"),
    ])
}

#[test]
fn words_are_identifiers_and_long_numbers() {
    let text = "let x_1 = foo.bar(404, 12, 0x1F) // größe 日本 HTTP/2 __init__ 1234567890";
    let found: Vec<_> = words(text).collect();
    let expected = [
        "let", "x_1", "foo", "bar", "404", "größe", "日本", "HTTP", "__init__",
    ];
    assert_eq!(found, expected);
}

#[test]
fn words_longer_than_any_name_are_data() {
    assert_eq!(words(&"x".repeat(101)).count(), 0);
    assert_eq!(words(&"x".repeat(100)).count(), 1);
}

#[test]
fn words_split_at_case_and_underscores() {
    let split = |word: &str| parts(word).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(split("HTTPServerError2"), ["HTTP", "Server", "Error2"]);
    assert_eq!(split("__retry_after__"), ["retry", "after"]);
    assert_eq!(split("aB"), Vec::<String>::new());
    assert_eq!(split("sha256"), ["sha256"]);
    assert_eq!(split("größeÄndern"), ["größeÄndern"]);
    assert!(is_compound("retryAfter") && is_compound("retry_after") && !is_compound("Retry"));
}

#[test]
fn spellings_of_one_name_share_their_joined_term() {
    for word in ["retry_after", "retryAfter", "RetryAfter", "RETRY_AFTER"] {
        assert!(terms(word).contains(&"retryafter".to_owned()), "{word}");
    }
}

#[test]
fn endings_of_one_word_share_their_stem() {
    for family in [
        ["serialize", "serializes", "serialized", "serializing"],
        ["retry", "retries", "retry", "retrying"],
        ["stop", "stops", "stopped", "stopping"],
        ["class", "class", "class", "class"],
        ["parse", "parses", "parsed", "parsing"],
    ] {
        let stems: std::collections::BTreeSet<_> = family.iter().map(|word| stem(word)).collect();
        assert_eq!(stems.len(), 1, "{stems:?}");
    }
    for word in ["status", "ring", "bed", "its", "the", "this"] {
        assert!(stem(word).len() >= 2, "{word}");
    }
}

#[test]
fn definitions_are_found_by_their_exact_name() {
    let index = small();
    let found: Vec<_> = index
        .find_definitions("retry_after")
        .into_iter()
        .map(|(file, definition)| {
            (
                file,
                definition.container.as_str(),
                definition.lines.start(),
            )
        })
        .collect();
    assert_eq!(found, [(1, "Client", 3), (3, "", 1)]);
    assert_eq!(index.find_definitions("retry"), []);
    assert_eq!(index.find_definitions(""), []);
}

#[test]
fn users_are_the_files_whose_text_has_the_identifier() {
    let index = small();
    assert_eq!(index.find_users("Client"), [1, 2]);
    assert_eq!(index.find_users("client"), [2]);
    assert_eq!(index.find_users("Client.retry_after"), [2]);
    assert_eq!(index.find_users("a.b"), [2]);
    assert_eq!(index.find_users("nowhere"), Vec::<usize>::new());
    assert_eq!(index.find_users("::"), Vec::<usize>::new());
}

#[test]
fn files_are_found_by_their_exact_path() {
    let index = small();
    let find = |path: &str| {
        index
            .find(&RepoPath::parse(path).unwrap())
            .map(|(at, _)| at)
    };
    assert_eq!(find("src/lib.rs"), Some(2));
    assert_eq!(find("src/Lib.rs"), None);
}

#[test]
fn a_text_that_says_a_rare_thing_more_often_scores_higher() {
    let index = index_of(&[
        ("a.rs", "retry retry retry filler filler filler"),
        ("b.rs", "retry filler filler filler filler filler"),
        ("c.rs", "filler filler filler filler filler filler"),
        ("d.rs", "filler"),
    ]);
    let asked = |word: &str| Asked {
        term: index.term(&stem(word)).unwrap(),
        weight: 1.0,
    };
    let rare = index.score_contents(&[asked("retries")]);
    assert!(rare[0] > rare[1] && rare[1] > 0.0);
    assert_eq!(&rare[2..], [0.0, 0.0]);
    let common = index.score_contents(&[asked("filler")]);
    assert!(common[1] < rare[1]);
}

#[test]
fn an_index_of_nothing_answers_nothing() {
    let index = index_of(&[]);
    assert_eq!(index.find_users("a"), Vec::<usize>::new());
    assert_eq!(index.score_contents(&[]), Vec::<f64>::new());
    assert_eq!(index.definitions(0), []);
}

#[test]
fn thousands_of_files_keep_their_own_words_and_definitions() {
    let texts: Vec<(String, String)> = (0..3000)
        .map(|at| {
            (
                format!("src/f{at:04}.rs"),
                format!("fn shared() {{}}\nfn own_{at}() {{}}\n"),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    let index = index_of(&files);
    assert_eq!(index.find_users("shared").len(), 3000);
    for at in [0, 1499, 1500, 2999] {
        let name = format!("own_{at}");
        assert_eq!(index.find_users(&name), [at]);
        assert_eq!(index.find_definitions(&name)[0].0, at);
    }
}

/// Everything that an index knows, without its snapshot.
fn contents(index: &Index) -> String {
    let tables = &index.tables;
    let words: Vec<_> = tables.words.strings().iter().collect();
    let terms: Vec<_> = tables.terms.strings().iter().collect();
    let fields = [&tables.names, &tables.paths];
    let fields = fields.map(|field| (&field.postings, &field.lengths));
    let definitions = (0..index.snapshot().files.len()).map(|file| index.definitions(file));
    let definitions: Vec<_> = definitions.collect();
    format!(
        "{words:?} {:?} {terms:?} {:?} {:?} {fields:?} {definitions:?} {:?}",
        tables.users, tables.term_words, tables.contents, tables.standings
    )
}

/// Paths with their texts, and the snapshot of them.
type Commit = BTreeMap<String, String>;

fn snapshot(commit: &Commit) -> Snapshot {
    let files: Vec<(&str, &str)> = commit
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    snapshot_of(&files)
}

fn commit(files: &[(&str, &str)]) -> Commit {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(own).collect()
}

/// Commits over a few paths and words, so that blobs, words and terms come again.
fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let paths: &'static [&str] = &[
        "src/a.rs",
        "src/b.rs",
        "lib/c.py",
        "lib/c.txt",
        "d.go",
        "größe/é.java",
        "e",
        "tests/a.rs",
    ];
    let lines: &'static [&str] = &[
        "fn retry_after(x: u32) {}\n",
        "struct HTTPServer;\n",
        "def retries(self): pass\n",
        "class RetryAfter { int max_retries; }\n",
        "Größe 日本 404 a\n",
        "func (s *Server) Retry() {}\n",
        "retrying retried retries foo_foo __init__\n",
        "\n",
    ];
    let text = vec(select(lines), 0..8).prop_map(|lines| lines.concat());
    let path = select(paths).prop_map(str::to_owned);
    vec(btree_map(path, text, 0..8), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_was_known_before_changes_nothing(commits in commits()) {
        let shelf = Cache::none().shelf("repository");
        let brief = Brief::from_text("RetryAfter of HTTPServer\n\n`max_retries` in src/a.rs, 404");
        for commit in &commits {
            let cold = Index::build(snapshot(commit));
            let warm = Index::build_with(snapshot(commit), &shelf);
            prop_assert_eq!(contents(&cold), contents(&warm));
            prop_assert_eq!(locate(&cold, &brief, 10), locate(&warm, &brief, 10));
        }
        prop_assert!(shelf.keys(Kind::Words).len() <= 7);
    }

    #[test]
    fn a_pack_comes_back_as_it_was(commits in commits(), wanted in vec(any::<bool>(), 8)) {
        let pack = pack_of(&commits[0]);
        let bytes = codec::encode(&pack);
        let wanted = &wanted[..pack.blobs.len()];
        let back = codec::decode(&bytes, wanted).unwrap();
        let mut expected = blobs(&pack);
        let mut wanted = wanted.iter();
        expected.retain(|_| *wanted.next().unwrap());
        prop_assert_eq!(blobs(&back), expected);
        let strings = |pack: &Pack| (pack.words.clone(), pack.terms.clone(), pack.word_terms.clone());
        prop_assert_eq!(strings(&back), strings(&pack));
    }

    #[test]
    fn bytes_that_are_no_pack_are_refused_or_harmless(
        commits in commits(),
        changes in vec((any::<usize>(), any::<u8>()), 1..4),
        cut in any::<usize>(),
    ) {
        let mut bytes = codec::encode(&pack_of(&commits[0]));
        for (place, byte) in changes {
            let place = place % bytes.len();
            bytes[place] = byte;
        }
        bytes.truncate(cut % (bytes.len() * 2));
        if let Some(keys) = codec::keys(&bytes) {
            // It may still decode to something, but must not panic or take memory for nothing.
            let pack = codec::decode(&bytes, &vec![true; keys.len()]);
            prop_assert!(pack.is_none_or(|pack| pack.blobs.len() == keys.len()));
        }
    }
}

/// A blob's words with their counts, and its definitions.
type Blob = (Key, Vec<(u32, u32)>, Vec<Definition>);

/// What a pack knows of each blob.
fn blobs(pack: &Pack) -> Vec<Blob> {
    let blobs = pack.blobs.iter();
    let blob = |(key, analysis): &(Key, Analysis)| {
        let definitions = pack.outlines.definitions(analysis.definitions);
        (*key, analysis.uses.clone(), definitions)
    };
    blobs.map(blob).collect()
}

fn pack_of(commit: &Commit) -> Pack {
    let mut packer = Packer::default();
    for file in &snapshot(commit).files {
        packer.read(key(file), file);
    }
    packer.finish()
}

/// A shelf that knows these commits.
fn shelf_with(commits: &[Commit]) -> Shelf {
    let shelf = Cache::none().shelf("repository");
    for commit in commits {
        Index::build_with(snapshot(commit), &shelf);
    }
    shelf
}

#[test]
fn words_are_numbered_as_the_files_name_them() {
    let later = commit(&[("b.rs", "two three"), ("a.rs", "one two")]);
    let earlier = commit(&[("z.rs", "three two one")]);
    for shelf in [shelf_with(&[]), shelf_with(&[earlier])] {
        let index = Index::build_with(snapshot(&later), &shelf);
        let words: Vec<_> = index.tables.words.strings().iter().collect();
        assert_eq!(words, ["one", "two", "three"]);
    }
}

#[test]
fn only_what_is_new_is_read_again() {
    let first = commit(&[("a.rs", "fn a() {}"), ("b.rs", "fn b() {}")]);
    let second = commit(&[
        ("a.rs", "fn a() {}"),
        ("b.rs", "fn c() {}"),
        ("c.rs", "fn b() {}"),
    ]);
    let shelf = shelf_with(&[first, second.clone()]);
    let blobs = shelf
        .keys(Kind::Words)
        .into_iter()
        .flat_map(|key| codec::keys(&shelf.get(&key).unwrap()).unwrap());
    let mut blobs: Vec<Key> = blobs.collect();
    blobs.sort_unstable();
    // `b.rs` of the first commit is `c.rs` of the second one.
    let mut expected: Vec<Key> = ["fn a() {}", "fn b() {}", "fn c() {}"]
        .iter()
        .map(|text| key(&snapshot(&commit(&[("x.rs", text)])).files[0]))
        .collect();
    expected.sort_unstable();
    assert_eq!(blobs, expected);
    let before = shelf.keys(Kind::Words);
    Index::build_with(snapshot(&second), &shelf);
    assert_eq!(shelf.keys(Kind::Words), before);
}

#[test]
fn one_text_is_read_by_the_language_that_its_path_promises() {
    let text = "def go():\n    pass\n";
    let shelf = shelf_with(&[commit(&[("a.py", text)])]);
    let index = Index::build_with(
        snapshot(&commit(&[("a.py", text), ("a.txt", text)])),
        &shelf,
    );
    assert_eq!(index.definitions(0).len(), 1);
    assert_eq!(index.definitions(1), []);
    assert_eq!(index.find_users("go"), [0, 1]);
}

#[test]
fn files_without_text_have_no_words() {
    let mut without = snapshot(&commit(&[("a.rs", "fn a() {}"), ("b.rs", "fn b() {}")]));
    without.files[0].text = None;
    let shelf = shelf_with(&[commit(&[("a.rs", "fn a() {}")])]);
    let index = Index::build_with(without, &shelf);
    assert_eq!(index.find_users("fn"), [1]);
    assert_eq!(index.definitions(0), []);
}

#[test]
fn packs_that_cannot_be_read_are_taken_back() {
    let shelf = Cache::none().shelf("repository");
    let files = commit(&[("a.rs", "fn a() {}")]);
    let whole = codec::encode(&pack_of(&files));
    let cut = &whole[..whole.len() - 1];
    for bytes in [&b"\xff\xff\xff"[..], cut] {
        shelf.put(Key::of_value(Kind::Words, bytes), bytes);
    }
    let index = Index::build_with(snapshot(&files), &shelf);
    assert_eq!(index.find_users("a"), [0]);
    assert_eq!(
        shelf.keys(Kind::Words),
        [Key::of_value(Kind::Words, &whole)]
    );
}

#[test]
fn blobs_of_long_ago_are_given_up_when_packs_are_put_together() {
    let commits: Vec<Commit> = (0..40)
        .map(|number| commit(&[("a.rs", &format!("fn f{number}() {{}}"))]))
        .collect();
    let shelf = shelf_with(&commits);
    let blobs = shelf
        .keys(Kind::Words)
        .into_iter()
        .map(|key| codec::keys(&shelf.get(&key).unwrap()).unwrap().len());
    assert!(blobs.sum::<usize>() < 12);
    let index = Index::build_with(snapshot(&commits[39]), &shelf);
    assert_eq!(index.find_users("f39"), [0]);
}

#[test]
fn many_packs_are_put_together_with_all_that_may_come_again() {
    let base: Vec<(String, String)> = (0..50)
        .map(|at| (format!("f{at}.rs"), format!("fn common() {{ own_{at}() }}")))
        .collect();
    let mut files: Commit = base.into_iter().collect();
    let shelf = shelf_with(std::slice::from_ref(&files));
    let first = files.clone();
    for number in 0..20 {
        files.insert(
            "f0.rs".to_owned(),
            format!("fn common() {{ changed_{number}() }}"),
        );
        Index::build_with(snapshot(&files), &shelf);
    }
    let before = shelf.keys(Kind::Words);
    assert!(before.len() <= 7, "{} packs", before.len());
    // The first commit is still known as a whole.
    let index = Index::build_with(snapshot(&first), &shelf);
    assert_eq!(contents(&index), contents(&Index::build(snapshot(&first))));
    assert_eq!(shelf.keys(Kind::Words), before);
}

#[test]
fn files_with_the_same_text_define_the_same() {
    let text = "fn a() {}";
    let index = index_of(&[("a.rs", text), ("b.rs", text)]);
    assert_eq!(index.definitions(0), index.definitions(1));
    assert_eq!(index.find_definers("a"), [0, 1]);
    assert_eq!(index.find_definers("b"), Vec::<usize>::new());
}

fn definition(name: &str) -> Definition {
    Definition {
        name: name.to_owned(),
        container: String::new(),
        kind: "function",
        lines: LineRange::new(1, 1),
        signature: format!("fn {name}()"),
    }
}

fn tree(definitions: Vec<Definition>) -> Syntax {
    Syntax {
        definitions,
        ..Syntax::default()
    }
}

#[test]
fn files_that_are_seen_to_use_a_name_come_before_those_that_have_the_word() {
    let index = index_of(&[
        ("a.rs", "// send\nfn a() {}"),
        ("b.md", "send"),
        ("c.rs", "fn c() { send(1) }"),
        ("d.rs", "use crate::mail::send;\nfn d() {}"),
        ("e.rs", "fn e() { other() }"),
    ]);
    assert_eq!(index.find_dependents("send"), [0, 2, 3]);
    let called = Reference {
        name: "send".to_owned(),
        line: 1,
    };
    let import = Import {
        module: "crate::mail".to_owned(),
        names: vec!["send".to_owned()],
        line: 1,
    };
    let calling = Syntax {
        references: vec![called],
        ..tree(vec![definition("c")])
    };
    let importing = Syntax {
        imports: vec![import],
        ..tree(vec![definition("d")])
    };
    index.sharpen(0, tree(vec![definition("a")]));
    index.sharpen(2, calling);
    index.sharpen(3, importing);
    assert_eq!(index.find_dependents("send"), [2, 3, 0]);
}

#[test]
fn better_definitions_take_the_place_of_those_that_were_scanned() {
    let index = index_of(&[
        ("a.rs", "fn old() {}\nfn kept() {}"),
        ("b.rs", "fn kept() {}"),
    ]);
    assert_eq!(index.count_definitions(0), 2);
    index.sharpen(0, tree(vec![definition("kept")]));
    index.sharpen(0, tree(vec![definition("late")]));
    assert_eq!(index.definitions(0), [definition("kept")]);
    assert_eq!(
        [0, 1, 2].map(|file| index.count_definitions(file)),
        [1, 1, 0]
    );
    assert_eq!(index.find_definers("old"), Vec::<usize>::new());
    assert_eq!(index.find_definers("kept"), [0, 1]);
    assert_eq!(index.find_definers("late"), Vec::<usize>::new());
    let old = [0, 1, 2].map(|file| index.defines(file, |name| name == "old"));
    let kept = [0, 1, 2].map(|file| index.defines(file, |name| name == "kept"));
    assert_eq!((old, kept), ([false; 3], [true, true, false]));
}

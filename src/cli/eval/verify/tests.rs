use super::commits::{find_commits, is_source};
use super::dice::Dice;
use super::gold;
use super::heads::{container, enclosing, heads};
use super::judge::Bench;
use super::patch::{Deed, hunks, read};
use super::signature::parameters;
use super::tally::Tally;
use crate::config;
use crate::domain::repository::BlobId;
use crate::domain::repository::RepoPath;
use crate::repository::Limits;
use crate::repository::cache::Cache;
use crate::repository::git::GitChange;
use crate::repository::git::GitRepository;
use crate::repository::index::Index;
use crate::repository::snapshot;
use crate::testing::git::{TestRepository, upload_repository};

/// The uploader and a commit that changes both of its files.
fn changed_repository() -> TestRepository {
    let repository = upload_repository();
    let path = repository.path().join("src/upload.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let upload = text.replace(
        "    let body = std::fs::read(&item.path)?;\n",
        "    let body = read_bounded(&item.path, MAX_UPLOAD_BYTES)?;\n",
    );
    let path = repository.path().join("src/queue.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let queue = text.replace(
        "        send_file(item)?;\n",
        "        let receipt = send_file(item)?;\n",
    );
    repository.commit(&[("src/upload.rs", &upload), ("src/queue.rs", &queue)]);
    repository
}

async fn judged(repository: &TestRepository) -> (Tally, Vec<String>) {
    let opened = GitRepository::open(repository.path()).await.unwrap();
    let commits = find_commits(&opened, 3).await.unwrap();
    let commit = commits.first().unwrap();
    let limits = Limits::from(&config::load_from(None, []).unwrap().settings.budgets);
    let shelf = Cache::none().shelf("test");
    let read = snapshot::from_git(&opened, &commit.step.parent, &limits, &shelf).await;
    let index = Index::build(read.unwrap());
    let gold = gold::build(commit, &index).unwrap();
    let bench = Bench {
        repository: "uploader",
        commit,
        gold: &gold,
        index: &index,
        seed: 1,
    };
    let mut tally = Tally::empty();
    let slips = bench.run(&mut tally);
    let told = slips
        .iter()
        .map(|slip| format!("{} {}", slip.slip, slip.kind));
    (tally, told.collect())
}

#[tokio::test]
async fn a_true_plan_is_made_from_a_commit_and_found_true() {
    let (tally, slips) = judged(&changed_repository()).await;

    assert_eq!((tally.plans, tally.anchors, tally.misplaced), (1, 2, 0));
    let alarms: Vec<_> = slips
        .iter()
        .filter(|slip| slip.starts_with("false"))
        .collect();
    assert!(alarms.is_empty(), "{alarms:?}");
}

#[tokio::test]
async fn mistakes_about_files_and_quotes_are_seeded_and_found() {
    let (tally, _) = judged(&changed_repository()).await;

    let kinds = tally.kinds.iter();
    let about_places = kinds.filter(|kind| ["G1", "G3", "G4"].contains(&kind.checks[0]));
    let (seeded, found) = about_places.fold((0, 0), |(seeded, found), kind| {
        (seeded + kind.seeded, found + kind.found())
    });
    assert!(seeded >= 14, "{seeded}");
    assert_eq!(found, seeded);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_slips() {
    let repository = changed_repository();
    let (first, again) = (judged(&repository).await.1, judged(&repository).await.1);

    assert_eq!(first, again);
}

fn change(status: u8, path: &[u8], previous_path: Option<&[u8]>, hunks: &str) -> GitChange {
    GitChange {
        status,
        path: path.to_owned(),
        previous_path: previous_path.map(<[u8]>::to_owned),
        id: BlobId::parse(&"0".repeat(40)).unwrap(),
        hunks: hunks.as_bytes().to_owned(),
    }
}

#[test]
fn files_are_told_by_what_happened_to_them() {
    let files = read(vec![
        change(b'M', b"src/a.rs", None, "@@ -1 +1 @@\n-a\n+b\n"),
        change(b'R', b"new.rs", Some(b"old.rs"), ""),
        change(b'M', b"picture.rs", None, ""),
        change(b'M', b"\xff.rs", None, "@@ -1 +1 @@\n-a\n+b\n"),
        change(b'T', b"link.rs", None, ""),
    ]);

    let told: Vec<_> = files
        .iter()
        .map(|file| (file.deed, &*file.path, &*file.new_path, file.binary))
        .collect();
    assert_eq!(
        told,
        [
            (Deed::Modified, "src/a.rs", "src/a.rs", false),
            (Deed::Moved, "old.rs", "new.rs", false),
            (Deed::Modified, "picture.rs", "picture.rs", true),
        ]
    );
}

#[test]
fn hunks_are_taken_apart() {
    let found = hunks(
        "@@ -3,3 +3,3 @@ fn a() {\n one\n-two\n+2\n three\n@@ -9 +8,0 @@\n--- looks like a head\n\\ No newline at end of file\n",
    );

    let old: Vec<_> = (found.iter().flat_map(|hunk| &hunk.old))
        .map(|line| (line.number, &*line.text, line.removed))
        .collect();
    assert_eq!(
        old,
        [
            (3, "one", false),
            (4, "two", true),
            (5, "three", false),
            (9, "-- looks like a head", true),
        ]
    );
    let added: Vec<_> = found.iter().map(|hunk| hunk.added.clone()).collect();
    assert_eq!(added, [vec!["2".to_owned()], Vec::new()]);
}

#[test]
fn heads_are_told_in_every_language() {
    let told = |text: &str, extension: &str| -> Vec<String> {
        heads(text, extension)
            .iter()
            .map(|head| head.name.to_owned())
            .collect()
    };

    assert_eq!(
        told("pub(crate) async fn send(x: u8) {\nlet fn_x = 1;\n", "rs"),
        ["send"]
    );
    assert_eq!(
        told("class Foo(Base):\n    def bar(self):\n", "py"),
        ["Foo", "bar"]
    );
    assert_eq!(
        told("func (r *Router) Handle(p string) {\n\tif x(y) {\n", "go"),
        ["Handle"]
    );
    assert_eq!(
        told(
            "  public static int of(int a) throws E {\n    return f(a) {\n",
            "java"
        ),
        ["of"]
    );
    assert_eq!(
        told(
            "export const run = async (a) => {\n  it('works', function() {\n",
            "ts"
        ),
        ["run"]
    );
    assert_eq!(
        told(
            "static size_t fill(char *b, size_t n) {\n  while (n) {\n",
            "c"
        ),
        ["fill"]
    );
    assert_eq!(
        told("    public function toArray(): array\n", "php"),
        ["toArray"]
    );
    assert_eq!(
        told("  def self.parse(text)\n  def empty?\n", "rb"),
        ["parse", "empty?"]
    );
    assert_eq!(
        told("// fn in_comment() {\nclass variables are bad\n", "rs"),
        [""; 0]
    );
}

#[test]
fn a_line_stands_in_the_innermost_head() {
    let text = "impl Store {\n    fn open(\n        path: &str,\n    ) -> Self {\n        let x = 1;\n        Self { x }\n    }\n}\n";
    assert_eq!(enclosing(text, "rs", 5).map(|head| head.name), Some("open"));

    let text = "class A:\n    limit = 3\n\n    def f(self):\n        return self.limit\n";
    assert_eq!(enclosing(text, "py", 5).map(|head| head.name), Some("f"));
    assert_eq!(enclosing(text, "py", 2).map(|head| head.name), Some("A"));
    assert_eq!(container(text, "py", 4), Some("A"));
}

#[test]
fn only_plain_parameters_are_told() {
    let names = |head: &str, extension: &str| -> Option<Vec<String>> {
        let found = parameters(head, "f", extension)?;
        Some(found.into_iter().map(|parameter| parameter.name).collect())
    };
    let owned = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());

    assert_eq!(
        names("fn f(&self, a: Vec<(u8, u8)>, mut b: u8)", "rs"),
        owned(&["a", "b"])
    );
    assert_eq!(
        names("def f(self, a, b: int = 3)", "py"),
        owned(&["a", "b"])
    );
    assert_eq!(names("func f(a string, b int)", "go"), owned(&["a", "b"]));
    assert_eq!(names("func f(a, b int)", "go"), None);
    assert_eq!(names("function f({ a, b })", "ts"), None);
    assert_eq!(
        names("void f(Map<K, V> a, int b)", "java"),
        owned(&["a", "b"])
    );
    assert_eq!(names("def f(*args)", "py"), None);
}

#[test]
fn tests_and_pipelines_are_no_source() {
    let source = |path: &str| is_source(&RepoPath::parse(path).unwrap());

    let yes = ["src/inspect.rs", "lib/latest.ts", "core/Contest.java"].map(source);
    let no = [
        "src/upload_test.go",
        "test/a.rb",
        "src/FooTest.java",
        "docs/conf.py",
        "README.md",
    ]
    .map(source);
    assert_eq!((yes, no), ([true; 3], [false; 5]));
}

#[test]
fn dice_repeat_themselves() {
    let rolled = |seed: u64, word: &str| -> Vec<usize> {
        let mut dice = Dice::new(seed, &[word]);
        (0..8).map(|_| dice.below(100)).collect()
    };

    assert_eq!(rolled(1, "a"), rolled(1, "a"));
    assert_ne!(rolled(1, "a"), rolled(2, "a"));
    assert_ne!(rolled(1, "a"), rolled(1, "b"));
}

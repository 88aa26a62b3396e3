//! The names by which languages know their tests. Nothing here looks at folders or at contents.

/// What the name of a file says of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TestName {
    /// Compilers or runners pick files up by such a name, and nobody calls anything else so.
    Certain,
    /// A class or a module is called so that tests others. Products have such names as well: those of
    /// test frameworks, and those that measure.
    Usual,
}

/// What a file's name says of it; `None` where it says nothing of tests.
pub(crate) fn judge(name: &str) -> Option<TestName> {
    let (stem, ending) = name.rsplit_once('.')?;
    let ends = |endings: &[&str]| {
        let is_end = |end: &&str| stem.len() > end.len() && stem.ends_with(end);
        endings.iter().any(is_end)
    };
    let certain = match ending {
        "go" | "exs" | "dart" | "clj" | "cljs" | "cljc" => ends(&["_test"]),
        "py" => {
            let helper = stem.strip_prefix("test_").map(is_helper);
            helper == Some(false) || ends(&["_test"]) || stem == "conftest"
        }
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte" => {
            ends(&[".test", ".tests", ".spec", ".e2e", ".cy", "_test"])
        }
        "rb" => ends(&["_spec", "_test"]),
        "rs" => stem == "tests" || ends(&["_test", "_tests"]),
        "c" | "cc" | "cpp" | "cxx" => ends(&["_test", "_tests", "_unittest", "-test", ".tests"]),
        "lua" => ends(&["_spec"]),
        "erl" => ends(&["_SUITE", "_tests"]),
        "ps1" => ends(&[".Tests"]),
        "R" | "r" => stem.starts_with("test-") || stem.starts_with("test_"),
        "jl" => stem == "runtests",
        "bats" => true,
        _ => false,
    };
    let usual = || match ending {
        "java" | "kt" | "scala" | "groovy" => {
            ends(&["Test", "Tests", "TestCase"]) || is_integration_test(stem)
        }
        "cs" | "fs" | "vb" => ends(&["Test", "Tests"]),
        "php" => ends(&["Test"]),
        "swift" | "m" | "mm" => ends(&["Tests"]),
        _ => false,
    };
    if certain {
        Some(TestName::Certain)
    } else {
        usual().then_some(TestName::Usual)
    }
}

/// Maven's integration tests end with `IT`, and so do `EDIT` and `UNIT`.
fn is_integration_test(stem: &str) -> bool {
    let before = stem
        .strip_suffix("IT")
        .and_then(|rest| rest.chars().next_back());
    before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit())
}

/// What products call modules that help others to test: `aiohttp/test_utils.py`.
const HELPERS: &[&str] = &[
    "util", "utils", "helper", "helpers", "case", "cases", "client", "runner", "suite", "support",
    "double", "doubles", "tools", "server", "data", "base",
];

/// Whether `word`, which stood behind `test_`, makes a helper rather than a test of something.
pub(crate) fn is_helper(word: &str) -> bool {
    HELPERS.contains(&word)
}

/// Words for tests that stand before the name of what is tested, and behind it.
const BEFORE: &[&str] = &["test_", "test-", "tst_", "Test"];
const BEHIND: &[&str] = &[
    "_test",
    "_tests",
    "_spec",
    "_unittest",
    "-test",
    "-tests",
    "-spec",
    ".test",
    ".tests",
    ".spec",
    "Test",
    "Tests",
    "TestCase",
    "IT",
];

/// Languages whose files test each other's, by their endings.
const FAMILIES: &[&[&str]] = &[
    &["c", "cc", "cpp", "cxx", "h", "hh", "hpp", "hxx", "m", "mm"],
    &[
        "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte",
    ],
    &["java", "kt", "scala", "groovy"],
    &["ex", "exs"],
];

/// The stem of the file that one of this name would test by its form, and the endings that it may have:
/// `CartTest.java` tests `Cart.java`. Whether there is such a file is for the caller to see.
pub(crate) fn tested(name: &str) -> Option<(&str, Vec<&str>)> {
    let (stem, ending) = name.rsplit_once('.')?;
    // `Cart_test.Items.cs` tests `Cart.Items.cs`.
    let parted = name.split_once('.').filter(|(first, _)| *first != stem);
    let parted = parted.and_then(|(first, rest)| Some((behind(first)?, vec![rest])));
    if parted.is_some() {
        return parted;
    }
    let in_front = BEFORE.iter().find_map(|word| {
        let rest = stem.strip_prefix(word)?;
        // `Testament` is no test of `ament`.
        let goes_on = *word != "Test" || rest.starts_with(char::is_uppercase);
        goes_on.then_some(rest)
    });
    let tested = in_front.filter(|stem| !stem.is_empty());
    let tested = tested.or_else(|| behind(stem))?;
    let family = FAMILIES.iter().find(|family| family.contains(&ending));
    Some((tested, family.map_or_else(|| vec![ending], |f| f.to_vec())))
}

/// What a stem names in front of a word for tests.
fn behind(stem: &str) -> Option<&str> {
    let stripped = BEHIND.iter().find_map(|word| stem.strip_suffix(word));
    let is_doubted = stem.ends_with("IT") && !is_integration_test(stem);
    stripped.filter(|stem| !stem.is_empty() && !is_doubted)
}

//! The names in a text: what stands between back-ticks, and what cannot be anything but a name.

/// A name in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention<'a> {
    /// The name, as written.
    pub(super) text: &'a str,
    /// Whether it stands between back-ticks.
    pub(super) is_marked: bool,
    /// Whether the words before it say that it is yet to come: `add a helper X`, `a file called X`.
    pub(super) is_introduced: bool,
}

/// Words behind which something new is named.
const INTRODUCING: &[&str] = &[
    "add",
    "adds",
    "added",
    "adding",
    "introduce",
    "introduces",
    "introducing",
    "create",
    "creates",
    "creating",
    "called",
    "named",
    "define",
    "defines",
    "defining",
    "declare",
    "declares",
    "extract",
    "extracts",
    "implement",
    "implements",
    "new",
    "write",
    "writes",
    "emit",
    "emits",
    "expose",
    "exposes",
    "gains",
    "gain",
    "becomes",
    "become",
];

/// Words that may stand between those and the name.
const BETWEEN: &[&str] = &[
    "a",
    "an",
    "the",
    "one",
    "two",
    "this",
    "and",
    "private",
    "public",
    "pub",
    "small",
    "internal",
    "helper",
    "function",
    "functions",
    "method",
    "methods",
    "type",
    "types",
    "struct",
    "class",
    "trait",
    "interface",
    "enum",
    "variant",
    "field",
    "fields",
    "constant",
    "const",
    "option",
    "flag",
    "module",
    "file",
    "setting",
    "parameter",
    "argument",
    "property",
    "variable",
    "key",
    "error",
    "optional",
    "boolean",
    "static",
    "macro",
    "attribute",
    "it",
    "config",
    "package",
];

/// Words that move or rename: what stands behind a later `to` or `into` is new.
const MOVING: &[&str] = &[
    "rename", "renames", "renamed", "renaming", "move", "moves", "extract", "extracts", "split",
    "turn", "change", "factor", "pull", "convert",
];

/// How many words before a name may introduce it.
const INTRODUCTION_WORDS: usize = 8;

/// All names in `text`, in order.
pub(super) fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut mentions = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while let Some(start) = rest.find('`') {
        let (plain, behind) = rest.split_at_checked(start).unwrap_or((rest, ""));
        add_plain(text, at, plain, &mut mentions);
        let run = behind.bytes().take_while(|byte| *byte == b'`').count();
        let fence = behind.get(..run).unwrap_or_default();
        let inner = behind.get(run..).unwrap_or_default();
        let Some(length) = inner.find(fence) else {
            add_plain(text, at + start + run, inner, &mut mentions);
            return mentions;
        };
        if run < 3 {
            let name = inner.get(..length).unwrap_or_default();
            mentions.push(Mention {
                text: name,
                is_marked: true,
                is_introduced: is_introduced(text.get(..at + start).unwrap_or_default()),
            });
        }
        let used = run + length + run;
        at += start + used;
        rest = behind.get(used..).unwrap_or_default();
    }
    add_plain(text, at, rest, &mut mentions);
    mentions
}

fn add_plain<'a>(text: &'a str, at: usize, plain: &'a str, mentions: &mut Vec<Mention<'a>>) {
    let mut from = 0;
    for word in plain.split_whitespace() {
        let start = plain.get(from..).and_then(|rest| rest.find(word));
        let start = from + start.unwrap_or(0);
        from = start + word.len();
        let name = word.trim_matches(|c: char| "\"',;:!?()[]{}<>*“”‘’".contains(c));
        let name = name.trim_end_matches('.');
        let call = word.trim_end_matches(['.', ',', ';', ':']).ends_with("()");
        if is_source_path(name) || (call && is_compound(name)) {
            mentions.push(Mention {
                text: name,
                is_marked: false,
                is_introduced: is_introduced(text.get(..at + start).unwrap_or_default()),
            });
        }
    }
}

fn is_introduced(before: &str) -> bool {
    let sentence = before.rsplit(['.', ';', '\n']).next().unwrap_or_default();
    let words = sentence
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    let near = || {
        words
            .iter()
            .rev()
            .take(INTRODUCTION_WORDS)
            .map(String::as_str)
    };
    if near()
        .next()
        .is_some_and(|word| matches!(word, "to" | "into"))
    {
        return near().any(|word| MOVING.contains(&word));
    }
    let mut left = near().skip_while(|word| BETWEEN.contains(word));
    left.next().is_some_and(|word| INTRODUCING.contains(&word))
}

/// Whether a word outside of back-ticks is written as a path to source code, with a folder.
fn is_source_path(word: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    word.contains('/')
        && !word.contains("//")
        && word.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
        && word.chars().all(plain)
        && has_known_ending(word)
}

/// Whether the last segment of a path ends as files of code, settings or text do.
pub(super) fn has_known_ending(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
    })
}

/// Whether a name is made of several words, as people's words are not.
pub(super) fn is_compound(name: &str) -> bool {
    let humps = name
        .chars()
        .zip(name.chars().skip(1))
        .any(|(left, right)| left.is_lowercase() && right.is_uppercase());
    let inner = name.trim_matches('_');
    humps || inner.contains('_')
}

/// Endings that leave no doubt about a path.
const ENDINGS: &[&str] = &[
    "rs", "py", "pyi", "pyx", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "go", "java",
    "kt", "kts", "scala", "c", "h", "cc", "cpp", "cxx", "hh", "hpp", "hxx", "inl", "ipp", "cs",
    "rb", "rake", "php", "swift", "dart", "lua", "sh", "bash", "ex", "exs", "vue", "svelte", "css",
    "scss", "less", "html", "toml", "yaml", "yml", "json", "xml", "proto", "sql", "graphql", "md",
    "rst", "adoc", "cfg", "ini", "gradle", "cmake", "mk", "nu",
];

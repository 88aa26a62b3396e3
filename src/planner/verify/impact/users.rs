//! The files that use a name.

use std::collections::HashMap;

use crate::planner::verify::Check;
use crate::planner::verify::impact::MAX_USERS;
use crate::planner::verify::impact::affected::Affected;
use crate::planner::verify::words::{is_standard, parts, words_at};
use crate::repository::{code_only, language_of};

/// Bytes of code that are looked through for one plan.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Code of files looked at, each masked once.
pub(super) struct Codes {
    files: HashMap<usize, Vec<u8>>,
    bytes_left: usize,
}

impl Default for Codes {
    fn default() -> Self {
        Self {
            files: HashMap::new(),
            bytes_left: MAX_BYTES,
        }
    }
}

impl Codes {
    /// The code of a file without comments and strings; nothing when too much was looked through.
    pub(super) fn of(&mut self, file: usize, check: &Check<'_>) -> &[u8] {
        let code = self.files.entry(file).or_insert_with(|| {
            let file = check.index.snapshot().files.get(file);
            file.and_then(|file| code_only(&file.path, file.text.as_deref()?))
                .unwrap_or_default()
        });
        match self.bytes_left.checked_sub(code.len()) {
            Some(left) => {
                self.bytes_left = left;
                code
            }
            None => &[],
        }
    }
}

/// Who uses a name.
pub(super) enum Users {
    /// Paths of the files of the product, other than its own, whose code uses it.
    Few(Vec<String>),
    /// So many files have it that they are not followed.
    Many(usize),
}

/// Finds the users of a name.
pub(super) fn users_of(affected: &Affected, check: &Check<'_>, codes: &mut Codes) -> Users {
    let family = language_family(affected.file, check);
    if family.is_none() {
        return Users::Few(Vec::new());
    }
    let users = check.index.find_users(&affected.name).into_iter();
    let sources: Vec<_> = users
        .filter(|file| *file != affected.file && check.index.is_product_code(*file))
        .filter(|file| language_family(*file, check) == family)
        .collect();
    if sources.len() > MAX_USERS {
        return Users::Many(sources.len());
    }
    let manner = Manner::of(affected);
    let uses = |file: &usize| {
        let code = codes.of(*file, check);
        words_at(code, &affected.name)
            .any(|place| manner.is_at(code, place) && !is_of_the_language(code, place.0, check))
    };
    let users = sources.into_iter().filter(uses);
    Users::Few(
        users
            .filter_map(|file| check.index.snapshot().files.get(file))
            .map(|file| file.path.as_str().to_owned())
            .collect(),
    )
}

/// Files of one family can name each other's definitions.
pub(super) fn language_family(file: usize, check: &Check<'_>) -> Option<&'static str> {
    let path = &check.index.snapshot().files.get(file)?.path;
    Some(match language_of(path)? {
        "JavaScript" | "TypeScript" => "script",
        "C" | "C++" => "c",
        "Java" | "Kotlin" | "Scala" => "jvm",
        other => other,
    })
}

/// How a name must stand in code to be a use of it: plain words are also names of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As any word: made of several words, or a type.
    Word,
    /// Called.
    Call,
    /// Behind what it belongs to.
    Member,
}

impl Manner {
    fn of(affected: &Affected) -> Self {
        let name = &affected.name;
        let is_telling = parts(name).len() > 1 || name.starts_with(char::is_uppercase);
        match (is_telling, affected.is_callable) {
            (true, _) => Self::Word,
            (false, true) => Self::Call,
            (false, false) => Self::Member,
        }
    }

    fn is_at(self, code: &[u8], (start, end): (usize, usize)) -> bool {
        match self {
            Self::Word => true,
            Self::Call => {
                let mut rest = code.get(end..).unwrap_or_default().iter();
                matches!(rest.find(|byte| **byte != b' '), Some(b'(' | b'!'))
            }
            Self::Member => {
                let before = start.checked_sub(1).and_then(|before| code.get(before));
                matches!(before, Some(b'.' | b':' | b'>'))
            }
        }
    }
}

/// What stands for the code's own class or module.
const OWN: [&str; 6] = ["self", "Self", "static", "parent", "crate", "super"];

/// Whether the name at `start` stands behind a module of the language's own library, as in `io::ErrorKind`, and
/// the repository has nothing of that module's name.
fn is_of_the_language(code: &[u8], start: usize, check: &Check<'_>) -> bool {
    let before = code.get(..start).unwrap_or_default();
    let Some(before) = before.strip_suffix(b"::") else {
        return false;
    };
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = before.iter().rev().take_while(is_name).count();
    let module = before.get(before.len() - length..);
    let module = module.and_then(|module| std::str::from_utf8(module).ok());
    module.is_some_and(|module| {
        !OWN.contains(&module)
            && is_standard(module)
            && check.index.find_definitions(module).is_empty()
            && !check.files.has_folder_or_stem(module)
    })
}

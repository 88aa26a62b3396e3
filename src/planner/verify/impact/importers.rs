//! The files that import a file.

use std::collections::BTreeSet;

use crate::domain::repository::RepoPath;
use crate::planner::verify::Check;
use crate::planner::verify::impact::users::{Codes, language_family};
use crate::planner::verify::lookup::join;
use crate::planner::verify::words::has_word;

/// Files that are looked at for one file that goes.
const MAX_IMPORTERS: usize = 500;

/// Files that import a file which goes or moves, by the path in their import lines.
pub(super) fn importers_of(file: usize, check: &Check<'_>, codes: &mut Codes) -> BTreeSet<String> {
    let mut importers = BTreeSet::new();
    let files = &check.index.snapshot().files;
    let (Some(target), Some(family)) = (files.get(file), language_family(file, check)) else {
        return importers;
    };
    let stem = stem_of(&target.path);
    if stem.len() < 2 {
        return importers;
    }
    // An index file is imported by the name of its folder.
    let folder = target.path.folder().rsplit('/').next().unwrap_or_default();
    let word = if stem == "index" || stem == "mod" {
        folder
    } else {
        stem
    };
    let users = check.index.find_users(word).into_iter();
    let users = users
        .filter(|user| *user != file && check.index.is_product_code(*user))
        .filter(|user| language_family(*user, check) == Some(family));
    for user in users.take(MAX_IMPORTERS) {
        let Some(found) = files.get(user) else {
            continue;
        };
        let importing = Importing {
            family,
            from: &found.path,
            target: &target.path,
            stem,
        };
        let text = found.text.as_deref().unwrap_or("");
        if importing.is_in(text, codes.of(user, check)) {
            importers.insert(found.path.as_str().to_owned());
        }
    }
    importers
}

/// The question whether one file imports another.
struct Importing<'a> {
    family: &'static str,
    from: &'a RepoPath,
    target: &'a RepoPath,
    stem: &'a str,
}

impl Importing<'_> {
    /// Whether a line that is no comment imports the target.
    fn is_in(&self, text: &str, code: &[u8]) -> bool {
        let code_lines = code.split(|byte| *byte == b'\n');
        text.lines().zip(code_lines).any(|(line, code)| {
            // What is masked whole is a comment.
            code.iter().any(|byte| *byte != b' ' && *byte != b'\r') && self.names_it(line.trim())
        })
    }

    fn names_it(&self, line: &str) -> bool {
        match self.family {
            "script" => quoted(line).any(|module| {
                let is_import = ["import", "export", "from", "require"];
                is_import.iter().any(|word| line.contains(word)) && self.leads_here(module)
            }),
            "c" => line.starts_with('#') && line.contains("include") && self.is_included(line),
            "Rust" => {
                let module = [
                    format!("mod {};", self.stem),
                    format!("mod {} {{", self.stem),
                ];
                let beside = self.from.folder() == self.target.folder()
                    || self.target.folder().ends_with(stem_of(self.from));
                beside && module.iter().any(|module| line.contains(module.as_str()))
            }
            "Python" => {
                let folder = self.target.folder().rsplit('/').next().unwrap_or_default();
                let full = format!("{folder}.{}", self.stem);
                let listed = format!("{folder} import ");
                let names = line.split_once(&listed).map_or("", |(_, names)| names);
                (line.starts_with("import ") && line.contains(&full))
                    || has_word(names.as_bytes(), self.stem)
                    || (line.starts_with("from ")
                        && (line.contains(&format!("{full} import"))
                            || (self.from.folder() == self.target.folder()
                                && line.starts_with(&format!("from .{} import", self.stem)))))
            }
            "Ruby" => {
                line.starts_with("require")
                    && quoted(line).any(|module| {
                        let whole = format!("{module}.rb");
                        self.target.as_str().ends_with(&format!("/{whole}"))
                            || self.leads_here(module)
                    })
            }
            "jvm" => line.starts_with("import ") && self.is_last_segment(line, '.'),
            "PHP" => line.starts_with("use ") && self.is_last_segment(line, '\\'),
            _ => false,
        }
    }

    /// Whether a name that is qualified by the file's folder ends with the file's stem.
    fn is_last_segment(&self, line: &str, separator: char) -> bool {
        let folder = self.target.folder().rsplit('/').next().unwrap_or_default();
        let tail = format!("{folder}{separator}{}", self.stem);
        let name = line.trim_end_matches([';', ' ']);
        name.ends_with(&tail)
    }

    /// Whether a relative module path leads from the one file to the other.
    fn leads_here(&self, module: &str) -> bool {
        if !module.starts_with('.') {
            return false;
        }
        let joined = join(self.from.folder(), module);
        let target = self.target.as_str();
        let bare = target.rsplit_once('.').map_or(target, |(bare, _)| bare);
        joined == target
            || joined == bare
            || joined
                .rsplit_once('.')
                .is_some_and(|(joined, _)| joined == bare)
            || bare.strip_suffix("/index") == Some(joined.as_str())
    }

    fn is_included(&self, line: &str) -> bool {
        let name = line.split(['"', '<', '>']).nth(1).unwrap_or_default();
        let plain: Vec<_> = name
            .split('/')
            .filter(|segment| !matches!(*segment, "." | ".."))
            .collect();
        let tail = plain.join("/");
        let target = self.target.as_str();
        !tail.is_empty() && (target == tail || target.ends_with(&format!("/{tail}")))
    }
}

fn stem_of(path: &RepoPath) -> &str {
    path.file_name().split('.').next().unwrap_or_default()
}

/// Texts between quotes of a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split(['"', '\'', '`']).skip(1).step_by(2)
}

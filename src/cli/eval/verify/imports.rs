//! Import lines: those that a file has, and those of things that are nowhere.

/// The first import of a file that is whole on its line and needs no comment.
pub(super) fn first_import<'a>(text: &'a str, extension: &str) -> Option<&'a str> {
    text.lines()
        .map(str::trim_end)
        .find(|line| is_import(line, extension))
}

fn is_import(line: &str, extension: &str) -> bool {
    let ends = |ending: &str| line.ends_with(ending) && line.matches(ending).count() == 1;
    let short = line.len() < 120;
    let plain = !line.contains("//") && !line.contains("/*");
    short
        && match extension {
            "rs" => line.starts_with("use ") && ends(";") && plain && !line.contains('{'),
            "py" => {
                let from = line.starts_with("from ") && line.contains(" import ");
                (from || line.starts_with("import ")) && !line.contains(['(', '#', '\\'])
            }
            "js" | "jsx" | "mjs" | "ts" | "tsx" => {
                line.starts_with("import ") && line.contains(" from ") && plain
            }
            "java" => line.starts_with("import ") && ends(";") && plain,
            "cs" => line.starts_with("using ") && ends(";") && !line.contains(['=', '(']) && plain,
            "php" => line.starts_with("use ") && ends(";") && !line.contains(['(', '{', ',']),
            "rb" => line.starts_with("require '") || line.starts_with("require_relative '"),
            "c" | "h" | "cc" | "cpp" | "hpp" => {
                line.starts_with("#include ") && line.ends_with(['>', '"']) && plain
            }
            "go" => line.starts_with("import \"") && ends("\"") && plain,
            _ => false,
        }
}

/// An import of a package called `package`, which the caller knows to be nowhere.
pub(super) fn of_package(package: &str, extension: &str) -> Option<String> {
    Some(match extension {
        "rs" => format!("use {package}::Client;"),
        "py" => format!("import {package}"),
        "js" | "jsx" | "mjs" | "ts" | "tsx" => format!("import client from '{package}';"),
        "go" => format!("import \"example.org/{package}/client\""),
        "rb" => format!("require '{package}'"),
        _ => return None,
    })
}

/// An import of a part of the repository itself called `module`, which the caller knows to be nowhere.
pub(super) fn of_local(module: &str, extension: &str) -> Option<String> {
    Some(match extension {
        "rs" => ["use crate", module, "Client;"].join("::"),
        "py" => format!("from .{module} import client"),
        "js" | "jsx" | "mjs" | "ts" | "tsx" => format!("import client from './{module}';"),
        "rb" => format!("require_relative '{module}'"),
        "c" | "h" | "cc" | "cpp" | "hpp" => format!("#include \"{module}.h\""),
        _ => return None,
    })
}

/// An import of a part called `module` of the namespace that the file at `path` is in; the caller knows that
/// there is none.
pub(super) fn of_namespace(path: &str, text: &str, module: &str) -> Option<String> {
    let named = |keyword: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(keyword))?;
        let name = line.split([';', '{', ' ']).next()?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    };
    let camel = || -> String {
        let words = module.split('_').map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or_default();
            first.to_uppercase() + rest
        });
        words.collect()
    };
    Some(match path.rsplit('.').next()? {
        "java" => format!("import {}.{module}.Client;", named("package ")?),
        "cs" => format!("using {}.{};", named("namespace ")?, camel()),
        "php" => format!("use {}\\{}\\Client;", named("namespace ")?, camel()),
        "rb" => {
            let (folder, _) = path.split_once("lib/")?.1.rsplit_once('/')?;
            format!("require '{folder}/{module}'")
        }
        _ => return None,
    })
}

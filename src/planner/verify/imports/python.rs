//! `import` and `from … import` lines of Python.

use super::sources::Sources;
use super::standard::{PYTHON, has};
use super::{Line, Missing};

/// Import names whose package is called otherwise.
const ALIASES: &[(&str, &str)] = &[
    ("yaml", "pyyaml"),
    ("PIL", "pillow"),
    ("bs4", "beautifulsoup4"),
    ("cv2", "opencv-python"),
    ("sklearn", "scikit-learn"),
    ("skimage", "scikit-image"),
    ("dateutil", "python-dateutil"),
    ("dotenv", "python-dotenv"),
    ("jwt", "pyjwt"),
    ("attr", "attrs"),
    ("pkg_resources", "setuptools"),
    ("serial", "pyserial"),
    ("git", "gitpython"),
    ("OpenSSL", "pyopenssl"),
    ("Crypto", "pycryptodome"),
    ("magic", "python-magic"),
    ("MySQLdb", "mysqlclient"),
    ("psycopg2", "psycopg2-binary"),
    ("netCDF4", "netcdf4"),
    ("tables", "pytables"),
];

/// What of a line leads nowhere.
pub(super) fn read(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text.trim_end_matches(';').trim();
    if let Some(rest) = text.strip_prefix("from ") {
        let (module, names) = rest.split_once(" import")?;
        return from(module.trim(), names, line, sources);
    }
    let modules = text.strip_prefix("import ")?.split(',');
    modules
        .filter_map(|module| module.split_whitespace().next())
        .find_map(|module| absolute(module, line, sources))
}

fn from(module: &str, names: &str, line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let dots = module.bytes().take_while(|byte| *byte == b'.').count();
    if dots == 0 {
        return absolute(module, line, sources);
    }
    let inner = module.get(dots..).unwrap_or_default();
    if inner.is_empty() {
        let names = names.split(|c: char| !c.is_alphanumeric() && c != '_');
        let mut names = names.filter(|name| !name.is_empty() && *name != "as");
        let unknown = names.find(|name| !sources.is_known(name));
        return unknown.map(Missing::local);
    }
    let folders: Vec<&str> = line
        .file
        .folder()
        .split('/')
        .filter(|one| !one.is_empty())
        .collect();
    let above = folders.len().checked_sub(dots - 1)?;
    let mut path = folders.get(..above)?.to_vec();
    path.extend(inner.split('.'));
    let path = path.join("/");
    let places =
        [".py", ".pyi", ".pyx", "/__init__.py", ""].map(|ending| format!("{path}{ending}"));
    let last = inner.rsplit('.').next().unwrap_or(inner);
    let is_compiled = || !sources.check.index.find_users(last).is_empty() && sources.is_own(last);
    (!sources.has_file(places.into_iter()) && !is_compiled()).then(|| Missing::local(module))
}

fn absolute(module: &str, line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let mut segments = module.split('.');
    let head = segments.next()?;
    let plain = head.chars().all(|c| c.is_alphanumeric() || c == '_') && !head.is_empty();
    if !plain || has(PYTHON, head) {
        return None;
    }
    let path = module.replace('.', "/");
    let is_local = sources.has_tail(&format!("{path}.py"))
        || sources.has_tail(&format!("{path}/__init__.py"))
        || sources.check.files.has_folder_tail(&path);
    if is_local {
        return None;
    }
    if sources.check.files.has_folder_or_stem(head) && is_package(head, sources) {
        let unknown = segments.find(|segment| !sources.is_known(segment));
        return unknown.map(|_| Missing::local(module));
    }
    let alias = ALIASES.iter().find(|(name, _)| *name == head);
    let is_dependency = sources.is_proposed(head)
        || sources.is_in_manifest(head)
        || alias.is_some_and(|(_, package)| {
            sources.is_in_manifest(package) || sources.is_proposed(package)
        })
        || sources.is_imported(line.file, head, &format!("import {head}"))
        || sources.is_imported(line.file, head, &format!("from {head}"));
    (!is_dependency).then(|| Missing::package(head))
}

/// Whether a folder with modules, or a module, is called so.
fn is_package(name: &str, sources: &Sources<'_, '_>) -> bool {
    sources.has_tail(&format!("{name}/__init__.py"))
        || sources.has_tail(&format!("{name}.py"))
        || sources.check.files.has_folder_tail(name)
}

//! Which files are read and which are only named, judged by their paths, and why.

use crate::domain::document::Skipped;
use crate::domain::repository::RepoPath;
use crate::repository::snapshot::attributes::Marks;

/// Why the contents of an entry were not read, in the order in which reasons are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Excluded,
    Denied,
    Vendored,
    Generated,
    Binary,
    Lfs,
    Submodule,
    Symlink,
    TooLarge,
    Budget,
    UnusualName,
    Missing,
    Forged,
    Unlisted,
    Truncated,
}

impl Reason {
    const ALL: [Self; 15] = [
        Self::Excluded,
        Self::Denied,
        Self::Vendored,
        Self::Generated,
        Self::Binary,
        Self::Lfs,
        Self::Submodule,
        Self::Symlink,
        Self::TooLarge,
        Self::Budget,
        Self::UnusualName,
        Self::Missing,
        Self::Forged,
        Self::Unlisted,
        Self::Truncated,
    ];

    /// What reports say.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Excluded => "left out by `.planwright.toml`",
            Self::Denied => "denied by path",
            Self::Vendored => "vendored",
            Self::Generated => "generated",
            Self::Binary => "binary",
            Self::Lfs => "Git LFS pointer",
            Self::Submodule => "submodule",
            Self::Symlink => "symbolic link",
            Self::TooLarge => "too large",
            Self::Budget => "budget used up",
            Self::UnusualName => "unusual name",
            Self::Missing => "missing",
            Self::Forged => "contents unlike their id",
            Self::Unlisted => "folder not listed",
            Self::Truncated => "listing cut off by the forge",
        }
    }
}

/// Counts of what was left out.
#[derive(Debug, Default)]
pub(super) struct Tally([usize; Reason::ALL.len()]);

impl Tally {
    /// Counts one more entry.
    pub(super) fn add(&mut self, reason: Reason) {
        if let Some(count) = self.0.get_mut(reason as usize) {
            *count += 1;
        }
    }

    /// The reasons that occurred, in their fixed order.
    pub(super) fn skipped(&self) -> Vec<Skipped> {
        Reason::ALL
            .into_iter()
            .zip(self.0)
            .filter(|(_, count)| *count > 0)
            .map(|(reason, count)| Skipped {
                reason: reason.words().to_owned(),
                count,
            })
            .collect()
    }
}

/// Why the file at `path` is not read, judged by its name and by what the repository's attributes
/// say of it; `None` when it may be. What the owners say of their files counts more than what names
/// usually mean, but no attribute opens what may hold secrets.
pub(super) fn judge_path(path: &RepoPath, marks: Marks) -> Option<Reason> {
    let lower = path.as_str().to_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let extension = path.extension().unwrap_or_default();
    if is_denied(&lower, name, &extension) {
        Some(Reason::Denied)
    } else if marks.vendored.unwrap_or_else(|| is_vendored(&lower)) {
        Some(Reason::Vendored)
    } else if marks
        .generated
        .unwrap_or_else(|| is_generated(&lower, name, &extension))
    {
        Some(Reason::Generated)
    } else if BINARY_EXTENSIONS.contains(&extension.as_str()) {
        Some(Reason::Binary)
    } else {
        None
    }
}

/// Secret-like names: keys, stores of credentials, state and dumps that hold them.
fn is_denied(path: &str, name: &str, extension: &str) -> bool {
    let always = DENIED_EXTENSIONS.contains(&extension)
        || DENIED_NAMES.contains(&name)
        || DENIED_KEYS.iter().any(|key| name.starts_with(key))
        || has_folder(path, DENIED_FOLDERS)
        || path.ends_with(".docker/config.json")
        || name.ends_with(".sql.gz")
        || name.contains(".tfstate")
        || name.contains(".tfvars")
        || path.ends_with(".composer/auth.json")
        || (name.starts_with(".env") && !is_example(name))
        || (name.starts_with("vault") && matches!(extension, "yml" | "yaml"));
    let perhaps = name.starts_with("credentials")
        || name.starts_with("secrets.")
        || has_folder(path, &["secrets"]);
    // A program that deals with credentials is what plans are about; a file of them is not.
    always || (perhaps && !SOURCE_EXTENSIONS.contains(&extension))
}

fn is_example(name: &str) -> bool {
    [".example", ".sample", ".template", ".dist"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Copies of others' work.
fn is_vendored(path: &str) -> bool {
    has_folder(path, VENDORED_FOLDERS)
}

/// Output of tools.
fn is_generated(path: &str, name: &str, extension: &str) -> bool {
    (has_folder(path, &["dist"]) && WEB_EXTENSIONS.contains(&extension))
        || LOCK_FILES.contains(&name)
        || GENERATED_ENDINGS
            .iter()
            .any(|ending| name.ends_with(ending))
}

fn has_folder(path: &str, folders: &[&str]) -> bool {
    let (parents, _name) = path.rsplit_once('/').unwrap_or_default();
    parents.split('/').any(|parent| folders.contains(&parent))
}

const DENIED_EXTENSIONS: &[&str] = &[
    "pem", "key", "p12", "pfx", "jks", "keystore", "kdbx", "ppk", "tfvars", "ovpn", "sqlite",
    "sqlite3", "db", "dump", "har", "pcap", "pcapng", "log", "p8", "jceks", "bks", "keytab", "gpg",
    "pgp", "age", "agekey",
];

const DENIED_NAMES: &[&str] = &[
    ".npmrc",
    ".pypirc",
    ".netrc",
    "_netrc",
    ".git-credentials",
    ".dockercfg",
    "kubeconfig",
    ".htpasswd",
    ".pgpass",
    ".my.cnf",
    ".s3cfg",
    ".boto",
    ".vault_pass",
    ".vault_password",
    ".terraformrc",
    ".dockerconfigjson",
];

const DENIED_KEYS: &[&str] = &["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"];

const DENIED_FOLDERS: &[&str] = &[
    ".aws",
    ".ssh",
    ".gnupg",
    ".kube",
    ".azure",
    ".password-store",
];

const VENDORED_FOLDERS: &[&str] = &[
    "node_modules",
    "vendor",
    "vendored",
    "_vendor",
    "third_party",
    "third-party",
    "thirdparty",
    "bower_components",
    "site-packages",
    "pods",
    ".yarn",
];

/// Languages' own endings, for names that are only suspicious.
const SOURCE_EXTENSIONS: &[&str] = &[
    "rs", "py", "pyi", "js", "mjs", "cjs", "jsx", "ts", "tsx", "go", "java", "kt", "kts", "c", "h",
    "cc", "cpp", "cxx", "hpp", "cs", "rb", "php", "swift", "scala", "sh", "ex", "exs", "erl", "hs",
    "ml", "dart", "lua", "vue", "svelte", "md", "rst", "adoc", "html", "css", "scss", "tf",
];

const WEB_EXTENSIONS: &[&str] = &["js", "mjs", "cjs", "css", "map", "html", "ts", "json"];

const LOCK_FILES: &[&str] = &[
    "cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "deno.lock",
    "poetry.lock",
    "pdm.lock",
    "uv.lock",
    "pipfile.lock",
    "composer.lock",
    "gemfile.lock",
    "podfile.lock",
    "mix.lock",
    "pubspec.lock",
    "flake.lock",
    "go.sum",
    "go.work.sum",
    "gradle.lockfile",
    "packages.lock.json",
    "package.resolved",
];

const GENERATED_ENDINGS: &[&str] = &[".min.js", ".min.css", ".min.mjs", ".map", ".bundle.js"];

const BINARY_EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "bmp", "ico", "icns", "webp", "avif", "tif", "tiff", "psd", "pdf",
    "zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "war", "whl", "egg",
    "nupkg", "exe", "dll", "so", "dylib", "a", "o", "obj", "lib", "class", "pyc", "wasm", "node",
    "bin", "dat", "npy", "npz", "parquet", "pickle", "pkl", "h5", "onnx", "pt", "woff", "woff2",
    "ttf", "otf", "eot", "mp3", "mp4", "wav", "ogg", "flac", "mov", "avi", "webm", "mkv", "dcm",
    "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "lockb",
];

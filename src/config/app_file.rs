//! The file that holds an App which was registered from the setup page: `[github]`, as in any
//! configuration file, with the private key in it.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::config::show::quote;

/// Keys that the file may hold.
pub(super) const KEYS: [&str; 5] = [
    "github.api_url",
    "github.web_url",
    "github.app_id",
    "github.private_key",
    "github.webhook_secrets",
];

/// An App that was registered.
#[derive(Debug, Clone)]
pub struct RegisteredApp {
    /// Base address of the REST API.
    pub api_url: Url,
    /// Base address of the web pages.
    pub web_url: Url,
    /// Its id.
    pub app_id: u64,
    /// Its private key in PEM form.
    pub private_key: SecretString,
    /// What its webhooks are signed with.
    pub webhook_secret: SecretString,
}

/// Keeps `app` in the file at `path`, readable for its owner alone. The file is there whole or not at
/// all, and one that is there already is not replaced.
///
/// # Errors
/// What the system says, and [`io::ErrorKind::AlreadyExists`].
pub fn save_app(path: &Path, app: &RegisteredApp) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_private(&beside, &text(app)).and_then(|()| {
        // Unlike a rename, a link fails where something is already.
        std::fs::hard_link(&beside, path)?;
        sync_folder(path)
    });
    let removed = std::fs::remove_file(&beside);
    written.and(removed)
}

fn text(app: &RegisteredApp) -> String {
    let mut text = String::from(
        "# An App that was registered from the setup page of `planwright serve`. Keep it secret.\n\
         [github]\n",
    );
    let pem = app.private_key.expose_secret().trim().replace('\n', "\\n");
    let lines = [
        ("api_url", quote(app.api_url.as_str())),
        ("web_url", quote(app.web_url.as_str())),
        ("app_id", quote(&app.app_id.to_string())),
        ("private_key", format!("\"{pem}\\n\"")),
        (
            "webhook_secrets",
            format!("[{}]", quote(app.webhook_secret.expose_secret())),
        ),
    ];
    for (key, value) in lines {
        // Writing to a `String` cannot fail.
        writeln!(text, "{key} = {value}").unwrap_or_default();
    }
    text
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes the new name outlive a loss of power.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    File::open(folder)?.sync_all()
}

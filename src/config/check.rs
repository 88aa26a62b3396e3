//! What a service needs beyond settings that load: keys that can be read, and nothing half set.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::config::Loaded;
use crate::config::choices::ModelProvider;
use crate::config::lists;
use crate::config::problem::ConfigError;
use crate::config::problem::Origin;
use crate::config::problem::Problem;
use crate::config::problem::Severity;
use crate::config::settings::GitHub;
use crate::config::settings::ModelSettings;
use crate::config::values::PRIVATE_KEY_WANTED;
use crate::config::values::is_private_key;

/// Most bytes of a key file; an RSA key of 16384 bits has about 13,000.
const MAX_KEY_BYTES: u64 = 64 * 1024;

/// Fewest characters of a webhook secret that cannot be guessed soon.
const MIN_SECRET_LENGTH: usize = 16;

/// What is wrong for `serve` with settings that load, and what somebody should look at: an App or
/// the model half set, a private key that cannot be read or that others can read. Reads the keys.
pub fn check(loaded: &Loaded) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (section, app) in loaded.settings.apps() {
        let of = Of {
            loaded,
            section,
            app,
        };
        of.check_app(&mut problems);
        of.check_private_key(&mut problems);
    }
    check_app_file(loaded, &mut problems);
    check_models(loaded, &mut problems);
    problems
}

/// Fails when `serve` cannot run with these settings; returns the warnings otherwise. Without any App
/// it can, as long as one may be registered from its setup page.
pub fn check_for_serve(loaded: &Loaded) -> Result<Vec<Problem>, ConfigError> {
    let mut problems = check(loaded);
    let settings = &loaded.settings;
    let half = settings.apps().any(|(_, app)| has_app_parts(app));
    let has_none = settings.set_apps().next().is_none() && !half;
    if has_none && settings.setup.app_file.is_none() {
        let message = "`github.app_id` must be set: without a forge there is nothing to serve\n\
                       hint: with `setup.app_file`, `planwright serve` has a page that registers an \
                       App";
        problems.push(error(loaded, "github.app_id", message));
    } else if has_none {
        let message = "no GitHub App is set\nhint: `planwright serve` prints the address of a page \
                       that registers one; `planwright demo` shows the bot at work without one";
        problems.push(Problem::warning(Origin::Default, message));
    }
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        return Err(ConfigError::new(problems));
    }
    Ok(problems)
}

/// The private keys in PEM form of the App in `section`, from the settings or from a file; `None` when
/// neither is set. Fails when the file cannot be read or holds no private key.
pub fn load_private_key(
    loaded: &Loaded,
    section: &str,
    app: &GitHub,
) -> Result<Option<SecretString>, Problem> {
    if app.private_key.is_some() {
        return Ok(app.private_key.clone());
    }
    let Some(path) = &app.private_key_file else {
        return Ok(None);
    };
    let key = format!("{section}.private_key_file");
    let text = read_key(path).map_err(|why| {
        let message = format!("`{key}` cannot be read from `{}`: {why}", shown(path));
        error(loaded, &key, &message)
    })?;
    if is_private_key(&text) {
        return Ok(Some(SecretString::from(text)));
    }
    let message = format!("`{key}` must name {PRIVATE_KEY_WANTED}");
    Err(error(loaded, &key, &message))
}

/// Whether anything is set that only an App has.
fn has_app_parts(app: &GitHub) -> bool {
    app.private_key.is_some() || app.private_key_file.is_some() || !app.webhook_secrets.is_empty()
}

/// One App's section.
struct Of<'a> {
    loaded: &'a Loaded,
    section: String,
    app: &'a GitHub,
}

impl Of<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.section)
    }

    /// A problem of the key `name`; `{}` in the message stands for the section.
    fn error(&self, name: &str, message: &str) -> Problem {
        let message = message.replace("{}", &self.section);
        error(self.loaded, &self.key(name), &message)
    }

    fn check_app(&self, problems: &mut Vec<Problem>) {
        let app = self.app;
        let has_key = app.private_key.is_some() || app.private_key_file.is_some();
        let has_secret = !app.webhook_secrets.is_empty();
        let has_app = app.app_id.is_some();
        let is_entry = self.section != lists::APP;
        if app.private_key.is_some() && app.private_key_file.is_some() {
            let message = "`{}.private_key` and `{}.private_key_file` are both set\nhint: keep one \
                           of them; a text or file may hold several keys";
            problems.push(self.error("private_key", message));
        }
        if !has_app && (has_app_parts(app) || is_entry) {
            let message = "`{}.app_id` must be set, because other settings of the App are\nhint: it \
                           is at the top of the App's settings page";
            problems.push(self.error("app_id", message));
        }
        if has_app && !has_key {
            let message = "`{}.private_key_file` must be set, because `{}.app_id` is\nhint: make a \
                           private key at the bottom of the App's settings page";
            problems.push(self.error("private_key_file", message));
        }
        if has_app && !has_secret {
            let message = "`{}.webhook_secrets` must be set, because `{}.app_id` is\nhint: make a \
                           secret with `openssl rand -hex 32`, and put it here and into the App's \
                           settings page";
            problems.push(self.error("webhook_secrets", message));
        }
        let short = |secret: &SecretString| secret.expose_secret().len() < MIN_SECRET_LENGTH;
        if app.webhook_secrets.iter().any(short) {
            let key = self.key("webhook_secrets");
            let message = format!(
                "`{key}` holds a secret of less than {MIN_SECRET_LENGTH} characters, which can be \
                 guessed\nhint: make one with `openssl rand -hex 32`"
            );
            problems.push(Problem::warning(self.loaded.origin(&key), message));
        }
    }

    fn check_private_key(&self, problems: &mut Vec<Problem>) {
        if let Err(problem) = load_private_key(self.loaded, &self.section, self.app) {
            problems.push(problem);
            return;
        }
        let key = self.key("private_key_file");
        if let Some(path) = &self.app.private_key_file {
            problems.extend(find_open(self.loaded, &key, path));
        }
    }
}

/// The file of a registered App holds its private key.
fn check_app_file(loaded: &Loaded, problems: &mut Vec<Problem>) {
    let Some(path) = &loaded.settings.setup.app_file else {
        return;
    };
    let used = |origin: &Origin| matches!(origin, Origin::File { path: from, .. } if from == path);
    if loaded.origins().any(|(_, origin)| used(origin)) {
        problems.extend(find_open(loaded, "setup.app_file", path));
    }
}

/// A warning about a file with a private key that others can read.
fn find_open(loaded: &Loaded, key: &str, path: &Path) -> Option<Problem> {
    let mode = find_open_mode(path)?;
    let path = shown(path);
    let message = format!(
        "`{key}`: other users of this machine can read `{path}` (its mode is {mode:03o})\n\
         hint: chmod 600 {path}"
    );
    Some(Problem::warning(loaded.origin(key), message))
}

fn check_models(loaded: &Loaded, problems: &mut Vec<Problem>) {
    let settings = &loaded.settings;
    check_model(loaded, ("model", &settings.model), problems);
    check_model(
        loaded,
        ("fallback_model", &settings.fallback_model),
        problems,
    );
}

fn check_model(
    loaded: &Loaded,
    (section, model): (&str, &ModelSettings),
    problems: &mut Vec<Problem>,
) {
    let needs_key = match model.provider {
        ModelProvider::None | ModelProvider::Ollama => false,
        // Only the providers themselves are known to ask for a key.
        ModelProvider::Anthropic | ModelProvider::OpenAi | ModelProvider::Gemini => {
            model.base_url.is_none()
        }
    };
    if needs_key && model.api_key.is_none() {
        let key = format!("{section}.api_key");
        let message = format!(
            "`{key}` must be set for this provider\nhint: a variable keeps it out of files: \
             PLANWRIGHT_{}__API_KEY",
            section.to_uppercase()
        );
        problems.push(error(loaded, &key, &message));
    }
}

fn error(loaded: &Loaded, key: &str, message: &str) -> Problem {
    Problem::error(loaded.origin(key), message)
}

fn read_key(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MAX_KEY_BYTES)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().escape_debug().to_string()
}

/// The permission bits of the file, if users beside its owner have any.
#[cfg(unix)]
fn find_open_mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;

    let mode = path.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

/// Other systems have no such bits.
#[cfg(not(unix))]
fn find_open_mode(_path: &Path) -> Option<u32> {
    None
}

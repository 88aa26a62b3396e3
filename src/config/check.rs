//! What a service needs beyond settings that load: keys that can be read, and nothing half set.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::config::Loaded;
use crate::config::choices::ModelProvider;
use crate::config::problem::ConfigError;
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

/// What is wrong for `serve` with settings that load, and what somebody should look at: GitHub or
/// the model half set, a private key that cannot be read or that others can read. Reads the key.
pub fn check(loaded: &Loaded) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_github(loaded, &mut problems);
    check_private_key(loaded, &mut problems);
    check_models(loaded, &mut problems);
    problems
}

/// Fails when `serve` cannot run with these settings; returns the warnings otherwise.
pub fn check_for_serve(loaded: &Loaded) -> Result<Vec<Problem>, ConfigError> {
    let mut problems = check(loaded);
    let github = &loaded.settings.github;
    if github.app_id.is_none() && !has_app_parts(github) {
        let message = "`github.app_id` must be set: without a forge there is nothing to serve\n\
                       hint: `planwright demo` shows the bot at work without one";
        problems.push(error(loaded, "github.app_id", message));
    }
    if problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        return Err(ConfigError::new(problems));
    }
    Ok(problems)
}

/// The App's private key in PEM form, from the settings or from its file; `None` when neither is
/// set. Fails when the file cannot be read or holds no private key.
pub fn load_private_key(loaded: &Loaded) -> Result<Option<SecretString>, Problem> {
    let github = &loaded.settings.github;
    if github.private_key.is_some() {
        return Ok(github.private_key.clone());
    }
    let Some(path) = &github.private_key_file else {
        return Ok(None);
    };
    let key = "github.private_key_file";
    let text = read_key(path).map_err(|why| {
        let message = format!("`{key}` cannot be read from `{}`: {why}", shown(path));
        error(loaded, key, &message)
    })?;
    if is_private_key(&text) {
        return Ok(Some(SecretString::from(text)));
    }
    let message = format!("`{key}` must name {PRIVATE_KEY_WANTED}");
    Err(error(loaded, key, &message))
}

/// Whether anything is set that only an App has.
fn has_app_parts(github: &GitHub) -> bool {
    github.private_key.is_some()
        || github.private_key_file.is_some()
        || !github.webhook_secrets.is_empty()
}

fn check_github(loaded: &Loaded, problems: &mut Vec<Problem>) {
    let github = &loaded.settings.github;
    let has_key = github.private_key.is_some() || github.private_key_file.is_some();
    let has_secret = !github.webhook_secrets.is_empty();
    let has_app = github.app_id.is_some();
    if github.private_key.is_some() && github.private_key_file.is_some() {
        let message = "`github.private_key` and `github.private_key_file` are both set\nhint: \
                       keep one of them";
        problems.push(error(loaded, "github.private_key", message));
    }
    if !has_app && has_app_parts(github) {
        let message = "`github.app_id` must be set, because other settings of the App are\nhint: \
                       it is at the top of the App's settings page";
        problems.push(error(loaded, "github.app_id", message));
    }
    if has_app && !has_key {
        let message = "`github.private_key_file` must be set, because `github.app_id` is\nhint: \
                       make a private key at the bottom of the App's settings page";
        problems.push(error(loaded, "github.private_key_file", message));
    }
    if has_app && !has_secret {
        let message = "`github.webhook_secrets` must be set, because `github.app_id` is\nhint: \
                       make a secret with `openssl rand -hex 32`, and put it here and into the \
                       App's settings page";
        problems.push(error(loaded, "github.webhook_secrets", message));
    }
    let short = |secret: &SecretString| secret.expose_secret().len() < MIN_SECRET_LENGTH;
    if github.webhook_secrets.iter().any(short) {
        let message = format!(
            "`github.webhook_secrets` holds a secret of less than {MIN_SECRET_LENGTH} characters, \
             which can be guessed\nhint: make one with `openssl rand -hex 32`"
        );
        let origin = loaded.origin("github.webhook_secrets");
        problems.push(Problem::warning(origin, message));
    }
}

fn check_private_key(loaded: &Loaded, problems: &mut Vec<Problem>) {
    if let Err(problem) = load_private_key(loaded) {
        problems.push(problem);
        return;
    }
    let key = "github.private_key_file";
    let path = loaded.settings.github.private_key_file.as_deref();
    if let Some((path, mode)) = path.and_then(|path| Some((path, find_open_mode(path)?))) {
        let path = shown(path);
        let message = format!(
            "`{key}`: other users of this machine can read `{path}` (its mode is {mode:03o})\n\
             hint: chmod 600 {path}"
        );
        problems.push(Problem::warning(loaded.origin(key), message));
    }
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

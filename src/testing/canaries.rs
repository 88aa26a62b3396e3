//! Secrets that are planted, and the search for them in everything that left the process or was kept.

use std::io;
use std::sync::{Arc, Mutex};

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tracing::subscriber::DefaultGuard;

use crate::config::{Log, LogFormat};
use crate::redact::Redactor;
use crate::sandbox::world::RequestOrigin;
use crate::telemetry::redacting_subscriber;
use crate::testing::story::Story;

/// The key of the model, with signs that every encoding writes in its own way. The bot sends it to the model in
/// a header and nowhere else.
pub(crate) const MODEL_KEY: &str = "canary/model+key=8c1f0e77aa52";

/// A secret in a file of the repository, and one in the issue: of a known form, and of none.
pub(crate) const IN_FILE: &str = "ghp_cAnArY7rT2vB5nL8cW1dF4gH6sA0pYeUiO3x";
pub(crate) const PASSWORD: &str = "cAnArY-kT9vX2pLq8Zr4";
pub(crate) const IN_ISSUE: &str = "xoxb-123456789012-123456789012-cAnArY2vB5nL8cW1dF4gH6sA";

/// Bytes that somebody writes and a test reads.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    pub(crate) fn add(&self, bytes: &[u8]) {
        self.0.lock().unwrap().extend_from_slice(bytes);
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl io::Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes the log of this thread at its most verbose, as `serve` with [`MODEL_KEY`] would write it, until the
/// guard goes. A story must run on one thread for that.
pub(crate) fn take_log() -> (Seen, DefaultGuard) {
    let log = Seen::default();
    let writer = log.clone();
    let settings = Log {
        filter: "trace".to_owned(),
        format: LogFormat::Text,
    };
    let redactor = Redactor::for_logs(&[SecretString::from(MODEL_KEY)]);
    let subscriber = redacting_subscriber(&settings, (move || writer.clone(), false), redactor);
    let guard = tracing::subscriber::set_default(subscriber.unwrap());
    (log, guard)
}

/// A secret as it is, and as software writes it: backwards, in hexadecimal, in Base64 at each of its alignments,
/// percent-encoded, and escaped as in JSON once and twice.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        secret.chars().rev().collect(),
        hex::encode(secret),
        hex::encode_upper(secret),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    ];
    for shift in 0..3 {
        let shifted = format!("{}{secret}", "x".repeat(shift));
        for encoded in [STANDARD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            // The signs at the edges depend on the neighbours.
            let whole = encoded.trim_end_matches('=');
            let first = (shift * 8).div_ceil(6);
            let inner = whole.chars().skip(first).take(whole.len() - first - 2);
            forms.push(inner.collect());
        }
    }
    let once = json!(secret).to_string();
    let twice = json!(once).to_string();
    forms.push(once.trim_matches('"').to_owned());
    forms.push(twice.trim_matches(|c| matches!(c, '"' | '\\')).to_owned());
    forms.sort();
    forms.dedup();
    forms
}

/// Everything that left the process or was kept, by where it went. The cache of contents is no part of it: it
/// holds what repositories hold.
#[derive(Default)]
pub(crate) struct Traces(Vec<(&'static str, Vec<u8>)>);

impl Traces {
    /// Adds what went to a place.
    pub(crate) fn add(&mut self, place: &'static str, bytes: Vec<u8>) {
        self.0.push((place, bytes));
    }

    /// Adds what the bot of a story sent to the forge and wrote into its store.
    pub(crate) fn add_story(&mut self, story: &Story) {
        self.add("forge", sent_to_forge(story));
        self.add("store", story.saved_bytes());
    }

    /// Where one of `secrets` is, in any form, and in which.
    pub(crate) fn leaks<S: AsRef<str>>(&self, secrets: &[S]) -> Vec<(&'static str, String)> {
        let forms = secrets.iter().flat_map(|secret| forms(secret.as_ref()));
        let forms: Vec<String> = forms.collect();
        let search = AhoCorasick::new(&forms).unwrap();
        let mut leaks = Vec::new();
        for (place, bytes) in &self.0 {
            let hits = search.find_iter(bytes);
            leaks.extend(hits.map(|hit| (*place, forms[hit.pattern().as_usize()].clone())));
        }
        leaks.sort();
        leaks.dedup();
        leaks
    }
}

/// The secrets of the bot in a story: what it signs and checks with, and the model's key.
pub(crate) fn own_secrets(story: &Story) -> Vec<String> {
    let key = story.sandbox.private_key_pem();
    let lines = key.expose_secret().lines();
    let mut secrets: Vec<String> = lines
        .filter(|line| line.len() > 30 && !line.contains("-----"))
        .map(str::to_owned)
        .collect();
    secrets.push(story.sandbox.webhook_secret().expose_secret().to_owned());
    secrets.push(MODEL_KEY.to_owned());
    secrets
}

/// Every byte that the bot sent to the forge; what people do on its page is theirs.
fn sent_to_forge(story: &Story) -> Vec<u8> {
    let requests = story.sandbox.world().requests().into_iter();
    let ours = requests.filter(|request| request.origin != RequestOrigin::Person);
    ours.flat_map(|request| {
        [
            request.path.as_bytes(),
            request.query.as_bytes(),
            &request.body,
        ]
        .concat()
    })
    .collect()
}

//! Answers of a provider, recorded once and played again, without the provider.
//!
//! A cassette is a file with a line of JSON for each answer. What it is found by is a hash of the request
//! without what differs from run to run; of the request itself it keeps the fields by hash alone, and no
//! header, so that it holds neither a key nor anybody's code.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

/// Fewest hexadecimal digits in a row that are taken for an id, a commit or a code.
const ID_DIGITS: usize = 16;

/// What a cassette does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Mode {
    /// It passes it on to the provider at this address and keeps the answer.
    Record(Url),
    /// It gives the kept answer, or else the next that nobody asked for.
    Replay,
    /// It gives the kept answer, or else an error that names what differs.
    Strict,
}

/// One answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Take {
    key: String,
    path: String,
    /// Hashes of the request's fields, by JSON pointer.
    fields: BTreeMap<String, String>,
    status: u16,
    content_type: String,
    body: String,
}

struct Tape {
    mode: Mode,
    file: PathBuf,
    takes: VecDeque<Take>,
    misses: Vec<String>,
}

/// A provider's server with a cassette in it; it ends with the runtime of the test.
pub(crate) struct Cassette {
    tape: Arc<Mutex<Tape>>,
    address: Url,
}

impl Cassette {
    /// Serves what `file` holds, or fills it.
    pub(crate) async fn start(file: &Path, mode: Mode) -> Self {
        let kept = match mode {
            Mode::Record(_) => String::new(),
            Mode::Replay | Mode::Strict => std::fs::read_to_string(file).unwrap(),
        };
        let takes = kept.lines().map(|line| serde_json::from_str(line).unwrap());
        let tape = Arc::new(Mutex::new(Tape {
            mode,
            file: file.to_owned(),
            takes: takes.collect(),
            misses: Vec::new(),
        }));
        let router = Router::new().fallback(serve).with_state(Arc::clone(&tape));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            tape,
            address: Url::parse(&address).unwrap(),
        }
    }

    /// The base address of its API.
    pub(crate) fn address(&self) -> &Url {
        &self.address
    }

    /// What differed in requests that no answer was kept for.
    pub(crate) fn misses(&self) -> Vec<String> {
        self.tape.lock().unwrap().misses.clone()
    }

    /// How many answers nobody asked for; while recording, how many there are.
    pub(crate) fn takes(&self) -> usize {
        self.tape.lock().unwrap().takes.len()
    }
}

async fn serve(
    State(tape): State<Arc<Mutex<Tape>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let fields = fields_of(&request);
    let mode = tape.lock().unwrap().mode.clone();
    let take = match mode {
        Mode::Record(provider) => {
            let url = provider.join(&path).unwrap();
            let take = pass_on(url, headers, body, (path, fields)).await;
            tape.lock().unwrap().keep(&take);
            Some(take)
        }
        Mode::Replay => tape.lock().unwrap().find(&path, &fields, false),
        Mode::Strict => tape.lock().unwrap().find(&path, &fields, true),
    };
    let (status, kind, body) = match take {
        Some(take) => (take.status, take.content_type, take.body),
        None => (
            501,
            "text/plain".to_owned(),
            "no such answer on the cassette".to_owned(),
        ),
    };
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap()
}

async fn pass_on(
    url: Url,
    mut headers: HeaderMap,
    body: Bytes,
    (path, fields): (String, BTreeMap<String, String>),
) -> Take {
    for name in [
        header::HOST,
        header::CONTENT_LENGTH,
        header::ACCEPT_ENCODING,
    ] {
        headers.remove(name);
    }
    let client = reqwest::ClientBuilder::new().no_proxy().build().unwrap();
    let sent = client.post(url).headers(headers).body(body).send();
    let response = sent.await.unwrap();
    let kind = response.headers().get(header::CONTENT_TYPE);
    Take {
        key: key_of(&path, &fields),
        path,
        fields,
        status: response.status().as_u16(),
        content_type: kind.map_or_else(String::new, |kind| kind.to_str().unwrap().to_owned()),
        body: response.text().await.unwrap(),
    }
}

impl Tape {
    /// Writes an answer behind the others.
    fn keep(&mut self, take: &Take) {
        self.takes.push_back(take.clone());
        let lines = self
            .takes
            .iter()
            .map(|take| serde_json::to_string(take).unwrap() + "\n");
        std::fs::write(&self.file, lines.collect::<String>()).unwrap();
    }

    /// Takes the answer to a request off the tape. A miss is noted.
    fn find(
        &mut self,
        path: &str,
        fields: &BTreeMap<String, String>,
        strict: bool,
    ) -> Option<Take> {
        let key = key_of(path, fields);
        if let Some(position) = self.takes.iter().position(|take| take.key == key) {
            return self.takes.remove(position);
        }
        let difference = match self.takes.front() {
            Some(next) if next.path != path => {
                format!("asked at `{path}` instead of `{}`", next.path)
            }
            Some(next) => first_difference(&next.fields, fields),
            None => "nothing is left on the cassette".to_owned(),
        };
        self.misses.push(difference);
        if strict { None } else { self.takes.pop_front() }
    }
}

fn first_difference(kept: &BTreeMap<String, String>, asked: &BTreeMap<String, String>) -> String {
    let mut pointers: Vec<&String> = kept.keys().chain(asked.keys()).collect();
    pointers.sort();
    let differing = pointers
        .into_iter()
        .find(|pointer| kept.get(*pointer) != asked.get(*pointer));
    differing.map_or_else(
        || "another answer is kept twice".to_owned(),
        |pointer| format!("`{pointer}` differs"),
    )
}

fn key_of(path: &str, fields: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    hash.update(path);
    for (pointer, value) in fields {
        hash.update(format!("\n{pointer} {value}"));
    }
    hex::encode(hash.finalize())
}

/// The scalar fields of a request by JSON pointer, each as the hash of what does not differ from run to
/// run.
fn fields_of(request: &Value) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    add_fields(request, "", &mut fields);
    fields
}

fn add_fields(value: &Value, at: &str, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                add_fields(item, &format!("{at}/{i}"), fields);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                add_fields(member, &format!("{at}/{name}"), fields);
            }
        }
        scalar => {
            let steady = steady(&scalar.to_string());
            fields.insert(at.to_owned(), hex::encode(Sha256::digest(steady)));
        }
    }
}

/// A text with everything that looks like an id, a commit or a code replaced by `#`.
fn steady(text: &str) -> String {
    let mut steady = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        if run.len() < ID_DIGITS {
            steady.push_str(&run);
        } else {
            steady.push('#');
        }
        run.clear();
        steady.push(c);
    }
    steady
}

#[cfg(test)]
mod tests;

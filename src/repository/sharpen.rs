//! Exact definitions and uses for the files that matter to a request: syntax trees take the line
//! scanner's place there, made once per blob.

use std::sync::Arc;

use crate::repository::cache::{Key, Kind, Shelf};
use crate::repository::index::Index;
use crate::repository::syntax::{Grammar, ParseJob, Parsed, Parsers, SYNTAX_VERSION};

/// Files of one request that are parsed; the ranking hardly ever looks for symbols behind them.
pub const SHARPENED: usize = 40;

/// A file to be parsed.
struct Wanted {
    file: usize,
    key: Key,
    job: ParseJob,
}

/// Gives `files` of `index` the definitions that their syntax trees hold. Files whose language has
/// no grammar here, or whose text broke the parser before, keep what the scanner found.
pub async fn sharpen(index: &Index, files: &[usize], parsers: &Parsers, shelf: &Shelf) {
    let mut unknown = Vec::new();
    for wanted in files.iter().filter_map(|file| wanted(index, *file)) {
        let known = shelf.get(&wanted.key);
        match known.and_then(|bytes| Parsed::decode(&bytes)) {
            Some(parsed) => take(index, wanted.file, parsed),
            None => unknown.push(wanted),
        }
    }
    if unknown.is_empty() {
        return;
    }
    let jobs = unknown.iter().map(|wanted| wanted.job.clone());
    let parsed = parsers.parse(jobs.collect()).await;
    for (wanted, parsed) in unknown.iter().zip(parsed) {
        let is_lasting = match &parsed {
            Parsed::Done(_) => true,
            Parsed::Broken(breakage) => breakage.is_lasting(),
        };
        if is_lasting {
            shelf.put(wanted.key, &parsed.encode());
        }
        take(index, wanted.file, parsed);
    }
    let shelf = shelf.clone();
    // What cannot be kept is parsed again; `Shelf::trouble` says so.
    tokio::task::spawn_blocking(move || shelf.keep()).await.ok();
}

fn wanted(index: &Index, file: usize) -> Option<Wanted> {
    let entry = index.snapshot().files.get(file)?;
    let grammar = Grammar::of(&entry.path)?;
    let analyser = format!("{grammar:?} {SYNTAX_VERSION}");
    Some(Wanted {
        file,
        key: Key::derived(Kind::Syntax, &entry.blob, &analyser),
        job: ParseJob {
            grammar,
            text: Arc::from(entry.text.as_deref()?),
        },
    })
}

fn take(index: &Index, file: usize, parsed: Parsed) {
    if let Parsed::Done(mut syntax) = parsed {
        syntax.complete(index.definitions(file).to_vec());
        index.sharpen(file, syntax);
    }
}

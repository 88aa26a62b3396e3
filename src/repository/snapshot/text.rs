//! What the bytes of a file are: text to be read, or why not.

use super::filter::Reason;

/// The text of a file, or why it is none. Only the bytes decide, so that the verdict holds wherever
/// they appear.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, Reason> {
    if bytes.starts_with(b"version https://git-lfs.github.com/spec/") && bytes.len() < 1024 {
        return Err(Reason::Lfs);
    }
    if bytes.iter().take(BINARY_PROBE).any(|byte| *byte == 0) {
        return Err(Reason::Binary);
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if is_secret_alone(&text) {
        return Err(Reason::Denied);
    }
    if is_sops_file(&text) {
        return Err(Reason::Denied);
    }
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    if replaced * MOSTLY_TEXT > text.len() {
        return Err(Reason::Binary);
    }
    Ok(text)
}

/// Bytes searched for a NUL; git looks at as many.
const BINARY_PROBE: usize = 8 * 1024;

/// One undecodable byte in eight makes a file binary; Latin-1 prose has fewer.
const MOSTLY_TEXT: usize = 8;

/// What keys and encrypted stores begin with, whatever their file is called.
const SECRET_MARKS: &[&str] = &[
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----",
    "-----BEGIN DSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
    "PuTTY-User-Key-File-",
    "AGE-SECRET-KEY-1",
    "age-encryption.org/v1",
    "-----BEGIN AGE ENCRYPTED FILE-----",
    "$ANSIBLE_VAULT;",
];

/// Whether a file begins with a key, or a store of them: code that merely names a mark is no key
/// file. Certificates before the key, and the comments that age writes above it, are passed over.
fn is_secret_alone(text: &str) -> bool {
    let start = text.trim_start();
    let begins = |text: &str| SECRET_MARKS.iter().any(|mark| text.starts_with(mark));
    let in_armour = start.starts_with("-----BEGIN ") && start.lines().any(begins);
    let first = start.lines().find(|line| !line.starts_with('#'));
    in_armour || begins(start) || first.is_some_and(begins)
}

/// What every value of a file that sops encrypted begins with.
const SOPS_VALUE: &str = "ENC[AES256_GCM,data:";

/// Whether sops encrypted the file: its values and its own section are there.
fn is_sops_file(text: &str) -> bool {
    let sections = ["sops:", "\"sops\":", "[sops]", "sops_version="];
    text.contains(SOPS_VALUE)
        && text.lines().any(|line| {
            let line = line.trim_start();
            sections.iter().any(|section| line.starts_with(section))
        })
}

/// Lines in which tools say that they wrote a file.
const HEAD_LINES: usize = 40;

/// Bytes of them.
const HEAD_BYTES: usize = 4096;

/// What a comment may begin with.
const COMMENT_SIGNS: &[char] = &[
    '/', '*', '#', ';', '-', '<', '!', '"', '\'', '%', '(', ' ', '\t',
];

/// Whether tools wrote `text`: it says so itself, or nobody could read it.
pub(super) fn is_generated(text: &str) -> bool {
    says_generated(text) || is_minified(text)
}

/// Whether a comment at the head of a file says that a tool wrote it, in one of the ways that other
/// tools go by: `@generated` by itself, or Go's and protobuf's sentence.
fn says_generated(text: &str) -> bool {
    let head = text
        .get(..text.floor_char_boundary(HEAD_BYTES))
        .unwrap_or(text);
    head.lines().take(HEAD_LINES).any(|line| {
        let words = line.trim_start_matches(COMMENT_SIGNS);
        if words.len() == line.len() {
            return false;
        }
        let upper = line.to_ascii_uppercase();
        words.split_whitespace().next() == Some("@generated")
            || upper.contains("DO NOT EDIT") && upper.contains("GENERATED")
    })
}

/// Lines of this length on average are no person's.
const UNREADABLE_LINE_BYTES: usize = 1000;

/// Shorter texts may well be a few long lines.
const SHORTEST_MINIFIED_BYTES: usize = 10_000;

fn is_minified(text: &str) -> bool {
    let is_long = text.len() > SHORTEST_MINIFIED_BYTES;
    is_long
        && text.bytes().filter(|byte| *byte == b'\n').count() < text.len() / UNREADABLE_LINE_BYTES
}

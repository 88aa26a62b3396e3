//! Texts of the configuration become values here, or a sentence that says what they must be.
//!
//! A message starts with `must`, so that the key can stand before it, and never holds a secret.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::config::address;
use crate::domain::thread::Role;

/// Most characters of a wrong value that a message repeats.
const SHOWN_CHARACTERS: usize = 80;

/// GitHub's and GitLab's own limit for the name of a label, the larger of the two.
const LABEL_CHARACTERS: usize = 255;

/// Most letters of a word that a provider knows.
const MAX_WORD: usize = 40;

/// Most digits of a price before and behind its point.
const PRICE_DIGITS: usize = 6;

/// An address and port to listen on.
pub(super) fn listener<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    parsed(from, |text| {
        text.parse().map_err(|_| {
            format!(
                "must be an IP address and a port, not {}\nhint: such as `127.0.0.1:8080`, or \
                 `0.0.0.0:8080` for all addresses of this machine",
                shown(text)
            )
        })
    })
}

/// A number of seconds.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    u64::deserialize(from).map(Duration::from_secs)
}

/// The base address of a service.
pub(super) fn url<'de, D: Deserializer<'de>>(from: D) -> Result<Url, D::Error> {
    parsed(from, parse_url)
}

/// The base address of a service; empty for none.
pub(super) fn optional_url<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    optional(from, parse_url)
}

/// A path; empty for none.
pub(super) fn optional_path<'de, D>(from: D) -> Result<Option<PathBuf>, D::Error>
where
    D: Deserializer<'de>,
{
    optional(from, |text| match text.contains('\0') {
        true => Err("must be a path".to_owned()),
        false => Ok(PathBuf::from(text)),
    })
}

/// A secret that is sent in a header; empty for none.
pub(super) fn optional_token<'de, D>(from: D) -> Result<Option<SecretString>, D::Error>
where
    D: Deserializer<'de>,
{
    optional(from, |text| {
        match text.bytes().all(|byte| byte.is_ascii_graphic()) {
            true => Ok(SecretString::from(text)),
            false => Err(
                "must have only letters, digits and signs, without spaces or line ends".to_owned(),
            ),
        }
    })
}

/// The private key of an App; empty for none.
pub(super) fn optional_pem<'de, D>(from: D) -> Result<Option<SecretString>, D::Error>
where
    D: Deserializer<'de>,
{
    optional(from, |text| {
        let pem = text.replace("\\n", "\n");
        match is_private_key(&pem) {
            true => Ok(SecretString::from(pem)),
            false => Err(format!("must be {PRIVATE_KEY_WANTED}")),
        }
    })
}

/// What a private key looks like, for messages.
pub(super) const PRIVATE_KEY_WANTED: &str = "a private key in PEM form, from `-----BEGIN … PRIVATE \
     KEY-----` to `-----END … PRIVATE KEY-----`\nhint: use the .pem file that the App's settings \
     page gave you when its key was made";

/// Whether `pem` has the first and last line of a private key.
pub(super) fn is_private_key(pem: &str) -> bool {
    let pem = pem.trim();
    let armour = |line: Option<&str>, start: &str| {
        line.is_some_and(|line| line.starts_with(start) && line.ends_with("PRIVATE KEY-----"))
    };
    armour(pem.lines().next(), "-----BEGIN ") && armour(pem.lines().next_back(), "-----END ")
}

/// Secrets, none of them empty.
pub(super) fn secrets<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SecretString>, D::Error> {
    each(from, |text| {
        if text.is_empty() {
            return Err(
                "must not hold an empty secret: anybody could sign with it\nhint: make one with \
                 `openssl rand -hex 32`"
                    .to_owned(),
            );
        }
        if text.trim() != text {
            return Err("must not hold a secret that starts or ends with a space".to_owned());
        }
        Ok(SecretString::from(text))
    })
}

/// The id or client id of an App; empty for none.
pub(super) fn optional_app_id<'de, D>(from: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    optional(from, |text| {
        let fine = text.len() <= 64
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        match fine {
            true => Ok(text.to_owned()),
            false => Err(format!(
                "must be the App's id or client id, not {}\nhint: both are at the top of the App's \
                 settings page, such as `123456` or `Iv23liABCDEF`",
                shown(text)
            )),
        }
    })
}

/// Names of labels.
pub(super) fn labels<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each(from, |text| {
        let fine = !text.is_empty()
            && text.trim() == text
            && text.chars().count() <= LABEL_CHARACTERS
            && !text.contains(char::is_control);
        match fine {
            true => Ok(text.to_owned()),
            false => Err(format!(
                "must hold names of labels as the forge spells them, not {}",
                shown(text)
            )),
        }
    })
}

/// Names that the bot is called by.
pub(super) fn bot_names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each(from, |text| {
        let fine = !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        match fine {
            true => Ok(text.to_owned()),
            false => Err(format!(
                "must hold names of letters, digits, `-`, `_` and `.`, not {}\nhint: leave out the \
                 `@` and a `[bot]` at the end",
                shown(text)
            )),
        }
    })
}

/// Hosts, in lower case.
pub(super) fn hosts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each(from, |text| {
        let host = url::Host::parse(text).map(|host| host.to_string());
        match host {
            Ok(host) if !text.is_empty() => Ok(host),
            _ => Err(format!(
                "must hold host names or IP addresses, not {}\nhint: leave out `http://`, the port \
                 and the path; write an IPv6 address in brackets",
                shown(text)
            )),
        }
    })
}

/// Regular expressions.
pub(super) fn patterns<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    each(from, |text| match regex::Regex::new(text) {
        Ok(pattern) if !pattern.is_match("") => Ok(text.to_owned()),
        Ok(_) => Err(format!(
            "must not hold {}, which fits every value",
            shown(text)
        )),
        Err(error) => Err(format!(
            "must hold regular expressions, not {}: {}",
            shown(text),
            error
                .to_string()
                .lines()
                .next_back()
                .unwrap_or_default()
                .trim_start_matches("error: ")
        )),
    })
}

/// A role that may ask.
pub(super) fn role<'de, D: Deserializer<'de>>(from: D) -> Result<Role, D::Error> {
    parsed(from, |text| match Role::find(text) {
        Some(role) if role != Role::None => Ok(role),
        _ => Err(format!(
            "must be `read`, `triage`, `write`, `maintain` or `admin`, not {}",
            shown(text)
        )),
    })
}

/// A word of letters, digits and few signs; empty for none.
pub(super) fn optional_word<'de, D>(from: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    optional(from, |text| {
        let fine = text.len() <= MAX_WORD
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        match fine {
            true => Ok(text.to_owned()),
            false => Err(format!(
                "must be a word of letters, digits, `-`, `_` and `.`, not {}",
                shown(text)
            )),
        }
    })
}

/// A number of which 0 means none.
pub(super) fn optional_count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    u32::deserialize(from).map(|number| (number > 0).then_some(number))
}

/// An amount of money such as `0.25`, in millionths; empty for none. It is a text, because numbers with
/// a fraction are not exact.
pub(super) fn optional_price<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    optional(from, |text| {
        parse_millionths(text).ok_or_else(|| {
            format!(
                "must be an amount with at most {PRICE_DIGITS} digits behind the point, not \
                 {}\nhint: such as \"3\" or \"0.25\", for a million tokens",
                shown(text)
            )
        })
    })
}

fn parse_millionths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| {
        (1..=PRICE_DIGITS).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(whole) || !is_number(part) {
        return None;
    }
    let part = format!("{part:0<PRICE_DIGITS$}");
    Some(whole.parse::<u64>().ok()? * 1_000_000 + part.parse::<u64>().ok()?)
}

/// The name of a currency.
pub(super) fn currency<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    parsed(from, |text| {
        let fine = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        match fine {
            true => Ok(text.to_owned()),
            false => Err(format!(
                "must be three capital letters such as `USD`, not {}",
                shown(text)
            )),
        }
    })
}

/// Directives for the log.
pub(super) fn log_filter<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    parsed(from, |text| match EnvFilter::try_new(text) {
        Ok(_) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => Err(format!(
            "must be `error`, `warn`, `info`, `debug`, `trace`, or directives, not {}\nhint: such \
             as `info,planwright::worker=debug`",
            shown(text)
        )),
    })
}

/// `text` in backticks, shortened, on one line.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let start: String = text.chars().take(SHOWN_CHARACTERS).collect();
    let rest = if start.len() < text.len() { "…" } else { "" };
    format!("`{}{rest}`", start.escape_debug())
}

fn parse_url(text: &str) -> Result<Url, String> {
    let wanted = "must be an address such as `https://github.example.com`";
    // What is wrong with it is said without the address itself: it may hold a password.
    let url = Url::parse(text).map_err(|error| format!("{wanted}: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{wanted}: only https and http are spoken"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "{wanted}: it must not hold a user name or password"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("{wanted}: it must not hold `?` or `#`"));
    }
    if address::is_forbidden_host(&url) {
        return Err(
            "must not lead to a link-local or cloud metadata address, where machines keep their \
             credentials"
                .to_owned(),
        );
    }
    Ok(url)
}

fn parsed<'de, D, T>(from: D, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    parse(&String::deserialize(from)?).map_err(Error::custom)
}

fn optional<'de, D, T>(
    from: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
{
    parsed(from, |text| match text.is_empty() {
        true => Ok(None),
        false => parse(text).map(Some),
    })
}

fn each<'de, D, T>(from: D, parse: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
{
    let texts = Vec::<String>::deserialize(from)?;
    texts
        .iter()
        .map(|text| parse(text).map_err(Error::custom))
        .collect()
}

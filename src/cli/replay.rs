//! `planwright replay`: a recorded delivery, taken in as if the forge had sent it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local;
use crate::cli::printer::Printer;
use crate::cli::recorded::Recorded;
use crate::config::Settings;
use crate::forge::github::webhook;
use crate::service::intake::Outcome;
use crate::telemetry::Metrics;

/// Take in a recorded delivery of GitHub as if it had just been sent, without its signature: whoever
/// may run this program may say what happened. A running `serve` on the same store does the work.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  planwright replay delivery.json --event issue_comment\n\nThe file holds the payload alone, or an object with `event` (or `name`, or `headers`) and `payload`\n(or `body`), as recorders of webhooks write it. Exit status 1 when the delivery asks nothing of us."
)]
pub(super) struct ReplayArguments {
    /// File with the delivery; `-` reads standard input
    #[arg(value_name = "FILE", id = "recording")]
    recording: PathBuf,
    /// The event's name, as in the header `X-GitHub-Event`; needed when the file does not tell it
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// The delivery's id; without one, and when the file does not tell it, the same payload counts as
    /// the same delivery
    #[arg(long, value_name = "ID")]
    delivery: Option<String>,
    /// The host of the web pages of the GitHub that sent it; needed when several are configured
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// What recorders write around a payload.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    #[serde(alias = "name")]
    event: Option<String>,
    #[serde(alias = "guid", alias = "delivery_id")]
    id: Option<serde_json::Value>,
    headers: std::collections::BTreeMap<String, serde_json::Value>,
    #[serde(alias = "body")]
    payload: Option<Box<RawValue>>,
}

pub(super) async fn run(
    arguments: ReplayArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let text = local::read_text(&arguments.recording)?;
    let recorded = read(&text, arguments.event, arguments.delivery)?;
    let loaded = super::config::load(&arguments.config)?;
    let host = host(&loaded.settings, arguments.host.as_deref())?;
    let (headers, verified) = recorded.verified()?;
    let event = webhook::parse(&verified, &headers, &host)
        .map_err(|error| Failure::usage(error, "the delivery cannot be understood"))?;
    let store = compose::open_store(&loaded.settings).await?;
    let redactor = compose::redactor(&loaded)?;
    let metrics = Arc::new(Metrics::new());
    let intake = compose::intake(&loaded.settings, &store, &metrics, &redactor);
    let key = webhook::delivery_key(&verified, &headers, &host);
    let verdict = intake.judge(event);
    let saved = intake.save(verdict, key, compose::now()).await;
    let outcome =
        saved.map_err(|error| Failure::environment(error, "the delivery was not saved"))?;
    store.close().await;
    match outcome {
        Outcome::Queued => printer.data("queued")?,
        Outcome::Followed => printer.data("heeded")?,
        Outcome::Duplicate => printer.data("known already")?,
        Outcome::Ignored(why) => {
            printer.data(&format!("nothing to do: {why}"))?;
            return Ok(ExitCode::from(1));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The host of the GitHub that is meant: the only one, or the one that was named.
fn host(settings: &Settings, named: Option<&str>) -> Result<String, Failure> {
    let apps: Vec<_> = settings.set_apps().collect();
    let apps = if apps.is_empty() {
        settings.apps().take(1).collect()
    } else {
        apps
    };
    let mut hosts = apps
        .iter()
        .map(|(_, app)| Ok(compose::github::origins(app)?.host()))
        .collect::<Result<Vec<_>, Failure>>()?;
    hosts.dedup();
    let known = hosts.join("`, `");
    match named {
        Some(named) if hosts.iter().any(|host| host == named) => Ok(named.to_owned()),
        Some(named) => {
            let message = format!("`--host {}` is not configured", named.escape_debug());
            Err(Failure::wrong(message).hint(format!("configured: `{known}`")))
        }
        None if hosts.len() > 1 => {
            let message = "`--host` is needed, because several hosts are configured";
            Err(Failure::wrong(message).hint(format!("one of `{known}`")))
        }
        None => Ok(hosts.pop().unwrap_or_default()),
    }
}

/// Finds event, id and body in what was recorded; the arguments count more.
fn read(text: &str, event: Option<String>, delivery: Option<String>) -> Result<Recorded, Failure> {
    let envelope: Envelope = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str::<serde_json::Value>(text).map(|_| Envelope::default()))
        .map_err(|error| Failure::usage(error, "the file is not JSON"))?;
    let header = |name: &str| {
        let mut headers = envelope.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .and_then(|(_, value)| value.as_str())
            .map(str::to_owned)
    };
    let told = envelope.payload.as_ref().map(|payload| payload.get());
    // Some recorders keep the payload as one string.
    let body = match told.map(serde_json::from_str::<String>) {
        Some(Ok(inner)) => inner,
        Some(Err(_)) => told.unwrap_or(text).to_owned(),
        None => text.to_owned(),
    };
    let named = header("x-github-event").or(match told {
        Some(_) => envelope.event,
        None => None,
    });
    let id = match envelope.id {
        Some(serde_json::Value::String(id)) if told.is_some() => Some(id),
        Some(serde_json::Value::Number(id)) if told.is_some() => Some(id.to_string()),
        _ => None,
    };
    let event = event.or(named).ok_or_else(|| {
        Failure::wrong("the file does not tell which event it is")
            .hint("name it with `--event`, such as `--event issue_comment`")
    })?;
    Ok(Recorded {
        event,
        delivery: delivery.or_else(|| header("x-github-delivery")).or(id),
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str, event: Option<&str>) -> Recorded {
        read(text, event.map(str::to_owned), None).unwrap()
    }

    #[test]
    fn a_bare_payload_needs_its_events_name() {
        let text = r#"{"action":"created","comment":{"id":1}}"#;
        let expected = Recorded {
            event: "issue_comment".to_owned(),
            delivery: None,
            body: text.to_owned(),
        };
        assert_eq!(recorded(text, Some("issue_comment")), expected);
        let error = read(text, None, None).unwrap_err().to_string();
        insta::assert_snapshot!(error, @r"
        error: the file does not tell which event it is
        hint: name it with `--event`, such as `--event issue_comment`
        ");
    }

    #[test]
    fn a_recorders_envelope_tells_event_id_and_payload() {
        let payload = r#"{"action": "created"}"#;
        let texts = [
            format!(r#"{{"event":"issues","payload":{payload},"id":"7"}}"#),
            format!(r#"{{"name":"issues","id":7,"payload":{payload}}}"#),
            format!(
                r#"{{"headers":{{"X-GitHub-Event":"issues","X-GitHub-Delivery":"7"}},"body":{payload}}}"#
            ),
            format!(
                r#"{{"headers":{{"x-github-event":"issues","x-github-delivery":"7"}},"body":{}}}"#,
                serde_json::to_string(payload).unwrap()
            ),
        ];
        for text in texts {
            let expected = Recorded {
                event: "issues".to_owned(),
                delivery: Some("7".to_owned()),
                body: payload.to_owned(),
            };
            assert_eq!(recorded(&text, None), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let error = read("{\"a\":", Some("issues".to_owned()), None).unwrap_err();
        assert!(
            error.to_string().contains("the file is not JSON"),
            "{error}"
        );
    }
}

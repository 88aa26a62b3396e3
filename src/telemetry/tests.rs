use std::io;
use std::sync::Arc;
use std::sync::Mutex;

use insta::assert_snapshot;

use super::Metrics;
use super::logs::redacting_subscriber;
use super::logs::subscriber;
use crate::config::{Log, LogFormat};
use crate::redact::Redactor;

/// A writer whose text can be read afterwards.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written when `report` runs under these settings.
fn written(filter: &str, format: LogFormat, report: impl FnOnce()) -> String {
    let captured = Captured::default();
    let writer = captured.clone();
    let log = Log {
        filter: filter.to_owned(),
        format,
    };
    let subscriber = subscriber(&log, move || writer.clone(), false).unwrap();
    tracing::subscriber::with_default(subscriber, report);
    let bytes = captured.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn filter_decides_what_is_written() {
    let text = written("info", LogFormat::Text, || {
        tracing::info!(repository = "o/r", "kept");
        tracing::debug!("dropped");
    });
    let (_, event) = text.split_once("INFO ").unwrap();
    assert_eq!(
        event,
        "planwright::telemetry::tests: kept repository=\"o/r\"\n"
    );
}

#[test]
fn json_has_one_object_a_line_with_fields_at_the_top() {
    let text = written("warn", LogFormat::Json, || {
        tracing::warn!(job.id = 7, "first\nline");
        tracing::error!("second");
    });
    let events: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["message"], "first\nline");
    assert_eq!(events[0]["job.id"], 7);
    assert_eq!(events[1]["level"], "ERROR");
}

#[test]
fn hostile_text_cannot_steer_the_terminal() {
    let text = written("info", LogFormat::Text, || {
        tracing::info!(title = "\u{1b}[2Jwiped", "seen {}", "\u{1b}]0;owned\u{7}");
    });
    assert!(!text.contains('\u{1b}'), "{text:?}");
    assert!(text.contains("wiped"), "{text:?}");
}

#[test]
fn broken_filter_is_an_error() {
    let log = Log {
        filter: "info,==".to_owned(),
        format: LogFormat::Text,
    };
    assert!(subscriber(&log, io::sink, false).is_err());
}

#[test]
fn metrics_are_encoded_as_counted() {
    let metrics = Metrics::new();
    metrics.delivery("queued");
    metrics.delivery("queued");
    metrics.job("published");
    metrics.set_jobs("ready", 3);
    metrics.set_jobs("ready", 2);
    metrics.model_usage(1, 1000, 200);
    metrics.model_usage(1, 1, 2);

    let text = metrics.encode();
    // Metrics that differ in a label come in no certain order.
    let mut samples: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    samples.sort_unstable();
    assert_snapshot!(samples.join("\n"), @r#"
    planwright_deliveries_total{outcome="queued"} 2
    planwright_job_settlements_total{settlement="published"} 1
    planwright_jobs{state="ready"} 2
    planwright_model_calls_total 2
    planwright_model_tokens_total{direction="input"} 1001
    planwright_model_tokens_total{direction="output"} 202
    "#);
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn no_secret_reaches_the_log() {
    let captured = Captured::default();
    let writer = captured.clone();
    let own = secrecy::SecretString::from("own-canary-4711-value");
    for format in [LogFormat::Text, LogFormat::Json] {
        let log = Log {
            filter: "info".to_owned(),
            format,
        };
        let writer = writer.clone();
        let redactor = Redactor::for_logs(std::slice::from_ref(&own));
        let subscriber =
            redacting_subscriber(&log, (move || writer.clone(), false), redactor).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(
                url = "https://x.test/?t=own-canary-4711-value",
                "at\nghp_k3Jx9QmZ7rT2vB5nL8cW1dF4gH6sA0pYeUiO"
            );
        });
    }
    let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(
        !text.contains("own-canary") && !text.contains("ghp_"),
        "{text}"
    );
    assert_eq!(text.matches("[redacted:own-secret]").count(), 2);
    assert_eq!(text.matches("[redacted:github-token]").count(), 2);
}

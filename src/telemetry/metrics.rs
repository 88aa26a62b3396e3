//! Numbers for Prometheus.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// One label whose values are words of ours, so that their number is bounded.
type Label = [(&'static str, &'static str); 1];

/// All numbers that are counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    deliveries: Family<Label, Counter>,
    settlements: Family<Label, Counter>,
    jobs: Family<Label, Gauge>,
    model_calls: Counter,
    model_tokens: Family<Label, Counter>,
}

impl Metrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("planwright"),
            deliveries: Family::default(),
            settlements: Family::default(),
            jobs: Family::default(),
            model_calls: Counter::default(),
            model_tokens: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "deliveries",
            "Webhook deliveries by outcome",
            metrics.deliveries.clone(),
        );
        registry.register(
            "job_settlements",
            "Ends of attempts at jobs by kind",
            metrics.settlements.clone(),
        );
        registry.register("jobs", "Jobs in the store by state", metrics.jobs.clone());
        registry.register(
            "model_calls",
            "Calls to the model",
            metrics.model_calls.clone(),
        );
        registry.register(
            "model_tokens",
            "Tokens of the model by direction",
            metrics.model_tokens.clone(),
        );
        metrics
    }

    /// Counts a webhook delivery.
    pub fn delivery(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// Counts the end of an attempt at a job.
    pub fn job(&self, settlement: &'static str) {
        self.settlements
            .get_or_create(&[("settlement", settlement)])
            .inc();
    }

    /// Notes how many jobs are in `state` now.
    pub fn set_jobs(&self, state: &'static str, count: u64) {
        self.jobs
            .get_or_create(&[("state", state)])
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Counts the calls to the model that one attempt made, with the tokens sent and received.
    pub fn model_usage(&self, calls: u64, input: u64, output: u64) {
        self.model_calls.inc_by(calls);
        self.model_tokens
            .get_or_create(&[("direction", "input")])
            .inc_by(input);
        self.model_tokens
            .get_or_create(&[("direction", "output")])
            .inc_by(output);
    }

    /// Everything in the text format of `OpenMetrics`; its media type is
    /// `application/openmetrics-text; version=1.0.0; charset=utf-8`.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing to a `String` cannot fail.
        encode(&mut text, &self.registry).unwrap_or_default();
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

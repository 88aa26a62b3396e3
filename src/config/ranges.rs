//! How large and how small each number may be.

use std::ops::RangeInclusive;

const MIB: i64 = 1024 * 1024;
const GIB: i64 = 1024 * MIB;

/// Every key that takes a number, with what it may be; `config.example.toml` says the same.
pub(super) const RANGES: [(&str, RangeInclusive<i64>); 38] = [
    ("server.max_body_bytes", 1024..=100 * MIB),
    ("server.max_in_flight_bytes", 1024..=4 * GIB),
    ("server.body_timeout_seconds", 1..=300),
    ("store.retention_days", 1..=3650),
    ("cache.max_bytes", MIB..=1024 * GIB),
    ("github.sweep_minutes", 0..=1440),
    ("model.max_output_tokens", 256..=1_000_000),
    ("model.context_tokens", 0..=100_000_000),
    ("model.timeout_seconds", 1..=3600),
    ("model.idle_timeout_seconds", 1..=3600),
    ("fallback_model.max_output_tokens", 256..=1_000_000),
    ("fallback_model.context_tokens", 0..=100_000_000),
    ("fallback_model.timeout_seconds", 1..=3600),
    ("fallback_model.idle_timeout_seconds", 1..=3600),
    ("policy.thread_requests_per_hour", 1..=10_000),
    ("checks.delay_seconds", 0..=86_400),
    ("checks.gap_seconds", 0..=3600),
    ("checks.most_threads", 1..=10_000),
    ("budgets.repository_files", 1..=10_000_000),
    ("budgets.repository_bytes", 1024..=10 * GIB),
    ("budgets.file_bytes", 1024..=100 * MIB),
    ("budgets.blob_requests", 1..=10_000),
    ("budgets.request_bytes", 1000..=10 * MIB),
    ("budgets.model_calls", 1..=60),
    ("budgets.input_tokens", 50_000..=10_000_000),
    ("budgets.output_tokens", 4_000..=1_000_000),
    ("budgets.plan_cents", 0..=100_000),
    ("budgets.plan_seconds", 10..=3600),
    ("dependencies.lookup_timeout_seconds", 1..=60),
    ("dependencies.max_lookups", 1..=50),
    ("worker.concurrency", 1..=64),
    ("worker.max_attempts", 1..=100),
    ("worker.lease_seconds", 5..=3600),
    ("worker.job_timeout_seconds", 10..=86_400),
    ("worker.status_after_seconds", 0..=3600),
    ("worker.drain_seconds", 1..=600),
    ("http.connect_timeout_seconds", 1..=120),
    ("http.request_timeout_seconds", 1..=600),
];

/// What the number `key` may be.
pub(super) fn find_range(key: &str) -> Option<RangeInclusive<i64>> {
    RANGES
        .iter()
        .find(|(known, _)| *known == key)
        .map(|(_, range)| range.clone())
}

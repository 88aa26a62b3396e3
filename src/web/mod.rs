//! The listeners: webhooks, health, metrics, the status page.

//! What GitHub could not deliver to us, and asking it to try again: it never does so by itself.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use http::Method;

use crate::forge::github::api::GitHub;
use crate::forge::github::app::App;
use crate::forge::github::links::find_links;
use crate::forge::github::transport::{Answer, Request, encode_segment};
use crate::forge::github::{time, webhook, wire};
use crate::forge::{DeliveryAttempt, ForgeError, MissedDelivery};

/// Deliveries on one page; GitHub gives no more.
const PAGE_SIZE: usize = 100;

/// Most pages that are read of one App: five thousand deliveries, which is a day of a busy one.
const MAX_PAGES: usize = 50;

/// How long GitHub repeats a delivery. Enterprise Server does so for a week.
const REPEATABLE: Duration = Duration::from_hours(3 * 24);
const REPEATABLE_ON_SERVER: Duration = Duration::from_hours(7 * 24);

/// What became of all attempts at one event.
struct Attempts {
    /// The newest of them.
    newest: u64,
    /// Whether one arrived, or may yet.
    is_settled: bool,
}

impl GitHub {
    /// The events since `since` of which no attempt arrived, oldest first, over all Apps.
    pub(super) async fn load_missed(
        &self,
        since: SystemTime,
    ) -> Result<Vec<MissedDelivery>, ForgeError> {
        let repeatable = match self.transport.origins.is_enterprise_server() {
            true => REPEATABLE_ON_SERVER,
            false => REPEATABLE,
        };
        let oldest = self.transport.clock.theirs().checked_sub(repeatable);
        let since = oldest.map_or(since, |oldest| since.max(oldest));
        let mut missed = Vec::new();
        let mut is_app = false;
        for (account, app) in self.tokens.apps(&self.transport).enumerate() {
            is_app = true;
            missed.extend(self.load_missed_of(&app, account, since).await?);
        }
        match is_app {
            true => Ok(missed),
            false => Err(ForgeError::NotFound { what: listed() }),
        }
    }

    async fn load_missed_of(
        &self,
        app: &App<'_>,
        account: usize,
        since: SystemTime,
    ) -> Result<Vec<MissedDelivery>, ForgeError> {
        let mut attempts = BTreeMap::<String, Attempts>::new();
        let mut order = Vec::new();
        let mut cursor = None;
        for _ in 0..MAX_PAGES {
            let (page, next) = self.load_deliveries_page(app, cursor.as_deref()).await?;
            let mut is_recent = true;
            for told in page {
                is_recent = time::parse_timestamp(&told.delivered_at).is_none_or(|at| at >= since);
                if !is_recent {
                    break;
                }
                let known = attempts.entry(told.guid.clone()).or_insert_with(|| {
                    order.push(told.guid.clone());
                    Attempts {
                        newest: told.id,
                        is_settled: false,
                    }
                });
                known.is_settled |= told.is_settled();
            }
            cursor = next.filter(|_| is_recent);
            if cursor.is_none() {
                break;
            }
        }
        if cursor.is_some() {
            tracing::warn!(
                "the App has more deliveries than are looked through; older ones are not"
            );
        }
        let host = self.transport.origins.host();
        let missed = order.iter().rev().filter_map(|guid| {
            let attempts = attempts.get(guid).filter(|one| !one.is_settled)?;
            Some(MissedDelivery {
                key: webhook::key_of_id(&host, guid),
                attempt: DeliveryAttempt {
                    account,
                    id: attempts.newest,
                },
            })
        });
        Ok(missed.collect())
    }

    async fn load_deliveries_page(
        &self,
        app: &App<'_>,
        cursor: Option<&str>,
    ) -> Result<(Vec<wire::HookDelivery>, Option<String>), ForgeError> {
        let behind = cursor.map_or(String::new(), |cursor| {
            format!("&cursor={}", encode_segment(cursor))
        });
        let path = format!("/app/hook/deliveries?per_page={PAGE_SIZE}{behind}");
        let request = Request::get(path, listed());
        let answer: Answer = self.retried(|| app.exchange(&request)).await?;
        let links = find_links(&answer.headers, &self.transport.origins, &request.what)?;
        let next = links.into_iter().find(|(relation, _)| relation == "next");
        let cursor = next.and_then(|(_, url)| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(name, _)| name == "cursor");
            found.map(|(_, value)| value.into_owned())
        });
        Ok((answer.json(&request.what)?, cursor))
    }

    /// Asks for one more attempt at a delivery.
    pub(super) async fn send_redelivery(
        &self,
        attempt: &DeliveryAttempt,
    ) -> Result<(), ForgeError> {
        let what = format!("another attempt at delivery {}", attempt.id);
        let mut apps = self.tokens.apps(&self.transport);
        let Some(app) = apps.nth(attempt.account) else {
            return Err(ForgeError::NotFound { what });
        };
        let path = format!("/app/hook/deliveries/{}/attempts", attempt.id);
        app.exchange(&Request::bare(Method::POST, path, what))
            .await
            .map(drop)
    }
}

fn listed() -> String {
    "the App's deliveries".to_owned()
}

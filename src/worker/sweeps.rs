//! Looks for missed deliveries, at the start and from time to time.

use std::sync::Arc;
use std::time::Duration;

use crate::service::sweep::{Sweep, Swept};
use crate::service::work::Clock;
use crate::service::{App, Served};
use crate::shutdown::Shutdown;

/// Pause before the first look, in which whatever leads webhooks to us finds out that we are back.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// Pause between two wishes; GitHub asks for one second between writes.
const PACE: Duration = Duration::from_secs(1);

/// Starts to look for what each forge could not deliver, where that is wished for.
pub fn start(app: &Arc<App>, shutdown: &Shutdown, clock: Clock) {
    for served in &app.forges.0 {
        let Some(every) = served.sweep_every else {
            continue;
        };
        let (app, served, stop) = (Arc::clone(app), served.clone(), shutdown.token());
        shutdown.spawn(async move {
            let looking = run(&app, &served, every, clock);
            stop.run_until_cancelled(looking).await;
        });
    }
}

async fn run(app: &App, served: &Served, every: Duration, clock: Clock) {
    let mut sweep = Sweep::default();
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        let host = &served.host;
        match app.sweep(served, &mut sweep, (clock, PACE)).await {
            Ok(Swept::Asked(0)) => tracing::debug!(host, "no delivery was missed"),
            Ok(Swept::Asked(asked)) => {
                tracing::info!(
                    host,
                    asked,
                    "{asked} missed deliveries were asked for again"
                );
            }
            Ok(Swept::Unsupported) => {
                tracing::info!(
                    host,
                    "the forge keeps no list of deliveries; none is looked for"
                );
                return;
            }
            Err(error) => tracing::warn!(host, %error, "missed deliveries were not looked for"),
        }
        pause = every;
    }
}

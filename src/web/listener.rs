//! Connections: as many as there is room for, none that dawdles, all ended in order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::shutdown::Shutdown;

/// Connections served at one time; further ones wait in the kernel's queue.
const CONNECTIONS: usize = 1024;

/// Time that a client has for the headers of a request, also between two requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// Pause after the kernel refused to hand out a connection, as when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `shutdown` begins.
pub(super) fn serve(listener: TcpListener, router: Router, shutdown: &Shutdown) {
    let tasks = shutdown.clone();
    shutdown.spawn(async move {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let stop = tasks.token();
        loop {
            let accepted = tokio::select! {
                accepted = accept(&listener, &room) => accepted,
                () = stop.cancelled() => return,
            };
            match accepted {
                Some((stream, permit)) => {
                    let connection = Connection {
                        router: router.clone(),
                        stop: stop.clone(),
                        _permit: permit,
                    };
                    tasks.spawn(connection.run(stream));
                }
                None => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    });
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}

struct Connection {
    router: Router,
    stop: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        // Answers are small and written at once; waiting to fill packets only delays them.
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(self.router);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.stop.cancelled() => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

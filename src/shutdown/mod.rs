//! Stopping in order: one token, tracked tasks, a drain time.
//!
//! Only this module spawns tasks. It knows nothing of what they do: each one watches the token and
//! ends by itself.

#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tasks of this process, and the way to end them; clones share both.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    token: CancellationToken,
    tasks: TaskTracker,
}

impl Shutdown {
    /// No tasks, and nobody asked to stop.
    pub fn new() -> Self {
        Self::default()
    }

    /// The token that is cancelled when the process is to stop.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }

    /// Starts a task that [`Shutdown::stop_and_wait`] waits for. Dropping the handle does not end it.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tasks.spawn(task)
    }

    /// Asks all tasks to stop and waits for them, at most for `drain`; returns whether all ended.
    /// Those that did not go on until the runtime is dropped.
    pub async fn stop_and_wait(&self, drain: Duration) -> bool {
        self.token.cancel();
        self.tasks.close();
        timeout(drain, self.tasks.wait()).await.is_ok()
    }
}

/// The ways in which the system asks a process to stop.
#[derive(Debug)]
pub struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    /// Takes over these signals: from now on they end nothing by themselves.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::SignalKind;
        use tokio::signal::unix::signal;

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Takes over these signals: from the first wait on they end nothing by themselves.
    #[cfg(not(unix))]
    pub fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next one and returns its name; a second call waits for a second signal.
    #[cfg(unix)]
    pub async fn wait(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }

    /// Waits for the next one and returns its name; a second call waits for a second signal.
    #[cfg(not(unix))]
    pub async fn wait(&mut self) -> &'static str {
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(_) => std::future::pending().await,
        }
    }
}

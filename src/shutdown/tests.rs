use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shutdown;

const DRAIN: Duration = Duration::from_secs(25);

#[tokio::test(start_paused = true)]
async fn stop_waits_for_tasks_to_finish_their_work() {
    let shutdown = Shutdown::new();
    let token = shutdown.token();
    let finished = Arc::new(AtomicBool::new(false));
    let flag = finished.clone();
    shutdown.spawn(async move {
        token.cancelled().await;
        tokio::time::sleep(DRAIN / 2).await;
        flag.store(true, Ordering::Relaxed);
    });

    assert!(shutdown.stop_and_wait(DRAIN).await);
    assert!(finished.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn stop_does_not_outlast_the_drain_time() {
    let shutdown = Shutdown::new();
    shutdown.spawn(std::future::pending::<()>());

    let start = tokio::time::Instant::now();
    assert!(!shutdown.stop_and_wait(DRAIN).await);
    assert_eq!(start.elapsed().as_secs(), DRAIN.as_secs());
}

#[tokio::test(start_paused = true)]
async fn task_started_while_draining_is_waited_for() {
    let shutdown = Shutdown::new();
    let token = shutdown.token();
    let clone = shutdown.clone();
    let finished = Arc::new(AtomicBool::new(false));
    let flag = finished.clone();
    shutdown.spawn(async move {
        token.cancelled().await;
        clone.spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            flag.store(true, Ordering::Relaxed);
        });
    });

    assert!(shutdown.stop_and_wait(DRAIN).await);
    assert!(finished.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn panic_of_a_task_is_told_to_its_owner_only() {
    let shutdown = Shutdown::new();
    let broken = shutdown.spawn(async { panic!("on purpose") });
    let healthy = shutdown.spawn(async { 5 });

    assert!(broken.await.unwrap_err().is_panic());
    assert_eq!(healthy.await.unwrap(), 5);
    assert!(shutdown.stop_and_wait(DRAIN).await);
}

#[tokio::test]
async fn nothing_to_stop_stops_at_once() {
    assert!(Shutdown::new().stop_and_wait(Duration::ZERO).await);
}

#[cfg(unix)]
#[tokio::test]
async fn each_signal_is_heard_once() {
    let mut signals = super::StopSignals::listen().unwrap();
    for (flag, name) in [("-TERM", "SIGTERM"), ("-INT", "SIGINT")] {
        let own = std::process::id().to_string();
        let sent = std::process::Command::new("kill")
            .args([flag, &own])
            .status();
        assert!(sent.unwrap().success());
        assert_eq!(signals.wait().await, name);
    }
}

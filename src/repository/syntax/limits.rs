//! What a child may take of the machine, set by itself before it reads anything.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Address space beside what the program itself occupies at its start: five times what the largest
/// honest text needs. Hostile ones would take gigabytes.
const MEMORY_BYTES: u64 = 256 << 20;

/// Processor time for one text after which the parser is asked to stop. Honest files of the largest
/// size take less than half of it.
const SOFT_TIME: Duration = Duration::from_millis(500);

/// Seconds of processor time for one text after which the system ends the process; the parser does
/// not always ask whether it should stop.
const HARD_SECONDS: u64 = 2;

/// Files open: the three streams.
const FILES: u64 = 3;

/// Takes from this process what a parser does not need. Nothing of it can be undone.
///
/// # Errors
/// When the system refuses; the process must not go on then.
pub(super) fn confine() -> std::io::Result<()> {
    // Where the system does not tell the size, it does not limit it either.
    if let Some(size) = address_space() {
        fix(Resource::As, size.saturating_add(MEMORY_BYTES))?;
    }
    fix(Resource::Core, 0)?;
    fix(Resource::Fsize, 0)?;
    fix(Resource::Nproc, 0)?;
    fix(Resource::Nofile, FILES)
}

fn fix(resource: Resource, most: u64) -> std::io::Result<()> {
    let most = getrlimit(resource)
        .maximum
        .map_or(most, |maximum| maximum.min(most));
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Bytes of address space in use, as Linux tells them.
fn address_space() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// The processor time that one text may take.
pub(super) struct Allowance {
    end: Duration,
}

impl Allowance {
    /// Begins now.
    ///
    /// # Errors
    /// When the system refuses to move its limit.
    pub(super) fn begin() -> std::io::Result<Self> {
        let used = processor_time();
        let limit = Rlimit {
            current: Some(used.as_secs() + 1 + HARD_SECONDS),
            maximum: getrlimit(Resource::Cpu).maximum,
        };
        setrlimit(Resource::Cpu, limit)?;
        Ok(Self {
            end: used + SOFT_TIME,
        })
    }

    pub(super) fn is_spent(&self) -> bool {
        processor_time() >= self.end
    }
}

/// Processor time of this process: unlike the time of day, it does not depend on what else runs.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or(Duration::MAX)
}

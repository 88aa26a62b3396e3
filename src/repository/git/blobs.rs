//! Contents of many blobs through one `git cat-file --batch`.

use std::path::Path;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use super::GitError;
use super::command::{DEADLINE, failed, start, too_slow};
use crate::domain::repository::BlobId;

/// Largest blob handed out; forges give none above 100 MB either.
const BLOB_BYTES: u64 = 100 * 1024 * 1024;

const DOING: &str = "reading blobs";

/// Calls `take` for each of `ids` in their order; one blob is in memory at a time.
pub(super) async fn read(
    directory: &Path,
    ids: &[BlobId],
    take: &mut (dyn FnMut(usize, Option<Vec<u8>>) + Send),
) -> Result<(), GitError> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut child = start(directory, DOING, &["cat-file", "--batch", "--buffer"])?;
    let (Some(stdin), Some(stdout), Some(mut stderr)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(broken("its streams are closed"));
    };
    let mut sink = tokio::io::sink();
    let complaints = tokio::io::copy(&mut stderr, &mut sink);
    let answers = async {
        let mut stdout = BufReader::with_capacity(64 * 1024, stdout);
        for (position, id) in ids.iter().enumerate() {
            let answer = tokio::time::timeout(DEADLINE, read_one(&mut stdout, id))
                .await
                .map_err(|_elapsed| too_slow(DOING))??;
            take(position, answer);
        }
        Ok(())
    };
    // The process ends with its input, which `ask` closes; a failed answer ends it by the drop.
    let questions = ask(stdin, ids);
    let (answers, _, _) = tokio::join!(
        async {
            let outcome = answers.await;
            if outcome.is_err() {
                child.start_kill().ok();
            }
            outcome
        },
        questions,
        complaints
    );
    answers?;
    child.wait().await.map_err(|error| failed(DOING, &error))?;
    Ok(())
}

/// Writes the ids, then closes the stream. A process that ended early is noticed by the reader.
async fn ask(mut stdin: ChildStdin, ids: &[BlobId]) {
    for id in ids {
        let line = format!("{}\n", id.as_str());
        if stdin.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_one(
    stdout: &mut BufReader<ChildStdout>,
    id: &BlobId,
) -> Result<Option<Vec<u8>>, GitError> {
    let mut header = String::new();
    let mut bounded = (&mut *stdout).take(256);
    bounded
        .read_line(&mut header)
        .await
        .map_err(|error| failed(DOING, &error))?;
    let mut words = header.split_whitespace();
    let (name, kind, size) = (words.next(), words.next(), words.next());
    if name != Some(id.as_str()) {
        return Err(broken("it ended before the last blob"));
    }
    let Some(size) = size.and_then(|size| size.parse::<u64>().ok()) else {
        return Ok(None);
    };
    if kind != Some("blob") || size > BLOB_BYTES {
        skip(stdout, size + 1).await?;
        return match kind {
            Some("blob") => Err(broken(&format!("{} has {size} bytes", id.as_str()))),
            _ => Ok(None),
        };
    }
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(usize::MAX)];
    stdout
        .read_exact(&mut bytes)
        .await
        .map_err(|error| failed(DOING, &error))?;
    skip(stdout, 1).await?;
    Ok(Some(bytes))
}

async fn skip(stdout: &mut BufReader<ChildStdout>, bytes: u64) -> Result<(), GitError> {
    let mut rest = stdout.take(bytes);
    tokio::io::copy(&mut rest, &mut tokio::io::sink())
        .await
        .map_err(|error| failed(DOING, &error))?;
    Ok(())
}

fn broken(why: &str) -> GitError {
    GitError::Failed {
        doing: DOING,
        why: why.to_owned(),
    }
}

//! What the payload of a run of a workflow tells beside its event.

use serde::Deserialize;

#[derive(Deserialize)]
struct Payload {
    repository: Repository,
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
struct PullRequest {
    head: Head,
}

#[derive(Deserialize)]
struct Head {
    /// Missing when the fork was deleted.
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    id: u64,
}

/// Whether the payload is of a pull request whose head is in another repository: GitHub gives its runs a
/// token that can only read.
pub fn is_from_fork(payload: &[u8]) -> bool {
    let Ok(payload) = serde_json::from_slice::<Payload>(payload) else {
        return false;
    };
    let own = payload.repository.id;
    payload
        .pull_request
        .is_some_and(|pull| pull.head.repo.is_none_or(|head| head.id != own))
}

#[cfg(test)]
mod tests {
    use super::is_from_fork;

    #[test]
    fn a_head_in_another_or_in_no_repository_is_a_forks() {
        let fork = |head: &str| {
            let payload = format!(
                r#"{{"repository":{{"id":1}},"pull_request":{{"head":{{"repo":{head}}}}}}}"#
            );
            is_from_fork(payload.as_bytes())
        };
        assert!(fork(r#"{"id":2}"#) && fork("null"));
        assert!(!fork(r#"{"id":1}"#));
        assert!(!is_from_fork(br#"{"repository":{"id":1},"issue":{}}"#));
        assert!(!is_from_fork(b"nonsense"));
    }
}

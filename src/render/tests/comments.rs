//! Three whole comments, as a maintainer gets them.

use crate::domain::document::{Content, OutlineReason};
use crate::domain::plan::Plan;
use crate::domain::repository::ForgeKind;
use crate::render::document;
use crate::render::tests::sample;

fn plan(plan: Plan, forge: ForgeKind) -> String {
    let body = document(&sample::plan_document(plan), &sample::site(forge));
    body.as_str().to_owned()
}

#[test]
fn a_small_plan() {
    insta::assert_snapshot!(plan(sample::small_plan(), ForgeKind::GitHub), @r"
    ## Plan

    Revision 2 · commit [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked

    **Request as understood:** Uploads that meet a restarting node should be tried again.

    **Approach:** The load balancer answers 503 while a node restarts. 1 change in 1 step (1 file modified). No new dependencies.

    ### Steps

    - **T1** Treat 503 as transient: [`src/upload.rs:41`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41)
        - Retry on status 503 as well as on 502.

    <details>
    <summary>Details of 1 change</summary>

    **T1** Treat 503 as transient — One condition in `is_transient`.

    **C1** Modify [`src/upload.rs`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs): Retry on status 503 as well as on 502.

    - Where: replace `is_transient` at [`src/upload.rs:41`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41)
    - Why: The load balancer answers 503 while a node restarts.

    </details>

    <details>
    <summary>Prompt for a coding agent</summary>

    ```text
    Implement the following plan in this repository, at commit 6113728.
    Work through the steps in order and change nothing else. Read each place before you edit
    it; a place marked as not found or not verified may not exist, so look for it first. Build
    on the code that is named before you add your own. Stop and ask where a decision is open.

    Request as understood: Uploads that meet a restarting node should be tried again.

    T1 Treat 503 as transient
    - modify src/upload.rs line 41: Retry on status 503 as well as on 502.
    ```

    </details>

    <details>
    <summary>What was read, skipped and spent</summary>

    - Read 1,300 of 1,412 files (8.3 MB)
    - Left out: 96 vendored, 16 binary
    - Expertise assumed: Rust, tokio and HTTP clients
    - `some-model-4`: 2 calls, 31,204 tokens in, 2,950 tokens out

    **What verification changed**

    - dropped: `src/retry/mod.rs` is not in the repository

    </details>
    ");
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "it is one comment, to be read as a whole"
)]
fn a_large_plan() {
    insta::assert_snapshot!(plan(sample::large_plan(), ForgeKind::GitLab), @r"
    ## Plan

    Revision 2 · commit [`6113728`](https://gitlab.example/group/sub/engine/-/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked

    **Request as understood:** Uploads fail for good on the first 5xx answer. They should be tried again a few times, with growing pauses, and the number of attempts should be a setting.

    **Approach:** Every caller goes through it, so no caller has to change. 3 changes in 2 steps (1 file modified, 1 added, 1 renamed). 1 new dependency proposed, unverified. 1 change alters an interface in a way that breaks callers. 1 open question below; a default is taken until you answer.

    ### What the code does today

    - `Client::send` sends once and returns any error. [`src/client.rs:40-61`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-61)
    - Nothing limits parallel uploads

    ### Decisions and questions for you

    - **D1** Which pauses?
        - exponential: kind to the server, slow for users
        - fixed: simple, but all clients come back at once
        - **Recommended:** exponential. Restarts take longer than a fixed pause.
    - **Q1** Should a 429 count as an attempt?
        - *Until answered:* it does
        - *Why:* the server asks to wait

    ### Steps

    - **T1** Add a retry policy: `src/retry.rs` (new file)
        - The policy.
    - **T2** Send through the policy: [`src/client.rs:40-61`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-61), C9 (not among the changes)
        - Send through the policy instead of sending once.
    - **C3** [`docs/Upload guide.md`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/docs/Upload%20guide.md): Describe the setting.

    ### Impact

    - `Client::send`: breaking, callers must change
    - [`src/sync.rs:88`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/sync.rs#L88) `sync_all`: waits longer when the server is down. *To do:* pass a policy with two attempts.

    <details>
    <summary>Details of 3 changes</summary>

    **T1** Add a retry policy — A type of its own, so that `Client` only applies it.

    **C2** Add `src/retry.rs` (new file): The policy.

    - Why a new file: No module owns timing; `src/clock.rs` only tells the time.
    - Setting `retry.attempts` = `3`: attempts in all

    ```rust
    pub struct RetryPolicy {
        pub attempts: u32,
        pub first_pause: Duration,
    }
    ```

    **T2** Send through the policy

    **C1** Modify [`src/client.rs`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs): Send through the policy instead of sending once.

    - Where: replace `Client::send` at [`src/client.rs:40-61`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-61); insert after `Client::send_all` (**not found in the repository**)
    - Why: Every caller goes through it, so no caller has to change.
    - Method `Client::send` (breaking): `pub async fn send(&self, request: Request, policy: &RetryPolicy) -> Result<Response, SendError>`
        - `policy: &RetryPolicy`: how often and after which pauses
        - returns: the last response, or the last error
    - Data structure `SendError`: gains `Exhausted { attempts: u32 }`
    - Imports: `use crate::retry::RetryPolicy;`
    - Reuses: `Clock::sleep` in `src/clock.rs`; `is_transient`
    - Side effect: [`src/sync.rs:88`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/sync.rs#L88) `sync_all`: waits longer when the server is down. *To do:* pass a policy with two attempts.
    - Seen in: [`src/client.rs:12-18`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L12-18)
    - Serves R1 · After C2

    **Part of no step**

    **C3** Rename [`docs/Upload guide.md`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/docs/Upload%20guide.md): Describe the setting.

    - Becomes: `docs/uploads.md`

    </details>

    <details>
    <summary>Request points and assumptions</summary>

    **Assumptions**

    - Uploads are idempotent. *If wrong:* a key has to be sent with them

    **Request points**

    - **R1** Failed uploads are tried again (behaviour)

    **Left alone on purpose**

    - Downloads

    </details>

    <details>
    <summary>Dependencies proposed: 1 (unverified: existence and upkeep were not checked)</summary>

    - `backoff 0.4` (cargo): computes pauses
        - Why nothing at hand will do: nothing here computes pauses
        - Why own code will not do: jitter is easy to get wrong

    </details>

    <details>
    <summary>Risks and notes on the architecture</summary>

    - *robustness*: Retries multiply the load of an outage. *Against it:* jitter and a cap
    - *testing*: The pause is taken from a clock that is passed in. *Why it belongs here:* `Client` gets a new parameter for it

    </details>

    <details>
    <summary>Prompt for a coding agent</summary>

    ```text
    Implement the following plan in this repository, at commit 6113728.
    Work through the steps in order and change nothing else. Read each place before you edit
    it; a place marked as not found or not verified may not exist, so look for it first. Build
    on the code that is named before you add your own. Stop and ask where a decision is open.

    Request as understood: Uploads fail for good on the first 5xx answer. They should be tried
    again a few times, with growing pauses, and the number of attempts should be a setting.

    T1 Add a retry policy
    - add src/retry.rs (new file): The policy.
    T2 Send through the policy
    - modify src/client.rs lines 40-61: Send through the policy instead of sending once.
      method pub async fn send(&self, request: Request, policy: &RetryPolicy) ->
      Result<Response, SendError>
    Part of no step
    - rename docs/Upload guide.md: Describe the setting.
    Open decision D1: Which pauses? Recommended: exponential
    Proposed dependency, unverified: backoff 0.4
    ```

    </details>

    <details>
    <summary>What was read, skipped and spent</summary>

    - Read 1,300 of 1,412 files (8.3 MB)
    - Left out: 96 vendored, 16 binary
    - Expertise assumed: Rust, tokio and HTTP clients
    - `some-model-4`: 2 calls, 31,204 tokens in, 2,950 tokens out

    **What verification changed**

    - dropped: `src/retry/mod.rs` is not in the repository

    </details>
    ");
}

#[test]
fn an_outline() {
    let content = Content::Outline(sample::outline(OutlineReason::NoModel));
    let body = document(&sample::document(content), &sample::site(ForgeKind::GitHub));
    insta::assert_snapshot!(body.as_str(), @r"
    ## Outline (no model used)

    This is search output at [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246); it proposes no design. Revision 2.

    ### What was asked

    > - Uploads should be tried again after a 503.
    > - The number of attempts must be a setting

    ### Named in the request

    - `Client::send`: [`src/client.rs:40-61`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-L61)
    - Not found at this commit: `RetryPolicy`, `retry.toml`

    ### Where it probably leads

    1. [`src/client.rs:40-61`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-L61): `pub async fn send(&self, request: Request) -> Result<Response>`
        - named in the request: `Client::send`; says “upload”, “attempts”
    2. [`src/upload.rs:30-44`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L30-L44): `fn is_transient(status: u16) -> bool`
        - says “503”
    3. [`docs/uploads.md:3-9`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/docs/uploads.md?plain=1#L3-L9)
        - says “upload”
    4. [`src/config.rs`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/config.rs): `Settings`
        - read by `src/client.rs`
    5. [`src/clock.rs`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/clock.rs)

    <details>
    <summary>1 more place</summary>

    6. [`src/sync.rs:80-99`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/sync.rs#L80-L99): `pub fn sync_all()`
        - uses `Client::send`

    </details>

    ### Who uses these

    - `send` ([`src/client.rs:40-61`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-L61)) is named by 9 files: [`src/sync.rs`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/sync.rs), [`src/upload.rs`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs) and 7 more

    ### How this repository does things

    - Errors are `thiserror` enums: [`src/error.rs:5-30`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/error.rs#L5-L30)

    ### Questions to answer first

    - What is the default, and does it leave today's behaviour as it is?

    **Not here, because no model was used:** an approach, decisions, signatures and reasoning.

    <details>
    <summary>What was read, skipped and spent</summary>

    - Read 1,300 of 1,412 files (8.3 MB)
    - Left out: 96 vendored, 16 binary
    - Expertise assumed: Rust, tokio and HTTP clients
    - `some-model-4`: 2 calls, 31,204 tokens in, 2,950 tokens out

    **What verification changed**

    - dropped: `src/retry/mod.rs` is not in the repository

    </details>
    ");
}

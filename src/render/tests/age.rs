//! How a comment tells what became of the places that it cites.

use crate::domain::age::{Age, Fate, Place, places};
use crate::domain::document::Content;
use crate::domain::document::{Document, OutlineReason};
use crate::domain::plan::Target;
use crate::domain::repository::{CommitSha, ForgeKind, LineRange};
use crate::render::document;
use crate::render::tests::sample;

const LATER: &str = "def567828f27ae82c7b1a177c8d03f9e96e0adf2";

fn moved(file: &str, lines: Option<(u32, u32)>) -> Fate {
    Fate::Moved {
        path: sample::path(file),
        lines: lines.map(|(start, end)| LineRange::new(start, end)),
    }
}

/// The document with the fates of its places, in their order; the rest are the same.
fn aged(mut document: Document, fates: &[Fate]) -> Document {
    let targets = places(&document.content).into_iter();
    let rest = std::iter::repeat(Fate::Same);
    document.age = Some(Age {
        commit: CommitSha::parse(LATER).unwrap(),
        places: (targets.zip(fates.iter().cloned().chain(rest)))
            .map(|(target, fate)| Place { target, fate })
            .collect(),
    });
    document
}

fn comment(document_: &Document) -> String {
    let body = document(document_, &sample::site(ForgeKind::GitHub));
    body.as_str().replace("https://github.com/acme/engine", "")
}

/// What stands between the title and the first heading or text of a plan.
fn head(document: &Document) -> String {
    let comment = comment(document);
    let lines = comment.lines().skip(3);
    let lines: Vec<_> = lines.take_while(|line| !line.starts_with("**")).collect();
    lines.join("\n").trim().to_owned()
}

fn small(fates: &[Fate]) -> Document {
    aged(sample::plan_document(sample::small_plan()), fates)
}

#[test]
fn everything_as_planned() {
    insta::assert_snapshot!(comment(&small(&[])), @r"
    ## Plan

    Revision 2 · commit [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked

    Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): both places are as planned.

    **Request as understood:** Uploads that meet a restarting node should be tried again.

    **Approach:** The load balancer answers 503 while a node restarts. 1 change in 1 step (1 file modified). No new dependencies.

    ### Steps

    - **T1** Treat 503 as transient: [`src/upload.rs:41`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/upload.rs#L41)
        - Retry on status 503 as well as on 502.

    <details>
    <summary>Details of 1 change</summary>

    **T1** Treat 503 as transient — One condition in `is_transient`.

    **C1** Modify [`src/upload.rs`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/upload.rs): Retry on status 503 as well as on 502.

    - Where: replace `is_transient` at [`src/upload.rs:41`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/upload.rs#L41)
    - Why: The load balancer answers 503 while a node restarts.

    </details>

    <details>
    <summary>Prompt for a coding agent</summary>

    ```text
    Implement the following plan in this repository, at commit def5678.
    The plan was made at 6113728. Where a place is marked as changed since or gone since, see
    first what became of it.
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
fn moved_places_lead_to_the_later_commit() {
    let fates = [
        moved("src/sending.rs", None),
        moved("src/sending.rs", Some((52, 52))),
    ];
    insta::assert_snapshot!(comment(&small(&fates)), @r"
    ## Plan

    Revision 2 · commit [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked

    Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): both places are as planned; 2 moved, links renewed.

    **Request as understood:** Uploads that meet a restarting node should be tried again.

    **Approach:** The load balancer answers 503 while a node restarts. 1 change in 1 step (1 file modified). No new dependencies.

    ### Steps

    - **T1** Treat 503 as transient: [`src/sending.rs:52`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/sending.rs#L52)
        - Retry on status 503 as well as on 502.

    <details>
    <summary>Details of 1 change</summary>

    **T1** Treat 503 as transient — One condition in `is_transient`.

    **C1** Modify [`src/sending.rs`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/sending.rs): Retry on status 503 as well as on 502.

    - Where: replace `is_transient` at [`src/sending.rs:52`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/sending.rs#L52)
    - Why: The load balancer answers 503 while a node restarts.

    </details>

    <details>
    <summary>Prompt for a coding agent</summary>

    ```text
    Implement the following plan in this repository, at commit def5678.
    The plan was made at 6113728. Where a place is marked as changed since or gone since, see
    first what became of it.
    Work through the steps in order and change nothing else. Read each place before you edit
    it; a place marked as not found or not verified may not exist, so look for it first. Build
    on the code that is named before you add your own. Stop and ask where a decision is open.

    Request as understood: Uploads that meet a restarting node should be tried again.

    T1 Treat 503 as transient
    - modify src/sending.rs line 52: Retry on status 503 as well as on 502.
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
fn changed_places_stay_at_the_plans_commit_and_are_marked() {
    insta::assert_snapshot!(comment(&small(&[Fate::Same, Fate::Changed])), @r"
    ## Plan

    Revision 2 · commit [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked

    > **Stale:** 1 of 2 places changed since [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246), as of [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): [`src/upload.rs:41`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41) (**changed since**). Comment `/plan` for a plan of the code as it is.

    **Request as understood:** Uploads that meet a restarting node should be tried again.

    **Approach:** The load balancer answers 503 while a node restarts. 1 change in 1 step (1 file modified). No new dependencies.

    ### Steps

    - **T1** Treat 503 as transient: [`src/upload.rs:41`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41) (**changed since**)
        - Retry on status 503 as well as on 502.

    <details>
    <summary>Details of 1 change</summary>

    **T1** Treat 503 as transient — One condition in `is_transient`.

    **C1** Modify [`src/upload.rs`](/blob/def567828f27ae82c7b1a177c8d03f9e96e0adf2/src/upload.rs): Retry on status 503 as well as on 502.

    - Where: replace `is_transient` at [`src/upload.rs:41`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41) (**changed since**)
    - Why: The load balancer answers 503 while a node restarts.

    </details>

    <details>
    <summary>Prompt for a coding agent</summary>

    ```text
    Implement the following plan in this repository, at commit def5678.
    The plan was made at 6113728. Where a place is marked as changed since or gone since, see
    first what became of it.
    Work through the steps in order and change nothing else. Read each place before you edit
    it; a place marked as not found or not verified may not exist, so look for it first. Build
    on the code that is named before you add your own. Stop and ask where a decision is open.

    Request as understood: Uploads that meet a restarting node should be tried again.

    T1 Treat 503 as transient
    - modify src/upload.rs line 41 (changed since): Retry on status 503 as well as on 502.
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
fn heads_of_all_kinds() {
    insta::assert_snapshot!(head(&small(&[moved("src/b.rs", None)])), @"Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): both places are as planned; 1 moved, links renewed.");
    insta::assert_snapshot!(head(&small(&[Fate::Unknown, moved("src/upload.rs", Some((9, 9)))])), @"Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): 1 of 2 places as planned, 1 could not be compared, because the code then or now cannot be read; 1 moved, links renewed.");
    insta::assert_snapshot!(head(&small(&[Fate::Gone, Fate::Gone])), @"> **Stale:** 2 of 2 places changed since [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246), as of [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): [`src/upload.rs`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs) (**gone since**), [`src/upload.rs:41`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/upload.rs#L41) (**gone since**). Comment `/plan` for a plan of the code as it is.");
    let mut one = small(&[]);
    if let Some(age) = &mut one.age {
        age.places.truncate(1);
    }
    insta::assert_snapshot!(head(&one), @"Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): the one place is as planned.");
    if let Some(age) = &mut one.age {
        age.places.clear();
    }
    insta::assert_snapshot!(head(&one), @"Checked at [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): it names no places.");
    let large = aged(
        sample::plan_document(sample::large_plan()),
        &[
            Fate::Changed,
            moved("src/a.rs", None),
            Fate::Unknown,
            Fate::Gone,
        ],
    );
    insta::assert_snapshot!(head(&large), @"> **Stale:** 2 of 6 places changed since [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246), as of [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): [`src/client.rs:40-61`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-L61) (**changed since**), [`src/client.rs:12-18`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L12-L18) (**gone since**). Of the others 1 moved, links renewed. Of all, 1 could not be compared, because the code then or now cannot be read. Comment `/plan` for a plan of the code as it is.");
}

#[test]
fn many_stale_places_are_counted_and_not_all_named() {
    let mut document = sample::plan_document(sample::small_plan());
    let targets = (1..=20).map(|line| sample::at("src/many.rs", line, line));
    document.age = Some(Age {
        commit: CommitSha::parse(LATER).unwrap(),
        places: targets
            .map(|target| Place {
                target,
                fate: Fate::Changed,
            })
            .collect(),
    });
    assert!(head(&document).contains("**Stale:** 20 of 20 places"));
    assert!(
        head(&document).contains("and 12 more. Comment"),
        "{}",
        head(&document)
    );
}

#[test]
fn taken_places_and_outlines() {
    let mut plan = sample::small_plan();
    plan.changes[0].target = Target::New {
        path: sample::path("src/retry.rs"),
    };
    let taken = aged(sample::plan_document(plan), &[Fate::Taken]);
    insta::assert_snapshot!(head(&taken), @"> **Stale:** 1 of 2 places changed since [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246), as of [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): `src/retry.rs` (new file, but there is one now). Comment `/plan` for a plan of the code as it is.");
    assert!(comment(&taken).contains("new file, but there is one now"));
    let outline = sample::document(Content::Outline(sample::outline(OutlineReason::NoModel)));
    let outline = comment(&aged(outline, &[Fate::Changed]));
    let line = outline.lines().find(|line| line.starts_with("> **Stale"));
    insta::assert_snapshot!(line.unwrap(), @"> **Stale:** 1 of 9 places changed since [`6113728`](/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246), as of [`def5678`](/commit/def567828f27ae82c7b1a177c8d03f9e96e0adf2): [`src/client.rs:40-61`](/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/client.rs#L40-L61) (**changed since**). Comment `/plan` for a plan of the code as it is.");
}

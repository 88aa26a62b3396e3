//! Listings as servers give them, well and badly.

use serde_json::json;

use crate::domain::repository::{CommitSha, TreeId};
use crate::forge::github::tests::{Fake, Reply, SHA, repository};
use crate::forge::{Depth, Folder, Forge, ForgeError, Tree, TreeRoot};

fn commit() -> CommitSha {
    CommitSha::parse(SHA).unwrap()
}

fn tree_line(query: &str) -> String {
    format!("GET /repos/acme/engine/git/trees/{SHA}{query}")
}

async fn load_tree(reply: Reply, depth: Depth) -> Result<Tree, ForgeError> {
    let line = tree_line(if depth == Depth::Whole {
        "?recursive=1"
    } else {
        ""
    });
    let fake = Fake::with_app().on(&line, [reply]);
    let github = fake.app().await;
    github
        .tree(&repository(), TreeRoot::Commit(&commit()), depth)
        .await
}

#[tokio::test]
async fn folders_are_told_where_they_are_not_entered() {
    let told = json!({"truncated": false, "tree": [
        {"path": "src", "mode": "040000", "type": "tree", "sha": SHA},
        {"path": "a.rs", "mode": "100644", "type": "blob", "sha": SHA, "size": 3},
    ]});
    let tree = load_tree(Reply::json(200, &told), Depth::Direct)
        .await
        .unwrap();
    let folder = Folder {
        path: "src".to_owned(),
        id: TreeId::parse(SHA).unwrap(),
    };
    assert_eq!((tree.folders, tree.entries.len()), (vec![folder], 1));
}

#[tokio::test]
async fn an_endless_tree_is_cut_and_says_so() {
    let entry = format!(
        r#"{{"path":"{}","mode":"100644","type":"blob","sha":"{SHA}","size":1}},"#,
        "x".repeat(1000)
    );
    let body = format!(r#"{{"truncated":false,"tree":[{}"#, entry.repeat(40_000));
    let tree = load_tree(Reply::bytes(200, body), Depth::Whole)
        .await
        .unwrap();
    assert!(tree.truncated);
    assert!(
        (25_000..35_000).contains(&tree.entries.len()),
        "{}",
        tree.entries.len()
    );
}

#[tokio::test]
async fn a_broken_tree_is_no_tree() {
    for body in [
        "",
        "{}",
        "[]",
        "{\"tree\":[",
        "{\"tree\":{}}",
        "{\"tree\":[]} more",
        "{\"tree\":[{\"path\":\"a\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"short\"}]}",
    ] {
        let error = load_tree(Reply::bytes(200, body), Depth::Whole)
            .await
            .unwrap_err();
        assert!(
            matches!(error, ForgeError::Unexpected { .. }),
            "{body}: {error}"
        );
    }
}

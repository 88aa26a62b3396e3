use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::domain::day::Day;
use crate::planner::draft::Registry as Published;
use crate::planner::fixture;
use crate::registry::Lookup;

/// Knows nothing, and remembers what it was asked.
#[derive(Default)]
struct Asked(Mutex<Vec<String>>);

#[async_trait]
impl Registry for Asked {
    async fn look_up(&self, proposals: &[Proposal]) -> Lookups {
        let mut lookups = Lookups::new("nowhere", Day::of_unix_seconds(0));
        for proposal in proposals {
            self.0.lock().unwrap().push(proposal.name.clone());
            lookups.add(proposal.clone(), Lookup::Missing);
        }
        lookups
    }
}

fn proposing(names: &[&str]) -> Draft {
    let mut draft = fixture::gold();
    let one = draft.dependencies[0].clone();
    draft.dependencies = names
        .iter()
        .map(|name| Dependency {
            name: (*name).to_owned(),
            registry: Published::Cargo,
            ..one.clone()
        })
        .collect();
    draft
}

async fn asked(draft: &Draft, known: &mut Option<Lookups>) -> Vec<String> {
    let registry = Asked::default();
    look_up(Some(&registry), draft, &fixture::index(), known).await;
    registry.0.into_inner().unwrap()
}

#[tokio::test]
async fn what_the_repository_has_already_is_not_asked_about() {
    let mut known = None;
    let draft = proposing(&["serde", " backoff "]);
    assert_eq!(asked(&draft, &mut known).await, ["backoff"]);
    assert_eq!(known.map(|known| known.len()), Some(1));
}

#[tokio::test]
async fn a_repaired_draft_asks_only_about_what_is_new() {
    let mut known = None;
    asked(&proposing(&["backoff"]), &mut known).await;
    let again = asked(&proposing(&["backoff", "retry"]), &mut known).await;
    assert_eq!(again, ["retry"]);
    assert_eq!(known.map(|known| known.len()), Some(2));
}

#[tokio::test]
async fn a_plan_asks_about_so_many_and_no_more() {
    let names: Vec<String> = (0..60).map(|i| format!("name-{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut known = None;
    assert_eq!(
        asked(&proposing(&names), &mut known).await.len(),
        MAX_PROPOSALS
    );
    assert_eq!(
        asked(&proposing(&["other"]), &mut known).await,
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn without_proposals_or_a_registry_nothing_is_known() {
    let mut known = None;
    assert_eq!(
        asked(&proposing(&[]), &mut known).await,
        Vec::<String>::new()
    );
    look_up(
        None,
        &proposing(&["backoff"]),
        &fixture::index(),
        &mut known,
    )
    .await;
    assert_eq!(known, None);
}

use super::*;
use crate::planner::fixture::{brief, index};

fn path(index: &Index, located: &Located) -> String {
    let file = &index.snapshot().files[located.file];
    file.path.as_str().to_owned()
}

fn paths(index: &Index, location: &Location) -> Vec<String> {
    let files = location.files.iter();
    files.map(|located| path(index, located)).collect()
}

fn choose(path: &str) -> ChosenFile {
    ChosenFile {
        path: path.to_owned(),
        why: "the pause is read there".to_owned(),
    }
}

fn widened(selection: &Selection) -> (Arc<Index>, Location, Location) {
    let index = Arc::new(index());
    let before = Search::new(&index, &brief()).location(60);
    let after = widen(&index, &brief(), &before, selection);
    (index, before, after)
}

#[test]
fn chosen_files_come_first_with_their_reason() {
    let (index, _, after) = widened(&Selection {
        files: vec![
            choose("./src/main.rs"),
            choose("src/main.rs"),
            choose("src/config.rs"),
        ],
        ..Selection::default()
    });
    assert_eq!(paths(&index, &after)[..2], ["src/main.rs", "src/config.rs"]);
    assert_eq!(after.files[0].reasons[0], "chosen: the pause is read there");
}

#[test]
fn invented_and_hostile_choices_change_nothing() {
    let (_, before, after) = widened(&Selection {
        files: ["src/ghost.rs", "../../etc/passwd", "", "/", "src"]
            .map(choose)
            .to_vec(),
        ..Selection::default()
    });
    assert_eq!(after.files.len(), before.files.len());
    let order = |location: &Location| -> Vec<usize> {
        location.files.iter().map(|located| located.file).collect()
    };
    assert_eq!(order(&after), order(&before));
}

#[test]
fn queries_bring_files_that_the_request_has_no_word_for() {
    let index = Arc::new(index());
    let vague = Brief::from_text("It is bad");
    let before = Search::new(&index, &vague).location(60);
    assert_eq!(before.files, []);
    let selection = Selection {
        queries: vec!["load_settings".to_owned()],
        ..Selection::default()
    };
    let after = widen(&index, &vague, &before, &selection);
    assert!(paths(&index, &after).contains(&"src/config.rs".to_owned()));
}

#[test]
fn names_of_the_request_stay_its_own() {
    let (_, before, after) = widened(&Selection {
        symbols: vec!["GhostSymbol".to_owned()],
        ..Selection::default()
    });
    assert_eq!(after.mentions, before.mentions);
}

#[test]
fn points_are_listed_in_few_words() {
    let point = |text: &str| Point {
        id: "R1".to_owned(),
        text: text.to_owned(),
    };
    let selection = Selection {
        request_points: vec![point("The pause\n grows"), point(&"x".repeat(900))],
        ..Selection::default()
    };
    let points = selection.points();
    assert!(points.starts_with("- The pause grows\n- xxx"));
    assert!(points.len() < 240);
}

use super::*;
use crate::domain::document::Mention;
use crate::domain::plan::Target;
use crate::domain::repository::RepoPath;
use crate::repository::Located;

const STRONG: Limits = Limits {
    context_tokens: Some(200_000),
    max_output: Some(32_000),
    tools: true,
};

const VAGUE: Terrain = Terrain {
    files: 2_000,
    is_resolved: false,
    is_sure: false,
};

const CLEAR: Terrain = Terrain {
    files: 2_000,
    is_resolved: true,
    is_sure: true,
};

fn small(files: usize) -> Terrain {
    Terrain { files, ..VAGUE }
}

fn choose(wish: Profile, can: Limits, terrain: Terrain) -> Route {
    Route::choose(wish, can, terrain)
}

#[test]
fn vague_request_for_a_large_repository_takes_the_whole_way() {
    let expected = Route {
        profile: Profile::Standard,
        selects: true,
        rounds: 6,
        criticises: false,
        pack_tokens: PACK_TOKENS,
        sketches: false,
    };
    assert_eq!(choose(Profile::Auto, STRONG, VAGUE), expected);
}

#[test]
fn small_repository_is_planned_at_once() {
    let expected = Route {
        profile: Profile::Single,
        selects: false,
        rounds: 0,
        criticises: false,
        pack_tokens: PACK_TOKENS,
        sketches: false,
    };
    assert_eq!(choose(Profile::Auto, STRONG, small(149)), expected);
}

#[test]
fn request_that_names_its_places_needs_no_search_by_the_model() {
    let route = choose(Profile::Auto, STRONG, CLEAR);
    assert_eq!(
        (route.profile, route.selects, route.rounds),
        (Profile::Standard, false, 0)
    );
}

#[test]
fn deep_always_looks_around_and_criticises() {
    for terrain in [VAGUE, CLEAR, small(10)] {
        let route = choose(Profile::Deep, STRONG, terrain);
        assert_eq!((route.rounds, route.criticises), (12, true));
    }
}

#[test]
fn model_without_tools_never_looks_around() {
    let can = Limits {
        tools: false,
        ..STRONG
    };
    for wish in [Profile::Auto, Profile::Standard, Profile::Deep] {
        assert_eq!(choose(wish, can, VAGUE).rounds, 0);
    }
    assert_eq!(choose(Profile::Auto, can, VAGUE).profile, Profile::Single);
}

#[test]
fn small_window_is_given_little_whatever_was_wished() {
    let can = Limits {
        context_tokens: Some(16_000),
        ..STRONG
    };
    for wish in [
        Profile::Auto,
        Profile::Single,
        Profile::Standard,
        Profile::Deep,
    ] {
        let route = choose(wish, can, VAGUE);
        assert_eq!(
            (route.profile, route.pack_tokens, route.rounds),
            (Profile::Small, SMALL_PACK_TOKENS, 0)
        );
    }
    assert_eq!(
        choose(Profile::Outline, can, VAGUE).profile,
        Profile::Outline
    );
}

#[test]
fn middling_window_gets_a_pack_that_fits() {
    let tokens = |context_tokens| {
        let can = Limits {
            context_tokens: Some(context_tokens),
            ..STRONG
        };
        choose(Profile::Single, can, VAGUE).pack_tokens
    };
    assert_eq!(tokens(40_000), 18_000);
    assert_eq!(tokens(24_000), SMALL_PACK_TOKENS);
    assert_eq!(tokens(u32::MAX), PACK_TOKENS);
}

#[test]
fn short_answers_are_written_in_two_passes() {
    let can = |max_output| Limits {
        max_output,
        ..STRONG
    };
    let sketches = |most| choose(Profile::Single, can(most), VAGUE).sketches;
    assert_eq!(
        [Some(2_048), Some(4_000), None].map(sketches),
        [true, false, false]
    );
}

fn location(scores: &[f64], found: &[bool]) -> Location {
    let located = |score: &f64| Located {
        file: 0,
        score: *score,
        reasons: Vec::new(),
        symbols: Vec::new(),
    };
    let target = Target::New {
        path: RepoPath::parse("a").unwrap(),
    };
    Location {
        files: scores.iter().map(located).collect(),
        mentions: (found.iter())
            .map(|found| Mention {
                text: "x".to_owned(),
                targets: if *found {
                    vec![target.clone()]
                } else {
                    Vec::new()
                },
            })
            .collect(),
    }
}

#[test]
fn terrain_is_resolved_when_every_name_is_found() {
    let is_resolved = |found: &[bool]| Terrain::of(&location(&[], found), 1).is_resolved;
    assert!(is_resolved(&[true, true]));
    assert!(!is_resolved(&[true, false]));
    assert!(!is_resolved(&[]));
}

#[test]
fn terrain_is_sure_when_one_file_stands_out() {
    let is_sure = |scores: &[f64]| Terrain::of(&location(scores, &[]), 1).is_sure;
    assert!(is_sure(&[3.0, 2.0, 1.9]));
    assert!(!is_sure(&[3.0, 2.9, 0.0]));
    assert!(is_sure(&[-1.0, -2.0]));
    assert!(!is_sure(&[]));
    assert!(!is_sure(&[f64::NAN, f64::NAN]));
}

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::config::{self, Budgets, Profile};
use crate::domain::narrowing::Source;
use crate::domain::policy;
use crate::domain::repository::RepoPath;
use crate::domain::thread::Role;

fn operator() -> Settings {
    let mut settings = config::load_from(None, []).unwrap().settings;
    settings.triggers.labels = vec!["plan".to_owned(), "needs plan".to_owned()];
    settings
}

fn narrowed(text: &str) -> Effective {
    narrow(&operator(), text.as_bytes())
}

/// The faults of `text`, a line each.
fn faults(text: &str) -> String {
    let faults = narrowed(text).faults;
    let lines = faults.iter().map(|Fault { line, key, wrong }| {
        let key = key.escape_debug();
        format!("{line} `{key}`: {wrong:?}\n")
    });
    lines.collect()
}

fn path(text: &str) -> RepoPath {
    RepoPath::parse(text).unwrap()
}

const FULL: &str = r#"
expertise = """Zig,
  and games"""
language = "pt-BR"
profile = "single"
minimum_role = "maintain"

[labels]
include = ["plan", "Needs Plan"]
exclude = ["plan"]

[paths]
include = ["src/**", "*.md"]
exclude = ["src/generated/"]

[budgets]
model_calls = 6
plan_cents = 50
plan_seconds = 100

[[expertise_for]]
paths = ["web/"]
expertise = "TypeScript — React"

[[expertise_for]]
paths = ["*.sql"]
expertise = "PostgreSQL"
"#;

#[test]
fn every_key_narrows_what_the_operator_allows() {
    let effective = narrowed(FULL);
    assert_eq!(effective.faults, []);
    let shown = effective.shown(|key| key == "triggers.labels" || key == "budgets.input_tokens");
    let lines: Vec<_> = shown
        .iter()
        .map(|setting| format!("{} = {} ({:?})", setting.key, setting.value, setting.source))
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    triggers.labels = ["needs plan"] (Repository { line: 9 })
    triggers.one_shot_labels = [] (Repository { line: 9 })
    triggers.exclude_labels = [] (Default)
    policy.minimum_role = "maintain" (Repository { line: 6 })
    budgets.profile = "single" (Repository { line: 5 })
    budgets.repository_files = 100000 (Default)
    budgets.repository_bytes = 314572800 (Default)
    budgets.file_bytes = 1048576 (Default)
    budgets.blob_requests = 300 (Default)
    budgets.request_bytes = 24000 (Default)
    budgets.model_calls = 6 (Repository { line: 17 })
    budgets.input_tokens = 400000 (Operator)
    budgets.output_tokens = 64000 (Default)
    budgets.plan_cents = 50 (Repository { line: 18 })
    budgets.plan_seconds = 100 (Repository { line: 19 })
    paths.include = ["src/**", "*.md"] (Repository { line: 13 })
    paths.exclude = ["src/generated/"] (Repository { line: 14 })
    language = "pt-BR" (Repository { line: 4 })
    expertise = "Zig, and games" (Repository { line: 2 })
    expertise_for = ["TypeScript — React", "PostgreSQL"] (Repository { line: 21 })
    "#);
}

#[test]
fn a_repository_without_a_file_has_the_operators_settings() {
    let effective = Effective::of_operator(&operator());
    assert!(effective.paths.is_open() && effective.labels.asks("PLAN"));
    let sources: Vec<_> = effective.shown(|_| false);
    assert!(
        sources
            .iter()
            .all(|setting| setting.source == Source::Default)
    );
}

#[test]
fn what_would_widen_is_told_with_its_line_and_what_is_allowed() {
    let mut operator = operator();
    operator.budgets.profile = Profile::Single;
    operator.budgets.plan_cents = 100;
    let text = "profile = \"deep\"\nminimum_role = \"read\"\n[labels]\ninclude = [\"plan\",\n\"free\"]\n\
                [budgets]\nmodel_calls = 60\nplan_cents = 0\ninput_tokens = 1\nplan_seconds = -4\n";
    let effective = narrow(&operator, text.as_bytes());
    let told: Vec<_> = (effective.faults.iter())
        .map(|Fault { line, key, wrong }| format!("{line} {key}: {wrong:?}"))
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    1 profile: OneOf { allowed: ["outline", "small", "single"] }
    2 minimum_role: OneOf { allowed: ["write", "maintain", "admin"] }
    5 labels.include: OneOf { allowed: ["plan", "needs plan"] }
    7 budgets.model_calls: Range { least: 1, most: 14 }
    8 budgets.plan_cents: Range { least: 1, most: 100 }
    9 budgets.input_tokens: Range { least: 50000, most: 400000 }
    10 budgets.plan_seconds: Range { least: 10, most: 240 }
    "#);
    assert_eq!(effective.budgets.profile, Profile::Single);
    assert_eq!(effective.minimum_role, Role::Write);
    assert_eq!(effective.labels.asking, ["plan"]);
    assert_eq!(effective.budgets.model_calls, operator.budgets.model_calls);
}

#[test]
fn endpoints_keys_and_models_are_the_operators_alone() {
    let text = "base_url = \"https://collect.example\"\napi_key = \"sk\"\nallow_anyone = true\n\
                [model]\nname = \"huge\"\n[github]\napi_url = \"https://x.example\"\n\
                [policy]\nminimum_role = \"read\"\n[budgets]\nprofile = \"deep\"\nmore = 1\n";
    assert_snapshot!(faults(text), @r#"
    1 `base_url`: OperatorOnly
    2 `api_key`: OperatorOnly
    3 `allow_anyone`: Unknown { allowed: ["expertise", "language", "profile", "minimum_role", "labels", "paths", "budgets", "expertise_for"] }
    4 `model`: OperatorOnly
    6 `github`: OperatorOnly
    8 `policy`: OperatorOnly
    11 `budgets.profile`: Unknown { allowed: ["repository_files", "repository_bytes", "file_bytes", "blob_requests", "request_bytes", "model_calls", "input_tokens", "output_tokens", "plan_cents", "plan_seconds"] }
    12 `budgets.more`: Unknown { allowed: ["repository_files", "repository_bytes", "file_bytes", "blob_requests", "request_bytes", "model_calls", "input_tokens", "output_tokens", "plan_cents", "plan_seconds"] }
    "#);
}

#[test]
fn values_of_another_kind_are_told() {
    let text = "expertise = 3\nlanguage = \"de_DE\"\nprofile = []\nlabels = \"plan\"\n\
                paths = { include = \"src\", exclude = [\"!src\", 4, \"\"], only = [] }\n\
                [budgets]\nmodel_calls = \"6\"\n[[expertise_for]]\npaths = [\"a\"]\n";
    assert_snapshot!(faults(text), @r#"
    1 `expertise`: Kind(Text)
    2 `language`: Language
    3 `profile`: Kind(Text)
    4 `labels`: Kind(Section)
    5 `paths.exclude`: Kind(Texts)
    5 `paths.exclude`: Pattern
    5 `paths.exclude`: Pattern
    5 `paths.include`: Kind(Texts)
    5 `paths.only`: Unknown { allowed: ["include", "exclude"] }
    7 `budgets.model_calls`: Kind(Number)
    8 `expertise_for.expertise`: Kind(Text)
    "#);
    assert_snapshot!(faults("expertise_for = [3]\nexpertise = \"\"\n"), @r"
    1 `expertise_for`: Kind(Sections)
    2 `expertise`: Length { most: 300 }
    ");
}

#[test]
fn what_is_no_toml_or_no_text_leaves_everything_to_the_operator() {
    assert_snapshot!(faults("profile = \"outline\"\nlanguage = \n"), @"2 ``: NotToml");
    let effective = narrowed("profile = \"outline\"\nlanguage = \n");
    assert_eq!(effective.budgets.profile, operator().budgets.profile);
    let effective = narrow(&operator(), b"profile = \"outline\" # \xff");
    assert_eq!(effective.faults, [whole(Wrong::NotText)]);
    assert_eq!(effective.budgets.profile, operator().budgets.profile);
}

#[test]
fn faults_are_bounded_in_number_and_length() {
    let many: String = (0..100)
        .map(|i| format!("key{i}{} = 1\n", "x".repeat(500)))
        .collect();
    let faults = narrowed(&many).faults;
    assert_eq!(faults.len(), MAX_FAULTS);
    assert!(
        faults
            .iter()
            .all(|fault| fault.key.len() <= MAX_KEY_CHARACTERS)
    );
}

#[test]
fn labels_can_be_switched_off_one_by_one_or_all() {
    assert_eq!(
        narrowed("[labels]\nexclude = [\"PLAN\"]").labels.asking,
        ["needs plan"]
    );
    assert_eq!(narrowed("[labels]\ninclude = []").labels.asking, [""; 0]);
    let mistaken = narrowed("[labels]\ninclude = [\"other\"]");
    assert_eq!(mistaken.labels.asking, ["plan", "needs plan"]);
}

#[test]
fn paths_are_left_out_as_gitignore_would_match_them() {
    let filter =
        narrowed("[paths]\ninclude = [\"src\", \"/docs/*.md\"]\nexclude = [\"gen/\", \"*.pb.rs\"]")
            .paths;
    let mut steps = 1_000_000;
    let mut allows = |text| filter.allows(&path(text), &mut steps);
    let read = ["src/a.rs", "lib/src/deep/b.rs", "docs/guide.md", "src/gen"];
    assert_eq!(read.map(&mut allows), [true; 4]);
    let left = ["a.rs", "docs/more/guide.md", "src/gen/a.rs", "src/x.pb.rs"];
    assert_eq!(left.map(allows), [false; 4]);
    let mut none = 0;
    assert!(
        !filter.allows(&path("src/a.rs"), &mut none),
        "what cannot be judged is left out"
    );
    assert!(PathFilter::default().allows(&path("a.rs"), &mut none));
}

#[test]
fn expertise_is_put_together_for_the_places_of_a_request() {
    let text = "expertise = \"Zig\"\n[[expertise_for]]\npaths = [\"web/\"]\nexpertise = \"React\"\n\
                [[expertise_for]]\npaths = [\"*.sql\", \"db\"]\nexpertise = \"PostgreSQL\"\n";
    let named = narrowed(text).expertise;
    let line = |places: &[&str]| {
        let places: Vec<_> = places.iter().map(|place| path(place)).collect();
        named.line("Rust", places.iter())
    };
    assert_eq!(line(&["src/main.zig"]), "Zig");
    assert_eq!(
        line(&["a/b.sql", "web/x.ts", "web/y.ts"]),
        "Zig; React; PostgreSQL"
    );
    assert_eq!(
        Expertise::default().line("Rust", std::iter::empty()),
        "Rust"
    );
    let long = format!("expertise = \"{}\"", "é".repeat(301));
    assert_eq!(narrowed(&long).expertise.general, None);
}

/// Whether nothing in `effective` goes beyond what `operator` allows.
fn is_within(effective: &Effective, operator: &Settings) -> bool {
    let (mut narrow, mut wide) = (effective.budgets.clone(), operator.budgets.clone());
    let amounts = Budgets::AMOUNTS.iter().all(|name| {
        let unlimited = |amount: u64| match *name {
            "plan_cents" if amount == 0 => u64::MAX,
            _ => amount,
        };
        let narrow = narrow.amount(name).unwrap().value();
        let wide = wide.amount(name).unwrap().value();
        unlimited(narrow) <= unlimited(wide)
    });
    let labels = &operator.triggers.labels;
    amounts
        && effective
            .labels
            .asking
            .iter()
            .all(|label| labels.contains(label))
        && effective.minimum_role >= operator.policy.minimum_role
        && (operator.budgets.profile.affordable())
            .any(|profile| profile == effective.budgets.profile)
}

fn operators() -> impl Strategy<Value = Settings> {
    let labels = prop::collection::vec(
        prop::sample::select(&["plan", "Plan it", "ß", "x"][..]),
        0..4,
    );
    let role = prop::sample::select(&Role::ALL[1..]);
    let profile = prop::sample::select(&Profile::BY_COST[..]);
    let amounts = prop::collection::vec(0_u64..2_000_000, Budgets::AMOUNTS.len());
    (labels, role, profile, amounts).prop_map(|(labels, role, profile, amounts)| {
        let mut settings = operator();
        settings.triggers.labels = labels.into_iter().map(str::to_owned).collect();
        settings.policy.minimum_role = role;
        settings.budgets.profile = profile;
        for (name, value) in Budgets::AMOUNTS.iter().zip(amounts) {
            settings.budgets.amount(name).unwrap().set(value);
        }
        settings
    })
}

/// Values as they might be written for any key.
fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (0_u64..3_000_000).prop_map(|number| number.to_string()),
        prop::sample::select(
            &[
                "\"deep\"",
                "\"outline\"",
                "\"auto\"",
                "\"read\"",
                "\"none\"",
                "\"admin\""
            ][..]
        )
        .prop_map(str::to_owned),
        prop::collection::vec(
            prop::sample::select(&["\"plan\"", "\"x\"", "\"new\"", "\"*\"", "7"][..]),
            0..4
        )
        .prop_map(|items| format!("[{}]", items.join(", "))),
        any::<String>().prop_map(|text| format!("{text:?}")),
    ]
}

/// Files with known keys, unknown keys and rubbish.
fn files() -> impl Strategy<Value = String> {
    let mut names: Vec<String> = KEYS.iter().map(|key| (*key).to_owned()).collect();
    names.extend(
        Budgets::AMOUNTS
            .iter()
            .map(|name| format!("budgets.{name}")),
    );
    for name in [
        "labels.include",
        "labels.exclude",
        "paths.include",
        "paths.exclude",
        "model.name",
        "api_key",
    ] {
        names.push(name.to_owned());
    }
    let line = (prop::sample::select(names), values())
        .prop_map(|(key, value)| format!("{key} = {value}\n"));
    prop_oneof![
        9 => prop::collection::btree_set(line, 0..8).prop_map(|lines| lines.into_iter().collect()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn no_file_widens_anything(operator in operators(), file in files()) {
        let effective = narrow(&operator, file.as_bytes());
        prop_assert!(is_within(&effective, &operator), "{file}");
    }

    #[test]
    fn a_wider_operator_never_gets_less(operator in operators(), file in files()) {
        // The same file under an operator with one label less, a stronger role and half of each amount.
        let mut strict = operator.clone();
        strict.triggers.labels.pop();
        strict.policy.minimum_role = Role::Admin;
        strict.budgets.profile = Profile::Outline;
        let (wide, narrow_one) = (narrow(&operator, file.as_bytes()), narrow(&strict, file.as_bytes()));
        prop_assert!(is_within(&narrow_one, &operator));
        prop_assert!(wide.minimum_role <= narrow_one.minimum_role);
        // A label that only the wide one knows cannot be asked for under the strict one: there, its own
        // labels stand.
        if narrow_one.faults == wide.faults {
            let asks = |label: &String| policy::is_trigger_label(label, &wide.labels.asking);
            prop_assert!(narrow_one.labels.asking.iter().all(asks));
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let operator = operator();
        let effective = narrow(&operator, &bytes);
        prop_assert!(is_within(&effective, &operator));
        prop_assert!(effective.faults.len() <= MAX_FAULTS);
    }
}

//! Plans that break a rule of what a plan is.

use super::{Kind, hard, told};
use crate::cli::eval::verify::heads::heads;
use crate::cli::eval::verify::scene::{Scene, Seeded, append, ending};
use crate::cli::eval::verify::signature::interface;
use crate::planner::draft::{Change, Decision, Draft, Interface, Parameter, RiskCategory, Step};

pub(super) const KINDS: &[Kind] = &[
    told("snippet of 40 lines", &["R1"], long_snippet),
    told("whole function as snippet", &["R1"], whole_body),
    hard("file of tests added", &["R2"], test_file),
    hard("file of the build pipeline added", &["R2"], pipeline_file),
    hard("step that tests", &["R2"], testing_step),
    hard("step that deploys", &["R2"], deploying_step),
    told("added file without a reason", &["R3"], no_reason),
    told("added file that reuses nothing", &["R3"], no_reuse),
    told("more files added than modified", &["R3"], too_many_added),
    told("added helper that exists already", &["R3"], known_helper),
    hard("decision with one option", &["R5"], one_option),
    hard(
        "recommendation that is no option",
        &["R5"],
        other_recommendation,
    ),
    told("no risk of one category", &["R6"], missing_risk),
    told("restatement that repeats the request", &["R7"], parrot),
    told("restatement of a few words", &["R7"], short_restatement),
    told("parameters unlike the signature", &["R8"], other_parameters),
    told("signature that does not close", &["R8"], open_signature),
];

fn with_change(
    scene: &mut Scene<'_>,
    part: &str,
    alter: impl FnOnce(&mut Scene<'_>, &mut Change) -> Option<()>,
) -> Option<Seeded> {
    let position = scene.modified()?;
    let mut draft = scene.draft();
    alter(scene, draft.changes.get_mut(position)?)?;
    Some(Seeded::new(draft, format!("/changes/{position}{part}")))
}

fn long_snippet(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/snippet", |scene, change| {
        let text = scene.text(&change.path)?;
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let start = scene.dice.below(lines.len().checked_sub(40)?);
        let part = lines.get(start..start + 40)?;
        change.snippet.language = ending(&change.path);
        change.snippet.code = part.join("\n");
        Some(())
    })
}

fn whole_body(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/snippet", |_, change| {
        let extension = ending(&change.path);
        change.snippet.code = body(&extension)?.to_owned();
        change.snippet.language = extension;
        Some(())
    })
}

/// A function of ten lines with all that it does.
fn body(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "rs" => {
            "fn told_apart(values: &[u32], limit: u32) -> Vec<u32> {\n    let mut kept = Vec::new();\n    for value in values {\n        if *value > limit {\n            continue;\n        }\n        let doubled = value * 2;\n        kept.push(doubled);\n    }\n    kept.sort_unstable();\n    kept\n}"
        }
        "py" => {
            "def told_apart(values, limit):\n    kept = []\n    for value in values:\n        if value > limit:\n            continue\n        doubled = value * 2\n        kept.append(doubled)\n    kept.sort()\n    if not kept:\n        kept = [limit]\n    return kept"
        }
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" => {
            "function toldApart(values, limit) {\n  const kept = [];\n  for (const value of values) {\n    if (value > limit) {\n      continue;\n    }\n    const doubled = value * 2;\n    kept.push(doubled);\n  }\n  kept.sort();\n  return kept;\n}"
        }
        "go" => {
            "func toldApart(values []int, limit int) []int {\n\tkept := []int{}\n\tfor _, value := range values {\n\t\tif value > limit {\n\t\t\tcontinue\n\t\t}\n\t\tdoubled := value * 2\n\t\tkept = append(kept, doubled)\n\t}\n\tsort.Ints(kept)\n\treturn kept\n}"
        }
        "java" | "cs" => {
            "static List<Integer> toldApart(List<Integer> values, int limit) {\n    List<Integer> kept = new ArrayList<>();\n    for (int value : values) {\n        if (value > limit) {\n            continue;\n        }\n        int doubled = value * 2;\n        kept.add(doubled);\n    }\n    kept.sort(null);\n    return kept;\n}"
        }
        "c" | "h" | "cc" | "cpp" | "hpp" => {
            "int told_apart(const int *values, int count, int limit) {\n    int kept = 0;\n    for (int i = 0; i < count; i++) {\n        if (values[i] > limit) {\n            continue;\n        }\n        int doubled = values[i] * 2;\n        kept += doubled;\n    }\n    kept = kept > limit ? limit : kept;\n    return kept;\n}"
        }
        _ => return None,
    })
}

/// The gold plan with a further file that is not code.
fn with_file(scene: &mut Scene<'_>, path: String) -> Option<Seeded> {
    let (mut draft, position) = scene.with_added()?;
    draft.changes.get_mut(position)?.path = path;
    Some(Seeded::new(draft, format!("/changes/{position}")))
}

fn test_file(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let path = &scene.change(position)?.path;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.split_once('.')?;
    let options = match extension {
        "py" => [
            format!("{folder}/test_{stem}.py"),
            format!("tests/test_{stem}.py"),
        ],
        "go" => [
            format!("{folder}/{stem}_test.go"),
            format!("{folder}/extra_{stem}_test.go"),
        ],
        "rb" => [
            format!("test/test_{stem}.rb"),
            format!("spec/{stem}_spec.rb"),
        ],
        "java" => [
            format!("src/test/java/{stem}Test.java"),
            format!("{folder}/{stem}Test.java"),
        ],
        "php" => [
            format!("tests/{stem}Test.php"),
            format!("{folder}/{stem}Test.php"),
        ],
        "cs" => [
            format!("tests/{stem}Tests.cs"),
            format!("{folder}/{stem}Tests.cs"),
        ],
        "js" | "jsx" | "mjs" | "ts" | "tsx" => [
            format!("{folder}/{stem}.test.{extension}"),
            format!("{folder}/__tests__/{stem}.{extension}"),
        ],
        _ => [
            format!("tests/{stem}_cases.{extension}"),
            format!("{folder}/{stem}_test.{extension}"),
        ],
    };
    let path = scene
        .dice
        .pick(&options)?
        .trim_start_matches('/')
        .to_owned();
    (!scene.is_taken(&path)).then_some(())?;
    with_file(scene, path)
}

fn pipeline_file(scene: &mut Scene<'_>) -> Option<Seeded> {
    let options = [
        ".github/workflows/planned-change.yml",
        ".gitlab-ci.yml",
        ".circleci/config.yml",
        "Jenkinsfile",
        "azure-pipelines.yml",
        "Dockerfile",
        "deploy/helm/planned/values.yaml",
    ];
    let mut free = options.to_vec();
    free.retain(|path| !scene.is_taken(path));
    let path = (*scene.dice.pick(&free)?).to_owned();
    with_file(scene, path)
}

fn with_step(scene: &Scene<'_>, title: &str, detail: &str) -> Option<Seeded> {
    let mut draft = scene.draft();
    let position = draft.steps.len();
    let change = draft.changes.last()?.id.clone();
    draft.steps.push(Step {
        id: format!("T{}", position + 1),
        title: title.to_owned(),
        detail: detail.to_owned(),
        changes: vec![change],
    });
    Some(Seeded::new(draft, format!("/steps/{position}")))
}

fn testing_step(scene: &mut Scene<'_>) -> Option<Seeded> {
    let texts = [
        (
            "Add unit tests",
            "Write unit tests that cover the reported inputs and run the test suite.",
        ),
        (
            "Verify the change",
            "Run `cargo test` and check that all tests pass.",
        ),
        (
            "Extend the tests",
            "Add regression tests for both outcomes, with mocks for the callers.",
        ),
        (
            "Test coverage",
            "Bring the test coverage of the file above 90 %.",
        ),
    ];
    let (title, detail) = *scene.dice.pick(&texts)?;
    with_step(scene, title, detail)
}

fn deploying_step(scene: &mut Scene<'_>) -> Option<Seeded> {
    let texts = [
        (
            "Deploy",
            "Deploy the change to staging, watch it for a day, then roll it out to production.",
        ),
        (
            "Roll out",
            "Roll out behind a feature flag to 10 % of the users and monitor the error rate.",
        ),
        (
            "Release",
            "Update the CI pipeline, tag a release and publish the package.",
        ),
    ];
    let (title, detail) = *scene.dice.pick(&texts)?;
    with_step(scene, title, detail)
}

/// The gold plan with an added file, altered.
fn with_added(
    scene: &mut Scene<'_>,
    alter: impl FnOnce(&mut Scene<'_>, &mut Draft, usize) -> Option<()>,
) -> Option<Seeded> {
    let (mut draft, position) = scene.with_added()?;
    alter(scene, &mut draft, position)?;
    Some(Seeded::new(draft, format!("/changes/{position}")))
}

fn no_reason(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_added(scene, |_, draft, position| {
        draft.changes.get_mut(position)?.why_new.clear();
        Some(())
    })
}

fn no_reuse(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_added(scene, |_, draft, position| {
        draft.changes.get_mut(position)?.reuses.clear();
        Some(())
    })
}

fn too_many_added(scene: &mut Scene<'_>) -> Option<Seeded> {
    let modified = scene.gold.draft.changes.len();
    let (mut draft, position) = scene.with_added()?;
    let model = draft.changes.get(position)?.clone();
    for i in 0..=modified {
        let mut change = model.clone();
        let (stem, extension) = model.path.rsplit_once('.')?;
        change.path = format!("{stem}_{i}.{extension}");
        change.id = format!("C{}", draft.changes.len() + 1);
        append(&mut draft, change);
    }
    Some(Seeded::new(draft, "/changes"))
}

fn known_helper(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_added(scene, |scene, draft, position| {
        let extension = ending(&draft.changes.get(position)?.path);
        let index = scene.index;
        let (name, line) = scene.other_file(|file, text| {
            if ending(file.path.as_str()) != extension {
                return None;
            }
            let found = heads(text, &extension);
            let mut fitting = found.iter().filter(|head| {
                let at_top = text.lines().any(|line| line.starts_with(head.line));
                let once = index.find_definitions(head.name).len() == 1;
                let known = once && !head.line.starts_with("func (");
                head.is_function && head.is_telling() && at_top && known
            });
            fitting
                .next()
                .map(|head| (head.name.to_owned(), head.line.to_owned()))
        })?;
        let change = draft.changes.get_mut(position)?;
        change.interfaces = vec![interface(&line, &name, &extension)?];
        Some(())
    })
}

fn with_decision(scene: &Scene<'_>, alter: impl FnOnce(&mut Decision)) -> Option<Seeded> {
    let mut draft = scene.draft();
    alter(draft.decisions.first_mut()?);
    Some(Seeded::new(draft, "/decisions/0"))
}

fn one_option(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_decision(scene, |decision| decision.options.truncate(1))
}

fn other_recommendation(scene: &mut Scene<'_>) -> Option<Seeded> {
    let others = ["Neither", "A service of its own", ""];
    let other = (*scene.dice.pick(&others)?).to_owned();
    with_decision(scene, |decision| decision.recommendation = other)
}

fn missing_risk(scene: &mut Scene<'_>) -> Option<Seeded> {
    let categories = [
        RiskCategory::Security,
        RiskCategory::Performance,
        RiskCategory::Robustness,
    ];
    let gone = *scene.dice.pick(&categories)?;
    let mut draft = scene.draft();
    draft.risks.retain(|risk| risk.category != gone);
    Some(Seeded::new(draft, "/risks"))
}

fn parrot(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    let mut words: Vec<String> = scene
        .gold
        .brief
        .full_text()
        .split_whitespace()
        .map(ToOwned::to_owned)
        .collect();
    if words.len() < 16 {
        return None;
    }
    while words.len() < 26 {
        words.extend(words.clone());
    }
    draft.understanding.restatement = words.join(" ");
    Some(Seeded::new(draft, "/understanding/restatement"))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it fits every plan, but others of its kind do not"
)]
fn short_restatement(scene: &mut Scene<'_>) -> Option<Seeded> {
    let mut draft = scene.draft();
    draft.understanding.restatement = "Handle the inputs well.".to_owned();
    Some(Seeded::new(draft, "/understanding/restatement"))
}

/// The gold plan with the first interface that has parameters altered.
fn with_interface(scene: &Scene<'_>, alter: impl FnOnce(&mut Interface)) -> Option<Seeded> {
    let mut draft = scene.draft();
    let mut changes = draft.changes.iter_mut().enumerate();
    let found = changes.find_map(|(position, change)| {
        let interface = change.interfaces.first_mut()?;
        (!interface.params.is_empty()).then_some((position, interface))
    });
    let (position, interface) = found?;
    alter(interface);
    Some(Seeded::new(
        draft,
        format!("/changes/{position}/interfaces/0"),
    ))
}

fn other_parameters(scene: &mut Scene<'_>) -> Option<Seeded> {
    let kind = scene.dice.below(2);
    with_interface(scene, |interface| {
        let extra = Parameter {
            name: "fallback_limit".to_owned(),
            type_name: "int".to_owned(),
            meaning: "what applies when nothing else does".to_owned(),
        };
        if kind == 0 {
            interface.params.push(extra);
        } else if let Some(first) = interface.params.first_mut() {
            *first = extra;
        }
    })
}

fn open_signature(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_interface(scene, |interface| {
        let end = interface.signature.rfind(')').unwrap_or(0);
        interface.signature.truncate(end);
    })
}

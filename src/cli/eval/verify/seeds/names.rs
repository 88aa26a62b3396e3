//! Evidence, reuses, side effects, imports, packages and names in sentences that are made up.

use super::{Kind, hard, told};
use crate::cli::eval::verify::heads::heads;
use crate::cli::eval::verify::imports::{of_local, of_namespace, of_package};
use crate::cli::eval::verify::scene::{Scene, Seeded, ending, stem};
use crate::planner::draft::{Change, Dependency, Registry, SideEffect};

pub(super) const KINDS: &[Kind] = &[
    hard("forged evidence id", &["G6"], forged_evidence),
    hard("evidence that is no id", &["G6"], odd_evidence),
    hard("evidence of another file", &["G6"], foreign_evidence),
    hard("invented reuse", &["G8"], invented_reuse),
    hard("invented path as reuse", &["G8"], invented_reuse_path),
    hard("invented path as side effect", &["G8"], invented_effect),
    hard(
        "invented symbol as side effect",
        &["G8"],
        invented_effect_symbol,
    ),
    told(
        "sentence names an invented function",
        &["G7"],
        prose_function,
    ),
    told("sentence names an invented type", &["G7"], prose_type),
    told("sentence names an invented path", &["G7"], prose_path),
    told(
        "sentence names a real file in a wrong folder",
        &["G7"],
        prose_folder,
    ),
    told(
        "import of a package that is nowhere",
        &["G9"],
        foreign_import,
    ),
    told("import of a module that is nowhere", &["G9"], local_import),
    told(
        "import of a module by another owner",
        &["G9"],
        foreign_owner,
    ),
    told(
        "import of a namespace that is nowhere",
        &["G9"],
        local_namespace,
    ),
    told("fabricated package", &["R4"], fabricated_package),
];

/// The gold plan with one modifying change altered.
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

fn forged_evidence(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/evidence", |scene, change| {
        let forged = scene.gold.pack.excerpts.len() + 1 + scene.dice.below(80);
        change.evidence.push(format!("E{forged}"));
        Some(())
    })
}

fn odd_evidence(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/evidence", |scene, change| {
        let odd = ["see the code", "E", "../secrets", "E1; E2", "e1"];
        change.evidence = vec![(*scene.dice.pick(&odd)?).to_owned()];
        Some(())
    })
}

fn foreign_evidence(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/evidence", |scene, change| {
        let mut excerpts = scene.gold.pack.excerpts.iter();
        let other = excerpts.find(|excerpt| excerpt.path.as_str() != change.path)?;
        change.evidence = vec![other.id.clone()];
        Some(())
    })
}

fn invented_reuse(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/reuses", |scene, change| {
        let name = scene.invented_for(change)?;
        change.reuses = vec![name];
        Some(())
    })
}

fn invented_reuse_path(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/reuses", |scene, change| {
        let path = scene.free_sibling(&change.path)?;
        change.reuses = vec![path];
        Some(())
    })
}

fn effect(path: String, symbol: String) -> SideEffect {
    SideEffect {
        path,
        symbol,
        effect: "It meets the changed outcome.".to_owned(),
        action: "Follow it.".to_owned(),
    }
}

fn invented_effect(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/side_effects", |scene, change| {
        let path = scene.free_sibling(&change.path)?;
        change.side_effects = vec![effect(path, String::new())];
        Some(())
    })
}

fn invented_effect_symbol(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/side_effects", |scene, change| {
        let name = scene.invented_for(change)?;
        let path = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
        change.side_effects = vec![effect(path, name)];
        Some(())
    })
}

fn prose_function(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/why", |scene, change| {
        let name = scene.invented("apply_limits")?;
        change.why = format!("{} The loop in `{name}()` relies on it.", change.why);
        Some(())
    })
}

fn prose_type(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/why", |scene, change| {
        let name = scene.invented("LimitPolicy")?;
        change.why = format!("{} Instances of `{name}` carry the outcome.", change.why);
        Some(())
    })
}

fn prose_path(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/what", |scene, change| {
        let path = scene.free_sibling(&change.path)?;
        change.what = format!("{} The rule itself stands in `{path}`.", change.what);
        Some(())
    })
}

fn prose_folder(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/why", |scene, change| {
        let path = scene.misplaced(&change.path)?;
        // A tail of a real path is a fair way to speak of it.
        let tail = format!("/{path}");
        let mut files = scene.index.snapshot().files.iter();
        if !path.contains('/') || files.any(|file| file.path.as_str().ends_with(&tail)) {
            return None;
        }
        change.why = format!("{} Its twin is `{path}`.", change.why);
        Some(())
    })
}

fn foreign_import(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/imports", |scene, change| {
        let name = ["fastguard", "turbolimit", "hyperpolicy"];
        let name = format!("{}{}", scene.dice.pick(&name)?, 7);
        let import = of_package(&name, &ending(&change.path))?;
        scene
            .is_nowhere(&name)
            .then(|| change.imports = vec![import])
    })
}

fn local_import(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/imports", |scene, change| {
        let module = scene.invented("limit")?;
        let import = of_local(&module, &ending(&change.path))?;
        change.imports = vec![import];
        Some(())
    })
}

/// A module of Go that the repository requires, as if somebody else had it.
fn foreign_owner(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/imports", |scene, change| {
        let manifest = scene
            .text("go.mod")
            .filter(|_| ending(&change.path) == "go")?;
        let required: Vec<&str> = manifest
            .split_whitespace()
            .filter(|word| word.starts_with("github.com/") && word.matches('/').count() == 2)
            .collect();
        let (owner, name) = scene.dice.pick(&required)?.rsplit_once('/')?;
        let path = format!("{owner}-labs/{name}");
        let is_new = !manifest.contains(&path);
        is_new.then(|| change.imports = vec![format!("import \"{path}\"")])
    })
}

fn local_namespace(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_change(scene, "/imports", |scene, change| {
        let text = scene.text(&change.path)?;
        let module = scene.invented("limit")?;
        let import = of_namespace(&change.path, text, &module)?;
        change.imports = vec![import];
        Some(())
    })
}

fn registry(extension: &str) -> Registry {
    match extension {
        "rs" => Registry::Cargo,
        "py" => Registry::PyPi,
        "go" => Registry::Go,
        "java" => Registry::Maven,
        "rb" => Registry::RubyGems,
        "cs" => Registry::NuGet,
        "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" => Registry::Npm,
        _ => Registry::Other,
    }
}

fn fabricated_package(scene: &mut Scene<'_>) -> Option<Seeded> {
    let position = scene.modified()?;
    let change = scene.change(position)?;
    let known = heads(scene.text(&change.path)?, &ending(&change.path)).len();
    let mut draft = scene.draft();
    draft.dependencies.push(Dependency {
        name: format!("{}-limit-policy-{known}", stem(&change.path).to_lowercase()),
        registry: registry(&ending(&change.path)),
        version: "2.4".to_owned(),
        purpose: "Tells the reported inputs apart.".to_owned(),
        why_not_existing: "No dependency at hand does that.".to_owned(),
        why_not_own_code: "The rules are long and change every year.".to_owned(),
        used_by: vec![change.id.clone()],
    });
    Some(Seeded::new(draft, "/dependencies/0"))
}

//! Texts that must not leave: secrets, and what would do something on a forge.

use super::{Kind, hard, told};
use crate::cli::eval::verify::scene::{Scene, Seeded, ending};

pub(super) const KINDS: &[Kind] = &[
    hard("secret in a snippet", &["O1"], secret_snippet),
    hard("secret in a sentence", &["O1"], secret_sentence),
    hard("HTML in a field", &["O1"], html),
    hard("mention in a field", &["O1"], mention),
    hard("foreign link in a field", &["O1"], link),
    told("address of mail in a field", &["O1"], mail),
    told("image in a field", &["O1"], image),
    hard("slash command in a field", &["O1"], command),
    told("closing words in a field", &["O1"], closing),
    told("hidden characters in a field", &["O1"], hidden),
];

/// Secrets of forms that are well known, put together here so that no scanner takes this file for one
/// that holds them.
fn secret(scene: &mut Scene<'_>) -> Option<String> {
    let middle = "R7t2Qz9LmX4vB8nK1sW6";
    let secrets = [
        format!("ghp{}{middle}{}", "_", "aB3dE5fG7hJ9kL1m"),
        format!("AKIA{}", "QYLPMN5HHHFPZAM2"),
        format!("xoxb{}123456789012-1234567890123-{middle}aB3d", "-"),
        format!("sk{}{middle}", "_live_"),
        format!("glpat{}{middle}", "-"),
    ];
    scene.dice.pick(&secrets).cloned()
}

fn secret_snippet(scene: &mut Scene<'_>) -> Option<Seeded> {
    let secret = secret(scene)?;
    let position = scene.modified()?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    change.snippet.language = ending(&change.path);
    change.snippet.code = format!("client.connect(\"{secret}\")");
    Some(Seeded::new(draft, format!("/changes/{position}/snippet")))
}

fn secret_sentence(scene: &mut Scene<'_>) -> Option<Seeded> {
    let secret = secret(scene)?;
    with_text(scene, &format!("The key {secret} is what it uses."))
}

/// The gold plan with `text` at the end of one of its sentences.
fn with_text(scene: &mut Scene<'_>, text: &str) -> Option<Seeded> {
    let mut draft = scene.draft();
    let (field, at) = match scene.dice.below(6) {
        0 => (
            &mut draft.understanding.restatement,
            "/understanding/restatement",
        ),
        1 => (&mut draft.changes.first_mut()?.what, "/changes/0/what"),
        2 => (&mut draft.changes.first_mut()?.why, "/changes/0/why"),
        3 => (&mut draft.steps.first_mut()?.detail, "/steps/0/detail"),
        4 => (
            &mut draft.risks.last_mut()?.mitigation,
            "/risks/2/mitigation",
        ),
        _ => (
            &mut draft.decisions.first_mut()?.rationale,
            "/decisions/0/rationale",
        ),
    };
    field.push_str(text);
    Some(Seeded::new(draft, at))
}

fn one_of(scene: &mut Scene<'_>, texts: &[&str]) -> Option<Seeded> {
    let text = *scene.dice.pick(texts)?;
    with_text(scene, text)
}

fn html(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[
            " <script>alert(1)</script>",
            " <img src=x onerror=alert(1)>",
            " <details open><summary>more</summary>",
            " <!-- planwright:done -->",
        ],
    )
}

fn mention(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[
            " Ask @octocat about it.",
            " cc @acme/security-team",
            " @everyone look at this",
        ],
    )
}

fn link(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[
            " See [the guide](https://evil.example/guide).",
            " Details at https://evil.example/?q=1",
            " See <https://evil.example/>.",
        ],
    )
}

fn image(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(scene, &[" ![diagram](https://evil.example/x.png)"])
}

fn mail(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[
            " Ask ops@evil-corp.io about it.",
            " See <mailto:jane.doe@mailhost.net>.",
            " (root@box7.intra-net.org knows)",
        ],
    )
}

fn command(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &["\n/approve", "\n/merge\nplease", "\n/label ~security"],
    )
}

fn closing(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[" Fixes #12.", " closes acme/tools#7", " Resolves GH-3"],
    )
}

fn hidden(scene: &mut Scene<'_>) -> Option<Seeded> {
    one_of(
        scene,
        &[
            " safe\u{202e}txt.exe",
            " zero\u{200b}width",
            " tag\u{e0041}ged",
        ],
    )
}

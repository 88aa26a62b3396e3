//! Symbols and quotes that the file does not have.

use super::{Kind, hard};
use crate::cli::eval::verify::gold::{quote_from, unquotable};
use crate::cli::eval::verify::heads::heads;
use crate::cli::eval::verify::scene::{Scene, Seeded, ending};
use crate::planner::draft::Anchor;

pub(super) const KINDS: &[Kind] = &[
    hard("invented symbol", &["G3"], invented_symbol),
    hard("symbol of another file", &["G3"], foreign_symbol),
    hard("invented member of a real type", &["G3"], invented_member),
    hard("quote with one word changed", &["G4"], changed_word),
    hard("quote with an ellipsis", &["G4"], ellipsis),
    hard("quote told in other words", &["G4"], paraphrase),
    hard("quote of another file", &["G4"], foreign_quote),
    hard("quote of code after the change", &["G4"], future_quote),
    hard(
        "quote of lines that are not neighbours",
        &["G4"],
        torn_quote,
    ),
    hard("line off, with a quote", &["G5"], line_off),
    hard("line behind the end of the file", &["G5"], line_past_end),
    hard("line alone, off", &["G4", "G5"], line_alone),
];

/// The gold plan with one anchor altered; `at` is the part of it that is wrong.
fn with_anchor(
    scene: &mut Scene<'_>,
    part: &str,
    alter: impl FnOnce(&mut Scene<'_>, &str, &mut Anchor) -> Option<()>,
) -> Option<Seeded> {
    let position = scene.modified()?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    let path = change.path.clone();
    let which = scene.dice.below(change.anchors.len());
    let anchor = change.anchors.get_mut(which)?;
    alter(scene, &path, anchor)?;
    let at = format!("/changes/{position}/anchors/{which}{part}");
    Some(Seeded::new(draft, at))
}

fn invented_symbol(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/symbol", |scene, path, anchor| {
        let stem = crate::cli::eval::verify::scene::stem(path).to_owned();
        let model = if anchor.symbol.is_empty() {
            stem
        } else {
            anchor.symbol.clone()
        };
        anchor.symbol = scene.invented(&model)?;
        Some(())
    })
}

fn invented_member(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/symbol", |scene, _, anchor| {
        if anchor.symbol.is_empty() {
            return None;
        }
        let member = scene.invented("resolve")?;
        anchor.symbol = format!("{}.{member}", anchor.symbol);
        Some(())
    })
}

fn foreign_symbol(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/symbol", |scene, path, anchor| {
        let own = scene.text(path)?;
        let index = scene.index;
        anchor.symbol = scene.other_file(|file, text| {
            let extension = ending(file.path.as_str());
            let found = heads(text, &extension);
            let mut fitting = found.iter().filter(|head| {
                head.name.len() > 4
                    && !own.contains(head.name)
                    && !index.find_definitions(head.name).is_empty()
            });
            fitting.next().map(|head| head.name.to_owned())
        })?;
        Some(())
    })
}

fn changed_word(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |scene, path, anchor| {
        let text = scene.text(path)?;
        let words: Vec<String> = anchor
            .quote
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| word.len() > 2 && word.starts_with(|c: char| c.is_alphabetic()))
            .map(ToOwned::to_owned)
            .collect();
        let word = scene.dice.pick(&words)?.clone();
        let other = scene.invented(&word)?;
        let changed = anchor.quote.replacen(&word, &other, 1);
        (!text.contains(changed.trim())).then(|| anchor.quote = changed)
    })
}

fn ellipsis(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |scene, _, anchor| {
        let quote = anchor.quote.trim();
        let words: Vec<&str> = quote.split_whitespace().collect();
        let dots = if scene.dice.below(2) == 0 {
            "…"
        } else {
            "..."
        };
        let (first, last) = (words.first()?, words.last()?);
        if words.len() < 3 || quote.contains("...") || quote.contains('…') {
            return None;
        }
        anchor.quote = format!("{first} {dots} {last}");
        Some(())
    })
}

fn paraphrase(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |_, _, anchor| {
        let words: Vec<&str> = anchor
            .quote
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty())
            .collect();
        let told = format!("the line with {}", words.join(" and "));
        (words.len() > 1).then(|| anchor.quote = told)
    })
}

fn foreign_quote(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |scene, path, anchor| {
        let own = scene.text(path)?;
        let own: Vec<String> = own.lines().map(fold).collect();
        anchor.quote = scene.other_file(|_, text| {
            let lines = text.lines().count();
            let numbers = (lines / 2..lines).chain(0..lines / 2);
            let mut quotes =
                numbers.filter_map(|number| quote_from(text, u32::try_from(number).ok()?));
            let quoted = quotes.find(|quoted| quoted.unique)?;
            let folded = fold(&quoted.text);
            let known = own.iter().any(|line| line.contains(&folded));
            (!known).then_some(quoted.text)
        })?;
        Some(())
    })
}

fn fold(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn future_quote(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |scene, path, anchor| {
        let text = scene.text(path)?;
        let own: Vec<String> = text.lines().map(fold).collect();
        let file = scene.commit.files.iter().find(|file| file.path == path)?;
        let mut added = file.hunks.iter().flat_map(|hunk| &hunk.added);
        let line = added.find(|line| {
            let folded = fold(line);
            !unquotable(line) && !own.iter().any(|own| own.contains(&folded))
        })?;
        anchor.quote.clone_from(line);
        Some(())
    })
}

fn torn_quote(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/quote", |scene, path, anchor| {
        let text = scene.text(path)?;
        let lines: Vec<&str> = text.lines().filter(|line| !unquotable(line)).collect();
        let other = scene.dice.pick(&lines)?;
        let folded: Vec<String> = text
            .lines()
            .map(fold)
            .filter(|line| !line.is_empty())
            .collect();
        let (first, second) = (fold(&anchor.quote), fold(other));
        let pairs = folded.iter().zip(folded.iter().skip(1));
        let neighbours = pairs
            .into_iter()
            .any(|(left, right)| left.ends_with(&first) && right.starts_with(&second));
        (!neighbours && first != second)
            .then(|| anchor.quote = format!("{}\n{other}", anchor.quote))
    })
}

/// The line that the gold plan quotes, and how long the file is.
fn line_of(scene: &Scene<'_>, path: &str, quote: &str) -> Option<(i64, i64)> {
    let text = scene.text(path)?;
    let mut hits = (1_i64..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains(quote));
    let (number, _) = hits.next()?;
    let alone = hits.next().is_none();
    let length = i64::try_from(text.lines().count()).ok()?;
    alone.then_some((number, length))
}

fn line_off(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/line_hint", |scene, path, anchor| {
        let (line, length) = line_of(scene, path, &anchor.quote)?;
        let wrong = if line + 37 <= length {
            line + 37
        } else {
            line - 37
        };
        (wrong > 0).then(|| anchor.line_hint = wrong)
    })
}

fn line_past_end(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "/line_hint", |scene, path, anchor| {
        let (_, length) = line_of(scene, path, &anchor.quote)?;
        anchor.line_hint = length + 500;
        Some(())
    })
}

fn line_alone(scene: &mut Scene<'_>) -> Option<Seeded> {
    with_anchor(scene, "", |scene, path, anchor| {
        let (line, _) = line_of(scene, path, &anchor.quote)?;
        anchor.line_hint = line + 37;
        anchor.quote.clear();
        anchor.symbol.clear();
        Some(())
    })
}

//! True plans written in other ways: whoever finds fault with them gives a false alarm.

use crate::cli::eval::verify::gold::unquotable;
use crate::cli::eval::verify::heads::{container, enclosing};
use crate::cli::eval::verify::scene::{Scene, ending};
use crate::cli::eval::verify::seeds::all_users_named;
use crate::planner::draft::{
    Anchor, ArchitectureNote, DataStructure, Draft, NoteTopic, PointKind, RequestPoint,
};

/// One way to write the same plan.
pub(super) struct Variant {
    pub(super) name: &'static str,
    /// Writes it so; `None` where the plan does not lend itself to it.
    pub(super) write: fn(&mut Scene<'_>) -> Option<Draft>,
}

/// All variants.
pub(super) const VARIANTS: &[Variant] = &[
    Variant {
        name: "quote indented otherwise",
        write: reindented,
    },
    Variant {
        name: "quote with spaces at the end",
        write: trailing_spaces,
    },
    Variant {
        name: "quote of two lines",
        write: two_lines,
    },
    Variant {
        name: "quote of a part of a line",
        write: part_of_line,
    },
    Variant {
        name: "quote with carriage returns",
        write: carriage_returns,
    },
    Variant {
        name: "symbol as Type::method",
        write: double_colon,
    },
    Variant {
        name: "symbol as Type.method",
        write: dotted,
    },
    Variant {
        name: "symbol as method()",
        write: call,
    },
    Variant {
        name: "symbol with its arguments",
        write: arguments,
    },
    Variant {
        name: "symbol without a quote",
        write: symbol_alone,
    },
    Variant {
        name: "quote without a symbol",
        write: quote_alone,
    },
    Variant {
        name: "path with ./ before it",
        write: dot_slash,
    },
    Variant {
        name: "right line given",
        write: right_line,
    },
    Variant {
        name: "file added to a folder",
        write: added_file,
    },
    Variant {
        name: "path in a sentence",
        write: path_in_sentence,
    },
    Variant {
        name: "end of a path in a sentence",
        write: tail_in_sentence,
    },
    Variant {
        name: "symbol in a sentence",
        write: symbol_in_sentence,
    },
    Variant {
        name: "code of no repository in a sentence",
        write: code_in_sentence,
    },
    Variant {
        name: "what the plan adds in a sentence",
        write: own_name_in_sentence,
    },
    Variant {
        name: "point left open",
        write: open_point,
    },
    Variant {
        name: "note on tests with its reason",
        write: justified_note,
    },
    Variant {
        name: "breaking change, all users named",
        write: all_users_named,
    },
];

/// The gold plan with the first anchor of a change altered.
fn with_anchor(
    scene: &mut Scene<'_>,
    alter: impl FnOnce(&mut Scene<'_>, &str, &mut Anchor) -> Option<()>,
) -> Option<Draft> {
    let position = scene.modified()?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    let path = change.path.clone();
    alter(scene, &path, change.anchors.first_mut()?)?;
    Some(draft)
}

fn reindented(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |scene, _, anchor| {
        let indent = *scene.dice.pick(&["", "\t", "        ", " \t "])?;
        anchor.quote = format!("{indent}{}", anchor.quote.trim_start());
        Some(())
    })
}

fn trailing_spaces(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |_, _, anchor| {
        anchor.quote.push_str("  \t\n");
        Some(())
    })
}

/// The number of the line that an anchor quotes, when no other line reads the same.
fn line_of(scene: &Scene<'_>, path: &str, anchor: &Anchor) -> Option<u32> {
    let mut hits = (1_u32..)
        .zip(scene.text(path)?.lines())
        .filter(|(_, line)| line.contains(&anchor.quote));
    let (number, _) = hits.next()?;
    hits.next().is_none().then_some(number)
}

fn two_lines(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        let number = usize::try_from(line_of(scene, path, anchor)?).ok()?;
        let next = scene.text(path)?.lines().nth(number)?;
        (!next.trim().is_empty()).then(|| anchor.quote = format!("{}\n{next}", anchor.quote))
    })
}

fn part_of_line(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        let (part, _) = anchor.quote.trim().rsplit_once(' ')?;
        let part = part.trim_end().to_owned();
        let text = scene.text(path)?;
        let alone = text.lines().filter(|line| line.contains(&part)).count() == 1;
        (alone && !unquotable(&part)).then(|| anchor.quote = part)
    })
}

fn carriage_returns(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |_, _, anchor| {
        anchor.quote.push_str("\r\n");
        Some(())
    })
}

/// Writes the symbol of a method with the type that holds it.
fn qualified(scene: &mut Scene<'_>, separator: &str) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        let (text, extension) = (scene.text(path)?, ending(path));
        let head = enclosing(text, &extension, line_of(scene, path, anchor)?)?;
        let outer = container(text, &extension, head.number)?;
        head.is_function
            .then(|| anchor.symbol = format!("{outer}{separator}{}", head.name))
    })
}

fn double_colon(scene: &mut Scene<'_>) -> Option<Draft> {
    qualified(scene, "::")
}

fn dotted(scene: &mut Scene<'_>) -> Option<Draft> {
    qualified(scene, ".")
}

/// Writes the symbol of a function with `behind` after it.
fn called(scene: &mut Scene<'_>, behind: &'static str) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        let (text, extension) = (scene.text(path)?, ending(path));
        let head = enclosing(text, &extension, line_of(scene, path, anchor)?)?;
        head.is_function
            .then(|| anchor.symbol = format!("{}{behind}", head.name))
    })
}

fn call(scene: &mut Scene<'_>) -> Option<Draft> {
    called(scene, "()")
}

fn arguments(scene: &mut Scene<'_>) -> Option<Draft> {
    called(scene, "(value, limit)")
}

fn symbol_alone(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        let name = &anchor.symbol;
        let (text, extension) = (scene.text(path)?, ending(path));
        let found = crate::cli::eval::verify::heads::heads(text, &extension);
        let once = found.iter().filter(|head| head.name == name).count() == 1;
        once.then(|| anchor.quote.clear())
    })
}

fn quote_alone(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |_, _, anchor| {
        anchor.symbol.clear();
        Some(())
    })
}

fn dot_slash(scene: &mut Scene<'_>) -> Option<Draft> {
    let position = scene.modified()?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    change.path = format!("./{}", change.path);
    Some(draft)
}

fn right_line(scene: &mut Scene<'_>) -> Option<Draft> {
    with_anchor(scene, |scene, path, anchor| {
        anchor.line_hint = i64::from(line_of(scene, path, anchor)?);
        Some(())
    })
}

fn added_file(scene: &mut Scene<'_>) -> Option<Draft> {
    let (mut draft, position) = scene.with_added()?;
    let path = draft.changes.get(position)?.path.clone();
    let first = draft.changes.first_mut()?;
    first
        .why
        .push_str(&format!(" It calls what `{path}` holds."));
    Some(draft)
}

/// The gold plan with a further sentence in one of its changes.
fn with_sentence(
    scene: &mut Scene<'_>,
    sentence: impl FnOnce(&mut Scene<'_>) -> Option<String>,
) -> Option<Draft> {
    let position = scene.modified()?;
    let sentence = sentence(scene)?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    change.why = format!("{} {sentence}", change.why);
    Some(draft)
}

fn path_in_sentence(scene: &mut Scene<'_>) -> Option<Draft> {
    with_sentence(scene, |scene| {
        let path = scene.other_file(|file, _| Some(file.path.as_str().to_owned()))?;
        Some(format!("The same rule stands in `{path}` already."))
    })
}

fn tail_in_sentence(scene: &mut Scene<'_>) -> Option<Draft> {
    with_sentence(scene, |scene| {
        let name = scene.other_file(|file, _| Some(file.path.file_name().to_owned()))?;
        Some(format!(
            "The same rule stands in `{name}` already, see {name}."
        ))
    })
}

fn symbol_in_sentence(scene: &mut Scene<'_>) -> Option<Draft> {
    with_sentence(scene, |scene| {
        let name = scene.other_file(|file, text| {
            let extension = ending(file.path.as_str());
            let found = crate::cli::eval::verify::heads::heads(text, &extension);
            let head = found.first()?;
            Some(format!(
                "{}{}",
                head.name,
                if head.is_function { "()" } else { "" }
            ))
        })?;
        Some(format!("It is what `{name}` expects as well."))
    })
}

fn code_in_sentence(scene: &mut Scene<'_>) -> Option<Draft> {
    with_sentence(scene, |scene| {
        let texts = [
            "A value of `null` or `true` is no special case, and neither is `-1`.",
            "Someone who passes `--verbose` sees the same.",
            "It stays O(n) for n values, i.e. nothing is read twice, e.g. for an input of 10 MB.",
            "The status is `404` in one case and `200 OK` in the other; `a + b` stays as it is.",
            "Both `x >= 0 && x < limit` and `[]` lead to the same outcome.",
        ];
        Some((*scene.dice.pick(&texts)?).to_owned())
    })
}

fn own_name_in_sentence(scene: &mut Scene<'_>) -> Option<Draft> {
    let position = scene.modified()?;
    let name = scene.invented("limit_rule")?;
    let mut draft = scene.draft();
    let change = draft.changes.get_mut(position)?;
    change.data_structures = vec![DataStructure {
        name: name.clone(),
        change: "New: the rule that applies to one input.".to_owned(),
    }];
    let last = draft.changes.last_mut()?;
    last.why = format!("{} It reads `{name}` and nothing else.", last.why);
    Some(draft)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it fits every plan, but others of its kind do not"
)]
fn open_point(scene: &mut Scene<'_>) -> Option<Draft> {
    let mut draft = scene.draft();
    let points = &mut draft.understanding.request_points;
    let id = format!("R{}", points.len() + 1);
    points.push(RequestPoint {
        id: id.clone(),
        text: "The outcome is told in the log".to_owned(),
        kind: PointKind::Behaviour,
    });
    draft.out_of_scope.push(format!(
        "{id}: nothing of the present log is about single inputs."
    ));
    Some(draft)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it fits every plan, but others of its kind do not"
)]
fn justified_note(scene: &mut Scene<'_>) -> Option<Draft> {
    let mut draft = scene.draft();
    draft.architecture_notes.push(ArchitectureNote {
        topic: NoteTopic::Testing,
        note: "The comparison has to be reachable without the callers.".to_owned(),
        why_architectural: "It decides which side owns the rule.".to_owned(),
    });
    Some(draft)
}

//! G6 and G8: evidence that was given, code that is there to be reused, places that are affected.

use crate::domain::plan::Target;
use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{Change, Draft, Operation, Place, SideEffect};
use crate::planner::verify::lookup::Standing;
use crate::planner::verify::own::Own;
use crate::planner::verify::symbols::{Symbol, look_up, segments};
use crate::planner::verify::{Check, Reference};

/// Words of one reuse that are looked at; the field asks for a name.
const MAX_REUSE_WORDS: usize = 40;

/// G6 for the findings about the code.
pub(super) fn check_findings(draft: &Draft, check: &mut Check<'_>) {
    for (i, finding) in draft.findings.iter().enumerate() {
        let at = format!("/findings/{i}/evidence");
        if finding.evidence.is_empty() {
            let message = "cites no evidence".to_owned();
            check.log.soft("G6", &at, message);
        }
        check_evidence(&finding.evidence, &at, check);
    }
}

/// G6 and G8 for all changes.
pub(super) fn check_changes(draft: &Draft, own: &Own, check: &mut Check<'_>) {
    for (i, change) in draft.changes.iter().enumerate() {
        let at = format!("/changes/{i}");
        check_evidence(&change.evidence, &format!("{at}/evidence"), check);
        check_evidence_path(change, &format!("{at}/evidence"), check);
        for (j, reuse) in change.reuses.iter().enumerate() {
            check_reuse(reuse, &format!("{at}/reuses/{j}"), own, check);
        }
        for (j, effect) in change.side_effects.iter().enumerate() {
            check_side_effect(effect, &format!("{at}/side_effects/{j}"), own, check);
        }
    }
}

fn check_evidence(claims: &[String], at: &str, check: &mut Check<'_>) {
    for (j, claimed) in claims.iter().enumerate() {
        let at = format!("{at}/{j}");
        let Some(pack) = check.pack else {
            if !is_evidence_id(claimed) {
                let message = format!("`{claimed}` is not the id of evidence, such as `E7`");
                check.log.hard("G6", &at, message, Vec::new());
            }
            continue;
        };
        let excerpt = pack.find(claimed);
        check.log.count(Reference::Other, excerpt.is_some());
        match excerpt {
            Some(excerpt) => {
                let place = Place::existing(&excerpt.path, Some(excerpt.lines));
                check.log.place(&at, place);
            }
            None => {
                let message = format!("no evidence with the id `{claimed}` was given");
                check.log.hard("G6", &at, message, Vec::new());
            }
        }
    }
}

/// G6: of the evidence for a change to a file, some is from that file, if any of it was given.
fn check_evidence_path(change: &Change, at: &str, check: &mut Check<'_>) {
    let Some(pack) = check.pack.filter(|_| change.op != Operation::Add) else {
        return;
    };
    let excerpts: Vec<_> = (change.evidence.iter().enumerate())
        .filter_map(|(j, id)| Some((j, pack.find(id)?)))
        .collect();
    let is_own = |path: &str| path == change.path;
    if excerpts
        .iter()
        .any(|(_, excerpt)| is_own(excerpt.path.as_str()))
    {
        return;
    }
    let own = pack
        .excerpts
        .iter()
        .filter(|excerpt| is_own(excerpt.path.as_str()));
    let candidates: Vec<_> = own.map(|excerpt| excerpt.id.clone()).collect();
    if candidates.is_empty() {
        // Nothing of the file was shown, so nothing of it could be cited.
        return;
    }
    for (j, excerpt) in excerpts {
        let message = format!(
            "`{}` is from `{}`, and none from `{}` is cited",
            excerpt.id, excerpt.path, change.path
        );
        check
            .log
            .hard("G6", &format!("{at}/{j}"), message, candidates.clone());
    }
}

fn is_evidence_id(text: &str) -> bool {
    text.strip_prefix('E').is_some_and(|digits| {
        (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn check_side_effect(effect: &SideEffect, at: &str, own: &Own, check: &mut Check<'_>) {
    let claimed = effect.path.trim();
    if claimed.is_empty() {
        let message = "names no file, so it could not be looked up".to_owned();
        check.log.soft("G8", at, message);
        return;
    }
    if !check.allowance.take_claim() {
        check.log.count(Reference::Other, false);
        return;
    }
    let found = find_affected(effect, own, check);
    check.log.count(Reference::Other, found.is_ok());
    match found {
        Ok(Target::Verified { path, lines }) => {
            check.log.place(at, Place::existing(&path, lines));
        }
        Ok(Target::New { path }) => check.log.place(at, Place::new_file(&path)),
        Ok(Target::Unverified { .. }) => {}
        Err((message, candidates)) => check.log.hard("G8", at, message, candidates),
    }
}

/// A sentence on what is wrong, and what there is instead.
type Refusal = (String, Vec<String>);

fn find_affected(effect: &SideEffect, own: &Own, check: &Check<'_>) -> Result<Target, Refusal> {
    let claimed = effect.path.trim();
    let path =
        RepoPath::parse(claimed).map_err(|_| (format!("`{claimed}` is not a path"), Vec::new()))?;
    if own.adds(claimed) {
        return Ok(Target::New { path });
    }
    match check.files.standing(&path) {
        Standing::File(file) => {
            let lines = find_symbol(&effect.symbol, file, own, check)?;
            Ok(Target::Verified { path, lines })
        }
        Standing::Special => Ok(Target::Verified { path, lines: None }),
        Standing::Folder | Standing::Free => Err((
            format!("`{claimed}` does not exist at this commit"),
            check.nearest_paths(claimed),
        )),
    }
}

fn find_symbol(
    symbol: &str,
    file: usize,
    own: &Own,
    check: &Check<'_>,
) -> Result<Option<LineRange>, Refusal> {
    let symbol = symbol.trim();
    if symbol.is_empty() {
        return Ok(None);
    }
    match look_up(check.index, file, symbol, None) {
        Symbol::Defined(lines) | Symbol::Named(lines) => Ok(lines.first().copied()),
        Symbol::Missing { .. } if own.has(symbol) => Ok(None),
        Symbol::Missing {
            message,
            candidates,
        } => Err((message, candidates)),
    }
}

/// What a text about existing code turned out to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reuse {
    /// Something that exists.
    Found,
    /// Something that this plan adds.
    Own,
    /// Nothing that exists.
    Unknown,
}

fn check_reuse(text: &str, at: &str, own: &Own, check: &mut Check<'_>) {
    let single = text.split_whitespace().count() == 1;
    let mut found = Vec::new();
    for word in text.split_whitespace().take(MAX_REUSE_WORDS) {
        if !check.allowance.take_claim() {
            check.log.count(Reference::Other, false);
            return;
        }
        let strong = single || looks_like_code(word);
        let name = word.trim_matches(|c: char| "`'\",;()[]{}".contains(c));
        let name = name.trim_end_matches(['.', ':']);
        let standing = resolve_name(name, own, check);
        if strong || standing != Reuse::Unknown && name.contains(['/', '.', ':']) {
            found.push((standing, name));
        }
    }
    if found.is_empty() {
        let message = "names nothing that could be looked up".to_owned();
        check.log.soft("G8", at, message);
        return;
    }
    if found.iter().all(|(standing, _)| *standing == Reuse::Own) {
        return;
    }
    let unknown = found
        .iter()
        .find(|(standing, _)| *standing == Reuse::Unknown);
    check.log.count(Reference::Other, unknown.is_none());
    if let Some((_, name)) = unknown {
        let message = format!("nothing in the repository is called `{name}`");
        let candidates = check.nearest_paths(name);
        check.log.hard("G8", at, message, candidates);
    }
}

/// Whether a word of a sentence is meant as a name: marked as code, a call, or spelled like one.
fn looks_like_code(word: &str) -> bool {
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
    let file = inner.contains('/') && inner.contains('.');
    word.contains('`')
        || inner.contains("::")
        || inner.contains('_')
        || file
        || word.ends_with("()")
}

fn resolve_name(name: &str, own: &Own, check: &Check<'_>) -> Reuse {
    if own.adds(name) {
        return Reuse::Own;
    }
    if let Some(standing) = resolve_path(name, check) {
        return standing;
    }
    for (end, separator) in name.match_indices([':', '#']) {
        let path = name.get(..end).unwrap_or_default();
        let rest = name.get(end + separator.len()..).unwrap_or_default();
        if let Some(file) = file_at(path, check) {
            return resolve_in(file, rest.trim_start_matches([':', '#']), own, check);
        }
        if own.adds(path) {
            return Reuse::Own;
        }
    }
    let segments = segments(name);
    let known = |segment: &String| {
        !check.index.find_definitions(segment).is_empty()
            || !check.index.find_users(segment).is_empty()
            || check.files.has_folder_or_stem(segment)
    };
    if !segments.is_empty() && segments.iter().all(known) {
        Reuse::Found
    } else if own.has(name) {
        Reuse::Own
    } else {
        Reuse::Unknown
    }
}

fn resolve_path(name: &str, check: &Check<'_>) -> Option<Reuse> {
    let path = RepoPath::parse(name.trim_end_matches('/')).ok()?;
    (check.files.standing(&path) != Standing::Free).then_some(Reuse::Found)
}

fn file_at(path: &str, check: &Check<'_>) -> Option<usize> {
    match check.files.standing(&RepoPath::parse(path).ok()?) {
        Standing::File(position) => Some(position),
        _ => None,
    }
}

fn resolve_in(file: usize, symbol: &str, own: &Own, check: &Check<'_>) -> Reuse {
    let line = symbol
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if line {
        return Reuse::Found;
    }
    match look_up(check.index, file, symbol, None) {
        Symbol::Defined(_) | Symbol::Named(_) => Reuse::Found,
        Symbol::Missing { .. } if own.has(symbol) => Reuse::Own,
        Symbol::Missing { .. } => Reuse::Unknown,
    }
}

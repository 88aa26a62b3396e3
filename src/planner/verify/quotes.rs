//! Finding quoted lines in a file, whatever their indentation.

use std::collections::HashMap;

use crate::domain::repository::LineRange;
use crate::repository::index::Index;

/// Fewest characters, spaces aside, of a quote of one line: shorter lines stand everywhere.
const MIN_SIGNIFICANT: usize = 12;

/// Fewest letters and digits of a quote of several lines: brackets alone prove nothing.
const MIN_WORD_CHARACTERS: usize = 4;

/// Share of words that a line must have in common with a quote to be offered instead of it.
const RESEMBLANCE_PERCENT: usize = 50;

/// Lines of a quote that are compared with those of a file when it is not found.
const MAX_COMPARED_LINES: usize = 4;

/// Longest line offered as a candidate, in characters.
const MAX_CANDIDATE_CHARACTERS: usize = 200;

/// A line that is not blank, with its spaces folded.
#[derive(Debug)]
struct FoldedLine {
    number: u32,
    text: String,
}

/// The folded lines of files looked at, each folded once.
#[derive(Debug, Default)]
pub(super) struct FoldedFiles {
    files: HashMap<usize, Vec<FoldedLine>>,
}

impl FoldedFiles {
    /// Where the lines of `quote` stand in a file. Whole lines go before parts of lines.
    pub(super) fn find(&mut self, index: &Index, file: usize, quote: &str) -> Vec<LineRange> {
        let wanted = fold(quote);
        let lines = self.lines(index, file);
        let whole = find_run(lines, &wanted, |line, wanted, _| line == wanted);
        if whole.is_empty() {
            find_run(lines, &wanted, matches_part)
        } else {
            whole
        }
    }

    /// Lines of a file that resemble a line of `quote`, most alike first.
    pub(super) fn nearest(&mut self, index: &Index, file: usize, quote: &str) -> Vec<String> {
        let wanted = fold(quote);
        let wanted: Vec<_> = (wanted.iter().take(MAX_COMPARED_LINES))
            .map(|line| word_set(&line.text))
            .collect();
        let mut ranked: Vec<_> = (self.lines(index, file).iter())
            .filter_map(|line| {
                let words = word_set(&line.text);
                let alike = wanted
                    .iter()
                    .map(|wanted| resemblance(wanted, &words))
                    .max()?;
                (alike >= RESEMBLANCE_PERCENT).then_some((alike, line))
            })
            .collect();
        ranked.sort_by_key(|(alike, line)| (std::cmp::Reverse(*alike), line.number));
        (ranked.into_iter().take(3))
            .map(|(_, line)| line.text.chars().take(MAX_CANDIDATE_CHARACTERS).collect())
            .collect()
    }

    fn lines(&mut self, index: &Index, file: usize) -> &[FoldedLine] {
        self.files.entry(file).or_insert_with(|| {
            let file = index.snapshot().files.get(file);
            fold(file.and_then(|file| file.text.as_deref()).unwrap_or(""))
        })
    }
}

/// Whether a quote is long enough to prove anything.
pub(super) fn is_telling(quote: &str) -> bool {
    let lines = quote.lines().filter(|line| !line.trim().is_empty()).count();
    if lines >= 2 {
        quote.chars().filter(|c| c.is_alphanumeric()).count() >= MIN_WORD_CHARACTERS
    } else {
        quote.chars().filter(|c| !c.is_whitespace()).count() >= MIN_SIGNIFICANT
    }
}

/// Paths of files other than `file` that hold the longest line of `quote`.
pub(super) fn files_with(index: &Index, file: usize, quote: &str, most: usize) -> Vec<String> {
    let Some(line) = quote.lines().map(str::trim).max_by_key(|line| line.len()) else {
        return Vec::new();
    };
    // The rarest word leads to the few files in which the line can be.
    let words = word_set(line).into_iter().filter(|word| is_indexed(word));
    let users = words
        .map(|word| index.find_users(word))
        .min_by_key(Vec::len);
    let files = &index.snapshot().files;
    let holds = |position: &usize| {
        let text = files.get(*position).and_then(|file| file.text.as_deref());
        *position != file && text.is_some_and(|text| text.contains(line))
    };
    let found = users.unwrap_or_default().into_iter().filter(holds);
    found
        .filter_map(|position| files.get(position))
        .map(|other| other.path.as_str().to_owned())
        .take(most)
        .collect()
}

/// Whether the index has a word when a text has it: it leaves out short numbers and long data.
fn is_indexed(word: &str) -> bool {
    word.starts_with(|c: char| !c.is_ascii_digit()) && word.len() <= 60
}

fn fold(text: &str) -> Vec<FoldedLine> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| FoldedLine {
            number,
            text: line.split_whitespace().collect::<Vec<_>>().join(" "),
        })
        .filter(|line| !line.text.is_empty())
        .collect()
}

/// Where a line of the quote stands in it.
#[derive(Clone, Copy)]
struct Edge {
    first: bool,
    last: bool,
}

fn find_run(
    lines: &[FoldedLine],
    wanted: &[FoldedLine],
    matches: impl Fn(&str, &str, Edge) -> bool,
) -> Vec<LineRange> {
    if wanted.is_empty() {
        return Vec::new();
    }
    lines
        .windows(wanted.len())
        .filter(|run| {
            run.iter().zip(wanted).enumerate().all(|(i, (line, want))| {
                let edge = Edge {
                    first: i == 0,
                    last: i + 1 == wanted.len(),
                };
                matches(&line.text, &want.text, edge)
            })
        })
        .filter_map(|run| Some(LineRange::new(run.first()?.number, run.last()?.number)))
        .collect()
}

/// Whether a quote that begins and ends inside of lines matches: its first line may be the end of a
/// line, its last one a beginning, and words are never cut.
fn matches_part(line: &str, wanted: &str, edge: Edge) -> bool {
    line.match_indices(wanted).any(|(start, found)| {
        let before = line.get(..start).unwrap_or_default();
        let after = line.get(start + found.len()..).unwrap_or_default();
        (edge.first || before.is_empty())
            && (edge.last || after.is_empty() || is_comment(after))
            && !joins(before.chars().next_back(), found.chars().next())
            && !joins(found.chars().next_back(), after.chars().next())
    })
}

/// Whether the rest of a line is a comment, which a quote may leave out.
fn is_comment(rest: &str) -> bool {
    if !rest.starts_with(char::is_whitespace) {
        return false;
    }
    let rest = rest.trim_start();
    ["//", "/*", "#", "--", ";;", "<!--"]
        .iter()
        .any(|start| rest.starts_with(start))
}

/// Whether two neighbouring characters belong to one word.
fn joins(left: Option<char>, right: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    word(left) && word(right)
}

/// Words of a line that are compared; longer lines are data.
const MAX_WORDS: usize = 60;

fn word_set(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .collect()
}

/// How many words of two lines are the same, in percent.
fn resemblance(left: &[&str], right: &[&str]) -> usize {
    let shared = left.iter().filter(|word| right.contains(word)).count();
    (200 * shared)
        .checked_div(left.len() + right.len())
        .unwrap_or(0)
}

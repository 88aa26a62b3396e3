//! What was asked, quoted: list items, acceptance criteria, sentences that oblige.

use crate::domain::request::Brief;

/// Most points quoted.
const MAX_POINTS: usize = 8;

/// Longest quote, in characters.
const MAX_CHARACTERS: usize = 220;

/// Shortest quote that says anything, in characters.
const MIN_CHARACTERS: usize = 12;

/// Words and pairs of words that make a sentence a demand.
const OBLIGING: [&str; 26] = [
    "must",
    "should",
    "shall",
    "needs to",
    "need to",
    "has to",
    "have to",
    "ought to",
    "please",
    "want",
    "would like",
    "expected",
    "instead of",
    "support for",
    "allow",
    "add",
    "remove",
    "rename",
    "fix",
    "make",
    "replace",
    "cannot",
    "can't",
    "doesn't",
    "does not",
    "fails",
];

/// The points of a request in its own words, at most eight. Feedback and focus of the command come
/// first, then the title; list items go before sentences; without any, the title is the point.
pub(super) fn quote(brief: &Brief) -> Vec<String> {
    let body = without_code(&brief.body);
    let remarks = brief
        .discussion
        .iter()
        .map(|remark| without_code(&remark.text));
    let texts: Vec<_> = std::iter::once(body).chain(remarks).collect();
    let mut points = Vec::new();
    let mut add = |text: &str| {
        let text = shorten(text);
        if text.chars().count() >= MIN_CHARACTERS && !points.contains(&text) {
            points.push(text);
        }
    };
    let asked = [&brief.feedback, &brief.focus].into_iter();
    asked.flat_map(|text| text.lines()).for_each(&mut add);
    if obliges(&brief.title) {
        add(&brief.title);
    }
    texts
        .iter()
        .flat_map(|text| list_items(text))
        .for_each(&mut add);
    for sentence in texts.iter().flat_map(|text| sentences(text)) {
        if obliges(&sentence) {
            add(&sentence);
        }
    }
    if points.is_empty() {
        points.push(shorten(&brief.title));
        points.retain(|point| !point.is_empty());
    }
    points.truncate(MAX_POINTS);
    points
}

/// The lines of a text outside of fences, quotes, tables and headings.
fn without_code(text: &str) -> Vec<&str> {
    let mut fence = None;
    text.lines()
        .filter(|line| {
            let line = line.trim_start();
            let mark = ["```", "~~~"]
                .into_iter()
                .find(|mark| line.starts_with(mark));
            match (fence, mark) {
                (None, Some(mark)) => fence = Some(mark),
                (Some(open), Some(mark)) if open == mark => fence = None,
                (None, None) => return !line.starts_with(['>', '|', '#']),
                _ => {}
            }
            false
        })
        .collect()
}

fn list_items<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    lines.iter().filter_map(|line| list_item(line))
}

/// The text of a list item, without its bullet, number or box.
fn list_item(line: &str) -> Option<&str> {
    let line = line.trim();
    let item = ["- ", "* ", "+ "]
        .into_iter()
        .find_map(|bullet| line.strip_prefix(bullet))
        .or_else(|| {
            let (number, item) = line.split_once(['.', ')'])?;
            let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            (digits && number.len() <= 2 && item.starts_with(' ')).then_some(item)
        })?;
    let item = item.trim_start();
    let boxes = ["[ ]", "[x]", "[X]"];
    let unboxed = boxes.into_iter().find_map(|mark| item.strip_prefix(mark));
    Some(unboxed.unwrap_or(item).trim())
}

/// Sentences of running text: paragraphs are joined, list items are left out.
fn sentences(lines: &[&str]) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in lines {
        if line.trim().is_empty() || list_item(line).is_some() {
            paragraphs.push(String::new());
        } else if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push_str(line.trim());
            paragraph.push(' ');
        }
    }
    paragraphs
        .iter()
        .flat_map(|paragraph| split(paragraph))
        .collect()
}

/// Splits after `.`, `!` or `?` when a space and no lower-case letter follows.
fn split(paragraph: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut sentence = String::new();
    let mut characters = paragraph.chars().peekable();
    while let Some(c) = characters.next() {
        sentence.push(c);
        if matches!(c, '.' | '!' | '?') && characters.peek().is_some_and(|next| *next == ' ') {
            let mut ahead = characters.clone().skip(1);
            if !ahead.next().is_some_and(char::is_lowercase) {
                sentences.push(std::mem::take(&mut sentence));
            }
        }
    }
    sentences.push(sentence);
    sentences
}

fn obliges(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('\u{2019}', "'");
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    OBLIGING.iter().any(|demand| match demand.split_once(' ') {
        Some((first, second)) => words
            .windows(2)
            .any(|pair| pair.first() == Some(&first) && pair.last() == Some(&second)),
        None => words.contains(demand),
    })
}

/// One line of at most [`MAX_CHARACTERS`], cut after a word.
fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MAX_CHARACTERS {
        return text;
    }
    let cut: String = text.chars().take(MAX_CHARACTERS - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or_default())
}

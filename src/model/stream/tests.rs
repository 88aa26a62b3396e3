use proptest::collection;
use proptest::prop_assert_eq;
use proptest::proptest;

use super::*;

/// The documents in a stream that comes in these pieces.
fn split<'a>(framing: Framing, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
    let mut splitter = Splitter::new(framing);
    let mut documents = Vec::new();
    for piece in pieces {
        documents.extend(splitter.push(piece).unwrap());
    }
    documents.extend(splitter.finish().unwrap());
    (documents.into_iter())
        .map(|document| String::from_utf8_lossy(&document).into_owned())
        .collect()
}

fn events(text: &str) -> Vec<String> {
    split(Framing::Events, [text.as_bytes()])
}

fn lines(text: &str) -> Vec<String> {
    split(Framing::Lines, [text.as_bytes()])
}

#[test]
fn data_of_each_event_is_taken() {
    let text = "event: a\ndata: {\"x\":1}\n\nid: 7\nretry: 10\ndata:{\"x\":2}\n\n";
    assert_eq!(events(text), ["{\"x\":1}", "{\"x\":2}"]);
}

#[test]
fn all_line_ends_are_understood() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "data: a\ndata: b\n\ndata: c\n\n".replace('\n', end);
        assert_eq!(events(&text), ["a\nb", "c"], "{end:?}");
    }
}

#[test]
fn comments_and_empty_events_say_nothing() {
    assert_eq!(
        events(": ping\n\n:\n\n\n\nevent: ping\n\ndata: a\n\n"),
        ["a"]
    );
}

#[test]
fn only_one_space_belongs_to_the_colon() {
    assert_eq!(events("data:  a \n\ndata\n\ndatabase: no\n\n"), [" a ", ""]);
}

#[test]
fn mark_at_the_start_is_passed_over_and_only_there() {
    assert_eq!(events("\u{feff}data: a\n\n"), ["a"]);
    assert_eq!(events("data: b\n\n\u{feff}data: a\n\n"), ["b"]);
    assert_eq!(lines("\u{feff}{}\n"), ["{}"]);
}

#[test]
fn event_at_the_end_needs_no_empty_line() {
    for text in ["data: a", "data: a\n", "data: a\r\n"] {
        assert_eq!(events(text), ["a"], "{text:?}");
    }
}

#[test]
fn lines_need_no_last_end_and_may_be_empty() {
    assert_eq!(
        lines("{\"a\":1}\r\n\n  \n{\"b\":2}"),
        ["{\"a\":1}", "{\"b\":2}"]
    );
}

#[test]
fn invalid_utf8_passes_as_it_is() {
    let mut splitter = Splitter::new(Framing::Events);
    let documents = splitter.push(b"data: \xff\xfe\n\n").unwrap();
    assert_eq!(documents, [b"\xff\xfe".to_vec()]);
}

#[test]
fn endless_line_and_endless_event_are_given_up() {
    let mut splitter = Splitter::new(Framing::Lines);
    let piece = vec![b'x'; MAX_LINE_BYTES];
    assert_eq!(splitter.push(&piece), Ok(Vec::new()));
    assert_eq!(splitter.push(b"x"), Err(Overlong));

    let mut splitter = Splitter::new(Framing::Events);
    let half = format!("data: {}\n", "x".repeat(MAX_LINE_BYTES / 2));
    assert_eq!(splitter.push(half.as_bytes()), Ok(Vec::new()));
    assert_eq!(splitter.push(half.as_bytes()), Err(Overlong));
}

/// What the standard says of events, in the simplest way: on the whole text at once.
fn simple(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut documents = Vec::new();
    let mut data: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        match line.split_once(':') {
            _ if line.is_empty() && data.is_empty() => {}
            _ if line.is_empty() => documents.push(std::mem::take(&mut data).join("\n")),
            Some(("data", value)) => data.push(value.strip_prefix(' ').unwrap_or(value)),
            None if line == "data" => data.push(""),
            _ => {}
        }
    }
    if !data.is_empty() {
        documents.push(data.join("\n"));
    }
    documents
}

proptest! {
    #[test]
    fn any_cuts_give_the_events_of_the_whole(
        parts in collection::vec("(data: ?|data|event: x|: c|\\{\"a\":1\\}|ü|\u{feff}|\r\n|\n|\r| ){0,3}", 0..12),
        cuts in collection::vec(0_usize..200, 0..8),
    ) {
        let text = parts.concat();
        let expected = simple(&text);
        let bytes = text.as_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        prop_assert_eq!(split(Framing::Events, pieces), expected);
    }

    #[test]
    fn any_bytes_are_survived(pieces in collection::vec(collection::vec(0_u8..=255, 0..40), 0..10)) {
        for framing in [Framing::Events, Framing::Lines] {
            let whole = pieces.concat();
            let at_once = split(framing, [whole.as_slice()]);
            let in_pieces = split(framing, pieces.iter().map(Vec::as_slice));
            prop_assert_eq!(at_once, in_pieces);
        }
    }
}

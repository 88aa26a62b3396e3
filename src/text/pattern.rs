//! Patterns of paths, as in `.gitattributes`, matched as git matches them.
//!
//! Matching walks back only to the last star, never further, so a pattern made to explode takes at
//! most its length times the path's.

/// Longest pattern that is taken; git itself ignores lines above 2,048 bytes.
const LONGEST_BYTES: usize = 1024;

/// A pattern, relative to the folder of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Without a slash inside, the last segment of a path alone is looked at.
    anywhere: bool,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of folders; at the end, anything inside.
    Folders,
    /// Characters of one segment.
    Name(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Byte(u8),
    Any,
    Star,
    Class {
        negated: bool,
        ranges: Vec<(u8, u8)>,
    },
}

impl Pattern {
    /// Reads a pattern; `None` for those that can match no file.
    pub fn parse(text: &[u8]) -> Option<Self> {
        // A slash at the end asks for a folder, and a leading `!` is not allowed here.
        if text.is_empty() || text.len() > LONGEST_BYTES || text.ends_with(b"/") {
            return None;
        }
        if text.starts_with(b"!") {
            return None;
        }
        let anywhere = !text.contains(&b'/');
        let inside = text.strip_prefix(b"/").unwrap_or(text);
        let segments = inside.split(|byte| *byte == b'/').map(|segment| {
            let stars = segment.iter().all(|byte| *byte == b'*');
            if stars && segment.len() > 1 && !anywhere {
                return Some(Segment::Folders);
            }
            parse_name(segment).map(Segment::Name)
        });
        Some(Self {
            anywhere,
            segments: segments.collect::<Option<_>>()?,
        })
    }

    /// Whether the pattern matches `path`, which begins below the folder of the pattern's file.
    /// Each comparison of a byte or segment is counted in `steps`.
    pub fn matches(&self, path: &str, steps: &mut u64) -> bool {
        if self.anywhere {
            let name = path.rsplit('/').next().unwrap_or(path).as_bytes();
            return match self.segments.first() {
                Some(Segment::Name(parts)) => matches_name(parts, name, steps),
                _ => false,
            };
        }
        let names: Vec<&[u8]> = path.split('/').map(str::as_bytes).collect();
        let last = self.segments.len().saturating_sub(1);
        let is_star = |segment: &Segment| *segment == Segment::Folders;
        let ends_inside = self.segments.last().is_some_and(is_star);
        // `a/**` is what lies inside of `a`, so the last name is left to the stars.
        let (segments, names) = match (ends_inside, names.split_last()) {
            (true, Some((_, folders))) => (self.segments.get(..=last).unwrap_or_default(), folders),
            _ => (self.segments.as_slice(), names.as_slice()),
        };
        glob(segments, names, is_star, |segment, name| match segment {
            Segment::Folders => true,
            Segment::Name(parts) => matches_name(parts, name, steps),
        })
    }
}

fn matches_name(parts: &[Part], name: &[u8], steps: &mut u64) -> bool {
    let is_star = |part: &Part| *part == Part::Star;
    glob(parts, name, is_star, |part, byte| {
        *steps += 1;
        match part {
            Part::Byte(wanted) => wanted == byte,
            Part::Any | Part::Star => true,
            Part::Class { negated, ranges } => {
                let inside = ranges
                    .iter()
                    .any(|(low, high)| (low..=high).contains(&byte));
                inside != *negated
            }
        }
    })
}

/// Whether `pattern`, in which stars stand for any number of items, matches all of `items`.
fn glob<P, T>(
    pattern: &[P],
    items: &[T],
    is_star: impl Fn(&P) -> bool,
    mut fits: impl FnMut(&P, &T) -> bool,
) -> bool {
    let (mut at, mut item) = (0, 0);
    // The pattern behind the last star, and the first item that the star does not cover.
    let mut retry = None;
    while let Some(next) = items.get(item) {
        match pattern.get(at) {
            Some(part) if is_star(part) => {
                at += 1;
                retry = Some((at, item));
            }
            Some(part) if fits(part, next) => {
                at += 1;
                item += 1;
            }
            _ => {
                let Some((behind, covered)) = retry else {
                    return false;
                };
                retry = Some((behind, covered + 1));
                (at, item) = (behind, covered + 1);
            }
        }
    }
    pattern.iter().skip(at).all(is_star)
}

/// Reads one segment; `None` when a bracket is not closed or a backslash ends it.
fn parse_name(segment: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let part = match first {
            b'*' => Part::Star,
            b'?' => Part::Any,
            b'\\' => {
                let (escaped, after) = rest.split_first()?;
                rest = after;
                Part::Byte(*escaped)
            }
            b'[' => parse_class(&mut rest)?,
            byte => Part::Byte(*byte),
        };
        // Stars in a row are one.
        if part != Part::Star || parts.last() != Some(&Part::Star) {
            parts.push(part);
        }
    }
    Some(parts)
}

/// Reads a bracket, whose opening was passed, up to its end.
fn parse_class(rest: &mut &[u8]) -> Option<Part> {
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        advance(rest)?;
    }
    let mut ranges = Vec::new();
    let mut first = true;
    loop {
        let byte = advance(rest)?;
        match byte {
            b']' if !first => return Some(Part::Class { negated, ranges }),
            b'[' if rest.first() == Some(&b':') => ranges.extend(parse_named(rest)?),
            _ => {
                let low = if byte == b'\\' { advance(rest)? } else { byte };
                let high = match rest {
                    [b'-', next, ..] if *next != b']' => {
                        advance(rest)?;
                        let high = advance(rest)?;
                        if high == b'\\' { advance(rest)? } else { high }
                    }
                    _ => low,
                };
                ranges.push((low, high));
            }
        }
        first = false;
    }
}

/// Reads `:name:]` of `[[:name:]]`.
fn parse_named(rest: &mut &[u8]) -> Option<&'static [(u8, u8)]> {
    let end = rest.windows(2).position(|pair| pair == b":]")?;
    let (name, after) = rest.split_at_checked(end)?;
    let ranges: &'static [(u8, u8)] = match name.strip_prefix(b":")? {
        b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        b"blank" => &[(b' ', b' '), (b'\t', b'\t')],
        b"digit" => &[(b'0', b'9')],
        b"lower" => &[(b'a', b'z')],
        b"punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        b"space" => &[(b'\t', b'\r'), (b' ', b' ')],
        b"upper" => &[(b'A', b'Z')],
        b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return None,
    };
    *rest = after.get(2..)?;
    Some(ranges)
}

fn advance(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

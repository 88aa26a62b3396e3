//! Which characters show nothing, and which only decorate the one before them.

use std::ops::RangeInclusive;

/// Characters without a shape of their own: marks of direction, zero-width and blank ones, tags,
/// variation selectors, fillers, private use, non-characters. Sorted.
const INVISIBLE: [RangeInclusive<u32>; 29] = [
    0x00AD..=0x00AD,
    0x034F..=0x034F,
    0x061C..=0x061C,
    0x115F..=0x1160,
    0x17B4..=0x17B5,
    0x180B..=0x180F,
    0x200B..=0x200F,
    0x202A..=0x202E,
    0x2060..=0x206F,
    0x2800..=0x2800,
    0x3164..=0x3164,
    0xE000..=0xF8FF,
    0xFDD0..=0xFDEF,
    0xFE00..=0xFE0F,
    0xFEFF..=0xFEFF,
    0xFFA0..=0xFFA0,
    0xFFF0..=0xFFFB,
    0xFFFE..=0xFFFF,
    0x133FC..=0x133FF,
    0x13430..=0x1345F,
    0x1BCA0..=0x1BCA3,
    0x1D159..=0x1D159,
    0x1D173..=0x1D17A,
    0x1FFFE..=0x1FFFF,
    0x2FFFE..=0x2FFFF,
    0x3FFFE..=0x3FFFF,
    0xE0000..=0xE0FFF,
    0xF0000..=0xFFFFF,
    0x10_0000..=0x10_FFFF,
];

/// Marks that stack on the character before them, in scripts where towers of them are built.
/// Sorted.
const MARKS: [RangeInclusive<u32>; 25] = [
    0x0300..=0x036F,
    0x0483..=0x0489,
    0x0591..=0x05BD,
    0x05BF..=0x05C7,
    0x0610..=0x061A,
    0x064B..=0x065F,
    0x0670..=0x0670,
    0x06D6..=0x06DC,
    0x06DF..=0x06E8,
    0x06EA..=0x06ED,
    0x0711..=0x0711,
    0x0730..=0x074A,
    0x0E31..=0x0E31,
    0x0E34..=0x0E3A,
    0x0E47..=0x0E4E,
    0x0EB1..=0x0EB1,
    0x0EB4..=0x0EBC,
    0x0EC8..=0x0ECE,
    0x0F71..=0x0F84,
    0x0F8D..=0x0FBC,
    0x1AB0..=0x1AFF,
    0x1DC0..=0x1DFF,
    0x20D0..=0x20FF,
    0x302A..=0x302F,
    0xFE20..=0xFE2F,
];

/// Whether a character shows nothing where it stands; line feed and tab are layout and no such.
pub fn is_invisible(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\0'..='\u{AC}' => c.is_control(),
        // Most of the world's writing; not worth a search.
        '\u{AE}'..='\u{34E}' | '\u{3165}'..='\u{D7FF}' => false,
        _ => contains(&INVISIBLE, c),
    }
}

/// Whether a character is a mark on the one before it.
pub(super) fn is_mark(c: char) -> bool {
    match c {
        '\0'..='\u{2FF}' | '\u{3030}'..='\u{FE1F}' => false,
        _ => contains(&MARKS, c),
    }
}

/// Whether an invisible character has an everyday use: emoji and script joining, soft hyphens,
/// byte order marks, and the control characters of terminal logs.
pub(super) fn is_everyday(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}'
        )
}

fn contains(ranges: &[RangeInclusive<u32>], c: char) -> bool {
    let code = u32::from(c);
    let after = ranges.partition_point(|range| *range.end() < code);
    ranges.get(after).is_some_and(|range| range.contains(&code))
}

//! UTF-8 text read as the UTF-16 code units that .NET matches.
//!
//! Positions are byte offsets. A character beyond the Basic Multilingual
//! Plane takes four bytes and counts as two units: its high surrogate at the
//! first byte and its low surrogate at the third. So every place that .NET
//! can name has an offset, and pieces cut there join to the same bytes again.
use std::borrow::Cow;

/// The unit at a position, and the position after it.
#[inline]
pub(super) fn unit_at(text: &[u8], at: usize) -> Option<(u16, usize)> {
    let first = *text.get(at)?;
    if first < 0x80 {
        return Some((u16::from(first), at + 1));
    }
    wide_unit_at(text, at, first)
}

fn wide_unit_at(text: &[u8], at: usize, first: u8) -> Option<(u16, usize)> {
    if first >= 0xF0 {
        let code = four_bytes(text, at)?;
        return Some((high_surrogate(code), at + 2));
    }
    if first >= 0xE0 {
        return Some((three_bytes(text, at)?, at + 3));
    }
    if first >= 0xC0 {
        return Some((two_bytes(text, at)?, at + 2));
    }
    let code = four_bytes(text, at.checked_sub(2)?)?;
    Some((low_surrogate(code), at + 2))
}

/// The unit before a position, and the position of that unit.
#[inline]
pub(super) fn unit_before(text: &[u8], at: usize) -> Option<(u16, usize)> {
    let last = *text.get(at.checked_sub(1)?)?;
    if last < 0x80 {
        return Some((u16::from(last), at - 1));
    }
    wide_unit_before(text, at)
}

fn wide_unit_before(text: &[u8], at: usize) -> Option<(u16, usize)> {
    let start = at.checked_sub(2)?;
    let lead = *text.get(start)?;
    if lead >= 0xF0 {
        return Some((high_surrogate(four_bytes(text, start)?), start));
    }
    if lead >= 0xC0 {
        return Some((two_bytes(text, start)?, start));
    }
    let start = at.checked_sub(3)?;
    if *text.get(start)? >= 0xE0 {
        return Some((three_bytes(text, start)?, start));
    }
    let start = at.checked_sub(4)?;
    Some((low_surrogate(four_bytes(text, start)?), start + 2))
}

fn two_bytes(text: &[u8], at: usize) -> Option<u16> {
    let [a, b] = *text.get(at..at + 2)?.first_chunk::<2>()?;
    Some(u16::from(a & 0x1F) << 6 | u16::from(b & 0x3F))
}

fn three_bytes(text: &[u8], at: usize) -> Option<u16> {
    let [a, b, c] = *text.get(at..at + 3)?.first_chunk::<3>()?;
    Some(u16::from(a & 0x0F) << 12 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F))
}

fn four_bytes(text: &[u8], at: usize) -> Option<u32> {
    let [a, b, c, d] = *text.get(at..at + 4)?.first_chunk::<4>()?;
    Some(
        u32::from(a & 0x07) << 18
            | u32::from(b & 0x3F) << 12
            | u32::from(c & 0x3F) << 6
            | u32::from(d & 0x3F),
    )
}

fn high_surrogate(code: u32) -> u16 {
    0xD800 | (code.wrapping_sub(0x10000) >> 10) as u16 & 0x3FF
}

fn low_surrogate(code: u32) -> u16 {
    0xDC00 | code as u16 & 0x3FF
}

/// Whether a position lies between two units, as .NET counts them.
pub(super) fn is_unit_boundary(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None => at == text.len(),
        Some(byte) if *byte & 0xC0 != 0x80 => true,
        Some(_) => at >= 2 && text.get(at - 2).is_some_and(|lead| *lead >= 0xF0),
    }
}

/// How many UTF-16 code units lie before a byte offset.
pub fn utf16_offset(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let head = bytes.get(..at).unwrap_or(bytes);
    if head.is_ascii() {
        return head.len();
    }
    let mut units = 0;
    let mut place = 0;
    while place < at {
        match unit_at(bytes, place) {
            Some((_, next)) => place = next,
            None => break,
        }
        units += 1;
    }
    units
}

/// The byte offset of a UTF-16 offset; none beyond the end.
pub fn byte_offset(text: &str, units: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if text.is_ascii() {
        return (units <= bytes.len()).then_some(units);
    }
    let mut place = 0;
    for _ in 0..units {
        place = unit_at(bytes, place)?.1;
    }
    Some(place)
}

/// The text between two positions. Half a surrogate pair, which has no UTF-8
/// form, shows as the replacement character.
pub fn slice(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    match text.get(start..end) {
        Some(part) => Cow::Borrowed(part),
        None => Cow::Owned(join(
            text.as_bytes().get(start..end).unwrap_or_default().to_vec(),
        )),
    }
}

/// Text from pieces that were cut between units: halves of a surrogate pair
/// that met again are whole, a lone half shows as one replacement character.
pub(super) fn join(bytes: Vec<u8>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    let mut second_half = false;
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_empty() {
            text.push_str(chunk.valid());
            second_half = false;
        }
        // A low half is two continuation bytes, each invalid by itself.
        let low = chunk.invalid().first().is_some_and(|b| *b & 0xC0 == 0x80);
        second_half = low && !second_half;
        if !chunk.invalid().is_empty() && (!low || second_half) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_utf16() {
        let text = "aé€😀z";
        let bytes = text.as_bytes();
        let wanted: Vec<u16> = text.encode_utf16().collect();
        let mut forward = Vec::new();
        let mut at = 0;
        while let Some((unit, next)) = unit_at(bytes, at) {
            assert!(is_unit_boundary(bytes, next));
            assert_eq!(unit_before(bytes, next), Some((unit, at)));
            assert_eq!(utf16_offset(text, at), forward.len());
            assert_eq!(byte_offset(text, forward.len()), Some(at));
            forward.push(unit);
            at = next;
        }
        assert_eq!(forward, wanted);
        assert_eq!(byte_offset(text, 7), None);
        assert_eq!(slice(text, 1, 3), "é");
    }
}

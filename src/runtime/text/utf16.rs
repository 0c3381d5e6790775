//! Strings counted as .NET counts them, in UTF-16 units, over Rust's UTF-8.
//! Plain ASCII, the frequent case, needs no counting.

/// Number of UTF-16 units.
pub fn length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.chars().map(char::len_utf16).sum()
    }
}

/// The byte position of the UTF-16 index, when a character starts (or the text
/// ends) there.
pub fn byte_index(text: &str, index: usize) -> Option<usize> {
    if text.is_ascii() {
        return (index <= text.len()).then_some(index);
    }
    let mut units = 0;
    for (at, ch) in text.char_indices() {
        if units >= index {
            return (units == index).then_some(at);
        }
        units += ch.len_utf16();
    }
    (units == index).then_some(text.len())
}

/// The UTF-16 index of a byte position.
pub fn unit_index(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or_else(|| length(text), length)
}

/// `Substring(start, count)`; `None` when it reaches beyond the text. Half a
/// surrogate pair comes out as U+FFFD.
pub fn substring(text: &str, start: usize, count: usize) -> Option<String> {
    let end = start.checked_add(count)?;
    if let (Some(from), Some(to)) = (byte_index(text, start), byte_index(text, end)) {
        return text.get(from..to).map(str::to_owned);
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    units.get(start..end).map(String::from_utf16_lossy)
}

/// The unit at an index.
pub fn unit_at(text: &str, index: usize) -> Option<u16> {
    if text.is_ascii() {
        return text.as_bytes().get(index).map(|&b| u16::from(b));
    }
    text.encode_utf16().nth(index)
}

/// The text of units; halves of surrogate pairs become U+FFFD.
pub fn from_units(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let text = "a\u{1F680}b\u{E9}";
        assert_eq!(length(text), 5);
        assert_eq!(byte_index(text, 3), Some(5));
        assert_eq!(byte_index(text, 2), None);
        assert_eq!(byte_index(text, 5), Some(text.len()));
        assert_eq!(substring(text, 3, 2).as_deref(), Some("b\u{E9}"));
        assert_eq!(substring(text, 1, 1).as_deref(), Some("\u{FFFD}"));
        assert_eq!(substring(text, 4, 2), None);
        assert_eq!(unit_at(text, 1), Some(0xD83D));
        assert_eq!(substring("abc", 3, 0).as_deref(), Some(""));
    }
}

//! Classes of characters as the language sees them: blanks, dashes, quotes, ends of words.

/// What reading past the end of the text gives.
pub(super) const END: char = '\0';

/// A blank inside a line: space, tab, vertical tab, form feed, NEL and the Unicode space separators.
pub(super) fn is_blank(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{a0}' | '\u{85}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Hyphen, en dash, em dash and horizontal bar are one and the same.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

/// Any single quote.
pub(super) fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// Any double quote.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}'..='\u{201e}')
}

/// A letter of the basic plane; letters beyond it never make names, since the
/// original looks at one UTF-16 unit at a time.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && (c as u32) < 0x1_0000 && c.is_alphabetic())
}

/// A letter or a decimal digit of the basic plane.
pub(super) fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && (c as u32) < 0x1_0000 && c.is_alphanumeric())
}

/// First character of a variable name written without braces.
pub(super) fn is_variable_start(c: char) -> bool {
    matches!(c, '_' | '?' | '^' | '$' | ':') || is_letter_or_digit(c)
}

/// First character of a simple name.
pub(super) fn is_identifier_start(c: char) -> bool {
    c == '_' || is_letter(c)
}

/// Later character of a simple name.
pub(super) fn is_identifier_follow(c: char) -> bool {
    c == '_' || is_letter_or_digit(c)
}

/// Ends a word in command mode, whatever came before.
pub(super) fn ends_word(c: char) -> bool {
    match c {
        END | '\t' | '\n' | '\r' | ' ' | '&' | '(' | ')' | ',' | ';' | '{' | '|' | '}' => true,
        c if c.is_ascii_graphic() => false,
        c => is_blank(c),
    }
}

/// Ends a number in expression mode besides the characters that end any word.
pub(super) fn ends_number(c: char, ternary: bool) -> bool {
    matches!(
        c,
        '!' | '#' | '%' | '*' | '+' | '.' | '/' | '<' | '=' | '>' | ']'
    ) || is_dash(c)
        || (ternary && matches!(c, '?' | ':'))
}

/// Ends a part of an assembly name.
pub(super) fn ends_assembly_part(c: char) -> bool {
    matches!(c, END | ',' | '=' | ']' | '\r' | '\n') || is_blank(c)
}

//! Composite format strings, `{index[,alignment][:format]}`: what `-f` and
//! `[string]::Format` fill in.

/// A piece of a composite format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it stands, braces unescaped.
    Literal(String),
    /// A place for an argument.
    Hole {
        /// Which argument.
        index: usize,
        /// Width; negative aligns to the left, 0 is none.
        alignment: i32,
        /// The format behind the colon, if there is one.
        format: Option<String>,
    },
}

/// Why a composite format string fails, with the messages of FormatException.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompositeError {
    /// A hole that is never closed.
    #[error(
        "Input string was not in a correct format. Failure to parse near offset {0}. Format item ends prematurely."
    )]
    EndsEarly(usize),
    /// A brace that opens or closes nothing.
    #[error(
        "Input string was not in a correct format. Failure to parse near offset {0}. Unexpected closing brace without a corresponding opening brace."
    )]
    StrayBrace(usize),
    /// No digit where the index or the width must be.
    #[error(
        "Input string was not in a correct format. Failure to parse near offset {0}. Expected an ASCII digit."
    )]
    ExpectedDigit(usize),
    /// A hole with an index beyond the arguments.
    #[error(
        "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
    )]
    IndexOutOfRange,
}

/// Indexes and widths end here.
const LIMIT: u32 = 1_000_000;

/// Cuts a composite format string into its pieces.
pub fn parse_composite(text: &str) -> Result<Vec<Piece>, CompositeError> {
    let chars: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(&ch) = chars.get(at) {
        at += 1;
        if ch != '{' && ch != '}' {
            literal.push(ch);
            continue;
        }
        let Some(&next) = chars.get(at) else {
            return Err(CompositeError::EndsEarly(at));
        };
        if next == ch {
            literal.push(ch);
            at += 1;
            continue;
        }
        if ch == '}' {
            return Err(CompositeError::StrayBrace(at));
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(hole(&chars, &mut at)?);
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

fn hole(chars: &[char], at: &mut usize) -> Result<Piece, CompositeError> {
    let index = number(chars, at)? as usize;
    skip_blanks(chars, at);
    let mut alignment = 0;
    if peek(chars, *at)? == ',' {
        *at += 1;
        skip_blanks(chars, at);
        let left = peek(chars, *at)? == '-';
        *at += usize::from(left);
        let width = number(chars, at)? as i32;
        alignment = if left { -width } else { width };
        skip_blanks(chars, at);
    }
    let mut format = None;
    match peek(chars, *at)? {
        '}' => {}
        ':' => {
            *at += 1;
            let start = *at;
            loop {
                match peek(chars, *at)? {
                    '}' => break,
                    // Braces cannot stand in a format.
                    '{' => return Err(CompositeError::EndsEarly(*at)),
                    _ => *at += 1,
                }
            }
            format = Some(chars[start..*at].iter().collect());
        }
        _ => return Err(CompositeError::EndsEarly(*at)),
    }
    *at += 1;
    Ok(Piece::Hole {
        index,
        alignment,
        format,
    })
}

fn peek(chars: &[char], at: usize) -> Result<char, CompositeError> {
    chars.get(at).copied().ok_or(CompositeError::EndsEarly(at))
}

fn skip_blanks(chars: &[char], at: &mut usize) {
    while chars.get(*at) == Some(&' ') {
        *at += 1;
    }
}

fn number(chars: &[char], at: &mut usize) -> Result<u32, CompositeError> {
    let mut value = peek(chars, *at)?
        .to_digit(10)
        .ok_or(CompositeError::ExpectedDigit(*at))?;
    *at += 1;
    while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
        value = value * 10 + digit;
        *at += 1;
        if value >= LIMIT {
            break;
        }
    }
    Ok(value)
}

/// Appends `value` padded to a width, counted in UTF-16 units as .NET does.
pub fn push_aligned(out: &mut String, value: &str, alignment: i32) {
    let width = alignment.unsigned_abs() as usize;
    let missing = width.saturating_sub(super::utf16::length(value));
    let pad = std::iter::repeat_n(' ', missing);
    if alignment > 0 {
        out.extend(pad);
        out.push_str(value);
    } else {
        out.push_str(value);
        out.extend(pad);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(format: &str, arguments: &[&str]) -> Result<String, String> {
        let mut out = String::new();
        for piece in parse_composite(format).map_err(|error| error.to_string())? {
            match piece {
                Piece::Literal(literal) => out.push_str(&literal),
                Piece::Hole {
                    index,
                    alignment,
                    format,
                } => {
                    let beyond = CompositeError::IndexOutOfRange;
                    let value = arguments.get(index).ok_or(beyond.to_string())?;
                    let value = match format {
                        Some(format) => format!("{value}<{format}>"),
                        None => value.to_string(),
                    };
                    push_aligned(&mut out, &value, alignment);
                }
            }
        }
        Ok(out)
    }

    #[test]
    fn holes() {
        for (format, expected) in [
            ("{0} {1}", "a b"),
            ("{1} {0} {1}", "b a b"),
            ("[{0,4}] [{0,-4}]", "[   a] [a   ]"),
            ("{{literal}} {0}", "{literal} a"),
            ("{0:N2}|{1,6:X}", "a<N2>|  b<X>"),
            ("{0 , 3 :x}", "a<x>"),
            ("no holes", "no holes"),
            ("", ""),
            ("{0:}", "a<>"),
        ] {
            assert_eq!(
                fill(format, &["a", "b"]).as_deref(),
                Ok(expected),
                "{format}"
            );
        }
    }

    #[test]
    fn failures() {
        assert_eq!(
            fill("{0} {2}", &["a"]).unwrap_err(),
            "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
        );
        for (format, message) in [
            ("{0", "offset 2. Format item ends prematurely."),
            ("{", "offset 1. Format item ends prematurely."),
            ("{x}", "offset 1. Expected an ASCII digit."),
            (
                "a } b",
                "offset 3. Unexpected closing brace without a corresponding opening brace.",
            ),
        ] {
            let error = fill(format, &["a"]).unwrap_err();
            assert!(error.ends_with(message), "{format}: {error}");
        }
    }
}

//! Guids: every form that `Parse` reads and `ToString` writes.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::number_format::FormatError;

/// A globally unique identifier (System.Guid), its bytes in the order they are
/// written. The order of Guids is that of these bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Guid(pub [u8; 16]);

/// Why a text is no Guid (FormatException).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuidParseError {
    /// Nothing like a Guid.
    #[error("Unrecognized Guid format.")]
    Unrecognized,
    /// The wrong number of digits.
    #[error("Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).")]
    Length,
    /// Dashes elsewhere.
    #[error("Dashes are in the wrong position for GUID parsing.")]
    Dashes,
    /// Other characters than digits.
    #[error("Guid string should only contain hexadecimal characters.")]
    Characters,
    /// The form with single numbers, without its prefixes.
    #[error("Expected 0x prefix.")]
    Prefix,
}

const DASHES: [usize; 4] = [8, 13, 18, 23];

impl Guid {
    /// `[guid]::NewGuid()`: version 4, from the randomness the system gave the process.
    pub fn new() -> Guid {
        let half = |salt: u64| {
            let mut hasher = RandomState::new().build_hasher();
            hasher.write_u64(salt);
            if let Ok(now) = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
                hasher.write_u128(now.as_nanos());
            }
            hasher.finish()
        };
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&half(1).to_be_bytes());
        bytes[8..].copy_from_slice(&half(2).to_be_bytes());
        bytes[6] = bytes[6] & 0x0F | 0x40;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        Guid(bytes)
    }

    /// `[guid]::CreateVersion7()`: the milliseconds since 1970, then randomness.
    pub fn version_7(milliseconds: Option<i64>) -> Guid {
        let mut bytes = Guid::new().0;
        let now = || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.map_or(0, |now| now.as_millis() as i64)
        };
        let moment = milliseconds.unwrap_or_else(now).to_be_bytes();
        bytes[..6].copy_from_slice(&moment[2..]);
        bytes[6] = bytes[6] & 0x0F | 0x70;
        Guid(bytes)
    }

    /// From the bytes of `ToByteArray`, whose first three numbers are little-endian.
    pub fn from_byte_array(bytes: &[u8]) -> Option<Guid> {
        let bytes: [u8; 16] = bytes.try_into().ok()?;
        Some(Guid(swap(bytes)))
    }

    /// The bytes as .NET lays them out in memory.
    pub fn to_byte_array(self) -> [u8; 16] {
        swap(self.0)
    }

    /// `[guid]::Parse(text)`.
    pub fn parse(text: &str) -> Result<Guid, GuidParseError> {
        let text = text.trim();
        match text.as_bytes().first() {
            None => Err(GuidParseError::Unrecognized),
            Some(b'(') => Guid::parse_exact(text, 'P'),
            Some(b'{') if text.as_bytes().get(9) == Some(&b'-') => Guid::parse_exact(text, 'B'),
            Some(b'{') => Guid::parse_exact(text, 'X'),
            _ if text.len() < 32 => Err(GuidParseError::Unrecognized),
            _ if text.as_bytes().get(8) == Some(&b'-') => Guid::parse_exact(text, 'D'),
            _ => Guid::parse_exact(text, 'N'),
        }
    }

    /// `[guid]::ParseExact(text, format)`.
    pub fn parse_exact(text: &str, format: char) -> Result<Guid, GuidParseError> {
        match format.to_ascii_uppercase() {
            'N' => hexadecimal(text),
            'D' => dashed(text),
            'B' => dashed(enclosed(text, '{', '}')?),
            'P' => dashed(enclosed(text, '(', ')')?),
            'X' => single_numbers(text),
            _ => Err(GuidParseError::Unrecognized),
        }
    }

    /// `$guid.ToString(format)`; an empty format is `D`.
    pub fn format(self, format: &str) -> Result<String, FormatError> {
        let plain = self.0.iter().map(|byte| format!("{byte:02x}"));
        let digits: String = plain.collect();
        let dashed = || {
            let cut = |from: usize, to: usize| &digits[from..to];
            format!(
                "{}-{}-{}-{}-{}",
                cut(0, 8),
                cut(8, 12),
                cut(12, 16),
                cut(16, 20),
                cut(20, 32)
            )
        };
        Ok(match format {
            "" | "D" | "d" => dashed(),
            "N" | "n" => digits,
            "B" | "b" => format!("{{{}}}", dashed()),
            "P" | "p" => format!("({})", dashed()),
            "X" | "x" => {
                let last: Vec<String> = self.0[8..].iter().map(|b| format!("0x{b:02x}")).collect();
                format!(
                    "{{0x{},0x{},0x{},{{{}}}}}",
                    &digits[..8],
                    &digits[8..12],
                    &digits[12..16],
                    last.join(",")
                )
            }
            _ => {
                return Err(FormatError(
                    "Format string can be only \"D\", \"d\", \"N\", \"n\", \"P\", \"p\", \"B\", \"b\", \"X\" or \"x\"."
                        .to_owned(),
                ));
            }
        })
    }
}

impl std::fmt::Display for Guid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.format("D").unwrap_or_default())
    }
}

/// The first three numbers stand the other way round in memory.
fn swap(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[..4].reverse();
    bytes[4..6].reverse();
    bytes[6..8].reverse();
    bytes
}

fn enclosed(text: &str, open: char, close: char) -> Result<&str, GuidParseError> {
    text.strip_prefix(open)
        .and_then(|rest| rest.strip_suffix(close))
        .ok_or(GuidParseError::Length)
}

fn hexadecimal(text: &str) -> Result<Guid, GuidParseError> {
    if text.chars().count() != 32 {
        return Err(GuidParseError::Length);
    }
    let mut bytes = [0; 16];
    for (index, pair) in text.as_bytes().chunks(2).take(16).enumerate() {
        let digit = |at: usize| {
            pair.get(at)
                .and_then(|&b| char::from(b).to_digit(16))
                .ok_or(GuidParseError::Characters)
        };
        bytes[index] = (digit(0)? * 16 + digit(1)?) as u8;
    }
    Ok(Guid(bytes))
}

fn dashed(text: &str) -> Result<Guid, GuidParseError> {
    if text.len() != 36 {
        return Err(GuidParseError::Length);
    }
    if DASHES.iter().any(|&at| text.as_bytes()[at] != b'-') {
        return Err(GuidParseError::Dashes);
    }
    let digits: String = text
        .char_indices()
        .filter(|(at, _)| !DASHES.contains(at))
        .map(|(_, ch)| ch)
        .collect();
    hexadecimal(&digits).map_err(|_| GuidParseError::Characters)
}

/// `{0x…,0x…,0x…,{0x…,…}}`: eleven numbers of four, two, two and one bytes.
fn single_numbers(text: &str) -> Result<Guid, GuidParseError> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let body = enclosed(&text, '{', '}')?;
    let body = body.strip_suffix('}').ok_or(GuidParseError::Length)?;
    let (head, tail) = body.split_once(",{").ok_or(GuidParseError::Length)?;
    let numbers: Vec<&str> = head.split(',').chain(tail.split(',')).collect();
    let widths = [4, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1];
    if numbers.len() != widths.len() {
        return Err(GuidParseError::Length);
    }
    let mut bytes = Vec::with_capacity(16);
    for (number, width) in numbers.iter().zip(widths) {
        let digits = number
            .strip_prefix("0x")
            .or_else(|| number.strip_prefix("0X"))
            .ok_or(GuidParseError::Prefix)?;
        let value = u64::from_str_radix(digits, 16).map_err(|_| GuidParseError::Characters)?;
        if value >> (8 * width) != 0 {
            return Err(GuidParseError::Characters);
        }
        bytes.extend_from_slice(&value.to_be_bytes()[8 - width..]);
    }
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| GuidParseError::Length)?;
    Ok(Guid(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let guid = Guid::parse("6F9619FF-8B86-D011-B42D-00CF4FC964FF").unwrap();
        for (format, expected) in [
            ("", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
            ("N", "6f9619ff8b86d011b42d00cf4fc964ff"),
            ("B", "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}"),
            ("P", "(6f9619ff-8b86-d011-b42d-00cf4fc964ff)"),
            (
                "X",
                "{0x6f9619ff,0x8b86,0xd011,{0xb4,0x2d,0x00,0xcf,0x4f,0xc9,0x64,0xff}}",
            ),
        ] {
            let text = guid.format(format).unwrap();
            assert_eq!(text, expected);
            assert_eq!(Guid::parse(&text), Ok(guid));
        }
        assert!(guid.format("Q").is_err());
        assert_eq!(guid.to_byte_array()[..4], [255, 25, 150, 111]);
        let counted: Vec<u8> = (1..=16).collect();
        assert_eq!(
            Guid::from_byte_array(&counted).unwrap().to_string(),
            "04030201-0605-0807-090a-0b0c0d0e0f10"
        );
    }

    #[test]
    fn failures_and_randomness() {
        for (text, expected) in [
            ("zz", GuidParseError::Unrecognized),
            ("", GuidParseError::Unrecognized),
            (
                "6F9619FF-8B86-D011-B42D-00CF4FC964F",
                GuidParseError::Length,
            ),
            (
                "6F9619FF-8B86-D011-B42D-00CF4FC964FG",
                GuidParseError::Characters,
            ),
            (
                "6F9619FF-8B86-D011B-42D-00CF4FC964FF",
                GuidParseError::Dashes,
            ),
        ] {
            assert_eq!(Guid::parse(text), Err(expected), "{text}");
        }
        let random = Guid::new();
        assert_ne!(random, Guid::new());
        assert_eq!(&random.to_string()[14..15], "4");
    }
}

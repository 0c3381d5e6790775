//! System.Version and PowerShell's SemanticVersion.

use std::cmp::Ordering;
use std::fmt;

/// A version of two to four numbers; those not given are -1 and come first in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "the properties of the .NET type, by their names"
)]
pub struct Version {
    pub major: i32,
    pub minor: i32,
    pub build: i32,
    pub revision: i32,
}

/// Why a text is no version, with the messages of .NET's exceptions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionParseError {
    /// ArgumentException: fewer than two or more than four numbers.
    #[error("Version string portion was too short or too long. (Parameter 'input')")]
    Length,
    /// FormatException: a part that is no number.
    #[error("The input string '{0}' was not in a correct format.")]
    Format(String),
    /// ArgumentOutOfRangeException: a negative part.
    #[error(
        "input ('{0}') must be a non-negative value. (Parameter 'input')\nActual value was {0}."
    )]
    Negative(i64),
    /// OverflowException: a part beyond int.
    #[error("Value was either too large or too small for an Int32.")]
    Overflow,
    /// FormatException of SemanticVersion.
    #[error("Input string was not in a correct format.")]
    Semantic,
}

impl Version {
    /// A version of so many numbers as are not negative.
    pub fn new(major: i32, minor: i32, build: i32, revision: i32) -> Version {
        Version {
            major,
            minor,
            build,
            revision,
        }
    }

    /// `[version]::Parse(text)`.
    pub fn parse(text: &str) -> Result<Version, VersionParseError> {
        let parts: Vec<&str> = text.split('.').collect();
        if !(2..=4).contains(&parts.len()) {
            return Err(VersionParseError::Length);
        }
        let mut numbers = [-1; 4];
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            *slot = component(part)?;
        }
        let [major, minor, build, revision] = numbers;
        Ok(Version::new(major, minor, build, revision))
    }

    /// How many numbers were given: 2 to 4.
    pub fn field_count(&self) -> usize {
        match (self.build, self.revision) {
            (..0, _) => 2,
            (_, ..0) => 3,
            _ => 4,
        }
    }

    /// `ToString(count)`; `None` when fewer numbers were given.
    pub fn format(&self, count: usize) -> Option<String> {
        let most = self.field_count();
        if count > most {
            return None;
        }
        let numbers = [self.major, self.minor, self.build, self.revision];
        let texts: Vec<String> = numbers[..count].iter().map(i32::to_string).collect();
        Some(texts.join("."))
    }
}

fn component(text: &str) -> Result<i32, VersionParseError> {
    let body = text.trim();
    let digits = body.strip_prefix(['+', '-']).unwrap_or(body);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(VersionParseError::Format(text.to_owned()));
    }
    let value: i64 = body.parse().map_err(|_| VersionParseError::Overflow)?;
    let value32 = i32::try_from(value).map_err(|_| VersionParseError::Overflow)?;
    if value < 0 {
        return Err(VersionParseError::Negative(value));
    }
    Ok(value32)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format(self.field_count()).unwrap_or_default())
    }
}

/// A semantic version: three numbers, a label of the pre-release and one of the
/// build. The build label counts neither for equality nor for order.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "the properties of the PowerShell type, by their names"
)]
pub struct SemanticVersion {
    pub major: i32,
    pub minor: i32,
    pub patch: i32,
    pub pre_release_label: Option<String>,
    pub build_label: Option<String>,
}

impl SemanticVersion {
    /// `[semver]::Parse(text)`.
    pub fn parse(text: &str) -> Result<SemanticVersion, VersionParseError> {
        let bad = || VersionParseError::Semantic;
        let (rest, build_label) = match text.split_once('+') {
            Some((rest, label)) => (rest, Some(label)),
            None => (text, None),
        };
        let (numbers, pre_release_label) = match rest.split_once('-') {
            Some((numbers, label)) => (numbers, Some(label)),
            None => (rest, None),
        };
        let labels_fit = [build_label, pre_release_label]
            .into_iter()
            .flatten()
            .all(is_label);
        let parts: Vec<&str> = numbers.split('.').collect();
        if !labels_fit || parts.len() > 3 {
            return Err(bad());
        }
        let mut found = [0; 3];
        for (slot, part) in found.iter_mut().zip(&parts) {
            if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(bad());
            }
            *slot = part.parse().map_err(|_| bad())?;
        }
        let [major, minor, patch] = found;
        Ok(SemanticVersion {
            major,
            minor,
            patch,
            pre_release_label: pre_release_label.map(str::to_owned),
            build_label: build_label.map(str::to_owned),
        })
    }

    /// The numbers alone.
    pub fn to_version(&self) -> Version {
        Version::new(self.major, self.minor, self.patch, -1)
    }

    /// A version of at most three numbers as a semantic one.
    pub fn from_version(version: &Version) -> Option<SemanticVersion> {
        if version.revision > 0 {
            return None;
        }
        Some(SemanticVersion {
            major: version.major,
            minor: version.minor,
            patch: version.build.max(0),
            pre_release_label: None,
            build_label: None,
        })
    }
}

/// Letters, digits, hyphens and full stops, the first a letter or digit.
fn is_label(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

impl fmt::Display for SemanticVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if let Some(label) = &self.pre_release_label {
            write!(f, "-{label}")?;
        }
        if let Some(label) = &self.build_label {
            write!(f, "+{label}")?;
        }
        Ok(())
    }
}

/// A version without label comes after every pre-release of it.
fn compare_labels(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (left, right) = match (left, right) {
        (None, None) => return Ordering::Equal,
        (None, Some(_)) => return Ordering::Greater,
        (Some(_), None) => return Ordering::Less,
        (Some(left), Some(right)) => (left, right),
    };
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (a, b) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => (a, b),
        };
        let order = match (a.parse::<i32>(), b.parse::<i32>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => a.cmp(b),
        };
        if order.is_ne() {
            return order;
        }
    }
}

impl Ord for SemanticVersion {
    fn cmp(&self, other: &SemanticVersion) -> Ordering {
        let numbers = |v: &SemanticVersion| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            compare_labels(
                self.pre_release_label.as_deref(),
                other.pre_release_label.as_deref(),
            )
        })
    }
}

impl PartialOrd for SemanticVersion {
    fn partial_cmp(&self, other: &SemanticVersion) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SemanticVersion {
    fn eq(&self, other: &SemanticVersion) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SemanticVersion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let version = |text: &str| Version::parse(text).unwrap();
        assert_eq!(version("10.4.2.1234").to_string(), "10.4.2.1234");
        assert_eq!(version("1.2").to_string(), "1.2");
        assert_eq!(version("1.2").build, -1);
        assert_eq!(version("10.4.2.1234").format(2).as_deref(), Some("10.4"));
        assert_eq!(version("1.2").format(3), None);
        assert!(version("1.2") < version("1.2.0"));
        assert!(version("10.0") > version("9.9"));
        for (text, message) in [
            (
                "1",
                "Version string portion was too short or too long. (Parameter 'input')",
            ),
            (
                "1.2.3.4.5",
                "Version string portion was too short or too long. (Parameter 'input')",
            ),
            ("a.b", "The input string 'a' was not in a correct format."),
            (
                "1.-2",
                "input ('-2') must be a non-negative value. (Parameter 'input')\nActual value was -2.",
            ),
            (
                "1.99999999999",
                "Value was either too large or too small for an Int32.",
            ),
        ] {
            assert_eq!(Version::parse(text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn semantic_versions() {
        let version = |text: &str| SemanticVersion::parse(text).unwrap();
        let full = version("7.5.0-rc.1+build.9");
        assert_eq!(full.pre_release_label.as_deref(), Some("rc.1"));
        assert_eq!(full.to_string(), "7.5.0-rc.1+build.9");
        assert_eq!(version("3.1").to_string(), "3.1.0");
        assert!(version("1.0.0-alpha") < version("1.0.0"));
        assert!(version("1.0.0-alpha") < version("1.0.0-beta"));
        assert!(version("1.0.0-rc.2") < version("1.0.0-rc.10"));
        assert_eq!(version("1.0.0+a"), version("1.0.0+b"));
        assert_eq!(version("4.5.6").to_version().to_string(), "4.5.6");
        for bad in ["not.a.version", "", "1.2.3.4", "1.2.3-", "1.2.3+"] {
            assert!(SemanticVersion::parse(bad).is_err(), "{bad}");
        }
    }
}

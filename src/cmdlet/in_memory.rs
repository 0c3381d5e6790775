//! What objects get that are made in memory, to be put into others: the patterns that a description of
//! numbers means, the id of a bypass.

use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::text::guid::Guid;

/// Fills in what follows from what was given.
pub fn complete(object: &mut Object) {
    match object.kind.noun.as_str() {
        "CsVoiceRegex" => voice_regex(object),
        "CsNetworkMediaBypassConfiguration" => media_bypass(object),
        _ => {}
    }
}

fn voice_regex(object: &mut Object) {
    let count = |name: &str| match object.given(name) {
        Some(Datum::Int(count)) => usize::try_from(*count).ok(),
        _ => None,
    };
    let starts = object
        .given("StartsWith")
        .and_then(Datum::as_text)
        .unwrap_or_default();
    let prepended = object
        .given("DigitsToPrepend")
        .and_then(Datum::as_text)
        .unwrap_or_default();
    let length = match (count("ExactLength"), count("AtLeastLength")) {
        (Some(exact), _) => Length::Exact(exact),
        (None, least) => Length::AtLeast(least.unwrap_or(1)),
    };
    let pattern = pattern(starts, length, count("DigitsToStrip").unwrap_or(0));
    let translation = format!("{prepended}$1");
    object.set("Pattern", Datum::text(pattern));
    object.set("Translation", Datum::text(translation));
}

#[derive(Clone, Copy)]
enum Length {
    Exact(usize),
    AtLeast(usize),
}

/// The regular expression for numbers that begin so and are so long; its group is what remains
/// without the digits to strip.
fn pattern(starts: &str, length: Length, strip: usize) -> String {
    let digits = |count: usize| match count {
        0 => String::new(),
        count => format!("\\d{{{count}}}"),
    };
    let known = starts.chars().count();
    let (dropped, kept): (Vec<_>, Vec<_>) =
        starts.chars().enumerate().partition(|(at, _)| *at < strip);
    let plain = |part: &[(usize, char)]| -> String {
        let text: String = part.iter().map(|(_, it)| *it).collect();
        text.replace('+', "\\+").replace('*', "\\*")
    };
    let stripped = strip.saturating_sub(known);
    let rest = |length: usize| length.saturating_sub(known.max(strip));
    let tail = match length {
        Length::Exact(length) => digits(rest(length)),
        Length::AtLeast(length) => format!("{}\\d+", digits(rest(length).saturating_sub(1))),
    };
    let (dropped, kept) = (plain(&dropped), plain(&kept));
    format!("^{dropped}{}({kept}{tail})$", digits(stripped))
}

/// A bypass that is on has an id, and clients inside may use it.
fn media_bypass(object: &mut Object) {
    let on = |name: &str| object.given(name) == Some(&Datum::Bool(true));
    if !on("Enabled") {
        return;
    }
    let identified = on("AlwaysBypass") || on("EnableDefaultBypassID");
    object.set("InternalBypassMode", Datum::text("Any"));
    if identified && object.given("BypassID").is_none() {
        object.set("BypassID", Datum::text(Guid::new().to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, pattern};

    #[test]
    fn patterns_tell_what_remains_of_a_number() {
        for (starts, length, strip, expected) in [
            ("", Length::Exact(7), 3, r"^\d{3}(\d{4})$"),
            ("1", Length::AtLeast(7), 0, r"^(1\d{5}\d+)$"),
            ("+1", Length::Exact(12), 2, r"^\+1(\d{10})$"),
            ("91", Length::Exact(6), 1, r"^9(1\d{4})$"),
            ("9", Length::AtLeast(8), 3, r"^9\d{2}(\d{4}\d+)$"),
        ] {
            assert_eq!(pattern(starts, length, strip), expected);
        }
    }
}

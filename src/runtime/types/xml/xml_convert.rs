//! `System.Xml.XmlConvert`: values and names as XML writes them.

use crate::runtime::error::R;
use crate::runtime::text::datetime::{DateTimeKind, TimeSpan};
use crate::runtime::types::{failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const SECOND: i64 = 10_000_000;

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    is_name_start(c) || c.is_numeric() || matches!(c, '-' | '.' | '\u{B7}')
}

/// A text as a name: what names cannot hold stands as `_xHHHH_`.
fn encode(text: &str, colon: bool, as_part: bool) -> String {
    let mut out = String::new();
    let units: Vec<char> = text.chars().collect();
    for (at, c) in units.iter().copied().enumerate() {
        let fits = (at > 0 || as_part) && is_name_part(c) || is_name_start(c) || colon && c == ':';
        // What looks like an escape already is escaped itself.
        let looks_escaped = c == '_'
            && units.get(at + 1) == Some(&'x')
            && units.get(at + 6) == Some(&'_')
            && units
                .get(at + 2..at + 6)
                .is_some_and(|h| h.iter().all(char::is_ascii_hexdigit));
        if fits && !looks_escaped {
            out.push(c);
        } else {
            let code = u32::from(c);
            match code > 0xFFFF {
                true => out.push_str(&format!("_x{code:08X}_")),
                false => out.push_str(&format!("_x{code:04X}_")),
            }
        }
    }
    out
}

fn decode(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let inner = &tail[2..];
        let end = inner.find('_').filter(|end| matches!(end, 4 | 8));
        let found = end.and_then(|end| {
            let code = u32::from_str_radix(inner.get(..end)?, 16).ok()?;
            Some((char::from_u32(code)?, end))
        });
        match found {
            Some((c, end)) => {
                out.push(c);
                rest = &inner[end + 1..];
            }
            None => {
                out.push_str("_x");
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

/// `P1DT2H3M4.5S`
fn duration(span: TimeSpan) -> String {
    let ticks = span.0.unsigned_abs();
    let second = SECOND as u64;
    let (days, hours) = (ticks / (86_400 * second), ticks / (3600 * second) % 24);
    let (minutes, seconds) = (ticks / (60 * second) % 60, ticks / second % 60);
    let part = ticks % second;
    let mut out = String::from(if span.0 < 0 { "-P" } else { "P" });
    if days > 0 {
        out.push_str(&format!("{days}D"));
    }
    if hours > 0 || minutes > 0 || seconds > 0 || part > 0 {
        out.push('T');
        if hours > 0 {
            out.push_str(&format!("{hours}H"));
        }
        if minutes > 0 {
            out.push_str(&format!("{minutes}M"));
        }
        if seconds > 0 || part > 0 {
            let digits = format!("{part:07}");
            let digits = digits.trim_end_matches('0');
            let point = if digits.is_empty() { "" } else { "." };
            out.push_str(&format!("{seconds}{point}{digits}S"));
        }
    }
    if ticks == 0 {
        out.push_str("T0S");
    }
    out
}

fn parse_duration(text: &str) -> Option<TimeSpan> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let rest = rest.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let mut ticks: i64 = 0;
    let (mut number, mut in_time, mut any) = (String::new(), false, false);
    for c in rest.chars() {
        let unit = match (c, in_time) {
            ('T', false) if number.is_empty() => {
                in_time = true;
                continue;
            }
            ('0'..='9' | '.', _) => {
                number.push(c);
                continue;
            }
            ('Y', false) => 365 * 86_400,
            ('M', false) => 30 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
        if !part.is_empty() && unit != 1 {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        ticks = ticks.checked_add(whole.checked_mul(unit)?.checked_mul(SECOND)?)?;
        if !part.is_empty() {
            let digits: String = part.chars().chain("0000000".chars()).take(7).collect();
            ticks = ticks.checked_add(digits.parse().ok()?)?;
        }
        number.clear();
        any = true;
    }
    (any && number.is_empty()).then(|| TimeSpan(sign * ticks))
}

fn not_a<T>(text: &str, what: &str) -> R<T> {
    failures::format(format!("The string '{text}' is not a valid {what} value."))
}

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    let text = match name {
        "tostring" => String::new(),
        _ => vm.to_text(first)?,
    };
    Ok(Some(match (name, arguments.len()) {
        ("encodename", 1) => Value::str(encode(&text, true, false)),
        ("encodelocalname", 1) => Value::str(encode(&text, false, false)),
        ("encodenmtoken", 1) => Value::str(encode(&text, true, true)),
        ("decodename", 1) => Value::str(decode(&text)),
        ("tostring", count) => return to_string(vm, first, arguments.get(1).filter(|_| count > 1)),
        ("toboolean", 1) => match text.trim() {
            "true" | "1" => Value::Bool(true),
            "false" | "0" => Value::Bool(false),
            _ => return not_a(&text, "Boolean"),
        },
        ("totimespan", 1) => match parse_duration(text.trim()) {
            Some(span) => Value::TimeSpan(span),
            None => return not_a(&text, "TimeSpan"),
        },
        ("todatetime" | "todatetimeoffset", _) => {
            let wanted = match name {
                "todatetime" => known::datetime(),
                _ => type_named("System.DateTimeOffset"),
            };
            vm.convert(&Value::str(text), &wanted)?
        }
        ("todouble" | "tosingle", 1) => {
            let wanted = if name == "todouble" {
                known::double()
            } else {
                known::float()
            };
            let endless = match text.trim() {
                "INF" => Some(f64::INFINITY),
                "-INF" => Some(f64::NEG_INFINITY),
                _ => None,
            };
            match endless {
                Some(number) => vm.convert(&Value::Double(number), &wanted)?,
                None => vm.invoke_static(&wanted, "Parse", vec![Value::str(text.trim())])?,
            }
        }
        ("toguid", 1) => {
            vm.invoke_static(&type_named("System.Guid"), "Parse", vec![first.clone()])?
        }
        ("tochar", 1) => vm.convert(first, &known::char())?,
        ("verifyname" | "verifyncname" | "verifynmtoken", 1) => {
            let fits = match name {
                "verifynmtoken" => text.chars().all(|c| is_name_part(c) || c == ':'),
                _ => {
                    let colon = name == "verifyname";
                    text.starts_with(|c| is_name_start(c) || colon && c == ':')
                        && text.chars().all(|c| is_name_part(c) || colon && c == ':')
                }
            };
            match text
                .chars()
                .find(|c| !is_name_part(*c))
                .or(text.chars().next())
            {
                _ if fits => Value::str(text),
                Some(c) => {
                    return failures::fail(
                        "System.Xml.XmlException",
                        format!(
                            "The '{c}' character, hexadecimal value 0x{:02X}, cannot be included in a name.",
                            u32::from(c)
                        ),
                    );
                }
                None => return failures::argument_null("name"),
            }
        }
        _ => {
            let wanted = match name {
                "toint32" => known::int(),
                "toint64" => known::long(),
                "toint16" => known::short(),
                "tobyte" => known::byte(),
                "tosbyte" => known::sbyte(),
                "touint16" => known::ushort(),
                "touint32" => known::uint(),
                "touint64" => known::ulong(),
                "todecimal" => known::decimal(),
                _ => return Ok(None),
            };
            vm.invoke_static(&wanted, "Parse", vec![Value::str(text.trim())])?
        }
    }))
}

fn to_string(vm: &mut Vm, value: &Value, how: Option<&Value>) -> R<Option<Value>> {
    Ok(Some(Value::str(match value.base() {
        Value::Bool(on) => (if *on { "true" } else { "false" }).to_string(),
        Value::TimeSpan(span) => duration(*span),
        Value::Double(number) if number.is_infinite() => {
            (if *number > 0.0 { "INF" } else { "-INF" }).to_string()
        }
        Value::DateTime(date) => {
            let mut date = **date;
            let format = match how {
                Some(Value::Enum(mode)) => {
                    date = match mode.bits {
                        0 => date.to_local(),
                        1 => date.to_universal(),
                        2 => crate::runtime::text::datetime::DateTime::new(
                            date.ticks(),
                            DateTimeKind::Unspecified,
                        ),
                        _ => date,
                    };
                    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK".to_string()
                }
                Some(format) => vm.to_text(format)?,
                None => "yyyy-MM-ddTHH:mm:ss.fffffffzzz".to_string(),
            };
            let culture = crate::runtime::types::text::culture::CultureInfo::value(
                crate::runtime::text::culture::Culture::invariant(),
            );
            let text = vm.invoke_method(
                &Value::datetime(date),
                "ToString",
                vec![Value::str(format), culture],
            )?;
            vm.to_text(&text)?
        }
        other => {
            let text = other.clone();
            vm.to_text(&text)?
        }
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_way_through_xml() {
        for (text, name) in [
            ("a b", "a_x0020_b"),
            ("1a", "_x0031_a"),
            ("a:b", "a:b"),
            ("_x0020_", "_x005F_x0020_"),
        ] {
            assert_eq!(encode(text, true, false), name);
            assert_eq!(decode(name), text);
        }
    }

    #[test]
    fn durations_are_written_and_read() {
        for (ticks, text) in [
            (0, "PT0S"),
            (15 * SECOND / 10, "PT1.5S"),
            (90_061 * SECOND, "P1DT1H1M1S"),
            (-60 * SECOND, "-PT1M"),
        ] {
            assert_eq!(duration(TimeSpan(ticks)), text);
            assert_eq!(parse_duration(text), Some(TimeSpan(ticks)));
        }
        assert_eq!(parse_duration("5 minutes"), None);
    }
}

//! Deployment files: a whole deployment as readable RON, in and out.
//!
//! ```text
//! (
//!     format: 1,
//!     product: "Lync Server 2013",
//!     objects: {
//!         "CsSipDomain": [
//!             { "Identity": "contoso.com", "IsDefault": true },
//!         ],
//!     },
//! )
//! ```
//!
//! Values are written plainly; the declaration of the property says what they
//! are. A value that the declaration cannot tell (a moment in an unknown
//! property) is a map with one key that begins with `$`.

use super::constraint::Kinds;
use super::error::ModelError;
use super::kind::ValueType;
use super::value::{Datum, Record};
use ron::extensions::Extensions;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Write};

/// The version of the file form.
pub const FORMAT: u32 = 1;

/// A deployment outside the store.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// The product release that decides which parameters exist.
    pub product: String,
    /// All objects in the order of the file.
    pub entries: Vec<Entry>,
}

/// One object of a deployment file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The noun of its kind.
    pub noun: String,
    /// The identity in displayed form.
    pub identity: String,
    /// The given values.
    pub properties: Vec<(String, Datum)>,
}

/// The reader for all RON of the project: options without `Some`.
pub fn reader() -> ron::Options {
    ron::Options::default().with_default_extension(
        Extensions::IMPLICIT_SOME
            | Extensions::UNWRAP_NEWTYPES
            | Extensions::UNWRAP_VARIANT_NEWTYPES,
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    product: String,
    objects: Pairs<Vec<Pairs<Plain>>>,
}

/// Reads a deployment file.
pub fn read(text: &str, kinds: Kinds) -> Result<Deployment, ModelError> {
    let file: File = reader()
        .from_str(text)
        .map_err(|error| ModelError::BadFile {
            place: format!(
                "line {}, column {}",
                error.span.start.line, error.span.start.col
            ),
            message: error.code.to_string(),
        })?;
    if file.format != FORMAT {
        return Err(ModelError::BadFile {
            place: "format".into(),
            message: format!("version {} is not known, {FORMAT} is", file.format),
        });
    }
    let mut entries = Vec::new();
    for (noun, objects) in file.objects.0 {
        let kind = kinds(&noun).ok_or_else(|| ModelError::UnknownKind { noun: noun.clone() })?;
        for (index, object) in objects.into_iter().enumerate() {
            let mut identity = kind.standing_identity().map(str::to_owned);
            let mut properties = Vec::new();
            for (name, Plain(value)) in object.0 {
                if name.eq_ignore_ascii_case("Identity") {
                    identity = Some(value.display());
                    continue;
                }
                let value_type = kind.property(&name).map(|property| &property.value_type);
                let typed = typed(value, value_type.unwrap_or(&ValueType::Any));
                properties.push((name, typed));
            }
            let identity = identity.ok_or_else(|| ModelError::BadFile {
                place: format!("{noun}, object {}", index + 1),
                message: "it has no Identity".into(),
            })?;
            entries.push(Entry {
                noun: kind.noun.clone(),
                identity,
                properties,
            });
        }
    }
    Ok(Deployment {
        product: file.product,
        entries,
    })
}

/// Writes a deployment file. Entries of one kind are gathered where the first stands.
pub fn write(deployment: &Deployment, kinds: Kinds) -> String {
    let mut nouns: Vec<&str> = Vec::new();
    for entry in &deployment.entries {
        if !nouns.contains(&entry.noun.as_str()) {
            nouns.push(&entry.noun);
        }
    }
    let mut text = format!(
        "(\n    format: {FORMAT},\n    product: {:?},\n    objects: {{\n",
        deployment.product
    );
    for noun in nouns {
        let kind = kinds(noun);
        let _ = writeln!(text, "        {noun:?}: [");
        for entry in deployment.entries.iter().filter(|entry| entry.noun == noun) {
            let _ = write!(text, "            {{ \"Identity\": {:?}", entry.identity);
            for (name, value) in &entry.properties {
                let value_type = kind
                    .and_then(|kind| kind.property(name))
                    .map_or(&ValueType::Any, |property| &property.value_type);
                let _ = write!(text, ",\n              {name:?}: ");
                plain(&mut text, value, value_type);
            }
            text.push_str(" },\n");
        }
        text.push_str("        ],\n");
    }
    text.push_str("    },\n)\n");
    text
}

/// A value from the file in the type that its property has.
fn typed(value: Datum, value_type: &ValueType) -> Datum {
    match (value_type, value) {
        (ValueType::List(item), Datum::List(items)) => {
            Datum::List(items.into_iter().map(|one| typed(one, item)).collect())
        }
        (ValueType::Guid, Datum::Text(text)) => Datum::Guid(text.to_lowercase()),
        (ValueType::DateTime, Datum::Text(text)) => match text.parse::<jiff::Timestamp>() {
            Ok(moment) => Datum::DateTime(ticks(moment)),
            Err(_) => Datum::Text(text),
        },
        (ValueType::TimeSpan, Datum::Text(text)) => match span(&text) {
            Some(ticks) => Datum::TimeSpan(ticks),
            None => Datum::Text(text),
        },
        (ValueType::Size, Datum::Text(text)) => match super::size::parse(&text) {
            Some(bytes) => Datum::Int(bytes),
            None => Datum::Text(text),
        },
        (ValueType::Double, Datum::Int(number)) => Datum::Float(number as f64),
        (_, value) => value,
    }
}

/// .NET ticks of 1970-01-01.
pub const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;

fn ticks(moment: jiff::Timestamp) -> i64 {
    UNIX_EPOCH_TICKS + (moment.as_nanosecond() / 100) as i64
}

/// A moment as it is written in files, if it lies in the range of the calendar.
fn moment(ticks: i64) -> Option<String> {
    let nanoseconds = i128::from(ticks.checked_sub(UNIX_EPOCH_TICKS)?) * 100;
    let moment = jiff::Timestamp::from_nanosecond(nanoseconds).ok()?;
    Some(moment.to_string())
}

/// Ticks of `[d.]hh:mm:ss[.fffffff]`.
fn span(text: &str) -> Option<i64> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = text.split(':');
    let (first, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (days, hours) = first.split_once('.').unwrap_or(("0", first));
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |text: &str| text.parse::<i64>().ok();
    let mut total = number(days)?.checked_mul(24)?.checked_add(number(hours)?)?;
    total = total.checked_mul(60)?.checked_add(number(minutes)?)?;
    total = total.checked_mul(60)?.checked_add(number(seconds)?)?;
    total = total.checked_mul(10_000_000)?;
    if !fraction.is_empty() {
        total = total.checked_add(number(format!("{fraction:0<7}").get(..7)?)?)?;
    }
    Some(if negative {
        total.checked_neg()?
    } else {
        total
    })
}

fn span_text(ticks: i64) -> String {
    let sign = if ticks < 0 { "-" } else { "" };
    let ticks = ticks.unsigned_abs();
    let seconds = ticks / 10_000_000;
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let days = if days > 0 {
        format!("{days}.")
    } else {
        String::new()
    };
    let fraction = match ticks % 10_000_000 {
        0 => String::new(),
        rest => format!(".{rest:07}"),
    };
    let (minutes, seconds) = (seconds / 60 % 60, seconds % 60);
    format!("{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// Writes a value so that reading it with the same type gives it back.
fn plain(text: &mut String, value: &Datum, value_type: &ValueType) {
    let written = match (value, value_type) {
        (Datum::Null, _) => write!(text, "()"),
        (Datum::Bool(it), _) => write!(text, "{it}"),
        (Datum::Int(it), ValueType::Double) => write!(text, "{{ \"$int\": {it} }}"),
        (Datum::Int(it), _) => write!(text, "{it}"),
        (Datum::Float(it), _) => write!(text, "{{ \"$float\": \"{it:?}\" }}"),
        (Datum::Text(it), ValueType::Guid | ValueType::DateTime | ValueType::TimeSpan) => {
            write!(text, "{{ \"$text\": {it:?} }}")
        }
        (Datum::Text(it), _) => write!(text, "{it:?}"),
        (Datum::Guid(it), ValueType::Guid) => write!(text, "{it:?}"),
        (Datum::Guid(it), _) => write!(text, "{{ \"$guid\": {it:?} }}"),
        (Datum::DateTime(it), ValueType::DateTime) => match moment(*it) {
            Some(moment) => write!(text, "{moment:?}"),
            None => write!(text, "{{ \"$moment\": {it} }}"),
        },
        (Datum::DateTime(it), _) => write!(text, "{{ \"$moment\": {it} }}"),
        (Datum::TimeSpan(it), ValueType::TimeSpan) => write!(text, "{:?}", span_text(*it)),
        (Datum::TimeSpan(it), _) => write!(text, "{{ \"$span\": {it} }}"),
        (Datum::List(items), _) => {
            let item_type = match value_type {
                ValueType::List(item) => item,
                _ => &ValueType::Any,
            };
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                plain(text, item, item_type);
            }
            write!(text, "]")
        }
        (Datum::Record(record), _) => {
            let _ = write!(text, "{{ \"$type\": {:?}", record.type_name);
            for (name, value) in &record.fields {
                let _ = write!(text, ", {name:?}: ");
                plain(text, value, &ValueType::Any);
            }
            write!(text, " }}")
        }
    };
    // Writing to a String cannot fail.
    let _ = written;
}

/// A value as it stands in a file.
struct Plain(Datum);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(PlainVisitor).map(Plain)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Datum, E> {
        Ok(Datum::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Datum, E> {
        Ok(Datum::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Datum, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Datum, E> {
        Ok(Datum::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Datum, E> {
        Ok(Datum::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Datum, E> {
        i64::try_from(value)
            .map(Datum::Int)
            .map_err(|_| E::custom("the number is too large"))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Datum, E> {
        Ok(Datum::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Datum, E> {
        Ok(Datum::Text(value.to_owned()))
    }

    fn visit_char<E: de::Error>(self, value: char) -> Result<Datum, E> {
        Ok(Datum::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Datum, A::Error> {
        let mut list = Vec::new();
        while let Some(Plain(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Datum::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Datum, A::Error> {
        let mut record = Record::default();
        while let Some((name, Plain(value))) = map.next_entry::<String, Plain>()? {
            match (name.as_str(), value) {
                ("$type", Datum::Text(it)) => record.type_name = it,
                ("$guid", Datum::Text(it)) => return Ok(Datum::Guid(it)),
                ("$text", Datum::Text(it)) => return Ok(Datum::Text(it)),
                ("$moment", Datum::Int(it)) => return Ok(Datum::DateTime(it)),
                ("$span", Datum::Int(it)) => return Ok(Datum::TimeSpan(it)),
                ("$int", Datum::Int(it)) => return Ok(Datum::Int(it)),
                ("$float", Datum::Text(it)) => {
                    return it.parse().map(Datum::Float).map_err(de::Error::custom);
                }
                (_, value) => record.fields.push((name, value)),
            }
        }
        Ok(Datum::Record(record))
    }
}

/// A map whose order is kept.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map in braces")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::kind;

    #[test]
    fn what_is_written_reads_back() {
        let deployment = Deployment {
            product: "Lync Server 2013".into(),
            entries: vec![Entry {
                noun: "CsHostedVoicemailPolicy".into(),
                identity: "Tag:\"EXO\"\n".into(),
                properties: vec![
                    ("Destination".into(), "exap.um.outlook.com".into()),
                    ("TenantId".into(), Datum::Guid("0a".into())),
                    ("Made".into(), Datum::DateTime(637_000_000_000_000_000)),
                    ("Odd".into(), Datum::Float(2.0)),
                    (
                        "Inner".into(),
                        Datum::Record(Record {
                            type_name: "T".into(),
                            fields: vec![("A".into(), Datum::List(vec![Datum::Null, 1.into()]))],
                        }),
                    ),
                    ("Span".into(), Datum::TimeSpan(-5)),
                ],
            }],
        };
        let text = write(&deployment, kind);
        assert_eq!(read(&text, kind).unwrap(), deployment, "{text}");
    }

    #[test]
    fn a_fault_is_told_with_its_place() {
        let error = read(
            "(format: 1, objects: {\"CsHostingProvider\": [{\"Enabled\": true}]})",
            kind,
        );
        assert_eq!(
            error.unwrap_err().to_string(),
            "CsHostingProvider, object 1: it has no Identity"
        );
        assert!(
            read("(format: 1,\n objects: 7)", kind)
                .unwrap_err()
                .to_string()
                .starts_with("line 2")
        );
    }

    #[test]
    fn spans_in_both_directions() {
        for text in ["00:00:30", "1.02:03:04.0000005", "-00:01:00"] {
            assert_eq!(span_text(span(text).unwrap()), text);
        }
    }
}

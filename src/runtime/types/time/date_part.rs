//! What `System.DateOnly` and `System.TimeOnly` have in common: reading, writing and comparing a
//! part of a point in time.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime::DateTime;
use crate::runtime::text::datetime_parse::{DateTimeStyles, ParseContext, parse_date_time};
use crate::runtime::text::number_format::FormatError;
use crate::runtime::types::{failures, text::culture, time::date_time};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The date or the time of day of a point in time.
pub trait DatePart: Native + Copy + Default + Ord {
    /// The type's name in messages.
    const NAME: &'static str;
    /// Styles that hold whatever the caller says.
    const STYLES: DateTimeStyles;

    /// The part of a whole point in time; `None` if that says more than this part.
    fn alone(whole: DateTime) -> Option<Self>;
    /// Reads a text in exactly this format.
    fn parse_exact(text: &str, format: &str, context: ParseContext<'_>) -> Option<Self>;
    /// Writes the part in a format; an empty one is the short form.
    fn format(self, format: &str, culture: &Culture) -> Result<String, FormatError>;
}

/// The part behind a value.
pub fn of<T: DatePart>(value: &Value) -> Option<T> {
    value.as_native::<T>().copied()
}

fn parsed<T: DatePart>(
    vm: &mut Vm,
    name: &str,
    text: &Value,
    rest: &[Value],
) -> R<Result<T, String>> {
    let Some(text) = text.as_str() else {
        return Ok(Err(String::new()));
    };
    let now = vm.now().to_local();
    let (rest, formats) = match rest {
        [formats, rest @ ..] if name.ends_with("exact") => (rest, Some(formats)),
        rest => (rest, None),
    };
    let (styles, culture) = date_time::parse_how(vm, rest);
    let context = ParseContext {
        culture,
        styles: DateTimeStyles(styles.0 | T::STYLES.0),
        now: &|| now,
    };
    let found = match formats {
        Some(formats) => date_time::formats(formats)
            .iter()
            .find_map(|format| T::parse_exact(text, format, context)),
        None => match parse_date_time(text, context) {
            Ok(whole) => {
                return Ok(T::alone(whole).ok_or_else(|| {
                    format!(
                        "String '{text}' contains parts which are not specific to the {}.",
                        T::NAME
                    )
                }));
            }
            Err(_) => None,
        },
    };
    let unknown = || {
        let name = T::NAME;
        format!("String '{text}' was not recognized as a valid {name}.")
    };
    Ok(found.ok_or_else(unknown))
}

/// The static methods that read text.
pub fn call_static<T: DatePart>(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("parse" | "parseexact", [text, rest @ ..]) => {
            if text.is_null() {
                return failures::argument_null("s");
            }
            match parsed::<T>(vm, name, text, rest)? {
                Ok(part) => Value::native(part),
                Err(message) => return failures::format(message),
            }
        }
        ("tryparse" | "tryparseexact", [text, rest @ .., Value::Ref(place)]) => {
            let found = parsed::<T>(vm, name, text, rest)?.ok();
            place.set(Value::native(found.unwrap_or_default()));
            Value::Bool(found.is_some())
        }
        _ => return Ok(None),
    }))
}

/// The part as text in a format of a culture.
pub fn text<T: DatePart>(
    vm: &mut Vm,
    part: T,
    format: &str,
    provider: Option<&Value>,
) -> R<String> {
    let culture = culture::of_provider(vm, provider);
    part.format(format, culture)
        .or_else(|error| failures::format(error.to_string()))
}

/// The text by the invariant culture, as strings show it.
pub fn invariant_text<T: DatePart>(part: T) -> R<String> {
    part.format("", Culture::invariant())
        .or_else(|error| failures::format(error.to_string()))
}

/// The methods that write and compare.
pub fn call<T: DatePart>(
    vm: &mut Vm,
    part: T,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tostring", arguments) => {
            let format = arguments.iter().find_map(Value::as_str).unwrap_or("");
            let provider = arguments
                .iter()
                .find(|a| matches!(a.base(), Value::Native(_)));
            Value::str(text(vm, part, format, provider)?)
        }
        ("compareto", [other]) => match of::<T>(other) {
            Some(other) => Value::Int(part.cmp(&other) as i32),
            None if other.is_null() => Value::Int(1),
            None => {
                return failures::argument(format!("Object must be of type {}.", T::NAME), "");
            }
        },
        ("equals", [other]) => Value::Bool(of(other) == Some(part)),
        _ => return Ok(None),
    }))
}

/// Puts the numbers of a part into the variables given to `Deconstruct`.
pub fn deconstruct(places: &[Value], parts: &[i32]) -> Value {
    for (place, part) in places.iter().zip(parts) {
        if let Value::Ref(place) = place {
            place.set(Value::Int(*part));
        }
    }
    Value::Nothing
}

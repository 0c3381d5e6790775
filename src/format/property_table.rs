//! The tables that describe a property to cmdlets (`@{ Name = …; Expression = … }`): which keys
//! each cmdlet knows, what they may hold, and the error for every way to get one wrong.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, ErrorDetails, Fault, R, Thrown};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What a key may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A name or a script block; the one key that must be there.
    Expression,
    Text,
    /// A text that is not empty.
    Format,
    /// A side of a column.
    Side,
    /// A whole number above zero.
    Width,
    Int,
    TextOrInt,
    /// Anything: its truth counts.
    Flag,
}

/// One key: its name, another name for it, what it may hold.
struct Key(&'static str, Option<&'static str>, Holds);

/// The cmdlets whose tables differ.
#[derive(Clone, Copy)]
pub enum TableOf {
    /// Format-Table
    Table,
    /// Format-List
    List,
    /// Format-Wide
    Wide,
    /// Format-Custom
    Custom,
    /// `-GroupBy` of the Format cmdlets
    GroupBy,
    /// Select-Object
    Select,
    /// Sort-Object
    Sort,
    /// Group-Object, Compare-Object and others that only take an expression
    Group,
    /// ConvertTo-Html
    Html,
}

const EXPRESSION: Key = Key("expression", None, Holds::Expression);
const FORMAT: Key = Key("formatString", None, Holds::Format);
const LABEL: Key = Key("label", Some("name"), Holds::Text);

impl TableOf {
    fn keys(self) -> &'static [Key] {
        match self {
            TableOf::Table => &[
                EXPRESSION,
                FORMAT,
                Key("width", None, Holds::Width),
                Key("alignment", None, Holds::Side),
                LABEL,
            ],
            TableOf::List | TableOf::GroupBy => &[EXPRESSION, FORMAT, LABEL],
            TableOf::Wide => &[EXPRESSION, FORMAT],
            TableOf::Custom => &[EXPRESSION, Key("depth", None, Holds::Int)],
            TableOf::Select => &[EXPRESSION, Key("name", Some("label"), Holds::Text)],
            TableOf::Sort => &[
                EXPRESSION,
                Key("ascending", None, Holds::Flag),
                Key("descending", None, Holds::Flag),
            ],
            TableOf::Group => &[EXPRESSION],
            TableOf::Html => &[
                EXPRESSION,
                LABEL,
                Key("alignment", None, Holds::Text),
                Key("width", None, Holds::TextOrInt),
            ],
        }
    }
}

impl Key {
    /// Whether a key of a table means this one: any beginning of a name does.
    fn is_meant_by(&self, text: &str) -> bool {
        let begins = |name: &str| {
            name.get(..text.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(text))
        };
        begins(self.0) || self.1.is_some_and(begins)
    }
}

impl Holds {
    /// The types a value may have; none for any.
    fn types(self) -> &'static [&'static str] {
        match self {
            Holds::Expression => &["System.String", "System.Management.Automation.ScriptBlock"],
            Holds::Text | Holds::Format | Holds::Side => &["System.String"],
            Holds::Width | Holds::Int => &["System.Int32"],
            Holds::TextOrInt => &["System.String", "System.Int32"],
            Holds::Flag => &[],
        }
    }

    fn takes(self, value: &Value) -> bool {
        match self {
            Holds::Expression => matches!(value, Value::Str(_) | Value::Block(_)),
            Holds::Text | Holds::Format | Holds::Side => matches!(value, Value::Str(_)),
            Holds::Width | Holds::Int => matches!(value, Value::Int(_)),
            Holds::TextOrInt => matches!(value, Value::Str(_) | Value::Int(_)),
            Holds::Flag => true,
        }
    }
}

/// The sides a column may be aligned to.
const SIDES: [&str; 3] = ["left", "center", "right"];

/// What an argument says: values by the full names of their keys, `expression` always among them.
pub type Entries = Vec<(&'static str, Value)>;

/// Reads a property argument: a name, a script block or a table.
pub fn read(vm: &mut Vm, argument: &Value, of: TableOf) -> R<Entries> {
    match argument.base() {
        Value::Dict(table) => read_table(vm, table, of),
        Value::Str(text) => {
            if text.is_empty() {
                return wrong(
                    vm,
                    "ExpressionEmptyString2",
                    "An empty string value is not allowed.",
                );
            }
            Ok(vec![(EXPRESSION.0, argument.base().clone())])
        }
        Value::Block(_) => Ok(vec![(EXPRESSION.0, argument.base().clone())]),
        other => {
            let types = listed(Holds::Expression.types());
            let message = match other {
                Value::Null | Value::Nothing => format!(
                    "The value of a parameter was null; one of the following types was expected: {types}."
                ),
                _ => format!(
                    "Cannot convert {} to one of the following types {types}.",
                    vm.type_of(other).full_name
                ),
            };
            wrong(vm, "DictionaryKeyUnknownType", message)
        }
    }
}

fn read_table(vm: &mut Vm, table: &Rc<Dictionary>, of: TableOf) -> R<Entries> {
    let keys = of.keys();
    let mut entries: Vec<(&'static str, Holds, Value)> = Vec::new();
    for (given, value) in table.pairs() {
        let Some(text) = given.as_str() else {
            let type_name = vm.short_type_name(&given);
            return wrong(
                vm,
                "DictionaryKeyNonString",
                format!("The {type_name} key type is not valid. The key must be a string."),
            );
        };
        let mut meant = keys.iter().filter(|key| key.is_meant_by(text));
        let (name, holds) = match (meant.next(), meant.next()) {
            (Some(Key(name, _, holds)), None) => (*name, *holds),
            (Some(first), Some(second)) => {
                return wrong(
                    vm,
                    "DictionaryKeyAmbiguous",
                    format!(
                        "The {text} key is ambiguous; {} and {} conflict.",
                        first.0, second.0
                    ),
                );
            }
            (None, _) => {
                return wrong(
                    vm,
                    "DictionaryKeyIllegal",
                    format!("The {text} key is not valid."),
                );
            }
        };
        if entries.iter().any(|(other, ..)| *other == name) {
            return wrong(
                vm,
                "DictionaryKeyDuplicate",
                format!("The duplicated key \"{text}\" conflicts with \"{name}\"."),
            );
        }
        let value = value.into_base();
        if holds != Holds::Flag && value.is_null() {
            return wrong(
                vm,
                "DictionaryKeyMissingValue",
                format!("The {text} key has no value."),
            );
        }
        if !holds.takes(&value) {
            let found = vm.type_of(&value).full_name.clone();
            let message =
                format!("The \"{text}\" key has a type, {found}, that is not valid; expected");
            return match holds.types() {
                [one] => wrong(
                    vm,
                    "DictionaryKeyIllegalValue2",
                    format!("{message} type is {one}."),
                ),
                several => wrong(
                    vm,
                    "DictionaryKeyIllegalValue1",
                    format!("{message} types are {}.", listed(several)),
                ),
            };
        }
        entries.push((name, holds, value));
    }
    for Key(name, _, holds) in keys {
        match entries.iter_mut().find(|(other, ..)| other == name) {
            Some((_, _, value)) => verify(vm, name, *holds, value)?,
            None if *holds == Holds::Expression => {
                return wrong(
                    vm,
                    "DictionaryKeyMandatoryEntry",
                    format!("A mandatory entry for {name} is missing."),
                );
            }
            None => {}
        }
    }
    Ok(entries
        .into_iter()
        .map(|(name, _, value)| (name, value))
        .collect())
}

/// Looks at a value of the right type more closely, and puts it into its final form.
fn verify(vm: &mut Vm, name: &str, holds: Holds, value: &mut Value) -> R<()> {
    match (holds, &*value) {
        (Holds::Expression, Value::Str(text)) if text.is_empty() => wrong(
            vm,
            "ExpressionEmptyString1",
            format!("The \"{name}\" key cannot have an empty string value."),
        ),
        (Holds::Format, Value::Str(text)) if text.is_empty() => wrong(
            vm,
            "FormatStringEmpty",
            format!("Cannot have an empty formatting string for key \"{name}\"."),
        ),
        (Holds::Width, Value::Int(width)) if *width <= 0 => wrong(
            vm,
            "WidthOutOfRange",
            format!("The value \"{width}\" for key \"{name}\" should be greater than 0."),
        ),
        (Holds::Side, Value::Str(text)) => {
            let text: &str = text;
            let given = text.to_ascii_lowercase();
            match SIDES
                .iter()
                .find(|side| !given.is_empty() && side.starts_with(&given))
            {
                Some(side) => {
                    *value = Value::str(*side);
                    Ok(())
                }
                None => wrong(
                    vm,
                    "AlignmentIllegalValue",
                    format!(
                        "The value \"{text}\" for key \"{name}\" is not valid; valid values are {}.",
                        listed(&SIDES)
                    ),
                ),
            }
        }
        (Holds::Flag, any) => {
            *value = Value::Bool(vm.to_bool(any));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn listed(items: &[&str]) -> String {
    format!("{{{}}}", items.join(", "))
}

/// The error of a property argument: its exception is .NET's plain one, the details say what is
/// wrong.
pub fn wrong<T>(vm: &mut Vm, id: &str, message: impl Into<Rc<str>>) -> R<T> {
    explained(
        vm,
        Fault::of(
            "System.NotSupportedException",
            id,
            Category::InvalidArgument,
            "Specified method is not supported.",
        ),
        message,
    )
}

/// An error that ends a cmdlet, with its message in the details.
pub fn explained<T>(vm: &mut Vm, fault: Fault, message: impl Into<Rc<str>>) -> R<T> {
    let record = fault.into_record();
    *record.details.borrow_mut() = Some(ErrorDetails {
        message: message.into(),
        recommended_action: "".into(),
    });
    vm.decorate(&record);
    Err(Thrown {
        record: Rc::new(record),
        ends_script: false,
    }
    .into())
}

/// The whole number of an entry.
pub fn count(value: &Value) -> usize {
    match value {
        Value::Int(n) => usize::try_from(*n).unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_be_shortened_and_have_a_second_name() {
        assert!(LABEL.is_meant_by("L"));
        assert!(LABEL.is_meant_by("Na"));
        assert!(FORMAT.is_meant_by("format"));
        assert!(!FORMAT.is_meant_by("formats_"));
    }
}

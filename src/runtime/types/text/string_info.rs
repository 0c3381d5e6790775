//! `System.Globalization.StringInfo`, its enumerator, and `System.Text.Rune`.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::text_element::text_elements;
use crate::runtime::text::{char_class, utf16};
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};

/// A text by its elements: what a reader takes for one character.
struct StringInfo(RefCell<String>);

/// One Unicode character.
struct Rune(char);

/// The elements one after the other.
struct Elements {
    text: String,
    /// Where each begins, in units, and its text.
    parts: Vec<(usize, String)>,
    at: Cell<usize>,
}

fn parts_of(text: &str) -> Vec<(usize, String)> {
    let mut units = 0;
    text_elements(text)
        .into_iter()
        .map(|element| {
            let start = units;
            units += utf16::length(element);
            (start, element.to_owned())
        })
        .collect()
}

/// The text from a unit on.
fn from_unit(vm: &mut Vm, arguments: &[Value]) -> R<String> {
    let Some(text) = arguments.first().and_then(Value::as_str) else {
        return failures::argument_null("str");
    };
    let Some(at) = arguments.get(1) else {
        return Ok(text.to_owned());
    };
    let at = vm.to_int(at)?;
    let length = utf16::length(text);
    match usize::try_from(at).ok().filter(|at| *at <= length) {
        Some(at) => Ok(utf16::substring(text, at, length - at).unwrap_or_default()),
        None => failures::out_of_range(
            "Index was out of range. Must be non-negative and less than the size of the collection.",
            "index",
        ),
    }
}

/// A static method of StringInfo.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if !matches!(
        name,
        "getnexttextelement"
            | "getnexttextelementlength"
            | "gettextelementenumerator"
            | "parsecombiningcharacters"
    ) {
        return Ok(None);
    }
    let text = from_unit(vm, arguments)?;
    let parts = parts_of(&text);
    let first = parts.first().map_or("", |(_, element)| element);
    Ok(Some(match name {
        "getnexttextelement" => Value::str(first),
        "getnexttextelementlength" => Value::Int(utf16::length(first) as i32),
        "gettextelementenumerator" => Value::native(Elements {
            text,
            parts,
            at: Cell::new(0),
        }),
        _ => array::of(
            &known::int(),
            parts
                .iter()
                .map(|(start, _)| Value::Int(*start as i32))
                .collect(),
        ),
    }))
}

/// `[StringInfo]::new(text)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let text = match arguments.first() {
        None => String::new(),
        Some(text) if text.is_null() => return failures::argument_null("value"),
        Some(text) => vm.to_text(text)?,
    };
    Ok(Some(Value::native(StringInfo(RefCell::new(text)))))
}

impl Native for StringInfo {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Globalization.StringInfo")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["String", "LengthInTextElements"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let text = self.0.borrow();
        Ok(match name.to_ascii_lowercase().as_str() {
            "string" => Some(Value::str(text.as_str())),
            "lengthintextelements" => Some(Value::Int(text_elements(&text).len() as i32)),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("string") {
            return Ok(None);
        }
        *self.0.borrow_mut() = vm.to_text(&value)?;
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let text = self.0.borrow();
        match (name, arguments) {
            ("substringbytextelements", [start, rest @ ..]) => {
                let elements = text_elements(&text);
                let start = usize::try_from(vm.to_int(start)?)
                    .ok()
                    .filter(|start| *start < elements.len());
                let Some(start) = start else {
                    return failures::out_of_range(
                        "Specified argument was out of the range of valid values.",
                        "startingTextElement",
                    );
                };
                let count = match rest.first() {
                    Some(count) => usize::try_from(vm.to_int(count)?).ok(),
                    None => Some(elements.len() - start),
                };
                let part = count.and_then(|count| elements.get(start..start.checked_add(count)?));
                match part {
                    Some(part) => Ok(Some(Value::str(part.concat()))),
                    None => failures::out_of_range(
                        "Specified argument was out of the range of valid values.",
                        "lengthInTextElements",
                    ),
                }
            }
            ("equals", [other]) => {
                let same = other
                    .as_native::<StringInfo>()
                    .is_some_and(|other| *other.0.borrow() == *text);
                Ok(Some(Value::Bool(same)))
            }
            _ => Ok(None),
        }
    }
}

impl Elements {
    fn current(&self) -> R<&(usize, String)> {
        let current = self
            .at
            .get()
            .checked_sub(1)
            .and_then(|at| self.parts.get(at));
        match current {
            Some(current) => Ok(current),
            None if self.at.get() == 0 => {
                failures::invalid_operation("Enumeration has not started. Call MoveNext.")
            }
            None => failures::invalid_operation("Enumeration already finished."),
        }
    }
}

impl Native for Elements {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Globalization.TextElementEnumerator")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Current", "ElementIndex"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "current" => Some(Value::str(self.current()?.1.as_str())),
            "elementindex" => Some(Value::Int(self.current()?.0 as i32)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "movenext" => {
                let next = (self.at.get() + 1).min(self.parts.len() + 1);
                self.at.set(next);
                Some(Value::Bool(next <= self.parts.len()))
            }
            "gettextelement" => Some(Value::str(self.current()?.1.as_str())),
            "reset" => {
                self.at.set(0);
                Some(Value::Nothing)
            }
            "tostring" => Some(Value::str(self.text.as_str())),
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let rest = self.parts.iter().skip(self.at.get());
        let rest = rest.map(|(_, element)| Value::str(element.as_str()));
        let rest = rest.collect();
        self.at.set(self.parts.len());
        Some(Ok(rest))
    }
}

/// The characters of a text, as `EnumerateRunes()` gives them.
pub fn runes(text: &str) -> Value {
    let element = type_named("System.Text.Rune");
    let runes = text.chars().map(|c| Value::native(Rune(c))).collect();
    array::of(&element, runes)
}

/// A constructor of Rune.
pub fn construct_rune(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let code = match arguments {
        [Value::Char(unit)] => u32::from(*unit),
        [Value::Char(high), Value::Char(low)] => match char::decode_utf16([*high, *low]).next() {
            Some(Ok(c)) => u32::from(c),
            _ => u32::MAX,
        },
        [number] => vm.to_int(number)? as u32,
        _ => return Ok(None),
    };
    match char::from_u32(code) {
        Some(c) => Ok(Some(Value::native(Rune(c)))),
        None => failures::out_of_range(
            "Specified argument was out of the range of valid values.",
            if matches!(arguments, [Value::Char(_)]) {
                "ch"
            } else {
                "value"
            },
        ),
    }
}

/// A static method of Rune.
pub fn call_rune_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if name == "isvalid" {
        let [number] = arguments else {
            return Ok(None);
        };
        let code = vm.to_int(number)? as u32;
        return Ok(Some(Value::Bool(char::from_u32(code).is_some())));
    }
    if name == "getruneat" {
        let text = from_unit(vm, arguments)?;
        return match text.chars().next() {
            Some(c) => Ok(Some(Value::native(Rune(c)))),
            None => failures::out_of_range(
                "Index was out of range. Must be non-negative and less than the size of the collection.",
                "index",
            ),
        };
    }
    let Some(Rune(c)) = arguments.first().and_then(|v| v.as_native::<Rune>()) else {
        return Ok(None);
    };
    let code = u32::from(*c);
    let rune = |mut changed: Box<dyn Iterator<Item = char>>| {
        let first = changed.next().unwrap_or(*c);
        Value::native(Rune(if changed.next().is_none() { first } else { *c }))
    };
    Ok(Some(match name {
        "isletter" => Value::Bool(char_class::is_letter(code)),
        "isdigit" => Value::Bool(char_class::is_digit(code)),
        "isletterordigit" => Value::Bool(char_class::is_letter_or_digit(code)),
        "isnumber" => Value::Bool(char_class::is_number(code)),
        "isupper" => Value::Bool(char_class::is_upper(code)),
        "islower" => Value::Bool(char_class::is_lower(code)),
        "iswhitespace" => Value::Bool(char_class::is_white_space(code)),
        "ispunctuation" => Value::Bool(char_class::is_punctuation(code)),
        "issymbol" => Value::Bool(char_class::is_symbol(code)),
        "isseparator" => Value::Bool(char_class::is_separator(code)),
        "iscontrol" => Value::Bool(char_class::is_control(code)),
        "getnumericvalue" => Value::Double(char_class::numeric_value(code)),
        "getunicodecategory" => Value::enum_of(
            "System.Globalization.UnicodeCategory",
            i64::from(char_class::unicode_category(code).1),
        ),
        "toupperinvariant" | "toupper" => rune(Box::new(c.to_uppercase())),
        "tolowerinvariant" | "tolower" => rune(Box::new(c.to_lowercase())),
        _ => return Ok(None),
    }))
}

impl Native for Rune {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Text.Rune")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "IsAscii",
            "IsBmp",
            "Plane",
            "Utf16SequenceLength",
            "Utf8SequenceLength",
            "Value",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let code = u32::from(self.0);
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "value" => Value::Int(code as i32),
            "isascii" => Value::Bool(code < 0x80),
            "isbmp" => Value::Bool(code < 0x1_0000),
            "plane" => Value::Int((code >> 16) as i32),
            "utf16sequencelength" => Value::Int(self.0.len_utf16() as i32),
            "utf8sequencelength" => Value::Int(self.0.len_utf8() as i32),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("tostring", _) => Some(Value::str(self.0.to_string())),
            ("compareto", [other]) => other
                .as_native::<Rune>()
                .map(|other| Value::Int(u32::from(self.0) as i32 - u32::from(other.0) as i32)),
            ("equals", [other]) => Some(Value::Bool(
                other.as_native::<Rune>().is_some_and(|o| o.0 == self.0),
            )),
            _ => None,
        })
    }

    fn compare(&self, other: &Value) -> Option<std::cmp::Ordering> {
        other.as_native::<Rune>().map(|other| self.0.cmp(&other.0))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

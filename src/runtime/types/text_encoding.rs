//! `System.Text.Encoding` and its kin.

use super::{TypeRef, array, failures, find_full, known};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::any::Any;

/// An encoding as an object.
pub struct TextEncoding {
    encoding: Encoding,
}

impl TextEncoding {
    /// The object of an encoding.
    pub fn value(encoding: Encoding) -> Value {
        Value::native(TextEncoding { encoding })
    }
}

/// The encoding of a value that is one.
pub fn of(value: &Value) -> Option<Encoding> {
    value.as_native::<TextEncoding>().map(|e| e.encoding)
}

/// `[Text.Encoding]::UTF8` and its kin.
pub fn read_static(name: &str) -> Option<Value> {
    let found = match name {
        "utf8" => Encoding::by_name("utf-8").map(|e| e.with_mark(true)),
        "default" => Encoding::by_name("utf-8"),
        "unicode" => Encoding::by_name("utf-16").map(|e| e.with_mark(true)),
        "bigendianunicode" => Encoding::by_name("utf-16be").map(|e| e.with_mark(true)),
        "utf32" => Encoding::by_name("utf-32").map(|e| e.with_mark(true)),
        "utf7" => Encoding::by_name("utf-7"),
        "ascii" => Encoding::by_name("us-ascii"),
        "latin1" => Encoding::by_name("iso-8859-1"),
        _ => None,
    };
    found.map(TextEncoding::value)
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("getencoding", [which, ..]) => {
            let found = match which.base() {
                Value::Int(page) => Encoding::by_code_page(*page as u32),
                other => {
                    let name = vm.to_text(&other.clone())?;
                    Encoding::by_name(&name)
                }
            };
            match found {
                Some(encoding) => TextEncoding::value(encoding),
                None => {
                    let shown = vm.to_text(which)?;
                    return failures::argument(
                        format!(
                            "'{shown}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method."
                        ),
                        "name",
                    );
                }
            }
        }
        ("convert", [from, to, bytes, ..]) => {
            let (Some(from), Some(to)) = (of(from), of(to)) else {
                return Ok(None);
            };
            let text = from.decode(&array::as_bytes(bytes));
            array::bytes(&to.encode(&text))
        }
        ("registerprovider", _) => Value::Nothing,
        _ => return Ok(None),
    }))
}

/// `[Text.UTF8Encoding]::new(…)` and its kin.
pub fn construct(type_name: &str, arguments: &[Value]) -> Option<Value> {
    let mark = matches!(arguments.first(), Some(Value::Bool(true)));
    let encoding = match type_name {
        "System.Text.UTF8Encoding" => Encoding::by_name("utf-8")?.with_mark(mark),
        "System.Text.UnicodeEncoding" => match arguments {
            [Value::Bool(true), rest @ ..] => Encoding::by_name("utf-16be")?
                .with_mark(matches!(rest.first(), Some(Value::Bool(true)))),
            [_, Value::Bool(mark), ..] => Encoding::by_name("utf-16")?.with_mark(*mark),
            _ => Encoding::by_name("utf-16")?.with_mark(true),
        },
        "System.Text.UTF32Encoding" => Encoding::by_name("utf-32")?.with_mark(true),
        "System.Text.ASCIIEncoding" => Encoding::by_name("us-ascii")?,
        _ => return None,
    };
    Some(TextEncoding::value(encoding))
}

impl Native for TextEncoding {
    fn type_ref(&self) -> TypeRef {
        find_full(self.encoding.type_name()).unwrap_or_else(known::object)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.encoding.type_name().to_string())
    }

    fn key_text(&self) -> Option<String> {
        Some(self.encoding.web_name().into_owned())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Preamble",
            "BodyName",
            "EncodingName",
            "HeaderName",
            "WebName",
            "WindowsCodePage",
            "IsBrowserDisplay",
            "IsBrowserSave",
            "IsMailNewsDisplay",
            "IsMailNewsSave",
            "IsSingleByte",
            "EncoderFallback",
            "DecoderFallback",
            "IsReadOnly",
            "CodePage",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "webname" | "bodyname" | "headername" => Value::str(self.encoding.web_name()),
            "encodingname" => Value::str(self.encoding.encoding_name()),
            "codepage" => Value::Int(self.encoding.code_page() as i32),
            "windowscodepage" => Value::Int(1200),
            "issinglebyte" => Value::Bool(self.encoding.is_single_byte()),
            "isreadonly" | "isbrowserdisplay" | "isbrowsersave" | "ismailnewsdisplay"
            | "ismailnewssave" => Value::Bool(true),
            "preamble" => array::bytes(self.encoding.preamble()),
            "encoderfallback" | "decoderfallback" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn call(
        &self,
        vm: &mut Vm,
        _this: &Value,
        name: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let text_of = |vm: &mut Vm, value: &Value| -> R<String> {
            match value.base() {
                Value::Array(list) => {
                    let units: Vec<u16> = list
                        .items
                        .borrow()
                        .iter()
                        .filter_map(|v| match v {
                            Value::Char(c) => Some(*c),
                            _ => None,
                        })
                        .collect();
                    Ok(String::from_utf16_lossy(&units))
                }
                Value::Null => failures::argument_null("s"),
                other => vm.to_text(&other.clone()),
            }
        };
        Ok(Some(match (name, arguments) {
            ("getbytes", [text]) => {
                let text = text_of(vm, text)?;
                array::bytes(&self.encoding.encode(&text))
            }
            ("getbytecount", [text]) => {
                let text = text_of(vm, text)?;
                Value::Int(self.encoding.encode(&text).len() as i32)
            }
            ("getstring" | "getchars" | "getcharcount", [bytes, rest @ ..]) => {
                if bytes.is_null() {
                    return failures::argument_null("bytes");
                }
                let bytes = array::as_bytes(bytes);
                let part = match rest {
                    [start, count] => {
                        let (start, count) = (
                            vm.to_int(start)?.max(0) as usize,
                            vm.to_int(count)?.max(0) as usize,
                        );
                        match bytes.get(start..start + count) {
                            Some(part) => part,
                            None => {
                                return failures::out_of_range(
                                    "Index and count must refer to a location within the buffer.",
                                    "bytes",
                                );
                            }
                        }
                    }
                    _ => &bytes,
                };
                let text = self.encoding.decode(part);
                match name {
                    "getstring" => Value::str(text),
                    "getcharcount" => Value::Int(text.encode_utf16().count() as i32),
                    _ => array::of(
                        &known::char(),
                        text.encode_utf16().map(Value::Char).collect(),
                    ),
                }
            }
            ("getpreamble", []) => array::bytes(self.encoding.preamble()),
            ("clone", []) => TextEncoding::value(self.encoding),
            _ => return Ok(None),
        }))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

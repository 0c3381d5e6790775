//! `System.Text.Encoding` and its kin.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::text::utf16;
use crate::runtime::types::{TypeRef, collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// An encoding as an object.
pub struct TextEncoding {
    encoding: Encoding,
    /// Throws on what it cannot translate.
    strict: bool,
    /// One of the shared encodings: `UTF8EncodingSealed` instead of `UTF8Encoding`.
    is_shared: bool,
    /// What stands for what cannot be translated, where it is not the usual sign.
    substitutes: Substitutes,
}

/// The texts of an encoder's and a decoder's replacement fallback.
#[derive(Clone, Default)]
struct Substitutes {
    encoding: Option<String>,
    decoding: Option<String>,
}

/// What stands for text or bytes that cannot be translated.
struct Fallback {
    type_name: &'static str,
    throws: bool,
    text: String,
}

impl Native for Fallback {
    fn type_ref(&self) -> TypeRef {
        type_named(self.type_name)
    }

    fn properties(&self) -> Vec<&'static str> {
        if self.throws {
            vec!["MaxCharCount"]
        } else {
            vec!["DefaultString", "MaxCharCount"]
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "defaultstring" if !self.throws => Some(Value::str(self.text.as_str())),
            "maxcharcount" => Some(Value::Int(if self.throws {
                0
            } else {
                self.text.chars().count() as i32
            })),
            _ => None,
        })
    }
}

/// The fallback of this name: `ReplacementFallback`, `new` of an exception fallback, …
pub fn fallback(type_name: &str, name: &str, text: Option<&Value>) -> Option<Value> {
    let decodes = type_name.contains("Decoder");
    let throws = match name {
        "exceptionfallback" => true,
        "replacementfallback" => false,
        _ => type_name.contains("Exception"),
    };
    let type_name = match (decodes, throws) {
        (true, true) => "System.Text.DecoderExceptionFallback",
        (true, false) => "System.Text.DecoderReplacementFallback",
        (false, true) => "System.Text.EncoderExceptionFallback",
        (false, false) => "System.Text.EncoderReplacementFallback",
    };
    let usual = if decodes { "\u{FFFD}" } else { "?" };
    let text = text.and_then(Value::as_str).unwrap_or(usual).to_string();
    Some(Value::native(Fallback {
        type_name,
        throws,
        text,
    }))
}

impl TextEncoding {
    /// The object of an encoding.
    pub fn value(encoding: Encoding) -> Value {
        TextEncoding::with(encoding, false, false)
    }

    /// The object of one of the encodings that the whole process shares.
    pub fn shared(encoding: Encoding) -> Value {
        TextEncoding::with(encoding, false, true)
    }

    fn with(encoding: Encoding, strict: bool, is_shared: bool) -> Value {
        Value::native(TextEncoding {
            encoding,
            strict,
            is_shared,
            substitutes: Substitutes::default(),
        })
    }

    /// The encoding itself.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn type_name(&self) -> String {
        let own = self.encoding.type_name();
        let has_sealed = ["UTF8Encoding", "ASCIIEncoding", "Latin1Encoding"]
            .into_iter()
            .find(|name| own.ends_with(name));
        match has_sealed {
            Some(name) if self.is_shared => format!("{own}+{name}Sealed"),
            _ => own.to_string(),
        }
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
    found.map(TextEncoding::shared)
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
            let fallbacks: Vec<&Fallback> = arguments
                .iter()
                .filter_map(Value::as_native::<Fallback>)
                .collect();
            let strict = fallbacks.iter().any(|f| f.throws);
            let text_for = |kind: &str| {
                let mut kinds = fallbacks.iter().filter(|f| f.type_name.contains(kind));
                kinds.find(|f| !f.throws).map(|f| f.text.clone())
            };
            match found {
                Some(encoding) if encoding.code_page() == 65000 => {
                    return failures::not_supported(
                        "Support for UTF-7 is disabled. See https://aka.ms/dotnet-warnings/SYSLIB0001 for more information.",
                    );
                }
                Some(encoding) => Value::native(TextEncoding {
                    encoding,
                    strict,
                    is_shared: fallbacks.is_empty(),
                    substitutes: Substitutes {
                        encoding: text_for("Encoder"),
                        decoding: text_for("Decoder"),
                    },
                }),
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
        ("getencodings", []) => {
            let all = [65001u32, 1200, 1201, 12000, 12001, 20127, 28591];
            let infos = all.iter().filter_map(|page| {
                let encoding = Encoding::by_code_page(*page)?;
                let info = crate::runtime::types::plain_object::PlainObject::new(
                    "System.Text.EncodingInfo",
                    vec![
                        ("CodePage", Value::Int(*page as i32)),
                        ("Name", Value::str(encoding.web_name())),
                        ("DisplayName", Value::str(encoding.encoding_name())),
                    ],
                );
                Some(info.value())
            });
            let infos = infos.collect();
            array::of(&type_named("System.Text.EncodingInfo"), infos)
        }
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
    // The last flag of UTF8Encoding(mark, throw) and UnicodeEncoding(big, mark, throw).
    let place = if type_name == "System.Text.UTF8Encoding" {
        1
    } else {
        2
    };
    let strict = matches!(arguments.get(place), Some(Value::Bool(true)));
    Some(TextEncoding::with(encoding, strict, false))
}

impl TextEncoding {
    /// Whether the encoding has no bytes for a character.
    fn is_lost(&self, unit: u16) -> bool {
        let alone = utf16::from_units(&[unit]);
        unit != u16::from(b'?')
            && self.encoding.encode(&alone).as_ref() == b"?"
            && !(0xD800..0xE000).contains(&unit)
    }

    fn encoded(&self, text: &str) -> R<Vec<u8>> {
        if let Some(substitute) = &self.substitutes.encoding {
            let mut kept = String::with_capacity(text.len());
            for unit in text.chars() {
                let mut units = [0; 2];
                let is_lost = unit
                    .encode_utf16(&mut units)
                    .iter()
                    .any(|u| self.is_lost(*u));
                if is_lost {
                    kept.push_str(substitute);
                } else {
                    kept.push(unit);
                }
            }
            return Ok(self.encoding.encode(&kept).into_owned());
        }
        let bytes = self.encoding.encode(text);
        if self.strict {
            for (index, unit) in text.encode_utf16().enumerate() {
                if self.is_lost(unit) {
                    return failures::fail(
                        "System.Text.EncoderFallbackException",
                        format!(
                            "Unable to translate Unicode character \\\\u{unit:04X} at index {index} to specified code page."
                        ),
                    );
                }
            }
        }
        Ok(bytes.into_owned())
    }

    /// The text that bytes mean.
    pub fn decoded(&self, bytes: &[u8]) -> R<String> {
        if !self.strict {
            let text = self.encoding.decode(bytes);
            return Ok(match &self.substitutes.decoding {
                Some(substitute) => text.replace('\u{FFFD}', substitute),
                None => text,
            });
        }
        match self.encoding.decode_strict(bytes) {
            Ok(text) => Ok(text),
            Err(error) => failures::fail("System.Text.DecoderFallbackException", error.to_string()),
        }
    }

    /// The most bytes that characters take, the most characters that bytes mean.
    fn most(&self, count: i64, bytes: bool) -> i64 {
        match (self.encoding.code_page(), bytes) {
            (65001, true) => (count + 1) * 3,
            (1200 | 1201, true) => (count + 1) * 2,
            (12000 | 12001, true) => (count + 1) * 4,
            (20127 | 28591, true) => count + 1,
            (65001, false) => count + 1,
            (1200 | 1201, false) => (count >> 1) + (count & 1) + 1,
            (12000 | 12001, false) => count / 2 + 2,
            _ => count,
        }
    }
}

impl Native for TextEncoding {
    fn type_ref(&self) -> TypeRef {
        type_named(&self.type_name())
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_name())
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
            "windowscodepage" => Value::Int(match self.encoding.code_page() {
                20127 | 28591 | 1252 => 1252,
                _ => 1200,
            }),
            "issinglebyte" => Value::Bool(self.encoding.is_single_byte()),
            "isreadonly" | "isbrowserdisplay" | "isbrowsersave" | "ismailnewsdisplay"
            | "ismailnewssave" => Value::Bool(true),
            "preamble" => array::bytes(self.encoding.preamble()),
            "encoderfallback" | "decoderfallback" => {
                let kind = if name.to_ascii_lowercase().starts_with('d') {
                    "Decoder"
                } else {
                    "Encoder"
                };
                let which = if self.strict {
                    "exceptionfallback"
                } else {
                    "replacementfallback"
                };
                let text = match kind {
                    "Decoder" => self.substitutes.decoding.clone(),
                    _ => self.substitutes.encoding.clone(),
                };
                fallback(kind, which, text.map(Value::str).as_ref()).unwrap_or_default()
            }
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let text_of = |vm: &mut Vm, value: &Value| -> R<String> {
            match value.base() {
                Value::Array(list) => Ok(array::text(list)),
                Value::Null => failures::argument_null("s"),
                other => vm.to_text(&other.clone()),
            }
        };
        Ok(Some(match (name, arguments) {
            ("getbytes" | "getbytecount", [text, rest @ ..]) => {
                let mut text = text_of(vm, text)?;
                if let [from, count, ..] = rest {
                    let from = usize::try_from(vm.to_int(from)?).unwrap_or(usize::MAX);
                    let count = usize::try_from(vm.to_int(count)?).unwrap_or(usize::MAX);
                    text = match utf16::substring(&text, from, count) {
                        Some(part) => part,
                        None => {
                            return failures::out_of_range(
                                "Index and count must refer to a location within the string.",
                                "s",
                            );
                        }
                    };
                }
                let bytes = self.encoded(&text)?;
                match (name, rest) {
                    ("getbytecount", _) => Value::Int(bytes.len() as i32),
                    (_, [_, _, Value::Array(target), at]) => {
                        let at = usize::try_from(vm.to_int(at)?).unwrap_or(usize::MAX);
                        if target.len() < at.saturating_add(bytes.len()) {
                            return failures::argument(
                                "The output byte buffer is too small to contain the encoded data.",
                                "bytes",
                            );
                        }
                        let mut items = target.items.borrow_mut();
                        for (item, byte) in items.iter_mut().skip(at).zip(&bytes) {
                            *item = Value::Byte(*byte);
                        }
                        Value::Int(bytes.len() as i32)
                    }
                    _ => array::bytes(&bytes),
                }
            }
            ("getmaxbytecount", [n]) => Value::Int(
                self.most(vm.to_long(n)?, true)
                    .clamp(0, i64::from(i32::MAX)) as i32,
            ),
            ("getmaxcharcount", [n]) => Value::Int(
                self.most(vm.to_long(n)?, false)
                    .clamp(0, i64::from(i32::MAX)) as i32,
            ),
            ("isalwaysnormalized", _) => Value::Bool(false),
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
                        match bytes.get(start..start.saturating_add(count)) {
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
                let text = self.decoded(part)?;
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
            ("clone", []) => Value::native(TextEncoding {
                encoding: self.encoding,
                strict: self.strict,
                is_shared: self.is_shared,
                substitutes: self.substitutes.clone(),
            }),
            ("getdecoder", []) => crate::runtime::types::text::text_coder::decoder(this),
            ("getencoder", []) => crate::runtime::types::text::text_coder::encoder(this),
            _ => return Ok(None),
        }))
    }
}

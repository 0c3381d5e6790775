//! `System.Xml.Linq.XName` and `XNamespace`.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The namespace of `xmlns` attributes.
pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// The namespace of the prefix `xml`.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// A local name in a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XName {
    /// The namespace; empty for none.
    pub namespace: String,
    /// The name in it.
    pub local: String,
}

/// A namespace.
pub struct XNamespace(pub String);

impl XName {
    /// The name of a text such as `{urn:x}local`.
    pub fn parse(text: &str) -> R<XName> {
        let (namespace, local) = match text.strip_prefix('{') {
            Some(rest) => match rest.split_once('}') {
                Some((namespace, local)) => (namespace, local),
                None => {
                    return failures::argument(
                        format!("'{text}' is an invalid expanded name."),
                        "expandedName",
                    );
                }
            },
            None => ("", text),
        };
        let mut letters = local.chars();
        let starts = letters.next();
        let is_start = |c: char| c.is_alphabetic() || c == '_';
        match starts {
            None if text.is_empty() => {
                failures::argument("The value cannot be an empty string.", "expandedName")
            }
            None => failures::argument(
                format!("'{text}' is an invalid expanded name."),
                "expandedName",
            ),
            Some(c) if !is_start(c) => failures::fail(
                "System.Xml.XmlException",
                format!(
                    "Name cannot begin with the '{c}' character, hexadecimal value 0x{:02X}.",
                    u32::from(c)
                ),
            ),
            Some(_) => match letters.find(|c| !(c.is_alphanumeric() || "_-.".contains(*c))) {
                Some(c) => failures::fail(
                    "System.Xml.XmlException",
                    format!(
                        "The '{c}' character, hexadecimal value 0x{:02X}, cannot be included in a name.",
                        u32::from(c)
                    ),
                ),
                None => Ok(XName {
                    namespace: namespace.to_owned(),
                    local: local.to_owned(),
                }),
            },
        }
    }

    /// The name that a value is or that its text means.
    pub fn of(vm: &mut Vm, value: &Value) -> R<XName> {
        match value.as_native::<XName>() {
            Some(name) => Ok(name.clone()),
            None => XName::parse(&vm.to_text(value)?),
        }
    }

    /// `{urn:x}local`
    pub fn text(&self) -> String {
        if self.namespace.is_empty() {
            self.local.clone()
        } else {
            format!("{{{}}}{}", self.namespace, self.local)
        }
    }
}

/// A static property of XNamespace.
pub fn read_static(name: &str) -> Option<Value> {
    let uri = match name {
        "none" => "",
        "xml" => XML,
        "xmlns" => XMLNS,
        _ => return None,
    };
    Some(Value::native(XNamespace(uri.into())))
}

/// `[XName]::Get(…)` and `[XNamespace]::Get(…)`
pub fn call_static(vm: &mut Vm, short: &str, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (short, name, arguments) {
        ("XName", "get", [name]) => Some(Value::native(XName::parse(&vm.to_text(name)?)?)),
        ("XName", "get", [local, namespace]) => Some(Value::native(XName {
            namespace: vm.to_text(namespace)?,
            local: vm.to_text(local)?,
        })),
        ("XNamespace", "get", [uri]) => Some(Value::native(XNamespace(vm.to_text(uri)?))),
        _ => None,
    })
}

/// A text as the name or namespace that a parameter wants.
pub fn converted(value: &Value, short: &str) -> Option<Value> {
    let text = value.as_str()?;
    match short {
        "XName" => XName::parse(text).ok().map(Value::native),
        "XNamespace" => Some(Value::native(XNamespace(text.to_owned()))),
        _ => None,
    }
}

impl Native for XName {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.Linq.XName")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["LocalName", "Namespace", "NamespaceName"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "localname" => Some(Value::str(self.local.as_str())),
            "namespacename" => Some(Value::str(self.namespace.as_str())),
            "namespace" => Some(Value::native(XNamespace(self.namespace.clone()))),
            _ => None,
        })
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let same = match other.as_native::<XName>() {
            Some(name) => name == self,
            None => other.as_str() == Some(&self.text()),
        };
        Some(same)
    }

    fn key_text(&self) -> Option<String> {
        Some(self.text())
    }
}

impl Native for XNamespace {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.Linq.XNamespace")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["NamespaceName"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(name
            .eq_ignore_ascii_case("namespacename")
            .then(|| Value::str(self.0.as_str())))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("getname", [local]) => Ok(Some(Value::native(XName {
                namespace: self.0.clone(),
                local: vm.to_text(local)?,
            }))),
            _ => Ok(None),
        }
    }

    fn operator(&self, vm: &mut Vm, op: &str, left: &Value, right: &Value) -> Option<R<Value>> {
        left.as_native::<XNamespace>()?;
        if op != "op_Addition" {
            return None;
        }
        Some(vm.to_text(right).map(|local| {
            Value::native(XName {
                namespace: self.0.clone(),
                local,
            })
        }))
    }

    fn key_text(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

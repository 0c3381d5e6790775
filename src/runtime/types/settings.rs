//! Types that scripts make to be handed on: objects that hold settings and do nothing of their own.
//!
//! A row has the properties with what a new object has; the arguments of a constructor go into
//! the first of them, in order.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, dispatch, failures, find_full, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// What a new object has for a property, and what an argument for it becomes.
#[derive(Clone, Copy)]
enum Setting {
    Text(&'static str),
    Null,
    Switch(bool),
    Number(i32),
    Address,
    Texts,
}

use Setting::{Address, Null, Number, Switch, Text, Texts};

/// Name and settings of each type.
const TYPES: &[(&str, &[(&str, Setting)])] = &[
    (
        "System.CodeDom.Compiler.CompilerParameters",
        &[
            ("GenerateExecutable", Switch(false)),
            ("GenerateInMemory", Switch(false)),
            ("IncludeDebugInformation", Switch(false)),
            ("MainClass", Null),
            ("OutputAssembly", Null),
            ("CoreAssemblyFileName", Text("")),
            ("ReferencedAssemblies", Texts),
            ("TreatWarningsAsErrors", Switch(false)),
            ("WarningLevel", Number(-1)),
            ("CompilerOptions", Null),
            ("Win32Resource", Null),
            ("EmbeddedResources", Texts),
            ("LinkedResources", Texts),
        ],
    ),
    (
        "System.Net.CookieContainer",
        &[
            ("Capacity", Number(300)),
            ("PerDomainCapacity", Number(20)),
            ("MaxCookieSize", Number(4096)),
            ("Count", Number(0)),
        ],
    ),
    (
        "System.Net.NetworkInformation.PingOptions",
        &[("Ttl", Number(128)), ("DontFragment", Switch(false))],
    ),
    (
        "System.Net.WebProxy",
        &[
            ("Address", Address),
            ("BypassProxyOnLocal", Switch(false)),
            ("BypassList", Null),
            ("Credentials", Null),
            ("UseDefaultCredentials", Switch(false)),
        ],
    ),
];

/// Whether a type is one of these.
pub fn is_settings(type_ref: &TypeRef) -> bool {
    row(&type_ref.full_name).is_some()
}

fn row(type_name: &str) -> Option<&'static [(&'static str, Setting)]> {
    let found = TYPES.iter().find(|(name, _)| *name == type_name);
    found.map(|(_, settings)| *settings)
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let Some(settings) = row(&type_ref.full_name) else {
        return Ok(None);
    };
    let mut fields = Vec::with_capacity(settings.len());
    for (at, (name, setting)) in settings.iter().enumerate() {
        let value = match arguments.get(at) {
            Some(given) => setting.of(vm, given, arguments)?,
            None => setting.initial(vm)?,
        };
        fields.push((*name, value));
    }
    let object = PlainObject::new(&type_ref.full_name, fields).writable();
    Ok(Some(object.value()))
}

impl Setting {
    fn initial(self, vm: &mut Vm) -> R<Value> {
        Ok(match self {
            Text(text) => Value::str(text),
            Null | Address => Value::Null,
            Switch(on) => Value::Bool(on),
            Number(number) => Value::Int(number),
            Texts => {
                let texts = type_named("System.Collections.Specialized.StringCollection");
                made(vm, &texts, &[])?
            }
        })
    }

    fn of(self, vm: &mut Vm, given: &Value, all: &[Value]) -> R<Value> {
        match self {
            Address => address(vm, given, all),
            _ => Ok(given.clone()),
        }
    }
}

fn made(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Value> {
    let made = dispatch::construct(vm, type_ref, arguments)?;
    Ok(made.unwrap_or_default())
}

/// The address of a proxy: one without a scheme is an HTTP proxy's, a number behind it its port.
fn address(vm: &mut Vm, given: &Value, all: &[Value]) -> R<Value> {
    if matches!(given.base(), Value::Null | Value::Nothing) {
        return Ok(Value::Null);
    }
    let mut text = vm.to_text(given)?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if !text.contains("://") {
        text = format!("http://{text}");
    }
    if let Some(Value::Int(port)) = all.get(1).map(Value::base) {
        text = format!("{text}:{port}");
    }
    let uri = type_named("System.Uri");
    made(vm, &uri, &[Value::str(text)])
}

/// `CSharpCodeProvider` and `VBCodeProvider`: they are there, but compile nothing outside Windows.
pub struct CodeProvider {
    type_ref: TypeRef,
}

impl CodeProvider {
    /// A new provider of one language.
    pub fn value(type_ref: &TypeRef) -> Value {
        Value::native(CodeProvider {
            type_ref: type_ref.clone(),
        })
    }

    fn is_basic(&self) -> bool {
        self.type_ref
            .full_name
            .starts_with("Microsoft.VisualBasic.")
    }
}

impl Native for CodeProvider {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.type_ref.full_name.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["FileExtension", "LanguageOptions", "Site", "Container"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name {
            "FileExtension" => Some(Value::str(if self.is_basic() { "vb" } else { "cs" })),
            "LanguageOptions" => Some(Value::str(if self.is_basic() {
                "CaseInsensitive"
            } else {
                "None"
            })),
            "Site" | "Container" => Some(Value::Null),
            _ => None,
        })
    }

    fn call(&self, _: &mut Vm, this: &Value, name: &str, _: &[Value]) -> R<Option<Value>> {
        match name {
            "createcompiler" | "creategenerator" => Ok(Some(this.clone())),
            "compileassemblyfromsource" | "compileassemblyfromfile" | "compileassemblyfromdom" => {
                failures::not_supported_here()
            }
            "dispose" => Ok(Some(Value::Nothing)),
            _ => Ok(None),
        }
    }
}

/// `[System.Net.CredentialCache]::DefaultCredentials`: the user's own, whose name is not told.
pub fn default_credentials(vm: &mut Vm, name: &str) -> R<Option<Value>> {
    if !matches!(name, "defaultcredentials" | "defaultnetworkcredentials") {
        return Ok(None);
    }
    let Some(credential) = find_full("System.Net.NetworkCredential") else {
        return Ok(None);
    };
    let nothing = ["", "", ""].map(Value::str);
    made(vm, &credential, &nothing).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_type_and_its_properties() {
        for (name, settings) in TYPES {
            let found = find_full(name);
            assert_eq!(
                found.map(|f| f.full_name.to_string()).as_deref(),
                Some(*name)
            );
            assert!(!settings.is_empty(), "{name}");
        }
    }
}

//! `System.Diagnostics.FileVersionInfo`: what a file says of its version. Only .NET assemblies say
//! something outside of Windows; every other file gives empty parts.

use crate::runtime::error::{Fault, R};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Static methods; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let ("getversioninfo", [file]) = (name, arguments) else {
        return Ok(None);
    };
    let name = vm.to_text(file)?;
    let path = vm.file_path(&name);
    let full = path.to_string_lossy().to_string();
    if !path.is_file() {
        return vm.raise(Fault::of(
            "System.IO.FileNotFoundException",
            "FileNotFoundException",
            crate::runtime::error::Category::NotSpecified,
            full,
        ));
    }
    Ok(Some(value(&full)))
}

const TEXTS: &[&str] = &[
    "Comments",
    "CompanyName",
    "FileDescription",
    "FileVersion",
    "InternalName",
    "Language",
    "LegalCopyright",
    "LegalTrademarks",
    "OriginalFilename",
    "PrivateBuild",
    "ProductName",
    "ProductVersion",
    "SpecialBuild",
];

const NUMBERS: &[&str] = &[
    "FileBuildPart",
    "FileMajorPart",
    "FileMinorPart",
    "FilePrivatePart",
    "ProductBuildPart",
    "ProductMajorPart",
    "ProductMinorPart",
    "ProductPrivatePart",
];

const FLAGS: &[&str] = &[
    "IsDebug",
    "IsPatched",
    "IsPreRelease",
    "IsPrivateBuild",
    "IsSpecialBuild",
];

fn value(file: &str) -> Value {
    let mut fields: Vec<(&'static str, Value)> = vec![("FileName", Value::str(file))];
    fields.extend(TEXTS.iter().map(|name| (*name, Value::Null)));
    fields.extend(NUMBERS.iter().map(|name| (*name, Value::Int(0))));
    fields.extend(FLAGS.iter().map(|name| (*name, Value::Bool(false))));
    fields.sort_by_key(|(name, _)| *name);
    let lines = [
        ("File", file),
        ("InternalName", ""),
        ("OriginalFilename", ""),
        ("FileVersion", ""),
        ("FileDescription", ""),
        ("Product", ""),
        ("ProductVersion", ""),
        ("Debug", "False"),
        ("Patched", "False"),
        ("PreRelease", "False"),
        ("PrivateBuild", "False"),
        ("SpecialBuild", "False"),
        ("Language", ""),
    ];
    let text: String = lines
        .iter()
        .map(|(name, value)| format!("{:<18}{value}\n", format!("{name}:")))
        .collect();
    PlainObject::new("System.Diagnostics.FileVersionInfo", fields)
        .with_text(text)
        .value()
}

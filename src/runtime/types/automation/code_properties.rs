//! Properties of type data that the engine computes.

use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A computation of a property.
pub type Computed = fn(&mut Vm, &Value) -> R<Value>;

/// The computation of this name.
pub fn find(_type_name: &str, code: &str) -> Computed {
    match code {
        "Mode" | "ModeWithoutHardLink" => mode,
        "LengthString" => length_string,
        "LastWriteTimeString" => last_write_time_string,
        "NameString" => name_string,
        "GetLinkType" => link_type,
        "ResolvedTarget" => resolved_target,
        _ => nothing,
    }
}

fn nothing(_vm: &mut Vm, _value: &Value) -> R<Value> {
    Ok(Value::Null)
}

fn file_info(value: &Value) -> Option<&crate::runtime::types::io::file_info::FileInfo> {
    value.as_native::<crate::runtime::types::io::file_info::FileInfo>()
}

fn mode(_vm: &mut Vm, value: &Value) -> R<Value> {
    Ok(match file_info(value) {
        Some(info) => Value::str(info.mode()),
        None => Value::Null,
    })
}

fn length_string(vm: &mut Vm, value: &Value) -> R<Value> {
    match file_info(value) {
        Some(info) if !info.is_folder => {
            let length = vm.get_member(value, "Length")?.unwrap_or_default();
            Ok(Value::str(vm.to_text(&length)?))
        }
        _ => Ok(Value::str("")),
    }
}

fn last_write_time_string(vm: &mut Vm, value: &Value) -> R<Value> {
    let Some(Value::DateTime(date)) = vm.get_member(value, "LastWriteTime")? else {
        return Ok(Value::str(""));
    };
    let culture = vm.culture();
    let day = vm.format_value(&Value::DateTime(date.clone()), Some("d"), culture)?;
    let time = vm.format_value(&Value::DateTime(date), Some("t"), culture)?;
    Ok(Value::str(
        format!("{day:>10} {time:>8}").replace('\u{202f}', " "),
    ))
}

fn name_string(vm: &mut Vm, value: &Value) -> R<Value> {
    let mut name = vm.get_member(value, "Name")?.unwrap_or_default();
    if crate::runtime::types::automation::ps_style::is_decorated(vm, true)
        && let Some(style) = file_style(vm, value)
    {
        let text = vm.to_text(&name)?;
        name = Value::str(format!("{style}{text}\u{1b}[0m"));
    }
    match vm.get_member(value, "LinkTarget")? {
        Some(Value::Str(target)) => {
            let name = vm.to_text(&name)?;
            Ok(Value::str(format!("{name} -> {}", target.as_str())))
        }
        _ => Ok(name),
    }
}

/// The colour of a file's name.
fn file_style(vm: &mut Vm, value: &Value) -> Option<std::rc::Rc<str>> {
    use crate::runtime::types::automation::ps_style::{extension, file_info as style};
    let info = file_info(value)?;
    if info.path.is_symlink() {
        return Some(style(vm, "SymbolicLink"));
    }
    if info.is_folder {
        return Some(style(vm, "Directory"));
    }
    if let Some(suffix) = info.path.extension() {
        let suffix = format!(".{}", suffix.to_string_lossy());
        if let Some(found) = extension(vm, &suffix) {
            return Some(found);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = info.path.metadata().ok()?.permissions().mode();
        if mode & 0o111 != 0 {
            return Some(style(vm, "Executable"));
        }
    }
    None
}

fn link_type(_vm: &mut Vm, value: &Value) -> R<Value> {
    Ok(match file_info(value) {
        Some(info) if info.path.is_symlink() => Value::str("SymbolicLink"),
        Some(info) if is_hard_link(&info.path) => Value::str("HardLink"),
        _ => Value::Null,
    })
}

/// Whether a file has other names.
#[cfg(unix)]
fn is_hard_link(path: &std::path::Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata()
        .is_ok_and(|data| !data.is_dir() && data.nlink() > 1)
}

#[cfg(not(unix))]
fn is_hard_link(_path: &std::path::Path) -> bool {
    false
}

/// The file a link ends at, or the file itself.
fn resolved_target(_vm: &mut Vm, value: &Value) -> R<Value> {
    Ok(match file_info(value) {
        Some(info) => match std::fs::canonicalize(&info.path) {
            Ok(path) => Value::str(path.to_string_lossy()),
            Err(_) => Value::Null,
        },
        None => Value::Null,
    })
}

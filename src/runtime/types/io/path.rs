//! `System.IO.Path`

use crate::runtime::error::R;
use crate::runtime::types::{collections::array, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::PathBuf;

/// A static property.
pub fn read_static(name: &str) -> Option<Value> {
    Some(match name {
        "directoryseparatorchar" | "altdirectoryseparatorchar" => Value::Char(u16::from(b'/')),
        "pathseparator" => Value::Char(u16::from(b':')),
        "volumeseparatorchar" => Value::Char(u16::from(b'/')),
        "invalidpathchars" => array::of(&known::char(), vec![Value::Char(0)]),
        _ => return None,
    })
}

/// The full form of a path, against the process's folder.
pub fn full(vm: &Vm, path: &str) -> String {
    let base = if vm.session.location.as_os_str().is_empty() {
        vm.host
            .current_directory()
            .unwrap_or_else(|_| PathBuf::from("/"))
    } else {
        vm.session.location.clone()
    };
    let joined = if path.starts_with('/') {
        path.to_string()
    } else {
        format!("{}/{path}", base.display())
    };
    normal(&joined)
}

/// Takes `.`, `..` and doubled separators out of a rooted path.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let tail = if path.ends_with('/') && !parts.is_empty() {
        "/"
    } else {
        ""
    };
    format!("/{}{tail}", parts.join("/"))
}

/// The part behind the last separator.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The extension with its dot.
pub fn extension(path: &str) -> &str {
    let name = file_name(path);
    match name.rfind('.') {
        Some(at) if at + 1 < name.len() => &name[at..],
        _ => "",
    }
}

fn directory(path: &str) -> Option<String> {
    if path.is_empty() || path == "/" {
        return None;
    }
    match path.rfind('/') {
        Some(0) => Some("/".to_string()),
        Some(at) => Some(path[..at].trim_end_matches('/').to_string()),
        None => Some(String::new()),
    }
}

fn text(value: &Value, parameter: &str) -> R<String> {
    match value.base() {
        Value::Str(text) => Ok(text.to_string()),
        _ => failures::argument_null(parameter),
    }
}

fn join(parts: &[String], combine: bool) -> String {
    let mut out = String::new();
    for part in parts {
        if part.is_empty() {
            continue;
        }
        if combine && part.starts_with('/') {
            out.clear();
        }
        if !out.is_empty() && !out.ends_with('/') && !part.starts_with('/') {
            out.push('/');
        }
        out.push_str(part);
    }
    out
}

fn relative(from: &str, to: &str) -> String {
    let a: Vec<&str> = from.split('/').filter(|p| !p.is_empty()).collect();
    let b: Vec<&str> = to.split('/').filter(|p| !p.is_empty()).collect();
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let mut parts = vec![".."; a.len() - common];
    parts.extend(&b[common..]);
    if parts.is_empty() {
        ".".to_string()
    } else {
        parts.join("/")
    }
}

/// A name nobody has, by chance.
fn random_name(vm: &Vm, length: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz012345";
    let mut bytes = vec![0; length];
    vm.host.random(&mut bytes);
    bytes
        .iter()
        .map(|b| char::from(LETTERS[usize::from(b % 32)]))
        .collect()
}

/// The folder for temporary files, with a separator at its end.
pub fn temporary(vm: &Vm) -> String {
    let folder = vm.host.variable("TMPDIR").unwrap_or_else(|| "/tmp".into());
    format!("{}/", folder.trim_end_matches('/'))
}

/// A static method.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if matches!(name, "combine" | "join") {
        let list = match arguments {
            [Value::Array(list)] => list.items.borrow().clone(),
            many => many.to_vec(),
        };
        let mut parts = Vec::new();
        for (at, part) in list.iter().enumerate() {
            let parameter = if list.len() > 4 {
                "paths".to_string()
            } else {
                format!("path{}", at + 1)
            };
            if name == "join" && part.is_null() {
                continue;
            }
            parts.push(text(part, &parameter)?);
        }
        return Ok(Some(Value::str(join(&parts, name == "combine"))));
    }
    let null = arguments.first().is_some_and(Value::is_null);
    if null {
        return Ok(match name {
            "ispathrooted" | "hasextension" | "ispathfullyqualified" | "exists" => {
                Some(Value::Bool(false))
            }
            "getfullpath" | "getrelativepath" => return failures::argument_null("path"),
            _ => Some(Value::Null),
        });
    }
    let path = match arguments.first() {
        Some(first) => vm.to_text(first)?,
        None => String::new(),
    };
    Ok(Some(match name {
        "getfilename" => Value::str(file_name(&path)),
        "getfilenamewithoutextension" => {
            let name = file_name(&path);
            Value::str(match name.rfind('.') {
                Some(at) => &name[..at],
                None => name,
            })
        }
        "getextension" => Value::str(extension(&path)),
        "hasextension" => Value::Bool(!extension(&path).is_empty()),
        "getdirectoryname" => match directory(&path) {
            Some(folder) => Value::str(folder),
            None => Value::Null,
        },
        "getpathroot" => Value::str(if path.starts_with('/') { "/" } else { "" }),
        "ispathrooted" | "ispathfullyqualified" => Value::Bool(path.starts_with('/')),
        "getfullpath" => {
            if path.is_empty() {
                return failures::argument("The path is empty.", "path");
            }
            match arguments.get(1) {
                Some(base) if !path.starts_with('/') => {
                    let base = vm.to_text(base)?;
                    Value::str(normal(&format!("{base}/{path}")))
                }
                _ => Value::str(full(vm, &path)),
            }
        }
        "changeextension" => {
            let stem = match path.rfind('.') {
                Some(at)
                    if at > path.rfind('/').map_or(0, |s| s + 1) || !path[at..].contains('/') =>
                {
                    &path[..at]
                }
                _ => path.as_str(),
            };
            Value::str(match arguments.get(1) {
                Some(new) if !new.is_null() => {
                    let new = vm.to_text(new)?;
                    if new.is_empty() || new.starts_with('.') {
                        format!("{stem}{}", if new.is_empty() { "." } else { &new })
                    } else {
                        format!("{stem}.{new}")
                    }
                }
                _ => stem.to_string(),
            })
        }
        "getrelativepath" => {
            let to = vm.to_text(arguments.get(1).unwrap_or(&Value::Null))?;
            let (from, to) = (full(vm, &path), full(vm, &to));
            Value::str(relative(&from, &to))
        }
        "gettemppath" => Value::str(temporary(vm)),
        "gettempfilename" => {
            let name = format!("{}tmp{}.tmp", temporary(vm), random_name(vm, 6));
            match std::fs::write(&name, b"") {
                Ok(()) => Value::str(name),
                Err(error) => return failures::io(&error, &name),
            }
        }
        "getrandomfilename" => Value::str(format!("{}.{}", random_name(vm, 8), random_name(vm, 3))),
        "getinvalidfilenamechars" => array::of(
            &known::char(),
            vec![Value::Char(0), Value::Char(u16::from(b'/'))],
        ),
        "getinvalidpathchars" => array::of(&known::char(), vec![Value::Char(0)]),
        "trimendingdirectoryseparator" => Value::str(if path.len() > 1 {
            path.strip_suffix('/').unwrap_or(&path)
        } else {
            &path
        }),
        "endsindirectoryseparator" => Value::Bool(path.ends_with('/')),
        "exists" => Value::Bool(std::path::Path::new(&full(vm, &path)).exists()),
        _ => return Ok(None),
    }))
}

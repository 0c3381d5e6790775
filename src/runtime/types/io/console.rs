//! `System.Console`: what programs share with whoever started them.

use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::text::text_encoding;
use crate::runtime::types::{collections::array, failures, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

thread_local! {
    /// What the session has set.
    static WRITTEN: RefCell<Vec<(String, Value)>> = const { RefCell::new(Vec::new()) };
}

/// A static property of Console.
pub fn read_static(vm: &mut Vm, name: &str) -> R<Option<Value>> {
    if name == "title" {
        return failures::not_supported_here();
    }
    if let Some(written) = WRITTEN.with_borrow(|all| find(all, name)) {
        return Ok(Some(written));
    }
    let utf8 = || {
        crate::runtime::types::text::text_encoding::TextEncoding::shared(
            crate::runtime::text::encoding::Encoding::UTF8,
        )
    };
    Ok(Some(match name {
        "outputencoding" | "inputencoding" => utf8(),
        "windowwidth" | "bufferwidth" => Value::Int(vm.host.width() as i32),
        "windowheight" | "bufferheight" => Value::Int(vm.host.height() as i32),
        "isoutputredirected" => Value::Bool(!vm.host.is_terminal(ConsoleStream::Output)),
        "isinputredirected" => Value::Bool(!vm.host.is_terminal(ConsoleStream::Input)),
        "iserrorredirected" => Value::Bool(!vm.host.is_terminal(ConsoleStream::Error)),
        "foregroundcolor" | "backgroundcolor" => Value::enum_of("System.ConsoleColor", -1),
        "cursortop" | "cursorleft" => Value::Int(0),
        "cursorvisible" => Value::Bool(true),
        "capslock" | "numberlock" | "keyavailable" | "treatcontrolcasinput" => Value::Bool(false),
        "in" => crate::runtime::types::io::console_reader::value(),
        "out" => crate::runtime::types::io::text_writer::console(false),
        "error" => crate::runtime::types::io::text_writer::console(true),
        _ => return Ok(None),
    }))
}

/// The encoding programs are understood in, where the session set another than UTF-8.
pub fn output_encoding() -> Encoding {
    WRITTEN
        .with_borrow(|all| find(all, "outputencoding"))
        .and_then(|value| text_encoding::of(&value))
        .unwrap_or(Encoding::UTF8)
}

/// Writes a static property of Console; whether there is one of the name.
pub fn write_static(vm: &mut Vm, name: &str, value: &Value) -> R<bool> {
    let type_name = match name {
        "outputencoding" | "inputencoding" => "System.Text.Encoding",
        "foregroundcolor" | "backgroundcolor" => "System.ConsoleColor",
        "cursorvisible" | "treatcontrolcasinput" => "System.Boolean",
        // Only terminals show a title, and a place where one writes.
        "title" | "cursorleft" | "cursortop" => return Ok(true),
        "windowwidth" | "windowheight" | "bufferwidth" | "bufferheight" | "windowleft"
        | "windowtop" | "cursorsize" => return failures::not_supported_here(),
        _ => return Ok(false),
    };
    let value = vm.convert(value, &type_named(type_name))?;
    WRITTEN.with_borrow_mut(|all| {
        all.retain(|(known, _)| known != name);
        all.push((name.to_string(), value));
    });
    Ok(true)
}

fn find(all: &[(String, Value)], name: &str) -> Option<Value> {
    let found = all.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone())
}

/// A static method of Console.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let text = |vm: &mut Vm| -> R<String> {
        match arguments {
            [] => Ok(String::new()),
            [one] => match one.base() {
                Value::Array(list) if list.element == known::char() => Ok(array::text(list)),
                Value::Null => Ok(String::new()),
                other => crate::runtime::types::object::to_string(vm, &other.clone()),
            },
            [format, rest @ ..] => {
                let format = vm.to_text(format)?;
                let values = match rest {
                    [Value::Array(list)] => list.items.borrow().clone(),
                    many => many.to_vec(),
                };
                vm.format_dotnet(&format, &values)
            }
        }
    };
    Ok(Some(match name {
        "writeline" => {
            let line = text(vm)? + "\n";
            vm.host.write(ConsoleStream::Output, &line);
            Value::Nothing
        }
        "write" => {
            let line = text(vm)?;
            vm.host.write(ConsoleStream::Output, &line);
            Value::Nothing
        }
        "readline" => match vm.host.read_line() {
            Ok(Some(line)) => Value::str(line),
            _ => Value::Null,
        },
        "readkey" => {
            let key = crate::runtime::types::automation::host::read_key(vm)?;
            let fields = vec![
                ("KeyChar", Value::Char(key)),
                ("Key", Value::enum_of("System.ConsoleKey", i64::from(key))),
                ("Modifiers", Value::Int(0)),
            ];
            crate::runtime::types::plain_object::PlainObject::new("System.ConsoleKeyInfo", fields)
                .value()
        }
        "beep" if !arguments.is_empty() => return failures::not_supported_here(),
        "setwindowsize" | "setbuffersize" | "setwindowposition" | "movebufferarea" => {
            return failures::not_supported_here();
        }
        "openstandardoutput" => {
            crate::runtime::types::io::stream::console(vm.host.clone(), ConsoleStream::Output)
        }
        "openstandarderror" => {
            crate::runtime::types::io::stream::console(vm.host.clone(), ConsoleStream::Error)
        }
        "openstandardinput" => crate::runtime::types::io::stream::console_input(&vm.host),
        "resetcolor" => {
            WRITTEN.with_borrow_mut(|all| all.retain(|(name, _)| !name.ends_with("groundcolor")));
            Value::Nothing
        }
        "clear" | "beep" | "setcursorposition" | "setout" | "seterror" => Value::Nothing,
        _ => return Ok(None),
    }))
}

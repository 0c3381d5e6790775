//! `$Host.UI.RawUI`: the window as a script sees it, and the small values its members take.

use crate::host::ConsoleStream;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::automation::host::{RAW_UI, read_key};
use crate::runtime::types::io::console;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, failures, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

thread_local! {
    /// The title that the session has set, which no terminal tells.
    static TITLE: RefCell<String> = const { RefCell::new(String::new()) };
}

const ROOM: &str = "System.Management.Automation.Host.";

/// The small values by their names and the names of their numbers.
const PLACES: &[(&str, &[&str])] = &[
    ("Coordinates", &["X", "Y"]),
    ("Size", &["Width", "Height"]),
    ("Rectangle", &["Left", "Top", "Right", "Bottom"]),
];

/// A position, an extent or a region: whole numbers by name.
struct Place {
    short: &'static str,
    names: &'static [&'static str],
    numbers: RefCell<Vec<i32>>,
}

impl Place {
    fn value(short: &str, mut numbers: Vec<i32>) -> Option<Value> {
        let (short, names) = PLACES.iter().find(|(name, _)| *name == short)?;
        numbers.resize(names.len(), 0);
        Some(Value::native(Place {
            short,
            names,
            numbers: RefCell::new(numbers),
        }))
    }

    fn at(&self, name: &str) -> Option<usize> {
        self.names
            .iter()
            .position(|own| own.eq_ignore_ascii_case(name))
    }
}

impl Native for Place {
    fn type_ref(&self) -> TypeRef {
        type_named(&format!("{ROOM}{}", self.short))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        let numbers = self.numbers.borrow();
        let texts: Vec<String> = numbers.iter().map(i32::to_string).collect();
        Ok(texts.join(","))
    }

    fn properties(&self) -> Vec<&'static str> {
        self.names.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let numbers = self.numbers.borrow();
        let number = self.at(name).and_then(|at| numbers.get(at));
        Ok(number.map(|number| Value::Int(*number)))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let Some(at) = self.at(name) else {
            return Ok(None);
        };
        let number = vm.to_int(&value)?;
        if let Some(own) = self.numbers.borrow_mut().get_mut(at) {
            *own = number;
        }
        Ok(Some(true))
    }
}

/// A new `Coordinates`, `Size` or `Rectangle` of its numbers; a `Rectangle` also of two corners.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let mut numbers = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument.as_native::<Place>() {
            Some(corner) => numbers.extend(corner.numbers.borrow().iter()),
            None => numbers.push(vm.to_int(argument)?),
        }
    }
    let short = type_name.strip_prefix(ROOM).unwrap_or_default();
    Ok(Place::value(short, numbers))
}

/// `$Host.UI.RawUI`.
pub struct Window;

impl Window {
    fn size(vm: &Vm) -> Option<Value> {
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let numbers = vec![number(vm.host.width()), number(vm.host.height())];
        Place::value("Size", numbers)
    }

    fn set_title(vm: &mut Vm, title: String) {
        if vm.host.is_terminal(ConsoleStream::Output) {
            let shown: String = title.chars().filter(|c| !c.is_control()).collect();
            vm.tell(&format!("\x1b]0;{shown}\x07"));
        }
        TITLE.with_borrow_mut(|kept| *kept = title);
    }
}

impl Native for Window {
    fn type_ref(&self) -> TypeRef {
        find_full(RAW_UI)
            .or_else(|| find_full(&format!("{ROOM}PSHostRawUserInterface")))
            .unwrap_or_else(known::object)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "ForegroundColor",
            "BackgroundColor",
            "CursorPosition",
            "WindowPosition",
            "CursorSize",
            "BufferSize",
            "WindowSize",
            "MaxWindowSize",
            "MaxPhysicalWindowSize",
            "KeyAvailable",
            "WindowTitle",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(Some(match name.as_str() {
            "foregroundcolor" | "backgroundcolor" => return console::read_static(vm, &name),
            "buffersize" | "windowsize" | "maxwindowsize" | "maxphysicalwindowsize" => {
                return Ok(Window::size(vm));
            }
            // Asked of what is no terminal .NET throws, and a getter that throws gives nothing.
            "keyavailable" => match vm.host.is_terminal(ConsoleStream::Input) {
                true => Value::Bool(false),
                false => Value::Null,
            },
            "windowtitle" => Value::str(TITLE.with_borrow(Clone::clone)),
            "cursorsize" => Value::Int(100),
            "cursorposition" | "windowposition" => {
                return Ok(Place::value("Coordinates", Vec::new()));
            }
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
        match name {
            "readkey" => {
                let key = read_key(vm)?;
                let fields = vec![
                    ("VirtualKeyCode", Value::Int(i32::from(key))),
                    ("Character", Value::Char(key)),
                    ("ControlKeyState", Value::Int(0)),
                    ("KeyDown", Value::Bool(true)),
                ];
                let name = format!("{ROOM}KeyInfo");
                Ok(Some(PlainObject::new(&name, fields).value()))
            }
            "flushinputbuffer" => Ok(Some(Value::Nothing)),
            "lengthinbuffercells" => {
                let text = arguments
                    .first()
                    .map_or(Ok(String::new()), |v| vm.to_text(v))?;
                let length = text.encode_utf16().count();
                Ok(Some(Value::Int(i32::try_from(length).unwrap_or(i32::MAX))))
            }
            "getbuffercontents" | "setbuffercontents" | "scrollbuffercontents" => failures::fail(
                "System.NotImplementedException",
                "The method or operation is not implemented.",
            ),
            _ => Ok(None),
        }
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let name = name.to_ascii_lowercase();
        let of = |short: &str| type_named(&format!("{ROOM}{short}"));
        match name.as_str() {
            "windowtitle" => {
                let title = vm.to_text(&value)?;
                Window::set_title(vm, title);
            }
            "foregroundcolor" | "backgroundcolor" => {
                console::write_static(vm, &name, &value)?;
            }
            "cursorposition" => {
                vm.convert(&value, &of("Coordinates"))?;
            }
            // The window is resized through its terminal, of which there may be none.
            "windowsize" => {
                vm.convert(&value, &of("Size"))?;
                if !vm.host.is_terminal(ConsoleStream::Output) {
                    return failures::fail(
                        "System.IO.IOException",
                        "Inappropriate ioctl for device",
                    );
                }
            }
            "buffersize" => {
                vm.convert(&value, &of("Size"))?;
                return failures::not_supported_here();
            }
            "windowposition" | "cursorsize" => return failures::not_supported_here(),
            "keyavailable" | "maxwindowsize" | "maxphysicalwindowsize" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }
}

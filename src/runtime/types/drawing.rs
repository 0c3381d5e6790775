//! `System.Drawing`: points, sizes, rectangles and colours, which need no window.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

/// The numbers of a shape, by name in the order of its constructor.
pub struct Shape {
    type_name: &'static str,
    numbers: RefCell<Vec<f64>>,
}

const SHAPES: [(&str, &[&str]); 5] = [
    ("System.Drawing.Point", &["X", "Y"]),
    ("System.Drawing.PointF", &["X", "Y"]),
    ("System.Drawing.Size", &["Width", "Height"]),
    ("System.Drawing.SizeF", &["Width", "Height"]),
    ("System.Drawing.Rectangle", &["X", "Y", "Width", "Height"]),
];

fn names_of(type_name: &str) -> &'static [&'static str] {
    let found = SHAPES.iter().find(|(name, _)| *name == type_name);
    found.map_or(&[], |(_, names)| names)
}

fn shape(type_name: &str, numbers: Vec<f64>) -> Option<Value> {
    let (type_name, names) = SHAPES.iter().find(|(name, _)| *name == type_name)?;
    let mut numbers = numbers;
    numbers.resize(names.len(), 0.0);
    Some(Value::native(Shape {
        type_name,
        numbers: RefCell::new(numbers),
    }))
}

/// A new shape; the other types of drawing work on Windows alone.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if names_of(type_name).is_empty() {
        return Ok(None);
    }
    let mut numbers = Vec::with_capacity(arguments.len());
    for argument in arguments {
        match argument.as_native::<Shape>() {
            Some(part) => numbers.extend(part.numbers.borrow().iter()),
            None => numbers.push(vm.to_double(argument)?),
        }
    }
    Ok(shape(type_name, numbers))
}

/// A static field or a colour by its name.
pub fn read_static(type_name: &str, name: &str) -> Option<Value> {
    if type_name == "System.Drawing.Color" {
        return named(name);
    }
    match name {
        "empty" => shape(type_name, Vec::new()),
        _ => None,
    }
}

impl Shape {
    fn number(&self, at: usize) -> f64 {
        self.numbers.borrow().get(at).copied().unwrap_or_default()
    }

    fn value(&self, number: f64) -> Value {
        if self.type_name.ends_with('F') {
            Value::Float(number as f32)
        } else {
            Value::Int(number as i32)
        }
    }

    fn move_by(&self, first: usize, numbers: &[f64]) {
        let mut own = self.numbers.borrow_mut();
        for (number, step) in own.iter_mut().skip(first).zip(numbers) {
            *number += step;
        }
    }
}

impl Native for Shape {
    fn type_ref(&self) -> TypeRef {
        type_named(self.type_name)
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        let mut parts = Vec::new();
        for (at, name) in names_of(self.type_name).iter().enumerate() {
            let number = vm.to_text(&self.value(self.number(at)))?;
            parts.push(format!("{name}={number}"));
        }
        let between = match self.type_name {
            "System.Drawing.Point" | "System.Drawing.Rectangle" => ",",
            _ => ", ",
        };
        Ok(format!("{{{}}}", parts.join(between)))
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.type_name {
            "System.Drawing.Rectangle" => vec![
                "Location", "Size", "X", "Y", "Width", "Height", "Left", "Top", "Right", "Bottom",
                "IsEmpty",
            ],
            name => {
                let mut names = vec!["IsEmpty"];
                names.extend(names_of(name));
                names
            }
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let names = names_of(self.type_name);
        if let Some(at) = names.iter().position(|n| n.eq_ignore_ascii_case(name)) {
            return Ok(Some(self.value(self.number(at))));
        }
        let is_rectangle = names.len() == 4;
        Ok(match name.to_ascii_lowercase().as_str() {
            "isempty" => Some(Value::Bool(self.numbers.borrow().iter().all(|n| *n == 0.0))),
            "left" if is_rectangle => Some(self.value(self.number(0))),
            "top" if is_rectangle => Some(self.value(self.number(1))),
            "right" if is_rectangle => Some(self.value(self.number(0) + self.number(2))),
            "bottom" if is_rectangle => Some(self.value(self.number(1) + self.number(3))),
            "location" if is_rectangle => {
                shape("System.Drawing.Point", vec![self.number(0), self.number(1)])
            }
            "size" if is_rectangle => {
                shape("System.Drawing.Size", vec![self.number(2), self.number(3)])
            }
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let names = names_of(self.type_name);
        let Some(at) = names.iter().position(|n| n.eq_ignore_ascii_case(name)) else {
            return Ok(self.get(vm, name)?.map(|_| false));
        };
        let number = match self.value(0.0) {
            Value::Int(_) => f64::from(vm.to_int(&value)?),
            _ => vm.to_double(&value)?,
        };
        if let Some(place) = self.numbers.borrow_mut().get_mut(at) {
            *place = number;
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut numbers = Vec::new();
        for argument in arguments {
            if argument.base().is_number() {
                numbers.push(vm.to_double(argument)?);
            }
        }
        Ok(match (name, numbers.as_slice()) {
            ("offset", [_, _]) => {
                self.move_by(0, &numbers);
                Some(Value::Nothing)
            }
            ("inflate", [x, y]) => {
                self.move_by(0, &[-x, -y, 2.0 * x, 2.0 * y]);
                Some(Value::Nothing)
            }
            ("contains", [x, y]) => {
                let inside = |n: f64, from: f64, length: f64| n >= from && n < from + length;
                Some(Value::Bool(
                    inside(*x, self.number(0), self.number(2))
                        && inside(*y, self.number(1), self.number(3)),
                ))
            }
            _ => None,
        })
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{:?}", self.numbers.borrow()))
    }

    fn operator(&self, _vm: &mut Vm, op: &str, left: &Value, right: &Value) -> Option<R<Value>> {
        let (one, other) = (left.as_native::<Shape>()?, right.as_native::<Shape>()?);
        let sign = match op {
            "op_Addition" => 1.0,
            "op_Subtraction" => -1.0,
            _ => return None,
        };
        let (a, b) = (one.numbers.borrow(), other.numbers.borrow());
        let numbers = a.iter().zip(b.iter()).map(|(a, b)| a + sign * b);
        shape(one.type_name, numbers.collect()).map(Ok)
    }
}

/// A colour, perhaps with a name.
#[derive(Clone, Default)]
pub struct Color {
    argb: u32,
    name: String,
    is_known: bool,
}

/// The names of colours of the web and their red, green and blue.
const COLORS: [(&str, u32); 42] = [
    ("AliceBlue", 0xF0F8FF),
    ("Aqua", 0x00FFFF),
    ("Azure", 0xF0FFFF),
    ("Beige", 0xF5F5DC),
    ("Black", 0x000000),
    ("Blue", 0x0000FF),
    ("Brown", 0xA52A2A),
    ("Chocolate", 0xD2691E),
    ("Coral", 0xFF7F50),
    ("CornflowerBlue", 0x6495ED),
    ("Crimson", 0xDC143C),
    ("Cyan", 0x00FFFF),
    ("DarkBlue", 0x00008B),
    ("DarkGray", 0xA9A9A9),
    ("DarkGreen", 0x006400),
    ("DarkRed", 0x8B0000),
    ("Fuchsia", 0xFF00FF),
    ("Gold", 0xFFD700),
    ("Gray", 0x808080),
    ("Green", 0x008000),
    ("Indigo", 0x4B0082),
    ("Ivory", 0xFFFFF0),
    ("Khaki", 0xF0E68C),
    ("Lavender", 0xE6E6FA),
    ("LightBlue", 0xADD8E6),
    ("LightGreen", 0x90EE90),
    ("Lime", 0x00FF00),
    ("Magenta", 0xFF00FF),
    ("Maroon", 0x800000),
    ("Navy", 0x000080),
    ("Olive", 0x808000),
    ("Orange", 0xFFA500),
    ("Orchid", 0xDA70D6),
    ("Pink", 0xFFC0CB),
    ("Plum", 0xDDA0DD),
    ("Purple", 0x800080),
    ("Red", 0xFF0000),
    ("Silver", 0xC0C0C0),
    ("Teal", 0x008080),
    ("Tomato", 0xFF6347),
    ("White", 0xFFFFFF),
    ("Yellow", 0xFFFF00),
];

fn named(name: &str) -> Option<Value> {
    if name == "empty" {
        return Some(Value::native(Color::default()));
    }
    if name == "transparent" {
        return Some(Value::native(Color {
            argb: 0x00FF_FFFF,
            name: "Transparent".to_string(),
            is_known: true,
        }));
    }
    let mut all = COLORS.iter();
    let (name, rgb) = all.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(Value::native(Color {
        argb: 0xFF00_0000 | rgb,
        name: (*name).to_string(),
        is_known: true,
    }))
}

/// A static method of Color; the name is in lower case.
pub fn color_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("fromname", [name]) => {
            let name = vm.to_text(name)?;
            Ok(Some(named(&name.to_ascii_lowercase()).unwrap_or_else(
                || {
                    Value::native(Color {
                        argb: 0,
                        name,
                        is_known: false,
                    })
                },
            )))
        }
        ("fromargb", [Value::Int(argb)]) => Ok(Some(Value::native(Color {
            argb: *argb as u32,
            ..Color::default()
        }))),
        ("fromargb", parts @ ([_, _, _] | [_, _, _, _])) => {
            let mut argb: u32 = if parts.len() == 3 { 0xFF } else { 0 };
            let names = ["alpha", "red", "green", "blue"];
            for (part, name) in parts.iter().zip(&names[4 - parts.len()..]) {
                let number = vm.to_int(part)?;
                let Ok(byte) = u8::try_from(number) else {
                    return crate::runtime::types::failures::argument(
                        format!(
                            "Value of '{number}' is not valid for '{name}'. '{name}' should be greater than or equal to 0 and less than or equal to 255."
                        ),
                        "",
                    );
                };
                argb = argb << 8 | u32::from(byte);
            }
            Ok(Some(Value::native(Color {
                argb,
                ..Color::default()
            })))
        }
        _ => Ok(None),
    }
}

impl Color {
    fn part(&self, shift: u32) -> u8 {
        (self.argb >> shift) as u8
    }

    fn extremes(&self) -> (f32, f32) {
        let parts = [self.part(16), self.part(8), self.part(0)];
        let most = parts.into_iter().max().unwrap_or_default();
        let least = parts.into_iter().min().unwrap_or_default();
        (f32::from(most), f32::from(least))
    }
}

impl Native for Color {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Drawing.Color")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(if !self.name.is_empty() {
            format!("Color [{}]", self.name)
        } else if self.argb == 0 {
            "Color [Empty]".to_string()
        } else {
            format!(
                "Color [A={}, R={}, G={}, B={}]",
                self.part(24),
                self.part(16),
                self.part(8),
                self.part(0)
            )
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "R",
            "G",
            "B",
            "A",
            "IsKnownColor",
            "IsEmpty",
            "IsNamedColor",
            "IsSystemColor",
            "Name",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let has_name = !self.name.is_empty();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "a" => Value::Byte(self.part(24)),
            "r" => Value::Byte(self.part(16)),
            "g" => Value::Byte(self.part(8)),
            "b" => Value::Byte(self.part(0)),
            "isknowncolor" => Value::Bool(self.is_known),
            "isnamedcolor" => Value::Bool(has_name),
            "issystemcolor" => Value::Bool(false),
            "isempty" => Value::Bool(self.argb == 0 && !has_name),
            "name" if has_name => Value::str(self.name.as_str()),
            "name" => Value::from(format!("{:x}", self.argb)),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        let (most, least) = self.extremes();
        let span = most - least;
        Ok(Some(match name {
            "toargb" => Value::Int(self.argb as i32),
            "getbrightness" => Value::Float((most + least) / (255.0 * 2.0)),
            "getsaturation" if span == 0.0 => Value::Float(0.0),
            "getsaturation" => {
                let sum = most + least;
                Value::Float(span / if sum > 255.0 { 510.0 - sum } else { sum })
            }
            "gethue" if span == 0.0 => Value::Float(0.0),
            "gethue" => {
                let (r, g, b) = (
                    f32::from(self.part(16)),
                    f32::from(self.part(8)),
                    f32::from(self.part(0)),
                );
                let hue = if r == most {
                    (g - b) / span
                } else if g == most {
                    (b - r) / span + 2.0
                } else {
                    (r - g) / span + 4.0
                };
                Value::Float((hue * 60.0).rem_euclid(360.0))
            }
            _ => return Ok(None),
        }))
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{:x} {}", self.argb, self.name))
    }
}

//! `System.Numerics.Complex`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, numerics::numbers, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::f64::consts::LN_10;

/// A number with an imaginary part.
#[derive(Clone, Copy, PartialEq)]
pub struct Complex {
    real: f64,
    imaginary: f64,
}

const TYPE: &str = "System.Numerics.Complex";

fn of(real: f64, imaginary: f64) -> Complex {
    Complex { real, imaginary }
}

impl Complex {
    fn magnitude(self) -> f64 {
        self.real.hypot(self.imaginary)
    }

    fn phase(self) -> f64 {
        self.imaginary.atan2(self.real)
    }

    fn plus(self, other: Complex) -> Complex {
        of(self.real + other.real, self.imaginary + other.imaginary)
    }

    fn minus(self, other: Complex) -> Complex {
        of(self.real - other.real, self.imaginary - other.imaginary)
    }

    fn times(self, other: Complex) -> Complex {
        of(
            self.real * other.real - self.imaginary * other.imaginary,
            self.imaginary * other.real + self.real * other.imaginary,
        )
    }

    /// Smith's way, which keeps large parts from overflowing.
    fn over(self, other: Complex) -> Complex {
        let Complex {
            real: a,
            imaginary: b,
        } = self;
        let Complex {
            real: c,
            imaginary: d,
        } = other;
        if d.abs() < c.abs() {
            let ratio = d / c;
            let whole = c + d * ratio;
            of((a + b * ratio) / whole, (b - a * ratio) / whole)
        } else {
            let ratio = c / d;
            let whole = d + c * ratio;
            of((b + a * ratio) / whole, (-a + b * ratio) / whole)
        }
    }

    fn exp(self) -> Complex {
        polar(self.real.exp(), self.imaginary)
    }

    fn ln(self) -> Complex {
        of(self.magnitude().ln(), self.phase())
    }

    fn sqrt(self) -> Complex {
        if self.imaginary == 0.0 {
            return if self.real < 0.0 {
                of(0.0, (-self.real).sqrt())
            } else {
                of(self.real.sqrt(), 0.0)
            };
        }
        let real = ((self.magnitude() + self.real.abs()) * 0.5).sqrt();
        let other = self.imaginary / (2.0 * real);
        if self.real >= 0.0 {
            of(real, other)
        } else {
            of(other.abs(), real.copysign(self.imaginary))
        }
    }

    fn pow(self, power: Complex) -> Complex {
        if power == of(0.0, 0.0) {
            return of(1.0, 0.0);
        }
        if self == of(0.0, 0.0) {
            return self;
        }
        let (rho, theta) = (self.magnitude(), self.phase());
        let angle = power.real * theta + power.imaginary * rho.ln();
        let length = rho.powf(power.real) * (-power.imaginary * theta).exp();
        of(length * angle.cos(), length * angle.sin())
    }

    fn text(self, vm: &mut Vm, format: Option<&str>, provider: Option<&Value>) -> R<String> {
        let real = numbers::to_string(vm, &Value::Double(self.real), format, provider)?;
        let imaginary = numbers::to_string(vm, &Value::Double(self.imaginary), format, provider)?;
        Ok(format!("<{real}; {imaginary}>"))
    }
}

fn polar(magnitude: f64, phase: f64) -> Complex {
    of(magnitude * phase.cos(), magnitude * phase.sin())
}

/// The complex number that a value is or converts to.
pub fn number(vm: &mut Vm, value: &Value) -> R<Option<Complex>> {
    if let Some(found) = value.as_native::<Complex>() {
        return Ok(Some(*found));
    }
    if value.base().is_number() {
        return Ok(Some(of(vm.to_double(value)?, 0.0)));
    }
    Ok(None)
}

/// `[Numerics.Complex]::new(real, imaginary)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(Value::native(match arguments {
        [real, imaginary] => of(vm.to_double(real)?, vm.to_double(imaginary)?),
        _ => of(0.0, 0.0),
    })))
}

/// A static field; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    Some(Value::native(match name {
        "zero" => of(0.0, 0.0),
        "one" => of(1.0, 0.0),
        "imaginaryone" => of(0.0, 1.0),
        "nan" => of(f64::NAN, f64::NAN),
        "infinity" => of(f64::INFINITY, f64::INFINITY),
        _ => return None,
    }))
}

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    if name == "parse" {
        let text = vm.to_text(first)?;
        return parse(&text).map(Some);
    }
    if name == "frompolarcoordinates"
        && let [magnitude, phase] = arguments
    {
        let made = polar(vm.to_double(magnitude)?, vm.to_double(phase)?);
        return Ok(Some(Value::native(made)));
    }
    let Some(one) = number(vm, first)? else {
        return Ok(None);
    };
    let other = match arguments.get(1) {
        Some(other) => number(vm, other)?,
        None => None,
    };
    let i = of(0.0, 1.0);
    let half = |z: Complex| of(z.real / 2.0, z.imaginary / 2.0);
    let made = match (name, other) {
        ("abs", None) => return Ok(Some(Value::Double(one.magnitude()))),
        ("isfinite", None) => {
            let finite = one.real.is_finite() && one.imaginary.is_finite();
            return Ok(Some(Value::Bool(finite)));
        }
        ("isnan", None) => {
            let finite = one.real.is_nan() || one.imaginary.is_nan();
            return Ok(Some(Value::Bool(finite)));
        }
        ("isinfinity", None) => {
            let infinite = one.real.is_infinite() || one.imaginary.is_infinite();
            return Ok(Some(Value::Bool(infinite)));
        }
        ("equals", Some(other)) => return Ok(Some(Value::Bool(one == other))),
        ("add", Some(other)) => one.plus(other),
        ("subtract", Some(other)) => one.minus(other),
        ("multiply", Some(other)) => one.times(other),
        ("divide", Some(other)) => one.over(other),
        ("pow", Some(power)) => one.pow(power),
        ("log", Some(base)) => one.ln().over(base.ln()),
        ("log", None) => one.ln(),
        ("log10", None) => one.ln().over(of(LN_10, 0.0)),
        ("exp", None) => one.exp(),
        ("sqrt", None) => one.sqrt(),
        ("negate", None) => of(-one.real, -one.imaginary),
        ("conjugate", None) => of(one.real, -one.imaginary),
        ("reciprocal", None) if one == of(0.0, 0.0) => one,
        ("reciprocal", None) => of(1.0, 0.0).over(one),
        ("sin", None) => of(
            one.real.sin() * one.imaginary.cosh(),
            one.real.cos() * one.imaginary.sinh(),
        ),
        ("cos", None) => of(
            one.real.cos() * one.imaginary.cosh(),
            -one.real.sin() * one.imaginary.sinh(),
        ),
        ("tan", None) => {
            let (up, down) = (one.times(i).exp(), of(one.imaginary, -one.real).exp());
            up.minus(down).over(up.plus(down).times(i))
        }
        ("sinh", None) => half(one.exp().minus(of(-one.real, -one.imaginary).exp())),
        ("cosh", None) => half(one.exp().plus(of(-one.real, -one.imaginary).exp())),
        _ => return Ok(None),
    };
    Ok(Some(Value::native(made)))
}

/// A number as a complex one, which .NET converts implicitly.
pub fn converted(value: &Value) -> Option<Value> {
    let real = match value.base() {
        Value::Double(n) => *n,
        Value::Float(n) => f64::from(*n),
        other => numbers::as_integer(other)? as f64,
    };
    Some(Value::native(of(real, 0.0)))
}

impl Native for Complex {
    fn type_ref(&self) -> TypeRef {
        type_named(TYPE)
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        self.text(vm, None, None)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Real", "Imaginary", "Magnitude", "Phase"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(Value::Double(
            match name.to_ascii_lowercase().as_str() {
                "real" => self.real,
                "imaginary" => self.imaginary,
                "magnitude" => self.magnitude(),
                "phase" => self.phase(),
                _ => return Ok(None),
            },
        )))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if name != "tostring" {
            return Ok(None);
        }
        let format = arguments.iter().find_map(Value::as_str).map(str::to_string);
        let provider = arguments
            .iter()
            .find(|a| matches!(a.base(), Value::Native(_)));
        Ok(Some(Value::str(self.text(
            vm,
            format.as_deref(),
            provider,
        )?)))
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{};{}", self.real, self.imaginary))
    }

    fn operator(&self, vm: &mut Vm, op: &str, left: &Value, right: &Value) -> Option<R<Value>> {
        let both = number(vm, left).and_then(|one| Ok(one.zip(number(vm, right)?)));
        let (one, other) = match both {
            Ok(Some(both)) => both,
            Ok(None) => return None,
            Err(unwind) => return Some(Err(unwind)),
        };
        Some(Ok(Value::native(match op {
            "op_Addition" => one.plus(other),
            "op_Subtraction" => one.minus(other),
            "op_Multiply" => one.times(other),
            "op_Division" => one.over(other),
            _ => return None,
        })))
    }
}

fn parse(text: &str) -> R<Value> {
    let body = text
        .trim()
        .strip_prefix('<')
        .and_then(|t| t.strip_suffix('>'));
    let parts = body.and_then(|body| body.split_once(';'));
    let read = |part: &str| part.trim().parse::<f64>().ok();
    match parts.and_then(|(real, imaginary)| Some((read(real)?, read(imaginary)?))) {
        Some((real, imaginary)) => Ok(Value::native(of(real, imaginary))),
        None => failures::format(format!(
            "The input string '{text}' was not in a correct format."
        )),
    }
}

//! `+ - * / %` on values of all kinds, negation, `++` and `--`.

pub(crate) mod big;
mod numbers;
mod objects;
pub(crate) mod widen;

use super::collection::{Array, Dictionary};
use super::convert::numbers::{enum_number, integer_of};
use super::convert::{Converted, Failure};
use super::error::{Fault, R};
use super::limits;
use super::types::{TypeRef, known};
use super::value::Value;
use super::vm::Vm;
use crate::host::discard::Long;
use crate::host::long_work::{self, LongWork};
use std::rc::Rc;

/// An operator of arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Arithmetic {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Remainder => "%",
        }
    }

    /// The name of the .NET operator method.
    pub fn method(self) -> &'static str {
        match self {
            Arithmetic::Add => "op_Addition",
            Arithmetic::Subtract => "op_Subtraction",
            Arithmetic::Multiply => "op_Multiply",
            Arithmetic::Divide => "op_Division",
            Arithmetic::Remainder => "op_Modulus",
        }
    }

    /// What messages call the static method of BigInteger.
    fn verb(self) -> &'static str {
        match self {
            Arithmetic::Add => "Add",
            Arithmetic::Subtract => "Subtract",
            Arithmetic::Multiply => "Multiply",
            Arithmetic::Divide => "Divide",
            Arithmetic::Remainder => "Remainder",
        }
    }
}

impl Vm {
    /// An operator of arithmetic on two values.
    pub fn arithmetic(&mut self, op: Arithmetic, left: &Value, right: &Value) -> R<Value> {
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => {
                if let Some(done) = small_result(op, *a, *b) {
                    return Ok(done);
                }
            }
            (Value::Double(a), Value::Double(b)) => {
                return Ok(Value::Double(numbers::calculate_double(op, *a, *b)));
            }
            _ => {}
        }
        let (a, b) = (left.base(), right.base());
        if a.is_number() && b.is_number() {
            return self.calculate(op, a, b);
        }
        match op {
            Arithmetic::Add => self.add(left, right),
            Arithmetic::Multiply => self.multiply(a, b),
            _ => match a {
                Value::Null | Value::Nothing if op == Arithmetic::Subtract => {
                    self.calculate_with(op, &Value::Int(0), b)
                }
                Value::Null | Value::Nothing => match b.is_null() {
                    true => self.calculate(op, &Value::Int(0), &Value::Int(0)),
                    false => self.calculate_with(op, &Value::Int(0), b),
                },
                _ => self.calculate_with(op, a, b),
            },
        }
    }

    fn add(&mut self, left: &Value, right: &Value) -> R<Value> {
        let (a, b) = (left.base(), right.base());
        match a {
            Value::Str(text) => {
                let mut joined = String::with_capacity(text.len() + 16);
                joined.push_str(text);
                match b {
                    Value::Str(more) => joined.push_str(more),
                    _ => joined.push_str(&self.to_text(b)?),
                }
                Ok(Value::str(joined))
            }
            Value::Char(_) => {
                let first = self.to_text(a)?;
                let second = self.to_text(b)?;
                Ok(Value::str(first + &second))
            }
            Value::Null | Value::Nothing => Ok(right.clone()),
            Value::Array(array) => {
                let items = array.items.borrow();
                let mut longer = Vec::with_capacity(items.len() + room_for(b));
                longer.extend(items.iter().cloned());
                drop(items);
                self.append(longer, right)
            }
            Value::List(list) => {
                let items = super::to_text::list_order(list);
                self.append(items, right)
            }
            Value::Dict(first) => match b {
                Value::Dict(second) => self.merge(first, second),
                _ => self.raise(Fault::new(
                    "AddHashTableToNonHashTable",
                    "A hash table can only be added to another hash table.",
                )),
            },
            Value::Native(_) | Value::Instance(_) => {
                if let Some(done) = self.operator_method(Arithmetic::Add, a, b) {
                    return done;
                }
                match self.enumerate(a)? {
                    Some(items) => self.append(items, right),
                    None => self.no_operator(Arithmetic::Add, a, b),
                }
            }
            _ => self.calculate_with(Arithmetic::Add, a, b),
        }
    }

    /// A new `object[]` of items and one more item, or several.
    fn append(&mut self, mut items: Vec<Value>, right: &Value) -> R<Value> {
        match right.base() {
            Value::Array(more) => items.extend(more.items.borrow().iter().cloned()),
            Value::List(more) => items.extend(super::to_text::list_order(more)),
            Value::Null | Value::Nothing => items.push(Value::Null),
            Value::Native(_) | Value::Instance(_) => match self.enumerate(right)? {
                Some(more) => items.extend(more),
                None => items.push(right.clone()),
            },
            _ => items.push(right.clone()),
        }
        Ok(Value::array(items))
    }

    fn merge(&mut self, first: &Rc<Dictionary>, second: &Rc<Dictionary>) -> R<Value> {
        let merged = Dictionary::new(first.type_ref.clone(), first.comparison);
        for (key, value) in first.pairs() {
            merged.set(key, value);
        }
        for (key, value) in second.pairs() {
            if merged.contains(&key) {
                let shown = self.shown(&key);
                let there = merged
                    .keys()
                    .into_iter()
                    .find(|k| merged.identity(k) == merged.identity(&key))
                    .unwrap_or_default();
                let there = self.shown(&there);
                return self.raise(Fault::dotnet(
                    "System.ArgumentException",
                    format!("Item has already been added. Key in dictionary: '{there}'  Key being added: '{shown}'"),
                ));
            }
            merged.set(key, value);
        }
        Ok(Value::Dict(Rc::new(merged)))
    }

    fn multiply(&mut self, left: &Value, right: &Value) -> R<Value> {
        match left {
            Value::Null | Value::Nothing => Ok(Value::Null),
            Value::Str(text) => {
                let count = self.repeat_count(right)?;
                if count < 0 {
                    return self.raise(Fault::dotnet(
                        "System.ArgumentOutOfRangeException",
                        format!("times ('{count}') must be a non-negative value. (Parameter 'times')\nActual value was {count}."),
                    ));
                }
                let count = usize::try_from(count).unwrap_or(0);
                match text.len().checked_mul(count) {
                    length if limits::text_fits(length) => {
                        Ok(Value::str(long_work::repeat(text, count)))
                    }
                    _ => self.out_of_memory(),
                }
            }
            Value::Array(array) => {
                let count = match self.convert(right, &known::uint())? {
                    Value::UInt(count) => count as usize,
                    _ => 0,
                };
                let items = self.copy_items(&array.items)?;
                if !limits::items_fit(items.len().checked_mul(count)) {
                    return self.out_of_memory();
                }
                let mut repeated = Long::from(Vec::with_capacity(items.len() * count));
                for _ in 0..count {
                    self.check_interrupt()?;
                    repeated.extend(items.iter().cloned().until_interrupted());
                }
                self.heed()?;
                Ok(Value::Array(Rc::new(Array::typed(
                    array.element.clone(),
                    repeated.into_inner(),
                ))))
            }
            Value::List(_) | Value::Native(_) | Value::Instance(_) => {
                if let Some(done) = self.operator_method(Arithmetic::Multiply, left, right) {
                    return done;
                }
                match self.enumerate(left)? {
                    Some(items) => self.multiply(&Value::array(items), right),
                    None => self.calculate_with(Arithmetic::Multiply, left, right),
                }
            }
            _ => self.calculate_with(Arithmetic::Multiply, left, right),
        }
    }

    fn repeat_count(&mut self, count: &Value) -> R<i32> {
        match self.operand_number(count, &known::int()) {
            Ok(number) => self.to_int(&number),
            Err(failure) => self.raise_failure(failure),
        }
    }

    fn out_of_memory<T>(&self) -> R<T> {
        self.raise(Fault::dotnet(
            "System.OutOfMemoryException",
            "Insufficient memory to continue the execution of the program.",
        ))
    }

    /// Calculates where at least one operand is no number yet.
    fn calculate_with(&mut self, op: Arithmetic, left: &Value, right: &Value) -> R<Value> {
        if !is_scalar_operand(left) || !is_scalar_operand(right) {
            if let Value::Str(_) = left {
                // A text becomes a number before anybody asks what stands beside it.
                return match self.operand_number(left, &known::int()) {
                    Ok(number) => self.calculate_with(op, &number, right),
                    Err(failure) => self.raise_failure(failure),
                };
            }
            if let Some(done) = self.operator_method(op, left, right) {
                return done;
            }
            return self.no_operator(op, left, right);
        }
        // Only numbers multiply; the other operators take bool and char as their codes.
        if op == Arithmetic::Multiply && matches!(left, Value::Bool(_) | Value::Char(_)) {
            if matches!(right, Value::Str(_) | Value::Enum(_)) {
                return self.no_operator(op, left, right);
            }
            if !matches!(right, Value::Decimal(_) | Value::BigInt(_)) {
                return self.not_defined(op.symbol(), left, right);
            }
        }
        let like_left = match left {
            Value::Enum(e) => e.type_ref.clone(),
            number if number.is_number() => self.type_of(number),
            _ => known::int(),
        };
        let like_right = match right {
            Value::Enum(e) => e.type_ref.clone(),
            number if number.is_number() => self.type_of(number),
            _ => known::int(),
        };
        let a = match self.scanned_operand(left, &like_right) {
            Ok(number) => number,
            Err(failure) => return self.raise_failure(failure),
        };
        let b = match self.scanned_operand(right, &like_left) {
            Ok(number) => number,
            Err(failure @ Failure::Refused(_)) => return self.raise_failure(failure),
            Err(Failure::Unwind(unwind)) => return Err(unwind),
        };
        let result = self.calculate(op, &a, &b)?;
        match left {
            Value::Enum(e) => self.unboxed_enum(&result, &e.type_ref.clone()),
            _ => Ok(result),
        }
    }

    /// An operand as a number; a text beside an enumeration may be one of its names.
    fn scanned_operand(&mut self, value: &Value, like: &TypeRef) -> Converted {
        match self.operand_number(value, like)? {
            Value::Enum(e) => Ok(enum_number(e.bits, &e.type_ref)),
            number => Ok(number),
        }
    }

    /// What an operator gives for an enumeration on the left: it keeps its type, also for
    /// values that have no name, but only whole numbers can be one.
    fn unboxed_enum(&mut self, result: &Value, type_ref: &TypeRef) -> R<Value> {
        match integer_of(result) {
            Some(bits) => Ok(Value::enumeration(type_ref.clone(), bits)),
            None => {
                let (from, to) = (self.type_of(result), type_ref);
                self.raise(Fault::dotnet(
                    "System.InvalidCastException",
                    format!(
                        "Unable to cast object of type '{}' to type '{}'.",
                        from.reflection_text(),
                        to.reflection_text()
                    ),
                ))
            }
        }
    }

    fn not_defined<T>(&mut self, symbol: &str, left: &Value, right: &Value) -> R<T> {
        let shown = |vm: &Vm, value: &Value| match value.is_null() {
            true => "$null".to_string(),
            false => vm.type_of(value).reflection_text(),
        };
        let (a, b) = (shown(self, left), shown(self, right));
        self.raise(
            Fault::new(
                "NotADefinedOperationForType",
                format!("The operation '[{a}] {symbol} [{b}]' is not defined."),
            )
            .target(left.clone()),
        )
    }

    fn no_operator(&mut self, op: Arithmetic, left: &Value, right: &Value) -> R<Value> {
        // A primitive has no operator methods: the right operand's are asked then.
        let blamed = match is_primitive(left) {
            true => right,
            false => left,
        };
        if let Some((parameter, type_ref)) = number_operand(op, blamed) {
            let converted = self.operator_argument(op, parameter, &type_ref, right)?;
            return self.calculate(op, left, &converted);
        }
        self.raise(self.no_operator_method(op.method(), blamed))
    }

    /// The error of a type without the method for an operator.
    fn no_operator_method(&self, method: &str, blamed: &Value) -> Fault {
        let name = self.type_of(blamed).reflection_text();
        Fault::new(
            "MethodNotFound",
            format!(
                "Method invocation failed because [{name}] does not contain a method named '{method}'."
            ),
        )
        .target(Value::str(method))
    }

    /// Raises what an operator says whose operands define none: two primitives are not
    /// defined for it, of others the one that is no primitive lacks the method.
    pub(super) fn no_implicit_operator<T>(
        &mut self,
        (symbol, method): (&str, &str),
        left: &Value,
        right: &Value,
    ) -> R<T> {
        match (is_primitive(left), is_primitive(right)) {
            (true, true) => self.not_defined(symbol, left, right),
            (true, false) => self.raise(self.no_operator_method(method, right)),
            _ => self.raise(self.no_operator_method(method, left)),
        }
    }

    /// `-x`
    pub fn negate(&mut self, value: &Value) -> R<Value> {
        match value.base() {
            // The smallest number of a type is its own negation, as the processor has it.
            Value::Int(n) => Ok(Value::Int(n.wrapping_neg())),
            Value::Long(n) => Ok(Value::Long(n.wrapping_neg())),
            Value::Short(n) => Ok(Value::Short(n.wrapping_neg())),
            Value::Double(n) => Ok(Value::Double(-n)),
            Value::Float(n) => Ok(Value::Float(-n)),
            Value::Decimal(d) => Ok(Value::decimal(-**d)),
            other @ (Value::UShort(_) | Value::UInt(_) | Value::ULong(_) | Value::Enum(_)) => {
                self.no_unary_operator("Negate", other)
            }
            other => self.arithmetic(Arithmetic::Subtract, &Value::Int(0), other),
        }
    }

    /// `+x`
    pub fn plus(&mut self, value: &Value) -> R<Value> {
        match value.base() {
            number if number.is_number() => match number {
                Value::SByte(_) | Value::Byte(_) => {
                    self.arithmetic(Arithmetic::Add, &Value::Int(0), number)
                }
                _ => Ok(number.clone()),
            },
            other @ Value::Enum(_) => self.no_unary_operator("UnaryPlus", other),
            other => self.arithmetic(Arithmetic::Add, &Value::Int(0), other),
        }
    }

    fn no_unary_operator<T>(&mut self, operator: &str, value: &Value) -> R<T> {
        let name = self.type_of(value).reflection_text();
        self.raise(Fault::dotnet(
            "System.InvalidOperationException",
            format!("The unary operator {operator} is not defined for the type '{name}'."),
        ))
    }

    /// `++` and `--`: a number one step on.
    pub fn increment(&mut self, value: &Value, by: i32) -> R<Value> {
        match value.base() {
            Value::Int(n) => Ok(n
                .checked_add(by)
                .map_or(Value::Double(f64::from(*n) + f64::from(by)), Value::Int)),
            Value::Null | Value::Nothing => Ok(Value::Int(by)),
            Value::Enum(_) => self.arithmetic(Arithmetic::Add, value.base(), &Value::Int(by)),
            Value::BigInt(_) => self.not_a_number(value, by),
            number if number.is_number() => {
                self.arithmetic(Arithmetic::Add, number, &Value::Int(by))
            }
            _ => self.not_a_number(value, by),
        }
    }

    fn not_a_number<T>(&mut self, value: &Value, by: i32) -> R<T> {
        let symbol = if by < 0 { "--" } else { "++" };
        let name = self.type_of(value).reflection_text();
        self.raise(Fault::new(
            "OperatorRequiresNumber",
            format!("The '{symbol}' operator works only on numbers. The operand is a '{name}'."),
        ))
    }
}

/// How many items an operand adds to an array.
fn room_for(value: &Value) -> usize {
    match value {
        Value::Array(more) => more.len(),
        Value::List(more) => more.len(),
        _ => 1,
    }
}

/// Two ints with an int as result; anything rarer is `None`.
fn small_result(op: Arithmetic, a: i32, b: i32) -> Option<Value> {
    let result = match op {
        Arithmetic::Add => a.checked_add(b)?,
        Arithmetic::Subtract => a.checked_sub(b)?,
        Arithmetic::Multiply => a.checked_mul(b)?,
        Arithmetic::Divide if b != 0 && a.checked_rem(b)? == 0 => a.checked_div(b)?,
        Arithmetic::Divide => return None,
        Arithmetic::Remainder => a.checked_rem(b)?,
    };
    Some(Value::Int(result))
}

/// Whether .NET counts this among its primitive types, which define no operators.
fn is_primitive(value: &Value) -> bool {
    match value {
        Value::Null | Value::Nothing | Value::Bool(_) | Value::Char(_) => true,
        Value::Decimal(_) | Value::BigInt(_) => false,
        other => other.is_number(),
    }
}

/// The second parameter of the operator that a decimal or a big integer has.
fn number_operand(op: Arithmetic, number: &Value) -> Option<(&'static str, TypeRef)> {
    let divides = matches!(op, Arithmetic::Divide | Arithmetic::Remainder);
    match number {
        Value::Decimal(_) => Some(("d2", known::decimal())),
        Value::BigInt(_) if divides => Some(("divisor", known::bigint())),
        Value::BigInt(_) => Some(("right", known::bigint())),
        _ => None,
    }
}

/// Whether a value can stand for a number: null, numbers, text, bool, char, enum.
fn is_scalar_operand(value: &Value) -> bool {
    value.is_number()
        || matches!(
            value,
            Value::Null
                | Value::Nothing
                | Value::Bool(_)
                | Value::Char(_)
                | Value::Str(_)
                | Value::Enum(_)
        )
}

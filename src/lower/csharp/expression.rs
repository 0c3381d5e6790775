//! The values of expressions.

use super::call::{self, Target};
use super::operators::{self, fail, text_of, to_number};
use super::space::Running;
use crate::runtime::collection::Array;
use crate::runtime::error::R;
use crate::runtime::types::{TypeCode, TypeRef, collections::array, dispatch, find_full, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::ast::*;
use rust_decimal::Decimal;
use std::rc::Rc;

/// The value of an expression.
pub(super) fn evaluate(vm: &mut Vm, run: &mut Running, expression: &Expr) -> R<Value> {
    match &expression.kind {
        ExprKind::Literal(value) => Ok(literal(value)),
        ExprKind::Interpolated(parts) => interpolated(vm, run, parts),
        ExprKind::Name(..)
        | ExprKind::TypeName(_)
        | ExprKind::Member(..)
        | ExprKind::This
        | ExprKind::Base => call::value_of(vm, run, expression),
        ExprKind::Call(target, arguments) => call::call(vm, run, target, arguments),
        ExprKind::Index(target, arguments, conditional) => {
            let target = evaluate(vm, run, target)?;
            if target.is_null() && *conditional {
                return Ok(Value::Null);
            }
            let index = call::arguments(vm, run, arguments)?;
            read_index(vm, &target, index)
        }
        ExprKind::New(type_syntax, arguments, initials) => {
            construct(vm, run, type_syntax, arguments, initials)
        }
        ExprKind::NewArray(element, lengths, values) => {
            let space = run.space.clone();
            let element = element.as_ref().map(|syntax| space.resolve(vm, syntax));
            match values {
                Some(values) => array_values(vm, run, values, element),
                None => {
                    let element = element.unwrap_or_else(known::object);
                    let mut counts = Vec::new();
                    for length in lengths {
                        counts.push(evaluate(vm, run, length)?);
                    }
                    let type_ref =
                        crate::runtime::types::array_of(&element, counts.len().max(1) as u32);
                    vm.construct(&type_ref, counts)
                }
            }
        }
        ExprKind::ArrayValues(values) => array_values(vm, run, values, None),
        ExprKind::Unary(operator, operand) => {
            let value = evaluate(vm, run, operand)?;
            operators::unary(vm, operator, &value)
        }
        ExprKind::Step(by, old_counts, operand) => {
            let old = evaluate(vm, run, operand)?;
            let sum = operators::binary(vm, "+", &old, &Value::Int(*by))?;
            let new = like(vm, sum, &old);
            assign(vm, run, operand, new.clone())?;
            Ok(if *old_counts { old } else { new })
        }
        ExprKind::Binary(operator, left, right) => binary(vm, run, operator, left, right),
        ExprKind::Assign("", target, value) => {
            let wanted = call::type_of_place(vm, run, target);
            let value = for_type(vm, run, value, wanted.as_ref())?;
            assign(vm, run, target, value.clone())?;
            Ok(value)
        }
        ExprKind::Assign("??", target, value) => {
            let old = evaluate(vm, run, target)?;
            if !old.is_null() {
                return Ok(old);
            }
            let value = evaluate(vm, run, value)?;
            assign(vm, run, target, value.clone())?;
            Ok(value)
        }
        ExprKind::Assign(operator, target, value) => {
            let old = evaluate(vm, run, target)?;
            let wanted = call::type_of_place(vm, run, target);
            let right = evaluate(vm, run, value)?;
            // An empty text takes more text.
            let text = wanted.is_some_and(|t| t.code == TypeCode::String);
            let old = match old.is_null() && text {
                true => Value::str(""),
                false => old,
            };
            let result = operators::binary(vm, operator, &old, &right)?;
            let result = like(vm, result, &old);
            assign(vm, run, target, result.clone())?;
            Ok(result)
        }
        ExprKind::Conditional(condition, yes, no) => {
            let condition = evaluate(vm, run, condition)?;
            match vm.to_bool(&condition) {
                true => evaluate(vm, run, yes),
                false => evaluate(vm, run, no),
            }
        }
        ExprKind::Cast(type_syntax, value) => {
            let target = run.space.clone().resolve(vm, type_syntax);
            let value = evaluate(vm, run, value)?;
            cast(vm, value, &target)
        }
        ExprKind::Is(value, type_syntax, name) => {
            let target = run.space.clone().resolve(vm, type_syntax);
            let value = evaluate(vm, run, value)?;
            let is = !value.is_null() && vm.type_of(value.base()).is_a(&target);
            if let Some(name) = name {
                run.declare(name, None, value);
            }
            Ok(Value::Bool(is))
        }
        ExprKind::As(value, type_syntax) => {
            let target = run.space.clone().resolve(vm, type_syntax);
            let value = evaluate(vm, run, value)?;
            let is = !value.is_null() && vm.type_of(value.base()).is_a(&target);
            Ok(if is { value } else { Value::Null })
        }
        ExprKind::TypeOf(type_syntax) => {
            let found = run.space.clone().resolve(vm, type_syntax);
            Ok(Value::Type(found))
        }
        ExprKind::Default(type_syntax) => Ok(match type_syntax {
            Some(syntax) => {
                let found = run.space.clone().resolve(vm, syntax);
                dispatch::zero(&found).unwrap_or_default()
            }
            None => Value::Null,
        }),
        ExprKind::NameOf(name) => Ok(Value::str(&**name)),
        ExprKind::Lambda(lambda) => Ok(super::delegate::of_lambda(run, lambda)),
        ExprKind::Throw(value) => {
            let exception = evaluate(vm, run, value)?;
            super::statement::throw(vm, exception)
        }
        ExprKind::Checked(value) => evaluate(vm, run, value),
    }
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Char(unit) => Value::Char(*unit),
        Literal::Text(text) => Value::str(&**text),
        Literal::Integer(value, suffix) => match suffix.as_str() {
            "u" => u32::try_from(*value).map_or(Value::ULong(*value), Value::UInt),
            "l" => i64::try_from(*value).map_or(Value::ULong(*value), Value::Long),
            "" => match (i32::try_from(*value), u32::try_from(*value)) {
                (Ok(n), _) => Value::Int(n),
                (_, Ok(n)) => Value::UInt(n),
                _ => i64::try_from(*value).map_or(Value::ULong(*value), Value::Long),
            },
            _ => Value::ULong(*value),
        },
        Literal::Real(text, 'f') => Value::Float(text.parse().unwrap_or(0.0)),
        Literal::Real(text, 'm') => {
            let value = text.parse::<Decimal>().unwrap_or_default();
            Value::Decimal(Rc::new(value))
        }
        Literal::Real(text, _) => Value::Double(text.parse().unwrap_or(0.0)),
    }
}

fn interpolated(vm: &mut Vm, run: &mut Running, parts: &[Part]) -> R<Value> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::Value(value, width, format) => {
                let value = evaluate(vm, run, value)?;
                if width.is_none() && format.is_none() {
                    text.push_str(&text_of(vm, &value)?);
                    continue;
                }
                let width = width.map_or(String::new(), |w| format!(",{w}"));
                let format = format.as_deref().map_or(String::new(), |f| format!(":{f}"));
                let pattern = Value::str(format!("{{0{width}{format}}}"));
                let done = vm.invoke_static(&known::string(), "Format", vec![pattern, value])?;
                text.push_str(&vm.to_text(&done)?);
            }
        }
    }
    Ok(Value::str(text))
}

fn binary(vm: &mut Vm, run: &mut Running, operator: &str, left: &Expr, right: &Expr) -> R<Value> {
    let a = evaluate(vm, run, left)?;
    match operator {
        "&&" if !vm.to_bool(&a) => return Ok(Value::Bool(false)),
        "||" if vm.to_bool(&a) => return Ok(Value::Bool(true)),
        "??" => {
            return match a.is_null() {
                true => evaluate(vm, run, right),
                false => Ok(a),
            };
        }
        _ => {}
    }
    let b = evaluate(vm, run, right)?;
    match operator {
        "&&" | "||" => Ok(Value::Bool(vm.to_bool(&b))),
        _ => operators::binary(vm, operator, &a, &b),
    }
}

/// A result as the kind that the place had before.
fn like(vm: &Vm, value: Value, old: &Value) -> Value {
    let old = vm.type_of(old.base());
    match to_number(&value, &old) {
        Some(number) if old.code != TypeCode::Object => number,
        _ => value,
    }
}

/// The value of an expression where a type is expected.
pub(super) fn for_type(
    vm: &mut Vm,
    run: &mut Running,
    expression: &Expr,
    wanted: Option<&TypeRef>,
) -> R<Value> {
    if let ExprKind::ArrayValues(values) = &expression.kind {
        let element = wanted.and_then(|t| t.element().cloned());
        return array_values(vm, run, values, element);
    }
    if let (ExprKind::Default(None), Some(wanted)) = (&expression.kind, wanted) {
        return Ok(dispatch::zero(wanted).unwrap_or_default());
    }
    let value = evaluate(vm, run, expression)?;
    match wanted {
        Some(wanted) => coerce(vm, value, wanted),
        None => Ok(value),
    }
}

/// A value as a place of a type takes it.
pub(super) fn coerce(vm: &mut Vm, value: Value, wanted: &TypeRef) -> R<Value> {
    if wanted.code == TypeCode::Nullable
        && let Some(inner) = wanted.arguments.first()
    {
        return match value.is_null() {
            true => Ok(Value::Null),
            false => coerce(vm, value, inner),
        };
    }
    if value.is_null() {
        return Ok(dispatch::zero(wanted)
            .filter(|_| wanted.is_value_type())
            .unwrap_or_default());
    }
    if wanted.code.is_numeric()
        && let Some(number) = to_number(&value, wanted)
    {
        return Ok(number);
    }
    if matches!(value.base(), Value::Block(_)) && is_delegate(wanted) {
        return super::delegate::as_type(vm, value, wanted);
    }
    if let Value::Int(0) = value.base()
        && wanted.is_enum()
    {
        return Ok(Value::enumeration(wanted.clone(), 0));
    }
    let own = wanted.class().is_some() || vm.type_of(value.base()).class().is_some();
    if own && !vm.type_of(value.base()).is_a(wanted) {
        return vm.convert(&value, wanted);
    }
    Ok(value)
}

/// `(T)value`
fn cast(vm: &mut Vm, value: Value, target: &TypeRef) -> R<Value> {
    if (target.code.is_numeric() || target.is_enum() || target.code == TypeCode::Char)
        && let Some(number) = to_number(&value, target)
    {
        return Ok(number);
    }
    if value.is_null() {
        return match target.is_value_type() && target.code != TypeCode::Nullable {
            true => fail(
                vm,
                "System.NullReferenceException",
                "Object reference not set to an instance of an object.",
            ),
            false => Ok(Value::Null),
        };
    }
    let given = vm.type_of(value.base());
    if given.is_a(target) || target.code == TypeCode::Nullable {
        return coerce(vm, value, target);
    }
    let converts =
        given.class().is_some() || target.class().is_some() || given.code != TypeCode::String;
    if converts
        && target.code != TypeCode::String
        && let Some(done) = vm.convert_or_none(&value, target)?
    {
        return Ok(done);
    }
    let text = format!(
        "Unable to cast object of type '{}' to type '{}'.",
        given.reflection_text(),
        target.reflection_text()
    );
    fail(vm, "System.InvalidCastException", &text)
}

fn array_values(
    vm: &mut Vm,
    run: &mut Running,
    values: &[Expr],
    element: Option<TypeRef>,
) -> R<Value> {
    let mut items = Vec::new();
    for value in values {
        items.push(for_type(vm, run, value, element.as_ref())?);
    }
    let element = element.unwrap_or_else(|| {
        let first = items.iter().find(|item| !item.is_null());
        first.map_or_else(known::object, |item| vm.type_of(item.base()))
    });
    Ok(array::of(&element, items))
}

fn read_index(vm: &mut Vm, target: &Value, index: Vec<Value>) -> R<Value> {
    if target.is_null() {
        return fail(
            vm,
            "System.NullReferenceException",
            "Object reference not set to an instance of an object.",
        );
    }
    let [only] = index.as_slice() else {
        return vm.index(target, &Value::array(index));
    };
    if let Value::Instance(_) = target.base() {
        return call::call_member(vm, &Target::Value(target.clone()), "get_Item", &[], index);
    }
    if let Value::Dict(table) = target.base() {
        if let Some(found) = table.get(only) {
            return Ok(found);
        }
        if table.is_generic() {
            let text = format!(
                "The given key '{}' was not present in the dictionary.",
                text_of(vm, only)?
            );
            return fail(vm, "System.Collections.Generic.KeyNotFoundException", &text);
        }
        return Ok(Value::Null);
    }
    let length = match target.base() {
        Value::Array(items) => Some((
            items.len(),
            "System.IndexOutOfRangeException",
            "Index was outside the bounds of the array.",
        )),
        Value::Str(text) => Some((
            text.len_utf16(),
            "System.IndexOutOfRangeException",
            "Index was outside the bounds of the array.",
        )),
        Value::List(items) => Some((
            items.len(),
            "System.ArgumentOutOfRangeException",
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
        )),
        _ => None,
    };
    if let (Some((length, type_name, message)), Some(Value::Long(at))) =
        (length, to_number(only, &known::long()))
        && usize::try_from(at).map_or(true, |at| at >= length)
    {
        return fail(vm, type_name, message);
    }
    vm.index(target, only)
}

fn construct(
    vm: &mut Vm,
    run: &mut Running,
    type_syntax: &TypeSyntax,
    arguments: &[Argument],
    initials: &[Initial],
) -> R<Value> {
    let space = run.space.clone();
    let Some(type_ref) = space.find(vm, type_syntax) else {
        return fail(
            vm,
            "System.NotSupportedException",
            &format!(
                "This shell does not know the type '{}' that the C# source names.",
                shown(type_syntax)
            ),
        );
    };
    let given = call::arguments(vm, run, arguments)?;
    let object = match given.as_slice() {
        [callee]
            if crate::runtime::types::reflection::delegate::is_callable(callee)
                && is_delegate(&type_ref) =>
        {
            super::delegate::as_type(vm, callee.clone(), &type_ref)?
        }
        _ => vm.construct(&type_ref, given)?,
    };
    for initial in initials {
        match initial {
            Initial::Property(name, value) => {
                let value = evaluate(vm, run, value)?;
                call::write_member(vm, &Target::Value(object.clone()), name, value)?;
            }
            Initial::Key(key, value) => {
                let key = evaluate(vm, run, key)?;
                let value = evaluate(vm, run, value)?;
                vm.set_index_by_key(&object, &key, value)?;
            }
            Initial::Item(values) => {
                let mut items = Vec::new();
                for value in values {
                    items.push(evaluate(vm, run, value)?);
                }
                vm.invoke_method(&object, "Add", items)?;
            }
        }
    }
    Ok(object)
}

fn is_delegate(type_ref: &TypeRef) -> bool {
    let base = type_ref.base.as_ref();
    base.is_some_and(|base| base.name.ends_with("Delegate"))
}

/// A type as it is written.
pub(super) fn shown(syntax: &TypeSyntax) -> String {
    match &syntax.shape {
        TypeShape::Named(parts) => {
            let parts: Vec<&str> = parts.iter().map(|part| &*part.text).collect();
            parts.join(".")
        }
        TypeShape::Array(element, _) => format!("{}[]", shown(element)),
        TypeShape::Nullable(inner) => format!("{}?", shown(inner)),
        TypeShape::Pointer(inner) => format!("{}*", shown(inner)),
    }
}

/// Writes to what an expression names.
pub(super) fn assign(vm: &mut Vm, run: &mut Running, target: &Expr, value: Value) -> R<()> {
    if let ExprKind::Index(owner, arguments, _) = &target.kind {
        let owner = evaluate(vm, run, owner)?;
        let index = call::arguments(vm, run, arguments)?;
        if owner.is_null() {
            return fail(
                vm,
                "System.NullReferenceException",
                "Object reference not set to an instance of an object.",
            );
        }
        if let Value::Instance(_) = owner.base() {
            let mut given = index;
            given.push(value);
            call::call_member(vm, &Target::Value(owner), "set_Item", &[], given)?;
            return Ok(());
        }
        return match index.as_slice() {
            [only] => {
                if let Value::Array(items) = owner.base() {
                    store(vm, items, only, value)
                } else {
                    vm.set_index_by_key(&owner, only, value)
                }
            }
            _ => vm.set_index(&owner, &Value::array(index), value),
        };
    }
    call::write(vm, run, target, value)
}

fn store(vm: &mut Vm, items: &Rc<Array>, index: &Value, value: Value) -> R<()> {
    let element = items.element.clone();
    let value = coerce(vm, value, &element)?;
    let at = match to_number(index, &known::long()) {
        Some(Value::Long(at)) => usize::try_from(at).ok(),
        _ => None,
    };
    if let Some(at) = at
        && let Some(place) = items.items.borrow_mut().get_mut(at)
    {
        *place = value;
        return Ok(());
    }
    fail(
        vm,
        "System.IndexOutOfRangeException",
        "Index was outside the bounds of the array.",
    )
}

/// `System.Object`, where nothing better is known.
pub(super) fn type_named(name: &str) -> TypeRef {
    find_full(name).unwrap_or_else(known::object)
}

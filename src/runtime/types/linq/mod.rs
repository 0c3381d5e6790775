//! `System.Linq.Enumerable`: queries over any collection.
//!
//! What .NET computes when it is enumerated is computed then here too: a
//! [`Sequence`] holds what makes its items. One file per family of operators.

mod aggregate;
mod group;
mod keys;
mod order;
mod query;
mod sequence;
mod set;

pub use sequence::Sequence;

use crate::runtime::error::R;
use crate::runtime::member::overload::GenericCall;
use crate::runtime::types::{TypeRef, failures, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A query operator on its way: its arguments, and the types of a generic call.
struct Query<'a> {
    name: &'a str,
    arguments: &'a [Value],
    call: Option<&'a GenericCall>,
}

impl Query<'_> {
    /// The type of the result.
    fn returns(&self) -> TypeRef {
        let returns = self.call.and_then(|call| call.returns.clone());
        returns.unwrap_or_else(known::object)
    }

    /// The type of the items of the result.
    fn element(&self) -> TypeRef {
        let returns = self.returns();
        returns
            .arguments
            .first()
            .cloned()
            .unwrap_or_else(known::object)
    }

    /// The zero of the type of the result.
    fn zero(&self) -> Value {
        crate::runtime::types::dispatch::zero(&self.returns()).unwrap_or_default()
    }
}

/// A static method of `Enumerable`; the name is in lower case.
pub fn call_static(
    vm: &mut Vm,
    name: &str,
    arguments: &[Value],
    call: Option<&GenericCall>,
) -> R<Option<Value>> {
    const WITHOUT_SOURCE: [&str; 5] = ["empty", "range", "repeat", "sequence", "infinitesequence"];
    if let Some(source) = arguments.first()
        && source.is_null()
        && !WITHOUT_SOURCE.contains(&name)
    {
        let pairs = [
            "concat",
            "except",
            "intersect",
            "sequenceequal",
            "union",
            "zip",
        ];
        let first = pairs.iter().any(|pair| name.starts_with(pair));
        return failures::argument_null(if first { "first" } else { "source" });
    }
    let query = Query {
        name,
        arguments,
        call,
    };
    for family in [
        query::call,
        aggregate::call,
        order::call,
        set::call,
        group::call,
    ] {
        if let Some(result) = family(vm, &query)? {
            return Ok(Some(result));
        }
    }
    Ok(None)
}

/// The items of any collection, entries of dictionaries and characters of texts too.
fn items_of(vm: &mut Vm, source: &Value) -> R<Vec<Value>> {
    Ok(match source.base() {
        Value::Dict(dictionary) => {
            crate::runtime::types::collections::dictionary::entries(dictionary)
        }
        Value::Str(text) => text.encode_utf16().map(Value::Char).collect(),
        _ => vm.enumerate(source)?.unwrap_or_default(),
    })
}

/// Calls a delegate for an item, and with its place when the delegate asks for it.
fn apply_at(vm: &mut Vm, delegate: &Value, item: Value, at: usize) -> R<Value> {
    let takes_place = crate::runtime::types::reflection::delegate::arity(delegate) == 2;
    let arguments = match takes_place {
        true => vec![item, Value::Int(at as i32)],
        false => vec![item],
    };
    crate::runtime::types::collections::array::call_delegate(vm, delegate, arguments)
}

/// Calls a delegate for an item.
fn apply(vm: &mut Vm, delegate: &Value, item: &Value) -> R<Value> {
    crate::runtime::types::collections::array::call_delegate(vm, delegate, vec![item.clone()])
}

fn no_elements<T>() -> R<T> {
    failures::invalid_operation("Sequence contains no elements")
}

fn no_match<T>() -> R<T> {
    failures::invalid_operation("Sequence contains no matching element")
}

//! `System.Data`: tables of typed columns and rows in memory.

mod column;
pub mod db_null;
mod expression;
mod row;
mod set;
pub mod sql_client;
mod table;
mod view;

pub use row::column_names;
pub use set::construct;

use crate::runtime::collation;
use crate::runtime::error::R;
use crate::runtime::types::equality;
use crate::runtime::types::{failures, numerics::numbers};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

fn constraint<T>(exception: &str, message: String) -> R<T> {
    failures::fail(format!("System.Data.{exception}").as_str(), message)
}

/// What the collections of tables, columns and rows have in common.
const COLLECTION_PROPERTIES: [&str; 4] = ["Count", "IsReadOnly", "IsSynchronized", "SyncRoot"];

/// One of those properties of a collection that holds so many.
fn collection_property(name: &str, count: usize) -> Option<Value> {
    match name.to_ascii_lowercase().as_str() {
        "count" => Some(Value::Int(i32::try_from(count).unwrap_or(i32::MAX))),
        "isreadonly" | "issynchronized" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// The order of two cells: nulls first, text without letter case.
fn order(vm: &mut Vm, one: &Value, other: &Value) -> R<Ordering> {
    match (db_null::is(one), db_null::is(other)) {
        (true, true) => return Ok(Ordering::Equal),
        (true, false) => return Ok(Ordering::Less),
        (false, true) => return Ok(Ordering::Greater),
        _ => {}
    }
    match (one.base(), other.base()) {
        (Value::Str(one), Value::Str(other)) => Ok(collation::compare(one, other, true)),
        (one, other) if one.is_number() && other.is_number() => {
            let (one, other) = (vm.to_double(one)?, vm.to_double(other)?);
            Ok(one.partial_cmp(&other).unwrap_or(Ordering::Equal))
        }
        (one, other) => {
            let own = vm.type_of(one);
            match vm.try_convert(other, &own) {
                Some(other) => equality::order(vm, one, &other),
                None => equality::order(vm, one, other),
            }
        }
    }
}

/// A whole number of a cell, for aggregates and counts.
fn whole(value: &Value) -> Option<i128> {
    numbers::as_integer(value.base())
}

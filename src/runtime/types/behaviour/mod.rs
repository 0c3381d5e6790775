//! What a type does itself, beyond what its objects do: its static members, its constructors,
//! the conversions it defines and its zero.
//!
//! [`names`] has a row for each type that does something, [`families`] one for each group of
//! types that share it. An operation is asked of the type's own row first, then of the
//! families it belongs to, and is done by the first that knows the member.

mod families;
mod names;

use crate::runtime::error::R;
use crate::runtime::types::{TypeRef, data, reflection::platform, xml};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Reads a static property; the name is in lower case.
type Read = fn(&mut Vm, &TypeRef, &str) -> R<Option<Value>>;
/// Writes a static property; whether there is one.
type Write = fn(&mut Vm, &str, &Value) -> R<bool>;
/// Calls a static method; the name is in lower case.
type Call = fn(&mut Vm, &TypeRef, &str, &[Value]) -> R<Option<Value>>;
/// Makes an object.
type Construct = fn(&mut Vm, &TypeRef, &[Value]) -> R<Option<Value>>;
/// Gives a struct's default.
type Zero = fn(&TypeRef) -> Option<Value>;
/// Converts a value by an operator of the type.
type Convert = fn(&Value, &TypeRef) -> Option<Value>;

/// What a type, or a family of types, does itself.
struct Behaviour {
    /// The type's full name, a generic type's without its arguments; empty for a family.
    name: &'static str,
    read: Option<Read>,
    write: Option<Write>,
    call: Option<Call>,
    construct: Option<Construct>,
    zero: Option<Zero>,
    convert: Option<Convert>,
}

/// The row of a type, to which its operations are added.
const fn of(name: &'static str) -> Behaviour {
    Behaviour {
        name,
        read: None,
        write: None,
        call: None,
        construct: None,
        zero: None,
        convert: None,
    }
}

impl Behaviour {
    const fn read(mut self, read: Read) -> Behaviour {
        self.read = Some(read);
        self
    }

    const fn write(mut self, write: Write) -> Behaviour {
        self.write = Some(write);
        self
    }

    const fn call(mut self, call: Call) -> Behaviour {
        self.call = Some(call);
        self
    }

    const fn construct(mut self, construct: Construct) -> Behaviour {
        self.construct = Some(construct);
        self
    }

    const fn zero(mut self, zero: Zero) -> Behaviour {
        self.zero = Some(zero);
        self
    }

    const fn convert(mut self, convert: Convert) -> Behaviour {
        self.convert = Some(convert);
        self
    }
}

/// One operation of all rows that speak for a type and have it, its own before its families'.
fn operations<T: Copy>(
    type_ref: &TypeRef,
    operation: fn(&Behaviour) -> Option<T>,
) -> impl Iterator<Item = T> {
    let name = type_ref.definition_name();
    let own = names::NAMES.binary_search_by(|row| row.name.cmp(name));
    let own = own.ok().and_then(|at| names::NAMES.get(at));
    let families = families::FAMILIES.iter().filter_map(move |family| {
        let found = operation(&family.does)?;
        family.covers.holds(type_ref).then_some(found)
    });
    own.and_then(operation).into_iter().chain(families)
}

/// A static property; the name is in lower case.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    for read in operations(type_ref, |row| row.read) {
        if let Some(found) = read(vm, type_ref, name)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Writes a static property; whether there is one.
pub fn write_static(vm: &mut Vm, type_ref: &TypeRef, name: &str, value: &Value) -> R<bool> {
    match operations(type_ref, |row| row.write).next() {
        Some(write) => write(vm, name, value),
        None => Ok(false),
    }
}

/// A static method; the name is in lower case.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    for call in operations(type_ref, |row| row.call) {
        if let Some(result) = call(vm, type_ref, name, arguments)? {
            return Ok(Some(result));
        }
    }
    platform::refuse(type_ref.definition_name())
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    for construct in operations(type_ref, |row| row.construct) {
        if let Some(made) = construct(vm, type_ref, arguments)? {
            return Ok(Some(made));
        }
    }
    platform::refuse(type_ref.definition_name())
}

/// The value that a conversion operator of the target type makes of another.
pub fn converted(value: &Value, target: &TypeRef) -> Option<Value> {
    operations(target, |row| row.convert).find_map(|convert| convert(value, target))
}

/// The zero of a struct.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    operations(type_ref, |row| row.zero).find_map(|zero| zero(type_ref))
}

/// Names of properties that depend on an object's content.
pub fn dynamic_properties(value: &Value) -> Option<Vec<Rc<str>>> {
    xml::xml_node::property_names(value).or_else(|| data::column_names(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::types::find_full;

    #[test]
    fn every_row_names_a_type() {
        for row in names::NAMES {
            let found = find_full(row.name);
            let full = found.map(|found| found.full_name.to_string());
            assert_eq!(full.as_deref(), Some(row.name));
        }
    }
}

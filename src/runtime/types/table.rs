//! The .NET types scripts name: full name, base, shape and interfaces.
//!
//! They are written in `cmdlets/types/*.known`, their accelerators in
//! `cmdlets/types/accelerators.txt`; the build script sorts both and writes them
//! as constants. A type is looked up by name on demand, by binary search; nothing
//! is built before it is asked for.

use crate::runtime::types::{TypeCode, TypeInfo, TypeKind, TypeRef, reflection::parameter_type};
use std::cmp::Ordering;

/// One known type.
struct KnownType {
    full_name: &'static str,
    /// Empty: `System.Object`, or `System.ValueType` for structs, or none for interfaces.
    base: &'static str,
    shape: Shape,
    interfaces: &'static [&'static str],
}

/// What a known type is; enumerations stand in `enums`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Class,
    Struct,
    Interface,
    /// Also static classes: there are no objects of exactly this type.
    Abstract,
}

/// The known types, sorted by name without regard to letter case.
const TYPES: &[KnownType] = include!(concat!(env!("OUT_DIR"), "/known_types.rs"));

/// The short names of types: the name, the type's full name, and whether PowerShell
/// prints the type by it.
pub const ACCELERATORS: &[(&str, &str, bool)] =
    include!(concat!(env!("OUT_DIR"), "/accelerators.rs"));

/// The full name behind an accelerator, in any letter case.
pub fn accelerated(name: &str) -> Option<&'static str> {
    ACCELERATORS
        .iter()
        .find(|(short, ..)| short.eq_ignore_ascii_case(name))
        .map(|(_, full, _)| *full)
}

/// The accelerator by which PowerShell prints a type.
pub fn printed_name(full_name: &str) -> Option<&'static str> {
    ACCELERATORS
        .iter()
        .find(|(_, full, printed)| *printed && *full == full_name)
        .map(|(short, ..)| *short)
}

fn code_of(full_name: &str) -> TypeCode {
    match full_name {
        "System.Object" => TypeCode::Object,
        "System.Void" => TypeCode::Void,
        "System.Boolean" => TypeCode::Bool,
        "System.Char" => TypeCode::Char,
        "System.SByte" => TypeCode::SByte,
        "System.Byte" => TypeCode::Byte,
        "System.Int16" => TypeCode::Short,
        "System.UInt16" => TypeCode::UShort,
        "System.Int32" => TypeCode::Int,
        "System.UInt32" => TypeCode::UInt,
        "System.Int64" => TypeCode::Long,
        "System.UInt64" => TypeCode::ULong,
        "System.Single" => TypeCode::Float,
        "System.Double" => TypeCode::Double,
        "System.Decimal" => TypeCode::Decimal,
        "System.Numerics.BigInteger" => TypeCode::BigInt,
        "System.String" => TypeCode::String,
        "System.DateTime" => TypeCode::DateTime,
        "System.TimeSpan" => TypeCode::TimeSpan,
        "System.Type" | "System.RuntimeType" => TypeCode::Type,
        "System.Array" => TypeCode::Array,
        "System.Collections.Hashtable" => TypeCode::Hashtable,
        "System.Collections.Specialized.OrderedDictionary" => TypeCode::OrderedDictionary,
        "System.Collections.ArrayList" => TypeCode::ArrayList,
        "System.Management.Automation.ScriptBlock" => TypeCode::ScriptBlock,
        "System.Management.Automation.PSCustomObject" => TypeCode::CustomObject,
        "System.Management.Automation.PSObject" => TypeCode::PSObject,
        "System.Management.Automation.SwitchParameter" => TypeCode::Switch,
        "System.Management.Automation.PSReference" => TypeCode::Reference,
        "System.Management.Automation.ErrorRecord" => TypeCode::ErrorRecord,
        "System.Nullable`1" => TypeCode::Nullable,
        _ => TypeCode::Other,
    }
}

fn known_type(name: &str) -> Option<&'static KnownType> {
    let found = TYPES.binary_search_by(|known| compare_folded(known.full_name, name));
    TYPES.get(found.ok()?)
}

/// The type of this full name, if it is known; of a generic type its definition.
pub fn build(name: &str) -> Option<TypeRef> {
    let known = known_type(name)?;
    let full_name = known.full_name;
    let base = match (known.base, known.shape) {
        ("", Shape::Interface) => None,
        ("", _) if full_name == "System.Object" => None,
        ("", Shape::Struct) => crate::runtime::types::find_full("System.ValueType"),
        ("", _) => crate::runtime::types::find_full("System.Object"),
        (named, _) => parameter_type::resolve(named, &[]).or_else(|| open_base(named)),
    };
    let kind = match known.shape {
        Shape::Class => TypeKind::Class,
        Shape::Struct => TypeKind::Struct,
        Shape::Interface => TypeKind::Interface,
        Shape::Abstract => TypeKind::Abstract,
    };
    let code = code_of(full_name);
    Some(TypeInfo::plain(full_name, base, code, kind))
}

/// The definition of a base whose arguments are those of the deriving type.
fn open_base(named: &str) -> Option<TypeRef> {
    let (bare, list) = named.split_once('[')?;
    let count = list.split(',').count();
    crate::runtime::types::find_full(&format!("{bare}`{count}"))
}

/// The base of a generic type closed over arguments, when it is generic too.
pub fn closed_base(definition: &str, arguments: &[TypeRef]) -> Option<TypeRef> {
    let known = known_type(definition)?;
    if !known.base.contains('!') {
        return None;
    }
    resolve_with(known.base, arguments)
}

/// The interfaces a type names itself, closed over its arguments.
pub fn own_interfaces(definition: &str, arguments: &[TypeRef]) -> Vec<TypeRef> {
    let Some(known) = known_type(definition) else {
        return crate::runtime::types::declared::own_interfaces(definition, arguments);
    };
    let interfaces = known.interfaces.iter();
    interfaces
        .filter_map(|name| resolve_with(name, arguments))
        .collect()
}

fn resolve_with(name: &str, arguments: &[TypeRef]) -> Option<TypeRef> {
    const PLACES: [&str; 8] = ["!0", "!1", "!2", "!3", "!4", "!5", "!6", "!7"];
    let places = PLACES.into_iter().zip(arguments.iter().cloned());
    parameter_type::resolve(name, &places.collect::<Vec<_>>())
}

fn compare_folded(one: &str, other: &str) -> Ordering {
    let one = one.bytes().map(|byte| byte.to_ascii_lowercase());
    one.cmp(other.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// A stand-in for a type that should be known: a plain class of that name.
pub fn missing(full_name: &str) -> TypeRef {
    TypeInfo::plain(full_name, None, TypeCode::Other, TypeKind::Class)
}

/// Full names of all known types, for completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    // Types within generic ones have no name of their own to write.
    let names = TYPES.iter().map(|known| known.full_name);
    names.filter(|name| !(name.contains('`') && name.contains('+')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_type_is_found_and_has_its_base() {
        for known in TYPES {
            let built = build(&known.full_name.to_uppercase());
            let name = known.full_name;
            assert!(built.is_some_and(|it| &*it.full_name == name), "{name}");
            let base = built_base(name);
            assert!(known.base.is_empty() || base, "base of {name}");
            assert_eq!(
                own_interfaces(name, &[]).len(),
                known.interfaces.len(),
                "{name}"
            );
        }
    }

    fn built_base(name: &str) -> bool {
        build(name).is_some_and(|it| it.base.is_some())
    }

    #[test]
    fn every_accelerator_names_a_type() {
        for (short, full, _) in ACCELERATORS {
            assert!(crate::runtime::types::find_full(full).is_some(), "{short}");
        }
    }
}

//! Types that stand in the declarations of members alone: `class`, `struct`,
//! `interface`, `enum` there make a type that the table need not repeat.

use crate::runtime::class::EnumDefinition;
use crate::runtime::types::reflection::members::{declared_members, declared_names};
use crate::runtime::types::reflection::signature::{Shape, TypeMembers};
use crate::runtime::types::{
    TypeCode, TypeInfo, TypeKind, TypeRef, find_full, reflection::parameter_type,
};
use std::rc::Rc;

/// The type of this full name, in any letter case, if a declaration makes it.
pub fn build(name: &str) -> Option<TypeRef> {
    let declared = declared_members(name)?;
    let kind = match declared.shape {
        Shape::Members => return None,
        Shape::Class => TypeKind::Class,
        Shape::Abstract => TypeKind::Abstract,
        Shape::Struct => TypeKind::Struct,
        Shape::Interface => TypeKind::Interface,
        Shape::Enum | Shape::Flags => TypeKind::Enum(Rc::new(enumeration(&declared))),
    };
    let code = if matches!(kind, TypeKind::Enum(_)) {
        TypeCode::Enum
    } else {
        TypeCode::Other
    };
    let base = declared.base.as_deref().and_then(find_full);
    Some(TypeInfo::plain(&declared.name, base, code, kind))
}

/// The interfaces a declaration names, closed over the type's arguments.
pub fn own_interfaces(definition: &str, arguments: &[TypeRef]) -> Vec<TypeRef> {
    let Some(declared) = declared_members(definition) else {
        return Vec::new();
    };
    let names = declared.type_parameters.iter().map(String::as_str);
    let closing: Vec<(&str, TypeRef)> = names.zip(arguments.iter().cloned()).collect();
    let interfaces = declared.interfaces.iter();
    interfaces
        .filter_map(|name| parameter_type::resolve(name, &closing))
        .collect()
}

fn enumeration(declared: &TypeMembers) -> EnumDefinition {
    let members = declared.values.iter();
    EnumDefinition {
        members: members
            .map(|(name, bits)| (name.as_str().into(), *bits))
            .collect(),
        flags: declared.shape == Shape::Flags,
        underlying: TypeCode::Int,
    }
}

/// Full names of the types that declarations make, for completion.
pub fn names() -> impl Iterator<Item = String> {
    declared_names().filter_map(|name| {
        let declared = declared_members(name)?;
        (declared.shape != Shape::Members).then(|| declared.name.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_makes_the_type() {
        let writer = find_full("system.io.binarywriter").expect("known");
        assert_eq!(&*writer.name, "BinaryWriter");
        assert!(names().any(|name| name == "System.IO.BinaryWriter"));
    }
}

//! `System.Type`: types as objects.

use crate::runtime::error::R;
use crate::runtime::types::{
    TypeKind, TypeRef, array_of, collections::array, find_full, generic, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A property.
pub fn get(_vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    let is_array = matches!(type_ref.kind, TypeKind::Array { .. });
    let is_generic = !is_array && (!type_ref.arguments.is_empty() || type_ref.name.contains('`'));
    Ok(Some(match name {
        "name" => Value::str(&*type_ref.name),
        "fullname" => Value::str(&*type_ref.full_name),
        "namespace" => match type_ref.namespace() {
            "" => Value::Null,
            namespace => Value::str(namespace),
        },
        "basetype" => match &type_ref.base {
            Some(base) => Value::Type(base.clone()),
            None => Value::Null,
        },
        "isvaluetype" => Value::Bool(type_ref.is_value_type()),
        "isenum" => Value::Bool(type_ref.is_enum()),
        "isarray" => Value::Bool(is_array),
        "isclass" => {
            Value::Bool(!type_ref.is_value_type() && !matches!(type_ref.kind, TypeKind::Interface))
        }
        "isinterface" => Value::Bool(matches!(type_ref.kind, TypeKind::Interface)),
        "isabstract" => Value::Bool(matches!(
            type_ref.kind,
            TypeKind::Abstract | TypeKind::Interface
        )),
        "issealed" => Value::Bool(
            type_ref.is_value_type() || is_array || &*type_ref.full_name == "System.String",
        ),
        "isprimitive" => Value::Bool(is_primitive(type_ref)),
        "isvisible" => Value::Bool(true),
        "ispublic" => Value::Bool(!type_ref.full_name.contains('+')),
        "isnestedpublic" => Value::Bool(type_ref.full_name.contains('+')),
        "isszarray" => Value::Bool(matches!(type_ref.kind, TypeKind::Array { rank: 1 })),
        "isvariableboundarray" => {
            Value::Bool(matches!(type_ref.kind, TypeKind::Array { rank } if rank > 1))
        }
        "istypedefinition" => Value::Bool(!is_array && type_ref.arguments.is_empty()),
        "isansiclass" | "issecuritycritical" => Value::Bool(true),
        "islayoutsequential" => Value::Bool(type_ref.is_value_type() && !type_ref.is_enum()),
        "isautolayout" => Value::Bool(!type_ref.is_value_type() || type_ref.is_enum()),
        "isautoclass"
        | "isbyreflike"
        | "iscontextful"
        | "isexplicitlayout"
        | "isfunctionpointer"
        | "isgenericmethodparameter"
        | "isgenerictypeparameter"
        | "isimport"
        | "ismarshalbyref"
        | "isnestedassembly"
        | "isnestedfamandassem"
        | "isnestedfamily"
        | "isnestedfamorassem"
        | "isnestedprivate"
        | "isnotpublic"
        | "issecuritysafecritical"
        | "issecuritytransparent"
        | "issignaturetype"
        | "isspecialname"
        | "isunicodeclass"
        | "isunmanagedfunctionpointer" => Value::Bool(false),
        "structlayoutattribute" | "typeinitializer" | "declaringmethod" => Value::Null,
        "isgenerictype" => Value::Bool(is_generic),
        "isgenerictypedefinition" | "containsgenericparameters" => {
            Value::Bool(is_generic && type_ref.arguments.is_empty())
        }
        "isconstructedgenerictype" => Value::Bool(is_generic && !type_ref.arguments.is_empty()),
        "isnested" => Value::Bool(type_ref.full_name.contains('+')),
        "isserializable" => Value::Bool(true),
        "ispointer" | "isbyref" | "isgenericparameter" | "iscomobject" => Value::Bool(false),
        "haselementtype" => Value::Bool(is_array),
        "generictypearguments" => types(if is_array { &[] } else { &type_ref.arguments }),
        "assemblyqualifiedname" => Value::str(type_ref.assembly_qualified()),
        "assembly" => {
            crate::runtime::types::reflection::assembly::Assembly::value(assembly_of(type_ref))
        }
        "module" => Value::str(format!("{}.dll", assembly_of(type_ref))),
        "declaringtype" | "reflectedtype" => type_ref
            .full_name
            .rsplit_once('+')
            .and_then(|(outer, _)| find_full(outer))
            .map_or(Value::Null, Value::Type),
        "membertype" => Value::enum_of("System.Reflection.MemberTypes", 32),
        "guid" => Value::str("00000000-0000-0000-0000-000000000000"),
        "underlyingsystemtype" => Value::Type(type_ref.clone()),
        "implementedinterfaces" => types(type_ref.all_interfaces()),
        "customattributes" => Value::array(Vec::new()),
        "isfinalized" => return Ok(None),
        _ => return Ok(None),
    }))
}

/// The assembly a type comes from.
pub fn assembly_of(type_ref: &TypeRef) -> &'static str {
    let qualified = type_ref.assembly_qualified();
    if qualified.contains("System.Management.Automation, Version") {
        "System.Management.Automation"
    } else {
        "System.Private.CoreLib"
    }
}

fn is_primitive(type_ref: &TypeRef) -> bool {
    use crate::runtime::types::TypeCode::*;
    matches!(
        type_ref.code,
        Bool | Char | SByte | Byte | Short | UShort | Int | UInt | Long | ULong | Float | Double
    )
}

fn types(list: &[TypeRef]) -> Value {
    let element = type_named("System.Type");
    array::of(&element, list.iter().cloned().map(Value::Type).collect())
}

/// A method.
pub fn call(vm: &mut Vm, type_ref: &TypeRef, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("tostring", []) => Value::str(type_ref.reflection_text()),
        ("isassignablefrom", [Value::Type(other)]) => Value::Bool(other.is_a(type_ref)),
        ("isassignableto", [Value::Type(other)]) => Value::Bool(type_ref.is_a(other)),
        ("issubclassof", [Value::Type(other)]) => {
            Value::Bool(type_ref != other && type_ref.ancestry().contains(other))
        }
        ("isinstanceoftype", [value]) => {
            Value::Bool(!value.is_null() && vm.type_of(value.base()).is_a(type_ref))
        }
        ("equals", [other]) => {
            Value::Bool(matches!(other.base(), Value::Type(other) if other == type_ref))
        }
        ("getelementtype", []) => match type_ref.element() {
            Some(element) => Value::Type(element.clone()),
            None => Value::Null,
        },
        ("getarrayrank", []) => match type_ref.kind {
            TypeKind::Array { rank } => Value::Int(rank as i32),
            _ => return crate::runtime::types::failures::argument("Must be an array type.", ""),
        },
        ("getgenericarguments", []) => types(match type_ref.kind {
            TypeKind::Array { .. } => &[],
            _ => &type_ref.arguments,
        }),
        ("getgenerictypedefinition", []) => match find_full(type_ref.definition_name()) {
            Some(definition) if !type_ref.arguments.is_empty() => Value::Type(definition),
            _ => {
                return crate::runtime::types::failures::invalid_operation(
                    "This operation is only valid on generic types.",
                );
            }
        },
        ("makegenerictype", arguments) => {
            let list = match arguments {
                [Value::Array(list)] => list.items.borrow().clone(),
                many => many.to_vec(),
            };
            let list: Vec<TypeRef> = list
                .iter()
                .filter_map(|t| match t.base() {
                    Value::Type(t) => Some(t.clone()),
                    _ => None,
                })
                .collect();
            Value::Type(generic(type_ref, list))
        }
        ("makearraytype", []) => Value::Type(array_of(type_ref, 1)),
        ("makearraytype", [rank]) => {
            Value::Type(array_of(type_ref, vm.to_int(rank)?.max(1) as u32))
        }
        ("getinterfaces", []) => types(type_ref.all_interfaces()),
        ("isequivalentto", [other]) => {
            Value::Bool(matches!(other.base(), Value::Type(other) if other == type_ref))
        }
        (
            "getnestedtypes"
            | "getgenericparameterconstraints"
            | "getrequiredcustommodifiers"
            | "getoptionalcustommodifiers"
            | "getdefaultmembers",
            _,
        ) => types(&[]),
        ("getinterface", [name, how @ ..]) => {
            let wanted = vm.to_text(name)?;
            let any_case = matches!(how.first(), Some(Value::Bool(true)));
            let same = |own: &str| match any_case {
                true => own.eq_ignore_ascii_case(&wanted),
                false => own == &*wanted,
            };
            type_ref
                .all_interfaces()
                .iter()
                .find(|i| same(&i.name) || same(&i.full_name))
                .map_or(Value::Null, |found| Value::Type(found.clone()))
        }
        (
            "getenumnames"
            | "getenumvalues"
            | "getenumname"
            | "isenumdefined"
            | "getenumunderlyingtype",
            rest,
        ) => {
            let method = match name {
                "getenumnames" => "getnames",
                "getenumvalues" => "getvalues",
                "getenumname" => "getname",
                "isenumdefined" => "isdefined",
                _ => "getunderlyingtype",
            };
            return crate::runtime::types::enumeration::call_static(
                vm,
                Some(type_ref),
                method,
                rest,
            );
        }
        (
            "getmethods" | "getproperties" | "getfields" | "getmembers" | "getconstructors"
            | "getmethod" | "getproperty" | "getfield" | "getmember" | "getconstructor",
            arguments,
        ) => return crate::runtime::types::reflection::call(vm, type_ref, name, arguments),
        ("getcustomattributes", _) => Value::array(Vec::new()),
        ("invokemember", [member, _, _, target, Value::Array(list)]) => {
            let member = vm.to_text(member)?;
            let list = list.items.borrow().clone();
            if target.is_null() {
                vm.invoke_static(type_ref, &member, list)?
            } else {
                vm.invoke_method(target, &member, list)?
            }
        }
        _ => return Ok(None),
    }))
}

/// `[type]::GetType(name)`
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("gettype", [text, rest @ ..]) => {
            let text = vm.to_text(text)?;
            let ignore_case = matches!(rest.get(1), Some(Value::Bool(true)));
            let plain = text.split(',').next().unwrap_or(&text).trim().to_string();
            let found = find_full(&plain).filter(|t| ignore_case || *t.full_name == *plain);
            match found {
                Some(found) => Some(Value::Type(found)),
                None if matches!(rest.first(), Some(Value::Bool(true))) => {
                    return crate::runtime::types::failures::fail(
                        "System.TypeLoadException",
                        format!(
                            "Could not load type '{plain}' from assembly 'System.Management.Automation'."
                        ),
                    );
                }
                None => Some(Value::Null),
            }
        }
        ("gettypecode", [Value::Type(type_ref)]) => {
            let zero = crate::runtime::types::dispatch::zero(type_ref).unwrap_or(Value::Null);
            crate::runtime::types::object::call(vm, &zero, "gettypecode", &[])?
        }
        _ => None,
    })
}

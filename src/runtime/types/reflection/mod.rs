//! Members of types seen through reflection: methods, properties, fields, constructors.

pub mod activator;
pub mod assembly;
pub mod delegate;
pub mod generic_calls;
pub mod interfaces;
pub mod marshal;
pub mod members;
pub mod parameter_type;
pub mod platform;
pub mod pointer;
pub mod runtime_type;
pub mod signature;

use crate::runtime::class::{MethodDefinition, PRIVATE};
use crate::runtime::error::R;
use crate::runtime::member::overload;
use crate::runtime::native::Native;
use crate::runtime::types::reflection::members::members_of;
use crate::runtime::types::reflection::signature::{MemberKind, Overload};
use crate::runtime::types::{TypeRef, collections::array, failures, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What kind of member it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Constructor,
    Field,
    Method,
    Property,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Constructor => "Constructor",
            Kind::Field => "Field",
            Kind::Method => "Method",
            Kind::Property => "Property",
        }
    }

    /// Its number in `MemberTypes`.
    fn bits(self) -> i64 {
        match self {
            Kind::Constructor => 1,
            Kind::Field => 4,
            Kind::Method => 8,
            Kind::Property => 16,
        }
    }
}

/// A parameter: its name and type.
type Parameter = (Rc<str>, TypeRef);

/// A member of a type.
struct MemberReflection {
    owner: TypeRef,
    name: Rc<str>,
    kind: Kind,
    is_static: bool,
    writable: bool,
    /// The type of the value or the result.
    of_type: TypeRef,
    parameters: Vec<Parameter>,
}

/// A method of a type.
pub fn method(owner: &TypeRef, name: &str) -> Value {
    let found = all(owner).into_iter();
    let mut found = found.filter(|it| it.kind == Kind::Method && &*it.name == name);
    found.next().map_or(Value::Null, Value::native)
}

/// The answer of `GetMethods`, `GetProperty` and their kin; the name is in lower case.
pub fn call(vm: &mut Vm, type_ref: &TypeRef, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let kind = |name: &str| match name {
        "getmethod" | "getmethods" => Some(Kind::Method),
        "getproperty" | "getproperties" => Some(Kind::Property),
        "getfield" | "getfields" => Some(Kind::Field),
        "getconstructor" | "getconstructors" => Some(Kind::Constructor),
        _ => None,
    };
    let wanted = kind(name);
    let members = all(type_ref).into_iter();
    let members = members.filter(|it| wanted.is_none_or(|wanted| it.kind == wanted));
    Ok(Some(match name {
        "getmethods" | "getproperties" | "getfields" | "getmembers" | "getconstructors" => {
            listed(wanted, members.collect())
        }
        "getmember" => {
            let text = vm.to_text(arguments.first().unwrap_or(&Value::Null))?;
            listed(None, members.filter(|it| *it.name == *text).collect())
        }
        "getconstructor" | "getmethod" | "getproperty" | "getfield" => {
            let mut found: Vec<MemberReflection> = match arguments.first() {
                Some(text) if name != "getconstructor" => {
                    let text = vm.to_text(text)?;
                    members.filter(|it| *it.name == *text).collect()
                }
                _ => members.collect(),
            };
            let types = arguments.iter().rev().find_map(|it| match it.base() {
                Value::Array(list) => Some(list.items.borrow().clone()),
                _ => None,
            });
            if let Some(types) = types {
                let same = |(parameter, given): (&Parameter, &Value)| matches!(given.base(), Value::Type(given) if *given == parameter.1);
                found.retain(|it| {
                    it.parameters.len() == types.len() && it.parameters.iter().zip(&types).all(same)
                });
            } else if found.len() > 1 && wanted == Some(Kind::Method) {
                return failures::fail(
                    "System.Reflection.AmbiguousMatchException",
                    format!(
                        "Ambiguous match found for '{} {}'.",
                        type_ref.reflection_text(),
                        found.first().map_or(String::new(), MemberReflection::text)
                    ),
                );
            }
            found.into_iter().next().map_or(Value::Null, Value::native)
        }
        _ => return Ok(None),
    }))
}

fn listed(kind: Option<Kind>, members: Vec<MemberReflection>) -> Value {
    let element = kind.map_or("Member", Kind::name);
    let element = find_full(&format!("System.Reflection.{element}Info"));
    let items = members.into_iter().map(Value::native).collect();
    array::of(&element.unwrap_or_else(known::object), items)
}

/// All public members of a type.
fn all(type_ref: &TypeRef) -> Vec<MemberReflection> {
    match type_ref.class() {
        Some(class) => {
            let mut found = Vec::new();
            for (list, is_static) in [(&class.properties, false), (&class.statics, true)] {
                let shown = list.iter().filter(|p| !p.name.starts_with(PRIVATE));
                found.extend(shown.map(|property| {
                    let name = property.name.clone();
                    let mut made = member(type_ref, name, Kind::Property, is_static);
                    made.of_type = property.type_ref.clone();
                    made.writable = true;
                    made
                }));
            }
            let methods = class
                .methods
                .iter()
                .filter(|it| !it.name.starts_with(PRIVATE));
            let methods = methods.map(|it| (it, Kind::Method));
            let constructors = class.constructors.iter().map(|it| (it, Kind::Constructor));
            found.extend(
                methods
                    .chain(constructors)
                    .map(|(it, kind)| of_script(type_ref, it, kind)),
            );
            found
        }
        None => declared(type_ref),
    }
}

fn member(owner: &TypeRef, name: Rc<str>, kind: Kind, is_static: bool) -> MemberReflection {
    MemberReflection {
        owner: owner.clone(),
        name,
        kind,
        is_static,
        writable: false,
        of_type: known::object(),
        parameters: Vec::new(),
    }
}

fn of_script(owner: &TypeRef, method: &MethodDefinition, kind: Kind) -> MemberReflection {
    let name = match kind {
        Kind::Constructor => ".ctor".into(),
        _ => method.name.clone(),
    };
    let mut made = member(owner, name, kind, method.is_static);
    made.of_type = method.return_type.clone().unwrap_or_else(known::void);
    made.parameters = method.parameters.clone();
    made
}

fn declared(type_ref: &TypeRef) -> Vec<MemberReflection> {
    let Some(members) = members_of(&overload::table_name(type_ref)) else {
        return Vec::new();
    };
    let owner = overload::substitution(type_ref);
    let closing: Vec<(&str, TypeRef)> = owner
        .iter()
        .map(|(name, type_ref)| (name.as_str(), type_ref.clone()))
        .collect();
    let resolved =
        |name: &str| parameter_type::resolve(name, &closing).unwrap_or_else(known::object);
    let of_overload = |name: &str, kind, is_static, overload: &Overload| {
        let mut made = member(type_ref, name.into(), kind, is_static);
        made.of_type = resolved(&overload.returns);
        let parameters = overload.parameters.iter();
        made.parameters = parameters
            .map(|it| (it.name.as_str().into(), resolved(&it.type_name)))
            .collect();
        made
    };
    let mut found = Vec::new();
    for constructor in &members.constructors {
        found.push(of_overload(".ctor", Kind::Constructor, false, constructor));
    }
    for each in &members.members {
        let name = each.name.as_str();
        match &each.kind {
            MemberKind::Property { type_name, set, .. }
            | MemberKind::Indexer { type_name, set, .. } => {
                let mut made = member(type_ref, name.into(), Kind::Property, each.is_static);
                made.of_type = resolved(type_name);
                made.writable = *set;
                found.push(made);
            }
            MemberKind::Field { type_name } => {
                let mut made = member(type_ref, name.into(), Kind::Field, each.is_static);
                made.of_type = resolved(type_name);
                found.push(made);
            }
            MemberKind::Method(overloads) => {
                let methods = overloads.iter();
                found.extend(methods.map(|it| of_overload(name, Kind::Method, each.is_static, it)));
            }
        }
    }
    found
}

/// A type as the texts of members name it: primitives and `void` without namespace.
fn short(type_ref: &TypeRef) -> String {
    use crate::runtime::types::TypeCode::*;
    match type_ref.code {
        Bool | Char | SByte | Byte | Short | UShort | Int | UInt | Long | ULong | Float
        | Double | Void => type_ref.name.to_string(),
        _ => type_ref.reflection_text(),
    }
}

impl MemberReflection {
    fn text(&self) -> String {
        let list: Vec<String> = self.parameters.iter().map(|(_, it)| short(it)).collect();
        match self.kind {
            Kind::Constructor => format!("Void .ctor({})", list.join(", ")),
            Kind::Method => format!(
                "{} {}({})",
                short(&self.of_type),
                self.name,
                list.join(", ")
            ),
            Kind::Field | Kind::Property => format!("{} {}", short(&self.of_type), self.name),
        }
    }

    fn invoke(&self, vm: &mut Vm, target: &Value, list: Vec<Value>) -> R<Value> {
        match self.kind {
            Kind::Constructor => vm.construct(&self.owner, list),
            _ if self.is_static || target.is_null() => {
                vm.invoke_static(&self.owner, &self.name, list)
            }
            _ => vm.invoke_method(target, &self.name, list),
        }
    }
}

impl Native for MemberReflection {
    fn type_ref(&self) -> TypeRef {
        let runtime = match self.kind {
            Kind::Field => "RtFieldInfo".to_string(),
            kind => format!("Runtime{}Info", kind.name()),
        };
        type_named(&format!("System.Reflection.{runtime}"))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text())
    }

    fn properties(&self) -> Vec<&'static str> {
        match self.kind {
            Kind::Method => vec![
                "Name",
                "DeclaringType",
                "ReflectedType",
                "MemberType",
                "ReturnType",
                "IsStatic",
                "IsPublic",
                "IsPrivate",
            ],
            Kind::Constructor => vec![
                "Name",
                "MemberType",
                "DeclaringType",
                "ReflectedType",
                "IsStatic",
                "IsPublic",
                "IsPrivate",
            ],
            Kind::Property => vec![
                "MemberType",
                "Name",
                "DeclaringType",
                "ReflectedType",
                "PropertyType",
                "CanRead",
                "CanWrite",
            ],
            Kind::Field => vec![
                "Name",
                "MemberType",
                "ReflectedType",
                "DeclaringType",
                "FieldType",
                "IsStatic",
                "IsPublic",
                "IsPrivate",
            ],
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let is_value = matches!(self.kind, Kind::Field | Kind::Property);
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(&*self.name),
            "membertype" => Value::enum_of("System.Reflection.MemberTypes", self.kind.bits()),
            "declaringtype" | "reflectedtype" => Value::Type(self.owner.clone()),
            "isstatic" => Value::Bool(self.is_static),
            "ispublic" => Value::Bool(true),
            "isprivate" => Value::Bool(false),
            "canread" if self.kind == Kind::Property => Value::Bool(true),
            "canwrite" if self.kind == Kind::Property => Value::Bool(self.writable),
            "propertytype" | "fieldtype" if is_value => Value::Type(self.of_type.clone()),
            "returntype" if self.kind == Kind::Method => Value::Type(self.of_type.clone()),
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("invoke", [list]) if self.kind == Kind::Constructor => {
                let list = vm.enumerate(list)?.unwrap_or_default();
                self.invoke(vm, &Value::Null, list)?
            }
            ("invoke", [target, list, ..]) => {
                let list = vm.enumerate(list)?.unwrap_or_default();
                self.invoke(vm, target, list)?
            }
            ("getvalue", [target, ..]) if self.is_static || target.is_null() => {
                vm.read_static(&self.owner, &self.name)?
            }
            ("getvalue", [target, ..]) => vm.read_property(target, &self.name)?,
            ("setvalue", [target, value, ..]) => {
                if self.is_static || target.is_null() {
                    vm.write_static(&self.owner, &self.name, value.clone())?;
                } else {
                    vm.write_property(target, &self.name, value.clone())?;
                }
                Value::Nothing
            }
            ("getparameters", []) => {
                let element = find_full("System.Reflection.ParameterInfo");
                let parameters = self.parameters.iter().enumerate();
                let items = parameters.map(|(at, parameter)| {
                    Value::native(ParameterReflection {
                        parameter: parameter.clone(),
                        at,
                    })
                });
                array::of(&element.unwrap_or_else(known::object), items.collect())
            }
            ("getcustomattributes", _) => Value::array(Vec::new()),
            _ => return Ok(None),
        }))
    }
}

/// A parameter of a method.
struct ParameterReflection {
    parameter: Parameter,
    at: usize,
}

impl Native for ParameterReflection {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Reflection.RuntimeParameterInfo")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(format!("{} {}", short(&self.parameter.1), self.parameter.0))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["ParameterType", "Name", "Position", "IsOptional", "IsOut"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "parametertype" => Value::Type(self.parameter.1.clone()),
            "name" => Value::str(&*self.parameter.0),
            "position" => Value::Int(self.at as i32),
            "isoptional" | "isout" | "hasdefaultvalue" => Value::Bool(false),
            _ => return Ok(None),
        }))
    }
}

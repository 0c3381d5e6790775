//! Get-Member, Add-Member and New-Object.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::member::added::{add_member, extension_of, own_member};
use crate::runtime::member::method::Called;
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeCode, TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Member", || Box::<GetMember>::default()),
    ("Add-Member", || Box::new(AddMember)),
    ("New-Object", || Box::new(NewObject)),
];

// Members of PSMemberTypes.
const ALIAS_PROPERTY: i64 = 1;
const NOTE_PROPERTY: i64 = 8;
const SCRIPT_PROPERTY: i64 = 16;
const PROPERTY_SET: i64 = 32;
const SCRIPT_METHOD: i64 = 256;
const MEMBER_SET: i64 = 1024;

const MEMBER_INFO: &str = "System.Management.Automation.PSMemberInfo";
const MEMBER_TYPES: &str = "System.Management.Automation.PSMemberTypes";

/// Names of member types with their bits.
const KINDS: &[(&str, i64)] = &[
    ("AliasProperty", 1),
    ("CodeProperty", 2),
    ("Property", 4),
    ("NoteProperty", 8),
    ("ScriptProperty", 16),
    ("PropertySet", 32),
    ("Method", 64),
    ("CodeMethod", 128),
    ("ScriptMethod", 256),
    ("ParameterizedProperty", 512),
    ("MemberSet", 1024),
    ("Event", 2048),
    ("Dynamic", 4096),
];

fn bits_of(kind: &str) -> i64 {
    KINDS
        .iter()
        .find(|(name, _)| *name == kind)
        .map_or(0, |(_, bits)| *bits)
}

#[derive(Default)]
struct GetMember {
    shown: Vec<Rc<str>>,
}

impl Cmdlet for GetMember {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(object) = call.get("InputObject") else {
            return Ok(());
        };
        if object.is_null() {
            return Ok(());
        }
        let of_type = call.switch("Static").then(|| match object.base() {
            Value::Type(type_ref) => type_ref.clone(),
            other => vm.type_of(other),
        });
        let type_name: Rc<str> = match &of_type {
            Some(type_ref) => type_ref.full_name.clone(),
            None => vm
                .type_names(&object)
                .first()
                .cloned()
                .unwrap_or_else(|| "".into()),
        };
        if self.shown.contains(&type_name) {
            return Ok(());
        }
        self.shown.push(type_name.clone());
        let mut members = match &of_type {
            Some(type_ref) => vm.static_members(type_ref),
            None if call.switch("Force") => vm.members_with_hidden(&object)?,
            None => vm.members(&object)?,
        };
        members.sort_by(|a, b| {
            let key = |kind: &str, name: &str| (kind.to_string(), name.to_lowercase());
            key(a.kind, &a.name).cmp(&key(b.kind, &b.name))
        });
        let patterns = call
            .texts("Name")
            .iter()
            .map(|name| vm.wildcard(name, true))
            .collect::<R<Vec<_>>>()?;
        let wanted = call.int("MemberType").unwrap_or(i64::MAX);
        let views = call.int("View").unwrap_or(3);
        let force = call.switch("Force");
        if force && of_type.is_none() {
            for name in [
                "pstypenames",
                "psadapted",
                "psbase",
                "psextended",
                "psobject",
            ] {
                if patterns.iter().any(|p| p.is_match(name)) || patterns.is_empty() {
                    let (kind, definition) = if name == "pstypenames" {
                        (
                            "CodeProperty",
                            "System.Collections.ObjectModel.Collection`1[[System.String, System.Private.CoreLib]] pstypenames{get=PSTypeNames;}".to_string(),
                        )
                    } else {
                        ("MemberSet", format!("{name} {{}}"))
                    };
                    if wanted & bits_of(kind) != 0 {
                        vm.write(definition_of(&type_name, name, kind, &definition))?;
                    }
                }
            }
        }
        for member in members {
            let extended = !matches!(
                member.kind,
                "Property" | "Method" | "ParameterizedProperty" | "Event"
            );
            let seen = (extended && views & 1 != 0) || (!extended && views & 6 != 0);
            let accessor = member.kind == "Method"
                && !force
                && (["get_", "set_", "add_", "remove_", "op_"]
                    .iter()
                    .any(|p| member.name.starts_with(p)));
            if seen
                && !accessor
                && wanted & bits_of(member.kind) != 0
                && (patterns.is_empty() || patterns.iter().any(|p| p.is_match(&member.name)))
            {
                vm.write(definition_of(
                    &type_name,
                    &member.name,
                    member.kind,
                    &member.definition,
                ))?;
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if !self.shown.is_empty() {
            return Ok(());
        }
        vm.write_fault(Fault::of(
            "System.InvalidOperationException",
            "NoObjectInGetMember",
            Category::CloseError,
            "You must specify an object for the Get-Member cmdlet.",
        ))
    }
}

fn definition_of(type_name: &str, name: &str, kind: &str, definition: &str) -> Value {
    PlainObject::new(
        "Microsoft.PowerShell.Commands.MemberDefinition",
        vec![
            ("TypeName", Value::str(type_name)),
            ("Name", Value::str(name)),
            ("MemberType", Value::enum_of(MEMBER_TYPES, bits_of(kind))),
            ("Definition", Value::str(definition)),
        ],
    )
    .with_text(definition)
    .value()
}

struct AddMember;

impl Cmdlet for AddMember {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(input) = call.get("InputObject") else {
            return Ok(());
        };
        let mut object = input;
        if let Some(type_name) = call.text("TypeName") {
            object = with_type_name(vm, &object, &type_name);
        }
        let set = call.set_name.borrow().clone();
        let added = match &*set {
            "NotePropertySingleMemberSet" => {
                let name = call.text("NotePropertyName").unwrap_or_default();
                let value = call.get("NotePropertyValue").unwrap_or_default();
                add(vm, call, &mut object, &name, Member::Note(value))?
            }
            "NotePropertyMultiMemberSet" => {
                let Some(Value::Dict(table)) =
                    call.get("NotePropertyMembers").map(Value::into_base)
                else {
                    return Ok(());
                };
                let mut all = true;
                for (key, value) in table.pairs() {
                    let name = vm.to_text(&key)?;
                    all &= add(vm, call, &mut object, &name, Member::Note(value))?;
                }
                all
            }
            "MemberSet" => {
                let name = call.text("Name").unwrap_or_default();
                match self.member(vm, call)? {
                    Some(member) => add(vm, call, &mut object, &name, member)?,
                    None => false,
                }
            }
            _ => true,
        };
        if added && call.switch("PassThru") {
            return vm.write(object);
        }
        Ok(())
    }
}

impl AddMember {
    fn member(&self, vm: &mut Vm, call: &Call) -> R<Option<Member>> {
        let (value, second) = (call.get("Value"), call.get("SecondValue"));
        let given = |v: &Option<Value>| v.as_ref().is_some_and(|v| !v.is_null());
        let kind = call.int("MemberType").unwrap_or(0);
        let only_first = |vm: &mut Vm| -> R<()> {
            if given(&second) {
                return vm.raise(invalid(
                    "Value2ShouldNotBeSpecified",
                    "The SecondValue parameter is not necessary for a member of this type, and should not be specified. Do not specify the SecondValue parameter when you add members of this type.",
                ));
            }
            Ok(())
        };
        Ok(Some(match kind {
            NOTE_PROPERTY => {
                only_first(vm)?;
                Member::Note(value.unwrap_or_default())
            }
            SCRIPT_PROPERTY => {
                if !given(&value) && !given(&second) {
                    return vm.raise(invalid(
                        "Value1AndValue2AreNotBothNull",
                        "The parameters Value and SecondValue should not both be null. Specify a value for at least one of these parameters.",
                    ));
                }
                Member::Script {
                    getter: script_of(vm, value.as_ref())?,
                    setter: script_of(vm, second.as_ref())?,
                }
            }
            ALIAS_PROPERTY => {
                let target = match &value {
                    Some(value) => vm.to_text(value)?,
                    None => String::new(),
                };
                if target.is_empty() {
                    return vm.raise(invalid(
                        "Value1ShouldNotBeNull",
                        "The Value parameter should not be null for a member of this type. Specify a non-null value for the Value parameter when adding members of this type.",
                    ));
                }
                Member::Alias {
                    target: target.into(),
                    conversion: type_of_alias(vm, second.as_ref())?,
                }
            }
            SCRIPT_METHOD => {
                only_first(vm)?;
                match script_of(vm, value.as_ref())? {
                    Some(block) => Member::Method(block),
                    None => {
                        return vm.raise(invalid(
                            "Value1ShouldNotBeNull",
                            "The Value parameter should not be null for a member of this type. Specify a non-null value for the Value parameter when adding members of this type.",
                        ));
                    }
                }
            }
            PROPERTY_SET => {
                only_first(vm)?;
                let mut names = Vec::new();
                let items = items_of(vm, value.as_ref())?;
                for item in &items {
                    names.push(vm.to_text(item)?.into());
                }
                Member::PropertySet(names)
            }
            MEMBER_SET => {
                only_first(vm)?;
                let members = Members::default();
                let items = items_of(vm, value.as_ref())?;
                for item in &items {
                    if let Some((name, member)) =
                        crate::runtime::member::object_view::detached(item)
                    {
                        members.set(&name, member);
                    } else if let Some((name, member)) = detached_member(vm, item)? {
                        members.set(&name, member);
                    } else {
                        vm.convert_within(item, &type_named(MEMBER_INFO))?;
                    }
                }
                Member::MemberSet(Rc::new(members))
            }
            other => {
                let shown = vm.to_text(&Value::enum_of(MEMBER_TYPES, other))?;
                return vm.raise(invalid(
                    "CannotAddMemberType",
                    &format!("Cannot add a member with type \"{shown}\". Specify a different type for the MemberTypes parameter."),
                ));
            }
        }))
    }
}

/// The script that a value stands for; none for no value and for null.
pub(super) fn script_of(vm: &mut Vm, value: Option<&Value>) -> R<Option<Rc<ScriptBlock>>> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    Ok(match vm.convert_within(value, &known::script_block())? {
        Value::Block(block) => Some(block),
        _ => None,
    })
}

/// The type that an alias converts to; none for no value and for null.
pub(super) fn type_of_alias(vm: &mut Vm, value: Option<&Value>) -> R<Option<TypeRef>> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    Ok(match vm.convert_within(value, &known::runtime_type())? {
        Value::Type(type_ref) => Some(type_ref),
        _ => None,
    })
}

/// The items of a value, one that is no collection by itself.
fn items_of(vm: &mut Vm, value: Option<&Value>) -> R<Vec<Value>> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    Ok(vm.enumerate(value)?.unwrap_or_else(|| vec![value.clone()]))
}

/// A member that a script made with `::new()`, by its properties.
fn detached_member(vm: &mut Vm, item: &Value) -> R<Option<(Rc<str>, Member)>> {
    let name = match vm.get_member(item, "Name")? {
        Some(name) => vm.to_text(&name)?,
        None => return Ok(None),
    };
    if let Some(referenced) = vm.get_member(item, "ReferencedPropertyNames")?
        && !referenced.is_null()
    {
        let items = vm.enumerate(&referenced)?.unwrap_or_default();
        let mut names = Vec::new();
        for item in &items {
            names.push(vm.to_text(item)?.into());
        }
        return Ok(Some((name.into(), Member::PropertySet(names))));
    }
    let value = vm.get_member(item, "Value")?.unwrap_or_default();
    Ok(Some((name.into(), Member::Note(value))))
}

fn invalid(id: &str, message: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        id,
        Category::InvalidOperation,
        message,
    )
}

fn add(vm: &mut Vm, call: &Call, object: &mut Value, name: &str, member: Member) -> R<bool> {
    let exists = own_member(object, Symbol::fold(name)).is_some()
        || (!matches!(object.base(), Value::Dict(_)) && has_member(vm, object, name)?);
    if exists && !call.switch("Force") {
        vm.write_fault(
            invalid(
                "MemberAlreadyExists",
                &format!("Cannot add a member with the name \"{name}\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command."),
            )
            .target(object.clone()),
        )?;
        return Ok(false);
    }
    *object = add_member(object, name, member);
    Ok(true)
}

/// Whether an object has a member of this name that it was not given itself.
fn has_member(vm: &mut Vm, object: &Value, name: &str) -> R<bool> {
    let bare = match object {
        Value::Custom(custom) => {
            let bare = CustomObject::new(Members::default());
            bare.type_names.replace(custom.type_names.borrow().clone());
            Value::Custom(Rc::new(bare))
        }
        other => other.clone(),
    };
    Ok(vm
        .members(&bare)?
        .iter()
        .any(|m| m.name.eq_ignore_ascii_case(name)))
}

/// Puts a type name in front of an object's own.
fn with_type_name(vm: &mut Vm, object: &Value, type_name: &str) -> Value {
    let full: Rc<str> = match crate::runtime::types::find(type_name) {
        Some(type_ref) => type_ref.full_name.clone(),
        None => type_name.into(),
    };
    let mut names = vm.type_names(object);
    names.insert(0, full);
    if let Value::Custom(custom) = object.base() {
        *custom.type_names.borrow_mut() = names;
        return object.clone();
    }
    match extension_of(object) {
        Some(extension) => {
            extension.write(|data| data.type_names = Some(names));
            object.clone()
        }
        None => {
            let extension = crate::runtime::object::Extension::default();
            extension.write(|data| data.type_names = Some(names));
            Value::Wrapped(Rc::new(crate::runtime::object::Wrapped {
                base: object.clone(),
                extension,
                written: None,
            }))
        }
    }
}

struct NewObject;

impl Cmdlet for NewObject {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("TypeName").unwrap_or_default();
        let trimmed = name.trim();
        let plain = trimmed
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(trimmed);
        let found = crate::runtime::types::resolve::find_named(vm, &name)
            .or_else(|| crate::runtime::types::resolve::parse_type(vm, plain))
            .or_else(
                || match vm.try_convert(&Value::str(plain), &known::runtime_type()) {
                    Some(Value::Type(type_ref)) => Some(type_ref),
                    _ => None,
                },
            );
        let Some(type_ref) = found else {
            return vm.raise(Fault::of(
                "System.Management.Automation.PSArgumentException",
                "TypeNotFound",
                Category::InvalidType,
                format!("Cannot find type [{name}]: verify that the assembly containing this type is loaded."),
            ));
        };
        let arguments = call.items("ArgumentList");
        let object = if matches!(type_ref.code, TypeCode::PSObject | TypeCode::CustomObject) {
            match arguments.first() {
                Some(first) => first.clone(),
                None => CustomObject::from_notes([]),
            }
        } else {
            self.create(vm, &type_ref, arguments)?
        };
        let object = match call.get("Property").map(Value::into_base) {
            Some(Value::Dict(table)) => set_properties(vm, object, &table.pairs())?,
            _ => object,
        };
        vm.write(object)
    }
}

impl NewObject {
    fn create(&self, vm: &mut Vm, type_ref: &TypeRef, arguments: Vec<Value>) -> R<Value> {
        let bare = arguments.is_empty();
        let simple = matches!(type_ref.code, TypeCode::Bool | TypeCode::Char)
            || (type_ref.code.is_numeric() && type_ref.code != TypeCode::Decimal);
        if simple {
            return match bare {
                true => vm.convert(&Value::Int(0), type_ref),
                false => vm.raise(no_constructor(type_ref)),
            };
        }
        let count = arguments.len();
        let made = vm.construct_as(Called::NewObject(&type_ref.name), type_ref, arguments);
        // What the constructor of a script's class throws comes out bare of `new`, but is here the
        // failure of a call like any other.
        let made = match made {
            Err(unwind) if type_ref.class().is_some() => {
                vm.wrap_exception(".ctor", count, unwind, None)
            }
            made => made,
        };
        match made {
            Ok(object) => Ok(object),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let id = thrown.record.error_id.borrow().clone();
                    let unfit = matches!(
                        &*id,
                        "MethodCountCouldNotFindBest"
                            | "MethodNotFound"
                            | "CannotFindAppropriateCtor"
                            | "CannotCreateObject"
                            | "MethodArgumentCountException"
                    );
                    if bare && unfit {
                        return vm.raise(no_constructor(type_ref));
                    }
                    let record = crate::runtime::error::ErrorRecord::new(
                        thrown.record.exception.clone(),
                        "ConstructorInvokedThrowException",
                        Category::InvalidOperation,
                        Value::Null,
                    );
                    Err(crate::runtime::error::Thrown {
                        record: Rc::new(record),
                        ends_script: false,
                    }
                    .into())
                }
                other => Err(Box::new(other)),
            },
        }
    }
}

fn no_constructor(type_ref: &TypeRef) -> Fault {
    Fault::of(
        "System.Management.Automation.PSArgumentException",
        "CannotFindAppropriateCtor",
        Category::ObjectNotFound,
        format!(
            "A constructor was not found. Cannot find an appropriate constructor for type {}.",
            type_ref.full_name
        ),
    )
}

fn set_properties(vm: &mut Vm, object: Value, pairs: &[(Value, Value)]) -> R<Value> {
    let mut object = object;
    for (key, value) in pairs {
        let name = vm.to_text(key)?;
        if matches!(object.base(), Value::Custom(_)) {
            object = add_member(&object, &name, Member::Note(value.clone()));
            continue;
        }
        let known = vm
            .properties(&object)?
            .iter()
            .any(|p| p.name.eq_ignore_ascii_case(&name));
        if !known {
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "InvalidOperationException",
                Category::InvalidOperation,
                format!("The member \"{name}\" was not found for the specified .NET object."),
            ));
        }
        if let Err(unwind) = vm.write_property(&object, &name, value.clone()) {
            return match *unwind {
                Unwind::Error(thrown) => {
                    let message = thrown.record.message();
                    vm.raise(Fault::of(
                        "System.Exception",
                        "SetValueException",
                        Category::InvalidData,
                        message,
                    ))
                }
                other => Err(Box::new(other)),
            };
        }
    }
    Ok(object)
}

//! What `psobject` gives: properties, methods and type names of an object, as objects.

use super::added::{add_member, extension_of, own_member};
use super::list::PropertyKind;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::object::Member;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{TypeRef, failures, generic, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

fn known_type(name: &str) -> TypeRef {
    type_named(name)
}

/// `$value.psobject`
pub struct ObjectView {
    value: Value,
}

impl ObjectView {
    /// The view of a value.
    pub fn new(value: Value) -> ObjectView {
        ObjectView { value }
    }

    fn members(&self, filter: Filter) -> Value {
        Value::native(MemberCollection {
            owner: self.value.clone(),
            filter,
        })
    }
}

impl Native for ObjectView {
    fn type_ref(&self) -> TypeRef {
        known_type("System.Management.Automation.PSObject")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        vm.to_text(&self.value)
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Members",
            "Properties",
            "Methods",
            "ImmediateBaseObject",
            "BaseObject",
            "TypeNames",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "properties" => self.members(Filter::Properties),
            "members" => self.members(Filter::All),
            "methods" => self.members(Filter::Methods),
            "baseobject" | "immediatebaseobject" => self.value.base().clone(),
            "typenames" => Value::native(TypeNames::new(self.value.clone())),
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match name {
            "copy" => copy(&self.value),
            "tostring" => Value::str(vm.to_text(&self.value)?),
            "gethashcode" | "equals" | "compareto" => {
                return vm.call_dotnet(&self.value, name, &[], &mut arguments.to_vec());
            }
            _ => return Ok(None),
        }))
    }
}

/// The copy that an instance of a management class makes of itself, with copies of the objects in it;
/// nothing for other objects.
pub(super) fn management_copy(value: &Value) -> Option<Value> {
    use crate::runtime::object::Member;
    let Value::Custom(object) = value.base() else {
        return None;
    };
    let is_instance = object
        .type_names
        .borrow()
        .first()
        .is_some_and(|it| it.starts_with("Microsoft.Management.Infrastructure.CimInstance"));
    if !is_instance {
        return None;
    }
    let made = copy(value.base());
    if let Value::Custom(made) = &made {
        for (name, member) in object.members.list() {
            if let Member::Note(inner @ Value::Custom(_)) = member {
                made.members.set(&name, Member::Note(copy(&inner)));
            }
        }
    }
    Some(made)
}

/// A copy of an object with members of its own.
fn copy(value: &Value) -> Value {
    use crate::runtime::collection::Array;
    use crate::runtime::object::{CustomObject, Wrapped};
    match value {
        Value::Custom(object) => Value::Custom(Rc::new(CustomObject {
            members: object.members.copy(),
            type_names: object.type_names.clone(),
        })),
        Value::Wrapped(wrapped) => Value::Wrapped(Rc::new(Wrapped {
            base: wrapped.base.clone(),
            extension: wrapped.extension.copy(),
            written: wrapped.written.clone(),
        })),
        Value::Array(array) => Value::Array(Rc::new(Array {
            element: array.element.clone(),
            items: array.items.clone(),
            dimensions: array.dimensions.clone(),
            extension: array.extension.copy(),
        })),
        Value::Dict(dictionary) => {
            let copied = crate::runtime::collection::Dictionary::new(
                dictionary.type_ref.clone(),
                dictionary.comparison,
            );
            *copied.entries().borrow_mut() = dictionary.entries().borrow().clone();
            Value::Dict(Rc::new(copied))
        }
        other => other.clone(),
    }
}

/// Which members a collection shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    Properties,
    Methods,
    All,
}

/// The members of an object, which can be added and removed.
struct MemberCollection {
    owner: Value,
    filter: Filter,
}

impl MemberCollection {
    fn items(&self, vm: &mut Vm) -> R<Vec<Value>> {
        let mut items = Vec::new();
        if self.filter != Filter::Methods {
            for property in vm.every_property(&self.owner)? {
                items.push(Value::native(PsMember::of(
                    vm,
                    &self.owner,
                    &property.name,
                    property.kind,
                )));
            }
        }
        if self.filter != Filter::Properties {
            for member in vm.members(&self.owner)? {
                if member.kind.ends_with("Method")
                    && let Some(method) = self.find_method(vm, &member.name)?
                {
                    items.push(method);
                }
            }
        }
        Ok(items)
    }

    fn find(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if self.filter != Filter::Methods {
            for property in vm.every_property(&self.owner)? {
                if property.name.eq_ignore_ascii_case(name) {
                    return Ok(Some(Value::native(PsMember::of(
                        vm,
                        &self.owner,
                        &property.name,
                        property.kind,
                    ))));
                }
            }
        }
        if self.filter != Filter::Properties {
            return self.find_method(vm, name);
        }
        Ok(None)
    }

    fn find_method(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if let Some(member @ Member::Method(_)) = own_member(&self.owner, Symbol::fold(name)) {
            let method = super::method::script_method(&self.owner, name, &member);
            return Ok(Some(method));
        }
        vm.method_object(&self.owner, name)
    }
}

impl Native for MemberCollection {
    fn type_ref(&self) -> TypeRef {
        let definition =
            known_type("System.Management.Automation.PSMemberInfoIntegratingCollection`1");
        let item = match self.filter {
            Filter::Properties => "System.Management.Automation.PSPropertyInfo",
            Filter::Methods => "System.Management.Automation.PSMethodInfo",
            Filter::All => "System.Management.Automation.PSMemberInfo",
        };
        if definition.full_name.ends_with("`1") {
            generic(&definition, vec![known_type(item)])
        } else {
            definition
        }
    }

    fn enumerate(&self, vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(self.items(vm))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let name = vm.to_text(index)?;
        Ok(Some(self.find(vm, &name)?.unwrap_or_default()))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("add", [member, ..]) => {
                if let Some((name, member)) = detached(member) {
                    if own_member(&self.owner, Symbol::fold(&name)).is_some() {
                        return failures::fail(
                            "System.Management.Automation.ExtendedTypeSystemException",
                            format!(
                                "Cannot add a member with the name \"{name}\" because a member with that name already exists. To overwrite the member anyway, add the Force parameter to your command."
                            ),
                        );
                    }
                    add_member(&self.owner, &name, member);
                }
                Ok(Some(Value::Nothing))
            }
            ("remove", [name]) => {
                let name = vm.to_text(name)?;
                match self.owner.base() {
                    Value::Custom(object) => {
                        object.members.remove(&name);
                    }
                    _ => {
                        if let Some(extension) = extension_of(&self.owner) {
                            extension.write(|data| data.members.remove(&name));
                        }
                    }
                }
                Ok(Some(Value::Nothing))
            }
            ("item", [name]) => {
                let name = vm.to_text(name)?;
                Ok(Some(self.find(vm, &name)?.unwrap_or_default()))
            }
            ("match", [pattern, ..]) => {
                let pattern = vm.to_text(pattern)?;
                let Ok(pattern) =
                    crate::runtime::pattern::wildcard::WildcardPattern::new(&pattern, true)
                else {
                    return Ok(Some(Value::array(Vec::new())));
                };
                let mut found = Vec::new();
                for item in self.items(vm)? {
                    let name = vm.get_member(&item, "Name")?.unwrap_or_default();
                    if name.as_str().is_some_and(|n| pattern.is_match(n)) {
                        found.push(item);
                    }
                }
                Ok(Some(Value::array(found)))
            }
            _ => Ok(None),
        }
    }
}

/// The name and content of a member made with `[psnoteproperty]::new()` and its kin.
pub fn detached(value: &Value) -> Option<(Rc<str>, Member)> {
    let member = value.as_native::<PsMember>()?;
    let content = match &member.owner {
        Some(owner) => own_member(owner, Symbol::fold(&member.name))
            .unwrap_or_else(|| Member::Note(Value::Null)),
        None => member.content.borrow().clone(),
    };
    Some((member.name.clone(), content))
}

/// A property, on an object or not yet.
pub struct PsMember {
    owner: Option<Value>,
    name: Rc<str>,
    kind: PropertyKind,
    content: RefCell<Member>,
}

impl PsMember {
    fn of(vm: &mut Vm, owner: &Value, name: &Rc<str>, kind: PropertyKind) -> PsMember {
        let content = match own_member(owner, Symbol::fold(name)) {
            Some(member) => member,
            None => vm
                .data_member(owner, name)
                .unwrap_or(Member::Note(Value::Null)),
        };
        PsMember {
            owner: Some(owner.clone()),
            name: name.clone(),
            kind,
            content: RefCell::new(content),
        }
    }

    /// A member that belongs to no object yet.
    pub fn detached(name: &str, member: Member) -> Value {
        let kind = match &member {
            Member::Script { .. } => PropertyKind::ScriptProperty,
            Member::Alias { .. } => PropertyKind::AliasProperty,
            _ => PropertyKind::NoteProperty,
        };
        Value::native(PsMember {
            owner: None,
            name: name.into(),
            kind,
            content: RefCell::new(member),
        })
    }

    fn is_method(&self) -> bool {
        matches!(*self.content.borrow(), Member::Method(_))
    }

    fn value(&self, vm: &mut Vm) -> R<Value> {
        match &self.owner {
            Some(owner) => Ok(vm.get_member(owner, &self.name)?.unwrap_or_default()),
            None => match &*self.content.borrow() {
                Member::Note(value) => Ok(value.clone()),
                _ => Ok(Value::Null),
            },
        }
    }

    fn settable(&self, vm: &mut Vm) -> bool {
        match self.kind {
            PropertyKind::NoteProperty | PropertyKind::AliasProperty => true,
            PropertyKind::ScriptProperty => {
                matches!(
                    &*self.content.borrow(),
                    Member::Script {
                        setter: Some(_),
                        ..
                    }
                )
            }
            PropertyKind::CodeProperty => false,
            PropertyKind::Property => match &self.owner {
                Some(Value::Instance(_)) => true,
                Some(owner) => {
                    let type_ref = vm.type_of(owner);
                    super::list::table_members(&type_ref).iter().any(|m| {
                        m.name.eq_ignore_ascii_case(&self.name)
                            && matches!(
                                m.kind,
                                crate::runtime::types::reflection::signature::MemberKind::Property {
                                    set: true,
                                    ..
                                }
                            )
                    })
                }
                None => false,
            },
        }
    }
}

impl Native for PsMember {
    fn type_ref(&self) -> TypeRef {
        if self.is_method() {
            return known_type("System.Management.Automation.PSScriptMethod");
        }
        known_type(match self.kind {
            PropertyKind::NoteProperty => "System.Management.Automation.PSNoteProperty",
            PropertyKind::Property => "System.Management.Automation.PSProperty",
            PropertyKind::ScriptProperty => "System.Management.Automation.PSScriptProperty",
            PropertyKind::AliasProperty => "System.Management.Automation.PSAliasProperty",
            PropertyKind::CodeProperty => "System.Management.Automation.PSCodeProperty",
        })
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        let owner = self.owner.clone().unwrap_or_default();
        if self.kind == PropertyKind::Property {
            let value = self.value(vm)?;
            let shown = match vm.property_type(&owner, &self.name) {
                Some(type_ref) => type_ref.display(),
                None => vm.type_of(&value).display(),
            };
            let access = if self.settable(vm) {
                "get;set;"
            } else {
                "get;"
            };
            return Ok(format!("{shown} {} {{{access}}}", self.name));
        }
        let content = self.content.borrow().clone();
        Ok(vm.added_definition(&owner, &self.name, &content)?.1)
    }

    fn properties(&self) -> Vec<&'static str> {
        let own: &[&str] = match self.kind {
            PropertyKind::ScriptProperty => &["SetterScript", "GetterScript"],
            PropertyKind::AliasProperty => &["ReferencedMemberName"],
            _ => &[],
        };
        let shared = [
            "MemberType",
            "IsSettable",
            "IsGettable",
            "Value",
            "TypeNameOfValue",
            "Name",
            "IsInstance",
        ];
        own.iter().copied().chain(shared).collect()
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str(&*self.name),
            "value" => self.value(vm)?,
            "membertype" => Value::enum_of(
                "System.Management.Automation.PSMemberTypes",
                if self.is_method() {
                    256
                } else {
                    match self.kind {
                        PropertyKind::AliasProperty => 1,
                        PropertyKind::CodeProperty => 2,
                        PropertyKind::Property => 4,
                        PropertyKind::NoteProperty => 8,
                        PropertyKind::ScriptProperty => 16,
                    }
                },
            ),
            "typenameofvalue" => {
                let owner = self.owner.clone().unwrap_or_default();
                let declared = match self.kind {
                    PropertyKind::Property => vm.property_type(&owner, &self.name),
                    PropertyKind::ScriptProperty => Some(known::object()),
                    _ => None,
                };
                match declared {
                    Some(type_ref) => Value::str(type_ref.reflection_text()),
                    None => {
                        let value = self.value(vm)?;
                        Value::str(vm.type_of(&value).reflection_text())
                    }
                }
            }
            "issettable" => Value::Bool(self.settable(vm)),
            "isgettable" => Value::Bool(true),
            "isinstance" => Value::Bool(match &self.owner {
                Some(owner) => own_member(owner, Symbol::fold(&self.name)).is_some(),
                None => true,
            }),
            "referencedmembername" => match &*self.content.borrow() {
                Member::Alias { target, .. } => Value::str(&**target),
                _ => return Ok(None),
            },
            "getterscript" => match &*self.content.borrow() {
                Member::Script { getter, .. } => getter.clone().map(Value::Block).into_value(),
                _ => return Ok(None),
            },
            "setterscript" => match &*self.content.borrow() {
                Member::Script { setter, .. } => setter.clone().map(Value::Block).into_value(),
                _ => return Ok(None),
            },
            "script" => match &*self.content.borrow() {
                Member::Method(block) => Value::Block(block.clone()),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("value") {
            return Ok(None);
        }
        match &self.owner {
            Some(owner) => vm.write_property(owner, &self.name, value)?,
            None => *self.content.borrow_mut() = Member::Note(value),
        }
        Ok(Some(true))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "copy" => Some(PsMember::detached(
                &self.name,
                self.content.borrow().clone(),
            )),
            _ => None,
        })
    }
}

trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for Option<Value> {
    fn into_value(self) -> Value {
        self.unwrap_or_default()
    }
}

/// The type names of an object, which can be changed.
pub struct TypeNames {
    owner: Value,
}

impl TypeNames {
    /// Those of a value.
    pub fn new(owner: Value) -> TypeNames {
        TypeNames { owner }
    }

    fn store(&self, names: Vec<Rc<str>>) {
        match self.owner.base() {
            Value::Custom(object) => *object.type_names.borrow_mut() = names,
            _ => {
                if let Some(extension) = extension_of(&self.owner) {
                    extension.write(|data| data.type_names = Some(names));
                }
            }
        }
    }
}

impl Native for TypeNames {
    fn type_ref(&self) -> TypeRef {
        let definition = known_type("System.Collections.ObjectModel.Collection`1");
        generic(&definition, vec![known::string()])
    }

    fn enumerate(&self, vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let names = vm.type_names(&self.owner);
        Some(Ok(names.iter().map(|n| Value::str(&**n)).collect()))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = vm.type_names(&self.owner).len();
        Ok(name
            .eq_ignore_ascii_case("count")
            .then_some(Value::Int(count as i32)))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let names = vm.type_names(&self.owner);
        let at = i64::from(vm.to_int(index)?);
        let at = if at < 0 { at + names.len() as i64 } else { at };
        let name = usize::try_from(at).ok().and_then(|at| names.get(at));
        Ok(Some(name.map_or(Value::Null, |n| Value::str(&**n))))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut names = vm.type_names(&self.owner);
        let text = |vm: &mut Vm, at: usize| -> R<Rc<str>> {
            Ok(vm
                .to_text(arguments.get(at).unwrap_or(&Value::Null))?
                .into())
        };
        let mut result = Value::Nothing;
        match name {
            "add" => names.push(text(vm, 0)?),
            "insert" => {
                let at = vm.to_int(arguments.first().unwrap_or(&Value::Null))?;
                let added = text(vm, 1)?;
                match usize::try_from(at) {
                    Ok(at) if at <= names.len() => names.insert(at, added),
                    _ => return failures::bad_index(),
                }
            }
            "clear" => names.clear(),
            "remove" => {
                let wanted = text(vm, 0)?;
                let place = names.iter().position(|n| *n == wanted);
                if let Some(at) = place {
                    names.remove(at);
                }
                result = Value::Bool(place.is_some());
            }
            "removeat" => {
                let at = vm.to_int(arguments.first().unwrap_or(&Value::Null))?;
                match usize::try_from(at) {
                    Ok(at) if at < names.len() => {
                        names.remove(at);
                    }
                    _ => return failures::bad_index(),
                }
            }
            "contains" => {
                let wanted = text(vm, 0)?;
                return Ok(Some(Value::Bool(names.contains(&wanted))));
            }
            "indexof" => {
                let wanted = text(vm, 0)?;
                let at = names.iter().position(|n| *n == wanted);
                return Ok(Some(Value::Int(at.map_or(-1, |at| at as i32))));
            }
            _ => return Ok(None),
        }
        self.store(names);
        Ok(Some(result))
    }
}

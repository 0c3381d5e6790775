//! Members that scripts and type data add to objects.

use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::object::{CustomObject, Extension, Member, Members};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::Symbol;
use crate::runtime::type_data::type_data;
use crate::runtime::value::Value;
use crate::runtime::view::AddedMember;
use crate::runtime::vm::{MAX_CALL_DEPTH, Vm};
use crate::syntax::source::Source;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What scripts added to an object; `None` for values that cannot carry anything.
pub fn extension_of(value: &Value) -> Option<&Extension> {
    match value {
        Value::Wrapped(wrapped) => Some(&wrapped.extension),
        Value::Array(array) => Some(&array.extension),
        Value::List(list) => Some(&list.extension),
        Value::Dict(dictionary) => Some(&dictionary.extension),
        Value::Block(block) => Some(&block.extension),
        Value::Instance(instance) => Some(&instance.extension),
        Value::Error(error) => Some(&error.extension),
        Value::Exception(exception) => Some(&exception.extension),
        Value::Native(native) => Some(&native.extension),
        _ => None,
    }
}

/// Adds a member to an object; the object with the member, which for strings,
/// numbers and the like is a new wrapper around the value.
pub fn add_member(value: &Value, name: &str, member: Member) -> Value {
    if let Value::Custom(object) = value.base() {
        object.members.set(name, member);
        return value.clone();
    }
    if let Some(extension) = extension_of(value) {
        extension.write(|data| data.members.set(name, member));
        return value.clone();
    }
    let members = Members::default();
    members.set(name, member);
    Value::Wrapped(Rc::new(crate::runtime::object::Wrapped {
        base: value.clone(),
        extension: Extension::with(members),
        written: None,
    }))
}

/// The value as an object that keeps what is added to it, as a cast to `[psobject]`
/// makes it.
pub fn as_object(value: Value) -> Value {
    match &value {
        Value::Custom(_) | Value::Null | Value::Nothing => value,
        _ if extension_of(&value).is_some() => value,
        _ => Value::Wrapped(Rc::new(crate::runtime::object::Wrapped {
            base: value,
            extension: Extension::default(),
            written: None,
        })),
    }
}

/// The member that a script added to this object.
pub fn own_member(value: &Value, name: Symbol) -> Option<Member> {
    if let Value::Custom(object) = value {
        return object.members.get(name);
    }
    if let Some(found) = extension_of(value).and_then(|e| e.member(name)) {
        return Some(found);
    }
    match value {
        Value::Wrapped(wrapped) => own_member(&wrapped.base, name),
        _ => None,
    }
}

/// The members that scripts added to this object, in order.
pub fn own_members(value: &Value) -> Vec<(Rc<str>, Member)> {
    if let Value::Custom(object) = value {
        return object.members.list();
    }
    let mut all = extension_of(value)
        .and_then(|e| e.read(|data| data.members.list()))
        .unwrap_or_default();
    if let Value::Wrapped(wrapped) = value {
        all.extend(own_members(&wrapped.base));
    }
    all
}

impl Vm {
    /// The member that type data gives to objects of this type name.
    pub fn type_data_member(&mut self, type_name: &str, name: &str) -> Option<Member> {
        if !self.session.type_members.is_empty()
            && let Some(members) = self.session.type_members.get(&Symbol::fold(type_name))
            && let Some(found) = members.get(Symbol::fold(name))
        {
            return Some(found);
        }
        let data = type_data(type_name)?;
        let (_, added) = data
            .members
            .iter()
            .find(|(n, added)| n.eq_ignore_ascii_case(name) && is_usable(added))?;
        Some(built_in(type_name, name, added))
    }

    /// The members that type data gives to objects of this type name, in order.
    pub fn type_data_members(&mut self, type_name: &str) -> Vec<(Rc<str>, Member)> {
        let mut all: Vec<(Rc<str>, Member)> = type_data(type_name)
            .map(|data| {
                data.members
                    .iter()
                    .filter(|(_, added)| is_usable(added))
                    .map(|(n, added)| (Rc::from(n.as_str()), built_in(type_name, n, added)))
                    .collect()
            })
            .unwrap_or_default();
        if let Some(members) = self.session.type_members.get(&Symbol::fold(type_name)) {
            for (name, member) in members.list() {
                all.retain(|(n, _)| !n.eq_ignore_ascii_case(&name));
                all.push((name, member));
            }
        }
        all
    }

    /// Does something with what an alias stands for; it may lead back to itself.
    pub fn through_alias<T>(&mut self, name: &str, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        if self.depth >= MAX_CALL_DEPTH {
            return self.raise(Fault::of(
                "System.Management.Automation.ExtendedTypeSystemException",
                "CycleInAliasLookup",
                Category::NotSpecified,
                format!("There is a cycle in the alias \"{name}\"."),
            ));
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// The value of an added member of this object.
    pub fn read_member(&mut self, target: &Value, name: &str, member: &Member) -> R<Value> {
        match member {
            Member::Note(value) => Ok(value.clone()),
            Member::Script {
                getter: Some(block),
                ..
            } => {
                let propagate = std::mem::replace(&mut self.propagate, true);
                let output = self.call_block_with(
                    &block.clone(),
                    BlockCall {
                        this: Some(target.clone()),
                        ..BlockCall::default()
                    },
                );
                self.propagate = propagate;
                match output {
                    Ok(items) => match Vm::captured(items) {
                        Value::Nothing => Ok(Value::Null),
                        other => Ok(other),
                    },
                    // A failing getter reads as null.
                    Err(unwind) => match *unwind {
                        crate::runtime::error::Unwind::Error(_) => Ok(Value::Null),
                        _ => Err(unwind),
                    },
                }
            }
            Member::Script { getter: None, .. } => Ok(Value::Null),
            Member::Alias {
                target: other,
                conversion,
            } => {
                let value = self.through_alias(name, |vm| vm.get_member(target, other))?;
                let value = value.unwrap_or_default();
                match conversion {
                    Some(type_ref) => self.convert(&value, type_ref),
                    None => Ok(value),
                }
            }
            Member::Code(read) => read(self, target),
            Member::Method(_) => Ok(super::method::script_method(target, name, member)),
            Member::PropertySet(_) => Ok(Value::Null),
            Member::MemberSet(set) => {
                let members = Members::default();
                for (name, member) in set.list() {
                    members.set(&name, member);
                }
                Ok(Value::Custom(Rc::new(CustomObject::new(members))))
            }
        }
    }
}

/// Methods of the engine in type data belong to types whose own files have them.
fn is_usable(added: &AddedMember) -> bool {
    !matches!(added, AddedMember::CodeMethod(_))
}

fn built_in(type_name: &str, name: &str, added: &AddedMember) -> Member {
    thread_local! {
        static BLOCKS: RefCell<FxHashMap<String, Rc<ScriptBlock>>> = RefCell::default();
    }
    let block = |text: &str| {
        let key = format!("{type_name}.{name}");
        if let Some(found) = BLOCKS.with_borrow(|b| b.get(&key).cloned()) {
            return found;
        }
        let parsed = crate::syntax::parse(text);
        let source = Rc::new(Source::new(text, None));
        let block = Rc::new(ScriptBlock::new(parsed.block, source, None));
        BLOCKS.with_borrow_mut(|b| b.insert(key, block.clone()));
        block
    };
    match added {
        AddedMember::Alias(target) => Member::Alias {
            target: target.as_str().into(),
            conversion: None,
        },
        AddedMember::Note(text) => Member::Note(Value::str(text.as_str())),
        AddedMember::Script(text) => Member::Script {
            getter: Some(block(text)),
            setter: None,
        },
        AddedMember::ScriptMethod(text) => Member::Method(block(text)),
        AddedMember::Code(code) => Member::Code(
            crate::runtime::types::automation::code_properties::find(type_name, code),
        ),
        AddedMember::CodeMethod(_) => Member::Note(Value::Null),
    }
}

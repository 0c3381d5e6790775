//! Names and calls: local variables, members of the source's own classes, and everything outside.

use super::expression::evaluate;
use super::operators::fail;
use super::space::Running;
use crate::runtime::class::{Body as ClassBody, ClassDefinition, MethodDefinition, PRIVATE};
use crate::runtime::error::R;
use crate::runtime::object::Instance;
use crate::runtime::types::{TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::ast::*;
use std::rc::Rc;

/// What stands before a point.
pub(super) enum Target {
    Value(Value),
    Type(TypeRef),
    /// `base`, with the object.
    Base(Value),
    /// The beginning of a name that is none alone.
    Namespace(String),
}

/// Whether a member's own name is this, for its own class and for others.
fn is_named(own: &str, name: &str) -> bool {
    own == name || own.strip_prefix(PRIVATE) == Some(name)
}

fn null<T>(vm: &mut Vm) -> R<T> {
    fail(
        vm,
        "System.NullReferenceException",
        "Object reference not set to an instance of an object.",
    )
}

/// The methods of a class and its bases with exactly this name.
fn methods(class: &ClassDefinition, name: &str, is_static: Option<bool>) -> Vec<MethodDefinition> {
    let fits = |m: &&MethodDefinition| {
        is_named(&m.name, name) && is_static.is_none_or(|wanted| m.is_static == wanted)
    };
    let mut found: Vec<MethodDefinition> = class.methods.iter().filter(fits).cloned().collect();
    if let Some(base) = &class.base {
        for method in methods(base, name, is_static) {
            let hidden = found.iter().any(|own| {
                own.parameters.len() == method.parameters.len()
                    && own
                        .parameters
                        .iter()
                        .zip(&method.parameters)
                        .all(|(a, b)| a.1 == b.1)
            });
            if !hidden {
                found.push(method);
            }
        }
    }
    found
}

fn field_of(instance: &Instance, name: &str) -> Option<usize> {
    let properties = &instance.class.properties;
    properties.iter().rposition(|p| is_named(&p.name, name))
}

fn static_of(class: &Rc<ClassDefinition>, name: &str) -> Option<(Rc<ClassDefinition>, usize)> {
    match class.statics.iter().position(|p| is_named(&p.name, name)) {
        Some(at) => Some((class.clone(), at)),
        None => class.base.as_ref().and_then(|base| static_of(base, name)),
    }
}

/// The value of a name or member.
pub(super) fn value_of(vm: &mut Vm, run: &mut Running, expression: &Expr) -> R<Value> {
    match target(vm, run, expression)? {
        Target::Value(value) | Target::Base(value) => Ok(value),
        Target::Type(found) => Ok(Value::Type(found)),
        Target::Namespace(name) => fail(
            vm,
            "System.NotSupportedException",
            &format!("This shell does not know '{name}' that the C# source names."),
        ),
    }
}

/// What an expression before a point stands for.
pub(super) fn target(vm: &mut Vm, run: &mut Running, expression: &Expr) -> R<Target> {
    match &expression.kind {
        ExprKind::This => Ok(Target::Value(run.this.clone().unwrap_or_default())),
        ExprKind::Base => Ok(Target::Base(run.this.clone().unwrap_or_default())),
        ExprKind::TypeName(syntax) => {
            let found = run.space.clone().resolve(vm, syntax);
            Ok(Target::Type(found))
        }
        ExprKind::Name(name, arguments) => name_target(vm, run, name, arguments),
        ExprKind::Member(owner, name, arguments, conditional) => match target(vm, run, owner)? {
            Target::Value(value) if value.is_null() => match conditional {
                true => Ok(Target::Value(Value::Null)),
                false => null(vm),
            },
            Target::Namespace(start) => {
                let full = format!("{start}.{name}");
                Ok(type_target(vm, run, &full, arguments))
            }
            Target::Type(found) => {
                let nested = format!("{}+{name}", found.full_name);
                let types = run.space.program.types.borrow().clone();
                if let Some(nested) = types.iter().find(|t| *t.full_name == *nested) {
                    return Ok(Target::Type(nested.clone()));
                }
                read_member(vm, &Target::Type(found), name).map(Target::Value)
            }
            owner => read_member(vm, &owner, name).map(Target::Value),
        },
        _ => evaluate(vm, run, expression).map(Target::Value),
    }
}

fn type_target(vm: &mut Vm, run: &Running, name: &str, arguments: &[TypeSyntax]) -> Target {
    if !arguments.is_empty() {
        let space = run.space.clone();
        let parts: Vec<NamePart> = name
            .split('.')
            .map(|text| NamePart {
                text: text.into(),
                arguments: Vec::new(),
            })
            .collect();
        let mut parts = parts;
        if let Some(last) = parts.last_mut() {
            last.arguments = arguments.to_vec();
        }
        let syntax = TypeSyntax {
            at: 0,
            shape: TypeShape::Named(parts),
        };
        if let Some(found) = space.find(vm, &syntax) {
            return Target::Type(found);
        }
    }
    match run.space.find_name(vm, name) {
        Some(found) => Target::Type(found),
        None => Target::Namespace(name.to_string()),
    }
}

fn name_target(
    vm: &mut Vm,
    run: &mut Running,
    name: &Rc<str>,
    arguments: &[TypeSyntax],
) -> R<Target> {
    if let Some(local) = run.local(name) {
        return Ok(Target::Value(local.place.get()));
    }
    if let Some(Value::Instance(instance)) = run.this.clone().as_ref().map(Value::base)
        && field_of(instance, name).is_some()
    {
        let this = Target::Value(Value::Instance(instance.clone()));
        return read_member(vm, &this, name).map(Target::Value);
    }
    let own = run.space.own.clone();
    if let Some(class) = own.class() {
        if static_of(&class, name).is_some() {
            return read_member(vm, &Target::Type(own), name).map(Target::Value);
        }
        if !methods(&class, name, None).is_empty() {
            let group = super::delegate::of_methods(run, name);
            return Ok(Target::Value(group));
        }
    }
    // The classes around, whose static members need no name before them.
    for around in around(run) {
        if around
            .class()
            .is_some_and(|c| static_of(&c, name).is_some())
            || around.is_enum()
        {
            return read_member(vm, &Target::Type(around), name).map(Target::Value);
        }
    }
    if let Some(this) = run.this.clone()
        && let Value::Instance(instance) = this.base()
        && let Some(base) = instance.native_base.borrow().clone()
        && let Some(found) = vm.get_member(&base, name)?
    {
        return Ok(Target::Value(found));
    }
    if let Some((_, alias)) = run.space.program.aliases.iter().find(|(n, _)| n == name) {
        let alias = alias.clone();
        if let Some(found) = run.space.clone().find(vm, &alias) {
            return Ok(Target::Type(found));
        }
    }
    Ok(type_target(vm, run, name, arguments))
}

/// The types around the running one, innermost first.
fn around(run: &Running) -> Vec<TypeRef> {
    let types = run.space.program.types.borrow();
    let mut found = Vec::new();
    let mut prefix = run.space.declaration.prefix.to_string();
    if run.space.own.is_enum() {
        found.push(run.space.own.clone());
    }
    while let Some(outer) = prefix.strip_suffix('+') {
        found.extend(types.iter().find(|t| *t.full_name == *outer).cloned());
        prefix = match outer.rfind(['+', '.']) {
            Some(at) => outer.get(..=at).unwrap_or("").to_string(),
            None => String::new(),
        };
    }
    found
}

/// `target.name`
pub(super) fn read_member(vm: &mut Vm, target: &Target, name: &str) -> R<Value> {
    match target {
        Target::Namespace(_) => Ok(Value::Null),
        Target::Type(found) => {
            if let Some(class) = found.class() {
                if let Some((owner, at)) = static_of(&class, name) {
                    vm.prepare_statics(&owner)?;
                    let property = owner.statics.get(at).cloned();
                    if let Some(accessors) = property.and_then(|p| p.accessors)
                        && let Some(ClassBody::Compiled(get)) = &accessors.get
                    {
                        return get(vm, None, Vec::new());
                    }
                    let value = owner.static_values.borrow().get(at).cloned();
                    return Ok(value.unwrap_or_default());
                }
                let found_methods = methods(&class, name, Some(true));
                if !found_methods.is_empty() {
                    return Ok(super::delegate::of_list(None, found_methods));
                }
            }
            vm.read_static(found, name)
        }
        Target::Value(value) | Target::Base(value) => {
            if value.is_null() {
                return null(vm);
            }
            if let Value::Instance(instance) = value.base() {
                if let Some(at) = field_of(instance, name) {
                    let property = instance.class.properties.get(at).cloned();
                    if let Some(accessors) = property.and_then(|p| p.accessors)
                        && let Some(ClassBody::Compiled(get)) = &accessors.get
                    {
                        return get(vm, Some(value.base()), Vec::new());
                    }
                    let field = instance.fields.borrow().get(at).cloned();
                    return Ok(field.unwrap_or_default());
                }
                let found = methods(&instance.class, name, Some(false));
                if !found.is_empty() {
                    return Ok(super::delegate::of_list(Some(value.clone()), found));
                }
            }
            vm.read_property(value, name)
        }
    }
}

/// `target.name = value`
pub(super) fn write_member(vm: &mut Vm, target: &Target, name: &str, value: Value) -> R<()> {
    match target {
        Target::Namespace(_) => Ok(()),
        Target::Type(found) => {
            if let Some(class) = found.class()
                && let Some((owner, at)) = static_of(&class, name)
                && let Some(property) = owner.statics.get(at).cloned()
            {
                vm.prepare_statics(&owner)?;
                let value = super::expression::coerce(vm, value, &property.type_ref)?;
                if let Some(accessors) = property.accessors
                    && let Some(ClassBody::Compiled(set)) = &accessors.set
                {
                    return set(vm, None, vec![value]).map(|_| ());
                }
                if let Some(place) = owner.static_values.borrow_mut().get_mut(at) {
                    *place = value;
                }
                return Ok(());
            }
            vm.write_static(found, name, value)
        }
        Target::Value(object) | Target::Base(object) => {
            if object.is_null() {
                return null(vm);
            }
            if let Value::Instance(instance) = object.base()
                && let Some(at) = field_of(instance, name)
                && let Some(property) = instance.class.properties.get(at).cloned()
            {
                let value = super::expression::coerce(vm, value, &property.type_ref)?;
                if let Some(accessors) = property.accessors
                    && let Some(ClassBody::Compiled(set)) = &accessors.set
                {
                    return set(vm, Some(object.base()), vec![value]).map(|_| ());
                }
                if let Some(place) = instance.fields.borrow_mut().get_mut(at) {
                    *place = value;
                }
                return Ok(());
            }
            vm.write_property(object, name, value)
        }
    }
}

/// Writes to a name or member.
pub(super) fn write(vm: &mut Vm, run: &mut Running, place: &Expr, value: Value) -> R<()> {
    match &place.kind {
        ExprKind::Name(name, _) => {
            if let Some(local) = run.local(name) {
                let (type_ref, cell) = (local.type_ref.clone(), local.place.clone());
                let value = match type_ref {
                    Some(wanted) => super::expression::coerce(vm, value, &wanted)?,
                    None => value,
                };
                cell.set(value);
                return Ok(());
            }
            if let Some(this) = run.this.clone()
                && let Value::Instance(instance) = this.base()
                && (field_of(instance, name).is_some()
                    || run
                        .space
                        .own
                        .class()
                        .is_none_or(|c| static_of(&c, name).is_none()))
            {
                return write_member(vm, &Target::Value(this), name, value);
            }
            let mut owner = run.space.own.clone();
            for outer in around(run) {
                let has = |t: &TypeRef| t.class().is_some_and(|c| static_of(&c, name).is_some());
                if !has(&owner) && has(&outer) {
                    owner = outer;
                }
            }
            write_member(vm, &Target::Type(owner), name, value)
        }
        ExprKind::Member(owner, name, _, _) => {
            let owner = target(vm, run, owner)?;
            write_member(vm, &owner, name, value)
        }
        _ => Ok(()),
    }
}

/// The type that a place takes, where the source says it.
pub(super) fn type_of_place(_vm: &mut Vm, run: &Running, place: &Expr) -> Option<TypeRef> {
    let ExprKind::Name(name, _) = &place.kind else {
        return None;
    };
    if let Some(local) = run.local(name) {
        return local.type_ref.clone();
    }
    if let Some(Value::Instance(instance)) = run.this.as_ref().map(Value::base)
        && let Some(at) = field_of(instance, name)
    {
        return instance
            .class
            .properties
            .get(at)
            .map(|p| p.type_ref.clone());
    }
    let (owner, at) = static_of(&run.space.own.class()?, name)?;
    owner.statics.get(at).map(|p| p.type_ref.clone())
}

/// The values of arguments; a variable taken by reference comes as that.
pub(super) fn arguments(vm: &mut Vm, run: &mut Running, given: &[Argument]) -> R<Vec<Value>> {
    let mut values = Vec::new();
    for argument in given {
        if let Some(name) = &argument.declares {
            run.declare(name, None, Value::Null);
        }
        let place = match (&argument.value.kind, &argument.declares) {
            (_, Some(name)) => run.local(name).map(|local| local.place.clone()),
            (ExprKind::Name(name, _), None) if argument.by_ref => {
                run.local(name).map(|local| local.place.clone())
            }
            _ => None,
        };
        values.push(match place {
            Some(place) => Value::Ref(place),
            None if argument.by_ref => {
                let value = evaluate(vm, run, &argument.value)?;
                let cell = std::cell::RefCell::new(value);
                Value::Ref(Rc::new(crate::runtime::object::Reference::Cell(cell)))
            }
            None => evaluate(vm, run, &argument.value)?,
        });
    }
    Ok(values)
}

/// `target(arguments)`
pub(super) fn call(vm: &mut Vm, run: &mut Running, callee: &Expr, given: &[Argument]) -> R<Value> {
    match &callee.kind {
        ExprKind::Name(name, types) if run.local(name).is_none() => {
            let values = arguments(vm, run, given)?;
            let result = call_name(vm, run, name, types, values.clone())?;
            take_back(vm, run, given, &values)?;
            Ok(result)
        }
        ExprKind::Member(owner, name, types, conditional) => {
            let owner = target(vm, run, owner)?;
            if let Target::Value(Value::Null | Value::Nothing) = &owner {
                return match conditional {
                    true => Ok(Value::Null),
                    false => null(vm),
                };
            }
            let types: Vec<TypeRef> = types
                .iter()
                .map(|syntax| run.space.clone().resolve(vm, syntax))
                .collect();
            let values = arguments(vm, run, given)?;
            let result = call_member(vm, &owner, name, &types, values.clone())?;
            take_back(vm, run, given, &values)?;
            Ok(result)
        }
        _ => {
            let callee = evaluate(vm, run, callee)?;
            let values = arguments(vm, run, given)?;
            super::delegate::invoke(vm, &callee, values)
        }
    }
}

/// What a call left in places that are no variables.
fn take_back(vm: &mut Vm, run: &mut Running, given: &[Argument], values: &[Value]) -> R<()> {
    for (argument, value) in given.iter().zip(values) {
        let is_local = match &argument.value.kind {
            ExprKind::Name(name, _) => run.local(name).is_some(),
            _ => false,
        };
        if argument.by_ref
            && argument.declares.is_none()
            && !is_local
            && let Value::Ref(place) = value
        {
            super::expression::assign(vm, run, &argument.value, place.get())?;
        }
    }
    Ok(())
}

fn call_name(
    vm: &mut Vm,
    run: &mut Running,
    name: &Rc<str>,
    types: &[TypeSyntax],
    values: Vec<Value>,
) -> R<Value> {
    if let Some(Value::Instance(instance)) = run.this.clone().as_ref().map(Value::base) {
        let found = methods(&instance.class, name, Some(false));
        if !found.is_empty() {
            let this = Value::Instance(instance.clone());
            return call_own(vm, &found, name, Some(&this), values);
        }
    }
    let mut owners = vec![run.space.own.clone()];
    owners.extend(around(run));
    for owner in owners {
        if let Some(class) = owner.class() {
            let found = methods(&class, name, Some(true));
            if !found.is_empty() {
                vm.prepare_statics(&class)?;
                return call_own(vm, &found, name, None, values);
            }
        }
    }
    // A field or property that can be called.
    if let Target::Value(callee) = name_target(vm, run, name, types)? {
        return super::delegate::invoke(vm, &callee, values);
    }
    match run.this.clone() {
        Some(this) => vm.invoke_method(&this, name, values),
        None => fail(
            vm,
            "System.NotSupportedException",
            &format!("This shell does not know '{name}' that the C# source calls."),
        ),
    }
}

/// `target.name(values)`
pub(super) fn call_member(
    vm: &mut Vm,
    target: &Target,
    name: &str,
    types: &[TypeRef],
    values: Vec<Value>,
) -> R<Value> {
    match target {
        Target::Namespace(start) => fail(
            vm,
            "System.NotSupportedException",
            &format!("This shell does not know '{start}' that the C# source names."),
        ),
        Target::Type(found) => {
            if let Some(class) = found.class() {
                let own = methods(&class, name, Some(true));
                if !own.is_empty() {
                    vm.prepare_statics(&class)?;
                    return call_own(vm, &own, name, None, values);
                }
                if static_of(&class, name).is_some() {
                    let callee = read_member(vm, target, name)?;
                    return super::delegate::invoke(vm, &callee, values);
                }
            }
            bare(vm.invoke_generic_static(found, name, types, values))
        }
        Target::Base(value) => {
            if let Value::Instance(instance) = value.base() {
                if let Some(base) = &instance.class.base {
                    let own = methods(base, name, Some(false));
                    if !own.is_empty() {
                        return call_own(vm, &own, name, Some(value), values);
                    }
                }
                let object = known::object();
                return bare(vm.invoke_as(value, &object, name, values));
            }
            Ok(Value::Null)
        }
        Target::Value(value) => {
            if let Value::Instance(instance) = value.base() {
                let own = methods(&instance.class, name, Some(false));
                if !own.is_empty() {
                    return call_own(vm, &own, name, Some(value.base()), values);
                }
                if field_of(instance, name).is_some() {
                    let callee = read_member(vm, target, name)?;
                    return super::delegate::invoke(vm, &callee, values);
                }
            }
            if name == "Invoke" && crate::runtime::types::reflection::delegate::is_callable(value) {
                return super::delegate::invoke(vm, value, values);
            }
            bare(vm.invoke_generic(value, name, types, values))
        }
    }
}

/// Calls a method of the source; its exceptions stay as they are.
fn call_own(
    vm: &mut Vm,
    list: &[MethodDefinition],
    name: &str,
    this: Option<&Value>,
    values: Vec<Value>,
) -> R<Value> {
    bare(vm.call_class_method(list, name, this, values))
}

/// Takes away what a call wrapped around an exception.
fn bare(result: R<Value>) -> R<Value> {
    use crate::runtime::error::{Category, ErrorRecord, Thrown, Unwind, exception_type};
    match result {
        Ok(Value::Nothing) => Ok(Value::Null),
        Ok(value) => Ok(value),
        Err(unwind) => match &*unwind {
            Unwind::Error(thrown) if !thrown.ends_script => {
                let inner = super::statement::bare(&thrown.record.exception);
                if inner.same_object(&thrown.record.exception) {
                    return Err(unwind);
                }
                let id = exception_type(&inner).name.clone();
                let record = ErrorRecord::new(inner, id, Category::NotSpecified, Value::Null);
                *record.invocation.borrow_mut() = thrown.record.invocation.borrow().clone();
                Err(Thrown {
                    record: Rc::new(record),
                    ends_script: false,
                }
                .into())
            }
            _ => Err(unwind),
        },
    }
}

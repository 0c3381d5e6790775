//! Calling methods.

use super::added::own_member;
use super::inference;
use super::overload::{self, Candidate, Candidates, Choice, GenericCall, NoChoice};
use crate::host::discard::Long;
use crate::runtime::class::MethodDefinition;
use crate::runtime::collection::{Array, List};
use crate::runtime::error::{Category, Exception, Fault, R, Thrown, Unwind, exception_type};
use crate::runtime::invoke::BlockCall;
use crate::runtime::native::Native;
use crate::runtime::object::Member;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{
    TypeRef, dispatch, find_full, generic, known, reflection::generic_calls, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::borrow::Cow;
use std::rc::Rc;

const METHOD_EXCEPTION: &str = "System.Management.Automation.MethodException";
const RUNTIME_EXCEPTION: &str = "System.Management.Automation.RuntimeException";
const INVOCATION_EXCEPTION: &str = "System.Management.Automation.MethodInvocationException";

/// How a method is called, as messages about its arguments tell it.
#[derive(Clone, Copy)]
pub enum Called<'n> {
    /// By this name; a parameter is told by its own name.
    Member(&'n str),
    /// By New-Object, which names the type and counts the arguments from zero.
    NewObject(&'n str),
}

impl Vm {
    /// `$target.name(arguments)`
    pub fn invoke_method(&mut self, target: &Value, name: &str, arguments: Vec<Value>) -> R<Value> {
        if target.is_null() {
            if is_pipeline_method(name) {
                return Ok(Value::List(Rc::new(List::collection(Vec::new()))));
            }
            return self.raise(Fault::new(
                "InvokeMethodOnNull",
                "You cannot call a method on a null-valued expression.",
            ));
        }
        self.heed()?;
        let mut arguments = arguments;
        match self.try_invoke(target, name, &mut arguments)? {
            Some(value) => Ok(value),
            None => self.invoke_on_items(target, name, arguments),
        }
    }

    /// `([object]$target).name(arguments)`: what `object` itself does, whatever the value's
    /// own type makes of it; `None` for other types and other methods.
    pub fn invoke_of_object(
        &self,
        target: &Value,
        base: &TypeRef,
        name: &str,
        arguments: &[Value],
    ) -> Option<Value> {
        let value = target.base();
        if *base != known::object() || matches!(value, Value::Null | Value::Custom(_)) {
            return None;
        }
        match arguments {
            [] if name.eq_ignore_ascii_case("tostring") => {
                Some(Value::str(self.type_of(value).reflection_text()))
            }
            [other] if name.eq_ignore_ascii_case("equals") => {
                Some(Value::Bool(value.same_object(other.base())))
            }
            _ => None,
        }
    }

    /// Calls the method if the object itself has it.
    fn try_invoke(
        &mut self,
        target: &Value,
        name: &str,
        arguments: &mut Vec<Value>,
    ) -> R<Option<Value>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(member) = own_member(target, Symbol::fold(name)) {
            if let Member::Method(block) = member {
                return self
                    .call_script_method(target, name, &block, std::mem::take(arguments))
                    .map(Some);
            }
            if let Some(method) = self.callable_of(target, name, &member)? {
                return self
                    .invoke_method(&method, "Invoke", std::mem::take(arguments))
                    .map(Some);
            }
        }
        if let Some(Member::Method(block)) = self.data_member(target, name) {
            return self
                .call_script_method(target, name, &block, std::mem::take(arguments))
                .map(Some);
        }
        if let Value::Instance(instance) = target.base() {
            let class = instance.class.clone();
            let methods = class.methods_named(name, false);
            if !methods.is_empty() {
                return self
                    .call_class_method(
                        &methods,
                        name,
                        Some(target.base()),
                        std::mem::take(arguments),
                    )
                    .map(Some);
            }
            let base = instance.native_base.borrow().clone();
            // The object is of its class, whatever it wraps.
            if let Some(base) = base
                && !name.eq_ignore_ascii_case("GetType")
                && let Some(result) = self.try_invoke(&base, name, arguments)?
            {
                return Ok(Some(result));
            }
        }
        if arguments.is_empty()
            && name.eq_ignore_ascii_case("Clone")
            && let Some(copy) = super::object_view::management_copy(target)
        {
            return Ok(Some(copy));
        }
        if let Some(result) = self.call_dotnet(target, name, &[], arguments)? {
            return Ok(Some(result));
        }
        if is_pipeline_method(name) {
            let arguments = std::mem::take(arguments);
            return if name.eq_ignore_ascii_case("where") {
                self.where_method(target, arguments).map(Some)
            } else {
                self.foreach_method(target, arguments).map(Some)
            };
        }
        Ok(None)
    }

    /// A property that holds something to call, as `$object.name()` calls it.
    fn callable_of(&mut self, target: &Value, name: &str, member: &Member) -> R<Option<Value>> {
        match member {
            Member::Note(value) if value.as_native::<Method>().is_some() => Ok(Some(value.clone())),
            Member::Code(_) => {
                let value = self.read_member(target, name, member)?;
                Ok(value.as_native::<Method>().is_some().then_some(value))
            }
            _ => Ok(None),
        }
    }

    fn invoke_on_items(&mut self, target: &Value, name: &str, arguments: Vec<Value>) -> R<Value> {
        if let Some(items) = self.enumerate(target)?
            && !items.is_empty()
        {
            let mut found = Long::default();
            for item in Long::from(items) {
                self.heed()?;
                let result = if item.is_null() {
                    None
                } else {
                    match self.enumerate(&item)? {
                        Some(_) => Some(self.invoke_method(&item, name, arguments.clone())?),
                        None => self.try_invoke(&item, name, &mut arguments.clone())?,
                    }
                };
                match result {
                    // A null among the items is refused as a null alone is.
                    None if item.is_null() => {
                        self.invoke_method(&item, name, Vec::new())?;
                    }
                    None => return self.method_not_found(&item, name),
                    Some(Value::Nothing) => {}
                    Some(value) => match self.enumerate(&value)? {
                        Some(inner) => found.extend(inner),
                        None => found.push(value),
                    },
                }
            }
            return Ok(match Vm::captured(found.into_inner()) {
                Value::Nothing => Value::Null,
                other => other,
            });
        }
        self.method_not_found(target, name)
    }

    /// The error of a method that does not exist.
    pub fn method_not_found<T>(&mut self, target: &Value, name: &str) -> R<T> {
        let type_name = match target.base() {
            Value::Custom(_) => "System.Management.Automation.PSCustomObject".to_string(),
            other => self.type_of(other).reflection_text(),
        };
        self.raise(
            Fault::new(
                "MethodNotFound",
                format!(
                    "Method invocation failed because [{type_name}] does not contain a method named '{name}'."
                ),
            )
            .target(Value::str(name)),
        )
    }

    pub(super) fn static_not_found<T>(&mut self, type_ref: &TypeRef, name: &str) -> R<T> {
        self.raise(
            Fault::new(
                "MethodNotFound",
                format!(
                    "Method invocation failed because [{}] does not contain a method named '{name}'.",
                    type_ref.reflection_text()
                ),
            )
            .target(Value::str(name)),
        )
    }

    fn call_script_method(
        &mut self,
        target: &Value,
        name: &str,
        block: &Rc<ScriptBlock>,
        arguments: Vec<Value>,
    ) -> R<Value> {
        let count = arguments.len();
        let output = self.propagating(|vm| {
            vm.call_block_with(
                block,
                BlockCall {
                    arguments,
                    this: Some(target.clone()),
                    ..BlockCall::default()
                },
            )
        });
        match output {
            Ok(items) => Ok(match Vm::captured(items) {
                Value::Nothing => Value::Null,
                other => other,
            }),
            Err(unwind) => {
                self.wrap_exception(name, count, unwind, Some("ScriptMethodRuntimeException"))
            }
        }
    }

    /// `$target.name[types](arguments)`
    pub fn invoke_generic(
        &mut self,
        target: &Value,
        name: &str,
        types: &[TypeRef],
        mut arguments: Vec<Value>,
    ) -> R<Value> {
        if types.is_empty() || target.is_null() {
            return self.invoke_method(target, name, arguments);
        }
        match self.call_dotnet(target, name, types, &mut arguments)? {
            Some(value) => Ok(value),
            None => self.method_not_found(target, name),
        }
    }

    /// A method of the .NET type; `None` when the type has none of that name.
    pub fn call_dotnet(
        &mut self,
        target: &Value,
        name: &str,
        explicit: &[TypeRef],
        arguments: &mut Vec<Value>,
    ) -> R<Option<Value>> {
        let value = target.base();
        let lower = name.to_ascii_lowercase();
        if arguments.is_empty() && lower == "gettype" {
            return Ok(Some(Value::Type(self.type_of(value))));
        }
        let type_ref = self.type_of(value);
        let list = overload::candidates(&type_ref, &lower, false);
        if list.list.is_empty() {
            let result = match dispatch::call(self, target, &lower, arguments) {
                Ok(None) => self.call_accessor(target, &lower, arguments),
                other => other,
            };
            return match result {
                Ok(None) if !list.alone => self.no_overload(name, arguments.len(), NoChoice::NoFit),
                Ok(result) => Ok(result),
                Err(unwind) => self
                    .wrap_exception(&list.name, arguments.len(), unwind, None)
                    .map(Some),
            };
        }
        let given = std::mem::take(arguments);
        let count = given.len();
        let (converted, generic) =
            self.convert_arguments(&list, Called::Member(name), explicit, given)?;
        let result = match generic {
            Some(call) => generic_calls::call(self, target, &lower, &call, &converted),
            None => dispatch::call(self, target, &lower, &converted),
        };
        match result {
            Ok(Some(result)) => Ok(Some(result)),
            Ok(None) => self.not_available(&type_ref, name),
            Err(unwind) => self
                .wrap_exception(&list.name, count, unwind, None)
                .map(Some),
        }
    }

    /// `$x.get_Name()`: a property by the method .NET reads it with.
    fn call_accessor(
        &mut self,
        target: &Value,
        lower: &str,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        match (lower.strip_prefix("get_"), arguments) {
            (Some(property), []) => self.read_dotnet(target.base(), property),
            _ => Ok(None),
        }
    }

    pub(super) fn not_available<T>(&mut self, type_ref: &TypeRef, name: &str) -> R<T> {
        self.raise(
            Fault::of(
                "System.NotImplementedException",
                "MemberNotAvailable",
                Category::NotImplemented,
                format!(
                    "The member '{name}' of type [{}] is not available in this shell.",
                    type_ref.display()
                ),
            )
            .target(Value::str(name)),
        )
    }

    /// The arguments converted to the types of the overload they choose, and what
    /// stands for its type parameters.
    pub(super) fn convert_arguments(
        &mut self,
        candidates: &Candidates,
        called: Called<'_>,
        explicit: &[TypeRef],
        arguments: Vec<Value>,
    ) -> R<(Vec<Value>, Option<Rc<GenericCall>>)> {
        let (Called::Member(name) | Called::NewObject(name)) = called;
        let spelled = match called {
            Called::Member(_) => Called::Member(&candidates.name),
            by_place => by_place,
        };
        if explicit.is_empty()
            && let Some((candidate, choice)) = candidates.inferred(&arguments)
        {
            let converted = self.convert_for(&candidate, &choice, spelled, arguments)?;
            return Ok((converted, candidate.closed.clone()));
        }
        let list = inference::close_generics(self, &candidates.list, explicit, &arguments);
        let choice = match &list {
            Cow::Borrowed(_) => overload::choose_again(self, candidates, &arguments),
            Cow::Owned(closed) => overload::choose(self, closed, candidates.alone, &arguments),
        };
        match choice {
            Ok(choice) => {
                let Some(candidate) = list.get(choice.index) else {
                    return Ok((arguments, None));
                };
                if explicit.is_empty() && matches!(list, Cow::Owned(_)) {
                    candidates.remember_inferred(&arguments, candidate, choice);
                }
                let converted = self.convert_for(candidate, &choice, spelled, arguments)?;
                Ok((converted, candidate.closed.clone()))
            }
            Err(NoChoice::NoFit) if !explicit.is_empty() => {
                let why = NoChoice::NoGenericFit(explicit.len());
                self.no_overload(name, arguments.len(), why)
            }
            Err(no) => self.no_overload(name, arguments.len(), no),
        }
    }

    pub(crate) fn no_overload<T>(&mut self, name: &str, count: usize, why: NoChoice) -> R<T> {
        let (id, text) = match why {
            NoChoice::NoFit => (
                "MethodCountCouldNotFindBest",
                format!(
                    "Cannot find an overload for \"{name}\" and the argument count: \"{count}\"."
                ),
            ),
            NoChoice::NoGenericFit(types) => (
                "MethodCountCouldNotFindBestGeneric",
                format!(
                    "Could not find a suitable generic method overload for \"{name}\" with \"{types}\" type parameters, and the argument count: \"{count}\"."
                ),
            ),
            NoChoice::Ambiguous => (
                "MethodAmbiguousException",
                format!(
                    "Multiple ambiguous overloads found for \"{name}\" and the argument count: \"{count}\"."
                ),
            ),
        };
        self.raise(Fault::of(
            METHOD_EXCEPTION,
            id,
            Category::NotSpecified,
            text,
        ))
    }

    pub(super) fn convert_for(
        &mut self,
        candidate: &Candidate,
        choice: &Choice,
        called: Called<'_>,
        arguments: Vec<Value>,
    ) -> R<Vec<Value>> {
        let fixed = candidate.parameters.len().saturating_sub(1);
        let mut converted = Vec::with_capacity(arguments.len());
        let mut rest = Vec::new();
        for (at, argument) in arguments.into_iter().enumerate() {
            let in_rest = choice.expanded && at >= fixed;
            let parameter = candidate.parameters.get(if in_rest { fixed } else { at });
            let Some(parameter) = parameter else {
                converted.push(argument);
                continue;
            };
            if parameter.by_ref {
                if !matches!(argument.base(), Value::Ref(_)) {
                    return self.raise(Fault::of(
                        METHOD_EXCEPTION,
                        "NonRefArgumentToRefParameterMsg",
                        Category::NotSpecified,
                        format!(
                            "Argument: '{}' should be a System.Management.Automation.PSReference. Use [ref].",
                            at + 1
                        ),
                    ));
                }
                converted.push(argument);
                continue;
            }
            let wanted = overload::parameter_at(candidate, choice, at);
            let value = match wanted {
                Some(type_ref) => match called {
                    Called::Member(name) => {
                        self.convert_argument(argument, &type_ref, &parameter.name, name)?
                    }
                    Called::NewObject(name) => {
                        self.convert_argument(argument, &type_ref, &at.to_string(), name)?
                    }
                },
                None => argument,
            };
            if in_rest {
                rest.push(value);
            } else {
                converted.push(value);
            }
        }
        if choice.expanded {
            let element = candidate
                .parameters
                .last()
                .and_then(|p| p.type_ref.as_ref())
                .and_then(|t| t.element().cloned())
                .unwrap_or_else(known::object);
            converted.push(Value::Array(Rc::new(Array::typed(element, rest))));
        } else if candidate.is_params && converted.len() == fixed {
            let element = candidate
                .parameters
                .last()
                .and_then(|p| p.type_ref.as_ref())
                .and_then(|t| t.element().cloned())
                .unwrap_or_else(known::object);
            converted.push(Value::Array(Rc::new(Array::typed(element, Vec::new()))));
        }
        Ok(converted)
    }

    pub(super) fn convert_argument(
        &mut self,
        argument: Value,
        type_ref: &TypeRef,
        parameter: &str,
        method: &str,
    ) -> R<Value> {
        use crate::runtime::types::TypeCode;
        match (&argument, type_ref.code) {
            (_, TypeCode::Object)
            | (Value::Int(_), TypeCode::Int)
            | (Value::Str(_), TypeCode::String) => return Ok(argument),
            (Value::Native(native), TypeCode::String)
                if &*native.body().type_ref().full_name
                    == "System.Management.Automation.Language.NullString" =>
            {
                return Ok(Value::Null);
            }
            (Value::Null, TypeCode::Other) if type_ref.is_value_type() => {}
            _ => {}
        }
        let argument = match (argument.base(), type_ref.code) {
            (Value::Ref(reference), code) if code != TypeCode::Reference => reference.get(),
            _ => argument,
        };
        match self.convert(&argument, type_ref) {
            Ok(value) => Ok(value),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let shown = crate::runtime::types::object::to_string(self, &argument)
                        .unwrap_or_default();
                    let message = format!(
                        "Cannot convert argument \"{parameter}\", with value: \"{shown}\", for \"{method}\" to type \"{}\": \"{}\"",
                        type_ref.reflection_text(),
                        thrown.record.exception_message()
                    );
                    let cast = crate::runtime::convert::cast_exception(&Unwind::Error(thrown));
                    let mut fault = Fault::of(
                        METHOD_EXCEPTION,
                        "MethodArgumentConversionInvalidCastArgument",
                        Category::NotSpecified,
                        message,
                    );
                    if let Some(cast) = cast {
                        fault.exception = fault.exception.with_inner(cast);
                    }
                    self.raise(fault)
                }
                other => Err(Box::new(other)),
            },
        }
    }

    /// `Exception calling "name" with "n" argument(s): …` around what a method threw.
    pub fn wrap_exception<T>(
        &mut self,
        name: &str,
        count: usize,
        unwind: Box<Unwind>,
        id: Option<&str>,
    ) -> R<T> {
        let Unwind::Error(Thrown {
            record,
            ends_script,
        }) = &*unwind
        else {
            return Err(unwind);
        };
        // What a cmdlet object throws on purpose, and what Stop ends, is no failure of the method.
        if record.leaving.get() || (*ends_script && !record.thrown.get()) {
            return Err(unwind);
        }
        let mut exception = record.exception.clone();
        let mut inner_type = exception_type(&exception);
        let full: &str = &inner_type.full_name;
        if (full == INVOCATION_EXCEPTION || full == METHOD_EXCEPTION) && id.is_none() {
            return Err(unwind);
        }
        // A script throws any exception inside one of the language's own.
        if record.thrown.get()
            && !inner_type
                .ancestry()
                .iter()
                .any(|t| &*t.full_name == RUNTIME_EXCEPTION)
        {
            let message = record.exception_message();
            let around = Exception::of(RUNTIME_EXCEPTION, &*message).with_inner(exception);
            exception = around.value();
            inner_type = exception_type(&exception);
        }
        let message = format!(
            "Exception calling \"{name}\" with \"{count}\" argument(s): \"{}\"",
            record.exception_message()
        );
        let id = id.unwrap_or(&inner_type.name).to_string();
        let mut fault = Fault::of(INVOCATION_EXCEPTION, &id, Category::NotSpecified, "");
        fault.exception = Exception::of(INVOCATION_EXCEPTION, message).with_inner(exception);
        self.raise(fault)
    }

    /// `$value.name` without parentheses, when it is a method.
    pub fn method_object(&mut self, value: &Value, name: &str) -> R<Option<Value>> {
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(member @ Member::Method(_)) = self.data_member(value, name) {
            return Ok(Some(script_method(value, name, &member)));
        }
        if let Value::Instance(instance) = value.base() {
            let methods = instance.class.methods_named(name, false);
            if let Some(first) = methods.first() {
                let definitions = methods.iter().map(super::class::definition).collect();
                return Ok(Some(Value::native(Method {
                    target: value.clone(),
                    name: first.name.clone(),
                    definitions,
                    kind: "System.Management.Automation.PSMethod",
                })));
            }
            let base = instance.native_base.borrow().clone();
            if let Some(base) = base {
                return self.method_object(&base, name);
            }
        }
        let type_ref = self.type_of(value.base());
        let definitions = definitions(&type_ref, name, false);
        if !definitions.1.is_empty() {
            return Ok(Some(Value::native(Method {
                target: value.clone(),
                name: definitions.0,
                definitions: definitions.1,
                kind: "System.Management.Automation.PSMethod",
            })));
        }
        if is_pipeline_method(name) {
            return Ok(Some(Value::native(Method {
                target: value.clone(),
                name: name.into(),
                definitions: vec![format!("System.Object {name}(System.Object)")],
                kind: "System.Management.Automation.PSMethod",
            })));
        }
        Ok(None)
    }
}

/// The name and the texts of the overloads of a .NET method.
pub(super) fn definitions(
    type_ref: &TypeRef,
    name: &str,
    is_static: bool,
) -> (Rc<str>, Vec<String>) {
    let signatures = overload::signatures(type_ref, name, is_static);
    let inherited = match is_static {
        true => Vec::new(),
        false => overload::interface_texts(type_ref, name),
    };
    if signatures.is_empty() && inherited.is_empty() {
        return (name.into(), Vec::new());
    }
    let spelled = match inherited.first() {
        Some((spelled, _)) => spelled.as_str().into(),
        None => spelling(type_ref, name, is_static),
    };
    let declaring = overload::declaring_type(type_ref, name, is_static);
    let parameters = overload::substitution(&declaring);
    let own = signatures
        .iter()
        .map(|s| overload::signature_text(&spelled, s, is_static, &parameters, None));
    let texts = own.chain(inherited.iter().map(|(_, text)| text.clone()));
    let texts = texts.collect();
    (spelled, texts)
}

fn spelling(type_ref: &TypeRef, name: &str, is_static: bool) -> Rc<str> {
    let mut chain = Some(type_ref.clone());
    while let Some(current) = chain {
        if let Some(members) =
            crate::runtime::types::reflection::members::members_of(&overload::table_name(&current))
            && let Some(found) = members
                .members
                .iter()
                .find(|m| m.is_static == is_static && m.name.eq_ignore_ascii_case(name))
        {
            return found.name.as_str().into();
        }
        chain = current.base.clone();
    }
    name.into()
}

/// A script method as an object.
pub(super) fn script_method(target: &Value, name: &str, _member: &Member) -> Value {
    Value::native(Method {
        target: target.clone(),
        name: name.into(),
        definitions: vec![format!("System.Object {name}();")],
        kind: "System.Management.Automation.PSScriptMethod",
    })
}

/// The static method of a type as an object.
pub(super) fn static_method(type_ref: &TypeRef, name: &str) -> Option<Value> {
    if name.is_empty() {
        return None;
    }
    let (spelled, texts) = definitions(type_ref, name, true);
    (!texts.is_empty()).then(|| {
        Value::native(Method {
            target: Value::Type(type_ref.clone()),
            name: spelled,
            definitions: texts,
            kind: "System.Management.Automation.PSMethod",
        })
    })
}

/// The constructors of a type as an object.
pub(super) fn constructors(type_ref: &TypeRef) -> Option<Value> {
    let parameters = overload::substitution(type_ref);
    let shown = type_ref.display();
    let texts: Vec<String> = match type_ref.class() {
        Some(class) => super::class::constructor_definitions(&class),
        None => overload::signatures(type_ref, "", false)
            .iter()
            .map(|s| overload::signature_text("new", s, false, &parameters, Some(&shown)))
            .collect(),
    };
    Some(Value::native(Method {
        target: Value::Type(type_ref.clone()),
        name: "new".into(),
        definitions: texts,
        kind: "System.Management.Automation.PSMethod",
    }))
}

/// `Where` and `ForEach`, which every object has.
fn is_pipeline_method(name: &str) -> bool {
    name.eq_ignore_ascii_case("where") || name.eq_ignore_ascii_case("foreach")
}

/// A method that was read without being called.
pub struct Method {
    /// The object it is of.
    pub target: Value,
    /// Its name.
    pub name: Rc<str>,
    /// The texts of its overloads.
    pub definitions: Vec<String>,
    /// Full name of the kind of method.
    pub kind: &'static str,
}

impl Method {
    /// The object it is called on; null of a static method.
    pub fn object(&self) -> Value {
        match &self.target {
            Value::Type(_) => Value::Null,
            target => target.clone(),
        }
    }

    /// The types of the parameters, one list per overload.
    pub fn overloads(&self, vm: &Vm) -> Vec<Vec<TypeRef>> {
        let (owner, is_static) = match self.target.base() {
            Value::Type(type_ref) => (type_ref.clone(), true),
            target => (vm.type_of(target), false),
        };
        if let Some(class) = owner.class() {
            let methods = class.methods_named(&self.name, is_static);
            let types = |it: &MethodDefinition| it.parameters.iter().map(|p| p.1.clone()).collect();
            return methods.iter().map(types).collect();
        }
        let name = self.name.to_ascii_lowercase();
        let types = |it: &Candidate| {
            let types = it.parameters.iter().map(|p| p.type_ref.clone());
            types.map(|it| it.unwrap_or_else(known::object)).collect()
        };
        let candidates = overload::candidates(&owner, &name, is_static);
        candidates.list.iter().map(types).collect()
    }
}

impl Native for Method {
    fn type_ref(&self) -> TypeRef {
        // The methods of types are of a closed generic class, one argument an overload.
        if self.kind == "System.Management.Automation.PSMethod"
            && let Some(definition) = find_full("System.Management.Automation.PSMethod`1")
        {
            return generic(&definition, vec![known::object()]);
        }
        type_named(self.kind)
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.definitions.join(", "))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "OverloadDefinitions",
            "MemberType",
            "TypeNameOfValue",
            "Value",
            "Name",
            "IsInstance",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "overloaddefinitions" => Value::strings(self.definitions.iter().cloned()),
            "membertype" => Value::enum_of(
                "System.Management.Automation.PSMemberTypes",
                if self.kind.ends_with("ScriptMethod") {
                    256
                } else {
                    64
                },
            ),
            "typenameofvalue" => Value::str(self.kind),
            "value" => Value::str(self.to_text(vm)?),
            "name" => Value::str(&*self.name),
            "isinstance" => Value::Bool(self.kind.ends_with("ScriptMethod")),
            "script" => match own_member(&self.target, Symbol::fold(&self.name)) {
                Some(Member::Method(block)) => Value::Block(block),
                _ => Value::Null,
            },
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if name != "invoke" {
            return Ok(None);
        }
        let arguments = match arguments {
            [Value::Array(array)] => array.items.borrow().clone(),
            other => other.to_vec(),
        };
        match &self.target {
            Value::Type(type_ref) => vm.invoke_static(type_ref, &self.name, arguments).map(Some),
            target => vm.invoke_method(target, &self.name, arguments).map(Some),
        }
    }
}

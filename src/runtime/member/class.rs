//! Objects of classes written in scripts.

use super::method::{Called, Method};
use super::overload::{self, Candidate, NoChoice, Parameter};
use crate::runtime::class::{
    Accessors, Body, ClassDefinition, MethodDefinition, PropertyDefinition,
};
use crate::runtime::error::{Category, Exception, Fault, R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::object::Instance;
use crate::runtime::types::{TypeCode, TypeRef, dispatch, known};
use crate::runtime::value::Value;
use crate::runtime::vm::{Frame, Vm};
use crate::syntax::ast::Span;
use std::cell::RefCell;
use std::rc::Rc;

fn candidate(method: &MethodDefinition) -> Candidate {
    Candidate {
        parameters: method
            .parameters
            .iter()
            .enumerate()
            .map(|(at, (name, type_ref))| {
                let passing = method.passing.get(at);
                Parameter {
                    name: name.clone(),
                    type_ref: Some(type_ref.clone()),
                    by_ref: passing.is_some_and(|p| p.by_ref),
                    optional: passing.is_some_and(|p| p.default.is_some()),
                }
            })
            .collect(),
        is_params: method.passing.last().is_some_and(|p| p.rest),
        generic: None,
        closed: None,
    }
}

/// The text of a method: `int Add(int a, int b)`.
pub fn definition(method: &MethodDefinition) -> String {
    let returns = match &method.return_type {
        Some(type_ref) => type_ref.display(),
        None => "void".to_string(),
    };
    let list: Vec<String> = method
        .parameters
        .iter()
        .enumerate()
        .map(|(at, (name, type_ref))| {
            let lead = match method.passing.get(at) {
                Some(p) if p.by_ref => "[ref] ",
                Some(p) if p.rest => "Params ",
                _ => "",
            };
            format!("{lead}{} {name}", type_ref.display())
        })
        .collect();
    let lead = if method.is_static { "static " } else { "" };
    format!("{lead}{returns} {}({})", method.name, list.join(", "))
}

/// The texts of a class's constructors: `Point new(int x)`.
pub(super) fn constructor_definitions(class: &ClassDefinition) -> Vec<String> {
    if class.constructors.is_empty() {
        return vec![format!("{} new()", class.name)];
    }
    let constructors = class.constructors.iter();
    constructors
        .map(|constructor| {
            let parameters = constructor.parameters.iter();
            let list: Vec<String> = parameters
                .map(|(name, type_ref)| format!("{} {name}", type_ref.display()))
                .collect();
            format!("{} new({})", class.name, list.join(", "))
        })
        .collect()
}

/// Static methods of a class, read without being called.
pub(super) fn static_method_object(type_ref: &TypeRef, methods: &[MethodDefinition]) -> Value {
    Value::native(Method {
        target: Value::Type(type_ref.clone()),
        name: methods.first().map_or("".into(), |m| m.name.clone()),
        definitions: methods.iter().map(definition).collect(),
        kind: "System.Management.Automation.PSMethod",
    })
}

impl Vm {
    /// Calls the overload that fits.
    pub fn call_class_method(
        &mut self,
        methods: &[MethodDefinition],
        name: &str,
        this: Option<&Value>,
        arguments: Vec<Value>,
    ) -> R<Value> {
        let (method, converted) =
            self.choose_method(methods, (Called::Member(name), None), arguments)?;
        let output = self.run_method(&method, this, converted)?;
        match &method.return_type {
            None => Ok(Value::Nothing),
            // It gives what it says it gives, null too.
            Some(_) if matches!(method.body, Body::Compiled(_)) => Ok(output),
            Some(type_ref) if type_ref.code == TypeCode::Void => Ok(Value::Nothing),
            Some(type_ref) => self.convert(&output, &type_ref.clone()),
        }
    }

    /// `([type]$target).name(arguments)`: the method as that base of the object's class has it.
    pub fn invoke_as(
        &mut self,
        target: &Value,
        base: &TypeRef,
        name: &str,
        arguments: Vec<Value>,
    ) -> R<Value> {
        let Value::Instance(instance) = target.base() else {
            return self.invoke_method(target, name, arguments);
        };
        if let Some(class) = base.class() {
            let methods = class.methods_named(name, false);
            if !methods.is_empty() && instance.class.derives_from(&class) {
                return self.call_class_method(&methods, name, Some(target.base()), arguments);
            }
        } else if *base != known::object()
            && let Some(native) = instance.native_base.borrow().clone()
        {
            return self.invoke_method(&native, name, arguments);
        } else if arguments.is_empty() && name.eq_ignore_ascii_case("tostring") {
            return Ok(Value::str(&*instance.class.name));
        }
        self.invoke_method(target, name, arguments)
    }

    /// The method that takes the arguments, with them converted; messages name it as it is called, or
    /// as it is `spelled` itself.
    fn choose_method(
        &mut self,
        methods: &[MethodDefinition],
        (called, spelled): (Called<'_>, Option<&str>),
        arguments: Vec<Value>,
    ) -> R<(MethodDefinition, Vec<Value>)> {
        let list: Vec<Candidate> = methods.iter().map(candidate).collect();
        match overload::choose(self, &list, true, &arguments) {
            Ok(choice) => {
                let at = choice.index;
                let called = match called {
                    Called::Member(_) => Called::Member(spelled.unwrap_or(&methods[at].name)),
                    by_place => by_place,
                };
                let mut converted = self.convert_for(&list[at], &choice, called, arguments)?;
                // What is left out has a value of its own.
                for passing in methods[at].passing.iter().skip(converted.len()) {
                    converted.extend(passing.default.clone());
                }
                Ok((methods[at].clone(), converted))
            }
            Err(no) => {
                let (Called::Member(name) | Called::NewObject(name)) = called;
                self.no_overload(name, arguments.len(), no)
            }
        }
    }

    fn run_method(
        &mut self,
        method: &MethodDefinition,
        this: Option<&Value>,
        arguments: Vec<Value>,
    ) -> R<Value> {
        let body = match &method.body {
            Body::Script(body) => body,
            Body::Compiled(body) => {
                let count = arguments.len();
                let result = body(self, this, arguments);
                return match result {
                    Ok(value) => Ok(value),
                    Err(unwind) => self.wrap_exception(&method.name, count, unwind, None),
                };
            }
        };
        let variables = method
            .parameters
            .iter()
            .map(|(name, _)| name.clone())
            .zip(arguments)
            .collect();
        let call = BlockCall {
            this: this.cloned(),
            variables,
            ..BlockCall::default()
        };
        // Errors leave the method at once, whatever the preference says.
        let propagate = std::mem::replace(&mut self.propagate, true);
        let outer = self.returned.take();
        let result = self.discard(|vm| vm.run_block(body, call));
        let returned = std::mem::replace(&mut self.returned, outer);
        self.propagate = propagate;
        result?;
        Ok(match returned {
            Some(Value::Nothing) | None => Value::Null,
            Some(value) => value,
        })
    }

    /// Gives static properties their first values and runs the static constructor, once.
    pub fn prepare_statics(&mut self, class: &Rc<ClassDefinition>) -> R<()> {
        let missing = class.static_values.borrow().len() < class.statics.len();
        if missing {
            *class.static_values.borrow_mut() = class
                .statics
                .iter()
                .map(|p| initial_value(&p.type_ref, p.typed))
                .collect();
            for (at, property) in class.statics.iter().enumerate() {
                if let Some(value) = self.first_value(property, None)?
                    && let Some(place) = class.static_values.borrow_mut().get_mut(at)
                {
                    *place = value;
                }
            }
        }
        let constructor = class.static_constructor.borrow_mut().take();
        if let Some(constructor) = constructor {
            self.run_method(&constructor, None, Vec::new())?;
        }
        Ok(())
    }

    /// A new object of a script class.
    pub(super) fn construct_instance(
        &mut self,
        called: Called<'_>,
        class: &Rc<ClassDefinition>,
        arguments: Vec<Value>,
    ) -> R<Value> {
        self.prepare_statics(class)?;
        let fields = class
            .properties
            .iter()
            .map(|p| initial_value(&p.type_ref, p.typed))
            .collect();
        let instance = Rc::new(Instance {
            class: class.clone(),
            fields: RefCell::new(fields),
            native_base: RefCell::new(None),
            extension: Default::default(),
        });
        let this = Value::Instance(instance.clone());
        for (at, property) in class.properties.iter().enumerate() {
            if let Some(value) = self.first_value(property, Some(&this))?
                && let Some(place) = instance.fields.borrow_mut().get_mut(at)
            {
                *place = value;
            }
        }
        self.run_constructor(called, class, &this, arguments)?;
        Ok(this)
    }

    /// What a property is given before the constructor runs.
    fn first_value(
        &mut self,
        property: &PropertyDefinition,
        this: Option<&Value>,
    ) -> R<Option<Value>> {
        let value = match &property.initial {
            None => return Ok(None),
            Some(Body::Compiled(initial)) => initial(self, this, Vec::new())?,
            Some(Body::Script(block)) => {
                let call = BlockCall {
                    this: this.cloned(),
                    ..BlockCall::default()
                };
                Vm::captured(self.call_block_with(block, call)?)
            }
        };
        self.checked_field(property, value).map(Some)
    }

    fn run_constructor(
        &mut self,
        called: Called<'_>,
        class: &Rc<ClassDefinition>,
        this: &Value,
        arguments: Vec<Value>,
    ) -> R<()> {
        if class.constructors.is_empty() {
            if !arguments.is_empty() {
                let (Called::Member(name) | Called::NewObject(name)) = called;
                return self.no_overload(name, arguments.len(), NoChoice::NoFit);
            }
            return self.construct_base(class, this, Vec::new());
        }
        let (constructor, converted) =
            self.choose_method(&class.constructors, (called, Some(".ctor")), arguments)?;
        let base_arguments = match &constructor.base_arguments {
            None => Vec::new(),
            Some(Body::Compiled(arguments)) => {
                match arguments(self, None, converted.clone())?.base() {
                    Value::Array(list) => list.items.borrow().clone(),
                    _ => Vec::new(),
                }
            }
            Some(Body::Script(block)) => {
                let variables = constructor
                    .parameters
                    .iter()
                    .map(|(name, _)| name.clone())
                    .zip(converted.iter().cloned())
                    .collect();
                self.call_block_with(
                    block,
                    BlockCall {
                        variables,
                        ..BlockCall::default()
                    },
                )?
            }
        };
        if constructor.calls_own {
            self.run_constructor(Called::Member("new"), class, this, base_arguments)?;
            return self.run_compiled_constructor(&constructor, this, converted);
        }
        let Body::Script(body) = &constructor.body else {
            self.construct_base(class, this, base_arguments)?;
            return self.run_compiled_constructor(&constructor, this, converted);
        };
        let frame = Frame {
            source: body.source.clone(),
            span: Span {
                start: body.ast.span.start,
                end: body.ast.span.start + 1,
            },
            ..self.frame.clone()
        };
        self.in_frame(frame, |vm| vm.construct_base(class, this, base_arguments))?;
        self.run_method(&constructor, Some(this), converted)?;
        Ok(())
    }

    /// Reads a property of a class through its getter.
    pub(super) fn call_getter(
        &mut self,
        accessors: &Accessors,
        this: Option<&Value>,
        name: &str,
    ) -> R<Value> {
        let Some(Body::Compiled(get)) = &accessors.get else {
            return Ok(Value::Null);
        };
        match get(self, this, Vec::new()) {
            Ok(value) => Ok(value),
            Err(unwind) => self.wrap_getter(name, unwind),
        }
    }

    /// `Exception getting "name": …` around what a getter threw.
    pub(super) fn wrap_getter<T>(&mut self, name: &str, unwind: Box<Unwind>) -> R<T> {
        let Unwind::Error(Thrown { record, .. }) = *unwind else {
            return Err(unwind);
        };
        let full = "System.Management.Automation.GetValueInvocationException";
        let message = format!(
            "Exception getting \"{name}\": \"{}\"",
            record.exception_message()
        );
        let mut fault = Fault::of(full, "ExceptionWhenGetting", Category::NotSpecified, "");
        fault.exception = Exception::of(full, message).with_inner(record.exception.clone());
        self.raise(fault)
    }

    /// Its failures carry the name that constructors have.
    fn run_compiled_constructor(
        &mut self,
        constructor: &MethodDefinition,
        this: &Value,
        arguments: Vec<Value>,
    ) -> R<()> {
        let called = MethodDefinition {
            name: ".ctor".into(),
            ..constructor.clone()
        };
        self.run_method(&called, Some(this), arguments).map(|_| ())
    }

    fn construct_base(
        &mut self,
        class: &Rc<ClassDefinition>,
        this: &Value,
        arguments: Vec<Value>,
    ) -> R<()> {
        if let Some(base) = &class.base {
            return self.run_constructor(Called::Member("new"), &base.clone(), this, arguments);
        }
        if let Some(native) = &class.native_base
            && let Value::Instance(instance) = this
        {
            let object = match native.kind {
                crate::runtime::types::TypeKind::Abstract
                | crate::runtime::types::TypeKind::Interface => None,
                // A plain base that is known by its name alone has nothing to make.
                _ if arguments.is_empty() && bare(native) => {
                    dispatch::construct(self, native, &[])?
                }
                _ => Some(self.construct(native, arguments)?),
            };
            *instance.native_base.borrow_mut() = object;
        }
        Ok(())
    }
}

fn bare(native: &TypeRef) -> bool {
    super::overload::candidates(native, "", false)
        .list
        .is_empty()
}

/// What a property without an initial value starts with.
fn initial_value(type_ref: &TypeRef, typed: bool) -> Value {
    if !typed {
        return Value::Null;
    }
    if *type_ref == known::switch() {
        return Value::Switch(false);
    }
    dispatch::zero(type_ref).unwrap_or_default()
}

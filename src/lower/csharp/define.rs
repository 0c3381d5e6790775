//! Declarations to types: enumerations, classes with their members, delegates.

use super::expression::{coerce, evaluate, type_named};
use super::space::{Program, Running, Space};
use super::statement::run_body;
use super::{Compiled, native};
use crate::runtime::class::{
    Accessors, Body as ClassBody, ClassDefinition, CompiledBody, EnumDefinition, MethodDefinition,
    PRIVATE, Passing, PropertyDefinition,
};
use crate::runtime::error::R;
use crate::runtime::types::{TypeCode, TypeKind, TypeRef, known, script_type};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::ast::*;
use std::cell::RefCell;
use std::rc::Rc;

/// Makes all types of a source: names first, since members and bases may name any of them.
pub(super) fn define(vm: &mut Vm, unit: Unit) -> R<Compiled> {
    let usings = unit.usings.iter().map(|(name, _)| name.clone()).collect();
    let program = Rc::new(Program {
        types: RefCell::default(),
        usings,
        aliases: unit.aliases,
    });
    let mut spaces = Vec::new();
    // A base comes before what derives from it.
    let mut left = unit.types.clone();
    while !left.is_empty() {
        let ready = left.iter().position(|declaration| {
            let waits_for = |base: &TypeSyntax| {
                let name = super::expression::shown(base);
                left.iter()
                    .any(|other| !Rc::ptr_eq(other, declaration) && *other.name == *name)
            };
            !declaration.bases.iter().any(waits_for)
        });
        let declaration = left.remove(ready.unwrap_or(0));
        let own = outline(vm, &program, &declaration)?;
        program.types.borrow_mut().push(own.clone());
        spaces.push(Rc::new(Space {
            program: program.clone(),
            declaration,
            own,
        }));
    }
    for space in &spaces {
        if let TypeKind::Script(slot) = &space.own.kind {
            let class = class_of(vm, space)?;
            *slot.borrow_mut() = Some(class);
        }
    }
    let types = program.types.borrow().clone();
    vm.session.types.extend(types.iter().cloned());
    Ok(Ok(types))
}

/// The type of a declaration, still without members.
fn outline(vm: &mut Vm, program: &Rc<Program>, declaration: &Rc<TypeDeclaration>) -> R<TypeRef> {
    let placeholder = Space {
        program: program.clone(),
        declaration: declaration.clone(),
        own: known::object(),
    };
    let bases: Vec<TypeRef> = declaration
        .bases
        .iter()
        .map(|base| placeholder.resolve(vm, base))
        .collect();
    let mut interfaces = Vec::new();
    let (mut base, kind) = match declaration.keyword {
        TypeKeyword::Enum => {
            let underlying = bases.first().map_or(TypeCode::Int, |t| t.code);
            let definition = enumeration(vm, placeholder, underlying)?;
            (
                type_named("System.Enum"),
                TypeKind::Enum(Rc::new(definition)),
            )
        }
        TypeKeyword::Interface => (known::object(), TypeKind::Interface),
        TypeKeyword::Struct => (
            type_named("System.ValueType"),
            TypeKind::Script(RefCell::new(None)),
        ),
        TypeKeyword::Delegate => (type_named("System.MulticastDelegate"), TypeKind::Class),
        TypeKeyword::Class => (known::object(), TypeKind::Script(RefCell::new(None))),
    };
    if declaration.keyword != TypeKeyword::Enum {
        for found in bases {
            match found.kind {
                TypeKind::Interface => interfaces.push(found),
                _ if declaration.keyword == TypeKeyword::Class => base = found,
                _ => {}
            }
        }
    }
    let mut name = declaration.full_name();
    if !declaration.type_parameters.is_empty() {
        name.push_str(&format!("`{}", declaration.type_parameters.len()));
    }
    let base = (!matches!(kind, TypeKind::Interface)).then_some(base);
    Ok(script_type(&name, base, kind, interfaces, None))
}

fn enumeration(vm: &mut Vm, space: Space, underlying: TypeCode) -> R<EnumDefinition> {
    let declaration = space.declaration.clone();
    let space = Rc::new(space);
    let mut members: Vec<(Rc<str>, i64)> = Vec::new();
    let mut next = 0i64;
    for (name, value) in &declaration.values {
        if let Some(value) = value {
            let mut run = Running::new(&space, None, None);
            // Earlier members are names here.
            for (earlier, bits) in &members {
                run.declare(earlier, None, Value::Long(*bits));
            }
            let value = evaluate(vm, &mut run, value)?;
            next = match value.base() {
                Value::Enum(e) => e.bits,
                Value::ULong(n) => *n as i64,
                other => match super::operators::to_number(other, &known::long()) {
                    Some(Value::Long(n)) => n,
                    _ => next,
                },
            };
        }
        members.push((name.clone(), next));
        next = next.wrapping_add(1);
    }
    Ok(EnumDefinition {
        members,
        flags: declaration.attributes.iter().any(|a| &*a.name == "Flags"),
        underlying,
    })
}

/// The name under which a member is kept.
fn kept_name(name: &Rc<str>, is_public: bool) -> Rc<str> {
    match is_public {
        true => name.clone(),
        false => format!("{PRIVATE}{name}").into(),
    }
}

struct Maker<'a> {
    vm: &'a mut Vm,
    space: &'a Rc<Space>,
    class: ClassDefinition,
}

fn class_of(vm: &mut Vm, space: &Rc<Space>) -> R<Rc<ClassDefinition>> {
    let base_type = space.own.base.clone().unwrap_or_else(known::object);
    let base = base_type.class();
    let plain = base_type == known::object() || &*base_type.full_name == "System.ValueType";
    let class = ClassDefinition {
        name: space.own.full_name.clone(),
        type_ref: RefCell::new(Some(space.own.clone())),
        properties: base
            .as_ref()
            .map(|b| b.properties.clone())
            .unwrap_or_default(),
        native_base: (base.is_none() && !plain).then_some(base_type),
        base,
        statics: Vec::new(),
        static_values: RefCell::default(),
        methods: Vec::new(),
        constructors: Vec::new(),
        static_constructor: RefCell::new(None),
        module: RefCell::new(None),
    };
    let mut maker = Maker { vm, space, class };
    let declaration = space.declaration.clone();
    // Properties are listed before fields.
    let is_field = |member: &&Member| matches!(member.kind, MemberKind::Field { .. });
    for member in declaration.members.iter().filter(|m| !is_field(m)) {
        maker.member(member);
    }
    for member in declaration.members.iter().filter(is_field) {
        maker.member(member);
    }
    if declaration.keyword == TypeKeyword::Struct {
        maker.default_constructor();
    }
    Ok(Rc::new(maker.class))
}

impl Maker<'_> {
    fn member(&mut self, member: &Member) {
        let modifiers = member.modifiers;
        let is_public = modifiers.has("public");
        let is_static = modifiers.has("static") || modifiers.has("const");
        match &member.kind {
            MemberKind::Field {
                type_syntax,
                variables,
            } => {
                let type_ref = self.space.resolve(self.vm, type_syntax);
                for (name, _, initial) in variables {
                    let accessors = (is_public
                        && (modifiers.has("readonly") || modifiers.has("const")))
                    .then(|| self.plain_accessors(name, is_static));
                    let property = self.property(
                        kept_name(name, is_public),
                        &type_ref,
                        initial.clone(),
                        accessors,
                    );
                    // A field that only others see read-only is kept where its class writes it.
                    if property.accessors.is_some() {
                        let own =
                            self.property(kept_name(name, false), &type_ref, initial.clone(), None);
                        let shown = PropertyDefinition {
                            initial: None,
                            ..property
                        };
                        self.add(is_static, own);
                        self.add(is_static, shown);
                    } else {
                        self.add(is_static, property);
                    }
                }
            }
            MemberKind::Property {
                type_syntax,
                name,
                parameters,
                get,
                set,
                initial,
            } => {
                let type_ref = self.space.resolve(self.vm, type_syntax);
                if !parameters.is_empty() {
                    self.indexer(&type_ref, parameters, (get, set), is_static);
                    return;
                }
                self.accessor_property(member, &type_ref, name, (get, set), initial);
            }
            MemberKind::Method {
                returns,
                name,
                parameters,
                body,
                ..
            } => {
                let returns = self.space.resolve(self.vm, returns);
                let returns = (returns.code != TypeCode::Void).then_some(returns);
                let made = match native::imported(&member.attributes) {
                    Some(made) => made,
                    None => match body {
                        Some(body) => self.body(parameters, body, returns.clone()),
                        None => return,
                    },
                };
                let method = self.method(kept_name(name, is_public), parameters, returns, made);
                self.class.methods.push(MethodDefinition {
                    is_static,
                    hidden: !is_public || name.starts_with("op_"),
                    ..method
                });
            }
            MemberKind::Constructor {
                parameters,
                chain,
                body,
            } => {
                let made = self.body(parameters, body, None);
                let name = self.space.declaration.name.clone();
                let mut method = self.method(name, parameters, None, made);
                if is_static {
                    *self.class.static_constructor.borrow_mut() = Some(method);
                    return;
                }
                if chain.is_some() {
                    method.calls_own = chain.as_ref().is_some_and(|(own, _)| *own);
                    method.base_arguments = Some(self.chained(parameters, member));
                }
                // Nobody but the class itself can call it, and that it does by name.
                method.hidden = !is_public;
                self.class.constructors.push(method);
            }
            MemberKind::Event { type_syntax, name } => {
                let type_ref = self.space.resolve(self.vm, type_syntax);
                let property = self.property(kept_name(name, false), &type_ref, None, None);
                self.add(is_static, property);
            }
        }
    }

    fn add(&mut self, is_static: bool, property: PropertyDefinition) {
        match is_static {
            true => self.class.statics.push(property),
            false => self.class.properties.push(property),
        }
    }

    fn property(
        &mut self,
        name: Rc<str>,
        type_ref: &TypeRef,
        initial: Option<Rc<Expr>>,
        accessors: Option<Accessors>,
    ) -> PropertyDefinition {
        let initial = initial.map(|value| {
            let (space, wanted) = (self.space.clone(), type_ref.clone());
            let body: Rc<CompiledBody> = Rc::new(move |vm, this, _| {
                let mut run = Running::new(&space, this, None);
                super::expression::for_type(vm, &mut run, &value, Some(&wanted))
            });
            ClassBody::Compiled(body)
        });
        PropertyDefinition {
            hidden: name.starts_with(PRIVATE),
            name,
            typed: type_ref.is_value_type(),
            type_ref: type_ref.clone(),
            attributes: Rc::default(),
            initial,
            accessors: accessors.map(Rc::new),
            declared_by: self.space.own.full_name.clone(),
        }
    }

    /// Reads the field of this name that only its class sees.
    fn plain_accessors(&self, name: &Rc<str>, is_static: bool) -> Accessors {
        Accessors {
            get: Some(self.field_getter(name, is_static)),
            set: None,
            is_field: true,
            readable: true,
            writable: false,
        }
    }

    fn field_getter(&self, name: &Rc<str>, is_static: bool) -> ClassBody {
        let (kept, own) = (kept_name(name, false), self.space.own.clone());
        let body: Rc<CompiledBody> = Rc::new(move |_, this, _| {
            let class = match (this, is_static) {
                (Some(Value::Instance(instance)), false) => {
                    let at = instance
                        .class
                        .properties
                        .iter()
                        .rposition(|p| p.name == kept);
                    let fields = instance.fields.borrow();
                    return Ok(at
                        .and_then(|at| fields.get(at).cloned())
                        .unwrap_or_default());
                }
                _ => own.class(),
            };
            Ok(class.map_or(Value::Null, |class| {
                let at = class.statics.iter().position(|p| p.name == kept);
                let values = class.static_values.borrow();
                at.and_then(|at| values.get(at).cloned())
                    .unwrap_or_default()
            }))
        });
        ClassBody::Compiled(body)
    }

    fn field_setter(&self, name: &Rc<str>, is_static: bool, wanted: TypeRef) -> ClassBody {
        let (kept, own) = (kept_name(name, false), self.space.own.clone());
        let body: Rc<CompiledBody> = Rc::new(move |vm, this, values| {
            let value = values.into_iter().next().unwrap_or_default();
            let value = coerce(vm, value, &wanted)?;
            if let (Some(Value::Instance(instance)), false) = (this, is_static) {
                let at = instance
                    .class
                    .properties
                    .iter()
                    .rposition(|p| p.name == kept);
                let mut fields = instance.fields.borrow_mut();
                if let Some(place) = at.and_then(|at| fields.get_mut(at)) {
                    *place = value;
                }
            } else if let Some(class) = own.class() {
                let at = class.statics.iter().position(|p| p.name == kept);
                let mut values = class.static_values.borrow_mut();
                if let Some(place) = at.and_then(|at| values.get_mut(at)) {
                    *place = value;
                }
            }
            Ok(Value::Null)
        });
        ClassBody::Compiled(body)
    }

    fn accessor_property(
        &mut self,
        member: &Member,
        type_ref: &TypeRef,
        name: &Rc<str>,
        (get, set): (&Option<Accessor>, &Option<Accessor>),
        initial: &Option<Rc<Expr>>,
    ) {
        let is_public = member.modifiers.has("public");
        let is_static = member.modifiers.has("static");
        let open = |accessor: &Accessor| {
            let closed = ["private", "protected", "internal"];
            !closed.iter().any(|word| accessor.modifiers.has(word))
        };
        let automatic = get.iter().chain(set).all(|a| a.body.is_none());
        if automatic && member.modifiers.has("abstract") {
            return;
        }
        let (readable, writable) = (
            get.as_ref().is_some_and(open),
            set.as_ref().is_some_and(open),
        );
        if automatic && readable && writable {
            // Nothing but a field.
            let property =
                self.property(kept_name(name, is_public), type_ref, initial.clone(), None);
            self.add(is_static, property);
            return;
        }
        let accessors = if automatic {
            let hidden: Rc<str> = format!("<{name}>k__BackingField").into();
            let field = self.property(kept_name(&hidden, false), type_ref, initial.clone(), None);
            self.add(is_static, field);
            Accessors {
                get: Some(self.field_getter(&hidden, is_static)),
                set: Some(self.field_setter(&hidden, is_static, type_ref.clone())),
                is_field: true,
                readable,
                writable,
            }
        } else {
            let value = Parameter {
                name: "value".into(),
                type_syntax: None,
                by_ref: false,
                rest: false,
                default: None,
            };
            let body_of = |accessor: &Option<Accessor>| accessor.as_ref()?.body.clone();
            Accessors {
                get: body_of(get).map(|body| self.body(&[], &body, Some(type_ref.clone()))),
                set: body_of(set).map(|body| self.body(&[value], &body, None)),
                is_field: false,
                readable,
                writable,
            }
        };
        let property = self.property(kept_name(name, is_public), type_ref, None, Some(accessors));
        self.add(is_static, property);
    }

    fn indexer(
        &mut self,
        type_ref: &TypeRef,
        parameters: &[Parameter],
        (get, set): (&Option<Accessor>, &Option<Accessor>),
        is_static: bool,
    ) {
        let mut with_value = parameters.to_vec();
        with_value.push(Parameter {
            name: "value".into(),
            type_syntax: None,
            by_ref: false,
            rest: false,
            default: None,
        });
        let returns = Some(type_ref.clone());
        let both = [
            (get, "get_Item", parameters, returns),
            (set, "set_Item", &*with_value, None),
        ];
        for (accessor, name, parameters, returns) in both {
            let Some(body) = accessor.as_ref().and_then(|a| a.body.clone()) else {
                continue;
            };
            let made = self.body(parameters, &body, returns.clone());
            let method = self.method(name.into(), parameters, returns, made);
            self.class.methods.push(MethodDefinition {
                is_static,
                hidden: true,
                ..method
            });
        }
    }

    fn method(
        &mut self,
        name: Rc<str>,
        parameters: &[Parameter],
        return_type: Option<TypeRef>,
        body: ClassBody,
    ) -> MethodDefinition {
        let mut typed = Vec::new();
        let mut passing = Vec::new();
        for parameter in parameters {
            let type_ref = match &parameter.type_syntax {
                Some(syntax) => self.space.resolve(self.vm, syntax),
                None => known::object(),
            };
            let default = parameter.default.as_ref().map(|value| {
                let mut run = Running::new(self.space, None, None);
                let value = super::expression::for_type(self.vm, &mut run, value, Some(&type_ref));
                value.unwrap_or_default()
            });
            passing.push(Passing {
                by_ref: parameter.by_ref,
                default,
                rest: parameter.rest,
            });
            typed.push((parameter.name.clone(), type_ref));
        }
        MethodDefinition {
            name,
            return_type,
            parameters: typed,
            passing,
            body,
            base_arguments: None,
            calls_own: false,
            is_static: false,
            hidden: false,
        }
    }

    /// A body that runs from its tree.
    fn body(
        &mut self,
        parameters: &[Parameter],
        body: &Rc<Body>,
        returns: Option<TypeRef>,
    ) -> ClassBody {
        let names: Vec<(Rc<str>, Option<TypeRef>)> = parameters
            .iter()
            .map(|parameter| {
                let syntax = parameter.type_syntax.as_ref();
                let type_ref = syntax.map(|syntax| self.space.resolve(self.vm, syntax));
                (parameter.name.clone(), type_ref)
            })
            .collect();
        let yields = super::unused::yields(body);
        let (space, body) = (self.space.clone(), body.clone());
        let compiled: Rc<CompiledBody> = Rc::new(move |vm, this, values| {
            let mut run = Running::new(&space, this, returns.clone());
            let mut values = values.into_iter();
            for (name, type_ref) in &names {
                let value = values.next().unwrap_or_default();
                let value = match type_ref {
                    Some(wanted) if !matches!(value, Value::Ref(_)) => coerce(vm, value, wanted)?,
                    _ => value,
                };
                run.declare(name, type_ref.clone(), value);
            }
            if yields {
                run.yielded = Some(Vec::new());
            }
            run_body(vm, &mut run, &body)
        });
        ClassBody::Compiled(compiled)
    }

    /// The arguments of `: base(…)` or `: this(…)`.
    fn chained(&mut self, parameters: &[Parameter], member: &Member) -> ClassBody {
        let space = self.space.clone();
        let names: Vec<Rc<str>> = parameters.iter().map(|p| p.name.clone()).collect();
        let at = member.at;
        let compiled: Rc<CompiledBody> = Rc::new(move |vm, _, values| {
            let mut run = Running::new(&space, None, None);
            for (name, value) in names.iter().zip(values) {
                run.declare(name, None, value);
            }
            let declaration = space.declaration.clone();
            let chain = declaration.members.iter().find_map(|m| match &m.kind {
                MemberKind::Constructor { chain, .. } if m.at == at => chain.as_ref(),
                _ => None,
            });
            let given = match chain {
                Some((_, arguments)) => super::call::arguments(vm, &mut run, arguments)?,
                None => Vec::new(),
            };
            Ok(Value::array(given))
        });
        ClassBody::Compiled(compiled)
    }

    /// A structure is always made without arguments too.
    fn default_constructor(&mut self) {
        let constructors = &self.class.constructors;
        if constructors.is_empty() || constructors.iter().any(|c| c.parameters.is_empty()) {
            return;
        }
        let name = self.space.declaration.name.clone();
        let nothing: Rc<CompiledBody> = Rc::new(|_, _, _| Ok(Value::Null));
        let method = self.method(name, &[], None, ClassBody::Compiled(nothing));
        self.class.constructors.push(MethodDefinition {
            hidden: true,
            ..method
        });
    }
}

//! Classes and enums.
//!
//! They are known before the first statement of their text runs, so a text's
//! definitions are made in one go ([`define_types`]); the statement itself
//! does nothing any more.

use super::Lowering;
use crate::runtime::attribute::Attribute;
use crate::runtime::class::{
    Body, ClassDefinition, EnumDefinition, MethodDefinition, PropertyDefinition,
};
use crate::runtime::error::{R, Unwind};
use crate::runtime::script_block::{Exec, ScriptBlock};
use crate::runtime::types::resolve::TypeSite;
use crate::runtime::types::{Home, TypeCode, TypeKind, TypeRef, known, script_type};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use crate::syntax::checks::walk::{Node, Visitor, walk};
use crate::syntax::source::Source;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

impl Lowering {
    /// A type definition as a statement: it was made before the text began.
    pub fn type_definition(&self, _ast: &Rc<TypeDefinitionAst>) -> Exec {
        Box::new(|_| Ok(()))
    }
}

/// Makes all types a text defines, in the order of their bases.
pub fn define_types(vm: &mut Vm, block: &ScriptBlock) -> R<()> {
    let mut definitions = definitions_of(block);
    if definitions.is_empty() {
        return Ok(());
    }
    in_order_of_use(&mut definitions);
    let lowering = Lowering {
        in_string: false,
        source: block.source.clone(),
        in_method: false,
        home: super::Home::default(),
    };
    let mut made = Vec::new();
    // Names first: members and bases may name any type of the text.
    for (ast, home) in &definitions {
        let kind = match &ast.kind {
            TypeDefinitionKind::Enum(members) => {
                TypeKind::Enum(Rc::new(lowering.enumeration(vm, ast, members)?))
            }
            TypeDefinitionKind::Class(_) => TypeKind::Script(RefCell::new(None)),
        };
        let (base, interfaces) = match &ast.kind {
            TypeDefinitionKind::Enum(_) => {
                (crate::runtime::types::find_full("System.Enum"), Vec::new())
            }
            TypeDefinitionKind::Class(_) => lowering.bases(vm, ast)?,
        };
        let home = home.map(|span| Home {
            source: block.source.clone(),
            span,
        });
        let type_ref = script_type(&ast.name, base, kind, interfaces, home);
        vm.define_type(type_ref.clone());
        made.push(type_ref);
    }
    for ((ast, _), type_ref) in definitions.iter().zip(&made) {
        if let TypeDefinitionKind::Class(members) = &ast.kind {
            let class = lowering.class(vm, ast, members, type_ref)?;
            if let TypeKind::Script(slot) = &type_ref.kind {
                *slot.borrow_mut() = Some(class);
            }
        }
    }
    let assembly = ASSEMBLIES.fetch_add(1, Ordering::Relaxed);
    for ((ast, _), type_ref) in definitions.iter().zip(&made) {
        let missing = type_ref
            .class()
            .and_then(|class| super::interface_members::missing_member(&class, type_ref));
        if let Some(member) = missing {
            for made in &made {
                vm.forget_type(made);
            }
            let (name, id) = (&*ast.name, "TypeCreationError");
            let why = format!(
                "Method '{member}' in type '{name}' from assembly 'PowerShell Class Assembly, Version=1.0.0.{assembly}, Culture=neutral, PublicKeyToken=null' does not have an implementation."
            );
            let error = crate::syntax::ParseError::new(ast.span, id, &[name, &why]);
            return Err(not_defined(&block.source, error));
        }
    }
    Ok(())
}

/// Each text's types are an assembly of their own, told apart by the version.
static ASSEMBLIES: AtomicU32 = AtomicU32::new(1);

/// The error of types that cannot be made, which ends their text like one of its grammar.
fn not_defined(source: &Rc<Source>, error: crate::syntax::ParseError) -> Box<Unwind> {
    let errors = [error];
    let [first] = &errors;
    let record = crate::runtime::parse_error::record(source, &errors, first);
    crate::runtime::error::Thrown {
        record: Rc::new(record),
        ends_script: false,
    }
    .into()
}

/// A definition, and the extent of the function or block around it if there is one.
type Placed = (Rc<TypeDefinitionAst>, Option<Span>);

/// Enums first, each after those whose values it uses; classes stay in their order.
fn in_order_of_use(definitions: &mut [Placed]) {
    let all: Vec<&TypeDefinitionAst> = definitions.iter().map(|(ast, _)| &**ast).collect();
    let Ok(enums) = crate::syntax::enums_in_order(&all) else {
        return;
    };
    let order: Vec<Span> = enums.iter().map(|ast| ast.span).collect();
    let place = |ast: &TypeDefinitionAst| order.iter().position(|span| *span == ast.span);
    definitions.sort_by_key(|(ast, _)| place(ast).unwrap_or(usize::MAX));
}

/// The definitions of a text in source order, those inside functions and blocks too.
fn definitions_of(block: &ScriptBlock) -> Vec<Placed> {
    // Most texts define nothing, and need no walk to know it.
    let mentions = |word: &str| {
        let text = block.source.text.as_bytes();
        text.windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !mentions("class") && !mentions("enum") {
        return Vec::new();
    }
    let mut found = Definitions(Vec::new());
    walk(&mut found, Node::ScriptBlock(&block.ast));
    found.0
}

struct Definitions(Vec<Placed>);

impl<'a> Visitor<'a> for Definitions {
    fn enter(&mut self, node: Node<'a>, ancestors: &[Node<'a>]) -> bool {
        if let Node::Statement(statement) = node
            && let StatementKind::TypeDefinition(definition) = &statement.kind
        {
            // The first block is that of the text itself.
            let blocks = ancestors.iter().filter_map(|ancestor| match ancestor {
                Node::ScriptBlock(block) => Some(block.span),
                _ => None,
            });
            self.0.push((definition.clone(), blocks.skip(1).last()));
        }
        true
    }
}

impl Lowering {
    fn bases(&self, vm: &mut Vm, ast: &TypeDefinitionAst) -> R<(Option<TypeRef>, Vec<TypeRef>)> {
        let mut base = Some(known::object());
        let mut interfaces = Vec::new();
        for (i, constraint) in ast.base_types.iter().enumerate() {
            let site = TypeSite::new(constraint.type_name.clone());
            if site.try_resolve(vm)?.is_none() {
                let name = constraint.type_name.to_string();
                let span = constraint.span;
                let error = crate::syntax::ParseError::new(span, "TypeNotFound", &[&name]);
                return Err(not_defined(&self.source, error));
            }
            let type_ref = site.resolve(vm)?;
            if matches!(type_ref.kind, TypeKind::Interface) {
                interfaces.push(type_ref.clone());
            } else if i == 0 {
                base = Some(type_ref);
            } else {
                let name = constraint.type_name.to_string();
                let error = crate::syntax::ParseError::new(
                    constraint.span,
                    "InterfaceNameExpected",
                    &[&name],
                );
                return Err(not_defined(&self.source, error));
            }
        }
        Ok((base, interfaces))
    }

    fn enumeration(
        &self,
        vm: &mut Vm,
        ast: &TypeDefinitionAst,
        members: &[EnumMemberAst],
    ) -> R<EnumDefinition> {
        let underlying = match ast.base_types.first() {
            Some(constraint) => {
                TypeSite::new(constraint.type_name.clone())
                    .resolve(vm)?
                    .code
            }
            None => TypeCode::Int,
        };
        let flags = ast.attributes.iter().any(|a| {
            matches!(
                crate::runtime::types::resolve::type_name_text(&a.type_name)
                    .to_ascii_lowercase()
                    .as_str(),
                "flags" | "flagsattribute" | "system.flags" | "system.flagsattribute"
            )
        });
        let mut list = Vec::new();
        let mut next = 0i64;
        for member in members {
            if let Some(expression) = &member.value {
                let value = self.expression(expression)(vm)?;
                next = match value.base() {
                    Value::Enum(e) => e.bits,
                    other => vm.to_long(other)?,
                };
            }
            list.push((member.name.clone(), next));
            next = next.wrapping_add(1);
        }
        Ok(EnumDefinition {
            members: list,
            flags,
            underlying,
        })
    }

    fn class(
        &self,
        vm: &mut Vm,
        ast: &TypeDefinitionAst,
        members: &[MemberAst],
        type_ref: &TypeRef,
    ) -> R<Rc<ClassDefinition>> {
        let base_type = type_ref.base.clone().unwrap_or_else(known::object);
        let base = base_type.class();
        let native_base = (base.is_none() && base_type != known::object()).then_some(base_type);
        let mut class = ClassDefinition {
            name: ast.name.clone(),
            type_ref: RefCell::new(Some(type_ref.clone())),
            properties: base
                .as_ref()
                .map(|b| b.properties.clone())
                .unwrap_or_default(),
            base,
            native_base,
            statics: Vec::new(),
            static_values: RefCell::default(),
            methods: Vec::new(),
            constructors: Vec::new(),
            static_constructor: RefCell::new(None),
            module: RefCell::new(vm.scope_module().map(|m| Rc::downgrade(&m))),
        };
        for member in members {
            match member {
                MemberAst::Property(p) => {
                    let property = self.property(vm, p, &ast.name)?;
                    if p.is_static {
                        class.statics.push(property);
                    } else {
                        class.properties.push(property);
                    }
                }
                MemberAst::Method(m) => {
                    let method = self.method(vm, m)?;
                    match (m.is_constructor, m.is_static) {
                        (true, true) => *class.static_constructor.borrow_mut() = Some(method),
                        (true, false) => class.constructors.push(method),
                        (false, _) => class.methods.push(method),
                    }
                }
            }
        }
        let class = Rc::new(class);
        self.initialise_statics(vm, &class)?;
        Ok(class)
    }

    fn initialise_statics(&self, vm: &mut Vm, class: &Rc<ClassDefinition>) -> R<()> {
        for property in &class.statics {
            let value = match &property.initial {
                Some(Body::Script(initial)) => Vm::captured(vm.call_block(initial, Vec::new())?),
                Some(Body::Compiled(initial)) => initial(vm, None, Vec::new())?,
                None => Value::Null,
            };
            let value = if property.typed {
                vm.convert(&value, &property.type_ref).unwrap_or(value)
            } else {
                value
            };
            class.static_values.borrow_mut().push(value);
        }
        Ok(())
    }

    fn property(
        &self,
        vm: &mut Vm,
        ast: &PropertyMemberAst,
        class: &Rc<str>,
    ) -> R<PropertyDefinition> {
        let mut attributes: Vec<Attribute> = Vec::new();
        for attribute in &ast.attributes {
            attributes.extend(self.attribute(attribute)(vm)?);
        }
        let type_ref = match &ast.type_constraint {
            Some(constraint) => TypeSite::new(constraint.type_name.clone()).resolve(vm)?,
            None => known::object(),
        };
        Ok(PropertyDefinition {
            name: ast.name.clone(),
            typed: ast.type_constraint.is_some(),
            type_ref,
            attributes: Rc::new(attributes),
            initial: ast
                .initial
                .as_ref()
                .map(|e| Body::Script(self.expression_block(e))),
            accessors: None,
            hidden: ast.is_hidden,
            declared_by: class.clone(),
        })
    }

    fn method(&self, vm: &mut Vm, ast: &FunctionMemberAst) -> R<MethodDefinition> {
        let mut parameters = Vec::new();
        for parameter in &ast.parameters {
            let mut type_ref = known::object();
            for attribute in &parameter.attributes {
                if let AttributeBaseAst::TypeConstraint(constraint) = attribute {
                    type_ref = TypeSite::new(constraint.type_name.clone()).resolve(vm)?;
                }
            }
            parameters.push((parameter.name.name.clone(), type_ref));
        }
        let return_type = match &ast.return_type {
            Some(constraint) => {
                let type_ref = TypeSite::new(constraint.type_name.clone()).resolve(vm)?;
                (type_ref.code != TypeCode::Void).then_some(type_ref)
            }
            None => None,
        };
        let body = Rc::new(ScriptBlock::of_method(
            ast.name.clone(),
            ast.body.clone(),
            self.source.clone(),
            vm.scope_module(),
        ));
        Ok(MethodDefinition {
            name: ast.name.clone(),
            return_type,
            parameters,
            passing: Vec::new(),
            body: Body::Script(body),
            base_arguments: ast
                .base_call
                .as_ref()
                .map(|arguments| Body::Script(self.arguments_block(arguments))),
            calls_own: false,
            is_static: ast.is_static,
            hidden: ast.is_hidden,
        })
    }

    /// A block that gives an expression's value, a collection whole.
    fn expression_block(&self, expression: &ExpressionAst) -> Rc<ScriptBlock> {
        let whole = ExpressionAst {
            span: expression.span,
            kind: ExpressionKind::ArrayLiteral(vec![expression.clone()]),
        };
        block_of(vec![statement_of(whole)], expression.span, &self.source)
    }

    /// A block that gives an array of arguments, each an item.
    fn arguments_block(&self, arguments: &[ExpressionAst]) -> Rc<ScriptBlock> {
        let span = match (arguments.first(), arguments.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        };
        let statements = arguments
            .iter()
            .map(|a| {
                // One value per argument, arrays whole.
                let whole = ExpressionAst {
                    span: a.span,
                    kind: ExpressionKind::ArrayLiteral(vec![a.clone()]),
                };
                statement_of(whole)
            })
            .collect();
        block_of(statements, span, &self.source)
    }
}

fn statement_of(expression: ExpressionAst) -> StatementAst {
    let span = expression.span;
    let element = CommandBaseAst::Expression(CommandExpressionAst {
        span,
        expression,
        redirections: Vec::new(),
    });
    StatementAst {
        span,
        kind: StatementKind::Pipeline(PipelineAst {
            span,
            elements: vec![element],
            background: false,
        }),
    }
}

fn block_of(statements: Vec<StatementAst>, span: Span, source: &Rc<Source>) -> Rc<ScriptBlock> {
    let body = StatementBlock {
        span,
        statements: statements.into(),
        traps: Vec::new(),
    };
    let ast = ScriptBlockAst {
        span,
        end: Some(NamedBlockAst {
            span,
            unnamed: true,
            body,
        }),
        ..ScriptBlockAst::default()
    };
    Rc::new(ScriptBlock::new(Rc::new(ast), source.clone(), None))
}

impl Vm {
    /// Enters a type of a script into the session, or into the running module.
    pub fn define_type(&mut self, type_ref: TypeRef) {
        match self.scope_module() {
            Some(module) => module.types.borrow_mut().push(type_ref),
            None => self.session.types.push(type_ref),
        }
    }

    /// Takes a type out again that turned out not to be one.
    fn forget_type(&mut self, type_ref: &TypeRef) {
        match self.scope_module() {
            Some(module) => module.types.borrow_mut().retain(|known| known != type_ref),
            None => self.session.types.retain(|known| known != type_ref),
        }
    }
}

//! Members, method calls and indexing.

use super::Lowering;
use super::literal::nothing_to_null;
use crate::runtime::error::R;
use crate::runtime::script_block::Eval;
use crate::runtime::types::TypeRef;
use crate::runtime::types::resolve::TypeSite;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

/// A member's name: known now, or computed.
enum Name {
    Constant(Rc<str>),
    Computed(Eval),
}

impl Name {
    fn get(&self, vm: &mut Vm) -> R<Rc<str>> {
        match self {
            Name::Constant(name) => Ok(name.clone()),
            Name::Computed(eval) => {
                let value = eval(vm)?;
                Ok(vm.to_text(&value)?.into())
            }
        }
    }
}

/// What stands before `::`.
enum StaticTarget {
    Type(TypeSite),
    Value(Eval),
}

impl StaticTarget {
    fn get(&self, vm: &mut Vm) -> R<TypeRef> {
        match self {
            StaticTarget::Type(site) => site.resolve(vm),
            StaticTarget::Value(eval) => {
                let value = eval(vm)?;
                Ok(match value.base() {
                    Value::Type(type_ref) => type_ref.clone(),
                    other => vm.type_of(other),
                })
            }
        }
    }
}

impl Lowering {
    fn member_name(&self, ast: &ExpressionAst) -> Name {
        match &ast.kind {
            ExpressionKind::String { value, .. } => Name::Constant(value.clone()),
            _ => Name::Computed(self.expression(ast)),
        }
    }

    fn static_target(&self, ast: &ExpressionAst) -> StaticTarget {
        match &ast.kind {
            ExpressionKind::Type(name) => StaticTarget::Type(TypeSite::new((**name).clone())),
            _ => StaticTarget::Value(self.expression(ast)),
        }
    }

    /// `target.name`, `[type]::name`
    pub fn member(&self, ast: &MemberExpressionAst, _span: Span) -> Eval {
        let name = self.member_name(&ast.member);
        if ast.is_static {
            let target = self.static_target(&ast.target);
            return Box::new(move |vm| {
                let type_ref = target.get(vm)?;
                let name = name.get(vm)?;
                vm.read_static(&type_ref, &name)
            });
        }
        let target = self.expression(&ast.target);
        let null_conditional = ast.null_conditional || ast.target.passes_null_on();
        match name {
            Name::Constant(name) => Box::new(move |vm| {
                let value = target(vm)?;
                if null_conditional && value.is_null() {
                    return Ok(Value::Null);
                }
                vm.read_property(&value, &name)
            }),
            Name::Computed(computed) => Box::new(move |vm| {
                let value = target(vm)?;
                if null_conditional && value.is_null() {
                    return Ok(Value::Null);
                }
                let name = computed(vm)?;
                // A table's keys need not be text: `$Matches.1`.
                if let Value::Dict(dictionary) = value.base()
                    && let Some(found) = dictionary.get(&name)
                {
                    return Ok(found);
                }
                let name = vm.to_text(&name)?;
                vm.read_property(&value, &name)
            }),
        }
    }

    /// `target.name(arguments)`, `[type]::name(arguments)`
    pub fn invoke_member(&self, ast: &InvokeMemberAst, _span: Span) -> Eval {
        let name = self.member_name(&ast.member);
        let arguments: Vec<Eval> = ast
            .arguments
            .iter()
            .map(|a| self.method_argument(a))
            .collect();
        let sites = ast.generic_arguments.iter().cloned();
        let types: Vec<TypeSite> = sites.map(TypeSite::new).collect();
        if ast.is_static {
            let target = self.static_target(&ast.target);
            // Of a cast to `[type]` only methods that `Type` itself declares are meant.
            let of_type_itself = cast_type(&ast.target).is_some_and(is_type_name);
            return Box::new(move |vm| {
                let type_ref = target.get(vm)?;
                let name = name.get(vm)?;
                let values = evaluate(vm, &arguments)?;
                let types = resolve_all(vm, &types)?;
                if of_type_itself {
                    vm.refuse_overloads_of_others(&type_ref, &name, values.len())?;
                }
                vm.invoke_generic_static(&type_ref, &name, &types, values)
            });
        }
        let target = self.expression(&ast.target);
        let null_conditional = ast.null_conditional;
        if let Some(base) = cast_type(&ast.target) {
            let base = TypeSite::new(base.clone());
            return Box::new(move |vm| {
                let value = target(vm)?;
                let name = name.get(vm)?;
                let values = evaluate(vm, &arguments)?;
                let base = base.resolve(vm)?;
                match value.base() {
                    Value::Instance(_) => vm.invoke_as(&value, &base, &name, values),
                    _ => match vm.invoke_of_object(&value, &base, &name, &values) {
                        Some(result) => Ok(result),
                        None => vm.invoke_method(&value, &name, values),
                    },
                }
            });
        }
        Box::new(move |vm| {
            let value = target(vm)?;
            if null_conditional && value.is_null() {
                return Ok(Value::Null);
            }
            let name = name.get(vm)?;
            let values = evaluate(vm, &arguments)?;
            if types.is_empty() {
                return vm.invoke_method(&value, &name, values);
            }
            let types = resolve_all(vm, &types)?;
            vm.invoke_generic(&value, &name, &types, values)
        })
    }

    fn method_argument(&self, ast: &ExpressionAst) -> Eval {
        self.expression(ast)
    }

    /// `target[index]`
    pub fn index(
        &self,
        target: &ExpressionAst,
        index: &ExpressionAst,
        null_conditional: bool,
    ) -> Eval {
        let null_conditional = null_conditional || target.passes_null_on();
        if is_object_cast(index) {
            let (target, index) = (self.expression(target), self.expression(index));
            return Box::new(move |vm| {
                let value = target(vm)?;
                if null_conditional && value.is_null() {
                    return Ok(Value::Null);
                }
                let index = index(vm)?;
                vm.index_by_key(&value, &index)
            });
        }
        let (target, index) = (self.expression(target), self.expression(index));
        Box::new(move |vm| {
            let value = target(vm)?;
            if null_conditional && value.is_null() {
                return Ok(Value::Null);
            }
            let index = index(vm)?;
            if let (Value::Array(array), Value::Int(at)) = (&value, &index)
                && *at >= 0
                && array.dimensions.is_none()
                && let Some(item) = array.items.borrow().get(*at as usize)
            {
                return Ok(item.clone());
            }
            vm.index(&value, &index)
        })
    }
}

/// The type a method's target is cast to: the call then goes to that type's own method.
fn cast_type(target: &ExpressionAst) -> Option<&TypeName> {
    match &target.kind {
        ExpressionKind::Convert { constraint, .. } => Some(&constraint.type_name),
        ExpressionKind::Paren(inner) => cast_type(inner.sole_expression()?),
        _ => None,
    }
}

/// `[type]`, by either of its names.
fn is_type_name(name: &TypeName) -> bool {
    let name = crate::runtime::types::resolve::type_name_text(name);
    name.eq_ignore_ascii_case("type") || name.eq_ignore_ascii_case("system.type")
}

/// `[object]x`: as an index it is a key, not a position.
pub fn is_object_cast(index: &ExpressionAst) -> bool {
    let ExpressionKind::Convert { constraint, .. } = &index.kind else {
        return false;
    };
    let name = crate::runtime::types::resolve::type_name_text(&constraint.type_name);
    name.eq_ignore_ascii_case("object") || name.eq_ignore_ascii_case("system.object")
}

fn resolve_all(vm: &mut Vm, sites: &[TypeSite]) -> R<Vec<TypeRef>> {
    sites.iter().map(|site| site.resolve(vm)).collect()
}

fn evaluate(vm: &mut Vm, arguments: &[Eval]) -> R<Vec<Value>> {
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(nothing_to_null(argument(vm)?));
    }
    Ok(values)
}

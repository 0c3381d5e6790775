//! Functions as values: lambdas, anonymous methods and methods by their name.
//!
//! They are script blocks whose code is not a script's, so that everything that takes a block, and
//! every delegate type that a block becomes, takes them too.

use crate::lower::csharp::space::Running;
use crate::lower::csharp::statement::run_body;
use crate::runtime::class::MethodDefinition;
use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::scope::Layout;
use crate::runtime::script_block::{Block, Code, Exec, ScriptBlock};
use crate::runtime::types::TypeRef;
use crate::runtime::types::reflection::delegate::Delegate;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{ScriptBlockAst, Span};
use crate::syntax::csharp::ast::Lambda;
use crate::syntax::source::Source;
use std::cell::OnceCell;
use std::rc::Rc;

/// A block that runs this with its arguments.
fn block(work: impl Fn(&mut Vm, Vec<Value>) -> R<Value> + 'static) -> Value {
    let exec: Exec = Box::new(move |vm| {
        let given = match vm.variable("args").map(Value::into_base) {
            Some(Value::Array(list)) => list.items.borrow().clone(),
            _ => Vec::new(),
        };
        match work(vm, given)? {
            Value::Null | Value::Nothing => Ok(()),
            value => vm.write(value),
        }
    });
    let code = Code {
        layout: Layout::growing(),
        parameters: Vec::new(),
        advanced: false,
        obsolete: None,
        surface: OnceCell::new(),
        speaks_of_args: true,
        speaks_of_input: true,
        dynamic_param: None,
        begin: None,
        process: None,
        end: Some(Block {
            frame_name: None,
            statements: vec![exec].into(),
            traps: Rc::default(),
            span: Span::default(),
        }),
        clean: None,
    };
    let source = Rc::new(Source::new("", None));
    let block = ScriptBlock::new(Rc::new(ScriptBlockAst::default()), source, None);
    let _ = block.code.set(Rc::new(code));
    Value::Block(Rc::new(block))
}

/// A lambda; it keeps the variables around it.
pub(super) fn of_lambda(run: &Running, lambda: &Rc<Lambda>) -> Value {
    let (around, lambda) = (run.clone(), lambda.clone());
    block(move |vm, given| {
        let mut run = around.clone();
        run.returns = None;
        run.yielded = None;
        let mut given = given.into_iter();
        for parameter in &lambda.parameters {
            let value = given.next().unwrap_or_default();
            run.declare(&parameter.name, None, value);
        }
        run_body(vm, &mut run, &lambda.body)
    })
}

/// Methods of the running class by their name.
pub(super) fn of_methods(run: &Running, name: &Rc<str>) -> Value {
    let (run, name) = (run.clone(), name.clone());
    block(move |vm, given| {
        let target = match &run.this {
            Some(this) => crate::lower::csharp::call::Target::Value(this.clone()),
            None => crate::lower::csharp::call::Target::Type(run.space.own.clone()),
        };
        let own = crate::lower::csharp::call::Target::Type(run.space.own.clone());
        let is_static = run.space.own.class().is_some_and(|class| {
            let named = |m: &&MethodDefinition| {
                m.name.trim_start_matches(crate::runtime::class::PRIVATE) == &*name
            };
            class.methods.iter().filter(named).any(|m| m.is_static)
        });
        let target = if is_static { &own } else { &target };
        crate::lower::csharp::call::call_member(vm, target, &name, &[], given)
    })
}

/// Methods that were read and not called.
pub(super) fn of_list(this: Option<Value>, methods: Vec<MethodDefinition>) -> Value {
    let name = methods
        .first()
        .map_or_else(|| Rc::from(""), |m| m.name.clone());
    block(move |vm, given| vm.call_class_method(&methods, &name, this.as_ref(), given))
}

/// A function as a value of a delegate type.
pub(super) fn as_type(vm: &mut Vm, value: Value, type_ref: &TypeRef) -> R<Value> {
    match value.base() {
        Value::Block(block) => Ok(Delegate::value(type_ref, block)),
        _ => vm.convert(&value, type_ref),
    }
}

/// Calls a function that is a value.
pub(super) fn invoke(vm: &mut Vm, callee: &Value, arguments: Vec<Value>) -> R<Value> {
    if callee.is_null() {
        return crate::lower::csharp::operators::fail(
            vm,
            "System.NullReferenceException",
            "Object reference not set to an instance of an object.",
        );
    }
    match callee.base() {
        Value::Block(block) => {
            let call = BlockCall {
                arguments,
                ..BlockCall::default()
            };
            let output = vm.call_block_with(block, call)?;
            Ok(Vm::captured(output))
        }
        _ => vm.invoke_method(callee, "Invoke", arguments),
    }
}

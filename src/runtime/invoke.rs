//! Running script blocks and commands from Rust.

use super::command::Command;
use super::covered::Covered;
use super::enumerator::ListEnumerator;
use super::error::{R, Thrown, Unwind};
use super::parameter::Argument;
use super::pipeline::Request;
use super::scope::{Scope, ScopeKind, Site, Slot};
use super::script_block::{Code, ScriptBlock};
use super::symbol::Symbol;
use super::value::Value;
use super::vm::{Frame, Vm};
use crate::syntax::ast::Span;
use std::rc::Rc;

/// How a script block is called.
#[derive(Default, Clone)]
pub struct BlockCall {
    /// Positional arguments.
    pub arguments: Vec<Value>,
    /// `$_` inside.
    pub item: Option<Value>,
    /// `$this` inside.
    pub this: Option<Value>,
    /// `$input` inside, and the objects for its process block.
    pub input: Option<Vec<Value>>,
    /// Runs in the current scope instead of a new one, as the blocks of ForEach-Object and Where-Object do.
    pub dot_sourced: bool,
    /// Further variables of the block's scope.
    pub variables: Vec<(Rc<str>, Value)>,
}

impl Vm {
    /// Runs a block in a scope of its own and gives its output.
    pub fn call_block(&mut self, block: &Rc<ScriptBlock>, arguments: Vec<Value>) -> R<Vec<Value>> {
        self.call_block_with(
            block,
            BlockCall {
                arguments,
                ..BlockCall::default()
            },
        )
    }

    /// Runs a block for an item in `$_`, in the current scope, and gives its output.
    pub fn call_block_for(&mut self, block: &Rc<ScriptBlock>, item: &Value) -> R<Vec<Value>> {
        self.collect(|vm| vm.run_block_for(block, item))
    }

    /// Runs a block and gives its output.
    pub fn call_block_with(&mut self, block: &Rc<ScriptBlock>, call: BlockCall) -> R<Vec<Value>> {
        self.collect(|vm| vm.run_block(block, call))
    }

    /// Runs a block for an item in `$_`, in the current scope; output goes to the current sink.
    pub fn run_block_for(&mut self, block: &Rc<ScriptBlock>, item: &Value) -> R<()> {
        let code = self.code_of(block);
        if !code.parameters.is_empty()
            || code.begin.is_some()
            || code.process.is_some()
            || code.speaks_of_args
        {
            return self.run_block(
                block,
                BlockCall {
                    item: Some(item.clone()),
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            );
        }
        let (symbol, site) = (Symbol::ITEM, Site::default());
        let scope = self.block_scope(block);
        let saved = scope.own(symbol, &site);
        scope.put(symbol, &site, Slot::Plain(item.clone()));
        let result = self.run_end(block, &code, scope.clone());
        scope.put(symbol, &site, saved);
        result
    }

    /// The scope a dot-sourced block runs in: the current one, or its own module's.
    fn block_scope(&self, block: &ScriptBlock) -> Rc<Scope> {
        self.entry_scope(block.module.borrow().as_ref())
    }

    fn run_end(&mut self, block: &Rc<ScriptBlock>, code: &Code, scope: Rc<Scope>) -> R<()> {
        let Some(body) = &code.end else {
            return self.check_interrupt();
        };
        let frame = self.block_frame(block, body.frame_name.as_ref());
        let loop_depth = self.loop_depth;
        let failed = std::mem::take(&mut self.pipeline_failed);
        let result = self.in_frame(frame, |vm| vm.in_scope(scope, |vm| vm.run_statements(body)));
        self.loop_depth = loop_depth;
        self.pipeline_failed = failed;
        returning(result)
    }

    fn block_frame(&self, block: &Rc<ScriptBlock>, name: Option<&Rc<str>>) -> Frame {
        let raiser = self.current_call.as_ref().map(|c| c.info.class.clone());
        Frame {
            name: name.unwrap_or(&self.block_name).clone(),
            source: block.source.clone(),
            span: block.ast.span,
            invocation: self.frame.invocation.clone(),
            raiser,
        }
    }

    /// Runs a block; its output goes to the current sink.
    pub fn run_block(&mut self, block: &Rc<ScriptBlock>, call: BlockCall) -> R<()> {
        let code = self.code_of(block);
        if !code.advanced
            && code.begin.is_none()
            && code.process.is_none()
            && code.dynamic_param.is_none()
            && code.clean.is_none()
        {
            return self.run_simple(block, &code, call);
        }
        let command = Command::Block(block.clone());
        let arguments = call
            .arguments
            .iter()
            .map(|v| Argument::Positional(v.clone(), Span::default()))
            .collect();
        let mut request = Request::internal(self, command, arguments);
        request.dot = call.dot_sourced;
        let input = match (call.input, &call.item) {
            (Some(items), _) => Some(items),
            (None, Some(item)) => Some(vec![item.clone()]),
            (None, None) => None,
        };
        self.run_pipeline(vec![request], input)
    }

    fn run_simple(&mut self, block: &Rc<ScriptBlock>, code: &Rc<Code>, call: BlockCall) -> R<()> {
        let parent = self.block_scope(block);
        let scope = if call.dot_sourced {
            parent
        } else {
            let module = block
                .module
                .borrow()
                .clone()
                .or_else(|| parent.module.clone());
            let foreign = !Rc::ptr_eq(&parent, &self.scope);
            let scope = Scope::new(ScopeKind::Local, code.layout.clone(), Some(parent), module);
            if foreign {
                *scope.caller.borrow_mut() = Some(self.scope.clone());
            }
            scope
        };
        let mut covered = Covered::of(scope.clone());
        let mut put = |name: &str, value: Value| match call.dot_sourced {
            true => covered.put(name, Slot::Plain(value)),
            false => scope.put_named(Symbol::fold(name), Slot::Plain(value)),
        };
        if let Some(item) = &call.item {
            put("_", item.clone());
        }
        if let Some(this) = &call.this {
            put("this", this.clone());
        }
        if let Some(items) = &call.input {
            put("input", ListEnumerator::value(items.clone()));
        }
        for (name, value) in &call.variables {
            put(name, value.clone());
        }
        if !call.dot_sourced || code.speaks_of_args {
            put("args", Value::array(Vec::new()));
        }
        let bound = if code.parameters.is_empty() && call.arguments.is_empty() {
            Ok(())
        } else {
            if call.dot_sourced {
                covered.put_invocation(self.frame.invocation.clone());
                covered.put("args", Slot::Unset);
            }
            (self.language.bind_block)(self, block, &scope, call.arguments)
        };
        let result = match bound {
            Ok(()) => self.run_end(block, code, scope.clone()),
            Err(unwind) => Err(unwind),
        };
        covered.uncover();
        result
    }

    /// Calls a command by name with named and positional arguments and gives its output.
    pub fn call_command(
        &mut self,
        name: &str,
        named: &[(&str, Value)],
        positional: &[Value],
    ) -> R<Vec<Value>> {
        self.collect(|vm| vm.run_command(name, named, positional, None))
    }

    /// Calls a command by name, feeding it `input`; output goes to the current sink.
    pub fn run_command(
        &mut self,
        name: &str,
        named: &[(&str, Value)],
        positional: &[Value],
        input: Option<Vec<Value>>,
    ) -> R<()> {
        let command = self.resolve_command(name)?;
        let mut arguments: Vec<Argument> = named
            .iter()
            .map(|(n, v)| Argument::named(n, v.clone()))
            .collect();
        arguments.extend(
            positional
                .iter()
                .map(|v| Argument::Positional(v.clone(), Span::default())),
        );
        let request = Request::internal(self, command, arguments);
        self.run_pipeline(vec![request], input)
    }

    /// Runs a text's statements in the current scope, as the top level of a script or a command line.
    pub fn run_source(&mut self, block: &Rc<ScriptBlock>) -> R<()> {
        let code = self.code_of(block);
        let frame = Frame {
            name: self.block_name.clone(),
            source: block.source.clone(),
            span: block.ast.span,
            invocation: self.frame.invocation.clone(),
            raiser: self.frame.raiser.clone(),
        };
        let saved = std::mem::replace(&mut self.frame, frame);
        let result = match &code.end {
            Some(body) => self.run_statements(body),
            None => Ok(()),
        };
        self.frame = saved;
        returning(result)
    }

    /// The block of a script file, read and parsed at the first call.
    pub fn script_block_of(&mut self, script: &super::command::ScriptInfo) -> R<Rc<ScriptBlock>> {
        if let Some(block) = script.block.get() {
            return Ok(block.clone());
        }
        let bytes = match crate::host::file::read(&*script.path) {
            Ok(bytes) => bytes,
            Err(_) => return self.raise(super::discovery::command_not_found(&script.path)),
        };
        let text = super::text::encoding::decode_script(&bytes);
        let source = Rc::new(crate::syntax::source::Source::new(
            &text,
            Some(&script.path),
        ));
        let mut block = self.parse_source(&source)?;
        block.module = std::cell::RefCell::new(None);
        self.check_requirements(&block, script)?;
        let block = Rc::new(block);
        let _ = script.block.set(block.clone());
        Ok(block)
    }

    /// Turns `@name` into arguments.
    pub fn splat(&mut self, value: &Value, arguments: &mut Vec<Argument>) -> R<()> {
        match value.base() {
            Value::Null | Value::Nothing => Ok(()),
            Value::Dict(table) => {
                for (key, value) in table.pairs() {
                    let name: Rc<str> = self.to_text(&key)?.into();
                    let text = format!("-{name}:").into();
                    arguments.push(Argument::Named {
                        name,
                        text,
                        value: Some(value),
                        splatted: true,
                        span: Span::default(),
                        value_span: Span::default(),
                    });
                }
                Ok(())
            }
            // Text is a collection too here: its characters are positional arguments.
            Value::Str(text) => {
                let units = text.encode_utf16().map(Value::Char);
                arguments.extend(units.map(|c| Argument::Positional(c, Span::default())));
                Ok(())
            }
            other => {
                let items = self
                    .enumerate(other)?
                    .unwrap_or_else(|| vec![other.clone()]);
                for item in items {
                    match command_parameter_name(&item) {
                        Some((name, text)) => {
                            arguments.push(Argument::Named {
                                name,
                                text,
                                value: None,
                                splatted: false,
                                span: Span::default(),
                                value_span: Span::default(),
                            });
                        }
                        None => arguments.push(Argument::Positional(item, Span::default())),
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether an error that reaches the top ends the text: it does when it was thrown or Stop is in force.
    pub fn finish_error(&mut self, thrown: &Thrown) -> R<()> {
        self.locate(&thrown.record);
        self.remember_error(&thrown.record);
        self.report_error(&thrown.record)
    }
}

/// The parameter name an item of `$args` stands for, and its text.
fn command_parameter_name(item: &Value) -> Option<(Rc<str>, Rc<str>)> {
    let Value::Wrapped(wrapped) = item else {
        return None;
    };
    let name = wrapped
        .extension
        .read(|e| e.members.note("<CommandParameterName>"))??;
    Some((name.as_str()?.into(), wrapped.base.as_str()?.into()))
}

/// Whether an unwinding is an error.
pub fn is_error(unwind: &Unwind) -> bool {
    matches!(unwind, Unwind::Error(_))
}

/// `return` ends a block in good order.
pub fn returning(result: R<()>) -> R<()> {
    match result {
        Err(unwind) if matches!(*unwind, Unwind::Return) => Ok(()),
        other => other,
    }
}

impl Vm {
    /// Whether a scope is the current one or encloses it.
    pub fn is_within(&self, scope: &Rc<Scope>) -> bool {
        let mut at = Some(self.scope.clone());
        while let Some(current) = at {
            if Rc::ptr_eq(&current, scope) {
                return true;
            }
            at = current.parent.clone();
        }
        false
    }

    /// Whether `exit` in a script file that is called from code only ends that file.
    /// and not the session: the front end calls from no text.
    pub fn exits_script(&self) -> bool {
        !self.frame.source.text.is_empty() || self.frame.source.file.is_some()
    }
}

//! Functions, script blocks and script files as stages of a pipeline.

use super::{BindSite, Binding, common};
use crate::runtime::collection::List;
use crate::runtime::command::Command;
use crate::runtime::covered::Covered;
use crate::runtime::enumerator::ListEnumerator;
use crate::runtime::error::{R, Unwind};
use crate::runtime::invocation::{InvocationInfo, no_text};
use crate::runtime::invoke::returning;
use crate::runtime::parameter::{Argument, CommandSurface};
use crate::runtime::pipeline::{Place, Request, Runner};
use crate::runtime::scope::{Layout, Scope, ScopeKind, Site, Slot};
use crate::runtime::script_block::{Block, Code, ScriptBlock};
use crate::runtime::streams::Streams;
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::{Frame, Vm};
use crate::syntax::ast::Span;
use std::rc::Rc;

/// A function's call: its scope, its bound arguments, what came down the pipeline.
pub struct FunctionRunner {
    code: Rc<Code>,
    scope: Rc<Scope>,
    frame: Frame,
    binding: Binding,
    streams: Option<Rc<Streams>>,
    error_list: Option<Rc<List>>,
    out: Option<Rc<dyn crate::runtime::streams::Sink>>,
    place: Place,
    input: Vec<Value>,
    is_script: bool,
    dot: bool,
    /// Called with `.` in a script, not by a cmdlet that runs a block in the current scope.
    called: bool,
    covered: Option<Covered>,
    /// One of its blocks has run: there may be something to clean.
    ran: bool,
    /// Values of parameters that have no argument, to go back to between objects.
    defaults: Vec<(Symbol, Slot)>,
}

impl FunctionRunner {
    /// Binds the arguments; nothing runs yet but default values.
    pub fn bind(vm: &mut Vm, request: Request, place: Place) -> R<Box<dyn Runner>> {
        let expecting_input = place.expecting_input;
        let mut runner = FunctionRunner::prepare(vm, request, place)?;
        let invocation = runner.frame.invocation.clone();
        runner.bind_dynamic(vm)?;
        let late = runner.binding.finish(vm, expecting_input);
        late?;
        runner.common(vm)?;
        *invocation.bound_parameters.borrow_mut() = runner.binding.values.clone();
        *invocation.set_name.borrow_mut() = runner.binding.set_name();
        *invocation.unbound_arguments.borrow_mut() = runner.binding.unbound.clone();
        *invocation.set_name.borrow_mut() = runner.binding.set_name();
        if let Err(unwind) = runner.set_variables(vm) {
            runner.uncover();
            return Err(unwind);
        }
        Ok(Box::new(runner))
    }

    /// The parameters the function has for these arguments, those of its dynamicparam block included.
    pub fn surface_for(vm: &mut Vm, request: Request) -> R<Rc<CommandSurface>> {
        let place = Place {
            index: 0,
            count: 1,
            expecting_input: false,
            stage: 0,
            last: true,
        };
        let mut runner = FunctionRunner::prepare(vm, request, place)?;
        runner.bind_dynamic(vm)?;
        Ok(runner.binding.surface.clone())
    }

    fn prepare(vm: &mut Vm, request: Request, place: Place) -> R<FunctionRunner> {
        let block = block_of(vm, &request.command)?;
        let code = vm.code_of(&block);
        let is_script = matches!(request.command, Command::Script(_));
        let name = match &request.command {
            Command::Block(_) => no_text(),
            other => other.name(),
        };
        let module = block.module.borrow().clone();
        let scope = if request.dot {
            vm.scope.clone()
        } else {
            let parent = vm.entry_scope(module.as_ref());
            let kind = if is_script {
                ScopeKind::Script
            } else {
                ScopeKind::Local
            };
            let layout = if is_script {
                Layout::growing()
            } else {
                code.layout.clone()
            };
            let module = module.or_else(|| parent.module.clone());
            let foreign = !Rc::ptr_eq(&parent, &vm.scope);
            let scope = Scope::new(kind, layout, Some(parent), module);
            if foreign {
                *scope.caller.borrow_mut() = Some(vm.scope.clone());
            }
            scope
        };
        if let Some(message) = &code.obsolete
            && !name.is_empty()
        {
            vm.write_warning(&format!("The command '{name}' is obsolete. {message}"))?;
        }
        let surface = vm.block_surface(&block, &name)?;
        let site = BindSite {
            command: request.command.clone(),
            extent: request.extent.clone(),
            position: place.index + 1,
        };
        let caller_line = request.extent.clone();
        let mut binding = Binding::new(surface, site);
        binding.arguments(vm, request.arguments, place.expecting_input)?;
        let invocation = Rc::new(InvocationInfo {
            command: Some(request.command.clone()),
            invocation_name: std::cell::RefCell::new(request.name.clone()),
            position: Some(caller_line),
            ..InvocationInfo::default()
        });
        invocation.pipeline_length.set(place.count);
        invocation.pipeline_position.set(place.index + 1);
        invocation.expecting_input.set(place.expecting_input);
        let frame_name: Rc<str> = match &request.command {
            Command::Block(_) | Command::Script(_) => vm.block_name.clone(),
            _ => name.clone(),
        };
        let raiser = (code.advanced && !matches!(request.command, Command::Block(_)))
            .then(|| request.command.raiser());
        let frame = Frame {
            name: frame_name,
            source: block.source.clone(),
            span: block.ast.span,
            invocation: invocation.clone(),
            raiser,
        };
        Ok(FunctionRunner {
            code,
            scope,
            frame,
            binding,
            streams: None,
            error_list: None,
            out: None,
            place,
            input: Vec::new(),
            is_script,
            dot: request.dot,
            called: &*request.name == ".",
            covered: None,
            ran: false,
            defaults: Vec::new(),
        })
    }

    /// Runs the dynamicparam block and lets its parameters take their arguments.
    fn bind_dynamic(&mut self, vm: &mut Vm) -> R<()> {
        if self.code.dynamic_param.is_none() {
            return Ok(());
        }
        self.set_bound();
        let code = self.code.clone();
        let Some(block) = code.dynamic_param.as_ref() else {
            return Ok(());
        };
        let items = self.within(vm, |vm| {
            let saved = std::mem::replace(&mut vm.propagate, true);
            let items = vm.collect(|vm| returning(vm.run_statements(block)));
            vm.propagate = saved;
            items
        });
        match items {
            Ok(items) => self.binding.add_dynamic(vm, items),
            Err(unwind) => self.binding.dynamic_failed(vm, unwind),
        }
    }

    /// Takes the common parameters: preferences in the function's scope, lists for -OutVariable and its family.
    fn common(&mut self, vm: &mut Vm) -> R<()> {
        if !self.binding.surface.advanced {
            return Ok(());
        }
        let common = match common::take(vm, &mut self.binding.values) {
            Err(unwind) => return Err(self.binding.named_after(vm, unwind)),
            Ok(common) => common,
        };
        self.error_list = common.error_list;
        let scope = self.scope.clone();
        for (name, value) in common.preferences {
            scope.put_named(Symbol::fold(name), Slot::Plain(value));
        }
        self.streams = common.streams;
        self.out = common.out;
        Ok(())
    }

    fn set_bound(&self) {
        let surface = &self.binding.surface;
        for (place, (name, value)) in self.binding.values.symbols().enumerate() {
            // Dynamic parameters are no variables.
            if surface.bound_at(place, name).is_some_and(|p| p.dynamic) {
                continue;
            }
            let slot = self.binding.variable_slot(place, name, value.clone());
            self.put(name.folded(), slot);
        }
    }

    fn put(&self, symbol: Symbol, slot: Slot) {
        self.scope.put_named(symbol, slot);
    }

    /// Parameters and automatic variables of the call.
    fn set_variables(&mut self, vm: &mut Vm) -> R<()> {
        self.set_bound();
        let arguments = std::mem::take(&mut self.binding.unbound);
        let advanced = self.binding.surface.advanced;
        if self.dot {
            self.cover(vm, arguments);
        } else {
            if !advanced {
                let arguments = match arguments.is_empty() && !self.code.speaks_of_args {
                    true => no_arguments(),
                    false => Value::array(arguments),
                };
                self.put(Symbol::ARGS, Slot::Plain(arguments));
            }
            *self.scope.invocation.borrow_mut() = Some(self.frame.invocation.clone());
        }
        let code = self.code.clone();
        for (place, parameter) in code.parameters.iter().enumerate() {
            if self.binding.values.has(parameter.symbol) {
                continue;
            }
            let value = match &parameter.default {
                Some(default) => {
                    let span = parameter.span;
                    let value = self.within(vm, |vm| {
                        vm.frame.span = span;
                        default(vm)
                    })?;
                    self.binding.convert_default(vm, &parameter.name, value)?
                }
                None => self.binding.initial(place, parameter.written),
            };
            let slot = self.binding.variable_slot(place, parameter.written, value);
            self.defaults.push((parameter.symbol, slot.clone()));
            self.put(parameter.symbol, slot);
        }
        Ok(())
    }

    /// Puts the call's own automatic variables over those of the scope it is dot-sourced into.
    fn cover(&mut self, vm: &mut Vm, arguments: Vec<Value>) {
        let mut covered = Covered::of(self.scope.clone());
        if self.called || self.is_script || !self.code.parameters.is_empty() {
            let pscmdlet = Symbol::fold("PSCmdlet");
            if self.code.advanced {
                covered.put("PSCmdlet", Slot::Unset);
            } else {
                // Looked up while the scope's own call can still be seen.
                let scope = std::mem::replace(&mut vm.scope, self.scope.clone());
                vm.automatic_variable(pscmdlet);
                vm.scope = scope;
            }
            covered.put_invocation(self.frame.invocation.clone());
        }
        if !self.binding.surface.advanced {
            covered.put("args", Slot::Plain(Value::array(arguments)));
        }
        if self.place.expecting_input {
            covered.put("input", Slot::Unset);
        }
        self.covered = Some(covered);
    }

    fn uncover(&mut self) {
        if let Some(mut covered) = self.covered.take() {
            covered.uncover();
        }
    }

    /// Runs `work` in the function's scope and frame.
    fn within<T>(&self, vm: &mut Vm, work: impl FnOnce(&mut Vm) -> R<T>) -> R<T> {
        let scope = self.scope.clone();
        let frame = self.frame.clone();
        let streams = self
            .streams
            .clone()
            .map(|s| std::mem::replace(&mut vm.streams, s));
        let out = self.out.clone().map(|o| std::mem::replace(&mut vm.out, o));
        let loop_depth = vm.loop_depth;
        let failed = std::mem::take(&mut vm.pipeline_failed);
        let result = vm.in_frame(frame, |vm| vm.in_scope(scope, work));
        vm.pipeline_failed = failed;
        vm.loop_depth = loop_depth;
        if let Some(streams) = streams {
            vm.streams = streams;
        }
        if let Some(out) = out {
            vm.out = out;
        }
        result
    }

    fn run_block(&mut self, vm: &mut Vm, which: impl Fn(&Code) -> Option<&Block>) -> R<()> {
        let code = self.code.clone();
        let Some(block) = which(&code) else {
            return Ok(());
        };
        self.ran = true;
        if let Some(name) = &block.frame_name {
            self.frame.name = name.clone();
        }
        let raiser = self.frame.raiser.clone();
        let is_script = self.is_script;
        let result = self.within(vm, |vm| {
            let result = vm.run_statements(block);
            if let (Err(unwind), Some(_)) = (&result, &raiser)
                && let Unwind::Error(thrown) = &**unwind
            {
                vm.locate(&thrown.record);
                vm.name_raiser(&thrown.record);
                thrown.record.leaving.set(false);
            }
            result
        });
        vm.note_failure(self.error_list.as_ref(), &result);
        if self.frame.invocation.failed.replace(false) {
            vm.pipeline_failed = true;
        }
        match result {
            Err(unwind) => match *unwind {
                Unwind::Return => Ok(()),
                Unwind::Exit(code) if is_script && vm.exits_script() => {
                    vm.session.last_exit_code = Some(code);
                    if code != 0 {
                        vm.pipeline_failed = true;
                    }
                    Ok(())
                }
                other => Err(Box::new(other)),
            },
            Ok(()) => Ok(()),
        }
    }
}

fn block_of(vm: &mut Vm, command: &Command) -> R<Rc<ScriptBlock>> {
    match command {
        Command::Function(f) => Ok(f.block.borrow().clone()),
        Command::Block(block) => Ok(block.clone()),
        Command::Script(script) => vm.script_block_of(script),
        other => vm.raise(crate::runtime::discovery::command_not_found(&other.name())),
    }
}

impl Runner for FunctionRunner {
    fn begin(&mut self, vm: &mut Vm) -> R<()> {
        self.run_block(vm, |c| c.begin.as_ref())
    }

    fn process(&mut self, vm: &mut Vm, input: Value) -> R<()> {
        if self.code.process.is_none() {
            if self.binding.takes_pipeline() {
                self.bind_input(vm, &input)?;
            }
            self.input.push(input);
            return Ok(());
        }
        if !self.bind_input(vm, &input)? {
            return Ok(());
        }
        let item = Symbol::ITEM;
        let site = Site::default();
        let saved = self.dot.then(|| self.scope.own(item, &site));
        self.put(item, Slot::Plain(input.clone()));
        self.put_input(vec![input]);
        let result = self.run_block(vm, |c| c.process.as_ref());
        if let Some(saved) = saved {
            self.put(item, saved);
        }
        self.binding.restore();
        result
    }

    fn process_without_input(&mut self, vm: &mut Vm) -> R<()> {
        self.run_block(vm, |c| c.process.as_ref())
    }

    fn end(&mut self, vm: &mut Vm) -> R<()> {
        if self.code.end.is_none() {
            return Ok(());
        }
        let input = std::mem::take(&mut self.input);
        if self.place.expecting_input || !self.dot {
            if self.code.process.is_none() {
                self.put_input(input);
            } else {
                self.put_input(Vec::new());
            }
        }
        self.run_block(vm, |c| c.end.as_ref())
    }

    fn clean(&mut self, vm: &mut Vm) -> R<()> {
        let result = if self.code.clean.is_some() && std::mem::take(&mut self.ran) {
            // Its output goes nowhere, not into `-OutVariable` either.
            self.out = None;
            let result = vm.discard(|vm| self.run_block(vm, |c| c.clean.as_ref()));
            self.ran = false;
            result
        } else {
            Ok(())
        };
        self.uncover();
        result
    }
}

impl FunctionRunner {
    /// `$input`, unless an advanced function has a parameter of that name.
    fn put_input(&mut self, items: Vec<Value>) {
        let name = Symbol::INPUT;
        if self.binding.surface.advanced && self.code.parameters.iter().any(|p| p.symbol == name) {
            return;
        }
        let items = match items.is_empty() && !self.code.speaks_of_input {
            true => no_input(),
            false => ListEnumerator::value(items),
        };
        self.put(name, Slot::Plain(items));
    }

    /// Binds a pipeline object and sets the variables; whether it fits.
    fn bind_input(&mut self, vm: &mut Vm, input: &Value) -> R<bool> {
        if !self.binding.surface.advanced {
            return Ok(true);
        }
        // What does not fit is reported by the function's own preferences.
        let scope = self.scope.clone();
        let bound = vm.in_scope(scope, |vm| self.binding.pipeline_object(vm, input))?;
        if bound {
            for (place, (name, value)) in self.binding.values.symbols().enumerate() {
                let slot = self.binding.variable_slot(place, name, value.clone());
                self.put(name.folded(), slot);
            }
            for name in self.binding.restored() {
                let symbol = name.folded();
                let default = self.defaults.iter().find(|(s, _)| *s == symbol);
                let slot = match default {
                    Some((_, Slot::Variable(variable))) => {
                        self.binding
                            .variable_slot(0, name, variable.value.borrow().clone())
                    }
                    Some((_, slot)) => slot.clone(),
                    None => Slot::Plain(self.binding.initial(0, name)),
                };
                self.put(symbol, slot);
            }
            *self.frame.invocation.bound_parameters.borrow_mut() = self.binding.values.clone();
            *self.frame.invocation.set_name.borrow_mut() = self.binding.set_name();
            self.note_bound();
        }
        Ok(bound)
    }

    /// Enters what a pipeline object gave into the call's `$PSBoundParameters`, once the call has
    /// asked for it. What a script took out of the table or an earlier object left in it stays so.
    fn note_bound(&self) {
        let name = Symbol::fold("PSBoundParameters");
        if let Slot::Plain(Value::Dict(table)) = self.scope.own_named(name) {
            for (name, value) in self.binding.from_pipeline() {
                table.set_str(&name, value.clone());
            }
        }
    }
}

thread_local! {
    static NO_ARGUMENTS: Value = Value::array(Vec::new());
    static NO_INPUT: Value = ListEnumerator::value(Vec::new());
}

/// `$args` of a call without any that does not speak of it: one for all, since only code from elsewhere can see it.
fn no_arguments() -> Value {
    NO_ARGUMENTS.with(Clone::clone)
}

/// `$input` of a call without any that does not speak of it.
fn no_input() -> Value {
    NO_INPUT.with(Clone::clone)
}

/// Sets the parameters of a block without attributes in the scope it is about to run in.
pub fn bind_block(
    vm: &mut Vm,
    block: &Rc<ScriptBlock>,
    scope: &Rc<Scope>,
    arguments: Vec<Value>,
) -> R<()> {
    let code = vm.code_of(block);
    let surface = vm.block_surface(block, "")?;
    let site = BindSite {
        command: Command::Block(block.clone()),
        extent: vm.extent(),
        position: 1,
    };
    let mut binding = Binding::new(surface, site);
    let arguments = arguments
        .into_iter()
        .map(|v| Argument::Positional(v, Span::default()))
        .collect();
    binding.arguments(vm, arguments, false)?;
    binding.finish(vm, false)?;
    for (place, parameter) in code.parameters.iter().enumerate() {
        let value = match (binding.values.get(&parameter.name), &parameter.default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => {
                let value = vm.in_scope(scope.clone(), default)?;
                binding.convert_default(vm, &parameter.name, value)?
            }
            (None, None) => binding.initial(place, parameter.written),
        };
        let slot = binding.variable_slot(place, parameter.written, value);
        scope.put_named(parameter.symbol, slot);
    }
    scope.put_named(
        Symbol::ARGS,
        Slot::Plain(Value::array(std::mem::take(&mut binding.unbound))),
    );
    let bound = binding.values.clone();
    let info = InvocationInfo {
        command: Some(Command::Block(block.clone())),
        position: Some(vm.extent()),
        ..InvocationInfo::default()
    };
    *info.bound_parameters.borrow_mut() = bound;
    *scope.invocation.borrow_mut() = Some(Rc::new(info));
    Ok(())
}

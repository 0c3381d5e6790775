//! Cmdlets as stages of a pipeline.

use super::{BindSite, Binding, common};
use crate::runtime::collection::List;
use crate::runtime::command::{Call, Cmdlet, CmdletInfo, Command};
use crate::runtime::error::{R, Unwind};
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::pipeline::{Place, Request, Runner};
use crate::runtime::streams::{Sink, Streams};
use crate::runtime::value::Value;
use crate::runtime::vm::{ActionOverrides, Vm};
use std::cell::RefCell;
use std::rc::Rc;

/// A cmdlet's call.
pub struct CmdletRunner {
    cmdlet: Box<dyn Cmdlet>,
    call: Rc<Call>,
    binding: Binding,
    overrides: ActionOverrides,
    streams: Option<Rc<Streams>>,
    error_list: Option<Rc<List>>,
    out: Option<Rc<dyn Sink>>,
}

impl CmdletRunner {
    /// Binds the arguments.
    pub fn bind(
        vm: &mut Vm,
        info: Rc<CmdletInfo>,
        request: Request,
        place: Place,
    ) -> R<Box<dyn Runner>> {
        let command = Command::Cmdlet(info.clone());
        let invocation = Rc::new(InvocationInfo {
            command: Some(command.clone()),
            invocation_name: RefCell::new(request.name.clone()),
            position: Some(request.extent.clone()),
            ..InvocationInfo::default()
        });
        invocation.pipeline_length.set(place.count);
        invocation.pipeline_position.set(place.index + 1);
        invocation.expecting_input.set(place.expecting_input);
        let site = BindSite {
            command,
            extent: request.extent.clone(),
            position: place.index + 1,
        };
        let mut binding = Binding::new(info.surface().clone(), site);
        binding.arguments(vm, request.arguments, place.expecting_input)?;
        binding.finish(vm, place.expecting_input)?;
        let common = match common::take(vm, &mut binding.values) {
            Err(unwind) => return Err(binding.named_after(vm, unwind)),
            Ok(common) => common,
        };
        *invocation.bound_parameters.borrow_mut() = binding.values.clone();
        let call = Rc::new(Call {
            standing: Default::default(),
            info: info.clone(),
            invocation,
            parameters: RefCell::new(binding.values.clone()),
            set_name: RefCell::new(binding.set_name()),
            expecting_input: place.expecting_input,
            input: RefCell::new(Value::Nothing),
            stage: place.stage,
        });
        let cmdlet = (info.make)();
        Ok(Box::new(CmdletRunner {
            cmdlet,
            call,
            binding,
            overrides: common.overrides,
            streams: common.streams,
            error_list: common.error_list,
            out: common.out,
        }))
    }

    fn within(
        &mut self,
        vm: &mut Vm,
        work: impl FnOnce(&mut dyn Cmdlet, &mut Vm, &Call) -> R<()>,
    ) -> R<()> {
        let call = vm.current_call.replace(self.call.clone());
        let overrides = std::mem::replace(&mut vm.overrides, self.overrides);
        let streams = self
            .streams
            .clone()
            .map(|s| std::mem::replace(&mut vm.streams, s));
        let out = self.out.clone().map(|o| std::mem::replace(&mut vm.out, o));
        let mut result = work(&mut *self.cmdlet, vm, &self.call);
        if let Err(unwind) = &mut result
            && let Unwind::Error(thrown) = &mut **unwind
        {
            // An error that left code run by the cmdlet takes the cmdlet's name; a throw does not.
            let record = &thrown.record;
            if record.thrown.get() || record.leaving.get() {
                vm.locate(record);
            } else if !record.named.replace(true) {
                *record.invocation.borrow_mut() = Some(self.call.invocation.clone());
                *record.raiser.borrow_mut() = self.call.info.class.clone();
                vm.decorate(record);
            }
        }
        vm.current_call = call;
        vm.overrides = overrides;
        if let Some(streams) = streams {
            vm.streams = streams;
        }
        if let Some(out) = out {
            vm.out = out;
        }
        vm.note_failure(self.error_list.as_ref(), &result);
        result
    }
}

impl Runner for CmdletRunner {
    fn begin(&mut self, vm: &mut Vm) -> R<()> {
        self.within(vm, |cmdlet, vm, call| cmdlet.begin(vm, call))
    }

    fn process(&mut self, vm: &mut Vm, input: Value) -> R<()> {
        let mut direct = None;
        self.within(vm, |cmdlet, vm, call| {
            match cmdlet.process_direct(vm, call, &input) {
                Some(result) => {
                    direct = Some(());
                    result
                }
                None => Ok(()),
            }
        })?;
        if direct.is_some() {
            return Ok(());
        }
        let call = self.call.clone();
        let saved = vm.current_call.replace(call.clone());
        let overrides = std::mem::replace(&mut vm.overrides, self.overrides);
        let streams = self
            .streams
            .clone()
            .map(|s| std::mem::replace(&mut vm.streams, s));
        let bound = self.binding.pipeline_object(vm, &input);
        vm.current_call = saved;
        vm.overrides = overrides;
        if let Some(streams) = streams {
            vm.streams = streams;
        }
        if !bound? {
            return Ok(());
        }
        call.parameters
            .borrow_mut()
            .clone_from(&self.binding.values);
        if self.binding.has_sets() {
            *call.set_name.borrow_mut() = self.binding.set_name();
        }
        *call.input.borrow_mut() = input;
        let result = self.within(vm, |cmdlet, vm, call| cmdlet.process(vm, call));
        self.binding.restore();
        result
    }

    fn process_without_input(&mut self, vm: &mut Vm) -> R<()> {
        self.within(vm, |cmdlet, vm, call| cmdlet.process(vm, call))
    }

    fn end(&mut self, vm: &mut Vm) -> R<()> {
        self.within(vm, |cmdlet, vm, call| cmdlet.end(vm, call))
    }

    fn clean(&mut self, vm: &mut Vm) -> R<()> {
        self.within(vm, |cmdlet, vm, _| cmdlet.clean(vm))
    }
}

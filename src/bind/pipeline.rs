//! Binding pipeline objects: by value, by property name, without conversion before with.

use super::Binding;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::parameter::{ALL_SETS, Parameter, ParameterPlace};
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The parameters that arguments left open, as far as pipeline objects concern them.
pub(crate) struct Open {
    by_value: Vec<Rc<Parameter>>,
    by_name: Vec<Rc<Parameter>>,
    mandatory: Vec<Rc<Parameter>>,
}

/// One look at the open parameters.
#[derive(Clone, Copy)]
struct Pass {
    /// The object's properties are bound, not the object.
    by_name: bool,
    /// Values of other types are converted.
    convert: bool,
}

/// Why parameters did not take an object, for the error when none takes it.
#[derive(Default)]
struct Refused {
    null: Option<Box<Unwind>>,
    other: Option<Box<Unwind>>,
}

impl Binding {
    /// Whether any parameter takes pipeline objects.
    pub fn takes_pipeline(&self) -> bool {
        self.surface.parameters.iter().any(|p| {
            p.places
                .iter()
                .any(|place| place.from_pipeline || place.from_pipeline_by_name)
        })
    }

    /// Binds a pipeline object; whether any parameter took it. What does not fit is reported.
    pub fn pipeline_object(&mut self, vm: &mut Vm, input: &Value) -> R<bool> {
        self.undo();
        self.sets = self.sets_before_pipeline;
        let input = if matches!(input, Value::Nothing) {
            &Value::Null
        } else {
            input
        };
        let Some(mut any) = self.run_delayed(vm, input)? else {
            return Ok(false);
        };
        let mut refused = Refused::default();
        let open = self.open();
        if let Some(meant) = self.meant_by_name(&open, input) {
            let pass = Pass {
                by_name: false,
                convert: false,
            };
            any |= self.pass(vm, input, &[meant], pass, &mut refused)?;
        }
        for convert in [false, true] {
            for (by_name, parameters) in [(false, &open.by_value), (true, &open.by_name)] {
                if parameters.iter().any(|p| !self.is_bound(p)) {
                    let pass = Pass { by_name, convert };
                    any |= self.pass(vm, input, parameters, pass, &mut refused)?;
                }
            }
        }
        if !any {
            self.report_unbound(vm, input, refused)?;
            return Ok(false);
        }
        if !self.after_input(vm, input)? {
            return Ok(false);
        }
        Ok(true)
    }

    /// The parameter that an object of the deployment is for by its kind, where several take whole
    /// objects: a mailbox database is a `-Database`, not an `-Identity`, of another noun's cmdlet.
    fn meant_by_name(&self, open: &Open, input: &Value) -> Option<Rc<Parameter>> {
        if !self.surface.compiled || open.by_value.len() < 2 {
            return None;
        }
        let Value::Custom(custom) = input.base() else {
            return None;
        };
        let names = custom.type_names.borrow();
        let noun = names.first()?.rsplit('.').next()?;
        open.by_value
            .iter()
            .find(|parameter| {
                let name = &*parameter.name;
                noun.len() >= name.len()
                    && noun
                        .get(noun.len() - name.len()..)
                        .is_some_and(|end| end.eq_ignore_ascii_case(name))
            })
            .cloned()
    }

    /// What arguments left open; the same for every object of the pipeline.
    fn open(&mut self) -> Rc<Open> {
        if let Some(open) = &self.open {
            return open.clone();
        }
        let unbound = |wanted: fn(&ParameterPlace) -> bool| -> Vec<Rc<Parameter>> {
            self.surface
                .parameters
                .iter()
                .filter(|p| !self.is_bound(p) && p.places.iter().any(wanted))
                .cloned()
                .collect()
        };
        let open = Rc::new(Open {
            by_value: unbound(|place| place.from_pipeline),
            by_name: unbound(|place| place.from_pipeline_by_name),
            mandatory: unbound(|place| place.mandatory),
        });
        self.open = Some(open.clone());
        open
    }

    /// Runs the blocks given to pipeline parameters; `None` when one failed and the object is skipped.
    fn run_delayed(&mut self, vm: &mut Vm, input: &Value) -> R<Option<bool>> {
        let delayed = self.delayed.clone();
        for (parameter, block, span) in &delayed {
            let saved = std::mem::replace(&mut vm.propagate, true);
            let result = vm.call_block_for(block, input);
            vm.propagate = saved;
            let items = match result {
                Ok(items) => items,
                Err(unwind) => match *unwind {
                    Unwind::Error(thrown) => {
                        let message = format!(
                            "The input to the script block for parameter '{}' failed. {}",
                            parameter.name,
                            thrown.record.exception_message()
                        );
                        self.report(
                            vm,
                            "ScriptBlockArgumentInvocationFailed",
                            Category::InvalidArgument,
                            &message,
                            input,
                        )?;
                        return Ok(None);
                    }
                    other => return Err(Box::new(other)),
                },
            };
            if items.is_empty() {
                let message = format!(
                    "Cannot evaluate parameter '{}' because its argument input did not produce any output.",
                    parameter.name
                );
                self.report(
                    vm,
                    "ScriptBlockArgumentNoOutput",
                    Category::InvalidArgument,
                    &message,
                    input,
                )?;
                return Ok(None);
            }
            let value = Vm::captured(items);
            let value = self.coerce(vm, parameter, value, true, *span)?;
            self.set_from_pipeline(parameter, value);
        }
        Ok(Some(!delayed.is_empty()))
    }

    fn report(
        &mut self,
        vm: &mut Vm,
        id: &str,
        category: Category,
        message: &str,
        input: &Value,
    ) -> R<()> {
        let fault = Fault::of(
            "System.Management.Automation.ParameterBindingException",
            id,
            category,
            message,
        )
        .target(input.clone());
        let record = Rc::new(self.record(vm, fault, None, None));
        vm.write_error(record)
    }

    fn set_from_pipeline(&mut self, parameter: &Rc<Parameter>, value: Value) {
        self.values.set(parameter.symbol, value);
        self.from_pipeline.push(parameter.symbol);
        if parameter.sets() != ALL_SETS {
            let narrowed = self.sets & parameter.sets();
            if narrowed != 0 {
                self.sets = narrowed;
            }
        }
    }

    fn pass(
        &mut self,
        vm: &mut Vm,
        input: &Value,
        parameters: &[Rc<Parameter>],
        Pass { by_name, convert }: Pass,
        refused: &mut Refused,
    ) -> R<bool> {
        let mut any = false;
        let default = self.surface.default_set.map_or(0, |d| 1u32 << d);
        for sets in [default, u32::MAX] {
            if sets == 0 {
                continue;
            }
            for parameter in parameters {
                if self.is_bound(parameter) {
                    continue;
                }
                let fits = |place: &ParameterPlace| {
                    place.sets & self.sets & sets != 0
                        && (if by_name {
                            place.from_pipeline_by_name
                        } else {
                            place.from_pipeline
                        })
                };
                if !parameter.places.iter().any(fits) {
                    continue;
                }
                let value = if by_name {
                    self.property_for(vm, parameter, input)?
                } else {
                    Some(input.clone())
                };
                let Some(value) = value else { continue };
                if !convert && !self.fits(vm, parameter, &value) {
                    continue;
                }
                let span = self.site.extent.span;
                match self.coerce(vm, parameter, value.clone(), true, span) {
                    Ok(value) => {
                        self.set_from_pipeline(parameter, value);
                        any = true;
                    }
                    Err(unwind) if value.is_null() => {
                        refused.null.get_or_insert(unwind);
                    }
                    Err(unwind) => {
                        if by_name || is_validation(&unwind) {
                            refused.other.get_or_insert(unwind);
                        }
                    }
                }
            }
        }
        Ok(any)
    }

    fn property_for(&self, vm: &mut Vm, parameter: &Parameter, input: &Value) -> R<Option<Value>> {
        if input.is_null() {
            return Ok(None);
        }
        for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
            let found = match input.base() {
                // The keys of a table are no properties.
                Value::Dict(_) => vm.property_beside_keys(input, name)?,
                _ => vm.get_member(input, name)?,
            };
            if let Some(value) = found
                && !is_method(&value)
            {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    fn report_unbound(&mut self, vm: &mut Vm, input: &Value, refused: Refused) -> R<()> {
        if let Some(unwind) = refused.null.or(refused.other)
            && let Unwind::Error(thrown) = *unwind
        {
            return vm.write_error(Rc::new(
                thrown
                    .record
                    .copy_with(thrown.record.exception.clone(), input.clone()),
            ));
        }
        let message = "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.";
        self.report(
            vm,
            "InputObjectNotBound",
            Category::InvalidArgument,
            message,
            input,
        )
    }

    /// The set must be decided and the mandatory parameters complete.
    fn after_input(&mut self, vm: &mut Vm, input: &Value) -> R<bool> {
        if !self.surface.set_names.is_empty()
            && (self.sets & self.surface.all_sets()).count_ones() > 1
            && self.decide_set(vm, false).is_err()
        {
            let message = "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.";
            self.report(
                vm,
                "AmbiguousParameterSet",
                Category::InvalidArgument,
                message,
                input,
            )?;
            return Ok(false);
        }
        let sets = if self.surface.set_names.is_empty() {
            ALL_SETS
        } else {
            self.sets
        };
        let missing: Vec<Rc<Parameter>> = self
            .open()
            .mandatory
            .iter()
            .filter(|p| !self.is_bound(p) && p.place(sets).is_some_and(|place| place.mandatory))
            .cloned()
            .collect();
        let undecided = !self.surface.set_names.is_empty()
            && (self.sets & self.surface.all_sets()).count_ones() > 1;
        if missing.is_empty() || undecided {
            return Ok(true);
        }
        let names: Vec<&str> = missing.iter().map(|p| &*p.name).collect();
        let message = format!(
            "The input object cannot be bound because it did not contain the information required to bind all mandatory parameters:  {}",
            names.join(" ")
        );
        self.report(
            vm,
            "InputObjectMissingMandatory",
            Category::InvalidArgument,
            &message,
            input,
        )?;
        Ok(false)
    }

    /// Takes back what came from the pipeline, before the next object.
    pub fn restore(&mut self) {
        self.undo();
    }

    fn undo(&mut self) {
        for symbol in std::mem::take(&mut self.from_pipeline) {
            self.values.remove(symbol);
            if !self.restored.contains(&symbol) {
                self.restored.push(symbol);
            }
        }
    }

    /// What the last pipeline object gave, in the order in which it was bound.
    pub fn from_pipeline(&self) -> impl Iterator<Item = (Rc<str>, &Value)> {
        self.from_pipeline.iter().filter_map(|symbol| {
            let name = symbol.text();
            let value = self.values.get(&name)?;
            Some((name, value))
        })
    }

    /// Names of parameters whose pipeline value was taken back and that have no new one.
    pub fn restored(&mut self) -> Vec<Symbol> {
        let mut names = std::mem::take(&mut self.restored);
        names.retain(|name| !self.values.has(*name));
        names
    }
}

fn is_validation(unwind: &Unwind) -> bool {
    matches!(unwind, Unwind::Error(thrown) if thrown.record.error_id.borrow().starts_with("ParameterArgumentValidation"))
}

fn is_method(value: &Value) -> bool {
    matches!(value.base(), Value::Native(n) if &*n.body().type_ref().full_name == "System.Management.Automation.PSMethod")
}

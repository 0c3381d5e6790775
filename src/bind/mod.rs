//! Parameter binding: from the words of a call to the values of its parameters.
//!
//! The order is PowerShell's: named arguments, then positional ones, then
//! `$PSDefaultParameterValues`, dynamic parameters, remaining arguments, the
//! check of the set and of mandatory parameters, and per pipeline object what
//! it supplies.

pub mod ask;
pub mod cmdlet_call;
pub mod coerce;
pub mod common;
pub mod defaults;
pub mod fault;
pub mod function_call;
pub mod pipeline;
pub mod positional;
pub mod sets;

use crate::runtime::attribute::Attribute;
use crate::runtime::command::Command;
use crate::runtime::error::{Category, R, Unwind};
use crate::runtime::invocation::{Extent, every_set};
use crate::runtime::parameter::{ALL_SETS, Argument, BoundParameters, CommandSurface, Parameter};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::TypeCode;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::Span;
use crate::syntax::is_dash;
use std::rc::Rc;

/// The call that is bound, for errors.
#[derive(Clone)]
pub struct BindSite {
    /// The command.
    pub command: Command,
    /// Where it is called.
    pub extent: Extent,
    /// Its place in the pipeline, from 1.
    pub position: usize,
}

/// A call being bound, and its result.
pub struct Binding {
    /// The command's surface; replaced when dynamic parameters join.
    pub surface: Rc<CommandSurface>,
    /// Bound arguments.
    pub values: BoundParameters,
    /// Arguments no parameter took: `$args`.
    pub unbound: Vec<Value>,
    /// Sets still possible.
    pub(crate) sets: u32,
    pub(crate) site: BindSite,
    /// Arguments waiting for dynamic parameters.
    waiting: Vec<Argument>,
    /// Blocks given to pipeline parameters, run for each object.
    delayed: Vec<(Rc<Parameter>, Rc<ScriptBlock>, Span)>,
    /// Values from the pipeline, to be undone before the next object.
    from_pipeline: Vec<Symbol>,
    restored: Vec<Symbol>,
    /// What pipeline objects may still bind; made at the first of them.
    open: Option<Rc<pipeline::Open>>,
    sets_before_pipeline: u32,
}

impl Binding {
    /// A call of a command, nothing bound yet.
    pub fn new(surface: Rc<CommandSurface>, site: BindSite) -> Binding {
        let sets = surface.all_sets();
        Binding {
            surface,
            values: BoundParameters::default(),
            unbound: Vec::new(),
            sets,
            site,
            waiting: Vec::new(),
            delayed: Vec::new(),
            from_pipeline: Vec::new(),
            restored: Vec::new(),
            open: None,
            sets_before_pipeline: sets,
        }
    }

    /// Binds named and positional arguments.
    pub fn arguments(
        &mut self,
        vm: &mut Vm,
        arguments: Vec<Argument>,
        expecting_input: bool,
    ) -> R<()> {
        let has_dynamic = self.has_dynamic_block();
        let named = |a: &Argument| matches!(a, Argument::Named { .. });
        let positional = match arguments.iter().any(named) {
            true => self.bind_named(vm, arguments, has_dynamic)?,
            false => arguments,
        };
        self.narrow(vm)?;
        let positional = self.bind_positional(vm, positional, expecting_input)?;
        if has_dynamic {
            self.waiting.extend(positional);
        } else {
            self.take_rest(vm, positional)?;
        }
        Ok(())
    }

    /// Binds the named arguments; gives back the others.
    fn bind_named(
        &mut self,
        vm: &mut Vm,
        arguments: Vec<Argument>,
        has_dynamic: bool,
    ) -> R<Vec<Argument>> {
        let mut positional = Vec::new();
        let mut explicit: Vec<Symbol> = Vec::new();
        let arguments = self.drop_overridden_splats(vm, arguments)?;
        let mut at = 0;
        let mut names_ended = false;
        while at < arguments.len() {
            match &arguments[at] {
                Argument::Named {
                    text,
                    splatted: false,
                    ..
                } if is_end_of_names(text) && !names_ended => {
                    names_ended = true;
                    at += 1;
                }
                Argument::Named {
                    text, value, span, ..
                } if names_ended => {
                    positional.push(Argument::Positional(Value::str(&**text), *span));
                    if let Some(value) = value {
                        positional.push(Argument::Positional(value.clone(), *span));
                    }
                    at += 1;
                }
                Argument::Positional(value, span) => {
                    positional.push(Argument::Positional(value.clone(), *span));
                    at += 1;
                }
                Argument::Named {
                    name,
                    text,
                    value,
                    span,
                    splatted,
                    value_span,
                } => {
                    let Some(parameter) = self.find_parameter(vm, name, *span)? else {
                        at += 1;
                        self.unknown(vm, &arguments, &mut at, &mut positional, has_dynamic)?;
                        continue;
                    };
                    at += 1;
                    // What is wrong with the argument is shown at the argument.
                    let mut place = *span;
                    let value = match value {
                        Some(value) => {
                            place = place_of_value(*span, *value_span);
                            value.clone()
                        }
                        None if parameter.is_switch => Value::Switch(true),
                        None => match arguments.get(at) {
                            Some(Argument::Positional(value, argument)) => {
                                at += 1;
                                place = *argument;
                                value.clone()
                            }
                            Some(Argument::Named {
                                name: next,
                                text,
                                value: tied,
                                ..
                            }) if !self.is_parameter(next) && !*splatted => {
                                at += 1;
                                if let Some(tied) = tied {
                                    let tied = tied.clone();
                                    positional.push(Argument::Positional(tied, *span));
                                }
                                Value::str(&**text)
                            }
                            _ => return Err(self.missing_argument(vm, &parameter, text, *span)),
                        },
                    };
                    if explicit.contains(&parameter.symbol.folded()) {
                        return Err(self.already_bound(vm, &parameter, *span));
                    }
                    explicit.push(parameter.symbol.folded());
                    self.bind_value(vm, &parameter, value, place)?;
                }
            }
        }
        Ok(positional)
    }

    fn has_dynamic_block(&self) -> bool {
        match &self.site.command {
            Command::Function(f) => f.block.borrow().ast.dynamic_param.is_some(),
            Command::Block(b) => b.ast.dynamic_param.is_some(),
            Command::Script(s) => s.block.get().is_some_and(|b| b.ast.dynamic_param.is_some()),
            _ => false,
        }
    }

    /// An explicit argument wins over a splatted one of the same parameter.
    fn drop_overridden_splats(
        &mut self,
        vm: &mut Vm,
        arguments: Vec<Argument>,
    ) -> R<Vec<Argument>> {
        if !arguments
            .iter()
            .any(|a| matches!(a, Argument::Named { splatted: true, .. }))
        {
            return Ok(arguments);
        }
        let mut explicit: Vec<Symbol> = Vec::new();
        for argument in &arguments {
            if let Argument::Named {
                name,
                splatted: false,
                span,
                ..
            } = argument
                && let Some(parameter) = self.find_parameter(vm, name, *span)?
            {
                explicit.push(parameter.symbol.folded());
            }
        }
        let mut kept = Vec::with_capacity(arguments.len());
        for argument in arguments {
            if let Argument::Named {
                name,
                splatted: true,
                span,
                ..
            } = &argument
                && let Some(parameter) = self.find_parameter(vm, name, *span)?
                && explicit.contains(&parameter.symbol.folded())
            {
                continue;
            }
            kept.push(argument);
        }
        Ok(kept)
    }

    /// A name no parameter has: for dynamic parameters, remaining arguments, `$args`, or an error.
    fn unknown(
        &mut self,
        vm: &mut Vm,
        arguments: &[Argument],
        at: &mut usize,
        positional: &mut Vec<Argument>,
        dynamic: bool,
    ) -> R<()> {
        let Some(
            argument @ Argument::Named {
                name,
                text,
                value,
                span,
                value_span,
                ..
            },
        ) = arguments.get(*at - 1)
        else {
            return Ok(());
        };
        if dynamic {
            self.waiting.push(argument.clone());
            if value.is_none()
                && let Some(next @ Argument::Positional(..)) = arguments.get(*at)
            {
                self.waiting.push(next.clone());
                *at += 1;
            }
            return Ok(());
        }
        let remaining = self
            .surface
            .parameters
            .iter()
            .any(|p| p.places.iter().any(|place| place.from_remaining));
        if self.surface.advanced && !remaining {
            return Err(self.unknown_parameter(vm, name, *span));
        }
        // The name keeps its place, with what stands behind it, for `$args` or the remaining arguments.
        let tied = value.is_some() && !text.ends_with(':');
        let text = if tied {
            format!("{text}:").into()
        } else {
            text.clone()
        };
        let value = match (value, arguments.get(*at)) {
            (Some(value), _) => Some(value.clone()),
            (None, Some(Argument::Positional(value, _))) => {
                *at += 1;
                Some(value.clone())
            }
            _ => None,
        };
        positional.push(Argument::Named {
            name: name.clone(),
            text,
            value,
            splatted: false,
            span: *span,
            value_span: *value_span,
        });
        Ok(())
    }

    /// The parameter of a name: exact, by alias, or by an unambiguous beginning.
    fn find_parameter(&mut self, vm: &mut Vm, name: &str, span: Span) -> R<Option<Rc<Parameter>>> {
        if let Some(found) = self.surface.exact(name) {
            return Ok(Some(found.clone()));
        }
        let folded = crate::runtime::symbol::fold_name(name);
        let matching: Vec<Rc<Parameter>> = self
            .surface
            .parameters
            .iter()
            .filter(|p| {
                crate::runtime::symbol::fold_name(&p.name).starts_with(&folded)
                    || p.aliases
                        .iter()
                        .any(|a| crate::runtime::symbol::fold_name(a).starts_with(&folded))
            })
            .cloned()
            .collect();
        match matching.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            many => {
                let own: Vec<&Rc<Parameter>> = many.iter().filter(|p| !p.common).collect();
                match own.as_slice() {
                    [one] => Ok(Some((*one).clone())),
                    _ => Err(self.ambiguous(vm, name, many, span)),
                }
            }
        }
    }

    /// Whether a word names a parameter, in full or by a beginning.
    fn is_parameter(&self, name: &str) -> bool {
        self.surface.exact(name).is_some()
            || ({
                let folded = crate::runtime::symbol::fold_name(name);
                !folded.is_empty()
                    && self
                        .surface
                        .parameters
                        .iter()
                        .any(|p| crate::runtime::symbol::fold_name(&p.name).starts_with(&folded))
            })
    }

    /// Converts, checks and binds a value.
    pub(crate) fn bind_value(
        &mut self,
        vm: &mut Vm,
        parameter: &Rc<Parameter>,
        value: Value,
        span: Span,
    ) -> R<()> {
        if let Some(block) = self.delay_bound(parameter, &value) {
            self.delayed.push((parameter.clone(), block, span));
            self.sets &= parameter.sets();
            return Ok(());
        }
        let value = self.coerce(vm, parameter, value, true, span)?;
        if let Some(message) = obsolete(parameter) {
            let (name, message) = (&parameter.name, vm.to_text(&message)?);
            vm.write_warning(&format!("Parameter '{name}' is obsolete. {message}"))?;
        }
        self.values.set(parameter.symbol, value);
        if parameter.sets() != ALL_SETS {
            self.sets &= parameter.sets();
        }
        Ok(())
    }

    /// A script block for a pipeline parameter that does not want one runs for each object.
    fn delay_bound(&self, parameter: &Parameter, value: &Value) -> Option<Rc<ScriptBlock>> {
        let Value::Block(block) = value.base() else {
            return None;
        };
        let from_pipeline = parameter
            .places
            .iter()
            .any(|p| p.from_pipeline || p.from_pipeline_by_name);
        let wants_block = matches!(
            parameter.type_ref.code,
            TypeCode::ScriptBlock | TypeCode::Object | TypeCode::PSObject
        ) || parameter.type_ref.element().is_some_and(|e| {
            matches!(
                e.code,
                TypeCode::ScriptBlock | TypeCode::Object | TypeCode::PSObject
            )
        });
        (from_pipeline && !wants_block && self.surface.advanced).then(|| block.clone())
    }

    /// Gives what is left to the parameter for remaining arguments, to `$args`, or refuses it.
    fn take_rest(&mut self, vm: &mut Vm, rest: Vec<Argument>) -> R<()> {
        let remaining = self
            .surface
            .parameters
            .iter()
            .find(|p| {
                !self.values.has(p.symbol)
                    && p.place(self.sets).is_some_and(|place| place.from_remaining)
            })
            .cloned();
        if let Some(parameter) = remaining {
            if rest.is_empty() {
                return Ok(());
            }
            let span = rest.first().map_or(Span::default(), argument_span);
            let values: Vec<Value> = rest.into_iter().flat_map(argument_values).collect();
            let value = match values.as_slice() {
                [one] if matches!(one.base(), Value::Array(_) | Value::List(_)) => one.clone(),
                _ if parameter.type_ref.code == TypeCode::Object => coerce::object_list(values),
                _ => Value::array(values),
            };
            return self.bind_value(vm, &parameter, value, span);
        }
        if !self.surface.advanced && !self.surface.compiled {
            self.unbound
                .extend(rest.into_iter().flat_map(argument_values));
            return Ok(());
        }
        match rest.first() {
            None => Ok(()),
            Some(Argument::Positional(value, _)) => Err(self.too_many(vm, value)),
            Some(Argument::Named { name, span, .. }) => {
                Err(self.unknown_parameter(vm, name, *span))
            }
        }
    }

    /// Adds the parameters a dynamicparam block gave and binds the arguments that waited for them.
    pub fn add_dynamic(&mut self, vm: &mut Vm, items: Vec<Value>) -> R<()> {
        let mut surface = common::copy(&self.surface);
        let made = coerce::dynamic_parameters(vm, &items, &mut surface);
        for parameter in made.map_err(|unwind| self.named_after(vm, unwind))? {
            surface.parameters.push(Rc::new(parameter));
        }
        self.surface = Rc::new(surface);
        if self.sets == u32::MAX || self.sets == ALL_SETS {
            self.sets = self.surface.all_sets();
        }
        let waiting = std::mem::take(&mut self.waiting);
        let mut positional = Vec::new();
        let mut at = 0;
        while at < waiting.len() {
            match &waiting[at] {
                Argument::Named {
                    name,
                    text,
                    value,
                    span,
                    value_span,
                    ..
                } => {
                    at += 1;
                    let mut place = place_of_value(*span, *value_span);
                    let Some(parameter) = self.find_parameter(vm, name, *span)? else {
                        return Err(self.unknown_parameter(vm, name, *span));
                    };
                    let value = match (value, waiting.get(at)) {
                        (Some(value), _) => value.clone(),
                        (None, _) if parameter.is_switch => Value::Switch(true),
                        (None, Some(Argument::Positional(value, argument))) => {
                            at += 1;
                            place = *argument;
                            value.clone()
                        }
                        _ => return Err(self.missing_argument(vm, &parameter, text, *span)),
                    };
                    self.bind_value(vm, &parameter, value, place)?;
                }
                positional_argument => {
                    positional.push(positional_argument.clone());
                    at += 1;
                }
            }
        }
        let rest = self.bind_positional(vm, positional, false)?;
        self.take_rest(vm, rest)?;
        coerce::tell_dynamic(&items, &self.values);
        Ok(())
    }

    /// The error of a dynamicparam block that threw.
    pub fn dynamic_failed(&mut self, vm: &mut Vm, unwind: Box<Unwind>) -> R<()> {
        let Unwind::Error(thrown) = *unwind else {
            return Err(unwind);
        };
        let message = format!(
            "Cannot retrieve the dynamic parameters for the cmdlet. {}",
            thrown.record.exception_message()
        );
        Err(self.error(
            vm,
            "GetDynamicParametersException",
            Category::InvalidArgument,
            &message,
            Value::Null,
            None,
        ))
    }

    /// Applies defaults, decides the set, and checks the mandatory parameters.
    pub fn finish(&mut self, vm: &mut Vm, expecting_input: bool) -> R<()> {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            self.take_rest(vm, waiting)?;
        }
        if self.surface.advanced || self.surface.compiled {
            self.default_parameter_values(vm)?;
        }
        self.decide_set(vm, expecting_input)?;
        self.check_mandatory(vm, expecting_input)?;
        if !self.delayed.is_empty() && !expecting_input {
            let (parameter, ..) = &self.delayed[0];
            let message = format!(
                "Cannot evaluate parameter '{}' because its argument is specified as a script block and there is no input. A script block cannot be evaluated without input.",
                parameter.name
            );
            return Err(self.error(
                vm,
                "ScriptBlockArgumentNoInput",
                Category::MetadataError,
                &message,
                Value::Null,
                None,
            ));
        }
        self.sets_before_pipeline = self.sets;
        Ok(())
    }

    /// Whether the command has named sets at all.
    pub fn has_sets(&self) -> bool {
        !self.surface.set_names.is_empty()
    }

    /// The name of the set that was taken.
    pub fn set_name(&self) -> Rc<str> {
        if self.surface.set_names.is_empty() {
            return every_set();
        }
        let only = self.sets & self.surface.all_sets();
        let index = match self.surface.default_set {
            Some(default) if only & (1 << default) != 0 => default,
            _ => only.trailing_zeros() as usize,
        };
        self.surface
            .set_names
            .get(index)
            .cloned()
            .unwrap_or_else(every_set)
    }
}

/// A parameter's name as it stands in `$args`; marked, so that splatting `$args` gives it back as a name.
fn parameter_name_text(name: &str, text: &str) -> Value {
    use crate::runtime::object::{Extension, Members, Wrapped};
    let members = Members::from_notes([("<CommandParameterName>", Value::str(name))]);
    Value::Wrapped(Rc::new(Wrapped {
        base: Value::str(text),
        extension: Extension::with(members),
        written: None,
    }))
}

/// An argument no parameter took, as items of `$args`: a name comes before its value.
fn argument_values(argument: Argument) -> impl Iterator<Item = Value> {
    let (name, value) = match argument {
        Argument::Positional(value, _) => (None, Some(value)),
        Argument::Named {
            name, text, value, ..
        } => (Some(parameter_name_text(&name, &text)), value),
    };
    name.into_iter().chain(value)
}

fn argument_span(argument: &Argument) -> Span {
    match argument {
        Argument::Positional(_, span) | Argument::Named { span, .. } => *span,
    }
}

/// Where what is wrong with a value tied to its name by a colon is shown.
fn place_of_value(name: Span, value: Span) -> Span {
    match value == Span::default() {
        true => name,
        false => value,
    }
}

/// Whether this word is `--`, in whichever dashes, behind which words are no names.
fn is_end_of_names(text: &str) -> bool {
    text.chars().count() == 2 && text.chars().all(is_dash)
}

/// What `[Obsolete()]` on a parameter says; none without the attribute.
fn obsolete(parameter: &Parameter) -> Option<Value> {
    parameter.attributes.iter().find_map(|a| match a {
        Attribute::Other(name, said) if &**name == "obsolete" => {
            Some(said.first().cloned().unwrap_or_else(|| Value::str("")))
        }
        _ => None,
    })
}

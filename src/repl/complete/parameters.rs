//! Names of parameters, and which parameter an argument belongs to.

use super::begins;
use super::place::{Call, Element};
use super::world::World;
use crate::repl::completion::{CompletionResult, CompletionResultType};
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter};
use crate::runtime::types::automation::command_metadata::shown_type;
use std::rc::Rc;

/// A command with the words that are already there.
pub struct Bound {
    /// Its parameters.
    pub surface: Rc<CommandSurface>,
    /// Those that have a value.
    pub used: Vec<Rc<Parameter>>,
    /// The one that waits for the value being typed.
    pub waiting: Option<Rc<Parameter>>,
    /// What is given, by the parameter's name, as written.
    pub given: Vec<(String, String)>,
    /// Bits of the sets that are still possible.
    pub sets: u32,
}

impl Bound {
    /// Binds the words before the cursor as far as names and positions tell.
    pub fn new(call: &Call, world: &mut dyn World) -> Option<Bound> {
        let surface = world.surface(&call.name)?;
        let mut bound = Bound {
            surface,
            used: Vec::new(),
            waiting: None,
            given: Vec::new(),
            sets: ALL_SETS,
        };
        let mut positional = Vec::new();
        for element in &call.elements {
            match element {
                Element::Parameter(name, needs_value) => {
                    let parameter = bound.named(name);
                    bound.waiting = parameter.filter(|p| *needs_value || !p.is_switch);
                }
                Element::Value(text) => match bound.waiting.take() {
                    Some(parameter) => bound.give(&parameter, text),
                    None => positional.push(text),
                },
            }
        }
        for text in positional {
            if let Some(parameter) = bound.next_positional() {
                bound.give(&parameter, text);
                bound.take(parameter);
            }
        }
        Some(bound)
    }

    fn give(&mut self, parameter: &Parameter, text: &str) {
        self.given
            .push((parameter.name.to_string(), text.to_owned()));
    }

    fn take(&mut self, parameter: Rc<Parameter>) {
        let sets = self.sets & parameter.sets();
        if sets != 0 {
            self.sets = sets;
        }
        self.used.push(parameter);
    }

    fn named(&mut self, name: &str) -> Option<Rc<Parameter>> {
        let parameters = &self.surface.parameters;
        let abbreviated = || {
            let mut fitting = parameters.iter().filter(|p| begins(&p.name, name));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        let found = self.surface.exact(name).or_else(abbreviated)?.clone();
        self.take(found.clone());
        Some(found)
    }

    fn is_used(&self, parameter: &Rc<Parameter>) -> bool {
        self.used.iter().any(|used| Rc::ptr_eq(used, parameter))
    }

    /// The parameter that takes the next word without a name.
    fn next_positional(&self) -> Option<Rc<Parameter>> {
        let free = self.surface.parameters.iter().filter(|p| !self.is_used(p));
        let default = self
            .surface
            .default_set
            .map_or(ALL_SETS, |index| 1 << index);
        let place = |p: &Rc<Parameter>| {
            let places = p.places.iter().filter(|place| place.sets & self.sets != 0);
            let ranked = places
                .filter_map(|place| Some((place.position?, place.sets & self.sets & default == 0)));
            ranked.min().map(|rank| (rank, p.clone()))
        };
        let candidates = free.filter_map(place);
        candidates.min_by_key(|(rank, _)| *rank).map(|(_, p)| p)
    }

    /// The parameter whose value is being typed.
    pub fn current(&self) -> Option<Rc<Parameter>> {
        self.waiting.clone().or_else(|| self.next_positional())
    }
}

/// Parameters that begin with what was typed and can still be given.
pub fn complete(call: &Call, word: &str, world: &mut dyn World) -> Vec<CompletionResult> {
    let Some(bound) = Bound::new(call, world) else {
        return world
            .native_completions(&call.name, word, &call.line)
            .unwrap_or_default();
    };
    let typed = word.trim_start_matches(crate::syntax::is_dash);
    let possible =
        |p: &&Rc<Parameter>| !p.hidden && !bound.is_used(p) && p.sets() & bound.sets != 0;
    let mut fitting: Vec<&Rc<Parameter>> =
        bound.surface.parameters.iter().filter(possible).collect();
    // The common ones come last, whatever the command declared.
    let asking = |p: &Parameter| matches!(&*p.name, "WhatIf" | "Confirm");
    fitting.sort_by_key(|p| (p.common, p.common && !asking(p)));
    let result = |p: &Rc<Parameter>, name: &str| {
        CompletionResult::new(format!("-{name}"), CompletionResultType::ParameterName)
            .listed(name)
            .tip(format!("[{}] {name}", shown_type(&p.type_ref)))
    };
    let mut found = Vec::new();
    for parameter in fitting {
        if begins(&parameter.name, typed) {
            found.push(result(parameter, &parameter.name));
        } else if !typed.is_empty() {
            // Other names are offered to those who began one.
            let own = parameter
                .aliases
                .iter()
                .filter(|alias| begins(alias, typed));
            found.extend(own.map(|alias| result(parameter, alias)));
        }
    }
    found
}

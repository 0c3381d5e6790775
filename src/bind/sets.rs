//! Parameter sets: narrowing, deciding, and the mandatory parameters of the decided one.

use super::Binding;
use crate::runtime::error::R;
use crate::runtime::parameter::{ALL_SETS, Parameter};
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Binding {
    fn possible(&self) -> u32 {
        self.sets & self.surface.all_sets()
    }

    /// No set left is an error.
    pub(crate) fn narrow(&mut self, vm: &mut Vm) -> R<()> {
        if !self.surface.set_names.is_empty() && self.possible() == 0 {
            return Err(self.ambiguous_set(vm));
        }
        Ok(())
    }

    /// Whether a parameter has its argument.
    pub(crate) fn is_bound(&self, parameter: &Parameter) -> bool {
        self.values.has(parameter.symbol)
            || self.delayed.iter().any(|(p, ..)| p.name == parameter.name)
    }

    /// Mandatory parameters of these sets that have no argument; those the pipeline can supply left out on request.
    fn missing(&self, sets: u32, expecting_input: bool) -> Vec<Rc<Parameter>> {
        self.surface
            .parameters
            .iter()
            .filter(|p| !self.is_bound(p))
            .filter(|p| {
                p.place(sets).is_some_and(|place| {
                    place.mandatory
                        && !(expecting_input
                            && (place.from_pipeline || place.from_pipeline_by_name))
                })
            })
            .cloned()
            .collect()
    }

    fn takes_input(&self, set: u32) -> bool {
        self.surface.parameters.iter().any(|p| {
            !self.is_bound(p)
                && p.place(set)
                    .is_some_and(|place| place.from_pipeline || place.from_pipeline_by_name)
        })
    }

    /// Decides the set where several are left.
    pub(crate) fn decide_set(&mut self, vm: &mut Vm, expecting_input: bool) -> R<()> {
        if self.surface.set_names.is_empty() {
            return Ok(());
        }
        self.narrow(vm)?;
        let possible = self.possible();
        if possible.count_ones() <= 1 {
            return Ok(());
        }
        let candidates: Vec<u32> = (0..self.surface.set_names.len().min(32))
            .map(|i| 1u32 << i)
            .filter(|s| possible & s != 0)
            .collect();
        let satisfied: Vec<u32> = candidates
            .iter()
            .copied()
            .filter(|s| self.missing(*s, expecting_input).is_empty())
            .collect();
        let default = self
            .surface
            .default_set
            .map(|d| 1u32 << d)
            .filter(|d| possible & d != 0);
        if expecting_input {
            // What the pipeline brings decides among the sets that can take it.
            let open: Vec<u32> = satisfied
                .iter()
                .copied()
                .filter(|s| self.takes_input(*s))
                .collect();
            if !open.is_empty() {
                if open.len() == 1 && default.is_none_or(|d| !satisfied.contains(&d)) {
                    self.sets = open[0];
                }
                return Ok(());
            }
        }
        if self.surface.first_fitting
            && default.is_none_or(|default| !satisfied.contains(&default))
            && let Some(first) = satisfied.first()
        {
            self.sets = *first;
            return Ok(());
        }
        match (default, satisfied.as_slice()) {
            // The default set wins even when it lacks something: that is asked for then.
            (Some(default), satisfied) if !expecting_input || satisfied.contains(&default) => {
                self.sets = default;
            }
            (_, [one]) => self.sets = *one,
            // What is asked for still leaves the pipeline's objects their choice.
            (Some(_), []) if expecting_input => {}
            (Some(default), []) => self.sets = default,
            (None, []) if candidates.len() > 1 => {
                let fewest = candidates
                    .iter()
                    .min_by_key(|s| self.missing(**s, expecting_input).len())
                    .copied();
                let unique = fewest.filter(|f| {
                    let count = self.missing(*f, expecting_input).len();
                    candidates
                        .iter()
                        .filter(|s| self.missing(**s, expecting_input).len() == count)
                        .count()
                        == 1
                });
                match unique {
                    Some(one) => self.sets = one,
                    None => return Err(self.ambiguous_set(vm)),
                }
            }
            (None, several) if several.len() > 1 => return Err(self.ambiguous_set(vm)),
            (Some(default), _) => {
                // The default set lacks something mandatory, others are complete.
                let _ = default;
                if satisfied.len() > 1 {
                    return Err(self.ambiguous_set(vm));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Mandatory parameters must have arguments: asked for at the prompt, an error otherwise.
    pub(crate) fn check_mandatory(&mut self, vm: &mut Vm, expecting_input: bool) -> R<()> {
        let sets = if self.surface.set_names.is_empty() {
            ALL_SETS
        } else {
            self.decided()
        };
        let missing = self.missing(sets, expecting_input);
        if missing.is_empty() {
            return Ok(());
        }
        if vm.interactive {
            return self.prompt_for(vm, &missing);
        }
        Err(self.missing_mandatory(vm, &missing))
    }

    fn decided(&self) -> u32 {
        let possible = self.possible();
        match self.surface.default_set {
            Some(default) if possible & (1 << default) != 0 => 1 << default,
            _ if possible.count_ones() == 1 => possible,
            _ => possible & possible.wrapping_neg(),
        }
    }

    fn prompt_for(&mut self, vm: &mut Vm, missing: &[Rc<Parameter>]) -> R<()> {
        let Some(answers) = super::ask::ask_parameters(vm, &self.site, missing)? else {
            return Err(self.missing_mandatory(vm, missing));
        };
        for (parameter, value) in missing.iter().zip(answers) {
            self.bind_value(vm, parameter, value, self.site.extent.span)?;
        }
        Ok(())
    }
}

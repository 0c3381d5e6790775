//! Positional arguments: in the order of positions, without conversion before with.

use super::Binding;
use super::coerce::says_type;
use crate::runtime::error::{Category, R};
use crate::runtime::parameter::{ALL_SETS, Argument, Parameter};
use crate::runtime::types::TypeRef;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Parameters at one position: nearly always a single one.
struct Group {
    first: Rc<Parameter>,
    more: Vec<Rc<Parameter>>,
}

impl Group {
    fn iter(&self) -> impl Iterator<Item = &Rc<Parameter>> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

impl Binding {
    /// Binds what it can; gives back the rest.
    pub(crate) fn bind_positional(
        &mut self,
        vm: &mut Vm,
        arguments: Vec<Argument>,
        _expecting_input: bool,
    ) -> R<Vec<Argument>> {
        let mut rest = arguments.into_iter();
        let mut left = Vec::new();
        let mut last = i32::MIN;
        while rest.len() > 0 {
            let Some((position, group)) = self.next_group(vm, last)? else {
                break;
            };
            // Names that no parameter has are not positional: they stay where they are.
            let next = rest.by_ref().find_map(|argument| match argument {
                Argument::Positional(value, span) => Some((value, span)),
                named => {
                    left.push(named);
                    None
                }
            });
            let Some((value, span)) = next else { break };
            last = position;
            self.bind_to_group(vm, &group, value, span)?;
        }
        left.extend(rest);
        Ok(left)
    }

    /// The unbound parameters at the lowest position above `after` in the sets still possible.
    fn next_group(&mut self, vm: &mut Vm, after: i32) -> R<Option<(i32, Group)>> {
        let mut best: Option<(i32, Group)> = None;
        for parameter in &self.surface.parameters {
            if self.is_bound(parameter) {
                continue;
            }
            for place in parameter
                .places
                .iter()
                .filter(|p| p.sets & self.sets != 0 && !p.from_remaining)
            {
                let Some(position) = place.position else {
                    continue;
                };
                if position <= after {
                    continue;
                }
                match &mut best {
                    Some((at, group)) if *at == position => {
                        if !group.iter().any(|g| g.name == parameter.name) {
                            group.more.push(parameter.clone());
                        }
                    }
                    Some((at, _)) if *at < position => {}
                    _ => {
                        let group = Group {
                            first: parameter.clone(),
                            more: Vec::new(),
                        };
                        best = Some((position, group));
                    }
                }
            }
        }
        if let Some((position, group)) = &best {
            for (i, a) in group.iter().enumerate() {
                for b in group.iter().skip(i + 1) {
                    let overlap = a
                        .places
                        .iter()
                        .filter(|p| p.position == Some(*position))
                        .fold(0, |s, p| s | p.sets)
                        & b.places
                            .iter()
                            .filter(|p| p.position == Some(*position))
                            .fold(0, |s, p| s | p.sets)
                        & self.sets;
                    if overlap != 0 {
                        return Err(self.error(
                            vm,
                            "AmbiguousPositionalParameterNoName",
                            Category::InvalidArgument,
                            "Cannot bind positional parameters because no names were given.",
                            Value::Null,
                            None,
                        ));
                    }
                }
            }
        }
        Ok(best)
    }

    fn bind_to_group(
        &mut self,
        vm: &mut Vm,
        group: &Group,
        value: Value,
        span: crate::syntax::ast::Span,
    ) -> R<()> {
        if group.more.is_empty() {
            return self.bind_value(vm, &group.first, value, span);
        }
        let default = self.surface.default_set.map_or(0, |d| 1u32 << d) & self.sets;
        let in_default = |p: &Rc<Parameter>| {
            p.places
                .iter()
                .any(|place| place.sets & default != 0 || place.sets == ALL_SETS)
        };
        let ordered: Vec<&Rc<Parameter>> = group
            .iter()
            .filter(|p| in_default(p))
            .chain(group.iter().filter(|p| !in_default(p)))
            .collect();
        for parameter in &ordered {
            if self.fits(vm, parameter, &value) {
                return self.bind_value(vm, parameter, value, span);
            }
        }
        let mut failure = None;
        for parameter in &ordered {
            match self.bind_value(vm, parameter, value.clone(), span) {
                Ok(()) => return Ok(()),
                Err(unwind) => {
                    if !self.surface.compiled && in_default(parameter) {
                        return Err(unwind);
                    }
                    failure.get_or_insert(unwind);
                }
            }
        }
        match failure {
            Some(unwind) => Err(unwind),
            None => Ok(()),
        }
    }

    /// Whether a value is of the parameter's type without conversion.
    pub(crate) fn fits(&self, vm: &mut Vm, parameter: &Parameter, value: &Value) -> bool {
        if value.is_null() {
            return !parameter.type_ref.is_value_type();
        }
        if parameter.is_switch {
            return matches!(value.base(), Value::Switch(_) | Value::Bool(_));
        }
        let names_member = parameter.attributes.iter().any(|a| {
            matches!(a, crate::runtime::attribute::Attribute::Transform(name)
                if &**name == "NotePropertyTransformation")
        });
        if names_member && crate::runtime::validate::names_member_type(value) {
            return false;
        }
        // A name is made a credential before anybody asks what type it has.
        let makes_credential = parameter.attributes.iter().any(|a| {
            matches!(a, crate::runtime::attribute::Attribute::Transform(name)
                if &**name == "Credential")
        });
        if makes_credential && value.as_str().is_some() {
            return true;
        }
        let is = |type_ref: &TypeRef| {
            vm.is_instance(value, type_ref)
                || (self.surface.compiled && says_type(value, type_ref.definition_name()))
        };
        is(&parameter.type_ref) || parameter.type_ref.element().is_some_and(is)
    }
}

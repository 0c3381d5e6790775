//! Type arguments of generic methods: written at the call, or found from its arguments.

use super::overload::{Candidate, GenericSignature, is_delegate};
use crate::runtime::types::{TypeRef, find_full};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::borrow::Cow;

/// The candidates as a call sees them: generic ones with types for their type
/// parameters, without those that no types are found for. Types written at the
/// call leave the generic candidates with that number of parameters alone.
pub fn close_generics<'a>(
    vm: &Vm,
    list: &'a [Candidate],
    explicit: &[TypeRef],
    arguments: &[Value],
) -> Cow<'a, [Candidate]> {
    if explicit.is_empty() && list.iter().all(|candidate| candidate.generic.is_none()) {
        return Cow::Borrowed(list);
    }
    let closed = list
        .iter()
        .filter_map(|candidate| match &candidate.generic {
            None => explicit.is_empty().then(|| candidate.clone()),
            Some(generic) if explicit.is_empty() => {
                infer(vm, generic, arguments).map(|found| generic.close(found))
            }
            Some(generic) => (generic.overload.type_parameters.len() == explicit.len())
                .then(|| generic.close(explicit.to_vec())),
        });
    Cow::Owned(closed.collect())
}

/// Types for all type parameters, from the arguments.
fn infer(vm: &Vm, generic: &GenericSignature, arguments: &[Value]) -> Option<Vec<TypeRef>> {
    let overload = &generic.overload;
    let mut found = Inference {
        names: &overload.type_parameters,
        types: vec![Vec::new(); overload.type_parameters.len()],
    };
    for (at, argument) in arguments.iter().enumerate() {
        let last = overload.parameters.last().filter(|last| last.is_params);
        let parameter = overload.parameters.get(at).or(last)?;
        let argument = match argument.base() {
            Value::Ref(reference) if parameter.by_ref => reference.get(),
            other => other.clone(),
        };
        if argument.is_null() {
            continue;
        }
        let actual = vm.type_of(&argument);
        let is_block = matches!(argument, Value::Block(_));
        let pattern = parameter.type_name.as_str();
        if !found.unify(pattern, &actual, is_block) {
            let element = pattern.strip_suffix("[]").filter(|_| parameter.is_params)?;
            if !found.unify(element, &actual, is_block) {
                return None;
            }
        }
    }
    found
        .types
        .iter()
        .map(|types| most_general(types))
        .collect()
}

/// The one of several types that all the others are.
fn most_general(types: &[TypeRef]) -> Option<TypeRef> {
    let general = |wanted: &&TypeRef| types.iter().all(|each| each.is_a(wanted));
    types.iter().find(general).cloned()
}

struct Inference<'a> {
    names: &'a [String],
    types: Vec<Vec<TypeRef>>,
}

impl Inference<'_> {
    /// Whether a type can be what a parameter asks for; notes what its type parameters are then.
    fn unify(&mut self, pattern: &str, actual: &TypeRef, is_block: bool) -> bool {
        if let Some(at) = self.names.iter().position(|name| name == pattern) {
            if let Some(types) = self.types.get_mut(at)
                && !types.contains(actual)
            {
                types.push(actual.clone());
            }
            return true;
        }
        if let Some(element) = pattern.strip_suffix("[]") {
            return match actual.element() {
                Some(actual) => self.unify(element, &actual.clone(), false),
                None => !self.mentions(element),
            };
        }
        let Some((bare, list)) = pattern.strip_suffix(']').and_then(|p| p.split_once('[')) else {
            return true;
        };
        if !self.mentions(list) {
            return true;
        }
        let parts = split(list);
        let definition = format!("{bare}`{}", parts.len());
        // A script block becomes any delegate, but tells no types.
        if is_block && find_full(&definition).is_some_and(|it| is_delegate(&it)) {
            return true;
        }
        let ancestry = actual.ancestry();
        let base = ancestry
            .iter()
            .find(|it| it.definition_name() == definition);
        let Some(closing) = base.or_else(|| actual.closing_of(&definition)) else {
            return false;
        };
        let arguments = closing.arguments.clone();
        std::iter::zip(parts, &arguments).all(|(part, actual)| self.unify(part, actual, false))
    }

    fn mentions(&self, pattern: &str) -> bool {
        pattern
            .split(['[', ']', ','])
            .any(|word| self.names.iter().any(|name| name == word))
    }
}

/// The parts between commas that stand in no bracket.
fn split(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

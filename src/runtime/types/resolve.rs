//! From a type's name in the source to the type.

use crate::runtime::error::{Fault, R};
use crate::runtime::invocation::{Extent, InvocationInfo};
use crate::runtime::symbol::same_name;
use crate::runtime::types::{TypeCode, TypeRef, array_of, find, generic};
use crate::runtime::vm::Vm;
use crate::syntax::ast::{Span, TypeName, TypeNameKind};
use std::cell::RefCell;
use std::rc::Rc;

/// A place that names a type and remembers what it found.
pub struct TypeSite {
    name: TypeName,
    attribute: bool,
    found: RefCell<Option<TypeRef>>,
}

impl TypeSite {
    /// A place with this name.
    pub fn new(name: TypeName) -> TypeSite {
        TypeSite {
            name,
            attribute: false,
            found: RefCell::default(),
        }
    }

    /// A place whose type may be missing until it is needed.
    pub fn lenient(name: TypeName) -> TypeSite {
        TypeSite::new(name)
    }

    /// The name of an attribute, which may leave out `Attribute`.
    pub fn attribute(name: TypeName) -> TypeSite {
        TypeSite {
            attribute: true,
            ..TypeSite::new(name)
        }
    }

    /// The type; an unknown name is TypeNotFound.
    pub fn resolve(&self, vm: &mut Vm) -> R<TypeRef> {
        match self.try_resolve(vm)? {
            Some(type_ref) => match unfit_argument(&type_ref) {
                None => Ok(type_ref),
                Some(argument) => {
                    let text = type_name_text(&self.name);
                    let message = format!(
                        "Unable to find type [{text}]. Details: GenericArguments[0], '{}', on 'System.Nullable`1[T]' violates the constraint of type 'T'.",
                        argument.reflection_text()
                    );
                    self.refuse(vm, Fault::new("TypeNotFoundWithMessage", message))
                }
            },
            None => {
                // A generic type that cannot be closed is named without its arguments.
                let text = match &self.name.kind {
                    TypeNameKind::Generic { generic, .. } => type_name_text(generic),
                    _ => type_name_text(&self.name),
                };
                let target = crate::runtime::types::automation::ast_node::type_name_value(
                    &vm.frame.source,
                    &self.name,
                );
                let message = format!("Unable to find type [{text}].");
                self.refuse(vm, Fault::new("TypeNotFound", message).target(target))
            }
        }
    }

    /// An error about the type stands at its name in brackets, not at the whole statement.
    fn refuse<T>(&self, vm: &Vm, fault: Fault) -> R<T> {
        let record = fault.into_record();
        let source = &vm.frame.source;
        if let Some(span) = bracketed(&source.text, self.name.span) {
            let position = Extent {
                source: source.clone(),
                span,
            };
            *record.invocation.borrow_mut() = Some(Rc::new(InvocationInfo {
                position: Some(position),
                ..InvocationInfo::default()
            }));
        }
        vm.raise_record(record)
    }

    /// The type, if there is one of this name.
    pub fn try_resolve(&self, vm: &mut Vm) -> R<Option<TypeRef>> {
        if let Some(found) = &*self.found.borrow() {
            return Ok(Some(found.clone()));
        }
        let mut resolved = resolve(vm, &self.name);
        if resolved.is_none()
            && self.attribute
            && let TypeNameKind::Simple(name) = &self.name.kind
        {
            resolved = find_named(vm, &format!("{name}Attribute"));
        }
        // Script types can be defined anew, so only the known ones are kept.
        if let Some(found) = &resolved
            && found.class().is_none()
            && !found.is_enum()
        {
            *self.found.borrow_mut() = Some(found.clone());
        }
        Ok(resolved)
    }

    /// The name as written.
    pub fn text(&self) -> String {
        type_name_text(&self.name)
    }
}

/// The place of a type's name with its brackets; nothing where the text does not have them around it.
fn bracketed(text: &str, name: Span) -> Option<Span> {
    let before = text.get(..name.start as usize)?.trim_end();
    let after = text.get(name.end as usize..)?;
    let blanks = after.len() - after.trim_start().len();
    (before.ends_with('[') && after.trim_start().starts_with(']')).then(|| Span {
        start: u32::try_from(before.len()).unwrap_or(1).saturating_sub(1),
        end: name
            .end
            .saturating_add(u32::try_from(blanks).unwrap_or(0))
            .saturating_add(1),
    })
}

/// The argument that a nullable type cannot have: one that can be null anyway.
fn unfit_argument(type_ref: &TypeRef) -> Option<&TypeRef> {
    type_ref
        .arguments
        .first()
        .filter(|argument| type_ref.code == TypeCode::Nullable && !argument.is_value_type())
}

/// The type of a name from the source.
pub fn resolve(vm: &mut Vm, name: &TypeName) -> Option<TypeRef> {
    match &name.kind {
        TypeNameKind::Simple(text) => find_named(vm, text),
        TypeNameKind::Array { element, rank } => {
            let element = resolve(vm, element)?;
            Some(array_of(&element, *rank))
        }
        TypeNameKind::Generic {
            generic: definition,
            arguments,
        } => {
            let TypeNameKind::Simple(text) = &definition.kind else {
                return None;
            };
            let text = text.split('`').next().unwrap_or(text);
            let definition = find_named(vm, &format!("{text}`{}", arguments.len()))?;
            let arguments: Option<Vec<TypeRef>> =
                arguments.iter().map(|a| resolve(vm, a)).collect();
            Some(generic(&definition, arguments?))
        }
    }
}

/// The type of a plain name: script types, accelerators, full names, imported namespaces.
pub fn find_named(vm: &mut Vm, text: &str) -> Option<TypeRef> {
    if let Some(found) = vm.script_type(text) {
        return Some(found);
    }
    if let Some(found) = find(text) {
        return Some(found);
    }
    let namespaces = vm.namespaces_in_force();
    namespaces
        .iter()
        .find_map(|namespace| crate::runtime::types::find_full(&format!("{namespace}.{text}")))
}

/// The type of a text such as `System.Collections.Generic.List[int]` or `int[]`.
pub fn parse_type(vm: &mut Vm, text: &str) -> Option<TypeRef> {
    let text = text.trim();
    if let Some(found) = find_named(vm, text) {
        return Some(found);
    }
    if let Some(head) = text.strip_suffix(']') {
        let open = matching_open(head)?;
        let (head, inner) = (&head[..open], &head[open + 1..]);
        if inner.chars().all(|c| c == ',' || c == ' ') {
            let element = parse_type(vm, head)?;
            return Some(array_of(&element, inner.matches(',').count() as u32 + 1));
        }
        let parts: Vec<&str> = split_top(inner);
        let arguments: Option<Vec<TypeRef>> = parts
            .iter()
            .map(|p| {
                parse_type(
                    vm,
                    p.trim()
                        .trim_start_matches('[')
                        .trim_end_matches(']')
                        .split(", ")
                        .next()
                        .unwrap_or(p),
                )
            })
            .collect();
        let head = head.split('`').next().unwrap_or(head);
        let definition = find_named(vm, &format!("{head}`{}", parts.len()))?;
        return Some(generic(&definition, arguments?));
    }
    None
}

fn matching_open(text: &str) -> Option<usize> {
    let mut depth = 1;
    for (i, c) in text.char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' => {
                depth -= 1;
                if depth == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

fn split_top(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A type name as it was written.
pub fn type_name_text(name: &TypeName) -> String {
    match &name.kind {
        TypeNameKind::Simple(text) => text.to_string(),
        TypeNameKind::Array { element, rank } => format!(
            "{}[{}]",
            type_name_text(element),
            ",".repeat(*rank as usize - 1)
        ),
        TypeNameKind::Generic { generic, arguments } => {
            let inner: Vec<String> = arguments.iter().map(type_name_text).collect();
            format!("{}[{}]", type_name_text(generic), inner.join(","))
        }
    }
}

impl Vm {
    /// The class or enum a script defined under this name, as seen from here.
    pub fn script_type(&self, name: &str) -> Option<TypeRef> {
        if let Some(module) = &self.scope.module
            && let Some(found) = self.nearest_type(&module.types.borrow(), name)
        {
            return Some(found);
        }
        self.nearest_type(&self.session.types, name)
    }

    /// Of the types of one name the one whose block of code is running, else the latest that
    /// is meant everywhere, else any.
    fn nearest_type(&self, types: &[TypeRef], name: &str) -> Option<TypeRef> {
        let mut named = types
            .iter()
            .rev()
            .filter(|t| same_name(&t.full_name, name))
            .peekable();
        let first = *named.peek()?;
        let (mut inner, mut outer) = (None::<(u32, &TypeRef)>, None);
        for found in named {
            let Some(home) = &found.home else {
                outer = outer.or(Some(found));
                continue;
            };
            let (block, here) = (home.span, self.frame.span);
            let width = block.end.saturating_sub(block.start);
            if std::rc::Rc::ptr_eq(&home.source, &self.frame.source)
                && block.start <= here.start
                && here.end <= block.end
                && inner.is_none_or(|(narrowest, _)| width < narrowest)
            {
                inner = Some((width, found));
            }
        }
        let best = inner.map(|(_, found)| found).or(outer);
        Some(best.unwrap_or(first).clone())
    }

    /// Namespaces of `using namespace` of the text that runs.
    pub fn namespaces_in_force(&self) -> Vec<std::rc::Rc<str>> {
        self.session.namespaces.clone()
    }
}

//! Joins a declaration to its behaviour: the session asks here for the cmdlet of a name.

use super::catalog;
use super::declaration::{CmdletDeclaration, CommandKind};
use crate::runtime::command::{Call, Cmdlet, CmdletInfo};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::parameter::CommandSurface;
use crate::runtime::vm::Vm;
use std::cell::OnceCell;
use std::rc::Rc;

/// Makes an object that runs one call of a cmdlet.
pub type Factory = fn() -> Box<dyn Cmdlet>;

/// Gives the behaviour that a folder above has for the cmdlet of a name.
pub type Behaviours = fn(&str) -> Option<Factory>;

/// The cmdlet of a name, if one is declared. Its behaviour is the first that `written` has, else the
/// generic one of its verb.
pub fn find(name: &str, written: &[Behaviours]) -> Option<CmdletInfo> {
    let declaration = catalog::find(name)?;
    Some(CmdletInfo {
        name: declaration.name.as_str().into(),
        module_name: declaration.module.as_str().into(),
        class: if declaration.class.is_empty() {
            declaration.name.as_str().into()
        } else {
            declaration.class.as_str().into()
        },
        surface: OnceCell::new(),
        build_surface,
        make: behaviour(&declaration, written),
    })
}

/// Names of everything declared.
pub fn names() -> Vec<String> {
    catalog::names()
        .map(|summary| summary.name.to_string())
        .collect()
}

/// Spelling and text of a function that every session has.
pub fn shipped_function(name: &str) -> Option<(String, String)> {
    let summary = catalog::summary(name).filter(|s| s.kind != CommandKind::Cmdlet)?;
    let declaration = catalog::find(summary.name)?;
    Some((summary.name.to_string(), declaration.body.clone()?))
}

/// Names of the functions that every session has.
pub fn shipped_function_names() -> Vec<String> {
    catalog::names()
        .filter(|summary| summary.kind != CommandKind::Cmdlet)
        .map(|summary| summary.name.to_string())
        .filter(|name| shipped_function(name).is_some())
        .collect()
}

fn build_surface(name: &str) -> Rc<CommandSurface> {
    let declaration = catalog::find(name).unwrap_or_default();
    Rc::new(super::surface::surface(&declaration))
}

fn behaviour(
    declaration: &Rc<CmdletDeclaration>,
    written: &[Behaviours],
) -> Box<dyn Fn() -> Box<dyn Cmdlet>> {
    let mut found = written.iter().filter_map(|find| find(&declaration.name));
    if let Some(factory) = found.next() {
        return Box::new(factory);
    }
    if declaration.not_modelled.is_none()
        && let Some(generic) = super::generic::behaviour(declaration)
    {
        return generic;
    }
    let declaration = declaration.clone();
    Box::new(move || {
        Box::new(NotModelled {
            declaration: declaration.clone(),
        })
    })
}

/// A cmdlet that is known, binds its arguments, and says that it has no behaviour here.
struct NotModelled {
    declaration: Rc<CmdletDeclaration>,
}

impl Cmdlet for NotModelled {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let name = &self.declaration.name;
        let does = match &self.declaration.not_modelled {
            Some(does) => format!(" It {does}."),
            None => String::new(),
        };
        vm.raise(
            Fault::of(
                "System.NotImplementedException",
                "KnownNotModelled",
                Category::NotImplemented,
                format!("{name} is known, but ucsh does not model it.{does} Nothing was changed."),
            )
            .target(name.as_str().into()),
        )
    }
}

//! What a module gives to others, and giving it.

use super::ImportOptions;
use crate::runtime::command::{AliasInfo, FunctionInfo};
use crate::runtime::error::R;
use crate::runtime::module::{Exports, Module};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::scope::Scope;
use crate::runtime::symbol::Symbol;
use crate::runtime::vm::Vm;
use rustc_hash::FxHashSet;
use std::cell::Cell;
use std::rc::Rc;

impl Vm {
    /// Where imports made here go: the module the code belongs to, or the session.
    fn import_target(&self, options: &ImportOptions) -> Rc<Scope> {
        match &self.scope.module {
            Some(module) if !options.global && !module.is_closure => module
                .scope
                .get()
                .cloned()
                .unwrap_or_else(|| self.global.clone()),
            _ => self.global.clone(),
        }
    }

    /// Gives a module's exports to the importing scope.
    pub fn import_exports(&mut self, module: &Rc<Module>, options: &ImportOptions) -> R<()> {
        let target = self.import_target(options);
        let exports = module.exports.borrow().clone();
        let prefix = match &options.prefix {
            Some(prefix) => prefix.clone(),
            None => module.prefix.borrow().clone(),
        };
        let mut unapproved = false;
        let only_functions =
            options.functions.is_some() && options.aliases.is_none() && options.variables.is_none();
        for (name, function) in &exports.functions {
            if !wanted(&options.functions, name, options) {
                continue;
            }
            let shown = prefixed(name, &prefix);
            if options.no_clobber && self.find_command(&shown)?.is_some() {
                continue;
            }
            if let Some((verb, _)) = name.split_once('-')
                && !crate::runtime::verbs::is_approved(verb)
            {
                unapproved = true;
            }
            self.write_verbose(&format!("Importing function '{shown}'."))?;
            let copy = Rc::new(FunctionInfo {
                name: shown.as_str().into(),
                block: function.block.clone(),
                is_filter: function.is_filter,
                options: Cell::new(function.options.get()),
                description: function.description.clone(),
                module: Some(module.clone()),
            });
            target
                .functions
                .borrow_mut()
                .insert(Symbol::fold(&shown), copy);
        }
        for (name, alias) in &exports.aliases {
            let chosen = match &options.aliases {
                Some(patterns) => fits_any(patterns, name),
                None => !only_functions,
            };
            if !chosen {
                continue;
            }
            let shown = prefixed(name, &prefix);
            let is_function = exports
                .functions
                .iter()
                .any(|(n, _)| n.eq_ignore_ascii_case(&alias.definition));
            let definition = if is_function {
                prefixed(&alias.definition, &prefix)
            } else {
                alias.definition.to_string()
            };
            let copy = Rc::new(AliasInfo {
                name: shown.as_str().into(),
                definition: definition.into(),
                options: Cell::new(alias.options.get()),
                description: alias.description.clone(),
                module: Some(module.clone()),
            });
            target
                .aliases
                .borrow_mut()
                .insert(Symbol::fold(&shown), copy);
        }
        if let Some(source) = module.scope.get() {
            for name in &exports.variables {
                let chosen = match &options.variables {
                    Some(patterns) => fits_any(patterns, name),
                    None => !only_functions,
                };
                if chosen && let Some(variable) = self.variable_object(source, Symbol::fold(name)) {
                    target.put_named(
                        Symbol::fold(name),
                        crate::runtime::scope::Slot::Variable(variable),
                    );
                }
            }
        }
        self.commands_changed();
        if unapproved && !options.quiet {
            let name = module.name.borrow().clone();
            self.write_warning(&format!("The names of some imported commands from the module '{name}' include unapproved verbs that might make them less discoverable. To find the commands with unapproved verbs, run the Import-Module command again with the Verbose parameter. For a list of approved verbs, type Get-Verb."))?;
        }
        Ok(())
    }
}

fn compiled(patterns: &[Rc<str>]) -> Vec<Rc<WildcardPattern>> {
    let compile = |pattern: &Rc<str>| WildcardPattern::cached(pattern, true).ok();
    patterns.iter().filter_map(compile).collect()
}

/// Whether a name fits one of these patterns.
pub fn fits_any(patterns: &[Rc<str>], name: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| WildcardPattern::cached(pattern, true).is_ok_and(|p| p.is_match(name)))
}

fn wanted(patterns: &Option<Vec<Rc<str>>>, name: &str, options: &ImportOptions) -> bool {
    match patterns {
        Some(patterns) => fits_any(patterns, name),
        None => options.aliases.is_none() && options.variables.is_none(),
    }
}

/// A command's name with a prefix before its noun.
pub fn prefixed(name: &str, prefix: &str) -> String {
    if prefix.is_empty() {
        return name.to_string();
    }
    match name.split_once('-') {
        Some((verb, noun)) => format!("{verb}-{prefix}{noun}"),
        None => format!("{prefix}{name}"),
    }
}

/// A module that did not say what it exports gives its own functions and aliases.
pub fn default_exports(module: &Rc<Module>) {
    if module.explicit_exports.get() {
        return;
    }
    let Some(scope) = module.scope.get() else {
        return;
    };
    let mut exports = Exports::default();
    let mut functions: Vec<Rc<FunctionInfo>> = scope
        .functions
        .borrow()
        .values()
        .filter(|f| f.module.as_ref().is_none_or(|m| Rc::ptr_eq(m, module)))
        .cloned()
        .collect();
    functions.sort_by_cached_key(|a| a.name.to_lowercase());
    for function in functions {
        exports.functions.push((function.name.clone(), function));
    }
    let mut aliases: Vec<Rc<AliasInfo>> = scope
        .aliases
        .borrow()
        .values()
        .filter(|a| a.module.is_none())
        .cloned()
        .collect();
    aliases.sort_by_cached_key(|a| a.name.to_lowercase());
    for alias in aliases {
        exports.aliases.push((alias.name.clone(), alias));
    }
    *module.exports.borrow_mut() = exports;
}

/// What a nested module exports counts as the outer module's own.
pub(super) fn adopt(module: &Rc<Module>, child: &Rc<Module>) {
    let mut exports = module.exports.borrow_mut();
    for (name, function) in &child.exports.borrow().functions {
        if !exports
            .functions
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            exports.functions.push((name.clone(), function.clone()));
        }
    }
    for (name, alias) in &child.exports.borrow().aliases {
        if !exports
            .aliases
            .iter()
            .any(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            exports.aliases.push((name.clone(), alias.clone()));
        }
    }
}

/// Adds what `Export-ModuleMember` names to a module's exports.
pub fn export_members(
    module: &Rc<Module>,
    functions: &[Rc<str>],
    aliases: &[Rc<str>],
    variables: &[Rc<str>],
) {
    module.explicit_exports.set(true);
    let Some(scope) = module.scope.get() else {
        return;
    };
    let mut exports = module.exports.borrow_mut();
    let wanted = compiled(functions);
    let mut found: Vec<Rc<FunctionInfo>> = scope
        .functions
        .borrow()
        .values()
        .filter(|f| wanted.iter().any(|p| p.is_match(&f.name)))
        .cloned()
        .collect();
    found.sort_by_cached_key(|a| a.name.to_lowercase());
    let mut known: FxHashSet<Rc<str>> = exports.functions.iter().map(|(n, _)| n.clone()).collect();
    for function in found {
        if known.insert(function.name.clone()) {
            exports.functions.push((function.name.clone(), function));
        }
    }
    for alias in scope.aliases.borrow().values() {
        if fits_any(aliases, &alias.name) && !exports.aliases.iter().any(|(n, _)| *n == alias.name)
        {
            exports.aliases.push((alias.name.clone(), alias.clone()));
        }
    }
    for (symbol, _) in scope.list() {
        let name = symbol.first_spelling();
        // The module's own context is no variable of its author.
        if !name.eq_ignore_ascii_case("ExecutionContext")
            && fits_any(variables, &name)
            && !exports
                .variables
                .iter()
                .any(|v| v.eq_ignore_ascii_case(&name))
        {
            exports.variables.push(name);
        }
    }
}

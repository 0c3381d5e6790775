//! The parameters of a command as the binder sees them, whether the command is
//! declared or written in a script.

use super::attribute::Attribute;
use super::symbol::Symbol;
use super::types::TypeRef;
use super::value::Value;
use crate::syntax::ast::Span;
use std::cell::OnceCell;
use std::rc::Rc;

/// The surface of a command: parameters, sets and flags.
pub struct CommandSurface {
    /// The command's name, as errors show it.
    pub name: Rc<str>,
    /// What stands behind the comma of its error ids: the class of a compiled cmdlet, the name of a function.
    pub raiser: Rc<str>,
    /// Parameters in declared order, common ones last.
    pub parameters: Vec<Rc<Parameter>>,
    /// Names of the parameter sets; a set is a bit by its index. Empty when there is only the unnamed one.
    pub set_names: Vec<Rc<str>>,
    /// Index of the default set.
    pub default_set: Option<usize>,
    /// A name given for the default set that no parameter belongs to.
    pub default_set_name: Option<Rc<str>>,
    /// Whether the first set that fits counts where several do and none is the default: for cmdlets
    /// whose documentation does not name the default set.
    pub first_fitting: bool,
    /// A compiled cmdlet, as opposed to a function: errors of conversion have other ids.
    pub compiled: bool,
    /// A cmdlet or advanced function: unknown arguments are errors, common parameters exist.
    pub advanced: bool,
    /// Has -WhatIf and -Confirm.
    pub supports_should_process: bool,
    /// Has -First, -Skip, -IncludeTotalCount.
    pub supports_paging: bool,
    /// 0 None, 1 Low, 2 Medium, 3 High.
    pub confirm_impact: u8,
    /// Full names of the types a declared command says it writes.
    pub output_types: Vec<Rc<str>>,
}

/// All sets.
pub const ALL_SETS: u32 = u32::MAX;

/// One parameter.
pub struct Parameter {
    /// Its name.
    pub name: Rc<str>,
    /// Its name as a symbol.
    pub symbol: Symbol,
    /// Other names.
    pub aliases: Vec<Rc<str>>,
    /// Its type; `object` when none was written.
    pub type_ref: TypeRef,
    /// Whether it is a switch.
    pub is_switch: bool,
    /// Conversions, transformations and validations in source order.
    pub attributes: Vec<Attribute>,
    /// Where it stands in which sets.
    pub places: Vec<ParameterPlace>,
    /// Made by a dynamicparam block or provided by a provider.
    pub dynamic: bool,
    /// One of the common parameters.
    pub common: bool,
    /// Not shown in completion.
    pub hidden: bool,
    /// One of `HelpMessage`, shown when it is asked for.
    pub help_message: Option<Rc<str>>,
    /// The attributes its variable keeps, gathered at the first call.
    pub kept: OnceCell<Option<Rc<[Attribute]>>>,
}

/// The place of a parameter in some sets.
#[derive(Clone, Debug)]
pub struct ParameterPlace {
    /// Bits of the sets, or [`ALL_SETS`].
    pub sets: u32,
    /// Must be given.
    pub mandatory: bool,
    /// Order among positional arguments.
    pub position: Option<i32>,
    /// Takes whole pipeline objects.
    pub from_pipeline: bool,
    /// Takes a property of pipeline objects.
    pub from_pipeline_by_name: bool,
    /// Takes the remaining arguments.
    pub from_remaining: bool,
}

impl ParameterPlace {
    /// What a parameter without a word about its place gets: every set, optional, by name only.
    pub const BY_NAME: ParameterPlace = ParameterPlace {
        sets: ALL_SETS,
        mandatory: false,
        position: None,
        from_pipeline: false,
        from_pipeline_by_name: false,
        from_remaining: false,
    };
}

impl Parameter {
    /// The attributes that hold for later assignments to its variable too; none if it is a plain one.
    pub fn kept_attributes(&self) -> Option<Rc<[Attribute]>> {
        let gather = || {
            let kept: Vec<Attribute> = self
                .attributes
                .iter()
                .filter(|a| {
                    !matches!(
                        a,
                        Attribute::AllowNull
                            | Attribute::AllowEmptyString
                            | Attribute::AllowEmptyCollection
                            | Attribute::Other(..)
                            | Attribute::ArgumentCompleter(_)
                            | Attribute::ArgumentCompletions(_)
                            | Attribute::PSTypeName(_)
                    )
                })
                .cloned()
                .collect();
            (!kept.is_empty()).then(|| kept.into())
        };
        self.kept.get_or_init(gather).clone()
    }

    /// Bits of all sets the parameter belongs to.
    pub fn sets(&self) -> u32 {
        self.places.iter().fold(0, |bits, place| bits | place.sets)
    }

    /// Its place in one of these sets.
    pub fn place(&self, sets: u32) -> Option<&ParameterPlace> {
        self.places.iter().find(|place| place.sets & sets != 0)
    }
}

impl CommandSurface {
    /// The parameter of exactly this name or alias.
    pub fn exact(&self, name: &str) -> Option<&Rc<Parameter>> {
        self.parameters.iter().find(|p| {
            super::symbol::same_name(&p.name, name)
                || p.aliases.iter().any(|a| super::symbol::same_name(a, name))
        })
    }

    /// The parameter that is bound under this name.
    pub fn bound_as(&self, name: Symbol) -> Option<&Rc<Parameter>> {
        let folded = name.folded();
        let mut own = self.parameters.iter();
        own.find(|p| p.symbol.folded() == folded)
            .or_else(|| self.exact(&name.text()))
    }

    /// The same for a name that is probably that of the parameter at this place.
    pub fn bound_at(&self, place: usize, name: Symbol) -> Option<&Rc<Parameter>> {
        let folded = name.folded();
        let expected = self.parameters.get(place);
        expected
            .filter(|p| p.symbol.folded() == folded)
            .or_else(|| self.bound_as(name))
    }

    /// The bit number of a parameter set; a name not seen before is a new set. There is room for
    /// 32 sets; the last bit stands for all beyond.
    pub fn set_index(&mut self, name: &str) -> usize {
        let known = self.set_names.iter();
        let at = known.take_while(|n| !n.eq_ignore_ascii_case(name)).count();
        if at == self.set_names.len() {
            self.set_names.push(name.into());
        }
        at.min(31)
    }

    /// Bits of every set.
    pub fn all_sets(&self) -> u32 {
        if self.set_names.is_empty() {
            ALL_SETS
        } else {
            u32::MAX >> (32 - self.set_names.len().min(32) as u32)
        }
    }
}

/// Arguments by parameter name, in the order they were bound.
#[derive(Default)]
pub struct BoundParameters(Vec<Bound>);

#[derive(Clone)]
struct Bound {
    name: Symbol,
    folded: Symbol,
    value: Value,
}

impl Clone for BoundParameters {
    fn clone(&self) -> BoundParameters {
        BoundParameters(self.0.clone())
    }

    /// Keeps the room it has: calls are bound anew for every pipeline object.
    fn clone_from(&mut self, source: &BoundParameters) {
        self.0.clone_from(&source.0);
    }
}

impl BoundParameters {
    /// The value bound to a parameter.
    pub fn get(&self, name: &str) -> Option<&Value> {
        if self.0.is_empty() {
            return None;
        }
        let folded = Symbol::fold(name);
        self.0
            .iter()
            .find(|bound| bound.folded == folded)
            .map(|bound| &bound.value)
    }

    /// Whether a parameter is bound.
    pub fn has(&self, name: Symbol) -> bool {
        !self.0.is_empty() && {
            let folded = name.folded();
            self.0.iter().any(|bound| bound.folded == folded)
        }
    }

    /// Binds or rebinds.
    pub fn set(&mut self, name: Symbol, value: Value) {
        let folded = name.folded();
        match self.0.iter_mut().find(|bound| bound.folded == folded) {
            Some(bound) => bound.value = value,
            None => self.0.push(Bound {
                name,
                folded,
                value,
            }),
        }
    }

    /// Unbinds.
    pub fn remove(&mut self, name: Symbol) {
        let folded = name.folded();
        self.0.retain(|bound| bound.folded != folded);
    }

    /// Names as symbols, and values, in order.
    pub fn symbols(&self) -> impl Iterator<Item = (Symbol, &Value)> {
        self.0.iter().map(|bound| (bound.name, &bound.value))
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (Rc<str>, &Value)> {
        self.0.iter().map(|bound| (bound.name.text(), &bound.value))
    }

    /// Number of bound parameters.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An argument of a call before it is bound.
#[derive(Clone)]
pub enum Argument {
    /// A value without a name.
    Positional(Value, Span),
    /// `-Name`, with the value that a colon ties to it.
    Named {
        /// Without dash and colon.
        name: Rc<str>,
        /// As written, with dash and colon.
        text: Rc<str>,
        /// The value behind a colon.
        value: Option<Value>,
        /// From `@splat`: an explicit argument of the same name wins.
        splatted: bool,
        /// Its place.
        span: Span,
        /// The place of the value behind the colon, where errors about it show; empty for a value that is in no text.
        value_span: Span,
    },
}

impl Argument {
    /// A named argument made in Rust.
    pub fn named(name: &str, value: Value) -> Argument {
        Argument::Named {
            name: name.into(),
            text: format!("-{name}:").into(),
            value: Some(value),
            splatted: false,
            span: Span::default(),
            value_span: Span::default(),
        }
    }
}

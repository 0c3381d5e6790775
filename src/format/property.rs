//! Which properties a layout shows: `-Property` arguments, and what they give for an object.

use super::property_table::{self, TableOf};
use crate::runtime::error::{ErrorRecord, R, Unwind};
use crate::runtime::member::PropertyKind;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::view::{Align, ViewValue};
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Where a shown value comes from.
#[derive(Clone)]
pub enum Expression {
    /// A property, or a pattern of names before it is resolved.
    Property(Rc<str>),
    /// A property that the first object has.
    Found(Rc<str>),
    /// A script with the object as `$_`.
    Block(Rc<ScriptBlock>),
}

/// One property to show, with what was said about it.
#[derive(Clone)]
pub struct Shown {
    /// Where the value comes from.
    pub expression: Expression,
    /// The header or label.
    pub label: Option<Rc<str>>,
    /// Cells of a column.
    pub width: Option<usize>,
    /// The side of a column.
    pub align: Option<Align>,
    /// A format for the value.
    pub format: Option<Rc<str>>,
    /// How deep a custom layout goes.
    pub depth: Option<usize>,
    /// Shown only for objects that this is true of.
    pub condition: Option<Expression>,
}

impl Shown {
    /// A property without further words.
    pub fn property(name: impl Into<Rc<str>>) -> Shown {
        Shown::of(Expression::Property(name.into()))
    }

    /// An expression without further words.
    pub fn of(expression: Expression) -> Shown {
        Shown {
            expression,
            label: None,
            width: None,
            align: None,
            format: None,
            depth: None,
            condition: None,
        }
    }

    /// The header or label.
    pub fn title(&self) -> Rc<str> {
        match (&self.label, &self.expression) {
            (Some(label), _) => label.clone(),
            (None, Expression::Property(name) | Expression::Found(name)) => name.clone(),
            (None, Expression::Block(block)) => block.text().into(),
        }
    }

    /// What the value comes from, as text.
    pub fn source(&self) -> &str {
        match &self.expression {
            Expression::Property(name) | Expression::Found(name) => name,
            Expression::Block(block) => block.text(),
        }
    }

    /// The same for another property.
    fn named(&self, name: Rc<str>) -> Shown {
        Shown {
            expression: Expression::Found(name),
            ..self.clone()
        }
    }
}

/// Reads a `-Property` or `-GroupBy` argument.
pub fn parse(vm: &mut Vm, argument: &Value, of: TableOf) -> R<Shown> {
    let mut shown = Shown::property("");
    for (key, value) in property_table::read(vm, argument, of)? {
        match (key, &value) {
            ("expression", Value::Block(block)) => {
                shown.expression = Expression::Block(block.clone());
            }
            ("expression", Value::Str(name)) => {
                shown.expression = Expression::Property((&**name).into());
            }
            ("label", Value::Str(text)) => shown.label = Some((&**text).into()),
            ("width", count) => shown.width = Some(property_table::count(count)),
            ("depth", count) => shown.depth = Some(property_table::count(count)),
            ("formatString", Value::Str(text)) => shown.format = Some((&**text).into()),
            ("alignment", Value::Str(side)) => {
                shown.align = Some(match &**side {
                    "left" => Align::Left,
                    "center" => Align::Center,
                    _ => Align::Right,
                });
            }
            _ => {}
        }
    }
    Ok(shown)
}

/// A declared value as an expression. Scripts are read once.
pub fn declared(vm: &mut Vm, value: &ViewValue) -> R<Expression> {
    thread_local! { static READ: RefCell<FxHashMap<String, Rc<ScriptBlock>>> = RefCell::default(); }
    match value {
        ViewValue::Property(name) => Ok(Expression::Property(name.as_str().into())),
        ViewValue::Script(text) => {
            if let Some(block) = READ.with_borrow(|read| read.get(text).cloned()) {
                return Ok(Expression::Block(block));
            }
            let block = Rc::new(vm.parse_source(&Rc::new(Source::new(text, None)))?);
            READ.with_borrow_mut(|read| read.insert(text.clone(), block.clone()));
            Ok(Expression::Block(block))
        }
    }
}

/// The names of an object's properties that layouts show.
pub fn names(vm: &mut Vm, object: &Value) -> R<Vec<Rc<str>>> {
    if let Value::Custom(custom) = object {
        return Ok(custom
            .members
            .list()
            .into_iter()
            .filter(|(_, member)| member.is_property())
            .map(|(name, _)| name)
            .chain(type_data_names(vm, object)?)
            .collect());
    }
    Ok(vm
        .properties(object)?
        .into_iter()
        .filter(|p| !p.hidden)
        .map(|p| p.name)
        .collect())
}

/// The same with the properties of the type itself in front of those that were added to it.
pub fn names_of_type_first(vm: &mut Vm, object: &Value) -> R<Vec<Rc<str>>> {
    if matches!(object, Value::Custom(_)) {
        return names(vm, object);
    }
    let mut all = vm.properties(object)?;
    all.retain(|p| !p.hidden);
    all.sort_by_key(|p| p.kind != PropertyKind::Property);
    Ok(all.into_iter().map(|p| p.name).collect())
}

/// Properties that type data gives a custom object.
fn type_data_names(vm: &mut Vm, object: &Value) -> R<Vec<Rc<str>>> {
    let Value::Custom(custom) = object else {
        return Ok(Vec::new());
    };
    if custom.type_names.borrow().is_empty() {
        return Ok(Vec::new());
    }
    Ok(vm
        .properties(object)?
        .into_iter()
        .filter(|p| !p.hidden)
        .map(|p| p.name)
        .filter(|name| {
            custom
                .members
                .get(crate::runtime::symbol::Symbol::fold(name))
                .is_none()
        })
        .collect())
}

/// The properties an argument names on an object: a pattern may name several.
/// A name that is not there gives nothing.
pub fn resolve(vm: &mut Vm, shown: &Shown, object: &Value) -> R<Vec<Shown>> {
    let Expression::Property(name) = &shown.expression else {
        return Ok(vec![shown.clone()]);
    };
    let all = names(vm, object)?;
    if WildcardPattern::contains_wildcards(name) {
        let Ok(pattern) = WildcardPattern::cached(name, true) else {
            return Ok(Vec::new());
        };
        let mut all = all;
        for behind in crate::runtime::types::dispatch::names_behind(object.base()) {
            if !all.iter().any(|n| n.eq_ignore_ascii_case(behind)) {
                all.push((*behind).into());
            }
        }
        return Ok(all
            .into_iter()
            .filter(|n| pattern.is_match(n))
            .map(|n| shown.named(n))
            .collect());
    }
    if let Some(found) = all.iter().find(|n| n.eq_ignore_ascii_case(name)) {
        return Ok(vec![shown.named(found.clone())]);
    }
    Ok(match vm.get_member(object, name) {
        Ok(Some(_)) => vec![shown.clone()],
        _ => Vec::new(),
    })
}

/// The value for an object, or the error its computation ended in.
pub fn evaluate(
    vm: &mut Vm,
    expression: &Expression,
    object: &Value,
) -> R<Result<Value, Rc<ErrorRecord>>> {
    let (success, propagate) = (vm.success, std::mem::replace(&mut vm.propagate, true));
    let result = match expression {
        Expression::Property(name) => vm
            .get_member(object, name)
            .map(|value| value.unwrap_or_default()),
        Expression::Found(name) => vm.get_member(object, name).map(|value| match value {
            Some(value) => value,
            // Every single object counts as one.
            None if name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length") => {
                Value::Int(1)
            }
            None => Value::Null,
        }),
        Expression::Block(block) => vm.call_block_for(block, object).map(Vm::captured),
    };
    vm.success = success;
    vm.propagate = propagate;
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) => {
                vm.remember_error(&thrown.record);
                Ok(Err(thrown.record))
            }
            other => Err(Box::new(other)),
        },
    }
}

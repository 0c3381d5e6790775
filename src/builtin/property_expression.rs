//! What `-Property` may hold: names with wildcards, script blocks, and tables
//! that say both and more. Select-Object, Sort-Object, Group-Object and their
//! kin all read their properties through here.

use crate::format::property_table::{self, TableOf};
use crate::runtime::collection::Dictionary;
use crate::runtime::error::{ErrorRecord, R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::member::added::own_member;
use crate::runtime::object::Member;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// Where a value comes from.
#[derive(Clone)]
pub enum Expression {
    /// A property's name, perhaps with wildcards.
    Name(Rc<str>),
    /// A script block that sees the object as `$_`.
    Block(Rc<ScriptBlock>),
}

/// One entry of `-Property`.
#[derive(Clone)]
pub struct PropertyExpression {
    /// Where the value comes from.
    pub expression: Expression,
    /// The name it gets, when it was given one.
    pub label: Option<Rc<str>>,
    /// `Descending` or `Ascending` of a sort key.
    pub descending: Option<bool>,
}

/// A value that an expression gave for an object.
pub struct Evaluated {
    /// The name of the property, as the object spells it; of a block its text.
    pub name: Rc<str>,
    /// The value, or the error that computing it ended in.
    pub value: Result<Value, Rc<ErrorRecord>>,
}

impl PropertyExpression {
    /// An expression for a name.
    pub fn name(name: &str) -> PropertyExpression {
        PropertyExpression {
            expression: Expression::Name(name.into()),
            label: None,
            descending: None,
        }
    }

    /// The text of the expression: the name, or the source of the block.
    pub fn text(&self) -> Rc<str> {
        match &self.expression {
            Expression::Name(name) => name.clone(),
            Expression::Block(block) => block.text().into(),
        }
    }

    /// Whether it may stand for several properties.
    pub fn has_wildcards(&self) -> bool {
        matches!(&self.expression, Expression::Name(name) if WildcardPattern::contains_wildcards(name))
    }

    /// The values for an object: none when it has no such property.
    pub fn values(&self, vm: &mut Vm, object: &Value) -> R<Vec<Evaluated>> {
        match &self.expression {
            Expression::Block(block) => {
                // An error ends the expression and belongs to its reader, nobody else sees it.
                let propagate = std::mem::replace(&mut vm.propagate, true);
                let result = vm.call_block_with(
                    block,
                    BlockCall {
                        item: Some(object.clone()),
                        ..BlockCall::default()
                    },
                );
                vm.propagate = propagate;
                let value = match result {
                    Ok(items) => Ok(match Vm::captured(items) {
                        Value::Nothing => Value::Null,
                        other => other,
                    }),
                    Err(unwind) => {
                        let record = caught(unwind)?;
                        vm.locate(&record);
                        vm.remember_error(&record);
                        Err(record)
                    }
                };
                Ok(vec![Evaluated {
                    name: block.text().into(),
                    value,
                }])
            }
            Expression::Name(name) => {
                let mut found = Vec::new();
                for name in resolve_names(vm, object, name)? {
                    let value = match read(vm, object, &name) {
                        Ok(value) => Ok(value),
                        Err(unwind) => Err(caught(unwind)?),
                    };
                    found.push(Evaluated { name, value });
                }
                Ok(found)
            }
        }
    }

    /// The first value for an object; `None` when it has no such property.
    pub fn value(&self, vm: &mut Vm, object: &Value) -> R<Option<Evaluated>> {
        Ok(self.values(vm, object)?.into_iter().next())
    }
}

/// An error that an expression ended in; anything else goes on unwinding.
#[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
fn caught(unwind: Box<Unwind>) -> R<Rc<ErrorRecord>> {
    match *unwind {
        Unwind::Error(thrown) => Ok(thrown.record),
        other => Err(Box::new(other)),
    }
}

fn hashtable(value: &Value) -> Option<&Rc<Dictionary>> {
    match value.base() {
        Value::Dict(table) if &*table.type_ref.full_name == "System.Collections.Hashtable" => {
            Some(table)
        }
        _ => None,
    }
}

fn read(vm: &mut Vm, object: &Value, name: &str) -> R<Value> {
    if let Some(table) = hashtable(object)
        && let Some(value) = table.get_str(name)
    {
        return Ok(value);
    }
    if let Value::Dict(table) = object.base()
        && table.contains(&Value::str(name))
    {
        // A key does not stand for a property here.
        return vm.read_dotnet_or_null(object, name);
    }
    Ok(vm.get_member(object, name)?.unwrap_or_default())
}

/// The names of an object's properties that a name with wildcards stands for.
fn resolve_names(vm: &mut Vm, object: &Value, pattern: &str) -> R<Vec<Rc<str>>> {
    if object.is_null() {
        return Ok(Vec::new());
    }
    let keys: Vec<Rc<str>> = match hashtable(object) {
        Some(table) => table
            .keys()
            .iter()
            .filter_map(|k| k.as_str().map(Rc::from))
            .collect(),
        None => Vec::new(),
    };
    if !WildcardPattern::contains_wildcards(pattern) {
        let plain = WildcardPattern::unescape(pattern);
        if let Some(key) = keys.iter().find(|k| k.eq_ignore_ascii_case(&plain)) {
            return Ok(vec![key.clone()]);
        }
        if let Some(Member::PropertySet(names)) = own_member(object, Symbol::fold(&plain)) {
            return Ok(names);
        }
        let mut properties = vm.every_property(object)?.into_iter();
        return Ok(properties
            .find(|p| p.name.eq_ignore_ascii_case(&plain))
            .map(|p| vec![p.name])
            .unwrap_or_default());
    }
    let matcher = vm.wildcard(pattern, true)?;
    if hashtable(object).is_some() {
        return Ok(keys.into_iter().filter(|k| matcher.is_match(k)).collect());
    }
    Ok(vm
        .every_property(object)?
        .into_iter()
        .filter(|p| !p.hidden && matcher.is_match(&p.name))
        .map(|p| p.name)
        .collect())
}

impl Vm {
    /// A property of a dictionary's type, its keys left aside.
    fn read_dotnet_or_null(&mut self, object: &Value, name: &str) -> R<Value> {
        let names = self.properties(object)?;
        if !names.iter().any(|p| p.name.eq_ignore_ascii_case(name)) {
            return Ok(Value::Null);
        }
        Ok(self.get_member(object, name)?.unwrap_or_default())
    }
}

/// Reads the entries of a `-Property` argument of a kind of cmdlet.
pub fn parse(vm: &mut Vm, items: &[Value], of: TableOf) -> R<Vec<PropertyExpression>> {
    items.iter().map(|item| parse_one(vm, item, of)).collect()
}

/// Reads one entry.
pub fn parse_one(vm: &mut Vm, item: &Value, of: TableOf) -> R<PropertyExpression> {
    let mut made = PropertyExpression::name("");
    for (key, value) in property_table::read(vm, item, of)? {
        match (key, &value) {
            ("expression", Value::Block(block)) => {
                made.expression = Expression::Block(block.clone());
            }
            ("expression", Value::Str(name)) => {
                made.expression = Expression::Name((&**name).into());
            }
            ("name", Value::Str(text)) if !text.is_empty() => {
                made.label = Some((&**text).into());
            }
            ("ascending" | "descending", flag) => {
                made.descending = Some((key == "descending") == matches!(flag, Value::Bool(true)));
            }
            _ => {}
        }
    }
    Ok(made)
}

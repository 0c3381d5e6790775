//! What `-Property` may hold: names with wildcards, script blocks, and tables
//! that say both and more. Select-Object, Sort-Object, Group-Object and their
//! kin all read their properties through here.

use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, ErrorDetails, ErrorRecord, Fault, R, Thrown, Unwind};
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
    /// Further keys of the table by full name.
    pub options: Vec<(&'static str, Value)>,
}

/// What a key of a property table may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A name or a script block.
    Expression,
    /// A text.
    Text,
    /// True or false.
    Flag,
}

/// Keys of the tables of Select-Object.
pub const SELECT_KEYS: &[(&str, KeyKind)] = &[
    ("Expression", KeyKind::Expression),
    ("Name", KeyKind::Text),
    ("Label", KeyKind::Text),
];

/// Keys of the tables of Sort-Object.
pub const SORT_KEYS: &[(&str, KeyKind)] = &[
    ("Expression", KeyKind::Expression),
    ("Ascending", KeyKind::Flag),
    ("Descending", KeyKind::Flag),
];

/// Keys of the tables of Group-Object and Compare-Object.
pub const GROUP_KEYS: &[(&str, KeyKind)] = &[("Expression", KeyKind::Expression)];

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
            options: Vec::new(),
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
pub fn resolve_names(vm: &mut Vm, object: &Value, pattern: &str) -> R<Vec<Rc<str>>> {
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
        let mut properties = vm.properties(object)?.into_iter();
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
        .properties(object)?
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

/// Reads the entries of a `-Property` argument; `keys` are those that tables may have.
pub fn parse(
    vm: &mut Vm,
    items: &[Value],
    keys: &'static [(&'static str, KeyKind)],
) -> R<Vec<PropertyExpression>> {
    items.iter().map(|item| parse_one(vm, item, keys)).collect()
}

/// Reads one entry.
pub fn parse_one(
    vm: &mut Vm,
    item: &Value,
    keys: &'static [(&'static str, KeyKind)],
) -> R<PropertyExpression> {
    match item.base() {
        Value::Dict(table) => parse_table(vm, table, keys),
        Value::Null | Value::Nothing => vm.raise(Fault::of(
            "System.ArgumentException",
            "DictionaryKeyIllegalValue1",
            Category::InvalidArgument,
            "The value of a parameter was null; one of the following types was expected: {System.String, System.Management.Automation.ScriptBlock, System.Collections.Hashtable}.",
        )),
        Value::Block(block) => Ok(PropertyExpression {
            expression: Expression::Block(block.clone()),
            ..PropertyExpression::name("")
        }),
        Value::Str(text) => Ok(PropertyExpression::name(text)),
        other => {
            let shown = vm.type_of(other).full_name.clone();
            vm.raise(Fault::of(
                "System.NotSupportedException",
                "DictionaryKeyUnknownType",
                Category::InvalidArgument,
                format!("Cannot convert {shown} to one of the following types {{System.String, System.Management.Automation.ScriptBlock, System.Collections.Hashtable}}."),
            ))
        }
    }
}

fn parse_table(
    vm: &mut Vm,
    table: &Dictionary,
    keys: &'static [(&'static str, KeyKind)],
) -> R<PropertyExpression> {
    let mut expression = None;
    let mut made = PropertyExpression::name("");
    for (key, value) in table.pairs() {
        let text = vm.to_text(&key)?;
        let fits: Vec<&(&str, KeyKind)> = keys
            .iter()
            .filter(|(name, _)| {
                name.len() >= text.len()
                    && name.is_char_boundary(text.len())
                    && name[..text.len()].eq_ignore_ascii_case(&text)
                    && !text.is_empty()
            })
            .collect();
        let (name, kind) = match fits.as_slice() {
            [one] => **one,
            [] => {
                return invalid_table(
                    vm,
                    "DictionaryKeyIllegal",
                    format!("The {text} key is not valid."),
                );
            }
            several => {
                let names: Vec<&str> = several.iter().map(|(n, _)| *n).collect();
                return invalid_table(
                    vm,
                    "DictionaryKeyAmbiguous",
                    format!(
                        "The {text} key is ambiguous; possible values are: {{{}}}.",
                        names.join(", ")
                    ),
                );
            }
        };
        let value = value.into_base();
        match (kind, &value) {
            (KeyKind::Expression, Value::Block(block)) => {
                expression = Some(Expression::Block(block.clone()));
            }
            (KeyKind::Expression, Value::Str(text)) => {
                if text.is_empty() {
                    return invalid_table(
                        vm,
                        "DictionaryKeyEmptyString",
                        format!("The {name} key has a value of an empty string."),
                    );
                }
                expression = Some(Expression::Name((&**text).into()));
            }
            (KeyKind::Text, Value::Str(text)) => {
                if !text.is_empty() {
                    made.label = Some((&**text).into());
                }
            }
            (KeyKind::Flag, Value::Bool(flag)) => {
                let descending = (name == "Descending") == *flag;
                made.descending = Some(descending);
            }
            (_, Value::Null | Value::Nothing) if kind != KeyKind::Flag => {
                return invalid_table(
                    vm,
                    "DictionaryKeyIllegalValue1",
                    format!("The {name} key has a null value."),
                );
            }
            _ => {
                let shown = vm.type_of(&value).full_name.clone();
                let expected = match kind {
                    KeyKind::Expression => {
                        "{System.String, System.Management.Automation.ScriptBlock}"
                    }
                    KeyKind::Text => "{System.String}",
                    KeyKind::Flag => "{System.Boolean}",
                };
                return invalid_table(
                    vm,
                    "DictionaryKeyIllegalValue1",
                    format!(
                        "The {name} key has a type, {shown}, that is not valid; expected types are {expected}."
                    ),
                );
            }
        }
        made.options.push((name, value));
    }
    match expression {
        Some(expression) => {
            made.expression = expression;
            Ok(made)
        }
        None => invalid_table(
            vm,
            "DictionaryKeyMandatoryEntry",
            "The Expression key is missing.".to_string(),
        ),
    }
}

/// The error of a table that describes a property wrongly: the exception is .NET's plain one,
/// what is wrong stands in the details.
fn invalid_table<T>(vm: &mut Vm, id: &str, message: String) -> R<T> {
    let record = Fault::of(
        "System.NotSupportedException",
        id,
        Category::InvalidArgument,
        "Specified method is not supported.",
    )
    .into_record();
    *record.details.borrow_mut() = Some(ErrorDetails {
        message: message.into(),
        recommended_action: "".into(),
    });
    vm.decorate(&record);
    Err(Thrown {
        record: Rc::new(record),
        ends_script: false,
    }
    .into())
}

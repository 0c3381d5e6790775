//! `-Filter` and `-LdapFilter`: which objects of a kind are meant.
//!
//! Users, contacts and Exchange objects are filtered by properties, in the
//! words of the language (`EnterpriseVoiceEnabled -eq $true -and …`); policies
//! and settings by a wildcard over their identity.

use super::value::datum_value;
use crate::model::identity::{self, Scope};
use crate::model::kind::{IdentityForm, Kind};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{BinaryOperator, Case};

/// A condition on an object.
#[derive(Clone)]
pub enum Filter {
    /// Everything fits.
    Everything,
    /// A wildcard over the displayed identity.
    Identity(String),
    /// A wildcard over the part of it that `-Filter` looks at.
    Part(String),
    /// A property against a value.
    Compare(String, BinaryOperator, Value),
    /// A property has exactly this value.
    Equals(String, Datum),
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// Not.
    Not(Box<Filter>),
}

impl Filter {
    /// The filter that keeps everything.
    pub fn everything() -> Filter {
        Filter::Everything
    }

    /// A wildcard over the identity.
    pub fn identity(pattern: &str) -> Filter {
        Filter::Identity(pattern.to_string())
    }

    /// This filter, and a property's value.
    pub fn and_equals(self, property: &str, datum: Datum) -> Filter {
        let other = Filter::Equals(property.to_string(), datum);
        match self {
            Filter::Everything => other,
            filter => Filter::And(Box::new(filter), Box::new(other)),
        }
    }

    /// This filter and another one.
    pub fn and(self, other: Filter) -> Filter {
        match other {
            Filter::Everything => self,
            other => Filter::And(Box::new(self), Box::new(other)),
        }
    }

    /// Whether an object fits.
    pub fn accepts(&self, vm: &mut Vm, object: &Object) -> R<bool> {
        Ok(match self {
            Filter::Everything => true,
            Filter::Identity(pattern) => {
                identity::matches(pattern, &object.identity)
                    || of_service(pattern, &object.identity)
            }
            Filter::Part(pattern) => {
                let whole = object.identity.as_str();
                let compared = identity::part(object.kind.filter_part, whole);
                let compared = compared.as_deref().unwrap_or(whole);
                identity::matches(pattern, compared) || of_service(pattern, compared)
            }
            Filter::Equals(name, datum) => object.get(name).same(datum),
            Filter::And(a, b) => a.accepts(vm, object)? && b.accepts(vm, object)?,
            Filter::Or(a, b) => a.accepts(vm, object)? || b.accepts(vm, object)?,
            Filter::Not(inner) => !inner.accepts(vm, object)?,
            Filter::Compare(name, operator, value) => {
                let datum = object.get(name);
                // A flag that nobody wrote among others counts as false; an attribute that is not
                // there is neither true nor false.
                let among_others = object
                    .kind
                    .property(name)
                    .is_some_and(|it| it.pair.is_some());
                if let (Datum::Null, Value::Bool(wanted), BinaryOperator::Eq(_)) =
                    (&datum, value, operator)
                    && among_others
                {
                    return Ok(!wanted);
                }
                if let (Datum::List(items), BinaryOperator::Eq(_) | BinaryOperator::Like(_)) =
                    (&datum, operator)
                {
                    for item in items {
                        let left = datum_value(item, None);
                        let answer = vm.binary(*operator, &left, value)?;
                        if vm.to_bool(&answer) {
                            return Ok(true);
                        }
                    }
                    return Ok(items.is_empty() && value.is_null());
                }
                let declared = object.kind.property(name).map(|p| &p.value_type);
                let left = datum_value(&datum, declared);
                let left = match left {
                    Value::List(_) => Value::Null,
                    other => other,
                };
                let answer = vm.binary(*operator, &left, value)?;
                vm.to_bool(&answer)
            }
        })
    }

    /// What a call's `-Filter` or `-LdapFilter` asks for, in the words of a kind; everything without either.
    pub fn given(vm: &mut Vm, call: &Call, kind: &Kind) -> R<Filter> {
        let Some(given) = call.get("Filter") else {
            return match call.text("LdapFilter") {
                Some(text) => Filter::parse_ldap(vm, &text),
                None => Ok(Filter::everything()),
            };
        };
        let text = match given.base() {
            Value::Block(block) => block.text().to_string(),
            other => vm.to_text(other)?,
        };
        match kind.identity {
            IdentityForm::User | IdentityForm::Directory { .. } => Filter::parse(vm, &text),
            _ => Ok(Filter::Part(text)),
        }
    }

    /// Reads `Property -op value` with `-and`, `-or`, `-not` and brackets.
    pub fn parse(vm: &mut Vm, text: &str) -> R<Filter> {
        let tokens = tokens(text);
        let mut reader = Reader { tokens, at: 0 };
        let Some(filter) = reader.either(vm)? else {
            return bad(vm, text, "a property name is missing");
        };
        if reader.at < reader.tokens.len() {
            return bad(
                vm,
                text,
                &format!(
                    "\"{}\" is not expected here",
                    reader.tokens[reader.at].text()
                ),
            );
        }
        Ok(filter)
    }

    /// Reads an LDAP filter: `(&(a=b)(!(c=*)))`.
    pub fn parse_ldap(vm: &mut Vm, text: &str) -> R<Filter> {
        // The outer brackets may be left out.
        let bracketed = match text.trim() {
            whole if whole.starts_with('(') => whole.to_owned(),
            part => format!("({part})"),
        };
        let mut rest = bracketed.as_str();
        match ldap(&mut rest) {
            Some(filter) if rest.trim().is_empty() => Ok(filter),
            _ => bad(vm, text, "it is not an LDAP filter"),
        }
    }
}

fn bad<T>(vm: &mut Vm, text: &str, why: &str) -> R<T> {
    vm.raise(
        Fault::of(
            "System.ArgumentException",
            "InvalidFilter",
            Category::InvalidArgument,
            format!("Cannot read the filter \"{}\": {why}. Write it as Property -eq value, joined by -and and -or.", text.trim()),
        )
        .target(Value::str(text)),
    )
}

enum Token {
    Word(String),
    Quoted(String),
    Open,
    Close,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Token::Word(text) | Token::Quoted(text) => text,
            Token::Open => "(",
            Token::Close => ")",
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut list = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&c) = chars.peek() {
        match c {
            c if c.is_whitespace() => {
                chars.next();
            }
            '(' => {
                chars.next();
                list.push(Token::Open);
            }
            ')' => {
                chars.next();
                list.push(Token::Close);
            }
            '"' | '\'' => {
                chars.next();
                let mut inner = String::new();
                while let Some(d) = chars.next() {
                    if d == c {
                        if chars.peek() == Some(&c) {
                            chars.next();
                        } else {
                            break;
                        }
                    }
                    inner.push(d);
                }
                list.push(Token::Quoted(inner));
            }
            _ => {
                let mut word = String::new();
                while let Some(&d) = chars.peek() {
                    if d.is_whitespace() || matches!(d, '(' | ')') {
                        break;
                    }
                    word.push(d);
                    chars.next();
                }
                list.push(Token::Word(word));
            }
        }
    }
    list
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

const OPERATORS: &[(&str, BinaryOperator)] = &[
    ("-eq", BinaryOperator::Eq(Case::Default)),
    ("-ne", BinaryOperator::Ne(Case::Default)),
    ("-gt", BinaryOperator::Gt(Case::Default)),
    ("-ge", BinaryOperator::Ge(Case::Default)),
    ("-lt", BinaryOperator::Lt(Case::Default)),
    ("-le", BinaryOperator::Le(Case::Default)),
    ("-like", BinaryOperator::Like(Case::Default)),
    ("-notlike", BinaryOperator::NotLike(Case::Default)),
    ("-match", BinaryOperator::Match(Case::Default)),
    ("-notmatch", BinaryOperator::NotMatch(Case::Default)),
    ("-ceq", BinaryOperator::Eq(Case::Sensitive)),
    ("-contains", BinaryOperator::Contains(Case::Default)),
];

impl Reader {
    fn word(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found = self.word().is_some_and(|w| w.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    fn either(&mut self, vm: &mut Vm) -> R<Option<Filter>> {
        let Some(mut filter) = self.both(vm)? else {
            return Ok(None);
        };
        while self.take_word("-or") {
            let Some(right) = self.both(vm)? else {
                return Ok(None);
            };
            filter = Filter::Or(Box::new(filter), Box::new(right));
        }
        Ok(Some(filter))
    }

    fn both(&mut self, vm: &mut Vm) -> R<Option<Filter>> {
        let Some(mut filter) = self.one(vm)? else {
            return Ok(None);
        };
        while self.take_word("-and") {
            let Some(right) = self.one(vm)? else {
                return Ok(None);
            };
            filter = Filter::And(Box::new(filter), Box::new(right));
        }
        Ok(Some(filter))
    }

    fn one(&mut self, vm: &mut Vm) -> R<Option<Filter>> {
        if self.take_word("-not") || self.take_word("!") {
            return Ok(self.one(vm)?.map(|f| Filter::Not(Box::new(f))));
        }
        if matches!(self.tokens.get(self.at), Some(Token::Open)) {
            self.at += 1;
            let inner = self.either(vm)?;
            if !matches!(self.tokens.get(self.at), Some(Token::Close)) {
                return Ok(None);
            }
            self.at += 1;
            return Ok(inner);
        }
        let Some(name) = self.word() else {
            return Ok(None);
        };
        let name = name.strip_prefix("$_.").unwrap_or(name).to_string();
        self.at += 1;
        let Some(operator) = self
            .word()
            .and_then(|w| OPERATORS.iter().find(|(o, _)| o.eq_ignore_ascii_case(w)))
        else {
            return Ok(None);
        };
        let operator = operator.1;
        self.at += 1;
        let value = match self.tokens.get(self.at) {
            Some(Token::Quoted(text)) => Value::str(text.as_str()),
            Some(Token::Word(word)) => {
                let word = word.clone();
                word_value(vm, &word)?
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(Filter::Compare(name, operator, value)))
    }
}

/// A bare word of a filter: a constant, a variable of the caller, a number or text.
fn word_value(vm: &mut Vm, word: &str) -> R<Value> {
    if word.starts_with('$') {
        let block = vm.parse_block(word)?;
        if let Value::Block(block) = block {
            let items = vm.call_block_with(
                &block,
                crate::runtime::invoke::BlockCall {
                    dot_sourced: true,
                    ..Default::default()
                },
            )?;
            return Ok(match Vm::captured(items) {
                Value::Nothing => Value::Null,
                value => value,
            });
        }
    }
    Ok(match word.parse::<i32>() {
        Ok(number) => Value::Int(number),
        Err(_) => match word.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::str(word),
        },
    })
}

fn ldap(rest: &mut &str) -> Option<Filter> {
    *rest = rest.trim_start().strip_prefix('(')?;
    let filter = match rest.chars().next()? {
        sign @ ('&' | '|') => {
            *rest = &rest[1..];
            let mut all: Option<Filter> = None;
            while rest.trim_start().starts_with('(') {
                let next = ldap(rest)?;
                all = Some(match all {
                    None => next,
                    Some(before) if sign == '&' => Filter::And(Box::new(before), Box::new(next)),
                    Some(before) => Filter::Or(Box::new(before), Box::new(next)),
                });
            }
            all.unwrap_or(Filter::Everything)
        }
        '!' => {
            *rest = &rest[1..];
            if rest.trim_start().starts_with('(') {
                Filter::Not(Box::new(ldap(rest)?))
            } else {
                Filter::Not(Box::new(ldap_comparison(rest)?))
            }
        }
        _ => ldap_comparison(rest)?,
    };
    *rest = rest.trim_start().strip_prefix(')')?;
    Some(filter)
}

/// One condition, up to the bracket that closes it.
fn ldap_comparison(rest: &mut &str) -> Option<Filter> {
    let end = rest.find(')')?;
    let (condition, after) = rest.split_at(end);
    *rest = after;
    let (name, operator, value) = ldap_condition(condition)?;
    Some(Filter::Compare(name, operator, value))
}

fn ldap_condition(text: &str) -> Option<(String, BinaryOperator, Value)> {
    for (sign, operator) in [
        (">=", BinaryOperator::Ge(Case::Default)),
        ("<=", BinaryOperator::Le(Case::Default)),
    ] {
        if let Some((name, value)) = text.split_once(sign) {
            return Some((name.trim().into(), operator, Value::str(value.trim())));
        }
    }
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim().to_string(), value.trim());
    Some(match value {
        "*" => (name, BinaryOperator::Ne(Case::Default), Value::Null),
        "TRUE" => (name, BinaryOperator::Eq(Case::Default), Value::Bool(true)),
        "FALSE" => (name, BinaryOperator::Eq(Case::Default), Value::Bool(false)),
        _ if value.contains('*') => (name, BinaryOperator::Like(Case::Default), Value::str(value)),
        _ => (name, BinaryOperator::Eq(Case::Default), Value::str(value)),
    })
}
/// Whether a pattern that writes the scope out (`service:*:pool01*`) fits the identity of a service.
fn of_service(pattern: &str, identity: &str) -> bool {
    let written_out = pattern
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("service:"));
    written_out
        && matches!(Scope::parse(identity), Scope::Service(..))
        && identity::matches(pattern, &format!("Service:{identity}"))
}

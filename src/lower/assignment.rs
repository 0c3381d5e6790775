//! Assignments: to variables, typed variables, members, indexes and lists of them.

use super::integer::IntExpression;
use super::{Home, Lowering};
use crate::runtime::attribute::Attribute;
use crate::runtime::error::{Fault, R};
use crate::runtime::scope::Site;
use crate::runtime::script_block::{Eval, Exec};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::resolve::TypeSite;
use crate::runtime::types::{TypeCode, TypeRef};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

/// Something that can be assigned.
pub enum Place {
    /// `$null`, `$true`: the value is dropped, or refused.
    Discard,
    /// `$name`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Variable {
        symbol: Symbol,
        site: Site,
        read: Eval,
        home: Home,
    },
    /// `$scope:name`, `$drive:name`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Prefixed { path: VariablePath, read: Eval },
    /// `[type]$name`, `[attribute()]$name`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Typed {
        path: VariablePath,
        attributes: Vec<AttributeCode>,
        read: Eval,
        home: Home,
    },
    /// `$x.name`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Member { target: Eval, name: Eval },
    /// `[type]::name`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Static { target: StaticOwner, name: Eval },
    /// `$x[index]`
    #[expect(missing_docs, reason = "the names are the documentation")]
    Index {
        target: Eval,
        index: Eval,
        by_key: bool,
    },
    /// `$x.name()`, which only properties with parameters would take; there are none.
    #[expect(missing_docs, reason = "the names are the documentation")]
    Call { target: Eval, name: Eval },
    /// `$a, $b`
    List(Vec<Place>),
}

/// Before `::` on the left of an assignment.
pub enum StaticOwner {
    /// A type literal.
    Type(TypeSite),
    /// Any value that holds a type.
    Value(Eval),
}

/// Makes an attribute when the code that writes it is reached.
pub type AttributeMaker = Box<dyn Fn(&mut Vm) -> R<Option<Attribute>>>;

/// An attribute or type on a variable, resolved when it is reached.
pub enum AttributeCode {
    /// `[type]`
    Convert(TypeSite),
    /// `[attribute()]`
    Attribute(AttributeMaker),
}

/// A place whose parts have been evaluated once.
pub enum Bound<'a> {
    /// Any place without parts.
    Plain(&'a Place),
    /// Member of a value.
    Member(Value, String),
    /// Static member.
    Static(TypeRef, String),
    /// Index into a value.
    Index(Value, Value),
    /// Index that is a key even where numbers are positions.
    Key(Value, Value),
}

/// Stores an integer without values in between; whether it could be done.
type ShortStore = Box<dyn Fn(&Vm) -> bool>;

impl Lowering {
    /// What an expression on the left of `=` stands for.
    pub fn place(&self, ast: &ExpressionAst) -> Place {
        match &ast.kind {
            ExpressionKind::Variable(path) => match &path.drive {
                None if path.name.eq_ignore_ascii_case("null") => Place::Discard,
                None => Place::Variable {
                    symbol: Symbol::fold(if path.name.eq_ignore_ascii_case("psitem") {
                        "_"
                    } else {
                        &path.name
                    }),
                    site: Site::default(),
                    read: self.variable(path, ast.span),
                    home: self.home,
                },
                Some(_) => Place::Prefixed {
                    path: path.clone(),
                    read: self.variable(path, ast.span),
                },
            },
            ExpressionKind::Convert { .. } | ExpressionKind::Attributed { .. } => {
                self.typed_place(ast)
            }
            ExpressionKind::Member(m) if m.is_static => Place::Static {
                target: match &m.target.kind {
                    ExpressionKind::Type(name) => {
                        StaticOwner::Type(TypeSite::new((**name).clone()))
                    }
                    _ => StaticOwner::Value(self.expression(&m.target)),
                },
                name: self.expression(&m.member),
            },
            ExpressionKind::Member(m) => Place::Member {
                target: self.expression(&m.target),
                name: self.expression(&m.member),
            },
            ExpressionKind::Index { target, index, .. } => Place::Index {
                target: self.expression(target),
                index: self.expression(index),
                by_key: super::member::is_object_cast(index),
            },
            ExpressionKind::ArrayLiteral(items) => {
                Place::List(items.iter().map(|i| self.place(i)).collect())
            }
            ExpressionKind::Paren(inner) => match inner.sole_expression() {
                Some(expression) => self.place(expression),
                None => Place::Discard,
            },
            ExpressionKind::InvokeMember(m) => Place::Call {
                target: self.expression(&m.target),
                name: self.expression(&m.member),
            },
            _ => Place::Discard,
        }
    }

    fn typed_place(&self, ast: &ExpressionAst) -> Place {
        let mut attributes = Vec::new();
        let mut at = ast;
        loop {
            match &at.kind {
                ExpressionKind::Convert {
                    constraint,
                    operand,
                } => {
                    attributes.push(AttributeCode::Convert(TypeSite::new(
                        constraint.type_name.clone(),
                    )));
                    at = operand;
                }
                ExpressionKind::Attributed { attribute, operand } => {
                    attributes.push(AttributeCode::Attribute(self.attribute(attribute)));
                    at = operand;
                }
                _ => break,
            }
        }
        match &at.kind {
            ExpressionKind::Variable(path) => Place::Typed {
                path: path.clone(),
                attributes,
                read: self.variable(path, at.span),
                home: self.home,
            },
            _ => self.place(at),
        }
    }

    /// `target = value` and the compound forms, as a value: what was assigned.
    pub fn assignment(&self, ast: &AssignmentAst) -> Eval {
        let value = self.statement_value(&ast.right);
        let place = self.place(&ast.left);
        if matches!(place, Place::Discard)
            && ast.operator == AssignmentOperator::Equals
            && ast.right.sole_expression().is_none()
        {
            // What goes to null goes nowhere, also when a jump ends it early.
            return Box::new(move |vm| vm.discard(|vm| value(vm)));
        }
        let operator = match ast.operator {
            AssignmentOperator::Equals => return assign(place, value),
            AssignmentOperator::QuestionQuestion => {
                return Box::new(move |vm| {
                    let bound = place.open(vm)?;
                    let old = bound.read_quiet(vm)?;
                    if !old.is_null() {
                        return Ok(old);
                    }
                    let new = value(vm)?;
                    bound.write(vm, new.clone())?;
                    Ok(new)
                });
            }
            AssignmentOperator::Plus => BinaryOperator::Add,
            AssignmentOperator::Minus => BinaryOperator::Subtract,
            AssignmentOperator::Multiply => BinaryOperator::Multiply,
            AssignmentOperator::Divide => BinaryOperator::Divide,
            AssignmentOperator::Remainder => BinaryOperator::Remainder,
        };
        compound(place, operator, value)
    }

    /// An assignment as a statement: nothing is output.
    pub fn assignment_statement(&self, ast: &AssignmentAst) -> Exec {
        let general: Exec = match self.text_addition(ast) {
            Some(run) => run,
            None => {
                let eval = self.assignment(ast);
                Box::new(move |vm| eval(vm).map(drop))
            }
        };
        match self.integer_assignment(ast) {
            Some(short) => Box::new(move |vm| match short(vm) {
                true => Ok(()),
                false => general(vm),
            }),
            None => general,
        }
    }

    /// `$text += …`: a long text grows in its place, since nobody sees what lies between two additions.
    fn text_addition(&self, ast: &AssignmentAst) -> Option<Exec> {
        if ast.operator != AssignmentOperator::Plus {
            return None;
        }
        let Place::Variable {
            symbol,
            site,
            read,
            home,
        } = self.place(&ast.left)
        else {
            return None;
        };
        let old = OldValue { read, home };
        let value = self.statement_value(&ast.right);
        Some(Box::new(move |vm| {
            let right = value(vm)?;
            let scope = vm.scope.clone();
            if scope.has_long_text(symbol, &site) {
                let added = match right.base() {
                    Value::Str(more) => scope.add_text(symbol, &site, more),
                    other => {
                        let more = vm.to_text(other)?;
                        scope.add_text(symbol, &site, &more)
                    }
                };
                if added {
                    return Ok(());
                }
            }
            change_variable(vm, (symbol, &site), &old, BinaryOperator::Add, right).map(drop)
        }))
    }

    /// `$x = …`, `$x += …` of integers into a variable that holds one: whether it could be done.
    fn integer_assignment(&self, ast: &AssignmentAst) -> Option<ShortStore> {
        let ExpressionKind::Variable(path) = &ast.left.kind else {
            return None;
        };
        if path.drive.is_some() || path.name.eq_ignore_ascii_case("null") {
            return None;
        }
        let (symbol, site) = (Symbol::fold(&path.name), Site::default());
        let right = IntExpression::of(ast.right.sole_expression()?)?;
        let store = match ast.operator {
            AssignmentOperator::Equals => |old: &mut Value, new: i32| match old {
                Value::Int(n) => {
                    *n = new;
                    true
                }
                _ => false,
            },
            AssignmentOperator::Plus => |old: &mut Value, new: i32| match old {
                Value::Int(n) => n.checked_add(new).map(|sum| *n = sum).is_some(),
                Value::Long(n) => n.checked_add(i64::from(new)).map(|sum| *n = sum).is_some(),
                _ => false,
            },
            _ => return None,
        };
        Some(Box::new(move |vm| match right.get(vm) {
            Some(value) => vm
                .scope
                .with_plain(symbol, &site, |old| store(old, value))
                .unwrap_or(false),
            None => false,
        }))
    }
}

fn assign(place: Place, value: Eval) -> Eval {
    match place {
        Place::Variable { symbol, site, .. } => Box::new(move |vm| {
            let value = value(vm)?;
            vm.assign(symbol, &site, value.clone())?;
            Ok(value)
        }),
        place => Box::new(move |vm| {
            let value = value(vm)?;
            place.assign(vm, value)
        }),
    }
}

fn compound(place: Place, operator: BinaryOperator, value: Eval) -> Eval {
    if let Place::Variable {
        symbol,
        site,
        read,
        home,
    } = place
    {
        let old = OldValue { read, home };
        return Box::new(move |vm| {
            let right = value(vm)?;
            change_variable(vm, (symbol, &site), &old, operator, right)
        });
    }
    Box::new(move |vm| {
        let bound = place.open(vm)?;
        let old = match &place {
            Place::Typed { path, home, .. } if path.drive.is_none() && home.is_here(vm) => {
                own_value(vm, Symbol::fold(&path.name))
            }
            _ => bound.read(vm)?,
        };
        let right = value(vm)?;
        let new = vm.binary(operator, &old, &right)?;
        bound.write(vm, new.clone())?;
        Ok(new)
    })
}

/// How a compound assignment comes to the value there was.
struct OldValue {
    read: Eval,
    home: Home,
}

/// The value of a variable of this scope, null when it has none.
fn own_value(vm: &Vm, symbol: Symbol) -> Value {
    let scope = vm.scope.clone();
    vm.own_or_shared(&scope, symbol).unwrap_or(Value::Null)
}

fn change_variable(
    vm: &mut Vm,
    (symbol, site): (Symbol, &Site),
    old: &OldValue,
    operator: BinaryOperator,
    right: Value,
) -> R<Value> {
    let scope = vm.scope.clone();
    if operator == BinaryOperator::Add
        && let Some(Some(sum)) = scope.with_plain(symbol, site, |old| add_in_place(old, &right))
    {
        return Ok(sum);
    }
    // Unlike reading, a compound assignment in a block's own scope does not look into the
    // scopes above.
    let old = match vm.own_or_shared(&scope, symbol) {
        Some(own) => own,
        None if old.home.is_here(vm) => Value::Null,
        None => (old.read)(vm)?,
    };
    let new = vm.binary(operator, &old, &right)?;
    vm.assign(symbol, site, new.clone())?;
    Ok(new)
}

/// Adds an item to an `object[]` that nobody else holds: the longer array that `+=` makes is then
/// the same one. What is not one item is left to the operator.
fn add_item(old: &mut Value, right: &Value) -> bool {
    let Value::Array(array) = old else {
        return false;
    };
    let single = !matches!(
        right.base(),
        Value::Array(_)
            | Value::List(_)
            | Value::Null
            | Value::Nothing
            | Value::Native(_)
            | Value::Instance(_)
    );
    let Some(own) = Rc::get_mut(array).filter(|_| single) else {
        return false;
    };
    let plain = own.element.code == TypeCode::Object
        && own.dimensions.is_none()
        && own.extension.is_empty();
    if plain {
        own.items.get_mut().push(right.clone());
    }
    plain
}

/// Adds numbers and items without leaving the slot; other kinds are left to the operator.
fn add_in_place(old: &mut Value, right: &Value) -> Option<Value> {
    if add_item(old, right) {
        return Some(old.clone());
    }
    let sum = match (&*old, right) {
        (Value::Int(a), Value::Int(b)) => Value::Int(a.checked_add(*b)?),
        (Value::Long(a), Value::Int(b)) => Value::Long(a.checked_add(i64::from(*b))?),
        (Value::Double(a), Value::Int(b)) => Value::Double(a + f64::from(*b)),
        (Value::Double(a), Value::Double(b)) => Value::Double(a + b),
        _ => return None,
    };
    *old = sum.clone();
    Some(sum)
}

impl Place {
    /// Evaluates the parts, so that reading and writing do it only once.
    pub fn open(&self, vm: &mut Vm) -> R<Bound<'_>> {
        Ok(match self {
            Place::Member { target, name } => {
                let target = target(vm)?;
                let name = name(vm)?;
                Bound::Member(target, vm.to_text(&name)?)
            }
            Place::Static { target, name } => {
                let type_ref = target.get(vm)?;
                let name = name(vm)?;
                Bound::Static(type_ref, vm.to_text(&name)?)
            }
            Place::Index {
                target,
                index,
                by_key,
            } => {
                let target = target(vm)?;
                match by_key {
                    true => Bound::Key(target, index(vm)?),
                    false => Bound::Index(target, index(vm)?),
                }
            }
            other => Bound::Plain(other),
        })
    }

    /// Assigns; gives the value as it was stored.
    pub fn assign(&self, vm: &mut Vm, value: Value) -> R<Value> {
        let bound = self.open(vm)?;
        bound.write(vm, value)
    }

    fn write_plain(&self, vm: &mut Vm, value: Value) -> R<Value> {
        match self {
            Place::Discard => Ok(value),
            Place::Call { target, name } => {
                let (target, name) = (target(vm)?, name(vm)?);
                let name = vm.to_text(&name)?;
                if target.is_null() {
                    return vm.invoke_method(&target, &name, Vec::new());
                }
                vm.method_not_found(&target, &name)
            }
            Place::Variable { symbol, site, .. } => {
                vm.assign(*symbol, site, value.clone())?;
                Ok(value)
            }
            Place::Prefixed { path, .. } => {
                vm.assign_prefixed(path, value.clone())?;
                Ok(value)
            }
            Place::Typed {
                path,
                attributes,
                home,
                ..
            } => {
                let mut list = Vec::with_capacity(attributes.len());
                for attribute in attributes {
                    match attribute {
                        AttributeCode::Convert(site) => {
                            list.push(Attribute::Convert(site.resolve(vm)?))
                        }
                        AttributeCode::Attribute(make) => list.extend(make(vm)?),
                    }
                }
                let own = home.is_here(vm);
                vm.assign_typed(path, list, value, own)
            }
            Place::List(places) => {
                let items = match &value {
                    Value::Nothing | Value::Null => Vec::new(),
                    other => match vm.enumerate(other)? {
                        Some(items) => items,
                        None => vec![other.clone()],
                    },
                };
                // As a value it is what the places were given, the rest as one.
                Ok(Value::array(spread(vm, places, items)?))
            }
            Place::Member { .. } | Place::Static { .. } | Place::Index { .. } => {
                self.assign(vm, value)
            }
        }
    }
}

fn spread(vm: &mut Vm, places: &[Place], items: Vec<Value>) -> R<Vec<Value>> {
    let last = places.len().saturating_sub(1);
    let mut given = Vec::with_capacity(places.len());
    for (i, place) in places.iter().enumerate() {
        let value = if i == last && items.len() > places.len() {
            Value::array(items[i..].to_vec())
        } else {
            items.get(i).cloned().unwrap_or(Value::Null)
        };
        given.push(place.assign(vm, value)?);
    }
    Ok(given)
}

impl StaticOwner {
    fn get(&self, vm: &mut Vm) -> R<TypeRef> {
        match self {
            StaticOwner::Type(site) => site.resolve(vm),
            StaticOwner::Value(eval) => {
                let value = eval(vm)?;
                Ok(match value.base() {
                    Value::Type(type_ref) => type_ref.clone(),
                    other => vm.type_of(other),
                })
            }
        }
    }
}

impl Bound<'_> {
    /// The value now.
    pub fn read(&self, vm: &mut Vm) -> R<Value> {
        match self {
            Bound::Plain(
                Place::Prefixed { read, .. }
                | Place::Variable { read, .. }
                | Place::Typed { read, .. },
            ) => read(vm),
            Bound::Plain(_) => Ok(Value::Null),
            Bound::Member(target, name) => {
                if let Value::Dict(table) = target.base() {
                    return Ok(table.get_str(name).unwrap_or(Value::Null));
                }
                vm.read_property(target, name)
            }
            Bound::Static(type_ref, name) => vm.read_static(type_ref, name),
            Bound::Index(target, index) => vm.index(target, index),
            Bound::Key(target, key) => vm.index_by_key(target, key),
        }
    }

    /// The value now, null where it does not exist.
    fn read_quiet(&self, vm: &mut Vm) -> R<Value> {
        match self {
            Bound::Plain(Place::Variable { symbol, home, .. }) => match home.is_here(vm) {
                true => Ok(own_value(vm, *symbol)),
                false => Ok(vm.find_variable(*symbol).unwrap_or(Value::Null)),
            },
            _ => self.read(vm),
        }
    }

    /// Stores a value; gives it as it was stored.
    pub fn write(&self, vm: &mut Vm, value: Value) -> R<Value> {
        match self {
            Bound::Plain(place) => place.write_plain(vm, value),
            Bound::Member(target, name) => {
                if target.is_null() {
                    return vm.raise(Fault::new(
                        "PropertyNotFound",
                        format!("The property '{name}' cannot be found on this object. Verify that the property exists and can be set."),
                    ));
                }
                vm.write_property(target, name, super::literal::nothing_to_null(value.clone()))?;
                Ok(value)
            }
            Bound::Static(type_ref, name) => {
                vm.write_static(type_ref, name, value.clone())?;
                Ok(value)
            }
            Bound::Key(target, key) => {
                let stored = super::literal::nothing_to_null(value.clone());
                vm.set_index_by_key(target, key, stored)?;
                Ok(value)
            }
            Bound::Index(target, index) => {
                if let (Value::Array(array), Value::Int(at)) = (target, index)
                    && *at >= 0
                    && array.dimensions.is_none()
                    && array.element.code == crate::runtime::types::TypeCode::Object
                    && let Some(slot) = array.items.borrow_mut().get_mut(*at as usize)
                {
                    *slot = super::literal::nothing_to_null(value.clone());
                    return Ok(value);
                }
                vm.set_index(
                    target,
                    index,
                    super::literal::nothing_to_null(value.clone()),
                )?;
                Ok(value)
            }
        }
    }
}

impl crate::runtime::object::Reference {
    /// A reference to a place of its own.
    pub fn to_value(value: Value) -> Value {
        Value::Ref(Rc::new(crate::runtime::object::Reference::Cell(
            std::cell::RefCell::new(value),
        )))
    }
}

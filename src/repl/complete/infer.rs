//! What an expression gives, without running it: the value of a variable and
//! its properties, else the type that declarations tell.

use super::world::{MemberName, World};
use crate::runtime::types::find;
use crate::runtime::types::reflection::members::members_of;
use crate::runtime::types::reflection::signature::MemberKind;
use crate::runtime::value::Value;
use crate::syntax::ast::{
    BinaryOperator, CommandBaseAst, CommandElementAst, ExpressionAst, ExpressionKind,
    NumberLiteral, StatementAst, StatementBlock, StatementKind, VariablePath,
};
use crate::syntax::parse;

/// What is known of an expression.
#[derive(Clone)]
pub enum Known {
    /// Its value.
    Value(Value),
    /// The full names of the types it may have.
    Types(Vec<String>),
    /// A table with these keys.
    Table(Vec<String>),
}

/// How deep a chain of variables and members is followed.
const DEPTH: usize = 12;

/// Follows expressions with what stands before them.
pub struct Inference<'a> {
    world: &'a mut dyn World,
    /// The text before the expression.
    before: &'a str,
    /// The command before the pipe.
    upstream: Option<&'a str>,
    /// What is asked for are the items that come one by one, not the list.
    flowing: bool,
    depth: usize,
}

impl<'a> Inference<'a> {
    /// An inference at a place of a text.
    pub fn new(world: &'a mut dyn World, before: &'a str, upstream: Option<&'a str>) -> Self {
        Inference {
            world,
            before,
            upstream,
            flowing: false,
            depth: 0,
        }
    }

    /// What an expression, as text, gives.
    pub fn text(&mut self, expression: &str) -> Option<Known> {
        if self.depth > DEPTH {
            return None;
        }
        self.depth += 1;
        let block = parse(expression).block;
        let end = block.end.as_ref();
        let known = end.and_then(|end| self.block(&end.body));
        self.depth -= 1;
        known
    }

    /// What an expression, as text, sends through a pipe.
    pub fn items(&mut self, expression: &str) -> Option<Known> {
        let outer = std::mem::replace(&mut self.flowing, true);
        let known = self.text(expression);
        self.flowing = outer;
        known
    }

    /// The members of what is known, and the keys of a dictionary.
    pub fn members(&mut self, known: &Known) -> (Vec<MemberName>, Vec<String>) {
        match known {
            Known::Value(value) => {
                let members = self.world.members_of_value(value);
                (members, self.world.keys(value))
            }
            Known::Table(keys) => {
                let of = "System.Collections.Hashtable";
                let mut members = self.world.members_of_type(of, false).unwrap_or_default();
                members
                    .iter_mut()
                    .for_each(|member| member.is_added = false);
                (members, keys.clone())
            }
            Known::Types(names) => {
                let mut all = Vec::new();
                for name in names {
                    all.extend(self.world.members_of_type(name, false).unwrap_or_default());
                }
                // Of a type alone, what is added is listed among the rest.
                all.iter_mut().for_each(|member| member.is_added = false);
                (all, Vec::new())
            }
        }
    }

    fn block(&mut self, block: &StatementBlock) -> Option<Known> {
        self.statement(block.statements.last()?)
    }

    fn statement(&mut self, statement: &StatementAst) -> Option<Known> {
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => self.pipeline(&pipeline.elements),
            StatementKind::Assignment(assignment) => self.statement(&assignment.right),
            _ => None,
        }
    }

    fn pipeline(&mut self, elements: &[CommandBaseAst]) -> Option<Known> {
        let (last, before) = elements.split_last()?;
        let command = match last {
            CommandBaseAst::Expression(e) => return self.expression(&e.expression),
            CommandBaseAst::Command(command) => command,
        };
        let CommandElementAst::Argument(name) = command.elements.first()? else {
            return None;
        };
        let command = self.world.resolve(&constant(name)?)?;
        const PASSING: [&str; 4] = ["Where-Object", "Sort-Object", "Select-Object", "Tee-Object"];
        if PASSING
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&command))
        {
            return self.pipeline(before);
        }
        let outputs = self.world.outputs(&command);
        (!outputs.is_empty()).then_some(Known::Types(outputs))
    }

    fn expression(&mut self, expression: &ExpressionAst) -> Option<Known> {
        match &expression.kind {
            ExpressionKind::Variable(path) => self.variable(path),
            ExpressionKind::String { value, .. } => Some(Known::Value(Value::str(&**value))),
            ExpressionKind::Expandable { .. } => Some(of_type("System.String")),
            ExpressionKind::Number { value, .. } => Some(number(value)),
            ExpressionKind::Binary {
                operator: BinaryOperator::Range,
                ..
            } if !self.flowing => Some(of_type("System.Object[]")),
            ExpressionKind::Binary { left, .. } => self.expression(left),
            ExpressionKind::Hashtable(pairs) => {
                let keys = pairs.iter().filter_map(|(key, _)| constant(key));
                Some(Known::Table(keys.collect()))
            }
            ExpressionKind::ScriptBlock(_) => {
                Some(of_type("System.Management.Automation.ScriptBlock"))
            }
            ExpressionKind::Convert { constraint, .. } => {
                self.full_name(&constraint.type_name.to_string())
            }
            ExpressionKind::Attributed { operand, .. } => self.expression(operand),
            ExpressionKind::Paren(inner) => self.statement(inner),
            ExpressionKind::SubExpression(block) | ExpressionKind::Array(block) => {
                self.block(block)
            }
            ExpressionKind::Index { target, .. } => match self.expression(target)? {
                Known::Value(value) => match value.base() {
                    Value::Array(items) => items.items.borrow().first().cloned().map(Known::Value),
                    _ => None,
                },
                types => Some(types),
            },
            ExpressionKind::ArrayLiteral(_) if !self.flowing => Some(of_type("System.Object[]")),
            ExpressionKind::ArrayLiteral(items) => self.expression(items.first()?),
            ExpressionKind::Member(member) => {
                let name = constant(&member.member)?;
                if member.is_static {
                    return static_property(&member.target, &name);
                }
                let target = self.expression(&member.target)?;
                self.property(&target, &name)
            }
            ExpressionKind::InvokeMember(call) => {
                let name = constant(&call.member)?;
                if call.is_static {
                    return self.static_method(&call.target, &name);
                }
                let types = match self.expression(&call.target)? {
                    Known::Value(value) => vec![self.world.type_name(&value)],
                    Known::Types(names) => names,
                    Known::Table(_) => vec!["System.Collections.Hashtable".to_owned()],
                };
                let mut types = types.iter();
                types.find_map(|of| self.world.returned(of, &name, false).map(|t| of_type(&t)))
            }
            _ => None,
        }
    }

    fn variable(&mut self, path: &VariablePath) -> Option<Known> {
        if matches!(&*path.name, "_" | "PSItem") {
            let upstream = self.upstream?;
            return self.items(upstream);
        }
        match self.world.variable_value(&path.name) {
            Some(value) if !matches!(value, Value::Null | Value::Nothing) => {
                Some(Known::Value(value))
            }
            _ => self.written(&path.name),
        }
    }

    /// What the text before says of a variable that is not set yet.
    fn written(&mut self, name: &str) -> Option<Known> {
        if self.depth > DEPTH {
            return None;
        }
        self.depth += 1;
        let block = parse(self.before).block;
        let end = block.end.as_ref();
        let known = end.and_then(|end| self.among(&end.body.statements, name));
        self.depth -= 1;
        known
    }

    fn among(&mut self, statements: &[StatementAst], name: &str) -> Option<Known> {
        let mut newest_first = statements.iter().rev();
        newest_first.find_map(|statement| match &statement.kind {
            StatementKind::ForEach(each) if each.variable.name.eq_ignore_ascii_case(name) => {
                let outer = std::mem::replace(&mut self.flowing, true);
                let known = self.statement(&each.expression);
                self.flowing = outer;
                known
            }
            StatementKind::ForEach(each) => self.among(&each.body.statements, name),
            StatementKind::Assignment(assignment) => match &assignment.left.kind {
                ExpressionKind::Variable(path) if path.name.eq_ignore_ascii_case(name) => {
                    self.statement(&assignment.right)
                }
                ExpressionKind::Convert {
                    constraint,
                    operand,
                } => match &operand.kind {
                    ExpressionKind::Variable(path) if path.name.eq_ignore_ascii_case(name) => {
                        self.full_name(&constraint.type_name.to_string())
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }

    fn full_name(&mut self, name: &str) -> Option<Known> {
        self.world.full_type_name(name).map(|name| of_type(&name))
    }

    fn static_method(&mut self, target: &ExpressionAst, name: &str) -> Option<Known> {
        let ExpressionKind::Type(type_name) = &target.kind else {
            return None;
        };
        let of = self.world.full_type_name(&type_name.to_string())?;
        if name.eq_ignore_ascii_case("new") {
            return Some(of_type(&of));
        }
        self.world.returned(&of, name, true).map(|t| of_type(&t))
    }

    fn property(&mut self, target: &Known, name: &str) -> Option<Known> {
        match target {
            Known::Value(value) => {
                let found = self.world.property(value, name).map(Known::Value);
                found.or_else(|| declared(&self.world.type_name(value), name, false))
            }
            Known::Types(types) => types.iter().find_map(|of| declared(of, name, false)),
            Known::Table(_) => declared("System.Collections.Hashtable", name, false),
        }
    }
}

fn of_type(name: &str) -> Known {
    Known::Types(vec![name.to_owned()])
}

fn number(literal: &NumberLiteral) -> Known {
    match literal {
        NumberLiteral::Int(n) => Known::Value(Value::Int(*n)),
        NumberLiteral::Long(n) => Known::Value(Value::Long(*n)),
        NumberLiteral::Double(n) => Known::Value(Value::Double(*n)),
        NumberLiteral::Decimal(_) => of_type("System.Decimal"),
        _ => of_type("System.ValueType"),
    }
}

fn constant(expression: &ExpressionAst) -> Option<String> {
    match &expression.kind {
        ExpressionKind::String { value, .. } => Some(value.to_string()),
        _ => None,
    }
}

/// The type of a property or field that a type declares.
fn declared(of: &str, name: &str, is_static: bool) -> Option<Known> {
    let whole = members_of(of).or_else(|| {
        let bases = find(of)?.ancestry();
        bases.iter().find_map(|base| members_of(&base.full_name))
    })?;
    let mut members = whole.members.iter().filter(|m| m.is_static == is_static);
    match &members.find(|m| m.name.eq_ignore_ascii_case(name))?.kind {
        MemberKind::Property { type_name, .. } | MemberKind::Field { type_name } => {
            Some(of_type(type_name))
        }
        _ => None,
    }
}

fn static_property(target: &ExpressionAst, name: &str) -> Option<Known> {
    let ExpressionKind::Type(type_name) = &target.kind else {
        return None;
    };
    let of = find(&type_name.to_string())?;
    let has_value = of.enum_definition().is_some_and(|definition| {
        let mut members = definition.members.iter();
        members.any(|(member, _)| member.eq_ignore_ascii_case(name))
    });
    if has_value {
        return Some(of_type(&of.full_name));
    }
    declared(&of.full_name, name, true)
}

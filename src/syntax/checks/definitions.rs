//! What is found wrong with classes and enums when their types are made, before the text runs:
//! members twice, values of enumerators that are not constant or do not fit.

use super::known;
use super::walk::{Node, Visitor, walk};
use crate::syntax::ast::*;
use crate::syntax::error::ParseError;
use num_traits::ToPrimitive;
use std::collections::{HashMap, HashSet};

/// Errors of the types a text defines. They end the text like parse errors do, but a text that
/// is only parsed does not show them.
pub fn check_definitions(block: &ScriptBlockAst) -> Vec<ParseError> {
    let mut found = Found::default();
    walk(&mut found, Node::ScriptBlock(block));
    let mut definitions = Definitions {
        errors: Vec::new(),
        classes: found
            .0
            .iter()
            .map(|definition| (definition.name.to_lowercase(), false))
            .collect(),
        enums: HashMap::new(),
    };
    match enums_in_order(&found.0) {
        Ok(ordered) => {
            for definition in ordered {
                if let TypeDefinitionKind::Enum(members) = &definition.kind {
                    definitions.enumeration(definition, members);
                }
            }
        }
        Err(cyclic) => {
            for span in cyclic {
                definitions.error(span, "CycleInEnumInitializers", &[]);
            }
        }
    }
    walk(&mut definitions, Node::ScriptBlock(block));
    definitions.errors.sort_by_key(|error| error.span.start);
    definitions.errors
}

/// The enums among definitions so that each comes after those whose values it uses, otherwise
/// as they stand; the extents of those that use each other in a circle.
pub fn enums_in_order<'a>(
    definitions: &[&'a TypeDefinitionAst],
) -> Result<Vec<&'a TypeDefinitionAst>, Vec<Span>> {
    let mut left: Vec<(&TypeDefinitionAst, HashSet<String>)> = definitions
        .iter()
        .filter(|d| matches!(d.kind, TypeDefinitionKind::Enum(_)))
        .map(|d| (*d, used_types(d)))
        .collect();
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let names: HashSet<String> = left.iter().map(|(d, _)| d.name.to_lowercase()).collect();
        let ready = left.iter().position(|(definition, used)| {
            let own = definition.name.to_lowercase();
            !used.iter().any(|name| *name != own && names.contains(name))
        });
        match ready {
            Some(at) => ordered.push(left.remove(at).0),
            None => return Err(left.iter().map(|(d, _)| d.span).collect()),
        }
    }
    Ok(ordered)
}

/// The types that the values of an enum name, in lower case.
fn used_types(definition: &TypeDefinitionAst) -> HashSet<String> {
    struct Types(HashSet<String>);
    impl<'a> Visitor<'a> for Types {
        fn enter(&mut self, node: Node<'a>, _: &[Node<'a>]) -> bool {
            if let Node::Expression(expression) = node
                && let ExpressionKind::Type(name) = &expression.kind
            {
                self.0.insert(name.to_string().to_lowercase());
            }
            true
        }
    }
    let mut types = Types(HashSet::new());
    if let TypeDefinitionKind::Enum(members) = &definition.kind {
        for value in members.iter().filter_map(|member| member.value.as_ref()) {
            walk(&mut types, Node::Expression(value));
        }
    }
    types.0
}

/// All definitions of a text in its order.
#[derive(Default)]
struct Found<'a>(Vec<&'a TypeDefinitionAst>);

impl<'a> Visitor<'a> for Found<'a> {
    fn enter(&mut self, node: Node<'a>, _: &[Node<'a>]) -> bool {
        if let Node::TypeDefinition(definition) = node {
            self.0.push(definition);
        }
        true
    }
}

struct Definitions {
    errors: Vec<ParseError>,
    /// Lower-case names of the classes of the text, and whether the walk has come past them.
    classes: HashMap<String, bool>,
    /// Values of the enums that come earlier.
    enums: HashMap<String, HashMap<String, i128>>,
}

/// Why an enumerator has no value.
enum Failure {
    NotConstant,
    NotANumber,
}

impl<'a> Visitor<'a> for Definitions {
    fn enter(&mut self, node: Node<'a>, _: &[Node<'a>]) -> bool {
        if let Node::TypeDefinition(definition) = node {
            match &definition.kind {
                TypeDefinitionKind::Class(members) => {
                    self.class(definition, members);
                }
                // Their values are known by now.
                TypeDefinitionKind::Enum(_) => self.attributes(&definition.attributes),
            }
        }
        true
    }
}

impl Definitions {
    fn error(&mut self, span: Span, id: &'static str, arguments: &[&str]) {
        self.errors.push(ParseError::new(span, id, arguments));
    }

    /// Attributes whose constructor does not take the arguments that are written.
    fn attributes(&mut self, attributes: &[AttributeAst]) {
        for attribute in attributes {
            let name = attribute.type_name.to_string();
            let Some(constructors) = known::constructors(&name) else {
                continue;
            };
            let count = attribute.positional.len();
            let Some(types) = constructors.iter().find(|types| types.len() == count) else {
                let (class, _) = known::attribute(&name).unwrap_or((&name, ""));
                let class = class.rsplit('.').next().unwrap_or(class);
                let count = count.to_string();
                let id = "MethodCountCouldNotFindBest";
                self.error(attribute.span, id, &[class, &count]);
                continue;
            };
            for (argument, wanted) in attribute.positional.iter().zip(*types) {
                let ExpressionKind::String { value, .. } = &argument.kind else {
                    continue;
                };
                let fits = match *wanted {
                    "int" => value.trim().parse::<f64>().is_ok(),
                    "System.Management.Automation.ValidateRangeKind" => known::RANGE_KINDS
                        .iter()
                        .any(|kind| kind.eq_ignore_ascii_case(value.trim())),
                    _ => true,
                };
                if !fits {
                    self.error(argument.span, "CannotConvertValue", &[wanted]);
                    break;
                }
            }
        }
    }

    fn class(&mut self, definition: &TypeDefinitionAst, members: &[MemberAst]) {
        self.bases(definition);
        self.classes.insert(definition.name.to_lowercase(), true);
        self.attributes(&definition.attributes);
        let mut properties = HashSet::new();
        let mut methods: HashSet<(String, bool, String)> = HashSet::new();
        for member in members {
            match member {
                MemberAst::Property(p) => {
                    self.attributes(&p.attributes);
                    if !properties.insert(p.name.to_lowercase()) {
                        self.error(p.span, "MemberAlreadyDefined", &[&p.name]);
                    }
                }
                MemberAst::Method(m) => {
                    if m.is_constructor && m.is_static && !m.parameters.is_empty() {
                        let first = m.parameters.first().map_or(m.span, |p| p.span);
                        let last = m.parameters.last().map_or(m.span, |p| p.span);
                        let id = "StaticConstructorCantHaveParameters";
                        self.error(first.to(last), id, &[]);
                    }
                    let signature: Vec<String> = m.parameters.iter().map(parameter_type).collect();
                    let key = (
                        m.name.to_lowercase(),
                        m.is_constructor && m.is_static,
                        signature.join(","),
                    );
                    if !methods.insert(key) {
                        self.error(m.span, "MemberAlreadyDefined", &[&m.name]);
                    }
                }
            }
        }
    }

    fn bases(&mut self, definition: &TypeDefinitionAst) {
        for (i, base) in definition.base_types.iter().enumerate() {
            let name = base.type_name.to_string();
            match &base.type_name.kind {
                TypeNameKind::Array { .. } => self.error(base.span, "SubtypeArray", &[&name]),
                // Classes are made in the order of the text: one that comes later is not there yet.
                _ if self.classes.get(&name.to_lowercase()) == Some(&false) => {
                    self.error(base.span, "TypeNotFound", &[&name]);
                }
                TypeNameKind::Simple(text) if text.contains('`') => {
                    self.error(base.span, "SubtypeUnclosedGeneric", &[&name]);
                }
                _ if i == 0 && is_sealed(&name) => {
                    self.error(base.span, "SealedBaseClass", &[&name]);
                }
                _ => {}
            }
        }
    }

    fn enumeration(&mut self, definition: &TypeDefinitionAst, members: &[EnumMemberAst]) {
        let underlying = definition
            .base_types
            .first()
            .map_or_else(|| "int".to_string(), |b| b.type_name.to_string());
        let (name, low, high) = range(&underlying);
        let mut values: HashMap<String, i128> = HashMap::new();
        let mut next: i128 = 0;
        for member in members {
            if values.contains_key(&member.name.to_lowercase()) {
                self.error(member.span, "MemberAlreadyDefined", &[&member.name]);
                continue;
            }
            let span = member.value.as_ref().map_or(member.span, |v| v.span);
            let value = match &member.value {
                None => Ok(next),
                Some(value) => self.evaluate(value, &definition.name),
            };
            match value {
                Ok(value) if (low..=high).contains(&value) => {
                    values.insert(member.name.to_lowercase(), value);
                    next = value + 1;
                }
                Ok(_) => self.error(span, "EnumeratorValueOutOfBounds", &[name]),
                Err(Failure::NotConstant) => {
                    self.error(span, "EnumeratorValueMustBeConstant", &[]);
                }
                Err(Failure::NotANumber) => self.error(span, "CannotConvertValue", &[name]),
            }
        }
        self.enums.insert(definition.name.to_lowercase(), values);
    }

    /// The value of a constant expression over numbers.
    fn evaluate(&self, expression: &ExpressionAst, own: &str) -> Result<i128, Failure> {
        match &expression.kind {
            ExpressionKind::Number { value, .. } => number(value).ok_or(Failure::NotANumber),
            ExpressionKind::String { value, .. } => {
                value.trim().parse().map_err(|_| Failure::NotANumber)
            }
            ExpressionKind::Variable(path) if super::constants::is_constant_variable(path) => {
                Ok(i128::from(path.name.eq_ignore_ascii_case("true")))
            }
            ExpressionKind::Paren(inner) => match super::constants::pure_expression(inner) {
                Some(inner) => self.evaluate(inner, own),
                None => Err(Failure::NotConstant),
            },
            ExpressionKind::Convert {
                constraint,
                operand,
            } if known::is_simple_type(&constraint.type_name) => self.evaluate(operand, own),
            ExpressionKind::Unary { operator, operand } => {
                let value = self.evaluate(operand, own)?;
                match operator {
                    UnaryOperator::Minus => Ok(-value),
                    UnaryOperator::Plus => Ok(value),
                    UnaryOperator::BitNot => Ok(!value),
                    UnaryOperator::Not | UnaryOperator::Exclaim => Ok(i128::from(value == 0)),
                    _ => Err(Failure::NotConstant),
                }
            }
            ExpressionKind::Binary {
                operator,
                left,
                right,
                ..
            } => {
                let left = self.evaluate(left, own)?;
                let right = self.evaluate(right, own)?;
                compute(*operator, left, right).ok_or(Failure::NotConstant)
            }
            ExpressionKind::Member(m) if m.is_static => {
                let (ExpressionKind::Type(t), ExpressionKind::String { value, .. }) =
                    (&m.target.kind, &m.member.kind)
                else {
                    return Err(Failure::NotConstant);
                };
                let name = t.to_string();
                if name.eq_ignore_ascii_case(own) {
                    return Err(Failure::NotConstant);
                }
                if let Some(values) = self.enums.get(&name.to_lowercase()) {
                    return values
                        .get(&value.to_lowercase())
                        .copied()
                        .ok_or(Failure::NotConstant);
                }
                let (_, low, high) = range(&name);
                if super::super::classes::is_integer_type(t) {
                    if value.eq_ignore_ascii_case("MaxValue") {
                        return Ok(high);
                    }
                    if value.eq_ignore_ascii_case("MinValue") {
                        return Ok(low);
                    }
                }
                // The values of other types are known when the program runs.
                Ok(0)
            }
            _ => Err(Failure::NotConstant),
        }
    }
}

fn compute(operator: BinaryOperator, left: i128, right: i128) -> Option<i128> {
    Some(match operator {
        BinaryOperator::Add => left.checked_add(right)?,
        BinaryOperator::Subtract => left.checked_sub(right)?,
        BinaryOperator::Multiply => left.checked_mul(right)?,
        BinaryOperator::Divide => left.checked_div(right)?,
        BinaryOperator::Remainder => left.checked_rem(right)?,
        BinaryOperator::BitAnd => left & right,
        BinaryOperator::BitOr => left | right,
        BinaryOperator::BitXor => left ^ right,
        BinaryOperator::Shl => left.checked_shl(u32::try_from(right & 31).ok()?)?,
        BinaryOperator::Shr => left.checked_shr(u32::try_from(right & 31).ok()?)?,
        _ => return None,
    })
}

/// A number as an integer; reals round half to even.
fn number(value: &NumberLiteral) -> Option<i128> {
    match value {
        NumberLiteral::SByte(n) => Some(i128::from(*n)),
        NumberLiteral::Byte(n) => Some(i128::from(*n)),
        NumberLiteral::Short(n) => Some(i128::from(*n)),
        NumberLiteral::UShort(n) => Some(i128::from(*n)),
        NumberLiteral::Int(n) => Some(i128::from(*n)),
        NumberLiteral::UInt(n) => Some(i128::from(*n)),
        NumberLiteral::Long(n) => Some(i128::from(*n)),
        NumberLiteral::ULong(n) => Some(i128::from(*n)),
        NumberLiteral::Double(n) => n.round_ties_even().to_i128(),
        NumberLiteral::Decimal(n) => n.round().to_i128(),
        NumberLiteral::BigInteger(n) => n.to_i128(),
    }
}

/// A whole-number type with its bounds, by any of its names.
fn range(name: &str) -> (&'static str, i128, i128) {
    let lower = name.to_lowercase();
    match lower.strip_prefix("system.").unwrap_or(&lower) {
        "byte" => ("byte", 0, i128::from(u8::MAX)),
        "sbyte" => ("sbyte", i128::from(i8::MIN), i128::from(i8::MAX)),
        "short" | "int16" => ("short", i128::from(i16::MIN), i128::from(i16::MAX)),
        "ushort" | "uint16" => ("ushort", 0, i128::from(u16::MAX)),
        "uint" | "uint32" => ("uint", 0, i128::from(u32::MAX)),
        "long" | "int64" => ("long", i128::from(i64::MIN), i128::from(i64::MAX)),
        "ulong" | "uint64" => ("ulong", 0, i128::from(u64::MAX)),
        _ => ("int", i128::from(i32::MIN), i128::from(i32::MAX)),
    }
}

/// The type of a parameter for telling overloads apart.
fn parameter_type(parameter: &ParameterAst) -> String {
    parameter
        .attributes
        .iter()
        .find_map(|a| match a {
            AttributeBaseAst::TypeConstraint(t) => Some(t.type_name.to_string().to_lowercase()),
            AttributeBaseAst::Attribute(_) => None,
        })
        .unwrap_or_else(|| "object".to_string())
}

/// Common classes that nothing can derive from.
fn is_sealed(name: &str) -> bool {
    const SEALED: [&str; 12] = [
        "string",
        "System.String",
        "System.Text.StringBuilder",
        "System.IO.FileInfo",
        "System.IO.DirectoryInfo",
        "System.Version",
        "version",
        "System.Type",
        "int",
        "bool",
        "datetime",
        "System.Net.IPEndPoint",
    ];
    SEALED.iter().any(|s| s.eq_ignore_ascii_case(name))
}

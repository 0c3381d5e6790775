//! Nodes of statements that could not be read.

use super::make::{Maker, collect};
use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::types::automation::token;
use crate::runtime::types::{find_full, generic, known, type_named};
use crate::runtime::value::Value;
use crate::syntax::ast::*;
use std::rc::Rc;

impl Maker {
    /// A statement with a mistake. What it has no parts of is null.
    pub(super) fn error_statement(&self, ast: &ErrorStatementAst, span: Span) -> Value {
        let parts = |parts: &[ErrorPart]| match parts {
            [] => Value::Null,
            parts => self.list("Ast", parts.iter().map(|p| self.part(p)).collect()),
        };
        let kind = ast.keyword.map_or(Value::Null, |(kind, span)| {
            token::of_kind(&self.source, kind, span)
        });
        let (nested, flags) = (parts(&ast.nested), self.flags(&ast.flags));
        let (conditions, bodies) = (parts(&ast.conditions), parts(&ast.bodies));
        let mut children = Vec::new();
        collect(&nested, &mut children);
        for (_, value) in flags.iter().flat_map(|table| table.pairs()) {
            collect(&value, &mut children);
        }
        collect(&conditions, &mut children);
        collect(&bodies, &mut children);
        self.node_with(
            "ErrorStatementAst",
            span,
            vec![
                ("Kind", kind),
                ("Flags", flags.map_or(Value::Null, Value::Dict)),
                ("Conditions", conditions),
                ("Bodies", bodies),
                ("NestedAst", nested),
            ],
            children,
        )
    }

    fn part(&self, part: &ErrorPart) -> Value {
        match part {
            ErrorPart::Expression(e) => self.expression(e),
            ErrorPart::Statement(s) => self.statement(s),
            ErrorPart::Block(b) => self.block(b),
            ErrorPart::Parameter(p) => self.parameter(p),
            ErrorPart::Type(t) => self.type_constraint(t),
            ErrorPart::Catch(c) => self.catch_clause(c),
        }
    }

    /// Flags by name: the token that set each, and its value.
    fn flags(&self, flags: &[(ErrorFlag, Option<ErrorPart>)]) -> Option<Rc<Dictionary>> {
        if flags.is_empty() {
            return None;
        }
        let language = |name: &str| type_named(&format!("{}.{name}", super::values::LANGUAGE));
        let pair = generic(
            &type_named("System.Tuple`2"),
            vec![language("Token"), language("Ast")],
        );
        let type_ref = match find_full("System.Collections.Generic.Dictionary`2") {
            Some(definition) => generic(&definition, vec![known::string(), pair.clone()]),
            None => known::hashtable(),
        };
        let table = Dictionary::new(type_ref, KeyComparison::IgnoreCase);
        for (flag, value) in flags {
            let token =
                token::of_kind(&self.source, crate::syntax::TokenKind::Parameter, flag.span);
            let value = value.as_ref().map_or(Value::Null, |p| self.part(p));
            let entry =
                crate::runtime::types::collections::tuple::of_type(&pair, vec![token, value]);
            table.set_str(flag.name, entry);
        }
        Some(Rc::new(table))
    }
}

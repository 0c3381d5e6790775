//! Tokens as scripts see them: the class of each kind, with what it tells beyond its text.

use super::ast_node;
use super::language::ExtentValue;
use crate::runtime::error::R;
use crate::runtime::invocation::Extent;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{
    CommandBaseAst, ExpressionKind, RedirectionAst, RedirectionKind, Span, StatementKind,
};
use crate::syntax::source::Source;
use crate::syntax::token::flags;
use crate::syntax::{Token, TokenKind, parse, variable_path};
use std::rc::Rc;

/// A token.
struct TokenValue {
    source: Rc<Source>,
    token: Token,
}

/// A token of a text.
pub fn value(source: &Rc<Source>, token: &Token) -> Value {
    Value::native(TokenValue {
        source: source.clone(),
        token: token.clone(),
    })
}

/// A token of this kind at a place.
pub fn of_kind(source: &Rc<Source>, kind: TokenKind, span: Span) -> Value {
    let token = Token {
        span,
        kind,
        flags: 0,
        nested: Vec::new(),
    };
    value(source, &token)
}

/// The class of a token of this kind, and the properties it has beside those of every token.
fn class_of(token: &Token) -> (&'static str, &'static [&'static str]) {
    use TokenKind::*;
    match token.kind {
        Number => ("NumberToken", &["Value"]),
        StringLiteral | HereStringLiteral => ("StringLiteralToken", &["Value"]),
        Generic if token.nested.is_empty() => ("StringLiteralToken", &["Value"]),
        StringExpandable | HereStringExpandable | Generic => {
            ("StringExpandableToken", &["NestedTokens", "Value"])
        }
        Variable | SplattedVariable => ("VariableToken", &["Name", "VariablePath"]),
        Parameter => ("ParameterToken", &["ParameterName", "UsedColon"]),
        Label => ("LabelToken", &["LabelText"]),
        RedirectInStd => ("InputRedirectionToken", &[]),
        Redirection => ("RedirectionToken", &[]),
        _ => ("Token", &[]),
    }
}

impl TokenValue {
    fn text(&self) -> &str {
        self.token.text(&self.source.text)
    }

    fn extent(&self) -> Extent {
        Extent {
            source: self.source.clone(),
            span: self.token.span,
        }
    }

    /// A redirection as the text says it; none for every other token.
    fn redirection(&self) -> Option<RedirectionAst> {
        if !matches!(self.token.kind, TokenKind::Redirection) {
            return None;
        }
        // The operator is read again in a command, with a file for those that want one.
        let parsed = parse(&format!("a {} b", self.text()));
        let block = parsed.block.end.as_ref()?;
        let statement = block.body.statements.first()?;
        let StatementKind::Pipeline(pipeline) = &statement.kind else {
            return None;
        };
        match pipeline.elements.first()? {
            CommandBaseAst::Command(command) => command.redirections.first().cloned(),
            CommandBaseAst::Expression(_) => None,
        }
    }

    /// The value that the token's text stands for.
    fn constant(&self) -> Value {
        let text = self.text();
        if self.token.kind == TokenKind::Generic {
            return Value::str(text.replace('`', ""));
        }
        let parsed = parse(text);
        let block = parsed.block.end.as_ref();
        let statement = block.and_then(|b| b.body.statements.first());
        match statement.and_then(|s| s.sole_expression()).map(|e| &e.kind) {
            Some(ExpressionKind::Number { value, .. }) => {
                crate::runtime::convert::numbers::number_value(value)
            }
            Some(ExpressionKind::String { value, .. }) => Value::str(&**value),
            Some(ExpressionKind::Expandable { raw, .. }) => Value::str(&**raw),
            _ => Value::str(text),
        }
    }

    fn own_property(&self, name: &str) -> Option<Value> {
        let text = self.text();
        let variable = || {
            text.trim_start_matches(['$', '@'])
                .trim_start_matches('{')
                .trim_end_matches('}')
        };
        Some(match name {
            "value" => self.constant(),
            "name" => Value::str(variable()),
            "variablepath" => {
                let braced = text.get(1..).is_some_and(|t| t.starts_with('{'));
                ast_node::variable_path(&variable_path(variable(), braced))
            }
            "parametername" => {
                let name = text.trim_start_matches(crate::syntax::is_dash);
                Value::str(name.trim_end_matches(':'))
            }
            "usedcolon" => Value::Bool(text.ends_with(':')),
            "labeltext" => Value::str(text.trim_start_matches(':')),
            "nestedtokens" => {
                let nested = self
                    .token
                    .nested
                    .iter()
                    .map(|t| value(&self.source, t))
                    .collect();
                ast_node::read_only(
                    type_named("System.Management.Automation.Language.Token"),
                    nested,
                )
            }
            _ => return None,
        })
    }
}

impl Native for TokenValue {
    fn type_ref(&self) -> TypeRef {
        let name = match self.redirection().map(|r| r.kind) {
            Some(RedirectionKind::File { .. }) => "FileRedirectionToken",
            Some(RedirectionKind::Merge(_)) => "MergingRedirectionToken",
            None => class_of(&self.token).0,
        };
        type_named(&format!("System.Management.Automation.Language.{name}"))
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.text().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names = class_of(&self.token).1.to_vec();
        match self.redirection().map(|r| r.kind) {
            Some(RedirectionKind::File { .. }) => names.extend(["FromStream", "Append"]),
            Some(RedirectionKind::Merge(_)) => names.extend(["FromStream", "ToStream"]),
            None => {}
        }
        names.extend(["Text", "TokenFlags", "Kind", "HasError", "Extent"]);
        names
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let name = name.to_ascii_lowercase();
        Ok(match name.as_str() {
            "text" => Some(Value::str(self.text())),
            "kind" => {
                let kind = find_full("System.Management.Automation.Language.TokenKind")
                    .unwrap_or_else(known::string);
                Some(vm.convert(&Value::str(self.token.kind.name()), &kind)?)
            }
            "tokenflags" => Some(Value::enum_of(
                "System.Management.Automation.Language.TokenFlags",
                i64::from(self.token.flags),
            )),
            "haserror" => Some(Value::Bool(self.token.has(flags::IN_ERROR))),
            "extent" => Some(Value::native(ExtentValue(self.extent()))),
            "fromstream" => self.redirection().map(|r| ast_node::stream(r.from)),
            "tostream" | "append" => match (name.as_str(), self.redirection().map(|r| r.kind)) {
                ("append", Some(RedirectionKind::File { append, .. })) => Some(Value::Bool(append)),
                ("tostream", Some(RedirectionKind::Merge(to))) => Some(ast_node::stream(to)),
                _ => None,
            },
            own => class_of(&self.token)
                .1
                .iter()
                .any(|n| n.eq_ignore_ascii_case(own))
                .then(|| self.own_property(own))
                .flatten(),
        })
    }
}

//! Statements.

use super::ast::*;
use super::parser::{P, Parser, Stop};
use super::token::Kind;
use std::rc::Rc;

impl Parser<'_> {
    /// `{ … }`
    pub(super) fn block(&mut self) -> P<Vec<Statement>> {
        self.expect("{")?;
        let mut statements = Vec::new();
        while !self.is("}") {
            if matches!(self.kind(), Kind::End) {
                self.expect("}")?;
            }
            statements.push(self.statement()?);
        }
        self.advance();
        Ok(statements)
    }

    pub(super) fn statement(&mut self) -> P<Statement> {
        self.deeper(Parser::statement_here)
    }

    fn statement_here(&mut self) -> P<Statement> {
        if self.is("{") {
            return Ok(Statement::Block(self.block()?));
        }
        if self.take(";") {
            return Ok(Statement::Empty);
        }
        let word = match self.kind() {
            Kind::Word(word) => word.clone(),
            _ => String::new(),
        };
        match word.as_str() {
            "if" => {
                self.advance();
                let condition = self.condition()?;
                let then = Box::new(self.statement()?);
                let otherwise = match self.take_word("else") {
                    true => Some(Box::new(self.statement()?)),
                    false => None,
                };
                Ok(Statement::If(condition, then, otherwise))
            }
            "while" => {
                self.advance();
                let condition = self.condition()?;
                Ok(Statement::While(condition, Box::new(self.statement()?)))
            }
            "do" => {
                self.advance();
                let body = Box::new(self.statement()?);
                if !self.take_word("while") {
                    return self.wrong("CS1003", "Syntax error, 'while' expected");
                }
                let condition = self.condition()?;
                self.expect(";")?;
                Ok(Statement::Do(body, condition))
            }
            "for" => self.for_statement(),
            "foreach" => {
                self.advance();
                self.expect("(")?;
                let type_syntax = self.local_type()?;
                let name = self.name()?;
                if !self.take_word("in") {
                    return self.wrong("CS1515", "'in' expected");
                }
                let items = self.expression()?;
                self.expect(")")?;
                let body = Box::new(self.statement()?);
                Ok(Statement::ForEach(type_syntax, name, items, body))
            }
            "switch" => self.switch_statement(),
            "return" => {
                self.advance();
                let value = self.value_before_semicolon()?;
                Ok(Statement::Return(value))
            }
            "throw" => {
                self.advance();
                let value = self.value_before_semicolon()?;
                Ok(Statement::Throw(value))
            }
            "break" => self.jump(Statement::Break),
            "continue" => self.jump(Statement::Continue),
            "try" => self.try_statement(),
            "using" if self.is_at(1, "(") => {
                self.advance();
                self.advance();
                let resource = match self.declares_local() {
                    true => self.local()?,
                    false => Statement::Expression(self.expression()?),
                };
                self.expect(")")?;
                let body = Box::new(self.statement()?);
                Ok(Statement::Using(Box::new(resource), body))
            }
            "using" => Err(Stop::Foreign("using declarations")),
            "lock" => {
                self.advance();
                self.condition()?;
                self.statement()
            }
            "checked" | "unchecked" if self.is_at(1, "{") => {
                self.advance();
                Ok(Statement::Block(self.block()?))
            }
            "unsafe" => Err(Stop::Foreign("unsafe code")),
            "fixed" => Err(Stop::Foreign("fixed statements")),
            "goto" => Err(Stop::Foreign("goto statements")),
            "yield" if self.is_word_at(1, "return") => {
                self.advance();
                self.advance();
                let value = self.expression()?;
                self.expect(";")?;
                Ok(Statement::Yield(Some(value)))
            }
            "yield" if self.is_word_at(1, "break") => {
                self.advance();
                self.advance();
                self.expect(";")?;
                Ok(Statement::Yield(None))
            }
            "await" if self.name_ahead(1).is_some() => Err(Stop::Foreign("asynchronous methods")),
            "const" => {
                self.advance();
                let local = self.local()?;
                self.expect(";")?;
                Ok(local)
            }
            _ if self.name_here().is_some()
                && self.is_at(1, ":")
                && !self.is_at(1, "::")
                && word != "default" =>
            {
                Err(Stop::Foreign("labels"))
            }
            _ if self.declares_local() => {
                let local = self.local()?;
                self.expect(";")?;
                Ok(local)
            }
            _ => {
                let expression = self.expression()?;
                let useful = matches!(
                    expression.kind,
                    ExprKind::Assign(..)
                        | ExprKind::Call(..)
                        | ExprKind::Step(..)
                        | ExprKind::New(..)
                        | ExprKind::Member(_, _, _, true)
                );
                if !useful && self.is(";") {
                    return self.wrong_at(
                        expression.at,
                        "CS0201",
                        "Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement",
                    );
                }
                self.expect(";")?;
                Ok(Statement::Expression(expression))
            }
        }
    }

    fn jump(&mut self, statement: Statement) -> P<Statement> {
        self.advance();
        self.expect(";")?;
        Ok(statement)
    }

    fn condition(&mut self) -> P<Expr> {
        self.expect("(")?;
        let condition = self.expression()?;
        self.expect(")")?;
        Ok(condition)
    }

    fn value_before_semicolon(&mut self) -> P<Option<Expr>> {
        if self.take(";") {
            return Ok(None);
        }
        let value = self.expression()?;
        self.expect(";")?;
        Ok(Some(value))
    }

    /// `var`, or a type.
    fn local_type(&mut self) -> P<Option<TypeSyntax>> {
        if self.is_word("var") && self.name_ahead(1).is_some() {
            self.advance();
            return Ok(None);
        }
        self.type_syntax().map(Some)
    }

    /// Whether a type and a name stand here.
    fn declares_local(&mut self) -> bool {
        let place = self.mark_place();
        let found = self.type_syntax().is_ok()
            && self.name_here().is_some()
            && (self.is_at(1, "=")
                || self.is_at(1, ";")
                || self.is_at(1, ",")
                || self.is_at(1, ")")
                || self.is_word_at(1, "in")
                || !matches!(self.kind_at(1), Kind::Mark(_)));
        self.back_to(place);
        found
    }

    fn local(&mut self) -> P<Statement> {
        let type_syntax = self.local_type()?;
        let mut variables = Vec::new();
        loop {
            let at = self.here();
            let name = self.name()?;
            let value = match self.take("=") {
                true => Some(self.value_or_array()?),
                false => None,
            };
            variables.push((name, at, value));
            if !self.take(",") {
                return Ok(Statement::Local(type_syntax, variables));
            }
        }
    }

    fn for_statement(&mut self) -> P<Statement> {
        self.advance();
        self.expect("(")?;
        let mut first = Vec::new();
        if !self.is(";") {
            if self.declares_local() {
                first.push(self.local()?);
            } else {
                loop {
                    first.push(Statement::Expression(self.expression()?));
                    if !self.take(",") {
                        break;
                    }
                }
            }
        }
        self.expect(";")?;
        let condition = match self.is(";") {
            true => None,
            false => Some(self.expression()?),
        };
        self.expect(";")?;
        let mut steps = Vec::new();
        while !self.is(")") {
            steps.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        let body = Box::new(self.statement()?);
        Ok(Statement::For(first, condition, steps, body))
    }

    fn switch_statement(&mut self) -> P<Statement> {
        self.advance();
        let value = self.condition()?;
        self.expect("{")?;
        let mut sections: Vec<(Vec<Option<Expr>>, Vec<Statement>)> = Vec::new();
        while !self.is("}") {
            let mut labels = Vec::new();
            loop {
                if self.take_word("case") {
                    let label = self.expression()?;
                    if !self.is(":") {
                        return Err(Stop::Foreign("patterns"));
                    }
                    labels.push(Some(label));
                } else if self.is_word("default") && self.is_at(1, ":") {
                    self.advance();
                    labels.push(None);
                } else {
                    break;
                }
                self.expect(":")?;
            }
            if labels.is_empty() {
                return self.expect("}").map(|()| Statement::Empty);
            }
            let mut body = Vec::new();
            let ends = |p: &Self| {
                p.is("}") || p.is_word("case") || (p.is_word("default") && p.is_at(1, ":"))
            };
            while !ends(self) {
                if matches!(self.kind(), Kind::End) {
                    self.expect("}")?;
                }
                body.push(self.statement()?);
            }
            sections.push((labels, body));
        }
        self.advance();
        Ok(Statement::Switch(value, sections))
    }

    fn try_statement(&mut self) -> P<Statement> {
        self.advance();
        let body = self.block()?;
        let mut catches = Vec::new();
        while self.take_word("catch") {
            let (mut type_syntax, mut name, mut condition) = (None, None, None);
            if self.take("(") {
                type_syntax = Some(self.type_syntax()?);
                if !self.is(")") {
                    let at = self.here();
                    name = Some((self.name()?, at));
                }
                self.expect(")")?;
            }
            if self.take_word("when") {
                condition = Some(self.condition()?);
            }
            catches.push(Catch {
                type_syntax,
                name,
                condition,
                body: self.block()?,
            });
        }
        let finally = match self.take_word("finally") {
            true => Some(self.block()?),
            false => None,
        };
        if catches.is_empty() && finally.is_none() {
            return self.wrong_at(self.behind(), "CS1524", "Expected catch or finally");
        }
        Ok(Statement::Try(body, catches, finally))
    }

    /// A value, or `{ a, b }` as the first value of an array.
    pub(super) fn value_or_array(&mut self) -> P<Expr> {
        if self.is("{") {
            let at = self.here();
            let kind = ExprKind::ArrayValues(self.array_values()?);
            return Ok(Expr { at, kind });
        }
        self.expression()
    }

    pub(super) fn array_values(&mut self) -> P<Vec<Expr>> {
        self.expect("{")?;
        let mut values = Vec::new();
        while !self.is("}") {
            values.push(self.value_or_array()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(values)
    }

    /// The body of a lambda.
    pub(super) fn lambda_body(&mut self) -> P<Body> {
        Ok(match self.is("{") {
            true => Body::Block(self.block()?),
            false => Body::Expression(self.expression()?),
        })
    }

    pub(super) fn untyped(name: Rc<str>) -> Parameter {
        Parameter {
            name,
            type_syntax: None,
            by_ref: false,
            rest: false,
            default: None,
        }
    }
}

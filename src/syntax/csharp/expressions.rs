//! Expressions, by the precedence of their operators.

use super::ast::*;
use super::parser::{P, Parser, Stop, is_type_keyword};
use super::token::{Kind, Piece};
use std::rc::Rc;

/// Binary operators with how firmly they bind.
const BINARY: &[(&str, u8)] = &[
    ("||", 1),
    ("&&", 2),
    ("|", 3),
    ("^", 4),
    ("&", 5),
    ("==", 6),
    ("!=", 6),
    ("<", 7),
    (">", 7),
    ("<=", 7),
    (">=", 7),
    ("<<", 8),
    (">>", 8),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("%", 10),
];

const ASSIGNMENTS: &[(&str, &str)] = &[
    ("=", ""),
    ("+=", "+"),
    ("-=", "-"),
    ("*=", "*"),
    ("/=", "/"),
    ("%=", "%"),
    ("&=", "&"),
    ("|=", "|"),
    ("^=", "^"),
    ("<<=", "<<"),
    ("??=", "??"),
];

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> P<Expr> {
        self.deeper(Parser::expression_here)
    }

    fn expression_here(&mut self) -> P<Expr> {
        let at = self.here();
        if let Some(lambda) = self.lambda()? {
            return Ok(Expr { at, kind: lambda });
        }
        if self.is_word("from") && self.name_ahead(1).is_some() && self.is_word_at(2, "in") {
            return Err(Stop::Foreign("queries"));
        }
        if self.is_word("await") && self.name_ahead(1).is_some() {
            return Err(Stop::Foreign("asynchronous methods"));
        }
        let target = self.conditional()?;
        let operator = ASSIGNMENTS.iter().find(|(mark, _)| self.is(mark));
        if let Some((_, operator)) = operator {
            self.advance();
            let value = Box::new(self.expression()?);
            let kind = ExprKind::Assign(operator, Box::new(target), value);
            return Ok(Expr { at, kind });
        }
        if self.is(">") && self.is_at(1, ">=") {
            self.advance();
            self.advance();
            let value = Box::new(self.expression()?);
            let kind = ExprKind::Assign(">>", Box::new(target), value);
            return Ok(Expr { at, kind });
        }
        Ok(target)
    }

    fn conditional(&mut self) -> P<Expr> {
        let at = self.here();
        let mut left = self.binary(1)?;
        if self.take("??") {
            let right = match self.is_word("throw") {
                true => self.throw_value()?,
                false => self.deeper(Parser::conditional)?,
            };
            let kind = ExprKind::Binary("??", Box::new(left), Box::new(right));
            left = Expr { at, kind };
        }
        if self.take("?") {
            let yes = Box::new(self.branch()?);
            if !self.take(":") {
                return self.wrong("CS1003", "Syntax error, ':' expected");
            }
            let no = Box::new(self.branch()?);
            let kind = ExprKind::Conditional(Box::new(left), yes, no);
            left = Expr { at, kind };
        }
        Ok(left)
    }

    fn branch(&mut self) -> P<Expr> {
        match self.is_word("throw") {
            true => self.throw_value(),
            false => self.expression(),
        }
    }

    fn throw_value(&mut self) -> P<Expr> {
        let at = self.here();
        self.advance();
        let kind = ExprKind::Throw(Box::new(self.expression()?));
        Ok(Expr { at, kind })
    }

    fn binary(&mut self, least: u8) -> P<Expr> {
        let at = self.here();
        let mut left = self.unary()?;
        loop {
            if self.is_word("is") && least <= 7 {
                self.advance();
                if self.is_word("not") {
                    self.advance();
                    if !self.take_word("null") {
                        return Err(Stop::Foreign("patterns"));
                    }
                    let null = Expr {
                        at,
                        kind: ExprKind::Literal(Literal::Null),
                    };
                    let kind = ExprKind::Binary("!=", Box::new(left), Box::new(null));
                    left = Expr { at, kind };
                    continue;
                }
                if self.take_word("null") {
                    let null = Expr {
                        at,
                        kind: ExprKind::Literal(Literal::Null),
                    };
                    let kind = ExprKind::Binary("==", Box::new(left), Box::new(null));
                    left = Expr { at, kind };
                    continue;
                }
                if !matches!(self.kind(), Kind::Word(_)) || self.is_word("var") {
                    return Err(Stop::Foreign("patterns"));
                }
                let tested = self.tested_type()?;
                let name = self.name_here();
                if name.as_deref().is_some_and(|n| n == "or" || n == "and") || self.is("{") {
                    return Err(Stop::Foreign("patterns"));
                }
                if name.is_some() {
                    self.advance();
                }
                let kind = ExprKind::Is(Box::new(left), tested, name);
                left = Expr { at, kind };
                continue;
            }
            if self.is_word("as") && least <= 7 {
                self.advance();
                let tested = self.tested_type()?;
                let kind = ExprKind::As(Box::new(left), tested);
                left = Expr { at, kind };
                continue;
            }
            if self.is_word("switch") && self.is_at(1, "{") {
                return Err(Stop::Foreign("switch expressions"));
            }
            let shift = self.is(">") && self.is_at(1, ">") && self.ends_meet();
            let found = match shift {
                true => BINARY.iter().find(|(mark, _)| *mark == ">>"),
                false => BINARY.iter().find(|(mark, _)| self.is(mark)),
            };
            let Some((mark, firm)) = found else {
                return Ok(left);
            };
            if *firm < least || (*mark == ">" && self.is_at(1, ">=") && self.ends_meet()) {
                return Ok(left);
            }
            self.advance();
            if shift {
                self.advance();
            }
            let right = self.deeper(|p| p.binary(firm + 1))?;
            let kind = ExprKind::Binary(mark, Box::new(left), Box::new(right));
            left = Expr { at, kind };
        }
    }

    /// Whether the next two words follow each other without a blank.
    fn ends_meet(&mut self) -> bool {
        let place = self.mark_place();
        self.advance();
        let meet = self.adjacent();
        self.back_to(place);
        meet
    }

    /// A type behind `is` or `as`, where `?` begins a choice.
    fn tested_type(&mut self) -> P<TypeSyntax> {
        let mut found = self.plain_type()?;
        while self.is("[") && self.is_at(1, "]") {
            self.advance();
            self.advance();
            found = TypeSyntax {
                at: found.at,
                shape: TypeShape::Array(Box::new(found), 1),
            };
        }
        Ok(found)
    }

    fn unary(&mut self) -> P<Expr> {
        self.deeper(Parser::unary_here)
    }

    fn unary_here(&mut self) -> P<Expr> {
        let at = self.here();
        for (mark, by) in [("++", 1), ("--", -1)] {
            if self.take(mark) {
                let kind = ExprKind::Step(by, false, Box::new(self.unary()?));
                return Ok(Expr { at, kind });
            }
        }
        for mark in ["-", "+", "!", "~"] {
            if self.take(mark) {
                let kind = ExprKind::Unary(mark, Box::new(self.unary()?));
                return Ok(Expr { at, kind });
            }
        }
        if self.is("&") || self.is("*") {
            return Err(Stop::Foreign("pointers"));
        }
        if let Some(cast) = self.cast()? {
            return Ok(Expr { at, kind: cast });
        }
        self.postfix()
    }

    /// `(T)x`, told from `(a)` by what follows.
    fn cast(&mut self) -> P<Option<ExprKind>> {
        if !self.is("(") {
            return Ok(None);
        }
        let place = self.mark_place();
        self.advance();
        let keyword = matches!(self.kind(), Kind::Word(w) if is_type_keyword(w));
        let Ok(target) = self.type_syntax() else {
            self.back_to(place);
            return Ok(None);
        };
        let closed = self.take(")");
        let array = matches!(target.shape, TypeShape::Array(..) | TypeShape::Nullable(_));
        let follows = match self.kind() {
            Kind::Word(word) => !matches!(word.as_str(), "is" | "as"),
            Kind::Mark(mark) => {
                matches!(*mark, "(" | "!" | "~") || (keyword && matches!(*mark, "-" | "+"))
            }
            Kind::End => false,
            _ => true,
        };
        if !closed || !(follows || ((keyword || array) && self.is("-"))) {
            self.back_to(place);
            return Ok(None);
        }
        let value = self.unary()?;
        Ok(Some(ExprKind::Cast(target, Box::new(value))))
    }

    fn postfix(&mut self) -> P<Expr> {
        let at = self.here();
        let mut target = self.primary()?;
        loop {
            let kind = if self.is(".") || self.is("?.") {
                let conditional = self.is("?.");
                self.advance();
                let name = self.name()?;
                let arguments = self.call_type_arguments();
                ExprKind::Member(Box::new(target), name, arguments, conditional)
            } else if self.is("(") {
                ExprKind::Call(Box::new(target), self.arguments("(", ")")?)
            } else if self.is("[") {
                ExprKind::Index(Box::new(target), self.arguments("[", "]")?, false)
            } else if self.is("?") && self.is_at(1, "[") && self.ends_meet() {
                self.advance();
                ExprKind::Index(Box::new(target), self.arguments("[", "]")?, true)
            } else if self.take("++") {
                ExprKind::Step(1, true, Box::new(target))
            } else if self.take("--") {
                ExprKind::Step(-1, true, Box::new(target))
            } else if self.is("->") {
                return Err(Stop::Foreign("pointers"));
            } else if self.is("!") && (self.is_at(1, ".") || self.is_at(1, ";")) {
                // The promise that it is not null.
                self.advance();
                continue;
            } else {
                return Ok(target);
            };
            target = Expr { at, kind };
        }
    }

    /// `<A, B>` behind a name, when what follows shows that it is no comparison.
    fn call_type_arguments(&mut self) -> Vec<TypeSyntax> {
        if !self.is("<") {
            return Vec::new();
        }
        let place = self.mark_place();
        if let Ok(arguments) = self.type_arguments() {
            let follows = match self.kind() {
                Kind::Mark(mark) => {
                    matches!(
                        *mark,
                        "(" | ")" | "]" | "}" | ":" | ";" | "," | "." | "?" | "==" | "!="
                    )
                }
                _ => false,
            };
            if follows {
                return arguments;
            }
        }
        self.back_to(place);
        Vec::new()
    }

    pub(super) fn arguments(
        &mut self,
        open: &'static str,
        close: &'static str,
    ) -> P<Vec<Argument>> {
        self.expect(open)?;
        let mut found = Vec::new();
        while !self.is(close) {
            let name = match self.name_here() {
                Some(name) if self.is_at(1, ":") && !self.is_at(1, "::") => {
                    self.advance();
                    self.advance();
                    Some(name)
                }
                _ => None,
            };
            let out = self.take_word("out");
            let by_ref =
                out || self.take_word("ref") || (self.is_word("in") && self.take_word("in"));
            let mut declares = None;
            if out {
                let place = self.mark_place();
                let typed = self.type_syntax().is_ok();
                match self.name_here() {
                    Some(local) if typed && (self.is_at(1, ",") || self.is_at(1, close)) => {
                        declares = Some(local);
                    }
                    _ => self.back_to(place),
                }
            }
            let value = self.expression()?;
            found.push(Argument {
                name,
                by_ref,
                declares,
                value,
            });
            if !self.take(",") {
                break;
            }
            if self.is(close) {
                let text = format!("Invalid expression term '{close}'");
                return self.wrong("CS1525", text);
            }
        }
        self.expect(close)?;
        Ok(found)
    }

    fn lambda(&mut self) -> P<Option<ExprKind>> {
        let place = self.mark_place();
        if self.is_word("async")
            && !self.is_at(1, ".")
            && !self.is_at(1, ")")
            && !self.is_at(1, "=")
        {
            return Err(Stop::Foreign("asynchronous methods"));
        }
        if let Some(name) = self.name_here()
            && self.is_at(1, "=>")
        {
            self.advance();
            self.advance();
            let body = self.lambda_body()?;
            let parameters = vec![Self::untyped(name)];
            return Ok(Some(ExprKind::Lambda(Rc::new(Lambda { parameters, body }))));
        }
        if self.is_word("delegate") {
            self.advance();
            let parameters = match self.is("(") {
                true => self.parameters("(", ")")?,
                false => Vec::new(),
            };
            let body = Body::Block(self.block()?);
            return Ok(Some(ExprKind::Lambda(Rc::new(Lambda { parameters, body }))));
        }
        if !self.is("(") {
            return Ok(None);
        }
        let parameters = self.lambda_parameters();
        match parameters {
            Some(parameters) if self.take("=>") => {
                let body = self.lambda_body()?;
                Ok(Some(ExprKind::Lambda(Rc::new(Lambda { parameters, body }))))
            }
            _ => {
                self.back_to(place);
                Ok(None)
            }
        }
    }

    fn lambda_parameters(&mut self) -> Option<Vec<Parameter>> {
        let place = self.mark_place();
        self.advance();
        let mut names = Vec::new();
        loop {
            if self.is(")") && names.is_empty() {
                break;
            }
            match self.name_here() {
                Some(name) if self.is_at(1, ",") || self.is_at(1, ")") => {
                    self.advance();
                    names.push(Self::untyped(name));
                }
                _ => {
                    self.back_to(place);
                    return self.parameters("(", ")").ok();
                }
            }
            if !self.take(",") {
                break;
            }
        }
        self.take(")").then_some(names)
    }

    fn primary(&mut self) -> P<Expr> {
        let at = self.here();
        let literal = |literal| ExprKind::Literal(literal);
        let kind = match self.kind().clone() {
            Kind::Integer(value, suffix) => literal(Literal::Integer(value, suffix)),
            Kind::Real(text, suffix) => literal(Literal::Real(text, suffix)),
            Kind::Char(unit) => literal(Literal::Char(unit)),
            Kind::Text(text) => literal(Literal::Text(text.as_str().into())),
            Kind::Interpolated(pieces) => {
                self.advance();
                let kind = ExprKind::Interpolated(self.parts(pieces)?);
                return Ok(Expr { at, kind });
            }
            Kind::Mark("(") => {
                self.advance();
                let inner = self.expression()?;
                if self.is(",") {
                    return Err(Stop::Foreign("tuples"));
                }
                self.expect(")")?;
                return Ok(Expr {
                    at,
                    kind: inner.kind,
                });
            }
            Kind::Word(word) => return self.word_expression(at, &word),
            Kind::Verbatim(_) => {
                let name = self.name()?;
                let arguments = self.call_type_arguments();
                let kind = ExprKind::Name(name, arguments);
                return Ok(Expr { at, kind });
            }
            Kind::Mark(mark) => {
                let text = format!("Invalid expression term '{mark}'");
                return self.wrong("CS1525", text);
            }
            Kind::End => return self.wrong_at(self.behind(), "CS1733", "Expected expression"),
        };
        self.advance();
        Ok(Expr { at, kind })
    }

    fn parts(&mut self, pieces: Vec<Piece>) -> P<Vec<Part>> {
        let mut parts = Vec::new();
        for piece in pieces {
            parts.push(match piece {
                Piece::Text(text) => Part::Text(text.as_str().into()),
                Piece::Hole {
                    tokens,
                    width,
                    format,
                } => {
                    let value = self.within(tokens, Parser::expression)?;
                    Part::Value(value, width, format)
                }
            });
        }
        Ok(parts)
    }

    fn word_expression(&mut self, at: usize, word: &str) -> P<Expr> {
        let simple = match word {
            "null" => Some(ExprKind::Literal(Literal::Null)),
            "true" => Some(ExprKind::Literal(Literal::Bool(true))),
            "false" => Some(ExprKind::Literal(Literal::Bool(false))),
            "this" => Some(ExprKind::This),
            "base" => Some(ExprKind::Base),
            _ => None,
        };
        if let Some(kind) = simple {
            self.advance();
            return Ok(Expr { at, kind });
        }
        let kind = match word {
            "new" => return self.new_expression(at),
            "typeof" => {
                self.advance();
                self.expect("(")?;
                let named = self.type_syntax()?;
                self.expect(")")?;
                ExprKind::TypeOf(named)
            }
            "default" => {
                self.advance();
                let mut named = None;
                if self.take("(") {
                    named = Some(self.type_syntax()?);
                    self.expect(")")?;
                }
                ExprKind::Default(named)
            }
            "checked" | "unchecked" => {
                self.advance();
                self.expect("(")?;
                let inner = self.expression()?;
                self.expect(")")?;
                match word {
                    "checked" => ExprKind::Checked(Box::new(inner)),
                    _ => inner.kind,
                }
            }
            "sizeof" => return Err(Stop::Foreign("sizeof")),
            "stackalloc" => return Err(Stop::Foreign("stackalloc")),
            "nameof" if self.is_at(1, "(") => {
                self.advance();
                self.advance();
                let mut last = self.name()?;
                while self.take(".") {
                    last = self.name()?;
                }
                self.expect(")")?;
                ExprKind::NameOf(last)
            }
            _ if is_type_keyword(word) => {
                let named = self.plain_type()?;
                ExprKind::TypeName(named)
            }
            _ if self.name_here().is_some() => {
                if self.is_word("global") && self.is_at(1, "::") {
                    self.advance();
                    self.advance();
                }
                let name = self.name()?;
                let arguments = self.call_type_arguments();
                ExprKind::Name(name, arguments)
            }
            _ => {
                let text = format!("Invalid expression term '{word}'");
                return self.wrong("CS1525", text);
            }
        };
        Ok(Expr { at, kind })
    }

    fn new_expression(&mut self, at: usize) -> P<Expr> {
        self.advance();
        if self.is("(") {
            return Err(Stop::Foreign("new without a type"));
        }
        if self.is("{") {
            return Err(Stop::Foreign("anonymous types"));
        }
        if self.take("[") {
            while self.take(",") {}
            self.expect("]")?;
            let values = self.array_values()?;
            let kind = ExprKind::NewArray(None, Vec::new(), Some(values));
            return Ok(Expr { at, kind });
        }
        let named = self.plain_type()?;
        if self.is("?") && self.is_at(1, "[") {
            self.advance();
        }
        if self.is("[") {
            return self.new_array(at, named);
        }
        let arguments = match self.is("(") {
            true => self.arguments("(", ")")?,
            false => {
                if !self.is("{") {
                    return self.wrong_at(
                        self.behind(),
                        "CS1526",
                        "A new expression requires an argument list or (), [], or {} after type",
                    );
                }
                Vec::new()
            }
        };
        let mut initials = Vec::new();
        if self.take("{") {
            while !self.is("}") {
                initials.push(self.initial()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect("}")?;
        }
        let kind = ExprKind::New(named, arguments, initials);
        Ok(Expr { at, kind })
    }

    fn new_array(&mut self, at: usize, element: TypeSyntax) -> P<Expr> {
        self.expect("[")?;
        let mut lengths = Vec::new();
        let mut rank = 1;
        while !self.is("]") {
            if self.take(",") {
                rank += 1;
                continue;
            }
            lengths.push(self.expression()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        let mut element = element;
        while self.is("[") && (self.is_at(1, "]") || self.is_at(1, ",")) {
            self.advance();
            let mut inner = 1;
            while self.take(",") {
                inner += 1;
            }
            self.expect("]")?;
            element = TypeSyntax {
                at: element.at,
                shape: TypeShape::Array(Box::new(element), inner),
            };
        }
        let values = match self.is("{") {
            true => Some(self.array_values()?),
            false => None,
        };
        if rank > 1 && values.is_some() {
            return Err(Stop::Foreign("values of arrays with several dimensions"));
        }
        if values.is_none() && lengths.is_empty() {
            return self.wrong_at(
                self.behind(),
                "CS1586",
                "Array creation must have array size or array initializer",
            );
        }
        let kind = ExprKind::NewArray(Some(element), lengths, values);
        Ok(Expr { at, kind })
    }

    fn initial(&mut self) -> P<Initial> {
        if let Some(name) = self.name_here()
            && self.is_at(1, "=")
        {
            self.advance();
            self.advance();
            if self.is("{") {
                return Err(Stop::Foreign("nested initial values"));
            }
            return Ok(Initial::Property(name, self.expression()?));
        }
        if self.take("[") {
            let key = self.expression()?;
            self.expect("]")?;
            self.expect("=")?;
            return Ok(Initial::Key(key, self.expression()?));
        }
        if self.is("{") {
            return Ok(Initial::Item(self.array_values()?));
        }
        Ok(Initial::Item(vec![self.expression()?]))
    }
}

//! Names of types: generic, arrays, with their assembly.

use super::ast::*;
use super::lexer::{Mode, Tok};
use super::parser::Parser;
use super::token::TokenKind;
use std::fmt;

/// More dimensions an array cannot have.
const MAX_RANK: usize = 32;

/// Stands for a name that is missing.
const MISSING: &str = ":ErrorTypeName:";

impl fmt::Display for TypeName {
    /// The full name as messages show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TypeNameKind::Simple(name) => f.write_str(name)?,
            TypeNameKind::Generic { generic, arguments } => {
                write!(f, "{generic}[")?;
                for (i, argument) in arguments.iter().enumerate() {
                    let comma = if i > 0 { "," } else { "" };
                    match &argument.assembly {
                        Some(_) => write!(f, "{comma}[{argument}]")?,
                        None => write!(f, "{comma}{argument}")?,
                    }
                }
                f.write_str("]")?;
            }
            TypeNameKind::Array { element, rank } => {
                write!(
                    f,
                    "{element}[{}]",
                    ",".repeat(rank.saturating_sub(1) as usize)
                )?;
            }
        }
        match &self.assembly {
            Some(assembly) => write!(f, ",{assembly}"),
            None => Ok(()),
        }
    }
}

impl Parser<'_> {
    /// A type's name, without brackets around it.
    pub(super) fn type_name_rule(&mut self, allow_assembly: bool) -> Option<TypeName> {
        let mode = self.set_mode(Mode::TypeName);
        let name = self
            .take_if(TokenKind::Identifier)
            .map(|first| self.finish_type_name(&first, false, allow_assembly));
        self.set_mode(mode);
        name
    }

    fn simple_type(&self, token: &Tok) -> TypeName {
        TypeName {
            span: self.span_of(token),
            kind: TypeNameKind::Simple(self.text_of(token).into()),
            assembly: None,
        }
    }

    fn missing_type(span: Span) -> TypeName {
        TypeName {
            span,
            kind: TypeNameKind::Simple(MISSING.into()),
            assembly: None,
        }
    }

    /// What follows the first word: brackets or an assembly.
    fn finish_type_name(&mut self, first: &Tok, bare_argument: bool, assembly: bool) -> TypeName {
        let mut name = self.simple_type(first);
        match self.peek_kind() {
            TokenKind::LBracket => {
                let open = self.next();
                self.skip_newlines();
                let token = self.next();
                match token.kind {
                    TokenKind::RBracket | TokenKind::Comma => {
                        return self.array_type(name, token, bare_argument);
                    }
                    TokenKind::LBracket | TokenKind::Identifier => {
                        return self.generic_type(name, token, bare_argument);
                    }
                    TokenKind::EndOfInput => {
                        self.unget(token);
                        let at = Self::after(self.span_of(&open));
                        self.incomplete(at, "MissingTypename", &[]);
                    }
                    _ => {
                        let span = self.span_of(&token);
                        let text = self.text_of(&token);
                        self.error(span, "UnexpectedToken", &[text]);
                        self.sync(true, &[TokenKind::RBracket]);
                    }
                }
            }
            TokenKind::Comma if assembly && !bare_argument => {
                let comma = self.next();
                if let Some(assembly) = self.assembly(&comma) {
                    name.span = Span {
                        start: name.span.start,
                        end: self.map.offset(self.pos) as u32,
                    };
                    name.assembly = Some(assembly);
                }
            }
            _ => {}
        }
        name
    }

    fn assembly(&mut self, comma: &Tok) -> Option<String> {
        let assembly = self.assembly_name();
        if assembly.trim().is_empty() {
            let at = Self::after(self.span_of(comma));
            self.error(at, "MissingAssemblyNameSpecification", &[]);
            return None;
        }
        Some(assembly)
    }

    fn generic_argument(&mut self, first: &Tok) -> TypeName {
        if first.is(TokenKind::Identifier) {
            return self.finish_type_name(first, true, true);
        }
        let token = self.next();
        if !token.is(TokenKind::Identifier) {
            let at = Self::after(self.span_of(&token));
            self.unget(token);
            self.incomplete(at, "MissingTypename", &[]);
            return Self::missing_type(self.span_of(first));
        }
        let name = self.finish_type_name(&token, false, true);
        let close = self.next();
        if !close.is(TokenKind::RBracket) {
            let at = self.before(self.span_of(&close));
            self.unget(close);
            self.incomplete(at, "EndSquareBracketExpectedAtEndOfType", &[]);
        }
        name
    }

    /// Arguments up to the token that is no comma, which is given back too.
    pub(super) fn generic_arguments(&mut self, first: &Tok) -> (Vec<TypeName>, Tok) {
        let argument = self.deeper(|p| Some(p.generic_argument(first)));
        let mut arguments: Vec<TypeName> = argument.into_iter().collect();
        loop {
            self.skip_newlines();
            let token = self.next();
            if !token.is(TokenKind::Comma) {
                return (arguments, token);
            }
            self.skip_newlines();
            if matches!(
                self.peek_kind(),
                TokenKind::Identifier | TokenKind::LBracket
            ) {
                let next = self.next();
                arguments.push(self.generic_argument(&next));
            } else {
                let comma = self.span_of(&token);
                self.incomplete(Self::after(comma), "MissingTypename", &[]);
                arguments.push(Self::missing_type(comma));
            }
        }
    }

    fn generic_type(&mut self, generic: TypeName, first: Tok, bare_argument: bool) -> TypeName {
        let (arguments, close) = self.generic_arguments(&first);
        let close_span = self.span_of(&close);
        let mut end = close_span;
        if !close.is(TokenKind::RBracket) {
            self.unget(close);
            let at = self.before(close_span);
            self.incomplete(at, "EndSquareBracketExpectedAtEndOfAttribute", &[]);
            end = arguments
                .last()
                .map_or_else(|| self.span_of(&first), |a| a.span);
        }
        let mut name = TypeName {
            span: generic.span.to(end),
            kind: TypeNameKind::Generic {
                generic: Box::new(generic),
                arguments,
            },
            assembly: None,
        };
        match self.peek_kind() {
            TokenKind::LBracket => {
                self.skip();
                let token = self.next();
                return self.array_type(name, token, bare_argument);
            }
            TokenKind::Comma if !bare_argument => {
                let comma = self.next();
                name.assembly = self.assembly(&comma);
            }
            _ => {}
        }
        name
    }

    /// Dimensions behind an element type whose bracket has been taken.
    fn array_type(&mut self, mut element: TypeName, first: Tok, bare_argument: bool) -> TypeName {
        let mut first = first;
        loop {
            let first_span = self.span_of(&first);
            match first.kind {
                TokenKind::Comma => {
                    let mut rank = 1;
                    let mut last_comma = first_span;
                    let mut token = first;
                    while token.is(TokenKind::Comma) {
                        last_comma = self.span_of(&token);
                        rank += 1;
                        token = self.next();
                    }
                    let closed = token.is(TokenKind::RBracket);
                    let end = self.span_of(&token);
                    if !closed {
                        self.unget(token);
                    }
                    if rank > MAX_RANK {
                        let count = rank.to_string();
                        let span = first_span.to(last_comma);
                        self.error(span, "ArrayHasTooManyDimensions", &[&count]);
                    } else {
                        if !closed {
                            let at = Self::after(last_comma);
                            self.error(at, "EndSquareBracketExpectedAtEndOfAttribute", &[]);
                        }
                        element = array_of(element, end, rank as u32);
                    }
                }
                TokenKind::RBracket => element = array_of(element, first_span, 1),
                TokenKind::EndOfInput => {
                    self.unget(first);
                    let at = self.before(first_span);
                    self.error(at, "EndSquareBracketExpectedAtEndOfAttribute", &[]);
                }
                _ => {
                    let text = self.text_of(&first);
                    self.error(first_span, "UnexpectedToken", &[text]);
                    self.sync(true, &[TokenKind::RBracket]);
                }
            }
            match self.peek_kind() {
                TokenKind::Comma if !bare_argument => {
                    let comma = self.next();
                    element.assembly = self.assembly(&comma);
                    return element;
                }
                TokenKind::LBracket => {
                    self.skip();
                    first = self.next();
                }
                _ => return element,
            }
        }
    }
}

fn array_of(element: TypeName, end: Span, rank: u32) -> TypeName {
    TypeName {
        span: element.span.to(end),
        kind: TypeNameKind::Array {
            element: Box::new(element),
            rank,
        },
        assembly: None,
    }
}

//! Classes and enums with their members.

use super::ast::*;
use super::attributes::attribute_span;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};
use std::rc::Rc;

/// What reading one member gives.
enum Member {
    Read(MemberAst),
    /// Something was wrong, but more members may follow.
    Broken(Span),
    /// No member begins here.
    None,
}

impl Parser<'_> {
    pub(super) fn class_definition(
        &mut self,
        attributes: Vec<AttributeBaseAst>,
        keyword: &Tok,
    ) -> StatementAst {
        let keyword_span = self.span_of(keyword);
        let Some(name) = self.defined_name(keyword) else {
            return Self::error_statement(keyword_span, Vec::new());
        };
        self.mark(name.start, flags::TYPE_NAME, flags::MEMBER_NAME);
        self.common.defines_types = true;
        self.skip_newlines();
        let mode = self.set_mode(Mode::Signature);
        let statement = self.class_rest(attributes, keyword, &name);
        self.set_mode(mode);
        statement
    }

    fn class_rest(
        &mut self,
        attributes: Vec<AttributeBaseAst>,
        keyword: &Tok,
        name: &Tok,
    ) -> StatementAst {
        let keyword_span = self.span_of(keyword);
        let name_span = self.span_of(name);
        let base_types = self.base_types();
        let Some(open) = self.take_if(TokenKind::LCurly) else {
            let end = base_types.last().map_or(name_span, |b| b.span);
            self.incomplete(Self::after(end), "MissingTypeBody", &["class"]);
            return Self::error_statement(keyword_span.to(end), Vec::new());
        };
        let open_span = self.span_of(&open);
        let mut last = open_span;
        let mut members = Vec::new();
        let mut broken = false;
        let class_name = self.text_of(name).to_string();
        loop {
            match self.class_member(&class_name) {
                Member::Read(member) => {
                    last = match &member {
                        MemberAst::Property(p) => p.span,
                        MemberAst::Method(m) => m.span,
                    };
                    members.push(member);
                }
                Member::Broken(span) => {
                    broken = true;
                    last = span;
                }
                Member::None => break,
            }
        }
        match self.take_if(TokenKind::RCurly) {
            Some(close) => last = self.span_of(&close),
            None => {
                let noticed = self.peek().end;
                self.incomplete_at(Self::after(open_span), noticed, "MissingEndCurlyBrace", &[]);
            }
        }
        let start = attributes.first().map_or(keyword_span, attribute_span);
        let span = start.to(last);
        let (attributes, with_types) = only_attributes(attributes);
        if broken || with_types {
            return Self::error_statement(span, Vec::new());
        }
        type_definition(TypeDefinitionAst {
            span,
            name: Rc::from(class_name),
            name_span,
            attributes,
            base_types,
            kind: TypeDefinitionKind::Class(members),
        })
    }

    /// `: Base, Interface`
    fn base_types(&mut self) -> Vec<TypeConstraintAst> {
        let mut list = Vec::new();
        let Some(colon) = self.take_if(TokenKind::Colon) else {
            return list;
        };
        self.skip_newlines();
        let mut before = self.span_of(&colon);
        while let Some(type_name) = self.base_type(before) {
            list.push(type_name);
            self.skip_newlines();
            let Some(comma) = self.take_if(TokenKind::Comma) else {
                break;
            };
            before = self.span_of(&comma);
            self.skip_newlines();
        }
        list
    }

    fn base_type(&mut self, before: Span) -> Option<TypeConstraintAst> {
        let Some(type_name) = self.type_name_rule(false) else {
            self.incomplete(Self::after(before), "TypeNameExpected", &[]);
            return None;
        };
        Some(TypeConstraintAst {
            span: type_name.span,
            type_name,
        })
    }

    fn class_member(&mut self, class_name: &str) -> Member {
        let mut head = MemberHead::default();
        loop {
            self.skip_newlines();
            if let Some(attribute) = self.attribute() {
                let span = attribute_span(&attribute);
                head.last = Some(span);
                head.start.get_or_insert(span);
                match attribute {
                    AttributeBaseAst::Attribute(a) => head.attributes.push(a),
                    AttributeBaseAst::TypeConstraint(t) if head.type_constraint.is_none() => {
                        head.type_constraint = Some(t);
                    }
                    AttributeBaseAst::TypeConstraint(t) => self.error(t.span, "TooManyTypes", &[]),
                }
                continue;
            }
            let token = self.peek().clone();
            let span = self.span_of(&token);
            head.start.get_or_insert(span);
            let set = match token.kind {
                TokenKind::Hidden => &mut head.is_hidden,
                TokenKind::Static => &mut head.is_static,
                _ => break,
            };
            if std::mem::replace(set, true) {
                let text = self.text_of(&token);
                self.error(span, "DuplicateQualifier", &[text]);
            }
            head.last = Some(span);
            self.skip();
        }
        let token = self.peek().clone();
        if let Payload::Variable(variable) = &token.data
            && token.is(TokenKind::Variable)
        {
            self.skip();
            return self.property(head, variable, &token);
        }
        if token.is(TokenKind::Identifier) || token.has(flags::KEYWORD) {
            self.skip();
            self.mark(token.start, 0, flags::KEYWORD);
            return match self.method(head, class_name, &token) {
                Ok(method) => Member::Read(MemberAst::Method(method)),
                Err(had_parts) => {
                    self.sync(false, &[TokenKind::RCurly]);
                    match had_parts {
                        Some(span) => Member::Broken(span),
                        None => Member::None,
                    }
                }
            };
        }
        if let Some(last) = head.last {
            self.incomplete(Self::after(last), "IncompleteMemberDefinition", &[]);
            if let Some(span) = head.parts() {
                return Member::Broken(span);
            }
        }
        Member::None
    }

    fn property(&mut self, head: MemberHead, variable: &VariablePath, token: &Tok) -> Member {
        let name_span = self.span_of(token);
        let mut initial = None;
        if self.take_if(TokenKind::Equals).is_some() {
            self.skip_newlines();
            initial = self.expression(false);
        }
        let mut end = initial.as_ref().map_or(name_span, |i| i.span);
        end = self.member_end(end, false);
        let span = head.start.unwrap_or(name_span).to(end);
        if variable.name.is_empty() {
            return match head.parts() {
                Some(span) => Member::Broken(span),
                None => Member::None,
            };
        }
        let name = match &variable.drive {
            Some(drive) => format!("{drive}:{}", variable.name).into(),
            None => variable.name.clone(),
        };
        Member::Read(MemberAst::Property(PropertyMemberAst {
            span,
            name,
            name_span,
            type_constraint: head.type_constraint,
            attributes: head.attributes,
            initial,
            is_static: head.is_static,
            is_hidden: head.is_hidden,
        }))
    }

    /// A line end, semicolon or closing brace behind a property or enumerator; the semicolon
    /// belongs to the extent.
    fn member_end(&mut self, mut end: Span, quiet: bool) -> Span {
        let token = self.peek();
        let (kind, start, stop) = (token.kind, token.start, token.end);
        if !matches!(
            kind,
            TokenKind::NewLine | TokenKind::Semi | TokenKind::RCurly
        ) && !quiet
        {
            self.incomplete(Self::after(end), "MissingPropertyTerminator", &[]);
        }
        self.skip_newlines_and_semicolons();
        if kind == TokenKind::Semi {
            end = self.map.span(start, stop);
        }
        end
    }

    /// A method or constructor. The error says whether parts of a member were read before.
    fn method(
        &mut self,
        head: MemberHead,
        class_name: &str,
        name: &Tok,
    ) -> Result<FunctionMemberAst, Option<Span>> {
        let name_span = self.span_of(name);
        let text = self.text_of(name);
        let mut failed = None;
        let mut parameters = Vec::new();
        let mut close = None;
        if self.peek_kind() == TokenKind::LParen {
            let list = self.function_parameters();
            failed = list.failed;
            close = list.close;
            parameters = list.parameters.unwrap_or_default();
        } else {
            self.incomplete(Self::after(name_span), "MissingMethodParameterList", &[]);
        }
        let is_constructor = text.eq_ignore_ascii_case(class_name);
        let mut base_call = None;
        if is_constructor && !head.is_static {
            self.skip_newlines();
            base_call = self.base_call(&mut failed);
        }
        let open = self.next();
        if !open.is(TokenKind::LCurly) {
            self.unget(open);
            if failed.is_none() {
                let end = close.unwrap_or(name_span);
                self.incomplete(Self::after(end), "MissingFunctionBody", &[]);
            }
            return Err(head.parts());
        }
        if failed.is_some() {
            return Err(head.parts());
        }
        let mode = self.set_mode(Mode::Command);
        let body = self.script_block(Some(&open), false);
        let end = self.braced_end(&body);
        self.set_mode(mode);
        Ok(FunctionMemberAst {
            span: head.start.unwrap_or(name_span).to(end),
            name: Rc::from(text),
            name_span,
            return_type: head.type_constraint,
            attributes: head.attributes,
            parameters,
            body: Rc::new(body),
            is_static: head.is_static,
            is_hidden: head.is_hidden,
            is_constructor,
            base_call,
        })
    }

    /// `: base(arguments)` before the body of a constructor.
    fn base_call(&mut self, failed: &mut Option<Span>) -> Option<Vec<ExpressionAst>> {
        let colon = self.take_if(TokenKind::Colon)?;
        self.skip_newlines();
        let Some(base) = self.take_if(TokenKind::Base) else {
            let at = self.span_of(&colon);
            *failed = Some(at);
            self.incomplete(Self::after(at), "MissingBaseCtorCall", &[]);
            return None;
        };
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LParen) else {
            let at = self.span_of(&base);
            *failed = Some(at);
            self.incomplete(Self::after(at), "MissingMethodParameterList", &[]);
            return None;
        };
        let (arguments, _) = self.invocation_arguments(&open);
        self.skip_newlines();
        Some(arguments)
    }

    /// The name behind `class` or `enum`; that there is none is reported.
    fn defined_name(&mut self, keyword: &Tok) -> Option<Tok> {
        self.skip_newlines();
        let name = self.simple_name();
        if name.is_none() {
            let text = self.text_of(keyword);
            let at = Self::after(self.span_of(keyword));
            self.incomplete(at, "MissingNameAfterKeyword", &[text]);
        }
        name
    }

    pub(super) fn enum_definition(
        &mut self,
        attributes: Vec<AttributeBaseAst>,
        keyword: &Tok,
    ) -> StatementAst {
        let keyword_span = self.span_of(keyword);
        let Some(name) = self.defined_name(keyword) else {
            return Self::error_statement(keyword_span, Vec::new());
        };
        let mode = self.set_mode(Mode::Signature);
        self.common.defines_types = true;
        let statement = self.enum_rest(attributes, keyword_span, &name);
        self.set_mode(mode);
        statement
    }

    fn enum_rest(
        &mut self,
        attributes: Vec<AttributeBaseAst>,
        keyword_span: Span,
        name: &Tok,
    ) -> StatementAst {
        let name_span = self.span_of(name);
        let mut base_types = Vec::new();
        if let Some(colon) = self.take_if(TokenKind::Colon) {
            self.skip_newlines();
            let at = self.span_of(&colon);
            if let Some(base) = self.base_type(at) {
                if !is_integer_type(&base.type_name) {
                    let written = base.type_name.to_string();
                    self.error(base.span, "InvalidUnderlyingType", &[&written]);
                }
                base_types.push(base);
            }
        }
        self.skip_newlines();
        let Some(open) = self.take_if(TokenKind::LCurly) else {
            self.incomplete(Self::after(name_span), "MissingTypeBody", &["enum"]);
            return Self::error_statement(keyword_span.to(name_span), Vec::new());
        };
        let mut members = Vec::new();
        while let Some(member) = self.enumerator() {
            members.push(member);
        }
        let open_span = self.span_of(&open);
        let close = self.next();
        let end = self.span_of(&close);
        if !close.is(TokenKind::RCurly) {
            let noticed = close.end;
            self.unget(close);
            self.incomplete_at(Self::after(open_span), noticed, "MissingEndCurlyBrace", &[]);
        }
        let start = attributes.first().map_or(keyword_span, attribute_span);
        let (attributes, with_types) = only_attributes(attributes);
        if with_types {
            return Self::error_statement(start, Vec::new());
        }
        type_definition(TypeDefinitionAst {
            span: start.to(end),
            name: Rc::from(self.text_of(name)),
            name_span,
            attributes,
            base_types,
            kind: TypeDefinitionKind::Enum(members),
        })
    }

    fn enumerator(&mut self) -> Option<EnumMemberAst> {
        self.skip_newlines();
        let name = self.simple_name()?;
        let name_span = self.span_of(&name);
        let mut end = name_span;
        let mut missing = false;
        let mut value = None;
        let mode = self.set_mode(Mode::Expression);
        if let Some(equals) = self.take_if(TokenKind::Equals) {
            value = self.expression(false);
            end = match &value {
                Some(value) => value.span,
                None => {
                    missing = true;
                    let equals = self.span_of(&equals);
                    self.error(Self::after(equals), "ExpectedValueExpression", &["="]);
                    equals
                }
            };
        }
        self.set_mode(mode);
        end = self.member_end(end, missing);
        Some(EnumMemberAst {
            span: name_span.to(end),
            name: Rc::from(self.text_of(&name)),
            value,
        })
    }
}

/// What stands before the name of a member.
#[derive(Default)]
struct MemberHead {
    start: Option<Span>,
    last: Option<Span>,
    attributes: Vec<AttributeAst>,
    type_constraint: Option<TypeConstraintAst>,
    is_static: bool,
    is_hidden: bool,
}

impl MemberHead {
    /// The last attribute or type, if there is one.
    fn parts(&self) -> Option<Span> {
        self.type_constraint
            .as_ref()
            .map(|t| t.span)
            .or(self.attributes.last().map(|a| a.span))
    }
}

fn type_definition(definition: TypeDefinitionAst) -> StatementAst {
    StatementAst {
        span: definition.span,
        kind: StatementKind::TypeDefinition(Rc::new(definition)),
    }
}

/// The attributes, and whether types stood among them.
fn only_attributes(list: Vec<AttributeBaseAst>) -> (Vec<AttributeAst>, bool) {
    let count = list.len();
    let attributes: Vec<AttributeAst> = list
        .into_iter()
        .filter_map(|a| match a {
            AttributeBaseAst::Attribute(a) => Some(a),
            AttributeBaseAst::TypeConstraint(_) => None,
        })
        .collect();
    let with_types = attributes.len() < count;
    (attributes, with_types)
}

/// Names that an enum may be based on.
pub(super) fn is_integer_type(name: &TypeName) -> bool {
    const NAMES: [&str; 14] = [
        "byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "int16", "uint16",
        "int32", "uint32", "int64", "uint64",
    ];
    let TypeNameKind::Simple(text) = &name.kind else {
        return false;
    };
    let short = text
        .get(..7)
        .filter(|p| p.eq_ignore_ascii_case("system."))
        .map_or(&**text, |_| &text[7..]);
    NAMES.iter().any(|n| n.eq_ignore_ascii_case(short))
}

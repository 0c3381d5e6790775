//! Operators: ternary, binary by precedence, commas, unary, casts.

use super::ast::*;
use super::attributes::attribute_span;
use super::lexer::{Mode, Payload, Tok};
use super::parser::Parser;
use super::token::{TokenKind, flags};

impl Parser<'_> {
    /// An expression, or `None` if nothing begins one. `in_operator` is set where only an
    /// expression can stand, so that `?` and `:` end a number.
    pub(super) fn expression(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        let mode = self.set_mode(Mode::Expression);
        let expression = self.ternary(in_operator);
        self.set_mode(mode);
        expression
    }

    fn ternary(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        let condition = self.binary(in_operator)?;
        let Some(question) = self.take_if(TokenKind::QuestionMark) else {
            return Some(condition);
        };
        self.skip_newlines();
        let if_true = self.ternary_branch(&question);
        self.skip_newlines();
        let Some(colon) = self.take_if(TokenKind::Colon) else {
            let token = self.peek();
            let (start, end) = (token.start, token.end);
            let span = self.map.span(start, end);
            if !is_missing(&if_true) {
                self.incomplete(span, "MissingColonInTernaryExpression", &[]);
            }
            let end = self.before(span);
            return Some(Self::error_expression(
                condition.span.to(end),
                vec![condition, if_true],
            ));
        };
        self.skip_newlines();
        let if_false = self.ternary_branch(&colon);
        Some(ExpressionAst {
            span: condition.span.to(if_false.span),
            kind: ExpressionKind::Ternary {
                condition: Box::new(condition),
                if_true: Box::new(if_true),
                if_false: Box::new(if_false),
            },
        })
    }

    fn ternary_branch(&mut self, operator: &Tok) -> ExpressionAst {
        match self.deeper(|p| p.expression(true)) {
            Some(branch) => branch,
            None => self.missing_operand(operator),
        }
    }

    fn missing_operand(&mut self, operator: &Tok) -> ExpressionAst {
        let at = Self::after(self.span_of(operator));
        let text = self.text_of(operator);
        self.incomplete(at, "ExpectedValueExpression", &[text]);
        Self::error_expression(at, Vec::new())
    }

    /// Binary operators by their precedence, all of them binding to the left.
    fn binary(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        let first = self.array_literal(in_operator)?;
        if !self.binary_operator_ahead() {
            return Some(self.eat_parameter(first));
        }
        let mut operands = vec![first];
        let mut operators: Vec<Tok> = Vec::new();
        while self.binary_operator_ahead() {
            let operator = self.next();
            let precedence = operator.kind.precedence();
            while operators
                .last()
                .is_some_and(|o| o.kind.precedence() >= precedence)
            {
                self.reduce(&mut operands, &mut operators);
            }
            self.skip_newlines();
            let operand = match self.array_literal(true) {
                Some(operand) => operand,
                None => self.missing_operand(&operator),
            };
            operators.push(operator);
            operands.push(operand);
        }
        while !operators.is_empty() {
            self.reduce(&mut operands, &mut operators);
        }
        let result = operands.pop()?;
        Some(self.eat_parameter(result))
    }

    fn binary_operator_ahead(&mut self) -> bool {
        let kind = self.peek_kind();
        kind.has(flags::BINARY)
    }

    fn reduce(&self, operands: &mut Vec<ExpressionAst>, operators: &mut Vec<Tok>) {
        let (Some(right), Some(left), Some(token)) =
            (operands.pop(), operands.pop(), operators.pop())
        else {
            return;
        };
        let operator = binary_operator(token.kind, self.text_of(&token));
        operands.push(ExpressionAst {
            span: left.span.to(right.span),
            kind: ExpressionKind::Binary {
                operator,
                left: Box::new(left),
                right: Box::new(right),
                operator_span: self.span_of(&token),
            },
        });
    }

    /// A parameter behind an operand is taken for a misspelled operator.
    fn eat_parameter(&mut self, expression: ExpressionAst) -> ExpressionAst {
        let Some(parameter) = self.take_if(TokenKind::Parameter) else {
            return expression;
        };
        let span = self.span_of(&parameter);
        let text = self.text_of(&parameter);
        self.error(span, "UnexpectedToken", &[text]);
        Self::error_expression(expression.span.to(span), vec![expression])
    }

    fn array_literal(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        let first = self.unary_expression(in_operator)?;
        if self.no_comma || self.peek_kind() != TokenKind::Comma {
            return Some(first);
        }
        let mut span = first.span;
        let mut items = vec![first];
        while let Some(comma) = self.take_if(TokenKind::Comma) {
            self.skip_newlines();
            match self.unary_expression(true) {
                Some(item) => {
                    span = span.to(item.span);
                    items.push(item);
                }
                None => {
                    let comma = self.span_of(&comma);
                    self.incomplete(Self::after(comma), "MissingExpressionAfterToken", &[","]);
                    span = span.to(comma);
                    items.push(Self::error_expression(comma, Vec::new()));
                    break;
                }
            }
        }
        Some(ExpressionAst {
            span,
            kind: ExpressionKind::ArrayLiteral(items),
        })
    }

    pub(super) fn unary_expression(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        self.deeper(|p| p.unary_inner(in_operator))
    }

    fn unary_inner(&mut self, in_operator: bool) -> Option<ExpressionAst> {
        let signed = std::mem::replace(&mut self.signed_numbers, true);
        let ternary = std::mem::replace(&mut self.ternary_numbers, in_operator);
        if let Some(token) = &self.ungot
            && (token.is(TokenKind::Minus) || (in_operator && token.is(TokenKind::Generic)))
        {
            // Under these rules a sign or a word may turn out to be a number.
            let at = token.start;
            self.resync(at);
        }
        let kind = self.peek_kind();
        self.signed_numbers = signed;
        self.ternary_numbers = ternary;
        let expression = if kind.has(flags::UNARY) {
            if self.no_comma && kind == TokenKind::Comma {
                return None;
            }
            let operator = self.next();
            self.skip_newlines();
            match self.unary_expression(true) {
                Some(operand) => self.unary_of(&operator, operand),
                None => {
                    let span = self.span_of(&operator);
                    let text = self.text_of(&operator);
                    let at = Self::after(span);
                    self.incomplete(at, "MissingExpressionAfterOperator", &[text]);
                    return Some(Self::error_expression(span, Vec::new()));
                }
            }
        } else if kind == TokenKind::LBracket {
            self.bracketed()?
        } else {
            self.primary(true)?
        };
        let operator = match self.peek_kind() {
            TokenKind::PlusPlus => UnaryOperator::PostIncrement,
            TokenKind::MinusMinus => UnaryOperator::PostDecrement,
            _ => return Some(expression),
        };
        let token = self.next();
        Some(ExpressionAst {
            span: expression.span.to(self.span_of(&token)),
            kind: ExpressionKind::Unary {
                operator,
                operand: Box::new(expression),
            },
        })
    }

    fn unary_of(&self, token: &Tok, operand: ExpressionAst) -> ExpressionAst {
        let span = self.span_of(token).to(operand.span);
        let operator = match token.kind {
            TokenKind::Comma => {
                return ExpressionAst {
                    span,
                    kind: ExpressionKind::ArrayLiteral(vec![operand]),
                };
            }
            TokenKind::Not => UnaryOperator::Not,
            TokenKind::Exclaim => UnaryOperator::Exclaim,
            TokenKind::Bnot => UnaryOperator::BitNot,
            TokenKind::Plus => UnaryOperator::Plus,
            TokenKind::Minus => UnaryOperator::Minus,
            TokenKind::PlusPlus => UnaryOperator::PreIncrement,
            TokenKind::MinusMinus => UnaryOperator::PreDecrement,
            TokenKind::Join => UnaryOperator::Join,
            kind => UnaryOperator::Split {
                case_sensitive: kind == TokenKind::Csplit,
            },
        };
        ExpressionAst {
            span,
            kind: ExpressionKind::Unary {
                operator,
                operand: Box::new(operand),
            },
        }
    }

    /// What begins with a bracket: a type, a cast, an attributed variable.
    fn bracketed(&mut self) -> Option<ExpressionAst> {
        let mut attributes = self.attribute_list(true);
        let last = attributes.pop()?;
        let first_span = attributes
            .first()
            .map_or_else(|| attribute_span(&last), attribute_span);
        let mut expression = match last {
            AttributeBaseAst::Attribute(attribute) => {
                self.skip_newlines();
                match self.unary_expression(true) {
                    Some(operand) => attributed(attribute, operand),
                    None => {
                        let name = attribute.type_name.to_string();
                        self.incomplete(attribute.span, "UnexpectedAttribute", &[&name]);
                        let span = first_span.to(attribute.span);
                        return Some(Self::error_expression(span, Vec::new()));
                    }
                }
            }
            AttributeBaseAst::TypeConstraint(constraint) => self.type_or_cast(constraint),
        };
        for attribute in attributes.into_iter().rev() {
            expression = match attribute {
                AttributeBaseAst::Attribute(a) => attributed(a, expression),
                AttributeBaseAst::TypeConstraint(t) => convert(t, expression),
            };
        }
        Some(expression)
    }

    fn type_or_cast(&mut self, constraint: TypeConstraintAst) -> ExpressionAst {
        let span = constraint.span;
        if self.ungot.is_none()
            && let Some(operator) = self.member_operator(false)
        {
            let target = ExpressionAst {
                span,
                kind: ExpressionKind::Type(Box::new(constraint.type_name)),
            };
            return self.members(Some(operator), target);
        }
        if !matches!(self.peek_kind(), TokenKind::NewLine | TokenKind::Comma)
            && let Some(operand) = self.unary_expression(true)
        {
            return convert(constraint, operand);
        }
        ExpressionAst {
            span,
            kind: ExpressionKind::Type(Box::new(constraint.type_name)),
        }
    }

    /// A literal, variable or bracketed expression, with members and indexes behind it.
    pub(super) fn primary(&mut self, with_members: bool) -> Option<ExpressionAst> {
        use TokenKind::*;
        let token = self.next();
        let span = self.span_of(&token);
        let expression = match (token.kind, &token.data) {
            (Variable | SplattedVariable, Payload::Variable(path)) => {
                let path = path.clone();
                return Some(self.variable_expression(&token, path, with_members));
            }
            (Number, Payload::Number(value)) => ExpressionAst {
                span,
                kind: ExpressionKind::Number {
                    value: value.clone(),
                    text: self.text_of(&token).into(),
                },
            },
            (StringLiteral | HereStringLiteral | StringExpandable | HereStringExpandable, data) => {
                let quoting = match token.kind {
                    StringLiteral => StringQuoting::SingleQuoted,
                    HereStringLiteral => StringQuoting::SingleQuotedHere,
                    StringExpandable => StringQuoting::DoubleQuoted,
                    _ => StringQuoting::DoubleQuotedHere,
                };
                match data {
                    Payload::Expandable(e) => {
                        let e = e.clone();
                        self.expandable(&token, &e, quoting)
                    }
                    Payload::Text(value) => ExpressionAst {
                        span,
                        kind: ExpressionKind::String {
                            value: value.clone(),
                            quoting,
                        },
                    },
                    _ => ExpressionAst {
                        span,
                        kind: ExpressionKind::String {
                            value: self.text_of(&token).into(),
                            quoting,
                        },
                    },
                }
            }
            (LParen, _) => self.parenthesized(&token),
            (AtParen | DollarParen, _) => self.subexpression(&token),
            (AtCurly, _) => self.hash_literal(&token),
            (LCurly, _) => self.script_block_expression(&token),
            _ => {
                self.unget(token);
                return None;
            }
        };
        if !with_members {
            return Some(expression);
        }
        let operator = self.member_operator(true);
        Some(self.members(operator, expression))
    }

    fn variable_expression(
        &mut self,
        token: &Tok,
        path: VariablePath,
        with_members: bool,
    ) -> ExpressionAst {
        let span = self.span_of(token);
        let using = path
            .drive
            .as_ref()
            .is_some_and(|d| d.eq_ignore_ascii_case("using"))
            && !path.name.is_empty();
        let path = if using {
            super::variables::variable_path(&path.name, path.braced)
        } else {
            path
        };
        let kind = if token.is(TokenKind::SplattedVariable) {
            ExpressionKind::Splat(path)
        } else {
            ExpressionKind::Variable(path)
        };
        let mut expression = ExpressionAst { span, kind };
        if with_members {
            let operator = self.member_operator(true);
            expression = self.members(operator, expression);
        }
        if using {
            expression = ExpressionAst {
                span: expression.span,
                kind: ExpressionKind::Using(Box::new(expression)),
            };
        }
        expression
    }
}

/// True for the stand-in of a missing operand.
fn is_missing(expression: &ExpressionAst) -> bool {
    matches!(expression.kind, ExpressionKind::Error(_))
}

fn convert(constraint: TypeConstraintAst, operand: ExpressionAst) -> ExpressionAst {
    ExpressionAst {
        span: constraint.span.to(operand.span),
        kind: ExpressionKind::Convert {
            constraint: Box::new(constraint),
            operand: Box::new(operand),
        },
    }
}

fn attributed(attribute: AttributeAst, operand: ExpressionAst) -> ExpressionAst {
    ExpressionAst {
        span: attribute.span.to(operand.span),
        kind: ExpressionKind::Attributed {
            attribute: Box::new(attribute),
            operand: Box::new(operand),
        },
    }
}

/// The operator of a token; how it was written tells the explicit `i` from none.
fn binary_operator(kind: TokenKind, text: &str) -> BinaryOperator {
    use BinaryOperator as B;
    use TokenKind as K;
    // `-in` and `-is…` begin with an i of their own.
    let name = text.trim_start_matches(super::chars::is_dash);
    let starts_with_i = name.starts_with(['i', 'I']);
    let prefixed = match kind {
        K::Iin => name.len() == 3,
        _ => starts_with_i,
    };
    let case = if kind.has(flags::CASE_SENSITIVE) {
        Case::Sensitive
    } else if prefixed {
        Case::Insensitive
    } else {
        Case::Default
    };
    match kind {
        K::And => B::And,
        K::Or => B::Or,
        K::Xor => B::Xor,
        K::Band => B::BitAnd,
        K::Bor => B::BitOr,
        K::Bxor => B::BitXor,
        K::Ieq | K::Ceq => B::Eq(case),
        K::Ine | K::Cne => B::Ne(case),
        K::Igt | K::Cgt => B::Gt(case),
        K::Ige | K::Cge => B::Ge(case),
        K::Ilt | K::Clt => B::Lt(case),
        K::Ile | K::Cle => B::Le(case),
        K::Ilike | K::Clike => B::Like(case),
        K::Inotlike | K::Cnotlike => B::NotLike(case),
        K::Imatch | K::Cmatch => B::Match(case),
        K::Inotmatch | K::Cnotmatch => B::NotMatch(case),
        K::Ireplace | K::Creplace => B::Replace(case),
        K::Icontains | K::Ccontains => B::Contains(case),
        K::Inotcontains | K::Cnotcontains => B::NotContains(case),
        K::Iin | K::Cin => B::In(case),
        K::Inotin | K::Cnotin => B::NotIn(case),
        K::Isplit | K::Csplit => B::Split(case),
        K::Join => B::Join,
        K::Is => B::Is,
        K::IsNot => B::IsNot,
        K::As => B::As,
        K::Shl => B::Shl,
        K::Shr => B::Shr,
        K::QuestionQuestion => B::Coalesce,
        K::Minus => B::Subtract,
        K::Multiply => B::Multiply,
        K::Divide => B::Divide,
        K::Rem => B::Remainder,
        K::Format => B::Format,
        K::DotDot => B::Range,
        _ => B::Add,
    }
}

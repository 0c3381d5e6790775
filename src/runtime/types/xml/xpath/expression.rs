//! XPath text into an expression tree.

use super::XPathError;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// `or`, `and`, comparisons, arithmetic, `|`.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// A sign in front.
    Negative(Box<Expression>),
    /// A literal.
    Number(f64),
    /// A literal.
    Text(String),
    /// `$name`
    Variable,
    /// A function with its arguments.
    Call(String, Vec<Expression>),
    /// Steps from the root, from the context, or from what another expression gives.
    Path(Start, Vec<Step>),
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// At the document.
    Root,
    /// At the context node.
    Context,
    /// At each node of an expression that these predicates keep.
    Filter(Box<Expression>, Vec<Expression>),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which nodes are looked at.
    pub axis: Axis,
    /// Which of them count.
    pub test: Test,
    /// What else must hold.
    pub predicates: Vec<Expression>,
}

/// The directions of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Parent,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Attribute,
    Namespace,
    This,
}

/// What a node must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Prefix and local name; `*` stands for any.
    Name(Option<String>, String),
    /// `node()`
    Any,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
    /// `processing-instruction(name)`
    Instruction(Option<String>),
}

/// Operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    Union,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// `/`, `//`, `(`, `[`, `@`, `::`, an operator, …
    Mark(&'static str),
    Name(String),
    Number(f64),
    Text(String),
}

const MARKS: [&str; 22] = [
    "//", "::", "..", "!=", "<=", ">=", "/", "(", ")", "[", "]", "@", ",", ".", "|", "+", "-", "=",
    "<", ">", "*", "$",
];

/// How deeply expressions may be nested.
const MOST_DEPTH: usize = 200;

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// The expression of a text.
pub fn parse(text: &str) -> Result<Expression, XPathError> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let expression = parser.binary(0)?;
    if parser.at < parser.tokens.len() {
        return Err(parser.invalid());
    }
    Ok(expression)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || "_-.".contains(c) || c == '\u{B7}'
}

fn tokens(text: &str) -> Result<Vec<Token>, XPathError> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if let '"' | '\'' = first {
            let body = rest.get(1..).unwrap_or("");
            let end = body.find(first).ok_or(XPathError::UnclosedText)?;
            found.push(Token::Text(body[..end].to_owned()));
            rest = &body[end + 1..];
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            let number = rest[..end].parse();
            let number = number.map_err(|_| XPathError::InvalidToken(text.to_owned()))?;
            found.push(Token::Number(number));
            rest = &rest[end..];
        } else if is_name_start(first) {
            let end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
            let mut end = end;
            // A prefix, but not an axis.
            if let Some(local) = rest[end..].strip_prefix(':')
                && !local.starts_with(':')
            {
                let more = if local.starts_with('*') {
                    1
                } else {
                    local.find(|c| !is_name_part(c)).unwrap_or(local.len())
                };
                end += 1 + more;
            }
            found.push(Token::Name(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            let mark = MARKS.iter().find(|mark| rest.starts_with(**mark));
            let mark = mark.ok_or_else(|| XPathError::InvalidToken(text.to_owned()))?;
            found.push(Token::Mark(mark));
            rest = &rest[mark.len()..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

/// The operators from the weakest to the strongest.
const LEVELS: [&[(&str, Operator)]; 7] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<", Operator::Less),
        ("<=", Operator::LessOrEqual),
        (">", Operator::Greater),
        (">=", Operator::GreaterOrEqual),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[
        ("*", Operator::Times),
        ("div", Operator::Divide),
        ("mod", Operator::Modulo),
    ],
    &[("|", Operator::Union)],
];

impl Parser<'_> {
    fn invalid(&self) -> XPathError {
        XPathError::InvalidToken(self.text.to_owned())
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek_mark(&self) -> &'static str {
        match self.peek() {
            Some(Token::Mark(mark)) => mark,
            _ => "",
        }
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let is_there = self.peek_mark() == mark && !mark.is_empty();
        self.at += usize::from(is_there);
        is_there
    }

    fn need(&mut self, mark: &str) -> Result<(), XPathError> {
        if self.take_mark(mark) {
            Ok(())
        } else {
            Err(self.invalid())
        }
    }

    fn operator(&mut self, level: &[(&str, Operator)]) -> Option<Operator> {
        let word = match self.peek()? {
            Token::Mark(mark) => *mark,
            Token::Name(name) => name.as_str(),
            _ => return None,
        };
        let (_, operator) = level.iter().find(|(known, _)| *known == word)?;
        self.at += 1;
        Some(*operator)
    }

    fn binary(&mut self, level: usize) -> Result<Expression, XPathError> {
        let Some(operators) = LEVELS.get(level) else {
            return self.path();
        };
        // A sign binds more than a product, less than a union.
        if level == 6 && self.take_mark("-") {
            return Ok(Expression::Negative(Box::new(self.binary(level)?)));
        }
        self.depth += 1;
        if self.depth > MOST_DEPTH * LEVELS.len() {
            return Err(self.invalid());
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.binary(level + 1)?;
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn path(&mut self) -> Result<Expression, XPathError> {
        let start = match self.peek() {
            None => return Err(self.invalid()),
            Some(Token::Number(number)) => {
                let number = *number;
                self.at += 1;
                self.filter(Expression::Number(number))?
            }
            Some(Token::Text(text)) => {
                let text = text.clone();
                self.at += 1;
                self.filter(Expression::Text(text))?
            }
            Some(Token::Mark("$")) => {
                self.at += 2;
                self.filter(Expression::Variable)?
            }
            Some(Token::Mark("(")) => {
                self.at += 1;
                let inner = self.binary(0)?;
                self.need(")")?;
                self.filter(inner)?
            }
            Some(Token::Name(name))
                if self.tokens.get(self.at + 1) == Some(&Token::Mark("("))
                    && !is_node_type(name) =>
            {
                let name = name.clone();
                self.at += 2;
                let mut arguments = Vec::new();
                if !self.take_mark(")") {
                    loop {
                        arguments.push(self.binary(0)?);
                        if !self.take_mark(",") {
                            break;
                        }
                    }
                    self.need(")")?;
                }
                self.filter(Expression::Call(name, arguments))?
            }
            Some(_) => None,
        };
        let mut steps = Vec::new();
        let start = match start {
            Some((expression, predicates)) => {
                if !matches!(self.peek_mark(), "/" | "//") {
                    if predicates.is_empty() {
                        return Ok(expression);
                    }
                    return Ok(Expression::Path(
                        Start::Filter(Box::new(expression), predicates),
                        steps,
                    ));
                }
                Start::Filter(Box::new(expression), predicates)
            }
            None if self.peek_mark() == "/" => {
                self.at += 1;
                if !self.at_step() {
                    return Ok(Expression::Path(Start::Root, steps));
                }
                steps.push(self.step()?);
                Start::Root
            }
            None if self.peek_mark() == "//" => Start::Root,
            None => {
                steps.push(self.step()?);
                Start::Context
            }
        };
        loop {
            if self.take_mark("//") {
                steps.push(Step {
                    axis: Axis::DescendantOrSelf,
                    test: Test::Any,
                    predicates: Vec::new(),
                });
            } else if !self.take_mark("/") {
                return Ok(Expression::Path(start, steps));
            }
            steps.push(self.step()?);
        }
    }

    fn at_step(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Name(_) | Token::Mark("@" | "." | ".." | "*"))
        )
    }

    fn filter(
        &mut self,
        expression: Expression,
    ) -> Result<Option<(Expression, Vec<Expression>)>, XPathError> {
        let predicates = self.predicates()?;
        Ok(Some((expression, predicates)))
    }

    fn predicates(&mut self) -> Result<Vec<Expression>, XPathError> {
        let mut found = Vec::new();
        while self.take_mark("[") {
            found.push(self.binary(0)?);
            self.need("]")?;
        }
        Ok(found)
    }

    fn step(&mut self) -> Result<Step, XPathError> {
        let short = |axis| Step {
            axis,
            test: Test::Any,
            predicates: Vec::new(),
        };
        if self.take_mark(".") {
            return Ok(short(Axis::This));
        }
        if self.take_mark("..") {
            return Ok(short(Axis::Parent));
        }
        let mut axis = Axis::Child;
        if self.take_mark("@") {
            axis = Axis::Attribute;
        } else if let Some(Token::Name(name)) = self.peek()
            && self.tokens.get(self.at + 1) == Some(&Token::Mark("::"))
        {
            axis = axis_of(name).ok_or_else(|| self.invalid())?;
            self.at += 2;
        }
        let test = match self.peek().cloned() {
            Some(Token::Mark("*")) => {
                self.at += 1;
                Test::Name(None, "*".into())
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                if is_node_type(&name) && self.take_mark("(") {
                    let argument = match self.peek().cloned() {
                        Some(Token::Text(text)) => {
                            self.at += 1;
                            Some(text)
                        }
                        _ => None,
                    };
                    self.need(")")?;
                    match name.as_str() {
                        "text" => Test::Text,
                        "comment" => Test::Comment,
                        "node" => Test::Any,
                        _ => Test::Instruction(argument),
                    }
                } else {
                    match name.split_once(':') {
                        Some((prefix, local)) if !local.is_empty() => {
                            Test::Name(Some(prefix.into()), local.into())
                        }
                        Some(_) => return Err(XPathError::InvalidName(self.text.to_owned())),
                        None => Test::Name(None, name),
                    }
                }
            }
            _ => return Err(self.invalid()),
        };
        Ok(Step {
            axis,
            test,
            predicates: self.predicates()?,
        })
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "text" | "comment" | "node" | "processing-instruction")
}

fn axis_of(name: &str) -> Option<Axis> {
    Some(match name {
        "child" => Axis::Child,
        "descendant" => Axis::Descendant,
        "descendant-or-self" => Axis::DescendantOrSelf,
        "parent" => Axis::Parent,
        "ancestor" => Axis::Ancestor,
        "ancestor-or-self" => Axis::AncestorOrSelf,
        "following" => Axis::Following,
        "following-sibling" => Axis::FollowingSibling,
        "preceding" => Axis::Preceding,
        "preceding-sibling" => Axis::PrecedingSibling,
        "attribute" => Axis::Attribute,
        "namespace" => Axis::Namespace,
        "self" => Axis::This,
        _ => return None,
    })
}

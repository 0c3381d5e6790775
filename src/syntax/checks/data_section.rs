//! What may not stand in a `data` section.

use super::walk::{Node, Visitor};
use super::{Report, braced, known};
use crate::syntax::ast::*;
use crate::syntax::token::{TokenKind, flags};

/// The command that every section may call.
const ALWAYS_ALLOWED: &str = "ConvertFrom-StringData";

/// The variables that may always be read, as messages list them.
const VARIABLES: [&str; 5] = ["PSCulture", "PSUICulture", "true", "false", "null"];

pub(super) struct DataSection<'r, 'o> {
    pub report: &'r mut Report<'o>,
    /// The commands that may be called; `None` if they are known only at run time.
    pub commands: Option<Vec<String>>,
    /// Variables that may be read besides the usual ones; `*` stands for all.
    pub variables: Vec<String>,
    /// Whether `$env:` variables may be read.
    pub environment: bool,
}

impl<'r, 'o> DataSection<'r, 'o> {
    pub fn new(report: &'r mut Report<'o>, supported: &[ExpressionAst]) -> DataSection<'r, 'o> {
        let mut commands = Some(vec![ALWAYS_ALLOWED.to_string()]);
        for command in supported {
            match &command.kind {
                ExpressionKind::String { value, .. } => {
                    if let Some(list) = &mut commands {
                        list.push(value.to_string());
                    }
                }
                _ => commands = None,
            }
        }
        DataSection {
            report,
            commands,
            variables: Vec::new(),
            environment: false,
        }
    }

    fn refuse(&mut self, span: Span, what: &'static str) {
        self.report.error(span, what, &[]);
    }

    fn statement(&mut self, statement: &StatementAst) {
        let id = match &statement.kind {
            StatementKind::Assignment(_) => "AssignmentStatementNotSupportedInDataSection",
            StatementKind::Switch(_) => "SwitchStatementNotSupportedInDataSection",
            StatementKind::Data { .. } => "DataSectionStatementNotSupportedInDataSection",
            StatementKind::ForEach(_) => "ForeachStatementNotSupportedInDataSection",
            StatementKind::For(_) | StatementKind::While { .. } => {
                "ForWhileStatementNotSupportedInDataSection"
            }
            StatementKind::DoWhile { .. } | StatementKind::DoUntil { .. } => {
                "DoWhileStatementNotSupportedInDataSection"
            }
            StatementKind::Try(_) => "TryStatementNotSupportedInDataSection",
            StatementKind::Break(_)
            | StatementKind::Continue(_)
            | StatementKind::Return(_)
            | StatementKind::Exit(_)
            | StatementKind::Throw(_) => "FlowControlStatementNotSupportedInDataSection",
            StatementKind::Block(_) => "ParallelAndSequenceBlockNotSupportedInDataSection",
            _ => return,
        };
        self.refuse(statement.span, id);
    }

    fn command(&mut self, command: &CommandAst) {
        if command.invocation == InvocationOperator::Dot {
            return self.refuse(command.span, "DotSourcingNotSupportedInDataSection");
        }
        let Some(allowed) = &self.commands else {
            return;
        };
        let name = match command.elements.first() {
            Some(CommandElementAst::Argument(ExpressionAst {
                kind: ExpressionKind::String { value, .. },
                ..
            })) => Some(value.clone()),
            _ => None,
        };
        let id = "CmdletNotInAllowedListForDataSection";
        match name {
            Some(name) if allowed.iter().any(|a| a.eq_ignore_ascii_case(&name)) => {}
            Some(name) => self.report.error(command.span, id, &[&name]),
            None if command.invocation == InvocationOperator::Ampersand => {
                let id = "OperatorNotSupportedInDataSection";
                self.report.error(command.span, id, &["&"]);
            }
            None => {
                let text = self.report.quote(command.span).to_string();
                self.report.error(command.span, id, &[&text]);
            }
        }
    }

    fn type_name(&mut self, span: Span, name: &TypeName) {
        if !known::is_simple_type(name) {
            let text = name.to_string();
            let id = "TypeNotAllowedInDataSection";
            self.report.error(span, id, &[&text]);
        }
    }

    fn variable(&mut self, span: Span, path: &VariablePath) {
        if self.variables.iter().any(|v| v == "*") {
            return;
        }
        let name = match &path.drive {
            Some(drive) => format!("{drive}:{}", path.name),
            None => path.name.to_string(),
        };
        let drive = path.drive.as_deref().unwrap_or("");
        let mut allowed: Vec<&str> = VARIABLES.to_vec();
        allowed.extend(self.variables.iter().map(String::as_str));
        if allowed.iter().any(|a| a.eq_ignore_ascii_case(&name))
            || (self.environment && drive.eq_ignore_ascii_case("env"))
        {
            return;
        }
        let list: Vec<String> = allowed.iter().map(|v| format!("${v}")).collect();
        let id = "VariableReferenceNotSupportedInDataSection";
        self.report.error(span, id, &[&list.join(", ")]);
    }

    fn operator(&mut self, span: Span, kind: TokenKind) {
        if kind.has(flags::RESTRICTED) {
            let id = "OperatorNotSupportedInDataSection";
            self.report.error(span, id, &[kind.text()]);
        }
    }

    fn expression(&mut self, expression: &ExpressionAst) {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Variable(path) | ExpressionKind::Splat(path) => {
                self.variable(span, path);
            }
            ExpressionKind::Type(name) => self.type_name(span, name),
            ExpressionKind::ScriptBlock(_) => {
                self.refuse(span, "ScriptBlockNotSupportedInDataSection");
            }
            ExpressionKind::Member(_) => {
                self.refuse(span, "PropertyReferenceNotSupportedInDataSection");
            }
            ExpressionKind::InvokeMember(_) => {
                self.refuse(span, "MethodCallNotSupportedInDataSection");
            }
            ExpressionKind::Index { .. } => {
                self.refuse(span, "ArrayReferenceNotSupportedInDataSection");
            }
            ExpressionKind::Attributed { .. } => {
                self.refuse(span, "AttributeNotSupportedInDataSection");
            }
            ExpressionKind::Unary { operator, .. } => {
                self.operator(span, unary_kind(*operator));
            }
            ExpressionKind::Binary {
                operator,
                operator_span,
                ..
            } => self.operator(*operator_span, binary_kind(*operator)),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for DataSection<'_, '_> {
    fn enter(&mut self, node: Node<'a>, ancestors: &[Node<'a>]) -> bool {
        match node {
            Node::Statement(statement) => self.statement(statement),
            Node::Trap(trap) => self.refuse(trap.span, "TrapStatementNotSupportedInDataSection"),
            Node::Function(function) => {
                self.refuse(
                    function.span,
                    "FunctionDeclarationNotSupportedInDataSection",
                );
            }
            Node::ScriptBlock(block)
                if matches!(ancestors.last(), Some(Node::Function(_) | Node::Method(_))) =>
            {
                self.refuse(braced(block.span), "ScriptBlockNotSupportedInDataSection");
            }
            Node::ParamBlock(block) => {
                self.refuse(block.span, "ParameterDeclarationNotSupportedInDataSection");
            }
            Node::Command(command) => self.command(command),
            Node::Redirection(redirection) => {
                self.refuse(redirection.span, "RedirectionNotSupportedInDataSection");
            }
            Node::TypeConstraint(constraint) => {
                self.type_name(constraint.span, &constraint.type_name);
            }
            Node::Attribute(attribute) => {
                self.refuse(attribute.span, "AttributeNotSupportedInDataSection");
            }
            Node::LoopVariable(loop_) => self.variable(loop_.variable_span, &loop_.variable),
            Node::Expression(expression) => self.expression(expression),
            _ => {}
        }
        true
    }
}

fn unary_kind(operator: UnaryOperator) -> TokenKind {
    match operator {
        UnaryOperator::Not => TokenKind::Not,
        UnaryOperator::Exclaim => TokenKind::Exclaim,
        UnaryOperator::BitNot => TokenKind::Bnot,
        UnaryOperator::Plus => TokenKind::Plus,
        UnaryOperator::Minus => TokenKind::Minus,
        UnaryOperator::Join => TokenKind::Join,
        UnaryOperator::Split {
            case_sensitive: true,
        } => TokenKind::Csplit,
        UnaryOperator::Split { .. } => TokenKind::Isplit,
        UnaryOperator::PreIncrement => TokenKind::PlusPlus,
        UnaryOperator::PreDecrement => TokenKind::MinusMinus,
        UnaryOperator::PostIncrement => TokenKind::PostfixPlusPlus,
        UnaryOperator::PostDecrement => TokenKind::PostfixMinusMinus,
        UnaryOperator::Comma => TokenKind::Comma,
    }
}

fn binary_kind(operator: BinaryOperator) -> TokenKind {
    use BinaryOperator as B;
    use TokenKind as K;
    let pick = |case: Case, sensitive: K, other: K| {
        if case == Case::Sensitive {
            sensitive
        } else {
            other
        }
    };
    match operator {
        B::Match(c) => pick(c, K::Cmatch, K::Imatch),
        B::NotMatch(c) => pick(c, K::Cnotmatch, K::Inotmatch),
        B::Replace(c) => pick(c, K::Creplace, K::Ireplace),
        B::Split(c) => pick(c, K::Csplit, K::Isplit),
        B::Join => K::Join,
        B::As => K::As,
        B::Format => K::Format,
        B::Range => K::DotDot,
        _ => K::Plus,
    }
}

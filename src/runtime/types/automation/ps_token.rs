//! `PSParser::Tokenize`: the tokens of a text as the first PowerShell told them.

use crate::host::long_work::LongWork;
use crate::runtime::collection::List;
use crate::runtime::error::R;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use crate::syntax::token::flags;
use crate::syntax::{ParseOptions, Token, parse_with};
use std::rc::Rc;

/// `[PSParser]::Tokenize(text, [ref]$errors)`
pub fn tokenize(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let Some(text) = arguments.first() else {
        return Ok(None);
    };
    let text = match text.base() {
        Value::Array(lines) => {
            let lines = lines.items.borrow().clone();
            let mut texts = Vec::with_capacity(lines.len());
            for line in &lines {
                texts.push(vm.to_text(line)?);
            }
            texts.join("\n")
        }
        other => vm.to_text(other)?,
    };
    let source = Rc::new(Source::new(&text, None));
    let options = ParseOptions {
        tokens: true,
        interruptible: true,
        ..ParseOptions::default()
    };
    let parsed = parse_with(&source.text, &options);
    vm.check_interrupt()?;
    if let Some(Value::Ref(place)) = arguments.get(1) {
        let errors = crate::runtime::parse_error::values(&source, &parsed.errors);
        place.set(Value::List(Rc::new(List::collection(errors))));
    }
    let tokens = parsed
        .tokens
        .iter()
        .filter(|token| token.kind.name() != "EndOfInput")
        .map(|token| value(&source, token))
        .until_interrupted()
        .collect();
    Ok(Some(Value::List(Rc::new(List::collection(tokens)))))
}

/// `StartPosition` of a block: its opening brace.
pub fn first_of(block: &ScriptBlock) -> Value {
    let parsed = parse_with(
        &block.source.text,
        &ParseOptions {
            tokens: true,
            ..ParseOptions::default()
        },
    );
    let at = block.ast.span.start;
    let is_first = |token: &&Token| token.span.start <= at && at <= token.span.end;
    let token = parsed
        .tokens
        .iter()
        .find(is_first)
        .or(parsed.tokens.first());
    token.map_or(Value::Null, |token| value(&block.source, token))
}

fn value(source: &Source, token: &Token) -> Value {
    let (start, end) = (token.span.start as usize, token.span.end as usize);
    let (from, to) = (source.position(start), source.position(end));
    let number = |n: usize| Value::Int(i32::try_from(n).unwrap_or(i32::MAX));
    let (first, last) = (source.utf16_offset(start), source.utf16_offset(end));
    let kind = token_type(token);
    PlainObject::new(
        "System.Management.Automation.PSToken",
        vec![
            ("Content", Value::str(content(source, token))),
            (
                "Type",
                Value::enum_of("System.Management.Automation.PSTokenType", kind),
            ),
            ("Start", number(first)),
            ("Length", number(last.saturating_sub(first))),
            ("StartLine", number(from.line)),
            ("StartColumn", number(from.column)),
            ("EndLine", number(to.line)),
            ("EndColumn", number(to.column)),
        ],
    )
    .value()
}

/// The name of a variable, the text of a string without its quotes, else the token as written.
fn content(source: &Source, token: &Token) -> String {
    let text = token.text(&source.text);
    match token.kind.name() {
        "Variable" | "SplattedVariable" => text
            .trim_start_matches(['$', '@'])
            .trim_start_matches('{')
            .trim_end_matches('}')
            .to_string(),
        "StringLiteral" | "StringExpandable" => {
            let mut inner = text.chars();
            let (first, last) = (inner.next(), inner.next_back());
            match (first, last) {
                (Some(_), Some(_)) => inner.as_str().to_string(),
                _ => text.to_string(),
            }
        }
        "HereStringLiteral" | "HereStringExpandable" => {
            let lines: Vec<&str> = text.lines().collect();
            let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or(&[]);
            inner.join("\n")
        }
        "Label" => text.trim_start_matches(':').to_string(),
        _ => text.to_string(),
    }
}

/// `System.Management.Automation.PSTokenType`: what the parser found out counts before the kind.
fn token_type(token: &Token) -> i64 {
    const COMMAND: i64 = 1;
    const OPERATOR: i64 = 11;
    const KEYWORD: i64 = 14;
    for (flag, kind) in [
        (flags::COMMAND_NAME, COMMAND),
        (flags::MEMBER_NAME, 7),
        (flags::ATTRIBUTE_NAME, 9),
        (flags::TYPE_NAME, 10),
    ] {
        if token.has(flag) {
            return kind;
        }
    }
    match token.kind.name() {
        "Unknown" => 0,
        "Parameter" => 2,
        "Identifier" | "Generic" => 3,
        "Number" => 4,
        "StringLiteral" | "StringExpandable" | "HereStringLiteral" | "HereStringExpandable" => 5,
        "Variable" | "SplattedVariable" => 6,
        "Label" => 8,
        "LParen" | "LCurly" | "AtParen" | "AtCurly" | "DollarParen" => 12,
        "RParen" | "RCurly" => 13,
        "Comment" => 15,
        "Semi" => 16,
        "NewLine" => 17,
        "LineContinuation" => 18,
        _ if token.has(flags::KEYWORD) => KEYWORD,
        _ => OPERATOR,
    }
}

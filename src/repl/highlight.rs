//! Colours of the text at the prompt, by kind of token.

use crate::syntax::ast::Span;
use crate::syntax::error::ParseError;
use crate::syntax::token::{Token, TokenKind, flags};
use anstyle::{AnsiColor, Style};

/// What a part of the text is, as far as it has a colour of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The name of a command.
    Command,
    /// A comment.
    Comment,
    /// Where the text does not parse.
    Error,
    /// A keyword.
    Keyword,
    /// The name of a member.
    Member,
    /// A number.
    Number,
    /// An operator.
    Operator,
    /// The name of a parameter.
    Parameter,
    /// A string.
    String,
    /// The name of a type or attribute.
    Type,
    /// A variable.
    Variable,
}

impl Role {
    /// The colours people know from PowerShell's prompt.
    pub fn style(self) -> Style {
        let plain = Style::new();
        match self {
            Role::Command => plain.fg_color(Some(AnsiColor::BrightYellow.into())),
            Role::Comment => plain.fg_color(Some(AnsiColor::Green.into())),
            Role::Error => plain.fg_color(Some(AnsiColor::BrightRed.into())),
            Role::Keyword | Role::Variable => plain.fg_color(Some(AnsiColor::BrightGreen.into())),
            Role::Member => plain,
            Role::Number => plain.fg_color(Some(AnsiColor::BrightWhite.into())),
            Role::Operator | Role::Parameter => plain.fg_color(Some(AnsiColor::BrightBlack.into())),
            Role::String => plain.fg_color(Some(AnsiColor::Cyan.into())),
            Role::Type => plain.fg_color(Some(AnsiColor::White.into())),
        }
    }
}

/// A coloured part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands, in bytes.
    pub span: Span,
    /// What it is.
    pub role: Role,
}

/// The coloured parts of a text, in order and without overlaps. A mistake
/// takes its colour everywhere but where the text only ends too early.
pub fn pieces(text: &str, tokens: &[Token], errors: &[ParseError]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for token in tokens {
        token_pieces(text, token, &mut pieces);
    }
    let wrong = |piece: &Piece| {
        let span = piece.span;
        let mut real = errors.iter().filter(|e| !e.incomplete);
        real.any(|e| e.span.start < span.end && span.start < e.span.end)
    };
    for piece in &mut pieces {
        if wrong(piece) {
            piece.role = Role::Error;
        }
    }
    pieces
}

/// A string with variables and `$(…)` in it is a string around them.
fn token_pieces(text: &str, token: &Token, pieces: &mut Vec<Piece>) {
    let Some(role) = role(token) else { return };
    let mut from = token.span.start;
    for inner in &token.nested {
        if inner.span.start < from || inner.span.end > token.span.end {
            continue;
        }
        plain_piece(text, from, inner.span.start, role, token.kind, pieces);
        token_pieces(text, inner, pieces);
        from = inner.span.end;
    }
    plain_piece(text, from, token.span.end, role, token.kind, pieces);
}

fn plain_piece(
    text: &str,
    start: u32,
    end: u32,
    role: Role,
    kind: TokenKind,
    pieces: &mut Vec<Piece>,
) {
    let expands = matches!(
        kind,
        TokenKind::StringExpandable | TokenKind::HereStringExpandable
    );
    let part = text.get(start as usize..end as usize).unwrap_or_default();
    let variables = if expands { variables(part) } else { Vec::new() };
    let mut from = start;
    for (at, length) in variables {
        let (first, last) = (start + at as u32, start + (at + length) as u32);
        put(from, first, role, pieces);
        put(first, last, Role::Variable, pieces);
        from = last;
    }
    put(from, end, role, pieces);
}

fn put(start: u32, end: u32, role: Role, pieces: &mut Vec<Piece>) {
    if start < end {
        let span = Span { start, end };
        pieces.push(Piece { span, role });
    }
}

/// Places and lengths of the variables written in a string.
fn variables(part: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = part;
    while let Some(at) = rest.find(['$', '`']) {
        let offset = part.len() - rest.len() + at;
        let after = &rest[at + 1..];
        if rest[at..].starts_with('`') {
            // The escaped character is text.
            let skipped = after.chars().next().map_or(0, char::len_utf8);
            rest = &after[skipped..];
            continue;
        }
        let length = match after.strip_prefix('{') {
            Some(name) => name.find('}').map_or(0, |end| end + 2),
            None => {
                let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '?');
                after.find(|c| !name(c)).unwrap_or(after.len())
            }
        };
        if length > 0 {
            found.push((offset, length + 1));
        }
        rest = &after[length..];
    }
    found
}

fn role(token: &Token) -> Option<Role> {
    let by_name = [
        (flags::COMMAND_NAME, Role::Command),
        (flags::TYPE_NAME | flags::ATTRIBUTE_NAME, Role::Type),
        (flags::MEMBER_NAME, Role::Member),
    ];
    if let Some((_, role)) = by_name.iter().find(|(flag, _)| token.has(*flag)) {
        return Some(*role);
    }
    match token.kind {
        TokenKind::Comment => Some(Role::Comment),
        TokenKind::Variable | TokenKind::SplattedVariable => Some(Role::Variable),
        TokenKind::Parameter => Some(Role::Parameter),
        TokenKind::Number => Some(Role::Number),
        TokenKind::StringLiteral
        | TokenKind::StringExpandable
        | TokenKind::HereStringLiteral
        | TokenKind::HereStringExpandable => Some(Role::String),
        _ if token.has(flags::KEYWORD) => Some(Role::Keyword),
        _ if token.has(flags::BINARY | flags::UNARY | flags::ASSIGNMENT) => Some(Role::Operator),
        _ => None,
    }
}

/// The text with the colours in it; the same text when there are none.
pub fn paint(text: &str, pieces: &[Piece]) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for piece in pieces {
        let (start, end) = (piece.span.start as usize, piece.span.end as usize);
        let (Some(before), Some(part)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        let style = piece.role.style();
        out.push_str(before);
        out.push_str(&format!("{}{part}{}", style.render(), style.render_reset()));
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax;

    fn roles(text: &str) -> Vec<(&str, Role)> {
        let parse = syntax::parse_with(
            text,
            &syntax::ParseOptions {
                tokens: true,
                ..Default::default()
            },
        );
        let pieces = pieces(text, &parse.tokens, &parse.errors);
        let part = |p: &Piece| (&text[p.span.start as usize..p.span.end as usize], p.role);
        pieces.iter().map(part).collect()
    }

    #[test]
    fn every_kind_has_its_colour() {
        let text = "if ($x -gt 1) { Get-Item -Path 'a' } # c";
        let want = [
            ("if", Role::Keyword),
            ("$x", Role::Variable),
            ("-gt", Role::Operator),
            ("1", Role::Number),
            ("Get-Item", Role::Command),
            ("-Path", Role::Parameter),
            ("'a'", Role::String),
            ("# c", Role::Comment),
        ];
        assert_eq!(roles(text), want);
    }

    #[test]
    fn a_variable_in_a_string() {
        let want = [
            ("\"a ", Role::String),
            ("$b", Role::Variable),
            (" c\"", Role::String),
        ];
        assert_eq!(roles("\"a $b c\""), want);
    }

    #[test]
    fn variables_are_found_where_they_count() {
        assert_eq!(variables("$a `$b ${c d} $"), [(0, 2), (7, 6)]);
    }

    #[test]
    fn painting_keeps_the_text() {
        let text = "Get-Date | % { \"$_ ü\" }";
        let parse = syntax::parse_with(
            text,
            &syntax::ParseOptions {
                tokens: true,
                ..Default::default()
            },
        );
        let painted = paint(text, &pieces(text, &parse.tokens, &parse.errors));
        let mut plain = String::new();
        let mut rest = painted.as_str();
        while let Some(at) = rest.find('\x1b') {
            plain += &rest[..at];
            rest = &rest[rest[at..].find('m').map_or(rest.len(), |m| at + m + 1)..];
        }
        assert_eq!(plain + rest, text);
    }
}

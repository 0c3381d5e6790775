//! Tokens: the kinds and traits that scripts see through the parser's token list.

use super::ast::Span;

/// Traits of tokens, with the values of `System.Management.Automation.Language.TokenFlags`.
pub mod flags {
    /// `-and -or -xor`
    pub const LOGICAL: u32 = 0x1;
    /// `-band -bor -bxor`
    pub const BITWISE: u32 = 0x2;
    /// Comparison operators.
    pub const COMPARISON: u32 = 0x5;
    /// `??`
    pub const COALESCE: u32 = 0x7;
    /// `+ -`
    pub const ADD: u32 = 0x9;
    /// `* / %`
    pub const MULTIPLY: u32 = 0xa;
    /// `-f`
    pub const FORMAT: u32 = 0xc;
    /// `..`
    pub const RANGE: u32 = 0xd;
    /// Where the precedence of a binary operator stands.
    pub const PRECEDENCE: u32 = 0xf;
    /// A keyword.
    pub const KEYWORD: u32 = 0x10;
    /// `begin`, `process`, `end`, `clean`, `dynamicparam`.
    pub const BLOCK_NAME: u32 = 0x20;
    /// A binary operator.
    pub const BINARY: u32 = 0x100;
    /// A unary operator.
    pub const UNARY: u32 = 0x200;
    /// `-ceq` and so on.
    pub const CASE_SENSITIVE: u32 = 0x400;
    /// `?`
    pub const TERNARY: u32 = 0x800;
    /// `& | . ::`
    pub const SPECIAL: u32 = 0x1000;
    /// `=`, `+=`, …
    pub const ASSIGNMENT: u32 = 0x2000;
    /// Read alike in command and in expression mode.
    pub const MODE_INVARIANT: u32 = 0x8000;
    /// Something is wrong in the token.
    pub const IN_ERROR: u32 = 0x1_0000;
    /// Not allowed in data sections.
    pub const RESTRICTED: u32 = 0x2_0000;
    /// `++` and `--`
    pub const INCREMENT: u32 = 0x4_0000;
    /// Names a command.
    pub const COMMAND_NAME: u32 = 0x8_0000;
    /// Names a member.
    pub const MEMBER_NAME: u32 = 0x10_0000;
    /// Names a type.
    pub const TYPE_NAME: u32 = 0x20_0000;
    /// Names an attribute.
    pub const ATTRIBUTE_NAME: u32 = 0x40_0000;
    /// May be computed while parsing.
    pub const FOLDABLE: u32 = 0x80_0000;
    /// A statement keyword that takes no attributes.
    pub const NO_ATTRIBUTES: u32 = 0x100_0000;
}

use flags::*;

macro_rules! kinds {
    ($( $name:ident $number:literal $text:literal $flags:expr; )*) => {
        /// The kind of a token, by the names and numbers of PowerShell.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum TokenKind { $( #[doc = $text] $name = $number, )* }

        impl TokenKind {
            /// The name as scripts see it.
            pub fn name(self) -> &'static str {
                match self { $( TokenKind::$name => stringify!($name), )* }
            }

            /// How the kind is written in a script, or its name.
            pub fn text(self) -> &'static str {
                match self { $( TokenKind::$name => $text, )* }
            }

            /// What is true of every token of the kind.
            pub fn traits(self) -> u32 {
                match self { $( TokenKind::$name => $flags, )* }
            }
        }
    };
}

const KEY: u32 = KEYWORD;
const STMT: u32 = KEYWORD | NO_ATTRIBUTES;
const CMP: u32 = BINARY | COMPARISON;
const CCMP: u32 = CMP | CASE_SENSITIVE;

kinds! {
    Unknown 0 "unknown" 0;
    Variable 1 "var" 0;
    SplattedVariable 2 "@var" 0;
    Parameter 3 "param" 0;
    Number 4 "number" 0;
    Label 5 "label" 0;
    Identifier 6 "ident" 0;
    Generic 7 "generic" 0;
    NewLine 8 "newline" MODE_INVARIANT;
    LineContinuation 9 "line continuation" MODE_INVARIANT;
    Comment 10 "comment" MODE_INVARIANT;
    EndOfInput 11 "eof" MODE_INVARIANT;
    StringLiteral 12 "sqstr" MODE_INVARIANT;
    StringExpandable 13 "dqstr" MODE_INVARIANT;
    HereStringLiteral 14 "sq here string" MODE_INVARIANT;
    HereStringExpandable 15 "dq here string" MODE_INVARIANT;
    LParen 16 "(" MODE_INVARIANT;
    RParen 17 ")" MODE_INVARIANT;
    LCurly 18 "{" MODE_INVARIANT;
    RCurly 19 "}" MODE_INVARIANT;
    LBracket 20 "[" 0;
    RBracket 21 "]" MODE_INVARIANT;
    AtParen 22 "@(" MODE_INVARIANT;
    AtCurly 23 "@{" MODE_INVARIANT;
    DollarParen 24 "$(" MODE_INVARIANT;
    Semi 25 ";" MODE_INVARIANT;
    AndAnd 26 "&&" MODE_INVARIANT;
    OrOr 27 "||" MODE_INVARIANT;
    Ampersand 28 "&" SPECIAL | MODE_INVARIANT;
    Pipe 29 "|" SPECIAL | MODE_INVARIANT;
    Comma 30 "," UNARY | MODE_INVARIANT;
    MinusMinus 31 "--" UNARY | INCREMENT | RESTRICTED;
    PlusPlus 32 "++" UNARY | INCREMENT | RESTRICTED;
    DotDot 33 ".." BINARY | RANGE | RESTRICTED;
    ColonColon 34 "::" SPECIAL | RESTRICTED;
    Dot 35 "." SPECIAL | RESTRICTED;
    Exclaim 36 "!" UNARY | FOLDABLE;
    Multiply 37 "*" BINARY | MULTIPLY | FOLDABLE;
    Divide 38 "/" BINARY | MULTIPLY | FOLDABLE;
    Rem 39 "%" BINARY | MULTIPLY | FOLDABLE;
    Plus 40 "+" BINARY | ADD | UNARY | FOLDABLE;
    Minus 41 "-" BINARY | ADD | UNARY | FOLDABLE;
    Equals 42 "=" ASSIGNMENT;
    PlusEquals 43 "+=" ASSIGNMENT;
    MinusEquals 44 "-=" ASSIGNMENT;
    MultiplyEquals 45 "*=" ASSIGNMENT;
    DivideEquals 46 "/=" ASSIGNMENT;
    RemainderEquals 47 "%=" ASSIGNMENT;
    Redirection 48 "redirection" RESTRICTED;
    RedirectInStd 49 "<" MODE_INVARIANT | RESTRICTED;
    Format 50 "-f" BINARY | FORMAT | RESTRICTED;
    Not 51 "-not" UNARY | FOLDABLE;
    Bnot 52 "-bnot" UNARY | FOLDABLE;
    And 53 "-and" BINARY | LOGICAL | FOLDABLE;
    Or 54 "-or" BINARY | LOGICAL | FOLDABLE;
    Xor 55 "-xor" BINARY | LOGICAL | FOLDABLE;
    Band 56 "-band" BINARY | BITWISE | FOLDABLE;
    Bor 57 "-bor" BINARY | BITWISE | FOLDABLE;
    Bxor 58 "-bxor" BINARY | BITWISE | FOLDABLE;
    Join 59 "-join" CMP | UNARY | RESTRICTED;
    Ieq 60 "-eq" CMP;
    Ine 61 "-ne" CMP;
    Ige 62 "-ge" CMP;
    Igt 63 "-gt" CMP;
    Ilt 64 "-lt" CMP;
    Ile 65 "-le" CMP;
    Ilike 66 "-ilike" CMP;
    Inotlike 67 "-inotlike" CMP;
    Imatch 68 "-imatch" CMP | RESTRICTED;
    Inotmatch 69 "-inotmatch" CMP | RESTRICTED;
    Ireplace 70 "-ireplace" CMP | RESTRICTED;
    Icontains 71 "-icontains" CMP;
    Inotcontains 72 "-inotcontains" CMP;
    Iin 73 "-iin" CMP;
    Inotin 74 "-inotin" CMP;
    Isplit 75 "-isplit" CMP | UNARY | RESTRICTED;
    Ceq 76 "-ceq" CCMP;
    Cne 77 "-cne" CCMP;
    Cge 78 "-cge" CCMP;
    Cgt 79 "-cgt" CCMP;
    Clt 80 "-clt" CCMP;
    Cle 81 "-cle" CCMP;
    Clike 82 "-clike" CCMP;
    Cnotlike 83 "-cnotlike" CCMP;
    Cmatch 84 "-cmatch" CCMP | RESTRICTED;
    Cnotmatch 85 "-cnotmatch" CCMP | RESTRICTED;
    Creplace 86 "-creplace" CCMP | RESTRICTED;
    Ccontains 87 "-ccontains" CCMP;
    Cnotcontains 88 "-cnotcontains" CCMP;
    Cin 89 "-cin" CCMP;
    Cnotin 90 "-cnotin" CCMP;
    Csplit 91 "-csplit" CCMP | UNARY | RESTRICTED;
    Is 92 "-is" CMP;
    IsNot 93 "-isnot" CMP;
    As 94 "-as" CMP | RESTRICTED;
    PostfixPlusPlus 95 "++" UNARY | INCREMENT | RESTRICTED;
    PostfixMinusMinus 96 "--" UNARY | INCREMENT | RESTRICTED;
    Shl 97 "-shl" CMP | FOLDABLE;
    Shr 98 "-shr" CMP | FOLDABLE;
    Colon 99 ":" SPECIAL | RESTRICTED;
    QuestionMark 100 "?" TERNARY | RESTRICTED;
    QuestionQuestionEquals 101 "??=" ASSIGNMENT;
    QuestionQuestion 102 "??" BINARY | COALESCE;
    QuestionDot 103 "?." SPECIAL | RESTRICTED;
    QuestionLBracket 104 "?[" 0;
    Begin 119 "begin" KEY | BLOCK_NAME;
    Break 120 "break" STMT;
    Catch 121 "catch" KEY;
    Class 122 "class" KEY;
    Continue 123 "continue" STMT;
    Data 124 "data" STMT;
    Define 125 "define" STMT;
    Do 126 "do" STMT;
    Dynamicparam 127 "dynamicparam" KEY | BLOCK_NAME;
    Else 128 "else" STMT;
    ElseIf 129 "elseif" STMT;
    End 130 "end" KEY | BLOCK_NAME;
    Exit 131 "exit" STMT;
    Filter 132 "filter" STMT;
    Finally 133 "finally" KEY;
    For 134 "for" STMT;
    Foreach 135 "foreach" STMT;
    From 136 "from" STMT;
    Function 137 "function" STMT;
    If 138 "if" STMT;
    In 139 "in" KEY;
    Param 140 "param" KEY;
    Process 141 "process" KEY | BLOCK_NAME;
    Return 142 "return" STMT;
    Switch 143 "switch" STMT;
    Throw 144 "throw" STMT;
    Trap 145 "trap" STMT;
    Try 146 "try" STMT;
    Until 147 "until" KEY;
    Using 148 "using" KEY;
    Var 149 "var" KEY;
    While 150 "while" STMT;
    Workflow 151 "workflow" STMT;
    Parallel 152 "parallel" STMT;
    Sequence 153 "sequence" STMT;
    InlineScript 154 "InlineScript" KEY;
    Configuration 155 "configuration" KEY;
    DynamicKeyword 156 "<dynamic keyword>" 0;
    Public 157 "public" KEY;
    Private 158 "private" KEY;
    Static 159 "static" KEY;
    Interface 160 "interface" KEY;
    Enum 161 "enum" KEY;
    Namespace 162 "namespace" KEY;
    Module 163 "module" KEY;
    Type 164 "type" KEY;
    Assembly 165 "assembly" KEY;
    Command 166 "command" KEY;
    Hidden 167 "hidden" KEY;
    Base 168 "base" KEY;
    Default 169 "default" KEY;
    Clean 170 "clean" KEY | BLOCK_NAME;
}

impl TokenKind {
    /// True if any of the given traits holds.
    pub fn has(self, traits: u32) -> bool {
        self.traits() & traits != 0
    }

    /// How tightly a binary operator binds.
    pub fn precedence(self) -> u32 {
        self.traits() & PRECEDENCE
    }

    /// The keyword of this spelling, in any letter case.
    pub fn keyword(word: &str) -> Option<TokenKind> {
        use TokenKind::*;
        let mut lower = [0u8; 13];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"assembly" => Assembly,
            b"base" => Base,
            b"begin" => Begin,
            b"break" => Break,
            b"catch" => Catch,
            b"class" => Class,
            b"clean" => Clean,
            b"command" => Command,
            b"configuration" => Configuration,
            b"continue" => Continue,
            b"data" => Data,
            b"default" => Default,
            b"define" => Define,
            b"do" => Do,
            b"dynamicparam" => Dynamicparam,
            b"else" => Else,
            b"elseif" => ElseIf,
            b"end" => End,
            b"enum" => Enum,
            b"exit" => Exit,
            b"filter" => Filter,
            b"finally" => Finally,
            b"for" => For,
            b"foreach" => Foreach,
            b"from" => From,
            b"function" => Function,
            b"hidden" => Hidden,
            b"if" => If,
            b"in" => In,
            b"interface" => Interface,
            b"module" => Module,
            b"namespace" => Namespace,
            b"parallel" => Parallel,
            b"param" => Param,
            b"private" => Private,
            b"process" => Process,
            b"public" => Public,
            b"return" => Return,
            b"sequence" => Sequence,
            b"static" => Static,
            b"switch" => Switch,
            b"throw" => Throw,
            b"trap" => Trap,
            b"try" => Try,
            b"type" => Type,
            b"until" => Until,
            b"using" => Using,
            b"var" => Var,
            b"while" => While,
            b"workflow" => Workflow,
            _ => return None,
        })
    }

    /// The operator of this spelling (without the dash), in any letter case.
    pub fn dash_operator(word: &str) -> Option<TokenKind> {
        use TokenKind::*;
        let mut lower = [0u8; 12];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"bnot" => Bnot,
            b"not" => Not,
            b"eq" | b"ieq" => Ieq,
            b"ceq" => Ceq,
            b"ne" | b"ine" => Ine,
            b"cne" => Cne,
            b"ge" | b"ige" => Ige,
            b"cge" => Cge,
            b"gt" | b"igt" => Igt,
            b"cgt" => Cgt,
            b"lt" | b"ilt" => Ilt,
            b"clt" => Clt,
            b"le" | b"ile" => Ile,
            b"cle" => Cle,
            b"like" | b"ilike" => Ilike,
            b"clike" => Clike,
            b"notlike" | b"inotlike" => Inotlike,
            b"cnotlike" => Cnotlike,
            b"match" | b"imatch" => Imatch,
            b"cmatch" => Cmatch,
            b"notmatch" | b"inotmatch" => Inotmatch,
            b"cnotmatch" => Cnotmatch,
            b"replace" | b"ireplace" => Ireplace,
            b"creplace" => Creplace,
            b"contains" | b"icontains" => Icontains,
            b"ccontains" => Ccontains,
            b"notcontains" | b"inotcontains" => Inotcontains,
            b"cnotcontains" => Cnotcontains,
            b"in" | b"iin" => Iin,
            b"cin" => Cin,
            b"notin" | b"inotin" => Inotin,
            b"cnotin" => Cnotin,
            b"split" | b"isplit" => Isplit,
            b"csplit" => Csplit,
            b"isnot" => IsNot,
            b"is" => Is,
            b"as" => As,
            b"f" => Format,
            b"and" => And,
            b"band" => Band,
            b"or" => Or,
            b"bor" => Bor,
            b"xor" => Xor,
            b"bxor" => Bxor,
            b"join" => Join,
            b"shl" => Shl,
            b"shr" => Shr,
            _ => return None,
        })
    }
}

/// A token of the text, in source order.
#[derive(Debug, Clone)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Traits of the kind and what the parser found out (command name, member name, …).
    pub flags: u32,
    /// Tokens inside an expandable string.
    pub nested: Vec<Token>,
}

impl Token {
    /// The token's text in the source it came from.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        let end = (self.span.end as usize).min(source.len());
        source.get(self.span.start as usize..end).unwrap_or("")
    }

    /// True if any of the given flags is set.
    pub fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_their_kinds() {
        assert_eq!(TokenKind::keyword("FOREACH"), Some(TokenKind::Foreach));
        assert_eq!(TokenKind::keyword("foreach-object"), None);
        assert_eq!(
            TokenKind::dash_operator("INotLike"),
            Some(TokenKind::Inotlike)
        );
        assert_eq!(TokenKind::dash_operator("contain"), None);
        assert!(TokenKind::Plus.precedence() > TokenKind::Ieq.precedence());
    }
}

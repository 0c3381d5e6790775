//! What tree a text gives, written compactly.

use super::ast::*;
use super::parse;

fn block(b: &StatementBlock) -> String {
    let mut list: Vec<String> = b.statements.iter().map(statement).collect();
    list.extend(b.traps.iter().map(|t| format!("trap{}", block(&t.body))));
    format!("{{{}}}", list.join("; "))
}

fn script(b: &ScriptBlockAst) -> String {
    let mut list = Vec::new();
    if let Some(p) = &b.param_block {
        let names: Vec<String> = p.parameters.iter().map(parameter).collect();
        list.push(format!("param({})", names.join(",")));
    }
    for (name, part) in [
        ("dynamicparam", &b.dynamic_param),
        ("begin", &b.begin),
        ("process", &b.process),
        ("end", &b.end),
        ("clean", &b.clean),
    ] {
        if let Some(part) = part {
            let name = if part.unnamed { "" } else { name };
            list.push(format!("{name}{}", block(&part.body)));
        }
    }
    list.join(" ")
}

fn parameter(p: &ParameterAst) -> String {
    let mut text = String::new();
    for a in &p.attributes {
        text += &match a {
            AttributeBaseAst::Attribute(a) => format!("@{}", a.type_name),
            AttributeBaseAst::TypeConstraint(t) => format!("[{}]", t.type_name),
        };
    }
    text += &variable(&p.name);
    if let Some(d) = &p.default {
        text += &format!("={}", expression(d));
    }
    text
}

fn variable(v: &VariablePath) -> String {
    match &v.drive {
        Some(d) => format!("${d}|{}", v.name),
        None => format!("${}", v.name),
    }
}

fn pipeline(p: &PipelineAst) -> String {
    let list: Vec<String> = p
        .elements
        .iter()
        .map(|e| match e {
            CommandBaseAst::Expression(e) => expression(&e.expression) + &redirect(&e.redirections),
            CommandBaseAst::Command(c) => command(c),
        })
        .collect();
    list.join(" | ") + if p.background { " &" } else { "" }
}

fn redirect(list: &[RedirectionAst]) -> String {
    list.iter()
        .map(|r| match &r.kind {
            RedirectionKind::File { location, append } => {
                let mark = if *append { ">>" } else { ">" };
                format!(" {:?}{mark}{}", r.from, expression(location))
            }
            RedirectionKind::Merge(to) => format!(" {:?}>&{to:?}", r.from),
        })
        .collect()
}

fn command(c: &CommandAst) -> String {
    let list: Vec<String> = c
        .elements
        .iter()
        .map(|e| match e {
            CommandElementAst::Argument(e) => expression(e),
            CommandElementAst::Parameter(p) => match &p.argument {
                Some(a) => format!("-{}:{}", p.name, expression(a)),
                None => format!("-{}{}", p.name, if p.colon { ":" } else { "" }),
            },
        })
        .collect();
    let mark = match c.invocation {
        InvocationOperator::None => "",
        InvocationOperator::Ampersand => "& ",
        InvocationOperator::Dot => ". ",
    };
    format!("<{mark}{}{}>", list.join(" "), redirect(&c.redirections))
}

fn statement(s: &StatementAst) -> String {
    let like = |s: &Option<PipelineLike>| s.as_ref().map(statement).unwrap_or_default();
    match &s.kind {
        StatementKind::Pipeline(p) => pipeline(p),
        StatementKind::PipelineChain(c) => {
            let mut text = pipeline(&c.first);
            for (operator, p) in &c.rest {
                text += &format!(" {operator:?} {}", pipeline(p));
            }
            text + if c.background { " &" } else { "" }
        }
        StatementKind::Assignment(a) => {
            format!(
                "{} {:?} {}",
                expression(&a.left),
                a.operator,
                statement(&a.right)
            )
        }
        StatementKind::If(i) => {
            let mut text: String = i
                .clauses
                .iter()
                .map(|(c, b)| format!("if({}){}", statement(c), block(b)))
                .collect();
            if let Some(b) = &i.else_clause {
                text += &format!("else{}", block(b));
            }
            text
        }
        StatementKind::While {
            condition, body, ..
        } => {
            format!("while({}){}", statement(condition), block(body))
        }
        StatementKind::DoWhile {
            condition, body, ..
        } => {
            format!("do{}while({})", block(body), statement(condition))
        }
        StatementKind::DoUntil {
            condition, body, ..
        } => {
            format!("do{}until({})", block(body), statement(condition))
        }
        StatementKind::For(f) => format!(
            "for({};{};{}){}",
            like(&f.initializer),
            like(&f.condition),
            like(&f.iterator),
            block(&f.body)
        ),
        StatementKind::ForEach(f) => format!(
            "{}foreach({} in {}){}",
            f.label
                .as_ref()
                .map(|l| format!(":{l} "))
                .unwrap_or_default(),
            variable(&f.variable),
            statement(&f.expression),
            block(&f.body)
        ),
        StatementKind::Switch(s) => {
            let mut text = format!("switch({})", statement(&s.condition));
            for (c, b) in &s.clauses {
                text += &format!(" {}{}", expression(c), block(b));
            }
            if let Some(b) = &s.default {
                text += &format!(" default{}", block(b));
            }
            text
        }
        StatementKind::Try(t) => {
            let mut text = format!("try{}", block(&t.body));
            for c in &t.catches {
                let types: Vec<String> = c.types.iter().map(|t| t.type_name.to_string()).collect();
                text += &format!("catch[{}]{}", types.join(","), block(&c.body));
            }
            if let Some(b) = &t.finally {
                text += &format!("finally{}", block(b));
            }
            text
        }
        StatementKind::Data { name, body, .. } => {
            format!("data {}{}", name.as_deref().unwrap_or(""), block(body))
        }
        StatementKind::Function(f) => format!(
            "{} {}({}){}",
            if f.is_filter { "filter" } else { "function" },
            f.name,
            f.parameters
                .iter()
                .flatten()
                .map(parameter)
                .collect::<Vec<_>>()
                .join(","),
            script(&f.body)
        ),
        StatementKind::TypeDefinition(t) => format!("type {}", t.name),
        StatementKind::Return(v) => {
            format!("return {}", v.as_deref().map(statement).unwrap_or_default())
        }
        StatementKind::Throw(v) => {
            format!("throw {}", v.as_deref().map(statement).unwrap_or_default())
        }
        StatementKind::Exit(v) => {
            format!("exit {}", v.as_deref().map(statement).unwrap_or_default())
        }
        StatementKind::Break(l) => {
            format!("break {}", l.as_deref().map(expression).unwrap_or_default())
        }
        StatementKind::Continue(l) => {
            format!(
                "continue {}",
                l.as_deref().map(expression).unwrap_or_default()
            )
        }
        StatementKind::Block(b) => block(b),
        StatementKind::Error(e) => format!("error of {} parts", e.nested.len()),
    }
}

fn join(list: &[ExpressionAst], mark: &str) -> String {
    list.iter().map(expression).collect::<Vec<_>>().join(mark)
}

fn expression(e: &ExpressionAst) -> String {
    match &e.kind {
        ExpressionKind::Number { value, .. } => format!("{value:?}"),
        ExpressionKind::String { value, quoting } => match quoting {
            StringQuoting::BareWord => value.to_string(),
            _ => format!("'{value}'"),
        },
        ExpressionKind::Expandable { parts, .. } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|p| match p {
                    StringPart::Text(t) => format!("'{t}'"),
                    StringPart::Expression(e) => expression(e),
                })
                .collect();
            format!("\"{}\"", parts.join("~"))
        }
        ExpressionKind::Variable(v) => variable(v),
        ExpressionKind::Splat(v) => format!("@{}", v.name),
        ExpressionKind::Type(t) => format!("[{t}]"),
        ExpressionKind::ArrayLiteral(items) => format!("({})", join(items, ", ")),
        ExpressionKind::Array(b) => format!("@{}", block(b)),
        ExpressionKind::SubExpression(b) => format!("${}", block(b)),
        ExpressionKind::Paren(p) => format!("({})", statement(p)),
        ExpressionKind::Hashtable(entries) => {
            let list: Vec<String> = entries
                .iter()
                .map(|(k, v)| format!("{}={}", expression(k), statement(v)))
                .collect();
            format!("@[{}]", list.join("; "))
        }
        ExpressionKind::ScriptBlock(b) => format!("block{}", script(b)),
        ExpressionKind::Unary { operator, operand } => {
            format!("{operator:?}({})", expression(operand))
        }
        ExpressionKind::Binary {
            operator,
            left,
            right,
            ..
        } => {
            format!("[{} {operator:?} {}]", expression(left), expression(right))
        }
        ExpressionKind::Ternary {
            condition,
            if_true,
            if_false,
        } => format!(
            "({} ? {} : {})",
            expression(condition),
            expression(if_true),
            expression(if_false)
        ),
        ExpressionKind::Convert {
            constraint,
            operand,
        } => {
            format!("[{}]->{}", constraint.type_name, expression(operand))
        }
        ExpressionKind::Attributed { attribute, operand } => {
            format!("@{}->{}", attribute.type_name, expression(operand))
        }
        ExpressionKind::Member(m) => format!(
            "{}{}{}",
            expression(&m.target),
            if m.is_static {
                "::"
            } else if m.null_conditional {
                "?."
            } else {
                "."
            },
            expression(&m.member)
        ),
        ExpressionKind::InvokeMember(m) => {
            let generic: Vec<String> = m
                .generic_arguments
                .iter()
                .map(TypeName::to_string)
                .collect();
            format!(
                "{}{}{}{}({})",
                expression(&m.target),
                if m.is_static {
                    "::"
                } else if m.null_conditional {
                    "?."
                } else {
                    "."
                },
                expression(&m.member),
                if generic.is_empty() {
                    String::new()
                } else {
                    format!("[{}]", generic.join(","))
                },
                join(&m.arguments, ", ")
            )
        }
        ExpressionKind::Index {
            target,
            index,
            null_conditional,
            ..
        } => format!(
            "{}{}[{}]",
            expression(target),
            if *null_conditional { "?" } else { "" },
            expression(index)
        ),
        ExpressionKind::Using(e) => format!("using({})", expression(e)),
        ExpressionKind::Error(parts) => format!("error({})", join(parts, ", ")),
    }
}

/// The shape of a text, or its first error.
fn shape(code: &str) -> String {
    let parse = parse(code);
    match parse.errors.first() {
        Some(e) => format!("{} {}", e.id, e.message),
        None => script(&parse.block),
    }
}

#[test]
fn texts_have_their_shapes() {
    let cases: &[(&str, &str)] = &[
        ("1,2 + 3", "{[(Int(1), Int(2)) Add Int(3)]}"),
        ("-not 1 -eq 2", "{[Not(Int(1)) Eq(Default) Int(2)]}"),
        (
            "5 -band 4 -eq 4",
            "{[Int(5) BitAnd [Int(4) Eq(Default) Int(4)]]}",
        ),
        ("\"{0}\" -f 1 + 2", "{[['{0}' Format Int(1)] Add Int(2)]}"),
        ("1..3 + 4", "{[[Int(1) Range Int(3)] Add Int(4)]}"),
        ("$a ?? 1 + 2", "{[$a Coalesce [Int(1) Add Int(2)]]}"),
        (
            "-split 'a b' -join '-'",
            "{[Split { case_sensitive: false }('a b') Join '-']}",
        ),
        (
            "$c ? 1 : $d ? 2 : 3",
            "{($c ? Int(1) : ($d ? Int(2) : Int(3)))}",
        ),
        ("$a = $b = 1", "{$a Equals $b Equals Int(1)}"),
        (
            "1 -ieq 2; 1 -in 2; 1 -iin 2; 1 -isnot [int]",
            "{[Int(1) Eq(Insensitive) Int(2)]; [Int(1) In(Default) Int(2)]; [Int(1) In(Insensitive) Int(2)]; [Int(1) IsNot [int]]}",
        ),
        (
            "-1; - 1; -$x; --$x; $x++",
            "{Int(-1); Minus(Int(1)); Minus($x); PreDecrement($x); PostIncrement($x)}",
        ),
        (
            "5-1; 5 -1; $a-1",
            "{[Int(5) Subtract Int(1)]; [Int(5) Subtract Int(1)]; [$a Subtract Int(1)]}",
        ),
        ("f -1 -.5 +2", "{<f -1 -.5 +2>}"),
        ("f a-b -c:1 -d: 2 -e", "{<f a-b -c:Int(1) -d:Int(2) -e>}"),
        ("f -a.b 5", "{<f -a .b Int(5)>}"),
        ("f -a: -b", "{<f -a:-b>}"),
        ("f -a\"b\"", "{<f -ab>}"),
        ("f -- -x --", "{<f -- -x -->}"),
        ("f a\"b c\"d 'x'y", "{<f ab cd 'x' y>}"),
        (
            "f $a/b $a.b $a[0] $a::b $a.b/c",
            "{<f \"$a~'/b'\" $a.b $a[Int(0)] $a::b $a.b /c>}",
        ),
        ("f 1,2, 3 4", "{<f (Int(1), Int(2), Int(3)) Int(4)>}"),
        ("f @y 1 @z", "{<f @y Int(1) @z>}"),
        ("f 2>x 3>&1 >>y", "{<f Error>x Warning>&Output Output>>y>}"),
        ("f --% a | b", "{<f --% a > | <b>}"),
        ("f --% a \"|\" & c", "{<f --% a \"|\" & c>}"),
        (
            "& f; . f; .f; & $x 1",
            "{<& f>; <. f>; <.f>; <& $x Int(1)>}",
        ),
        ("foo$x; & foo$x", "{<foo$x>; <& \"'foo'~$x\">}"),
        (
            "if ($a) {1} elseif (b) {2} else {3}",
            "{if($a){Int(1)}if(<b>){Int(2)}else{Int(3)}}",
        ),
        (
            ":o foreach ($x in 1,2) { break o }",
            "{:o foreach($x in (Int(1), Int(2))){break o}}",
        ),
        (
            "for($i=0\n$i -lt 2\n$i++){$i}",
            "{for($i Equals Int(0);[$i Lt(Default) Int(2)];PostIncrement($i)){$i}}",
        ),
        ("for(;;){}", "{for(;;){}}"),
        (
            "switch -regex ($a) { a {1} 'b' {2} {$_} {3} default {4} }",
            "{switch($a) a{Int(1)} 'b'{Int(2)} block{$_}{Int(3)} default{Int(4)}}",
        ),
        (
            "try {1} catch [A],[B] {2} catch {3} finally {4}",
            "{try{Int(1)}catch[A,B]{Int(2)}catch[]{Int(3)}finally{Int(4)}}",
        ),
        ("do {1} until (2)", "{do{Int(1)}until(Int(2))}"),
        (
            "function f($a, [int]$b = 2) { $a }",
            "{function f($a,[int]$b=Int(2)){$a}}",
        ),
        ("filter f { $_ }", "{filter f(){$_}}"),
        (
            "function f { begin {1} process {2} }",
            "{function f()begin{Int(1)} process{Int(2)}}",
        ),
        (
            "param([Parameter(Mandatory)][string]$a, $b = (1,2))\n$a",
            "param(@Parameter[string]$a,$b=((Int(1), Int(2)))) {$a}",
        ),
        (
            "@{a=1;'b'=2\n$c=if ($x) {1}\n1=f 2}",
            "{@[a=Int(1); 'b'=Int(2); $c=if($x){Int(1)}; Int(1)=<f Int(2)>]}",
        ),
        (
            "@(1;2); $(1;2); @()",
            "{@{Int(1); Int(2)}; ${Int(1); Int(2)}; @{}}",
        ),
        (
            "\"a $b.c $($d.e) ${f g} $h:i `$x\"",
            "{\"'a '~$b~'.c '~${$d.e}~' '~$f g~' '~$h|i~' $x'\"}",
        ),
        ("\"x$(\"\"y\"\")z\"", "{\"'x'~${'y'}~'z'\"}"),
        ("\"$(\"a$(\"b\")\")\"", "{\"${\"'a'~${'b'}\"}\"}"),
        ("@\"\na $b\n\"@", "{\"'a '~$b\"}"),
        ("@'\na''b\n'@", "{'a''b'}"),
        (
            "[int]\"5\"; [int[]](1,2); [string][int]$x",
            "{[int]->'5'; [int[]]->((Int(1), Int(2))); [string]->[int]->$x}",
        ),
        (
            "[Collections.Generic.Dictionary[string,int[]]]::new()",
            "{[Collections.Generic.Dictionary[string,int[]]]::new()}",
        ),
        ("[math]::Max(1, 2)", "{[math]::Max(Int(1), Int(2))}"),
        (
            "$x.Where{$_ -gt 1}.Count",
            "{$x.Where(block{[$_ Gt(Default) Int(1)]}).Count}",
        ),
        ("$x.M[int](1); $x.P[0]", "{$x.M[int](Int(1)); $x.P[Int(0)]}"),
        ("${x}?.a; ${x}?[0]; $x?.a", "{$x?.a; $x?[Int(0)]; $x?.a}"),
        (
            "$a.'b c'; $a.$b; $a.(1+1); $a::b",
            "{$a.'b c'; $a.$b; $a.([Int(1) Add Int(1)]); $a::b}",
        ),
        ("$a.b.c(1)[2].d", "{$a.b.c(Int(1))[Int(2)].d}"),
        ("a | b |\n c", "{<a> | <b> | <c>}"),
        ("a\n| b\n # c\n | d", "{<a> | <b> | <d>}"),
        ("a && b || c", "{<a> AndAnd <b> OrOr <c>}"),
        ("a & b", "{<a> &; <b>}"),
        ("$x = a || b", "{$x Equals <a> OrOr <b>}"),
        (
            "$a, $b = 1, 2; [int]$c = 1",
            "{($a, $b) Equals (Int(1), Int(2)); [int]->$c Equals Int(1)}",
        ),
        (
            "$using:x; $env:A; $script:b",
            "{using($x); $env|A; $script|b}",
        ),
        ("{ param($a) $a }", "{blockparam($a) {$a}}"),
        ("trap { 1 } 2", "{Int(2); trap{Int(1)}}"),
        ("return\n1", "{return ; Int(1)}"),
        ("throw 'x'; exit 3", "{throw 'x'; exit Int(3)}"),
        (
            "1kb; 0x1F; 1e3; 1.5; 1d",
            "{Int(1024); Int(31); Double(1000.0); Double(1.5); Decimal(1)}",
        ),
        (
            "echo 7z 0x10 1kb a,b",
            "{<echo 7z Int(16) Int(1024) (a, b)>}",
        ),
        (
            "Get-ChildItem *.txt ~/x C:\\x [int] a=b =b a:b",
            "{<Get-ChildItem *.txt ~/x C:\\x [int] a=b =b a:b>}",
        ),
        ("gci –Path x", "{<gci -Path x>}"),
        ("‘a’; “b$c”", "{'a'; \"'b'~$c\"}"),
        ("! $x; !$x; !f", "{Exclaim($x); Exclaim($x); <!f>}"),
        ("$x -is [int] -and $y", "{[[$x Is [int]] And $y]}"),
        (
            "[ordered]@{a=1}; [pscustomobject]@{}",
            "{[ordered]->@[a=Int(1)]; [pscustomobject]->@[]}",
        ),
        ("data d -SupportedCommand x { 'a' }", "{data d{'a'}}"),
        (
            "class A : B { [int]$x = 1; A() : base(1) {} static [int] M($a) { return 1 } }",
            "{type A}",
        ),
        (
            "[ValidateSet('a')]$x = 'a'",
            "{@ValidateSet->$x Equals 'a'}",
        ),
        ("f `\n  -a b", "{<f -a b>}"),
        ("f a`;b `$x", "{<f a;b $x>}"),
        ("f a#b #c", "{<f a#b>}"),
        ("1 <# c #> + 2", "{[Int(1) Add Int(2)]}"),
        ("$a<#x#>.b", "{$a.b}"),
        (
            "f {1} { 2 }.ToString()",
            "{<f block{Int(1)} block{Int(2)}.ToString()>}",
        ),
        ("f \"abc\".Length", "{<f 'abc'.Length>}"),
        ("f a, b\n", "{<f (a, b)>}"),
        (
            "f (1) $(2) @(3) @{a=4}",
            "{<f (Int(1)) ${Int(2)} @{Int(3)} @[a=Int(4)]>}",
        ),
        ("$x.M(1,\n 2)", "{$x.M(Int(1), Int(2))}"),
        (
            "(1 + 2).ToString('x')",
            "{([Int(1) Add Int(2)]).ToString('x')}",
        ),
        (
            "1.0.ToString(); 1kb.ToString()",
            "{Double(1.0).ToString(); Int(1024).ToString()}",
        ),
        (
            "if",
            "MissingOpenParenthesisInIfStatement Missing '(' after 'if' in if statement.",
        ),
        ("f if foreach", "{<f if foreach>}"),
        ("$h.if; @{if=1}", "{$h.if; @[if=Int(1)]}"),
        (
            "echo $x$y ${a}b $x-y $(1)b",
            "{<echo \"$x~$y\" \"$a~'b'\" \"$x~'-y'\" ${Int(1)} b>}",
        ),
        ("echo a$(1)b", "{<echo \"'a'~${Int(1)}~'b'\">}"),
        ("echo $$ $? $^", "{<echo $$ $? $^>}"),
        ("echo 5$ a$", "{<echo 5$ a$>}"),
        (
            "$a[1,2]; $a[-1]; $a[1..2]",
            "{$a[(Int(1), Int(2))]; $a[Int(-1)]; $a[[Int(1) Range Int(2)]]}",
        ),
        ("$a+$b; $a*-1", "{[$a Add $b]; [$a Multiply Int(-1)]}"),
        ("echo a; echo b &", "{<echo a>; <echo b> &}"),
        ("$true ? 1:2", "{($true ? Int(1) : Int(2))}"),
        (
            "$x = if (1) {2} else {3}",
            "{$x Equals if(Int(1)){Int(2)}else{Int(3)}}",
        ),
        (
            "$x = foreach ($i in 1) {$i}",
            "{$x Equals foreach($i in Int(1)){$i}}",
        ),
        (",1; ,(1,2)", "{(Int(1)); (((Int(1), Int(2))))}"),
        (
            "f | % { $_ } | ? Name -eq 'x'",
            "{<f> | <% block{$_}> | <? Name -eq 'x'>}",
        ),
        ("1 | % Name", "{Int(1) | <% Name>}"),
        (
            "'a' -replace 'b','c' -split ','",
            "{[['a' Replace(Default) ('b', 'c')] Split(Default) ',']}",
        ),
        (
            "$a.b = 1; $a[0] += 2; $a::c = 3",
            "{$a.b Equals Int(1); $a[Int(0)] Plus Int(2); $a::c Equals Int(3)}",
        ),
        (
            "f -a:$false -b:@(1) -c:{1}",
            "{<f -a:$false -b:@{Int(1)} -c:block{Int(1)}>}",
        ),
        ("f -a:1,2 b", "{<f -a:(Int(1), Int(2)) b>}"),
        ("../x.ps1 ..\\y", "{<../x.ps1 ..\\y>}"),
        (".\\x.ps1; ./x", "{<.\\x.ps1>; <./x>}"),
        (
            ". $x; . 'a'; . { 1 }",
            "{<. $x>; <. 'a'>; <. block{Int(1)}>}",
        ),
        ("&{1}; &(f)", "{<& block{Int(1)}>; <& (<f>)>}"),
        ("[int]::MaxValue -shl 1", "{[[int]::MaxValue Shl Int(1)]}"),
        ("[type]'x'", "{[type]->'x'}"),
        ("[a.b+c]::D", "{[a.b+c]::D}"),
        ("[int,mscorlib]::X", "{[int,mscorlib]::X}"),
        ("[List[[string],[int]]]", "{[List[string,int]]}"),
        (
            "{1}.Invoke(); @{}.Count; 'a'.Length; @(1)[0]",
            "{block{Int(1)}.Invoke(); @[].Count; 'a'.Length; @{Int(1)}[Int(0)]}",
        ),
        ("while($a){continue}", "{while($a){continue }}"),
        (
            "$a = @{ b = { 1 } ; c = 'd' }",
            "{$a Equals @[b=block{Int(1)}; c='d']}",
        ),
        ("f 'a''b' \"c\"\"d\" `e", "{<f 'a'b' 'c\"d' \u{1b}>}"),
        ("", "{}"),
        ("# only\n", "{}"),
    ];
    let mut wrong = Vec::new();
    for (code, expected) in cases {
        let got = shape(code);
        if got != *expected {
            wrong.push(format!("{code:?}\n  want {expected}\n  got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_is_found_where_it_belongs() {
    let code = "<# .SYNOPSIS\nscript #>\n\n\n\n# .SYNOPSIS\n# f\nfunction f { 1 }\nfunction g {\n<# .SYNOPSIS\n g #>\nparam() }\nfunction h { 1\n# .NOTES\n# h\n}";
    let parse = parse(code);
    assert!(
        parse
            .block
            .help
            .as_ref()
            .is_some_and(|h| h.contains("script"))
    );
    let statements = &parse
        .block
        .end
        .as_ref()
        .expect("statements")
        .body
        .statements;
    let help: Vec<Option<&str>> = statements
        .iter()
        .map(|s| match &s.kind {
            StatementKind::Function(f) => f.body.help.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(
        help,
        [
            Some("# .SYNOPSIS\n# f"),
            Some("<# .SYNOPSIS\n g #>"),
            Some("# .NOTES\n# h")
        ]
    );
}

#[test]
fn restricted_language_is_data() {
    let check = |code: &str| {
        let parse = parse(code);
        let ids: Vec<&str> = super::check_restricted(
            &parse.block,
            code,
            &super::RestrictedLanguage {
                commands: Some(vec!["Import-LocalizedData".into()]),
                variables: vec!["PSScriptRoot".into()],
                environment: true,
            },
        )
        .iter()
        .map(|e| e.id)
        .collect();
        ids.join(" ")
    };
    assert_eq!(
        check("@{ a = \"$PSScriptRoot/x\"; b = $env:X, $true; c = @(1; 2) }"),
        ""
    );
    assert_eq!(check("$x"), "VariableReferenceNotSupportedInDataSection");
    assert_eq!(check("Get-Date"), "CmdletNotInAllowedListForDataSection");
}

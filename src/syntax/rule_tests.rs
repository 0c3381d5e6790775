//! Every row of the table of rules: a snippet, and the errors PowerShell finds in it.

use super::*;

/// Rows that do not match yet; the number only gets smaller.
const KNOWN_FAILURES: usize = 0;

/// The few types that the table uses.
fn is_known_type(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("system.")
        || ["int", "string", "void", "bool", "byte"].contains(&name.as_str())
}

/// What the parser says of a snippet, in the words of the table.
fn answer(code: &str, ids_only: bool) -> String {
    let options = ParseOptions {
        tokens: true,
        interruptible: false,
        known_type: Some(&is_known_type),
        module_exists: Some(&|_| false),
        assembly_exists: Some(&|_| false),
    };
    let errors = parse_with(code, &options).errors;
    if ids_only {
        let ids: Vec<&str> = errors.iter().map(|e| e.id).collect();
        return format!("parse errors: {}", ids.join(", "));
    }
    if errors.is_empty() {
        return "no errors".to_string();
    }
    let source = Source::new(code, None);
    let list: Vec<String> = errors
        .iter()
        .map(|e| {
            let start = source.utf16_offset(e.span.start as usize);
            let end = source.utf16_offset(e.span.end as usize);
            format!("{}@{start}-{end}", e.id)
        })
        .collect();
    list.join(", ")
}

#[test]
fn rules_hold() {
    let table = include_str!("../../tests/fixtures/parse-rules.jsonl");
    let mut failures = Vec::new();
    for line in table.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row of the table");
        let code = row["code"].as_str().expect("code");
        let expected = row["answer"].as_str().expect("answer");
        let got = answer(code, expected.starts_with("parse errors"));
        if got != expected {
            failures.push(format!(
                "{} {code:?}\n  want {expected}\n  got  {got}",
                row["id"]
            ));
        }
    }
    assert!(
        failures.len() == KNOWN_FAILURES,
        "{} rows fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(|| {
        for (open, close) in [
            ("(", ")"),
            ("@{a=", "}"),
            ("{", "}"),
            ("-not ", ""),
            ("\"$(", ")\""),
        ] {
            let code = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            let parse = parse(&code);
            assert!(
                parse.errors.iter().any(|e| e.id == "ScriptTooComplicated"),
                "{open} {:?}",
                parse.errors.first()
            );
        }
    });
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn what_is_read_twice_at_every_level_ends() {
    let code = "data { [int((((((((((((((".repeat(16);
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let read = move || {
        let parse = parse(&code);
        let ended = parse.errors.iter().any(|e| e.id == "ScriptTooComplicated");
        assert!(ended, "{:?}", parse.errors.first());
    };
    let thread = thread.spawn(read).expect("a thread");
    thread.join().expect("it ends");
}

#[test]
fn methods_are_followed_along_their_paths() {
    let cases = [
        ("if (1) { $x = 1 }; $x", "VariableNotLocal"),
        ("if (1) { $x = 1 } else { $x = 2 }; $x", ""),
        (
            "if (1) { [int]$x = 1 } else { $x = 2 }; if (2) { $y = 1 }; $x",
            "",
        ),
        ("foreach ($i in 1) { $i }", ""),
        ("foreach ($i in 1) { }; $i", ""),
        ("try { $x = 1 } catch { }; $x", "VariableNotLocal"),
        ("while (1) { $x = 1; break }; $x", "VariableNotLocal"),
        ("do { $x = 1 } while ($x)", ""),
        ("$x += 1", ""),
        ("$env:A; $script:b; $global:c; $true; $_; $this", ""),
        ("$Host", "VariableNotLocal"),
        ("Set-Variable x 1; $x", "VariableNotLocal"),
        ("& { $x }", ""),
        ("1 -and ($x = 1); $x", "VariableNotLocal"),
        ("break out", "LabelNotFound"),
        (":out while (1) { break out }", ""),
    ];
    for (body, expected) in cases {
        let code = format!("class A {{ M() {{ {body} }} }}");
        let ids: Vec<&str> = parse(&code).errors.iter().map(|e| e.id).collect();
        assert_eq!(ids.join(" "), expected, "{code}");
    }
    let returns = [
        ("switch (1) { 1 { return 1 } default { return 2 } }", false),
        ("try { return 1 } finally { }", true),
        ("while (1) { return 1 }", false),
        (
            "if (1) { return 1 } elseif (2) { throw 2 } else { return 3 }",
            true,
        ),
        ("for (;;) { }", true),
    ];
    for (body, expected) in returns {
        let code = format!("class A {{ [int] M() {{ {body} }} }}");
        let returned = parse(&code).errors.is_empty();
        assert_eq!(returned, expected, "{code}");
    }
}

#[test]
fn definitions_are_checked_before_the_run() {
    let cases = [
        ("class A { M(){}\n M(){} }", "MemberAlreadyDefined"),
        ("class A { M($a){}\n M([int]$a){} }", ""),
        ("class A { $x\n x(){} }", ""),
        ("class A { $x; $x }", "MemberAlreadyDefined"),
        ("enum A { x; x }", "MemberAlreadyDefined"),
        ("enum E : byte { A = 300 }", "EnumeratorValueOutOfBounds"),
        ("enum E { A = 'x' }", "CannotConvertValue"),
        (
            "enum E { A = [E]::B; B = 1 }",
            "EnumeratorValueMustBeConstant",
        ),
        ("enum E { A = 1 + 1; B = -1; C = 1 -shl 3 }", ""),
        ("class A : A {}", "TypeNotFound"),
    ];
    for (code, expected) in cases {
        let errors = check_definitions(&parse(code).block);
        let ids: Vec<&str> = errors.iter().map(|e| e.id).collect();
        assert_eq!(ids.join(" "), expected, "{code}");
    }
}

#[test]
fn reading_ends_whatever_is_repeated() {
    let read = || {
        for (piece, times) in [
            ("$", 10_000),
            ("$a+=", 5_000),
            ("++$a", 5_000),
            ("\"$(", 5_000),
            (")", 10_000),
            ("1", 200_000),
            ("@{", 10_000),
            ("{", 10_000),
        ] {
            let parsed = parse(&piece.repeat(times));
            assert!(!parsed.errors.is_empty(), "{piece}");
        }
    };
    // Nested text needs the stack that the program has.
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    let thread = thread.spawn(read).expect("a thread");
    thread.join().expect("every text was read");
}

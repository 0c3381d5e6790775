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
        failures.len() <= KNOWN_FAILURES,
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

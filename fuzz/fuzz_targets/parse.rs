//! Whatever the text, the parser gives a tree and its errors: it neither
//! panics nor takes longer than the text is long, and every place it names
//! lies within the text.
#![no_main]

mod deep;

use deep::Deep;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use ucsh::syntax::{ParseOptions, TokenKind, parse_with};

fn check(text: &str) {
    let everything_known = |_: &str| true;
    let options = ParseOptions {
        tokens: true,
        known_type: Some(&everything_known),
        ..ParseOptions::default()
    };
    let parsed = parse_with(text, &options);
    for token in &parsed.tokens {
        if token.kind == TokenKind::EndOfInput {
            continue; // PowerShell puts it behind the text.
        }
        let (start, end) = (token.span.start as usize, token.span.end as usize);
        assert!(
            text.get(start..end).is_some(),
            "a token outside of the text"
        );
    }
}

static PARSER: LazyLock<Deep> = LazyLock::new(|| Deep::new(check));

fuzz_target!(|text: &str| PARSER.work(text));

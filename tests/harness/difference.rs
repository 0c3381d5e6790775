//! Shows how an answer differs from the recorded one.

use super::case::Answer;
use std::fmt::Write;

/// How near an answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Output or exit code differ.
    Differs,
    /// Output and exit code are the same, standard error is not.
    Output,
    /// Everything is the same.
    Exact,
}

/// The level of `got` against `want`.
pub fn level(want: &Answer, got: &Answer) -> Level {
    if want.stdout != got.stdout || want.exit != got.exit {
        Level::Differs
    } else if want.stderr != got.stderr {
        Level::Output
    } else {
        Level::Exact
    }
}

/// The differing parts, line by line.
pub fn show(want: &Answer, got: &Answer) -> String {
    let mut out = String::new();
    lines("stdout", &want.stdout, &got.stdout, &mut out);
    lines("stderr", &want.stderr, &got.stderr, &mut out);
    if want.exit != got.exit {
        let exit = |code: Option<i32>| code.map_or("none".to_owned(), |n| n.to_string());
        let _ = writeln!(out, "exit: - {}  + {}", exit(want.exit), exit(got.exit));
    }
    out
}

/// Lines that both begin or end with stand plain (three of them), between them `-` wanted and `+` got.
fn lines(label: &str, want: &str, got: &str, out: &mut String) {
    const CONTEXT: usize = 3;
    if want == got {
        return;
    }
    let a: Vec<&str> = want.split_inclusive('\n').collect();
    let b: Vec<&str> = got.split_inclusive('\n').collect();
    let shorter = a.len().min(b.len());
    let head = (0..shorter).take_while(|&i| a[i] == b[i]).count();
    let tail = (0..shorter - head)
        .take_while(|&i| a[a.len() - 1 - i] == b[b.len() - 1 - i])
        .count();
    let _ = writeln!(out, "{label} (- wanted, + got), from line {}:", head + 1);
    let mut put = |sign: char, line: &str| {
        let shown = line.trim_end_matches('\n').escape_debug().to_string();
        let end = if line.ends_with('\n') { "" } else { " ⏎̸" };
        let _ = writeln!(
            out,
            "  {sign} {}{end}",
            shown.replace("\\\"", "\"").replace("\\'", "'")
        );
    };
    a[head.saturating_sub(CONTEXT)..head]
        .iter()
        .for_each(|l| put(' ', l));
    a[head..a.len() - tail].iter().for_each(|l| put('-', l));
    b[head..b.len() - tail].iter().for_each(|l| put('+', l));
    a[a.len() - tail..]
        .iter()
        .take(CONTEXT)
        .for_each(|l| put(' ', l));
}

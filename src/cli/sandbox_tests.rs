//! Programs in a sandbox: nothing of the machine is touched, and every one ends.

use super::invocation::Invocation;
use super::run::Engine;
use super::session::Session;
use crate::host::sandbox::Sandbox;
use std::rc::Rc;

/// What a program writes in a sandbox when it may take so many steps.
fn run(text: &str, steps: u64) -> String {
    let text = text.to_owned();
    let work = move || {
        let host = Rc::new(Sandbox::new(std::env::temp_dir(), 1 << 16));
        let invocation = Invocation {
            store: Some(":memory:".to_owned()),
            non_interactive: true,
            ..Invocation::default()
        };
        let mut session = Session::new(&invocation, host.clone());
        session.vm.steps.allow(steps);
        session.run_command(&text, &[]);
        host.written()
    };
    // Calls nest as deep as in the program.
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    let thread = thread.spawn(work).expect("a thread");
    thread.join().expect("it ends")
}

#[test]
fn sleeping_takes_no_time() {
    let text = "$a = Get-Date; Start-Sleep 3600; ((Get-Date) - $a).TotalHours";
    assert_eq!(run(text, u64::MAX), "1\n");
}

#[test]
fn no_process_starts() {
    assert!(run("/bin/true; 'then'", u64::MAX).contains("denied"));
}

#[test]
fn nothing_runs_beyond_the_last_step() {
    for endless in [
        "while ($true) { }",
        "for () { }",
        "do { } until ($false)",
        "function f { try { f } catch { f } }; f",
        "switch (1..1000000) { 1 { } }",
        "1..1000000 | ForEach-Object { }",
        "(1..1000000).ForEach({ })",
        "[Linq.Enumerable]::Range(0, 1000000) | Where-Object { $_ -lt 0 }",
    ] {
        assert_eq!(
            run(&format!("'begun'; {endless}; 'not reached'"), 5000),
            "begun\n",
            "{endless}"
        );
    }
}

#[test]
fn long_errors_are_shown_soon() {
    let began = std::time::Instant::now();
    let shown = run("Write-Error ('word ' * 400000); 'then'", u64::MAX);
    assert!(shown.starts_with("Write-Error: word word"));
    assert!(began.elapsed() < std::time::Duration::from_secs(60));
}

#[test]
fn finally_runs_after_the_last_step() {
    let text = "try { while ($true) { } } finally { 'put away' }; 'not reached'";
    assert_eq!(run(text, 100), "put away\n");
}

//! How soon the prompt is back after Ctrl-C: `cargo bench --bench interrupt`. PowerShell's users expect
//! it at once; 100 ms is what this program allows itself.

fn main() {
    #[cfg(target_os = "linux")]
    linux::measure();
}

#[cfg(target_os = "linux")]
#[path = "../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
mod linux {
    use super::support::World;
    use super::support::terminal::Terminal;
    use std::time::{Duration, Instant};

    /// Milliseconds from the key to the prompt.
    const REACH: u128 = 100;

    /// What would go on for long, or for ever.
    const LINES: &[&str] = &[
        "while ($true) { }",
        "for ($i = 0; ; $i++) { $i | Out-Null }",
        "1..1000000000 | ForEach-Object { }",
        "$a = 1..100000000",
        "$s = ''; while (1) { $s += 'x' }",
        "$l = [Collections.Generic.List[int]]::new(); while (1) { $l.Add(1) }",
        "function f { f }; while (1) { try { f } catch { } }",
        "1..5000000 | Sort-Object",
        "1..3000000 | Group-Object { $_ % 7 }",
        "('a' * 40) -match '(a+)+$b'",
        "Get-ChildItem -Recurse / -ErrorAction Ignore | Out-Null",
        "Start-Sleep 100",
        "[Threading.Thread]::Sleep(100000)",
        "sleep 100",
        "Read-Host question",
        "Wait-Job (Start-Job { Start-Sleep 100 })",
        "1..10 | ForEach-Object -Parallel { Start-Sleep 50 }",
    ];

    /// Lets each line run for a while and interrupts it.
    pub fn measure() {
        let mut late = 0;
        for line in LINES {
            let taken = interrupted(line).as_millis();
            let verdict = if taken > REACH { "late" } else { "" };
            late += usize::from(taken > REACH);
            println!("{taken:>6} ms  {line}  {verdict}");
        }
        println!("{late} of {} later than {REACH} ms", LINES.len());
    }

    fn interrupted(line: &str) -> Duration {
        let world = World::new();
        let mut command = world.command(&["-NoProfile", "-NoLogo", "--store", ":memory:"]);
        command.env("TERM", "xterm-256color");
        let mut terminal = Terminal::start(command, 24, 100);
        terminal.prompts(1);
        terminal.keys(&format!("{line}\r"));
        std::thread::sleep(Duration::from_millis(1500));
        let start = Instant::now();
        terminal.keys("\x03");
        terminal.prompts(2);
        start.elapsed()
    }
}

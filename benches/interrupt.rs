//! How soon the prompt is back after Ctrl-C: `cargo bench --bench interrupt`, or with a part of the
//! lines to try behind `--`. PowerShell's users expect
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
        "1..1000000000 | Select-Object -Last 1",
        "1..1000000000 | Out-String | Out-Null",
        "1..1000000000 | Measure-Object -Sum",
        "foreach ($i in 1..1000000000) { }",
        "switch (1..1000000000) { default { } }",
        "& { begin { while ($true) { } } }",
        "$x = & { while ($true) { 1 } }",
        "class A { [void] M() { while ($true) { } } }; [A]::new().M()",
        "try { while ($true) { } } finally { 'done' }",
        "function f { try { f } finally { f } }; f",
        "function f { f }; while (1) { try { f } catch { } }",
        "$a = 1..100000000",
        "$a = @(); while (1) { $a += 1..1000 }",
        "$s = ''; while (1) { $s += 'x' }",
        "$l = [Collections.Generic.List[int]]::new(); while (1) { $l.Add(1) }",
        "$h = @{}; for ($i = 0; ; $i++) { $h[$i] = @($i) }",
        "$s = [Text.StringBuilder]::new(); while (1) { [void]$s.Append('a' * 1000000) }",
        "while (1) { $a = [int[]]::new(100000000) }",
        "$a = 1..20000000; while (1) { [array]::Sort($a) }",
        "$a = 1..20000000; while (1) { $b = [string[]]$a }",
        "$a = [int[]](1..10000000); while (1) { $b = [Collections.Generic.HashSet[int]]::new($a) }",
        "1..5000000 | Sort-Object",
        "1..3000000 | Sort-Object -Unique | Out-Null",
        "1..3000000 | Select-Object -Unique | Out-Null",
        "1..3000000 | Group-Object { $_ % 7 }",
        "1..5000000 | Group-Object | Out-Null",
        "$a = 1..1000000; Compare-Object $a $a[999999..0] | Out-Null",
        "1..3000000 | ForEach-Object { @{ a = $_ } } | ConvertTo-Json | Out-Null",
        r#"$t = '[' + '{"a":[1,2]},' * 5000000 + '1]'; $q = $t | ConvertFrom-Json"#,
        "1..3000000 | ForEach-Object { [pscustomobject]@{ a = $_ } } | ConvertTo-Csv | Out-Null",
        r#"$t = "a,b`n" + "1,2`n" * 5000000; $q = $t | ConvertFrom-Csv"#,
        "1..3000000 | ForEach-Object { [pscustomobject]@{ a = $_ } } | Export-Clixml /dev/null",
        "ConvertTo-Xml (1..5000000) | Out-Null",
        "$x = [xml]('<r>' + '<a/>' * 10000000 + '</r>')",
        "iex ('1;' * 5000000) | Out-Null",
        "$b = [scriptblock]::Create('$x = 1 + 2;' * 3000000)",
        "'a' * 300000000",
        "$t = 'ab' * 50000000; while (1) { $c = $t.ToCharArray() }",
        "$t = 'ab' * 50000000; while (1) { $c = $t.Replace('b', 'cc') }",
        "$t = 'ab' * 50000000; while (1) { $c = $t.Split('b') }",
        "$t = 'ab' * 50000000; while (1) { $c = $t.ToUpper() }",
        "$t = 'ab' * 50000000; while (1) { $c = $t -replace 'b', 'cc' }",
        "$t = 'ab' * 50000000; while (1) { $c = $t -split 'b' }",
        "$t = 'ab' * 50000000; while (1) { $c = $t -like '*cd*' }",
        "$t = 'ab' * 50000000; while (1) { $c = [Text.Encoding]::UTF8.GetBytes($t) }",
        "$a = 1..10000000; while (1) { $c = $a -join ',' }",
        "while (1) { $c = [string]::new('a', 100000000) }",
        "('a' * 40) -match '(a+)+$b'",
        "$s = 'ab' * 500000; while (1) { $s -match '(a|b)*c' }",
        "$a = 1..10000000; while (1) { $b = $a.ForEach('ToString') }",
        "$a = , 'abc' * 10000000; while (1) { $c = $a.ToUpper() }",
        "$a = 1..10000000; while (1) { $c = $a.Foo }",
        "$a = [Collections.Generic.List[int]](1..10000000); while (1) { $a.GetRange(0, 9999999) }",
        "$a = [int[]](1..10000000); while (1) { $b = [Linq.Enumerable]::SequenceEqual($a, $a) }",
        "while (1) { $b = [Linq.Enumerable]::Sum([Linq.Enumerable]::Range(1, 100000000)) }",
        "$n = [bigint]::Pow(7, 900000); $m = [bigint]::Pow(5, 700000); while (1) { $q = $n % $m }",
        "$n = [bigint]::Pow(7, 900000); $m = [bigint]::Pow(5, 70000); $q = [bigint]::ModPow($n, $m, $m + 2)",
        "[bigint]::Pow(3, 1000000000)",
        "$x = [xml]('<a>' * 100000 + '</a>' * 100000); while (1) { $x.SelectNodes('//a/ancestor::a').Count }",
        "$x = [Xml.Linq.XDocument]::Parse('<a>' * 20000 + '</a>' * 20000); while (1) { $x.ToString().Length }",
        "$e = $null; for ($i = 0; $i -lt 1000000; $i++) { $e = [Exception]::new('x', $e) }; while (1) { \"$e\".Length }",
        "while (1) { $a = $null; for ($i = 0; $i -lt 1000000; $i++) { $a = @{ n = $a } } }",
        "$l = [Collections.Generic.LinkedList[int]]::new(); for ($i = 0; ; $i++) { [void]$l.AddLast($i) }",
        "$n = [bigint]::Pow(3, 900000); while (1) { $m = $n * $n }",
        "$n = [bigint]::Parse('9' * 20000000)",
        "$r = 1..20000000 | Get-Random -Shuffle",
        "Get-ChildItem -Recurse / -ErrorAction Ignore | Out-Null",
        "$f = Get-ChildItem -Recurse / -ErrorAction Ignore",
        "$c = Get-Content /dev/zero",
        "Get-FileHash /dev/zero",
        "switch -File /dev/zero { default { } }",
        "Start-Sleep 100",
        "[Threading.Thread]::Sleep(100000)",
        "sleep 100",
        "cat",
        "$x = cat /dev/zero",
        "yes | ForEach-Object { }",
        "Read-Host question",
        "[Console]::In.ReadToEnd()",
        "Wait-Job (Start-Job { Start-Sleep 100 })",
        "Receive-Job -Wait (Start-Job { while ($true) { } })",
        "1..10 | ForEach-Object -Parallel { Start-Sleep 50 }",
    ];

    /// Lets each line run for a while and interrupts it.
    pub fn measure() {
        let wanted: Vec<String> = std::env::args().skip(1).collect();
        let wanted = wanted.iter().find(|word| !word.starts_with("--"));
        let mut late = 0;
        for line in LINES {
            if wanted.is_some_and(|part| !line.contains(part.as_str())) {
                continue;
            }
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
        // The first prompt may have scrolled away; an empty one at the end is the new one.
        terminal.wait("the next prompt", |screen| {
            let last = screen.lines().rfind(|line| !line.trim().is_empty());
            last.is_some_and(|line| line.starts_with("PS ") && line.trim_end().ends_with('>'))
        });
        start.elapsed()
    }
}

//! What is asked for beyond measure: it works, or ends in a clear error, and the next line runs.

mod support;

use support::World;

/// Lines and what they print; an error is shown by its id.
const LINES: &[(&str, &str)] = &[
    // An alias may stand for itself.
    (
        "$o = [pscustomobject]@{}; $o | Add-Member AliasProperty p q; $o | Add-Member AliasProperty q p; $o.p",
        "CycleInAliasLookup",
    ),
    (
        "$o = [pscustomobject]@{}; $o | Add-Member AliasProperty p p; $o.p = 1",
        "CycleInAliasLookup",
    ),
    // Formats may ask for more digits than there are places.
    ("(Get-Date).ToString('y' * 70000).Length", "70000"),
    ("(1).ToString('D70000').Length", "70000"),
    (
        "(1).ToString('X70000').Length; '{0:x70000}' -f 1 | % Length",
        "70000 70000",
    ),
    ("(1.5).ToString('F70000').Length", "70002"),
    ("(1).ToString('0E+' + '0' * 70000).Length -gt 0", "True"),
    // Texts end where .NET's end.
    (
        "try { [string]::Join('a' * 16MB, 1..70) } catch { $_.Exception.InnerException.GetType().Name }",
        "OutOfMemoryException",
    ),
    (
        "try { 1..70 -join ('a' * 16MB) } catch { $_.Exception.GetType().Name }",
        "OutOfMemoryException",
    ),
    (
        "$OFS = 'a' * 16MB; try { \"$(1..70)\" } catch { $_.Exception.GetType().Name }",
        "OutOfMemoryException",
    ),
    // Numbers have as many digits as they like.
    (
        "$n = [bigint]::Parse('9' * 200000); ($n + 1).ToString().Length; ('9' * 200000 | ConvertFrom-Json) -eq $n",
        "200001 True",
    ),
    (
        "[bigint]::Pow(3, 1000001).ToString().Length; [bigint]::Pow(1, 2000000000); try { [bigint]::Pow(3, 2000000000) } catch { $_.Exception.InnerException.GetType().Name }",
        "477122 1 OverflowException",
    ),
    // What holds itself a million deep is freed all the same.
    (
        "$a = $null; for ($i = 0; $i -lt 100000; $i++) { $a = [pscustomobject]@{ n = @{ n = , $a } } }; $a = $null; 'gone'",
        "gone",
    ),
    (
        "$e = $null; for ($i = 0; $i -lt 20000; $i++) { $e = [Exception]::new('x', $e) }; \"$e\".Length",
        "1439947",
    ),
    (
        "$x = [Xml.Linq.XDocument]::Parse('<a>' * 40000 + '</a>' * 40000); try { $x.ToString() } catch { $_.Exception.InnerException.GetType().Name }",
        "OutOfMemoryException",
    ),
    (
        "$x = [xml]('<a>' * 20000 + '</a>' * 20000); $x.SelectNodes('//a').Count",
        "20000",
    ),
    // There is no room for more items than .NET has.
    (
        "foreach ($type in 'Generic.List[int]', 'ArrayList', 'Queue', 'Generic.HashSet[int]', 'Generic.Dictionary[int,int]') { try { New-Object \"Collections.$type\" 2147483647 } catch { $_.Exception.InnerException.GetType().Name } }",
        "OutOfMemoryException OutOfMemoryException OutOfMemoryException OutOfMemoryException OutOfMemoryException",
    ),
    (
        "try { [hashtable]::new(2147483647) } catch { $_.Exception.InnerException.GetType().Name }; try { [IO.MemoryStream]::new(2147483647) } catch { $_.Exception.InnerException.Message }",
        "ArgumentException Array dimensions exceeded supported range.",
    ),
    // A function may have as many parameters as it likes.
    (
        "iex ('function f { param(' + ((1..20000 | % { \"`$a$_\" }) -join ',') + ') $a20000 }'); f -a20000 5",
        "5",
    ),
    // Chains of members are as long as they are, and null passes on to their end.
    (
        "$x = iex ('${nothing}?.a' + '.b' * 20000); $null -eq $x",
        "True",
    ),
    // No pause is longer than .NET's.
    (
        "[Threading.Thread]::Sleep([timespan]::MaxValue)",
        "ArgumentOutOfRangeException",
    ),
    // Tables are as wide as they are.
    (
        "$t = (1..20000 -join ','), (1..20000 -join ','); $r = $t, $t[1] | ConvertFrom-Csv; $r.Count; @($r[1].psobject.Properties).Count; $r[1].'20000'",
        "2 20000 20000",
    ),
];

#[test]
fn the_next_line_runs() {
    let world = World::new();
    for (line, expected) in LINES {
        let text = format!(
            "& {{ try {{ {line} }} catch {{ ($_.FullyQualifiedErrorId -split ',')[0] }} }} | Join-String -Separator ' '; 'next'"
        );
        assert_eq!(world.answer(&text), format!("{expected}\nnext\n"), "{line}");
    }
}

/// What cannot be written is said, whoever writes it.
#[cfg(target_os = "linux")]
#[test]
fn full_disks_are_said() {
    let world = World::new();
    for line in [
        "'x' | Set-Content /dev/full",
        "'x' | Add-Content /dev/full",
        "[byte[]](1..9) | Set-Content /dev/full -AsByteStream",
        "'x' | Out-File /dev/full",
        "'x' > /dev/full",
        "1 | Export-Clixml /dev/full",
        "[pscustomobject]@{ a = 1 } | Export-Csv /dev/full",
        "[IO.File]::WriteAllText('/dev/full', 'x')",
    ] {
        let text = format!("try {{ {line} }} catch {{ \"$_\" }}; 'next'");
        let run = world.ask(&text);
        let said = run.stdout + &run.stderr;
        assert!(
            said.contains("No space left on device : '/dev/full'") && said.ends_with("next\n"),
            "{line}: {said}"
        );
    }
}

/// A reader that went away ends the program, whichever stream it read.
#[cfg(unix)]
#[test]
fn nobody_listens() {
    use std::process::Stdio;
    let world = World::new();
    for line in ["while ($true) { 'x' }", "while ($true) { Write-Error x }"] {
        let mut command = world.command(&["-NoProfile", "-NonInteractive", "-Command", line]);
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program = command.spawn().expect("it starts");
        drop((program.stdout.take(), program.stderr.take()));
        assert_eq!(program.wait().expect("it ends").code(), Some(141), "{line}");
    }
}

/// Ctrl-C ends a script, but what it does at its end is done, and what it wrote is not lost.
#[cfg(target_os = "linux")]
#[test]
fn scripts_end_at_an_interrupt() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;
    // A program started in the background with Ctrl-C ignored hands that on to what it starts.
    let ignored = std::fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask & 0b10 != 0)
    });
    if ignored {
        return;
    }
    let world = World::new();
    let line = "try { 'begun'; Start-Sleep 60; 'not reached' } finally { 'ended' }; 'not reached'";
    let mut command = world.command(&["-NoProfile", "-NonInteractive", "-Command", line]);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut program = command.spawn().expect("it starts");
    let mut output = BufReader::new(program.stdout.take().expect("its output"));
    let mut first = String::new();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let signalled = std::process::Command::new("kill")
        .args(["-INT", &program.id().to_string()])
        .status();
    assert!(signalled.expect("a signal").success());
    output.read_line(&mut first).expect("a line");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the rest");
    assert_eq!((first.as_str(), rest.as_str()), ("begun\n", "ended\n"));
    assert_eq!(program.wait().expect("it ends").code(), Some(130));
}

//! Sessions at the prompt, on a pseudo-terminal.
#![cfg(target_os = "linux")]

mod support;

use support::World;
use support::terminal::Terminal;

fn session(world: &World) -> Terminal {
    let mut command = world.command(&["-NoProfile", "-NoLogo"]);
    command
        .env("TERM", "xterm-256color")
        .env("LANG", "en_US.UTF-8")
        .env_remove("NO_COLOR");
    let terminal = Terminal::start(command, 24, 80);
    terminal.prompts(1);
    terminal
}

#[test]
fn a_line_runs_and_exit_leaves() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("6 * 7\r");
    terminal.line("42");
    terminal.prompts(2);
    terminal.keys("exit 3\r");
    assert_eq!(terminal.end(), Some(3));
}

#[test]
fn an_open_bracket_asks_for_more() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("foreach ($i in 1..2) {\r");
    terminal.keys("\"n$i\"\r");
    terminal.keys("}\r");
    terminal.line("n1");
    terminal.line("n2");
    terminal.prompts(2);
    terminal.keys("\x04");
    assert_eq!(terminal.end(), Some(0));
}

#[test]
fn an_open_bracket_is_left_by_control_d() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("if (1) {\r");
    terminal.see(">> ");
    terminal.keys("\x04");
    terminal.prompts(2);
    terminal.keys("'still here'\r");
    terminal.line("still here");
}

#[test]
fn secrets_are_not_shown() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("$s = Read-Host -AsSecureString pin\r");
    terminal.see("pin: ");
    terminal.keys("47x\x7f11\r");
    terminal.prompts(2);
    assert!(!terminal.screen().contains("4711"));
    terminal.keys("$s.Length; $s | ConvertFrom-SecureString -AsPlainText\r");
    terminal.line("4");
    terminal.line("4711");
}

#[test]
fn control_c_stops_whatever_waits() {
    let world = World::new();
    let mut terminal = session(&world);
    let waiting = [
        "Start-Sleep 60",
        "/bin/sleep 60",
        "Read-Host name",
        "[Threading.Thread]::Sleep(60000)",
        "mkfifo pipe; Get-Content pipe",
        "yes > $null",
        "1..2000000000 | ForEach-Object { }",
        "('a' * 40 + 'c') -match '^(a+)+$'",
        "(1..20000000) -join ','",
        "function f($n) { if ($n -lt 2) { $n } else { (f ($n-1)) + (f ($n-2)) } }; f 50",
        "1..2 | ForEach-Object -Parallel { while ($true) { } }",
        "Get-ChildItem / -Recurse -ErrorAction Ignore | ForEach-Object { }",
        "& { while ($true) { 1 } } | ForEach-Object { $_ } > $null",
    ];
    for (n, line) in waiting.iter().enumerate() {
        terminal.keys(&format!("{line}; 'not reached'\r"));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let asked = std::time::Instant::now();
        terminal.keys("\x03");
        terminal.prompts(n + 2);
        assert!(
            asked.elapsed() < std::time::Duration::from_secs(2),
            "{line}"
        );
    }
    terminal.keys("exit 6\r");
    assert_eq!(terminal.end(), Some(6));
}

#[test]
fn lines_are_listed_and_run_again() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'one' + 'two'\r");
    terminal.line("onetwo");
    terminal.keys("clear\r");
    terminal.keys("(Get-History)[0].CommandLine.Length; r 1\r");
    terminal.line("13");
    terminal.line("onetwo");
}

#[test]
fn a_prompt_may_write_its_beginning() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("function prompt { Write-Host 'here' -NoNewline; '> ' }\r");
    terminal.see("here> ");
    terminal.keys("Write-Host -NoNewline half\r");
    terminal.see("halfhere> ");
}

#[test]
fn tab_completes() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("Get-CsHostingProv\t");
    terminal.see("Get-CsHostingProvider");
    terminal.keys(" -LocalS\t");
    terminal.see("-LocalStore");
    terminal.keys("\x03");
    terminal.prompts(2);
    terminal.keys("exit\r");
    assert_eq!(terminal.end(), Some(0));
}

#[test]
fn tab_completes_what_is_stored() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("Get-CsUser -Identity 'CN=Ken\t");
    terminal.see("'CN=Ken Myer,OU=Tukwila,DC=contoso,DC=com'");
    terminal.keys("\x03");
    terminal.prompts(2);
    terminal.keys("exit\r");
    assert_eq!(terminal.end(), Some(0));
}

#[test]
fn a_computer_is_entered_and_left() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("Enter-PSSession -ComputerName edge01.contoso.com\r");
    terminal.see("[edge01.contoso.com]: PS ");
    terminal.keys("exit\r");
    terminal.prompts(2);
    terminal.keys("exit 4\r");
    assert_eq!(terminal.end(), Some(4));
}

#[test]
fn an_error_leaves_the_session_alive() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("no-such-command\r");
    terminal.see("is not recognized as a name of a cmdlet");
    terminal.prompts(2);
    terminal.keys("'still' + ' here'\r");
    terminal.line("still here");
}

#[test]
fn errors_point_at_their_place_and_ask_back() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("function f([ValidateSet('Red', 'Green')] $c) { $c }\r");
    terminal.prompts(2);
    for (line, seen) in [
        ("Get-Dte", "did you mean Get-Date?"),
        ("Get-Date -Formt s", "did you mean -Format?"),
        ("f Rde", "did you mean Red?"),
        (
            "Get-CsUser -Identity 'Ken Mier'",
            "did you mean \"Ken Myer\"?",
        ),
        ("'x'.Trm()", "did you mean Trim?"),
    ] {
        terminal.keys(&format!("{line}\r"));
        terminal.see(seen);
    }
    terminal.keys("clear\r");
    terminal.keys("throw 'oh'\r");
    terminal.see("thrown here");
    terminal.see(" 1 │ throw 'oh'");
    terminal.keys("clear; $ErrorView = 'NormalView'; 1 / 0\r");
    terminal.see("+ CategoryInfo");
}

#[test]
fn control_c_drops_the_line_and_stops_a_loop() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'dropped'\x03");
    terminal.prompts(2);
    terminal.keys("'in'; while ($true) { }\r");
    terminal.line("in");
    terminal.keys("\x03");
    terminal.prompts(3);
    terminal.keys("'after'\r");
    terminal.line("after");
}

#[test]
fn what_is_typed_ahead_is_kept() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'first'\r'second'\r");
    terminal.line("first");
    terminal.line("second");
    terminal.prompts(3);
    terminal.keys("Start-Sleep -Milliseconds 300\r");
    std::thread::sleep(std::time::Duration::from_millis(100));
    terminal.keys("'third'\r6 * 7\r");
    terminal.line("third");
    terminal.line("42");
    terminal.prompts(6);
    terminal.keys("exit 5\r");
    assert_eq!(terminal.end(), Some(5));
}

#[test]
fn lines_are_remembered_by_the_next_session() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'first ' + 'session'\r");
    terminal.line("first session");
    terminal.prompts(2);
    terminal.keys("exit\r");
    assert_eq!(terminal.end(), Some(0));
    let mut terminal = session(&world);
    terminal.keys("\x1b[A\x1b[A\r");
    terminal.line("first session");
}

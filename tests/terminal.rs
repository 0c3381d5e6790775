//! Sessions at the prompt, on a pseudo-terminal.
#![cfg(target_os = "linux")]

mod support;

use support::World;
use support::terminal::Terminal;

fn session(world: &World) -> Terminal {
    let mut command = world.command(&["-NoProfile", "-NoLogo"]);
    command.env("TERM", "xterm-256color").env_remove("NO_COLOR");
    let terminal = Terminal::start(command, 24, 80);
    terminal.see("PS ");
    terminal
}

/// How often a text stands on the screen.
fn count(screen: &str, text: &str) -> usize {
    screen.matches(text).count()
}

#[test]
fn a_line_runs_and_exit_leaves() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("6 * 7\r");
    terminal.see("\n42\n");
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
    terminal.see("n1\nn2\n");
    terminal.keys("\x04");
    assert_eq!(terminal.end(), Some(0));
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
    terminal.keys("exit\r");
    assert_eq!(terminal.end(), Some(0));
}

#[test]
fn an_error_leaves_the_session_alive() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("no-such-command\r");
    terminal.see("is not recognized as a name of a cmdlet");
    terminal.keys("'still' + ' here'\r");
    terminal.see("still here");
}

#[test]
fn control_c_drops_the_line_and_stops_a_loop() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'dropped'\x03");
    terminal.wait("a second prompt", |screen| count(screen, "PS ") == 2);
    terminal.keys("'in'; while ($true) { }\r");
    terminal.see("\nin\n");
    terminal.keys("\x03");
    terminal.wait("a third prompt", |screen| count(screen, "PS ") == 4);
    terminal.keys("'after'\r");
    terminal.see("\nafter\n");
}

#[test]
fn lines_are_remembered_by_the_next_session() {
    let world = World::new();
    let mut terminal = session(&world);
    terminal.keys("'first ' + 'session'\r");
    terminal.see("\nfirst session\n");
    terminal.keys("exit\r");
    assert_eq!(terminal.end(), Some(0));
    let mut terminal = session(&world);
    terminal.keys("\x1b[A\r");
    terminal.see("\nfirst session\n");
}

//! Asks one case under the conditions of the recording and makes the answer comparable.

use super::case::{Answer, Ask, Case};
use super::process::{Finished, Home, environment, run};
use std::path::Path;
use std::process::Command;

/// The files in the folder in which completion is asked.
const COMPLETION_FILES: [(&str, &str); 9] = [
    ("alpha.txt", "1"),
    ("alphabet.csv", "2"),
    ("beta.log", "3"),
    ("data.csv", "a,b"),
    ("two words.txt", "4"),
    ("run-me.ps1", "1"),
    ("sub/inside.txt", "5"),
    ("weird[1].txt", "6"),
    ("it's.txt", "7"),
];

/// The program's answer to a case.
pub fn ask(program: &Path, case: &Case) -> Answer {
    let home = Home::new();
    make_folder(&home.path().join("scratch"));
    match &case.ask {
        Ask::Script { path, colour } => {
            let name = path.file_name().unwrap_or_default();
            std::fs::copy(path, home.path().join(name)).expect("the script is copied");
            let file = format!("{}/{}", home.text(), name.to_string_lossy());
            let done = start(program, &home, home.path(), &["-File".into(), file])
                .colour(*colour)
                .run();
            answer(done, |text| clean_script(text, &home))
        }
        Ask::CommandLine {
            files,
            args,
            stdin,
            interactive,
        } => {
            let work = home.path().join("work");
            for (name, content) in files {
                write(&work.join(name), content);
            }
            let mut done = start(program, &home, &work, args);
            done.stdin = stdin.clone().into_bytes();
            done.interactive = *interactive;
            let mut got = answer(done.run(), |text| clean_home(text, &home));
            got.stdout = own_words(&got.stdout);
            got
        }
        Ask::Rule { script } => {
            let file = home.path().join("ask.ps1");
            write(&file, script);
            let args = ["-File".to_owned(), file.display().to_string()];
            let done = start(program, &home, home.path(), &args).run();
            let mut got = answer(done, str::to_owned);
            got.stdout = got.stdout.replace(&home.text(), "HOME");
            got
        }
        Ask::Completion {
            setup,
            line,
            cursor,
        } => {
            let work = home.path().join("work");
            make_folder(&work.join("sub/inner"));
            make_folder(&work.join("src"));
            for (name, content) in COMPLETION_FILES {
                write(&work.join(name), &format!("{content}\n"));
            }
            let file = home.path().join("ask.ps1");
            write(
                &file,
                &completion_script(&home.text(), setup, line, *cursor),
            );
            let args = ["-File".to_owned(), file.display().to_string()];
            let done = start(program, &home, &work, &args).run();
            let mut got = answer(done, str::to_owned);
            let folder = format!("{}/work", home.text());
            got.stdout = got
                .stdout
                .replace(&folder, "FOLDER")
                .replace(&home.text(), "HOME");
            got
        }
    }
}

/// A start of the program that is being put together.
struct Start<'a> {
    program: &'a Path,
    home: &'a Home,
    folder: &'a Path,
    args: &'a [String],
    stdin: Vec<u8>,
    interactive: bool,
    colour: bool,
}

fn start<'a>(program: &'a Path, home: &'a Home, folder: &'a Path, args: &'a [String]) -> Start<'a> {
    Start {
        program,
        home,
        folder,
        args,
        stdin: Vec::new(),
        interactive: false,
        colour: false,
    }
}

impl Start<'_> {
    fn colour(mut self, on: bool) -> Self {
        self.colour = on;
        self
    }

    fn run(self) -> Finished {
        let mut command = Command::new(self.program);
        command.arg("-NoProfile");
        if !self.interactive {
            command.arg("-NonInteractive");
        }
        command
            .args(self.args)
            .env_clear()
            .envs(environment(&self.home.text(), self.colour))
            .current_dir(self.folder);
        run(&mut command, &self.stdin)
    }
}

fn make_folder(path: &Path) {
    std::fs::create_dir_all(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn write(path: &Path, content: &str) {
    make_folder(path.parent().unwrap_or(Path::new("/")));
    std::fs::write(path, content).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn completion_script(home: &str, setup: &str, line: &str, cursor: usize) -> String {
    format!(
        "$env:PATH = '{home}/work/src'\n{setup}\n\
         $r = TabExpansion2 -inputScript '{line}' -cursorColumn {cursor}\n\
         \"$($r.ReplacementIndex) $($r.ReplacementLength)\"\n\
         $r.CompletionMatches | ForEach-Object {{ \"$($_.CompletionText)`t$($_.ListItemText)`t$($_.ResultType)\" }}\n"
    )
}

/// Bytes as text with plain line ends; ICU's narrow no-break space reads as a blank.
fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\u{202f}', " ")
}

fn answer(done: Finished, clean: impl Fn(&str) -> String) -> Answer {
    let mut stderr = clean(&plain(&done.stderr));
    if done.timed_out {
        stderr.push_str("no answer in time\n");
    }
    Answer {
        stdout: clean(&plain(&done.stdout)),
        stderr,
        exit: done.exit,
    }
}

fn clean_script(text: &str, home: &Home) -> String {
    let path = home.text();
    text.replace(&format!("{path}/scratch"), "CASE_TMP")
        .replace(&format!("{path}/"), "")
        .replace(&path, "HOME")
        .replace(&home.name(), "HOME")
}

fn clean_home(text: &str, home: &Home) -> String {
    text.replace(&home.text(), "HOME")
        .replace(&home.name(), "HOME")
}

/// Name, version and usage text are a shell's own: they only have to be there.
fn own_words(stdout: &str) -> String {
    if stdout.contains("Usage:") {
        return "USAGE".to_owned();
    }
    let banner = |line: &str| {
        let version = line
            .strip_prefix("PowerShell ")
            .or_else(|| line.strip_prefix("ucsh "));
        version.is_some_and(|v| {
            v.starts_with(|c: char| c.is_ascii_digit())
                && v.chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-'))
        })
    };
    let lines = stdout
        .split('\n')
        .map(|line| if banner(line) { "BANNER" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

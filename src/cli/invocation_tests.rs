//! Command lines and what they mean.

use super::*;

fn understand(words: &[&str]) -> Result<Invocation, UsageError> {
    let words: Vec<String> = words.iter().map(|&w| w.to_owned()).collect();
    let world = Surroundings {
        is_file: &|path| path == Path::new("/work/s.ps1") || path == Path::new("/work/sub/in.ps1"),
        current_directory: Path::new("/work"),
        input_is_terminal: false,
    };
    parse(&words, &world)
}

fn source(words: &[&str]) -> Source {
    understand(words).expect("a good command line").source
}

fn refused(words: &[&str]) -> (String, bool) {
    let error = understand(words).expect_err("a bad command line");
    assert_eq!(error.exit_code, 64);
    (error.message, error.show_usage)
}

fn command(text: &str) -> Source {
    Source::Command(text.to_owned(), Vec::new())
}

#[test]
fn nothing_is_the_prompt() {
    assert_eq!(understand(&[]), Ok(Invocation::default()));
    assert!(
        understand(&["-NoLogo", "-noni"])
            .expect("good")
            .non_interactive
    );
}

#[test]
fn a_command_takes_the_rest() {
    assert_eq!(source(&["-c", "1", "-NoLogo"]), command("1 -NoLogo"));
    assert_eq!(source(&["-com", "a  b", "c"]), command("a  b c"));
    assert_eq!(source(&["-c", ""]), command(""));
    assert!(refused(&["-c"]).1);
    assert_eq!(
        source(&["-Command", "-"]),
        Source::StandardInput { echo: false }
    );
    assert!(
        refused(&["-Command", "-", "x"])
            .0
            .contains("no other arguments")
    );
}

#[test]
fn an_encoded_command_lets_switches_follow() {
    let got = understand(&["-enc", "MQArADIA", "-NoProfile"]).expect("good");
    assert_eq!(got.source, command("1+2"));
    assert!(got.no_profile);
    assert!(refused(&["-e", "!!notbase64"]).1);
    assert!(refused(&["-e", "MQArADIA", "-c", "1"]).1);
}

#[test]
fn a_file_with_arguments() {
    use ScriptArgument::{Name, Named, Value};
    let want = vec![
        Value("x".into()),
        Name("-Count".into()),
        Value("3".into()),
        Named("-Fast".into(), ArgumentValue::Bool(true)),
        Named("-Text".into(), ArgumentValue::Text("a:b".into())),
        Named("-Late".into(), ArgumentValue::Text("$false".into())),
        Name("--".into()),
        Value("-".into()),
        Value(String::new()),
    ];
    let words = [
        "s.ps1",
        "x",
        "-Count",
        "3",
        "-Fast:$TRUE",
        "-Text:a:b",
        "-Late:",
        "$false",
        "--",
        "-",
        "",
    ];
    assert_eq!(source(&words), Source::File("s.ps1".into(), want.clone()));
    let with_switch: Vec<&str> = ["-File"].into_iter().chain(words).collect();
    assert_eq!(source(&with_switch), Source::File("s.ps1".into(), want));
}

#[test]
fn a_path_from_windows() {
    let file = Source::File("sub/in.ps1".into(), Vec::new());
    assert_eq!(source(&["sub\\in.ps1"]), file);
}

#[test]
fn wrong_files() {
    assert!(refused(&["-File"]).1);
    let (message, usage) = refused(&["-File", ""]);
    assert!(message.starts_with("Processing -File '' failed") && !usage);
    let (message, usage) = refused(&["missing.ps1"]);
    assert!(message.starts_with("The argument 'missing.ps1' is not recognized") && usage);
    let (message, usage) = refused(&["-prof"]);
    let want = "Invalid argument '-prof', did you mean:\n\n  -noprofile\n  -noprofileloadtime";
    assert_eq!((message.as_str(), usage), (want, false));
    assert!(refused(&["-bogus"]).1);
}

#[test]
fn version_and_help() {
    assert_eq!(source(&["-v", "-c", "1"]), Source::Version);
    assert_eq!(source(&["--help"]), Source::Help);
    assert_eq!(source(&["-?"]), Source::Help);
}

#[test]
fn values() {
    let got = understand(&[
        "-o",
        "xml",
        "-ep",
        "Bypass",
        "-wd",
        "/tmp",
        "--store",
        ":memory:",
        "--deployment",
        "d.ron",
        "-cus",
        "pipe",
        "-",
    ]);
    let got = got.expect("good");
    assert_eq!(got.output_format, DataFormat::Xml);
    assert_eq!(got.execution_policy.as_deref(), Some("Bypass"));
    assert_eq!(got.working_directory.as_deref(), Some("/tmp"));
    assert_eq!(got.store.as_deref(), Some(":memory:"));
    assert_eq!(got.deployment.as_deref(), Some(Path::new("d.ron")));
    assert_eq!(got.source, Source::StandardInput { echo: true });
    assert!(refused(&["-InputFormat", "Bogus"]).1);
    let (message, usage) = refused(&["-SettingsFile", "no.json"]);
    assert!(message.contains("'/work/no.json'") && !usage);
    assert!(!refused(&["--store"]).1);
}

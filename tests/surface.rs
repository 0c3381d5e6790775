//! Every cmdlet of the products answers: by an object, by nothing, or by a clear error, and never by a crash.

mod support;

use support::World;

/// The declared cmdlets of a module whose names start with a verb.
fn names(verb: &str) -> Vec<String> {
    let mut names: Vec<String> = ucsh::cmdlet::registry::names()
        .into_iter()
        .filter(|name| name.starts_with(verb))
        .filter(|name| {
            ucsh::cmdlet::catalog::find(name)
                .is_some_and(|it| ["Lync", "Exchange"].contains(&it.module.as_str()))
        })
        .collect();
    names.sort();
    names
}

/// Runs one line for each name; gives what was written between the markers.
fn answers(names: &[String], line: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let world = World::new();
    let script: Vec<String> = names
        .iter()
        .map(|name| {
            let line = line(name);
            format!("'## {name}'; try {{ {line} }} catch {{ \"$($_.FullyQualifiedErrorId)\" }}")
        })
        .collect();
    let file = world.home.path().join("surface.ps1");
    std::fs::write(&file, script.join("\n")).expect("it is written");
    let run = world.feed(
        &[
            "--store",
            ":memory:",
            "-NoProfile",
            "-NonInteractive",
            "-File",
            &file.to_string_lossy(),
        ],
        "",
    );
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    let found: Vec<(String, String)> = run
        .stdout
        .split("## ")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once('\n').unwrap_or((part, ""));
            (name.trim().to_owned(), rest.to_owned())
        })
        .collect();
    assert_eq!(found.len(), names.len(), "{}", run.stderr);
    found
}

#[test]
fn every_get_answers() {
    let names = names("Get-");
    assert!(names.len() > 300, "{}", names.len());
    let expected = [
        "MissingMandatoryParameter",
        "AmbiguousParameterSet",
        "ManagementObjectNotFound",
    ];
    for (name, answer) in answers(&names, |name| format!("$null = {name} -ErrorAction Stop")) {
        let known = answer.is_empty() || expected.iter().any(|id| answer.starts_with(id));
        assert!(known, "{name}: {answer}");
    }
}

#[test]
fn every_cmdlet_refuses_an_unknown_parameter() {
    let names: Vec<String> = [
        "Add-", "Disable-", "Enable-", "Grant-", "Move-", "New-", "Remove-", "Set-", "Test-",
    ]
    .iter()
    .flat_map(|verb| names(verb))
    .collect();
    assert!(names.len() > 700, "{}", names.len());
    for (name, answer) in answers(&names, |name| {
        format!("{name} -NoSuchParameter 1 -ErrorAction Stop")
    }) {
        assert!(
            answer.starts_with("NamedParameterNotFound"),
            "{name}: {answer}"
        );
    }
}

/// What a cmdlet with ordinary verbs must do: make, show, change, remove.
#[test]
fn named_objects_live_through_all_their_verbs() {
    let world = World::new();
    let answer = world.ask(
        "New-CsAllowedDomain -Identity a.example -Comment first | Out-Null
         Set-CsAllowedDomain -Identity a.example -Comment second
         (Get-CsAllowedDomain a.example).Comment
         Get-CsAllowedDomain | Remove-CsAllowedDomain
         @(Get-CsAllowedDomain).Count
         $usage = (Get-CsPstnUsage).Usage[0]
         New-CsVoicePolicy -Identity Tag1 -PstnUsages $usage | Out-Null
         Grant-CsVoicePolicy -Identity 'Ken Myer' -PolicyName Tag1
         (Get-CsUser 'Ken Myer').VoicePolicy
         (Get-CsEffectivePolicy 'Ken Myer').VoicePolicy
         Grant-CsVoicePolicy -Identity 'Ken Myer' -PolicyName $null
         (Get-CsEffectivePolicy 'Ken Myer').VoicePolicy",
    );
    assert_eq!(answer.stderr, "");
    assert_eq!(answer.stdout, "second\n0\nTag1\nTag1\nGlobal\n");
}

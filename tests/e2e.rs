//! The procedure that integrates Lync Server on premises with Exchange
//! Online, as administrators run it, and what they do wrong.

mod support;

use support::World;

const PROCEDURE: &str = include_str!("../examples/integrate-exchange-online.ps1");
const PROVIDER: &str = "New-CsHostingProvider -Identity 'Exchange Online' -Enabled $True \
    -EnabledSharedAddressSpace $True -HostsOCSUsers $False -ProxyFqdn 'exap.um.outlook.com' \
    -IsLocal $False -VerificationLevel UseSourceVerification";

/// Name and proxy of every provider, by name.
fn providers(world: &World) -> String {
    world.answer("Get-CsHostingProvider | Sort-Object Name | ForEach-Object { \"$($_.Name)=$($_.ProxyFqdn)\" }")
}

#[test]
fn the_procedure_runs_from_a_file() {
    let world = World::new();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/examples/integrate-exchange-online.ps1"
    );
    let run = world.feed(&["-NoProfile", file], "");
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (Some(0), ""),
        "{}",
        run.stdout
    );
    for part in ["exap.um.outlook.com", "UseSourceVerification", "UpToDate"] {
        assert!(
            run.stdout.contains(part),
            "{part} is missing:\n{}",
            run.stdout
        );
    }
    assert!(providers(&world).contains("Exchange Online=exap.um.outlook.com\n"));
    let allowed = world.answer("(Get-CsAccessEdgeConfiguration).AllowFederatedUsers");
    assert_eq!(allowed, "True\n");
}

#[test]
fn the_procedure_runs_from_standard_input_and_as_a_command() {
    let piped = World::new();
    let run = piped.feed(&["-NoProfile", "-Command", "-"], PROCEDURE);
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (Some(0), ""),
        "{}",
        run.stdout
    );
    let asked = World::new();
    let run = asked.ask(PROCEDURE);
    assert_eq!(
        (run.exit, run.stderr.as_str()),
        (Some(0), ""),
        "{}",
        run.stdout
    );
    assert_eq!(providers(&piped), providers(&asked));
    assert!(providers(&piped).contains("Exchange Online=exap.um.outlook.com\n"));
}

#[test]
fn a_national_cloud_has_its_own_proxy() {
    let world = World::new();
    world.answer(&PROVIDER.replace("exap.um.outlook.com", "exap.um.partner.outlook.cn"));
    assert!(providers(&world).contains("Exchange Online=exap.um.partner.outlook.cn\n"));
}

#[test]
fn the_edge_server_sees_the_provider_after_replication() {
    let world = World::new();
    let local = "Invoke-Command -ComputerName edge01.contoso.com { (Get-CsHostingProvider -LocalStore).Name } | \
        Where-Object { $_ -eq 'Exchange Online' }";
    world.answer(&format!("$null = {PROVIDER}"));
    assert_eq!(world.answer(local), "", "before replication");
    world.answer("Invoke-CsManagementStoreReplication; Set-TwinClock -Advance 00:05:00");
    let late = world.answer(
        "@(Get-CsManagementStoreReplicationStatus | Where-Object { -not $_.UpToDate }).Count",
    );
    assert_eq!(late, "0\n", "replicas that lag");
    let seen = world.answer(local);
    assert!(
        seen.contains("Exchange Online"),
        "after replication: {seen}"
    );
}

#[test]
fn wrong_input_is_refused_and_changes_nothing() {
    let world = World::new();
    world.answer(&format!("$null = {PROVIDER}"));
    let before = providers(&world);
    let second = PROVIDER.replace("'Exchange Online'", "'Second'");
    let cases = [
        (
            PROVIDER
                .replace("-ProxyFqdn", "-ProxyFqdm")
                .replace("'Exchange Online'", "'A'"),
            "NamedParameterNotFound",
        ),
        (
            second.replace("-Enabled $True", "-Enabled maybe"),
            "CannotConvertArgument,",
        ),
        (
            second.replace("UseSourceVerification", "AlwaysTrusted"),
            "CannotConvertArgumentNoMessage",
        ),
        (PROVIDER.replace("exap.", "exap2."), ""),
        (
            PROVIDER
                .replace("'Exchange Online'", "'EXCHANGE ONLINE'")
                .replace("exap.", "exap2."),
            "",
        ),
        (second.replace("exap.um", "EXAP.UM"), ""),
        (
            "New-CsHostingProvider -Identity Second -Enabled $True".to_owned(),
            "MissingMandatoryParameter",
        ),
    ];
    for (line, id) in cases {
        let asked = format!(
            "try {{ {line} -ErrorAction Stop; 'accepted' }} catch {{ $_.FullyQualifiedErrorId }}"
        );
        let got = world.answer(&asked);
        assert!(
            got.starts_with(id) && !got.contains("accepted"),
            "{line}\n{got}"
        );
        assert_eq!(providers(&world), before, "{line}");
    }
}

#[test]
fn a_rehearsal_in_memory_leaves_no_trace() {
    let world = World::new();
    let run = world.feed(
        &["--store", ":memory:", "-NoProfile", "-Command", PROVIDER],
        "",
    );
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(!providers(&world).contains("exap.um.outlook.com"));
}

#[test]
fn two_processes_change_one_store() {
    let world = World::new();
    world.answer("Get-CsHostingProvider | Out-Null");
    let children: Vec<_> = (0..2)
        .map(|n| {
            let text = format!(
                "1..20 | ForEach-Object {{ New-CsAllowedDomain -Identity \"d{n}-$_.contoso.com\" | Out-Null }}"
            );
            world.command(&["-NoProfile", "-Command", &text]).spawn().expect("it starts")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(
        world.answer("@(Get-CsAllowedDomain | Where-Object Domain -like 'd?-*').Count"),
        "40\n"
    );
}

#[test]
fn a_file_that_is_no_store_is_named_and_kept() {
    let world = World::new();
    let file = world.home.path().join("notes.db");
    std::fs::write(&file, "remember the milk, ".repeat(200)).expect("the file is written");
    let run = world.feed(
        &[
            "-NoProfile",
            "--store",
            "notes.db",
            "-Command",
            "Get-CsUser",
        ],
        "",
    );
    let named = run.stderr.contains("notes.db") && run.stderr.contains("UCSH_STORE");
    assert!(named, "{}", run.stderr);
    let kept = std::fs::read_to_string(&file).expect("the file is there");
    assert!(kept.starts_with("remember the milk"));
}

/// Questions and the answers they take: `(script, input, output, errors)`.
const QUESTIONS: &[(&str, &str, &str, &str)] = &[
    // A field has commands of its own behind an exclamation mark.
    (
        "Read-Host x",
        "!?\n!z\n!!v\n",
        "x: !?\nNo help is available for x.\nx: !z\n\"!z\" cannot be recognized as a valid Prompt command.\nx: !!v\n!v\n",
        "",
    ),
    // What is no number is asked for again; the place in the pipeline is told.
    (
        "Write-Output 1 | & { param([Parameter(Mandatory)][int]$N) $N }",
        "z\n7\n",
        "\ncmdlet  at command pipeline position 2\nSupply values for the following parameters:\nN: z\nCannot recognize \"z\" as a System.Int32 due to a format error.\nN: 7\n7\n",
        "",
    ),
    // The end of the input leaves the parameter missing.
    (
        "function f { param([Parameter(Mandatory)][string[]]$N) $N }; f",
        "a\n",
        "\ncmdlet f at command pipeline position 1\nSupply values for the following parameters:\nN[0]: a\nN[1]: \n",
        "f: Cannot process command because of one or more missing mandatory parameters: N.\n",
    ),
    // What is typed unseen needs a terminal.
    (
        "Read-Host -AsSecureString s",
        "x\n",
        "s: ",
        "Read-Host: Cannot read keys when either application does not have a console or when console input has been redirected. Try Console.Read.\n",
    ),
    // The error of a statement under Inquire.
    (
        "$ErrorActionPreference = 'Inquire'; 1 / 0; 'on'",
        "i\n",
        "\nAction to take for this exception:\nAttempted to divide by zero.\n[C] Continue  [I] Silent Continue  [B] Break  [S] Suspend  [?] Help \n(default is \"C\"):i\non\n",
        "",
    ),
];

#[test]
fn questions_take_answers_from_the_input() {
    let world = World::new();
    for (script, input, stdout, stderr) in QUESTIONS {
        let run = world.feed(&["-NoProfile", "-Command", script], input);
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            (*stdout, *stderr),
            "{script}"
        );
    }
}

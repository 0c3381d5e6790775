//! What `-Help` and a wrong command line print.

/// The program's name and version.
pub const BANNER: &str = concat!("ucsh ", env!("CARGO_PKG_VERSION"));

/// How the program is called.
pub const USAGE: &str = "\
Usage: ucsh [SWITCHES] [[-File] SCRIPT [ARGUMENTS]]
       ucsh [SWITCHES] -Command TEXT | -
       ucsh [SWITCHES] -CommandWithArgs TEXT [ARGUMENTS]
       ucsh [SWITCHES] -EncodedCommand BASE64

A PowerShell-compatible shell that rehearses Lync, Skype for Business and
Exchange UM changes on an embedded model of the deployment. Without a script
or command it is interactive; standard input that is no terminal is read as
commands.

What runs
  -File, -f SCRIPT [ARGUMENTS]   a script file; the rest are its arguments.
                                 The default for a first argument without dash;
                                 '-' reads standard input like a terminal
  -Command, -c TEXT              all that follows, as one text; '-' reads
                                 commands from standard input
  -CommandWithArgs, -cwa TEXT    a text; the rest become $args
  -EncodedCommand, -e, -ec TEXT  a command in Base64 of UTF-16LE
  -Version, -v                   the version
  -Help, -?, -h                  this text

The deployment
  --store PATH | :memory:        the file that holds the deployment, or one
                                 that is gone at the end (default: UCSH_STORE,
                                 else a file in the user's data folder)
  --deployment FILE.ron          loads this deployment into an empty store

The session
  -WorkingDirectory, -wd PATH    the folder to start in
  -NoExit, -noe                  goes on to the prompt after the command
  -NonInteractive, -noni         never asks; questions are errors
  -NoProfile, -nop               does not run the profile
  -NoLogo, -nol                  starts the prompt without the version
  -OutputFormat, -o, -of FORMAT  Text or XML
  -InputFormat, -inp, -if FORMAT Text or XML

Accepted as PowerShell's: -ConfigurationFile, -ConfigurationName,
-CustomPipeName, -ExecutionPolicy, -Interactive, -Login, -NoProfileLoadTime,
-SettingsFile. Switches may be cut short and take one dash or two; their
letter case does not matter.

Examples
  ucsh
  ucsh examples/integrate-exchange-online.ps1
  ucsh -Command \"Get-CsHostingProvider | Format-Table Identity, ProxyFqdn\"
  ucsh --store :memory: -NoProfile -File rehearsal.ps1 -Site Redmond
";

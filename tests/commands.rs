//! Finding commands, and what they say of themselves.

mod support;

use support::World;

const FOUND: &[(&str, &str)] = &[
    // What is missing is told before what was found.
    (
        "$m = Get-Command Get-Date, Get-Nothing, Get-Item 2>&1; $m[0].GetType().Name; $m[1..2].Name",
        "ErrorRecord\nGet-Date\nGet-Item\n",
    ),
    // The limit counts for each name; a list is by kind, then by name.
    (
        "@(Get-Command Get-Item, Set-Item -TotalCount 1).Count; (Get-Command c* -CommandType Alias -TotalCount 3).Name -join ','",
        "2\ncat,cd,chdir\n",
    ),
    (
        "function b-b {}; function a-a {}; (Get-Command b-b, a-a).Name -join ','; (Get-Command ?-[ab]).Name -join ','",
        "b-b,a-a\na-a,b-b\n",
    ),
    (
        "(Get-Command i-psdf -UseAbbreviationExpansion).Name; (Get-Command get-dtae -UseFuzzyMatching -FuzzyMinimumDistance 1).Name",
        "Import-PowerShellDataFile\nGet-Date\n",
    ),
    (
        "@(Get-Command Get-It* -ExcludeModule *.Management).Count; (Get-Command *-Transcript -FullyQualifiedModule @{ ModuleName = 'Microsoft.PowerShell.Host'; ModuleVersion = '1.0' }).Name",
        "0\nStart-Transcript\nStop-Transcript\n",
    ),
    (
        "try { Get-Command -ParameterName nope -Module *.Utility -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }; try { Get-Command dir -ArgumentList 1 } catch { $_.FullyQualifiedErrorId }; try { Get-Command Get-Item -ArgumentList 1, 2 } catch { $_.FullyQualifiedErrorId }",
        "CommandParameterNotFound,Microsoft.PowerShell.Commands.GetCommandCommand\nCommandArgsOnlyForSingleCmdlet,Microsoft.PowerShell.Commands.GetCommandCommand\nPositionalParameterNotFound,Microsoft.PowerShell.Commands.GetCommandCommand\n",
    ),
    // What a command writes, also what the provider of the location adds.
    (
        "(Get-Command Get-Random).OutputType.Name -join ','; (Get-Command gci).OutputType.Name -join ','; ([Management.Automation.PSTypeName]'int').Type.Name",
        "System.Int32,System.Int64,System.Double\nSystem.IO.FileInfo,System.IO.DirectoryInfo\nInt32\n",
    ),
];

#[test]
fn commands_are_found_as_asked() {
    let world = World::new();
    for (script, expected) in FOUND {
        assert_eq!(world.answer(script), *expected, "{script}");
    }
}

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

const VIEWS: &[(&str, &str)] = &[
    // Views as objects: the types, and the layouts by name.
    (
        "$f = Get-FormatData System.Guid; \"$f\"; \"$($f.FormatViewDefinition)\"; \"$($f.FormatViewDefinition[0].Control.Rows[0].Columns[0].DisplayEntry)\"; @(Get-FormatData nope).Count",
        "System.Guid\nSystem.Guid , TableControl\nproperty: Guid\n0\n",
    ),
    // What was written can be read again.
    (
        "$p = Join-Path ([IO.Path]::GetTempPath()) \"v$PID.ps1xml\"; Get-FormatData System.Version | Export-FormatData -Path $p -IncludeScriptBlock; Update-FormatData -PrependPath $p; ([version]'1.2' | Out-String).Trim().Split(\"`n\")[0].Trim(); Remove-Item $p",
        "Major  Minor  Build  Revision\n",
    ),
    (
        "Enable-ExperimentalFeature nope -ErrorVariable e -ErrorAction SilentlyContinue; $e[0].CategoryInfo.Category; @(Get-ExperimentalFeature nope).Count",
        "ObjectNotFound\n0\n",
    ),
    (
        "$o = [Console]::OpenStandardOutput(); $o.Write([byte[]](72, 105, 10), 0, 3); $o.CanSeek",
        "Hi\nFalse\n",
    ),
    (
        "$i = (Get-Item $PSHOME | Get-Item).GetType().Name; $i; [Environment+SpecialFolder].DeclaringType.Name; [int[]].IsSZArray; [OperatingSystem]::IsOSPlatform('nope')",
        "DirectoryInfo\nEnvironment\nTrue\nFalse\n",
    ),
];

#[test]
fn views_are_objects_and_files() {
    let world = World::new();
    for (script, expected) in VIEWS {
        assert_eq!(world.answer(script), *expected, "{script}");
    }
}

#[test]
fn commands_are_found_as_asked() {
    let world = World::new();
    for (script, expected) in FOUND {
        assert_eq!(world.answer(script), *expected, "{script}");
    }
}

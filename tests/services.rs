//! Small scripts that reach for the world outside: what belongs to Windows alone, processes, other
//! sessions, mail, databases and the network.

mod support;

use support::World;

const SCRIPTS: &[(&str, &str)] = &[
    // What Windows alone has says so; its enumerations work.
    (
        "try { [Security.Principal.WindowsIdentity]::GetCurrent() } catch { \"$_\" }; [int][Security.Principal.WindowsBuiltInRole]::Administrator",
        "Exception calling \"GetCurrent\" with \"0\" argument(s): \"Windows Principal functionality is not supported on this platform.\"\n544\n",
    ),
    // Assemblies that are not there are looked for as files, or are nothing.
    (
        "try { Add-Type -AssemblyName System.Windows.Forms } catch { $_.FullyQualifiedErrorId }; $null -eq [Reflection.Assembly]::LoadWithPartialName('System.Windows.Forms')",
        "PathNotFound,Microsoft.PowerShell.Commands.AddTypeCommand\nTrue\n",
    ),
    // Settings of web requests are kept.
    (
        "[Net.ServicePointManager]::SecurityProtocol = 'Tls12, Tls13'; [Net.ServicePointManager]::SecurityProtocol",
        "Tls12, Tls13\n",
    ),
    // A transcript needs its drive.
    (
        "try { Start-Transcript -Path Q:\\logs\\a.log } catch { $_.FullyQualifiedErrorId }",
        "DriveNotFound,Microsoft.PowerShell.Commands.StartTranscriptCommand\n",
    ),
    // The window of a host without a terminal: its sizes are values to change, and what it cannot
    // take it refuses.
    (
        "$window = (Get-Host).UI.RawUI; $size = $window.BufferSize; $size.Height = 3000; \"$size\"; foreach ($b in { $window.BufferSize = $size }, { $window.WindowSize = $size }, { $window.GetBufferContents((New-Object System.Management.Automation.Host.Rectangle 0, 0, 1, 2)) }) { try { & $b } catch { $_.Exception.Message } }; $window.WindowTitle = 'Report'; $window.WindowTitle; $window.ForegroundColor = 'Green'; [Console]::ForegroundColor; \"$([Management.Automation.Host.Coordinates]::new(3, 4))\"",
        "80,3000\nException setting \"BufferSize\": \"Operation is not supported on this platform.\"\nException setting \"WindowSize\": \"Inappropriate ioctl for device\"\nException calling \"GetBufferContents\" with \"1\" argument(s): \"The method or operation is not implemented.\"\nReport\nGreen\n3,4\n",
    ),
    // What only Windows has says so, its enumerations excepted.
    (
        "foreach ($b in { New-Object System.Drawing.Font('Arial', 10, [System.Drawing.FontStyle]::Bold) }, { [Runtime.InteropServices.Marshal]::ReleaseComObject($null) }, { [ServiceProcess.ServiceController]::GetServices() }) { try { & $b } catch { $_.Exception.InnerException.Message } }",
        "System.Drawing.Common is not supported on non-Windows platforms. See https://aka.ms/systemdrawingnonwindows for more information.\nCOM Interop is not supported on this platform.\nServiceController enables manipulating and accessing Windows services and it is not applicable for other operating systems.\n",
    ),
    // A folder that is not there is none, unless one asks for its name alone.
    (
        "$env:HOME = '/nowhere'; \"[$([Environment]::GetFolderPath('MyDocuments'))]\"; [Environment]::GetFolderPath('MyDocuments', 'DoNotVerify')",
        "[]\n/nowhere/Documents\n",
    ),
    // A script finds its own folder by its definition, which is its path.
    (
        "Set-Content own.ps1 '(Split-Path $MyInvocation.MyCommand.Definition) -eq $PSScriptRoot'; ./own.ps1; Remove-Item own.ps1",
        "True\n",
    ),
    // An element's own names stand before those of its type: the latter show when all are asked for.
    (
        "$book = ([xml]'<c><book id=\"7\"><author>Ann</author></book></c>').c.book; ($book | ConvertTo-Csv)[0]; ($book | Select-Object * | ForEach-Object { $_.psobject.Properties.Name })[0..3] -join ','; ($book | Select-Object name, n*ype | ConvertTo-Csv)[1]; $book.psobject.Properties['OuterXml'].Value",
        "\"id\",\"author\"\nid,author,Name,LocalName\n\"book\",\"Element\"\n<book id=\"7\"><author>Ann</author></book>\n",
    ),
    // The default set is the first, wherever its parameters stand.
    (
        "function Find-Seat { [CmdletBinding(DefaultParameterSetName = 'Row')] param([Parameter(ParameterSetName = 'Name', Mandatory)]$Guest, [Parameter(ParameterSetName = 'Row')]$Row) }; (Get-Command Find-Seat).ParameterSets.Name -join ','",
        "Row,Name\n",
    ),
    // The registry's properties want the registry's drive, each name once.
    (
        "Remove-ItemProperty HKLM:\\a -Name b, c -ErrorAction SilentlyContinue -ErrorVariable gone; $gone.Count; try { New-ItemProperty HKCU:\\a -Name b -ErrorAction Stop } catch { \"$_\" }",
        "2\nCannot find drive. A drive with the name 'HKCU' does not exist.\n",
    ),
    // What a class's constructor throws is for New-Object the failure of a call.
    (
        "class Shy { Shy() { throw 'not today' } }; try { New-Object Shy } catch { \"$_\" }; try { [Shy]::new() } catch { \"$_\" }",
        "Exception calling \".ctor\" with \"0\" argument(s): \"not today\"\nnot today\n",
    ),
    // Without a terminal there are no keys.
    (
        "try { $Host.UI.RawUI.ReadKey('NoEcho,IncludeKeyDown') } catch { $_.FullyQualifiedErrorId }",
        "InvalidOperationException\n",
    ),
    // Nobody listens there.
    (
        "try { Invoke-WebRequest http://127.0.0.1:1/ } catch { \"$($_.FullyQualifiedErrorId) $_\"; $_.Exception.Message }",
        "WebCmdletWebResponseException,Microsoft.PowerShell.Commands.InvokeWebRequestCommand Connection refused\nConnection refused (127.0.0.1:1)\n",
    ),
    (
        "try { [Net.Sockets.TcpClient]::new('127.0.0.1', 1) } catch { $_.FullyQualifiedErrorId }; Test-Connection localhost -Count 1 -Quiet",
        "SocketException\nTrue\n",
    ),
    // A database server is never found.
    (
        "$c = [Data.SqlClient.SqlConnection]::new('Server=sql1;Database=d'); $c.DataSource; $c.State; try { $c.Open() } catch { $_.Exception.InnerException.GetType().Name }",
        "sql1\nClosed\nSqlException\n",
    ),
    // Other sessions know nothing of this one but what they are given.
    (
        "$x = 1; $p = [powershell]::Create(); $null = $p.AddScript({ param($a, $b) \"$a $b $x\"; Write-Error 'e' }).AddParameter('b', 2).AddArgument(3); $p.Invoke(); $p.HadErrors",
        "3 2 \nTrue\n",
    ),
    (
        "$o = [pscustomobject]@{ l = [Collections.ArrayList](1, 2, 3) }; ($o | Update-List -Property l -Add 4 -Remove 2).l -join ','",
        "1,3,4\n",
    ),
    // Plain texts of secure strings are read through pointers.
    (
        "$s = ConvertTo-SecureString 'pass' -AsPlainText -Force; $m = [Runtime.InteropServices.Marshal]; $p = $m::SecureStringToBSTR($s); $m::PtrToStringBSTR($p); $m::PtrToStringAuto($p); $m::ZeroFreeBSTR($p)",
        "pass\np\n",
    ),
    // The null of databases is an object, not null; the console's colours stay as they are set.
    (
        "[DBNull]::Value -eq $null; $null -ne [DBNull]::Value; $Host.PrivateData.ErrorForegroundColor = 'Blue'; $Host.PrivateData.ErrorForegroundColor",
        "False\nTrue\nBlue\n",
    ),
];

#[test]
fn scripts_reach_for_the_world_outside() {
    World::new().answers(SCRIPTS);
}

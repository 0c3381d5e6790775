//! Events and jobs: who subscribes, what runs when, what is received.

mod support;

use support::World;

const EVENTS: &[(&str, &str)] = &[
    // Without an action an event waits in the queue; with one it is the action's alone.
    (
        "New-Event a -MessageData 5 > $null; (Get-Event a).MessageData; $null = Register-EngineEvent b -Action { Write-Host \"got $($Event.MessageData)\" }; New-Event b -MessageData 7 > $null; foreach ($i in 1) { }; (Get-Event).SourceIdentifier",
        "5\ngot 7\na\n",
    ),
    // An action runs in a module of its own; what it writes is its job's.
    (
        "$j = Register-EngineEvent c -Action { $script:n++; \"n=$n\" }; 1..2 | ForEach-Object { New-Event c > $null }; $j | Receive-Job; \"[$n]\"; Unregister-Event c; \"$($j.State)\"",
        "n=1\nn=2\n[]\nStopped\n",
    ),
    (
        "$t = [Timers.Timer]::new(5); $null = Register-ObjectEvent $t Elapsed -SourceIdentifier tick; $t.Start(); $e = Wait-Event tick -Timeout 5; $t.Stop(); $e.SourceEventArgs.GetType().Name; $e.Sender.Interval",
        "ElapsedEventArgs\n5\n",
    ),
    (
        "$c = [Collections.ObjectModel.ObservableCollection[int]]::new(); $c.add_CollectionChanged({ Write-Host \"$($_.Action) $($_.NewItems) at $($_.NewStartingIndex)\" }); $c.Add(7); $c[0] = 8; $c.Clear()",
        "Add 7 at 0\nReplace 8 at 0\nReset  at -1\n",
    ),
    (
        "$null = Register-EngineEvent PowerShell.Exiting -Action { Write-Host bye }; 'last'",
        "last\nbye\n",
    ),
    (
        "$p = [Diagnostics.Process]::new(); $p.StartInfo.FileName = 'sh'; $p.StartInfo.Arguments = '-c \"echo one; exit 3\"'; $p.StartInfo.RedirectStandardOutput = $true; $p.EnableRaisingEvents = $true; $null = Register-ObjectEvent $p OutputDataReceived -Action { if ($EventArgs.Data) { Write-Host $EventArgs.Data } }; $null = Register-ObjectEvent $p Exited -SourceIdentifier ended; $null = $p.Start(); $p.BeginOutputReadLine(); $p.WaitForExit(); (Wait-Event ended -Timeout 5).Sender.ExitCode",
        "one\n3\n",
    ),
    (
        "Register-EngineEvent once -MaxTriggerCount 1; New-Event once > $null; @(Get-EventSubscriber).Count; try { Register-ObjectEvent ([Timers.Timer]::new()) Nope -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }",
        "0\nINVALID_REGISTRATION,Microsoft.PowerShell.Commands.RegisterObjectEventCommand\n",
    ),
];

const JOBS: &[(&str, &str)] = &[
    // A job takes the time it sleeps, though nobody waits for it: what comes later is not there yet.
    (
        "$j = Start-ThreadJob { 1; Start-Sleep -Milliseconds 300; 2 }; $j.State; (Receive-Job $j) -join ','; (Wait-Job $j).State; Receive-Job $j",
        "Running\n1\nCompleted\n2\n",
    ),
    (
        "$j = Start-Job { Start-Sleep 100; 1 }; @(Wait-Job $j -Timeout 0).Count; Remove-Job $j -ErrorVariable e -ErrorAction SilentlyContinue; $e.Count; Stop-Job $j; $j.State; @(Receive-Job $j).Count; Remove-Job $j",
        "0\n1\nStopped\n0\n",
    ),
    // Results come in the order of their times; what is not over in time is stopped.
    (
        "(3, 1, 2 | ForEach-Object -Parallel { Start-Sleep -Milliseconds ($_ * 50); $_ }) -join ','; $e = @(1, 60 | ForEach-Object -Parallel { Start-Sleep -Milliseconds ($_ * 50); $_ } -TimeoutSeconds 1 2>&1); $e[0]; $e[1].FullyQualifiedErrorId; \"$($e[1])\"",
        "1,2,3\n1\nPSTaskException\nThe pipeline has been stopped.\n",
    ),
    (
        "$b = { 1 }; foreach ($c in { 1 | ForEach-Object -Parallel { $using:b } }, { 1 | ForEach-Object -Parallel { $using:nope } }, { 1 | ForEach-Object -Parallel { 1 } -AsJob -TimeoutSeconds 1 }, { $b | ForEach-Object -Parallel { 1 } }) { try { $ErrorActionPreference = 'Stop'; & $c } catch { ($_.FullyQualifiedErrorId -split ',')[0] } }",
        "ParallelUsingVariableCannotBeScriptBlock\nUsingVariableIsUndefined\nParallelCannotUseTimeoutWithJob\nParallelPipedInputObjectCannotBeScriptBlock\n",
    ),
    (
        "$j = Start-ThreadJob { throw 'no' }; $null = Wait-Job $j | Receive-Job -ErrorAction SilentlyContinue; $j.JobStateInfo.Reason.Message; $j.HasMoreData",
        "no\nFalse\n",
    ),
    (
        "$j = 1..3 | ForEach-Object -Parallel { $_ * 2 } -AsJob; $j.GetType().Name; $j.ChildJobs.Count; ($j | Wait-Job | Receive-Job) -join ','",
        "PSTaskJob\n3\n2,4,6\n",
    ),
    // What ends the work for one object ends nothing else.
    (
        "$r = 1..3 | ForEach-Object -Parallel { if ($_ -eq 2) { throw 'no' }; $_ } -ErrorVariable e -ErrorAction SilentlyContinue; \"$r\"; \"$($e.Count) $($e[0].FullyQualifiedErrorId)\"",
        "1 3\n1 PSTaskException\n",
    ),
    (
        "$j = Start-Job { 1 }; (Get-Job -IncludeChildJob).Name -join ' '; Receive-Job $j -Keep; Receive-Job $j -Wait -AutoRemoveJob; @(Get-Job).Count; (Start-ThreadJob { }).Id",
        "Job1 Job2\n1\n1\n0\n3\n",
    ),
    (
        "$j = Register-EngineEvent x -Action { }; try { Remove-Job $j -ErrorAction Stop } catch { $_.CategoryInfo.Category }; Remove-Job $j -Force; @(Get-Job).Count; @(Get-EventSubscriber).Count",
        "InvalidOperation\n0\n0\n",
    ),
];

#[test]
fn events_reach_who_waits_for_them() {
    World::new().answers(EVENTS);
}

#[test]
fn jobs_keep_what_they_wrote() {
    World::new().answers(JOBS);
}

const RUNSPACES: &[(&str, &str)] = &[
    // The usual way to work on many things: a pool, one pipeline each, results at the end.
    (
        "$pool = [runspacefactory]::CreateRunspacePool(1, 3); $pool.Open(); $work = 1..3 | ForEach-Object { $ps = [powershell]::Create().AddScript({ param($n) $n * 10 }).AddArgument($_); $ps.RunspacePool = $pool; @{ P = $ps; H = $ps.BeginInvoke() } }; foreach ($w in $work) { $w.P.EndInvoke($w.H); $w.P.Dispose() }; $pool.Close(); $pool.RunspacePoolStateInfo.State",
        "10\n20\n30\nClosed\n",
    ),
    (
        "$s = [initialsessionstate]::CreateDefault(); $s.Variables.Add([Management.Automation.Runspaces.SessionStateVariableEntry]::new('v', 3, '')); $s.Commands.Add([Management.Automation.Runspaces.SessionStateFunctionEntry]::new('f', '\"f$args\"')); [powershell]::Create($s).AddScript('f $v').Invoke()",
        "f3\n",
    ),
    (
        "$r = [runspacefactory]::CreateRunspace(); \"$($r.RunspaceStateInfo)\"; $r.Open(); $r.SessionStateProxy.SetVariable('x', 5); $p = [powershell]::Create($r); $p.AddScript('$y = $x + 1').Invoke(); $r.SessionStateProxy.GetVariable('y'); @(Get-Runspace).Count; $r.Dispose(); @(Get-Runspace).Count",
        "BeforeOpen\n6\n2\n1\n",
    ),
    // An error that nobody caught comes out where the results are fetched.
    (
        "$p = [powershell]::Create().AddScript('throw 5'); $h = $p.BeginInvoke(); try { $p.EndInvoke($h) } catch { $_.Exception.InnerException.Message }; $p.InvocationStateInfo.State; $p.HadErrors",
        "5\nFailed\nTrue\n",
    ),
    (
        "$in = [Management.Automation.PSDataCollection[psobject]]::new(); $in.Add(3); $in.Complete(); $out = [Management.Automation.PSDataCollection[psobject]]::new(); $p = [powershell]::Create().AddScript('$input | ForEach-Object { $_ * 2 }'); $null = $p.EndInvoke($p.BeginInvoke($in, $out)); $out.Count; $out[0]",
        "1\n6\n",
    ),
    (
        "$t = [Management.Automation.PSSerializer]; $o = $t::Deserialize($t::Serialize([pscustomobject]@{ a = 1; b = 'x' })); $o.a; $o.psobject.TypeNames[0]; [Management.Automation.CommandCompletion]::CompleteInput('Get-Runsp', 9, $null).CompletionMatches[0].CompletionText; { 1 }.StartPosition.Type",
        "1\nDeserialized.System.Management.Automation.PSCustomObject\nGet-Runspace\nGroupStart\n",
    ),
    // A function made from a command's metadata stands in for it, pipeline and all.
    (
        "function Get-Thing { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)][ValidateSet('a', 'b')][string]$Name, [switch]$Force) process { \"$Name $Force\" } }; $m = [Management.Automation.CommandMetadata]::new((Get-Command Get-Thing)); Set-Item Function:Get-Proxy ([Management.Automation.ProxyCommand]::Create($m)); 'a', 'b' | Get-Proxy -Force; [Management.Automation.ProxyCommand]::GetParamBlock($m).Trim() -split '\\s*\\n\\s*'; 1..2 | Trace-Command -Name x { $input | ForEach-Object { $_ + 1 } }",
        "a True\nb True\n[Parameter(Mandatory=$true, Position=0, ValueFromPipeline=$true)]\n[ValidateSet('a','b')]\n[string]\n${Name},\n[switch]\n${Force}\n2\n3\n",
    ),
    (
        "$k = [cultureinfo]'ru-RU'; $d = [datetime]'2024-03-05'; $d.ToString('D', $k); $d.ToString('MMMM', $k); (1234.5).ToString('C', [cultureinfo]'pt-BR'); $d.ToString('D', [cultureinfo]'ko-KR')",
        "вторник, 5 марта 2024 г.\nмарт\nR$ 1.234,50\n2024년 3월 5일 화요일\n",
    ),
];

#[test]
fn runspaces_run_what_they_are_given() {
    World::new().answers(RUNSPACES);
}

//! Small scripts and what they print: classes, modules, arguments, loops, pipelines fed step by step.

mod support;

use support::World;

const SCRIPTS: &[(&str, &str)] = &[
    // Help in comments: a page, its parts by name, one parameter; none without comments.
    (
        "function Get-It {\n    <#\n    .SYNOPSIS\n        Gets it.\n    .DESCRIPTION\n        First line.\n\n            Indented.\n    .PARAMETER Name\n        Which one.\n    .EXAMPLE\n        Get-It a\n\n        Gets a.\n    .LINK\n        Set-It\n    .COMPONENT\n        Store\n    #>\n    [CmdletBinding(DefaultParameterSetName = 'One')]\n    [OutputType([string])]\n    param(\n        [Parameter(Mandatory, ParameterSetName = 'One')] [string] $Name,\n        # Every one.\n        [Parameter(ParameterSetName = 'All')] [switch] $All,\n        [int] $Depth = (1 + 1)\n    )\n}\nGet-Help Get-It\n$h = Get-Help Get-It -Full\n\"$($h.parameters.parameter | % { \"$($_.name)=$($_.description.Text)[$($_.defaultValue)]\" })\"\n\"$($h.examples.example.code) / $($h.relatedLinks.navigationLink.linkText) / $($h.Component) / $($h.psobject.TypeNames[0])\"\nGet-Help Get-It -Parameter Depth\ntry { Get-Help Get-It -Component Nope -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }\nfunction Bare { }\nGet-Help Bare",
        "\nNAME\n    Get-It\n    \nSYNOPSIS\n    Gets it.\n    \n    \nSYNTAX\n    Get-It -Name <String> [-Depth <Int32>] [<CommonParameters>]\n    \n    Get-It [-All] [-Depth <Int32>] [<CommonParameters>]\n    \n    \nDESCRIPTION\n    First line.\n    \n        Indented.\n    \n\nRELATED LINKS\n    Set-It \n\nREMARKS\n    To see the examples, type: \"Get-Help Get-It -Examples\"\n    For more information, type: \"Get-Help Get-It -Detailed\"\n    For technical information, type: \"Get-Help Get-It -Full\"\n            For online help, type: \"Get-Help Get-It -Online\"\nName=Which one.[] All=Every one.[] Depth=[(1 + 1)]\nGet-It a / Set-It / Store / MamlCommandHelpInfo#FullView\n\ndescription    : \ndefaultValue   : (1 + 1)\nparameterValue : Int32\nname           : Depth\ntype           : @{name=Int32}\nrequired       : false\nglobbing       : false\npipelineInput  : false\nposition       : named\n\nHelpNotFound,Microsoft.PowerShell.Commands.GetHelpCommand\n\ndetails       : @{name=Bare; description=}\ndescription   : \nSyntax        : @{syntaxItem=}\nparameters    : @{parameter=System.Object[]}\naliases       : None\nremarks       : None\nName          : Bare\nCategory      : Function\nSynopsis      : \n                Bare\n                \nComponent     : \nRole          : \nFunctionality : \nModuleName    : \n\n\n",
    ),
    // What could not be read keeps what of it could, by its roles.
    (
        "$p = [System.Management.Automation.Language.Parser]; $s = 'switch -file a (1) { x { 2', 'try { 1 } catch [int],[char] { 2 } catch', 'do { 1 } until ($x', 'function f($a = 1'; foreach ($t in $s) { $e = $p::ParseInput($t, [ref]$null, [ref]$null).EndBlock.Statements[0]; \"$($e.GetType().Name) <$($e.Extent)> nested <$($e.NestedAst -join '|')> conditions <$($e.Conditions)> bodies <$($e.Bodies -join '|')> $($e.Flags.Keys) $($e.Kind)\" }",
        "ErrorStatementAst <switch -file a (1) { x { 2> nested <> conditions <1> bodies <x|{ 2> file switch\nErrorStatementAst <try { 1 } catch [int],[char] { 2 } catch> nested <{ 1 }|catch [int],[char] { 2 }> conditions <> bodies <>  \nErrorStatementAst <do { 1 } until ($x> nested <> conditions <$x> bodies <{ 1 }>  do\nErrorStatementAst <function f($a = 1> nested <$a = 1> conditions <> bodies <>  \n",
    ),
    // The tree tells redirections, chains, members and traps; visitors walk it; tokens are of their own classes.
    (
        "$t = $null; $a = [System.Management.Automation.Language.Parser]::ParseInput('[CmdletBinding()] param($x) a *>&1 2>> b && c || d; class K { [int]$n = 1; hidden static [void] M([int]$q) { } }; x.Y(1); trap { 1 }', [ref]$t, [ref]$null); $b = $a.EndBlock; $c = $b.Statements[0]; \"$($a.ParamBlock.Attributes) $($c.Operator) $($c.LhsPipelineChain.Operator) $($c.LhsPipelineChain.RhsPipeline)\"; $r = $c.LhsPipelineChain.LhsPipelineChain.PipelineElements[0].Redirections; \"$($r[0].FromStream) $($r[0].ToStream) $($r[1].FromStream) $($r[1].Append) $($r[1].Location)\"; $m = $b.Statements[1].Members; \"$($m[0].PropertyAttributes) $($m[1].MethodAttributes) $($m[1].ReturnType) $($m[1].Parameters)\"; $a.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true).Name; $b.Traps.Count; $c.GetType().BaseType.Name; $b.Statements.GetType().Name\nclass Counter : System.Management.Automation.Language.AstVisitor { [int]$commands; [System.Management.Automation.Language.AstVisitAction] VisitCommand([System.Management.Automation.Language.CommandAst]$c) { $this.commands++; return 'SkipChildren' } }\n$v = [Counter]::new(); $a.Visit($v); $v.commands\n$t | % { $_.GetType().Name } | group -NoElement | sort Name | % { \"$($_.Count) $($_.Name)\" }",
        "[CmdletBinding()] OrOr AndAnd c\nAll Output Error True b\nPublic Public, Static, Hidden [void] [int]$q\nM\n1\nChainableAst\nReadOnlyCollection`1\n4\n1 FileRedirectionToken\n1 MergingRedirectionToken\n3 NumberToken\n1 StringLiteralToken\n45 Token\n3 VariableToken\n",
    ),
    // Arguments come before the search for the command; what stands for no name is told with its operator.
    (
        "try { nosuch $(Write-Host args) } catch { $_.FullyQualifiedErrorId }; function f { nosuch $(1; return 2) }; f; try { . @() } catch { \"$_\".Substring(0, 24) }; try { & ' ' } catch { $_.FullyQualifiedErrorId }",
        "args\nCommandNotFoundException\n1\n2\nThe expression after '.'\nCommandNotFoundException\n",
    ),
    // A condition block of `switch` has a scope and arguments of its own; a clause may change `$_` for the next.
    (
        "function f { switch (1) { { $z = 5; \"$args\" -eq '' } { \"z$z\" } { return $true } { 'hit' } 1 { $_ = 2 } 2 { 'two' } } }; f a b",
        "z\nhit\ntwo\n",
    ),
    // What a script throws arrives at a method's caller inside an exception of the language.
    (
        "try { { throw [IO.IOException]::new('io') }.Invoke() } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.InnerException.GetType().Name }; { }.InvokeReturnAsIs()",
        "RuntimeException\nIOException\n",
    ),
    // Actions see the lookups of commands.
    (
        "$i = $ExecutionContext.InvokeCommand; $i.PreCommandLookupAction = { param($n, $e) if ($n -eq 'zork') { $e.CommandScriptBlock = { \"z$args\" } } }; zork 1 2; $i.PreCommandLookupAction = $null; $i.PostCommandLookupAction = { param($n, $e) if ($n -eq 'Get-Verb') { $e.CommandScriptBlock = { 'mine' } } }; Get-Verb",
        "z1 2\nmine\n",
    ),
    // Get-Command tells parameters that nobody has, tries arguments, and shows what a dynamicparam block adds.
    (
        "function f { [CmdletBinding()] param($a) dynamicparam { $d = [Management.Automation.RuntimeDefinedParameterDictionary]::new(); $c = [Collections.ObjectModel.Collection[Attribute]]::new(); $c.Add([Management.Automation.ParameterAttribute]::new()); $n = \"Dyn$a\"; $d.Add($n, [Management.Automation.RuntimeDefinedParameter]::new($n, [int], $c)); $d } end { } }; (gcm f -ArgumentList 7).Parameters.ContainsKey('Dyn7'); (gcm f -Syntax).Trim(); foreach ($b in { gcm -Noun Date -ParameterName nope -ErrorAction Stop }, { gcm Get-Item -ArgumentList 1, 2 }, { gcm gci -ArgumentList 1 }) { try { & $b } catch { ($_.FullyQualifiedErrorId -split ',')[0] } }",
        "True\nf [[-a] <Object>] [-Dyn <int>] [<CommonParameters>]\nCommandParameterNotFound\nPositionalParameterNotFound\nCommandArgsOnlyForSingleCmdlet\n",
    ),
    // Programs are spoken to and understood in the session's encodings; their bytes go to a file as they are.
    #[cfg(unix)]
    (
        "/bin/printf 'x\\377' > o.bin; (Get-Item o.bin).Length; & { $OutputEncoding = [Text.Encoding]::Unicode; 'a' | /usr/bin/od -An -tx1 }; 'a' | /usr/bin/od -An -tx1; [Console]::OutputEncoding = [Text.Encoding]::Latin1; $x = /bin/printf '\\351'; [Console]::OutputEncoding = [Text.Encoding]::UTF8; $x; (/bin/printf 'a\\rb\\r\\nc').Count",
        "2\n ff fe 61 00 0a 00\n 61 0a\né\n3\n",
    ),
    // A named stack of locations can take the place of the usual one.
    (
        "Push-Location / -StackName s; Set-Location -StackName s; Push-Location /usr; (Get-Location -Stack).Count; Pop-Location; \"$PWD\"; Pop-Location; try { Set-Location -StackName none -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }",
        "2\n/\nStackNotFound,Microsoft.PowerShell.Commands.SetLocationCommand\n",
    ),
    // A default without a value asks nobody for a password.
    (
        "function f { param([pscredential][System.Management.Automation.Credential()]$C = [pscredential]::Empty) \"[$C]\" }; f",
        "[]\n",
    ),
    // What a manifest names and nobody has is told as the manifest's own error; versions count there too.
    (
        "'@{ ModuleVersion = \"1.0\"; RequiredModules = @(@{ ModuleName = \"Nowhere\"; ModuleVersion = \"2.0\" }) }' > a.psd1; '@{ ModuleVersion = \"1.0\"; NestedModules = \"none.psm1\" }' > b.psd1; foreach ($m in './a.psd1', './b.psd1') { try { Import-Module $m -ErrorAction Stop } catch { ($_.FullyQualifiedErrorId -split ',')[0]; ($_.Exception.Message -split '[,.]')[0] } }",
        "Modules_InvalidManifest\nThe required module 'Nowhere' with version '2\nModules_ModuleFileNotFound\nThe module to process 'none\n",
    ),
    // Texts made safe to stand in a script.
    (
        "$c = [System.Management.Automation.Language.CodeGeneration]; $c::EscapeSingleQuotedStringContent(\"a'b\"); $c::EscapeFormatStringContent('{0}'); $c::EscapeVariableName('a}b'); $c::EscapeBlockCommentContent('<# #>')",
        "a''b\n{{0}}\na`}b\n<`# #`>\n",
    ),
    // Addresses are numbers of their own kind; a version that never was has no rules.
    (
        "[IntPtr]::Zero.ToInt32(); ([IntPtr]5).GetType().FullName; \"$([UIntPtr]::MaxValue)\"; [IntPtr]::Zero -eq [IntPtr]0; [IntPtr]::Size; try { Set-StrictMode -Version 3.1 } catch { $_.FullyQualifiedErrorId -replace ',.*' }; Set-StrictMode -Version 5.1",
        "0\nSystem.IntPtr\n18446744073709551615\nTrue\n8\nParameterArgumentValidationError\n",
    ),
    // Debugging settings make the whole session strict about names, whoever gives them.
    (
        "function on { Set-PSDebug -Strict }; function read { try { $nobody; 'fine' } catch { $_.FullyQualifiedErrorId } }; read; on; read; \"[$nobody]\"; Set-PSDebug -Trace 0; read; Set-PSDebug -Off; read",
        "fine\nVariableIsUndefined\n[]\nVariableIsUndefined\nfine\n",
    ),
    // Keys that compare themselves, and comparers written in scripts, decide what is the same and what comes first.
    (
        "class K { [int]$v; K($v) { $this.v = $v } [bool] Equals([object]$o) { return $o.v -eq $this.v } [int] GetHashCode() { return $this.v } }; $h = @{}; $h[[K]::new(1)] = 'a'; $h[[K]::new(1)]; $s = [Collections.Generic.HashSet[K]]::new(); $s.Add([K]::new(1)); $s.Add([K]::new(1)); class C : Collections.Generic.IComparer[int] { [int] Compare([int]$a, [int]$b) { return $b - $a } }; \"$([Collections.Generic.SortedSet[int]]::new([int[]](1, 3, 2), [C]::new()))\"",
        "a\nTrue\nFalse\n3 2 1\n",
    ),
    // A collection must not change while it is piped; what an array has through an interface is named as that does.
    (
        "$l = [Collections.Generic.List[int]](1, 2); try { $l | % { $l.Add(9) } } catch { $_.FullyQualifiedErrorId }; try { (1, 2).add(3) } catch { \"$_\" }; (@{ a = 1 } -as [pscustomobject]).GetType().Name",
        "BadEnumeration\nException calling \"Add\" with \"1\" argument(s): \"Collection was of a fixed size.\"\nHashtable\n",
    ),
    // A class of a function is that function's own; a class is known to those after it.
    (
        "class C { [string] Who() { return 'outer' } }; function f { class C { [string] Who() { return 'f' } }; [C]::new().Who() }; function g { class C { [string] Who() { return 'g' } }; (New-Object C).Who() }; f; g; [C]::new().Who(); try { iex 'class P : Q {}; class Q {}' } catch { ($_.FullyQualifiedErrorId -split ',')[0] }",
        "f\ng\nouter\nTypeNotFound\n",
    ),
    // Attributes stand where they are meant to; enums may use each other's values, not in a circle.
    (
        "foreach ($t in 'class A { M([ValidateNotNull()]$x) { } }', '[Flags()] class A { }', 'enum A { x = [B]::y }; enum B { y = [A]::x }') { try { iex $t } catch { ($_.FullyQualifiedErrorId -split ',')[0] } }; enum L { a = [M]::b }; enum M { b = 7 }; [int][L]::a",
        "AttributeNotAllowedOnDeclaration\nAttributeNotAllowedOnDeclaration\nCycleInEnumInitializers\n7\n",
    ),
    // Expressions hand their streams on; what is caught counts for -ErrorVariable; `+` goes on with any value.
    (
        "(Write-Error a) 2>&1 | % { \"e:$_\" }; function f { [CmdletBinding()] param() Write-Error x; try { throw 'y' } catch { } }; $v = 'old'; f -ErrorVariable +v 2>$null; \"$v\"; (($a, $b = 1, 2, 3)).Count",
        "e:a\nold x y\n2\n",
    ),
    // A delegate or a method makes the text of `-replace`.
    (
        "class R { static [string] Up([Text.RegularExpressions.Match]$m) { return $m.Value.ToUpper() } }; 'abc' -replace 'b', [R]::Up; 'abc' -replace 'b', ({ '<' + $args[0].Value + '>' } -as [Text.RegularExpressions.MatchEvaluator])",
        "aBc\na<b>c\n",
    ),
    // A cast reaches the base's own method; only `return` gives a method a value.
    (
        "class B { [string] Who() { return 'B' } }; class C : B { [string] Who() { 'lost'; return 'C+' + ([B]$this).Who() } }; [C]::new().Who()",
        "C+B\n",
    ),
    // `clean` runs for what has run, loses its output, and fails the command without ending anything.
    (
        "function c { clean { Write-Warning 'nothing ran' } }; c; function d { end { 1 } clean { 2; throw 'late' } }; d 2>$null; $?",
        "1\nFalse\n",
    ),
    // Output of a steppable pipeline's beginning comes with the next step.
    (
        "$s = { & { begin { 'b' } process { 'p' } clean { Write-Host 'c' } } }.GetSteppablePipeline(); $s.Begin($false); $s.Process() -join ','; $s.Dispose()",
        "b,p\nc\n",
    ),
    // What stands nearest to a parameter's name is applied first; the refusal's own error is inside.
    (
        "class Twice : Management.Automation.ArgumentTransformationAttribute { [object] Transform([Management.Automation.EngineIntrinsics]$e, [object]$v) { return $v + $v } }; function f { param([Twice()][int]$n, [ValidateSet('a')][ValidateLength(3, 5)]$s) $n }; f '21'; try { f 1 b } catch { $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }",
        "42\nValidateLengthMinLengthFailure\n",
    ),
    // Caught errors are listed too; a list goes on with whatever the variable holds.
    (
        "function e { [CmdletBinding()] param() Write-Error 'a'; try { throw 'b' } catch { } }; $v = 'first'; e -ErrorVariable +v 2>$null; $v -join ','",
        "first,a,b\n",
    ),
    // What is wrong with the table of default arguments is told, and the call goes on.
    (
        "$PSDefaultParameterValues = @{ 'f:n' = 'x'; 'odd' = 1 }; function f { [CmdletBinding()] param([int]$n) $n }; (f 3>&1) -replace '(?s)(failed|format).*', '$1'; $PSDefaultParameterValues.Count",
        "The key 'odd' does not have a valid format\nThe binding of default value 'x' to parameter 'n' failed\n0\n1\n",
    ),
    // Objects bear the names that parameters ask for; obsolete ones say so; wrong attributes fail at the call.
    (
        "function f { param([PSTypeName('A.B')]$o, [Obsolete('use o')]$p, [ValidateCount(1, 9)]$c) \"$p\" }; function g { param([ValidateCount(-1, 2)]$c) }; foreach ($b in { f ([pscustomobject]@{ PSTypeName = 'A.B' }) -p 1 3>&1 }, { f 1 }, { g }) { try { & $b } catch { $_.FullyQualifiedErrorId } }",
        "WARNING: Parameter 'p' is obsolete. use o\n1\nMismatchedPSTypeName,f\nExceptionConstructingAttribute\n",
    ),
    // An attribute that is nowhere fails the call of its function.
    (
        "function f { [NoSuch()] param() 'ran' }; try { f } catch { $_.FullyQualifiedErrorId }; function g { [Diagnostics.DebuggerHidden()] param() 'ran' }; g",
        "CustomAttributeTypeNotFound\nran\n",
    ),
    // A record that a function writes again bears the function's name.
    (
        "function f { [CmdletBinding()] param() try { Get-Item nosuch -ErrorAction Stop } catch { $PSCmdlet.ThrowTerminatingError($_) } }; try { f } catch { $_.FullyQualifiedErrorId }",
        "PathNotFound,f\n",
    ),
    // Functions and variables of a block's context are there for its call alone.
    (
        "{ g $v @args }.InvokeWithContext(@{ g = { \"$args\" } }, [psvariable]::new('v', 7), 1, 2); [bool](Get-Command g -ErrorAction Ignore)",
        "7 1 2\nFalse\n",
    ),
    // A property's validator speaks for itself.
    (
        "class P { [ValidateRange(1, 5)][int]$N = 2 }; try { [P]::new().N = 9 } catch { $_.Exception.Message.Contains('maximum allowed range of 5') }",
        "True\n",
    ),
    // Unknown names keep their place in `$args`, and a splat gives them back.
    (
        "function t($a, [switch]$s) { \"$a $s\" }; function w { t @args }; w -s x; function l { $args -join ',' }; l 1 -n 2 3",
        "x True\n1,-n,2,3\n",
    ),
    // The enumerators of loops can be moved.
    (
        "foreach ($i in 1..4) { $i; [void]$foreach.MoveNext() }; switch (1, 2) { 1 { [void]$switch.MoveNext(); $switch.Current } }",
        "1\n3\n2\n",
    ),
    // A block runs in the session state it was made in, also when a module calls it.
    (
        "$null = New-Module { $v = 'module'; function Run($b) { $v = 'local'; & $b } }; $v = 'session'; Run { $v }; function f { $v = 'caller'; Run { $v } }; f",
        "session\ncaller\n",
    ),
    (
        "$m = New-Module { function Hidden($x) { \"h$x\" }; Export-ModuleMember }; & $m Hidden 5; & $m { Hidden 6 }; (& $m { $ExecutionContext.SessionState.Module }) -eq $m",
        "h5\nh6\nTrue\n",
    ),
    // A steppable pipeline gives what each step wrote.
    (
        "$p = { Sort-Object -Descending }.GetSteppablePipeline(); $p.Begin($true); 1, 3, 2 | ForEach-Object { $p.Process($_) }; $p.End() -join ','",
        "3,2,1\n",
    ),
    // Dynamic parameters come from objects, are checked by their attributes, and are no variables.
    (
        "function d { [CmdletBinding()] param() dynamicparam { $t = [System.Management.Automation.RuntimeDefinedParameterDictionary]::new(); $a = [System.Collections.ObjectModel.Collection[Attribute]]::new(); $a.Add([Parameter]@{ Mandatory = $true }); $a.Add([ValidateRange]::new(1, 5)); $t.Add('N', [System.Management.Automation.RuntimeDefinedParameter]::new('N', [int], $a)); $t } process { \"$($PSBoundParameters.N) [$N]\" } }; d -N 3; try { d -N 9 } catch { $_.FullyQualifiedErrorId }",
        "3 []\nParameterArgumentValidationError,d\n",
    ),
    // A trap has a scope of its own.
    (
        "& { $x = 'outer'; trap { $x = 'inner'; continue }; throw 'y'; $x }",
        "outer\n",
    ),
    // A class has to keep what its interfaces promise, types included.
    (
        "foreach ($t in 'class A : IComparable { }', 'class A : IComparable { [int] CompareTo($o) { return 1 } }', 'class A : System.IEquatable[int] { [bool] Equals($o) { return 1 } }') { try { & ([scriptblock]::Create($t)); 'fine' } catch { $_.FullyQualifiedErrorId } }",
        "TypeCreationError\nfine\nTypeCreationError\n",
    ),
    // Messages name a method as its type spells it, and what no overload takes as it was called.
    (
        "foreach ($t in '\"abc\".SUBSTRING(\"x\")', '\"abc\".SUBSTRING(9)', '\"abc\".SUBSTRING(1,2,3)', '[version]::new(1,2,3,4,5,6)', 'New-Object version 1,2,3,4,5,6', '[Text.StringBuilder]::new([datetime]0)') { try { Invoke-Expression $t } catch { $_.Exception.Message -replace '(for|calling|overload for) (\"\\S+\").*|.', '$2' } }",
        "\"Substring\"\n\"Substring\"\n\"SUBSTRING\"\n\"new\"\n\"Version\"\n\".ctor\"\n",
    ),
    // What a cast names owns the method that is meant, when there is a choice of them.
    (
        "$t = [type]'int'; $t::Parse('5'); try { ([type]'int')::Parse('5') } catch { $_.FullyQualifiedErrorId }",
        "5\nMethodCountCouldNotFindBest\n",
    ),
    // An attribute takes the arguments of its constructors.
    (
        "function f { param([ValidateLength(1)]$x) }; try { f 1 } catch { $_.FullyQualifiedErrorId }; try { iex 'class A { [ValidateRange(\"z\")]$x }' } catch { $_.FullyQualifiedErrorId }",
        "MethodCountCouldNotFindBest\nCannotConvertValue,Microsoft.PowerShell.Commands.InvokeExpressionCommand\n",
    ),
    // A list tells how much it has room for; empty output stays empty in a table.
    (
        "$l = [Collections.ArrayList]::new(); $l.Capacity = 10; $l.Capacity; $g = [Collections.Generic.List[int]](1..5); $g.Capacity; $g.Add(6); $g.Capacity; $h = @{ a = (& {}) }; @($h.a).Count; $h.Length",
        "10\n5\n10\n0\n1\n",
    ),
    // An error that no clause catches reaches the trap before `finally` runs; nested blocks are left as a whole.
    (
        "& { trap { \"trap $_\"; continue }; try { throw 'a' } catch [IO.IOException] { 'no' } finally { 'finally' }; if (1) { throw 'b'; 'skipped' }; 'end' }",
        "trap a\nfinally\ntrap b\nend\n",
    ),
    // A function that wrote an error of its own has failed; what it threw under Ignore is remembered.
    (
        "function w { [CmdletBinding()] param() $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('m'), 'i', 0, $null)) }; w 2>$null; $?; function t { [CmdletBinding()] param() throw 't' }; t -ErrorAction Ignore; \"$($Error[0])\"",
        "False\nt\n",
    ),
    // Compiled commands are given null as null, and refuse it where their parameter has none.
    (
        "foreach ($b in { ConvertFrom-Json $null }, { Get-Date $null }) { try { & $b } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }",
        "ParameterArgumentValidationErrorNullNotAllowed\nParameterBindingFailed\n",
    ),
    // A cast to object calls object's own methods; a method can stand for a delegate.
    (
        "([object]'abc').ToString(); ([object]'abc').Equals('ABC'.ToLower()); $f = [Func[string, int]][int]::Parse; $f.Invoke('5')",
        "System.String\nFalse\n5\n",
    ),
    // What the session protects stays, however it is assigned.
    (
        "foreach ($b in { $? = 1 }, { [string]$HOME = 1 }, { & { [int]$PID = 1 } }) { try { & $b } catch { $_.FullyQualifiedErrorId } }",
        "VariableNotWritable\nVariableNotWritable\nVariableNotWritable\n",
    ),
    // Text is no truth value for the items of a list either, once a function is advanced.
    (
        "function a { [CmdletBinding()] param([bool[]]$b) $b }; function s { param([bool[]]$b) $b }; s 'x'; try { a 'x' } catch { $_.FullyQualifiedErrorId }",
        "True\nParameterArgumentTransformationError,a\n",
    ),
    // A dot-sourced call has arguments, `$input` and `$MyInvocation` of its own; a cmdlet's block has no arguments.
    (
        "function f { . { \"$args $($MyInvocation.InvocationName)\" } 5; 1 | % { \"[$args]\" }; 7 | . { \"$input\" }; \"$args $($MyInvocation.InvocationName)\" }; f a b; . { param($p) \"$($PSBoundParameters.Keys)\" } 1; $p",
        "5 .\n[]\n7\na b f\np\n1\n",
    ),
    // The bound parameters follow the pipeline, begin to end, and keep what a script took out or put in.
    (
        "function f { param([Parameter(ValueFromPipeline)]$p, $q) begin { [void]$PSBoundParameters.Remove('q'); $PSBoundParameters['r'] = 0 } process { \"$($PSBoundParameters.Keys | sort) $($PSBoundParameters.p)\" } end { $PSBoundParameters.p } }; 'one', 'two' | f -q 5",
        "p r one\np r two\ntwo\n",
    ),
    // The file of a redirection is there before the command runs; where it cannot be, nothing runs.
    (
        "Set-Location ([IO.Directory]::CreateTempSubdirectory().FullName); function f { Test-Path out.txt; Write-Host ran }; f > out.txt; Get-Content out.txt; try { f > no/such/out.txt } catch { $_.FullyQualifiedErrorId }",
        "ran\nTrue\nFileOpenFailure,Microsoft.PowerShell.Commands.OutFileCommand\n",
    ),
    // What names an unknown type is blamed at the name, wherever it stands.
    (
        "foreach ($b in { [No.Such]::Thing() }, { $x = ([No.Such]'a').Length }, { 1 -is [ No.Such ] }, { function f { param([No.Such]$p) }; f 1 }) { try { & $b } catch { $_.InvocationInfo.OffsetInLine; $_.InvocationInfo.Statement } }",
        "18\n[No.Such]\n48\n[No.Such]\n80\n[ No.Such ]\n116\n[No.Such]\n",
    ),
    // What Stop made of an error inside a block is an exception of the method that ran the block.
    (
        "try { { Get-Item /nosuch -ea Stop }.Invoke() } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId -replace ',.*' }",
        "ActionPreferenceStopException\nPathNotFound\n",
    ),
    // A stack trace names blocks by their function and keyword, files and blocks alike.
    (
        "function f { process { try { throw 'x' } catch { $_.ScriptStackTrace } } }; 1 | f; class K { static [string] Go() { return (Get-PSCallStack)[0].FunctionName } }; [K]::Go()",
        "at f<Process>, <No file>: line 1\nat <ScriptBlock>, <No file>: line 1\nGo\n",
    ),
    // A class with a static Parse is what a text can be cast to; its constructors are shown as `new`.
    (
        "class C { [int]$v; static [C] Parse([string]$s) { return [C]@{ v = $s } } }; ([C]'7').v; [C]::new.OverloadDefinitions; try { iex 'class E : IEquatable[E] {}' } catch { ($_.FullyQualifiedErrorId -split ',')[0] }",
        "7\nC new()\nTypeNotFound\n",
    ),
    // ShouldProcess tells why it said no.
    (
        "function f { [CmdletBinding(SupportsShouldProcess)] param() $r = $null; $PSCmdlet.ShouldProcess('does it', 'sure?', 'c', [ref]$r); $r }; f -WhatIf",
        "What if: does it\nFalse\nWhatIf\n",
    ),
    // An error of a value that a colon ties to its parameter is shown at the value.
    (
        "function f { param([int]$n) }; try { f -n:abc } catch { $_.InvocationInfo.OffsetInLine }",
        "43\n",
    ),
    // A manifest is checked before its module is loaded.
    (
        "foreach ($m in '@{ ModuleVersion = \"abc\" }', '@{ Nope = 1; ModuleVersion = \"1.0\" }', '@{ RootModule = \"a\" }', '@{ ModuleVersion = \"1.0\"; PowerShellVersion = \"99.0\" }', '@{ ModuleVersion = \"1.0\"; RequiredModules = \"NoSuch\" }') { Set-Content m.psd1 $m; Import-Module ./m.psd1 2>$null; \"$($Error[0].FullyQualifiedErrorId -replace ',.*') $($Error[0].Exception.GetType().Name)\" }",
        "Modules_InvalidManifest ArgumentException\nModules_InvalidManifestMember InvalidOperationException\nModules_InvalidManifest MissingMemberException\nModules_InsufficientPowerShellVersion InvalidOperationException\nModules_InvalidManifest MissingMemberException\n",
    ),
    // Around a pipeline, -ErrorVariable holds what its last command writes.
    (
        "function f { [CmdletBinding()] param() Get-Item no1 | Out-Null; Get-Item no2; $x = Get-Item no3; Get-Item no4 | % { $_ } }; f -ErrorVariable e -ErrorAction 0; $e.TargetObject | Split-Path -Leaf",
        "no2\nno3\n",
    ),
    // A class may be a dictionary, which pipelines hand on whole; an abstract base is to be completed.
    (
        "class D : Collections.Generic.Dictionary[string, int] { }; $d = [D]::new(); $d.Add('a', 1); ($d | % { $_.GetType().Name }); $d; class E : EventArgs { [int]$n }; [E]::new().n; try { iex 'class C : Collections.Generic.Comparer[int] { }' } catch { ($_.FullyQualifiedErrorId -split ',')[0] }",
        "D\n\nKey Value\n--- -----\na       1\n0\nTypeCreationError\n\n",
    ),
    // A failed program tells which it was and how it ended.
    (
        "$PSNativeCommandUseErrorActionPreference = $true; $ErrorActionPreference = 'Stop'; try { /bin/sh -c 'exit 4' } catch { $_.Exception.ExitCode; $_.Exception.Path }",
        "4\n/bin/sh\n",
    ),
    // A private function is that of its own scope; what is not found may be given by an action.
    (
        "function private:p { 'p' }; p; try { & { p } } catch { $_.FullyQualifiedErrorId }; $ExecutionContext.InvokeCommand.CommandNotFoundAction = { param($n, $e) if ($n -eq 'magic') { $e.CommandScriptBlock = { \"magic $args\" } } }; magic 1; try { nomagic } catch { $_.FullyQualifiedErrorId }",
        "p\nCommandNotFoundException\nmagic 1\nCommandNotFoundException\n",
    ),
    // An error of binding tells which parameter it is about, and where.
    (
        "function f { [CmdletBinding()] param([Parameter(Mandatory)]$Name, [int]$n) }; foreach ($b in { f }, { f -Nope 1 }, { f a -n zz }, { f a -n }) { try { & $b } catch { \"[$($_.Exception.ParameterName)] $($_.Exception.Offset)\" } }",
        "[ Name] 96\n[Nope] 105\n[n] 125\n[n] 137\n",
    ),
    // What to start can be set up from a table.
    (
        "([System.Diagnostics.ProcessStartInfo]@{ FileName = 'x' }).FileName",
        "x\n",
    ),
];

#[test]
fn scripts_print_what_powershell_prints() {
    World::new().answers(SCRIPTS);
}

//! .NET types in scripts: what their members answer.

mod support;

use support::World;

const CONVERSIONS: &[(&str, &str)] = &[
    // A cast that .NET refuses names both types.
    (
        "foreach ($b in { [convert]::ToDateTime(5) }, { [convert]::ToInt32([datetime]::MinValue) }, { [convert]::ToInt32([guid]::Empty) }, { [convert]::ChangeType($null, [int]) }) { try { & $b } catch { $_.Exception.InnerException.Message } }",
        "Invalid cast from 'Int32' to 'DateTime'.\nInvalid cast from 'DateTime' to 'Int32'.\nUnable to cast object of type 'System.Guid' to type 'System.IConvertible'.\nNull object cannot be converted to a value type.\n",
    ),
    // The error is the method's own, not that of the parser behind it.
    (
        "try { [convert]::ToBoolean('yes') } catch { $_.Exception.Message }",
        "Exception calling \"ToBoolean\" with \"1\" argument(s): \"String 'yes' was not recognized as a valid Boolean.\"\n",
    ),
    (
        "[convert]::ToHexString([byte[]](1..5), 1, 2); [convert]::IsDBNull([DBNull]::Value); [convert]::ToChar(65)",
        "0203\nTrue\nA\n",
    ),
    // Times take spans, and texts that mean spans.
    (
        "$d = [datetime]'2024-03-05'; $d.Subtract([timespan]'1:00').Hour; ([timespan]'1:00').Add('0:30').TotalMinutes; (-[timespan]'1:00').ToString(); [timespan]::Compare('1:00', '2:00')",
        "23\n90\n-01:00:00\n-1\n",
    ),
    // The shared encodings are of sealed types, new ones are not.
    (
        "[Text.Encoding]::UTF8.GetType().Name; [Text.UTF8Encoding]::new().GetType().Name; [Text.Encoding]::GetEncoding('latin1').GetType().Name",
        "UTF8EncodingSealed\nUTF8Encoding\nLatin1EncodingSealed\n",
    ),
    // A decoder keeps the beginning of a character for the next piece.
    (
        "$d = [Text.Encoding]::UTF8.GetDecoder(); $c = [char[]]::new(2); $d.GetChars([byte[]](0xC3), 0, 1, $c, 0); $d.GetChars([byte[]](0xA9), 0, 1, $c, 0); $c[0]",
        "0\n1\né\n",
    ),
    (
        "'I'.ToLower([cultureinfo]'tr-TR'); 'i'.ToUpper([cultureinfo]'tr-TR'); 'I'.ToLower()",
        "ı\nİ\ni\n",
    ),
];

const COLLECTIONS: &[(&str, &str)] = &[
    // Parts of arrays and lists are searched by places of the whole.
    (
        "[array]::FindIndex([int[]](5, 1, 5), 1, [Predicate[int]]{ $args[0] -eq 5 }); [array]::LastIndexOf(@(1, 2, 1), 1, 1); [array]::BinarySearch([int[]](1, 2, 2, 3), 2); $l = [Collections.Generic.List[int]](4, 5, 6); $l.FindIndex(1, { $args[0] -gt 4 }); \"$($l.Slice(1, 2))\"",
        "2\n0\n1\n1\n5 6\n",
    ),
    (
        "$k = 3, 1, 2; $v = 'c', 'a', 'b'; [array]::Sort($k, $v); \"$k $v\"",
        "1 2 3 a b c\n",
    ),
    // The keys of a table are a collection without places.
    (
        "@{ a = 1 }.Keys.GetType().Name; @(@{ a = 1 }.Keys[0]).Count; ([ordered]@{ a = 1; b = 2 }).Keys[1]",
        "KeyCollection\n1\nb\n",
    ),
    (
        "$r = [Collections.ObjectModel.ReadOnlyCollection[int]]::new([int[]](1, 2)); try { $r.Add(3) } catch { $_.Exception.InnerException.Message }",
        "Collection is read-only.\n",
    ),
    (
        "$s = [Collections.Generic.SortedSet[int]]::new([int[]](3, 1, 2, 3)); \"$s\"; $s.Min; $s.GetViewBetween(2, 3).Count; $s.Add(2)",
        "1 2 3\n1\n2\nFalse\n",
    ),
    (
        "$d = [Collections.Generic.SortedDictionary[string, int]]::new(); $d['b'] = 1; $d['a'] = 2; \"$($d.Keys)\"; $d.ContainsKey('a')",
        "a b\nTrue\n",
    ),
    (
        "$q = [Collections.Generic.PriorityQueue[string, int]]::new(); $q.Enqueue('low', 5); $q.Enqueue('high', 1); $q.Dequeue(); $e = ''; $p = 0; $q.TryPeek([ref]$e, [ref]$p); \"$e $p\"",
        "high\nTrue\nlow 5\n",
    ),
    (
        "$c = [Collections.Concurrent.ConcurrentDictionary[string, int]]::new(); $c['a'] = 1; $c.AddOrUpdate('a', 5, { param($k, $old) $old + 10 }); $c.GetOrAdd('b', 9); $c.Count",
        "11\n9\n2\n",
    ),
    (
        "$q = [Collections.Concurrent.ConcurrentQueue[int]]::new(); $q.Enqueue(7); $x = 0; $q.TryDequeue([ref]$x); $x; $q.IsEmpty",
        "True\n7\nTrue\n",
    ),
];

const DELEGATES: &[(&str, &str)] = &[
    (
        "$f = [Func[int, int, int]]{ param($a, $b) $a * $b }; $f.Invoke(3, 4); $f.GetType().Name; ([Action]{ 'lost' }).Invoke()",
        "12\nFunc`3\n",
    ),
    (
        "[Linq.Enumerable]::Where([int[]](1, 2, 3), [Func[int, bool]]{ $args[0] -gt 1 }) -join ','; [Linq.Enumerable]::Sum([int[]](1, 2, 3)); [Linq.Enumerable]::Aggregate([int[]](1, 2, 3), [Func[int, int, int]]{ $args[0] + $args[1] })",
        "2,3\n6\n6\n",
    ),
    (
        "[Linq.Enumerable]::GroupBy([int[]](1, 2, 3), [Func[int, int]]{ $args[0] % 2 }) | ForEach-Object { \"$($_.Key):$_\" }; [Linq.Enumerable]::Zip([int[]](1, 2), [int[]](3, 4)) | ForEach-Object { \"$($_.Item1)-$($_.Item2)\" }",
        "1:1 3\n0:2\n1-3\n2-4\n",
    ),
    (
        "$l = [Linq.Enumerable]::ToLookup([string[]]('a', 'bb', 'cc'), [Func[string, int]]{ $args[0].Length }); $l[2] -join ','; $l.Count",
        "bb,cc\n2\n",
    ),
];

const VALUES: &[(&str, &str)] = &[
    // What the console is set to it tells again; what only Windows has it refuses.
    (
        "[Console]::OutputEncoding = [Text.Encoding]::ASCII; [Console]::OutputEncoding.WebName; [Console]::ForegroundColor = 'Red'; [Console]::ForegroundColor; [Console]::ResetColor(); [Console]::ForegroundColor; foreach ($b in { [Console]::Title }, { [Console]::BufferWidth = 9 }, { [Console]::Beep(1, 2) }) { try { & $b } catch { $_.Exception.Message } }",
        "us-ascii\nRed\n-1\nException getting \"Title\": \"Operation is not supported on this platform.\"\nException setting \"BufferWidth\": \"Operation is not supported on this platform.\"\nException calling \"Beep\" with \"2\" argument(s): \"Operation is not supported on this platform.\"\n",
    ),
    // The kinds of member may be given as patterns, unlike other names.
    (
        "[Management.Automation.PSMemberTypes]'Note*,Script*'; ([pscustomobject]@{ a = 1 } | Get-Member -MemberType *Property).Name; try { [DayOfWeek]'Mon*' } catch { $_.FullyQualifiedErrorId }",
        "NoteProperty, ScriptProperty, ScriptMethod\na\nSubstringDisambiguationEnumParseThrewAnException\n",
    ),
    (
        "$r = [Net.WebRequest]::Create('http://localhost:9/x'); $r.GetType().Name; $r.Method = 'POST'; $r.Timeout; try { [Net.WebRequest]::Create('x') } catch { $_.FullyQualifiedErrorId }; $c = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser'); $c.Open('ReadOnly'); $c.Certificates.Count; $c.Name",
        "HttpWebRequest\n100000\nUriFormatException\n0\nMy\n",
    ),
    // A pipeline of its own sees nothing of the session, and keeps what it set.
    (
        "$x = 5; $p = [powershell]::Create(); $p.AddScript('\"[$x]\"; $x = 7').Invoke(); $p.Commands.Clear(); $p.AddScript('$x').AddCommand('Measure-Object').AddParameter('Sum').Invoke().Sum; $e = [powershell]::Create().AddScript('Write-Error oops'); $e.Invoke(); $e.HadErrors; \"$($e.Streams.Error[0])\"",
        "[]\n7\nTrue\noops\n",
    ),
    (
        "$a = [Numerics.Complex]::new(3, 4); \"$a\"; $a.Magnitude; ($a * $a).ToString(); ($a + 1).Real; $a -eq [Numerics.Complex]::new(3, 4)",
        "<3; 4>\n5\n<-7; 24>\n4\nTrue\n",
    ),
    (
        "$p = [Drawing.Point]@{ X = 1; Y = 2 }; \"$p\"; $p.X = 9; $p.X; \"$([Drawing.Color]::FromArgb(1, 2, 3))\"; [Drawing.Color]::Red.R",
        "{X=1,Y=2}\n9\nColor [A=255, R=1, G=2, B=3]\n255\n",
    ),
    (
        "$p = [Management.Automation.LanguagePrimitives]; $p::ConvertTo('5', [int]) + 1; $p::IsTrue(''); $p::Equals('a', 'A', $true); $p::Compare(1, 2)",
        "6\nFalse\nTrue\n-1\n",
    ),
    // A table's rows are its items, its columns their properties.
    (
        "$t = [Data.DataTable]::new('items'); [void]$t.Columns.Add('Name'); [void]$t.Columns.Add('Price', [decimal]); foreach ($x in ('pen', 1.5), ('ink', 7.25)) { [void]$t.Rows.Add($x) }; @($t).Count; $t.Select('Price > 2', 'Name DESC').Name; $t.Compute('SUM(Price)', ''); $t.Rows[0].Price = 3; $t.Rows[0].ItemArray -join '|'",
        "2\nink\n8.75\npen|3\n",
    ),
    (
        "$t = [Data.DataTable]::new('t'); [void]$t.Columns.Add('A', [int]); try { [void]$t.Rows.Add(1, 2) } catch { $_.Exception.InnerException.Message }; try { [void]$t.Columns.Add('a') } catch { $_.Exception.InnerException.GetType().Name }",
        "Input array is longer than the number of columns in this table.\nDuplicateNameException\n",
    ),
];

const DOCUMENTS: &[(&str, &str)] = &[
    // What could end a script in a page is escaped; times and identities are texts.
    (
        "using namespace System.Text.Json; [JsonSerializer]::Serialize([ordered]@{ a = @(1, 'x<y', $null, $true); d = [datetime]'2024-03-05'; e = [DayOfWeek]::Friday })",
        "{\"a\":[1,\"x\\u003Cy\",null,true],\"d\":\"2024-03-05T00:00:00\",\"e\":5}\n",
    ),
    (
        "using namespace System.Text.Json; [JsonSerializer]::Deserialize('[1,2]', [int[]]) -join '+'; ([JsonSerializer]::Deserialize('{\"a\":{\"b\":1}}', [hashtable]))['a'].GetProperty('b').GetInt32(); try { [JsonDocument]::Parse('{a}') } catch { $_.Exception.InnerException.Message }",
        "1+2\n1\n'a' is an invalid start of a property name. Expected a '\"'. LineNumber: 0 | BytePositionInLine: 1.\n",
    ),
    (
        "$n = [Text.Json.Nodes.JsonNode]::Parse('{\"a\":{\"b\":[1,2]}}'); $n['a']['b'].Add(3); $n['c'] = 'x'; $n['a']['b'][2].GetValue[int]() + 1; $n.ToJsonString()",
        "4\n{\"a\":{\"b\":[1,2,3]},\"c\":\"x\"}\n",
    ),
    (
        "[Xml.XmlConvert]::EncodeName('a b'); [Xml.XmlConvert]::ToString([timespan]'1:02:03'); [Xml.XmlConvert]::ToTimeSpan('PT5M').TotalSeconds; [Xml.XmlConvert]::ToBoolean('1'); [Xml.XmlConvert]::ToDouble('INF') -gt 1e308",
        "a_x0020_b\nPT1H2M3S\n300\nTrue\nTrue\n",
    ),
    (
        "[Globalization.RegionInfo]::new('de-DE').ISOCurrencySymbol; [Globalization.RegionInfo]::new('JP').CurrencySymbol",
        "EUR\n\u{FFE5}\n",
    ),
    // A method that ends in Async has done its work when its task is there.
    (
        "$t = [IO.StringReader]::new('a').ReadToEndAsync(); $t.Result; \"$($t.Status)\"; $t.GetAwaiter().GetResult(); try { [IO.File]::ReadAllTextAsync('/no/such').Wait() } catch { $_.Exception.InnerException.GetType().Name }",
        "a\nRanToCompletion\na\nAggregateException\n",
    ),
    (
        "$b = [Collections.Concurrent.BlockingCollection[int]]::new(); $b.Add(1); $b.CompleteAdding(); $x = 0; $b.TryTake([ref]$x); $x; $b.IsCompleted",
        "True\n1\nTrue\n",
    ),
];

const ELSEWHERE: &[(&str, &str)] = &[
    // What only Windows has is there to be named, and says at its first use that it does not work.
    (
        "foreach ($b in { [DirectoryServices.DirectoryEntry]'LDAP://x' }, { [Runtime.InteropServices.Marshal]::ReleaseComObject($null) }, { New-Object Drawing.Font('Arial', 10) }, { [ServiceProcess.ServiceController]::GetServices() }) { try { & $b } catch { $_.FullyQualifiedErrorId -replace ',.*' } }",
        "InvalidCastConstructorException\nPlatformNotSupportedException\nConstructorInvokedThrowException\nPlatformNotSupportedException\n",
    ),
    // A compiler takes its settings and then compiles nothing.
    (
        "$p = New-Object CodeDom.Compiler.CompilerParameters; $p.GenerateInMemory = $true; $p.ReferencedAssemblies.Add('System.DLL'); $c = New-Object Microsoft.CSharp.CSharpCodeProvider; \"$($p.WarningLevel) $($c.FileExtension)\"; try { $c.CompileAssemblyFromSource($p, 'class A { }') } catch { $_.Exception.InnerException.Message }",
        "0\n-1 cs\nOperation is not supported on this platform.\n",
    ),
    // A proxy's address is a web address, whatever it was given as.
    (
        "(New-Object Net.WebProxy('proxy', 8080)).Address.AbsoluteUri; (New-Object Net.WebProxy('http://p:1/', $true)).BypassProxyOnLocal; [Net.CredentialCache]::DefaultNetworkCredentials.UserName.Length",
        "http://proxy:8080/\nTrue\n0\n",
    ),
    (
        "[Security.Cryptography.X509Certificates.X509KeyStorageFlags]'MachineKeySet, PersistKeySet' -as [int]; [Drawing.ContentAlignment]::MiddleCenter -as [int]",
        "18\n32\n",
    ),
    // The name of an address is asked for only by those that promise one.
    (
        "[Net.Dns]::GetHostByAddress('127.0.0.1').HostName; [Net.Dns]::GetHostEntry('127.0.0.1').HostName; [Net.Dns]::GetHostByName('192.0.2.9').HostName; [Net.Dns]::Resolve('192.0.2.9').AddressList[0].IPAddressToString; try { [Net.Dns]::GetHostByAddress('here') } catch { $_.FullyQualifiedErrorId }; try { [Net.Dns]::GetHostEntry('192.0.2.9') } catch { $_.FullyQualifiedErrorId }",
        "localhost\nlocalhost\n192.0.2.9\n192.0.2.9\nFormatException\nSocketException\n",
    ),
    // The older face of the local time zone.
    (
        "$z = [TimeZone]::CurrentTimeZone; \"$z\"; $z.StandardName -eq [TimeZoneInfo]::Local.StandardName; $d = [datetime]'2024-01-05'; $z.GetUtcOffset($d) -eq [TimeZoneInfo]::Local.GetUtcOffset($d); $z.IsDaylightSavingTime($d); $z.ToLocalTime($z.ToUniversalTime($d)) -eq $d",
        "System.CurrentSystemTimeZone\nTrue\nTrue\nFalse\nTrue\n",
    ),
    // A table of anything refuses no key at all, however it is asked.
    (
        "$h = @{ a = 1 }; try { $h.Item($null) } catch { $_.FullyQualifiedErrorId }; try { $h.get_Item($null) } catch { $_.FullyQualifiedErrorId }; $h.Item('b'); $h.Item('a')",
        "ArgumentNullException\nArgumentNullException\n1\n",
    ),
    // What a column says of itself where nobody told it anything else.
    (
        "$t = New-Object Data.DataTable 'T'; $c = $t.Columns.Add('Name'); $c.DateTimeMode; $c.ColumnMapping; $c.ExtendedProperties.Count; $c.ExtendedProperties.Add('k', 1); $c.ExtendedProperties['k']; $c.ColumnMapping = 'Attribute'; [int]$c.ColumnMapping; $c | Format-List DateTimeMode, Table",
        "UnspecifiedLocal\nElement\n0\n1\n2\n\nDateTimeMode : UnspecifiedLocal\nTable        : {}\n\n",
    ),
];

#[test]
fn members_answer_what_dotnet_answers() {
    let cases = [
        CONVERSIONS,
        COLLECTIONS,
        DELEGATES,
        VALUES,
        DOCUMENTS,
        ELSEWHERE,
    ];
    World::new().answers(&cases.concat());
}

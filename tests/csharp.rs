//! Types from C# source: what Add-Type makes of them, and what it says of wrong ones.

mod support;

use support::World;

const TYPES: &[(&str, &str)] = &[
    (
        "Add-Type 'public enum Level { Low = 1, Mid, High = 10 } [System.Flags] public enum Opt : byte { None, A, B, AB = A | B }'; [Level]::High; [int][Level]::Mid; [Opt]3; [Opt]'A,B' -band [Opt]::A",
        "High\n2\nAB\nA\n",
    ),
    // Private names and public ones differ in letter case alone.
    (
        "Add-Type 'using System; public class P { string name; public string Name { get { return name; } set { if (value == \"\") throw new ArgumentException(\"empty\"); name = value; } } public int Age; public const int Max = 4; }'; $p = New-Object P -Property @{ Name = 'Ann'; Age = 3 }; $p; [P]::Max; try { $p.Name = '' } catch { $_.Exception.Message }",
        "\nName Age\n---- ---\nAnn    3\n4\nException setting \"Name\": \"empty\"\n\n",
    ),
    (
        "Add-Type 'public class Q { public int N { get; private set; } public readonly int R = 2; public Q(int n) { N = n; } public Q() : this(7) { } }'; $q = [Q]::new(); $q.N; [Q]::new(5).N; foreach ($b in { $q.N = 1 }, { $q.R = 1 }) { try { & $b } catch { $_.Exception.Message } }",
        "7\n5\n'N' is a ReadOnly property.\n'R' is a ReadOnly property.\n",
    ),
    // Whole numbers stay whole and go round.
    (
        "Add-Type 'public static class M { public static int Div(int a, int b) { return a / b; } public static int Wrap() { int x = int.MaxValue; x++; return x; } public static string Text(char c, object o) { return c + 1 + \"|\" + c + o + null + true; } }'; [M]::Div(7, 2); [M]::Wrap(); [M]::Text('a', 1.5); try { [M]::Div(1, 0) } catch { $_.Exception.Message; $_.FullyQualifiedErrorId }",
        "3\n-2147483648\n98|a1.5True\nException calling \"Div\" with \"2\" argument(s): \"Attempted to divide by zero.\"\nDivideByZeroException\n",
    ),
    (
        "Add-Type 'using System; using System.Collections.Generic; public class L { public static string Run(params string[] parts) { var seen = new Dictionary<string, int>(); foreach (string p in parts) { int n; if (!seen.TryGetValue(p, out n)) seen[p] = 0; seen[p] += 1; } var all = new List<string>(); foreach (KeyValuePair<string, int> pair in seen) { switch (pair.Value) { case 1: all.Add(pair.Key); break; default: all.Add($\"{pair.Key}*{pair.Value:D2}\"); break; } } return string.Join(\",\", all.ToArray()); } }'; [L]::Run('a', 'b', 'a')",
        "a*02,b\n",
    ),
    (
        "Add-Type 'using System; public class T { public int Calls; public string Try(string s) { try { return int.Parse(s).ToString(\"N0\"); } catch (FormatException e) { return e.GetType().Name; } finally { Calls++; } } public Func<int, int> Adder(int by) { return x => x + by; } public override string ToString() { return \"T\" + Calls; } }'; $t = [T]::new(); $t.Try('1200'); $t.Try('x'); \"$t\"; $t.Adder(3).Invoke(4)",
        "1,200\nFormatException\nT2\n7\n",
    ),
    (
        "Add-Type 'namespace A.B { public class Outer { public class Inner { public int X = 1; } } public class Base { public virtual string Who() { return \"base\"; } } public class Derived : Base { public override string Who() { return \"derived of \" + base.Who(); } } }'; [A.B.Outer+Inner]::new().X; [A.B.Derived]::new().Who(); [A.B.Derived].BaseType.FullName",
        "1\nderived of base\nA.B.Base\n",
    ),
    (
        "Add-Type 'public struct V { public int X; public V(int x) { X = x; } public static V operator +(V a, V b) { return new V(a.X + b.X); } }'; ([V]::new(1) + [V]::new(2)).X; [V]::new().X",
        "3\n0\n",
    ),
    (
        "$t = Add-Type -Name Uno -Namespace N -MemberDefinition 'public int One() { return 1; }' -PassThru; $t.FullName; (New-Object N.Uno).One()",
        "N.Uno\n1\n",
    ),
    // The same source again is no new type, another one is refused.
    (
        "Add-Type 'public class Z { }'; Add-Type 'public class Z { }'; try { Add-Type 'public class Z { public int A; }' -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }",
        "TYPE_ALREADY_EXISTS,Microsoft.PowerShell.Commands.AddTypeCommand\nCannot add type. The type name 'Z' already exists.\n",
    ),
    (
        "Add-Type -Name W -Namespace N -MemberDefinition '[DllImport(\"user32.dll\")] public static extern bool Show(IntPtr h);'; try { [N.W]::Show(0) } catch { $_.FullyQualifiedErrorId; $_.Exception.InnerException.Message.Split(\"`n\")[0].Substring(0, 45) }",
        "DllNotFoundException\nUnable to load shared library 'user32.dll' or\n",
    ),
];

/// Sources with the complaint about them.
const COMPLAINTS: &[(&str, &str)] = &[
    (
        "public class A { int x }",
        "(1,23): error CS1002: ; expected\npublic class A { int x }\n                      ^\n",
    ),
    (
        "public class T : ICertificatePolicy { }",
        "(1,18): error CS0246: The type or namespace name 'ICertificatePolicy' could not be found (are you missing a using directive or an assembly reference?)\npublic class T : ICertificatePolicy { }\n                 ^\n",
    ),
    (
        "using System.Windows.Forms;",
        "(1,22): error CS0234: The type or namespace name 'Forms' does not exist in the namespace 'System.Windows' (are you missing an assembly reference?)\nusing System.Windows.Forms;\n                     ^\n",
    ),
    (
        "class A { void M() { int x; } }",
        "(1,26): error CS0168: The variable 'x' is declared but never used\nclass A { void M() { int x; } }\n                         ^\n",
    ),
];

#[test]
fn source_becomes_types() {
    for (script, expected) in TYPES {
        let world = World::new();
        assert_eq!(world.answer(script), *expected, "{script}");
    }
}

#[test]
fn wrong_source_is_told_as_the_compiler_does() {
    for (source, expected) in COMPLAINTS {
        let world = World::new();
        let script = format!(
            "try {{ Add-Type '{source}' -ErrorAction Stop }} catch {{ [Console]::Out.Write($_.Exception.Message) }}"
        );
        assert_eq!(world.answer(&script), *expected, "{source}");
    }
}

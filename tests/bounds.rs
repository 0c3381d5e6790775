//! What is asked for beyond measure: it works, or ends in a clear error, and the next line runs.

mod support;

use support::World;

/// Lines and what they print; an error is shown by its id.
const LINES: &[(&str, &str)] = &[
    // An alias may stand for itself.
    (
        "$o = [pscustomobject]@{}; $o | Add-Member AliasProperty p q; $o | Add-Member AliasProperty q p; $o.p",
        "CycleInAliasLookup",
    ),
    (
        "$o = [pscustomobject]@{}; $o | Add-Member AliasProperty p p; $o.p = 1",
        "CycleInAliasLookup",
    ),
    // Formats may ask for more digits than there are places.
    ("(Get-Date).ToString('y' * 70000).Length", "70000"),
    ("(1).ToString('D70000').Length", "70000"),
    (
        "(1).ToString('X70000').Length; '{0:x70000}' -f 1 | % Length",
        "70000 70000",
    ),
    ("(1.5).ToString('F70000').Length", "70002"),
    ("(1).ToString('0E+' + '0' * 70000).Length -gt 0", "True"),
    // Texts end where .NET's end.
    (
        "try { [string]::Join('a' * 16MB, 1..70) } catch { $_.Exception.InnerException.GetType().Name }",
        "OutOfMemoryException",
    ),
    (
        "try { 1..70 -join ('a' * 16MB) } catch { $_.Exception.GetType().Name }",
        "OutOfMemoryException",
    ),
    (
        "$OFS = 'a' * 16MB; try { \"$(1..70)\" } catch { $_.Exception.GetType().Name }",
        "OutOfMemoryException",
    ),
    // Numbers have as many digits as they like.
    (
        "$n = [bigint]::Parse('9' * 200000); ($n + 1).ToString().Length; ('9' * 200000 | ConvertFrom-Json) -eq $n",
        "200001 True",
    ),
    // Tables are as wide as they are.
    (
        "$t = (1..20000 -join ','), (1..20000 -join ','); $r = $t, $t[1] | ConvertFrom-Csv; $r.Count; @($r[1].psobject.Properties).Count; $r[1].'20000'",
        "2 20000 20000",
    ),
];

#[test]
fn the_next_line_runs() {
    let world = World::new();
    for (line, expected) in LINES {
        let text = format!(
            "& {{ try {{ {line} }} catch {{ ($_.FullyQualifiedErrorId -split ',')[0] }} }} | Join-String -Separator ' '; 'next'"
        );
        assert_eq!(world.answer(&text), format!("{expected}\nnext\n"), "{line}");
    }
}

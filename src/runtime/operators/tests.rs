//! Expressions with what they give, by the rules of the operators.

use crate::cli::invocation::Invocation;
use crate::cli::session::Session;
use crate::runtime::error::{R, Unwind};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::rc::Rc;

/// Values as the tests write them: text in quotes, the type behind all but the common ones.
fn shown(vm: &mut Vm, value: &Value) -> String {
    let name = vm.type_of(value).name.clone();
    match value.base() {
        Value::Null | Value::Nothing => "null".to_string(),
        Value::Str(text) => format!("'{}'", &**text),
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let items: Vec<String> = items.iter().map(|item| shown(vm, item)).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Int(_) | Value::Bool(_) => vm.to_text(value).unwrap_or_default(),
        _ => format!("{}:{name}", vm.to_text(value).unwrap_or_default()),
    }
}

fn run(vm: &mut Vm, code: &str) -> R<()> {
    let source = Rc::new(Source::new(code, None));
    let block = Rc::new(vm.parse_source(&source)?);
    vm.propagate = true;
    vm.run_source(&block)
}

/// What a snippet writes, or the id of the error that ended it.
fn answer(code: &str) -> String {
    let host = Rc::new(crate::host::System::default());
    let mut session = Session::new(&Invocation::default(), host);
    let vm = &mut session.vm;
    match vm.collect(|vm| run(vm, code)) {
        Ok(items) => {
            let items: Vec<String> = items.iter().map(|item| shown(vm, item)).collect();
            items.join(" ")
        }
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) => format!("! {}", thrown.record.fully_qualified_id()),
            _ => "unwound".to_string(),
        },
    }
}

fn all(table: &[(&str, &str)]) {
    for (code, expected) in table {
        assert_eq!(answer(code), *expected, "{code}");
    }
}

#[test]
fn arithmetic_widens_and_overflows() {
    all(&[
        ("2147483647 + 1", "2147483648:Double"),
        ("-2147483648 - 1", "-2147483649:Double"),
        (
            "6 / 3; 7 / 2; 6L / 3L; 7d / 2",
            "2 3.5:Double 2:Int64 3.5:Decimal",
        ),
        ("1.00d / 8; 6.00d / 2", "0.125:Decimal 3.00:Decimal"),
        ("1u - 2u; 1u + 2", "-1:Double 3:UInt32"),
        ("[byte]1 + [byte]1", "2"),
        ("1 / 0", "! RuntimeException"),
        ("1.0 / 0", "Infinity:Double"),
        ("-7 % 3; 5.5 % 2", "-1 1.5:Double"),
        ("$null + 5; $null - 5; 5 * $null; $null * 5", "5 -5 0 null"),
        ("'1' + 1; 1 + '1'; '6' / '3'; 'ab' * 2", "'11' 2 2 'abab'"),
        ("[char]'a' + 1; [char]'a' - 1; 1 + [char]'a'", "'a1' 96 98"),
        ("$true * 2", "! NotADefinedOperationForType"),
        ("1 + 'a'", "! InvalidCastFromStringToInteger"),
        ("1 + @{}", "! MethodNotFound"),
        ("@{} + 1", "! AddHashTableToNonHashTable"),
        ("@{a = 1} + @{a = 2}", "! System.ArgumentException"),
        (",(1, 2 + 3)", "[1 2 3]"),
        ("[DayOfWeek]1 + 1", "Tuesday:DayOfWeek"),
        ("$x = 'a'; $x++", "! OperatorRequiresNumber"),
        (
            "[datetime]'2020-01-02' - [datetime]'2020-01-01'",
            "1.00:00:00:TimeSpan",
        ),
        (
            "[datetime]'2020-01-02' + 'x'",
            "! MethodArgumentConversionInvalidCastArgument",
        ),
    ]);
}

#[test]
fn the_left_operand_decides_comparisons() {
    all(&[
        ("'01' -eq 1; 1 -eq '01'; 16 -eq '0x10'", "False True True"),
        ("5 -eq 'abc'", "False"),
        ("5 -gt 'abc'", "! InvalidCastFromStringToInteger"),
        ("0.1 -eq 0.1d; 1 -eq 1.0; -1 -lt 1u", "True True True"),
        (
            "$null -lt 0; $null -lt -1; $null -lt 'a'",
            "True False True",
        ),
        (
            "$true -eq 'False'; 5 -eq $true; $false -eq $null",
            "True False False",
        ),
        (",(1, 2, 3 -gt 1); ,(@(1, $null) -eq $null)", "[2 3] [null]"),
        (
            "[char]'a' -eq 'A'; [char]'a' -ceq 'A'; [char]'a' -eq 97",
            "True False True",
        ),
        ("@{} -lt @{}", "! NotIcomparable"),
        ("[pscustomobject]@{a = 1} -gt 1", "! PSObjectCompareTo"),
        (
            "[DayOfWeek]1 -eq 'mon'; [int] -eq 'int'; 'int' -eq [int]",
            "True False True",
        ),
        ("[datetime]'2020-01-01' -gt 'zz'", "! ComparisonFailure"),
        (
            "1, 2 -contains '01'; 'a' -cin 'A', 'b'; $null -in $null",
            "True False True",
        ),
        (
            "1 -is [object]; $null -is [object]; 1 -is 'nosuch'",
            "! RuntimeException",
        ),
        (
            "5 -as [string]; 'x' -as [int]; $null -as [int]",
            "'5' null 0",
        ),
    ]);
}

#[test]
fn text_is_matched_split_and_joined() {
    all(&[
        (
            "'abc' -like 'A*'; 'abc' -clike 'A*'; 'x' -like '[a'",
            "! RuntimeException",
        ),
        (",(12, '13', 21 -like '1*')", "['12' '13']"),
        (
            "'abc' -match 'b'; 'x' -match '('",
            "! System.Text.RegularExpressions.RegexParseException",
        ),
        (
            ",('aXbxc' -split 'x'); ,('aXbxc' -csplit 'x')",
            "['a' 'b' 'c'] ['aXb' 'c']",
        ),
        (
            ",('a,b,c' -split ',', 2); ,('a,b,c' -split ',', -2)",
            "['a' 'b,c'] ['a,b' 'c']",
        ),
        (
            ",('a.b' -split '.', 0, 'SimpleMatch'); ,(-split ' a  b ')",
            "['a' 'b'] ['a' 'b']",
        ),
        (",('abc' -split { $_ -eq 'b' })", "['a' 'c']"),
        (
            "'a' -split {$true}, 0, 'SimpleMatch'",
            "! InvalidSplitOptionWithPredicate",
        ),
        ("1, $null, 'b' -join ','; -join (1, 2)", "'1,,b' '12'"),
        (
            "'abc' -replace 'B', 'x'; 'abc' -creplace 'B', 'x'; 'abc' -replace 'b'",
            "'axc' 'abc' 'ac'",
        ),
        ("'a' -replace '('", "! InvalidRegularExpression"),
        ("'a' -replace 'a', 'b', 'c'", "! BadReplaceArgument"),
        ("'{0:N2}|{1,3}' -f 1234.5, 'x'; '{0' -f 1", "! FormatError"),
        ("'{0:x} {0:d3} {1}' -f 255, $null", "'ff 255 '"),
    ]);
}

#[test]
fn bits_and_ranges() {
    all(&[
        (
            "5 -band 3; 5 -bor 2L; 5.7 -band 7; '5' -bxor '1'",
            "1 7:Int64 6:UInt64 4",
        ),
        (
            "-bnot 5; -bnot 1u; 1 -shl 33; 1L -shl 33; -8 -shr 1",
            "-6 4294967294:UInt32 2 8589934592:Int64 -4",
        ),
        (
            "[System.IO.FileAttributes]1 -bor 'Hidden'",
            "ReadOnly, Hidden:FileAttributes",
        ),
        ("@{} -band 1", "! MethodNotFound"),
        ("3..1; 'a'..'c'", "3 2 1 a:Char b:Char c:Char"),
        ("'a'..5", "! System.FormatException"),
    ]);
}

#[test]
fn casts_follow_the_language() {
    all(&[
        (
            "[int]'0x10'; [int]'1kb'; [int]'1,000'; [int]2.5; [int]3.5",
            "16 1024 1000 2 4",
        ),
        ("[int]'abc'", "! InvalidCastFromStringToInteger"),
        ("[double]'x'", "! InvalidCastFromStringToDoubleOrSingle"),
        ("[int]1e10", "! InvalidCastIConvertible"),
        ("[int]@(5)", "! ConvertToFinalInvalidCastException"),
        (
            "[bool]'False'; [bool]@(0, 0); [bool]@(,@())",
            "True True False",
        ),
        (
            "[DayOfWeek]'s'",
            "! SubstringDisambiguationEnumParseThrewAnException",
        ),
        ("[DayOfWeek]77", "! UndefinedIntegerToEnum"),
        ("[DayOfWeek]$null", "! nullToEnumInvalidCast"),
        ("[datetime]$null", "! nullToObjectInvalidCast"),
        ("[char]'ab'", "! InvalidCastParseTargetInvocation"),
        (
            "[timespan]'x'",
            "! InvalidCastParseTargetInvocationWithFormatProvider",
        ),
        (
            ",[int[]]('1', '2'); ,[char[]]'ab'; ,[array]5",
            "[1 2] [a:Char b:Char] [5]",
        ),
        ("[int[]]'x'", "! InvalidCastExceptionScalarToArray"),
        (
            "[type]'System.Collections.Generic.List[int]'",
            "System.Collections.Generic.List[int]:RuntimeType",
        ),
        ("[type]'nosuch'", "! InvalidCastFromStringToType"),
        (
            "[string]1.50d; [string](0.1 + 0.2); [string](1, (2, 3))",
            "'1.50' '0.3' '1 System.Object[]'",
        ),
        ("[hashtable]'x'", "! ConvertToFinalInvalidCastException"),
        ("[nullable[int]]'5'; [nullable[int]]$null", "5 null"),
    ]);
}

#[test]
fn attributes_check_what_variables_take() {
    all(&[
        ("[ValidateRange(1, 5)][int]$x = 9", "! ValidateSetFailure"),
        ("[ValidateSet('a', 'b')]$x = 'B'; $x", "'B'"),
        (
            "[ValidatePattern('^a')]$x = 'abc'; $x = 'zz'",
            "! ValidateSetFailure",
        ),
        (
            "function f { param([ValidateLength(2, 3)]$a) $a }; f abc; f a",
            "! ParameterArgumentValidationError,f",
        ),
        (
            "function f { param([ValidateCount(1, 2)][int[]]$a) $a }; f 1, 2, 3",
            "! ParameterArgumentValidationError,f",
        ),
        (
            "function f { param([ValidateScript({ $_ -gt 3 })]$a) $a }; f 5; f 2",
            "! ParameterArgumentValidationError,f",
        ),
        (
            "function f { param([ValidateRange(5, 1)]$a) $a }; f 2",
            "! MaxRangeSmallerThanMinRange",
        ),
        (
            "function f { param([ValidateNotNullOrEmpty()]$a) 'ok' }; f ''",
            "! ParameterArgumentValidationError,f",
        ),
    ]);
}

#[test]
fn integers_in_variables_leave_the_short_way_where_it_ends() {
    all(&[
        ("$i = 2147483647; $i++; $i", "2147483648:Double"),
        ("$i = 2147483647; $i += 1; $i", "2147483648:Double"),
        ("$i = 7; $i = $i * 2 - 1; $i", "13"),
        ("$i = 6; $i / 3; $i / 4", "2 1.5:Double"),
        ("$i = -2147483648; $i / -1", "2147483648:Double"),
        ("$i = 5; $i % 0", "! RuntimeException"),
        ("$i = 6; $i -band 3; $i -bor 1; $i -bxor 2", "2 7 4"),
        ("$i = '5'; $i + 1; $i -eq 5", "'51' True"),
        ("[int]$i = 1; $i = '4'; $i", "4"),
        (
            "$sum = 0L; foreach ($i in 1..3) { $sum += $i }; $sum",
            "6:Int64",
        ),
        ("$n = 1; if ($n -lt 2 -and $n + 1 -ge 2) { 'in' }", "'in'"),
    ]);
}

#[test]
fn ranges_are_walked_up_and_down() {
    all(&[
        ("foreach ($i in 1..3) { $i }", "1 2 3"),
        ("foreach ($i in 3..1) { $i }", "3 2 1"),
        ("foreach ($i in 'a'..'c') { $i }", "a:Char b:Char c:Char"),
        ("foreach ($i in 5..5) { $i }", "5"),
        (
            "foreach ($i in 2147483646..2147483647) { $i }",
            "2147483646 2147483647",
        ),
        ("foreach ($i in '2'..'4') { $i }", "2 3 4"),
    ]);
}

#[test]
fn only_numbers_multiply_but_all_primitives_divide() {
    all(&[
        ("$true / 2", "0.5:Double"),
        ("[char]'a' % 2", "1"),
        ("$true * 2", "! NotADefinedOperationForType"),
        ("$true * 1d", "1:Decimal"),
        ("$true * 'x'", "! MethodNotFound"),
        (
            "1d + (1, 2)",
            "! MethodArgumentConversionInvalidCastArgument",
        ),
        ("[DayOfWeek]6 + 1", "7:DayOfWeek"),
        ("[DayOfWeek]'Monday' + 'Tuesday'", "Wednesday:DayOfWeek"),
        ("[DayOfWeek]3 / 2", "! System.InvalidCastException"),
        ("-[int]::MinValue", "-2147483648"),
        ("-(5u)", "! System.InvalidOperationException"),
        ("(10 - [timespan]4).Ticks", "6:Int64"),
        ("([Collections.ArrayList](1, 2)) * 2", "1 2 1 2"),
    ]);
}

#[test]
fn bits_of_mixed_operands() {
    all(&[
        ("-1 -band 3u", "3:UInt32"),
        ("'Monday' -bor [DayOfWeek]2", "Wednesday:DayOfWeek"),
        ("$true -shl 1", "! NotADefinedOperationForType"),
        ("-bnot (1, 2)", "! ConvertToFinalInvalidCastException"),
    ]);
}

#[test]
fn split_options_that_are_empty_are_none() {
    all(&[
        ("'aXbxc' -split 'x', 0, ''", "'aXb' 'c'"),
        ("'a' -split @()", "! BadOperatorArgument"),
        ("('ab' -split { $true }, 1).GetType().Name", "'List`1'"),
    ]);
}

#[test]
fn indexes_of_values_without_items() {
    all(&[
        ("(5)['0']; (5)[3]; 'end'", "5 'end'"),
        ("@((5)[3]).Count", "0"),
        (
            "Set-StrictMode -Version 3; ([ordered]@{ a = 1 })[5]",
            "! System.ArgumentOutOfRangeException",
        ),
        (
            "Set-StrictMode -Version 3; (1, 2)['x']",
            "! InvalidCastFromStringToInteger",
        ),
        ("'b'.''", "null"),
    ]);
}

#[test]
fn code_without_a_scope_of_its_own_looks_variables_up() {
    all(&[
        ("$x = 1; & { $x += 1; $x }", "1"),
        ("$x = 1; & { [int]$x += 1; $x }", "1"),
        ("$x = 1; & { 1 | ForEach-Object { $x += 1 }; $x }", "2"),
        ("$x = 1; & { Set-Variable other 1; $x += 1; $x }", "2"),
        ("$x = 1; & { . {}; $x -= 3; $x }", "-2"),
        ("$x = 1; & { 1 | ForEach-Object { $x ??= 5; $x } }", "1"),
        (
            "& { [int]$i = 1; $i = 'x' }",
            "! InvalidCastFromStringToInteger",
        ),
        ("& { . { [int]$i = 1; $i = 'x' } }", "! RuntimeException"),
    ]);
}

#[test]
fn texts_in_strings_are_invariant() {
    all(&[
        ("\"$([DateOnly]'2020-01-02')\"", "'01/02/2020'"),
        ("\"$([TimeOnly]'03:04')\"", "'03:04'"),
    ]);
}

//! Wrong arguments of the general cmdlets and of `switch -File`: the ids of their errors.

mod support;

use support::World;

/// A command and the id of the error it ends in, without the part behind the comma.
const WRONG: &[(&str, &str)] = &[
    // A pattern that fits nothing is an error where content is read or written.
    ("Get-Content no-such-*", "ItemNotFound"),
    ("Set-Content no-such-*.txt 1", "ItemNotFound"),
    ("Get-Content $PROFILE/no-such", "PathNotFound"),
    // Tables that describe a property.
    (
        "1 | Format-Table @{ e = 'a'; width = 0 }",
        "WidthOutOfRange",
    ),
    (
        "1 | Format-Table @{ e = 'a'; width = 'x' }",
        "DictionaryKeyIllegalValue2",
    ),
    (
        "1 | Format-Table @{ e = 'a'; align = 'up' }",
        "AlignmentIllegalValue",
    ),
    ("1 | Format-Table @{ e = 'a'; f = '' }", "FormatStringEmpty"),
    (
        "1 | Format-Table @{ n = 'a'; e = '' }",
        "ExpressionEmptyString1",
    ),
    ("1 | Format-Table ''", "ExpressionEmptyString2"),
    (
        "1 | Format-Table @{ e = $null }",
        "DictionaryKeyMissingValue",
    ),
    (
        "1 | Format-Table @{ n = 'a'; l = 'b'; e = 'c' }",
        "DictionaryKeyDuplicate",
    ),
    ("1 | Format-Table @{ 1 = 'a' }", "DictionaryKeyNonString"),
    ("1 | Format-Table @{ '' = 'a' }", "DictionaryKeyAmbiguous"),
    (
        "1 | Format-List @{ e = 'a'; width = 4 }",
        "DictionaryKeyIllegal",
    ),
    (
        "1 | Format-Wide @{ e = 'a'; n = 'b' }",
        "DictionaryKeyIllegal",
    ),
    ("1 | Format-Wide ('a', 'b')", "DictionaryKeyUnknownType"),
    (
        "1 | Format-Custom @{ e = 'a'; n = 'b' }",
        "DictionaryKeyIllegal",
    ),
    (
        "1 | Format-Table -GroupBy @{ n = 'a' }",
        "DictionaryKeyMandatoryEntry",
    ),
    (
        "1 | Format-Wide -AutoSize -Column 3",
        "FormatCannotSpecifyAutosizeAndColumns",
    ),
    ("Get-Date | Format-Table -View nosuch", "FormatViewNotFound"),
    (
        "1 | Select-Object @{ n = 5; e = 'a' }",
        "DictionaryKeyIllegalValue2",
    ),
    (
        "1 | Measure-Object @{ e = 'a' }",
        "CannotConvertArgumentNoMessage",
    ),
    // Type data and views from files.
    ("Update-TypeData nosuch.ps1xml", "TypesAppendPathException"),
    (
        "Update-FormatData nosuch.ps1xml",
        "FormatAppendPathException",
    ),
    (
        "Update-TypeData -TypeName a -MemberName b",
        "MemberTypeIsMissing",
    ),
    // The default parameter set wins, and lacks something.
    ("New-Object", "MissingMandatoryParameter"),
    ("Get-Random -Minimum a", "InvalidCastFromStringToInteger"),
    // Members by name.
    ("1 | Where-Object a 1", "OperatorNotSpecified"),
    ("1 | Where-Object a -eq", "ValueNotSpecifiedForWhereObject"),
    (
        "1 | Where-Object a -is nosuch",
        "InvalidCastFromStringToType",
    ),
    ("'abc' | ForEach-Object S*", "AmbiguousPropertyOrMethodName"),
    ("'abc' | ForEach-Object S* 1", "AmbiguousMethodName"),
    ("$null | ForEach-Object ToString X", "InvokeMethodOnNull"),
    (
        "1 | ForEach-Object { 1 } -WhatIf",
        "NoShouldProcessForScriptBlockSet",
    ),
    // Files that cannot be written, items that cannot be made.
    ("Set-Content / x", "System.NotSupportedException"),
    ("New-Item function:nothing", "NewItemValueNotSpecified"),
    ("Get-Location -StackName nosuch", "Argument"),
    ("Get-Location -PSProvider nosuch", "ProviderNotFound"),
    // Files of switch.
    ("switch -File '' { 1 { } }", "InvalidFilenameOption"),
    ("switch -File / { 1 { } }", "FileReadError"),
    ("switch -File env:PATH { 1 { } }", "FileOpenError"),
    ("switch -File nosuch { 1 { } }", "PathNotFound"),
];

#[test]
fn wrong_arguments_have_their_ids() {
    let world = World::new();
    let script: String = WRONG
        .iter()
        .map(|(command, _)| {
            format!("try {{ $ErrorActionPreference = 'Stop'; $null = {command} }} catch {{ ($_.FullyQualifiedErrorId -split ',')[0] }}\n")
        })
        .collect();
    let answer = world.answer(&script.replace("$null = switch", "switch"));
    let ids: Vec<&str> = WRONG.iter().map(|(_, id)| *id).collect();
    assert_eq!(answer.lines().collect::<Vec<_>>(), ids);
}

#[test]
fn values_that_fail_in_a_table_are_told_about_on_request() {
    let world = World::new();
    let answer = world.answer(
        "[pscustomobject]@{ a = 1 } | Format-List @{ n = 'x'; e = { throw 'no' } }, @{ n = 'y'; e = { $_.a }; f = 'Q' } -ShowError -DisplayError | Out-String -Stream | Where-Object { $_ }",
    );
    assert_eq!(
        answer,
        "x : #ERR\ny : #FMTERR\nInvalidArgument: Failed to evaluate expression \" throw 'no' \".\nInvalidArgument: Failed to interpret format string \"Q\".\n"
    );
}

#[test]
fn properties_added_to_plain_values_make_objects_of_json() {
    let world = World::new();
    let answer = world.answer(
        "$n = 5 | Add-Member n 1 -PassThru; ConvertTo-Json @($n) -Compress; [guid]::Empty | ConvertTo-Json -Compress; ConvertTo-Json ([guid]::Empty)",
    );
    let guid = "00000000-0000-0000-0000-000000000000";
    assert_eq!(
        answer,
        format!(
            "[{{\"value\":5,\"n\":1}}]\n{{\"value\":\"{guid}\",\"Guid\":\"{guid}\"}}\n\"{guid}\"\n"
        )
    );
}

#[test]
fn text_that_is_no_number_is_told_without_blanks() {
    let world = World::new();
    let answer = world.answer("try { 1 + ' sum ' } catch { \"$_\" }");
    assert_eq!(
        answer,
        "Cannot convert value \"sum\" to type \"System.Int32\". Error: \"The input string 'sum' was not in a correct format.\"\n"
    );
}

#[test]
fn the_names_of_providers_complete() {
    let world = World::new();
    let answer = world
        .answer("(TabExpansion2 'Get-PSDrive -PSProvider F' 25).CompletionMatches.CompletionText");
    assert_eq!(answer, "FileSystem\nFunction\n");
}

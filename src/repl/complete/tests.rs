//! Completion in a small made-up session.

use super::*;
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter, ParameterPlace};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{find, known};
use crate::runtime::value::Value;
use std::path::PathBuf;
use std::rc::Rc;

struct Small;

fn parameter(name: &str, type_name: &str, position: Option<i32>, common: bool) -> Rc<Parameter> {
    let type_ref = find(type_name).unwrap_or_else(known::object);
    Rc::new(Parameter {
        name: name.into(),
        symbol: Symbol::new(name),
        aliases: Vec::new(),
        is_switch: type_name == "switch",
        type_ref,
        attributes: Vec::new(),
        places: vec![ParameterPlace {
            sets: ALL_SETS,
            mandatory: false,
            position,
            from_pipeline: false,
            from_pipeline_by_name: false,
            from_remaining: false,
        }],
        dynamic: false,
        common,
        hidden: false,
        help_message: None,
        kept: Default::default(),
    })
}

impl World for Small {
    fn command_names(&mut self) -> Vec<String> {
        ["Get-Thing", "Get-Other", "gth", "Set-Thing"]
            .map(str::to_owned)
            .to_vec()
    }
    fn function_names(&mut self) -> Vec<String> {
        Vec::new()
    }
    fn commands_of_module(&mut self, module: &str) -> Vec<String> {
        match module {
            "Things" => self.command_names(),
            _ => Vec::new(),
        }
    }
    fn programs(&mut self, typed: &str) -> Vec<(String, String)> {
        match typed.len() > 3 && "gthumb".starts_with(typed) {
            true => vec![("gthumb".to_owned(), "/bin/gthumb".to_owned())],
            false => Vec::new(),
        }
    }
    fn full_type_name(&mut self, name: &str) -> Option<String> {
        Some(find(name)?.full_name.to_string())
    }
    fn enum_values(&mut self, type_name: &str) -> Vec<String> {
        let found = find(type_name);
        let definition = found.as_ref().and_then(|t| t.enum_definition());
        let names = definition.map(|d| d.members.iter().map(|(name, _)| name.to_string()));
        names.map_or_else(Vec::new, Iterator::collect)
    }
    fn returned(&mut self, _: &str, _: &str, _: bool) -> Option<String> {
        Some("System.String".to_owned())
    }
    fn type_tip(&mut self, full_name: &str) -> String {
        format!("Class {full_name}")
    }
    fn resolve(&mut self, name: &str) -> Option<String> {
        Some(match name {
            "gth" => "Get-Thing".to_owned(),
            "%" => "ForEach-Object".to_owned(),
            _ => name.to_owned(),
        })
    }
    fn surface(&mut self, command: &str) -> Option<Rc<CommandSurface>> {
        let known = ["get-thing", "gth"].contains(&command.to_lowercase().as_str());
        known.then(|| {
            Rc::new(CommandSurface {
                name: "Get-Thing".into(),
                raiser: "Get-Thing".into(),
                parameters: vec![
                    parameter("Identity", "string", Some(0), false),
                    parameter("Colour", "System.ConsoleColor", Some(1), false),
                    parameter("Force", "switch", None, false),
                    parameter("Verbose", "switch", None, true),
                ],
                set_names: Vec::new(),
                default_set: None,
                default_set_name: None,
                first_fitting: false,
                compiled: true,
                advanced: true,
                supports_should_process: false,
                supports_paging: false,
                confirm_impact: 2,
                output_types: Vec::new(),
            })
        })
    }
    fn usage(&mut self, command: &str) -> String {
        command.to_owned()
    }
    fn variables(&mut self) -> Vec<String> {
        ["alpha", "odd name"].map(str::to_owned).to_vec()
    }
    fn variable_tip(&mut self, _: &str) -> String {
        String::new()
    }
    fn variable_values(&mut self, name: &str) -> Vec<String> {
        match name {
            "ErrorActionPreference" => ["Stop", "Continue"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        }
    }
    fn environment(&mut self) -> Vec<String> {
        vec!["PATH".to_owned()]
    }
    fn variable_value(&mut self, name: &str) -> Option<Value> {
        (name == "text").then(|| Value::str("hello"))
    }
    fn property(&mut self, _: &Value, _: &str) -> Option<Value> {
        None
    }
    fn type_name(&mut self, _: &Value) -> String {
        "System.String".to_owned()
    }
    fn members_of_value(&mut self, _: &Value) -> Vec<MemberName> {
        let member = |name: &str, is_method| MemberName {
            name: name.to_owned(),
            is_added: false,
            kind: if is_method {
                MemberKindShown::Method
            } else {
                MemberKindShown::Property
            },
            tool_tip: String::new(),
        };
        vec![member("ToUpper", true), member("Length", false)]
    }
    fn keys(&mut self, _: &Value) -> Vec<String> {
        vec!["two words".to_owned()]
    }
    fn members_of_type(&mut self, type_name: &str, is_static: bool) -> Option<Vec<MemberName>> {
        (type_name == "System.String" && !is_static).then(|| self.members_of_value(&Value::Null))
    }
    fn outputs(&mut self, command: &str) -> Vec<String> {
        match command {
            "Get-Thing" => vec!["System.String".to_owned()],
            _ => Vec::new(),
        }
    }
    fn type_names(&mut self) -> Vec<String> {
        [
            "System.String",
            "System.Text.StringBuilder",
            "System.Collections.Generic.List`1",
        ]
        .map(str::to_owned)
        .to_vec()
    }
    fn accelerators(&mut self) -> Vec<(String, String)> {
        vec![("string".to_owned(), "System.String".to_owned())]
    }
    fn script_completions(
        &mut self,
        _: Option<&Value>,
        _: &str,
        _: &str,
        _: &str,
        _: &[(String, String)],
    ) -> Option<Vec<CompletionResult>> {
        None
    }
    fn native_completions(&mut self, _: &str, _: &str, _: &str) -> Option<Vec<CompletionResult>> {
        None
    }
    fn identities(&mut self, _: &str, parameter: &str, typed: &str) -> Vec<String> {
        let mut all = match parameter {
            "Identity" => ["Exchange Online", "Other"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        };
        all.retain(|name| begins(name, typed));
        all
    }
    fn folder(&mut self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }
    fn home(&mut self) -> Option<PathBuf> {
        None
    }
    fn modules(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// The replaced span and the matches for a text with the cursor at `¦`.
fn ask(input: &str) -> (usize, usize, Vec<String>) {
    let cursor = input.find('¦').expect("a cursor");
    let answer = complete(&input.replace('¦', ""), cursor, &mut Small);
    let texts = answer.matches.into_iter().map(|m| m.completion_text);
    (answer.start, answer.length, texts.collect())
}

fn check(input: &str, start: usize, length: usize, want: &[&str]) {
    assert_eq!(
        ask(input),
        (start, length, want.iter().map(|&w| w.to_owned()).collect()),
        "{input}"
    );
}

#[test]
fn commands() {
    check("Get-¦", 0, 4, &["Get-Other", "Get-Thing"]);
    check("$x = (get-t¦", 6, 5, &["Get-Thing"]);
    check("if ($true) { Get-O¦ }", 13, 5, &["Get-Other"]);
    check("1..3 | gt¦", 7, 2, &["gth"]);
    check("\"$(Get-O¦)\"", 3, 5, &["Get-Other"]);
    check("& Get-O¦", 2, 5, &["Get-Other"]);
    check(". Get-O¦", 2, 5, &["Get-Other"]);
    check("*-thing¦", 0, 7, &["Get-Thing", "Set-Thing"]);
}

#[test]
fn parameters() {
    check(
        "Get-Thing -¦",
        10,
        1,
        &["-Identity", "-Colour", "-Force", "-Verbose"],
    );
    check("gth a -¦", 6, 1, &["-Colour", "-Force", "-Verbose"]);
    check("gth -Force -f¦", 11, 2, &[]);
    check("gth -Identity a -Co¦", 16, 3, &["-Colour"]);
}

#[test]
fn values() {
    check("gth -Colour DarkG¦", 12, 5, &["DarkGray", "DarkGreen"]);
    check("gth x Whi¦", 6, 3, &["White"]);
    check("gth ¦", 4, 0, &["'Exchange Online'", "Other"]);
    check("gth -Identity ex¦", 14, 2, &["'Exchange Online'"]);
    check("gth -Identity \"ex¦", 14, 3, &["\"Exchange Online\""]);
    check("gth -Force:¦", 11, 0, &["$true", "$false"]);
    check(
        "$ErrorActionPreference = ¦",
        25,
        0,
        &["'Continue'", "'Stop'"],
    );
    check("$ErrorActionPreference = 'S¦", 25, 2, &["'Stop'"]);
}

#[test]
fn variables() {
    check("$al¦", 0, 3, &["$alpha", "$Alias:"]);
    check("$odd¦", 0, 4, &["${odd name}"]);
    check("$env:PA¦", 0, 7, &["$env:PATH"]);
    check("\"text ${al¦\"", 6, 5, &["${alpha}", "${Alias:}"]);
    check("gth @al¦", 4, 3, &["@alpha", "@Alias:"]);
    check("'text $al¦'", 0, 10, &[]);
    check("$notYet = 3; $notY¦", 13, 5, &["$notYet"]);
}

#[test]
fn members() {
    check("$text.¦", 6, 0, &["Length", "ToUpper(", "'two words'"]);
    check("$text.ToUpper().Le¦", 16, 2, &["Length"]);
    check("gth $text.Le¦", 10, 2, &["Length"]);
    check("[math]::¦", 0, 8, &[]);
    check("'a'.Le¦", 4, 2, &["Length"]);
    check("(gth).Le¦", 6, 2, &["Length"]);
    check("gth | Where-Object { $_.Le¦ }", 24, 2, &["Length"]);
    check("gth | Sort-Object | % { $_.Le¦ }", 27, 2, &["Length"]);
    check(
        "foreach ($item in 'a','b') { $item.Le¦ }",
        35,
        2,
        &["Length"],
    );
    check("[string]$y = 3; $y.Le¦", 19, 2, &["Length"]);
    check("$missing.¦", 0, 9, &[]);
}

#[test]
fn types() {
    check("[str¦", 1, 3, &["string", "System.Text.StringBuilder"]);
    check("[System.Col¦", 1, 10, &["System.Collections"]);
    check(
        "[System.Collections.Generic.L¦",
        1,
        28,
        &["System.Collections.Generic.List"],
    );
    check("using namespace System.T¦", 16, 8, &["System.Text"]);
}

#[test]
fn words() {
    check("1 -e¦", 2, 2, &["-eq"]);
    check("$x -is¦", 3, 3, &["-is", "-isnot", "-isplit"]);
    check(
        "[CmdletBinding(Sup¦)]param()",
        15,
        3,
        &[
            "SupportsShouldProcess",
            "SupportsPaging",
            "SupportsTransactions",
        ],
    );
    check(
        "#requires -¦",
        11,
        0,
        &["Modules", "PSEdition", "RunAsAdministrator", "Version"],
    );
    check("Select-Object @{¦", 16, 0, &["Name", "Expression"]);
    check("Select-Object @{ Name = 'x'; E¦", 29, 1, &["Expression"]);
}

#[test]
fn paths() {
    check("gth x White ./LICEN¦", 12, 7, &["./LICENSE"]);
    check("unknown src/ma¦", 8, 6, &["./src/main.rs"]);
    check("> LICEN¦", 2, 5, &["./LICENSE"]);
    check("./LICEN¦", 0, 7, &["./LICENSE"]);
}

#[test]
fn nothing_panics_on_odd_text() {
    let texts = [
        "", "¦", "$", "@", "[", "[]", "{", "}", "'", "\"", "-", "| |", "$(", "@{", "ä$ö.ü", "::",
        ".", "a.b.", "$x.", "#", "[a(", "${",
    ];
    for text in texts {
        for cursor in 0..=text.len() + 1 {
            complete(text, cursor, &mut Small);
        }
    }
}

#[test]
fn modules_and_programs_have_commands() {
    check(
        "Things\\Get-¦",
        0,
        11,
        &["Things\\Get-Other", "Things\\Get-Thing"],
    );
    check("gthu¦", 0, 4, &["gthumb"]);
}

#[test]
fn words_of_comments_and_directives() {
    check("#requires -PSEdition ¦", 21, 0, &["Core", "Desktop"]);
    check("<#\n.SYNOPSIS\n x\n.SY¦", 17, 2, &[]);
    check("<#\n.NO¦", 4, 2, &["NOTES"]);
    check("using na¦", 6, 2, &["namespace"]);
}

#[test]
fn keys_of_tables_stand_in_brackets() {
    check("$text['tw¦", 6, 3, &["'two words'"]);
    check("$text[tw¦", 6, 2, &["'two words'"]);
    check("$t = @{ Size = 1; Name = 2 }; $t[N¦", 33, 1, &["'Name'"]);
}

#[test]
fn values_follow_from_types_and_attributes() {
    check("[DayOfWeek]$d = 'M¦", 16, 2, &["'Monday'"]);
    check("[ValidateSet('one', 'two')]$x = t¦", 32, 1, &[]);
    check("[ValidateSet('one', 'two')]$x = 't¦", 32, 2, &["'two'"]);
    check("[DayOfWeek]::Monday -eq 'Su¦", 24, 3, &["'Sunday'"]);
}

#[test]
fn names_that_are_being_declared_are_free() {
    check("param($P¦", 6, 2, &[]);
    check("class C { $t¦", 10, 2, &[]);
}

#[test]
fn collections_have_methods_of_the_language() {
    check("('a','b').Fo¦", 10, 2, &["ForEach("]);
    check("'a'.Fo¦", 0, 6, &[]);
}

#[test]
fn lists_have_the_members_of_lists_and_their_items_those_of_items() {
    check("('a','b').Le¦", 0, 12, &[]);
    check("'a','b' | ForEach-Object { $_.Le¦ }", 30, 2, &["Length"]);
}

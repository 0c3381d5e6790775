//! Select-String.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::pattern::regex::{Regex, RegexOptions};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::path_not_found;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::text::regex::match_value;
use crate::runtime::types::type_named;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Select-String", || Box::<SelectString>::default())];

struct Line {
    number: usize,
    text: String,
    /// The pattern that was found, with whether anything was found at all.
    found: Option<usize>,
}

#[derive(Default)]
struct SelectString {
    patterns: Vec<Rc<str>>,
    regexes: Vec<Regex>,
    input_lines: usize,
    done: bool,
    pending: Vec<Line>,
    any: bool,
}

impl Cmdlet for SelectString {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.patterns = call.texts("Pattern");
        if call.has("Culture") && !call.switch("SimpleMatch") {
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "CannotSpecifyCultureWithoutSimpleMatch",
                Category::InvalidOperation,
                "You must specify the -Culture parameter only when the -SimpleMatch parameter is specified.",
            ));
        }
        if call.switch("SimpleMatch") {
            return Ok(());
        }
        for pattern in &self.patterns {
            match Regex::cached(pattern, options(call)) {
                Ok(regex) => self.regexes.push(regex),
                Err(error) => {
                    return vm.raise(
                        Fault::of(
                            "System.ArgumentException",
                            "InvalidRegex",
                            Category::InvalidArgument,
                            format!(
                                "The string {pattern} is not a valid regular expression: {error}"
                            ),
                        )
                        .target(Value::str(&**pattern)),
                    );
                }
            }
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if self.done {
            return Ok(());
        }
        let set = call.set_name.borrow().clone();
        if set.starts_with("Object") {
            let Some(object) = call.get("InputObject") else {
                return Ok(());
            };
            if let Some(path) = file_of(vm, &object)? {
                return self.search_file(vm, call, &path);
            }
            self.input_lines += 1;
            let text = match object.base() {
                Value::Array(_) | Value::List(_) => vm.to_text(&object)?,
                _ => vm.to_text(&object)?,
            };
            let line = self.look(vm, call, self.input_lines, text)?;
            return self.take(vm, call, line, None);
        }
        for path in self.paths(vm, call)? {
            self.search_file(vm, call, &path)?;
            if self.done {
                break;
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.flush(vm, call, None)
    }
}

fn options(call: &Call) -> RegexOptions {
    let bits = if call.switch("CaseSensitive") { 0 } else { 1 };
    RegexOptions::from_bits(bits).unwrap_or_default()
}

fn file_of(vm: &mut Vm, object: &Value) -> R<Option<PathBuf>> {
    let Value::Native(native) = object.base() else {
        return Ok(None);
    };
    if &*native.body().type_ref().full_name != "System.IO.FileInfo" {
        return Ok(None);
    }
    let name = vm.get_member(object, "FullName")?.unwrap_or_default();
    let text = vm.to_text(&name)?;
    Ok(Some(vm.file_path(&text)))
}

impl SelectString {
    fn paths(&self, vm: &mut Vm, call: &Call) -> R<Vec<PathBuf>> {
        let mut found = Vec::new();
        for text in call.texts("LiteralPath") {
            let plain = text.rsplit("::").next().unwrap_or(&text);
            found.push(vm.file_path(plain));
        }
        for text in call.texts("Path") {
            let plain = text.rsplit("::").next().unwrap_or(&text);
            let path = vm.file_path(plain);
            if !WildcardPattern::contains_wildcards(plain) {
                found.push(path);
                continue;
            }
            found.extend(expand(vm, &path)?);
        }
        let matchers = |vm: &mut Vm, name: &str| -> R<Vec<Rc<WildcardPattern>>> {
            call.texts(name)
                .iter()
                .map(|text| vm.wildcard(text, true))
                .collect()
        };
        let (include, exclude) = (matchers(vm, "Include")?, matchers(vm, "Exclude")?);
        found.retain(|path| {
            let name = path.to_string_lossy();
            let short = file_name(path);
            let fits = |p: &Rc<WildcardPattern>| p.is_match(&name) || p.is_match(&short);
            (include.is_empty() || include.iter().any(fits)) && !exclude.iter().any(fits)
        });
        Ok(found)
    }

    fn search_file(&mut self, vm: &mut Vm, call: &Call, path: &Path) -> R<()> {
        if path.is_dir() {
            return Ok(());
        }
        let bytes = match crate::host::file::read(path) {
            Ok(bytes) => bytes,
            Err(_) => {
                let shown = path.to_string_lossy().to_string();
                return vm.raise(path_not_found(&shown).target(Value::str(shown)));
            }
        };
        let text = crate::runtime::text::encoding::decode_script(&bytes);
        self.any = false;
        for (at, line) in text.lines().enumerate() {
            let line = self.look(vm, call, at + 1, line.to_string())?;
            self.take(vm, call, line, Some(path))?;
            if self.done || (self.any && call.switch("List")) {
                break;
            }
        }
        self.flush(vm, call, Some(path))
    }

    fn look(&self, vm: &mut Vm, call: &Call, number: usize, text: String) -> R<Line> {
        let mut found = None;
        if self.regexes.is_empty() {
            for (at, pattern) in self.patterns.iter().enumerate() {
                if find_plain(&text, pattern, call.switch("CaseSensitive"), 0).is_some() {
                    found = Some(at);
                    break;
                }
            }
        } else {
            for (at, regex) in self.regexes.iter().enumerate() {
                match regex.is_match(&text) {
                    Ok(true) => {
                        found = Some(at);
                        break;
                    }
                    Ok(false) => {}
                    Err(_) => {
                        return vm.check_interrupt().map(|()| Line {
                            number,
                            text,
                            found,
                        });
                    }
                }
            }
        }
        if call.switch("NotMatch") {
            found = match found {
                Some(_) => None,
                None => Some(0),
            };
        }
        Ok(Line {
            number,
            text,
            found,
        })
    }

    /// Takes the next line: written at once without context, else kept until its context is complete.
    fn take(&mut self, vm: &mut Vm, call: &Call, line: Line, path: Option<&Path>) -> R<()> {
        let hit = line.found.is_some();
        if hit && call.switch("Quiet") {
            if !self.done {
                self.done = true;
                vm.write(Value::Bool(true))?;
                return Err(Box::new(Unwind::StopUpstream(call.stage)));
            }
            return Ok(());
        }
        self.any |= hit;
        if !call.has("Context") {
            if hit {
                let value = self.result(vm, call, &line, path, None)?;
                return vm.write(value);
            }
            return Ok(());
        }
        self.pending.push(line);
        Ok(())
    }

    fn flush(&mut self, vm: &mut Vm, call: &Call, path: Option<&Path>) -> R<()> {
        let lines = std::mem::take(&mut self.pending);
        let sizes: Vec<usize> = call
            .items("Context")
            .iter()
            .filter_map(|v| match v.base() {
                Value::Int(n) => usize::try_from(*n).ok(),
                _ => None,
            })
            .collect();
        let before = sizes.first().copied().unwrap_or(0);
        let after = sizes.get(1).copied().unwrap_or(before);
        let mut shown_to = 0;
        for (at, line) in lines.iter().enumerate() {
            if line.found.is_none() {
                continue;
            }
            let from = at.saturating_sub(before);
            let to = (at + 1 + after).min(lines.len());
            let texts = |range: std::ops::Range<usize>| -> Vec<String> {
                lines
                    .get(range)
                    .unwrap_or_default()
                    .iter()
                    .map(|l| l.text.clone())
                    .collect()
            };
            // What is shown of the context stops at the neighbouring hit.
            let display_from = from.max(shown_to).min(at);
            let next_hit = (at + 1..to)
                .find(|i| lines[*i].found.is_some())
                .unwrap_or(to);
            let context = Context {
                pre: texts(from..at),
                post: texts(at + 1..to),
                display_pre: texts(display_from..at),
                display_post: texts(at + 1..next_hit),
            };
            shown_to = next_hit;
            let value = self.result(vm, call, line, path, Some(context))?;
            vm.write(value)?;
        }
        Ok(())
    }

    fn result(
        &self,
        vm: &mut Vm,
        call: &Call,
        line: &Line,
        path: Option<&Path>,
        context: Option<Context>,
    ) -> R<Value> {
        if call.switch("Raw") {
            return Ok(Value::str(line.text.as_str()));
        }
        let pattern = line
            .found
            .and_then(|at| self.patterns.get(at))
            .cloned()
            .unwrap_or_else(|| "".into());
        let matches = self.matches(vm, call, line)?;
        let (name, full) = match path {
            Some(path) => (file_name(path), path.to_string_lossy().to_string()),
            None => ("InputStream".to_string(), "InputStream".to_string()),
        };
        let head = match path {
            Some(path) => {
                let shown = path
                    .strip_prefix(&vm.session.location)
                    .map_or_else(|_| full.clone(), |p| p.to_string_lossy().to_string());
                Some(shown)
            }
            None => None,
        };
        let shown = |number: usize, text: &str, mark: &str| match &head {
            Some(head) => format!("{mark}{head}:{number}:{text}"),
            None => format!("{mark}{text}"),
        };
        let mut text = Vec::new();
        let mut context_value = Value::Null;
        match &context {
            None => text.push(shown(line.number, &line.text, "")),
            Some(context) => {
                for (at, pre) in context.display_pre.iter().enumerate() {
                    let number = line.number - context.display_pre.len() + at;
                    text.push(shown(number, pre, "  "));
                }
                text.push(shown(line.number, &line.text, "> "));
                for (at, post) in context.display_post.iter().enumerate() {
                    text.push(shown(line.number + 1 + at, post, "  "));
                }
                context_value = PlainObject::new(
                    "Microsoft.PowerShell.Commands.MatchInfoContext",
                    vec![
                        ("PreContext", Value::strings(context.pre.clone())),
                        ("PostContext", Value::strings(context.post.clone())),
                        (
                            "DisplayPreContext",
                            Value::strings(context.display_pre.clone()),
                        ),
                        (
                            "DisplayPostContext",
                            Value::strings(context.display_post.clone()),
                        ),
                    ],
                )
                .value();
            }
        }
        Ok(PlainObject::new(
            "Microsoft.PowerShell.Commands.MatchInfo",
            vec![
                ("IgnoreCase", Value::Bool(!call.switch("CaseSensitive"))),
                (
                    "LineNumber",
                    Value::ULong(u64::try_from(line.number).unwrap_or(u64::MAX)),
                ),
                ("Line", Value::str(line.text.as_str())),
                ("Filename", Value::str(name)),
                ("Path", Value::str(full)),
                ("Pattern", Value::str(&*pattern)),
                ("Context", context_value),
                ("Matches", matches),
            ],
        )
        .with_text(text.join("\n"))
        .value())
    }

    /// The regular-expression matches of a line, all of them or the first.
    fn matches(&self, vm: &mut Vm, call: &Call, line: &Line) -> R<Value> {
        let element = type_named("System.Text.RegularExpressions.Match");
        let make = |items: Vec<Value>| {
            Value::Array(Rc::new(crate::runtime::collection::Array::typed(
                element.clone(),
                items,
            )))
        };
        if call.switch("NotMatch") || self.regexes.is_empty() {
            return Ok(make(Vec::new()));
        }
        let Some(regex) = line.found.and_then(|at| self.regexes.get(at)) else {
            return Ok(make(Vec::new()));
        };
        let text: Rc<str> = line.text.as_str().into();
        let mut items = Vec::new();
        for found in regex.matches(&text) {
            let Ok(found) = found else { break };
            items.push(match_value(regex, &text, Some(found)));
            if !call.switch("AllMatches") {
                break;
            }
        }
        let _ = vm;
        Ok(make(items))
    }
}

struct Context {
    pre: Vec<String>,
    post: Vec<String>,
    display_pre: Vec<String>,
    display_post: Vec<String>,
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().to_string())
        .unwrap_or_default()
}

fn find_plain(text: &str, pattern: &str, case_sensitive: bool, from: usize) -> Option<usize> {
    crate::runtime::collation::index_of(text, pattern, from, !case_sensitive).map(|r| r.start)
}

/// The files that a path with wildcards stands for, in order.
pub fn expand(vm: &mut Vm, path: &Path) -> R<Vec<PathBuf>> {
    let mut found = vec![PathBuf::new()];
    for part in path.components() {
        let text = part.as_os_str().to_string_lossy().to_string();
        if !WildcardPattern::contains_wildcards(&text) {
            found.iter_mut().for_each(|f| f.push(&text));
            continue;
        }
        let matcher = vm.wildcard(&text, true)?;
        let mut next = Vec::new();
        for folder in found {
            let mut names: Vec<String> = std::fs::read_dir(&folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|e| e.file_name().to_string_lossy().to_string())
                .filter(|name| matcher.is_match(name))
                .collect();
            names.sort_by(|a, b| crate::runtime::collation::compare(a, b, true));
            next.extend(names.into_iter().map(|name| folder.join(name)));
        }
        found = next;
    }
    found.retain(|f| f.exists());
    Ok(found)
}

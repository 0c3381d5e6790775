//! `switch`.

use super::Lowering;
use super::flow::label_symbol;
use crate::runtime::enumerator::ListEnumerator;
use crate::runtime::error::{Fault, R, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::operators::replace::invalid_pattern;
use crate::runtime::pattern::regex::{Regex, RegexOptions};
use crate::runtime::scope::Site;
use crate::runtime::script_block::{Block, Eval, Exec};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::io::file;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;

/// A clause's condition.
enum Clause {
    /// A block of one expression about `$_` that could as well stand in place.
    Inline(Block),
    /// A value that is compared as text, or as pattern.
    Value(Eval),
}

impl Lowering {
    /// `switch -flags (value) { clauses }`
    pub fn switch(&self, ast: &SwitchStatementAst) -> Exec {
        let (label, flags, span) = (label_symbol(&ast.label), ast.flags, ast.condition.span);
        let source = self.statement_value(&ast.condition);
        let clauses: Vec<(Clause, Block, Span)> = ast
            .clauses
            .iter()
            .map(|(c, b)| (self.clause(c), self.block(b), c.span))
            .collect();
        let default = ast.default.as_ref().map(|b| self.block(b));
        let (item, enumerator) = (Symbol::fold("_"), Symbol::fold("switch"));
        let uses_enumerator =
            self.names_variable("$switch", ast.clauses.iter().map(|(_, b)| b.span));
        Box::new(move |vm| {
            vm.frame.span = span;
            let value = source(vm)?;
            let items = if flags.file {
                lines_of(vm, &value)?
            } else {
                items_of(vm, value)?
            };
            let scope = vm.scope.clone();
            let site = Site::default();
            let saved = scope.own(item, &site);
            vm.loop_depth += 1;
            let mut result = Ok(());
            let list = uses_enumerator.then(|| ListEnumerator::value(items.clone()));
            if let Some(list) = &list {
                vm.assign(enumerator, &Site::default(), list.clone())?;
            }
            let mut at = 0;
            while let Some(value) = items.get(at).cloned() {
                if let Err(stop) = vm.check_interrupt() {
                    result = Err(stop);
                    break;
                }
                if let Some(list) = &list {
                    ListEnumerator::set_position(list, at);
                }
                match run_item(vm, &value, flags, &clauses, &default, item, &site) {
                    Ok(()) => {}
                    Err(unwind) => match *unwind {
                        Unwind::Continue(None) => {}
                        Unwind::Continue(to) if to == label => {}
                        Unwind::Break(None) => break,
                        Unwind::Break(to) if to == label => break,
                        other => {
                            result = Err(Box::new(other));
                            break;
                        }
                    },
                }
                at = list.as_ref().map_or(at, ListEnumerator::position) + 1;
            }
            if list.is_some() {
                vm.assign(enumerator, &Site::default(), Value::Null)?;
            }
            vm.loop_depth -= 1;
            scope.put(item, &site, saved);
            result
        })
    }

    fn clause(&self, ast: &ExpressionAst) -> Clause {
        match &ast.kind {
            ExpressionKind::ScriptBlock(block) => match (&block.param_block, &block.end) {
                (None, Some(end)) if self.needs_no_scope(&end.body) => {
                    Clause::Inline(self.block(&end.body))
                }
                _ => Clause::Value(self.expression(ast)),
            },
            _ => Clause::Value(self.expression(ast)),
        }
    }

    /// Whether nobody can tell that a condition has no scope and arguments of its own.
    fn needs_no_scope(&self, body: &StatementBlock) -> bool {
        let [statement] = body.statements.as_slice() else {
            return false;
        };
        if statement.sole_expression().is_none() || !body.traps.is_empty() {
            return false;
        }
        let text = self.source.slice(body.span).to_ascii_lowercase();
        const TELLING: [&str; 8] = [
            "=", "++", "--", "{", "$args", "$input", "$myinv", "$psbound",
        ];
        !TELLING
            .iter()
            .any(|word| text.trim_matches(['{', '}']).contains(word))
    }
}

fn run_item(
    vm: &mut Vm,
    value: &Value,
    flags: SwitchFlags,
    clauses: &[(Clause, Block, Span)],
    default: &Option<Block>,
    item: Symbol,
    site: &Site,
) -> R<()> {
    let mut matched = false;
    let mut value = value.clone();
    vm.assign(item, site, value.clone())?;
    for (clause, body, span) in clauses {
        vm.frame.span = *span;
        let hit = match clause {
            Clause::Inline(block) => {
                let items = vm.collect(|vm| vm.run_statements(block))?;
                let answer = Vm::captured(items);
                vm.to_bool(&answer)
            }
            Clause::Value(eval) => {
                let condition = eval(vm)?;
                matches(vm, &value, &condition, flags)?
            }
        };
        if hit {
            matched = true;
            vm.run_statements(body)?;
            // What the clause made of `$_` is what the next ones look at.
            value = vm.lookup(item, site).unwrap_or_default();
        }
    }
    if !matched && let Some(body) = default {
        vm.run_statements(body)?;
    }
    Ok(())
}

fn matches(vm: &mut Vm, value: &Value, condition: &Value, flags: SwitchFlags) -> R<bool> {
    if let Value::Block(block) = condition.base() {
        let items = vm.call_block_with(
            block,
            BlockCall {
                item: Some(value.clone()),
                ..BlockCall::default()
            },
        )?;
        let answer = Vm::captured(items);
        return Ok(vm.to_bool(&answer));
    }
    let case = if flags.case_sensitive {
        Case::Sensitive
    } else {
        Case::Insensitive
    };
    if flags.regex {
        let (value, condition) = (text_of(vm, value)?, text_or_regex(vm, condition)?);
        if let Value::Str(pattern) = &condition
            && let Err(error) = Regex::cached(pattern, RegexOptions::NONE)
        {
            return vm.raise(invalid_pattern(pattern, error.message));
        }
        let answer = vm.binary(BinaryOperator::Match(case), &value, &condition)?;
        return Ok(vm.to_bool(&answer));
    }
    if flags.wildcard {
        let (value, condition) = (text_of(vm, value)?, text_of(vm, condition)?);
        let answer = vm.binary(BinaryOperator::Like(case), &value, &condition)?;
        return Ok(vm.to_bool(&answer));
    }
    if condition.is_null() {
        return Ok(value.is_null());
    }
    let (value, condition) = (text_of(vm, value)?, text_of(vm, condition)?);
    vm.equals(&value, &condition, !flags.case_sensitive)
}

fn text_of(vm: &mut Vm, value: &Value) -> R<Value> {
    Ok(Value::str(vm.to_text(value)?))
}

fn text_or_regex(vm: &mut Vm, value: &Value) -> R<Value> {
    match value.base() {
        Value::Native(_) => Ok(value.clone()),
        _ => text_of(vm, value),
    }
}

fn items_of(vm: &mut Vm, value: Value) -> R<Vec<Value>> {
    match value {
        Value::Nothing => Ok(Vec::new()),
        other => Ok(vm.enumerate(&other)?.unwrap_or_else(|| vec![other])),
    }
}

/// The file a `-file` option names: one, of the file system.
fn file_named(vm: &mut Vm, name: &Value) -> R<std::path::PathBuf> {
    let text = vm.to_text(name)?;
    if text.is_empty() {
        return vm.raise(
            Fault::new(
                "InvalidFilenameOption",
                "Cannot process the 'switch' statement because of a file name argument to the -file option that is not valid.",
            )
            .target(Value::str(text)),
        );
    }
    let found = vm.find_items(&text, false, false)?;
    if let Some(fault) = found.faults.into_iter().next() {
        return vm.raise(fault);
    }
    match found.items.as_slice() {
        [item] if item.is_file_system() => Ok(item.as_file().to_path_buf()),
        [item] => vm.raise(
            Fault::new(
                "FileOpenError",
                format!(
                    "Cannot open file because the current provider ({}) cannot open a file.",
                    item.provider.full_name()
                ),
            )
            .target(Value::str(text)),
        ),
        [] => vm.raise(
            Fault::new("FileNotFound", format!("No files matching '{text}' were found."))
                .target(Value::str(text)),
        ),
        _ => vm.raise(
            Fault::new(
                "AmbiguousPath",
                "The path cannot be processed because it resolved to more than one file; only one file at a time can be processed.",
            )
            .target(Value::str(text)),
        ),
    }
}

fn lines_of(vm: &mut Vm, name: &Value) -> R<Vec<Value>> {
    let path = file_named(vm, name)?;
    let shown = path.to_string_lossy();
    match file::read_text(&shown, None) {
        Ok(text) => Ok(file::lines(&text).into_iter().map(Value::str).collect()),
        Err(unwind) => {
            let Unwind::Error(thrown) = *unwind else {
                return Err(unwind);
            };
            let inner = thrown.record.exception.clone();
            let message = thrown.record.message();
            vm.raise(
                Fault::new(
                    "FileReadError",
                    format!("The file could not be read: {message}"),
                )
                .target(Value::str(&*shown))
                .inner_value(inner),
            )
        }
    }
}

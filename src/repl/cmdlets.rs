//! TabExpansion2 and Register-ArgumentCompleter: completion as scripts see it.

use super::complete::complete;
use super::completion::{CompletionResult, CompletionResultType};
use super::session_world::SessionWorld;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::cell::RefCell;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("TabExpansion2", || Box::new(TabExpansion2)),
    ("Register-ArgumentCompleter", || {
        Box::new(RegisterArgumentCompleter)
    }),
];

/// The behaviour of one of them.
pub fn find(name: &str) -> Option<Factory> {
    let mut rows = CMDLETS.iter();
    rows.find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, factory)| *factory)
}

/// Command (none for every command), parameter, script.
pub type ParameterCompleter = (Option<Rc<str>>, Rc<str>, Rc<ScriptBlock>);

/// Completers that scripts registered, newest last.
#[derive(Default)]
pub struct Completers {
    /// Command (none for every command), parameter, script.
    pub of_parameters: RefCell<Vec<ParameterCompleter>>,
    /// Native program, script.
    pub of_programs: RefCell<Vec<(Rc<str>, Rc<ScriptBlock>)>>,
}

const STATE: &str = "argument completers";

impl Completers {
    /// Those of a session.
    pub fn of(vm: &mut Vm) -> Rc<Completers> {
        let known = vm.session.state.get(STATE).cloned();
        if let Some(Ok(completers)) = known.map(|state| state.downcast::<Completers>()) {
            return completers;
        }
        let completers = Rc::new(Completers::default());
        vm.session.state.insert(STATE, completers.clone());
        completers
    }
}

struct RegisterArgumentCompleter;

impl Cmdlet for RegisterArgumentCompleter {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(Value::Block(script)) = call.get("ScriptBlock").map(|v| v.base().clone()) else {
            return Ok(());
        };
        let completers = Completers::of(vm);
        let commands = call.texts("CommandName");
        if call.switch("Native") {
            let mut list = completers.of_programs.borrow_mut();
            list.extend(commands.into_iter().map(|name| (name, script.clone())));
            return Ok(());
        }
        let Some(parameter) = call.text("ParameterName") else {
            return Ok(());
        };
        let mut list = completers.of_parameters.borrow_mut();
        if commands.is_empty() {
            list.push((None, parameter, script));
        } else {
            let rows = commands.into_iter();
            list.extend(rows.map(|name| (Some(name), parameter.clone(), script.clone())));
        }
        Ok(())
    }
}

struct TabExpansion2;

impl Cmdlet for TabExpansion2 {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("inputScript").unwrap_or_else(|| "".into());
        let source = Source::new(&text, None);
        let column = call
            .int("cursorColumn")
            .and_then(|n| usize::try_from(n).ok());
        let cursor = column.map_or(text.len(), |utf16| source.byte_offset(utf16));
        let answer = complete(&text, cursor, &mut SessionWorld(vm));
        // Scripts count in UTF-16 units.
        let start = source.utf16_offset(answer.start);
        let length = source.utf16_offset(answer.start + answer.length) - start;
        let number = |n: usize| Value::Int(i32::try_from(n).unwrap_or(i32::MAX));
        let matches = answer.matches.iter().map(result_value).collect();
        vm.write(CustomObject::typed(
            "System.Management.Automation.CommandCompletion",
            [
                ("CurrentMatchIndex", Value::Int(-1)),
                ("ReplacementIndex", number(start)),
                ("ReplacementLength", number(length)),
                ("CompletionMatches", Value::array(matches)),
            ],
        ))
    }
}

/// A match as scripts see it.
fn result_value(result: &CompletionResult) -> Value {
    let kind = Value::enum_of(
        "System.Management.Automation.CompletionResultType",
        result.result_type as i64,
    );
    CustomObject::typed(
        "System.Management.Automation.CompletionResult",
        [
            (
                "CompletionText",
                Value::str(result.completion_text.as_str()),
            ),
            ("ListItemText", Value::str(result.list_item_text.as_str())),
            ("ResultType", kind),
            ("ToolTip", Value::str(result.tool_tip.as_str())),
        ],
    )
}

/// Runs a completer; what it gives as text is inserted as it is. A completer
/// that fails completes nothing and disturbs nothing.
pub fn run_completer(
    vm: &mut Vm,
    script: &Rc<ScriptBlock>,
    arguments: Vec<Value>,
) -> Vec<CompletionResult> {
    let success = vm.success;
    let errors = vm.errors.items.borrow().clone();
    let items = vm.call_block(script, arguments).unwrap_or_default();
    let mut results = Vec::new();
    for item in &items {
        results.extend(result_of(vm, item));
    }
    *vm.errors.items.borrow_mut() = errors;
    vm.success = success;
    results
}

fn result_of(vm: &mut Vm, item: &Value) -> Option<CompletionResult> {
    let mut part = |name: &str| {
        let value = match item.base() {
            Value::Custom(object) => object.members.note(name),
            Value::Native(_) => vm.read_property(item, name).ok(),
            _ => None,
        };
        vm.to_text(&value?).ok()
    };
    let Some(text) = part("CompletionText") else {
        let text = vm.to_text(item).ok()?;
        return Some(CompletionResult::new(text, CompletionResultType::Text));
    };
    let listed = part("ListItemText").unwrap_or_else(|| text.clone());
    let tip = part("ToolTip").unwrap_or_else(|| text.clone());
    let kind = part("ResultType").and_then(|name| CompletionResultType::named(&name));
    let kind = kind.unwrap_or(CompletionResultType::Text);
    Some(CompletionResult::new(text, kind).listed(listed).tip(tip))
}

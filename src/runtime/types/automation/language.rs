//! The parser as scripts use it: `Parser::ParseInput`, and places in a text.

use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invocation::Extent;
use crate::runtime::native::Native;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ParseOptions;
use crate::syntax::source::Source;
use std::rc::Rc;

/// A place in a text as `IScriptExtent`.
pub struct ExtentValue(pub Extent);

/// A place in a text as `IScriptPosition`.
struct PositionValue {
    source: Rc<Source>,
    offset: usize,
}

impl Native for ExtentValue {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Language.InternalScriptExtent")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.text().to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "File",
            "StartScriptPosition",
            "EndScriptPosition",
            "StartLineNumber",
            "StartColumnNumber",
            "EndLineNumber",
            "EndColumnNumber",
            "Text",
            "StartOffset",
            "EndOffset",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let (source, span) = (&self.0.source, self.0.span);
        let (start, end) = (span.start as usize, span.end as usize);
        let number = |n: usize| Some(Value::Int(n as i32));
        let position = |offset: usize| {
            Some(Value::native(PositionValue {
                source: source.clone(),
                offset,
            }))
        };
        Ok(match name.to_ascii_lowercase().as_str() {
            "file" => Some(source.file.as_deref().map_or(Value::Null, Value::str)),
            "text" => Some(Value::str(self.0.text())),
            "startoffset" => number(source.utf16_offset(start)),
            "endoffset" => number(source.utf16_offset(end)),
            "startlinenumber" => number(source.position(start).line),
            "endlinenumber" => number(source.position(end).line),
            "startcolumnnumber" => number(source.position(start).column),
            "endcolumnnumber" => number(source.position(end).column),
            "startscriptposition" => position(start),
            "endscriptposition" => position(end),
            _ => None,
        })
    }
}

impl Native for PositionValue {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.Language.ScriptPosition")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["File", "LineNumber", "ColumnNumber", "Offset", "Line"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let at = self.source.position(self.offset);
        Ok(match name.to_ascii_lowercase().as_str() {
            "file" => Some(self.source.file.as_deref().map_or(Value::Null, Value::str)),
            "linenumber" => Some(Value::Int(at.line as i32)),
            "columnnumber" => Some(Value::Int(at.column as i32)),
            "offset" => Some(Value::Int(self.source.utf16_offset(self.offset) as i32)),
            "line" => Some(Value::str(self.source.line_text(at.line))),
            _ => None,
        })
    }
}

/// `Parser::ParseInput` and `Parser::ParseFile`: the tree, and tokens and errors into the references.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let (text, file, references) = match (name, arguments) {
        ("parseinput", [text, rest @ ..]) => (vm.to_text(text)?, None, rest),
        ("parsefile", [path, rest @ ..]) => {
            let path = vm.to_text(path)?;
            let full = vm.file_path(&path);
            let Ok(bytes) = crate::host::file::read(&full) else {
                return vm.raise(Fault::of(
                    "System.IO.FileNotFoundException",
                    "FileNotFoundException",
                    Category::NotSpecified,
                    format!("Could not find file '{}'.", full.display()),
                ));
            };
            let full = full.to_string_lossy().to_string();
            (
                crate::runtime::text::encoding::decode_script(&bytes),
                Some(full),
                rest,
            )
        }
        _ => return Ok(None),
    };
    let references: Vec<&Value> = references
        .iter()
        .filter(|r| matches!(r, Value::Ref(_)))
        .collect();
    let source = Rc::new(Source::new(&text, file.as_deref()));
    let parsed = {
        let known_type = |name: &str| {
            vm.script_type(name).is_some() || crate::runtime::types::find(name).is_some()
        };
        let options = ParseOptions {
            tokens: true,
            interruptible: true,
            known_type: Some(&known_type),
            module_exists: Some(&|using| vm.using_module_exists(&source, using)),
            assembly_exists: Some(&|name| vm.using_assembly_exists(name)),
        };
        crate::syntax::parse_with(&source.text, &options)
    };
    vm.check_interrupt()?;
    let tokens = parsed
        .tokens
        .iter()
        .map(|token| super::token::value(&source, token))
        .collect();
    let errors = crate::runtime::parse_error::values(&source, &parsed.errors);
    if let Some(Value::Ref(place)) = references.first() {
        place.set(Value::array(tokens));
    }
    if let Some(Value::Ref(place)) = references.get(1) {
        place.set(Value::array(errors));
    }
    let block = Rc::new(ScriptBlock::new(parsed.block, source, None));
    Ok(Some(
        crate::runtime::types::automation::ast_node::of_script_block(&block),
    ))
}

impl Vm {
    /// A place in a text as a value.
    pub fn extent_value(&mut self, extent: &Extent) -> Value {
        Value::native(ExtentValue(extent.clone()))
    }
}

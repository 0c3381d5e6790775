//! `System.Management.Automation.SteppablePipeline`: a pipeline that a script feeds step by step.

use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::pipeline::{Request, Stages};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::streams::Collector;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{PipelineAst, StatementKind};
use std::cell::RefCell;
use std::rc::Rc;

/// A pipeline before it begins, and while it runs.
struct SteppablePipeline {
    requests: RefCell<Option<Vec<Request>>>,
    running: RefCell<Option<Rc<Stages>>>,
    /// Keeps the output for whoever steps, unless it goes to the cmdlet given to `Begin`.
    output: Rc<Collector>,
    redirected: RefCell<bool>,
}

/// `$block.GetSteppablePipeline()`: the block must consist of one pipeline of commands. Its arguments
/// are evaluated here and now.
pub fn of_block(vm: &mut Vm, block: &Rc<ScriptBlock>) -> R<Value> {
    let make = vm.language.requests;
    let requests = sole_pipeline(block).and_then(|pipeline| make(block, pipeline));
    let Some(requests) = requests else {
        return vm.raise(Fault::new(
            "CanConvertOneClauseOnly",
            "Only a script block that contains exactly one pipeline or command can be converted. Expressions or control structures are not permitted. Verify that the script block contains exactly one pipeline or command.",
        ));
    };
    Ok(Value::native(SteppablePipeline {
        requests: RefCell::new(Some(requests(vm)?)),
        running: RefCell::default(),
        output: Rc::default(),
        redirected: RefCell::new(false),
    }))
}

fn sole_pipeline(block: &ScriptBlock) -> Option<&PipelineAst> {
    let end = block.ast.end.as_ref()?;
    match end.body.statements.as_slice() {
        [statement] => match &statement.kind {
            StatementKind::Pipeline(pipeline) => Some(pipeline),
            _ => None,
        },
        _ => None,
    }
}

impl SteppablePipeline {
    /// Runs `work` with the output kept, and gives it.
    fn keeping(&self, vm: &mut Vm, work: impl FnOnce(&mut Vm) -> R<()>) -> R<Value> {
        work(vm)?;
        Ok(Value::array(self.output.items.take()))
    }

    fn begin(&self, vm: &mut Vm, first: &Value) -> R<Value> {
        let Some(requests) = self.requests.take() else {
            return vm.raise(Fault::new(
                "CannotBeginTwice",
                "The pipeline has already begun.",
            ));
        };
        // A bool says whether input comes; a cmdlet knows, and takes the output.
        let (expects, redirected) = match first.base() {
            Value::Native(native)
                if native
                    .downcast::<crate::runtime::types::automation::ps_cmdlet::ScriptCmdlet>()
                    .is_some() =>
            {
                let invocation = vm.read_property(first, "MyInvocation")?;
                let expects = vm.read_property(&invocation, "ExpectingInput")?;
                (vm.to_bool(&expects), true)
            }
            other => (vm.to_bool(other), false),
        };
        *self.redirected.borrow_mut() = redirected;
        let out = match redirected {
            true => vm.out.clone(),
            false => self.output.clone(),
        };
        let outer = std::mem::replace(&mut vm.out, out);
        let stages = vm.start_steps(requests, expects);
        vm.out = outer;
        *self.running.borrow_mut() = Some(Rc::new(stages?));
        // What came out so far is given by the next step.
        Ok(Value::Nothing)
    }
}

impl Native for SteppablePipeline {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.SteppablePipeline")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let running = self.running.borrow().clone();
        Ok(Some(match (name, running) {
            ("begin", _) => self.begin(vm, &arguments.first().cloned().unwrap_or_default())?,
            ("process", Some(stages)) => {
                let input = arguments.first().cloned();
                self.keeping(vm, |vm| vm.step(&stages, input))?
            }
            ("end", Some(stages)) => self.keeping(vm, |vm| vm.end_steps(&stages))?,
            ("process" | "end", None) => {
                return vm.raise(Fault::new(
                    "PipelineNotStarted",
                    "The pipeline has not begun: call Begin first.",
                ));
            }
            ("clean" | "dispose", stages) => {
                if let Some(stages) = stages {
                    vm.clean_steps(&stages)?;
                }
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}

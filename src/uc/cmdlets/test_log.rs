//! What a synthetic transaction did, for `-OutLoggerVariable` and `-OutVerboseVariable`: a log that can be
//! saved as XML or HTML, and the lines of it.

use super::answer::text;
use crate::runtime::collection::List;
use crate::runtime::command::Call;
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::scope::Slot;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::xml::escaped_as;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What is known of a transaction when it is over.
pub struct TestLog<'a> {
    /// The pool or computer that was tried.
    pub target: &'a str,
    /// Why it failed, if it did.
    pub error: Option<&'a str>,
    /// What was done, in order.
    pub steps: &'a [String],
}

impl TestLog<'_> {
    /// Fills the variables that the call names.
    pub fn keep(&self, vm: &mut Vm, call: &Call) -> R<()> {
        let cmdlet = call.info.name.to_string();
        if let Some(name) = text(vm, call, "OutLoggerVariable")? {
            let log = CustomObject::typed(
                "Microsoft.Rtc.SyntheticTransactions.Logger",
                [
                    ("Cmdlet", Value::str(cmdlet.as_str())),
                    ("TargetFqdn", Value::str(self.target)),
                    ("Result", Value::str(self.result())),
                    ("Error", Value::str(self.error.unwrap_or_default())),
                    ("Xml", Value::str(self.xml(&cmdlet))),
                    ("Html", Value::str(self.html(&cmdlet))),
                ],
            );
            set(vm, &name, log);
        }
        if let Some(name) = text(vm, call, "OutVerboseVariable")? {
            let lines = self.lines(&cmdlet).into_iter().map(Value::str).collect();
            set(vm, &name, Value::List(Rc::new(List::of_objects(lines))));
        }
        Ok(())
    }

    fn result(&self) -> &'static str {
        match self.error {
            None => "Success",
            Some(_) => "Failure",
        }
    }

    fn lines(&self, cmdlet: &str) -> Vec<String> {
        let start = format!("{cmdlet} tries {}.", self.target);
        let end = match self.error {
            None => format!("{cmdlet} succeeded."),
            Some(error) => format!("{cmdlet} failed: {error}"),
        };
        let steps = self.steps.iter().cloned();
        std::iter::once(start)
            .chain(steps)
            .chain(std::iter::once(end))
            .collect()
    }

    fn xml(&self, cmdlet: &str) -> String {
        let mut xml = format!(
            "<Activity Name=\"{}\" TargetFqdn=\"{}\" Result=\"{}\">\n",
            escaped_as(cmdlet, true),
            escaped_as(self.target, true),
            self.result()
        );
        for line in self.lines(cmdlet) {
            xml.push_str(&format!("  <Step>{}</Step>\n", escaped_as(&line, false)));
        }
        xml.push_str("</Activity>");
        xml
    }

    fn html(&self, cmdlet: &str) -> String {
        let rows: String = self
            .lines(cmdlet)
            .iter()
            .map(|line| format!("<li>{}</li>\n", escaped_as(line, false)))
            .collect();
        format!(
            "<html><head><title>{0}</title></head><body>\n<h1>{0}: {1}</h1>\n<ul>\n{rows}</ul>\n</body></html>",
            escaped_as(cmdlet, false),
            self.result()
        )
    }
}

/// Sets a variable of the caller.
fn set(vm: &mut Vm, name: &str, value: Value) {
    let name = Symbol::fold(name.trim_start_matches('$'));
    vm.scope.put_named(name, Slot::Plain(value));
}

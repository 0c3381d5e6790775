//! Central logging: which scenarios run on which computer. Nothing is traced here, so a search finds nothing.

use super::answer::{refuse, text, texts};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Start-CsClsLogging", || Box::new(Logging(Action::Start))),
    ("Stop-CsClsLogging", || Box::new(Logging(Action::Stop))),
    ("Show-CsClsLogging", || Box::new(Logging(Action::Show))),
    ("Sync-CsClsLogging", || Box::new(Logging(Action::Show))),
    ("Update-CsClsLogging", || Box::new(Logging(Action::Show))),
    ("Search-CsClsLogging", || Box::new(Logging(Action::Search))),
];

/// The scenario that may run beside any other.
const ALWAYS: &str = "AlwaysOn";

#[derive(Clone, Copy, PartialEq)]
enum Action {
    Start,
    Stop,
    Show,
    Search,
}

struct Logging(Action);

/// A computer that logs, and the scenarios that run on it.
struct Agent {
    computer: String,
    pool: String,
    scenarios: Vec<String>,
}

fn setting(computer: &str) -> String {
    format!("logging {}", fold(computer))
}

impl Agent {
    /// Those that a call names, by computer or pool; all if it names none.
    fn named(vm: &mut Vm, call: &Call, store: &Store) -> R<Result<Vec<Agent>, ModelError>> {
        let mut computers = texts(vm, call, "Computers")?;
        let mut pools = texts(vm, call, "Pools")?;
        let everywhere = computers.is_empty() && pools.is_empty();
        let mut agents = Vec::new();
        let listed = store.list("CsComputer");
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            let pool = object.text("Pool");
            let wanted = |names: &[String], name: &str| {
                names.iter().position(|it| it.eq_ignore_ascii_case(name))
            };
            let (by_name, by_pool) = (wanted(&computers, &object.identity), wanted(&pools, &pool));
            if !everywhere && by_name.is_none() && by_pool.is_none() {
                continue;
            }
            let running = store.setting(&setting(&object.identity));
            let running = vm.model(running)?.unwrap_or_default();
            agents.push(Agent {
                computer: object.identity,
                pool,
                scenarios: running.split_terminator(',').map(str::to_owned).collect(),
            });
        }
        computers.retain(|name| {
            !agents
                .iter()
                .any(|it| it.computer.eq_ignore_ascii_case(name))
        });
        pools.retain(|name| !agents.iter().any(|it| it.pool.eq_ignore_ascii_case(name)));
        let missing = |noun: &str, names: Vec<String>| {
            names
                .into_iter()
                .next()
                .map(|identity| ModelError::NotFound {
                    noun: noun.into(),
                    identity,
                })
        };
        let missing = missing("CsComputer", computers).or_else(|| missing("CsPool", pools));
        Ok(missing.map_or(Ok(agents), Err))
    }

    /// Starts or stops a scenario; false if another one is in the way.
    fn change(&mut self, action: Action, scenario: &str) -> bool {
        let runs = |it: &String| it.eq_ignore_ascii_case(scenario);
        if action == Action::Stop {
            self.scenarios.retain(|it| scenario.is_empty() || !runs(it));
            return true;
        }
        if self.scenarios.iter().any(runs) {
            return true;
        }
        let always = scenario.eq_ignore_ascii_case(ALWAYS);
        if !always
            && self
                .scenarios
                .iter()
                .any(|it| !it.eq_ignore_ascii_case(ALWAYS))
        {
            return false;
        }
        self.scenarios.push(scenario.to_owned());
        true
    }
}

impl Cmdlet for Logging {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let action = self.0;
        let changes = matches!(action, Action::Start | Action::Stop);
        let store = match changes {
            true => vm.sign_changes(call)?,
            false => vm.twin()?,
        };
        let mut agents = match Agent::named(vm, call, &store)? {
            Ok(agents) => agents,
            Err(error) => return refuse(vm, &error),
        };
        if action == Action::Search {
            return vm.write_verbose(
                "Nothing is traced in this deployment, so there is nothing to find.",
            );
        }
        if changes {
            let scenario = text(vm, call, "Scenario")?.unwrap_or_default();
            let scenario = scenario.rsplit('/').next().unwrap_or_default();
            for agent in &mut agents {
                if !agent.change(action, scenario) {
                    let message = format!(
                        "\"{}\" logs a scenario already: stop it before you start \"{scenario}\".",
                        agent.computer
                    );
                    let fault = Fault::of(
                        "System.InvalidOperationException",
                        "ScenarioRuns",
                        Category::InvalidOperation,
                        message,
                    );
                    return vm.write_fault(fault.target(agent.computer.as_str().into()));
                }
                let done = store.set_setting(&setting(&agent.computer), &agent.scenarios.join(","));
                vm.model(done)?;
            }
        }
        let mut lines = vec![format!(
            "Success Code - 0, Successful on {} agents",
            agents.len()
        )];
        if call.switch("AsXml") {
            lines = vec!["<Agents>".to_owned()];
            lines.extend(agents.iter().map(|agent| {
                format!(
                    "  <Agent Pool=\"{}\" Computer=\"{}\" Scenarios=\"{}\" />",
                    agent.pool,
                    agent.computer,
                    agent.scenarios.join(" ")
                )
            }));
            lines.push("</Agents>".to_owned());
            return vm.write(Value::str(lines.join("\n")));
        }
        lines.push("Tracing status:".to_owned());
        lines.extend(agents.iter().map(|agent| match &agent.scenarios[..] {
            [] => format!("  {} ({}): nothing", agent.pool, agent.computer),
            some => format!("  {} ({}): {}", agent.pool, agent.computer, some.join(", ")),
        }));
        vm.write(Value::str(lines.join("\n")))
    }
}

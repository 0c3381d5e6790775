//! Running commands on a computer of the deployment: `Invoke-Command -ComputerName`,
//! `Enter-PSSession`, and sessions as objects. Nothing leaves the machine; the
//! computer decides which copy of the configuration `-LocalStore` reads.

use crate::cmdlet::registry::Factory;
use crate::model::identity::fold;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::object::{CustomObject, Member};
use crate::runtime::provider::path_not_found;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Invoke-Command", || Box::<InvokeCommand>::default()),
    ("New-PSSession", || Box::new(NewSession)),
    ("Get-PSSession", || Box::new(GetSession)),
    ("Remove-PSSession", || Box::new(RemoveSession)),
    ("Enter-PSSession", || Box::new(EnterSession)),
    ("Exit-PSSession", || Box::new(ExitSession)),
];

#[derive(Default)]
struct InvokeCommand {
    input: Vec<Value>,
}

impl Cmdlet for InvokeCommand {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(value) = call.get("InputObject") {
            self.input.push(value);
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let block = match call.get("ScriptBlock") {
            Some(value) => value,
            None => match call.text("FilePath") {
                Some(path) => {
                    let file = vm.file_path(&path);
                    let text = crate::host::file::read(&file)
                        .map(|b| crate::runtime::text::encoding::decode_script(&b));
                    match text {
                        Ok(text) => vm.parse_block(&text)?,
                        Err(_) => {
                            return vm.raise(
                                path_not_found(&file.to_string_lossy()).target(Value::str(&*path)),
                            );
                        }
                    }
                }
                None => return Ok(()),
            },
        };
        let Value::Block(block) = block.base().clone() else {
            return Ok(());
        };
        let arguments = call.items("ArgumentList");
        let input = call
            .expecting_input
            .then(|| std::mem::take(&mut self.input));
        let computers = self.computers(vm, call)?;
        if computers.is_empty() {
            let dot_sourced = call.switch("NoNewScope");
            return vm.run_block(
                &block,
                BlockCall {
                    arguments,
                    input,
                    dot_sourced,
                    ..BlockCall::default()
                },
            );
        }
        for computer in computers {
            if !is_known(vm, &computer)? {
                vm.write_fault(unreachable_computer(&computer))?;
                continue;
            }
            let using = crate::builtin::job::using_table(vm, &block)?;
            let mut there = BlockCall {
                arguments: arguments.clone(),
                input: input.clone(),
                ..BlockCall::default()
            };
            there.variables.push(("<using>".into(), using));
            let before = enter(vm, Some(computer.clone()));
            let result = vm.call_block_with(&block, there);
            enter(vm, before);
            for value in result? {
                let value = marked(value, &computer);
                vm.write(value)?;
            }
        }
        Ok(())
    }
}

impl InvokeCommand {
    /// The computers named, or those of the sessions given.
    fn computers(&self, vm: &mut Vm, call: &Call) -> R<Vec<Rc<str>>> {
        let mut list: Vec<Rc<str>> = call.texts("ComputerName");
        list.extend(call.texts("HostName"));
        for session in call.items("Session") {
            if let Some(name) = vm
                .get_member(&session, "ComputerName")?
                .as_ref()
                .and_then(Value::as_str)
            {
                list.push(name.into());
            }
        }
        Ok(list)
    }
}

const OWN_NAME: &str = "own computer name";

/// Goes to a computer, or back to this one; `COMPUTERNAME` there is the computer's own name.
fn enter(vm: &mut Vm, computer: Option<Rc<str>>) -> Option<Rc<str>> {
    let before = vm.choose_computer(computer.clone());
    if before.is_none() && computer.is_some() {
        let own = vm.host.variable("COMPUTERNAME");
        vm.session.state.insert(OWN_NAME, Rc::new(own));
    }
    let name = match &computer {
        Some(computer) => computer.split('.').next().map(str::to_uppercase),
        None => {
            let own = vm.session.state.remove(OWN_NAME);
            match own.map(|state| state.downcast::<Option<String>>()) {
                Some(Ok(own)) => (*own).clone(),
                _ => return before,
            }
        }
    };
    vm.host.set_variable("COMPUTERNAME", name.as_deref());
    before
}

/// Objects from another computer say where they come from.
fn marked(value: Value, computer: &str) -> Value {
    if let Value::Custom(custom) = value.base() {
        let copy = CustomObject::new(custom.members.copy());
        *copy.type_names.borrow_mut() = custom.type_names.borrow().clone();
        copy.members
            .set("PSComputerName", Member::Note(Value::str(computer)));
        return Value::Custom(Rc::new(copy));
    }
    value
}

/// Whether a name is a computer of the deployment, or this one.
pub fn is_known(vm: &mut Vm, name: &str) -> R<bool> {
    if ["localhost", ".", "127.0.0.1"]
        .iter()
        .any(|n| n.eq_ignore_ascii_case(name))
        || name.eq_ignore_ascii_case(&vm.machine_name())
    {
        return Ok(true);
    }
    let store = vm.twin()?;
    for noun in ["CsComputer", "ExchangeServer", "CsPool"] {
        if crate::cmdlet::kinds::find(noun).is_none() {
            continue;
        }
        let listed = store.list(noun);
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            let full = fold(&object.identity);
            let named = [full.clone(), fold(&object.text("Fqdn"))].contains(&fold(name));
            if named || full.split('.').next() == Some(&*fold(name)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn unreachable_computer(name: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.Remoting.PSRemotingTransportException",
        "ComputerNotInDeployment,PSSessionStateBroken",
        Category::OpenError,
        format!("[{name}] Connecting to remote server {name} failed: the deployment has no computer of this name. Get-CsComputer lists them."),
    )
    .target(Value::str(name))
}

const SESSIONS: &str = "PSSessions";

fn sessions(vm: &Vm) -> Vec<Value> {
    match vm
        .session
        .state
        .get(SESSIONS)
        .cloned()
        .map(|s| s.downcast::<Vec<Value>>())
    {
        Some(Ok(list)) => (*list).clone(),
        _ => Vec::new(),
    }
}

struct NewSession;

impl Cmdlet for NewSession {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut computers: Vec<Rc<str>> = call.texts("ComputerName");
        let configuration = call
            .text("ConfigurationName")
            .unwrap_or_else(|| "Microsoft.PowerShell".into());
        let mut place = String::new();
        if let Some(uri) = call.get("ConnectionUri") {
            let text = vm.to_text(&uri)?;
            place.clone_from(&text);
            let host = text
                .split("//")
                .nth(1)
                .unwrap_or(&text)
                .split(['/', ':'])
                .next()
                .unwrap_or_default()
                .to_string();
            computers.push(host.into());
        }
        if computers.is_empty() {
            computers.push("localhost".into());
        }
        let mut list = sessions(vm);
        for computer in computers {
            let id = list.len() as i32 + 1;
            let name = call
                .text("Name")
                .unwrap_or_else(|| format!("Runspace{id}").into());
            let session = CustomObject::typed(
                "System.Management.Automation.Runspaces.PSSession",
                [
                    ("Id", Value::Int(id)),
                    ("Name", Value::str(&*name)),
                    ("Transport", Value::str("WSMan")),
                    ("ComputerName", Value::str(&*computer)),
                    ("ComputerType", Value::str("RemoteMachine")),
                    ("State", Value::str("Opened")),
                    ("ConfigurationName", Value::str(&*configuration)),
                    ("Availability", Value::str("Available")),
                ],
            );
            if let Value::Custom(session) = session.base() {
                let place = Member::Note(Value::str(place.as_str()));
                session.members.set("ConnectionUri", place);
            }
            list.push(session.clone());
            vm.write(session)?;
        }
        vm.session.state.insert(SESSIONS, Rc::new(list));
        Ok(())
    }
}

struct GetSession;

impl Cmdlet for GetSession {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        let computers = call.texts("ComputerName");
        for session in sessions(vm) {
            let mut has = |member: &str, wanted: &[Rc<str>]| -> R<bool> {
                if wanted.is_empty() {
                    return Ok(true);
                }
                let value = vm.get_member(&session, member)?.unwrap_or_default();
                let text = vm.to_text(&value)?;
                Ok(wanted
                    .iter()
                    .any(|w| crate::model::identity::matches(w, &text)))
            };
            if has("Name", &names)? && has("ComputerName", &computers)? {
                vm.write(session.clone())?;
            }
        }
        Ok(())
    }
}

struct RemoveSession;

impl Cmdlet for RemoveSession {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut list = sessions(vm);
        let given = call.items("Session");
        let names = call.texts("Name");
        let mut kept = Vec::new();
        for session in list.drain(..) {
            let name = vm.get_member(&session, "Name")?.unwrap_or_default();
            let name = vm.to_text(&name)?;
            let gone = given.iter().any(|g| g.same_object(&session))
                || names
                    .iter()
                    .any(|n| crate::model::identity::matches(n, &name));
            if gone {
                vm.write_property(&session, "State", Value::str("Closed"))?;
            } else {
                kept.push(session);
            }
        }
        vm.session.state.insert(SESSIONS, Rc::new(kept));
        Ok(())
    }
}

struct EnterSession;

impl Cmdlet for EnterSession {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = match (call.text("ComputerName"), call.get("Session")) {
            (Some(name), _) => name,
            (None, Some(session)) => {
                let value = vm.get_member(&session, "ComputerName")?.unwrap_or_default();
                vm.to_text(&value)?.into()
            }
            _ => return Ok(()),
        };
        if !is_known(vm, &name)? {
            return vm.raise(unreachable_computer(&name));
        }
        enter(vm, Some(name));
        Ok(())
    }
}

struct ExitSession;

impl Cmdlet for ExitSession {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        enter(vm, None);
        Ok(())
    }
}

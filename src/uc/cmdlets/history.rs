//! The deployment's past and its files: Get-TwinChange, Undo-TwinChange, Compare-TwinState,
//! Import- and Export-TwinDeployment, Get- and Set-TwinClock, Export- and Import-CsConfiguration,
//! Search-AdminAuditLog.

use super::answer::{datum_value, fault, moment, text, texts};
use super::file::{read_text, write_text};
use crate::cmdlet::kinds;
use crate::cmdlet::registry::Factory;
use crate::model::deployment;
use crate::model::identity::{fold, matches};
use crate::model::kind::Area;
use crate::model::value::Datum;
use crate::runtime::collection::Array;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::types::known;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::clock::Clock;
use crate::store::log::{Action, Change};
use std::collections::HashSet;
use std::rc::Rc;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-TwinChange", || Box::new(GetChange)),
    ("Undo-TwinChange", || Box::<UndoChange>::default()),
    ("Compare-TwinState", || Box::new(CompareState)),
    ("Export-TwinDeployment", || Box::new(ExportDeployment)),
    ("Import-TwinDeployment", || Box::new(ImportDeployment)),
    ("Get-TwinClock", || Box::new(GetClock)),
    ("Set-TwinClock", || Box::new(SetClock)),
    ("Export-CsConfiguration", || Box::new(ExportConfiguration)),
    ("Import-CsConfiguration", || {
        Box::<ImportConfiguration>::default()
    }),
    ("Search-AdminAuditLog", || Box::new(SearchAuditLog)),
    ("Write-AdminAuditLog", || Box::new(WriteAuditLog)),
];

const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;

fn action_name(action: Action) -> &'static str {
    match action {
        Action::Create => "Create",
        Action::Update => "Update",
        Action::Remove => "Remove",
    }
}

fn pair_value(name: &str, before: Option<&Datum>, after: Option<&Datum>) -> Value {
    let shown = |datum: Option<&Datum>| datum.map_or(Value::Null, |datum| datum_value(datum, None));
    CustomObject::typed(
        "Ucsh.Twin.PropertyChange",
        [
            ("Property", Value::str(name)),
            ("Before", shown(before)),
            ("After", shown(after)),
        ],
    )
}

fn change_pairs(change: &Change) -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in change.before.iter().chain(&change.after) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let side = |delta: &'_ [(String, Option<Datum>)], name: &str| -> Option<Datum> {
        let found = delta.iter().find(|(known, _)| known == name)?;
        found.1.clone()
    };
    names
        .iter()
        .map(|name| {
            let before = side(&change.before, name);
            let after = side(&change.after, name);
            pair_value(name, before.as_ref(), after.as_ref())
        })
        .collect()
}

fn change_value(change: &Change) -> Value {
    let sequence = i32::try_from(change.sequence).map_or(Value::Long(change.sequence), Value::Int);
    CustomObject::typed(
        "Ucsh.Twin.Change",
        [
            ("Sequence", sequence),
            ("Time", moment(change.at)),
            ("Who", Value::str(change.who.as_str())),
            ("Action", Value::str(action_name(change.action))),
            ("Noun", Value::str(change.noun.as_str())),
            ("Identity", Value::str(change.identity.as_str())),
            ("Line", Value::str(change.line.as_str())),
            ("Properties", Value::array(change_pairs(change))),
        ],
    )
}

/// A moment given by argument, in milliseconds since 1970.
fn milliseconds(vm: &mut Vm, call: &Call, name: &str) -> R<Option<i64>> {
    let Some(given) = call.get(name) else {
        return Ok(None);
    };
    let Some(Value::DateTime(date)) = vm.try_convert(&given, &known::datetime()) else {
        let shown = vm.to_text(&given)?;
        return vm.raise(fault(
            "InvalidTime",
            Category::InvalidArgument,
            format!("\"{shown}\" is not a date and time."),
            &shown,
        ));
    };
    Ok(Some((date.ticks() - UNIX_EPOCH_TICKS) / 10_000))
}

struct GetChange;

impl Cmdlet for GetChange {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let from = call.int("After").map_or(1, |after| after.saturating_add(1));
        let (from, to) = match call.int("Sequence") {
            Some(one) => (one, one),
            None => (from, i64::MAX),
        };
        let changes = store.changes(from..=to);
        let mut changes = vm.model(changes)?;
        for (parameter, part) in [
            (
                "Noun",
                (|c: &Change| c.noun.clone()) as fn(&Change) -> String,
            ),
            ("Identity", |c| c.identity.clone()),
            ("Who", |c| c.who.clone()),
            ("Action", |c| action_name(c.action).to_owned()),
        ] {
            let wanted = texts(vm, call, parameter)?;
            if !wanted.is_empty() {
                changes.retain(|c| wanted.iter().any(|w| matches(w, &part(c))));
            }
        }
        if let Some(since) = milliseconds(vm, call, "Since")? {
            changes.retain(|c| c.at >= since);
        }
        if let Some(last) = call.int("Last").and_then(|n| usize::try_from(n).ok()) {
            let start = changes.len().saturating_sub(last);
            changes.drain(..start);
        }
        for change in &changes {
            vm.write(change_value(change))?;
        }
        Ok(())
    }
}

/// Takes changes back, the newest of the given ones first, so that each finds what it left.
#[derive(Default)]
struct UndoChange {
    wanted: Vec<i64>,
}

impl Cmdlet for UndoChange {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        for item in call.items("Sequence") {
            match item.base() {
                Value::Int(n) => self.wanted.push(i64::from(*n)),
                Value::Long(n) => self.wanted.push(*n),
                _ => {}
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        self.wanted.sort_unstable_by(|a, b| b.cmp(a));
        self.wanted.dedup();
        for sequence in std::mem::take(&mut self.wanted) {
            if !vm.should_process(call, &format!("change {sequence}"), "Undo-TwinChange")? {
                continue;
            }
            if let Err(error) = store.undo(sequence) {
                super::answer::refuse(vm, &error)?;
            }
        }
        Ok(())
    }
}

struct CompareState;

impl Cmdlet for CompareState {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let newest = store.position();
        let newest = vm.model(newest)?;
        let from = call.int("From").unwrap_or(0);
        let to = call.int("To").unwrap_or(newest);
        let differences = store.diff(from, to);
        for difference in vm.model(differences)? {
            let pairs = difference
                .properties
                .iter()
                .map(|(name, before, after)| pair_value(name, before.as_ref(), after.as_ref()))
                .collect();
            vm.write(CustomObject::typed(
                "Ucsh.Twin.Difference",
                [
                    ("Action", Value::str(action_name(difference.action))),
                    ("Noun", Value::str(difference.noun.as_str())),
                    ("Identity", Value::str(difference.identity.as_str())),
                    ("Properties", Value::array(pairs)),
                ],
            ))?;
        }
        Ok(())
    }
}

struct ExportDeployment;

impl Cmdlet for ExportDeployment {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let content = store.export_text();
        let content = vm.model(content)?;
        match text(vm, call, "Path")? {
            Some(path) => write_text(vm, &path, &content),
            None => vm.write(Value::str(content)),
        }
    }
}

/// Puts a saved configuration in the place of the one there is: what the file does not have goes, or is by
/// default again.
fn restore(vm: &mut Vm, call: &Call, content: &str, target: &str) -> R<()> {
    let store = vm.sign_changes(call)?;
    let read = deployment::read(content, kinds::find);
    let read = vm.model(read)?;
    if !vm.should_process(call, target, &call.info.name.clone())? {
        return Ok(());
    }
    let done = store.atomic(|| {
        store.import(&read)?;
        let present: HashSet<(String, String)> = read
            .entries
            .iter()
            .map(|entry| (entry.noun.clone(), fold(&entry.identity)))
            .collect();
        for entry in store.export()?.entries {
            let Some(kind) = kinds::find(&entry.noun).filter(|kind| kind.area == Area::Cms) else {
                continue;
            };
            let key = (entry.noun.clone(), fold(&entry.identity));
            if !present.contains(&key) && store.get(&entry.noun, &entry.identity)?.is_some() {
                store.remove(kind, &entry.identity)?;
            }
        }
        Ok(())
    });
    vm.model(done)
}

fn import(vm: &mut Vm, call: &Call, content: &str, target: &str) -> R<()> {
    let store = vm.sign_changes(call)?;
    let read = deployment::read(content, kinds::find);
    let read = vm.model(read)?;
    if !vm.should_process(call, target, &call.info.name.clone())? {
        return Ok(());
    }
    let done = store.import(&read);
    vm.model(done)
}

struct ImportDeployment;

impl Cmdlet for ImportDeployment {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for path in texts(vm, call, "Path")? {
            let place = vm.file_path(&path);
            if super::collected::is_collection(&place) {
                let store = vm.sign_changes(call)?;
                let read = super::collected::read(vm, &place)?;
                if vm.should_process(call, &path, "Import-TwinDeployment")? {
                    let done = store.import(&read);
                    vm.model(done)?;
                }
                continue;
            }
            let content = read_text(vm, &path)?;
            import(vm, call, &content, &path)?;
        }
        Ok(())
    }
}

struct GetClock;

impl Cmdlet for GetClock {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let store = vm.twin()?;
        let now = store.now();
        let now = vm.model(now)?;
        let clock = store.clock();
        let (mode, offset) = match vm.model(clock)? {
            Clock::Real { offset } => ("Real", offset),
            Clock::Virtual { .. } => ("Virtual", 0),
        };
        let offset = crate::runtime::text::datetime::TimeSpan(offset.saturating_mul(10_000));
        vm.write(CustomObject::typed(
            "Ucsh.Twin.Clock",
            [
                ("Now", moment(now)),
                ("Mode", Value::str(mode)),
                ("Offset", Value::TimeSpan(offset)),
            ],
        ))
    }
}

struct SetClock;

impl Cmdlet for SetClock {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let now = store.now();
        let now = vm.model(now)?;
        let clock = store.clock();
        let clock = vm.model(clock)?;
        let mut wanted = milliseconds(vm, call, "Time")?.unwrap_or(now);
        if let Some(span) = call.get("Advance")
            && let Some(Value::TimeSpan(span)) = vm.try_convert(&span, &known::timespan())
        {
            wanted = wanted.saturating_add(span.ticks() / 10_000);
        }
        let stands = match text(vm, call, "Mode")?.as_deref().map(fold).as_deref() {
            Some("virtual") => true,
            Some("real") => false,
            _ => matches!(clock, Clock::Virtual { .. }),
        };
        if !vm.should_process(call, "the deployment's clock", "Set-TwinClock")? {
            return Ok(());
        }
        let clock = if call.switch("Reset") {
            Clock::Real { offset: 0 }
        } else if stands {
            Clock::Virtual { at: wanted }
        } else {
            let offset = match clock {
                Clock::Real { offset } => offset,
                Clock::Virtual { .. } => {
                    let real = std::time::SystemTime::now()
                        .duration_since(std::time::UNIX_EPOCH)
                        .map_or(0, |t| i64::try_from(t.as_millis()).unwrap_or(0));
                    now - real
                }
            };
            Clock::Real {
                offset: offset.saturating_add(wanted - now),
            }
        };
        let done = store.set_clock(clock);
        vm.model(done)
    }
}

/// The replicated part of the deployment as a file's text.
fn configuration_text(vm: &mut Vm) -> R<String> {
    let store = vm.twin()?;
    let whole = store.export();
    let mut whole = vm.model(whole)?;
    whole
        .entries
        .retain(|entry| kinds::find(&entry.noun).is_some_and(|kind| kind.area == Area::Cms));
    Ok(deployment::write(&whole, kinds::find))
}

struct ExportConfiguration;

impl Cmdlet for ExportConfiguration {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let content = configuration_text(vm)?;
        match text(vm, call, "FileName")? {
            Some(path) => {
                if vm.file_path(&path).exists() && !call.switch("Force") {
                    let question = format!("The file \"{path}\" exists. Overwrite it?");
                    if !vm.should_continue(&question, "Confirm")? {
                        return Ok(());
                    }
                }
                write_text(vm, &path, &content)
            }
            None => {
                let bytes = content.bytes().map(Value::Byte).collect();
                let bytes = Array::typed(known::byte(), bytes);
                vm.write(Value::Array(Rc::new(bytes)))
            }
        }
    }
}

#[derive(Default)]
struct ImportConfiguration {
    bytes: Vec<u8>,
}

impl Cmdlet for ImportConfiguration {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(path) = text(vm, call, "FileName")? {
            let content = read_text(vm, &path)?;
            return restore(vm, call, &content, &path);
        }
        for item in call.items("ByteInput") {
            if let Value::Byte(byte) = item.base() {
                self.bytes.push(*byte);
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let content = String::from_utf8_lossy(&self.bytes).into_owned();
        restore(vm, call, &content, "the configuration")
    }
}

/// The first word of a logged line that looks like a cmdlet.
fn cmdlet_of(line: &str) -> String {
    line.split([' ', '|', '(', ';', '=', '{'])
        .find(|word| {
            word.split_once('-')
                .is_some_and(|(verb, noun)| !verb.is_empty() && !noun.is_empty())
        })
        .unwrap_or_default()
        .to_owned()
}

struct SearchAuditLog;

impl Cmdlet for SearchAuditLog {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let changes = store.changes(1..=i64::MAX);
        let mut changes = vm.model(changes)?;
        let since = milliseconds(vm, call, "StartDate")?.unwrap_or(i64::MIN);
        let until = milliseconds(vm, call, "EndDate")?.unwrap_or(i64::MAX);
        changes.retain(|c| c.at >= since && c.at <= until && !c.line.is_empty());
        let cmdlets = texts(vm, call, "Cmdlets")?;
        if !cmdlets.is_empty() {
            changes.retain(|c| cmdlets.iter().any(|w| matches(w, &cmdlet_of(&c.line))));
        }
        let ids = texts(vm, call, "ObjectIds")?;
        if !ids.is_empty() {
            changes.retain(|c| ids.iter().any(|w| matches(w, &c.identity)));
        }
        let users = texts(vm, call, "UserIds")?;
        if !users.is_empty() {
            changes.retain(|c| users.iter().any(|w| matches(w, &c.who)));
        }
        let start = call.int("StartIndex").and_then(|n| usize::try_from(n).ok());
        let size = call.int("ResultSize").and_then(|n| usize::try_from(n).ok());
        let newest_first = changes.iter().rev();
        for change in newest_first
            .skip(start.unwrap_or(0))
            .take(size.unwrap_or(1000))
        {
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.SystemConfigurationTasks.AdminAuditLogEvent",
                [
                    ("ObjectModified", Value::str(change.identity.as_str())),
                    ("CmdletName", Value::str(cmdlet_of(&change.line))),
                    ("CmdletParameters", Value::str(change.line.as_str())),
                    ("ModifiedProperties", Value::array(change_pairs(change))),
                    ("Caller", Value::str(change.who.as_str())),
                    ("Succeeded", Value::Bool(true)),
                    ("Error", Value::Null),
                    ("RunDate", moment(change.at)),
                    ("Identity", Value::str(change.sequence.to_string())),
                ],
            ))?;
        }
        Ok(())
    }
}

/// A comment in the audit log is kept with the deployment's settings.
struct WriteAuditLog;

impl Cmdlet for WriteAuditLog {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let comment = text(vm, call, "Comment")?.unwrap_or_default();
        if !vm.should_process(call, &comment, "Write-AdminAuditLog")? {
            return Ok(());
        }
        let done = store.set_setting("audit comment", &comment);
        vm.model(done)
    }
}

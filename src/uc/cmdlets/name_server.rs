//! DNS of the deployment: the DnsServer module's records and zones, and Resolve-DnsName.

use super::answer::{fault, object_value, refuse, text, texts};
use crate::cmdlet::{kinds, registry::Factory};
use crate::model::identity::{fold, matches};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::uc::dns::within;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-DnsServerZone", || Box::new(GetZone)),
    ("Add-DnsServerPrimaryZone", || Box::new(AddZone)),
    ("Get-DnsServerResourceRecord", || Box::new(GetRecord)),
    ("Add-DnsServerResourceRecord", || {
        Box::new(AddRecord { only: None })
    }),
    ("Add-DnsServerResourceRecordA", || {
        Box::new(AddRecord { only: Some("A") })
    }),
    ("Add-DnsServerResourceRecordAAAA", || {
        Box::new(AddRecord { only: Some("AAAA") })
    }),
    ("Add-DnsServerResourceRecordCName", || {
        Box::new(AddRecord {
            only: Some("CNAME"),
        })
    }),
    ("Set-DnsServerResourceRecord", || Box::new(SetRecord)),
    ("Remove-DnsServerResourceRecord", || Box::new(RemoveRecord)),
    ("Resolve-DnsName", || Box::new(Resolve)),
];

const RECORD: &str = "DnsServerResourceRecord";
const ZONES: &str = "dns zones";

/// Which side answers: the outside one if the DNS server is called `external`, or the asking computer is an Edge Server.
fn view(vm: &mut Vm, call: &Call) -> R<&'static str> {
    let asked = super::answer::first_text(vm, call, &["ZoneScope", "ComputerName", "Server"])?;
    if let Some(asked) = asked {
        let outside = fold(&asked).starts_with("external");
        return Ok(if outside { "External" } else { "Internal" });
    }
    if let Some(computer) = vm.chosen_computer() {
        let store = vm.twin()?;
        let found = store.get("CsComputer", &computer);
        if let Some(found) = vm.model(found)? {
            let edge = store.get("CsService", &format!("EdgeServer:{}", found.text("Pool")));
            if vm.model(edge)?.is_some() {
                return Ok("External");
            }
        }
    }
    Ok("Internal")
}

/// The zones: those of forests and SIP domains, and those that were added.
fn zones(vm: &mut Vm) -> R<Vec<String>> {
    let store = vm.twin()?;
    let mut zones: Vec<String> = Vec::new();
    for noun in ["ADForest", "CsSipDomain"] {
        let listed = store.list(noun);
        for object in vm.model(listed)? {
            zones.push(vm.model(object)?.identity);
        }
    }
    let added = store.setting(ZONES);
    let added = vm.model(added)?.unwrap_or_default();
    zones.extend(
        added
            .split(',')
            .filter(|z| !z.is_empty())
            .map(str::to_owned),
    );
    zones.sort_by_key(|zone| fold(zone));
    zones.dedup_by_key(|zone| fold(zone));
    Ok(zones)
}

fn zone_missing(name: &str) -> Fault {
    Fault::of(
        "Microsoft.Management.Infrastructure.CimException",
        "WIN32 9601",
        Category::ObjectNotFound,
        format!("The zone {name} was not found on server."),
    )
    .target(Value::str(name))
}

struct GetZone;

impl Cmdlet for GetZone {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = texts(vm, call, "Name")?;
        let all = zones(vm)?;
        for name in &wanted {
            if !all.iter().any(|zone| matches(name, zone)) {
                vm.write_fault(zone_missing(name))?;
            }
        }
        for zone in all {
            if wanted.is_empty() || wanted.iter().any(|name| matches(name, &zone)) {
                vm.write(CustomObject::typed(
                    "Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DNS/DnsServerPrimaryZone",
                    [
                        ("ZoneName", Value::str(zone)),
                        ("ZoneType", Value::str("Primary")),
                        ("IsAutoCreated", Value::Bool(false)),
                        ("IsDsIntegrated", Value::Bool(true)),
                        ("IsReverseLookupZone", Value::Bool(false)),
                        ("IsSigned", Value::Bool(false)),
                    ],
                ))?;
            }
        }
        Ok(())
    }
}

struct AddZone;

impl Cmdlet for AddZone {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let name = text(vm, call, "Name")?.unwrap_or_default();
        if zones(vm)?.iter().any(|zone| fold(zone) == fold(&name)) {
            return vm.raise(fault(
                "WIN32 9609",
                Category::ResourceExists,
                format!("Failed to create the zone {name}: it exists already."),
                &name,
            ));
        }
        if !vm.should_process(call, &name, "Add-DnsServerPrimaryZone")? {
            return Ok(());
        }
        let added = store.setting(ZONES);
        let added = vm.model(added)?.unwrap_or_default();
        let done = store.set_setting(ZONES, &format!("{added},{name}"));
        vm.model(done)
    }
}

/// The full name of a record in a zone.
fn full_name(name: &str, zone: &str) -> String {
    if name == "@" || name.is_empty() || fold(name) == fold(zone) {
        zone.to_owned()
    } else if within(name, zone) {
        name.trim_end_matches('.').to_owned()
    } else {
        format!("{name}.{zone}")
    }
}

/// A record as the DNS server shows it: the name without the zone.
fn record_value(record: &Object, zone: &str) -> Value {
    let value = object_value(record);
    if let Value::Custom(custom) = &value {
        let name = record.text("HostName");
        let short = if fold(&name) == fold(zone) {
            "@".to_owned()
        } else {
            let rest = name.len().saturating_sub(zone.len() + 1);
            name.get(..rest)
                .filter(|_| within(&name, zone))
                .unwrap_or(&name)
                .to_owned()
        };
        custom.members.set(
            "HostName",
            crate::runtime::object::Member::Note(Value::str(short)),
        );
        custom.members.set(
            "RecordData",
            crate::runtime::object::Member::Note(data_value(record)),
        );
    }
    value
}

fn number(record: &Object, name: &str) -> Value {
    let number = record.get(name).as_int().unwrap_or_default();
    Value::Int(i32::try_from(number).unwrap_or_default())
}

fn data_value(record: &Object) -> Value {
    let data = Value::str(record.text("RecordData"));
    match &*record.text("RecordType") {
        "A" => CustomObject::from_notes([("IPv4Address", data)]),
        "AAAA" => CustomObject::from_notes([("IPv6Address", data)]),
        "CNAME" => CustomObject::from_notes([("HostNameAlias", data)]),
        "SRV" => CustomObject::from_notes([
            ("DomainName", data),
            ("Port", number(record, "Port")),
            ("Priority", number(record, "Priority")),
            ("Weight", number(record, "Weight")),
        ]),
        _ => data,
    }
}

/// The records of a zone that the parameters mean.
fn chosen(vm: &mut Vm, call: &Call) -> R<Option<(String, Vec<Object>)>> {
    let store = vm.twin()?;
    let zone = text(vm, call, "ZoneName")?.unwrap_or_default();
    if !zones(vm)?.iter().any(|known| fold(known) == fold(&zone)) {
        vm.write_fault(zone_missing(&zone))?;
        return Ok(None);
    }
    let view = view(vm, call)?;
    let name = text(vm, call, "Name")?;
    let record_type = super::answer::first_text(vm, call, &["RRType", "Type"])?;
    let data = texts(vm, call, "RecordData")?;
    let listed = store.list(RECORD);
    let mut found = Vec::new();
    for record in vm.model(listed)? {
        let record = vm.model(record)?;
        let host = record.text("HostName");
        let named = name
            .as_ref()
            .is_none_or(|name| matches(&full_name(name, &zone), &host));
        let typed = record_type
            .as_ref()
            .is_none_or(|wanted| record.text("RecordType").eq_ignore_ascii_case(wanted));
        let held = data.is_empty()
            || data
                .iter()
                .any(|it| fold(it) == fold(&record.text("RecordData")));
        if record.text("View") == view && within(&host, &zone) && named && typed && held {
            found.push(record);
        }
    }
    if found.is_empty() && name.is_some() {
        let name = name.unwrap_or_default();
        vm.write_fault(fault(
            "WIN32 9714",
            Category::ObjectNotFound,
            format!("Failed to get {name} record in {zone} zone on server."),
            &name,
        ))?;
    }
    Ok(Some((zone, found)))
}

struct GetRecord;

impl Cmdlet for GetRecord {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some((zone, records)) = chosen(vm, call)? {
            for record in records {
                vm.write(record_value(&record, &zone))?;
            }
        }
        Ok(())
    }
}

struct AddRecord {
    only: Option<&'static str>,
}

impl Cmdlet for AddRecord {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let zone = text(vm, call, "ZoneName")?.unwrap_or_default();
        if !zones(vm)?.iter().any(|known| fold(known) == fold(&zone)) {
            return vm.write_fault(zone_missing(&zone));
        }
        let name = text(vm, call, "Name")?.unwrap_or_default();
        let host = full_name(&name, &zone);
        let side = view(vm, call)?;
        let sources: [(&str, &[&str]); 4] = [
            ("A", &["IPv4Address"]),
            ("AAAA", &["IPv6Address"]),
            ("CNAME", &["HostNameAlias"]),
            ("SRV", &["DomainName"]),
        ];
        for (record_type, parameters) in sources {
            if self.only.is_some_and(|only| only != record_type) {
                continue;
            }
            let mut values = Vec::new();
            for parameter in parameters {
                values.extend(texts(vm, call, parameter)?);
            }
            for value in values {
                let value = value.trim_end_matches('.').to_owned();
                let identity = format!("{side}/{host}/{record_type}/{value}");
                if !vm.should_process(call, &identity, &call.info.name.clone())? {
                    continue;
                }
                let Some(kind) = kinds::find(RECORD) else {
                    return Ok(());
                };
                let mut record = Object::new(kind, identity)
                    .with("View", side)
                    .with("HostName", host.as_str())
                    .with("RecordType", record_type)
                    .with("RecordData", value.as_str());
                for parameter in ["Priority", "Weight", "Port"] {
                    let given = text(vm, call, parameter)?;
                    if let Some(number) = given.and_then(|given| given.parse().ok()) {
                        record.set(parameter, Datum::Int(number));
                    }
                }
                match store.create(record) {
                    Ok(made) if call.switch("PassThru") => vm.write(record_value(&made, &zone))?,
                    Ok(_) => {}
                    Err(error) => refuse(vm, &error)?,
                }
            }
        }
        Ok(())
    }
}

/// Writes what an object says about a record into the record: its time to live and its data.
fn describe(vm: &mut Vm, record: &mut Object, wanted: &Value) -> R<()> {
    let member = |value: &Value, name: &str| match value.base() {
        Value::Custom(custom) => match custom
            .members
            .get(crate::runtime::symbol::Symbol::fold(name))
        {
            Some(crate::runtime::object::Member::Note(note)) => Some(note),
            _ => None,
        },
        _ => None,
    };
    if let Some(time) = member(wanted, "TimeToLive") {
        let declared = record.kind.property("TimeToLive");
        let time = crate::cmdlet::generic::value::value_datum(vm, &time, declared)?;
        record.set("TimeToLive", time);
    }
    let Some(data) = member(wanted, "RecordData") else {
        return Ok(());
    };
    for name in ["IPv4Address", "IPv6Address", "HostNameAlias", "DomainName"] {
        if let Some(value) = member(&data, name) {
            let text = vm.to_text(&value)?;
            record.set("RecordData", Datum::text(text.trim_end_matches('.')));
        }
    }
    for name in ["Priority", "Weight", "Port"] {
        if let Some(value) = member(&data, name)
            && let Ok(number) = vm.to_text(&value)?.parse()
        {
            record.set(name, Datum::Int(number));
        }
    }
    Ok(())
}

struct SetRecord;

impl Cmdlet for SetRecord {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let zone = text(vm, call, "ZoneName")?.unwrap_or_default();
        if !zones(vm)?.iter().any(|known| fold(known) == fold(&zone)) {
            return vm.write_fault(zone_missing(&zone));
        }
        let old = text(vm, call, "OldInputObject")?.unwrap_or_default();
        let before = match store.find_one(RECORD, &old) {
            Ok(before) => before,
            Err(error) => return refuse(vm, &error),
        };
        let mut record = before.clone();
        describe(
            vm,
            &mut record,
            &call.get("NewInputObject").unwrap_or_default(),
        )?;
        if !vm.should_process(call, &before.identity, &call.info.name.clone())? {
            return Ok(());
        }
        // Records are told apart by their data: with other data it is another one.
        let moved = record.text("RecordData") != before.text("RecordData");
        let done = store.atomic(|| {
            if !moved {
                return store.change(&before, &record).map(|(after, _)| after);
            }
            store.remove(before.kind, &before.identity)?;
            record.identity = format!(
                "{}/{}/{}/{}",
                record.text("View"),
                record.text("HostName"),
                record.text("RecordType"),
                record.text("RecordData")
            );
            record.id = 0;
            store.create(record.clone())
        });
        match done {
            Ok(made) if call.switch("PassThru") => vm.write(record_value(&made, &zone)),
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct RemoveRecord;

impl Cmdlet for RemoveRecord {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let records = match text(vm, call, "InputObject")? {
            Some(identity) => {
                let found = store.find(RECORD, &identity);
                vm.model(found)?
            }
            None => chosen(vm, call)?
                .map(|(_, records)| records)
                .unwrap_or_default(),
        };
        for record in records {
            if !call.switch("Force") && vm.overrides.confirm != Some(false) {
                let question = format!("Remove the record \"{}\"?", record.identity);
                if !vm.should_continue(&question, "Confirm")? {
                    continue;
                }
            }
            if !vm.should_process(call, &record.identity, &call.info.name.clone())? {
                continue;
            }
            if let Err(error) = store.remove(record.kind, &record.identity) {
                refuse(vm, &error)?;
            }
        }
        Ok(())
    }
}

struct Resolve;

impl Cmdlet for Resolve {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let name = text(vm, call, "Name")?.unwrap_or_default();
        let side = view(vm, call)?;
        let wanted = text(vm, call, "Type")?
            .unwrap_or_else(|| "A_AAAA".into())
            .to_ascii_uppercase();
        let types: &[&str] = match &*wanted {
            "A_AAAA" => &["A", "AAAA"],
            "ALL" | "ANY" | "UNKNOWN" => &["A", "AAAA", "CNAME", "SRV", "MX", "TXT", "NS"],
            one => &[one],
        };
        let mut asked = name.trim_end_matches('.').to_owned();
        let mut answered = false;
        for _ in 0..8 {
            let listed = store.by_link(RECORD, "dns name", &asked);
            let mut records = vm.model(listed)?;
            records.retain(|record| record.text("View") == side);
            for record in &records {
                let record_type = record.text("RecordType");
                if types.contains(&&*record_type) || record_type == "CNAME" {
                    answered = true;
                    vm.write(answer(record))?;
                }
            }
            match records
                .iter()
                .find(|record| record.text("RecordType") == "CNAME")
            {
                Some(alias) if !types.contains(&"CNAME") => asked = alias.text("RecordData"),
                _ => break,
            }
        }
        if answered {
            return Ok(());
        }
        vm.write_fault(
            Fault::of(
                "System.ComponentModel.Win32Exception",
                "DNS_ERROR_RCODE_NAME_ERROR",
                Category::ResourceUnavailable,
                format!("{name} : DNS name does not exist"),
            )
            .target(Value::str(name)),
        )
    }
}

/// A record as a resolver answers it.
fn answer(record: &Object) -> Value {
    let record_type = record.text("RecordType");
    let data = record.text("RecordData");
    let mut notes = vec![
        ("Name", Value::str(record.text("HostName"))),
        ("Type", Value::str(record_type.as_str())),
        ("TTL", Value::Int(3600)),
        ("Section", Value::str("Answer")),
    ];
    match &*record_type {
        "A" => notes.extend([
            ("IPAddress", Value::str(data.as_str())),
            ("IP4Address", Value::str(data.as_str())),
        ]),
        "AAAA" => notes.extend([
            ("IPAddress", Value::str(data.as_str())),
            ("IP6Address", Value::str(data.as_str())),
        ]),
        "CNAME" => notes.push(("NameHost", Value::str(data.as_str()))),
        "SRV" => notes.extend([
            ("NameTarget", Value::str(data.as_str())),
            ("Priority", number(record, "Priority")),
            ("Weight", number(record, "Weight")),
            ("Port", number(record, "Port")),
        ]),
        _ => notes.push(("Strings", Value::str(data.as_str()))),
    }
    CustomObject::typed(
        &format!("Microsoft.DnsClient.Commands.DnsRecord_{record_type}"),
        notes,
    )
}

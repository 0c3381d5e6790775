//! Get-CimInstance, Get-WmiObject, New-CimInstance and CIM sessions: what the management classes of a server
//! tell. The servers are those of the deployment; what it does not know of their hardware is what a
//! server of its time had.

use super::wql::{self, Condition, Literal};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::text::datetime::TimeSpan;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CimInstance", || Box::new(GetInstance { wmi: false })),
    ("Get-WmiObject", || Box::new(GetInstance { wmi: true })),
    ("New-CimInstance", || Box::new(NewCimInstance)),
    ("Remove-CimInstance", || Box::new(Quiet)),
    ("New-CimSession", || Box::new(NewCimSession)),
    ("Remove-CimSession", || Box::new(Quiet)),
    ("New-CimSessionOption", || Box::new(NewCimSessionOption)),
];

type Row = Vec<(&'static str, Value)>;

const GIGABYTE: u64 = 1 << 30;

/// The classes there are.
const CLASSES: &[&str] = &[
    "Win32_BIOS",
    "Win32_ComputerSystem",
    "Win32_DiskDrive",
    "Win32_LogicalDisk",
    "Win32_NetworkAdapterConfiguration",
    "Win32_OperatingSystem",
    "Win32_PhysicalMemory",
    "Win32_Process",
    "Win32_Processor",
    "Win32_Product",
    "Win32_QuickFixEngineering",
    "Win32_Service",
    "Win32_TimeZone",
    "Win32_Volume",
];

fn text(text: &str) -> Value {
    Value::str(text)
}

/// When the server was started: a week ago, at four in the morning.
fn boot_time(vm: &mut Vm) -> Value {
    let day = TimeSpan(864_000_000_000);
    let now = vm.now().to_local();
    let ticks = now.ticks() - now.ticks().rem_euclid(day.0) - 7 * day.0 + day.0 / 6;
    Value::datetime(crate::runtime::text::datetime::DateTime::new(
        ticks,
        now.kind(),
    ))
}

/// The objects of a class on a computer; none for a class that is not there.
fn rows(vm: &mut Vm, class: &str, computer: &str) -> R<Option<Vec<Row>>> {
    let short = computer
        .split('.')
        .next()
        .unwrap_or(computer)
        .to_uppercase();
    let domain = computer.split_once('.').map_or("WORKGROUP", |(_, d)| d);
    let known = CLASSES.iter().find(|c| c.eq_ignore_ascii_case(class));
    let Some(known) = known else { return Ok(None) };
    Ok(Some(match *known {
        "Win32_OperatingSystem" => vec![vec![
            ("SystemDirectory", text("C:\\Windows\\system32")),
            ("Organization", text("")),
            ("BuildNumber", text("9600")),
            ("RegisteredUser", text("Windows User")),
            ("SerialNumber", text("00252-70000-00000-AA535")),
            ("Version", text("6.3.9600")),
            ("Caption", text("Microsoft Windows Server 2012 R2 Standard")),
            ("CSName", text(&short)),
            (
                "Name",
                text("Microsoft Windows Server 2012 R2 Standard|C:\\Windows|"),
            ),
            ("OSArchitecture", text("64-bit")),
            ("ServicePackMajorVersion", Value::UShort(0)),
            ("WindowsDirectory", text("C:\\Windows")),
            ("LastBootUpTime", boot_time(vm)),
            ("LocalDateTime", Value::datetime(vm.now().to_local())),
            ("TotalVisibleMemorySize", Value::ULong(32 * 1024 * 1024)),
            ("FreePhysicalMemory", Value::ULong(16 * 1024 * 1024)),
            ("ProductType", Value::UInt(3)),
            ("Status", text("OK")),
        ]],
        "Win32_ComputerSystem" => vec![vec![
            ("Domain", text(domain)),
            ("Manufacturer", text("Microsoft Corporation")),
            ("Model", text("Virtual Machine")),
            ("Name", text(&short)),
            ("DNSHostName", text(&short.to_lowercase())),
            ("PrimaryOwnerName", text("Windows User")),
            ("TotalPhysicalMemory", Value::ULong(32 * GIGABYTE)),
            ("NumberOfProcessors", Value::UInt(1)),
            ("NumberOfLogicalProcessors", Value::UInt(4)),
            ("PartOfDomain", Value::Bool(computer.contains('.'))),
            ("DomainRole", Value::UShort(3)),
            ("SystemType", text("x64-based PC")),
            ("UserName", Value::str(vm.user_name())),
        ]],
        "Win32_BIOS" => vec![vec![
            ("SMBIOSBIOSVersion", text("Hyper-V UEFI Release v1.0")),
            ("Manufacturer", text("Microsoft Corporation")),
            ("Name", text("Hyper-V UEFI Release v1.0")),
            ("SerialNumber", text("0000-0000-0000-0000-0000-0000-00")),
            ("Version", text("VRTUAL - 1")),
        ]],
        "Win32_LogicalDisk" | "Win32_Volume" => vec![vec![
            ("DeviceID", text("C:")),
            ("DriveLetter", text("C:")),
            ("DriveType", Value::UInt(3)),
            ("ProviderName", Value::Null),
            ("FreeSpace", Value::ULong(60 * GIGABYTE)),
            ("Size", Value::ULong(120 * GIGABYTE)),
            ("Capacity", Value::ULong(120 * GIGABYTE)),
            ("VolumeName", text("")),
            ("Name", text("C:")),
            ("FileSystem", text("NTFS")),
        ]],
        "Win32_DiskDrive" => vec![vec![
            ("Partitions", Value::UInt(2)),
            ("DeviceID", text("\\\\.\\PHYSICALDRIVE0")),
            ("Model", text("Microsoft Virtual Disk")),
            ("Size", Value::ULong(120 * GIGABYTE)),
            ("Caption", text("Microsoft Virtual Disk")),
        ]],
        "Win32_PhysicalMemory" => vec![vec![
            ("Capacity", Value::ULong(32 * GIGABYTE)),
            ("DeviceLocator", text("M0001")),
        ]],
        "Win32_Processor" => vec![vec![
            ("Caption", text("Intel64 Family 6 Model 63 Stepping 2")),
            ("DeviceID", text("CPU0")),
            ("Manufacturer", text("GenuineIntel")),
            ("MaxClockSpeed", Value::UInt(2400)),
            ("Name", text("Intel(R) Xeon(R) CPU")),
            ("SocketDesignation", text("None")),
            ("NumberOfCores", Value::UInt(4)),
            ("NumberOfLogicalProcessors", Value::UInt(4)),
            ("LoadPercentage", Value::UShort(5)),
            ("AddressWidth", Value::UShort(64)),
        ]],
        "Win32_NetworkAdapterConfiguration" => vec![vec![
            ("DHCPEnabled", Value::Bool(false)),
            ("IPAddress", Value::strings(["192.0.2.10".to_string()])),
            ("IPSubnet", Value::strings(["255.255.255.0".to_string()])),
            (
                "DefaultIPGateway",
                Value::strings(["192.0.2.1".to_string()]),
            ),
            (
                "DNSServerSearchOrder",
                Value::strings(["192.0.2.2".to_string()]),
            ),
            ("DNSDomain", text(domain)),
            ("DNSHostName", text(&short)),
            ("MACAddress", text("00:15:5D:00:00:0A")),
            ("IPEnabled", Value::Bool(true)),
            ("ServiceName", text("netvsc")),
            ("Description", text("Microsoft Hyper-V Network Adapter")),
            ("Index", Value::UInt(0)),
        ]],
        "Win32_TimeZone" => vec![vec![
            ("Bias", Value::Int(0)),
            ("Caption", text("(UTC) Coordinated Universal Time")),
            ("StandardName", text("Coordinated Universal Time")),
        ]],
        "Win32_Service" => services(vm, computer)?,
        "Win32_Process" => processes(vm)?,
        _ => Vec::new(),
    }))
}

fn services(vm: &mut Vm, computer: &str) -> R<Vec<Row>> {
    let named = [("ComputerName", text(computer))];
    let mut rows = Vec::new();
    for service in vm.call_command("Get-Service", &named, &[])? {
        let mut of =
            |name: &str| -> R<Value> { Ok(vm.get_member(&service, name)?.unwrap_or_default()) };
        let (name, shown, status) = (of("Name")?, of("DisplayName")?, of("Status")?);
        let status = vm.to_text(&status)?;
        let running = status == "Running";
        rows.push(vec![
            ("ProcessId", Value::UInt(if running { 1000 } else { 0 })),
            ("Name", name),
            ("StartMode", text("Auto")),
            ("State", Value::str(status)),
            ("Status", text("OK")),
            ("ExitCode", Value::UInt(0)),
            ("DisplayName", shown),
            ("StartName", text("NT AUTHORITY\\NetworkService")),
            ("Started", Value::Bool(running)),
        ]);
    }
    Ok(rows)
}

fn processes(vm: &mut Vm) -> R<Vec<Row>> {
    let mut rows = Vec::new();
    for process in vm.call_command("Get-Process", &[], &[])? {
        let mut of =
            |name: &str| -> R<Value> { Ok(vm.get_member(&process, name)?.unwrap_or_default()) };
        rows.push(vec![
            ("ProcessId", of("Id")?),
            ("Name", of("ProcessName")?),
            ("HandleCount", of("HandleCount")?),
            ("WorkingSetSize", of("WorkingSet64")?),
            ("VirtualSize", of("VirtualMemorySize64")?),
        ]);
    }
    Ok(rows)
}

fn holds(vm: &mut Vm, row: &Row, condition: &Condition) -> R<bool> {
    Ok(match condition {
        Condition::And(a, b) => holds(vm, row, a)? && holds(vm, row, b)?,
        Condition::Or(a, b) => holds(vm, row, a)? || holds(vm, row, b)?,
        Condition::Not(inner) => !holds(vm, row, inner)?,
        Condition::Compare(name, operator, literal) => {
            let found = row.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
            let value = found.map(|(_, v)| v.clone()).unwrap_or_default();
            let wanted = match literal {
                Literal::Text(text) => Value::str(text.as_str()),
                Literal::Number(number) => Value::Double(*number),
                Literal::Truth(truth) => Value::Bool(*truth),
                Literal::Null => Value::Null,
            };
            if operator == "like" {
                let pattern = vm.to_text(&wanted)?.replace('%', "*").replace('_', "?");
                let text = vm.to_text(&value)?;
                return Ok(vm.wildcard(&pattern, true)?.is_match(&text));
            }
            if let "=" | "<>" | "!=" = operator.as_str() {
                return Ok(vm.equals(&value, &wanted, true)? == (operator == "="));
            }
            let order = vm.compare(&value, &wanted, true)?;
            match operator.as_str() {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            }
        }
    })
}

/// A moment as WMI writes it: `20240102030405.000000+000`.
fn wmi_time(vm: &mut Vm, value: Value) -> R<Value> {
    if !matches!(value, Value::DateTime(_)) {
        return Ok(value);
    }
    let culture = vm.culture();
    let text = vm.format_value(&value, Some("yyyyMMddHHmmss"), culture)?;
    Ok(Value::str(format!("{text}.000000+000")))
}

const TO_DATE: &str = "[datetime]::ParseExact($args[0].Substring(0, 14), 'yyyyMMddHHmmss', $null)";

/// A row as an object of its class.
fn object(
    vm: &mut Vm,
    class: &str,
    computer: &str,
    wmi: bool,
    row: Row,
    only: &[String],
) -> R<Value> {
    let members = Members::default();
    if wmi {
        members.set("__CLASS", Member::Note(text(class)));
        members.set("__SERVER", Member::Note(text(computer)));
    }
    for (name, value) in row {
        if !only.is_empty() && !only.iter().any(|o| o.eq_ignore_ascii_case(name)) {
            continue;
        }
        let value = if wmi { wmi_time(vm, value)? } else { value };
        members.set(name, Member::Note(value));
    }
    members.set("PSComputerName", Member::Note(text(computer)));
    if wmi && let Value::Block(block) = vm.parse_block(TO_DATE)? {
        members.set("ConvertToDateTime", Member::Method(block));
    }
    let made = CustomObject::new(members);
    let names = match wmi {
        true => [
            format!("System.Management.ManagementObject#root\\cimv2\\{class}"),
            "System.Management.ManagementObject".to_string(),
        ],
        false => [
            format!("Microsoft.Management.Infrastructure.CimInstance#root/cimv2/{class}"),
            "Microsoft.Management.Infrastructure.CimInstance".to_string(),
        ],
    };
    let mut type_names = made.type_names.borrow_mut();
    type_names.extend(names.iter().map(|name| Rc::from(name.as_str())));
    type_names.push("System.Object".into());
    drop(type_names);
    Ok(Value::Custom(Rc::new(made)))
}

struct GetInstance {
    wmi: bool,
}

impl GetInstance {
    fn invalid(&self, id: &str, category: Category, message: String, target: &str) -> Fault {
        let (type_name, id) = match self.wmi {
            true => (
                "System.Management.ManagementException",
                "GetWMIManagementException",
            ),
            false => ("Microsoft.Management.Infrastructure.CimException", id),
        };
        Fault::of(type_name, id, category, message).target(Value::str(target))
    }

    fn computers(&self, vm: &mut Vm, call: &Call) -> R<Vec<(String, bool)>> {
        let mut named = call.texts("ComputerName");
        for session in call.items("CimSession") {
            let name = match session.as_str() {
                Some(name) => Value::str(name),
                None => vm.get_member(&session, "ComputerName")?.unwrap_or_default(),
            };
            named.push(vm.to_text(&name)?.into());
        }
        let own = match vm.chosen_computer() {
            Some(chosen) => chosen.to_string(),
            None => vm.machine_name(),
        };
        if named.is_empty() {
            return Ok(vec![(own, true)]);
        }
        Ok(named
            .iter()
            .map(|name| {
                let local = ["localhost", ".", "127.0.0.1"].contains(&&**name)
                    || name.eq_ignore_ascii_case(&own);
                match local {
                    true => (own.clone(), true),
                    false => (name.to_string(), false),
                }
            })
            .collect())
    }
}

impl Cmdlet for GetInstance {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut class = call
            .text("ClassName")
            .or_else(|| call.text("Class"))
            .unwrap_or_default()
            .to_string();
        let mut only: Vec<String> = call
            .texts("Property")
            .iter()
            .map(|p| p.to_string())
            .collect();
        only.retain(|name| name != "*");
        let mut condition = None;
        let bad_query = |this: &Self, text: &str| {
            let id = "HRESULT 0x80041017";
            this.invalid(id, Category::InvalidArgument, "Invalid query ".into(), text)
        };
        if let Some(text) = call.text("Query") {
            let Some(query) = wql::query(&text) else {
                return vm.write_fault(bad_query(self, &text));
            };
            class = query.class;
            only = query.properties;
            condition = query.condition;
        }
        if let Some(text) = call.text("Filter").filter(|text| !text.trim().is_empty()) {
            let Some(read) = wql::condition(&text) else {
                return vm.write_fault(bad_query(self, &text));
            };
            condition = Some(read);
        }
        for (computer, local) in self.computers(vm, call)? {
            if !local {
                let asked = [
                    ("ComputerName", text(&computer)),
                    ("ErrorAction", text("Ignore")),
                ];
                if vm.call_command("Get-Service", &asked, &[])?.is_empty() {
                    let (type_name, id, message) = match self.wmi {
                        true => (
                            "System.Runtime.InteropServices.COMException",
                            "GetWMICOMException",
                            "The RPC server is unavailable. (Exception from HRESULT: 0x800706BA)",
                        ),
                        false => (
                            "Microsoft.Management.Infrastructure.CimException",
                            "HRESULT 0x80338126",
                            "WinRM cannot complete the operation. Verify that the specified computer name is valid, that the computer is accessible over the network, and that a firewall exception for the WinRM service is enabled and allows access from this computer.",
                        ),
                    };
                    let category = Category::ResourceUnavailable;
                    vm.write_fault(
                        Fault::of(type_name, id, category, message).target(text(&computer)),
                    )?;
                    continue;
                }
            }
            if self.wmi && call.switch("List") {
                for known in CLASSES {
                    vm.write(CustomObject::from_notes([("Name", text(known))]))?;
                }
                continue;
            }
            let Some(found) = rows(vm, &class, &computer)? else {
                let message = match self.wmi {
                    true => format!("Invalid class \"{class}\""),
                    false => "Invalid class ".to_string(),
                };
                let id = "HRESULT 0x80041010";
                let fault = self.invalid(id, Category::MetadataError, message, &class);
                vm.write_fault(fault)?;
                continue;
            };
            for row in found {
                let fits = match &condition {
                    Some(condition) => holds(vm, &row, condition)?,
                    None => true,
                };
                if fits {
                    let value = object(vm, &class, &computer, self.wmi, row, &only)?;
                    vm.write(value)?;
                }
            }
        }
        Ok(())
    }
}

struct NewCimInstance;

impl Cmdlet for NewCimInstance {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let class = call.text("ClassName").unwrap_or_default();
        if !call.switch("ClientOnly") {
            return vm.raise(
                Fault::of(
                    "System.NotImplementedException",
                    "KnownNotModelled",
                    Category::NotImplemented,
                    "Instances of management classes can only be made with -ClientOnly: ucsh does not model writing to a server's classes.",
                )
                .target(text(&class)),
            );
        }
        let members = Members::default();
        if let Some(Value::Dict(table)) = call.get("Property").map(Value::into_base) {
            for (key, value) in table.pairs() {
                let name = vm.to_text(&key)?;
                members.set(&name, Member::Note(value));
            }
        }
        members.set("PSComputerName", Member::Note(Value::Null));
        let made = CustomObject::new(members);
        let space = call
            .text("Namespace")
            .unwrap_or_else(|| "root/cimv2".into());
        made.type_names.borrow_mut().extend([
            Rc::from(format!(
                "Microsoft.Management.Infrastructure.CimInstance#{space}/{class}"
            )),
            Rc::from("Microsoft.Management.Infrastructure.CimInstance"),
            Rc::from("System.Object"),
        ]);
        vm.write(Value::Custom(Rc::new(made)))
    }
}

struct NewCimSession;

impl Cmdlet for NewCimSession {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = call.texts("ComputerName");
        if names.is_empty() {
            names.push("localhost".into());
        }
        let given = call.text("Name");
        for (at, computer) in names.iter().enumerate() {
            let id = i32::try_from(at).unwrap_or(0) + 1;
            let name = given
                .clone()
                .unwrap_or_else(|| format!("CimSession{id}").into());
            let session = CustomObject::typed(
                "Microsoft.Management.Infrastructure.CimSession",
                [
                    ("Id", Value::UInt(u32::try_from(id).unwrap_or(0))),
                    ("Name", text(&name)),
                    ("ComputerName", text(computer)),
                    ("Protocol", text("WSMAN")),
                ],
            );
            vm.write(session)?;
        }
        Ok(())
    }
}

struct NewCimSessionOption;

impl Cmdlet for NewCimSessionOption {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let protocol = call.text("Protocol").unwrap_or_else(|| "Default".into());
        vm.write(CustomObject::typed(
            "Microsoft.Management.Infrastructure.Options.CimSessionOptions",
            [("Protocol", text(&protocol))],
        ))
    }
}

/// What a session or an instance leaves behind is nothing.
struct Quiet;

impl Cmdlet for Quiet {}

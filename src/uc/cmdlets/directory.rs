//! The ActiveDirectory module over the deployment's own users, groups, computers and forests.

use super::answer::{datum_value, fault, first_text, identity_text, text, texts};
use crate::cmdlet::generic::filter::Filter;
use crate::cmdlet::generic::value::value_datum;
use crate::cmdlet::{kinds, registry::Factory};
use crate::model::error::ModelError;
use crate::model::identity::{fold, matches};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-ADUser", || Box::new(Get { noun: "ADUser" })),
    ("Get-ADGroup", || Box::new(Get { noun: "ADGroup" })),
    ("Get-ADObject", || Box::new(Get { noun: "" })),
    ("New-ADUser", || Box::new(NewUser)),
    ("Set-ADUser", || Box::new(SetEntry("ADUser"))),
    ("Set-ADGroup", || Box::new(SetEntry("ADGroup"))),
    ("New-ADGroup", || Box::new(NewGroup)),
    ("Enable-ADAccount", || Box::new(Account { enabled: true })),
    ("Disable-ADAccount", || Box::new(Account { enabled: false })),
    ("Get-ADComputer", || Box::new(Computer)),
    ("Get-ADDomain", || Box::new(Domain)),
    ("Get-ADForest", || Box::new(Forest)),
    ("Get-ADTrust", || Box::new(Trust)),
    ("Get-ADOrganizationalUnit", || Box::new(OrganizationalUnit)),
    ("Get-ADGroupMember", || Box::new(GroupMember)),
    ("Add-ADGroupMember", || {
        Box::new(ChangeMembers { add: true })
    }),
    ("Remove-ADGroupMember", || {
        Box::new(ChangeMembers { add: false })
    }),
];

/// Directory kinds that Get-ADObject looks through.
const CLASSES: &[&str] = &["ADUser", "ADGroup"];

fn not_found(vm: &mut Vm, typed: &str) -> R<Fault> {
    let root = domain_dn(&own_domain(vm)?);
    Ok(Fault::of(
        "Microsoft.ActiveDirectory.Management.ADIdentityNotFoundException",
        "ActiveDirectoryCmdlet:Microsoft.ActiveDirectory.Management.ADIdentityNotFoundException",
        Category::ObjectNotFound,
        format!("Cannot find an object with identity: '{typed}' under: '{root}'."),
    )
    .target(Value::str(typed)))
}

fn raise_not_found(vm: &mut Vm, typed: &str) -> R<()> {
    let fault = not_found(vm, typed)?;
    vm.raise(fault)
}

/// The domain of the organisation: its forest's, or where none is noted its first SIP domain.
pub(super) fn own_domain(vm: &mut Vm) -> R<String> {
    let store = vm.twin()?;
    for noun in ["ADForest", "CsSipDomain"] {
        let listed = store.list(noun);
        if let Some(first) = vm.model(listed)?.next() {
            return Ok(vm.model(first)?.identity);
        }
    }
    Ok(String::new())
}

/// The objects of a class that an identity means: DN, GUID, SID, SAM account name, and what the class knows besides.
fn found(vm: &mut Vm, noun: &str, typed: &str) -> R<Vec<Object>> {
    let store = vm.twin()?;
    let found = store.find(noun, typed);
    let mut found = vm.model(found)?;
    if found.is_empty() && noun == "ADUser" {
        let listed = store.list(noun);
        for user in vm.model(listed)? {
            let user = vm.model(user)?;
            let wanted = fold(typed);
            if ["SamAccountName", "SID", "DistinguishedName"]
                .iter()
                .any(|name| fold(&user.text(name)) == wanted)
            {
                found.push(user);
            }
        }
    }
    Ok(found)
}

/// The one object that an identity means; the module's own error if there is none.
fn one(vm: &mut Vm, noun: &str, typed: &str) -> R<Option<Object>> {
    let mut all = found(vm, noun, typed)?;
    if all.is_empty() {
        let fault = not_found(vm, typed)?;
        vm.write_fault(fault)?;
        return Ok(None);
    }
    Ok(Some(all.swap_remove(0)))
}

/// An object with the properties its class always shows, and those that were asked for.
fn shown(object: &Object, extra: &[String]) -> Value {
    let everything = extra.iter().any(|name| name == "*");
    let mut notes: Vec<(String, Value)> = Vec::new();
    for (name, datum) in object.shown() {
        let declared = object.kind.property(name);
        let hidden = declared.is_none_or(|property| property.hidden);
        let asked = extra.iter().any(|it| {
            it.eq_ignore_ascii_case(name)
                || declared.is_some_and(|property| it.eq_ignore_ascii_case(property.stored_name()))
        });
        if !hidden || asked || everything && !datum.is_blank() {
            let name = extra
                .iter()
                .find(|it| {
                    hidden && declared.is_some_and(|p| it.eq_ignore_ascii_case(p.stored_name()))
                })
                .map_or(name, String::as_str);
            notes.push((
                name.to_owned(),
                datum_value(&datum, declared.map(|p| &p.value_type)),
            ));
        }
    }
    for name in extra {
        let known = notes.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        if !known && name != "*" {
            notes.push((name.clone(), datum_value(&object.get(name), None)));
        }
    }
    let value = CustomObject::from_notes(
        notes
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    if let Value::Custom(custom) = &value {
        let mut names = custom.type_names.borrow_mut();
        names.clear();
        names.extend(object.type_names().iter().map(|name| name.as_str().into()));
        names.push("System.Object".into());
    }
    value
}

/// The condition of `-Filter` or `-LDAPFilter`.
fn filter(vm: &mut Vm, call: &Call) -> R<Filter> {
    if let Some(given) = call.get("Filter") {
        let condition = match given.base() {
            Value::Block(block) => block.text().to_string(),
            other => vm.to_text(other)?,
        };
        if condition.trim() == "*" {
            return Ok(Filter::everything());
        }
        return Filter::parse(vm, &condition);
    }
    match text(vm, call, "LDAPFilter")? {
        Some(condition) => Filter::parse_ldap(vm, &condition),
        None => Ok(Filter::everything()),
    }
}

/// Whether an object lies where the search looks.
fn in_base(object: &Object, base: Option<&str>, scope: &str) -> bool {
    let Some(base) = base else { return true };
    let (name, base) = (fold(&object.identity), fold(base));
    match scope {
        "base" => name == base,
        "onelevel" => name
            .split_once(',')
            .is_some_and(|(_, parent)| parent == base),
        _ => name == base || name.ends_with(&format!(",{base}")),
    }
}

struct Get {
    noun: &'static str,
}

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let nouns: Vec<&str> = if self.noun.is_empty() {
            CLASSES.to_vec()
        } else {
            vec![self.noun]
        };
        let extra = texts(vm, call, "Properties")?;
        if let Some(typed) = text(vm, call, "Identity")? {
            for noun in &nouns {
                if let Some(object) = found(vm, noun, &typed)?.into_iter().next() {
                    return vm.write(shown(&object, &extra));
                }
            }
            return raise_not_found(vm, &typed);
        }
        let filter = filter(vm, call)?;
        let base = text(vm, call, "SearchBase")?;
        let scope = text(vm, call, "SearchScope")?
            .unwrap_or_default()
            .to_ascii_lowercase();
        let limit = text(vm, call, "ResultSetSize")?
            .and_then(|size| size.parse::<usize>().ok())
            .unwrap_or(usize::MAX);
        let mut written = 0;
        for noun in nouns {
            let Some(kind) = kinds::find(noun) else {
                continue;
            };
            let mut page = crate::store::Page::default();
            loop {
                let next = store.page(kind, &mut page);
                let objects = vm.model(next)?;
                if objects.is_empty() {
                    break;
                }
                for object in &objects {
                    if written < limit
                        && in_base(object, base.as_deref(), &scope)
                        && filter.accepts(vm, object)?
                    {
                        written += 1;
                        vm.write(shown(object, &extra))?;
                    }
                }
                vm.check_interrupt()?;
            }
        }
        Ok(())
    }
}

/// Parameters that say how, not what.
const CONTROLS: &[&str] = &[
    "Identity",
    "Instance",
    "Add",
    "Remove",
    "Replace",
    "Clear",
    "PassThru",
    "Server",
    "Credential",
    "Partition",
    "AccountPassword",
    "Path",
    "OtherAttributes",
    "Name",
    "AuthType",
    "ChangePasswordAtLogon",
    "PasswordNeverExpires",
];

/// Writes the parameters that name a property.
fn apply_named(vm: &mut Vm, call: &Call, user: &mut Object) -> R<()> {
    for (name, value) in call.given() {
        let control = CONTROLS.iter().any(|it| it.eq_ignore_ascii_case(&name));
        if control || crate::runtime::common_parameters::is_common(&name, call.info.surface()) {
            continue;
        }
        set(vm, user, &name, &value)?;
    }
    Ok(())
}

fn set(vm: &mut Vm, user: &mut Object, name: &str, value: &Value) -> R<()> {
    let kind = user.kind;
    let declared = kind.property(name).or_else(|| {
        kind.properties
            .iter()
            .find(|it| it.stored_name().eq_ignore_ascii_case(name))
    });
    let property = declared.map_or(name, |it| it.name.as_str()).to_owned();
    let datum = value_datum(vm, value, declared)?;
    user.set(&property, datum);
    Ok(())
}

/// `-Add`, `-Remove`, `-Replace`, `-Clear`, in the order in which the directory applies them.
fn apply_tables(vm: &mut Vm, call: &Call, user: &mut Object) -> R<()> {
    for parameter in ["Remove", "Add", "Replace"] {
        let Some(given) = call.get(parameter) else {
            continue;
        };
        let Value::Dict(table) = given.base() else {
            continue;
        };
        let keys: Vec<Value> = table.keys();
        for key in keys {
            let name = vm.to_text(&key)?;
            let value = table.get_str(&name).unwrap_or_default();
            if parameter == "Replace" {
                set(vm, user, &name, &value)?;
                continue;
            }
            let declared = user.kind.property(&name);
            let items = match value_datum(vm, &value, None)? {
                Datum::List(items) => items,
                one => vec![one],
            };
            let before = user.get(&name);
            let is_list = declared
                .is_some_and(|p| matches!(p.value_type, crate::model::kind::ValueType::List(_)))
                || matches!(before, Datum::List(_));
            if !is_list {
                match (parameter, items.into_iter().next()) {
                    ("Add", Some(item)) => user.set(&name, item),
                    ("Remove", Some(item)) if before.same(&item) => user.clear(&name),
                    _ => {}
                }
                continue;
            }
            let mut list = before.items().to_vec();
            for item in items {
                list.retain(|it| !it.same(&item));
                if parameter == "Add" {
                    list.push(item);
                }
            }
            user.set(&name, Datum::List(list));
        }
    }
    for name in texts(vm, call, "Clear")? {
        let property = user
            .kind
            .properties
            .iter()
            .find(|it| it.stored_name().eq_ignore_ascii_case(&name))
            .map_or(name.clone(), |it| it.name.clone());
        user.clear(&property);
    }
    Ok(())
}

/// `-Instance`: what was changed in the object from Get-ADUser.
fn apply_instance(vm: &mut Vm, given: &Value, before: &Object, user: &mut Object) -> R<()> {
    let Value::Custom(custom) = given.base() else {
        return Ok(());
    };
    for (name, member) in custom.members.list() {
        let crate::runtime::object::Member::Note(value) = member else {
            continue;
        };
        let Some(property) = user.kind.property(&name) else {
            continue;
        };
        if property.is_computed() || property.read_only {
            continue;
        }
        let datum = crate::cmdlet::generic::value::value_datum(vm, &value, Some(property))?;
        if !datum.same(&before.get(&property.name)) {
            user.set(&property.name, datum);
        }
    }
    Ok(())
}

/// `Set-` of a user or group.
struct SetEntry(&'static str);

impl Cmdlet for SetEntry {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let given = call
            .get("Identity")
            .or_else(|| call.get("Instance"))
            .unwrap_or_default();
        let typed = identity_text(vm, &given)?;
        let Some(before) = one(vm, self.0, &typed)? else {
            return Ok(());
        };
        let mut user = before.clone();
        if call.has("Instance") {
            apply_instance(vm, &given, &before, &mut user)?;
        }
        apply_named(vm, call, &mut user)?;
        apply_tables(vm, call, &mut user)?;
        if !vm.should_process(call, &before.identity, "Set")? {
            return Ok(());
        }
        let wanted = user.properties;
        let changed = store.modify(before.kind, &before.identity, |stored| {
            stored.properties = wanted;
            Ok(())
        });
        let (after, _) = vm.model(changed)?;
        if call.switch("PassThru") {
            vm.write(shown(&after, &[]))?;
        }
        Ok(())
    }
}

/// A new object of the directory as the parameters describe it, and the forest that it is in.
fn new_entry(vm: &mut Vm, call: &Call, noun: &str) -> R<Option<(Object, Option<Object>)>> {
    let name = text(vm, call, "Name")?.unwrap_or_default();
    let forest = forests(vm)?.into_iter().next();
    let domain = own_domain(vm)?;
    let parent = match text(vm, call, "Path")? {
        Some(path) => path,
        None => format!("CN=Users,{}", domain_dn(&domain)),
    };
    let Some(kind) = kinds::find(noun) else {
        return Ok(None);
    };
    let mut entry = Object::new(kind, format!("CN={name},{parent}"));
    entry.set("Name", Datum::text(name.as_str()));
    apply_named(vm, call, &mut entry)?;
    if let Some(given) = call.get("OtherAttributes")
        && let Value::Dict(table) = given.base()
    {
        for key in table.keys() {
            let name = vm.to_text(&key)?;
            let value = table.get_str(&name).unwrap_or_default();
            set(vm, &mut entry, &name, &value)?;
        }
    }
    if entry.text("SamAccountName").is_empty() {
        entry.set("SamAccountName", Datum::text(name.as_str()));
    }
    Ok(Some((entry, forest)))
}

/// Stores a new object of the directory, and writes it if `-PassThru` asks for it.
fn store_entry(vm: &mut Vm, call: &Call, entry: Object, taken: &str) -> R<()> {
    let store = vm.sign_changes(call)?;
    if !vm.should_process(call, &entry.identity, "New")? {
        return Ok(());
    }
    match store.create(entry) {
        Ok(made) if call.switch("PassThru") => vm.write(shown(&made, &[])),
        Ok(_) => Ok(()),
        Err(error @ ModelError::AlreadyExists { .. }) => vm.raise(fault(
            "ActiveDirectoryServer:1318",
            Category::ResourceExists,
            taken.into(),
            error.target(),
        )),
        Err(error) => super::answer::refuse(vm, &error),
    }
}

struct NewGroup;

impl Cmdlet for NewGroup {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        match new_entry(vm, call, "ADGroup")? {
            Some((group, _)) => store_entry(vm, call, group, "The specified group already exists"),
            None => Ok(()),
        }
    }
}

struct NewUser;

impl Cmdlet for NewUser {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some((mut user, forest)) = new_entry(vm, call, "ADUser")? else {
            return Ok(());
        };
        let name = user.text("Name");
        if user.text("DisplayName").is_empty() {
            user.set("DisplayName", Datum::text(name.as_str()));
        }
        if !call.has("Enabled") {
            user.set("Enabled", Datum::Bool(false));
        }
        if let Some(netbios) = forest
            .map(|it| it.text("NetBIOSName"))
            .filter(|it| !it.is_empty())
        {
            user.set("NetBIOSName", Datum::Text(netbios));
        }
        store_entry(vm, call, user, "The specified account already exists")
    }
}

struct Account {
    enabled: bool,
}

impl Cmdlet for Account {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let Some(user) = one(vm, "ADUser", &typed)? else {
            return Ok(());
        };
        if !vm.should_process(call, &user.identity, "Set")? {
            return Ok(());
        }
        let changed = store.modify(user.kind, &user.identity, |stored| {
            stored.set("Enabled", Datum::Bool(self.enabled));
            Ok(())
        });
        vm.model(changed).map(drop)
    }
}

/// `DC=contoso,DC=com`
pub(super) fn domain_dn(domain: &str) -> String {
    let parts: Vec<String> = domain.split('.').map(|part| format!("DC={part}")).collect();
    parts.join(",")
}

fn forests(vm: &mut Vm) -> R<Vec<Object>> {
    let store = vm.twin()?;
    let listed = store.list("ADForest");
    let mut forests = Vec::new();
    for forest in vm.model(listed)? {
        forests.push(vm.model(forest)?);
    }
    Ok(forests)
}

struct Computer;

impl Cmdlet for Computer {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let wanted = text(vm, call, "Identity")?;
        let mut condition = match call.get("Filter") {
            Some(given) => match given.base() {
                Value::Block(block) => block.text().to_string(),
                other => vm.to_text(other)?,
            },
            None => "*".into(),
        };
        // A computer is filtered by its name: the value is a wildcard.
        if condition.trim() != "*" {
            let quoted = condition.split(['"', '\'']).nth(1).map(str::to_owned);
            condition = quoted.unwrap_or(condition);
        }
        let mut written = false;
        let own = own_domain(vm)?;
        for noun in ["CsComputer", "ExchangeServer"] {
            let listed = store.list(noun);
            for computer in vm.model(listed)? {
                let computer = vm.model(computer)?;
                let mut host = computer.text("Fqdn");
                if host.is_empty() {
                    host = computer.identity.clone();
                }
                let (name, domain) = host.split_once('.').unwrap_or((&host, &own));
                let dn = format!("CN={name},CN=Computers,{}", domain_dn(domain));
                let fits = match &wanted {
                    Some(typed) => [name, &host, &dn]
                        .iter()
                        .any(|it| fold(it) == fold(typed.trim_end_matches('$'))),
                    None => matches(condition.trim(), name) || matches(condition.trim(), &host),
                };
                if fits {
                    written = true;
                    vm.write(CustomObject::typed(
                        "Microsoft.ActiveDirectory.Management.ADComputer",
                        [
                            ("DistinguishedName", Value::str(dn.as_str())),
                            ("DNSHostName", Value::str(host.as_str())),
                            ("Enabled", Value::Bool(true)),
                            ("Name", Value::str(name.to_ascii_uppercase())),
                            ("ObjectClass", Value::str("computer")),
                            (
                                "SamAccountName",
                                Value::str(format!("{}$", name.to_ascii_uppercase())),
                            ),
                        ],
                    ))?;
                }
            }
        }
        match wanted {
            Some(typed) if !written => raise_not_found(vm, &typed),
            _ => Ok(()),
        }
    }
}

struct Domain;

impl Cmdlet for Domain {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = first_text(vm, call, &["Identity", "Server"])?;
        let mut written = false;
        for forest in forests(vm)? {
            for domain in forest.texts("Domains") {
                let netbios = forest.text("NetBIOSName");
                let fits = wanted.as_ref().is_none_or(|typed| {
                    [&domain, &netbios, &domain_dn(&domain)]
                        .iter()
                        .any(|it| fold(it) == fold(typed))
                });
                if !fits || written {
                    continue;
                }
                written = true;
                vm.write(CustomObject::typed(
                    "Microsoft.ActiveDirectory.Management.ADDomain",
                    [
                        ("DistinguishedName", Value::str(domain_dn(&domain))),
                        ("DNSRoot", Value::str(domain.as_str())),
                        ("DomainMode", Value::str("Windows2012R2Domain")),
                        ("Forest", Value::str(forest.identity.as_str())),
                        (
                            "Name",
                            Value::str(domain.split('.').next().unwrap_or_default()),
                        ),
                        ("NetBIOSName", Value::str(netbios)),
                        ("ObjectClass", Value::str("domainDNS")),
                        ("PDCEmulator", Value::str(format!("dc01.{domain}"))),
                        (
                            "ReplicaDirectoryServers",
                            Value::array(vec![Value::str(format!("dc01.{domain}"))]),
                        ),
                        (
                            "UsersContainer",
                            Value::str(format!("CN=Users,{}", domain_dn(&domain))),
                        ),
                    ],
                ))?;
            }
        }
        match wanted {
            Some(typed) if !written => raise_not_found(vm, &typed),
            _ => Ok(()),
        }
    }
}

struct Forest;

impl Cmdlet for Forest {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = first_text(vm, call, &["Identity", "Server"])?;
        let forests = forests(vm)?;
        let found = match &wanted {
            Some(typed) => forests.iter().find(|it| fold(&it.identity) == fold(typed)),
            None => forests
                .iter()
                .find(|it| it.flag("Lync"))
                .or(forests.first()),
        };
        match (found, wanted) {
            (Some(forest), _) => vm.write(shown(forest, &[])),
            (None, Some(typed)) => raise_not_found(vm, &typed),
            (None, None) => Ok(()),
        }
    }
}

struct Trust;

impl Cmdlet for Trust {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        if let Some(typed) = text(vm, call, "Identity")? {
            return match one(vm, "ADTrust", &typed)? {
                Some(trust) => vm.write(shown(&trust, &[])),
                None => Ok(()),
            };
        }
        let filter = filter(vm, call)?;
        let listed = store.list("ADTrust");
        for trust in vm.model(listed)? {
            let trust = vm.model(trust)?;
            if filter.accepts(vm, &trust)? {
                vm.write(shown(&trust, &[]))?;
            }
        }
        Ok(())
    }
}

/// The organisational units are those in which users and contacts are.
struct OrganizationalUnit;

impl Cmdlet for OrganizationalUnit {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let wanted = text(vm, call, "Identity")?;
        let base = text(vm, call, "SearchBase")?.map(|it| fold(&it));
        let mut units: Vec<String> = Vec::new();
        for noun in ["ADUser", "CsExUmContact"] {
            let listed = store.list(noun);
            for object in vm.model(listed)? {
                let object = vm.model(object)?;
                let mut rest = object.identity.as_str();
                while let Some((_, parent)) = rest.split_once(',') {
                    if fold(parent).starts_with("ou=")
                        && !units.iter().any(|it| fold(it) == fold(parent))
                    {
                        units.push(parent.to_owned());
                    }
                    rest = parent;
                }
            }
        }
        units.sort_by_key(|unit| (unit.matches(',').count(), fold(unit)));
        let mut written = false;
        for unit in units {
            let named = wanted
                .as_ref()
                .is_none_or(|typed| fold(typed) == fold(&unit));
            let below = base
                .as_ref()
                .is_none_or(|base| fold(&unit).ends_with(base.as_str()));
            if named && below {
                written = true;
                let name = unit.split([',', '=']).nth(1).unwrap_or_default().to_owned();
                vm.write(CustomObject::typed(
                    "Microsoft.ActiveDirectory.Management.ADOrganizationalUnit",
                    [
                        ("DistinguishedName", Value::str(unit)),
                        ("Name", Value::str(name)),
                        ("ObjectClass", Value::str("organizationalUnit")),
                    ],
                ))?;
            }
        }
        match wanted {
            Some(typed) if !written => raise_not_found(vm, &typed),
            _ => Ok(()),
        }
    }
}

struct GroupMember;

impl Cmdlet for GroupMember {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let Some(group) = one(vm, "ADGroup", &typed)? else {
            return Ok(());
        };
        for member in group.texts("Members") {
            for noun in CLASSES {
                if let Some(object) = found(vm, noun, &member)?.into_iter().next() {
                    vm.write(shown(&object, &[]))?;
                    break;
                }
            }
        }
        Ok(())
    }
}

struct ChangeMembers {
    add: bool,
}

impl Cmdlet for ChangeMembers {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let Some(group) = one(vm, "ADGroup", &typed)? else {
            return Ok(());
        };
        let mut members = group.texts("Members");
        for typed in texts(vm, call, "Members")? {
            let mut object = None;
            for noun in CLASSES {
                object = object.or(found(vm, noun, &typed)?.into_iter().next());
            }
            let Some(object) = object else {
                let fault = not_found(vm, &typed)?;
                vm.write_fault(fault)?;
                continue;
            };
            members.retain(|it| fold(it) != fold(&object.identity));
            if self.add {
                members.push(object.identity);
            }
        }
        if !vm.should_process(call, &group.identity, "Set")? {
            return Ok(());
        }
        let list = Datum::List(members.into_iter().map(Datum::Text).collect());
        let changed = store.modify(group.kind, &group.identity, |stored| {
            stored.set("Members", list);
            Ok(())
        });
        let (after, _) = vm.model(changed)?;
        if call.switch("PassThru") {
            vm.write(shown(&after, &[]))?;
        }
        Ok(())
    }
}

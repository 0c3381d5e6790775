//! The units and containers of the directory: those that were declared, and those that its objects lie in.

use super::answer::{refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use std::collections::BTreeMap;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-OrganizationalUnit", || Box::new(Get))];

/// A unit: its path from the domain on (`contoso.com/Sales/West`), and its distinguished name.
struct Unit {
    path: String,
    distinguished: String,
}

impl Unit {
    fn of_distinguished(name: &str) -> Unit {
        let (mut domain, mut units) = (Vec::new(), Vec::new());
        for part in name.split(',') {
            match part.trim().split_once('=') {
                Some((kind, value)) if kind.eq_ignore_ascii_case("dc") => domain.push(value),
                Some((_, value)) => units.push(value),
                None => {}
            }
        }
        units.reverse();
        let mut path = vec![domain.join(".")];
        path.extend(units.iter().map(|it| (*it).to_owned()));
        Unit {
            path: path.join("/"),
            distinguished: name.to_owned(),
        }
    }

    fn of_path(path: &str) -> Unit {
        let (domain, units) = path.split_once('/').unwrap_or((path, ""));
        let mut parts: Vec<String> = units
            .rsplit('/')
            .filter(|it| !it.is_empty())
            .map(|it| format!("OU={it}"))
            .collect();
        parts.extend(domain.split('.').map(|it| format!("DC={it}")));
        Unit {
            path: path.to_owned(),
            distinguished: parts.join(","),
        }
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    fn parent(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    fn is_container(&self) -> bool {
        fold(&self.distinguished).starts_with("cn=")
    }
}

/// All units, in the order of their paths.
fn units(store: &Store) -> Result<Vec<Unit>, ModelError> {
    let mut found: BTreeMap<String, Unit> = BTreeMap::new();
    let mut add = |unit: Unit| {
        found.entry(fold(&unit.path)).or_insert(unit);
    };
    for object in store.list("OrganizationalUnit")? {
        let object = object?;
        add(match object.identity.contains('=') {
            true => Unit::of_distinguished(&object.identity),
            false => Unit::of_path(&object.identity),
        });
    }
    for noun in ["ADUser", "ADGroup"] {
        for object in store.list(noun)? {
            let identity = object?.identity;
            let mut above = identity.split_once(',').map(|(_, above)| above);
            while let Some(name) = above.filter(|it| !it.is_empty()) {
                add(Unit::of_distinguished(name));
                if fold(name).starts_with("dc=") {
                    break;
                }
                above = name.split_once(',').map(|(_, above)| above);
            }
        }
    }
    Ok(found.into_values().collect())
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let all = units(&store);
        let all = vm.model(all)?;
        let containers = call.switch("IncludeContainers");
        let limit = match call.get("ResultSize") {
            Some(size) => vm.to_text(&size)?.parse().unwrap_or(usize::MAX),
            None => usize::MAX,
        };
        let sought = text(vm, call, "SearchText")?.map(|it| fold(&it));
        let mut root = None;
        if let Some(typed) = text(vm, call, "Identity")? {
            let wanted = fold(&typed);
            let named = |unit: &&Unit| {
                [unit.path.as_str(), unit.name(), &unit.distinguished]
                    .iter()
                    .any(|it| fold(it) == wanted)
            };
            let Some(unit) = all.iter().find(named) else {
                return refuse(vm, &ModelError::DirectoryNotFound { identity: typed });
            };
            root = Some(fold(&unit.path));
        }
        let single = call.switch("SingleNodeOnly");
        let wanted = |unit: &&Unit| {
            let path = fold(&unit.path);
            let placed = root.as_ref().is_none_or(|root| match single {
                true => fold(unit.parent()) == *root,
                false => path == *root || path.starts_with(&format!("{root}/")),
            });
            placed
                && (containers || !unit.is_container())
                && sought
                    .as_ref()
                    .is_none_or(|it| fold(unit.name()).contains(it.as_str()))
        };
        for unit in all.iter().filter(wanted).take(limit) {
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Data.Directory.Management.ExtendedOrganizationalUnit",
                [
                    ("Name", Value::str(unit.name())),
                    ("CanonicalName", Value::str(unit.path.as_str())),
                    ("DistinguishedName", Value::str(unit.distinguished.as_str())),
                    ("OrganizationalUnitName", Value::str(unit.name())),
                    ("Identity", Value::str(unit.path.as_str())),
                    ("IsValid", Value::Bool(true)),
                    ("ObjectState", Value::str("Unchanged")),
                ],
            ))?;
        }
        Ok(())
    }
}

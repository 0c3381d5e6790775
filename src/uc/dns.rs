//! Name resolution in the deployment's zones, inside or outside.

use super::deployment::Deployment;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::store::log::Action;

/// Which answers a resolver gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The organisation's own DNS servers.
    Internal,
    /// Everyone else.
    External,
}

impl Zone {
    fn name(self) -> &'static str {
        match self {
            Zone::Internal => "Internal",
            Zone::External => "External",
        }
    }
}

/// The addresses of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Version 4.
    pub v4: Vec<String>,
    /// Version 6.
    pub v6: Vec<String>,
}

impl Addresses {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }
}

/// A service record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Lower comes first.
    pub priority: i64,
    /// Share among equals.
    pub weight: i64,
    /// The port.
    pub port: i64,
    /// The host.
    pub target: String,
}

/// How many aliases are followed.
const ALIAS_DEPTH: usize = 8;

/// The records of a name and a type.
pub fn records(
    deployment: &dyn Deployment,
    zone: Zone,
    name: &str,
    record_type: &str,
) -> Result<Vec<Object>, ModelError> {
    let name = name.trim_end_matches('.');
    let mut records = deployment.by_link("DnsServerResourceRecord", "dns name", name)?;
    records.retain(|record| {
        record.text("View") == zone.name()
            && record.text("RecordType").eq_ignore_ascii_case(record_type)
    });
    Ok(records)
}

/// The addresses of a host name, aliases followed.
pub fn addresses(
    deployment: &dyn Deployment,
    zone: Zone,
    name: &str,
) -> Result<Addresses, ModelError> {
    let mut name = name.to_owned();
    for _ in 0..ALIAS_DEPTH {
        let data = |records: Vec<Object>| -> Vec<String> {
            records
                .iter()
                .map(|record| record.text("RecordData"))
                .collect()
        };
        let found = Addresses {
            v4: data(records(deployment, zone, &name, "A")?),
            v6: data(records(deployment, zone, &name, "AAAA")?),
        };
        if !found.is_empty() {
            return Ok(found);
        }
        match records(deployment, zone, &name, "CNAME")?.first() {
            Some(alias) => name = alias.text("RecordData"),
            None => break,
        }
    }
    Ok(Addresses::default())
}

/// The longest time that a resolver keeps an answer.
const LONGEST: i64 = crate::store::clock::TICKS_PER_DAY;

/// The addresses of a host name as those see them who have asked before: an
/// answer counts until its time to live has passed, whatever became of the
/// records meanwhile.
pub fn cached_addresses(deployment: &dyn Deployment, name: &str) -> Result<Addresses, ModelError> {
    let noun = "DnsServerResourceRecord";
    let now = deployment.now()?;
    let kind = deployment.kind(noun)?;
    let mut old = Addresses::default();
    let mut made: Vec<String> = Vec::new();
    for change in deployment.recent_changes(noun, LONGEST)? {
        if change.action == Action::Create {
            made.push(fold(&change.identity));
            continue;
        }
        let mut record = match change.action {
            Action::Remove => Object::new(kind, change.identity.clone()),
            _ => match deployment.get(noun, &change.identity)? {
                Some(record) => record,
                None => continue,
            },
        };
        for (name, value) in &change.before {
            match value {
                Some(value) => record.set(name, value.clone()),
                None => record.clear(name),
            }
        }
        let life = match record.get("TimeToLive") {
            Datum::TimeSpan(ticks) => ticks,
            _ => 0,
        };
        let age = now.saturating_sub(crate::store::clock::ticks(change.at));
        let same = fold(&record.text("HostName")) == fold(name.trim_end_matches('.'));
        if !same || record.text("View") != Zone::Internal.name() || age >= life {
            continue;
        }
        let list = match record.text("RecordType").as_str() {
            "A" => &mut old.v4,
            "AAAA" => &mut old.v6,
            _ => continue,
        };
        // A record that was itself made a moment ago was in nobody's cache.
        if !made.contains(&fold(&change.identity)) || change.action == Action::Remove {
            list.push(record.text("RecordData"));
        }
    }
    if old.is_empty() {
        return addresses(deployment, Zone::Internal, name);
    }
    for (record_type, list) in [("A", &mut old.v4), ("AAAA", &mut old.v6)] {
        for record in records(deployment, Zone::Internal, name, record_type)? {
            let data = record.text("RecordData");
            if !made.contains(&fold(&record.identity)) && !list.contains(&data) {
                list.push(data);
            }
        }
    }
    Ok(old)
}

/// The service records of a name, best first.
pub fn services(
    deployment: &dyn Deployment,
    zone: Zone,
    name: &str,
) -> Result<Vec<Service>, ModelError> {
    let mut services: Vec<Service> = records(deployment, zone, name, "SRV")?
        .iter()
        .map(|record| Service {
            priority: record.get("Priority").as_int().unwrap_or_default(),
            weight: record.get("Weight").as_int().unwrap_or_default(),
            port: record.get("Port").as_int().unwrap_or_default(),
            target: record.text("RecordData").trim_end_matches('.').to_owned(),
        })
        .collect();
    services.sort_by_key(|service| (service.priority, std::cmp::Reverse(service.weight)));
    Ok(services)
}

/// Whether a host name lies in a domain.
pub fn within(host: &str, domain: &str) -> bool {
    let (host, domain) = (fold(host), fold(domain));
    host == domain
        || host
            .strip_suffix(&domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

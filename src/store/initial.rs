//! The values that a new object gets by its declaration if nobody gave others.

use super::body::pack;
use super::write::guid;
use super::{Page, Store, clock};
use crate::model::error::ModelError;
use crate::model::identity::{Scope, canonical_to_distinguished, fold};
use crate::model::kind::{Property, ValueType};
use crate::model::object::Object;
use crate::model::value::Datum;

impl Store {
    /// Gives a new object the values that the declaration makes for it: those that are made of
    /// others after them.
    pub(super) fn fill_initial(&self, object: &mut Object) -> Result<(), ModelError> {
        let mut waiting: Vec<(&'static Property, &'static str)> = Vec::new();
        for property in &object.kind.properties {
            if let Some(template) = &property.initial
                && object.given(&property.name).is_none()
            {
                waiting.push((property, template));
            }
        }
        while !waiting.is_empty() {
            let names: Vec<String> = waiting
                .iter()
                .map(|(property, _)| format!("{{{}}}", property.name))
                .collect();
            let ready = waiting
                .iter()
                .position(|(_, template)| !names.iter().any(|name| template.contains(name)));
            let (property, template) = waiting.remove(ready.unwrap_or_default());
            let text = self.fill_tokens(template, object)?;
            let value = match property.value_type {
                ValueType::Guid => Datum::Guid(text),
                ValueType::DateTime => Datum::DateTime(clock::ticks(self.now()?)),
                ValueType::List(_) => Datum::List(vec![Datum::Text(object.expand(&text))]),
                _ => Datum::Text(object.expand(&text)),
            };
            object.set(&property.name, value);
        }
        Ok(())
    }

    fn fill_tokens(&self, template: &str, object: &Object) -> Result<String, ModelError> {
        let mut text = template.to_owned();
        if !text.contains("{@") {
            return Ok(text);
        }
        if text.contains("{@guid}") {
            let seed = (&object.kind.noun, &object.identity, self.position()?);
            text = text.replace("{@guid}", &guid(&pack(&seed)?));
        }
        if text.contains("{@scope}") {
            let scope = match Scope::parse(&object.identity) {
                Scope::Service(role, fqdn) => format!("{role}_{fqdn}"),
                scope => scope.name().to_owned(),
            };
            text = text.replace("{@scope}", &scope);
        }
        if let Some((parent, name)) = object.identity.rsplit_once('/') {
            let plain = name.strip_prefix(&object.kind.name_prefix).unwrap_or(name);
            text = text
                .replace("{@parent}", parent)
                .replace("{@plain-name}", plain);
        }
        if text.contains("{@alias}") {
            text = text.replace("{@alias}", &alias(&object.text("Name")));
        }
        if text.contains("{@mail-domain}") {
            text = text.replace("{@mail-domain}", &self.mail_domain()?);
        }
        if text.contains("{@forest") || text.contains("{@unit}") {
            let forest = self.forest()?;
            let dn: Vec<String> = forest.split('.').map(|part| format!("DC={part}")).collect();
            let dn = dn.join(",");
            let unit = object.text("OrganizationalUnit");
            text = text
                .replace("{@forest}", &forest)
                .replace("{@forest-dn}", &dn)
                .replace("{@unit}", &unit_of(&unit, &dn));
        }
        Ok(text)
    }

    /// The name of the organisation's forest; empty without one.
    fn forest(&self) -> Result<String, ModelError> {
        let forest = match (self.kinds)("ADForest") {
            Some(kind) => self.page(kind, &mut Page::default())?.into_iter().next(),
            None => None,
        };
        Ok(forest.map_or_else(String::new, |forest| forest.identity))
    }

    /// The domain of new addresses: the default one of those that mail is accepted for.
    fn mail_domain(&self) -> Result<String, ModelError> {
        if (self.kinds)("AcceptedDomain").is_some() {
            for domain in self.list("AcceptedDomain")? {
                let domain = domain?;
                if domain.flag("Default") {
                    return Ok(domain.text("DomainName"));
                }
            }
        }
        self.forest()
    }
}

/// A name without the characters that an alias must not have.
fn alias(name: &str) -> String {
    let allowed = |it: &char| it.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(*it);
    name.chars().filter(allowed).collect()
}

/// The container that a unit means: a distinguished, canonical or plain name; `Users` if none is given.
fn unit_of(unit: &str, forest: &str) -> String {
    if unit.contains('=') {
        return unit.to_owned();
    }
    if let Some(name) = canonical_to_distinguished(&format!("{unit}/-")) {
        return name.trim_start_matches("CN=-,").to_owned();
    }
    if unit.is_empty() || fold(unit) == "users" {
        return format!("CN=Users,{forest}");
    }
    format!("OU={unit},{forest}")
}

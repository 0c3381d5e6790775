//! `New-`: makes an object, stored or in memory.

use super::value::object_value;
use super::{Subject, value};
use crate::model::identity;
use crate::model::kind::{IdentityForm, Output};
use crate::model::object::Object;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;

/// The parameters that name a parent and an object of it, and what its name begins with.
const CHILD_NAMES: &[(&str, &str, &str)] = &[
    ("Parent", "Name", ""),
    (
        "TrustedApplicationPoolFqdn",
        "ApplicationId",
        "urn:application:",
    ),
];

/// One call of New.
pub struct New {
    subject: Subject,
}

impl New {
    /// For a noun.
    #[expect(clippy::self_named_constructors, reason = "the verb is New")]
    pub fn new(subject: Subject) -> New {
        New { subject }
    }

    /// The identity: given, or made of the parameters that name the object.
    fn identity(&self, vm: &mut Vm, call: &Call) -> R<String> {
        let is_child = matches!(self.subject.kind.identity, IdentityForm::Child { .. });
        if let Some(given) = call.get("Identity") {
            let given = value::identity_text(vm, &given)?;
            // The parent alone, with the name beside it.
            return match call.get("Name") {
                Some(name) if is_child && !given.contains('/') => {
                    Ok(format!("{given}/{}", vm.to_text(&name)?))
                }
                _ => Ok(given),
            };
        }
        for (parent, name, prefix) in CHILD_NAMES {
            let (Some(parent), Some(name)) = (call.get(parent), call.get(name)) else {
                continue;
            };
            let parent = value::identity_text(vm, &parent)?;
            let name = vm.to_text(&name)?;
            let prefix = if name.starts_with(prefix) { "" } else { prefix };
            return Ok(format!("{parent}/{prefix}{name}"));
        }
        if let Some(name) = self.subject.identities(vm, call)?.into_iter().next() {
            return Ok(name);
        }
        let keys = self
            .subject
            .kind
            .properties
            .iter()
            .filter(|p| p.key)
            .map(|p| p.parameter.as_deref().unwrap_or(&p.name));
        for name in keys.chain([
            "Name",
            "DisplayName",
            "Domain",
            "Fqdn",
            "PoolFqdn",
            "Address",
            "Alias",
        ]) {
            if let Some(given) = call.get(name) {
                return value::identity_text(vm, &given);
            }
        }
        let unit = call.text("OU");
        Ok(match &self.subject.kind.identity {
            IdentityForm::Singleton { name } => name.clone(),
            // Contacts without a name of their own are called by a new id.
            IdentityForm::User if unit.is_some() => format!(
                "CN={{{}}},{}",
                crate::runtime::text::guid::Guid::new(),
                unit.unwrap_or_default()
            ),
            _ => crate::runtime::text::guid::Guid::new().to_string(),
        })
    }
}

impl Cmdlet for New {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let made = self.make(vm, call);
        super::refusals_written(vm, made)
    }
}

impl New {
    fn make(&self, vm: &mut Vm, call: &Call) -> R<()> {
        let typed = self.identity(vm, call)?;
        let stored = crate::cmdlet::kinds::find(self.subject.kind.stored_noun())
            .unwrap_or(self.subject.kind);
        let normal = identity::normalise(stored, &typed);
        let shown = vm.model(normal)?;
        let mut object = Object::new(self.subject.kind, shown.clone());
        self.subject.apply_parameters(vm, call, &mut object)?;
        for property in &self.subject.kind.properties {
            if let Some(given) = object.given(&property.name).cloned() {
                let checked = crate::model::constraint::value(property, given);
                let checked = vm.model(checked)?;
                object.set(&property.name, checked);
            }
        }
        if call.switch("InMemory") {
            return vm.write(object_value(&object));
        }
        let store = vm.sign_changes(call)?;
        crate::cmdlet::exchange_rules::before_new(vm, &store, call, &object)?;
        if !self.subject.approve(vm, call, &shown)? {
            return Ok(());
        }
        self.subject.warn_of_blanks(vm, &object)?;
        let created = store.atomic(|| {
            let made = store.create(object)?;
            crate::cmdlet::rules::after_new(&store, &made)?;
            // What the companions say about the new object shows at once.
            let collects = made.kind.properties.iter().any(|it| it.collects.is_some());
            Ok(match collects {
                true => store.by_id(made.kind, made.id)?.unwrap_or(made),
                false => made,
            })
        });
        match created {
            Ok(made) => self.subject.output(vm, call, &made, Output::Object),
            Err(error) => self.subject.refuse(vm, error),
        }
    }
}

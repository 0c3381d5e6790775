//! `New-`: makes an object, stored or in memory.

use super::value::object_value;
use super::{Subject, value};
use crate::model::identity;
use crate::model::kind::{IdentityForm, Output};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::text::guid::Guid;
use crate::runtime::vm::Vm;

/// The parameters that name a parent and an object of it.
const CHILD_NAMES: &[(&str, &str)] = &[
    ("Parent", "Name"),
    ("TrustedApplicationPoolFqdn", "ApplicationId"),
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
        if self.subject.kind.owned_by.is_some()
            && let Some(owner) = self.subject.identities(vm, call)?.into_iter().next()
        {
            return Ok(owner);
        }
        if let Some(given) = call.get("Identity") {
            let given = value::identity_text(vm, &given)?;
            // The parent alone, with the name beside it.
            return match call.get("Name") {
                Some(name) if is_child && !given.contains('/') => {
                    let name = vm.to_text(&name)?;
                    Ok(format!("{given}/{}", self.child_name(name)))
                }
                _ => Ok(given),
            };
        }
        if let Some(called) = &self.subject.kind.called {
            return self.called(vm, call, called);
        }
        let in_directory = matches!(self.subject.kind.identity, IdentityForm::Directory { .. });
        let is_user = matches!(self.subject.kind.identity, IdentityForm::User);
        for (parent, name) in CHILD_NAMES {
            if in_directory || is_user {
                break;
            }
            let (Some(parent), Some(name)) = (call.get(parent), call.get(name)) else {
                continue;
            };
            let parent = value::identity_text(vm, &parent)?;
            let name = vm.to_text(&name)?;
            return Ok(format!("{parent}/{}", self.child_name(name)));
        }
        if let (true, Some(parent)) = (is_child, call.get("Parent")) {
            let parent = value::identity_text(vm, &parent)?;
            for key in self.keys() {
                if let Some(name) = call.get(key) {
                    return Ok(format!("{parent}/{}", vm.to_text(&name)?));
                }
            }
        }
        if let Some(name) = self.subject.identities(vm, call)?.into_iter().next() {
            return Ok(name);
        }
        // A contact that the directory has already keeps its name.
        if let (true, Some(name)) = (is_user, call.text("DN")) {
            return Ok(name.to_string());
        }
        // Contacts without a name of their own are called by a new id.
        if let (IdentityForm::User, Some(unit)) = (&self.subject.kind.identity, call.text("OU")) {
            return Ok(format!("CN={{{}}},{unit}", Guid::new()));
        }
        for name in self.keys().chain([
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
        Ok(match &self.subject.kind.identity {
            IdentityForm::Singleton { name } => name.clone(),
            _ => Guid::new().to_string(),
        })
    }

    /// The parameters that give the properties that name an object.
    fn keys(&self) -> impl Iterator<Item = &'static str> {
        let keys = self.subject.kind.properties.iter().filter(|it| it.key);
        keys.map(|it| it.parameter.as_deref().unwrap_or(&it.name))
    }

    /// The last part of a child's identity: its name, or a new id where the name is only shown.
    fn child_name(&self, name: String) -> String {
        match self.subject.kind.property("Name") {
            Some(shown) if !shown.key => Guid::new().to_string(),
            _ => name,
        }
    }
}

impl New {
    /// The identity of an object of a container, by the kind's pattern.
    fn called(&self, vm: &mut Vm, call: &Call, pattern: &str) -> R<String> {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((part, tail)) = after.split_once('}') else {
                break;
            };
            if part == "@guid" {
                text.push_str(&Guid::new().to_string());
                rest = tail;
                continue;
            }
            let (name, otherwise) = part.split_once('|').unwrap_or((part, ""));
            let given = match call.get(name) {
                Some(given) => value::identity_text(vm, &given)?,
                None if otherwise == "@server" => {
                    let local = vm.local_exchange_server()?;
                    local.map_or_else(String::new, |server| server.identity)
                }
                None if otherwise == "@mailbox" => vm.user_name(),
                None => otherwise.to_owned(),
            };
            // A server is called by its name, however it was given.
            let given = match name {
                "Server" => vm
                    .twin()?
                    .find_one("ExchangeServer", &given)
                    .map_or(given, |server| server.identity),
                "Mailbox" if call.has(name) => {
                    let mailbox = vm.twin()?.find_one("Mailbox", &given);
                    vm.model(mailbox)?.identity
                }
                "Mailbox" => vm
                    .twin()?
                    .find_one("Mailbox", &given)
                    .map_or(given, |mailbox| mailbox.identity),
                _ => given,
            };
            text.push_str(given.trim_end_matches('\\'));
            rest = tail;
        }
        text.push_str(rest);
        Ok(text)
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
        if let (Some((name, _)), Some((container, _))) = (
            self.subject.kind.container_parameter(),
            shown.rsplit_once('\\'),
        ) && self.subject.kind.property(name).is_some_and(|it| !it.key)
        {
            object.set(name, Datum::text(container));
        }
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
        crate::cmdlet::exchange_rules::before_new(vm, &store, call, &mut object)?;
        if !self.subject.approve(vm, call, &shown)? {
            return Ok(());
        }
        self.subject.warn_of_blanks(vm, &object)?;
        crate::cmdlet::in_memory::complete(&mut object);
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

//! `Set-`, `Enable-`, `Disable-`, `Move-` and their like: change an object.

use super::{SharedTransaction, Subject, value};
use crate::cmdlet::rules::{self, Policies};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::kind::{IdentityForm, Kind, Output};
use crate::model::object::Object;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The state that a verb of progress leaves an object in.
fn status_after(verb: &str) -> Option<&'static str> {
    Some(match &*verb.to_ascii_lowercase() {
        "start" | "resume" | "retry" => "InProgress",
        "stop" => "Stopped",
        "suspend" => "Suspended",
        "complete" => "Completed",
        _ => return None,
    })
}

/// One call of a changing verb.
pub struct Set {
    subject: Subject,
    transaction: SharedTransaction,
    policies: Policies,
}

impl Set {
    /// For a noun.
    pub fn new(subject: Subject) -> Set {
        Set {
            subject,
            transaction: SharedTransaction::default(),
            policies: Policies::default(),
        }
    }

    /// The noun an identity is looked up under: Enable works on accounts the view does not show yet.
    fn lookup_kind(&self) -> &'static Kind {
        let enables =
            self.subject.verb.eq_ignore_ascii_case("enable") && self.subject.kind.view.is_some();
        if enables {
            // Lync knows accounts by the identities of its users, Exchange by those of the directory.
            let of_accounts = match self.subject.kind.stored_noun() {
                "ADUser" if self.subject.kind.noun.starts_with("Cs") => "CsAdUser",
                stored => stored,
            };
            crate::cmdlet::kinds::find(of_accounts).unwrap_or(self.subject.kind)
        } else {
            self.subject.kind
        }
    }

    fn change(&mut self, vm: &mut Vm, call: &Call, typed: &str) -> R<()> {
        let store = self.transaction.open(vm, call)?;
        let steady = store.steady().is_some();
        let found = store.find_one_as(self.subject.kind, self.lookup_kind(), typed);
        let found = match found {
            Ok(found) => found,
            Err(_) if self.subject.kind.set_makes => return self.make(vm, call, &store, typed),
            Err(error) => return vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        };
        let before = found.into_kind(self.subject.kind);
        if before.id == 0 && !self.subject.kind.gathers.is_empty() {
            // It belongs to another kind; what this cmdlet would bring up to date is so already.
            return self.subject.approve(vm, call, &before.identity).map(drop);
        }
        let mut wanted = before.clone();
        self.subject.apply_parameters(vm, call, &mut wanted)?;
        // `-Name` beside the identity is the new name.
        let named = wanted.kind.property("Name").is_some_and(|it| it.key);
        if named
            && self.subject.verb.eq_ignore_ascii_case("set")
            && !self.subject.kind.noun.starts_with("Cs")
            && call.has("Identity")
            && let Some(name) = call.text("Name").filter(|it| !it.is_empty())
        {
            wanted.identity = wanted.renamed(&name);
        }
        let told = self
            .subject
            .kind
            .verb(&self.subject.verb)
            .is_some_and(|rule| rule.assigns.iter().any(|(name, _)| name == "Status"));
        if let Some(status) = status_after(&self.subject.verb)
            && self.subject.kind.property("Status").is_some()
            && !told
        {
            wanted.set("Status", status.into());
        }
        // Exchange looks at what is wanted before it asks, Lync after.
        let early = !self.subject.kind.noun.starts_with("Cs");
        if early {
            let policies = &mut self.policies;
            rules::before_change(vm, &store, call, policies, &before, &mut wanted)?;
        }
        if !self.subject.approve(vm, call, &before.identity)? {
            return Ok(());
        }
        if !early {
            let policies = &mut self.policies;
            rules::before_change(vm, &store, call, policies, &before, &mut wanted)?;
        }
        self.subject.warn_of_blanks(vm, &wanted)?;
        let changed = if steady && store.steady().is_some() {
            store.change_steady(&before, wanted)
        } else {
            store.change(&before.seen_as(self.lookup_kind()), &wanted)
        };
        let (after, any) = match changed {
            Ok(done) => done,
            Err(error) => return self.subject.refuse(vm, error),
        };
        if !any
            && let Some(message) = self
                .subject
                .kind
                .verb(&self.subject.verb)
                .and_then(|rule| rule.unchanged.as_ref())
        {
            let error = ModelError::Unchanged {
                message: after.expand(message),
                identity: after.identity.clone(),
            };
            return vm.write_fault(crate::cmdlet::twin::model_fault(&error));
        }
        let after = after.into_kind(self.subject.kind);
        self.subject.output(vm, call, &after, Output::PassThru)
    }

    /// Set of an object that is not there yet, for kinds whose Set makes it.
    fn make(&self, vm: &mut Vm, call: &Call, store: &Store, typed: &str) -> R<()> {
        let mut object = Object::new(self.subject.kind, typed);
        self.subject.apply_parameters(vm, call, &mut object)?;
        if !self.subject.approve(vm, call, typed)? {
            return Ok(());
        }
        match store.create(object) {
            Ok(made) => self.subject.output(vm, call, &made, Output::PassThru),
            Err(error) => self.subject.refuse(vm, error),
        }
    }

    /// `-Instance`: stores the object as it stands, then the parameters given beside it.
    fn instance(&mut self, vm: &mut Vm, call: &Call, instance: &Value) -> R<()> {
        let identity = value::identity_text(vm, instance)?;
        if !self.subject.approve(vm, call, &identity)? {
            return Ok(());
        }
        let store = self.transaction.open(vm, call)?;
        let stored = match store.find(&self.subject.kind.noun, &identity) {
            Ok(found) => found.into_iter().next(),
            Err(error) => return vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        };
        let mut object = stored
            .clone()
            .unwrap_or_else(|| Object::new(self.subject.kind, identity.clone()));
        if let Value::Custom(custom) = instance.base() {
            for (name, member) in custom.members.list() {
                let Some(property) = self.subject.kind.property(&name) else {
                    continue;
                };
                let Member::Note(given) = member else {
                    continue;
                };
                if property.key {
                    // Another name than the identity tells is the name that it shall have.
                    let name = vm.to_text(&given)?;
                    let shown = object.text(&property.name);
                    if !name.is_empty()
                        && fold(&name) != fold(&shown)
                        && !property.name.eq_ignore_ascii_case("Identity")
                    {
                        object.identity = object.renamed(&name);
                    }
                    continue;
                }
                if property.parts().is_some() {
                    let parts = value::value_datum(vm, &given, Some(property))?;
                    object.set_parts(&property.name, parts);
                    continue;
                }
                if property.is_computed() && property.pair.is_none() {
                    continue;
                }
                let datum = value::value_datum(vm, &given, Some(property))?;
                let needed = property.required && object.given(&property.name).is_none();
                if needed || !datum.same(&object.get(&property.name)) {
                    object.set(&property.name, datum);
                }
            }
        }
        // `-Name` beside an identity is the new name.
        if call.has("Identity") || call.has("Instance") {
            let named = object.kind.property("Name").is_some_and(|it| it.key);
            if let Some(name) = call.text("Name").filter(|it| named && !it.is_empty()) {
                object.identity = object.renamed(&name);
            }
        }
        self.subject.apply_parameters(vm, call, &mut object)?;
        self.subject.warn_of_blanks(vm, &object)?;
        let saved = match &stored {
            Some(stored) if stored.identity != object.identity => {
                store.change(stored, &object).map(|(after, _)| after)
            }
            _ => store.save(&object),
        };
        match saved {
            Ok(saved) => self.subject.output(vm, call, &saved, Output::PassThru),
            Err(error) => self.subject.refuse(vm, error),
        }
    }
}

impl Cmdlet for Set {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(instance) = call.get("Instance") {
            let same_verb = self.subject.verb.eq_ignore_ascii_case("set");
            if same_verb {
                let stored = self.instance(vm, call, &instance);
                return super::refusals_written(vm, stored);
            }
        }
        let mut identities = self.subject.identities(vm, call)?;
        if identities.is_empty() {
            match (
                &self.subject.kind.identity,
                self.subject.kind.standing_identity(),
            ) {
                (IdentityForm::Scoped { .. } | IdentityForm::Singleton { .. }, Some(standing)) => {
                    identities.push(standing.into())
                }
                // What each server has is changed on the one that the session is on.
                _ if self.subject.kind.named_by.iter().any(|it| it == "Server") => {
                    let local = vm.local_exchange_server()?;
                    identities.extend(local.map(|server| server.identity));
                }
                _ => return Ok(()),
            }
        }
        for typed in identities {
            let changed = self.change(vm, call, &typed);
            super::refusals_written(vm, changed)?;
        }
        Ok(())
    }

    fn clean(&mut self, vm: &mut Vm) -> R<()> {
        self.transaction.close(vm)
    }
}

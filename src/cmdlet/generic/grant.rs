//! `Grant-`: gives a per-user policy to users and contacts, or takes it away.

use super::{SharedTransaction, Subject};
use crate::model::error::ModelError;
use crate::model::identity::{self, Scope};
use crate::model::kind::ScopeKind;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// One call of Grant.
pub struct Grant {
    subject: Subject,
    transaction: SharedTransaction,
}

impl Grant {
    /// For a policy.
    pub fn new(subject: Subject) -> Grant {
        Grant {
            subject,
            transaction: SharedTransaction::default(),
        }
    }

    /// The name to assign: empty takes the assignment away; only per-user policies that exist are given.
    fn policy(&self, store: &Store, given: &str) -> Result<Datum, ModelError> {
        let given = given.trim();
        if given.is_empty() {
            return Ok(Datum::Null);
        }
        let kind = self.subject.kind;
        if Scope::parse(given).kind() != ScopeKind::Tag {
            return Err(ModelError::NotUserPolicy {
                identity: given.to_owned(),
            });
        }
        let normal = identity::normalise(kind, given)?;
        match store.get(&kind.noun, &normal)? {
            Some(policy) => Ok(Datum::Text(
                Scope::parse(&policy.identity).name().to_owned(),
            )),
            None => Err(crate::model::constraint::not_found(kind, &normal)),
        }
    }

    /// `-Global`: what the policy says counts for everyone without one of his own.
    fn for_everyone(&self, vm: &mut Vm, call: &Call, store: &Store, policy: &Datum) -> R<()> {
        let kind = self.subject.kind;
        let name = call.info.name.clone();
        if !vm.should_process(call, "Global", &name)? {
            return Ok(());
        }
        let named = match policy.as_text() {
            Some(name) => store.get(&kind.noun, name),
            None => Ok(None),
        };
        let properties = vm.model(named)?.map_or_else(Vec::new, |it| it.properties);
        let changed = store.modify(kind, "Global", |global| {
            global.properties = properties.clone();
            Ok(())
        });
        match changed {
            Ok((after, _)) if call.switch("PassThru") => {
                vm.write(super::value::object_value(&after))
            }
            Ok(_) => Ok(()),
            Err(error) => vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        }
    }

    fn holder(&self, store: &Store, typed: &str) -> Result<Object, ModelError> {
        let nouns = self
            .subject
            .kind
            .grant
            .as_ref()
            .map(|g| g.holders.as_slice())
            .unwrap_or_default();
        let mut first = None;
        for noun in nouns {
            match store.find_one(noun, typed) {
                Ok(found) => return Ok(found),
                Err(error @ ModelError::Ambiguous { .. }) => return Err(error),
                Err(error) => {
                    first.get_or_insert(error);
                }
            }
        }
        Err(first.unwrap_or_else(|| ModelError::UserNotFound {
            identity: typed.to_owned(),
        }))
    }
}

/// The members of a group, which is named like a recipient or an account.
fn members(store: &Store, group: &str) -> Result<Vec<String>, ModelError> {
    let found = store
        .find_one("DistributionGroup", group)
        .or_else(|_| store.find_one("ADGroup", group))?;
    Ok(found.texts("Members"))
}

impl Cmdlet for Grant {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(rule) = &self.subject.kind.grant else {
            return Ok(());
        };
        let store = self.transaction.open(vm, call)?;
        let given = call.get("PolicyName").unwrap_or_default();
        let given = super::value::identity_text(vm, &given)?;
        let policy = match self.policy(&store, &given) {
            Ok(policy) => policy,
            Err(error) => return vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        };
        if call.switch("Global") {
            return self.for_everyone(vm, call, &store, &policy);
        }
        let mut holders = self.subject.identities(vm, call)?;
        if let Some(group) = call.text("Group") {
            let found = members(&store, &group);
            holders.extend(vm.model(found)?);
        }
        for typed in holders {
            let holder = match self.holder(&store, &typed) {
                Ok(holder) => holder,
                Err(error) => {
                    vm.write_fault(crate::cmdlet::twin::model_fault(&error))?;
                    continue;
                }
            };
            if !vm.should_process(call, &holder.identity, &call.info.name.clone())? {
                continue;
            }
            let changed = store.modify(holder.kind, &holder.identity, |stored| {
                match &policy {
                    Datum::Null => stored.clear(&rule.property),
                    name => stored.set(&rule.property, name.clone()),
                }
                Ok(())
            });
            match changed {
                Ok((after, _)) if call.switch("PassThru") => {
                    vm.write(super::value::object_value(&after))?
                }
                Ok(_) => {}
                Err(error) => vm.write_fault(crate::cmdlet::twin::model_fault(&error))?,
            }
        }
        Ok(())
    }

    fn clean(&mut self, vm: &mut Vm) -> R<()> {
        self.transaction.close(vm)
    }
}

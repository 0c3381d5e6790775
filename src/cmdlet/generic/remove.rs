//! `Remove-`: takes an object out; a standing one goes back to its defaults.

use super::{SharedTransaction, Subject};
use crate::model::kind::Kind;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;

/// One call of Remove.
pub struct Remove {
    subject: Subject,
    transaction: SharedTransaction,
}

impl Remove {
    /// For a noun.
    pub fn new(subject: Subject) -> Remove {
        Remove {
            subject,
            transaction: SharedTransaction::default(),
        }
    }

    fn remove(&mut self, vm: &mut Vm, call: &Call, typed: &str) -> R<()> {
        let store = self.transaction.open(vm, call)?;
        let found = match store.find_one(&self.subject.kind.noun, typed) {
            Ok(found) => found,
            Err(error) => return vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        };
        crate::cmdlet::user_rules::before_removal(vm, &found)?;
        if !self.subject.approve(vm, call, &found.identity)? {
            return Ok(());
        }
        if let Some(own) = own_properties(self.subject.kind) {
            // The object is another's: it stays, without what this noun keeps in it.
            let mut wanted = found.clone();
            for name in own {
                wanted.clear(name);
            }
            return match store.change(&found, &wanted) {
                Ok(_) => Ok(()),
                Err(error) => vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
            };
        }
        let consequences = store.consequences(&found);
        let consequences = match consequences {
            Ok(consequences) => consequences,
            Err(error) => return vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        };
        let holders = consequences.confirm;
        if holders > 0 && !call.switch("Force") && vm.overrides.confirm != Some(false) {
            let question = format!(
                "The {} \"{}\" is assigned to {holders} object(s). They will fall back to the next policy that applies.",
                self.subject.kind.noun, found.identity
            );
            if !vm.should_continue(&question, "Confirm")? {
                return Ok(());
            }
        }
        match store.remove(self.subject.kind, &found.identity) {
            Ok(_) => Ok(()),
            Err(error) => vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
        }
    }
}

/// The properties that a view keeps in another noun's objects under its own name (`UserPhoto.PictureData`);
/// nothing for nouns whose objects are their own.
fn own_properties(kind: &'static Kind) -> Option<Vec<&'static str>> {
    kind.view.as_ref()?;
    let own: Vec<&str> = kind
        .properties
        .iter()
        .filter(|property| {
            let stored = property.stored_name().split_once('.');
            stored.is_some_and(|(noun, _)| noun.eq_ignore_ascii_case(&kind.noun))
        })
        .map(|property| property.name.as_str())
        .collect();
    (!own.is_empty()).then_some(own)
}

impl Cmdlet for Remove {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut identities = self.subject.identities(vm, call)?;
        if identities.is_empty() {
            for name in ["Domain", "Name", "Fqdn", "PoolFqdn"] {
                if let Some(text) = call.text(name) {
                    identities.push(text.to_string());
                    break;
                }
            }
        }
        for typed in identities {
            let removed = self.remove(vm, call, &typed);
            super::refusals_written(vm, removed)?;
        }
        Ok(())
    }

    fn clean(&mut self, vm: &mut Vm) -> R<()> {
        self.transaction.close(vm)
    }
}

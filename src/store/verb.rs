//! The generic verbs on stored objects: one call for each, so that a cmdlet is
//! its parameters and nothing else.

use super::{Removed, Store};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::kind::Kind;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::model::{constraint, verb};

impl Store {
    /// New: an object with the values of the parameters, not stored yet (`-InMemory`).
    pub fn draft(
        &self,
        kind: &'static Kind,
        identity: &str,
        values: &[(String, Datum)],
    ) -> Result<Object, ModelError> {
        let identity = crate::model::identity::normalise(kind, identity)?;
        let mut object = Object::new(kind, identity);
        verb::apply(kind, "New", &mut object, values)?;
        for property in &kind.properties {
            if let Some(given) = object.given(&property.name) {
                let fit = constraint::value(property, given.clone())?;
                object.set(&property.name, fit);
            }
        }
        Ok(object)
    }

    /// New: makes and stores an object.
    pub fn perform_new(
        &self,
        kind: &'static Kind,
        identity: &str,
        values: &[(String, Datum)],
    ) -> Result<Object, ModelError> {
        self.create(self.draft(kind, identity, values)?)
    }

    /// Set, Enable, Disable, Move and their like: writes the values of the
    /// parameters into the object that the identity means.
    pub fn perform(
        &self,
        kind: &'static Kind,
        verb: &str,
        identity: &str,
        values: &[(String, Datum)],
    ) -> Result<Object, ModelError> {
        let object = self.find_one(&kind.noun, identity)?;
        self.perform_on(&object, verb, values)
    }

    /// The same for an object that has been found already.
    pub fn perform_on(
        &self,
        object: &Object,
        verb: &str,
        values: &[(String, Datum)],
    ) -> Result<Object, ModelError> {
        let kind = object.kind;
        let (after, changed) = self.modify(kind, &object.identity, |object| {
            verb::apply(kind, verb, object, values)
        })?;
        match verb::unchanged(kind, verb, &after) {
            Some(error) if !changed => Err(error),
            _ => Ok(after),
        }
    }

    /// Remove.
    pub fn perform_remove(
        &self,
        kind: &'static Kind,
        identity: &str,
    ) -> Result<Removed, ModelError> {
        let object = self.find_one(&kind.noun, identity)?;
        self.remove(kind, &object.identity)
    }

    /// Grant: gives a user or contact a policy of a kind, or takes it away
    /// (`None` or an empty name).
    pub fn grant(
        &self,
        policies: &'static Kind,
        name: Option<&str>,
        holder: &Object,
    ) -> Result<Object, ModelError> {
        let Some(grant) = &policies.grant else {
            return Err(ModelError::NotUserPolicy {
                identity: name.unwrap_or_default().to_owned(),
            });
        };
        let policy = match name.filter(|name| !name.trim().is_empty()) {
            None => None,
            Some(name) => {
                let plain = verb::user_policy_name(name)?;
                let found = self.get(&policies.noun, &format!("Tag:{plain}"))?;
                let Some(found) = found else {
                    return Err(constraint::not_found(policies, &format!("Tag:{plain}")));
                };
                Some(
                    crate::model::identity::Scope::parse(&found.identity)
                        .name()
                        .to_owned(),
                )
            }
        };
        let (after, _) = self.modify(holder.kind, &holder.identity, |holder| {
            match &policy {
                Some(policy) => {
                    let held = holder.text(&grant.property);
                    if fold(&held) != fold(policy) {
                        holder.set(&grant.property, Datum::Text(policy.clone()));
                    }
                }
                None => holder.clear(&grant.property),
            }
            Ok(())
        })?;
        Ok(after)
    }
}

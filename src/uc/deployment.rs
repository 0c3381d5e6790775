//! The deployment as the rules read it.

use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::policy::Lookup;
use crate::store::log::Change;
use crate::store::view::View;

/// Read access to a deployment, whole or as one computer knows it.
pub trait Deployment: Lookup {
    /// All objects of a kind.
    fn list(&self, noun: &str) -> Result<Vec<Object>, ModelError>;
    /// The object that has a unique value.
    fn by_key(&self, noun: &str, space: &str, value: &str) -> Result<Option<Object>, ModelError>;
    /// The objects that an index has under a value.
    fn by_link(&self, noun: &str, space: &str, value: &str) -> Result<Vec<Object>, ModelError>;
    /// The time on the deployment's clock, in .NET ticks (UTC).
    fn now(&self) -> Result<i64, ModelError>;
    /// The changes of a kind within so many ticks before now, newest first.
    fn recent_changes(&self, noun: &str, ticks: i64) -> Result<Vec<Change>, ModelError>;
    /// A value kept beside the deployment.
    fn setting(&self, name: &str) -> Result<Option<String>, ModelError>;
    /// The replicas, and whether each has everything.
    fn replicas(&self) -> Result<Vec<(String, bool)>, ModelError>;
    /// The deployment as the replica on a computer knows it.
    fn on(&self, computer: &str) -> Result<Box<dyn Deployment + '_>, ModelError>;
}

impl Deployment for View<'_> {
    fn list(&self, noun: &str) -> Result<Vec<Object>, ModelError> {
        View::list(self, noun)
    }

    fn by_key(&self, noun: &str, space: &str, value: &str) -> Result<Option<Object>, ModelError> {
        self.store().by_key(noun, space, value)
    }

    fn by_link(&self, noun: &str, space: &str, value: &str) -> Result<Vec<Object>, ModelError> {
        self.store().by_link(noun, space, value)
    }

    fn now(&self) -> Result<i64, ModelError> {
        Ok(crate::store::clock::ticks(self.store().now()?))
    }

    fn recent_changes(&self, noun: &str, ticks: i64) -> Result<Vec<Change>, ModelError> {
        let since = self.store().now()?.saturating_sub(ticks / 10_000);
        self.store().recent_changes(noun, since)
    }

    fn setting(&self, name: &str) -> Result<Option<String>, ModelError> {
        self.store().setting(name)
    }

    fn replicas(&self) -> Result<Vec<(String, bool)>, ModelError> {
        let status = self.store().replication_status()?;
        Ok(status
            .into_iter()
            .map(|it| (it.fqdn, it.up_to_date))
            .collect())
    }

    fn on(&self, computer: &str) -> Result<Box<dyn Deployment + '_>, ModelError> {
        Ok(Box::new(self.store().local_store(computer)?))
    }
}

//! Deployments in and out of the store.

use super::{Store, storage};
use crate::model::deployment::{self, Deployment, Entry};
use crate::model::error::ModelError;

impl Store {
    /// The whole deployment: every stored object, kinds in the order in which
    /// their first object came.
    pub fn export(&self) -> Result<Deployment, ModelError> {
        let nouns: Vec<String> = {
            let mut statement = self
                .connection
                .prepare("SELECT kind FROM objects GROUP BY kind ORDER BY min(id)")
                .map_err(storage)?;
            let rows = statement.query_map([], |row| row.get(0)).map_err(storage)?;
            rows.collect::<rusqlite::Result<_>>().map_err(storage)?
        };
        let mut entries = Vec::new();
        for noun in nouns {
            for object in self.list(&noun)? {
                let object = object?;
                if object.id != 0 {
                    entries.push(Entry {
                        noun: noun.clone(),
                        identity: object.identity,
                        properties: object.properties,
                    });
                }
            }
        }
        Ok(Deployment {
            product: self.setting("product")?.unwrap_or_default(),
            entries,
        })
    }

    /// Writes the whole deployment as a file's text.
    pub fn export_text(&self) -> Result<String, ModelError> {
        Ok(deployment::write(&self.export()?, self.kinds))
    }

    /// Adds the objects of a deployment, logged like any change; objects that
    /// exist get the values of the file.
    pub fn import(&self, deployment: &Deployment) -> Result<(), ModelError> {
        self.load(deployment, true)
    }
}

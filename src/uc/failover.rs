//! Which pool serves the users of a pool, and which hosts the active Central Management store.

use super::deployment::Deployment;
use crate::model::error::ModelError;

/// The noun under which the state of pools is noted.
pub const STATE: &str = "TwinPoolState";

/// Whether the users of a pool are served by its backup pool.
pub fn is_failed_over(deployment: &dyn Deployment, pool: &str) -> Result<bool, ModelError> {
    if pool.is_empty() {
        return Ok(false);
    }
    let state = deployment.get(STATE, pool)?;
    Ok(state.is_some_and(|state| state.flag("FailedOver")))
}

/// The pool that serves the users of a pool: itself, or its backup pool after a failover.
pub fn serving_pool(deployment: &dyn Deployment, pool: &str) -> Result<String, ModelError> {
    if is_failed_over(deployment, pool)?
        && let Some(home) = deployment.get("CsPool", pool)?
    {
        let backup = home.text("BackupPoolFqdn");
        if !backup.is_empty() {
            return Ok(backup);
        }
    }
    Ok(pool.to_owned())
}

/// The pool that hosts the active Central Management store.
pub fn management_pool(deployment: &dyn Deployment) -> Result<Option<String>, ModelError> {
    let services = deployment.list("CsService")?;
    let active = services
        .iter()
        .find(|service| service.text("Role") == "CentralManagement");
    Ok(active.map(|service| service.text("PoolFqdn")))
}

//! Get-CsManagementStoreReplicationStatus and Invoke-CsManagementStoreReplication.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::text::datetime::{DateTime, DateTimeKind};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::replication::ReplicaStatus;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-CsManagementStoreReplicationStatus", || {
        Box::new(ReplicationStatus)
    }),
    ("Invoke-CsManagementStoreReplication", || {
        Box::new(InvokeReplication)
    }),
];

struct ReplicationStatus;

impl Cmdlet for ReplicationStatus {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        if call.switch("CentralManagementStoreStatus") {
            return central_status(vm);
        }
        let all = store.replication_status();
        let all = vm.model(all)?;
        let Some(wanted) = call.get("ReplicaFqdn") else {
            for status in &all {
                let value = status_value(status);
                vm.write(value)?;
            }
            return Ok(());
        };
        let wanted = vm.to_text(&wanted)?;
        match all.iter().find(|s| s.fqdn.eq_ignore_ascii_case(&wanted)) {
            Some(status) => vm.write(status_value(status)),
            None => {
                let missing = store.replica(&wanted);
                vm.model(missing).map(drop)
            }
        }
    }
}

fn status_value(status: &ReplicaStatus) -> Value {
    let moment = |milliseconds: Option<i64>| match milliseconds {
        Some(ms) => Value::datetime(DateTime::new(
            crate::store::clock::ticks(ms),
            DateTimeKind::Utc,
        )),
        None => Value::Null,
    };
    CustomObject::typed(
        "Microsoft.Rtc.Management.Xds.ReplicaState",
        [
            ("UpToDate", Value::Bool(status.up_to_date)),
            ("ReplicaFqdn", Value::str(status.fqdn.as_str())),
            ("LastStatusReport", moment(status.last_status_report)),
            ("LastUpdateCreation", moment(status.last_update_creation)),
            ("ProductVersion", Value::str("5.0.8308.0")),
        ],
    )
}

fn central_status(vm: &mut Vm) -> R<()> {
    let store = vm.twin()?;
    let all = store.replication_status();
    let all = vm.model(all)?;
    let now = store.now();
    let now = vm.model(now)?;
    let now = Value::datetime(DateTime::new(
        crate::store::clock::ticks(now),
        DateTimeKind::Utc,
    ));
    let holder = crate::uc::failover::management_pool(&store.at(i64::MAX));
    let holder = vm.model(holder)?.unwrap_or_default();
    let master = super::service::pool_computers(vm, &store, &holder)?
        .into_iter()
        .next()
        .or_else(|| all.first().map(|s| s.fqdn.clone()))
        .unwrap_or_default();
    let deleted = store.deleted_replicas();
    let deleted = vm.model(deleted)?;
    let deleted = Value::array(deleted.iter().map(|it| Value::str(it.as_str())).collect());
    let replicas = Value::array(all.iter().map(|s| Value::str(s.fqdn.as_str())).collect());
    vm.write(CustomObject::typed(
        "Microsoft.Rtc.Management.Xds.CentralManagementStoreState",
        [
            ("LastUpdatedOn", now.clone()),
            ("ActiveMasterFqdn", Value::str(master.as_str())),
            ("ActiveMasterLastHeartbeat", now.clone()),
            ("ActiveFileTransferAgentFqdn", Value::str(master.as_str())),
            ("ActiveFileTransferAgentLastHeartbeat", now),
            ("ActiveReplicas", replicas),
            ("DeletedReplicas", deleted),
        ],
    ))
}

struct InvokeReplication;

impl Cmdlet for InvokeReplication {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let fqdn = match call.get("ReplicaFqdn") {
            Some(value) => Some(vm.to_text(&value)?),
            None => None,
        };
        let target = fqdn.clone().unwrap_or_else(|| "all replicas".to_string());
        if !vm.should_process(call, &target, "Invoke-CsManagementStoreReplication")? {
            return Ok(());
        }
        let invoked = store.invoke_replication(fqdn.as_deref());
        vm.model(invoked)
    }
}

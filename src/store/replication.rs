//! How changes of the Central Management store reach the computers of the
//! deployment. A replica is nothing but a position in the log, which follows
//! from the clock, the replica's delay, and whether its service runs.

use super::clock::wall;
use super::log::Action;
use super::view::View;
use super::{Store, storage};
use crate::model::constraint::not_found;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::kind::ReplicaClass;
use rusqlite::{OptionalExtension, params};

/// A change normally reaches an Edge Server within a minute.
const EDGE_DELAY: i64 = 60_000;

/// And a server inside in half of that.
const INTERNAL_DELAY: i64 = 30_000;

/// How long it takes to send everything anew.
const RESEND_TIME: i64 = 150_000;

/// A computer that holds a copy of the Central Management data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The computer.
    pub fqdn: String,
    /// Edge, branch or inside.
    pub class: ReplicaClass,
    /// Whether a replica agent runs there at all; a trusted application
    /// computer has none.
    pub agent: bool,
    /// Milliseconds from a change to its arrival.
    pub delay: i64,
    /// Its service is stopped, or the way to it is closed.
    pub stopped: bool,
    /// The position it has reached at least.
    floor: i64,
    /// Changes count as sent at this time or later.
    since: i64,
    /// When everything was last sent anew.
    resend: Option<i64>,
}

/// What the Central Management store knows about a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaStatus {
    /// The computer.
    pub fqdn: String,
    /// The report for the newest change has come back.
    pub up_to_date: bool,
    /// When the agent last reported (milliseconds since 1970), if ever.
    pub last_status_report: Option<i64>,
    /// When the newest change that it has was made.
    pub last_update_creation: Option<i64>,
    /// The last change that it has.
    pub position: i64,
}

impl Store {
    /// All replicas: every computer with Lync services, and the computers of
    /// trusted application pools that require replication.
    pub fn replicas(&self) -> Result<Vec<Replica>, ModelError> {
        let mut edge_pools = Vec::new();
        let mut branch_pools = Vec::new();
        for service in self.list("CsService")? {
            let service = service?;
            let (role, _) = service.identity.split_once(':').unwrap_or_default();
            match role {
                "EdgeServer" => edge_pools.push(fold(&service.text("PoolFqdn"))),
                "Registrar" if service.flag("IsBranch") => {
                    branch_pools.push(fold(&service.text("PoolFqdn")));
                }
                _ => {}
            }
        }
        let mut replicas = Vec::new();
        for computer in self.list("CsComputer")? {
            let computer = computer?;
            let pool = fold(&computer.text("Pool"));
            let class = if edge_pools.contains(&pool) {
                ReplicaClass::Edge
            } else if branch_pools.contains(&pool) {
                ReplicaClass::Branch
            } else {
                ReplicaClass::Internal
            };
            let mut agent = true;
            if let Some(trusted) = self.get_declared("CsTrustedApplicationPool", &pool)? {
                if !trusted.flag("RequiresReplication") {
                    continue;
                }
                agent = false;
            }
            replicas.push(self.replica_row(computer.identity, class, agent)?);
        }
        Ok(replicas)
    }

    /// Computers that held a replica and are no longer in the topology, newest first.
    pub fn deleted_replicas(&self) -> Result<Vec<String>, ModelError> {
        let current: Vec<String> = self.replicas()?.iter().map(|it| fold(&it.fqdn)).collect();
        let mut deleted: Vec<String> = Vec::new();
        for change in self.later_changes("CsComputer", 0)? {
            let folded = fold(&change.identity);
            let known = current.contains(&folded) || deleted.iter().any(|it| fold(it) == folded);
            if change.action == Action::Remove && !known {
                deleted.push(change.identity);
            }
        }
        Ok(deleted)
    }

    fn get_declared(
        &self,
        noun: &str,
        identity: &str,
    ) -> Result<Option<crate::model::object::Object>, ModelError> {
        match (self.kinds)(noun) {
            Some(kind) if !identity.is_empty() => self.object_of(kind, identity),
            _ => Ok(None),
        }
    }

    fn replica_row(
        &self,
        fqdn: String,
        class: ReplicaClass,
        agent: bool,
    ) -> Result<Replica, ModelError> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT delay, stopped, position, since, resend FROM replicas WHERE fqdn = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([fold(&fqdn)], |row| {
                        Ok((
                            row.get(0)?,
                            row.get(1)?,
                            row.get(2)?,
                            row.get(3)?,
                            row.get(4)?,
                        ))
                    })
                    .optional()
            })
            .map_err(storage)?;
        let (delay, stopped, floor, since, resend): (Option<i64>, bool, i64, i64, Option<i64>) =
            row.unwrap_or((None, false, 0, i64::MIN, None));
        let usual = match class {
            ReplicaClass::Edge => EDGE_DELAY,
            _ => INTERNAL_DELAY,
        };
        Ok(Replica {
            fqdn,
            class,
            agent,
            delay: delay.unwrap_or(usual),
            stopped,
            floor,
            since,
            resend,
        })
    }

    /// The replica on a computer.
    pub fn replica(&self, fqdn: &str) -> Result<Replica, ModelError> {
        let folded = fold(fqdn);
        let found = self
            .replicas()?
            .into_iter()
            .find(|it| fold(&it.fqdn) == folded);
        match found {
            Some(replica) => Ok(replica),
            None => Err(not_found(self.kind("CsComputer")?, fqdn)),
        }
    }

    /// What `-LocalStore` shows on a computer.
    pub fn local_store(&self, fqdn: &str) -> Result<View<'_>, ModelError> {
        let replica = self.replica(fqdn)?;
        Ok(self.at(self.replica_position(&replica)?))
    }

    /// The last change that a replica has by now.
    fn replica_position(&self, replica: &Replica) -> Result<i64, ModelError> {
        if replica.stopped || !replica.agent {
            return Ok(replica.floor);
        }
        let now = self.now()?;
        let mut reached = replica.floor;
        if replica.since.saturating_add(replica.delay) <= now {
            reached = reached.max(self.position_at(now.saturating_sub(replica.delay))?);
        }
        if let Some(resend) = replica
            .resend
            .filter(|resend| resend.saturating_add(RESEND_TIME) <= now)
        {
            reached = reached.max(self.position_at(resend)?);
        }
        Ok(reached)
    }

    /// The newest replicated change up to a time.
    fn position_at(&self, time: i64) -> Result<i64, ModelError> {
        self.connection
            .prepare_cached(
                "SELECT coalesce(max(sequence), 0) FROM changes WHERE replicated = 1 AND at <= ?1",
            )
            .and_then(|mut statement| statement.query_row([time], |row| row.get(0)))
            .map_err(storage)
    }

    fn time_of(&self, sequence: i64) -> Result<Option<i64>, ModelError> {
        self.connection
            .prepare_cached("SELECT at FROM changes WHERE sequence = ?1")
            .and_then(|mut statement| statement.query_row([sequence], |row| row.get(0)).optional())
            .map_err(storage)
    }

    /// The state of all replicas.
    pub fn replication_status(&self) -> Result<Vec<ReplicaStatus>, ModelError> {
        let newest = self.position_at(i64::MAX)?;
        let born = self
            .setting("born")?
            .and_then(|text| text.parse().ok())
            .unwrap_or_default();
        let now = self.now()?;
        self.replicas()?
            .into_iter()
            .map(|replica| {
                let position = self.replica_position(&replica)?;
                let resending = replica
                    .resend
                    .is_some_and(|at| at.saturating_add(RESEND_TIME) > now);
                let created = self.time_of(position)?.unwrap_or(born);
                let reported = match replica
                    .resend
                    .filter(|at| at.saturating_add(RESEND_TIME) <= now)
                {
                    Some(resent) => resent
                        .saturating_add(RESEND_TIME)
                        .max(created.saturating_add(replica.delay)),
                    None => created.saturating_add(replica.delay),
                };
                let known = replica.agent && !(resending && replica.stopped);
                Ok(ReplicaStatus {
                    up_to_date: replica.agent && position >= newest && !resending,
                    last_status_report: known.then_some(reported.min(now)),
                    last_update_creation: known.then_some(created),
                    position,
                    fqdn: replica.fqdn,
                })
            })
            .collect()
    }

    /// Discards what is known about one replica or all, and sends everything anew.
    pub fn invoke_replication(&self, fqdn: Option<&str>) -> Result<(), ModelError> {
        let replicas = match fqdn {
            Some(fqdn) => vec![self.replica(fqdn)?],
            None => self.replicas()?,
        };
        let now = self.now()?;
        self.atomic(|| {
            for replica in replicas {
                let replica = Replica {
                    resend: Some(now),
                    ..replica
                };
                self.write_replica(&replica)?;
            }
            Ok(())
        })
    }

    /// Stops or starts the replication service of a computer. What it missed
    /// comes when it runs again.
    pub fn run_replica(&self, fqdn: &str, running: bool) -> Result<(), ModelError> {
        self.atomic(|| {
            self.start_writing()?;
            let replica = self.replica(fqdn)?;
            if replica.stopped != running {
                return Ok(());
            }
            let replica = Replica {
                floor: self.replica_position(&replica)?,
                stopped: !running,
                since: self.now()?,
                ..replica
            };
            self.write_replica(&replica)
        })
    }

    fn write_replica(&self, replica: &Replica) -> Result<(), ModelError> {
        self.start_writing()?;
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO replicas (fqdn, delay, stopped, position, since, resend)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    fold(&replica.fqdn),
                    replica.delay,
                    replica.stopped,
                    replica.floor,
                    replica.since,
                    replica.resend,
                ])
            })
            .map(|_| ())
            .map_err(storage)
    }

    /// Notes when the deployment came into being, on its clock.
    pub(super) fn note_birth(&self) -> Result<(), ModelError> {
        self.set_setting("born", &wall().to_string())
    }
}

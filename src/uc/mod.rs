//! What the deployment does: routing, policy resolution, replication.

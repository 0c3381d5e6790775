//! Where the deployment lives: transactions, change log, replicas.

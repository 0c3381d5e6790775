//! The deployment as plain data: kinds, identities, scopes, constraints.

//! Which policy counts for whom: the resolution of the model, under the name that the rules use.

pub use crate::model::policy::{effective, for_pool, listed_as, shown_name, site_of};

//! Releases of Exchange Server.

use super::object::Object;

/// The releases of Exchange, by what matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 2007.
    E2007,
    /// 2010 before its first service pack.
    E2010,
    /// 2010 with a service pack.
    E2010Sp1,
    /// 2013.
    E2013,
    /// 2016.
    E2016,
    /// 2019, which has no Unified Messaging.
    E2019,
}

impl Release {
    /// The release of a server.
    pub fn of(server: &Object) -> Release {
        match server.text("Product").as_str() {
            "Exchange2007" => Release::E2007,
            "Exchange2010" => Release::E2010,
            "Exchange2010SP1" => Release::E2010Sp1,
            "Exchange2016" => Release::E2016,
            "Exchange2019" => Release::E2019,
            _ => Release::E2013,
        }
    }

    /// The major version number.
    pub fn major(self) -> u32 {
        match self {
            Release::E2007 => 8,
            Release::E2010 | Release::E2010Sp1 => 14,
            _ => 15,
        }
    }

    /// Whether calls go to a call router that redirects them.
    pub fn has_call_router(self) -> bool {
        self.major() == 15
    }
}

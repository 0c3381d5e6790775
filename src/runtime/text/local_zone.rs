//! Time zones: the local one, looked up on first use (`TZ` decides where it is
//! set), and any other by its name.

use std::sync::OnceLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::datetime::{DateTime, UNIX_EPOCH_TICKS};
use super::timespan::{TICKS_PER_SECOND, TimeSpan};

/// A time zone (System.TimeZoneInfo).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    id: String,
    /// `None` is UTC: the frequent case needs no look-up per moment.
    rules: Option<TimeZone>,
}

impl Zone {
    /// The zone this computer is in.
    pub fn local() -> &'static Zone {
        static LOCAL: OnceLock<Zone> = OnceLock::new();
        LOCAL.get_or_init(|| Zone::new(TimeZone::try_system().unwrap_or(TimeZone::UTC)))
    }

    /// UTC.
    pub fn utc() -> Zone {
        Zone::new(TimeZone::UTC)
    }

    /// The zone of an IANA name or of a Windows name; `None` for an unknown one.
    pub fn by_id(id: &str) -> Option<Zone> {
        let known = WINDOWS_NAMES
            .iter()
            .find(|(windows, _)| windows.eq_ignore_ascii_case(id));
        let zone = TimeZone::get(known.map_or(id, |(_, iana)| iana)).ok()?;
        let mut zone = Zone::new(zone);
        zone.id = known.map_or(zone.id, |(windows, _)| (*windows).to_owned());
        Some(zone)
    }

    fn new(zone: TimeZone) -> Zone {
        let id = zone.iana_name().unwrap_or("Local").to_owned();
        let is_utc = zone == TimeZone::UTC
            || matches!(
                id.as_str(),
                "UTC" | "Etc/UTC" | "Etc/UCT" | "UCT" | "Zulu" | "GMT" | "Etc/GMT" | "Etc/Unknown"
            );
        Zone {
            id: if zone == TimeZone::UTC {
                "UTC".to_owned()
            } else {
                id
            },
            rules: (!is_utc).then_some(zone),
        }
    }

    /// The name the zone was found by.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it is UTC under some name.
    pub fn is_utc(&self) -> bool {
        self.rules.is_none()
    }

    /// IANA names of all zones this system knows.
    pub fn known_ids() -> Vec<String> {
        jiff::tz::db()
            .available()
            .map(|name| name.to_string())
            .collect()
    }

    /// Whether a reading of the zone's clock never happens: it is jumped over in spring.
    pub fn is_invalid(&self, ticks: i64) -> bool {
        matches!(self.reading(ticks), Some(AmbiguousOffset::Gap { .. }))
    }

    /// The two offsets of a reading that happens twice in autumn, the smaller first.
    pub fn ambiguous_offsets(&self, ticks: i64) -> Option<[TimeSpan; 2]> {
        match self.reading(ticks)? {
            AmbiguousOffset::Fold { before, after } => {
                let mut both = [span(before), span(after)];
                both.sort();
                Some(both)
            }
            _ => None,
        }
    }

    fn reading(&self, ticks: i64) -> Option<AmbiguousOffset> {
        let zone = self.rules.as_ref()?;
        let reading = Offset::UTC.to_datetime(timestamp(ticks)?);
        Some(zone.to_ambiguous_timestamp(reading).offset())
    }

    /// Whether its clock has ever been moved for the summer since 1970.
    pub fn had_daylight_saving_time(&self) -> bool {
        let Some(zone) = &self.rules else {
            return false;
        };
        let start = jiff::Timestamp::UNIX_EPOCH;
        zone.following(start)
            .take(200)
            .any(|transition| transition.dst().is_dst())
    }

    /// The offset at a moment given in UTC ticks.
    pub fn offset_of_utc(&self, ticks: i64) -> TimeSpan {
        let Some(zone) = &self.rules else {
            return TimeSpan::ZERO;
        };
        timestamp(ticks)
            .map(|moment| span(zone.to_offset(moment)))
            .unwrap_or_default()
    }

    /// The offset of a reading of the zone's clock. A reading that happens twice
    /// counts as standard time, one that never happens too.
    pub fn offset_of_local(&self, ticks: i64) -> TimeSpan {
        match self.reading(ticks) {
            Some(AmbiguousOffset::Unambiguous { offset }) => span(offset),
            Some(AmbiguousOffset::Gap { before, .. }) => span(before),
            Some(AmbiguousOffset::Fold { after, .. }) => span(after),
            None => TimeSpan::ZERO,
        }
    }

    /// Whether the zone's clock shows daylight saving time at a UTC moment.
    pub fn is_daylight_saving_time(&self, utc: DateTime) -> bool {
        self.rules.as_ref().is_some_and(|zone| {
            timestamp(utc.ticks()).is_some_and(|moment| zone.to_offset_info(moment).dst().is_dst())
        })
    }

    /// The offset outside daylight saving time, by the present year's rules.
    pub fn base_utc_offset(&self, utc: DateTime) -> TimeSpan {
        let here = self.offset_of_utc(utc.ticks());
        if !self.is_daylight_saving_time(utc) {
            return here;
        }
        // Half a year away the other time is in force.
        utc.add_months(6)
            .map_or(here, |later| self.offset_of_utc(later.ticks()))
    }
}

/// Windows names of zones, each with its IANA name.
pub fn windows_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    WINDOWS_NAMES.iter().copied()
}

/// The local offset at a moment given in UTC ticks.
pub fn offset_of_utc(ticks: i64) -> TimeSpan {
    Zone::local().offset_of_utc(ticks)
}

/// The offset of a reading of the local clock.
pub fn offset_of_local(ticks: i64) -> TimeSpan {
    Zone::local().offset_of_local(ticks)
}

fn timestamp(ticks: i64) -> Option<jiff::Timestamp> {
    let seconds = (ticks - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_SECOND);
    jiff::Timestamp::from_second(seconds).ok()
}

fn span(offset: Offset) -> TimeSpan {
    // .NET's offsets are whole minutes.
    TimeSpan(i64::from(offset.seconds() / 60) * 60 * TICKS_PER_SECOND)
}

/// Windows names that administrators' scripts use, with the zone each means.
const WINDOWS_NAMES: [(&str, &str); 30] = [
    ("UTC", "Etc/UTC"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Romance Standard Time", "Europe/Paris"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("India Standard Time", "Asia/Calcutta"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_by_name() {
        assert_eq!(Zone::utc().id(), "UTC");
        assert!(Zone::by_id("Nowhere/Land").is_none());
        // Systems without zone data know UTC only.
        let Some(berlin) = Zone::by_id("W. Europe Standard Time") else {
            return;
        };
        let hour = 3600 * TICKS_PER_SECOND;
        let summer = DateTime::from_ymd(2024, 7, 1).unwrap();
        let winter = DateTime::from_ymd(2024, 1, 1).unwrap();
        assert_eq!(berlin.offset_of_utc(summer.ticks()), TimeSpan(2 * hour));
        assert_eq!(berlin.offset_of_local(winter.ticks()), TimeSpan(hour));
        assert_eq!(berlin.base_utc_offset(summer), TimeSpan(hour));
        // The repeated hour is standard time.
        let twice = DateTime::from_ymd(2024, 10, 27).unwrap().ticks() + 5 * hour / 2;
        assert_eq!(berlin.offset_of_local(twice), TimeSpan(hour));
    }
}

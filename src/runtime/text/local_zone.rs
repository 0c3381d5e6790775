//! The local time zone, looked up on first use. `TZ` decides where it is set.

use std::sync::OnceLock;

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::datetime::UNIX_EPOCH_TICKS;
use super::timespan::{TICKS_PER_SECOND, TimeSpan};

/// `None` is UTC: the frequent case needs no look-up per moment.
fn zone() -> Option<&'static TimeZone> {
    static ZONE: OnceLock<Option<TimeZone>> = OnceLock::new();
    ZONE.get_or_init(|| {
        let zone = TimeZone::try_system().unwrap_or(TimeZone::UTC);
        let is_utc = zone == TimeZone::UTC
            || matches!(
                zone.iana_name(),
                Some("UTC" | "Etc/UTC" | "Etc/UCT" | "UCT" | "Zulu" | "GMT" | "Etc/GMT")
            );
        (!is_utc).then_some(zone)
    })
    .as_ref()
}

/// The zone's name as time zone objects show it.
pub fn zone_id() -> &'static str {
    zone().map_or("UTC", |zone| zone.iana_name().unwrap_or("Local"))
}

/// The local offset at a moment given in UTC.
pub fn offset_of_utc(ticks: i64) -> TimeSpan {
    let Some(zone) = zone() else {
        return TimeSpan::ZERO;
    };
    let seconds = (ticks - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_SECOND);
    jiff::Timestamp::from_second(seconds)
        .map(|moment| span(zone.to_offset(moment)))
        .unwrap_or_default()
}

/// The offset of a reading of the local clock. A reading that happens twice
/// counts as standard time, one that never happens too.
pub fn offset_of_local(ticks: i64) -> TimeSpan {
    let Some(zone) = zone() else {
        return TimeSpan::ZERO;
    };
    let seconds = (ticks - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_SECOND);
    let Ok(reading) = jiff::Timestamp::from_second(seconds) else {
        return TimeSpan::ZERO;
    };
    let reading = Offset::UTC.to_datetime(reading);
    match zone.to_ambiguous_timestamp(reading).offset() {
        AmbiguousOffset::Unambiguous { offset } => span(offset),
        AmbiguousOffset::Gap { before, .. } => span(before),
        AmbiguousOffset::Fold { after, .. } => span(after),
    }
}

fn span(offset: Offset) -> TimeSpan {
    // .NET's offsets are whole minutes.
    TimeSpan(i64::from(offset.seconds() / 60) * 60 * TICKS_PER_SECOND)
}

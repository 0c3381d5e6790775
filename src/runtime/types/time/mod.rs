//! Dates, times, durations, zones and calendars.

pub mod calendar;
pub mod current_zone;
pub mod date_only;
pub mod date_part;
pub mod date_time;
pub mod date_time_offset;
pub mod time_only;
pub mod time_span;
pub mod time_zone;

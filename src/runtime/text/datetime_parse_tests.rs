use super::super::datetime_format::format_date_time;
use super::super::datetime_parse_exact::*;
use super::*;

fn now() -> DateTime {
    DateTime::from_parts((2024, 5, 6), (7, 8, 9), DateTimeKind::Local).unwrap()
}

fn context(culture: &str, styles: u32) -> ParseContext<'static> {
    ParseContext {
        culture: Culture::known(culture).unwrap(),
        styles: DateTimeStyles(styles),
        now: &now,
    }
}

fn show(result: Result<DateTime, DateTimeParseError>) -> String {
    match result {
        Ok(value) => format_date_time(value, "o", Culture::invariant())
            .unwrap()
            .replace(".0000000", ""),
        Err(error) => error.to_string(),
    }
}

fn read(text: &str) -> String {
    show(parse_date_time(text, context("", 0)))
}

#[test]
fn free_texts() {
    for (text, expected) in [
        ("2024-02-29", "2024-02-29T00:00:00"),
        ("2024-02-29 13:45", "2024-02-29T13:45:00"),
        ("2024-02-29T13:45:30", "2024-02-29T13:45:30"),
        ("02/29/2024", "2024-02-29T00:00:00"),
        ("29 Feb 2024", "2024-02-29T00:00:00"),
        ("February 29, 2024", "2024-02-29T00:00:00"),
        ("2024-02", "2024-02-01T00:00:00"),
        ("1:15 PM 3/4/2024", "2024-03-04T13:15:00"),
        ("2024/2/9", "2024-02-09T00:00:00"),
        ("2024-02-29 13:45:30.5", "2024-02-29T13:45:30.5000000"),
        ("2024-02-29T12:00:00.1234567", "2024-02-29T12:00:00.1234567"),
        ("  2024-02-29  ", "2024-02-29T00:00:00"),
        ("29-Feb-2024", "2024-02-29T00:00:00"),
        ("3/4/24", "2024-03-04T00:00:00"),
        ("3/4/50", "1950-03-04T00:00:00"),
        ("3/4", "2024-03-04T00:00:00"),
        ("10:20", "2024-05-06T10:20:00"),
        ("5 PM", "2024-05-06T17:00:00"),
        ("12 AM", "2024-05-06T00:00:00"),
        ("12:30 PM", "2024-05-06T12:30:00"),
        ("Thu, 29 Feb 2024 13:45", "2024-02-29T13:45:00"),
        (
            "Thursday, February 29, 2024 1:45:30 PM",
            "2024-02-29T13:45:30",
        ),
        ("Feb 2024", "2024-02-01T00:00:00"),
        ("Feb 9", "2024-02-09T00:00:00"),
        ("05/06/2024 07:08:09", "2024-05-06T07:08:09"),
        ("12/31/2024 11:59:59\u{202F}PM", "2024-12-31T23:59:59"),
        (
            "29/02/2024",
            "String '29/02/2024' was not recognized as a valid DateTime.",
        ),
        (
            "31.01.2020",
            "String '31.01.2020' was not recognized as a valid DateTime.",
        ),
        (
            "2024-02-30",
            "String '2024-02-30' was not recognized as a valid DateTime.",
        ),
        (
            "2024-13-01",
            "String '2024-13-01' was not recognized as a valid DateTime.",
        ),
        (
            "32/13/2020x",
            "String '32/13/2020x' was not recognized as a valid DateTime.",
        ),
        ("", "String '' was not recognized as a valid DateTime."),
        (
            "2024",
            "String '2024' was not recognized as a valid DateTime.",
        ),
        (
            "20240229",
            "String '20240229' was not recognized as a valid DateTime.",
        ),
        (
            "25:00",
            "String '25:00' was not recognized as a valid DateTime.",
        ),
        (
            "1--2",
            "String '1--2' was not recognized as a valid DateTime.",
        ),
        (
            "someday",
            "The string 'someday' was not recognized as a valid DateTime. There is an unknown word starting at index '0'.",
        ),
        (
            "2024-01-01 foo",
            "The string '2024-01-01 foo' was not recognized as a valid DateTime. There is an unknown word starting at index '11'.",
        ),
        (
            "Friday, February 29, 2024",
            "String 'Friday, February 29, 2024' was not recognized as a valid DateTime because the day of week was incorrect.",
        ),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn zones_and_styles() {
    let adjust = DateTimeStyles::ADJUST_TO_UNIVERSAL.0;
    let assume = DateTimeStyles::ASSUME_UNIVERSAL.0;
    let roundtrip = DateTimeStyles::ROUNDTRIP_KIND.0;
    for (text, styles, expected) in [
        ("2024-02-29T12:00:00Z", adjust, "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00+02:00", adjust, "2024-02-29T10:00:00Z"),
        ("2024-02-29 12:00:00 -0530", adjust, "2024-02-29T17:30:00Z"),
        ("2024-02-29 12:00", assume | adjust, "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00Z", roundtrip, "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00", roundtrip, "2024-02-29T12:00:00"),
        (
            "Fri, 31 Jan 2020 10:00:00 GMT",
            adjust,
            "2020-01-31T10:00:00Z",
        ),
        (
            "10:20",
            DateTimeStyles::NO_CURRENT_DATE_DEFAULT.0,
            "0001-01-01T10:20:00",
        ),
    ] {
        let result = parse_date_time(text, context("", styles));
        assert_eq!(show(result), expected, "{text}");
    }
    let local = parse_date_time("2020-01-31T10:00:00Z", context("", 0)).unwrap();
    assert_eq!(local.kind(), DateTimeKind::Local);
    let offset = parse_date_time_offset("2020-01-31 10:00 +01:00", context("", 0)).unwrap();
    assert_eq!(offset.offset(), TimeSpan(TICKS_PER_HOUR));
    assert_eq!(offset.date_time().hour(), 10);
}

#[test]
fn cultures() {
    let read = |text: &str, culture: &str| show(parse_date_time(text, context(culture, 0)));
    assert_eq!(read("31.01.2020", "de-DE"), "2020-01-31T00:00:00");
    assert_eq!(
        read("31. Januar 2020 14:30", "de-DE"),
        "2020-01-31T14:30:00"
    );
    assert_eq!(read("31/01/2020", "en-GB"), "2020-01-31T00:00:00");
    assert_eq!(read("1/2/2020", "en-US"), "2020-01-02T00:00:00");
    assert_eq!(
        read("2020\u{5E74}1\u{6708}31\u{65E5}", "ja-JP"),
        "2020-01-31T00:00:00"
    );
    assert_eq!(read("2020-01-31", "sv-SE"), "2020-01-31T00:00:00");
}

#[test]
fn exact_texts() {
    for (text, format, expected) in [
        ("20240229", "yyyyMMdd", "2024-02-29T00:00:00"),
        (
            "29.02.2024 07:05",
            "dd.MM.yyyy HH:mm",
            "2024-02-29T07:05:00",
        ),
        ("Feb 9 2024", "MMM d yyyy", "2024-02-09T00:00:00"),
        ("07:05 PM", "hh:mm tt", "2024-05-06T19:05:00"),
        (
            "2024-02-29T10:11:12.1234567Z",
            "o",
            "2024-02-29T10:11:12.1234567Z",
        ),
        ("2024-02-29T10:11:12", "s", "2024-02-29T10:11:12"),
        (
            "Thursday 29 February 24",
            "dddd d MMMM yy",
            "2024-02-29T00:00:00",
        ),
        ("10:11:12.5", "HH:mm:ss.FFF", "2024-05-06T10:11:12.5000000"),
        ("10:11:12", "HH:mm:ss.FFF", "2024-05-06T10:11:12"),
        ("day 4", "'day' %d", "2024-01-04T00:00:00"),
        ("12 AM", "h tt", "2024-05-06T00:00:00"),
        (
            "2024-2-9",
            "yyyy-MM-dd",
            "String '2024-2-9' was not recognized as a valid DateTime.",
        ),
        (
            "2024-02-30",
            "yyyy-MM-dd",
            "String '2024-02-30' was not recognized as a valid DateTime.",
        ),
        (
            "2024-02-28x",
            "yyyy-MM-dd",
            "String '2024-02-28x' was not recognized as a valid DateTime.",
        ),
        ("x", "", "Input string was not in a correct format."),
    ] {
        let result = parse_date_time_exact(text, format, context("", 0));
        assert_eq!(show(result), expected, "{text} {format}");
    }
    let day = parse_date_only_exact("06.05.2024", "dd.MM.yyyy", context("", 0)).unwrap();
    assert_eq!(day.to_date_time().ymd(), (2024, 5, 6));
    assert!(parse_date_only_exact("10:00", "HH:mm", context("", 0)).is_none());
    let time = parse_time_only_exact("10:30", "HH:mm", context("", 0)).unwrap();
    assert_eq!(time.to_date_time().minute(), 30);
}

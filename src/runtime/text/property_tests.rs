//! What must hold for any text and any value: nothing panics, and what is
//! written in full reads back as the same value.

use proptest::prelude::*;

use super::composite::parse_composite;
use super::culture::Culture;
use super::datetime::{DateTime, DateTimeKind, MAX_TICKS};
use super::datetime_format::format_date_time;
use super::datetime_parse::{DateTimeStyles, ParseContext, parse_date_time};
use super::datetime_parse_exact::parse_date_time_exact;
use super::encoding::Encoding;
use super::guid::Guid;
use super::number_format::{Number, format_number};
use super::number_parse::{NumberStyles, parse_decimal, parse_double};
use super::numeric::double_text;
use super::timespan::TimeSpan;
use super::version::{SemanticVersion, Version};
use crate::syntax::parse_number;

fn context(now: &dyn Fn() -> DateTime) -> ParseContext<'_> {
    ParseContext {
        culture: Culture::en_us(),
        styles: DateTimeStyles::ROUNDTRIP_KIND,
        now,
    }
}

/// Text made mostly of what formats and numbers are made of.
fn likely_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-+0-9.,:/ eExXkKmMbBTZdhHmsfFyYtz#%;'\"\\\\{}()]{0,24}",
        "\\PC{0,12}",
    ]
}

proptest! {
    #[test]
    fn nothing_panics(text in likely_text(), format in likely_text(), value in any::<f64>()) {
        let now = || DateTime::MIN;
        let culture = Culture::known("de-DE").unwrap();
        let info = &culture.number_format;
        let _ = parse_number(&text);
        let _ = parse_double(&text, NumberStyles::ANY, info);
        let _ = parse_decimal(&text, NumberStyles::ANY, info);
        let _ = parse_date_time(&text, context(&now));
        let _ = parse_date_time_exact(&text, &format, context(&now));
        let _ = TimeSpan::parse(&text, culture);
        let _ = TimeSpan::parse_exact(&text, &format, culture, false);
        let _ = Guid::parse(&text);
        let _ = Version::parse(&text);
        let _ = SemanticVersion::parse(&text);
        let _ = format_date_time(DateTime::MAX, &format, culture);
        let _ = TimeSpan::MIN.format(&format, culture);
        let _ = parse_composite(&format);
        // Precisions of many digits are legal and only slow.
        if !format.chars().skip(1).all(|c| c.is_ascii_digit()) {
            let _ = format_number(Number::Double(value), &format, culture);
            let _ = format_number(Number::from(value as i64), &format, culture);
        }
    }

    #[test]
    fn doubles_read_back(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let text = double_text(value, Culture::invariant());
        let info = &Culture::invariant().number_format;
        let read = parse_double(&text, NumberStyles::FLOAT_THOUSANDS, info).unwrap();
        prop_assert_eq!(read.to_bits(), bits);
    }

    #[test]
    fn dates_read_back(ticks in 0..=MAX_TICKS) {
        let now = || DateTime::MIN;
        let value = DateTime::new(ticks, DateTimeKind::Utc);
        let (year, month, day) = value.ymd();
        prop_assert_eq!(DateTime::from_ymd(year, month, day).unwrap(), value.date());
        let text = format_date_time(value, "o", Culture::en_us()).unwrap();
        prop_assert_eq!(parse_date_time(&text, context(&now)).unwrap(), value);
        prop_assert_eq!(parse_date_time_exact(&text, "o", context(&now)).unwrap(), value);
    }

    #[test]
    fn spans_read_back(ticks in any::<i64>()) {
        let value = TimeSpan(ticks);
        let read = TimeSpan::parse(&value.to_string(), Culture::invariant());
        prop_assert_eq!(read, Ok(value));
    }

    #[test]
    fn encodings_read_back(text in "\\PC{0,20}", bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
        for name in ["utf8BOM", "unicode", "bigendianunicode", "utf32", "bigendianutf32", "utf7"] {
            let encoding = Encoding::by_powershell_name(name).unwrap();
            prop_assert_eq!(encoding.decode_file(&encoding.encode_file(&text)), text.clone());
            let _ = encoding.decode(&bytes);
            let _ = encoding.decode_strict(&bytes);
        }
    }
}

//! Cultures: the names, symbols and patterns by which numbers and dates are
//! written and read. A culture is plain data, so a script may clone one and
//! change its separators.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::runtime::text::culture_data::{CultureRow, ROWS};

/// Text of a culture: mostly static, owned once a script changed it.
pub type Symbol = Cow<'static, str>;

/// Symbols and patterns of numbers (System.Globalization.NumberFormatInfo).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the properties of the .NET type, by their names"
)]
pub struct NumberFormatInfo {
    pub negative_sign: Symbol,
    pub positive_sign: Symbol,
    pub nan_symbol: Symbol,
    pub positive_infinity_symbol: Symbol,
    pub negative_infinity_symbol: Symbol,
    pub per_mille_symbol: Symbol,
    pub number_decimal_separator: Symbol,
    pub number_group_separator: Symbol,
    pub number_group_sizes: Vec<u8>,
    pub number_decimal_digits: i32,
    pub number_negative_pattern: u8,
    pub currency_symbol: Symbol,
    pub currency_decimal_separator: Symbol,
    pub currency_group_separator: Symbol,
    pub currency_group_sizes: Vec<u8>,
    pub currency_decimal_digits: i32,
    pub currency_positive_pattern: u8,
    pub currency_negative_pattern: u8,
    pub percent_symbol: Symbol,
    pub percent_decimal_separator: Symbol,
    pub percent_group_separator: Symbol,
    pub percent_group_sizes: Vec<u8>,
    pub percent_decimal_digits: i32,
    pub percent_positive_pattern: u8,
    pub percent_negative_pattern: u8,
}

/// Names and patterns of dates (System.Globalization.DateTimeFormatInfo).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the properties of the .NET type, by their names"
)]
pub struct DateTimeFormatInfo {
    pub month_names: [Symbol; 12],
    pub month_genitive_names: [Symbol; 12],
    pub abbreviated_month_names: [Symbol; 12],
    pub abbreviated_month_genitive_names: [Symbol; 12],
    pub day_names: [Symbol; 7],
    pub abbreviated_day_names: [Symbol; 7],
    pub shortest_day_names: [Symbol; 7],
    pub am_designator: Symbol,
    pub pm_designator: Symbol,
    pub date_separator: Symbol,
    pub time_separator: Symbol,
    pub short_date_pattern: Symbol,
    pub long_date_pattern: Symbol,
    pub short_time_pattern: Symbol,
    pub long_time_pattern: Symbol,
    pub month_day_pattern: Symbol,
    pub year_month_pattern: Symbol,
    /// `long_date_pattern`, blank, `long_time_pattern` unless set by itself.
    pub full_date_time_pattern: Option<Symbol>,
    /// 0 is Sunday.
    pub first_day_of_week: u8,
    /// 0 FirstDay, 1 FirstFullWeek, 2 FirstFourDayWeek.
    pub calendar_week_rule: u8,
    /// Further patterns that parsing accepts, by standard format character.
    pub more_patterns: Cow<'static, [(char, &'static str)]>,
}

impl DateTimeFormatInfo {
    /// The pattern of `F`.
    pub fn full_date_time(&self) -> Symbol {
        match &self.full_date_time_pattern {
            Some(pattern) => pattern.clone(),
            None => Cow::Owned(format!(
                "{} {}",
                self.long_date_pattern, self.long_time_pattern
            )),
        }
    }

    /// Month names differ beside a day number.
    pub fn has_genitive_months(&self) -> bool {
        self.month_names != self.month_genitive_names
            || self.abbreviated_month_names != self.abbreviated_month_genitive_names
    }
}

/// A culture (System.Globalization.CultureInfo).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Culture {
    /// `en-US`; empty for the invariant culture.
    pub name: Symbol,
    /// The Windows number of the culture, 4096 when it has none.
    pub lcid: u32,
    /// `English (United States)`.
    pub english_name: Symbol,
    /// The name in the culture's own language.
    pub native_name: Symbol,
    /// `en`.
    pub two_letter_iso_language_name: Symbol,
    /// `eng`.
    pub three_letter_iso_language_name: Symbol,
    /// How numbers look.
    pub number_format: NumberFormatInfo,
    /// How dates look.
    pub date_time_format: DateTimeFormatInfo,
    /// False for a clone, which may be changed.
    pub is_read_only: bool,
}

static BUILT: [OnceLock<Culture>; ROWS.len()] = [const { OnceLock::new() }; ROWS.len()];
const INVARIANT: usize = 0;
const EN_US: usize = 1;

/// A name that is no well-formed culture name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Culture is not supported. (Parameter 'name')\n{0} is an invalid culture identifier.")]
pub struct CultureNotFound(pub String);

impl Culture {
    /// The culture of text inside strings.
    pub fn invariant() -> &'static Culture {
        built(INVARIANT)
    }

    /// The culture a session has unless its environment says otherwise.
    pub fn en_us() -> &'static Culture {
        built(EN_US)
    }

    /// The culture of this name, of the neutral name's main country, or of
    /// this number written as text; `None` when the program ships no data for it.
    pub fn known(name: &str) -> Option<&'static Culture> {
        ROWS.iter()
            .position(|row| row.name.eq_ignore_ascii_case(name))
            .map(built)
    }

    /// The culture with this Windows number.
    pub fn by_lcid(lcid: u32) -> Option<&'static Culture> {
        ROWS.iter().position(|row| row.lcid == lcid).map(built)
    }

    /// The names of the cultures with data of their own.
    pub fn known_names() -> impl Iterator<Item = &'static str> {
        ROWS.iter().map(|row| row.name)
    }

    /// Any well-formed name gives a culture, as with ICU: known ones their own
    /// data, neutral ones that of their main country, others that of the
    /// language or, in the end, the invariant data under the name asked for.
    pub fn get(name: &str) -> Result<Cow<'static, Culture>, CultureNotFound> {
        if let Some(known) = Culture::known(name) {
            return Ok(Cow::Borrowed(known));
        }
        if !well_formed(name) {
            return Err(CultureNotFound(name.to_owned()));
        }
        let proper = proper_case(name);
        let language = proper.split('-').next().unwrap_or_default();
        let base = ROWS
            .iter()
            .position(|row| !row.name.is_empty() && row.two_letter == language);
        let mut culture = built(base.unwrap_or(INVARIANT)).clone();
        culture.is_read_only = true;
        if base.is_some() && proper == language {
            culture.english_name = strip_country(&culture.english_name);
            culture.native_name = strip_country(&culture.native_name);
            culture.lcid &= 0x3FF;
        } else {
            culture.lcid = 4096;
            culture.english_name = Cow::Owned(proper.clone());
            culture.native_name = Cow::Owned(proper.clone());
            if base.is_none() {
                culture.two_letter_iso_language_name = Cow::Owned(language.to_owned());
                culture.three_letter_iso_language_name = Cow::Owned(language.to_owned());
            }
        }
        culture.name = Cow::Owned(proper);
        Ok(Cow::Owned(culture))
    }

    /// The name of the parent: the language, then the invariant culture.
    pub fn parent_name(&self) -> &str {
        self.name.rsplit_once('-').map_or("", |(parent, _)| parent)
    }

    /// A language without a country, or the invariant culture's own answer: no.
    pub fn is_neutral(&self) -> bool {
        !self.name.is_empty() && !self.name.contains('-')
    }

    /// `TextInfo.ListSeparator`.
    pub fn list_separator(&self) -> &'static str {
        if self.number_format.number_decimal_separator == "," {
            ";"
        } else {
            ","
        }
    }

    /// The name shown to people, in English.
    pub fn display_name(&self) -> &str {
        &self.english_name
    }
}

fn strip_country(name: &str) -> Symbol {
    let short = name.split(" (").next().unwrap_or(name);
    Cow::Owned(short.to_owned())
}

/// Letters and digits in parts of at most eight, joined by single hyphens.
fn well_formed(name: &str) -> bool {
    name.split(['-', '_']).enumerate().all(|(index, part)| {
        let length = if index == 0 { 2..=8 } else { 1..=8 };
        length.contains(&part.len())
            && part
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || (index > 0 && b.is_ascii_digit()))
    })
}

/// `DE_at` → `de-AT`, `zh-hans` → `zh-Hans`.
fn proper_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (index, part) in name.split(['-', '_']).enumerate() {
        if index > 0 {
            out.push('-');
        }
        match (index, part.len()) {
            (0, _) => out.push_str(&part.to_ascii_lowercase()),
            (_, 2) => out.push_str(&part.to_ascii_uppercase()),
            (_, 4) => {
                let lower = part.to_ascii_lowercase();
                let mut chars = lower.chars();
                if let Some(first) = chars.next() {
                    out.push(first.to_ascii_uppercase());
                }
                out.push_str(chars.as_str());
            }
            _ => out.push_str(part),
        }
    }
    out
}

fn built(index: usize) -> &'static Culture {
    BUILT[index].get_or_init(|| build(&ROWS[index]))
}

fn names<const N: usize>(joined: &'static str) -> [Symbol; N] {
    let mut parts = joined.split('|');
    std::array::from_fn(|_| Cow::Borrowed(parts.next().unwrap_or_default()))
}

fn build(row: &'static CultureRow) -> Culture {
    let number = &row.number;
    let date = &row.date;
    let text = Cow::Borrowed;
    Culture {
        name: text(row.name),
        lcid: row.lcid,
        english_name: text(row.english_name),
        native_name: text(row.native_name),
        two_letter_iso_language_name: text(row.two_letter),
        three_letter_iso_language_name: text(row.three_letter),
        number_format: NumberFormatInfo {
            negative_sign: text(number.negative_sign),
            positive_sign: text("+"),
            nan_symbol: text("NaN"),
            positive_infinity_symbol: text(number.infinity),
            negative_infinity_symbol: text(number.negative_infinity),
            per_mille_symbol: text("\u{2030}"),
            number_decimal_separator: text(number.decimal),
            number_group_separator: text(number.group),
            number_group_sizes: vec![3],
            number_decimal_digits: number.decimal_digits,
            number_negative_pattern: 1,
            currency_symbol: text(number.currency_symbol),
            currency_decimal_separator: text(number.decimal),
            currency_group_separator: text(number.group),
            currency_group_sizes: vec![3],
            currency_decimal_digits: number.currency_digits,
            currency_positive_pattern: number.currency_positive,
            currency_negative_pattern: number.currency_negative,
            percent_symbol: text("%"),
            percent_decimal_separator: text(number.decimal),
            percent_group_separator: text(number.group),
            percent_group_sizes: vec![3],
            percent_decimal_digits: number.decimal_digits,
            percent_positive_pattern: number.percent_positive,
            percent_negative_pattern: number.percent_negative,
        },
        date_time_format: DateTimeFormatInfo {
            month_names: names(date.months),
            month_genitive_names: names(match date.months_genitive {
                "" => date.months,
                genitive => genitive,
            }),
            abbreviated_month_names: names(date.months_short),
            abbreviated_month_genitive_names: names(date.months_short_genitive),
            day_names: names(date.days),
            abbreviated_day_names: names(date.days_short),
            shortest_day_names: names(date.days_shortest),
            am_designator: text(date.am),
            pm_designator: text(date.pm),
            date_separator: text(date.date_separator),
            time_separator: text(":"),
            short_date_pattern: text(date.short_date),
            long_date_pattern: text(date.long_date),
            short_time_pattern: text(date.short_time),
            long_time_pattern: text(date.long_time),
            month_day_pattern: text(date.month_day),
            year_month_pattern: text(date.year_month),
            full_date_time_pattern: None,
            first_day_of_week: date.first_day,
            calendar_week_rule: date.week_rule,
            more_patterns: Cow::Borrowed(date.more_patterns),
        },
        is_read_only: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_cultures_answer_to_any_case() {
        assert_eq!(Culture::known("EN-us").unwrap().name, "en-US");
        assert_eq!(Culture::invariant().name, "");
        assert!(Culture::known("xx-YY").is_none());
        assert_eq!(Culture::by_lcid(1031).unwrap().name, "de-DE");
    }

    #[test]
    fn unknown_names_fall_back_to_the_language() {
        let austrian = Culture::get("DE-at").unwrap();
        assert_eq!(austrian.name, "de-AT");
        assert_eq!(austrian.number_format.number_decimal_separator, ",");
        assert_eq!(austrian.parent_name(), "de");
        let english = Culture::get("en").unwrap();
        assert_eq!(english.english_name, "English");
        assert_eq!(english.lcid, 9);
        assert!(english.is_neutral());
        assert!(Culture::get("not a culture").is_err());
        assert_eq!(
            Culture::get("a b").unwrap_err().to_string(),
            "Culture is not supported. (Parameter 'name')\na b is an invalid culture identifier."
        );
    }

    #[test]
    fn every_row_has_all_its_names() {
        for name in Culture::known_names() {
            let format = &Culture::known(name).unwrap().date_time_format;
            assert!(format.month_names.iter().all(|n| !n.is_empty()), "{name}");
            assert!(format.day_names.iter().all(|n| !n.is_empty()), "{name}");
        }
    }
}

//! `System.Globalization.RegionInfo`: what a country is called and pays with.

use crate::runtime::error::R;
use crate::runtime::text::culture::Culture;
use crate::runtime::types::failures;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Two and three letters, English and native name, currency: code, symbol, English and native name;
/// whether it measures in metres.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const ROWS: &[Row] = &[
    (
        "US",
        "USA",
        "United States",
        "United States",
        "USD",
        "$",
        "US Dollar",
        "US Dollar",
        false,
    ),
    (
        "GB",
        "GBR",
        "United Kingdom",
        "United Kingdom",
        "GBP",
        "\u{A3}",
        "British Pound",
        "British Pound",
        true,
    ),
    (
        "CA",
        "CAN",
        "Canada",
        "Canada",
        "CAD",
        "$",
        "Canadian Dollar",
        "Canadian Dollar",
        true,
    ),
    (
        "AU",
        "AUS",
        "Australia",
        "Australia",
        "AUD",
        "$",
        "Australian Dollar",
        "Australian Dollar",
        true,
    ),
    (
        "DE",
        "DEU",
        "Germany",
        "Deutschland",
        "EUR",
        "\u{20AC}",
        "Euro",
        "Euro",
        true,
    ),
    (
        "FR", "FRA", "France", "France", "EUR", "\u{20AC}", "Euro", "euro", true,
    ),
    (
        "ES",
        "ESP",
        "Spain",
        "Espa\u{F1}a",
        "EUR",
        "\u{20AC}",
        "Euro",
        "euro",
        true,
    ),
    (
        "IT", "ITA", "Italy", "Italia", "EUR", "\u{20AC}", "Euro", "euro", true,
    ),
    (
        "NL",
        "NLD",
        "Netherlands",
        "Nederland",
        "EUR",
        "\u{20AC}",
        "Euro",
        "Euro",
        true,
    ),
    (
        "SE",
        "SWE",
        "Sweden",
        "Sverige",
        "SEK",
        "kr",
        "Swedish Krona",
        "svensk krona",
        true,
    ),
    (
        "JP",
        "JPN",
        "Japan",
        "\u{65E5}\u{672C}",
        "JPY",
        "\u{FFE5}",
        "Japanese Yen",
        "\u{65E5}\u{672C}\u{5186}",
        true,
    ),
    (
        "CN",
        "CHN",
        "China",
        "\u{4E2D}\u{56FD}",
        "CNY",
        "\u{A5}",
        "Chinese Yuan",
        "\u{4EBA}\u{6C11}\u{5E01}",
        true,
    ),
    (
        "KR",
        "KOR",
        "South Korea",
        "\u{B300}\u{D55C}\u{BBFC}\u{AD6D}",
        "KRW",
        "\u{20A9}",
        "South Korean Won",
        "\u{B300}\u{D55C}\u{BBFC}\u{AD6D} \u{C6D0}",
        true,
    ),
    (
        "BR",
        "BRA",
        "Brazil",
        "Brasil",
        "BRL",
        "R$",
        "Brazilian Real",
        "real brasileiro",
        true,
    ),
    (
        "RU",
        "RUS",
        "Russia",
        "\u{420}\u{43E}\u{441}\u{441}\u{438}\u{44F}",
        "RUB",
        "\u{20BD}",
        "Russian Ruble",
        "\u{440}\u{43E}\u{441}\u{441}\u{438}\u{439}\u{441}\u{43A}\u{438}\u{439} \u{440}\u{443}\u{431}\u{43B}\u{44C}",
        true,
    ),
];

/// The countries by the Windows numbers of their cultures.
fn of_number(number: i64) -> Option<String> {
    let culture = Culture::by_lcid(u32::try_from(number).ok()?)?;
    Some(culture.name.to_string())
}

/// A new one, of a country or of a culture with one.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [given] = arguments else {
        return Ok(None);
    };
    let name = match given.base() {
        Value::Int(number) => of_number(i64::from(*number)).unwrap_or_default(),
        other => vm.to_text(other)?,
    };
    match region(&name) {
        Some(found) => Ok(Some(found)),
        None => failures::argument(format!("Culture name '{name}' is not supported."), "name"),
    }
}

fn region(name: &str) -> Option<Value> {
    let country = name.rsplit('-').next().unwrap_or(name);
    let row = ROWS
        .iter()
        .find(|row| row.0.eq_ignore_ascii_case(country))?;
    let (two, three, english, native, code, symbol, money, own_money, metric) = *row;
    let text = |text: &str| Value::str(text);
    let shown = match name.contains('-') {
        true => name.to_string(),
        false => two.to_string(),
    };
    let fields = vec![
        ("Name", text(&shown)),
        ("EnglishName", text(english)),
        ("DisplayName", text(english)),
        ("NativeName", text(native)),
        ("TwoLetterISORegionName", text(two)),
        ("ThreeLetterISORegionName", text(three)),
        ("ThreeLetterWindowsRegionName", text(three)),
        ("IsMetric", Value::Bool(metric)),
        ("GeoId", Value::Int(244)),
        ("CurrencyEnglishName", text(money)),
        ("CurrencyNativeName", text(own_money)),
        ("CurrencySymbol", text(symbol)),
        ("ISOCurrencySymbol", text(code)),
    ];
    Some(
        PlainObject::new("System.Globalization.RegionInfo", fields)
            .with_text(shown)
            .value(),
    )
}

/// `[RegionInfo]::CurrentRegion`
pub fn current(vm: &mut Vm) -> R<Option<Value>> {
    let culture = vm.call_command("Get-Culture", &[], &[])?;
    let name = match culture.first() {
        Some(culture) => vm.get_member(culture, "Name")?.unwrap_or_default(),
        None => Value::Null,
    };
    let name = vm.to_text(&name)?;
    Ok(region(&name).or_else(|| region("US")))
}

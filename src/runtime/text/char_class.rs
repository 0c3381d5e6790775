//! Classes of characters as `[char]::IsLetter` and its relatives know them, by
//! UTF-16 unit: halves of surrogate pairs have a class of their own.

use icu_properties::{CodePointMapData, props::GeneralCategory};

/// The Unicode category of a code point.
pub fn category(code_point: u32) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get32(code_point)
}

/// The member of System.Globalization.UnicodeCategory with its number.
pub fn unicode_category(code_point: u32) -> (&'static str, i32) {
    match category(code_point) {
        GeneralCategory::UppercaseLetter => ("UppercaseLetter", 0),
        GeneralCategory::LowercaseLetter => ("LowercaseLetter", 1),
        GeneralCategory::TitlecaseLetter => ("TitlecaseLetter", 2),
        GeneralCategory::ModifierLetter => ("ModifierLetter", 3),
        GeneralCategory::OtherLetter => ("OtherLetter", 4),
        GeneralCategory::NonspacingMark => ("NonSpacingMark", 5),
        GeneralCategory::SpacingMark => ("SpacingCombiningMark", 6),
        GeneralCategory::EnclosingMark => ("EnclosingMark", 7),
        GeneralCategory::DecimalNumber => ("DecimalDigitNumber", 8),
        GeneralCategory::LetterNumber => ("LetterNumber", 9),
        GeneralCategory::OtherNumber => ("OtherNumber", 10),
        GeneralCategory::SpaceSeparator => ("SpaceSeparator", 11),
        GeneralCategory::LineSeparator => ("LineSeparator", 12),
        GeneralCategory::ParagraphSeparator => ("ParagraphSeparator", 13),
        GeneralCategory::Control => ("Control", 14),
        GeneralCategory::Format => ("Format", 15),
        GeneralCategory::Surrogate => ("Surrogate", 16),
        GeneralCategory::PrivateUse => ("PrivateUse", 17),
        GeneralCategory::ConnectorPunctuation => ("ConnectorPunctuation", 18),
        GeneralCategory::DashPunctuation => ("DashPunctuation", 19),
        GeneralCategory::OpenPunctuation => ("OpenPunctuation", 20),
        GeneralCategory::ClosePunctuation => ("ClosePunctuation", 21),
        GeneralCategory::InitialPunctuation => ("InitialQuotePunctuation", 22),
        GeneralCategory::FinalPunctuation => ("FinalQuotePunctuation", 23),
        GeneralCategory::OtherPunctuation => ("OtherPunctuation", 24),
        GeneralCategory::MathSymbol => ("MathSymbol", 25),
        GeneralCategory::CurrencySymbol => ("CurrencySymbol", 26),
        GeneralCategory::ModifierSymbol => ("ModifierSymbol", 27),
        GeneralCategory::OtherSymbol => ("OtherSymbol", 28),
        _ => ("OtherNotAssigned", 29),
    }
}

fn number_in(code_point: u32, range: std::ops::RangeInclusive<i32>) -> bool {
    range.contains(&unicode_category(code_point).1)
}

/// `IsLetter`.
pub fn is_letter(code_point: u32) -> bool {
    number_in(code_point, 0..=4)
}

/// `IsUpper`.
pub fn is_upper(code_point: u32) -> bool {
    number_in(code_point, 0..=0)
}

/// `IsLower`.
pub fn is_lower(code_point: u32) -> bool {
    number_in(code_point, 1..=1)
}

/// `IsDigit`: decimal digits of any script.
pub fn is_digit(code_point: u32) -> bool {
    number_in(code_point, 8..=8)
}

/// `IsNumber`: digits, fractions, Roman numerals.
pub fn is_number(code_point: u32) -> bool {
    number_in(code_point, 8..=10)
}

/// `IsLetterOrDigit`.
pub fn is_letter_or_digit(code_point: u32) -> bool {
    is_letter(code_point) || is_digit(code_point)
}

/// `IsPunctuation`.
pub fn is_punctuation(code_point: u32) -> bool {
    number_in(code_point, 18..=24)
}

/// `IsSymbol`.
pub fn is_symbol(code_point: u32) -> bool {
    number_in(code_point, 25..=28)
}

/// `IsSeparator`.
pub fn is_separator(code_point: u32) -> bool {
    number_in(code_point, 11..=13)
}

/// `IsControl`.
pub fn is_control(code_point: u32) -> bool {
    number_in(code_point, 14..=14)
}

/// `IsWhiteSpace`.
pub fn is_white_space(code_point: u32) -> bool {
    char::from_u32(code_point).is_some_and(char::is_whitespace)
}

/// `GetNumericValue`: -1 for what is no number.
pub fn numeric_value(code_point: u32) -> f64 {
    if is_digit(code_point) {
        // Decimal digits come in runs of ten, zero first; runs may adjoin.
        let first = (0..code_point)
            .rev()
            .take_while(|&before| is_digit(before))
            .last()
            .unwrap_or(code_point);
        return f64::from((code_point - first) % 10);
    }
    let fraction = |over: f64, under: f64| over / under;
    match code_point {
        0xB2 => 2.0,
        0xB3 => 3.0,
        0xB9 => 1.0,
        0xBC => fraction(1.0, 4.0),
        0xBD => fraction(1.0, 2.0),
        0xBE => fraction(3.0, 4.0),
        0x2070 => 0.0,
        0x2074..=0x2079 => f64::from(code_point - 0x2070),
        0x2080..=0x2089 => f64::from(code_point - 0x2080),
        0x2150 => fraction(1.0, 7.0),
        0x2151 => fraction(1.0, 9.0),
        0x2152 => fraction(1.0, 10.0),
        0x2153 => fraction(1.0, 3.0),
        0x2154 => fraction(2.0, 3.0),
        0x2155..=0x2158 => fraction(f64::from(code_point - 0x2154), 5.0),
        0x2159 => fraction(1.0, 6.0),
        0x215A => fraction(5.0, 6.0),
        0x215B => fraction(1.0, 8.0),
        0x215C => fraction(3.0, 8.0),
        0x215D => fraction(5.0, 8.0),
        0x215E => fraction(7.0, 8.0),
        0x215F => 1.0,
        0x2160..=0x216B => f64::from(code_point - 0x215F),
        0x216C => 50.0,
        0x216D => 100.0,
        0x216E => 500.0,
        0x216F => 1000.0,
        0x2460..=0x2473 => f64::from(code_point - 0x245F),
        0x3007 => 0.0,
        _ => -1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let show = |ch: char| {
            let code_point = u32::from(ch);
            type Test = (&'static str, fn(u32) -> bool);
            let tests: [Test; 9] = [
                ("Letter", is_letter),
                ("Digit", is_digit),
                ("LetterOrDigit", is_letter_or_digit),
                ("Upper", is_upper),
                ("Lower", is_lower),
                ("WhiteSpace", is_white_space),
                ("Punctuation", is_punctuation),
                ("Symbol", is_symbol),
                ("Control", is_control),
            ];
            let names = tests
                .iter()
                .filter(|(_, test)| test(code_point))
                .map(|(name, _)| *name);
            names.collect::<Vec<_>>().join(",")
        };
        for (ch, expected) in [
            ('a', "Letter,LetterOrDigit,Lower"),
            ('Z', "Letter,LetterOrDigit,Upper"),
            ('5', "Digit,LetterOrDigit"),
            (' ', "WhiteSpace"),
            ('_', "Punctuation"),
            ('-', "Punctuation"),
            ('\t', "WhiteSpace,Control"),
            ('\u{C9}', "Letter,LetterOrDigit,Upper"),
            ('$', "Symbol"),
            ('+', "Symbol"),
        ] {
            assert_eq!(show(ch), expected, "{ch}");
        }
        assert!(is_number(0xBD) && !is_digit(0xBD));
        assert_eq!(unicode_category(0xD83D).0, "Surrogate");
        assert_eq!(numeric_value('7' as u32), 7.0);
        assert_eq!(numeric_value(0xBD), 0.5);
        assert_eq!(numeric_value('x' as u32), -1.0);
        assert_eq!(numeric_value(0x0665), 5.0);
    }
}

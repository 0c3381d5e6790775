use super::*;

fn text(value: impl Into<Number<'static>>, format: &str) -> String {
    format_number(value.into(), format, Culture::invariant()).unwrap_or_else(|e| e.0)
}

fn us(value: impl Into<Number<'static>>, format: &str) -> String {
    format_number(value.into(), format, Culture::en_us()).unwrap_or_else(|e| e.0)
}

#[test]
fn integers_by_standard_formats() {
    for (format, expected) in [
        ("D", "4095"),
        ("D8", "00004095"),
        ("X", "FFF"),
        ("x", "fff"),
        ("X8", "00000FFF"),
        ("N", "4,095.00"),
        ("N0", "4,095"),
        ("N3", "4,095.000"),
        ("F", "4095.00"),
        ("F1", "4095.0"),
        ("E", "4.095000E+003"),
        ("E2", "4.10E+003"),
        ("e3", "4.095e+003"),
        ("G", "4095"),
        ("G3", "4.1E+03"),
        ("P", "409,500.00 %"),
        ("P0", "409,500 %"),
        ("C", "\u{A4}4,095.00"),
        ("B", "111111111111"),
        ("K", "Format specifier was invalid."),
        ("R", "Format specifier was invalid."),
    ] {
        assert_eq!(text(4095, format), expected, "{format}");
    }
    assert_eq!(text(-255, "X"), "FFFFFF01");
    assert_eq!(text(-1i8, "X"), "FF");
    assert_eq!(text(-1i64, "x"), "ffffffffffffffff");
    assert_eq!(text(-5, "D4"), "-0005");
    assert_eq!(text(10u8, "X2"), "0A");
    assert_eq!(text(-1234, "N0"), "-1,234");
    assert_eq!(text(0, "N2"), "0.00");
    assert_eq!(text(0, "E2"), "0.00E+000");
    assert_eq!(text(u64::MAX, "N0"), "18,446,744,073,709,551,615");
    assert_eq!(text(i64::MIN, "D"), "-9223372036854775808");
}

#[test]
fn doubles_by_standard_formats() {
    for (value, format, expected) in [
        (2.5, "F0", "2"),
        (3.5, "F0", "4"),
        (0.5, "F0", "0"),
        (0.6, "F0", "1"),
        (2.71449, "F3", "2.714"),
        (12345.678, "E2", "1.23E+004"),
        (1234.5, "G3", "1.23E+03"),
        (1234567.891, "N2", "1,234,567.89"),
        (-0.001, "F2", "-0.00"),
        (0.256, "P1", "25.6 %"),
        (0.1, "", "0.1"),
        (1e15, "", "1000000000000000"),
        (1e16, "", "10000000000000000"),
        (1e17, "", "1E+17"),
        (123456789012345680.0, "R", "1.2345678901234568E+17"),
        (0.0001, "", "0.0001"),
        (0.00001, "", "1E-05"),
        (1.7976931348623157e308, "", "1.7976931348623157E+308"),
        (5e-324, "G", "5E-324"),
        (-0.0, "", "-0"),
        (0.0, "", "0"),
        (1e21, "g", "1e+21"),
        (0.1, "G20", "0.10000000000000000555"),
        (0.1, "F20", "0.10000000000000000555"),
        (1.0, "D3", "Format specifier was invalid."),
        (f64::NAN, "N2", "NaN"),
        (f64::INFINITY, "", "Infinity"),
        (f64::NEG_INFINITY, "Q", "-Infinity"),
        (1e15, "G15", "1E+15"),
        (1e14, "G15", "100000000000000"),
        (0.30000000000000004, "G15", "0.3"),
    ] {
        assert_eq!(text(value, format), expected, "{value} {format}");
    }
    assert_eq!(us(f64::INFINITY, ""), "\u{221E}");
    assert_eq!(us(0.5, "P"), "50.000%");
    assert_eq!(us(1.0, "N"), "1.000");
    assert_eq!(us(-1234.5, "C"), "-$1,234.50");
    assert_eq!(text(16777216f32, ""), "16777216");
    assert_eq!(text(16777216f32, "G7"), "1.677722E+07");
    assert_eq!(text(0.1f32, ""), "0.1");
    assert_eq!(text(f32::MAX, ""), "3.4028235E+38");
}

#[test]
fn decimals_keep_their_scale() {
    let value = |s: &str| s.parse::<Decimal>().unwrap();
    assert_eq!(text(value("1.50"), ""), "1.50");
    assert_eq!(text(value("0.00"), ""), "0.00");
    assert_eq!(text(value("100"), "G"), "100");
    assert_eq!(text(value("0.00000001"), ""), "0.00000001");
    assert_eq!(text(value("-1.005"), "F2"), "-1.01");
    assert_eq!(text(value("1234.565"), "N2"), "1,234.57");
    assert_eq!(text(value("-0.001"), "F2"), "0.00");
    assert_eq!(text(value("1.50"), "G2"), "1.5");
    assert_eq!(text(value("2.5"), "D"), "Format specifier was invalid.");
}

#[test]
fn custom_formats() {
    for (value, format, expected) in [
        (5.25, "+0.0;(0.0);zero", "+5.3"),
        (-5.25, "+0.0;(0.0);zero", "(5.3)"),
        (0.001, "+0.0;(0.0);zero", "zero"),
        (-0.001, "+0.0;(0.0);zero", "zero"),
        (0.0, "+0.0;(0.0);zero", "zero"),
        (5.0, "0;minus 0", "5"),
        (-5.0, "0;minus 0", "minus 5"),
        (0.0, "#;-#;", ""),
        (-7.0, "#,0;;nothing", "-7"),
        (2.0, "0.00", "2.00"),
        (9876543.21, "#,##0.0", "9,876,543.2"),
        (7.0, "000", "007"),
        (0.5, "#.##", ".5"),
        (0.5, "0.##", "0.5"),
        (0.0, "#.##", ""),
        (1234567.0, "0,,.##", "1.23"),
        (1234567.0, "#,##0,", "1,235"),
        (0.256, "0.0%", "25.6%"),
        (0.256, "0.0 \u{2030}", "256.0 \u{2030}"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (12345.678, "0.00e0", "1.23e4"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (1.5, "'it''s' 0.0 \\#", "its 1.5 #"),
        (42.0, "(000) 000-0000", "(000) 000-0042"),
        (5551234567.0, "(000) 000-0000", "(555) 123-4567"),
        (-0.4, "0", "-0"),
        (-0.5, "0.0", "-0.5"),
        (3.0, "yes;no;off", "yes"),
        (1e20, "0", "100000000000000000000"),
        (1234.5, "#,#", "1,235"),
        (12.0, "00,000", "00,012"),
    ] {
        assert_eq!(text(value, format), expected, "{value} {format}");
    }
    assert_eq!(text(-3, "yes;no;off"), "no");
    assert_eq!(text(0, "0;-0;zero"), "zero");
    assert_eq!(
        format_number(1234.5.into(), "#,##0.00", Culture::known("de-DE").unwrap()).unwrap(),
        "1.234,50"
    );
}

#[test]
fn big_integers() {
    let big = |s: &str, f: &str| {
        let value: BigInt = s.parse().unwrap();
        format_number(Number::Big(&value), f, Culture::invariant()).unwrap()
    };
    assert_eq!(big("255", "X"), "0FF");
    assert_eq!(big("-255", "X"), "F01");
    assert_eq!(big("5", "X"), "5");
    assert_eq!(big("5", "X4"), "0005");
    assert_eq!(big("-1", "X"), "F");
    assert_eq!(big("10", "B"), "01010");
    assert_eq!(
        big("123456789012345678901234567890", "N0"),
        "123,456,789,012,345,678,901,234,567,890"
    );
    assert_eq!(big("-42", "D5"), "-00042");
    assert_eq!(big("0", "G"), "0");
}

//! Numbers by custom format strings: `0` `#` `.` `,` `%` `‰` `E+0`, literals
//! and up to three sections for positive, negative and zero.

use super::culture::NumberFormatInfo;
use super::digits::{Digits, DigitsKind};
use super::number_format::{group_breaks, push_exponent};

/// What one section of a format string asks for, found before anything is written.
#[derive(Default)]
struct Layout {
    digit_count: i32,
    decimal_position: Option<i32>,
    first_zero: Option<i32>,
    last_zero: i32,
    scientific: bool,
    grouped: bool,
    scale_change: i32,
}

/// `digits` by the section of `format` that fits their sign.
pub(super) fn format_custom(mut digits: Digits, format: &str, info: &NumberFormatInfo) -> String {
    let format: Vec<char> = format.chars().collect();
    let wanted = match (digits.is_zero(), digits.negative) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    let mut section = find_section(&format, wanted);
    let layout = loop {
        let layout = scan(&format, section);
        if digits.is_zero() {
            if digits.kind != DigitsKind::Real {
                digits.negative = false;
            }
            digits.scale = 0;
            break layout;
        }
        digits.scale += layout.scale_change;
        let decimal = layout.decimal_position.unwrap_or(layout.digit_count);
        let keep = if layout.scientific {
            layout.digit_count
        } else {
            digits.scale + layout.digit_count - decimal
        };
        digits.round(i64::from(keep), false);
        if digits.is_zero() {
            // Rounded away: the section for zero, if there is one, decides anew.
            let zero = find_section(&format, 2);
            if zero != section {
                section = zero;
                continue;
            }
        }
        break layout;
    };
    Writer::new(&format, section, &digits, layout, info).run()
}

/// Where the section starts: 0 when the format has no such section or an empty one.
fn find_section(format: &[char], mut wanted: usize) -> usize {
    if wanted == 0 {
        return 0;
    }
    let mut at = 0;
    while let Some(&ch) = format.get(at) {
        at += 1;
        match ch {
            '\'' | '"' => at = skip_quoted(format, at, ch),
            '\\' => at += 1,
            ';' => {
                wanted -= 1;
                if wanted == 0 {
                    return match format.get(at) {
                        Some(&next) if next != ';' => at,
                        _ => 0,
                    };
                }
            }
            _ => {}
        }
    }
    0
}

/// The position behind the closing quote.
fn skip_quoted(format: &[char], mut at: usize, quote: char) -> usize {
    while let Some(&ch) = format.get(at) {
        at += 1;
        if ch == quote {
            break;
        }
    }
    at
}

fn scan(format: &[char], section: usize) -> Layout {
    let mut layout = Layout::default();
    let mut comma_at: Option<i32> = None;
    let mut commas = 0;
    let mut at = section;
    let char_at = |at: usize| format.get(at).copied().unwrap_or('\0');
    while let Some(&ch) = format.get(at) {
        at += 1;
        match ch {
            ';' => break,
            '#' => layout.digit_count += 1,
            '0' => {
                layout.first_zero.get_or_insert(layout.digit_count);
                layout.digit_count += 1;
                layout.last_zero = layout.digit_count;
            }
            '.' => {
                layout.decimal_position.get_or_insert(layout.digit_count);
            }
            ',' if layout.digit_count > 0 && layout.decimal_position.is_none() => match comma_at {
                Some(position) if position == layout.digit_count => commas += 1,
                earlier => {
                    layout.grouped |= earlier.is_some();
                    comma_at = Some(layout.digit_count);
                    commas = 1;
                }
            },
            '%' => layout.scale_change += 2,
            '\u{2030}' => layout.scale_change += 3,
            '\'' | '"' => at = skip_quoted(format, at, ch),
            '\\' => at += 1,
            'E' | 'e' => {
                let signed = matches!(char_at(at), '+' | '-') && char_at(at + 1) == '0';
                if char_at(at) == '0' || signed {
                    at += 1;
                    while char_at(at) == '0' {
                        at += 1;
                    }
                    layout.scientific = true;
                }
            }
            _ => {}
        }
    }
    let decimal = layout.decimal_position.unwrap_or(layout.digit_count);
    if let Some(position) = comma_at {
        if position == decimal {
            layout.scale_change -= commas * 3;
        } else {
            layout.grouped = true;
        }
    }
    layout
}

struct Writer<'a> {
    format: &'a [char],
    at: usize,
    first_section: bool,
    digits: &'a Digits,
    /// The next digit of the number.
    next: usize,
    layout: Layout,
    info: &'a NumberFormatInfo,
    decimal: i32,
    /// Zeros are forced from here up to the point …
    first_digit: i32,
    /// … and down to here behind it (negative).
    last_digit: i32,
    /// Digits still to come before the point; negative behind it.
    position: i32,
    /// Digits more (or less) than the format has places for.
    surplus: i32,
    breaks: Vec<usize>,
    decimal_written: bool,
    out: String,
}

impl<'a> Writer<'a> {
    fn new(
        format: &'a [char],
        section: usize,
        digits: &'a Digits,
        layout: Layout,
        info: &'a NumberFormatInfo,
    ) -> Writer<'a> {
        let decimal = layout.decimal_position.unwrap_or(layout.digit_count);
        let first_digit = layout.first_zero.map_or(0, |zero| (decimal - zero).max(0));
        let last_digit = (decimal - layout.last_zero).min(0);
        let (position, surplus) = if layout.scientific {
            (decimal, 0)
        } else {
            (digits.scale.max(decimal), digits.scale - decimal)
        };
        let breaks = if layout.grouped && !info.number_group_separator.is_empty() {
            let whole = first_digit.max(position + surplus.min(0)).max(0);
            group_breaks(&info.number_group_sizes, whole as usize)
        } else {
            Vec::new()
        };
        Writer {
            format,
            at: section,
            first_section: section == 0,
            digits,
            next: 0,
            layout,
            info,
            decimal,
            first_digit,
            last_digit,
            position,
            surplus,
            breaks,
            decimal_written: false,
            out: String::new(),
        }
    }

    fn run(mut self) -> String {
        let signed = self.digits.negative && self.first_section;
        if signed && self.digits.scale != 0 {
            self.out.push_str(&self.info.negative_sign);
        }
        while let Some(&ch) = self.format.get(self.at) {
            self.at += 1;
            if ch == ';' {
                break;
            }
            if matches!(ch, '#' | '0' | '.') {
                while self.surplus > 0 {
                    self.surplus -= 1;
                    let digit = self.next_digit().unwrap_or('0');
                    self.put_digit(digit);
                    self.position -= 1;
                }
            }
            self.element(ch);
        }
        if signed && self.digits.scale == 0 && !self.out.is_empty() {
            self.out.insert_str(0, &self.info.negative_sign);
        }
        self.out
    }

    fn element(&mut self, ch: char) {
        match ch {
            '#' | '0' => self.place(),
            '.' => {
                if self.position == 0
                    && !self.decimal_written
                    && (self.last_digit < 0
                        || (self.decimal < self.layout.digit_count && self.digits_left()))
                {
                    self.out.push_str(&self.info.number_decimal_separator);
                    self.decimal_written = true;
                }
            }
            '\u{2030}' => self.out.push_str(&self.info.per_mille_symbol),
            '%' => self.out.push_str(&self.info.percent_symbol),
            ',' => {}
            '\'' | '"' => {
                while let Some(&literal) = self.format.get(self.at) {
                    self.at += 1;
                    if literal == ch {
                        break;
                    }
                    self.out.push(literal);
                }
            }
            '\\' => {
                if let Some(&literal) = self.format.get(self.at) {
                    self.at += 1;
                    self.out.push(literal);
                }
            }
            'E' | 'e' => self.exponent(ch),
            _ => self.out.push(ch),
        }
    }

    fn place(&mut self) {
        let digit = if self.surplus < 0 {
            self.surplus += 1;
            (self.position <= self.first_digit).then_some('0')
        } else {
            self.next_digit()
                .or((self.position > self.last_digit).then_some('0'))
        };
        if let Some(digit) = digit {
            self.put_digit(digit);
        }
        self.position -= 1;
    }

    fn put_digit(&mut self, digit: char) {
        self.out.push(digit);
        // The separator goes behind the digit that has a whole group after it.
        if self.position > 1 && self.breaks.last() == Some(&(self.position as usize - 1)) {
            self.out.push_str(&self.info.number_group_separator);
            self.breaks.pop();
        }
    }

    fn exponent(&mut self, letter: char) {
        let char_at = |at: usize| self.format.get(at).copied().unwrap_or('\0');
        if !self.layout.scientific {
            self.out.push(letter);
            if matches!(char_at(self.at), '+' | '-') {
                self.out.push(char_at(self.at));
                self.at += 1;
            }
            while self.format.get(self.at) == Some(&'0') {
                self.out.push('0');
                self.at += 1;
            }
            return;
        }
        let mut width = 0;
        let mut plus = false;
        match (char_at(self.at), char_at(self.at + 1)) {
            ('0', _) => width = 1,
            ('+', '0') => plus = true,
            ('-', '0') => {}
            _ => {
                self.out.push(letter);
                return;
            }
        }
        self.at += 1;
        while self.format.get(self.at) == Some(&'0') {
            width += 1;
            self.at += 1;
        }
        let exponent = if self.digits.is_zero() {
            0
        } else {
            self.digits.scale - self.decimal
        };
        push_exponent(
            &mut self.out,
            exponent,
            letter,
            width.min(10),
            plus,
            self.info,
        );
        self.layout.scientific = false;
    }

    fn digits_left(&self) -> bool {
        self.next < self.digits.digits.len()
    }

    fn next_digit(&mut self) -> Option<char> {
        let digit = self.digits.digits.get(self.next).map(|&d| d as char);
        self.next += usize::from(digit.is_some());
        digit
    }
}

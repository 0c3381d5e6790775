//! CultureInfo, NumberFormatInfo, DateTimeFormatInfo, TextInfo.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::culture::Culture;
use crate::runtime::types::{TypeRef, failures, known, time::calendar, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

/// A culture as an object; its formats can be changed on a copy.
pub struct CultureInfo {
    data: Rc<RefCell<Culture>>,
    read_only: bool,
}

impl CultureInfo {
    /// The object of a culture.
    pub fn value(culture: &Culture) -> Value {
        Value::native(CultureInfo {
            data: Rc::new(RefCell::new(culture.clone())),
            read_only: true,
        })
    }
}

/// A leaked copy: cultures live as long as the program, and there are few of them.
fn lasting(culture: Culture) -> &'static Culture {
    thread_local! {
        static KEPT: RefCell<Vec<&'static Culture>> = const { RefCell::new(Vec::new()) };
    }
    KEPT.with_borrow_mut(|kept| {
        if let Some(found) = kept.iter().find(|k| ***k == culture) {
            return *found;
        }
        let leaked: &'static Culture = Box::leak(Box::new(culture));
        kept.push(leaked);
        leaked
    })
}

/// The culture of a name, or CultureNotFoundException.
pub fn by_name(name: &str) -> R<&'static Culture> {
    match Culture::get(name) {
        Ok(Cow::Borrowed(culture)) => Ok(culture),
        Ok(Cow::Owned(culture)) => Ok(lasting(culture)),
        Err(_) => failures::fail(
            "System.Globalization.CultureNotFoundException",
            format!(
                "Culture is not supported. (Parameter 'name')\n{name} is an invalid culture identifier."
            ),
        ),
    }
}

/// The culture an IFormatProvider argument stands for; without one the current culture.
pub fn of_provider(vm: &mut Vm, provider: Option<&Value>) -> &'static Culture {
    match provider {
        Some(value) => {
            if let Some(info) = value.as_native::<CultureInfo>() {
                return lasting(info.data.borrow().clone());
            }
            if let Some(format) = value.as_native::<FormatInfo>() {
                return lasting(format.data.borrow().clone());
            }
            vm.culture()
        }
        None => vm.culture(),
    }
}

/// Runs work under another current culture.
pub fn with_culture<T>(
    vm: &mut Vm,
    culture: &'static Culture,
    work: impl FnOnce(&mut Vm) -> R<T>,
) -> R<T> {
    let before = vm.culture();
    if std::ptr::eq(before, culture) {
        return work(vm);
    }
    vm.set_culture(culture);
    let result = work(vm);
    vm.set_culture(before);
    result
}

impl Native for CultureInfo {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Globalization.CultureInfo")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.data.borrow().name.to_string())
    }

    fn key_text(&self) -> Option<String> {
        Some(self.data.borrow().name.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Parent",
            "LCID",
            "KeyboardLayoutId",
            "Name",
            "IetfLanguageTag",
            "DisplayName",
            "NativeName",
            "EnglishName",
            "TwoLetterISOLanguageName",
            "ThreeLetterISOLanguageName",
            "ThreeLetterWindowsLanguageName",
            "CompareInfo",
            "TextInfo",
            "IsNeutralCulture",
            "CultureTypes",
            "NumberFormat",
            "DateTimeFormat",
            "Calendar",
            "OptionalCalendars",
            "UseUserOverride",
            "IsReadOnly",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let culture = self.data.borrow();
        let part = |kind| {
            Some(Value::native(FormatInfo {
                data: self.data.clone(),
                kind,
                read_only: self.read_only,
            }))
        };
        Ok(match name.to_ascii_lowercase().as_str() {
            "name" | "ietflanguagetag" => Some(Value::str(&culture.name)),
            "displayname" => Some(Value::str(culture.display_name())),
            "englishname" => Some(Value::str(&culture.english_name)),
            "nativename" => Some(Value::str(&culture.native_name)),
            "lcid" | "keyboardlayoutid" => Some(Value::Int(culture.lcid as i32)),
            "twoletterisolanguagename" => Some(Value::str(&culture.two_letter_iso_language_name)),
            "threeletterisolanguagename" => {
                Some(Value::str(&culture.three_letter_iso_language_name))
            }
            "threeletterwindowslanguagename" => Some(Value::str(
                culture.three_letter_iso_language_name.to_uppercase(),
            )),
            "isneutralculture" => Some(Value::Bool(culture.is_neutral())),
            "parent" => {
                let parent = culture.parent_name().to_string();
                Some(CultureInfo::value(
                    Culture::known(&parent).unwrap_or_else(Culture::invariant),
                ))
            }
            "numberformat" => part(Kind::Number),
            "datetimeformat" => part(Kind::DateTime),
            "textinfo" => part(Kind::Text),
            "calendar" => Some(calendar::value(self.read_only)),
            "optionalcalendars" => Some(crate::runtime::types::collections::array::of(
                &type_named("System.Globalization.Calendar"),
                vec![calendar::value(self.read_only)],
            )),
            "compareinfo" => Some(Value::native(calendar::CompareInfo(
                culture.name.to_string(),
            ))),
            "culturetypes" => Some(Value::enum_of(
                "System.Globalization.CultureTypes",
                if culture.is_neutral() { 1 } else { 2 } | 4,
            )),
            "isreadonly" => Some(Value::Bool(self.read_only)),
            "useuseroverride" => Some(Value::Bool(false)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "clone" => Some(Value::native(CultureInfo {
                data: Rc::new(RefCell::new(self.data.borrow().clone())),
                read_only: false,
            })),
            "getformat" => {
                let wanted = match arguments.first().map(Value::base) {
                    Some(Value::Type(t)) => t.name.to_string(),
                    _ => String::new(),
                };
                let kind = match wanted.as_str() {
                    "NumberFormatInfo" => Kind::Number,
                    "DateTimeFormatInfo" => Kind::DateTime,
                    _ => return Ok(Some(Value::Null)),
                };
                Some(Value::native(FormatInfo {
                    data: self.data.clone(),
                    kind,
                    read_only: self.read_only,
                }))
            }
            _ => None,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    DateTime,
    Text,
}

/// The parts of a culture.
struct FormatInfo {
    data: Rc<RefCell<Culture>>,
    kind: Kind,
    read_only: bool,
}

impl FormatInfo {
    fn number(&self, name: &str) -> Option<Value> {
        let culture = self.data.borrow();
        let n = &culture.number_format;
        let text = |s: &str| Some(Value::str(s));
        match name {
            "numberdecimalseparator" => text(&n.number_decimal_separator),
            "numbergroupseparator" => text(&n.number_group_separator),
            "currencysymbol" => text(&n.currency_symbol),
            "currencydecimalseparator" => text(&n.currency_decimal_separator),
            "currencygroupseparator" => text(&n.currency_group_separator),
            "percentsymbol" => text(&n.percent_symbol),
            "percentdecimalseparator" => text(&n.percent_decimal_separator),
            "percentgroupseparator" => text(&n.percent_group_separator),
            "permillesymbol" => text(&n.per_mille_symbol),
            "negativesign" => text(&n.negative_sign),
            "positivesign" => text(&n.positive_sign),
            "nansymbol" => text(&n.nan_symbol),
            "positiveinfinitysymbol" => text(&n.positive_infinity_symbol),
            "negativeinfinitysymbol" => text(&n.negative_infinity_symbol),
            "numberdecimaldigits" => Some(Value::Int(n.number_decimal_digits)),
            "currencydecimaldigits" => Some(Value::Int(n.currency_decimal_digits)),
            "percentdecimaldigits" => Some(Value::Int(n.percent_decimal_digits)),
            "numbergroupsizes" => sizes(&n.number_group_sizes),
            "currencygroupsizes" => sizes(&n.currency_group_sizes),
            "percentgroupsizes" => sizes(&n.percent_group_sizes),
            "numbernegativepattern" => Some(Value::Int(i32::from(n.number_negative_pattern))),
            "currencynegativepattern" => Some(Value::Int(i32::from(n.currency_negative_pattern))),
            "currencypositivepattern" => Some(Value::Int(i32::from(n.currency_positive_pattern))),
            "percentnegativepattern" => Some(Value::Int(i32::from(n.percent_negative_pattern))),
            "percentpositivepattern" => Some(Value::Int(i32::from(n.percent_positive_pattern))),
            "digitsubstitution" => Some(Value::enum_of("System.Globalization.DigitShapes", 1)),
            "nativedigits" => Some(Value::strings((0..10).map(|n: u8| n.to_string()))),
            "isreadonly" => Some(Value::Bool(self.read_only)),
            _ => None,
        }
    }

    fn date(&self, name: &str) -> Option<Value> {
        let culture = self.data.borrow();
        let d = &culture.date_time_format;
        let text = |s: &str| Some(Value::str(s));
        match name {
            "shortdatepattern" => text(&d.short_date_pattern),
            "longdatepattern" => text(&d.long_date_pattern),
            "shorttimepattern" => text(&d.short_time_pattern),
            "longtimepattern" => text(&d.long_time_pattern),
            "monthdaypattern" => text(&d.month_day_pattern),
            "yearmonthpattern" => text(&d.year_month_pattern),
            "dateseparator" => text(&d.date_separator),
            "timeseparator" => text(&d.time_separator),
            "amdesignator" => text(&d.am_designator),
            "pmdesignator" => text(&d.pm_designator),
            "sortabledatetimepattern" => text("yyyy'-'MM'-'dd'T'HH':'mm':'ss"),
            "universalsortabledatetimepattern" => text("yyyy'-'MM'-'dd HH':'mm':'ss'Z'"),
            "rfc1123pattern" => text("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
            "fulldatetimepattern" => Some(Value::str(d.full_date_time())),
            "daynames" => Some(Value::strings(d.day_names.iter().map(|s| s.to_string()))),
            "abbreviateddaynames" => Some(Value::strings(
                d.abbreviated_day_names.iter().map(|s| s.to_string()),
            )),
            "monthnames" => Some(Value::strings(
                d.month_names
                    .iter()
                    .map(|s| s.to_string())
                    .chain((d.month_names.len() < 13).then(String::new)),
            )),
            "abbreviatedmonthnames" => Some(Value::strings(
                d.abbreviated_month_names
                    .iter()
                    .map(|s| s.to_string())
                    .chain((d.abbreviated_month_names.len() < 13).then(String::new)),
            )),
            "firstdayofweek" => Some(Value::enum_of(
                "System.DayOfWeek",
                i64::from(d.first_day_of_week),
            )),
            "calendarweekrule" => Some(Value::enum_of(
                "System.Globalization.CalendarWeekRule",
                i64::from(d.calendar_week_rule),
            )),
            "shortestdaynames" => Some(Value::strings(
                d.shortest_day_names.iter().map(|s| s.to_string()),
            )),
            "monthgenitivenames" => Some(thirteen(&d.month_genitive_names)),
            "abbreviatedmonthgenitivenames" => Some(thirteen(&d.abbreviated_month_genitive_names)),
            "calendar" => Some(calendar::value(self.read_only)),
            "nativecalendarname" => text("Gregorian Calendar"),
            "isreadonly" => Some(Value::Bool(self.read_only)),
            _ => None,
        }
    }
}

fn sizes(sizes: &[u8]) -> Option<Value> {
    let sizes = sizes.iter().map(|n| Value::Int(i32::from(*n))).collect();
    Some(crate::runtime::types::collections::array::of(
        &known::int(),
        sizes,
    ))
}

/// Names of months, and the empty thirteenth of a leap year elsewhere.
fn thirteen(names: &[std::borrow::Cow<'static, str>]) -> Value {
    let names = names.iter().map(ToString::to_string);
    Value::strings(names.chain(std::iter::once(String::new())))
}

impl Native for FormatInfo {
    fn type_ref(&self) -> TypeRef {
        type_named(match self.kind {
            Kind::Number => "System.Globalization.NumberFormatInfo",
            Kind::DateTime => "System.Globalization.DateTimeFormatInfo",
            Kind::Text => "System.Globalization.TextInfo",
        })
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let lower = name.to_ascii_lowercase();
        Ok(match self.kind {
            Kind::Number => self.number(&lower),
            Kind::DateTime => self.date(&lower),
            Kind::Text => match lower.as_str() {
                "culturename" => Some(Value::str(&self.data.borrow().name)),
                "listseparator" => Some(Value::str(self.data.borrow().list_separator())),
                "isreadonly" => Some(Value::Bool(self.read_only)),
                "isrighttoleft" => Some(Value::Bool(
                    ["ar", "he", "fa", "ur", "yi"]
                        .contains(&&*self.data.borrow().two_letter_iso_language_name),
                )),
                "ansicodepage" => Some(Value::Int(1252)),
                "oemcodepage" => Some(Value::Int(437)),
                "maccodepage" => Some(Value::Int(10000)),
                "ebcdiccodepage" => Some(Value::Int(37)),
                "lcid" => Some(Value::Int(self.data.borrow().lcid as i32)),
                _ => None,
            },
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if self.read_only {
            return failures::invalid_operation("Instance is read-only.");
        }
        if let Value::Array(list) = value.base() {
            return Ok(Some(self.set_list(
                vm,
                name,
                &list.items.borrow().clone(),
            )?));
        }
        if let Value::Enum(member) = value.base() {
            let dates = &mut self.data.borrow_mut().date_time_format;
            match name.to_ascii_lowercase().as_str() {
                "firstdayofweek" => dates.first_day_of_week = member.bits as u8,
                "calendarweekrule" => dates.calendar_week_rule = member.bits as u8,
                _ => return Ok(None),
            }
            return Ok(Some(true));
        }
        let text = vm.to_text(&value)?;
        let mut culture = self.data.borrow_mut();
        let n = &mut culture.number_format;
        match name.to_ascii_lowercase().as_str() {
            "numberdecimalseparator" => n.number_decimal_separator = text.into(),
            "numbergroupseparator" => n.number_group_separator = text.into(),
            "currencysymbol" => n.currency_symbol = text.into(),
            "currencydecimalseparator" => n.currency_decimal_separator = text.into(),
            "currencygroupseparator" => n.currency_group_separator = text.into(),
            "percentsymbol" => n.percent_symbol = text.into(),
            "negativesign" => n.negative_sign = text.into(),
            "positivesign" => n.positive_sign = text.into(),
            "nansymbol" => n.nan_symbol = text.into(),
            "positiveinfinitysymbol" => n.positive_infinity_symbol = text.into(),
            "negativeinfinitysymbol" => n.negative_infinity_symbol = text.into(),
            "permillesymbol" => n.per_mille_symbol = text.into(),
            "percentdecimalseparator" => n.percent_decimal_separator = text.into(),
            "percentgroupseparator" => n.percent_group_separator = text.into(),
            "numbernegativepattern" => n.number_negative_pattern = text.parse().unwrap_or(1),
            "currencynegativepattern" => n.currency_negative_pattern = text.parse().unwrap_or(0),
            "currencypositivepattern" => n.currency_positive_pattern = text.parse().unwrap_or(0),
            "percentnegativepattern" => n.percent_negative_pattern = text.parse().unwrap_or(0),
            "percentpositivepattern" => n.percent_positive_pattern = text.parse().unwrap_or(0),
            "amdesignator" => culture.date_time_format.am_designator = text.into(),
            "pmdesignator" => culture.date_time_format.pm_designator = text.into(),
            "monthdaypattern" => culture.date_time_format.month_day_pattern = text.into(),
            "yearmonthpattern" => culture.date_time_format.year_month_pattern = text.into(),
            "fulldatetimepattern" => {
                culture.date_time_format.full_date_time_pattern = Some(text.into());
            }
            "numberdecimaldigits" => n.number_decimal_digits = text.parse().unwrap_or(2),
            "currencydecimaldigits" => n.currency_decimal_digits = text.parse().unwrap_or(2),
            "percentdecimaldigits" => n.percent_decimal_digits = text.parse().unwrap_or(2),
            "shortdatepattern" => culture.date_time_format.short_date_pattern = text.into(),
            "longdatepattern" => culture.date_time_format.long_date_pattern = text.into(),
            "shorttimepattern" => culture.date_time_format.short_time_pattern = text.into(),
            "longtimepattern" => culture.date_time_format.long_time_pattern = text.into(),
            "dateseparator" => culture.date_time_format.date_separator = text.into(),
            "timeseparator" => culture.date_time_format.time_separator = text.into(),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if name == "clone" {
            return Ok(Some(Value::native(FormatInfo {
                data: Rc::new(RefCell::new(self.data.borrow().clone())),
                kind: self.kind,
                read_only: false,
            })));
        }
        Ok(match (self.kind, name, arguments) {
            (Kind::Text, "totitlecase", [text]) => Some(Value::str(title_case(&vm.to_text(text)?))),
            (Kind::Text, "toupper" | "tolower", [Value::Char(_)]) => {
                let invariant = format!("{name}invariant");
                crate::runtime::types::text::char::call_static(vm, &invariant, arguments)?
            }
            (Kind::Text, "toupper", [text]) => Some(Value::str(vm.to_text(text)?.to_uppercase())),
            (Kind::Text, "tolower", [text]) => Some(Value::str(vm.to_text(text)?.to_lowercase())),
            (Kind::DateTime, "getmonthname", [month]) => {
                self.name_at(vm, month, "monthnames", 1)?
            }
            (Kind::DateTime, "getabbreviatedmonthname", [month]) => {
                self.name_at(vm, month, "abbreviatedmonthnames", 1)?
            }
            (Kind::DateTime, "getdayname", [day]) => self.name_at(vm, day, "daynames", 0)?,
            (Kind::DateTime, "getabbreviateddayname", [day]) => {
                self.name_at(vm, day, "abbreviateddaynames", 0)?
            }
            (Kind::DateTime, "getshortestdayname", [day]) => {
                self.name_at(vm, day, "shortestdaynames", 0)?
            }
            (Kind::DateTime, "geteraname", _) => Some(Value::str("A.D.")),
            (Kind::DateTime, "getabbreviatederaname", _) => Some(Value::str("AD")),
            (Kind::DateTime, "getera", [name]) => {
                let name = vm.to_text(name)?;
                let known = ["ad", "a.d."].contains(&name.to_ascii_lowercase().as_str());
                Some(Value::Int(if known { 1 } else { -1 }))
            }
            (Kind::DateTime, "getalldatetimepatterns", [Value::Char(letter)]) => {
                Some(self.patterns(*letter))
            }
            (Kind::Number | Kind::DateTime, "getformat", [Value::Type(wanted)]) => {
                let own = self.type_ref() == *wanted;
                Some(if own { this.clone() } else { Value::Null })
            }
            (Kind::Text, "tostring", []) => Some(Value::str(format!(
                "TextInfo - {}",
                self.data.borrow().name
            ))),
            _ => None,
        })
    }
}

impl FormatInfo {
    /// Group sizes, names of days and months.
    fn set_list(&self, vm: &mut Vm, name: &str, items: &[Value]) -> R<bool> {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with("groupsizes") {
            let mut sizes = Vec::new();
            for item in items {
                sizes.push(u8::try_from(vm.to_int(item)?).unwrap_or(3));
            }
            let numbers = &mut self.data.borrow_mut().number_format;
            match lower.as_str() {
                "numbergroupsizes" => numbers.number_group_sizes = sizes,
                "currencygroupsizes" => numbers.currency_group_sizes = sizes,
                _ => numbers.percent_group_sizes = sizes,
            }
            return Ok(true);
        }
        let mut texts = Vec::new();
        for item in items {
            texts.push(vm.to_text(item)?);
        }
        let dates = &mut self.data.borrow_mut().date_time_format;
        let target: &mut [std::borrow::Cow<'static, str>] = match lower.as_str() {
            "daynames" => &mut dates.day_names,
            "abbreviateddaynames" => &mut dates.abbreviated_day_names,
            "shortestdaynames" => &mut dates.shortest_day_names,
            "monthnames" => &mut dates.month_names,
            "abbreviatedmonthnames" => &mut dates.abbreviated_month_names,
            "monthgenitivenames" => &mut dates.month_genitive_names,
            "abbreviatedmonthgenitivenames" => &mut dates.abbreviated_month_genitive_names,
            _ => return Ok(false),
        };
        for (slot, text) in target.iter_mut().zip(texts) {
            *slot = text.into();
        }
        Ok(true)
    }

    /// The pattern behind a standard letter.
    fn patterns(&self, letter: u16) -> Value {
        let culture = self.data.borrow();
        let d = &culture.date_time_format;
        let letter = char::from_u32(u32::from(letter)).unwrap_or_default();
        let both = |one: &str, other: &str| format!("{one} {other}");
        let pattern = match letter {
            'd' => d.short_date_pattern.to_string(),
            'D' => d.long_date_pattern.to_string(),
            't' => d.short_time_pattern.to_string(),
            'T' => d.long_time_pattern.to_string(),
            'f' => both(&d.long_date_pattern, &d.short_time_pattern),
            'F' | 'U' => d.full_date_time().to_string(),
            'g' => both(&d.short_date_pattern, &d.short_time_pattern),
            'G' => both(&d.short_date_pattern, &d.long_time_pattern),
            'm' | 'M' => d.month_day_pattern.to_string(),
            'y' | 'Y' => d.year_month_pattern.to_string(),
            'o' | 'O' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss.fffffffK".into(),
            'r' | 'R' => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'".into(),
            's' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss".into(),
            _ => "yyyy'-'MM'-'dd HH':'mm':'ss'Z'".into(),
        };
        let more = d.more_patterns.iter().filter(|(of, _)| *of == letter);
        let more = more.map(|(_, pattern)| (*pattern).to_owned());
        Value::strings(std::iter::once(pattern).chain(more))
    }

    fn name_at(&self, vm: &mut Vm, at: &Value, list: &str, first: i64) -> R<Option<Value>> {
        let at = vm.to_long(at)? - first;
        let names = self.date(list).unwrap_or_default();
        match names {
            Value::Array(names) => {
                let found = usize::try_from(at)
                    .ok()
                    .and_then(|at| names.items.borrow().get(at).cloned());
                match found {
                    Some(name) => Ok(Some(name)),
                    None => failures::out_of_range(
                        "Valid values are between 1 and 13, inclusive.",
                        "month",
                    ),
                }
            }
            _ => Ok(None),
        }
    }
}

/// First letters of words in upper case; words in capitals stay.
fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let finish = |word: &mut String, out: &mut String| {
        let all_upper = word
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(char::is_uppercase);
        if all_upper && word.chars().filter(|c| c.is_alphabetic()).count() > 1 {
            out.push_str(word);
        } else {
            let mut chars = word.chars();
            if let Some(first) = chars.next() {
                out.extend(first.to_uppercase());
                out.push_str(&chars.as_str().to_lowercase());
            }
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '\'' {
            word.push(c);
        } else {
            finish(&mut word, &mut out);
            out.push(c);
        }
    }
    finish(&mut word, &mut out);
    out
}

/// `[cultureinfo]::…`
pub fn read_static(vm: &mut Vm, name: &str) -> Option<Value> {
    match name {
        "currentculture" => Some(CultureInfo::value(vm.culture())),
        "currentuiculture" | "installeduiculture" => Some(CultureInfo::value(Culture::en_us())),
        "defaultthreadcurrentuiculture" => Some(Value::Null),
        "invariantculture" => Some(CultureInfo::value(Culture::invariant())),
        "defaultthreadcurrentculture" => Some(Value::Null),
        _ => None,
    }
}

/// `[cultureinfo]::GetCultureInfo(…)`, `::new(…)`
pub fn make(vm: &mut Vm, arguments: &[Value], read_only: bool) -> R<Option<Value>> {
    let culture = match arguments.first().map(Value::base) {
        Some(Value::Int(lcid)) => Culture::by_lcid(*lcid as u32).unwrap_or_else(Culture::invariant),
        Some(other) => {
            let name = vm.to_text(other)?;
            by_name(&name)?
        }
        None => return Ok(None),
    };
    Ok(Some(Value::native(CultureInfo {
        data: Rc::new(RefCell::new(culture.clone())),
        read_only,
    })))
}

/// All known cultures.
fn all() -> Value {
    crate::runtime::types::collections::array::of(
        &type_named("System.Globalization.CultureInfo"),
        Culture::known_names()
            .filter_map(Culture::known)
            .map(CultureInfo::value)
            .collect(),
    )
}

/// `[cultureinfo]::GetCultureInfo(…)` and its kin; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match name {
        "getcultureinfo" | "createspecificculture" | "getcultureinfobyietflanguagetag" => {
            make(vm, arguments, true)
        }
        "getcultures" => Ok(Some(all())),
        "readonly" => Ok(arguments.first().cloned()),
        _ => Ok(None),
    }
}

/// Writes `[cultureinfo]::CurrentCulture` and its kin; whether there is such a property.
pub fn write_static(vm: &mut Vm, name: &str, value: &Value) -> R<bool> {
    match name {
        "currentculture" | "defaultthreadcurrentculture" => make_current(vm, value),
        "currentuiculture" => Ok(true),
        _ => Ok(false),
    }
}

/// Makes the culture of an object the current one.
pub fn make_current(vm: &mut Vm, value: &Value) -> R<bool> {
    let culture = match value.as_native::<CultureInfo>() {
        Some(_) => of_provider(vm, Some(value)),
        None => {
            let name = vm.to_text(value)?;
            by_name(&name)?
        }
    };
    vm.set_culture(culture);
    Ok(true)
}

/// NumberFormatInfo and DateTimeFormatInfo by their static properties.
pub fn format_info(vm: &mut Vm, type_name: &str, name: &str) -> Option<Value> {
    let culture = match name {
        "currentinfo" => vm.culture(),
        "invariantinfo" | "new" => Culture::invariant(),
        _ => return None,
    };
    Some(Value::native(FormatInfo {
        data: Rc::new(RefCell::new(culture.clone())),
        kind: if type_name.ends_with("NumberFormatInfo") {
            Kind::Number
        } else {
            Kind::DateTime
        },
        read_only: name != "new",
    }))
}

/// `GetInstance(provider)` and `ReadOnly(info)` of the two kinds of format information.
pub fn format_info_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> Option<Value> {
    let [given] = arguments else {
        return None;
    };
    let kind = if type_ref.name.starts_with("Number") {
        Kind::Number
    } else {
        Kind::DateTime
    };
    let data = match given.as_native::<FormatInfo>() {
        Some(info) => info.data.clone(),
        None => Rc::new(RefCell::new(of_provider(vm, Some(given)).clone())),
    };
    matches!(name, "getinstance" | "readonly").then(|| {
        Value::native(FormatInfo {
            data,
            kind,
            read_only: true,
        })
    })
}

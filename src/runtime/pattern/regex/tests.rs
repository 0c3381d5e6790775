//! What .NET answers, in tables.
use super::*;

fn regex(pattern: &str, options: &str) -> Regex {
    let mut set = RegexOptions::NONE;
    for c in options.chars() {
        set = set.with(match c {
            'i' => RegexOptions::IGNORE_CASE,
            'm' => RegexOptions::MULTILINE,
            's' => RegexOptions::SINGLELINE,
            'n' => RegexOptions::EXPLICIT_CAPTURE,
            'x' => RegexOptions::IGNORE_PATTERN_WHITESPACE,
            'r' => RegexOptions::RIGHT_TO_LEFT,
            'e' => RegexOptions::ECMA_SCRIPT,
            _ => panic!("no option {c}"),
        });
    }
    Regex::new(pattern, set).unwrap_or_else(|e| panic!("{e}"))
}

/// The matches, each with its groups: `whole(1,2)`; a group that took no part
/// is `-`, several captures of one group are joined by `+`.
fn show(pattern: &str, options: &str, text: &str) -> String {
    let regex = regex(pattern, options);
    let mut shown = Vec::new();
    for found in regex.matches(text) {
        let found = found.unwrap();
        let groups: Vec<String> = found.groups()[1..]
            .iter()
            .map(|group| {
                let captures: Vec<_> = group
                    .captures()
                    .map(|r| slice(text, r.start, r.end))
                    .collect();
                if captures.is_empty() {
                    "-".to_owned()
                } else {
                    captures.join("+")
                }
            })
            .collect();
        let mut one = found.value(text).into_owned();
        if !groups.is_empty() {
            one = format!("{one}({})", groups.join(","));
        }
        shown.push(one);
    }
    shown.join("|")
}

#[test]
fn matches() {
    for (pattern, options, text, expected) in [
        ("b", "", "abc", "b"),
        ("aa", "", "aaaa", "aa|aa"),
        ("b", "", "aaa", ""),
        ("", "", "abc", "|||"),
        (
            r"(?<verb>[A-Z]+)=(?<code>\d{3})",
            "",
            "GET=200 PUT=50",
            "GET=200(GET,200)",
        ),
        (r"\d+", "", "a1b22", "1|22"),
        (r"(\w+)\s(\d+)", "", "abc 123", "abc 123(abc,123)"),
        ("(a)(x)?(b)", "", "ab", "ab(a,-,b)"),
        (r"^(.*?)=(.*)$", "", "key=value", "key=value(key,value)"),
        // Loops and their captures.
        (r"(?:(\w)\s?)+", "", "a b c", "a b c(a+b+c)"),
        ("(a|ab)(c|bcd)(d*)", "", "abcd", "abcd(a,bcd,)"),
        ("(a*)*", "", "aab", "aa(aa+)|()|()"),
        ("(a*)+", "", "b", "()|()"),
        ("(?:a|b)*?c", "", "abac", "abac"),
        ("a{2,3}", "", "aaaaaa a", "aaa|aaa"),
        ("a{2,3}?", "", "aaaaa", "aa|aa"),
        ("(ab){2}", "", "ababab", "abab(ab+ab)"),
        ("(ab){2,}?c", "", "abababc", "abababc(ab+ab+ab)"),
        ("(ab)??c", "", "abc", "abc(ab)"),
        ("a{,3}", "", "a{,3}", "a{,3}"),
        ("x{", "", "x{", "x{"),
        (r"\w{3}|a{3}|a\{3", "", "2a{3}", "a{3"),
        ("<.+?>", "", "<a><b>", "<a>|<b>"),
        ("(.)\\1", "", "aabbc", "aa(a)|bb(b)"),
        ("(?i)(a)\\1", "", "aA", "aA(a)"),
        (r"(?<c>.)\k<c>", "", "xaab", "aa(a)"),
        (r"(?:(a)|b)\1", "", "ba", ""),
        // Anchors.
        (r"^\w+", "", "first\nsecond", "first"),
        (r"^\w+", "m", "first\nsecond", "first|second"),
        (r"\w+$", "", "one\ntwo\n", "two"),
        (r"\w+$", "m", "one\ntwo\n", "one|two"),
        (r"\w+\z", "", "one\ntwo\n", ""),
        (r"\w+\Z", "", "one\ntwo\n", "two"),
        (r"\A\w", "m", "a\nb", "a"),
        (r"\G\d", "", "12a3", "1|2"),
        (r"\b\w", "", "hello big world", "h|b|w"),
        (r"\Bo\b", "", "o to so", "o|o"),
        ("a$", "", "a\n", "a"),
        ("^", "m", "a\nb", "|"),
        // Options, inside and outside.
        ("first.*third", "", "first\nthird", ""),
        ("first.*third", "s", "first\nthird", "first\nthird"),
        (
            "(\\d{4})  # year\n    -(\\d\\d)",
            "x",
            "2024-02",
            "2024-02(2024,02)",
        ),
        ("(a)(?<n>b)", "n", "ab", "ab(b)"),
        ("(?n:(a))(b)", "", "ab", "ab(b)"),
        ("a(?i)b(?-i)c", "", "aBc aBC", "aBc"),
        ("a(?i:b)c", "", "aBc ABc", "aBc"),
        ("a(?#comment)b", "", "ab", "ab"),
        ("[a b]", "x", "a b", "a| |b"),
        (r"a\ b", "x", "a b", "a b"),
        // Letter case.
        ("straSSe", "i", "STRASSE", "STRASSE"),
        ("ß", "i", "ẞ", "ẞ"),
        ("[a-c]+", "i", "xABCd", "ABC"),
        ("k", "i", "\u{212A}", "\u{212A}"),
        (r"\p{Lu}", "i", "aé", "a|é"),
        ("É", "i", "é", "é"),
        ("(?i)abc", "", "ABC", "ABC"),
        // Classes.
        (r"\w", "", "aé1_ß-Ж٣", "a|é|1|_|ß|Ж|٣"),
        (r"\d", "", "1٣", "1|٣"),
        (r"\d", "e", "1٣", "1"),
        (r"\p{Lu}", "", "aBéЖ", "B|Ж"),
        (r"\p{IsCyrillic}", "", "aBéЖ", "Ж"),
        (r"\P{L}", "", "a,b!", ",|!"),
        (r"[\p{L}-[a-c]]", "", "abcd", "d"),
        ("[a-z-[aeiou]]", "", "hello", "h|l|l"),
        ("[a-z-[d-w-[m]]]+", "", "abmxd", "abmx"),
        ("[]^-]", "", "a]b^c-d", "]|^|-"),
        ("[^]a]", "", "a]b", "b"),
        (r"[\w-.]", "", "a-.!", "a|-|."),
        ("[[]", "", "[", "["),
        ("[a-]", "", "a-b", "a|-"),
        (r"[\]]", "", "]", "]"),
        (r"[\d-x]", "", "1-x", "1|-|x"),
        (r"\S+", "", "a b\u{A0}c", "a|b|c"),
        (r"[^\s,]+", "", "a, b", "a|b"),
        // Escapes.
        (r"a\x09b", "", "a\tb", "a\tb"),
        (r"\u0041", "", "A", "A"),
        (r"\cA", "", "\u{1}", "\u{1}"),
        (r"\101", "", "A", "A"),
        (r"\e\a\0", "", "\u{1b}\u{7}\0", "\u{1b}\u{7}\0"),
        (r"\-\/\@", "", "-/@", "-/@"),
        // Looking around.
        (r"\d+(?= EUR)", "", "10 EUR 20 USD", "10"),
        (r"\d+(?! EUR)\b", "", "10 EUR 20 USD", "20"),
        (r"(?<=\$)\d+", "", "$10 20", "10"),
        (r"(?<!\$)\b\d+", "", "$10 20", "20"),
        (r"(?<=(\w)+)-", "", "abc-", "-(c+b+a)"),
        (r"(?<=a+b*)c", "", "aabbc c", "c"),
        (r"(?=(\w+))\1:", "", "abc:", "abc:(abc)"),
        ("(?<=^..).", "", "abcd", "c"),
        (r"(?<!\\),", "", r"a\,b,c", ","),
        (r"(?<=\1(a))a", "", "aaa", "a(a)"),
        // Atomic groups.
        ("(?>a+)ab", "", "aaab", ""),
        ("(?>a|ab)c", "", "abc", ""),
        (r"(?>(\w+))!", "", "ab!", "ab!(ab)"),
        // Conditions.
        (r"(a)?(?(1)b|c)", "", "abc", "ab(a)|c(-)"),
        (r"(?<q>')?\w+(?(q)')", "", "'ab' cd", "'ab'(')|cd(-)"),
        (r"(?(?=\d)\d{2}|\w)", "", "12a", "12|a"),
        (r"(?(\d)\d{2}|\w)", "", "12a", "12|a"),
        ("(?(x)xy|z)", "", "xyz", "xy|z"),
        // Balancing groups.
        (
            r"\((?>[^()]+|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)",
            "",
            "(a(b)c) (",
            "(a(b)c)(-)",
        ),
        ("(?<o>a)+(?<c-o>b)+", "", "aabb", "aabb(-,+ab)"),
        (r"^(?<o>\()+(?<-o>\))+$", "", "(())", "(())(-)"),
        // Group numbers.
        ("(a)(?<x>b)(c)(?<y>d)?", "", "abc", "abc(a,c,b,-)"),
        (r"(?<v>\d)(?<v>\w)", "", "2b", "2b(2+b)"),
        ("(?<5>a)(b)", "", "ab", "ab(b,a)"),
        ("(?'q'a)", "", "a", "a(a)"),
        // Right to left.
        (r"\d", "r", "a1 b2", "2|1"),
        (r"(\d+)\w", "r", "a123", "123(12)"),
        ("abc", "r", "abcabc", "abc|abc"),
        ("^a", "r", "aa", "a"),
        // Surrogate pairs are two units.
        (".", "", "😀", "\u{FFFD}|\u{FFFD}"),
        ("^..$", "", "😀", "😀"),
        ("😀+", "", "x😀", "😀"),
        (r"\uD83D\uDE00", "", "😀", "😀"),
        (r"[^a]+", "", "aé😀", "é😀"),
    ] {
        assert_eq!(
            show(pattern, options, text),
            expected,
            "{pattern} {options} {text:?}"
        );
    }
}

#[test]
fn names_and_numbers() {
    let regex = regex("(a)(?<x>b)(c)(?<y>d)?(?<9>e)?", "");
    assert_eq!(regex.group_names().join(","), "0,1,2,x,y,9");
    assert_eq!(regex.group_numbers(), [0, 1, 2, 3, 4, 9]);
    assert_eq!(regex.slot_of_name("x"), Some(3));
    assert_eq!(regex.slot_of_number(9), Some(5));
    assert_eq!(regex.slot_of_name("nope"), None);
}

#[test]
fn errors() {
    for (pattern, offset, message) in [
        ("(", 1, "Not enough )'s."),
        ("[a", 2, "Unterminated [] set."),
        ("*a", 1, "Quantifier '*' following nothing."),
        ("+", 1, "Quantifier '+' following nothing."),
        ("a{2,1}", 6, "Illegal {x,y} with x > y."),
        ("a**", 3, "Nested quantifier '*'."),
        ("a{2}{3}", 5, "Nested quantifier '{'."),
        ("(?<n", 4, "Unrecognized grouping construct."),
        ("(?<x", 4, "Unrecognized grouping construct."),
        (r"\p{Nope}", 8, "Unknown property 'Nope'."),
        (r"\p{L", 2, r"Incomplete \p{X} character escape."),
        (r"\pLux", 3, r"Malformed \p{X} character escape."),
        ("a)", 2, "Too many )'s."),
        ("(?<=a", 5, "Not enough )'s."),
        ("[z-a]", 4, "[x-y] range in reverse order."),
        (r"[a-\d]", 5, r"Cannot include class \d in character range."),
        (
            "[a-z-[b]c]",
            8,
            "A subtraction must be the last element in a character class.",
        ),
        ("a\\", 2, r"Illegal \ at end of pattern."),
        (r"\y", 2, r"Unrecognized escape sequence \y."),
        (r"\1", 2, "Reference to undefined group number 1."),
        (r"\k<a>", 5, "Reference to undefined group name 'a'."),
        (r"\k", 1, r"Malformed \k<...> named back reference."),
        (r"\x1", 2, "Insufficient or invalid hexadecimal digits."),
        (r"[\x1]", 5, "Insufficient or invalid hexadecimal digits."),
        (r"\c", 2, "Missing control character."),
        ("(?<0>a)", 4, "Capture number cannot be zero."),
        (
            "(?<a!>b)",
            4,
            "Invalid group name: Group names must begin with a word character.",
        ),
        ("(?z)", 3, "Unrecognized grouping construct."),
        ("(?#a", 4, "Unterminated (?#...) comment."),
        (
            "(?(1)a|b)",
            5,
            "Conditional alternation refers to an undefined group number 1.",
        ),
        ("(?(a)b|c|d)", 11, "Too many | in (?()|)."),
        (
            "a{99999999999}",
            12,
            "Capture group numbers must be less than or equal to Int32.MaxValue.",
        ),
    ] {
        let error = Regex::new(pattern, RegexOptions::NONE).unwrap_err();
        let expected = format!("Invalid pattern '{pattern}' at offset {offset}. {message}");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.offset, offset);
    }
}

#[test]
fn replacements() {
    for (text, pattern, replacement, expected) in [
        ("2024-02-29", r"(\d+)-(\d+)-(\d+)", "$3/$2/$1", "29/02/2024"),
        (
            "John Smith",
            r"(?<first>\w+) (?<last>\w+)",
            "${last}, ${first}",
            "Smith, John",
        ),
        ("abc", "b", "[$&]", "a[b]c"),
        ("abc", "b", "[$`|$']", "a[a|c]c"),
        ("abc", "(b)", "$$1", "a$1c"),
        ("abc", "b", "[$_]", "a[abc]c"),
        ("xay", "(x)(a)(y)?", "$+", "y"),
        ("a1", "(a)(1)", "${1}0$2", "a01"),
        ("abc", "(b)", "$10", "a$10c"),
        ("abc", "(b)", "${1", "a${1c"),
        ("abc", "(b)", "$x$", "a$x$c"),
        ("abc", "(b)", "${nope}", "a${nope}c"),
        ("a  b   c", r"\s+", " ", "a b c"),
        ("abc", "", "-", "-a-b-c-"),
        ("abc", "z", "-", "abc"),
        ("😀", ".", "$&", "😀"),
        ("😀", ".", "x", "xx"),
        ("a\nb", "$", "!", "a\nb!"),
        ("one\ntwo", "(?m)^", "> ", "> one\n> two"),
    ] {
        assert_eq!(
            regex(pattern, "").replace(text, replacement, None).unwrap(),
            expected,
            "{pattern} {replacement}"
        );
    }
    let a = regex("a", "");
    assert_eq!(a.replace("banana", "o", Some(2)).unwrap(), "bonona");
    let o = Replacement::parse("o", &a);
    assert_eq!(a.replace_from("banana", &o, Some(1), 2).unwrap(), "banona");
    assert_eq!(
        regex("a", "r").replace("banana", "<$&>", Some(2)).unwrap(),
        "ban<a>n<a>"
    );
    let mut count = 0;
    let numbered = regex("x", "").replace_with("x-x-x", None, |_| {
        count += 1;
        Ok::<_, MatchFailure>(format!("x{count}"))
    });
    assert_eq!(numbered.unwrap(), "x1-x2-x3");
}

#[test]
fn splits() {
    for (text, pattern, options, count, expected) in [
        ("a,b,c", ",", "", None, "a|b|c"),
        (",a,,b,", ",", "", None, "|a||b|"),
        ("a1b2", r"(\d)", "", None, "a|1|b|2|"),
        ("abc", "", "", None, "|a|b|c|"),
        ("abc", "z", "", None, "abc"),
        ("", ",", "", None, ""),
        ("a,b,c,d", ",", "", Some(2), "a|b,c,d"),
        ("a,b,c,d", ",", "r", Some(2), "a,b,c|d"),
        ("a,b,c", ",", "", Some(1), "a,b,c"),
        ("a, b;c", r"[,;]\s*", "", None, "a|b|c"),
        ("aXbxc", "x", "i", None, "a|b|c"),
        ("1-2+3", "(-)|(\\+)", "", None, "1|-|2|+|3"),
        ("a1b2", r"(\d)", "r", None, "a|1|b|2|"),
    ] {
        let parts = regex(pattern, options).split(text, count).unwrap();
        assert_eq!(parts.join("|"), expected, "{text} {pattern} {options}");
    }
}

#[test]
fn escapes() {
    assert_eq!(escape("a+b [c] #1\n"), r"a\+b\ \[c]\ \#1\n");
    assert_eq!(unescape(r"a\+b\ \u0041\n").unwrap(), "a+b A\n");
    assert_eq!(
        unescape("a\\").unwrap_err().error,
        RegexParseError::UnescapedEndingBackslash
    );
}

#[test]
fn searching_from_a_place() {
    let regex = regex(r"(?<=a)b|^c|\Gd", "");
    assert_eq!(regex.match_at("ab", 1).unwrap().unwrap().range(), 1..2);
    assert!(regex.match_at("ac", 1).unwrap().is_none());
    assert!(regex.match_at("ad", 1).unwrap().is_some());
    assert!(regex.match_at("ab", 9).unwrap().is_none());
}

#[test]
fn runaway_patterns_end() {
    let text = "a".repeat(60);
    let regex = regex("(a+)+b", "").with_timeout(Duration::from_millis(50));
    assert_eq!(regex.is_match(&text), Err(MatchFailure::Timeout));
    // Deep nesting and long texts exhaust nothing.
    let nested = format!("{}a{}", "(".repeat(400), ")".repeat(400));
    assert!(regex_new(&nested).is_match("a").unwrap());
    assert!(Regex::new(&"(".repeat(5000), RegexOptions::NONE).is_err());
    assert!(Regex::new(&"[a-".repeat(5000), RegexOptions::NONE).is_err());
    let long = "ab".repeat(200_000);
    assert!(regex_new("^(a|b)*$").is_match(&long).unwrap());
    assert!(regex_new("^(?:(?:ab)+)*$").is_match(&long).unwrap());
}

fn regex_new(pattern: &str) -> Regex {
    regex(pattern, "")
}

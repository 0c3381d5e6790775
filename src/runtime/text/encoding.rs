//! Text encodings by the names of PowerShell and .NET: bytes to text and back,
//! byte order marks included.

use std::borrow::Cow;

/// How characters become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Utf8,
    Utf16 {
        big: bool,
    },
    Utf32 {
        big: bool,
    },
    Utf7,
    Ascii,
    Latin1,
    /// A DOS code page by its upper half.
    Table(&'static str),
    /// A code page of the web.
    Web(&'static encoding_rs::Encoding),
}

/// A text encoding (System.Text.Encoding).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    scheme: Scheme,
    code_page: u32,
    /// Files begin with a byte order mark.
    emits_mark: bool,
}

/// Bytes that a strict encoding refuses (DecoderFallbackException).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unable to translate bytes {} at index {index} from specified code page to Unicode.", bytes_text(.bytes))]
pub struct DecodeError {
    /// Where they are.
    pub index: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
}

fn bytes_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("[{byte:02X}]")).collect()
}

const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}";

const fn unicode(scheme: Scheme, code_page: u32, emits_mark: bool) -> Encoding {
    Encoding {
        scheme,
        code_page,
        emits_mark,
    }
}

impl Encoding {
    /// UTF-8 without a mark: the default for files.
    pub const UTF8: Encoding = unicode(Scheme::Utf8, 65001, false);
    /// UTF-8 with a mark.
    pub const UTF8_BOM: Encoding = unicode(Scheme::Utf8, 65001, true);
    /// UTF-16, little-endian.
    pub const UNICODE: Encoding = unicode(Scheme::Utf16 { big: false }, 1200, true);
    /// UTF-16, big-endian.
    const BIG_ENDIAN_UNICODE: Encoding = unicode(Scheme::Utf16 { big: true }, 1201, true);
    /// UTF-32, little-endian.
    pub const UTF32: Encoding = unicode(Scheme::Utf32 { big: false }, 12000, true);
    /// UTF-32, big-endian.
    const BIG_ENDIAN_UTF32: Encoding = unicode(Scheme::Utf32 { big: true }, 12001, true);
    /// Seven bits; anything else is a question mark.
    pub const ASCII: Encoding = unicode(Scheme::Ascii, 20127, false);
    /// The first 256 characters.
    const LATIN1: Encoding = unicode(Scheme::Latin1, 28591, false);

    /// The encoding a cmdlet's `-Encoding` names.
    pub fn by_powershell_name(name: &str) -> Option<Encoding> {
        let lower = name.trim().to_ascii_lowercase();
        Some(match lower.as_str() {
            "utf8" | "utf8nobom" | "default" => Encoding::UTF8,
            "utf8bom" => Encoding::UTF8_BOM,
            "unicode" | "string" | "unknown" => Encoding::UNICODE,
            "bigendianunicode" => Encoding::BIG_ENDIAN_UNICODE,
            "utf32" => Encoding::UTF32,
            "bigendianutf32" => Encoding::BIG_ENDIAN_UTF32,
            "ascii" => Encoding::ASCII,
            "utf7" => Encoding::by_code_page(65000)?,
            "ansi" => Encoding::by_code_page(1252)?,
            "oem" => Encoding::by_code_page(437)?,
            _ => return Encoding::by_name(&lower),
        })
    }

    /// `[Text.Encoding]::GetEncoding(name)`; a number counts as a code page.
    pub fn by_name(name: &str) -> Option<Encoding> {
        let lower = name.trim().to_ascii_lowercase();
        if let Ok(code_page) = lower.parse() {
            return Encoding::by_code_page(code_page);
        }
        Some(match lower.as_str() {
            "utf-8" | "utf8" | "unicode-1-1-utf-8" | "x-unicode-1-1-utf-8" => Encoding::UTF8_BOM,
            "utf-16" | "utf-16le" | "unicode" | "ucs-2" | "iso-10646-ucs-2" => Encoding::UNICODE,
            "utf-16be" | "unicodefffe" => Encoding::BIG_ENDIAN_UNICODE,
            "utf-32" | "utf-32le" => Encoding::UTF32,
            "utf-32be" => Encoding::BIG_ENDIAN_UTF32,
            "us-ascii" | "ascii" | "iso-ir-6" | "ansi_x3.4-1968" | "iso646-us" | "us" => {
                Encoding::ASCII
            }
            "iso-8859-1" | "iso_8859-1" | "latin1" | "l1" | "iso8859-1" | "cp819" => {
                Encoding::LATIN1
            }
            "ibm437" | "cp437" | "437" => Encoding::by_code_page(437)?,
            "ibm850" | "cp850" | "850" => Encoding::by_code_page(850)?,
            "utf-7" => Encoding::by_code_page(65000)?,
            _ => {
                let web = encoding_rs::Encoding::for_label(lower.as_bytes())?;
                let code_page = CODE_PAGES.iter().find(|(_, label)| {
                    encoding_rs::Encoding::for_label(label.as_bytes()) == Some(web)
                })?;
                unicode(Scheme::Web(web), code_page.0, false)
            }
        })
    }

    /// The encoding of a code page number.
    pub fn by_code_page(code_page: u32) -> Option<Encoding> {
        Some(match code_page {
            65001 => Encoding::UTF8_BOM,
            1200 => Encoding::UNICODE,
            1201 => Encoding::BIG_ENDIAN_UNICODE,
            12000 => Encoding::UTF32,
            12001 => Encoding::BIG_ENDIAN_UTF32,
            20127 => Encoding::ASCII,
            28591 => Encoding::LATIN1,
            65000 => unicode(Scheme::Utf7, 65000, false),
            437 => unicode(Scheme::Table(CODE_PAGE_437), 437, false),
            850 => unicode(Scheme::Table(CODE_PAGE_850), 850, false),
            0 => Encoding::UTF8,
            _ => {
                let (_, label) = CODE_PAGES.iter().find(|(number, _)| *number == code_page)?;
                let web = encoding_rs::Encoding::for_label(label.as_bytes())?;
                unicode(Scheme::Web(web), code_page, false)
            }
        })
    }

    /// The same encoding, with or without a mark at the start of files.
    pub fn with_mark(self, emits_mark: bool) -> Encoding {
        Encoding { emits_mark, ..self }
    }

    /// The encoding and length of the byte order mark that `bytes` begin with.
    pub fn detect(bytes: &[u8]) -> Option<(Encoding, usize)> {
        match bytes {
            [0xEF, 0xBB, 0xBF, ..] => Some((Encoding::UTF8_BOM, 3)),
            [0xFF, 0xFE, 0, 0, ..] => Some((Encoding::UTF32, 4)),
            [0xFF, 0xFE, ..] => Some((Encoding::UNICODE, 2)),
            [0xFE, 0xFF, ..] => Some((Encoding::BIG_ENDIAN_UNICODE, 2)),
            [0, 0, 0xFE, 0xFF, ..] => Some((Encoding::BIG_ENDIAN_UTF32, 4)),
            _ => None,
        }
    }

    /// The text of a file: its mark decides, without one this encoding does.
    pub fn decode_file(self, bytes: &[u8]) -> String {
        match Encoding::detect(bytes) {
            Some((found, length)) => found.decode(&bytes[length..]),
            None => self.decode(bytes),
        }
    }

    /// The bytes of a new file: the mark, then the text.
    pub fn encode_file(self, text: &str) -> Vec<u8> {
        let mut bytes = self.preamble().to_vec();
        bytes.extend_from_slice(&self.encode(text));
        bytes
    }

    /// The byte order mark, empty when files get none.
    pub fn preamble(self) -> &'static [u8] {
        if !self.emits_mark {
            return &[];
        }
        match self.scheme {
            Scheme::Utf8 => &[0xEF, 0xBB, 0xBF],
            Scheme::Utf16 { big: false } => &[0xFF, 0xFE],
            Scheme::Utf16 { big: true } => &[0xFE, 0xFF],
            Scheme::Utf32 { big: false } => &[0xFF, 0xFE, 0, 0],
            Scheme::Utf32 { big: true } => &[0, 0, 0xFE, 0xFF],
            _ => &[],
        }
    }

    /// `GetString`: what cannot be read becomes U+FFFD, in ASCII a question mark.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self.scheme {
            Scheme::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Scheme::Utf16 { big } => {
                let pairs = bytes.chunks_exact(2);
                let rest = pairs.remainder();
                let units: Vec<u16> = pairs
                    .map(|pair| {
                        let pair = [pair[0], pair[1]];
                        if big {
                            u16::from_be_bytes(pair)
                        } else {
                            u16::from_le_bytes(pair)
                        }
                    })
                    .collect();
                let mut text = String::from_utf16_lossy(&units);
                if !rest.is_empty() {
                    text.push('\u{FFFD}');
                }
                text
            }
            Scheme::Utf32 { big } => bytes
                .chunks(4)
                .map(|four| {
                    let value = <[u8; 4]>::try_from(four).ok().map(|four| {
                        if big {
                            u32::from_be_bytes(four)
                        } else {
                            u32::from_le_bytes(four)
                        }
                    });
                    value.and_then(char::from_u32).unwrap_or('\u{FFFD}')
                })
                .collect(),
            Scheme::Ascii => bytes
                .iter()
                .map(|&b| if b < 128 { b as char } else { '?' })
                .collect(),
            Scheme::Latin1 => bytes.iter().map(|&b| b as char).collect(),
            Scheme::Table(upper) => bytes
                .iter()
                .map(|&b| match b {
                    0..128 => b as char,
                    _ => upper
                        .chars()
                        .nth(usize::from(b) - 128)
                        .unwrap_or('\u{FFFD}'),
                })
                .collect(),
            Scheme::Utf7 => decode_utf7(bytes),
            Scheme::Web(web) => web.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }

    /// `GetString` of an encoding that throws on bytes it cannot read.
    pub fn decode_strict(self, bytes: &[u8]) -> Result<String, DecodeError> {
        if self.scheme == Scheme::Utf8 {
            return std::str::from_utf8(bytes)
                .map(str::to_owned)
                .map_err(|error| {
                    let index = error.valid_up_to();
                    let length = error.error_len().unwrap_or(bytes.len() - index);
                    DecodeError {
                        index,
                        bytes: bytes[index..index + length].to_vec(),
                    }
                });
        }
        if self.scheme == Scheme::Ascii
            && let Some(index) = bytes.iter().position(|b| !b.is_ascii())
        {
            return Err(DecodeError {
                index,
                bytes: vec![bytes[index]],
            });
        }
        let text = self.decode(bytes);
        match text.find('\u{FFFD}') {
            Some(at) => {
                let index = self.encode(&text[..at]).len();
                Err(DecodeError {
                    index,
                    bytes: bytes.get(index..=index).unwrap_or_default().to_vec(),
                })
            }
            None => Ok(text),
        }
    }

    /// `GetBytes`: what the encoding lacks becomes a question mark.
    pub fn encode(self, text: &str) -> Cow<'_, [u8]> {
        match self.scheme {
            Scheme::Utf8 => Cow::Borrowed(text.as_bytes()),
            Scheme::Utf16 { big } => {
                let bytes = text.encode_utf16().flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                });
                Cow::Owned(bytes.collect())
            }
            Scheme::Utf32 { big } => {
                let bytes = text.chars().flat_map(|ch| {
                    let value = u32::from(ch);
                    if big {
                        value.to_be_bytes()
                    } else {
                        value.to_le_bytes()
                    }
                });
                Cow::Owned(bytes.collect())
            }
            Scheme::Ascii => single_bytes(text, |ch| ch.is_ascii().then_some(ch as u8)),
            Scheme::Latin1 => single_bytes(text, |ch| u8::try_from(u32::from(ch)).ok()),
            Scheme::Table(upper) => single_bytes(text, |ch| {
                if ch.is_ascii() {
                    return Some(ch as u8);
                }
                let at = upper.chars().position(|c| c == ch)?;
                u8::try_from(at + 128).ok()
            }),
            Scheme::Utf7 => Cow::Owned(encode_utf7(text)),
            Scheme::Web(web) => {
                let mut bytes = Vec::with_capacity(text.len());
                let mut buffer = [0; 4];
                for ch in text.chars() {
                    let one = ch.encode_utf8(&mut buffer);
                    let (encoded, _, missing) = web.encode(one);
                    if missing {
                        // .NET puts one question mark for each UTF-16 unit.
                        bytes.extend(std::iter::repeat_n(b'?', ch.len_utf16()));
                    } else {
                        bytes.extend_from_slice(&encoded);
                    }
                }
                Cow::Owned(bytes)
            }
        }
    }

    /// The code page number.
    pub fn code_page(self) -> u32 {
        self.code_page
    }

    /// The IANA name.
    pub fn web_name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self.code_page {
            65001 => "utf-8",
            1200 => "utf-16",
            1201 => "utf-16BE",
            12000 => "utf-32",
            12001 => "utf-32BE",
            20127 => "us-ascii",
            28591 => "iso-8859-1",
            65000 => "utf-7",
            437 => "ibm437",
            850 => "ibm850",
            other => CODE_PAGES
                .iter()
                .find(|(number, _)| *number == other)
                .map_or("", |(_, label)| label),
        })
    }

    /// The name shown to people.
    pub fn encoding_name(self) -> Cow<'static, str> {
        match self.code_page {
            65001 => Cow::Borrowed("Unicode (UTF-8)"),
            1200 => Cow::Borrowed("Unicode"),
            1201 => Cow::Borrowed("Unicode (Big-Endian)"),
            12000 => Cow::Borrowed("Unicode (UTF-32)"),
            12001 => Cow::Borrowed("Unicode (UTF-32 Big-Endian)"),
            20127 => Cow::Borrowed("US-ASCII"),
            28591 => Cow::Borrowed("Western European (ISO)"),
            65000 => Cow::Borrowed("Unicode (UTF-7)"),
            1252 => Cow::Borrowed("Western European (Windows)"),
            437 => Cow::Borrowed("OEM United States"),
            850 => Cow::Borrowed("Western European (DOS)"),
            _ => self.web_name(),
        }
    }

    /// The .NET type behind the encoding.
    pub fn type_name(self) -> &'static str {
        match self.scheme {
            Scheme::Utf8 => "System.Text.UTF8Encoding",
            Scheme::Utf16 { .. } => "System.Text.UnicodeEncoding",
            Scheme::Utf32 { .. } => "System.Text.UTF32Encoding",
            Scheme::Utf7 => "System.Text.UTF7Encoding",
            Scheme::Ascii => "System.Text.ASCIIEncoding",
            Scheme::Latin1 => "System.Text.Latin1Encoding",
            Scheme::Table(_) => "System.Text.SBCSCodePageEncoding",
            Scheme::Web(web) if web.is_single_byte() => "System.Text.SBCSCodePageEncoding",
            Scheme::Web(_) => "System.Text.DBCSCodePageEncoding",
        }
    }

    /// Every character is one byte.
    pub fn is_single_byte(self) -> bool {
        match self.scheme {
            Scheme::Ascii | Scheme::Latin1 | Scheme::Table(_) => true,
            Scheme::Web(web) => web.is_single_byte(),
            _ => false,
        }
    }
}

/// Code pages that the table of the web knows, by one of its labels.
const CODE_PAGES: [(u32, &str); 32] = [
    (1250, "windows-1250"),
    (1251, "windows-1251"),
    (1252, "windows-1252"),
    (1253, "windows-1253"),
    (1254, "windows-1254"),
    (1255, "windows-1255"),
    (1256, "windows-1256"),
    (1257, "windows-1257"),
    (1258, "windows-1258"),
    (866, "cp866"),
    (874, "windows-874"),
    (932, "shift_jis"),
    (936, "gb2312"),
    (949, "ks_c_5601-1987"),
    (950, "big5"),
    (10000, "macintosh"),
    (20866, "koi8-r"),
    (21866, "koi8-u"),
    (28592, "iso-8859-2"),
    (28593, "iso-8859-3"),
    (28594, "iso-8859-4"),
    (28595, "iso-8859-5"),
    (28596, "iso-8859-6"),
    (28597, "iso-8859-7"),
    (28598, "iso-8859-8"),
    (28603, "iso-8859-13"),
    (28605, "iso-8859-15"),
    (50220, "iso-2022-jp"),
    (51932, "euc-jp"),
    (51949, "euc-kr"),
    (54936, "gb18030"),
    (28599, "iso-8859-9"),
];

fn single_bytes(text: &str, byte_of: impl Fn(char) -> Option<u8>) -> Cow<'static, [u8]> {
    let mut bytes = Vec::with_capacity(text.len());
    for ch in text.chars() {
        match byte_of(ch) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(std::iter::repeat_n(b'?', ch.len_utf16())),
        }
    }
    Cow::Owned(bytes)
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Characters that UTF-7 writes as they are.
fn is_direct(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || "\t\n\r '(),-./:?".contains(ch)
}

fn encode_utf7(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut count, mut shifted) = (0u32, 0, false);
    for ch in text.chars() {
        if is_direct(ch) {
            if shifted {
                if count > 0 {
                    out.push(BASE64[(bits << (6 - count) & 63) as usize]);
                }
                out.push(b'-');
                (bits, count, shifted) = (0, 0, false);
            }
            out.push(ch as u8);
            continue;
        }
        if ch == '+' && !shifted {
            out.extend_from_slice(b"+-");
            continue;
        }
        if !shifted {
            out.push(b'+');
            shifted = true;
        }
        for unit in ch.encode_utf16(&mut [0; 2]) {
            bits = bits << 16 | u32::from(*unit);
            count += 16;
            while count >= 6 {
                count -= 6;
                out.push(BASE64[(bits >> count & 63) as usize]);
            }
            bits &= (1 << count) - 1;
        }
    }
    if shifted {
        if count > 0 {
            out.push(BASE64[(bits << (6 - count) & 63) as usize]);
        }
        out.push(b'-');
    }
    out
}

fn decode_utf7(bytes: &[u8]) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'+' {
            units.push(u16::from(byte));
            continue;
        }
        if rest.next_if_eq(&b'-').is_some() {
            units.push(u16::from(b'+'));
            continue;
        }
        let (mut bits, mut count) = (0u32, 0);
        while let Some(value) = rest
            .peek()
            .and_then(|b| BASE64.iter().position(|digit| digit == b))
        {
            rest.next();
            bits = (bits << 6 | value as u32) & 0x3F_FFFF;
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push((bits >> count) as u16);
            }
        }
        rest.next_if_eq(&b'-');
    }
    String::from_utf16_lossy(&units)
}

/// The text of a script file: by its byte order mark, else UTF-8, else Windows-1252.
pub fn decode_script(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::detect(bytes) {
        return encoding.decode(&bytes[mark..]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => match Encoding::by_code_page(1252) {
            Some(encoding) => encoding.decode(bytes),
            None => String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Encoding {
        Encoding::by_powershell_name(name).unwrap()
    }

    #[test]
    fn files() {
        for (name, expected) in [
            ("utf8", "c3 a9 21"),
            ("utf8BOM", "ef bb bf c3 a9 21"),
            ("utf8NoBOM", "c3 a9 21"),
            ("ascii", "3f 21"),
            ("unicode", "ff fe e9 00 21 00"),
            ("bigendianunicode", "fe ff 00 e9 00 21"),
            ("utf32", "ff fe 00 00 e9 00 00 00 21 00 00 00"),
            ("latin1", "e9 21"),
            ("1252", "e9 21"),
            ("ansi", "e9 21"),
            ("oem", "82 21"),
        ] {
            let bytes = named(name).encode_file("é!");
            let text: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(text.join(" "), expected, "{name}");
            if name != "ascii" {
                assert_eq!(named(name).decode_file(&bytes), "é!", "{name}");
            }
        }
        assert!(Encoding::by_powershell_name("nonsense").is_none());
        assert_eq!(Encoding::UTF8.decode_file(&[0xFF, 0xFE, 0x61, 0]), "a");
    }

    #[test]
    fn invalid_bytes() {
        assert_eq!(Encoding::UTF8.decode(&[65, 255, 66]), "A\u{FFFD}B");
        assert_eq!(Encoding::ASCII.decode(&[65, 200]), "A?");
        assert_eq!(
            Encoding::ASCII.decode_strict(&[65, 200]).unwrap_err().index,
            1
        );
        assert_eq!(
            Encoding::UTF8
                .decode_strict(&[65, 255])
                .unwrap_err()
                .to_string(),
            "Unable to translate bytes [FF] at index 1 from specified code page to Unicode."
        );
        assert_eq!(&*named("1252").encode("€ж"), [0x80, b'?']);
    }

    #[test]
    fn names() {
        assert_eq!(Encoding::UNICODE.web_name(), "utf-16");
        assert_eq!(Encoding::by_name("windows-1251").unwrap().code_page(), 1251);
        assert_eq!(Encoding::by_name("utf-8").unwrap().preamble().len(), 3);
        for (code_page, _) in CODE_PAGES {
            assert!(Encoding::by_code_page(code_page).is_some(), "{code_page}");
        }
        let utf7 = named("utf7");
        assert_eq!(&*utf7.encode("aä+b"), b"a+AOQAKw-b");
        assert_eq!(utf7.decode(b"a+AOQAKw-b"), "aä+b");
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        assert_eq!(CODE_PAGE_850.chars().count(), 128);
    }
}

//! Text of the web: `System.Net.WebUtility` and `System.Web.HttpUtility`.

use crate::runtime::error::R;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::io::text_writer::Writer;
use crate::runtime::types::{collections::array, failures};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Named characters of HTML with their code points in hexadecimal.
const ENTITIES: &str = "AElig=c6 Aacute=c1 Acirc=c2 Agrave=c0 Alpha=391 Aring=c5 Atilde=c3 Auml=c4 Beta=392 \
    Ccedil=c7 Chi=3a7 Dagger=2021 Delta=394 ETH=d0 Eacute=c9 Ecirc=ca Egrave=c8 Epsilon=395 \
    Eta=397 Euml=cb Gamma=393 Iacute=cd Icirc=ce Igrave=cc Iota=399 Iuml=cf Kappa=39a \
    Lambda=39b Mu=39c Ntilde=d1 Nu=39d OElig=152 Oacute=d3 Ocirc=d4 Ograve=d2 Omega=3a9 \
    Omicron=39f Oslash=d8 Otilde=d5 Ouml=d6 Phi=3a6 Pi=3a0 Prime=2033 Psi=3a8 Rho=3a1 \
    Scaron=160 Sigma=3a3 THORN=de Tau=3a4 Theta=398 Uacute=da Ucirc=db Ugrave=d9 \
    Upsilon=3a5 Uuml=dc Xi=39e Yacute=dd Yuml=178 Zeta=396 aacute=e1 acirc=e2 acute=b4 \
    aelig=e6 agrave=e0 alefsym=2135 alpha=3b1 amp=26 and=2227 ang=2220 apos=27 aring=e5 \
    asymp=2248 atilde=e3 auml=e4 bdquo=201e beta=3b2 brvbar=a6 bull=2022 cap=2229 ccedil=e7 \
    cedil=b8 cent=a2 chi=3c7 circ=2c6 clubs=2663 cong=2245 copy=a9 crarr=21b5 cup=222a \
    curren=a4 dArr=21d3 dagger=2020 darr=2193 deg=b0 delta=3b4 diams=2666 divide=f7 \
    eacute=e9 ecirc=ea egrave=e8 empty=2205 emsp=2003 ensp=2002 epsilon=3b5 equiv=2261 \
    eta=3b7 eth=f0 euml=eb euro=20ac exist=2203 fnof=192 forall=2200 frac12=bd frac14=bc \
    frac34=be frasl=2044 gamma=3b3 ge=2265 gt=3e hArr=21d4 harr=2194 hearts=2665 \
    hellip=2026 iacute=ed icirc=ee iexcl=a1 igrave=ec image=2111 infin=221e int=222b \
    iota=3b9 iquest=bf isin=2208 iuml=ef kappa=3ba lArr=21d0 lambda=3bb lang=2329 laquo=ab \
    larr=2190 lceil=2308 ldquo=201c le=2264 lfloor=230a lowast=2217 loz=25ca lrm=200e \
    lsaquo=2039 lsquo=2018 lt=3c macr=af mdash=2014 micro=b5 middot=b7 minus=2212 mu=3bc \
    nabla=2207 nbsp=a0 ndash=2013 ne=2260 ni=220b not=ac notin=2209 nsub=2284 ntilde=f1 \
    nu=3bd oacute=f3 ocirc=f4 oelig=153 ograve=f2 oline=203e omega=3c9 omicron=3bf \
    oplus=2295 or=2228 ordf=aa ordm=ba oslash=f8 otilde=f5 otimes=2297 ouml=f6 para=b6 \
    part=2202 permil=2030 perp=22a5 phi=3c6 pi=3c0 piv=3d6 plusmn=b1 pound=a3 prime=2032 \
    prod=220f prop=221d psi=3c8 quot=22 rArr=21d2 radic=221a rang=232a raquo=bb rarr=2192 \
    rceil=2309 rdquo=201d real=211c reg=ae rfloor=230b rho=3c1 rlm=200f rsaquo=203a \
    rsquo=2019 sbquo=201a scaron=161 sdot=22c5 sect=a7 shy=ad sigma=3c3 sigmaf=3c2 sim=223c \
    spades=2660 sub=2282 sube=2286 sum=2211 sup=2283 sup1=b9 sup2=b2 sup3=b3 supe=2287 \
    szlig=df tau=3c4 there4=2234 theta=3b8 thetasym=3d1 thinsp=2009 thorn=fe tilde=2dc \
    times=d7 trade=2122 uArr=21d1 uacute=fa uarr=2191 ucirc=fb ugrave=f9 uml=a8 upsih=3d2 \
    upsilon=3c5 uuml=fc weierp=2118 xi=3be yacute=fd yen=a5 yuml=ff zeta=3b6 zwj=200d \
    zwnj=200c";

/// Special characters, and those of the upper half of Latin-1, as entities.
pub fn html_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{A0}'..='\u{FF}' | '\u{10000}'.. => out.push_str(&format!("&#{};", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

fn attribute_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn entity(name: &str) -> Option<char> {
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        },
        None => {
            let mut pairs = ENTITIES.split(' ').filter_map(|pair| pair.split_once('='));
            let (_, code) = pairs.find(|(known, _)| *known == name)?;
            u32::from_str_radix(code, 16).ok()?
        }
    };
    char::from_u32(code)
}

/// Entities as the characters they mean; unknown ones stay.
fn html_decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let body = from.get(1..).unwrap_or("");
        let end = body.find([';', '&']);
        match end {
            Some(end) if body[end..].starts_with(';') => match entity(&body[..end]) {
                Some(c) => {
                    out.push(c);
                    rest = &body[end + 1..];
                }
                None => {
                    out.push('&');
                    rest = body;
                }
            },
            _ => {
                out.push('&');
                rest = body;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!*()".contains(&byte)
}

/// Bytes as they stand in a query: `+` for blanks, `%` and digits for the unusual.
pub fn url_encode(bytes: &[u8], upper: bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b' ' => out.push('+'),
            byte if is_url_safe(*byte) => out.push(char::from(*byte)),
            byte if upper => out.push_str(&format!("%{byte:02X}")),
            byte => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out
}

fn hex_at(bytes: &[u8], at: usize, digits: usize) -> Option<u32> {
    let part = bytes.get(at..at + digits)?;
    if !part.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(part).ok()?, 16).ok()
}

/// The bytes behind the text of a query; `unicode` allows `%u00e9`.
fn url_decode(bytes: &[u8], unicode: Option<Encoding>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                if let (Some(encoding), Some(b'u' | b'U')) = (unicode, bytes.get(at))
                    && let Some(unit) = hex_at(bytes, at + 1, 4)
                {
                    let c = char::from_u32(unit).unwrap_or('\u{FFFD}');
                    out.extend_from_slice(&encoding.encode(&c.to_string()));
                    at += 5;
                } else if let Some(code) = hex_at(bytes, at, 2) {
                    out.push(code as u8);
                    at += 2;
                } else {
                    out.push(b'%');
                }
            }
            byte => out.push(*byte),
        }
    }
    out
}

/// Characters escaped for a string of JavaScript.
fn javascript_encode(text: &str, quotes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    if quotes {
        out.push('"');
    }
    for c in text.chars() {
        match c {
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\'' | '<' | '>' | '&' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1F}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    if quotes {
        out.push('"');
    }
    out
}

fn path_encode(text: &str) -> String {
    let (path, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    let mut out = String::with_capacity(text.len());
    for byte in path.bytes() {
        match byte {
            b' ' => out.push_str("%20"),
            0x21..=0x7E => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02x}")),
        }
    }
    out + query
}

/// The bytes of an argument: an array's part, or a text's in an encoding.
fn bytes_of(vm: &mut Vm, arguments: &[Value]) -> R<Vec<u8>> {
    match arguments {
        [list @ Value::Array(_), from @ Value::Int(_), count, ..] => {
            let all = array::as_bytes(list);
            let from = usize::try_from(vm.to_int(from)?).unwrap_or(usize::MAX);
            let count = usize::try_from(vm.to_int(count)?).unwrap_or(usize::MAX);
            match all.get(from..from.saturating_add(count)) {
                Some(part) => Ok(part.to_vec()),
                None => failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "count",
                ),
            }
        }
        [list @ Value::Array(_), ..] => Ok(array::as_bytes(list)),
        [text, rest @ ..] => {
            let encoding = rest
                .iter()
                .find_map(crate::runtime::types::text::text_encoding::of);
            let text = vm.to_text(text)?;
            Ok(encoding
                .unwrap_or(Encoding::UTF8)
                .encode(&text)
                .into_owned())
        }
        [] => Ok(Vec::new()),
    }
}

/// A static method of WebUtility (`http` false) or HttpUtility.
pub fn call_static(vm: &mut Vm, http: bool, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let Some(first) = arguments.first() else {
        return Ok(None);
    };
    if first.is_null() {
        return Ok(Some(Value::Null));
    }
    let encoding = arguments
        .iter()
        .find_map(crate::runtime::types::text::text_encoding::of);
    let encoding = encoding.unwrap_or(Encoding::UTF8);
    let text = match name {
        "htmlencode" | "htmldecode" | "htmlattributeencode" => {
            let text = crate::runtime::types::object::to_string(vm, first)?;
            let done = match name {
                "htmlencode" => html_encode(&text),
                "htmldecode" => html_decode(&text),
                _ => attribute_encode(&text),
            };
            if let Some(writer) = arguments.get(1).and_then(|w| w.as_native::<Writer>()) {
                writer.put(vm, &done)?;
                return Ok(Some(Value::Nothing));
            }
            done
        }
        "urlencode" => url_encode(&bytes_of(vm, arguments)?, !http),
        "urldecode" => {
            let bytes = url_decode(&bytes_of(vm, arguments)?, http.then_some(encoding));
            encoding.decode(&bytes)
        }
        "urlencodetobytes" => {
            let text = url_encode(&bytes_of(vm, arguments)?, !http);
            return Ok(Some(array::bytes(text.as_bytes())));
        }
        "urldecodetobytes" => {
            let bytes = url_decode(&bytes_of(vm, arguments)?, None);
            return Ok(Some(array::bytes(&bytes)));
        }
        "urlencodeunicode" | "urlencodeunicodetobytes" => {
            let mut out = String::new();
            for unit in vm.to_text(first)?.encode_utf16() {
                match u8::try_from(unit) {
                    Ok(byte) if byte < 0x80 => out.push_str(&url_encode(&[byte], false)),
                    _ => out.push_str(&format!("%u{unit:04x}")),
                }
            }
            if name.ends_with("bytes") {
                return Ok(Some(array::bytes(out.as_bytes())));
            }
            out
        }
        "urlpathencode" => path_encode(&vm.to_text(first)?),
        "parsequerystring" => {
            let pairs = query_pairs(&vm.to_text(first)?);
            return Ok(Some(crate::runtime::types::collections::name_value::query(
                pairs,
            )));
        }
        "javascriptstringencode" => {
            let quotes = matches!(arguments.get(1), Some(Value::Bool(true)));
            javascript_encode(&vm.to_text(first)?, quotes)
        }
        _ => return Ok(None),
    };
    Ok(Some(Value::str(text)))
}

/// Names and values of a query text, decoded.
fn query_pairs(text: &str) -> Vec<(Option<String>, String)> {
    let text = text.strip_prefix('?').unwrap_or(text);
    let decoded = |part: &str| {
        let bytes = url_decode(part.as_bytes(), Some(Encoding::UTF8));
        Encoding::UTF8.decode(&bytes)
    };
    text.split('&')
        .filter(|part| !text.is_empty() || !part.is_empty())
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (Some(decoded(name)), decoded(value)),
            None => (None, decoded(part)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_and_queries() {
        assert_eq!(
            html_encode("<a b=\"1\">é'&"),
            "&lt;a b=&quot;1&quot;&gt;&#233;&#39;&amp;"
        );
        assert_eq!(
            html_decode("&lt;&eacute;&#233;&#xE9;&nope; &"),
            "<ééé&nope; &"
        );
        assert_eq!(url_encode("a b/é".as_bytes(), false), "a+b%2f%c3%a9");
        assert_eq!(url_decode(b"a+b%2F%zz", None), b"a b/%zz");
        assert_eq!(javascript_encode("a\"<\n", true), "\"a\\\"\\u003c\\n\"");
        assert_eq!(path_encode("/a b?c d"), "/a%20b?c d");
        assert_eq!(
            query_pairs("?a=1&b"),
            [(Some("a".into()), "1".into()), (None, "b".into())]
        );
    }
}

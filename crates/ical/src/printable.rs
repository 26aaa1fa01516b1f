//! Quoted-printable values of vCalendar 1.0 (RFC 2045 section 6.7), as old phones and organisers write them.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::line::{ContentLine, TEXTS, escaped};
use crate::unread::plain;

/// Whether a line says that its value is so encoded; vCalendar 1.0 allows the word alone.
pub fn is_quoted_printable(line: &ContentLine<'_>) -> bool {
    let is_it = |word: &str| word.eq_ignore_ascii_case("QUOTED-PRINTABLE");
    line.parameter("ENCODING").is_some_and(is_it) || line.parts().skip(1).any(|part| is_it(part.trim()))
}

/// The line with its value as RFC 5545 writes it; nothing for a line that is not so encoded.
pub fn decoded(text: &str) -> Option<String> {
    let line = ContentLine::parse(text).filter(is_quoted_printable)?;
    let bytes = bytes(line.value);
    let said = line.parameter("CHARSET").and_then(|name| Encoding::for_label(name.as_bytes()));
    let encoding = said.unwrap_or_else(|| if std::str::from_utf8(&bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    let value = encoding.decode_without_bom_handling(&bytes).0.replace("\r\n", "\n").replace('\r', "\n");
    let is_text = TEXTS.iter().any(|name| line.is(name));
    let value = if is_text { escaped(&plain(&value)) } else { value.replace('\n', "\\n") };
    let is_about_encoding = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default().trim();
        ["ENCODING", "CHARSET", "QUOTED-PRINTABLE"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let head: Vec<&str> = line.parts().filter(|part| !is_about_encoding(part)).collect();
    Some(format!("{}:{value}", head.join(";")))
}

/// A `=` without two digits behind it is itself.
fn bytes(value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok()).filter(|two| two.chars().all(|c| c.is_ascii_hexdigit()));
        match digits.filter(|_| *first == b'=').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_old_calendars() {
        for (line, plain) in [
            ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller", "SUMMARY:M\u{fc}ller"),
            ("SUMMARY;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller=3D1", "SUMMARY:M\u{fc}ller=1"),
            (
                "DESCRIPTION;LANGUAGE=de;ENCODING=quoted-printable:M=FCller, a=0D=0Ab; c=",
                "DESCRIPTION;LANGUAGE=de:M\u{fc}ller\\, a\\nb\\; c=",
            ),
            ("CATEGORIES;ENCODING=QUOTED-PRINTABLE:a,b=C3=A9", "CATEGORIES:a,b\u{e9}"),
        ] {
            assert_eq!(decoded(line).as_deref(), Some(plain), "{line}");
        }
        assert_eq!((decoded("SUMMARY:a=41"), decoded("nothing")), (None, None));
    }
}

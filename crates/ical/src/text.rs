//! Bytes to text, whatever they were written in.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// UTF-16 or UTF-8; lines that are neither are read as Windows-1252, which is what such lines usually are. Lines end in `\n`.
pub fn decode(bytes: &[u8]) -> String {
    let text = match wide(bytes) {
        Some(encoding) => encoding.decode(bytes).0,
        None => narrow(bytes),
    };
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// Bytes in UTF-8, where a charset was named for them (`charset=` of an HTTP `Content-Type`) and they are in it.
///
/// What the bytes say for themselves wins: a byte order mark, UTF-16, and UTF-8, which other charsets hardly ever look like by chance and which is what calendars are in (RFC 5545,
/// section 3.1.4). Servers name a charset for all they have, and many name the wrong one. A name that nobody knows says nothing.
#[must_use]
pub fn in_utf8<'a>(bytes: &'a [u8], charset: &str) -> Cow<'a, [u8]> {
    let named = Encoding::for_label_no_replacement(charset.as_bytes());
    let Some(named) = named.filter(|named| ![UTF_8, UTF_16LE, UTF_16BE].contains(named)) else { return bytes.into() };
    if wide(bytes).is_some() || bytes.starts_with(b"\xef\xbb\xbf") {
        return bytes.into();
    }
    let (broken, good) = count(&UTF_8.decode_without_bom_handling(&with_whole_letters(bytes)).0);
    // This one is in seven bits, and its escapes are in no calendar.
    let is_escaped = named == ISO_2022_JP && bytes.contains(&0x1b);
    if broken > good || is_escaped { named.decode_without_bom_handling(bytes).0.into_owned().into_bytes().into() } else { bytes.into() }
}

/// How many letters are broken, and how many beyond ASCII are not.
fn count(text: &str) -> (usize, usize) {
    let broken = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    (broken, text.chars().filter(|c| !c.is_ascii()).count() - broken)
}

/// UTF-16, by its mark or because every other byte of the first letters is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=255, 0, 1..=255, 0, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] => Some(UTF_16BE),
        _ => None,
    }
}

fn narrow(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return text;
    }
    let whole = with_whole_letters(bytes);
    let mut text = String::with_capacity(whole.len());
    for line in whole.split_inclusive(|byte| *byte == b'\n') {
        text.push_str(&line_of(line));
    }
    text.into()
}

/// A line that is mostly UTF-8 keeps its good letters; other charsets hardly ever look like it by chance.
fn line_of(line: &[u8]) -> Cow<'_, str> {
    let utf8 = UTF_8.decode_without_bom_handling(line).0;
    let (broken, good) = count(&utf8);
    if broken > good { WINDOWS_1252.decode_without_bom_handling(line).0 } else { utf8 }
}

/// Moves a line break that cuts a UTF-8 letter (RFC 5545 section 3.1 allows it, and some programs do it) behind the letter.
fn with_whole_letters(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let fold = [&b"\r\n "[..], b"\r\n\t", b"\n ", b"\n\t"].into_iter().find(|fold| rest.starts_with(fold));
        match fold.and_then(|fold| Some((fold, rest.get(fold.len()..)?))) {
            Some((fold, after)) if out.last().is_some_and(|before| *before >= 0x80) => {
                let letter = after.iter().take(3).take_while(|byte| (0x80..0xc0).contains(*byte)).count();
                out.extend(after.iter().take(letter));
                out.extend(fold);
                rest = after.get(letter..).unwrap_or_default();
            }
            _ => {
                out.push(first);
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
    fn a_letter_cut_by_a_fold_is_whole() {
        let cut = [&b"SUMMARY:caf\xc3"[..], b"\r\n ", b"\xa9!\r\n"].concat();
        assert_eq!(decode(&cut), "SUMMARY:caf\u{e9}\n !\n");
    }

    #[test]
    fn one_line_in_another_charset_does_not_spoil_the_others() {
        assert_eq!(decode(b"A:\xc3\xa9\r\nB:\xe9\r\n"), "A:\u{e9}\nB:\u{e9}\n");
        assert_eq!(decode(b"A:\xc3\xa9\xc3\xa9\xc3?\nB:\xe9\xf6t\n"), "A:\u{e9}\u{e9}\u{fffd}?\nB:\u{e9}\u{f6}t\n");
    }

    #[test]
    fn a_charset_that_was_named_is_asked_where_the_bytes_do_not_say() {
        let read = |bytes: &[u8], charset: &str| decode(&in_utf8(bytes, charset));
        assert_eq!(read(b"SUMMARY:\xaelu\xbbou\xe8k\xfd\r\n", "ISO-8859-2"), "SUMMARY:\u{17d}lu\u{165}ou\u{10d}k\u{fd}\n");
        assert_eq!(read(b"SUMMARY:\x93\xfa\x96{\n", "shift_jis"), "SUMMARY:\u{65e5}\u{672c}\n");
        assert_eq!(read(b"SUMMARY:\x1b$BF|K\\\x1b(B\n", "iso-2022-jp"), "SUMMARY:\u{65e5}\u{672c}\n");
        // UTF-8 is what it is, whatever is said of it: also where a fold cuts a letter, and where one line is something else.
        for charset in ["iso-8859-2", "us-ascii", "koi8-r", "utf-16", "gb18030"] {
            assert_eq!(read(b"SUMMARY:\xc5\xbdlu\xc5\r\n \xa5\n", charset), "SUMMARY:\u{17d}lu\u{165}\n \n");
            assert_eq!(read(b"A:\xc3\xa9\xc3\xa9\nB:\xe9\n", charset), "A:\u{e9}\u{e9}\nB:\u{e9}\n");
            assert_eq!(read(b"\xff\xfeA\0:\0\xe9\0", charset), "A:\u{e9}");
        }
        // Nobody knows these: as if nothing was said.
        for charset in ["", "utf-8", "x-unknown", "hz-gb-2312"] {
            assert_eq!(read(b"A:\xe9\n", charset), "A:\u{e9}\n", "{charset}");
        }
    }

    #[test]
    fn wide_letters() {
        assert_eq!(decode(b"\xff\xfeA\0:\0\xe9\0"), "A:\u{e9}");
        assert_eq!(decode(b"\0A\0:\0\xe9"), "A:\u{e9}");
    }
}
